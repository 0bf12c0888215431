"""Each action: refused when it does not fit, shown in full, done for real, undone to the byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import frontmatter
import icalendar
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.actions import create_note, registry, reminder
from app.actions.contract import Done, World
from app.core.errors import HomebodyError, NotFound, Refused, UsageFault
from app.core.policy import original
from app.core.types import Proposal

EVENT: dict[str, object] = {"title": "Lunch", "start": "2026-11-27T12:00"}
MAIL: dict[str, object] = {"to": ["Bob <bob@example.org>"], "subject": "Hi", "body": "Dear Bob"}
NOTE: dict[str, object] = {"title": "Idea", "text": "An idea."}
REMINDER: dict[str, object] = {"text": "Call mum", "due": "2026-11-23T09:00"}
CHAT = '{"model":"m","messages":[{"role":"user","content":"x"}]}'
FILES = [("create_event", EVENT), ("draft_mail", MAIL), ("create_note", NOTE), ("reminder", REMINDER)]


def do(name: str, raw: dict[str, object], world: World) -> Done:
    return registry.perform(registry.propose(name, raw, world), world)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_files_are_the_actions() -> None:
    assert registry.names() == (
        "ask_cloud",
        "create_event",
        "create_note",
        "draft_mail",
        "fetch_model",
        "reminder",
    )
    for name in registry.names():
        assert registry.schema(name)["properties"]
    with pytest.raises(NotFound, match="no such action"):
        registry.load("contract")
    with pytest.raises(NotFound):
        registry.load("../os")


# --- from proposal to deed -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "raw"), FILES)
def test_proposing_changes_nothing_performing_writes_one_file_undoing_removes_it(
    name: str, raw: dict[str, object], world: World, tmp_path: Path
) -> None:
    proposal = registry.propose(name, raw, world)
    assert snapshot(tmp_path) == {}
    done = registry.perform(proposal, world)
    assert list(snapshot(tmp_path)) == [str(Path(done.path).relative_to(tmp_path))]
    assert Path(done.path).stat().st_mode & 0o077 == 0
    assert registry.undo(name, done.undo, world)
    assert snapshot(tmp_path) == {}
    with pytest.raises(Refused, match="no longer there"):
        registry.undo(name, done.undo, world)


@pytest.mark.parametrize(("name", "raw"), FILES)
def test_a_changed_file_is_not_undone(name: str, raw: dict[str, object], world: World) -> None:
    done = do(name, raw, world)
    path = Path(done.path)
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(Refused, match="changed since"):
        registry.undo(name, done.undo, world)
    assert path.read_bytes().endswith(b"!")


@pytest.mark.parametrize(("name", "raw"), FILES)
def test_nothing_is_ever_written_over(name: str, raw: dict[str, object], world: World) -> None:
    paths = {do(name, raw, world).path for _ in range(3)}
    assert len(paths) == 3
    kept = {path: Path(path).read_bytes() for path in paths}
    do(name, raw, world)
    assert {path: Path(path).read_bytes() for path in paths} == kept


@pytest.mark.parametrize(("name", "raw"), FILES)
def test_one_byte_changed_after_the_proposal_is_refused(
    name: str, raw: dict[str, object], world: World, tmp_path: Path
) -> None:
    good = registry.propose(name, raw, world)
    field = next(k for k in ("title", "subject", "text") if k in good.arguments)
    changed = Proposal(
        action=name,
        arguments=good.arguments | {field: f"{good.arguments[field]}."},
        title=good.title,
        preview=good.preview,
        sha256=good.sha256,
    )
    with pytest.raises(Refused, match="not what was approved"):
        registry.perform(changed, world)
    assert snapshot(tmp_path) == {}
    registry.perform(good, world)  # control


LINE = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=40)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    title=LINE.filter(str.strip),
    text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1),
    tags=st.lists(st.sampled_from(["a", "b/c", "größe"]), max_size=3),
)
def test_the_confirmation_read_back_is_the_deed(world: World, title: str, text: str, tags: list[str]) -> None:
    proposal = registry.propose("create_note", {"title": title, "text": text, "tags": tags}, world)
    shown = {field.label: field.value for field in proposal.preview}
    read = {
        "title": _read(shown["Title"]),
        "text": _read(shown["Text"]),
        "tags": [] if shown["Tags"] == "—" else [_read(tag) for tag in shown["Tags"].split("\n")],
        "append_to": _read(shown["Add to the note"]),
    }
    assert read == proposal.arguments


def _read(shown: str) -> str:
    return "" if shown == "—" else original(shown)


def test_every_argument_is_shown_with_its_origin(world: World) -> None:
    long = "word " * 5000
    proposal = registry.propose("draft_mail", MAIL | {"body": long}, world, {"body": "assistant"})
    shown = {field.label: field for field in proposal.preview}
    assert list(shown) == ["To", "Copy to", "Subject", "Text", "Answer to", "In the thread"]
    assert shown["Text"].value == long
    assert (shown["Text"].origin, shown["To"].origin, shown["Copy to"].origin) == (
        "assistant",
        "you",
        "default",
    )


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("create_event", {"title": "", "start": "soon", "x": 1}, ["title", "start", "end", "x"]),
        ("create_event", EVENT | {"end": "2026-11-27T11:00"}, ["end must come after start"]),
        ("create_event", EVENT | {"end": "2028-11-27T11:00"}, ["at most a year"]),
        ("create_event", EVENT | {"zone": "Mars/Olympus"}, ["zone"]),
        ("create_event", EVENT | {"zone": "../../etc/passwd"}, ["zone"]),
        ("create_event", EVENT | {"title": "a\nDTSTART:2020"}, ["title", "one line"]),
        ("create_event", EVENT | {"start": 5}, ["start"]),
        ("create_event", EVENT | {"start": "0001-01-01T00:00", "end": "0001-01-01T01:00"}, ["1970"]),
        ("create_event", EVENT | {"attendees": ["nobody"]}, ["attendees.0", "mail address"]),
        ("draft_mail", MAIL | {"to": []}, ["to"]),
        ("draft_mail", MAIL | {"to": ["a@b.org\nBcc: c@d.org"]}, ["to.0"]),
        ("draft_mail", MAIL | {"to": ["a@b.org, c@d.org"]}, ["to.0"]),
        ("draft_mail", MAIL | {"subject": "x\r\nBcc: y@z.org"}, ["subject"]),
        ("draft_mail", MAIL | {"body": "a\x00b"}, ["body", "control"]),
        ("draft_mail", MAIL | {"bcc": ["x@y.org"]}, ["bcc"]),
        ("create_note", {"title": "", "text": "x"}, ["needs a title"]),
        ("create_note", {"title": "x", "text": ""}, ["text"]),
        ("create_note", NOTE | {"tags": ["a b"]}, ["tags.0"]),
        ("create_note", NOTE | {"text": "x" * 50_001}, ["text"]),
        ("create_note", NOTE | {"text": "\ud800"}, ["create_note"]),
        ("reminder", {"text": "x"}, ["due"]),
        ("ask_cloud", {"url": "https://a.org/v1", "body": "{}"}, ["model"]),
        (
            "ask_cloud",
            {"url": "https://a.org/v1", "body": '{"model":"m","messages":[],"user":"me"}'},
            ["body"],
        ),
    ],
)
def test_arguments_that_do_not_fit_are_refused_with_every_fault(
    name: str, raw: dict[str, object], said: list[str], world: World, tmp_path: Path
) -> None:
    with pytest.raises(UsageFault) as caught:
        registry.propose(name, raw, world)
    assert all(part in str(caught.value) for part in said), str(caught.value)
    assert "\n" not in str(caught.value)
    assert snapshot(tmp_path) == {}


def test_a_missing_folder_is_named(world: World, tmp_path: Path) -> None:
    gone = replace(world, notes_dir=tmp_path / "usb" / "notes")
    with pytest.raises(NotFound, match="folder to write to is missing"):
        do("create_note", NOTE, gone)


def test_a_folder_that_is_a_file_is_one_clear_error(world: World) -> None:
    world.notes_dir.write_text("not a folder")
    with pytest.raises(HomebodyError, match="notes"):
        do("create_note", NOTE, world)
    assert world.notes_dir.read_text() == "not a folder"


def test_http_to_another_computer_is_refused_already_when_proposed(world: World) -> None:
    with pytest.raises(Refused, match="without https"):
        registry.propose("ask_cloud", {"url": "http://a.org/v1", "body": CHAT}, world)
    assert registry.propose("ask_cloud", {"url": "http://localhost/v1", "body": CHAT}, world)  # control


# --- warnings ------------------------------------------------------------------------------------


def test_what_a_person_should_notice_is_said(world: World) -> None:
    busy = replace(world, busy=lambda start, end: ["Dentist 12:00"])
    said = registry.propose("create_event", EVENT | {"start": "2020-01-01T12:00"}, busy).warnings
    assert said == ("This time has passed.", "At the same time: Dentist 12:00")
    assert registry.propose("create_event", EVENT, world).warnings == ()  # control


def test_a_strangers_recipient_is_named_as_such(world: World) -> None:
    origin = {"to": "from the mail by Mallory"}
    said = registry.propose("draft_mail", MAIL, world, origin).warnings
    assert said == ("The recipient Bob <bob@example.org> was not written by you: from the mail by Mallory.",)
    assert registry.propose("draft_mail", MAIL, world).warnings == ()  # control


def test_a_name_that_poses_as_an_address_and_a_link_are_pointed_out(world: World) -> None:
    raw = MAIL | {"to": ["boss@corp.example <mallory@evil.example>"], "body": "see https://evil.example/x"}
    said = " ".join(registry.propose("draft_mail", raw, world, {"body": "assistant"}).warnings)
    assert "mail goes to mallory@evil.example" in said
    assert "https://evil.example/x" in said


@pytest.mark.parametrize(
    ("start", "said"),
    [("2027-03-28T02:30", "does not exist"), ("2027-10-31T02:30", "comes twice"), ("2027-06-01T02:30", "")],
)
def test_hours_that_clocks_skip_or_repeat_are_pointed_out(start: str, said: str, world: World) -> None:
    warnings = registry.propose("create_event", EVENT | {"start": start}, world).warnings
    assert any(said in w for w in warnings) if said else warnings == ()


# --- what is written, read back by other libraries -------------------------------------------------


def test_an_event_is_valid_and_complete(world: World) -> None:
    raw = {
        "title": "Größe; “Lunch”, with \\ Bob",
        "start": "2026-11-27T12:00:00+01:00",
        "end": "2026-11-27T08:30:00-05:00",
        "location": "Café, 1st floor",
        "attendees": ["Bob Ü <bob@example.org>", "c@example.org"],
        "description": "line 1\nline 2; more",
    }
    done = do("create_event", raw, world)
    data = Path(done.path).read_bytes()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    calendar = icalendar.Calendar.from_ical(data)
    [event] = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == datetime(2026, 11, 27, 11, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 11, 27, 13, 30, tzinfo=UTC)
    assert (str(event["summary"]), str(event["location"])) == (raw["title"], raw["location"])
    assert str(event["description"]) == raw["description"]
    assert [str(a) for a in event["attendee"]] == ["mailto:bob@example.org", "mailto:c@example.org"]
    assert event["attendee"][0].params["CN"] == "Bob Ü"
    assert str(event["organizer"]) == "mailto:ana@example.org"
    assert event["uid"]
    assert event["dtstamp"]
    assert [str(z["tzid"]) for z in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_the_indexer_reads_our_event(world: World) -> None:
    import recurring_ical_events

    done = do("create_event", EVENT | {"start": "2026-11-27T00:00", "all_day": True}, world)
    calendar = icalendar.Calendar.from_ical(Path(done.path).read_bytes())
    [event] = recurring_ical_events.of(calendar).at((2026, 11, 27))
    assert str(event["dtstart"].dt) == "2026-11-27"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
    assert recurring_ical_events.of(calendar).at((2026, 11, 28)) == []


def test_a_draft_is_a_mail_with_its_thread(world: World) -> None:
    ids = [f"<{n}{'x' * 120}@example.org>" for n in range(30)]
    raw = {
        "to": ["Zoë, the “K” <z@example.org>", "b@example.org"],
        "cc": ["c@example.org"],
        "subject": "Re: Größe " + "x" * 150,
        "body": "Grüße\n.\nFrom me\n" + "ü" * 500 + "\n> quoted\n",
        "in_reply_to": ids[-1].strip("<>"),
        "references": ids[:-1],
    }
    data = Path(do("draft_mail", raw, world).path).read_bytes()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert data.isascii()
    mail = message_from_bytes(data, policy=policy.default)
    assert [(a.display_name, a.addr_spec) for a in mail["to"].addresses] == [
        ("Zoë, the “K”", "z@example.org"),
        ("", "b@example.org"),
    ]
    assert mail["cc"].addresses[0].addr_spec == "c@example.org"
    assert mail["from"].addresses[0].display_name == "Ana Núñez"
    assert mail["subject"] == raw["subject"]
    assert mail["x-unsent"] == "1"
    assert mail["message-id"].endswith("@example.org>")
    assert mail["date"].datetime == world.now()
    old = message_from_bytes(data)  # identifiers stand as they are, not encoded
    assert old["in-reply-to"] == ids[-1]
    assert old["references"].split() == [ids[0], *ids[-19:]]
    assert mail.get_content().replace("\r\n", "\n") == raw["body"]
    assert mail["content-transfer-encoding"] == "quoted-printable"


def test_broken_identifiers_of_a_strangers_mail_are_left_out(world: World) -> None:
    raw = MAIL | {"in_reply_to": "", "references": ["<ok@x>", "<bad\r\nBcc: a@b.org>", "nonsense", "<ü@x>"]}
    arguments = registry.propose("draft_mail", raw, world).arguments
    assert arguments["in_reply_to"] is None
    assert arguments["references"] == ["<ok@x>"]


def test_a_note_has_front_matter_and_its_text(world: World) -> None:
    text = "# Heading\n\n---\n\n[[link]] and: {{template}}\n\ttab"
    done = do("create_note", {"title": "A: 'b' #c", "text": text, "tags": ["x/y", "größe"]}, world)
    post = frontmatter.load(done.path)
    assert post.content == text
    assert (post["title"], post["tags"]) == ("A: 'b' #c", ["x/y", "größe"])
    assert post["created"] == world.now().isoformat()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"one\n", b"one\n\ntwo\nthree\n"),
        (b"one", b"one\n\ntwo\nthree\n"),
        (b"one\r\n", b"one\r\n\r\ntwo\r\nthree\r\n"),
        (b"", b"two\nthree\n"),
    ],
)
def test_adding_to_a_note_and_undoing_it_restores_every_byte(
    before: bytes, after: bytes, world: World
) -> None:
    path = world.notes_dir / "sub" / "a.md"
    path.parent.mkdir(parents=True)
    path.write_bytes(before)
    path.chmod(0o640)
    done = do("create_note", {"text": "two\nthree", "append_to": "sub/a.md"}, world)
    assert path.read_bytes() == after
    assert path.stat().st_mode & 0o777 == 0o640
    registry.undo("create_note", done.undo, world)
    assert path.read_bytes() == before


def test_only_notes_inside_the_folder_can_be_added_to(world: World, tmp_path: Path) -> None:
    world.notes_dir.mkdir()
    outside = tmp_path / "secret.md"
    outside.write_text("x")
    (world.notes_dir / "link.md").symlink_to(outside)
    (world.notes_dir / "latin.md").write_bytes(b"\xe9")
    for name, kind in [
        ("../secret.md", Refused),
        (str(outside), Refused),
        ("link.md", Refused),
        ("a.sh", Refused),
        ("none.md", NotFound),
    ]:
        with pytest.raises(kind):
            registry.propose("create_note", {"text": "y", "append_to": name}, world)
    with pytest.raises(Refused, match="not UTF-8"):
        do("create_note", {"text": "y", "append_to": "latin.md"}, world)
    assert outside.read_text() == "x"
    assert create_note.SUFFIXES


@pytest.mark.parametrize(
    "title", ["../../x", "/etc/passwd", "CON", "...", "a\u202eb", "x" * 300, "日本語" * 50]
)
def test_a_title_is_never_a_path(title: str, world: World) -> None:
    path = Path(do("create_note", {"title": title, "text": "x"}, world).path)
    assert path.parent == world.notes_dir
    assert len(path.name.encode()) < 80
    assert path.stem.lower() != "con"


# --- reminders -----------------------------------------------------------------------------------


def test_reminders_come_due_once_also_after_a_restart(world: World) -> None:
    folder = world.reminders_dir
    assert reminder.due(folder, world.now()) == ()
    done = do("reminder", REMINDER, world)
    do("reminder", REMINDER | {"text": "Later", "due": "2026-12-24T18:00"}, world)
    (folder / "broken.ics").write_text("not a calendar")
    assert done.due == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert [r.text for r in reminder.waiting(folder)] == ["Call mum", "Later"]
    assert reminder.due(folder, done.due - timedelta(seconds=1)) == ()
    [now] = reminder.due(folder, done.due)
    assert now.text == "Call mum"
    reminder.shown(now, done.due)
    assert reminder.due(folder, done.due) == ()
    assert [r.text for r in reminder.waiting(folder)] == ["Later"]
    [todo] = icalendar.Calendar.from_ical(Path(done.path).read_bytes()).walk("VTODO")
    assert str(todo["status"]) == "COMPLETED"
    [alarm] = todo.walk("VALARM")
    assert alarm.decoded("trigger") == done.due


# --- asking elsewhere ----------------------------------------------------------------------------


def test_the_bytes_that_are_sent_are_the_bytes_that_were_shown(world: World) -> None:
    sent: list[tuple[str, str]] = []

    def send(url: str, body: str) -> Any:
        sent.append((url, body))
        yield from ("an", "swer")

    here = replace(world, send=send)
    message = {
        "role": "user",
        "content": "hé\u200b\u202e \\u{41} \\\\u{ \xa0 a" + "\u0301" * 9 + "\n\x7f\U0001f600",
    }
    request = {"model": "m", "messages": [message], "stream": True}
    raw: dict[str, object] = {"url": "https://API.example.org/v1", "body": json.dumps(request)}
    proposal = registry.propose("ask_cloud", raw, here)
    shown = {field.label: field.value for field in proposal.preview}
    done = registry.perform(proposal, here)
    assert sent == [("https://API.example.org/v1", shown["The whole request"])]
    assert json.loads(sent[0][1]) == request
    assert shown["Goes to"] == "api.example.org"
    assert shown["Bytes"] == str(len(sent[0][1].encode()))
    assert done.text == "answer"
    assert done.undo == b""
    with pytest.raises(Refused, match="cannot be taken back"):
        registry.undo("ask_cloud", b"", here)


def test_without_a_courier_nothing_is_sent(world: World) -> None:
    with pytest.raises(Refused, match="switched off"):
        do("ask_cloud", {"url": "https://a.org/v1", "body": CHAT}, world)
