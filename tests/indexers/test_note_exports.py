"""Exports and stores of programs that keep notes: what is read of each, and that uris stay the same."""

from __future__ import annotations

import html
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexers import notes, registry
from indexers.item import Item, Skipped, Unit
from tests.indexers import noted


def found(path: Path) -> tuple[dict[str, Item], dict[str, str]]:
    """(title → item, uri → reason) of a file."""
    items: dict[str, Item] = {}
    skipped: dict[str, str] = {}
    for one in notes.read(path):
        if isinstance(one, Item):
            items[one.title] = one
        else:
            skipped[one.uri] = one.reason
    assert len({item.uri for item in items.values()}) == len(items)
    return items, skipped


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_evernote(tmp_path: Path) -> None:
    path = written(tmp_path / "a.enex", noted.enex("Garden &amp; co", "Seeds", attached=b"Three sacks"))
    items, skipped = found(path)
    note = items["Garden & co"]
    assert not skipped
    assert note.text == "Words of Garden & co\n- [x] done\nOther note\n\n- one"
    assert note.when == datetime(2024, 1, 1, 10, 15, tzinfo=UTC)
    assert note.meta["tags"] == "garden two-words"
    assert note.links == ("[[Other note]]",)
    assert str(note.people[0]) == "Ann Roe"
    assert note.uri.startswith(f"{path.as_uri()}#")
    attached = next(one for one in notes.read(path) if isinstance(one, Item) and one.kind == "attachment")
    assert attached.text == "Three sacks"
    assert attached.uri.startswith(f"{note.uri}#")
    assert attached.links == (note.uri,)


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text.lower()))


_TOLD = re.compile(
    r"^[\W_]*(?:created at|updated at|last updated at|where|source|tags?|notebook|reminder\w*|"
    r"link to original)\b.*$|^\s*\d+\. ",
    re.I | re.M,
)
_SAVED = re.compile(
    r"!\[[^\]]*\]\([^)]*\)|\([^()]*_resources[^)]*\)|\[\[[^\]]*_resources[^\]]*\]\]|evernote:[^)\s]*"
)


def _expected(text: str) -> Counter[str]:
    """The words of a converted note: without what the converter says of it, and its saved files."""
    text = _SAVED.sub(" ", _TOLD.sub("", text))
    text = re.sub(r"\[\[([^\]|]*)\|([^\]]*)\]\]", r"\2", text)
    text = re.sub(r"<[^<>]{1,300}>", " ", re.sub(r"\]\((?!http)[^)]*\)", "]", text))
    return _words(html.unescape(re.sub(r"\\([^\w\s])", r"\1", text)))


def test_evernote_gives_the_words_that_a_converter_gives(corpus: Callable[[str], Path]) -> None:
    """Each expected note is held against the note of the same title, or of the export of the same name."""
    root = corpus("notes_enex_yarle")
    exports = {
        path: [one for one in notes.read(path) if isinstance(one, Item)] for path in root.rglob("*.enex")
    }
    told = {
        note.uri: (
            path.stem,
            note,
            _words(" ".join([note.title, note.text, note.meta.get("tags", ""), *note.links])),
        )
        for path, items in exports.items()
        for note in items
        if note.kind == "note"
    }
    right = total = unmatched = 0
    worst: list[tuple[float, str]] = []
    for path in sorted(root.rglob("*.md")):
        text = path.read_text("utf-8")
        if path.stem == "test-hugeHtml":
            continue  # its export is not in the corpus
        heading = re.search(r"^# (.+)$", text, re.M)
        titles = {path.stem.lower(), heading[1].replace("\\", "").strip().lower() if heading else ""}
        near = [words for stem, note, words in told.values() if {note.title.lower(), stem.lower()} & titles]
        want = _expected(text)
        if not near:
            unmatched += 1
            continue
        hits = max((want & words).total() for words in near)
        right, total = right + hits, total + want.total()
        worst.append((hits / max(1, want.total()), path.name))
    print(f"{right} of {total} words = {right / total:.4f}, {unmatched} without a note; {sorted(worst)[:8]}")
    assert right / total >= 0.95, sorted(worst)[:8]
    assert unmatched <= 5
    assert len(worst) >= 50


