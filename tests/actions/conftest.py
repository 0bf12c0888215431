"""A world of folders that belong to the test, at a fixed time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.actions.contract import World

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=ZONE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(
        calendar_dir=tmp_path / "calendar",
        drafts_dir=tmp_path / "drafts",
        notes_dir=tmp_path / "notes",
        reminders_dir=tmp_path / "reminders",
        now=lambda: NOW,
        zone=ZONE,
        me=("Ana Núñez", "ana@example.org"),
    )
