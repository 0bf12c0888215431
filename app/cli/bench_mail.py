"""Mail searchable by words, next to notmuch, mu and Recoll on the same mails: speed, memory, size.

All take turns, each round on an index begun anew. What counts is processor time (user and system, of
every process a program starts) and resident memory (of all of them at once). Only what makes mails
findable by words is measured: the others make no vectors and recognise no text in pictures either.
Ours runs as it does for a person, in the engine that is there for searching; memory is told with
that engine and, as what indexing adds, without what the engine held before.
"""

from __future__ import annotations

import os
import secrets
import shutil
import statistics
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from app.cli import bench_cost
from app.cli.bench_cost import Cost
from app.cli.bench_mails import maildir, mbox
from app.cli.session import PASSPHRASE, engine
from app.core.api import Sources, Verbs
from app.core.errors import NotFound
from app.core.paths import Paths
from app.core.targets import beside
from app.core.types import Done, Figure, Progress, Text, Thinking
from app.workers.worker import Caller
from indexers.mail import likely

COUNT, ROUNDS, AGAIN = 2_000, 3, 3
_SLOW_ROUNDS = 1  # Recoll starts a filter for most mails
_ANSWERS = 5
_TEXT = "The meeting with Ana about the garden is moved to Monday at ten, and Omar brings the plans. " * 6


@dataclass(frozen=True)
class Program:
    """Another program: how an empty index in a folder is made for a Maildir, and then filled."""

    name: str
    package: str
    command: str
    prepare: Callable[[Path, Path], None]  # index folder, Maildir
    words: Callable[[Path, Path], tuple[list[str], dict[str, str]]]
    index: str
    rounds: int = ROUNDS


@dataclass
class _Measured:
    """All rounds of one program."""

    first: list[Cost] = field(default_factory=list)
    again: list[float] = field(default_factory=list)  # processor seconds
    idle: int = 0  # bytes it holds without indexing
    size: int = 0  # bytes of its index

    @property
    def cpu(self) -> float:
        return statistics.median(cost.cpu for cost in self.first)

    @property
    def memory(self) -> int:
        return max(cost.memory for cost in self.first)


def bench(folder: Path, *, mails: Path | None = None, count: int = COUNT) -> Iterator[Figure]:
    """One figure a measure and program; a program that is not installed is one line that says so.

    ``mails`` is a folder of single mails to measure with; without it ``count`` of the demo person's are made.
    """
    source = _copied(mails, folder / "Maildir") if mails else maildir(folder / "Maildir", count)
    number = sum(1 for _ in (source / "cur").iterdir())
    here = [program for program in PROGRAMS if shutil.which(program.command)]
    for missing in (program for program in PROGRAMS if program not in here):
        how = f"not installed: apt install {missing.package}"
        yield Figure(name=f"mail, {missing.name}", value=0, unit="rounds", how=how)
    ours, theirs = _Measured(), {program.name: _Measured() for program in here}
    for n in range(ROUNDS):
        _ours(folder / f"homebody-{n}", source, ours)
        for program in here:
            if n < program.rounds:
                _theirs(program, folder / f"{program.name}-{n}", source, theirs[program.name])
    for name, values in {"homebody": ours, **theirs}.items():
        yield from _figures(name, values, number)
    for name, values in theirs.items():
        yield from map(beside, _ratios(ours, name, values))
    if theirs:
        least = min(values.memory for values in theirs.values())
        ratio = ours.memory / least
        yield beside(Figure(name="mail, memory: homebody / the leanest", value=ratio, unit="x"))
    yield from _mailbox(folder, source, number)
    yield from _foreground(folder, source)


def _copied(mails: Path, folder: Path) -> Path:
    """A person's mails as a Maildir, since that is what all of the programs read."""
    found = sorted(path for path in mails.rglob("*") if path.is_file() and likely(path, _head(path)))
    if not found:
        raise NotFound(
            "there are no mails to measure with", where=str(mails), remedy="give a folder of mails"
        )
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    for n, path in enumerate(found):
        shutil.copyfile(path, folder / "cur" / f"{1_700_000_000 + n}.{n}.bench:2,S")
    return folder


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4096)


def _figures(name: str, values: _Measured, mails: int) -> Iterator[Figure]:
    rounds = f"{mails} mails, {len(values.first)} rounds"
    yield Figure(name=f"mail, {name}: words", value=mails / values.cpu, unit="mails/CPU-s", how=rounds)
    yield Figure(name=f"mail, {name}: memory", value=values.memory / 2**20, unit="MB", how="peak")
    if values.idle:
        added = (values.memory - values.idle) / 2**20
        yield Figure(name=f"mail, {name}: memory that indexing adds", value=added, unit="MB", how="peak")
    yield Figure(name=f"mail, {name}: index", value=values.size / 2**20, unit="MB")
    again = statistics.median(values.again) * 1000
    yield Figure(name=f"mail, {name}: nothing changed", value=again, unit="CPU-ms")


def _ratios(ours: _Measured, name: str, theirs: _Measured) -> Iterator[Figure]:
    again = statistics.median(ours.again) / statistics.median(theirs.again)
    for what, value in (
        ("speed", theirs.cpu / ours.cpu),
        ("memory", ours.memory / theirs.memory),
        ("memory that indexing adds", (ours.memory - ours.idle) / theirs.memory),
        ("index", ours.size / theirs.size),
        ("nothing changed", again),
    ):
        yield Figure(name=f"mail, {what}: homebody / {name}", value=value, unit="x")


