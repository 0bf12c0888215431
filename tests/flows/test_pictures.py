"""Pictures, looked at in processes of their own: upright previews, looks, and what is tried again."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import Base

from app.core.errors import HomebodyError, UsageFault
from app.core.types import Scope, Skipped
from app.flows import index, search, seeing, viewing
from app.flows.context import Home


def photo(path: Path, **kwargs: object) -> Path:
    image = Image.radial_gradient("L").crop((0, 0, 240, 160)).convert("RGB")
    image.save(path, **kwargs)
    return path


def test_a_preview_is_upright_whatever_the_format(mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    photo(folder / "a.tiff", exif=exif)
    (folder / "b.nef").write_bytes((folder / "a.tiff").read_bytes())
    index.add_source(mine, kind="photos", path=str(folder))
    list(index.index(mine, words=True))
    shown = viewing.picture(mine, uri=(folder / "a.tiff").as_uri())
    assert (shown.width, shown.height, len(shown.rgb)) == (160, 240, 160 * 240 * 3)
    with pytest.raises(HomebodyError, match="no preview"):
        viewing.picture(mine, uri=(folder / "b.nef").as_uri())
    (folder / "a.mp4").write_bytes(b"\0\0\0\x10ftypisom\0\0\0\0")
    list(index.index(mine, words=True))
    with pytest.raises(UsageFault, match="no picture"):
        viewing.picture(mine, uri=(folder / "a.mp4").as_uri())


def test_a_burst_is_seen_and_folded_and_what_fails_is_tried_again(mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    folder.mkdir()
    for n in range(3):
        photo(folder / f"IMG_20260602_11204{n}.jpg", quality=80 + n)
    gone = photo(folder / "IMG_20260602_180000.jpg")
    index.add_source(mine, kind="photos", path=str(folder))
    list(index.index(mine, words=True))
    gone.rename(tmp_path / "away.jpg")
    told = [one for one in seeing.see(mine) if isinstance(one, Skipped)]
    assert [one.uri for one in told] == [gone.as_uri()]
    hits = search.search(mine, query="photos dated 2 June 2026", scope=Scope())
    assert sorted(hit.alike for hit in hits) == [0, 2]
    assert mine.index.failed_ocr() == [(gone.as_uri(), str(gone))]
    (tmp_path / "away.jpg").rename(gone)
    assert list(seeing.see(mine)) == [None], "tried again in the next run, without a word"
    assert mine.index.failed_ocr() == []
