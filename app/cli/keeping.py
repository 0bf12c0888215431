"""Commands on what is kept: check and mend it, forget, and let be read again."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.cli.show import Screen
from app.core.api import Admin, Forgetting, Vault
from app.core.errors import UsageFault
from app.core.types import Check
from app.workers.worker import Caller


def arguments(commands: argparse._SubParsersAction[Any], kind: type[argparse.ArgumentParser]) -> None:
    """The commands of this module and their arguments."""
    doctor = commands.add_parser("doctor", help="check and mend everything")
    doctor.add_argument(
        "--restore", action="store_true", help="yes: put back the newest good copy of a damaged user.db"
    )
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


def doctor(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    checks = _shown(screen, caller.stream(Admin.doctor))
    if any(c.name == "user.db" and c.state == "bad" for c in checks):
        if not (options.restore or screen.yes("Put the newest good copy back?")):
            return 1
        _shown(screen, caller.stream(Vault.put_back))
        checks = _shown(screen, caller.stream(Admin.doctor))
    return 1 if any(c.state == "bad" for c in checks) else 0


def _shown(screen: Screen, checks: Iterable[Check]) -> list[Check]:
    kept = []
    for check in checks:
        screen.record(check)
        kept.append(check)
    return kept


def rescue(options: argparse.Namespace, screen: Screen) -> Callable[[Caller, str], bool]:
    """Say why the store does not open, and put back copies after a yes; False where nothing was changed."""

    def mend(caller: Caller, words: str) -> bool:
        found = _shown(screen, caller.stream(Vault.examine, passphrase=words))
        offered = any(check.remedy and check.state == "ok" for check in found)
        if not offered or not (options.restore or screen.yes("Put the copies back?")):
            return False
        _shown(screen, caller.stream(Vault.put_back, passphrase=words))
        return True

    return mend
