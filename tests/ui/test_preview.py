"""Pictures in the preview: usual formats are decoded here, others come as a JPEG from another process."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from PIL.ExifTags import Base

from app.core.errors import HomebodyError
from app.ui import preview
from indexers import pixels


def upside(path: Path) -> Path:
    """800 × 400 pixels that a camera held upright took: 400 × 800 as it is seen."""
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    image = Image.new("RGB", (800, 400), "teal")
    image.save(path, exif=exif)
    return path


def test_a_picture_is_upright_and_small(tmp_path: Path) -> None:
    image = preview._load(upside(tmp_path / "a.jpg"))
    assert image is not None
    assert image.height() > image.width()
    assert preview._load(upside(tmp_path / "a.tiff")) is None, "this one comes from the other process"
    made = preview._made(lambda uri: pixels.thumbnail(tmp_path / "a.tiff", side=1000), "x")
    assert made is not None
    assert (made.width(), made.height()) == (130, 260)


def test_what_cannot_be_shown_is_left_out() -> None:
    def gone(uri: str) -> bytes:
        raise HomebodyError("gone", where=uri)

    assert preview._made(gone, "x") is None
    assert preview._made(lambda uri: b"no picture", "x") is None
