"""A mailbox of many megabytes is read in portions: little memory, and kill -9 costs next to nothing."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.paths import Paths
from app.flows import files, index, opening
from app.flows.context import Home
from tests.conftest import FULL, ROOT

pytestmark = pytest.mark.timeout(7200 if FULL else 600)
MAILS, SIZE = (200_000, 10_000) if FULL else (2_000, 10_000)  # and bytes of each
MEMORY = 400 * 1024 * 1024
AGAIN = max(0.01 * MAILS, 1_300)  # what is under way: a portion or two, and what waits to be kept
WORDS = "heron willow copper lantern harbour violin saffron meadow granite ferry orchard beacon".split()


def mail(n: int, chance: random.Random, size: int = SIZE) -> bytes:
    body = " ".join(chance.choices(WORDS, k=size // 8))
    return (
        f"From ben{n % 50}@example.org Sat Mar 14 10:00:00 2026\n"
        f"From: Ben {n % 50} <ben{n % 50}@example.org>\nTo: vera@example.org\nSubject: Number {n}\n"
        f"Date: Sat, 14 Mar 2026 10:{n % 60:02}:00 +0000\nMessage-ID: <{n}@example.org>\n\n"
        f"{body[: size - 260]}\nFrom the harbour, Ben\n\n"
    ).encode()


def write(path: Path, first: int, count: int, mode: str = "wb") -> None:
    chance = random.Random(first)
    with path.open(mode) as file:
        for n in range(first, first + count):
            file.write(mail(n, chance))


class Child:
    def __init__(self, tmp_path: Path, code: str, name: str = "box", kind: str = "mail") -> None:
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.flows.mailbox_child",
                tmp_path / "data",
                code,
                tmp_path / name,
                kind,
            ],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )

    def lines(self) -> Iterator[str]:
        assert self.process.stdout is not None
        yield from (line.strip() for line in self.process.stdout)

    def end(self) -> None:
        assert self.process.stdout is not None
        self.process.stdout.close()
        self.process.wait(60)


def test_a_large_mailbox_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    write(tmp_path / "box", 0, MAILS)
    paths = Paths(tmp_path / "data")
    paths.make()
    code, home = opening.create(paths, "correct horse battery", -1)
    opening.close(home)
    kept = read = 0
    first = Child(tmp_path, code)
    for line in first.lines():
        if line.startswith("read "):
            kept += int(line.split()[1])
            if kept > MAILS * 0.6:
                first.process.send_signal(signal.SIGKILL)
                break
    first.end()
    assert kept < MAILS
    second = Child(tmp_path, code)
    memory = 0
    for line in second.lines():
        read += int(line.split()[1]) if line.startswith("read ") else 0
        memory = int(line.split()[1]) if line.startswith("memory ") else memory
    second.end()
    print(f"{kept} kept, then {read} read of {MAILS}; engine {memory / 2**20:.0f} MiB")
    assert second.process.returncode == 0
    assert MAILS - kept <= read <= MAILS - kept + AGAIN
    assert 0 < memory < MEMORY
    home = opening.unlock(paths, code, -1, asked=True)
    assert home.index.counts().items == MAILS
    assert home.index.db.value("SELECT count(DISTINCT title) FROM items") == MAILS
    opening.close(home)


def once(home: Home) -> tuple[set[str], set[str]]:
    """Uris of what was read, and of what the store holds then."""
    read: set[str] = set()

    def keep(home, source, batch, counts):  # type: ignore[no-untyped-def]
        read.update(item.uri for part in batch for item in part.items)
        yield from index._keep(home, source, batch, counts)

    for source in home.index.sources():
        list(files.sync(home, source, index._Counts(), keep))
    return read, {uri for (uri,) in home.index.db.tuples("SELECT uri FROM items")}


def uris(*numbers: range) -> set[str]:
    return {f"mid:{n}@example.org" for some in numbers for n in some}


def test_of_a_mailbox_that_grew_only_what_is_new_is_read(mine: Home, tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 900)
    index.add_source(mine, kind="mail", path=str(box))
    assert once(mine) == (uris(range(900)), uris(range(900)))
    write(box, 900, 5, "ab")
    read, held = once(mine)
    assert read == uris(range(899, 905))  # the last one might have been half written
    assert held == uris(range(905))
    half = mail(905, random.Random(1))
    with box.open("ab") as file:
        file.write(half[: half.index(b"Message-ID")] + b"\n")
    _, held = once(mine)
    assert len(held - uris(range(905))) == 1  # half a mail, under a name of its own
    with box.open("r+b") as file:
        file.truncate(box.stat().st_size - (half.index(b"Message-ID") + 1))
        file.seek(0, os.SEEK_END)
        file.write(half)
    _, held = once(mine)
    assert held == uris(range(906))
    assert not once(mine)[0]


def test_a_mailbox_that_lost_mails_is_read_anew(mine: Home, tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 1000)
    index.add_source(mine, kind="mail", path=str(box))
    once(mine)
    write(box, 3, 950)
    write(box, 2000, 1, "ab")
    read, held = once(mine)
    assert held == uris(range(3, 953), range(2000, 2001))
    assert len(read) == 951


def test_a_reader_killed_in_a_large_mailbox_loses_nothing(mine: Home, tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 1500)
    index.add_source(mine, kind="mail", path=str(box))
    commits = killed = 0

    def keep(home, source, batch, counts):  # type: ignore[no-untyped-def]
        nonlocal commits, killed
        commits += 1
        if commits in (1, 4):
            killed += 1
            for reader in (home.reader, *home.spare):
                reader.kill("the test")
        yield from index._keep(home, source, batch, counts)

    for source in mine.index.sources():
        list(files.sync(mine, source, index._Counts(), keep))
    assert killed == 2
    assert not mine.index.skipped()
    assert once(mine)[1] == uris(range(1500))
