"""One command's engine: our own process, or the one a running Homebody has already."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from collections.abc import Callable, Iterator

from app.core.api import Vault
from app.core.errors import AnotherInstance, Damaged, Locked, UsageFault
from app.core.paths import Paths
from app.workers import sandbox
from app.workers.attach import Attached
from app.workers.launcher import start_launcher
from app.workers.worker import Caller, Worker

PASSPHRASE = "HOMEBODY_PASSPHRASE"
Rescue = Callable[[Caller, str], bool]


@contextlib.contextmanager
def engine(
    paths: Paths, *, open_vault: bool = True, asked: bool = False, rescue: Rescue | None = None
) -> Iterator[tuple[Worker | Attached, str]]:
    """The engine, with the store open (made when there is none), and the recovery code if it is new.

    ``rescue`` is asked to mend a store that is too damaged to open; it is tried again after it.
    Raises Locked or WrongPassphrase, Damaged, and AnotherInstance where the folder's owner does
    not answer.
    """
    passphrase = os.environ.pop(PASSPHRASE, "")  # children of ours have no use for it
    launcher = start_launcher()
    sandbox.deny_network()
    worker: Worker | Attached = Worker(
        "engine",
        "app.engine:service",
        config={"data": str(paths.data), "launcher": launcher},
        pass_fds=(launcher,) if launcher >= 0 else (),
    )
    try:
        try:
            status = worker.call(Vault.status)
        except AnotherInstance:
            worker = Attached(paths.socket("engine"))
            status = worker.call(Vault.status)
        code = ""
        if open_vault and status.vault == "new":
            code = _create(worker, passphrase)
        elif open_vault and status.vault == "locked":
            words = passphrase or _typed("Passphrase: ", wanted=status.key_place != "keyring")
            _unlock(worker, words, asked=asked, rescue=rescue)
            status = worker.call(Vault.status)
        if not status.writable:
            print(
                "homebody: the disk is full or read-only: nothing new is kept until it has room",
                file=sys.stderr,
            )
        yield worker, code
    finally:
        worker.stop()


def _unlock(worker: Caller, words: str, *, asked: bool, rescue: Rescue | None) -> None:
    try:
        worker.call(Vault.unlock, passphrase=words, asked=asked)
    except Damaged:
        if rescue is None or not rescue(worker, words):
            raise
        worker.call(Vault.unlock, passphrase=words, asked=asked)


def _create(worker: Caller, passphrase: str) -> str:
    """A new store; where there is no keyring a person at the terminal may choose a passphrase."""
    try:
        return worker.call(Vault.create, passphrase=passphrase)
    except Locked:
        words = _typed("There is no keyring here. Choose a passphrase: ")
        if not words:
            raise
        if words != _typed("Once more: "):
            raise UsageFault("the two passphrases differ", remedy="try again") from None
        return worker.call(Vault.create, passphrase=words)


def _typed(prompt: str, *, wanted: bool = True) -> str:
    """What a person at the terminal types, unseen; empty where nobody is there to type."""
    return getpass.getpass(prompt) if wanted and sys.stdin.isatty() else ""