def test_a_note_keeps_its_uri_when_others_change(tmp_path: Path) -> None:
    first, second = noted.enex("Garden", "Seeds", "Costs"), noted.enex("Garden", "Seeds changed", "Costs")
    before = found(written(tmp_path / "a.enex", first))[0]
    after = found(written(tmp_path / "a.enex", second.replace(b"Words of Costs", b"New words")))[0]
    assert before["Garden"] == after["Garden"]
    assert before["Costs"].uri == after["Costs"].uri
    assert before["Costs"].digest != after["Costs"].digest
    same = noted.enex("Twin").replace(b"</en-export>\n", noted.enex("Twin").partition(b"<en-export>\n")[2])
    uris = [one.uri for one in notes.read(written(tmp_path / "b.enex", same)) if isinstance(one, Item)]
    assert len(set(uris)) == 2


@pytest.mark.parametrize("packed", [True, False])
def test_joplin(tmp_path: Path, packed: bool) -> None:
    files = noted.joplin({"a" * 32: "Garden", "b" * 32: "Seeds"})
    if packed:
        path = written(tmp_path / "notes.jex", noted.jex(files))
        unit = next(iter(notes.scan(tmp_path)))
        uri = f"{path.as_uri()}#{'a' * 32}"
    else:
        for name, data in files.items():
            path = written(tmp_path / "raw" / name, data)
        (unit,) = notes.scan(tmp_path)
        path = tmp_path / "raw"
        uri = (path / f"{'a' * 32}.md").as_uri()
    assert isinstance(unit, Unit)
    assert unit.path == str(path)
    items, skipped = found(path)
    note = items["Garden"]
    assert not skipped
    assert note.uri == uri
    assert note.text == "Words of Garden, see list.txt and that"
    assert note.meta["category"] == "Allotment"
    assert note.meta["tags"] == "green"
    assert note.when == datetime(2024, 1, 1, 10, 15, tzinfo=UTC)
    assert note.links[0].endswith("0" * 32 + ("" if packed else ".md"))
    assert items["list.txt"].text == "Three sacks of compost"


def test_what_of_joplin_is_left_out(tmp_path: Path) -> None:
    files = noted.joplin({"a" * 32: "Garden", "b" * 32: "Bin", "9" * 32: "Locked"})
    files["b" * 32 + ".md"] = files["b" * 32 + ".md"].replace(
        b"\ntype_: 1", b"\ndeleted_time: 17000\ntype_: 1"
    )
    files["9" * 32 + ".md"] = files["9" * 32 + ".md"].replace(b"applied: 0", b"applied: 1")
    items, skipped = found(written(tmp_path / "a.jex", noted.jex(files)))
    assert set(items) == {"Garden", "list.txt"}
    assert sorted(reason.partition(";")[0] for reason in skipped.values()) == [
        "a note in Joplin's bin",
        "a note that Joplin has encrypted",
    ]


def test_a_tag_given_in_joplins_folder_is_a_change(tmp_path: Path) -> None:
    files = noted.joplin({"a" * 32: "Garden"})
    tagged = next(name for name, data in files.items() if b"type_: 6" in data)
    for name, data in files.items():
        written(tmp_path / name, b"" if name == tagged else data)
    (before,) = notes.scan(tmp_path)
    written(tmp_path / tagged, files[tagged])
    (after,) = notes.scan(tmp_path)
    assert isinstance(before, Unit)
    assert isinstance(after, Unit)
    assert (before.path, before.stamp) != (after.path, after.stamp)


