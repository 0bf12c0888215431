"""What each command does: call the engine, show its steps, ask for a yes where one is needed."""

from __future__ import annotations

import argparse
import contextlib
import getpass
import os
import re
import sys
import threading
from collections.abc import Callable, Generator
from pathlib import Path

from app.cli import hats, keeping, sources
from app.cli.session import PASSPHRASE, engine
from app.cli.show import Screen, show
from app.core.api import Admin, Deeds, Endpoint, Sources, Vault, Verbs
from app.core.errors import HomebodyError, NotFound, UsageFault
from app.core.paths import Paths
from app.core.types import Nothing, Proposal, Scope
from app.workers.worker import Caller
from indexers._text import decode_file

_URI = re.compile(r"(?:mid|event|contact|file|https?|imaps?):")
SLOW_S = 1.5  # of a search before it is said what it waits for
Command = Callable[[Caller, argparse.Namespace, Screen], int]


def run(options: argparse.Namespace, paths: Paths) -> int:
    """Run the command that was given; raises HomebodyError."""
    screen = Screen(as_json=options.json)
    if options.command == "demo":
        from app.cli import tour

        return tour.tour(screen)
    if options.command == "bench":
        from app.cli import bench

        return bench.bench(
            options.what,
            screen,
            passages=options.passages,
            mails=options.mails,
            count=options.count,
            keep=options.keep,
        )
    name = options.command
    rescue = keeping.rescue(options, screen) if name == "doctor" else None
    options.passphrase, options.data_folder = os.environ.get(PASSPHRASE, ""), paths.data
    with engine(paths, open_vault=name not in _CLOSED, asked=name == "unlock", rescue=rescue) as (
        caller,
        code,
    ):
        if code:
            screen.note(f"A new encrypted store was made in {paths.data}.")
            screen.note(f"Recovery code (shown once, keep it):\n  {code}")
        return COMMANDS[name](caller, options, screen)


