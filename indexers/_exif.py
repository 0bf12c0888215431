"""What a camera wrote into a picture: when, where, with what, captions, tags; damaged fields are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from PIL import IptcImagePlugin
from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Image
from PIL.ImageFile import ImageFile

from indexers._text import decode, one_line

Fields = Mapping[int, Any]

_OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})")
_NO_CAPTION = re.compile(r"[\w .-]{0,40}digital camera *|screenshot|DCIM\\.*|[A-Z]{2,4}_TAG|\W*", re.I)
_HALF_DAY = timedelta(hours=14)
_RATING = 0x4746


def fields(image: Image) -> tuple[Fields, Fields]:
    """(EXIF with the camera's own block merged in, GPS); empty where they are damaged."""
    try:
        exif = image.getexif()
        found: dict[int, Any] = {**dict(exif), **dict(exif.get_ifd(IFD.Exif))}
    except Exception:  # Pillow raises many kinds on damaged EXIF; the picture itself is fine
        return {}, {}
    try:
        return found, dict(exif.get_ifd(IFD.GPSInfo))
    except Exception:
        return found, {}


def text(value: Any) -> str:
    """A field's words: cameras write text as ASCII, UTF-8 or Latin-1, padded with NULs or blanks."""
    if isinstance(value, tuple) and all(isinstance(part, int) and 0 <= part < 256 for part in value):
        value = bytes(value)
    if isinstance(value, str):
        try:  # Pillow decodes as Latin-1 what is often UTF-8
            value = value.encode("latin-1")
        except UnicodeEncodeError:
            return one_line(value, 2000)
    if not isinstance(value, bytes):
        return "" if value is None else one_line(str(value), 2000)
    return one_line(
        decode(value[:8000].partition(b"\0")[0] if b"\0\0" not in value[:8] else value[:8000]), 2000
    )


_Clock = tuple[datetime | None, datetime | None]


def taken(exif: Fields) -> _Clock:
    """(capture time with zone, capture time without): at most one of the two is known."""
    return _clock(
        exif,
        (Base.DateTimeOriginal, Base.OffsetTimeOriginal),
        (Base.DateTimeDigitized, Base.OffsetTimeDigitized),
    )


def written(exif: Fields) -> _Clock:
    """The same of when the file was last changed: some cameras tell that alone."""
    return _clock(exif, (Base.DateTime, Base.OffsetTime))


def _clock(exif: Fields, *fields: tuple[int, int]) -> _Clock:
    for stamp, offset in fields:
        moment = _moment(text(exif.get(stamp)))
        if moment is None:
            continue
        zone = _zone(text(exif.get(offset)))
        return (moment.replace(tzinfo=zone), None) if zone else (None, moment)
    return None, None


def _moment(words: str) -> datetime | None:
    match = re.match(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?", words)
    if match is None:
        return None
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        moment = datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None
    return moment if 1900 <= moment.year <= 2200 else None


def _zone(words: str) -> timezone | None:
    match = _OFFSET.match(words)
    if match is None:
        return UTC if words == "Z" else None
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone((1 if match[1] == "+" else -1) * timedelta(minutes=minutes)) if minutes <= 840 else None


def gps_time(gps: Fields) -> datetime | None:
    """The satellite's clock, in UTC."""
    try:
        year, month, day = (int(part) for part in re.split(r"[:/.-]", text(gps.get(GPS.GPSDateStamp))))
        hour, minute, second = (float(part) for part in gps[GPS.GPSTimeStamp])
        return datetime(year, month, day, int(hour), int(minute), min(59, int(second)), tzinfo=UTC)
    except (KeyError, ValueError, TypeError, ZeroDivisionError, OverflowError):
        return None


def zone_by_satellite(naive: datetime, utc: datetime) -> timezone | None:
    """The zone of a camera's clock, from the satellite's: the nearest quarter of an hour."""
    apart = naive.replace(tzinfo=UTC) - utc
    quarters = round(apart.total_seconds() / 900)
    if abs(apart) > _HALF_DAY or abs(apart.total_seconds() - quarters * 900) > 300:
        return None
    return timezone(timedelta(seconds=quarters * 900))


def position(gps: Fields) -> tuple[float, float] | None:
    """Latitude and longitude in decimal degrees, south and west negative."""
    try:
        latitude = _degrees(gps[GPS.GPSLatitude], text(gps.get(GPS.GPSLatitudeRef)), "S")
        longitude = _degrees(gps[GPS.GPSLongitude], text(gps.get(GPS.GPSLongitudeRef)), "W")
    except (KeyError, ValueError, TypeError, ZeroDivisionError, OverflowError, IndexError):
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180) or (latitude == 0 and longitude == 0):
        return None  # also where a part is not a number
    return round(latitude, 6), round(longitude, 6)


def _degrees(parts: Any, reference: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in (*parts, 0, 0)[:3])
    return (degrees + minutes / 60 + seconds / 3600) * (-1 if reference.upper().startswith(negative) else 1)


def camera(exif: Fields) -> str:
    """``Canon EOS 40D``: the maker is told once."""
    return called(text(exif.get(Base.Make)), text(exif.get(Base.Model)))


def called(make: str, model: str) -> str:
    """A maker and a model as one name."""
    if make and model.lower().startswith(make.split(maxsplit=1)[0].lower()):
        return model[:100]
    return f"{make} {model}".strip()[:100]


def lens(exif: Fields) -> str:
    """The lens's name, where the camera tells it and it is not that of a built-in one."""
    return text(exif.get(Base.LensModel))[:100].strip(" -")


def orientation(exif: Fields) -> int:
    """1 … 8 as EXIF counts them; 1, upright, where it is not told."""
    value = exif.get(Base.Orientation)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def rating(exif: Fields) -> str:
    """Stars that Windows keeps, 1 … 5; empty for none."""
    value = exif.get(_RATING)
    return str(value) if isinstance(value, int) and 1 <= value <= 5 else ""


def captions(exif: Fields) -> list[str]:
    """Descriptions and comments, also those of Windows, each once."""
    found = [text(exif.get(Base.ImageDescription))]
    found += [_wide(exif.get(tag)) for tag in (Base.XPTitle, Base.XPComment, Base.XPSubject)]
    return worth([*found, comment(exif)])


def comment(exif: Fields) -> str:
    """UserComment: its first eight bytes name the charset."""
    value = exif.get(Base.UserComment)
    if not isinstance(value, bytes):
        return text(value)
    charset, words = value[:8].rstrip(b"\0 ").upper(), value[8:8000]
    if charset == b"UNICODE":
        return one_line(words.decode("utf-16-le" if words[1:2] == b"\0" else "utf-16-be", "replace"))
    return one_line(decode(words.partition(b"\0")[0])) if charset in (b"ASCII", b"") else ""


def worth(found: list[str]) -> list[str]:
    """Those that a person may have written, each once: cameras fill the field with their own name."""
    return [words for words in dict.fromkeys(found) if words and not _NO_CAPTION.fullmatch(words)]


def tags(exif: Fields) -> list[str]:
    """The keywords that Windows keeps."""
    return [word for part in _wide(exif.get(Base.XPKeywords)).split(";") if (word := part.strip())]


def packet(image: Image) -> bytes:
    """The XMP inside a picture, empty where there is none."""
    raw = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return raw if isinstance(raw, bytes) else str(raw).encode("utf-8", "replace")


def remarks(image: Image) -> list[str]:
    """The text chunks of a PNG and the comments of other formats."""
    return worth([text(image.info.get(name)) for name in ("Title", "Description", "Comment", "comment")])


def press(image: Image) -> tuple[list[str], list[str]]:
    """(captions, keywords) of IPTC-IIM: title, headline and caption, each once."""
    try:
        found = (IptcImagePlugin.getiptcinfo(image) if isinstance(image, ImageFile) else None) or {}
    except Exception:  # damaged blocks raise many kinds
        return [], []
    utf8 = found.get((1, 90)) == b"\x1b%G"
    title = [_press_text(found.get(key), utf8) for key in ((2, 5), (2, 105), (2, 120))]
    return worth([words for part in title for words in part]), _press_text(found.get((2, 25)), utf8)


def _press_text(value: object, utf8: bool) -> list[str]:
    parts = (value if isinstance(value, list) else [value])[:200]
    words = (decode(part, "utf-8" if utf8 else None) for part in parts if isinstance(part, bytes))
    return [line for line in (one_line(one, 2000) for one in words) if line]


def _wide(value: Any) -> str:
    if isinstance(value, tuple):
        value = bytes(part for part in value if isinstance(part, int) and 0 <= part < 256)
    return (
        one_line(value[:8000].decode("utf-16-le", "replace").partition("\0")[0])
        if isinstance(value, bytes)
        else ""
    )
