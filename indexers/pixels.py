"""Pictures as pixels: opened within caps, upright, as small as they are needed; and what looks alike.

Everything that looks at a picture (text recognition, thumbnails, image vectors) gets it from here, so that
the camera's orientation is applied everywhere, and raw pictures are seen through their previews.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError
from PIL.ExifTags import Base

from indexers import _raw
from indexers._tiff import Tags

pillow_heif.register_heif_opener()
Image.init()  # opening with named formats needs them all registered

MAX_PIXELS = 50_000_000
MAX_JPEG_PIXELS = 130_000_000  # phones take 108 megapixels, and a JPEG is decoded at an eighth of its size
MAX_BYTES = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "GIF", "HEIF", "AVIF")
_DAMAGE = (OSError, ValueError, SyntaxError, struct.error, EOFError, IndexError)


class Unusable(Exception):
    """Why a file is no usable picture; the message is for a person."""


@contextmanager
def opened(source: Path | bytes) -> Iterator[Image.Image]:
    """The picture in a file, or in the bytes of one, not decoded yet. Raises Unusable, OSError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns of damaged metadata and of sizes checked here
        with _open(source) as image:
            most = MAX_JPEG_PIXELS if image.format in ("JPEG", "MPO") else MAX_PIXELS
            if image.width * image.height > most:
                raise Unusable(_too_many(most))
            yield image


def check(image: Image.Image) -> None:
    """Decode the first frame, as small as the format allows, so that damage is found. Raises Unusable."""
    if image.format in ("HEIF", "AVIF"):
        return  # opening has checked the container; decoding takes half a second a picture
    image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))  # of a JPEG, no larger
    try:
        image.load()
    except _DAMAGE:
        raise Unusable("this picture is damaged or cut off") from None


def upright(source: Path | bytes, *, side: int) -> Image.Image:
    """A picture the right way up in RGB, at most ``side`` pixels on its long side, on white paper.

    ``source``: a file, or the bytes of a picture that is in no file of its own. Raises Unusable for what
    cannot be decoded within the caps, and OSError where the file is not there.
    """
    raw, shown = _preview(source) if isinstance(source, Path) else (None, b"")
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if raw is None and size > MAX_BYTES:
        raise Unusable(f"a picture of {size // 1_000_000} MB is over the limit of 100 MB")
    if raw is not None and not shown:
        raise Unusable("this raw picture has no preview")
    try:
        with opened(shown or source) as image:
            image.draft("RGB", (side, side))
            if raw and not image.getexif().get(Base.Orientation):
                image.getexif()[Base.Orientation] = raw.exif.get(Base.Orientation, 1)
            turned = ImageOps.exif_transpose(image)
            turned.thumbnail((side, side))
            return _on_white(turned)
    except (Unusable, MemoryError):
        raise
    except Exception as error:  # Pillow's readers raise whatever a damaged file trips them over
        raise Unusable(f"this picture is damaged ({type(error).__name__})") from None


def _preview(path: Path) -> tuple[Tags | None, bytes]:
    """What a raw picture of a camera tells, and its preview."""
    with path.open("rb") as file:
        if not _raw.known(file.read(16), path.suffix):
            return None, b""
        raw = _raw.read(file, path.stat().st_size)
        return raw, _raw.preview(file, raw)


def look(image: Image.Image) -> str:
    """64 bits in hexadecimal that stay nearly the same for pictures that look alike; empty for a plain one.

    The difference hash (Krawetz 2013): whether each of 8 × 8 cells is darker than its right neighbour.
    """
    cells = image.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    bits = [cells[9 * row + n] < cells[9 * row + n + 1] for row in range(8) for n in range(8)]
    if not 4 <= sum(bits) <= 60:  # one colour, or one shade into another: many things look like that
        return ""
    return f"{sum(1 << n for n, bit in enumerate(bits) if bit):016x}"


def _open(source: Path | bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(source) if isinstance(source, bytes) else source, formats=FORMATS)
    except (UnidentifiedImageError, ValueError, SyntaxError, struct.error):
        raise Unusable("this picture is damaged: its beginning cannot be read") from None
    except Image.DecompressionBombError:
        raise Unusable(_too_many(MAX_PIXELS)) from None


def _too_many(most: int) -> str:
    return f"a picture of more than {most // 1_000_000} megapixels"


def _on_white(image: Image.Image) -> Image.Image:
    """Transparent parts count as paper."""
    with suppress(KeyError):
        del image.info["icc_profile"]  # it may be damaged, and none of what follows uses it
    if image.mode not in ("RGBA", "LA", "PA") and "transparency" not in image.info:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    paper = Image.new("RGBA", with_alpha.size, "white")
    return Image.alpha_composite(paper, with_alpha).convert("RGB")
