"""Documents from file to citation: scanned pages are read in their place, and a hit knows its page."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

from app.flows import index
from app.flows.context import Home
from app.flows.seeing import see
from tests.indexers import office


def scanned(path: Path, *texts: str) -> None:
    """A PDF whose pages are pictures of ``texts``."""
    pages = []
    for text in texts:
        page = Image.new("RGB", (900, 500), "white")
        ImageDraw.Draw(page).text((60, 80), text, fill="black", font_size=40)
        pages.append(page)
    pages[0].save(path, "PDF", save_all=True, append_images=pages[1:], resolution=300)


def page_of(home: Home, query: str) -> tuple[str, int]:
    hit = home.searcher.search(query, k=1)[0]
    return Path(hit.path).name, hit.page


def test_a_page_that_cannot_be_read_costs_no_other(mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    lease = folder / "lease.pdf"
    scanned(lease, "Rental agreement", "Nothing", "Signed in Porto")
    index.add_source(mine, kind="documents", path=str(folder))
    for _ in index.index(mine, words=True):
        pass
    with mine.index.db.write() as db:  # as if it had a fourth, which is damaged
        db.execute("UPDATE items SET meta = json_set(meta, '$.scanned', '1 3 4')")
    (failed,) = [failed for failed in see(mine) if failed]
    assert failed.reason == "pages that could not be read: 4"
    assert page_of(mine, "Porto") == ("lease.pdf", 3)
    with mine.index.db.write() as db:  # none of it can be read: the whole of it is tried again
        db.execute("UPDATE items SET ocr = 1, meta = json_set(meta, '$.scanned', '4 5')")
    (failed,) = [failed for failed in see(mine) if failed]
    assert "could not be read: the page" in failed.reason
    assert mine.index.failed_ocr() == [(lease.as_uri(), str(lease))]


def test_a_hit_says_its_page(mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    scanned(folder / "lease.pdf", "Rental agreement", "Signed in Porto")
    words = [
        office.words((72, 700, f"{word} grows in the garden")) for word in ("Rhubarb", "Fennel", "Sorrel")
    ]
    (folder / "garden.pdf").write_bytes(office.pdf(words))
    (folder / "plan.docx").write_bytes(office.docx())
    (folder / "note.txt").write_text("A single page about quince.")
    index.add_source(mine, kind="documents", path=str(folder))
    for _ in index.index(mine, words=True):
        pass
    assert page_of(mine, "fennel") == ("garden.pdf", 2)
    assert page_of(mine, "beans") == ("plan.docx", 1)
    assert page_of(mine, "quince") == ("note.txt", 0)
    assert not [failed for failed in see(mine) if failed]
    assert page_of(mine, "Porto") == ("lease.pdf", 2)
    assert page_of(mine, "rental agreement") == ("lease.pdf", 1)
    assert mine.index.item((folder / "lease.pdf").as_uri()).text.count("\f") == 1
    assert list(see(mine)) == []
    (hit,) = mine.searcher.search("Sorrel grows", k=1)
    assert hit.page_at(5) == 3
