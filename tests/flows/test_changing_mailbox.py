"""Large mailboxes that change while they are read or between, and mails in them that end their reader."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.flows import files, index
from app.flows.context import Home
from app.workers.reader import LIMITS
from app.workers.worker import Worker
from indexers import _portions, mail
from indexers.item import Item, Mark, Skipped
from tests.flows.test_large_mailbox import mail as one_mail
from tests.flows.test_large_mailbox import once, uris, write


def last_reading(found: Iterator[Item | Skipped | Mark]) -> tuple[list[str], int]:
    """Uris of what was given since the reading began last, and how often it began."""
    given: list[str] = []
    began = 0
    for one in found:
        if isinstance(one, Mark) and not one.cursor:
            given, began = [], began + 1
        elif not isinstance(one, Mark):
            given.append(one.uri)
    return given, began


def rewritten(path: Path, found: Iterator[Item | Skipped | Mark], at: int) -> Iterator[Item | Skipped | Mark]:
    """At the mark ``at`` a mail program removes the first mails and puts others in their place."""
    for number, one in enumerate(found):
        if number == at:
            keep = path.read_bytes()
            with path.open("r+b") as file:
                file.write(b"".join(one_mail(2_000 + n, random.Random(n), 9_000) for n in range(10)))
                file.write(keep[10 * 10_000 :][: len(keep) - 200_000])
                file.truncate()
        yield one


def test_what_is_rewritten_while_it_is_read_is_begun_anew(tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 820)
    found = rewritten(box, mail.portions(box, "", grown=False), 500)
    given, began = last_reading(found)
    assert began == 2
    assert given == [one.uri for one in mail.read(box) if isinstance(one, Item)]
    assert len(given) == len(set(given))
    assert given[0] == "mid:2000@example.org"


def test_what_grows_while_it_is_read_is_not_begun_anew(tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 820)

    def growing() -> Iterator[Item | Skipped | Mark]:
        for number, one in enumerate(mail.portions(box, "", grown=False)):
            if number == 500:
                write(box, 820, 3, "ab")
            yield one

    given, began = last_reading(growing())
    assert began == 1
    assert set(given) >= uris(range(820))


def test_one_that_is_rewritten_all_the_time_is_told_once(tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 810)
    faults = []
    for number, one in enumerate(mail.portions(box, "", grown=False)):
        if number % 700 == 100:
            with box.open("r+b") as file:
                file.write(one_mail(3_000 + number, random.Random(number)))
        if isinstance(one, Skipped):
            faults.append(one)
    assert [fault.reason for fault in faults] == [_portions._RESTLESS]


def test_a_mark_tells_whether_what_was_read_is_as_it_was(tmp_path: Path) -> None:
    """At once where the size and time of the file are the same; all of it is looked at where they are not."""
    box = tmp_path / "box"
    write(box, 0, 820)
    marks = [one.cursor for one in mail.portions(box, "", grown=False) if isinstance(one, Mark)]
    half = marks[2]
    assert re.fullmatch(r"\d+[cv]*:[0-9a-f]{40}:[0-9a-f]{40}", half)
    rest, began = last_reading(mail.portions(box, half, grown=False))
    assert (began, len(rest) < 820 * 0.8) == (0, True)
    assert last_reading(mail.portions(box, half, grown=True)) == (rest, 0)
    with box.open("r+b") as file:
        file.seek(500_000)
        file.write(b"heron")
    assert last_reading(mail.portions(box, half, grown=False))[1] == 0, "the end is as it was"
    given, began = last_reading(mail.portions(box, half, grown=True))
    assert (began, len(given)) == (1, 820)


def test_a_mail_over_all_limits_is_summed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More of one mail than may wait to be summed; the mark behind it is that of the whole file."""
    monkeypatch.setattr(_portions, "_BEHIND", 3_000_000)
    box = tmp_path / "box"
    write(box, 0, 5)
    with box.open("ab") as file:
        file.write(one_mail(5, random.Random(5))[:-1] + b"a line of a long mail\n" * 1_400_000 + b"\n")
    write(box, 6, 300, "ab")
    marks = [one.cursor for one in mail.portions(box, "", grown=False) if isinstance(one, Mark)]
    for mark in marks[1:]:
        given, began = last_reading(mail.portions(box, mark, grown=True))
        assert (began, given[-1]) == (0, "mid:305@example.org")


