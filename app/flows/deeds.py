"""From proposal to receipt: approve exactly what was shown, perform it once, journal it, undo it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from app.actions import registry
from app.actions.contract import Done, World
from app.core.errors import NotFound, Refused
from app.core.types import Answer, Approval, Fetching, JournalEntry, Proposal, Receipt, Token
from app.courier.cloud import Cloud
from app.flows import grounding, withheld
from app.flows.calendars import OwnCalendar, chosen
from app.flows.context import Home
from app.flows.fetching import fetch

EVERY_ENTRY = -1  # to SQLite: no limit


@dataclass
class Sent:
    """What a deed has sent so far, in bytes; retries count."""

    bytes: int = 0

    def add(self, sofar: int) -> None:
        self.bytes = max(self.bytes, sofar)


def world(home: Home, sent: Sent | None = None) -> World:
    """Where deeds land, as the settings say; what leaves is counted in ``sent``."""
    counted = sent or Sent()
    return World(
        calendar_dir=home.folder("actions.calendar", "calendar"),
        calendar=lambda: chosen(home),
        events=OwnCalendar(home, counted.add),
        drafts_dir=home.folder("actions.drafts", "drafts"),
        notes_dir=home.folder("actions.notes", "notes"),
        reminders_dir=home.paths.data / "reminders",
        now=home.now,
        zone=home.zone,
        me=(home.setting("you.name"), home.setting("you.address")),
        send=lambda url, body: _send(home, counted, url, body),
        fetch=lambda url, path: fetch(home, counted.add, url, path),
        busy=lambda start, end: _busy(home, start, end),
    )


def keep(home: Home, proposal: Proposal) -> Proposal:
    """Store a proposal so that a yes can name it; returns it."""
    home.user.keep_proposal(proposal)
    return proposal


def approve(home: Home, *, sha256: str) -> Approval:
    """Raises NotFound for a proposal that was never made."""
    return home.user.approve(sha256)


def perform(home: Home, *, token: str) -> Iterator[Token | Fetching | Receipt | Answer]:
    """Do what was approved, once; a deed that fails is in the journal as failed."""
    proposal = home.user.consume(token)
    what, sent = f"action:{proposal.action}", Sent()
    try:
        done = yield from _performing(home, proposal, sent)
    except BaseException:
        home.journal.add(what, proposal.title, "failed", bytes_out=sent.bytes, sha256=proposal.sha256)
        raise
    id = home.journal.add(
        what, proposal.title, "done", bytes_out=sent.bytes, undo=done.undo, sha256=proposal.sha256
    )
    if proposal.action == "ask_cloud":
        yield _answer(proposal, done)
    else:
        yield Receipt(
            journal_id=id,
            action=proposal.action,
            summary=done.summary,
            path=done.path,
            undoable=bool(done.undo),
            sha256=proposal.sha256,
        )


def _performing(home: Home, proposal: Proposal, sent: Sent) -> Generator[Token | Fetching, None, Done]:
    steps = registry.performing(proposal, world(home, sent))
    with closing(steps):
        while True:
            try:
                step = next(steps)
                yield Token(text=step) if isinstance(step, str) else step
            except StopIteration as end:
                done: Done = end.value
                return done


def _answer(proposal: Proposal, done: Done) -> Answer:
    """What came back is text of a stranger: no citations of ours, and marked with where it was made."""
    host = urlsplit(str(proposal.arguments["url"])).netloc
    text = grounding.without_marks(done.text).strip()
    if proposal.envelope is not None:  # what was kept back is known here, and only here
        text = withheld.put_back(text, proposal.envelope.words)
    return Answer(text=text, citations=(), supported=False, made=f"Sent to {host}")


def _send(home: Home, sent: Sent, url: str, body: str) -> Iterator[str]:
    """A courier for this one request, and gone after it."""
    if not home.flag("cloud.enabled"):
        raise Refused("asking elsewhere is switched off", where=url, remedy="Settings, cloud.enabled")
    courier = home.courier()
    sent.bytes = len(body.encode())  # from here on it may have left, whatever goes wrong
    try:
        for step in courier.stream(Cloud.complete, url=url, body=body, key=home.secrets.get("cloud")):
            if isinstance(step, Token):
                yield step.text
            else:
                sent.bytes = step.bytes_out
    finally:
        courier.stop()


def _busy(home: Home, start: datetime, end: datetime) -> tuple[str, ...]:
    return tuple(event.title for event in home.agenda.between(start, end))


def undo(home: Home, *, journal_id: int = 0) -> JournalEntry:
    """Undo one deed, or with 0 the last that can be.

    Raises NotFound where there is none, and Refused where it cannot be undone or what it made was
    changed since.
    """
    entry = home.journal.entry(journal_id) if journal_id else _last_undoable(home)
    if not entry.undoable:
        raise Refused(
            "that cannot be undone", where=f"entry {entry.id}, {entry.state}", remedy="see the journal"
        )
    sent = Sent()
    try:
        registry.undo(entry.what.removeprefix("action:"), home.journal.undo_data(entry.id), world(home, sent))
    except BaseException:
        if sent.bytes:
            home.journal.add("undo", entry.summary, "failed", bytes_out=sent.bytes)
        raise
    home.journal.mark(entry.id, "undone")
    home.journal.add("undo", entry.summary, "done", bytes_out=sent.bytes)
    return home.journal.entry(entry.id)


def shown(home: Home, *, journal_id: int) -> Proposal:
    """The proposal that a deed carried out. Raises NotFound where there is none any more."""
    if sha256 := home.journal.shown(journal_id):
        return home.user.proposal(sha256)
    raise NotFound(
        "what was approved is not kept",
        where=f"entry {journal_id}",
        remedy="the journal's line says what it was",
    )


def _last_undoable(home: Home) -> JournalEntry:
    last = next((entry for entry in home.journal.list(limit=EVERY_ENTRY) if entry.undoable), None)
    if last is None:
        raise NotFound("there is nothing to undo", remedy="see the journal")
    return last
