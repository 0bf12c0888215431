"""Exports of many notes in portions: reading goes on after any mark, and passes over a note at fault."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexers import _pieces, notes
from indexers.item import Item, Mark, Skipped
from tests.indexers import noted

Found = Item | Skipped | Mark
TITLES = [f"Note {n}" for n in range(30)]
IDS = {f"{n:032x}": title for n, title in enumerate(TITLES, start=0x1000)}


def evernote() -> bytes:
    """With two that are alike, one that is damaged, and one without a beginning."""
    whole = noted.enex(*TITLES, "Twice", attached=b"Three sacks").decode()
    head, twice = whole.rsplit("<note>", 1)
    twice = "<note>" + twice.removesuffix("</en-export>\n")
    damaged = twice.replace("Twice", "Broken").replace("<tag>", "<tag")
    lost = twice.replace("<note>", "").replace("Twice", "Lost")
    return (head + twice + damaged + lost + twice + "</en-export>\n").encode()


def keep() -> dict[str, bytes]:
    return {f"Takeout/Keep/{title}.json": noted.keep(title) for title in TITLES} | {
        "Takeout/Keep/x.json": b"{"
    }


def parts() -> dict[str, bytes]:
    """Notion's, of which one part is damaged."""
    return {
        "ExportBlock-1.zip": noted.packed(noted.notion()),
        "ExportBlock-2.zip": b"no archive",
        "ExportBlock-3.zip": noted.packed(noted.notion()),
    }


EXPORTS = {
    "a.enex": evernote,
    "a.jex": lambda: noted.jex(noted.joplin(IDS) | {f"{'9' * 32}.md": b"cut off"}),
    "keep.zip": lambda: noted.packed(keep()),
    "notion.zip": lambda: noted.packed(noted.notion()),
    "parts.zip": lambda: noted.packed(parts()),
    "standard.zip": lambda: noted.packed(
        {"Standard Notes Backup and Import File.txt": noted.standard(*TITLES)}
    ),
    "standard.json": lambda: noted.standard(*TITLES),
    "standard.txt": lambda: noted.standard(*TITLES),
}


@pytest.fixture(params=[*EXPORTS, "joplin"])
def export(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(_pieces, "_MOST", 1)
    path: Path = tmp_path / request.param
    if request.param == "joplin":
        for name, data in noted.joplin(IDS).items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
    else:
        path.write_bytes(EXPORTS[request.param]())
    return path


def given(found: Iterator[Found]) -> list[tuple[str, str]]:
    told = (
        (one.uri, one.digest if isinstance(one, Item) else one.reason)
        for one in found
        if not isinstance(one, Mark)
    )
    return list(told)


def test_reading_goes_on_after_every_mark(export: Path) -> None:
    whole = given(notes.read(export))
    before: list[tuple[str, str]] = []
    marks: list[tuple[Mark, int]] = []
    for one in notes.portions(export, "", grown=False):
        if isinstance(one, Mark):
            marks.append((one, len(before)))
        else:
            before.append((one.uri, one.digest if isinstance(one, Item) else one.reason))
    assert before == whole
    assert [mark.cursor for mark, _ in marks if not mark.cursor] == [""]
    assert len(marks) >= 4
    for mark, count in marks[1:]:
        assert given(notes.portions(export, mark.cursor, grown=False)) == whole[count:], mark


def test_an_export_that_changed_is_read_from_its_beginning(export: Path) -> None:
    *_, last = (one for one in notes.portions(export, "", grown=False) if isinstance(one, Mark))
    found = list(notes.portions(export, last.cursor, grown=True))
    assert found[0] == Mark(cursor="")
    assert given(iter(found)) == given(notes.read(export))


def test_a_note_at_fault_is_passed_over_alone(export: Path) -> None:
    whole = list(notes.portions(export, "", grown=False))
    wary = list(notes.warily(export, "", grown=False, why="it ended", over=False))
    assert given(iter(wary)) == given(iter(whole))
    marks = [one for one in wary if isinstance(one, Mark) and one.cursor]
    assert all(mark.alone for mark in marks)
    third = marks[2].cursor
    rest = given(notes.portions(export, third, grown=False))
    told = given(notes.warily(export, third, grown=False, why="it ended", over=True))
    assert told[0][1] == "it ended"
    assert told[0][0].startswith(export.as_uri())
    assert set(told[1:]) <= set(rest)
    assert len(rest) - len(told) in (-1, 0, 1)  # with what is attached; a table of Notion may be there twice


def test_a_single_note_at_fault_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# A", encoding="utf-8")
    assert not notes.large(path)
    assert list(notes.warily(path, "", grown=False, why="it ended", over=False)) == [
        Mark(cursor=""),
        Skipped(uri=path.as_uri(), reason="it ended"),
    ]


def test_only_a_large_export_is_read_in_portions(tmp_path: Path) -> None:
    (tmp_path / "a.enex").write_bytes(noted.enex("A", attached=b"x" * 7_000_000))
    (tmp_path / "b.enex").write_bytes(noted.enex("A"))
    (tmp_path / "c.txt").write_bytes(b"words " * 1_500_000)
    assert [notes.large(tmp_path / name) for name in ("a.enex", "b.enex", "c.txt", "none")] == [
        True,
        False,
        False,
        False,
    ]


def test_of_notes_that_were_given_nothing_attached_is_read(tmp_path: Path) -> None:
    """The control: from the beginning it takes much more memory."""
    path = tmp_path / "a.enex"
    path.write_bytes(
        noted.enex("Large", attached=b"words " * 2_000_000).replace(b"</en-export>\n", b"")
        + noted.enex("Small").partition(b"<en-export>")[2]
    )

    def peak(after: str) -> int:
        tracemalloc.start()
        try:
            *_, last = notes.portions(path, after, grown=False)
            assert isinstance(last, Item)
            assert last.title == "Small"
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak("") > 3 * peak("12000000:1")