def test_half_read_and_grown_it_goes_on(mine: Home, tmp_path: Path) -> None:
    box = tmp_path / "box"
    write(box, 0, 1_500)
    index.add_source(mine, kind="mail", path=str(box))
    (source,) = mine.index.sources()
    commits = 0

    def keep(home, source, batch, counts):  # type: ignore[no-untyped-def]
        nonlocal commits
        commits += 1
        yield from index._keep(home, source, batch, counts)

    with closing(files.sync(mine, source, index._Counts(), keep)) as steps:
        for _ in steps:
            if commits == 3:
                break
    known = mine.index.counts().items
    assert 0 < known < 1_500
    write(box, 1_500, 10, "ab")
    read, held = once(mine)
    assert held == uris(range(1_510))
    assert len(read) <= 1_510 - known + 1
    box.write_bytes(box.read_bytes()[len(one_mail(0, random.Random(0))) :])  # the first mail was deleted
    assert once(mine)[1] == uris(range(1, 1_510))


def deadly(box: Path, count: int, *, at: tuple[int, ...], word: bytes = b"deadly") -> None:
    chance = random.Random(8)
    with box.open("wb") as file:
        for n in range(count):
            one = one_mail(n, chance)
            file.write(one.replace(b"Subject: Number", b"Subject: " + word) if n in at else one)


@pytest.fixture
def dangerous(mine: Home) -> Iterator[Home]:
    reader = Worker("reader", "tests.flows.deadly_reader:service", limits=LIMITS)
    yield replace(mine, reader=reader, spare=())
    reader.stop()


@pytest.mark.parametrize(
    ("count", "at"), [(850, (0, 444, 445, 849)), (850, (700,)), (60, (31, 59)), (3, (0, 1, 2))]
)
def test_a_mail_that_ends_its_reader_costs_no_other(
    dangerous: Home, tmp_path: Path, count: int, at: tuple[int, ...]
) -> None:
    box = tmp_path / "box"
    deadly(box, count, at=at)
    index.add_source(dangerous, kind="mail", path=str(box))
    _, held = once(dangerous)
    assert held == uris(range(count)) - {f"mid:{n}@example.org" for n in at}
    skipped = dangerous.index.skipped()
    assert len(skipped) == len(at)
    data = box.read_bytes()
    for one in skipped:
        assert one.uri.startswith(f"{box.as_uri()}#byte=")
        assert data[int(one.uri.rpartition("=")[2]) :].partition(b"\n\n")[0].count(b"deadly") == 1
        assert "the reader gave up" in one.reason
    assert once(dangerous)[0] == set(), "they are tried again only when the file changes"


def test_a_mail_that_breaks_its_parser_costs_no_other(dangerous: Home, tmp_path: Path) -> None:
    box = tmp_path / "box"
    deadly(box, 20, at=(7, 8), word=b"broken")
    index.add_source(dangerous, kind="mail", path=str(box))
    assert len(once(dangerous)[1]) == 18
    assert ["ArithmeticError" in one.reason for one in dangerous.index.skipped()] == [True, True]


def test_a_single_mail_that_ends_its_reader_is_told_once(dangerous: Home, tmp_path: Path) -> None:
    for n in range(4):
        (tmp_path / "m").mkdir(exist_ok=True)
        one = one_mail(n, random.Random(n), 900).partition(b"\n")[2]
        (tmp_path / "m" / f"{n}.eml").write_bytes(one.replace(b": Number", b": deadly") if n == 2 else one)
    index.add_source(dangerous, kind="mail", path=str(tmp_path / "m"))
    assert once(dangerous)[1] == uris(range(2), range(3, 4))
    assert [one.uri for one in dangerous.index.skipped()] == [(tmp_path / "m" / "2.eml").as_uri()]
