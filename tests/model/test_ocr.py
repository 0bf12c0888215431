"""Text in images is read in order, whichever way up, and hostile images are refused."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image, ImageDraw, ImageFont

from app.core.errors import HomebodyError, NotFound
from app.model.contract import TextReader
from app.model.ocr import in_reading_order
from app.model.supervisor import Specialists

WORDS = "Cafe Linde\nTotal 12.40 EUR"


@pytest.fixture
def receipt() -> Image.Image:
    image = Image.new("RGB", (900, 300), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(48)
    draw.text((40, 50), "Cafe Linde", font=font, fill="black")
    draw.text((40, 160), "Total", font=font, fill="black")
    draw.text((500, 160), "12.40 EUR", font=font, fill="black")
    return image


@pytest.fixture
def read(specialists: Specialists) -> TextReader:
    specialists.configure(base="", idle_s=0, budget=10**12)

    class Reads:
        def read(self, *, path: str) -> str:
            return specialists.ocr().call(TextReader.read, path=path)

    return Reads()


def test_reads_a_receipt_in_order(read: TextReader, receipt: Image.Image, tmp_path: Path) -> None:
    receipt.save(tmp_path / "r.png")
    assert read.read(path=str(tmp_path / "r.png")) == WORDS


def test_turned_by_its_exif_orientation(read: TextReader, receipt: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: turn by 90 degrees to see it right
    receipt.rotate(90, expand=True).save(tmp_path / "r.jpg", exif=exif, quality=92)
    assert read.read(path=str(tmp_path / "r.jpg")) == WORDS


def test_heic_and_large_and_transparent(read: TextReader, receipt: Image.Image, tmp_path: Path) -> None:
    pillow_heif.from_pillow(receipt).save(tmp_path / "r.heic", quality=90)
    assert read.read(path=str(tmp_path / "r.heic")) == WORDS
    receipt.resize((5400, 1800)).save(tmp_path / "l.png")
    assert read.read(path=str(tmp_path / "l.png")) == WORDS
    clear = receipt.convert("RGBA")
    clear.putalpha(receipt.convert("L").point(lambda v: 255 - v))
    clear.save(tmp_path / "t.png")
    assert read.read(path=str(tmp_path / "t.png")) == WORDS


def test_nothing_to_read(read: TextReader, tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), "navy").save(tmp_path / "n.png")
    Image.new("L", (3, 3)).save(tmp_path / "s.png")
    assert read.read(path=str(tmp_path / "n.png")) == ""
    assert read.read(path=str(tmp_path / "s.png")) == ""


def _bomb(path: Path) -> None:
    """A small PNG that claims to be 60,000 × 60,000."""
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 1000)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in chunks
    )
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)


def test_hostile_images_are_refused_and_the_process_lives(
    read: TextReader, receipt: Image.Image, tmp_path: Path
) -> None:
    _bomb(tmp_path / "bomb.png")
    with pytest.raises(HomebodyError, match="megapixels"):
        read.read(path=str(tmp_path / "bomb.png"))
    (tmp_path / "text.png").write_text("not an image", encoding="utf-8")
    with pytest.raises(HomebodyError, match="beginning cannot be read"):
        read.read(path=str(tmp_path / "text.png"))
    receipt.save(tmp_path / "cut.jpg")
    (tmp_path / "cut.jpg").write_bytes((tmp_path / "cut.jpg").read_bytes()[:2000])
    with pytest.raises(HomebodyError, match="damaged"):
        read.read(path=str(tmp_path / "cut.jpg"))
    with pytest.raises(NotFound):
        read.read(path=str(tmp_path / "nowhere.png"))
    receipt.save(tmp_path / "r.png")
    assert read.read(path=str(tmp_path / "r.png")) == WORDS


def test_lines_from_top_to_bottom_and_pieces_from_left_to_right() -> None:
    pieces = [(500.0, 102.0, 138.0, "12.40"), (10.0, 10.0, 40.0, "Cafe"), (10.0, 100.0, 140.0, "Total")]
    assert in_reading_order(pieces) == "Cafe\nTotal 12.40"
