"""The demo data is complete, readable and consistent, and its generator writes it again byte for byte."""

from __future__ import annotations

import io
import json
import mailbox
import subprocess
import sys
from collections import Counter
from datetime import date
from email.message import Message
from pathlib import Path
from typing import Any

import docx
import icalendar
import pypdfium2
import pytest
import recurring_ical_events
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "resources" / "demo"
ZONES = {"Europe/Lisbon", "Europe/Stockholm"}


@pytest.fixture(scope="module")
def mails() -> dict[str, Message]:
    """Every mail by its message id, without the angle brackets; two with the same id are an error."""
    found: dict[str, Message] = {}
    archive = mailbox.mbox(DEMO / "mail" / "archive.mbox", create=False)
    folder = mailbox.Maildir(DEMO / "mail" / "Maildir", create=False)
    for mail in [*archive, *folder]:
        name = str(mail["Message-ID"]).strip("<>")
        assert name not in found, f"two mails are called {name}"
        found[name] = mail
    archive.close()
    return found


@pytest.fixture(scope="module")
def calendars() -> list[Any]:
    files = sorted((DEMO / "calendar").glob("*.ics"))
    return [icalendar.Calendar.from_ical(path.read_bytes()) for path in files]


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DEMO / "questions.jsonl").read_text("utf-8").splitlines()]


def attachments(mail: Message) -> list[Message]:
    return [part for part in mail.walk() if part.get_content_disposition() == "attachment"]


def invites(mails: dict[str, Message]) -> list[Any]:
    """What is invited to by mail, which is an event like any other."""
    sent = (part for mail in mails.values() for part in mail.walk())
    found = [part for part in sent if part.get_content_type() == "text/calendar"]
    return [icalendar.Calendar.from_ical(part.get_payload(decode=True)) for part in found]


def events(calendars: list[Any]) -> set[str]:
    uris = set()
    for calendar in calendars:
        for event in calendar.walk("VEVENT"):
            moved = event.get("RECURRENCE-ID")
            uris.add(f"event:{event['UID']}" + (f"/{moved.to_ical().decode()}" if moved else ""))
    return uris


def missing(uri: str, mails: dict[str, Message], known_events: set[str]) -> str:
    """Empty when ``uri`` names something in the data, else what is wrong with it."""
    kind, _, rest = uri.partition(":")
    name, _, part = rest.partition("#")
    match kind:
        case "mid" if name not in mails:
            return f"no such mail: {uri}"
        case "mid" if part and not 1 <= int(part) <= len(attachments(mails[name])):
            return f"no such attachment: {uri}"
        case "event" if uri not in known_events:
            return f"no such event: {uri}"
        case "demo" if not (DEMO / rest).is_file():
            return f"no such file: {uri}"
        case "mid" | "event" | "demo":
            return ""
    return f"unknown kind of uri: {uri}"


def test_there_is_enough_mail_of_every_kind(mails: dict[str, Message]) -> None:
    assert len(mails) >= 120
    types = Counter(part.get_content_type() for mail in mails.values() for part in mail.walk())
    assert {"text/plain", "text/html", "multipart/alternative", "application/pdf", "text/calendar"} <= set(
        types
    )
    names = {
        str(part.get_filename()).rpartition(".")[2] for mail in mails.values() for part in attachments(mail)
    }
    assert names == {"pdf", "docx", "ics", "txt"}
    assert sum("vera" in str(mail["From"]) for mail in mails.values()) >= 30
    assert sum("List-Id" in mail for mail in mails.values()) >= 3


def test_threads_hang_together(mails: dict[str, Message]) -> None:
    roots: Counter[str] = Counter()
    for name, mail in mails.items():
        references = [ref.strip("<>") for ref in str(mail.get("References", "")).split()]
        assert all(ref in mails for ref in references), name
        if references:
            assert str(mail["In-Reply-To"]).strip("<>") == references[-1]
        roots[(references or [name])[0]] += 1
    assert sum(count > 1 for count in roots.values()) >= 30


def test_attachments_can_be_read(mails: dict[str, Message]) -> None:
    for mail in mails.values():
        for part in attachments(mail):
            data, name = part.get_payload(decode=True), str(part.get_filename())
            assert isinstance(data, bytes)
            assert len(readable(name, data)) > 100, name


def readable(name: str, data: bytes) -> str:
    if name.endswith(".pdf"):
        with pypdfium2.PdfDocument(data) as document:
            return "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    if name.endswith(".docx"):
        return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)
    if name.endswith(".ics"):
        return str(icalendar.Calendar.from_ical(data).walk("VEVENT"))
    return data.decode("utf-8")


