"""Opening and closing a person's Homebody: key, files, processes, settings; and how it all is."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
import psutil
import tzlocal

from app.core.errors import BadModel, Damaged, HomebodyError, Locked, NoSpace
from app.core.models import TaskState
from app.core.paths import Paths
from app.core.types import Check, ProcessState, Status
from app.flows import evaluating, forget
from app.flows.context import Home
from app.model import catalog
from app.model.contract import LanguageModel, Loading
from app.model.supervisor import Specialists
from app.store import doctor as store_doctor
from app.store import turn
from app.store.agenda import Agenda
from app.store.conversations import Conversations
from app.store.db import open_index, open_user, set_aside
from app.store.filling import Filling
from app.store.hats import Corrections, OwnAdapters
from app.store.index import Index
from app.store.journal import Journal
from app.store.people import People
from app.store.rarity import Rarity
from app.store.search import Searcher
from app.store.user import User, snapshot
from app.store.vault import Secrets, Vault
from app.store.vectors import VectorIndex
from app.workers.launcher import LaunchedWorker
from app.workers.reader import LIMITS
from app.workers.sandbox import Limits
from app.workers.worker import Caller, Worker, rss

COURIER_LIMITS = Limits(network=True, wall=120.0)


def create(paths: Paths, passphrase: str, launcher: int) -> tuple[str, Home]:
    """A new store; returns its recovery code, which is kept nowhere, and the open home."""
    vault = Vault(paths)
    key, code = vault.create(passphrase=passphrase)
    home = _home(paths, vault, key, launcher)
    paths.locked_mark.unlink(missing_ok=True)
    home.journal.add("unlock", "a new store was made", "done")
    return code, home


def unlock(paths: Paths, passphrase: str, launcher: int, *, asked: bool) -> Home:
    """Raises Locked where the person locked it and has not asked to open it again, and all the vault does."""
    if paths.locked_mark.exists() and not (asked or passphrase):
        raise Locked("Homebody is locked", where=str(paths.data), remedy="homebody unlock")
    vault = Vault(paths)
    key = turn.finish(paths, vault, vault.open(passphrase=passphrase))  # where a change of it was cut short
    home = _home(paths, vault, key, launcher)
    with contextlib.suppress(OSError):  # a read-only disk keeps the mark
        paths.locked_mark.unlink(missing_ok=True)  # only now: a wrong passphrase leaves it locked
    try:
        with contextlib.suppress(NoSpace):  # on a full disk one can still search, and make room
            home.journal.add("unlock", "opened", "done")
            snapshot(paths, home.user)
    except BaseException:  # damage that shows only now
        close(home)
        raise
    return home


def reopen(paths: Paths, key: bytes, launcher: int) -> Home:
    """After the files were closed for a moment, by whoever had them open."""
    vault = Vault(paths)
    return _home(paths, vault, turn.finish(paths, vault, key), launcher)


def stay_locked(paths: Paths) -> None:
    paths.locked_mark.touch()


def kill(home: Home) -> None:
    """Every process at once, whatever it is doing: the store is locked."""
    for state in home.specialists.processes():
        if state.pid:
            home.specialists.kill(state.name)
    for reader in (home.reader, *home.spare):
        reader.kill("Homebody was locked")


def close(home: Home) -> None:
    """The processes stop, then the files close; one that cannot does not keep the others."""
    home.ending.close()


def _home(paths: Paths, vault: Vault, key: bytes, launcher: int) -> Home:
    """An index whose damage shows only at the first rows that are read is begun anew as well."""
    try:
        return _whole(paths, vault, key, launcher)
    except Damaged as error:
        if error.where != str(paths.index_db):
            raise
        set_aside(paths.index_db)
        return _whole(paths, vault, key, launcher)


def _whole(paths: Paths, vault: Vault, key: bytes, launcher: int) -> Home:
    with contextlib.ExitStack() as opened:  # what opens before another fails is closed again
        home = _parts(paths, vault, key, launcher, opened)
        configure(home)
        home.vectors.warm()
        return replace(home, ending=opened.pop_all())


def _parts(paths: Paths, vault: Vault, key: bytes, launcher: int, opened: contextlib.ExitStack) -> Home:
    log = opened.enter_context(_log(paths))
    user_db = opened.enter_context(contextlib.closing(open_user(paths, key)))  # first: see there
    index_db = opened.enter_context(contextlib.closing(open_index(paths, key)))
    index = Index(index_db, user_db)
    adapters = OwnAdapters(user_db)
    specialists = Specialists(paths, own=adapters.worn, log=log)
    opened.callback(specialists.stop_all)
    readers = [
        Worker("reader", "app.workers.reader:service", limits=LIMITS, log=log) for _ in range(_readers())
    ]
    for each in readers:
        opened.callback(each.stop)
    vectors = VectorIndex(index_db)
    opened.callback(vectors.close)
    filling = Filling(index_db)
    opened.callback(filling.close)
    filling.start()

    def courier() -> Caller:
        return LaunchedWorker(
            "courier", "app.courier.service:service", launcher=launcher, limits=COURIER_LIMITS
        )

    return Home(
        paths=paths,
        index=index,
        vectors=vectors,
        searcher=Searcher(index_db, vectors),
        user=User(user_db),
        journal=Journal(user_db),
        conversations=Conversations(user_db),
        people=People(index_db),
        rarity=Rarity(index_db),
        agenda=Agenda(index_db),
        adapters=adapters,
        corrections=Corrections(user_db),
        secrets=Secrets(vault, user_db),
        specialists=specialists,
        reader=readers[0],
        spare=tuple(readers[1:]),
        courier=courier,
        zone=tzlocal.get_localzone(),
        clock=lambda: datetime.now(UTC),
    )


def _readers() -> int:
    """How many read at once: two, and more where there are many processors."""
    return max(2, min(4, (os.cpu_count() or 1) // 2))


def _log(paths: Paths) -> IO[bytes]:
    try:
        return (paths.logs / "workers.log").open("ab", buffering=0)
    except OSError:  # the disk is full or read-only: one can do without
        return Path(os.devnull).open("ab", buffering=0)


def configure(home: Home) -> None:
    """Let the processes follow the settings."""
    base = home.setting("model.base")
    home.specialists.configure(
        base=base,
        runs_on=home.setting("model.backend"),
        loading=msgspec.convert(
            {name: home.setting(f"model.{name}") for name in Loading.__struct_fields__}, Loading, strict=False
        ),
        idle_s=60 * int(home.setting("model.idle_minutes")),
        budget=int(home.setting("model.memory_mb")) * 1024 * 1024 or psutil.virtual_memory().total // 2,
        embedding=home.setting("model.embedder"),
    )


def status(paths: Paths, home: Home | None) -> Status:
    vault = Vault(paths)
    if home is None:
        return Status(vault=vault.state(), key_place=vault.place())
    counts = home.index.counts()
    return Status(
        vault="open",
        key_place=vault.place(),
        items=counts.items,
        passages=counts.passages,
        embedded=counts.embedded,
        indexing=home.indexing.locked(),
        model=home.setting("model.base"),
        cloud=home.setting("cloud.url") if home.flag("cloud.enabled") else "",
        first_run=not home.index.sources(),
        prompt_only=prompt_only(home),
        writable=home.index.db.writable and home.user.db.writable,
    )


def prompt_only(home: Home) -> tuple[str, ...]:
    """The tasks for which no adapter fits the base in use, neither a shipped one nor the person's own."""
    try:
        base = catalog.sha256_of(home.paths, catalog.find(home.paths, home.setting("model.base")))
    except HomebodyError:
        return ()  # the base is not here: that is said where it is used
    return tuple(name for name in evaluating.names(home.paths) if _alone(home, name, base))


