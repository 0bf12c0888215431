"""A search with all it reads out of the question, on a real store with real embeddings."""

from __future__ import annotations

import pytest

from app.core.errors import UsageFault
from app.core.types import Scope
from app.flows import search
from app.flows.context import Home


def test_an_unknown_source_is_not_an_empty_result(mine: Home) -> None:
    with pytest.raises(UsageFault) as fault:
        search.search(mine, query="bicycle", scope=Scope(sources=("fax",)))
    assert "notes" in fault.value.remedy