# --- ours ----------------------------------------------------------------------------------------


@contextmanager
def _engine(folder: Path) -> Iterator[Caller]:
    os.environ[PASSPHRASE] = secrets.token_urlsafe(24)  # the store ends with its round
    with engine(Paths(folder)) as (caller, _):
        yield caller


def _index(caller: Caller) -> None:
    for step in caller.stream(Sources.index, words=True):
        if isinstance(step, Done):
            return


def _ours(folder: Path, source: Path, into: _Measured) -> None:
    with _engine(folder) as caller:
        caller.call(Sources.add, kind="mail", path=str(source))
        into.idle = bench_cost.of_ours(lambda: caller.call(Sources.list)).memory
        into.first.append(bench_cost.of_ours(lambda: _index(caller)))
        into.again += [bench_cost.of_ours(lambda: _index(caller)).cpu for _ in range(AGAIN)]
    into.size = sum(file.stat().st_size for file in folder.glob("index.db*"))


def _mailbox(folder: Path, source: Path, mails: int) -> Iterator[Figure]:
    """The same mails in one mailbox file, which notmuch and mu do not read."""
    with _engine(folder / "homebody-mbox") as caller:
        box = mbox(folder / "mails.mbox", source)
        caller.call(Sources.add, kind="mail", path=str(box))
        cost = bench_cost.of_ours(lambda: _index(caller))
        yield Figure(name="mail, homebody: words, one mbox file", value=mails / cost.cpu, unit="mails/CPU-s")


# --- theirs --------------------------------------------------------------------------------------


def _theirs(program: Program, folder: Path, source: Path, into: _Measured) -> None:
    folder.mkdir()
    program.prepare(folder, source)
    words, environment = program.words(folder, source)
    into.first.append(bench_cost.of_command(words, environment))
    into.again += [bench_cost.of_command(words, environment).cpu for _ in range(AGAIN)]
    into.size = bench_cost.size(folder / program.index)


def _notmuch(folder: Path, source: Path) -> None:
    (folder / "index").mkdir()
    (folder / "config").write_text(
        f"[database]\npath={folder / 'index'}\nmail_root={source}\n[new]\ntags=\n[user]\nname=bench\n",
        encoding="utf-8",
    )


def _mu(folder: Path, source: Path) -> None:
    words = ["mu", "init", "--quiet", f"--muhome={folder / 'index'}", f"--maildir={source}"]
    bench_cost.of_command(words, {})


def _recoll(folder: Path, source: Path) -> None:
    (folder / "recoll.conf").write_text(
        f"topdirs = {source}\nloglevel = 1\nskippedNames =\n", encoding="utf-8"
    )


PROGRAMS = (
    Program(
        name="notmuch",
        package="notmuch",
        command="notmuch",
        prepare=_notmuch,
        words=lambda folder, source: (
            ["notmuch", "new", "--quiet"],
            {"NOTMUCH_CONFIG": str(folder / "config")},
        ),
        index="index",
    ),
    Program(
        name="mu",
        package="maildir-utils",
        command="mu",
        prepare=_mu,
        words=lambda folder, source: (["mu", "index", "--quiet", f"--muhome={folder / 'index'}"], {}),
        index="index",
    ),
    Program(
        name="recoll",
        package="recollcmd",
        command="recollindex",
        prepare=_recoll,
        words=lambda folder, source: (["recollindex", "-c", str(folder)], {}),
        index="xapiandb",
        rounds=_SLOW_ROUNDS,
    ),
)


# --- a person who waits for an answer meanwhile --------------------------------------------------


def _foreground(folder: Path, source: Path) -> Iterator[Figure]:
    """Tokens a second of an answer alone, and while mails are indexed with all that follows."""
    with _engine(folder / "homebody-foreground") as caller:
        caller.call(Sources.add, kind="mail", path=str(source))
        _decode(caller)  # starts the model
        alone = statistics.median(_decode(caller) for _ in range(_ANSWERS))
        begun, over = threading.Event(), threading.Event()
        indexing = threading.Thread(target=_indexing, args=(caller, begun, over), daemon=True)
        indexing.start()
        begun.wait()
        during = [_decode(caller) for _ in range(_ANSWERS) if indexing.is_alive()]
        over.set()
        indexing.join()
    yield Figure(name="summary, alone", value=alone, unit="tokens/s", how=f"{_ANSWERS} answers")
    if during:
        speed = statistics.median(during)
        how = f"{len(during)} answers"
        yield Figure(name="summary, while mail is indexed", value=speed, unit="tokens/s", how=how)
        yield beside(Figure(name="summary, while mail is indexed / alone", value=speed / alone, unit="x"))


def _indexing(caller: Caller, begun: threading.Event, over: threading.Event) -> None:
    steps = caller.stream(Sources.index)
    for step in steps:
        if isinstance(step, Progress) and step.stage in ("read", "embed"):
            begun.set()
        if over.is_set():
            break
    begun.set()
    steps.close()


def _decode(caller: Caller) -> float:
    """Tokens a second of one summary, from when its prompt was read."""
    since, tokens = perf_counter(), 0
    for step in caller.stream(Verbs.summarize, text=_TEXT):
        if isinstance(step, Thinking):
            since = perf_counter()
        elif isinstance(step, Text):
            tokens = step.tokens
    return tokens / (perf_counter() - since)