def test_google_keep(tmp_path: Path) -> None:
    boxes = [{"text": "rake", "isChecked": True}, {"text": "hoe", "isChecked": False}]
    folder = tmp_path / "Takeout" / "Keep"
    photo = [{"filePath": "p.jpg", "mimetype": "image/jpeg"}]
    written(folder / "a.json", noted.keep("Garden", isArchived=True, listContent=boxes, attachments=photo))
    written(folder / "a.html", b'<html><div class="note"><div class="heading"></div></div>')
    written(folder / "b.json", noted.keep("Gone", isTrashed=True))
    written(folder / "c.json", b'{"other": 1}')
    results = {}
    for unit in notes.scan(tmp_path):
        assert isinstance(unit, Unit)
        (results[Path(unit.path).name],) = notes.read(Path(unit.path))
    note = results["a.json"]
    assert isinstance(note, Item)
    assert note.text == "Words of Garden\n- [x] rake\n- [ ] hoe"
    assert (note.meta["tags"], note.meta["status"]) == ("green", "archived")
    assert note.when == datetime(2024, 1, 1, 10, tzinfo=UTC)
    assert note.links == ((folder / "p.jpg").as_uri(),)
    reasons = [one.reason for one in results.values() if isinstance(one, Skipped)]
    assert sorted(reasons) == [
        "a note in Google Keep's bin",
        "not a note: a .json file is read only where Google Keep or Standard Notes wrote it",
        "the same note as in a.json",
    ]
    zipped = noted.packed({"Takeout/Notizen/a.json": noted.keep("Garden"), "Takeout/Chrome/x.json": b"{}"})
    items, skipped = found(written(tmp_path / "takeout.zip", zipped))
    assert list(items) == ["Garden"]
    assert not skipped


def test_a_page_of_google_keep(tmp_path: Path) -> None:
    page = (
        '<html><head><title>Garden</title></head><body><div class="note DEFAULT"><div class="heading">'
        '<div class="meta-icons"></div>\nMay 3, 2024, 10:15:30\u202fAM</div>\n<div class="title">Garden</div>'
        '<div class="content"><ul class="list"><li class="listitem checked">'
        '<span class="bullet">&#9745;</span>'
        '<span class="text">rake</span></li></ul></div><div class="chips"><span class="chip label">'
        '<span class="label-name">green</span></span></div></div></body></html>'
    )
    items, _ = found(written(tmp_path / "g.html", page.encode()))
    note = items["Garden"]
    assert note.text == "- [x] rake"
    assert note.meta["tags"] == "green"
    assert note.when is not None
    assert (note.when.year, note.when.month, note.when.day, note.when.hour) == (2024, 5, 3, 10)


def test_standard_notes(tmp_path: Path) -> None:
    backup = noted.standard("Garden", "Seeds")
    name = "Standard Notes Backup and Import File.txt"
    for path in (
        written(tmp_path / name, backup),
        written(tmp_path / "a.zip", noted.packed({name: backup, "Items/Note/x.txt": b"Words"})),
    ):
        items, skipped = found(path)
        assert set(items) == {"Garden", "Seeds"}
        assert not skipped
        assert items["Garden"].uri == f"{path.as_uri()}#uuid-Garden"
        assert items["Garden"].meta["tags"] == "green"
        assert items["Garden"].when == datetime(2024, 1, 1, 10, tzinfo=UTC)
    locked = b'{"version": "004", "items": [{"uuid": "a", "content_type": "Note", "content": "004:xyz"}]}'
    assert "Decrypted" in next(iter(found(written(tmp_path / "b.txt", locked))[1].values()))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("parts", [False, True])
def test_notion(tmp_path: Path, method: int, parts: bool) -> None:
    data = noted.packed(noted.notion(), method=method)
    data = noted.packed({"Export-1-Part-1.zip": data}, method=method) if parts else data
    path = written(tmp_path / "Export-1.zip", data)
    items, skipped = found(path)
    assert not skipped
    assert set(items) == {"Garden plan", "Seeds", "Costs"}
    note = items["Garden plan"]
    assert note.uri == f"{path.as_uri()}#{noted.NOTION['Garden plan']}"
    assert note.links == (f"{path.as_uri()}#{noted.NOTION['Seeds']}", "https://example.org/map")
    assert note.when is not None
    assert note.when.year == 2024
    assert note.meta["tags"] == "green home"
    assert items["Seeds"].meta["category"] == "Garden plan"
    assert items["Costs"].text == "Name: Compost · Euro: 12\nName: Rake · Euro: 20"
    assert not re.search(r"[0-9a-f]{32}", " ".join(f"{one.title} {one.text}" for one in items.values()))


