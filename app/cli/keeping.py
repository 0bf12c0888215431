"""Commands on what is kept: forget, and let be read again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.show import Screen
from app.core.api import Forgetting
from app.core.errors import UsageFault
from app.workers.worker import Caller


def arguments(commands: argparse._SubParsersAction[Any], kind: type[argparse.ArgumentParser]) -> None:
    """The commands of this module and their arguments."""
    forget = commands.add_parser(
        "forget", help="remove an item, a sender or a path from everything, for good"
    )
    forget.add_argument("uri", nargs="?", default="", metavar="URI", help="an item, as search shows it")
    forget.add_argument("--sender", default="", metavar="ADDRESS", help="all mails and events from there")
    forget.add_argument("--source", default="", metavar="PATH", help="a source, or a folder or file of one")
    forget.add_argument("--list", action="store_true", help="what is never read again")
    forget.add_argument("--again", action="store_true", help="let it be read again instead")


def forget(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    if options.list:
        screen.records(caller.call(Forgetting.exclusions), none="nothing is excluded")
        return 0
    given = {"item": options.uri, "sender": options.sender, "path": options.source}
    asked = [(kind, value) for kind, value in given.items() if value]
    if len(asked) != 1:
        raise UsageFault("what is to be forgotten?", remedy="give one URI, --sender ADDRESS or --source PATH")
    kind, value = asked[0]
    if kind == "path":
        value = str(Path(value).expanduser().absolute())
    if options.again:
        caller.call(Forgetting.again, kind=kind, value=value)
        screen.note("It is read again at the next `homebody index`.")
    else:
        screen.record(caller.call(Forgetting.forget, kind=kind, value=value))
    return 0
