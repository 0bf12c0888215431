"""Files that nobody here wrote, through the real reader processes: no reader ends, each file is told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.core.types import Done, Indexed, Skipped
from app.flows import index
from app.flows.context import Home
from tests.conftest import FULL
from tests.indexers.test_corpora import CORPORA

pytestmark = pytest.mark.timeout(3600 if FULL else 600)
QUICK = ("mail_mikel", "mail_zbateson", "mail_cpython", "docs_attachments", "photo_exif_samples")


def test_every_corpus_goes_through_the_readers(corpus: Callable[[str], Path], mine: Home) -> None:
    wanted = [(kind, name) for kind, name, *_ in CORPORA if FULL or name in QUICK]
    for kind, name in wanted:
        index.add_source(mine, kind=kind, path=str(corpus(name)))
    steps = list(index.index(mine, words=True))
    assert isinstance(steps[-1], Done)
    skipped = [step for step in steps if isinstance(step, Skipped)]
    print(f"{len(wanted)} corpora: {steps[-1].items} items, {len(skipped)} skipped in {steps[-1].seconds} s")
    assert sum(isinstance(step, Indexed) for step in steps) >= steps[-1].items > 100
    assert not [step for step in skipped if "the reader gave up" in step.reason]
    files = [step for step in skipped if step.uri.startswith("file:")]  # a mail may lie in two of them
    assert len({(step.uri, step.reason) for step in files}) == len(files)
    again = list(index.index(mine, words=True))
    assert not [step for step in again if isinstance(step, Indexed | Skipped)], "each bad file is told once"
