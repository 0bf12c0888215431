"""Notes that are traps or damaged: nothing is raised, nothing takes long, and good neighbours stay."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from indexers import notes
from indexers.item import Item, Skipped
from tests.indexers import noted
from tests.indexers.test_hostile import mutations

CPU_SECONDS, MEMORY = 3, 1 << 30  # the limit of bombs is 2.5 s of reading; the rest starts the process

_LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12)
)


def _deep_json(levels: int) -> bytes:
    return b'{"isTrashed": false, "userEditedTimestampUsec": 1, "x": ' + b"[" * levels + b"]" * levels + b"}"


def _sparse() -> bytes:
    """A tar whose only note claims to be 8 GB of nothing."""
    info = tarfile.TarInfo("a" * 32 + ".md")
    info.size = 8 << 30
    info.type = tarfile.GNUTYPE_SPARSE
    return info.tobuf(tarfile.GNU_FORMAT) + bytes(10_240)


def _overlapping() -> bytes:
    """Many names in the directory for one packed member."""
    data = bytearray(noted.packed({f"Page {'a' * 32}.md": b"0" * 9_000_000}))
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = bytes(data[at:end])
    copies = [entry.replace(b"a" * 32, f"{n:032x}".encode()) for n in range(2_000)]
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, len(copies), len(copies), sum(map(len, copies)))
    return bytes(data[:at]) + b"".join(copies) + bytes(tail)


_PAGE = f"Page {'a' * 32}.md"
_YAML = b"".join(b"%c: &%c [*%c, *%c]\n" % (n, n, n - 1, n - 1) for n in range(98, 122))
_SPLIT = noted.enex("A").decode().partition("?>")


def _zeros() -> bytes:
    return noted.packed({_PAGE: bytes(90_000_000)})


# Files by name; each must end in one reason (the note with a strange front matter in a note), and quickly.
BOMBS: dict[str, Callable[[], bytes]] = {
    "laughs.enex": f"{_LAUGHS}]>{_SPLIT[2]}".encode,
    "laughs inside.enex": lambda: noted.enex("A").replace(
        b"<!DOCTYPE en-note", _LAUGHS.encode() + b"]><!DOCTYPE en"
    ),
    "deep.enex": lambda: noted.enex("A").replace(b"<tag>", b"<tag>" + b"<x>" * 300_000, 1),
    "ratio.zip": _zeros,
    "nested ratio.zip": lambda: noted.packed({"Export-1-Part-1.zip": _zeros()}, method=zipfile.ZIP_STORED),
    "overlap.zip": _overlapping,
    "names.zip": lambda: noted.packed({f"../../{_PAGE}": b"# Evil\n", _PAGE: b"# Good\n"}),
    "many.zip": lambda: noted.packed({f"{n}.md": b"" for n in range(60_000)}, method=zipfile.ZIP_STORED),
    "sparse.jex": _sparse,
    "ustar.jex": lambda: noted.jex({})[:512] + b"ustar" * 2_000_000,
    "deep.json": lambda: _deep_json(400_000),
    "deep backup.json": lambda: b'{"version": "004", "items": [' + _deep_json(400_000) + b"]}",
    "gzip.bin": lambda: gzip.compress(bytes(100_000_000)),
    "fields.bin": lambda: b"\x08\x00\x12\x80\x80\x80\x05" + b"\x08\x00" * 5_000_000,
    "yaml.md": lambda: b"---\na: &a [x, x]\n" + _YAML,
}


_CHILD = """
import resource, sys, time
from pathlib import Path
from indexers import notes, _keep, _exports, _joplin, _enex, _apple_notes
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
path = Path(sys.argv[1])
began = time.process_time()
found = list(notes.read(path))
print(len(found), sum(type(one).__name__ == "Skipped" for one in found), found[0], file=sys.stderr)
print(round(time.process_time() - began, 2), *(type(one).__name__ for one in found))
"""


@pytest.mark.parametrize("name", sorted(BOMBS))
def test_bombs(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(BOMBS[name]())
    code = _CHILD.format(memory=MEMORY)
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seconds, *kinds = done.stdout.split()
    assert float(seconds) < 2.5
    assert kinds == (["Item"] if name.endswith(".md") else ["Skipped"]), done.stderr[:600]


def test_the_limit_on_unpacking_does_bite(tmp_path: Path) -> None:
    """The control: the same archive unpacked without limits takes the memory that the reader does not."""
    (tmp_path / "a.zip").write_bytes(_zeros())
    code = (
        "import resource, sys, zipfile; resource.setrlimit(resource.RLIMIT_AS, (90 << 20, 90 << 20))\n"
        "archive = zipfile.ZipFile(sys.argv[1]); archive.read(archive.namelist()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.zip")], capture_output=True, check=False
    )
    assert done.returncode != 0


def samples(blob: bytes) -> dict[str, bytes]:
    """One small file of each format but the database."""
    return {
        "a.enex": noted.enex("Garden", "Seeds", "Costs", attached=b"Three sacks"),
        "a.jex": noted.jex(noted.joplin({"a" * 32: "Garden", "b" * 32: "Seeds"})),
        "a.zip": noted.packed(noted.notion()),
        "stored.zip": noted.packed(
            {"Export-1-Part-1.zip": noted.packed(noted.notion())}, method=zipfile.ZIP_STORED
        ),
        "keep.zip": noted.packed({f"Takeout/Keep/{n}.json": noted.keep(f"Note {n}") for n in range(4)}),
        "keep.json": noted.keep("Garden", listContent=[{"text": "rake", "isChecked": True}]),
        "backup.txt": noted.standard("Garden", "Seeds", "Costs"),
        "body.bin": blob,
        "a.md": b"---\ntitle: T\ntags: [a, b]\n---\n# H\n\n> [!note] C\n\n![[x.png]] [[a#b|c]]\n"
        b"[t](u) `c` **b**\n\n```\nx\n```\n",
        "a.org": b"#+TITLE: T\n* TODO H :a:\n:PROPERTIES:\n:ID: x\n:END:\n"
        b"<2024-01-01 Mon 10:00> [[http://e.org][l]]\n",
        "a.rst": b"T\n=\n\n:date: 2024-01-01\n\n.. note:: `l <http://e.org>`_ :role:`x`\n\n.. code::\n\n   y",
        "a.html": b"<html><head><title>T</title><meta name=created content=2024></head><body><ul><li>x</ul>",
    }


def _sample(name: str, blob: bytes, folder: Path) -> bytes:
    if name != "NoteStore.sqlite":
        return samples(blob)[name]
    noted.apple(folder / name, blob)
    return (folder / f"{name}-wal").read_bytes()


@pytest.mark.parametrize(
    "name",
    [
        "a.enex",
        "a.jex",
        "a.zip",
        "stored.zip",
        "keep.zip",
        "keep.json",
        "backup.txt",
        "body.bin",
        "a.md",
        "a.org",
        "a.rst",
        "a.html",
        "NoteStore.sqlite",
    ],
)
def test_mutations_raise_nothing(
    tmp_path: Path, corpus: Callable[[str], Path], full: bool, name: str
) -> None:
    """Every damaged file gives items or a reason; a few of each in every run, 5,000 in the long form."""
    blob = (corpus("notes_apple_blobs") / "exported_blobs" / "table_gzipped.bin").read_bytes()
    data = _sample(name, blob, tmp_path)
    log = name == "NoteStore.sqlite"  # all that was written is in its log still
    path = tmp_path / (f"{name}-wal" if log else f"mutant-{name}")
    for mutant in mutations(data, random.Random(name), 400 if full else 30):
        path.write_bytes(mutant)
        found = list(notes.read(tmp_path / name if log else path))
        assert found, "neither item nor reason"
        told = [one.uri for one in found if isinstance(one, Skipped)]
        assert len(told) == len(set(told)), "a fault is told once"


@pytest.mark.parametrize("name", ["a.enex", "a.jex", "a.zip", "keep.zip", "backup.txt"])
def test_damage_in_one_note_leaves_the_others(tmp_path: Path, name: str) -> None:
    """Bytes of the first note are overwritten, cut out or doubled: what the others say is as before."""
    data = samples(b"")[name]
    begin, end, others = _first_note(name, data)
    chance = random.Random(7)
    whole = _titled(tmp_path / name, data)
    assert others <= whole.keys()
    for _ in range(60):
        changed = bytearray(data)
        at = chance.randrange(begin, end - 8)
        match chance.randrange(2 if name.endswith(("zip", "jex")) else 3):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                changed[at : at + 4] = b"\xff<&\0"
            case _:
                del changed[at : at + 6]
        found = _titled(tmp_path / name, bytes(changed))
        assert {title: found.get(title) for title in others} == {title: whole[title] for title in others}


def _titled(path: Path, data: bytes) -> dict[str, str]:
    path.write_bytes(data)
    return {one.title: one.text for one in notes.read(path) if isinstance(one, Item) and one.kind == "note"}


def _first_note(name: str, data: bytes) -> tuple[int, int, set[str]]:
    """Where the first note lies, and the titles of the others."""
    if name == "a.enex":
        return data.index(b"<title>Garden"), data.index(b"</note>"), {"Seeds", "Costs"}
    if name == "a.jex":
        at = data.index(b"Garden\n\nWords")
        return at, data.index(b"type_: 1", at), {"Seeds"}
    if name == "backup.txt":
        return data.index(b'"uuid"') + 20, data.index(b"2024-02-01"), {"Seeds", "Costs"}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        first, second, *_ = archive.infolist()
    others = {"Seeds", "Costs"} if name == "a.zip" else {"Note 1", "Note 2", "Note 3"}
    return first.header_offset + 30 + len(first.filename), second.header_offset, others


def test_an_export_that_was_cut_off_gives_what_is_in_it(tmp_path: Path) -> None:
    for name in ("a.enex", "a.zip", "keep.zip", "a.jex"):
        data = samples(b"")[name]
        found = _titled(tmp_path / name, data[: int(len(data) * 0.7)])
        assert found, name


def test_json_of_strangers_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"items": [1, 2], "version": 3}))
    (one,) = notes.read(tmp_path / "a.json")
    assert isinstance(one, Skipped)
    assert re.match(r"no", one.reason)


def _too_large(count: int) -> bytes:
    """Many names in the directory for one packed note that is a little over the limit."""
    chance = random.Random(7)
    data = bytearray(
        noted.packed({f"Takeout/Keep/{'a' * 32}.json": (chance.randbytes(1_000) + bytes(60_000)) * 180})
    )
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry = bytes(data[at:end])
    copies = [entry.replace(b"a" * 32, f"{n:032x}".encode()) for n in range(count)]
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, len(copies), len(copies), sum(map(len, copies)))
    return bytes(data[:at]) + b"".join(copies) + bytes(tail)


def test_what_is_too_large_counts_as_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(_too_large(200))
    found = list(notes.read(tmp_path / "a.zip"))
    assert 10 < len(found) < 30, "the control: not all of them were tried"
    assert isinstance(found[-1], Skipped)
    assert "more than a reader may take" in found[-1].reason


def test_a_table_that_names_nothing_spoils_no_note() -> None:
    from indexers import _apple_body
    from indexers._content import Unreadable

    def part(number: int, data: bytes) -> bytes:
        return bytes((number << 3 | 2, len(data))) + data

    entry = part(3, part(13, b"\x08\x00"))
    with pytest.raises(Unreadable):
        _apple_body.table(part(2, part(3, entry + part(4, b"x") + part(5, b"com.apple.notes.ICTable"))))


def test_blanks_and_marks_take_no_time() -> None:
    """Each took half a minute and more when it was looked through anew from every place in it."""
    from indexers import _enex, _markdown

    began = time.process_time()
    _markdown.read("a|b\n" + " " * 60_000 + "x")
    assert _enex._words('<item><t w="90">Sea</t>' + "<item>" * 100_000) == "Sea"
    assert time.process_time() - began < 10


def test_an_attachment_stands_once_in_its_note() -> None:
    """A note of ten thousand signs that all stand for the same long table is not blown up."""
    from indexers import _apple_body

    def part(number: int, data: bytes) -> bytes:
        size = len(data)
        return bytes((number << 3 | 2, size & 127 | 128, size >> 7 & 127 | 128, size >> 14)) + data

    run = b"\x08\x90\x4e" + part(12, part(1, b"id") + part(2, b"x"))
    note = part(2, part(3, part(2, ("\ufffc" * 10_000).encode()) + part(5, run)))
    assert _apple_body.read(note, lambda *_: "table").text == "table"


def test_a_backup_that_begins_over_and_over_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b'{"version": "004", "items": [{"content_type": 1},' + b'{"uuid": [' * 100_000)
    began = time.process_time()
    (bad,) = notes.read(path)
    assert isinstance(bad, Skipped)
    assert time.process_time() - began < 5
