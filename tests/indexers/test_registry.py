"""The registry finds every source by its module's name, and guesses what a path holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from indexers import registry


def test_sources_are_the_modules() -> None:
    assert set(registry.sources()) >= {"calendar", "contacts", "mail", "notes", "photos"}
    with pytest.raises(LookupError, match="calendar, contacts,"):
        registry.load("item")


@pytest.mark.parametrize("source", ["calendar", "mail", "notes", "photos"])
def test_the_demo_is_recognised(demo: Path, source: str) -> None:
    assert registry.sniff(demo / source) == source


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("mail_spamassassin", "mail"),
        ("notes_til", "notes"),
        ("ics_ical4j", "calendar"),
        ("photo_exif_samples", "photos"),
    ],
)
def test_corpora_are_recognised(corpus: Callable[[str], Path], name: str, source: str) -> None:
    assert registry.sniff(corpus(name)) == source


def test_what_no_source_knows(tmp_path: Path) -> None:
    assert registry.sniff(tmp_path) is None
    assert registry.sniff(tmp_path / "missing") is None
    (tmp_path / "a.bin").write_bytes(b"\0\1\2")
    assert registry.sniff(tmp_path / "a.bin") is None
    (tmp_path / "Mail").mkdir()
    (tmp_path / "Mail" / "cur").mkdir()
    (tmp_path / "Mail" / "new").mkdir()
    assert registry.sniff(tmp_path / "Mail") == "mail"
