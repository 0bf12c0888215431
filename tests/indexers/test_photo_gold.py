"""Time, place and orientation of photos that nobody here took, as exiftool reads them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from indexers import photos
from indexers.item import Item

TAGS = (
    "DateTimeOriginal CreateDate ModifyDate OffsetTimeOriginal OffsetTimeDigitized OffsetTime GPSLatitude "
    "GPSLongitude GPSDateTime Orientation"
)
ROTATED = {1: "", 3: "180°", 6: "90° right", 8: "90° left"} | dict.fromkeys((2, 4, 5, 7), "mirrored")
OTHERWISE = {  # where we go another way than the first of exiftool's times, and why
    # its XMP says on which day the picture was made (photoshop:DateCreated); the times are its file's
    "long_description.jpg": datetime(2003, 8, 31),
    # a wildlife camera that notes the time in its maker's own, unpublished way alone
    "Reconyx_HC500_Hyperfire.jpg": None,
}


@pytest.fixture(scope="module")
def told(corpus: Callable[[str], Path], program: Callable[[str, str], str]) -> dict[str, dict[str, Any]]:
    """File → what exiftool prints of it."""
    flags = [f"-{tag}" for tag in TAGS.split()]
    command = [
        program("exiftool", "libimage-exiftool-perl"),
        "-json",
        "-n",
        "-r",
        "-q",
        "-FileType",
        *flags,
        str(corpus("photo_exif_samples")),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    listed = json.loads(done.stdout)
    return {one["SourceFile"]: one for one in listed if one.get("FileType") != "TXT"}


def test_as_exiftool_reads_them(told: dict[str, dict[str, Any]]) -> None:
    assert len(told) == 31
    for path, gold in told.items():
        (item,) = photos.read(Path(path))
        name = Path(path).name
        assert isinstance(item, Item), path
        expected = (OTHERWISE[name], "") if name in OTHERWISE else _gold_time(gold)
        assert (name, *_time(item)) == (name, *expected)
        for key, tag in (("lat", "GPSLatitude"), ("lon", "GPSLongitude")):
            assert item.meta.get(key, "") == (str(round(gold[tag], 6)) if tag in gold else ""), path
        assert item.meta.get("rotation", "") == ROTATED[gold.get("Orientation", 1)], path


def _time(item: Item) -> tuple[datetime | None, str]:
    """On the camera's clock, and its zone where the camera told one."""
    if item.when is None:
        return None, ""
    zone = item.when.strftime("%z") if item.meta["when-from"] == "camera" else ""
    return item.when.replace(tzinfo=None), zone


def _gold_time(gold: dict[str, Any]) -> tuple[datetime | None, str]:
    for stamp, offset in (
        ("DateTimeOriginal", "OffsetTimeOriginal"),
        ("CreateDate", "OffsetTimeDigitized"),
        ("ModifyDate", "OffsetTime"),
    ):
        if found := re.match(r"(\d{4}:\d\d:\d\d \d\d:\d\d:\d\d)", str(gold.get(stamp, ""))):
            zone = str(gold.get(offset, "")).replace(":", "")
            return datetime.strptime(found[1], "%Y:%m:%d %H:%M:%S"), zone
    return None, ""
