"""Commands on what is kept: mend it, forget, the key, backup and restore, export, delete everything."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.cli.show import Screen
from app.core.api import Admin, Copies, Forgetting, Keys, Vault
from app.core.errors import UsageFault
from app.core.types import Check
from app.workers.worker import Caller


def arguments(commands: argparse._SubParsersAction[Any], kind: type[argparse.ArgumentParser]) -> None:
    """The commands of this module and their arguments."""
    doctor = commands.add_parser("doctor", help="check and mend everything")
    doctor.add_argument(
        "--restore", action="store_true", help="yes: put back the newest good copy of a damaged user.db"
    )
    key = commands.add_parser("key", help="where the store's key is; keep it elsewhere, change it")
    key.add_argument(
        "action",
        nargs="?",
        default="show",
        choices=("show", "passphrase", "keyring", "change", "code"),
        help="under a new passphrase, in the keyring, a new key, a new recovery code",
    )
    backup = commands.add_parser("backup", help="write settings, conversations and key as one encrypted file")
    backup.add_argument("file", metavar="FILE")
    backup.add_argument("--index", action="store_true", help="with the index, which can be built again")
    restore = commands.add_parser("restore", help="begin a store from a backup")
    restore.add_argument("file", metavar="FILE")
    export = commands.add_parser("export", help="write everything in open formats, in the clear")
    export.add_argument("folder", metavar="DIR", help="a new folder")
    export.add_argument("--yes", action="store_true", help="in the clear is what you want")
    commands.add_parser("delete-everything", help="delete the key and the store; asks for the words")
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


def _place(path: str, what: str) -> str:
    """As seen from here; raises UsageFault for none."""
    if not path.strip():
        raise UsageFault(f"which {what}?", remedy=f"give the path of a {what}")
    return str(Path(path).expanduser().absolute())


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


def key(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    place = caller.call(Vault.status).key_place
    current = options.passphrase or (_asked("Passphrase in use: ") if _needs(options.action, place) else "")
    match options.action:
        case "passphrase":
            screen.record(caller.call(Keys.move, current=current, new=_chosen()))
        case "keyring":
            screen.record(caller.call(Keys.move, current=current))
        case "change":
            _code(screen, caller.call(Keys.change, current=current))
        case "code":
            _code(screen, caller.call(Keys.renew_code, current=current))
        case _:
            screen.record(caller.call(Vault.status))
    return 0


def _needs(action: str, place: str) -> bool:
    return action != "show" and place == "passphrase"


def _code(screen: Screen, code: str) -> None:
    screen.note("Recovery code (shown once, keep it; the one before opens nothing any more):")
    print(code, flush=True)


def _chosen() -> str:
    """A new passphrase: typed twice, or the first line of standard input."""
    if not sys.stdin.isatty():
        words = sys.stdin.readline().rstrip("\r\n")
    else:
        words = _asked("New passphrase: ")
        if words != _asked("Once more: "):
            raise UsageFault("the two passphrases differ", remedy="try again")
    if not words:
        raise UsageFault("no passphrase was given", remedy="type it, or give it as the first line of stdin")
    return words


def _asked(prompt: str) -> str:
    return getpass.getpass(prompt) if sys.stdin.isatty() else ""


def backup(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    file = _place(options.file, "file")
    screen.record(caller.call(Copies.backup, file=file, index=options.index))
    what = (
        "the recovery code" if caller.call(Vault.status).key_place == "keyring" else "the passphrase of now"
    )
    screen.note(f"It opens with {what}.")
    return 0


def restore(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    words = options.passphrase or _asked("Passphrase or recovery code of the backup: ")
    file = _place(options.file, "file")
    screen.record(caller.call(Vault.restore, file=file, passphrase=words))
    screen.note("`homebody index` reads your sources again.")
    return 0


def export(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    folder = _place(options.folder, "folder")
    if not (
        options.yes or screen.yes(f"Write everything to {folder}, readable by anybody who gets the files?")
    ):
        raise UsageFault("nothing was written", remedy="--yes says that you want it in the clear")
    screen.record(caller.call(Copies.export, folder=folder))
    return 0


def delete_everything(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    screen.note(
        f"This deletes the key and all that is kept in {options.data_folder}; no copy opens it again."
    )
    screen.note("Your mails, notes, events and photos themselves stay where they are.")
    if sys.stdin.isatty():
        sys.stderr.write("Type `delete everything`: ")
        sys.stderr.flush()
    left = caller.call(Vault.delete_everything, words=sys.stdin.readline())
    screen.note("deleted" + (", but for what you had written there:" if left else ""))
    for path in left:
        screen.note(f"  {path}")
    return 0
