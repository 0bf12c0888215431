"""Time zones as calendar programs name them: Windows and Olson names, vendors' prefixes, offsets in words."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON  # Unicode CLDR, windowsZones.xml

_NAMED = re.compile(r'TZID=("[^"\r\n]{1,200}"|[^":;,\r\n]{1,200})')
_DEFINED = re.compile(r"^TZID(?:;[^:\n]*)?:(.{1,200})$", re.M | re.I)
_DISPLAYED = re.compile(r"\((?:UTC|GMT)(?:([+-])(\d\d?):?(\d\d))?\)\s*(.*)", re.I)
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])\s*(\d\d?)(?::?00)?", re.I)
_SEASON = re.compile(r"\b(?:Daylight|Summer)\b", re.I)


def by_olson_name(text: str) -> str:
    """An unfolded calendar file whose zones are named as the IANA database names them, where it can be told.

    Zones that the file itself defines (VTIMEZONE) keep their names, unless these are vendors' names of an
    IANA zone, whose own rules are then taken.
    """
    defined = {match[1].strip() for match in _DEFINED.finditer(text)}
    named = {match[1] for match in _NAMED.finditer(text)}
    for written in sorted(named, key=len, reverse=True)[:200]:
        name = written.strip('"').strip()
        found = olson(name)
        if found and found != name and (name not in defined or name.startswith("/")):
            text = text.replace(f"TZID={written}", f"TZID={found}")
    return text


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _cities() -> dict[str, str]:
    """``amsterdam`` → ``Europe/Amsterdam``; of a city's several names the first counts."""
    return {
        zone.rpartition("/")[2].replace("_", " ").lower(): zone
        for zone in sorted(_zones(), reverse=True)
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/"))
    }


def olson(name: str) -> str:
    """The IANA name of a zone, empty where it cannot be told.

    Knows ``W. Europe Standard Time`` and its daylight form, ``/vendor/…/Europe/Berlin`` (RFC 5545,
    3.2.19), ``UTC+2``, and what Outlook displays: ``(UTC+01:00) Amsterdam, Berlin, Bern``.
    """
    name = " ".join(name.split())
    if name in _zones():
        return name
    if name in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[name]
    standard = _SEASON.sub("Standard", name)
    if standard in WINDOWS_TO_OLSON:
        return WINDOWS_TO_OLSON[standard]
    parts = name.strip("/").split("/")
    for start in range(1, len(parts)):
        if (ending := "/".join(parts[start:])) in _zones():
            return ending
    if shown := _DISPLAYED.fullmatch(name):
        return _displayed(shown)
    if (offset := _OFFSET.fullmatch(name)) and int(offset[2]) <= 12:
        return _fixed(offset[1], int(offset[2]))
    return ""


def _fixed(sign: str, hours: int) -> str:
    """POSIX counts the other way round."""
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "Etc/UTC"


def _displayed(shown: re.Match[str]) -> str:
    """The zone of the first city that has the offset said, else the American zone that is named."""
    sign, hours, minutes, words = shown.groups()
    minutes_east = (int(hours) * 60 + int(minutes)) * (-1 if sign == "-" else 1) if hours else 0
    for city in re.split(r"[,/]", words):
        zone = _cities().get(city.strip().lower(), "")
        if zone and _standard(zone) == minutes_east:
            return zone
    zone = WINDOWS_TO_OLSON.get(re.sub(r"\s*Time\s*\(US & Canada\)$", " Standard Time", words), "")
    return zone if zone and _standard(zone) == minutes_east else ""


@cache
def _standard(zone: str) -> int:
    """Minutes east of Greenwich, without daylight saving."""
    moments = [datetime(2024, month, 1, tzinfo=ZoneInfo(zone)) for month in (1, 7)]
    offsets = [moment.utcoffset() for moment in moments]
    return min(int(offset.total_seconds()) // 60 for offset in offsets if offset is not None)
