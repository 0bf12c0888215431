"""Calendars made to exhaust a parser or a rule, and ten thousand that are damaged at random."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from indexers import calendar
from indexers.item import Item
from tests.indexers.test_hostile import mutations

SECONDS, MEMORY = 5, 1 << 30  # of processor time for a file
_CHILD = """
import resource, signal, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from indexers import calendar
from indexers.item import Item
for name in sys.argv[1:]:
    signal.setitimer(signal.ITIMER_PROF, {seconds})
    since = time.process_time()
    found = list(calendar.read(Path(name)))
    assert found and found[0].uri
    print(Path(name).stem, len(found), round(time.process_time() - since, 2), flush=True)
"""
EVENT = "BEGIN:VEVENT\nUID:{0}\nDTSTART:{2}\nRRULE:{1}\nSUMMARY:x\nEND:VEVENT\n"
HOURS = "BYHOUR=" + ",".join(map(str, range(24)))
MINUTES = "BYMINUTE=" + ",".join(map(str, range(60)))


def event(rule: str, start: str = "19700101T000000Z", uid: object = 1) -> str:
    return EVENT.format(uid, rule, start)


BOMBS = {
    "secondly": event("FREQ=SECONDLY"),
    "minutely": event("FREQ=MINUTELY;COUNT=999999999"),
    "hourly by all": event(f"FREQ=HOURLY;{HOURS};{MINUTES}"),
    "daily by all": event(f"FREQ=DAILY;{HOURS};{MINUTES};BYSECOND=0,1,2,3"),
    "never": event("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "never on a weekday": event("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;BYSETPOS=2"),
    "once in long": event("FREQ=YEARLY;INTERVAL=97;BYMONTH=2;BYMONTHDAY=29"),
    "huge interval": event("FREQ=DAILY;INTERVAL=99999999999999999999"),
    "huge count": event("FREQ=DAILY;COUNT=99999999999999999999"),
    "long ago": event("FREQ=DAILY", "00010101T000000Z"),
    "many": "".join(event("FREQ=DAILY", uid=n) for n in range(2000)),
    "many secondly": "".join(event("FREQ=SECONDLY", uid=n) for n in range(3000)),
    "changes": event("FREQ=DAILY", "20250101T000000Z")
    + "".join(
        f"BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:2025{n // 28 % 12 + 1:02}{n % 28 + 1:02}T{n // 336:02}0000Z\n"
        "DTSTART:20260101T000000Z\nEND:VEVENT\n"
        for n in range(3000)
    ),
    "dates": event("FREQ=DAILY").replace(
        "SUMMARY", "RDATE:" + ",".join(["20260101T000000Z"] * 50_000) + "\nSUMMARY"
    ),
    "left out": event("FREQ=DAILY").replace(
        "SUMMARY", "EXDATE:" + ",".join(["20260101T000000Z"] * 50_000) + "\nSUMMARY"
    ),
    "nested": "BEGIN:VEVENT\n" * 4000 + "SUMMARY:x\n" + "END:VEVENT\n" * 4000,
    "never ended": "BEGIN:VEVENT\n" * 9000,
    "alarms": "BEGIN:VEVENT\nSUMMARY:x\n" + "BEGIN:VALARM\nEND:VALARM\n" * 9000 + "END:VEVENT\n",
    "folded": "BEGIN:VEVENT\nSUMMARY:" + "x\n y" * 200_000 + "\nEND:VEVENT\n",
    "parameters": "BEGIN:VEVENT\nDTSTART" + ";X=1" * 200_000 + ":20260101T000000Z\nEND:VEVENT\n",
    "attendees": "BEGIN:VEVENT\nSUMMARY:x\n" + "ATTENDEE:mailto:a@b.c\n" * 80_000 + "END:VEVENT\n",
    "zones": "".join(
        f"BEGIN:VEVENT\nDTSTART;TZID=Zone {n}:20260101T000000\nEND:VEVENT\n" for n in range(3000)
    ),
    "zone rules": "BEGIN:VTIMEZONE\nTZID:x\n"
    + "BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
    "END:STANDARD\n" * 50 + "END:VTIMEZONE\nBEGIN:VEVENT\nDTSTART;TZID=x:20260101T000000\nEND:VEVENT\n",
    "blanks": "BEGIN:" + " " * 400_000 + "!\n" + event("FREQ=DAILY"),
    "quotes": "BEGIN:VEVENT\nSUMMARY;A=" + '"' * 400_000 + ":x\nEND:VEVENT\n",
    "escapes": "BEGIN:VEVENT\nDESCRIPTION:" + "\\n\\," * 900_000 + "\nEND:VEVENT\n",
}


def test_bombs_stay_within_limits(tmp_path: Path) -> None:
    for name, text in BOMBS.items():
        (tmp_path / f"{name}.ics").write_text(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")
    code = _CHILD.format(memory=MEMORY, seconds=SECONDS)
    command = [sys.executable, "-c", code, *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    print(done.stdout)
    assert done.returncode == 0, (done.stdout.splitlines()[-1:], done.stderr[-300:])


def test_the_limit_does_bite(tmp_path: Path) -> None:
    """The control: the same library without the checks before it."""
    path = tmp_path / "a.ics"
    path.write_text(f"BEGIN:VCALENDAR\n{BOMBS['secondly']}END:VCALENDAR\n")
    code = (
        f"import signal; signal.setitimer(signal.ITIMER_PROF, {SECONDS})\n"
        "import icalendar, recurring_ical_events as r, sys\n"
        "c = icalendar.Calendar.from_ical(open(sys.argv[1]).read())\n"
        "list(r.of(c).between((2024, 1, 1), (2029, 1, 1)))"
    )
    command = [sys.executable, "-c", code, str(path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_mutations_raise_nothing(corpus: Callable[[str], Path], tmp_path: Path, full: bool) -> None:
    chance, path, tried = random.Random(5545), tmp_path / "a.ics", 0
    files = [file for name in ("ics_ical4j", "ics_icalendar") for file in sorted(corpus(name).rglob("*.ics"))]
    while tried < (10_000 if full else 300):
        for file in chance.sample(files, len(files)):
            for data in mutations(file.read_bytes()[:40_000], chance, 3):
                path.write_bytes(data)
                found = list(calendar.read(path))
                assert found, f"neither item nor reason: {file.name}"
                assert len({one.uri for one in found}) == len(found), f"something twice: {file.name}"
                tried += 1
            if tried >= (10_000 if full else 300):
                break


def test_rules_that_name_no_day_cost_no_neighbour(tmp_path: Path) -> None:
    """The first few are looked through up to the year 9999, which takes half a second each."""
    never = "".join(event("FREQ=DAILY;INTERVAL=7;BYDAY=TU", "20260105T090000Z", n) for n in range(40))
    path = tmp_path / "a.ics"
    path.write_text(f"BEGIN:VCALENDAR\n{never}{event('FREQ=WEEKLY', uid='last')}END:VCALENDAR\n")
    found = list(calendar.read(path))
    assert [one.uri for one in found] == [f"event:{n}" for n in (*range(40), "last")]
    left = [one for one in found if isinstance(one, Item) and "instances-left-out" in one.meta]
    assert len(left) > 20
