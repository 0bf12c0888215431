"""Apple Health's export: gigabytes of single measurements become a handful of items a month."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath
from typing import IO

from indexers import _files, _pulse, _xml
from indexers._content import Unreadable
from indexers._text import day_in_words, month, seal
from indexers._vitals import Vitals, hours, number
from indexers.item import Item, Mark, Skipped, Unit

MAX_BYTES = 20_000_000_000
MAX_RATIO = 100
_ONE_PIECE = 4_000_000  # bytes of one measurement
_LARGE, _SIGN = 4_000_000, 32_000_000  # bytes of a file that is large, and between two signs of life
_ZIP = b"PK\x03\x04"
_TITLES = {
    "activity": "Activity",
    "heart": "Heart rate",
    "sleep": "Sleep",
    "workouts": "Workouts",
    "body": "Body measurements",
}


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a health export: 0 not at all … 3 certainly."""
    return 3 if _is_export(head) else 0


def _is_export(head: bytes) -> bool:
    return b"<HealthData" in head or b"<!DOCTYPE HealthData" in head


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The exports under ``root``, unpacked or as the zip that the phone made."""
    any_found = False
    for found in _files.walk(root):
        if isinstance(found, Skipped):
            yield found
            continue
        try:
            head = _files.head(found)
            ours = (
                _is_export(head)
                if found.suffix.lower() == ".xml"
                else head.startswith(_ZIP) and _member(found) != ""
            )
        except OSError as error:
            yield Skipped(uri=_files.uri(found), reason=f"this file could not be read: {_files.why(error)}")
            continue
        if ours:
            any_found = True
            yield _files.unit(found)
    if not any_found:
        yield Skipped(
            uri=_files.uri(root), reason="no export of Apple Health here (export.zip, or export.xml in it)"
        )


def _member(path: Path) -> str:
    """The name of the export inside a zip, empty where there is none."""
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist()[:20_000]:
                inner = PurePosixPath(name)
                if inner.suffix == ".xml" and inner.parent.name == "apple_health_export":
                    with archive.open(name) as file:
                        if _is_export(file.read(_files.HEAD)):
                            return name
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, ValueError, EOFError):
        return ""
    return ""


def large(path: Path) -> bool:
    """Whether reading takes so long that signs of life are to be given meanwhile."""
    try:
        return path.stat().st_size > _LARGE
    except OSError:
        return False


def portions(path: Path, after: str, *, grown: bool) -> Iterator[Item | Skipped | Mark]:
    """As :func:`read`, always from the beginning, with empty marks as signs of life."""
    return _read(path)


def read(path: Path) -> Iterator[Item | Skipped]:
    """Each month's activity, heart rate, sleep, workouts and body measurements, day by day."""
    return (found for found in _read(path) if not isinstance(found, Mark))


def _read(path: Path) -> Iterator[Item | Skipped | Mark]:
    vitals = Vitals()
    try:
        with _opened(path) as file:
            yield from _gather(file, vitals)
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")
        return
    except (Unreadable, zipfile.BadZipFile, zlib.error, EOFError) as error:
        told = str(error) if isinstance(error, Unreadable) else "the archive is damaged or cut off"
        yield Skipped(uri=_files.uri(path), reason=f"this health export could not be read: {told}")
        return
    none = True
    for group in _TITLES:
        for item in _months(path, group, vitals):
            none = False
            yield item
            _pulse.beat()
    if none:
        yield Skipped(uri=_files.uri(path), reason="a health export without any measurements")


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    if _files.head(path, 4) != _ZIP:
        with path.open("rb") as file:
            yield file
        return
    name = _member(path)
    if not name:
        raise Unreadable("there is no export.xml in it")
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(name)
        if entry.file_size > MAX_BYTES or entry.file_size > 10_000_000 + MAX_RATIO * entry.compress_size:
            raise Unreadable("it unpacks to far more than its size, as only traps do")
        with archive.open(entry) as packed:
            yield packed


