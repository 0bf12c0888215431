"""Photos are found by what they show, through a real (tiny) CLIP; without one nothing changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.core.errors import BadModel
from app.core.types import Scope
from app.flows import index, search, seeing, showing
from app.flows.context import Home
from app.model import catalog
from app.model.contract import Gallery
from app.model.supervisor import GALLERY
from app.store.wishes import Wish
from tests.conftest import ROOT

PHOTO = (Wish(kinds=("photo",)),)
SHAPES = ("red", "green", "blue", "white")


@pytest.fixture
def photos(mine: Home, tmp_path: Path) -> Home:
    """Three pictures and one that cannot be decoded any more; the text in them is taken as read."""
    folder = tmp_path / "p"
    folder.mkdir()
    for n, colour in enumerate(SHAPES):
        image = Image.radial_gradient("L").convert("RGB")
        image.paste(colour, (40 * n, 30, 90 + 40 * n, 200))
        image.save(folder / f"{n}.png")
    index.add_source(mine, kind="photos", path=str(folder))
    list(index.index(mine, words=True))
    for uri, _ in mine.index.wanting_ocr():
        mine.index.set_text(uri, "")
    (folder / "3.png").write_bytes(b"gone")
    return mine


def clip(home: Home) -> str:
    """Install the tiny one as the catalog's first; returns its key."""
    model = next(iter(catalog.galleries().values()))
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; "
    code += f"from tests.model.tiny_clip import make; make(Path({str(model.folder(home.paths))!r}))"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)  # torch stays out of here
    return model.key


def test_without_a_model_nothing_of_it_happens(photos: Home) -> None:
    assert list(showing.embed(photos)) == []
    assert showing.near(photos, "a picture of a boat", PHOTO) == {}


def test_photos_are_found_by_what_they_show(photos: Home, full: bool) -> None:
    key = clip(photos)
    store = photos.searcher.pictures
    folder = Path(photos.index.sources()[0].path)
    folder.rename(folder.with_name("away"))  # the disk was taken out
    assert not any(seeing.see(photos))
    assert not store.any(key)
    folder.with_name("away").rename(folder)
    assert not any(seeing.see(photos))
    assert store.any(key)
    assert store.pending(key) == [], "also the one that cannot be opened is not tried again and again"
    assert store.pending("another") != []
    near = showing.near(photos, "a picture of a boat", PHOTO)
    assert near == pytest.approx(_right(photos, "a picture of a boat"), abs=0.05)
    assert max(near.values()) == 1.0
    hits = search.search(photos, query="a picture of a boat", scope=Scope())
    best = max(near, key=lambda id: near[id])
    row = photos.index.db.tuples(
        "SELECT i.uri FROM items i JOIN passages p ON p.item_id = i.id WHERE p.id = ?", [best]
    )
    assert hits[0].uri == row[0][0]
    assert not search.search(photos, query="a picture of a boat", scope=Scope(sources=("mail",)))
    photos.specialists.kill(GALLERY)
    assert showing.near(photos, "a boat", ()) == {}, (
        "its start is not waited for where nobody asks for pictures"
    )
    if full:  # another start of PyTorch
        (catalog.galleries()[key].folder(photos.paths) / "model.safetensors").write_bytes(b"x")
        with pytest.raises(BadModel, match="cannot be loaded"):
            photos.specialists.gallery().call(Gallery.words, texts=("x",))


def _right(home: Home, query: str) -> dict[int, float]:
    """The same from the model's own float vectors."""
    rows = home.index.db.tuples(
        "SELECT min(p.id), i.path FROM items i JOIN passages p ON p.item_id = i.id GROUP BY i.id ORDER BY 1"
    )
    vectors, which = home.specialists.gallery().call(Gallery.pictures, paths=tuple(path for _, path in rows))
    assert which == (0, 1, 2)
    matrix = np.frombuffer(vectors.data, "<f4").reshape(vectors.count, vectors.dim)
    assert np.linalg.norm(matrix, axis=1) == pytest.approx(np.ones(3), abs=1e-5)
    words = home.specialists.gallery().call(Gallery.words, texts=(query,))
    cosines = matrix @ np.frombuffer(words.data, "<f4")
    shares = (cosines - cosines.mean()) / (cosines.max() - cosines.mean())
    return {int(id): float(share) for (id, _), share in zip(rows, shares, strict=False) if share > 0}
