"""kill -9 and power cuts in the middle of indexing: what was acknowledged is there, and all of it is sound.

A power cut is rebuilt from a trace of the system calls of one real run: everything written before a
file's last fsync is kept, of what came after any part, torn at the borders of sectors. Shared memory
(``-shm``) does not outlive it. Renames hold once their folder was synced, before that perhaps.
"""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.core.paths import Paths
from app.flows import opening
from app.store.db import open_index, open_user
from app.store.vault import Vault
from tests.conftest import FULL, ROOT

pytestmark = pytest.mark.timeout(14_400 if FULL else 600)
CHILD = "tests.flows.indexing_child"
SECTOR = 512
NOTES = 120


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A new store, notes to index, and the store's recovery code."""
    folder = tmp_path_factory.mktemp("power")
    paths = Paths(folder / "data")
    paths.make()
    code, home = opening.create(paths, "correct horse battery", -1)
    opening.close(home)
    (folder / "notes").mkdir()
    for n in range(NOTES):
        (folder / "notes" / f"{n}.md").write_text(
            f"# Note {n}\n" + f"Words of note {n}, number {n * n}. " * 60
        )
    return paths.data, folder / "notes", code


def _command(data: Path, code: str, notes: Path, synchronous: int) -> list[str]:
    return [sys.executable, "-m", CHILD, str(data), code, str(notes), str(synchronous)]


@dataclass
class _Said:
    """What a run acknowledged."""

    uris: set[str] = field(default_factory=set)
    passages: set[int] = field(default_factory=set)
    conversations: set[int] = field(default_factory=set)

    def hear(self, line: str) -> None:
        what, _, rest = line.strip().partition(" ")
        match what:
            case "indexed":
                self.uris.add(rest)
            case "removed":
                self.uris.discard(rest)
            case "embedded":
                self.passages.update(map(int, rest.split()))
            case "conversation":
                self.conversations.add(int(rest))


def _faults(paths: Paths, code: str, said: _Said) -> list[str]:
    """What is lost or not sound; opening the files recovers them, as the app does."""
    faults = []
    key = Vault(paths).open(passphrase=code)
    with closing(open_user(paths, key)) as user, closing(open_index(paths, key)) as index:
        for database in (user, index):
            name = database.path.name
            database.checkpoint()
            bad = database.rows("PRAGMA cipher_integrity_check")
            structure = database.value("PRAGMA integrity_check(1)")
            if bad or structure != "ok":
                faults.append(f"{name} is not sound: {bad or structure}")
        if paths.index_db.with_name("index.db.damaged").exists():
            faults.append("index.db had to be set aside")
        with index.write() as db:
            db.conn.execute("INSERT INTO fts (fts, rank) VALUES ('integrity-check', 1)")
        uris = {row["uri"] for row in index.rows("SELECT uri FROM items")}
        vectors = {row["passage_id"] for row in index.rows("SELECT passage_id FROM vectors")}
        ids = {row["id"] for row in user.rows("SELECT id FROM conversations")}
        for lost in (said.uris - uris, said.passages - vectors, said.conversations - ids):
            faults += [f"lost: {lost}"] if lost else []
        missing = index.value("SELECT count(*) FROM items WHERE id NOT IN (SELECT item_id FROM passages)")
        faults += [f"{missing} items have no passages"] if missing else []
    return faults


def test_kill_at_any_moment(begun: tuple[Path, Path, str], tmp_path: Path, full: bool) -> None:
    """8 times in the same store, or 500 with HOMEBODY_FULL=1, which counts with pytest's -s."""
    place, notes, code = begun
    r = random.Random(1)
    paths, said = Paths(tmp_path / "data"), _Said()
    shutil.copytree(place, paths.data)
    for n in range(500 if full else 8):
        if n % 4 == 0:
            for path in notes.iterdir():  # something to do in every run: all is new again
                path.write_text(f"{path.read_text()}\nRound {n}.")
        for line in _killed(_command(paths.data, code, notes, 2), r.randint(0, 60), r.uniform(0, 0.03)):
            said.hear(line)
        # a passage of a note that was read again is another passage
        said.passages &= _passages(paths, code)
        assert _faults(paths, code, said) == [], f"round {n}"
        if full and n % 10 == 9:
            print(f"{n + 1} kills", flush=True)
    assert said.uris


