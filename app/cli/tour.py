"""The main job in a terminal: index the demo person, ask, summarize a thread, draft, propose, undo."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

import msgspec

from app.cli.session import PASSPHRASE, engine
from app.cli.show import Screen, show
from app.core.api import Admin, Deeds, Sources, Verbs
from app.core.errors import NotFound
from app.core.paths import Paths, demo_sources, resources
from app.core.types import Indexed, Proposal, Scope
from app.workers.worker import Caller


class Tour(msgspec.Struct, frozen=True, kw_only=True):
    """``resources/demo/tour.json``: what is shown, about the fictional person's data."""

    name: str
    address: str
    questions: tuple[str, ...]
    thread: str
    reply_to: str
    say: str
    act: str


def read_tour() -> Tour:
    """Raises NotFound where the program's own files are incomplete."""
    path = resources() / "demo" / "tour.json"
    if not path.is_file():
        raise NotFound("the demo data is missing", where=str(path), remedy="install Homebody again")
    return msgspec.json.decode(path.read_bytes(), type=Tour)


def tour(screen: Screen) -> int:
    """Runs on a store of its own that is gone afterwards; returns the exit code."""
    plan = read_tour()
    with tempfile.TemporaryDirectory(prefix="homebody-demo-") as folder:
        os.environ[PASSPHRASE] = secrets.token_urlsafe(24)  # no keyring needed: the store ends with the tour
        with engine(Paths(Path(folder))) as (caller, _):
            _index(caller, plan, screen)
            _ask(caller, plan, screen)
            _write(caller, plan, screen)
            _act(caller, plan, screen)
    return 0


def _head(screen: Screen, text: str) -> None:
    if not screen.as_json:
        screen.note(f"\n── {text}")


def _index(caller: Caller, plan: Tour, screen: Screen) -> None:
    _head(screen, f"Reading the mail, notes, calendar and photos of {plan.name}")
    caller.call(Admin.set, key="you.name", value=plan.name)
    caller.call(Admin.set, key="you.address", value=plan.address)
    for kind, path in demo_sources():
        caller.call(Sources.add, kind=kind, path=str(path))
    for step in caller.stream(Sources.index):
        if screen.as_json or not isinstance(step, Indexed):
            screen.step(step)


def _ask(caller: Caller, plan: Tour, screen: Screen) -> None:
    for question in plan.questions:
        _head(screen, question)
        show(screen, caller.stream(Verbs.ask, question=question, scope=Scope()))


def _write(caller: Caller, plan: Tour, screen: Screen) -> None:
    _head(screen, "Summarize a thread")
    show(screen, caller.stream(Verbs.summarize, uri=plan.thread))
    _head(screen, f"Draft a reply: {plan.say}")
    show(screen, caller.stream(Verbs.draft, reply_to=plan.reply_to, say=plan.say))


def _act(caller: Caller, plan: Tour, screen: Screen) -> None:
    _head(screen, plan.act)
    last = show(screen, caller.stream(Verbs.act, text=plan.act))
    if isinstance(last, Proposal):
        screen.note("Nothing happens before a yes. Here the tour says yes, then undoes it.")
        approval = caller.call(Deeds.approve, sha256=last.sha256)
        show(screen, caller.stream(Deeds.perform, token=approval.token))
        screen.record(caller.call(Deeds.undo))