def _gather(file: IO[bytes], vitals: Vitals) -> Iterator[Mark]:
    """All measurements into ``vitals``, with a sign of life now and then."""
    workout: dict[str, str] | None = None
    about: list[str] = []

    def begin(tag: str, fields: dict[str, str]) -> None:
        nonlocal workout, about
        if tag == "Record":
            vitals.record(fields)
        elif tag == "Workout":
            workout, about = fields, []
        elif tag == "WorkoutStatistics" and workout is not None and len(about) < 20:
            kind, total = fields.get("type", ""), number(fields.get("sum", ""))
            if total not in ("", "0") and ("Distance" in kind or "ActiveEnergy" in kind):
                about.append(f"{total} {fields.get('unit', '')}")

    def end(tag: str) -> None:
        nonlocal workout
        if tag == "Workout" and workout is not None:
            vitals.workout(workout, about)
            workout = None

    told = 0
    for done in _xml.stream(file, begin, most=_ONE_PIECE, end=end):
        if done > MAX_BYTES:
            raise Unreadable("it is larger than 20 GB")
        _pulse.beat()
        if done - told > _SIGN:
            told = done
            _pulse.again()
            yield Mark(cursor="")


def _months(path: Path, group: str, vitals: Vitals) -> Iterator[Item]:
    """One item for each month that has anything of ``group``."""
    days: dict[str, list[str]] = {}
    for day, lines in sorted(_days(group, vitals)):
        if lines and _date(day):
            days.setdefault(day[:7], []).append(day)
    told = dict(_days(group, vitals))
    for listed in days.values():
        yield _item(path, group, listed, [f"{_words(day)}: {', '.join(told[day])}" for day in listed], vitals)


def _days(group: str, vitals: Vitals) -> Iterator[tuple[str, list[str]]]:
    if group == "sleep":
        for day in vitals.nights:
            night = vitals.sleep(day)
            yield day, [night] if night else []
    elif group == "workouts":
        for day, workouts in vitals.workouts.items():
            yield day, [_workout(one.name, one.begins, one.minutes, one.about) for one in sorted(workouts)]
    else:
        for day in vitals.days[group]:
            yield day, vitals.lines(group, day)


def _workout(name: str, begins: str, minutes: float, about: list[str]) -> str:
    return " ".join(
        [name, f"at {begins[11:16]} for {hours(minutes)}", *(f"({one})" for one in dict.fromkeys(about))]
    )


def _date(day: str) -> date | None:
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return None
    return found if 1990 < found.year < 2200 else None


def _words(day: str) -> str:
    found = _date(day)
    return day_in_words(found) if found else day


def _item(path: Path, group: str, days: list[str], lines: list[str], vitals: Vitals) -> Item:
    first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
    title = f"{_TITLES[group]} in {month(first.month)} {first.year}"
    text = "\n".join([*_summary(group, days, title, vitals), *lines])
    return seal(
        Item(
            uri=f"{_files.uri(path)}#{days[0][:7]}/{group}",
            source="health",
            kind="health",
            title=title,
            text=text,
            digest="",
            when=datetime.combine(first, time.min).astimezone(),
            until=datetime.combine(last, time.max).astimezone(),
            thread=f"health:{group}",
            path=_files.absolute(path),
            meta={"category": _TITLES[group], "days": str(len(days))},
        )
    )


def _summary(group: str, days: list[str], title: str, vitals: Vitals) -> Iterator[str]:
    """What the month comes to in one sentence, where that says anything."""
    if group == "activity":
        steps = [
            vitals.total("steps", told["steps"])
            for day in days
            if "steps" in (told := vitals.days[group][day])
        ]
        if steps:
            mean, most = number(sum(steps) / len(steps)), number(max(steps))
            yield f"{title}: {number(sum(steps))} steps in all, {mean} a day on average, {most} at most."
    elif group == "workouts":
        found = [one for day in days for one in vitals.workouts[day]]
        yield f"{title}: {len(found)}, {hours(sum(one.minutes for one in found))} in all."