def _killed(command: list[str], lines: int, delay: float) -> list[str]:
    """What the process said until it was killed, ``delay`` seconds after it had said that many lines."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    heard = [line for _, line in zip(range(lines + 1), process.stdout, strict=False)]
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    heard += process.communicate()[0].splitlines(keepends=True)
    return [line.decode() for line in heard if line.endswith(b"\n")]


def _passages(paths: Paths, code: str) -> set[int]:
    with closing(open_index(paths, Vault(paths).open(passphrase=code))) as index:
        return {row["id"] for row in index.rows("SELECT id FROM passages")}


# --- power cuts --------------------------------------------------------------------------------------

_LINE = re.compile(r"^(\d+)\s+(\w+)\((.*)\)\s+=\s+(-?\d+)")
_FD = re.compile(r"^(-?\d+)<([^>]*)>")
_HEX = re.compile(r"\\x([0-9a-f]{2})")
TRACED = "pwrite64,write,fsync,fdatasync,rename,unlink,ftruncate"


@dataclass(frozen=True)
class _Op:
    """One system call on a file of the store; ``say`` is a line of acknowledgement."""

    what: str
    path: str = ""
    data: bytes = b""
    at: int = 0
    to: str = ""


def _trace(data: Path, code: str, notes: Path, synchronous: int, log: Path) -> list[_Op]:
    strace = [
        "strace",
        "-f",
        "-y",
        "-xx",
        "-s",
        "2000000",
        "--seccomp-bpf",
        "-e",
        f"trace={TRACED}",
        "-e",
        "signal=none",
    ]
    subprocess.run(
        [*strace, "-o", str(log), *_command(data, code, notes, synchronous)],
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    return list(_parsed(log, data))


def _parsed(log: Path, data: Path) -> Iterator[_Op]:
    pending: dict[str, str] = {}
    for raw in log.read_text().splitlines():
        line = raw
        pid = line.split(maxsplit=1)[0]
        if "<unfinished ...>" in line:
            pending[pid] = line.rpartition("<unfinished ...>")[0].rstrip()
            continue
        if " resumed>" in line and pid in pending:
            line = pending.pop(pid) + line.partition(" resumed>")[2]
        if (found := _LINE.match(line)) and int(found[4]) >= 0 and (op := _op(found[2], found[3], data)):
            yield op


def _op(name: str, args: str, data: Path) -> _Op | None:
    if name in ("rename", "unlink"):
        paths = [_bytes(text).decode() for text in re.findall(r'"([^"]*)"', args)]
        inside = [p for p in paths if Path(p).parent == data and _kept(p)]
        return _Op(name, paths[0], to=paths[-1]) if inside else None
    found = _FD.match(args)
    if found is None:
        return None
    path = _bytes(found[2]).decode() if "\\x" in found[2] else found[2]
    if name == "write" and found[1] == "1":
        return _Op("say", data=_bytes(args.partition('"')[2].rpartition('"')[0]))
    if name in ("fsync", "fdatasync") and Path(path) == data:
        return _Op("sync folder")
    if Path(path).parent != data or not _kept(path):
        return None
    match name:
        case "pwrite64":
            text, _, rest = args.partition('"')[2].rpartition('"')
            return _Op("write", path, _bytes(text), int(rest.rpartition(",")[2]))
        case "write":
            return _Op("append", path, _bytes(args.partition('"')[2].rpartition('"')[0]))
        case "ftruncate":
            return _Op("cut", path, at=int(args.rpartition(",")[2]))
        case _:
            return _Op("sync", path)


def _kept(path: str) -> bool:
    """Files of the databases, but not the shared memory, which is gone with the power."""
    return ".db" in Path(path).name and not path.endswith("-shm")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class _Disk:
    """What surely is on it (``synced``), and what was done since, per file and for the folder."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.synced = {path: bytearray(data) for path, data in files.items()}
        self.later: dict[str, list[_Op]] = {}
        self.names: list[_Op] = []  # renames and unlinks that are not synced

    def take(self, op: _Op) -> None:
        match op.what:
            case "write" | "cut":
                self.later.setdefault(op.path, []).append(op)
            case "sync":
                file = self.synced.setdefault(op.path, bytearray())
                for one in self.later.pop(op.path, []):
                    _apply(file, one)
            case "rename" | "unlink":
                self.names.append(op)
                self._name(self.synced, self.later, op)
            case "sync folder":
                self.names.clear()

    @staticmethod
    def _name(files: dict[str, bytearray], later: dict[str, list[_Op]], op: _Op) -> None:
        file, rest = files.pop(op.path, None), later.pop(op.path, None)
        if op.what == "rename":
            if file is not None:
                files[op.to] = file
            later.pop(op.to, None)
            if rest:
                later[op.to] = rest

    def cut(self, r: random.Random) -> dict[str, bytes]:
        """One state the power may leave: of each file's later writes none, the first few, or any."""
        files = {path: bytearray(data) for path, data in self.synced.items()}
        for path, ops in self.later.items():
            kind = r.choice(["none", "first", "any", "any", "all"])
            kept = {
                "none": [],
                "first": ops[: r.randint(0, len(ops))],
                "any": [op for op in ops if r.random() < 0.5],
                "all": list(ops),
            }[kind]
            file = files.setdefault(path, bytearray())
            for op in kept:
                _apply(file, _torn(op, r) if kind == "any" and r.random() < 0.3 else op)
        return {path: bytes(data) for path, data in files.items()}


