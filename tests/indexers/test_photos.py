"""Photos: time, zone, place and captions as the camera wrote them; damaged pictures."""

from __future__ import annotations

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from indexers import _places, photos
from indexers.item import Item, Skipped


def one(path: Path) -> Item:
    (found,) = photos.read(path)
    assert isinstance(found, Item), found
    return found


def reason(path: Path) -> str:
    (found,) = photos.read(path)
    assert isinstance(found, Skipped), found
    return found.reason


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This computer stands five hours east of Greenwich."""
    monkeypatch.setenv("TZ", "XYZ-5")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def picture(path: Path, *, offset: str = "", satellite: str = "", place: bool = True) -> Path:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Fjord", "Fjord P6"
    exif[Base.ImageDescription] = "Blåbär at the market".encode()
    inside = exif.get_ifd(IFD.Exif)
    inside[Base.DateTimeOriginal] = "2026:06:02 11:20:41"
    if offset:
        inside[Base.OffsetTimeOriginal] = offset
    gps = exif.get_ifd(IFD.GPSInfo)
    if place:
        gps |= {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (38.0, 42.0, 36.0)}
        gps |= {GPS.GPSLongitudeRef: "W", GPS.GPSLongitude: (9.0, 8.0, 24.0)}
    if satellite:
        gps |= {GPS.GPSDateStamp: "2026:06:02", GPS.GPSTimeStamp: tuple(map(float, satellite.split(":")))}
    Image.new("RGB", (64, 48), "teal").save(path, exif=exif)
    return path


def test_time_and_place(tmp_path: Path) -> None:
    item = one(picture(tmp_path / "a.jpg", offset="+01:00"))
    assert item.when == datetime(2026, 6, 2, 10, 20, 41, tzinfo=UTC)
    assert item.place == "Lisbon, Portugal"
    assert item.text == (
        "Blåbär at the market\nPhoto taken on Tuesday 2 June 2026, 11:20 in Lisbon, Portugal with Fjord P6."
    )
    assert (item.meta["lat"], item.meta["lon"]) == ("38.71", "-9.14")
    assert (item.meta["size"], item.meta["ocr"], item.title) == ("64×48", "wanted", "a.jpg")


@pytest.mark.parametrize(
    ("satellite", "place", "hours", "source"),
    [
        ("8:20:50", False, 3, "camera and satellite"),
        ("", True, 1, "camera, in the zone of the place"),
        ("", False, 5, "camera, in this computer's zone"),
    ],
)
def test_zones(here: None, tmp_path: Path, satellite: str, place: bool, hours: int, source: str) -> None:
    item = one(picture(tmp_path / "a.jpg", satellite=satellite, place=place))
    assert item.when is not None
    assert item.when.utcoffset() == timedelta(hours=hours)
    assert item.when.replace(tzinfo=None) == datetime(2026, 6, 2, 11, 20, 41)
    assert item.meta["when-from"] == source


def test_the_name_of_a_file_may_tell_the_time(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "Screenshot_20260602-112041.png")
    item = one(tmp_path / "Screenshot_20260602-112041.png")
    assert item.when is not None
    assert item.when.replace(tzinfo=None) == datetime(2026, 6, 2, 11, 20, 41)
    assert item.text.startswith("Screenshot dated Tuesday 2 June 2026")


@pytest.mark.parametrize(
    ("latitude", "longitude", "name"),
    [
        (48.8584, 2.2945, "Paris, France"),
        (48.8049, 2.1204, "Versailles, France"),
        (59.3293, 18.0686, "Stockholm, Sweden"),
        (35.6586, 139.7454, "Tokyo, Japan"),
        (0.0, -30.0, "None"),
    ],
)
def test_places(latitude: float, longitude: float, name: str) -> None:
    assert str(_places.nearest(latitude, longitude)) == name


def test_known_photos(corpus: Callable[[str], Path]) -> None:
    folder = corpus("photo_exif_samples")
    canon = one(folder / "jpg" / "Canon_40D.jpg")
    assert canon.when is not None
    assert canon.when.replace(tzinfo=None) == datetime(2008, 5, 30, 15, 56, 1)
    assert (canon.meta["camera"], canon.meta["size"]) == ("Canon EOS 40D", "100×68")
    phone = one(folder / "heic" / "IMG_5195.HEIC")
    assert phone.when == datetime(2021, 4, 11, 20, 47, 53, tzinfo=UTC)
    assert (phone.meta["lat"], phone.meta["lon"]) == ("39.051344", "-94.288772")
    assert phone.place == "Blue Springs, United States"
    assert one(folder / "jpg" / "orientation" / "landscape_6.jpg").meta["rotation"] == "90° right"
    assert "Operation Mountain Viper" in one(folder / "jpg" / "long_description.jpg").text


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_damaged_and_hostile_pictures(tmp_path: Path) -> None:
    whole = picture(tmp_path / "whole.jpg").read_bytes()
    big = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    files = {
        "empty.jpg": (b"", "empty"),
        "page.jpg": (b"<html>not a photo</html>", "not a picture, though it is named .jpg"),
        "cut.jpg": (whole[: len(whole) * 3 // 4], "damaged or cut off"),
        "head.jpg": (whole[:4], "damaged"),
        "bomb.png": (b"\x89PNG\r\n\x1a\n" + big + chunk(b"IDAT", b"") + chunk(b"IEND", b""), "50 megapixels"),
    }
    for name, (data, words) in files.items():
        (tmp_path / name).write_bytes(data)
        assert words in reason(tmp_path / name), name
    assert "could not be read" in reason(tmp_path / "missing.jpg")


def test_broken_exif_keeps_the_picture(tmp_path: Path) -> None:
    data = bytearray(picture(tmp_path / "a.jpg").read_bytes())
    begin = data.index(b"Exif\0\0") + 6
    data[begin + 8 : begin + 40] = b"\xff" * 32
    (tmp_path / "a.jpg").write_bytes(data)
    assert one(tmp_path / "a.jpg").meta["size"] == "64×48"


def test_a_picture_under_another_ending_is_still_a_photo(tmp_path: Path) -> None:
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    (tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert one(tmp_path / "a.jpg").meta["format"] == "PNG"
