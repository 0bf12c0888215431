"""Photographed things with words on them: receipts, cards, passes, boards and signs in a real font."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from scenes import HEIGHT, WIDTH, Colour, mix

FONTS = Path("/usr/share/fonts/truetype/dejavu")  # Debian: fonts-dejavu-core
FACES = {"sans": "DejaVuSans", "bold": "DejaVuSans-Bold", "mono": "DejaVuSansMono", "serif": "DejaVuSerif"}


@dataclass(frozen=True)
class Look:
    """How a kind of paper looks: its size and colours, its type, and how crooked it lies."""

    size: tuple[int, int]
    paper: Colour = (250, 249, 244)
    ink: Colour = (38, 38, 42)
    table: Colour = (128, 98, 74)
    face: str = "sans"
    points: int = 26
    tilt: float = 1.5
    centred: bool = False
    band: Colour | None = None
    frame: Colour | None = None


LOOKS = {
    "receipt": Look((430, 700), face="mono", points=19, tilt=-2.0, table=(96, 82, 76)),
    "pass": Look((860, 400), points=27, tilt=1.2, table=(66, 78, 90), band=(24, 76, 110)),
    "card": Look((700, 400), face="serif", points=30, tilt=-1.5, table=(150, 120, 90), centred=True),
    "whiteboard": Look(
        (920, 660),
        (244, 246, 247),
        (32, 58, 128),
        (188, 186, 180),
        points=32,
        tilt=0.4,
        frame=(150, 152, 156),
    ),
    "sign": Look(
        (560, 640),
        (246, 246, 248),
        (20, 40, 110),
        (150, 178, 200),
        "bold",
        34,
        0.6,
        True,
        frame=(20, 60, 150),
    ),
    "chalkboard": Look(
        (760, 660),
        (44, 50, 48),
        (240, 240, 226),
        (182, 150, 116),
        "serif",
        33,
        -0.8,
        True,
        frame=(120, 84, 56),
    ),
    "menu": Look((580, 690), (252, 248, 236), (70, 54, 40), (196, 204, 206), "serif", 26, 1.0, True),
    "note": Look((640, 660), (251, 250, 246), (40, 42, 60), (116, 112, 104), points=25, tilt=1.4),
    "badge": Look(
        (640, 480),
        (250, 250, 250),
        (30, 50, 60),
        (70, 84, 80),
        points=34,
        tilt=-1.2,
        centred=True,
        band=(40, 110, 92),
    ),
}


def paper(seed: str, *, look: str, lines: list[str]) -> Image.Image:
    """``# `` opens a bigger, bold line; an empty line leaves room; the rest is set as the look says."""
    style = LOOKS[look]
    sheet = Image.new("RGBA", style.size, (*style.paper, 255))
    draw = ImageDraw.Draw(sheet)
    top = 34
    if style.band:
        draw.rectangle((0, 0, style.size[0], 66), fill=style.band)
        draw.text((28, 14), lines[0], font=font("bold", 32), fill=(255, 255, 255))
        lines, top = lines[1:], 92
    for line in lines:
        top += _write(draw, style, line, top)
    sheet = sheet.crop((0, 0, style.size[0], min(style.size[1], top + 40)))
    if style.frame:
        ImageDraw.Draw(sheet).rectangle(
            (0, 0, sheet.width - 1, sheet.height - 1), outline=style.frame, width=14
        )
    return _photograph(_close(sheet), style, random.Random(seed))


def font(face: str, points: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{FACES[face]}.ttf"), points)


def _write(draw: ImageDraw.ImageDraw, style: Look, line: str, top: int) -> int:
    """Set one line and say how much room it took."""
    if not line:
        return style.points // 2
    big = line.startswith("# ")
    text, face = (
        line.removeprefix("# "),
        font("bold", style.points + 8) if big else font(style.face, style.points),
    )
    width = draw.textlength(text, font=face)
    if width > style.size[0] - 50:
        raise ValueError(f"too wide for its paper: {text}")
    left = (style.size[0] - width) / 2 if style.centred or (big and style.face == "mono") else 34
    draw.text((left, top), text, font=face, fill=style.ink)
    step = round(face.size * 1.42)
    if top + step > style.size[1]:
        raise ValueError(f"no room left on its paper: {text}")
    return step


def _close(sheet: Image.Image) -> Image.Image:
    """As big as it fits into the picture: people step near to what they want to read later."""
    scale = min(920 / sheet.width, 680 / sheet.height, 1.6)
    return sheet.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.Resampling.LANCZOS)


def _photograph(sheet: Image.Image, style: Look, chance: random.Random) -> Image.Image:
    """Lay the sheet on a table, with a shadow and the light from one side."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), style.table)
    draw = ImageDraw.Draw(picture)
    for _ in range(60):
        y = chance.uniform(0, HEIGHT)
        shade = mix(style.table, (0, 0, 0), chance.uniform(0, 0.12))
        draw.line([(0, y), (WIDTH, y + chance.uniform(-20, 20))], fill=shade, width=chance.randint(1, 5))
    turned = sheet.rotate(style.tilt, expand=True, resample=Image.Resampling.BICUBIC)
    at = ((WIDTH - turned.width) // 2, (HEIGHT - turned.height) // 2)
    shadow = Image.new("L", (WIDTH, HEIGHT), 0)
    shadow.paste(turned.getchannel("A").point(lambda value: value // 2), (at[0] + 10, at[1] + 12))
    picture.paste((20, 18, 16), mask=shadow.filter(ImageFilter.GaussianBlur(9)))
    picture.paste(turned, at, turned)
    light = Image.new("L", (WIDTH, 1))
    light.putdata([round(26 * (0.5 + 0.5 * math.sin(x / 330))) for x in range(WIDTH)])
    return Image.composite(Image.new("RGB", picture.size, (60, 56, 50)), picture, light.resize(picture.size))