def _index(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    if not caller.call(Sources.list):
        raise NotFound(
            "there is nothing to index",
            remedy="homebody sources discover, then homebody sources add KIND PATH",
        )
    show(screen, caller.stream(Sources.index, watch=options.watch, words=options.words))
    return 0


def _search(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    query, scope = " ".join(options.query), _scope(options)
    if not query.strip():
        raise UsageFault("what is searched for?", remedy="some words: homebody search leek soup")
    slow = threading.Timer(SLOW_S, screen.note, ["The embedder is started first (--words does without it)."])
    if not options.words:
        slow.start()
    try:
        hits = caller.call(Verbs.search, query=query, scope=scope, k=options.k, words=options.words)
    finally:
        slow.cancel()
    screen.records(hits, none="nothing was found")
    return 0


def _ask(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    question, scope = " ".join(options.question), _scope(options)
    if options.cloud:
        return _decide(caller, caller.stream(Verbs.heavy, question=question, scope=scope), options, screen)
    show(screen, caller.stream(Verbs.ask, question=question, scope=scope))
    return 0


def _summarize(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    if _URI.match(options.file):
        show(screen, caller.stream(Verbs.summarize, uri=options.file))
    else:
        show(screen, caller.stream(Verbs.summarize, text=_input(options.file)))
    return 0


def _draft(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    steps = caller.stream(
        Verbs.draft,
        say=options.say,
        reply_to=options.reply_to,
        to=tuple(options.to),
        subject=options.subject,
    )
    return _decide(caller, steps, options, screen)


def _rewrite(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    show(screen, caller.stream(Verbs.rewrite, text=_input(options.file), style=options.style))
    return 0


def _act(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    return _decide(caller, caller.stream(Verbs.act, text=" ".join(options.text)), options, screen)


def _decide(
    caller: Caller, steps: Generator[object, None, None], options: argparse.Namespace, screen: Screen
) -> int:
    """Show a stream; when it ends in a proposal, perform it only after a yes."""
    last = show(screen, steps)
    if not isinstance(last, Proposal):
        return 1 if isinstance(last, Nothing) else 0
    if not (options.yes or screen.yes("Do it?")):
        if not screen.as_json:
            screen.note("Nothing was done; --yes approves what is shown.")
        return 0
    approval = caller.call(Deeds.approve, sha256=last.sha256)
    show(screen, caller.stream(Deeds.perform, token=approval.token))
    return 0


def _undo(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    screen.record(caller.call(Deeds.undo, journal_id=options.id))
    return 0


def _journal(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    screen.records(caller.call(Deeds.journal, limit=1000), none="the journal is empty")
    return 0


def _models(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    if options.action != "list" and not options.key:
        raise UsageFault("which model?", remedy="a key of `homebody models`, or the path of a GGUF file")
    if options.action == "list" and options.key:
        raise UsageFault("list takes no model", where=options.key, remedy="homebody models lists them all")
    match options.action:
        case "use":
            key = sources.place(options.key) if Path(options.key).expanduser().is_file() else options.key
            screen.record(caller.call(Admin.use_model, key=key))
            if alone := caller.call(Vault.status).prompt_only:
                screen.note(f"No adapter fits this base for {', '.join(alone)}: by prompt only.")
        case "get":
            return _decide(caller, caller.stream(Admin.get_model, key=options.key), options, screen)
        case "remove":
            screen.record(caller.call(Admin.remove_model, key=options.key))
        case _:
            screen.records(caller.call(Admin.models), none="the catalog is empty")
            screen.records(caller.call(Admin.processes), none="")
    return 0


def _settings(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    if options.value is not None:
        try:
            screen.record(caller.call(Admin.set, key=options.key, value=options.value))
        except UsageFault as fault:
            remedy = "homebody settings shows them all, with what each takes"
            raise UsageFault(fault.message, where=fault.where, remedy=remedy) from None
        return 0
    states = [s for s in caller.call(Admin.settings) if options.key in ("", s.key)]
    if not states:
        raise UsageFault("no such setting", where=options.key, remedy="homebody settings shows them all")
    screen.records(states, none="")
    return 0


def _cloud_key(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    key = getpass.getpass("Key of the cloud endpoint: ") if sys.stdin.isatty() else _input("-")
    caller.call(Admin.cloud_key, key=key.strip())
    screen.note("kept" if key.strip() else "forgotten")
    return 0


def _serve(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    port = options.port
    if port is None:
        port = int(next(s.value for s in caller.call(Admin.settings) if s.key == "serve.port"))
    with contextlib.suppress(KeyboardInterrupt):
        show(screen, caller.stream(Endpoint.serve, port=port, fresh=options.new_token))
    return 0


def _lock(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    caller.call(Vault.lock)
    screen.note("locked")
    return 0


def _unlock(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    screen.record(caller.call(Vault.status))
    return 0


def _scope(options: argparse.Namespace) -> Scope:
    if options.after and options.before and options.after >= options.before:
        raise UsageFault(
            "that time ends before it begins",
            where=f"{options.after:%Y-%m-%d}",
            remedy="--after is the earlier day",
        )
    if not all(person.strip() for person in options.person):
        raise UsageFault("who is meant?", where="--person", remedy="a name, or a mail address")
    return Scope(
        sources=tuple(options.source),
        people=tuple(options.person),
        after=options.after,
        before=options.before,
    )


def _input(name: str) -> str:
    """The text of a file or of standard input, in whatever charset; raises HomebodyError where it is none."""
    if not name:
        raise UsageFault("which file?", remedy="its path, or - for standard input")
    if name != "-":
        data = Path(name).expanduser().read_bytes()
    else:
        data = sys.stdin.buffer.read() if sys.stdin is not None else b""  # closed: nothing is given
    text = decode_file(data)
    if text is None:
        raise HomebodyError("that is not a text file", where=name, remedy="give a text, or index the file")
    return text


_CLOSED = ("lock", "restore", "delete-everything")  # these need no open store
COMMANDS: dict[str, Command] = {
    "sources": sources.run,
    "index": _index,
    "search": _search,
    "ask": _ask,
    "summarize": _summarize,
    "draft": _draft,
    "rewrite": _rewrite,
    "act": _act,
    "undo": _undo,
    "journal": _journal,
    "tasks": hats.tasks,
    "teach": hats.teach,
    "models": _models,
    "settings": _settings,
    "cloud-key": _cloud_key,
    "serve": _serve,
    "forget": keeping.forget,
    "key": keeping.key,
    "backup": keeping.backup,
    "restore": keeping.restore,
    "export": keeping.export,
    "delete-everything": keeping.delete_everything,
    "lock": _lock,
    "unlock": _unlock,
    "doctor": keeping.doctor,
}