def test_notes_have_links_tags_and_front_matter() -> None:
    texts = [path.read_text("utf-8") for path in (DEMO / "notes").rglob("*.md")]
    assert len(texts) >= 40
    assert sum("[[" in text for text in texts) >= 15
    assert sum(text.startswith("---\n") for text in texts) >= 15
    assert sum(" #" in text for text in texts) >= 15


def test_calendars_have_every_kind_of_event(calendars: list[Any]) -> None:
    all_events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    frequencies = {str(event["RRULE"]["FREQ"][0]) for event in all_events if "RRULE" in event}
    assert {"WEEKLY", "MONTHLY", "YEARLY"} <= frequencies
    cancelled = [event for event in all_events if event.get("STATUS") == "CANCELLED"]
    assert any("RECURRENCE-ID" in event for event in cancelled)
    assert any("RECURRENCE-ID" not in event for event in cancelled)
    assert any("RECURRENCE-ID" in event and event not in cancelled for event in all_events)
    assert any("EXDATE" in event for event in all_events)
    assert any(type(event["DTSTART"].dt) is date for event in all_events)
    for calendar in calendars:
        assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == ZONES
        assert len(recurring_ical_events.of(calendar).between(date(2026, 5, 1), date(2026, 12, 1))) >= 50


def test_every_moved_instance_belongs_to_its_series(calendars: list[Any]) -> None:
    for calendar in calendars:
        every = calendar.walk("VEVENT")
        series = {str(event["UID"]): event for event in every if "RRULE" in event}
        for event in every:
            if "RECURRENCE-ID" not in event:
                continue
            alone = icalendar.Calendar()
            alone.add_component(series[str(event["UID"])])
            day = event["RECURRENCE-ID"].dt
            starts = [found["DTSTART"].dt for found in recurring_ical_events.of(alone).at(day.date())]
            assert day in starts, event["SUMMARY"]


def test_photos_carry_time_and_place() -> None:
    paths = sorted((DEMO / "photos").rglob("*.jpg"))
    assert len(paths) >= 25
    for path in paths:
        with Image.open(path) as picture:
            assert picture.size == (1000, 750)
            exif = picture.getexif()
        taken, place = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
        stamp = taken[Base.DateTimeOriginal].translate(str.maketrans(" ", "_", ":"))
        assert path.name == f"IMG_{stamp}.jpg"
        assert taken[Base.OffsetTimeOriginal] in ("+00:00", "+01:00", "+02:00")
        assert 37 <= place[GPS.GPSLatitude][0] < 60
        assert exif[Base.Model]


def test_every_gold_item_exists(
    questions: list[dict[str, Any]], mails: dict[str, Message], calendars: list[Any]
) -> None:
    known = events([*calendars, *invites(mails)])
    assert [wrong for row in questions for uri in row["gold"] if (wrong := missing(uri, mails, known))] == []


@pytest.mark.parametrize("uri", ["mid:nobody@example.org", "event:none", "demo:notes/none.md", "file:x"])
def test_a_wrong_gold_item_is_noticed(uri: str, mails: dict[str, Message], calendars: list[Any]) -> None:
    assert missing(uri, mails, events(calendars))


def test_there_are_enough_questions_of_every_type(questions: list[dict[str, Any]]) -> None:
    types = Counter(row["type"] for row in questions)
    assert len(questions) >= 60
    assert types["absent"] >= 14
    assert set(types) == {"single", "cross", "time", "person", "multilingual", "absent"}
    assert (
        len({row["id"] for row in questions}) == len({row["question"] for row in questions}) == len(questions)
    )
    for row in questions:
        assert bool(row["gold"]) == (row["type"] != "absent"), row["id"]
        assert row["type"] != "cross" or len(row["gold"]) >= 2, row["id"]


def test_the_generator_writes_the_same_bytes(tmp_path: Path) -> None:
    build = [sys.executable, str(ROOT / "packaging" / "demo" / "build.py"), "--out", str(tmp_path)]
    subprocess.run([*build, "mail", "questions"], check=True, timeout=120)
    written = {
        path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert len(written) > 50
    kept = [path for path in (DEMO / "mail").rglob("*") if path.is_file()]
    assert {path.relative_to(DEMO) for path in kept} == {name for name in written if name.parts[0] == "mail"}
    for name, data in written.items():
        assert data == (DEMO / name).read_bytes(), name


def test_the_whole_demo_stays_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) < 4_000_000