def _alone(home: Home, name: str, base: str) -> bool:
    try:
        task = evaluating.task_of(home.paths, name)
    except BadModel:
        return False  # it is refused, which is said where tasks are listed
    return task.weights_for(base) is None and home.adapters.active(name, base) is None


def tasks(home: Home) -> tuple[TaskState, ...]:
    """What each hat is, now that the language model has loaded and checked them all."""
    return home.specialists.llm().call(LanguageModel.info).tasks


def processes(home: Home | None) -> tuple[ProcessState, ...]:
    own = ProcessState(name="engine", pid=os.getpid(), rss=rss(os.getpid()))
    if home is None:
        return (own,)
    pids = [pid for reader in (home.reader, *home.spare) if (pid := reader.pid)]
    readers = [ProcessState(name="reader", pid=pid, rss=rss(pid)) for pid in pids]
    return (own, *home.specialists.processes(), *readers)


def doctor(paths: Paths, home: Home) -> Iterator[Check]:
    """Every part of the store and of the model, checked and where possible mended."""
    if ended := forget.resume(home):
        yield Check(name="forget", state="healed", detail=f"{ended} that were cut short are finished")
    yield from store_doctor.check(home.index, home.user, home.vectors)
    yield _code(paths)
    for task in tasks(home):
        state = "bad" if task.faults else "ok"
        yield Check(name=f"task {task.name}", state=state, detail="; ".join(task.faults) or task.state)
    for source in home.index.sources():
        if source.fault:
            yield Check(name="account", state="bad", detail=f"{source.path}: {source.fault}")
    missing = [s.path for s in home.index.sources() if s.missing]
    for path in missing:
        yield Check(
            name="source", state="bad", detail=f"{path} is not there", remedy="plug the disk in, or remove it"
        )


def _code(paths: Paths) -> Check:
    """A change of the key that was cut short left a recovery code that nobody has seen."""
    if Vault(paths).unseen():
        return Check(
            name="recovery code",
            state="bad",
            detail="the key was changed, and nobody has seen the recovery code that fits",
            remedy="homebody key code",
        )
    return Check(name="recovery code", state="ok", detail="it was shown when the key was made")