def _apply(file: bytearray, op: _Op) -> None:
    if op.what == "cut":
        del file[op.at :]
        file.extend(bytes(max(0, op.at - len(file))))
    else:
        file.extend(bytes(max(0, op.at - len(file))))
        file[op.at : op.at + len(op.data)] = op.data


def _torn(op: _Op, r: random.Random) -> _Op:
    """Only the sectors before or after some border of a write reach the disk."""
    if op.what != "write" or len(op.data) <= SECTOR:
        return op
    border = SECTOR * r.randint(1, (len(op.data) - 1) // SECTOR)
    if r.random() < 0.5:
        return _Op("write", op.path, op.data[:border], op.at)
    return _Op("write", op.path, op.data[border:], op.at + border)


def _lost_in_cuts(begun: tuple[Path, Path, str], place: Path, synchronous: int, states: int) -> list[str]:
    """The faults of ``states`` power cuts at random moments of one traced run."""
    data, notes, code = begun
    paths = Paths(place / "run")
    shutil.copytree(data, paths.data)
    before = {str(p): p.read_bytes() for p in paths.data.iterdir() if p.is_file() and _kept(str(p))}
    ops = _trace(paths.data, code, notes, synchronous, place / "trace")
    assert not [op for op in ops if op.what == "append"], "a file of the store was written in an unknown way"
    assert sum(op.what == "say" for op in ops) > NOTES // 2
    r = random.Random(7)
    moments = sorted(r.choices(range(len(ops)), k=states))
    disk, said, at, faults = _Disk(before), _Said(), 0, []
    for n, moment in enumerate(moments):
        for op in ops[at:moment]:
            disk.take(op)
            if op.what == "say":
                for line in op.data.decode().splitlines():
                    said.hear(line)
        at = moment
        state = Paths(place / "state")
        shutil.rmtree(state.data, ignore_errors=True)
        state.make()
        shutil.copyfile(paths.key_file, state.key_file)
        for path, content in disk.cut(r).items():
            (state.data / Path(path).name).write_bytes(content)
        faults += [f"state {n} after call {moment}: {fault}" for fault in _faults(state, code, said)]
    return faults


needs_strace = pytest.mark.skipif(
    not shutil.which("strace") or sys.platform != "linux",
    reason="needs strace (Debian: strace)",
)


@needs_strace
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    begun: tuple[Path, Path, str], tmp_path: Path, full: bool
) -> None:
    """60 states, or 2,000 with HOMEBODY_FULL=1."""
    assert _lost_in_cuts(begun, tmp_path, 2, 2000 if full else 60) == []


@needs_strace
def test_without_full_synchronization_power_cuts_do_lose_it(
    begun: tuple[Path, Path, str], tmp_path: Path, full: bool
) -> None:
    """The control: with synchronous=NORMAL the same states lose rows that were acknowledged."""
    assert any("lost" in fault for fault in _lost_in_cuts(begun, tmp_path, 1, 500 if full else 60))