def test_apple_notes(tmp_path: Path, corpus: Callable[[str], Path]) -> None:
    path = tmp_path / "NoteStore.sqlite"
    noted.apple(path, (corpus("notes_apple_blobs") / "exported_blobs" / "table_gzipped.bin").read_bytes())
    (unit,) = notes.scan(tmp_path)
    assert isinstance(unit, Unit)
    assert "+" in unit.stamp, "its log counts too"
    items, skipped = found(path)
    note = items["Beds"]
    assert set(items) == {"Beds"}
    assert note.uri == f"{path.as_uri()}#N-10"
    assert note.text.splitlines() == [
        "Words of Beds",
        "Row 1 Column 1 | Row 1 Column 2",
        "Row 2 Column 1 | Row 2 Column 2",
    ]
    assert note.meta["category"] == "Allotment"
    assert note.when == datetime(2024, 1, 1, 11, 6, 40, 500000, tzinfo=UTC)
    assert sorted(skipped.values()) == [
        "a deleted note “Gone”",
        "a note “Damaged”: not the body of a note, or a damaged one",
        "a note “Secret” that is locked with a password",
    ]


def test_bodies_of_apple_notes(corpus: Callable[[str], Path]) -> None:
    root = corpus("notes_apple_blobs") / "exported_blobs"
    texts = {}
    for path in root.iterdir():
        (one,) = notes.read(path)
        texts[path.stem] = one.text if isinstance(one, Item) else one.reason
    assert texts["simple_note_protobuf"] == texts["simple_note_protobuf_gzipped"] == "Title"
    assert "- [x] Checklist, checked, red at the end" in texts["color_formatting_gzipped"]
    assert "1. Numbered list" in texts["list_indents_gzipped"]
    assert "體驗看法覺得很大" in texts["emoji_formatting_1_gzipped"]
    assert texts["table_gzipped"].startswith("Row 1 Column 1 | Row 1 Column 2")
    assert texts["ZSERVERRECORDDATA"].startswith("not a note")


def test_notes_are_recognised(tmp_path: Path) -> None:
    files = {
        "a.enex": noted.enex("Garden"),
        "b.jex": noted.jex(noted.joplin({"a" * 32: "G"})),
        "c.zip": noted.packed(noted.notion()),
        "d.zip": noted.packed({"Takeout/Keep/a.json": noted.keep("Garden")}),
        "e.json": noted.keep("Garden"),
    }
    for name, data in files.items():
        assert registry.sniff(written(tmp_path / name, data)) == "notes"


def test_an_unchanged_export_is_not_opened_again(tmp_path: Path) -> None:
    """Scanning says the same of files that nobody may open: their time and size suffice."""
    for name in ("a.enex", "b.jex", "c.zip", "d.json", "NoteStore.sqlite"):
        written(tmp_path / name, b"x").chmod(0)
    units = list(notes.scan(tmp_path))
    assert all(isinstance(unit, Unit) for unit in units)
    assert list(notes.scan(tmp_path)) == units


def test_the_log_of_a_database_concerns_the_database(tmp_path: Path) -> None:
    noted.apple(tmp_path / "NoteStore.sqlite")
    log = tmp_path / "NoteStore.sqlite-wal"
    assert notes.concerned(tmp_path, log) == tmp_path / "NoteStore.sqlite"
    assert [type(one).__name__ for one in notes.scan(tmp_path)] == ["Unit"], "the log is no file of its own"


def test_a_folder_called_like_a_log_is_none(tmp_path: Path) -> None:
    (tmp_path / "dream-journal").mkdir()
    written(tmp_path / "dream-journal" / "a.md", b"# Sea\n")
    assert notes.concerned(tmp_path, tmp_path / "dream-journal") == tmp_path / "dream-journal"
    below = tmp_path / "resources"
    assert notes.concerned(below, below / "a.md") == below / "a.md", "only what lies in the source counts"


def test_lines_that_look_like_joplins_keys_are_words(tmp_path: Path) -> None:
    line = "eggs: two flour: cups butter: some sugar: little milk: yes salt: pinch yeast: one vanilla: drop"
    files = noted.joplin({"a" * 32: "G"})
    name = f"{'b' * 32}.md"
    files[name] = f"Cake\n\n{line}\nEnjoy it!\n\nid: {'b' * 32}\nparent_id:\ntype_: 1".encode()
    written(tmp_path / "a.jex", noted.jex(files))
    (cake,) = (one for one in notes.read(tmp_path / "a.jex") if isinstance(one, Item) and one.title == "Cake")
    assert cake.text == f"{line}\nEnjoy it!"
