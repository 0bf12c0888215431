"""Commands on what is read: add and remove, what is found here, what was skipped, what is left out, pause."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.cli import accounts
from app.cli.show import Screen, source_table
from app.core.api import Forgetting, Sources
from app.core.errors import NotFound, UsageFault
from app.workers.worker import Caller
from indexers.registry import sources as kinds


def arguments(
    commands: argparse._SubParsersAction[Any],
    kind: type[argparse.ArgumentParser],
    account: Callable[[argparse.ArgumentParser], None],
) -> None:
    """``sources`` with all its actions; ``account`` adds what is asked of an account."""
    sources = commands.add_parser("sources", help="what is read, skipped and left out")
    words = "list|discover|add|remove|skipped|exclude|excluded|include|pause|resume"
    actions = sources.add_subparsers(dest="action", required=True, metavar=words, parser_class=kind)
    actions.add_parser("list", help="what is read, with counts")
    actions.add_parser("discover", help="what is found on this computer that could be read; reads nothing")
    for name in ("add", "remove"):
        one = actions.add_parser(name, help=f"{name} a folder or file")
        one.add_argument("kind", help=f"{', '.join(kinds())}; imap or caldav for an account")
        one.add_argument("path", nargs="?", default="", help="a folder or file, or the address of an account")
        if name == "add":
            account(one)
    skipped = actions.add_parser("skipped", help="files that could not be read, with reasons")
    skipped.add_argument("--again", nargs="?", const="", metavar="URI", help="try it, or all of them, again")
    for name, about in (("exclude", "leave out"), ("include", "let be read again")):
        one = actions.add_parser(name, help=f"{about} a folder or file, a sender, or a pattern of names")
        one.add_argument("path", nargs="?", default="", help="a folder or file")
        one.add_argument("--sender", default="", metavar="ADDRESS", help="an address, or @ and a domain")
        one.add_argument("--pattern", default="", metavar="NAMES", help="as *.log or drafts/old")
        if name == "exclude":
            one.add_argument("--yes", action="store_true", help="remove what it covers without asking")
    actions.add_parser("excluded", help="what is left out")
    actions.add_parser("pause", help="new and changed files wait, until you resume")
    actions.add_parser("resume", help="go on reading new and changed files")


def run(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    """What ``sources`` does."""
    if options.action in ("add", "remove"):
        _sure(options)
    match options.action:
        case "add" if options.kind in accounts.KINDS:
            for one in accounts.add(caller, options):
                screen.record(one)
        case "add":
            screen.record(caller.call(Sources.add, kind=options.kind, path=place(options.path)))
        case "remove":
            known = accounts.known(caller, options) if options.kind in accounts.KINDS else place(options.path)
            gone = caller.call(Sources.remove, kind=options.kind, path=known)
            screen.note(f"{gone:,} items forgotten")
        case "skipped":
            _skipped(caller, options, screen)
        case "discover":
            screen.records(caller.stream(Sources.discover), none="nothing was found in the usual places")
        case "exclude" | "include":
            _exclude(caller, options, screen)
        case "excluded":
            screen.records(caller.call(Forgetting.exclusions), none="nothing is left out")
        case "pause" | "resume":
            caller.call(Sources.pause, on=options.action == "pause")
            screen.note("paused: homebody sources resume" if options.action == "pause" else "resumed")
        case _:
            _list(caller, screen)
    return 0


def _list(caller: Caller, screen: Screen) -> None:
    states = caller.call(Sources.list)
    if screen.as_json or not states:
        screen.records(states, none="no sources yet: homebody sources discover")
        return
    print(source_table(states), flush=True)
    if any(state.skipped for state in states):
        screen.note("What could not be read, and why: homebody sources skipped")


def _sure(options: argparse.Namespace) -> None:
    """Raises UsageFault for a kind that there is none of, and for what is not said of a folder."""
    if options.kind in accounts.KINDS:
        return
    known = ", ".join((*kinds(), *accounts.KINDS))
    if options.kind not in kinds():
        raise UsageFault(f"no such kind of source: {options.kind[:60]}", remedy=f"one of: {known}")
    usage = f"homebody sources {options.action} {options.kind} PATH"
    if not options.path.strip():
        raise UsageFault("which folder or file?", remedy=usage)
    if options.action == "add" and any(
        (options.user, options.host, options.port, options.starttls, options.folder, options.oauth2)
    ):
        raise UsageFault("only an account (imap, caldav) has a user or a server", remedy=usage)


def _skipped(caller: Caller, options: argparse.Namespace, screen: Screen) -> None:
    if options.again is None:
        screen.records(caller.call(Sources.skipped), none="nothing was skipped")
        return
    files = caller.call(Sources.retry, uri=options.again)
    if options.again and not files:
        raise NotFound(
            "no file that could not be read",
            where=options.again,
            remedy="homebody sources skipped shows them; what is left out by its name is not tried",
        )
    screen.note(f"{files:,} file{'' if files == 1 else 's'} will be tried again at the next `homebody index`")


def _exclude(caller: Caller, options: argparse.Namespace, screen: Screen) -> None:
    given = {"path": options.path, "sender": options.sender, "pattern": options.pattern}
    asked = [(kind, value) for kind, value in given.items() if value]
    if len(asked) != 1:
        raise UsageFault(
            "what is to be left out?", remedy="give one PATH, --sender ADDRESS or --pattern NAMES"
        )
    kind, value = asked[0]
    value = place(value) if kind == "path" else value
    if options.action == "include":
        caller.call(Forgetting.again, kind=kind, value=value)
        screen.note("It is read again at the next `homebody index`.")
        return
    items = caller.call(Forgetting.covered, kind=kind, value=value)
    covers = f"{items:,} item{'' if items == 1 else 's'}"
    if items and not (
        options.yes or screen.yes(f"This removes {covers} from Homebody; the files stay. Do it?")
    ):
        raise UsageFault("nothing was left out", where=f"it covers {covers}", remedy="--yes removes them")
    screen.record(caller.call(Forgetting.forget, kind=kind, value=value))


def place(path: str) -> str:
    """A path as seen from here: the engine may be another program's, started in another folder."""
    return str(Path(path).expanduser().absolute())
