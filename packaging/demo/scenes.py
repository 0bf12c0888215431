"""Simple painted scenes for the demo's photos (sky, water, streets, plates), the same pixels every time."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, SCALE = 1000, 750, 2  # painted at twice the size, then reduced: smooth edges
Colour = tuple[int, int, int]


class Canvas:
    """A picture under the brush; coordinates are those of the finished picture."""

    def __init__(self, seed: str, top: Colour, bottom: Colour) -> None:
        self.chance = random.Random(seed)
        self.image = vertical(top, bottom, 0, HEIGHT)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x: float, y: float, w: float, h: float, fill: Colour) -> None:
        self.draw.rectangle([v * SCALE for v in (x, y, x + w, y + h)], fill=fill)

    def disc(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self.draw.ellipse([v * SCALE for v in (x - rx, y - ry, x + rx, y + ry)], fill=fill)

    def shape(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Sequence[tuple[float, float]], fill: Colour, width: float = 2) -> None:
        self.draw.line(
            [(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=int(width * SCALE), joint="curve"
        )

    def done(self) -> Image.Image:
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def vertical(top: Colour, bottom: Colour, start: int, end: int) -> Image.Image:
    """A full picture that shades from ``top`` at line ``start`` to ``bottom`` at line ``end``."""
    column = Image.new("RGB", (1, HEIGHT * SCALE))
    for y in range(HEIGHT * SCALE):
        t = min(1.0, max(0.0, (y / SCALE - start) / max(1, end - start)))
        column.putpixel((0, y), mix(top, bottom, t))
    return column.resize((WIDTH * SCALE, HEIGHT * SCALE))


def mix(a: Colour, b: Colour, t: float) -> Colour:
    return (
        round(a[0] + (b[0] - a[0]) * t),
        round(a[1] + (b[1] - a[1]) * t),
        round(a[2] + (b[2] - a[2]) * t),
    )


def hills(c: Canvas, base: float, height: float, fill: Colour, waves: int = 3) -> None:
    phases = [(c.chance.uniform(0, 6.3), c.chance.uniform(0.5, 1)) for _ in range(waves)]

    def y(x: float) -> float:
        return base - height * sum(
            w * (0.5 + 0.5 * math.sin(p + x * (n + 1) / 190)) / (n + 1) for n, (p, w) in enumerate(phases)
        )

    c.shape([(0, HEIGHT), *((x, y(x)) for x in range(0, WIDTH + 5, 5)), (WIDTH, HEIGHT)], fill)


def water(c: Canvas, top: float, near: Colour, far: Colour, ripples: int = 220) -> None:
    for y in range(int(top), HEIGHT, 3):
        c.box(0, y, WIDTH, 3, mix(far, near, (y - top) / (HEIGHT - top)))
    for _ in range(ripples):
        y = top + (HEIGHT - top) * c.chance.random() ** 1.6
        x, length = c.chance.uniform(-50, WIDTH), 10 + 90 * (y - top) / (HEIGHT - top)
        c.line([(x, y), (x + length, y)], mix(far, (255, 255, 255), 0.35), 1)


def cloud(c: Canvas, x: float, y: float, size: float, fill: Colour = (244, 246, 248)) -> None:
    for _ in range(9):
        c.disc(
            x + c.chance.uniform(-size, size),
            y + c.chance.uniform(-0.2, 0.2) * size,
            size * 0.5,
            size * 0.24,
            fill,
        )


def pine(c: Canvas, x: float, foot: float, tall: float, fill: Colour = (46, 84, 62)) -> None:
    c.line([(x, foot), (x + tall * 0.04, foot - tall * 0.7)], (92, 70, 54), tall * 0.04)
    for n in range(7):
        c.disc(
            x + c.chance.uniform(-0.3, 0.3) * tall,
            foot - tall * (0.72 + 0.05 * n % 0.2),
            tall * 0.2,
            tall * 0.08,
            fill,
        )


def tree(c: Canvas, x: float, foot: float, tall: float, fill: Colour = (84, 118, 66)) -> None:
    c.line([(x, foot), (x, foot - tall * 0.6)], (98, 74, 56), tall * 0.06)
    for n in range(16):
        shade = mix(fill, (230, 232, 160), 0.25 * c.chance.random())
        a, r = n * 2.4, tall * 0.27 * c.chance.random() ** 0.5
        c.disc(
            x + r * math.cos(a) * 1.3, foot - tall * 0.72 + r * math.sin(a), tall * 0.15, tall * 0.13, shade
        )


def house(c: Canvas, x: float, foot: float, w: float, h: float, wall: Colour) -> None:
    c.box(x, foot - h, w, h, wall)
    c.shape([(x - 6, foot - h), (x + w / 2, foot - h - w * 0.3), (x + w + 6, foot - h)], (176, 88, 62))
    for row in range(int(h // 70)):
        for column in range(max(1, int(w // 48))):
            left, top = x + 14 + column * 46, foot - h + 18 + row * 66
            c.box(left - 2, top - 2, 26, 38, mix(wall, (255, 255, 255), 0.6))
            c.box(left, top, 22, 34, (72, 94, 110))


def sea(seed: str) -> Image.Image:
    c = Canvas(seed, (120, 176, 216), (232, 226, 206))
    c.disc(780, 150, 46, 46, (255, 244, 206))
    cloud(c, 250, 140, 90)
    hills(c, 400, 60, (132, 150, 148))
    water(c, 390, (38, 104, 128), (126, 184, 196))
    c.shape([(0, 750), (0, 560), (260, 610), (520, 690), (640, 750)], (226, 206, 164))
    c.line([(0, 556), (260, 606), (520, 686), (648, 750)], (250, 250, 246), 5)
    c.shape([(700, 600), (790, 590), (770, 606), (705, 610)], (226, 120, 70))
    return c.done()


def valley(seed: str) -> Image.Image:
    c = Canvas(seed, (176, 196, 206), (238, 232, 216))
    for n, shade in enumerate(((158, 176, 178), (118, 146, 132), (88, 122, 88))):
        hills(c, 380 + 90 * n, 130, shade)
    for n in range(14):
        tree(
            c,
            40 + n * 72 + c.chance.uniform(-20, 20),
            640 + c.chance.uniform(-60, 60),
            c.chance.uniform(70, 130),
        )
    c.line([(420, 750), (470, 640), (430, 560), (480, 500)], (206, 190, 150), 16)
    c.box(640, 560, 130, 74, (206, 186, 162))
    c.shape([(630, 560), (705, 516), (780, 560)], (160, 92, 70))
    return c.done()


def pines(seed: str) -> Image.Image:
    c = Canvas(seed, (206, 212, 214), (232, 232, 226))
    hills(c, 560, 150, (170, 182, 178))
    for n in range(12):
        depth = n / 12
        pine(
            c,
            30 + (n * 397) % 960,
            560 + 130 * depth,
            210 + 170 * depth,
            mix((150, 168, 160), (52, 86, 66), depth),
        )
    fog = Image.new("RGB", c.image.size, (230, 232, 232))
    mask = vertical((60, 60, 60), (150, 150, 150), 250, 500).convert("L").filter(ImageFilter.GaussianBlur(30))
    c.image = Image.composite(fog, c.image, mask)
    return c.done()


def river(seed: str, *, boats: int = 0, bridge: bool = True) -> Image.Image:
    c = Canvas(seed, (142, 182, 212), (240, 224, 196))
    cloud(c, 640, 110, 100)
    hills(c, 420, 120, (150, 150, 130))
    for n in range(13):
        wall = ((226, 196, 140), (214, 152, 120), (238, 228, 206), (178, 196, 200))[n % 4]
        house(c, n * 78 - 10, 430, 70, 90 + 60 * c.chance.random(), wall)
    water(c, 430, (48, 86, 104), (150, 178, 184))
    if bridge:
        c.line([(0, 330), (1000, 330)], (70, 78, 84), 10)
        arch = [(x, 330 + 170 * ((x - 500) / 460) ** 2 - 60) for x in range(40, 961, 20)]
        c.line(arch, (70, 78, 84), 9)
        for x, y in arch:
            c.line([(x, y), (x, 330)], (90, 98, 104), 2)
    for n in range(boats):
        x, y = 160 + 230 * n, 540 + 60 * (n % 2)
        c.shape([(x - 110, y), (x + 110, y), (x + 90, y + 9), (x - 90, y + 9)], (236, 232, 220))
        for seat in range(4):
            c.disc(x - 60 + seat * 38, y - 12, 8, 12, (180, 60, 56))
            c.line([(x - 60 + seat * 38, y), (x - 20 + seat * 38, y + 34)], (60, 60, 60), 2)
    return c.done()


def archipelago(seed: str, *, autumn: bool = False) -> Image.Image:
    c = Canvas(seed, (110, 162, 206), (222, 232, 236))
    cloud(c, 300, 120, 110)
    cloud(c, 760, 190, 70)
    water(c, 400, (44, 84, 112), (150, 186, 204))
    for x, w in ((60, 280), (420, 180), (700, 340)):
        c.disc(x + w / 2, 420, w / 2, 26, (134, 130, 122))
        for n in range(w // 22):
            fill = ((200, 130, 54), (176, 84, 48), (92, 116, 66))[n % 3] if autumn else (58, 92, 70)
            tree(c, x + 24 + n * 20, 412, 60 + 50 * c.chance.random(), fill)
    house(c, 760, 410, 60, 46, (164, 56, 48))
    c.shape([(300, 560), (420, 560), (396, 584), (320, 584)], (240, 240, 236))
    c.shape([(360, 556), (360, 440), (424, 548)], (250, 250, 248))
    return c.done()


def street(seed: str, *, tram: bool = False, railing: bool = False) -> Image.Image:
    c = Canvas(seed, (126, 172, 212), (224, 226, 220))
    for n in range(6):
        wall = ((236, 214, 160), (222, 164, 150), (240, 236, 226), (176, 202, 196))[n % 4]
        house(c, n * 172 - 20, 560, 165, 320 + 70 * c.chance.random(), wall)
    c.shape([(0, 560), (1000, 560), (1000, 750), (0, 750)], (178, 170, 160))
    for y in range(580, 750, 24):
        c.line([(0, y), (1000, y)], (160, 152, 142), 1)
    c.line([(330, 750), (460, 560)], (104, 100, 98), 4)
    c.line([(610, 750), (540, 560)], (104, 100, 98), 4)
    if tram:
        c.box(400, 420, 200, 190, (238, 190, 56))
        c.box(418, 440, 164, 70, (92, 112, 122))
        c.disc(500, 560, 14, 14, (255, 250, 220))
        c.box(400, 410, 200, 14, (240, 236, 226))
    if railing:
        c.line([(80, 600), (920, 600)], (52, 56, 60), 7)
        for x in range(90, 920, 34):
            c.line([(x, 600), (x, 700)], (52, 56, 60), 4)
        c.disc(600, 712, 60, 14, (70, 90, 160))
    return c.done()


def plate(seed: str, *, food: str) -> Image.Image:
    c = Canvas(seed, (152, 112, 82), (122, 86, 62))
    for y in range(0, HEIGHT, 94):
        c.line([(0, y), (1000, y + 8)], (104, 72, 52), 3)
    c.disc(500, 392, 310, 300, (86, 60, 44))
    c.disc(500, 380, 310, 300, (240, 240, 236))
    c.disc(500, 380, 240, 232, (226, 228, 224))
    if food == "soup":
        c.disc(500, 380, 225, 216, (216, 130, 64))
    shades = {"soup": ((236, 226, 206), (96, 128, 60)), "chestnuts": ((112, 62, 36), (76, 42, 26))}
    for _ in range(26):
        a, r = c.chance.uniform(0, 6.3), 190 * c.chance.random() ** 0.5
        size = c.chance.uniform(18, 34)
        x, y = 500 + r * math.cos(a), 380 + r * math.sin(a) * 0.95
        c.disc(x, y, size, size * 0.72, shades[food][c.chance.random() < 0.4])
        c.disc(x - size * 0.3, y - size * 0.25, size * 0.2, size * 0.12, (246, 226, 200))
    return c.done()


def cat(seed: str) -> Image.Image:
    c = Canvas(seed, (226, 214, 196), (196, 176, 152))
    c.box(0, 560, 1000, 190, (150, 108, 78))
    c.box(160, 470, 680, 130, (92, 122, 132))
    grey, dark = (128, 132, 138), (92, 96, 104)
    c.disc(500, 430, 250, 150, grey)
    c.disc(320, 330, 100, 90, grey)
    c.shape([(240, 290), (250, 200), (310, 258)], grey)
    c.shape([(330, 252), (392, 204), (396, 294)], grey)
    for x in (284, 350):
        c.disc(x, 330, 17, 12, (226, 206, 96))
        c.disc(x, 330, 4, 11, (30, 30, 30))
    c.shape([(308, 358), (328, 358), (318, 370)], (206, 140, 140))
    for x in range(430, 690, 48):
        c.line([(x, 300), (x + 26, 400)], dark, 9)
    c.line([(730, 470), (840, 520), (800, 570), (690, 560)], dark, 36)
    return c.done()


def lemons(seed: str) -> Image.Image:
    c = Canvas(seed, (150, 190, 220), (236, 222, 200))
    for n in range(7):
        house(c, n * 150 - 20, 560, 140, 150 + 40 * c.chance.random(), (228, 210, 186))
    c.line([(0, 520), (1000, 520)], (60, 66, 70), 8)
    for x in range(10, 1000, 40):
        c.line([(x, 520), (x, 750)], (60, 66, 70), 4)
    tree(c, 500, 640, 520, (66, 112, 62))
    for _ in range(11):
        c.disc(500 + c.chance.uniform(-150, 150), 280 + c.chance.uniform(-110, 110), 20, 24, (242, 210, 70))
    c.shape([(410, 620), (590, 620), (566, 748), (434, 748)], (182, 98, 66))
    return c.done()


def tiles(seed: str) -> Image.Image:
    c = Canvas(seed, (236, 236, 228), (226, 228, 222))
    blue, light = (42, 78, 140), (120, 154, 196)
    for row in range(6):
        for column in range(8):
            x, y = column * 125 + 62, row * 125 + 62
            c.disc(x, y, 50, 50, light)
            c.disc(x, y, 38, 38, (238, 238, 230))
            for n in range(8):
                a = n * math.pi / 4
                c.disc(x + 24 * math.cos(a), y + 24 * math.sin(a), 10, 10, blue)
            c.disc(x, y, 9, 9, (214, 164, 60))
            c.box(column * 125, row * 125, 125, 2, (176, 178, 176))
            c.box(column * 125, row * 125, 2, 125, (176, 178, 176))
    return c.done()


def courtyard(seed: str) -> Image.Image:
    c = Canvas(seed, (176, 190, 198), (206, 206, 198))
    c.box(0, 120, 1000, 470, (148, 146, 142))
    for row in range(9):
        for column in range(10):
            shade = mix((138, 136, 132), (172, 170, 166), c.chance.random())
            c.box(column * 104 - 50 * (row % 2), 122 + row * 52, 100, 48, shade)
    c.shape([(0, 590), (1000, 590), (1000, 750), (0, 750)], (168, 164, 156))
    c.disc(500, 640, 260, 60, (120, 88, 62))
    c.disc(500, 632, 90, 22, (92, 106, 66))
    tree(c, 500, 640, 520, (70, 104, 70))
    for _ in range(14):
        c.disc(500 + c.chance.uniform(-190, 190), 270 + c.chance.uniform(-120, 110), 12, 9, (244, 226, 226))
    c.box(60, 560, 330, 14, (190, 150, 108))
    return c.done()
