"""The demo person's data: everything is read, and every gold item of the questions exists."""

from __future__ import annotations

import json
from pathlib import Path

from indexers import registry
from indexers.item import Item, Skipped, Unit


def test_everything_is_read_and_every_gold_item_exists(demo: Path) -> None:
    found: dict[str, Item] = {}
    for source in filter(lambda name: (demo / name).is_dir(), registry.sources()):
        indexer = registry.load(source)
        for unit in indexer.scan(demo / source):
            assert isinstance(unit, Unit)
            for item in indexer.read(Path(unit.path)):
                assert not isinstance(item, Skipped), item
                assert item.uri not in found
                found[item.uri] = item
    gold = [
        uri if not uri.startswith("demo:") else (demo / uri.removeprefix("demo:")).absolute().as_uri()
        for line in (demo / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        for uri in json.loads(line)["gold"]
    ]
    assert len(gold) > 60
    assert [uri for uri in gold if uri not in found] == []
    photos = [item for item in found.values() if item.kind == "photo"]
    assert all(item.when and item.place for item in photos)
