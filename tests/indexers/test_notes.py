"""Notes: titles, front matter, tags, links, encodings, and what is left out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexers import notes
from indexers.item import Item, Skipped, Unit


def one(tmp_path: Path, data: str | bytes, name: str = "My note.md") -> Item:
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    (found,) = notes.read(path)
    assert isinstance(found, Item)
    return found


def test_front_matter_tags_and_links(tmp_path: Path) -> None:
    item = one(
        tmp_path,
        "---\ntitle: The garden\ntags: [green, home]\ndate: 2026-05-03T10:00:00+02:00\n---\n"
        "# Other\nAsk [[Ann Roe|Ann]] about #seeds/2026, see [list](../lists/my%20list.md#top) and\n"
        "[map](https://example.org/map). Not a tag: example.org/#x, `#code`\n```\n#define X\n```\n",
    )
    assert item.title == "The garden"
    assert item.uri == (tmp_path / "My note.md").as_uri()
    assert item.meta["tags"] == "green home seeds/2026"
    assert item.when == datetime(2026, 5, 3, 8, tzinfo=UTC)
    assert item.links == (
        "[[Ann Roe]]",
        (tmp_path.parent / "lists" / "my list.md").as_uri(),
        "https://example.org/map",
    )
    assert item.text.startswith(
        "Other\nAsk Ann about #seeds/2026, see list and\nmap (https://example.org/map)."
    )


@pytest.mark.parametrize(
    "front",
    [
        "title: [broken",
        "a: &a [x]\nb: *a",
        "!!python/object/apply:os.system ['true']",
        "- a\n- b",
        "x: 99999-99-99",
    ],
)
def test_odd_front_matter_loses_no_note(tmp_path: Path, front: str) -> None:
    item = one(tmp_path, f"---\n{front}\n---\nThe words of the note.\n")
    assert "The words of the note." in item.text


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("words\n\n## A *bold* one ##\n", "A bold one"),
        ("Heading\n=======\nwords", "Heading"),
        ("words", "My note"),
    ],
)
def test_titles(tmp_path: Path, text: str, title: str) -> None:
    assert one(tmp_path, text).title == title


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert one(tmp_path, "Füße in Öl, nothing more\r\n".encode(encoding)).text == "Füße in Öl, nothing more"


def test_what_is_left_out(tmp_path: Path) -> None:
    for name in (".git/a.md", ".obsidian/b.md", "sub/c.md", "sub/d.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "sub" / "gone.md").symlink_to(tmp_path / "nowhere")
    found = list(notes.scan(tmp_path))
    assert [unit.path for unit in found if isinstance(unit, Unit)] == [str(tmp_path / "sub" / "c.md")]
    skipped = {skip.uri.rpartition("/")[2]: skip.reason for skip in found if isinstance(skip, Skipped)}
    assert skipped == {
        "d.png": "not a note: .png files are not read as notes",
        "gone.md": "this file could not be read: no such file or directory",
    }


@pytest.mark.parametrize(
    ("data", "words"), [(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "binary"), (b" \n", "empty")]
)
def test_what_is_no_note(tmp_path: Path, data: bytes, words: str) -> None:
    (tmp_path / "a.md").write_bytes(data)
    (found,) = notes.read(tmp_path / "a.md")
    assert isinstance(found, Skipped)
    assert words in found.reason
