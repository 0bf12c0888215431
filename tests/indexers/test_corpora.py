"""Files that nobody here wrote: each becomes items or is skipped once with a reason; nothing is raised."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from indexers import registry
from indexers.item import Item, Skipped, Unit

CORPORA = [
    ("mail", "mail_spamassassin", 3121),
    ("mail", "mail_mikel", 50),
    ("mail", "mail_mimekit", 80),
    ("mail", "mail_zbateson", 37),
    ("mail", "mail_cpython", 23),
    ("mail", "mail_talon_replies", 7),
    ("notes", "notes_til", 934),
    ("notes", "notes_enex_yarle", 130),
    ("notes", "notes_apple_blobs", 9),
    ("notes", "docs_attachments", 5),
    ("documents", "docs_attachments", 15),
    ("calendar", "ics_ical4j", 1100),
    ("calendar", "ics_icalendar", 70),
    ("contacts", "vcf_ezvcard", 14),
    ("photos", "photo_exif_samples", 31),
]


def every(source: str, root: Path) -> tuple[list[Item], list[Skipped], list[str]]:
    """All items, all that was skipped, and the files that were handed to ``read``."""
    items: list[Item] = []
    skipped: list[Skipped] = []
    files: list[str] = []
    indexer = registry.load(source)
    for found in indexer.scan(root):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        assert isinstance(found, Unit)
        files.append(found.path)
        results = list(indexer.read(Path(found.path)))
        assert results, f"neither item nor reason for {found.path}"
        for result in results:
            (skipped if isinstance(result, Skipped) else items).append(result)
    return items, skipped, files


@pytest.mark.parametrize(("source", "name", "at_least"), CORPORA)
def test_each_file_is_read_or_skipped_once(
    corpus: Callable[[str], Path], source: str, name: str, at_least: int
) -> None:
    root = corpus(name)
    items, skipped, files = every(source, root)
    main = [item for item in items if item.kind != "attachment"]
    print(f"{name}: {Counter(item.kind for item in items)}, {len(skipped)} skipped")
    assert len(main) >= at_least
    told = {Path(file).as_uri() for file in files} | {skip.uri for skip in skipped}
    assert told >= {file.as_uri() for file in root.rglob("*") if file.is_file()}
    reasons = Counter(skip.uri for skip in skipped if skip.uri.startswith("file:"))
    assert max(reasons.values(), default=1) == 1, "skipped more than once"
    for skip in skipped:
        assert 8 < len(skip.reason) < 300
        assert "Traceback" not in skip.reason
        assert "\n" not in skip.reason
    for item in items:
        check(item, source)


def check(item: Item, source: str) -> None:
    """What holds for every item, whatever it was made of."""
    assert msgspec.json.decode(msgspec.json.encode(item), type=Item).digest == item.digest
    assert item.source == source or (source, item.kind, item.source) == ("mail", "event", "calendar")
    assert re.fullmatch(r"[!-~]+", item.uri), "an uri is printable ASCII"
    assert item.uri.startswith(("mid:", "file:///", "event:", "contact:"))
    assert item.title.strip()
    assert "\n" not in item.title
    assert "\0" not in item.text
    assert re.fullmatch(r"[0-9a-f]{64}", item.digest)
    assert item.when is None or item.when.utcoffset() is not None
    assert item.until is None or item.until.utcoffset() is not None
    assert Path(item.path).is_absolute()
    assert len(item.people) <= 200
    assert all(person.address == person.address.lower() for person in item.people)


def test_reading_twice_gives_the_same(corpus: Callable[[str], Path]) -> None:
    for source, name in (
        ("mail", "mail_mikel"),
        ("calendar", "ics_ical4j"),
        ("photos", "photo_exif_samples"),
    ):
        first, second = every(source, corpus(name))[0], every(source, corpus(name))[0]
        assert [(item.uri, item.digest) for item in first] == [(item.uri, item.digest) for item in second]
