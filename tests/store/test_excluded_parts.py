"""What is attached to a note that is forgotten is not read again either, though the note is itself a part."""

from __future__ import annotations

from pathlib import Path

from app.store.exclusions import Excluded
from indexers import notes
from indexers.item import Item
from tests.indexers import noted


def test_an_attachment_goes_where_its_note_goes(tmp_path: Path) -> None:
    (tmp_path / "a.enex").write_bytes(noted.enex("Garden", "Seeds", attached=b"Three sacks"))
    items = [one for one in notes.read(tmp_path / "a.enex") if isinstance(one, Item)]
    garden = next(one for one in items if one.title == "Garden")
    rest = Excluded(uris=frozenset((garden.uri,))).rest(items)
    assert [(one.title, one.kind) for one in rest] == [("Seeds", "note"), ("list.txt", "attachment")]
    assert rest[1].links == (rest[0].uri,)
    assert len(Excluded().rest(items)) == 4
