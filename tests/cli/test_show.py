"""What a terminal shows of an answer that is a list."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.cli.show import Screen, source_table
from app.core.types import Answer, Citation, SourceState

WHEN = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)


def cited(count: int) -> tuple[Citation, ...]:
    return tuple(
        Citation(n=n, uri=f"mid:{n}@example.org", start=0, end=0, title=f"Mail {n}", when=WHEN)
        for n in range(1, count + 1)
    )


def test_a_long_list_is_cut_and_says_how_to_see_all(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(as_json=False).record(Answer(text="31 mails.", citations=cited(31), supported=True))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "31 mails."
    assert lines[1] == f"  [1] Mail 1 · {WHEN.astimezone():%Y-%m-%d %H:%M} — mid:1@example.org"
    assert lines[20].startswith("  [20] ")
    assert lines[21] == "  … and 11 more; homebody --json ask … lists them all"


def test_all_of_it_goes_to_json(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(as_json=True).record(Answer(text="31 mails.", citations=cited(31), supported=True))
    assert capsys.readouterr().out.count('"uri"') == 31


def test_a_short_list_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    Screen(as_json=False).record(Answer(text="20 mails.", citations=cited(20), supported=True))
    assert "more" not in capsys.readouterr().out


def test_sources_are_a_table_with_what_is_wrong_under_each() -> None:
    home = str(Path.home())
    told = source_table(
        (
            SourceState(
                id=1,
                kind="mail",
                path=f"{home}/Mail",
                items=31_210,
                files=12,
                skipped=2,
                last_indexed=datetime(2026, 3, 18, 10, 2).astimezone(),
            ),
            SourceState(id=2, kind="notes", path="/disk/notes\x1b[2J", missing=True),
            SourceState(
                id=3, kind="imap", path="imaps://vera@mail.example", fault="the password is\nrefused"
            ),
        )
    ).splitlines()
    assert told == [
        "        items  files  skipped  last look         place",
        "mail   31,210     12        2  2026-03-18 10:02  ~/Mail",
        "notes       0      0        0  never             /disk/notes\\u{1B}[2J",
        "       ! it is not there now; what is known of it is kept",
        "imap        0      0        0  never             imaps://vera@mail.example",
        "       ! the password is refused",
    ]
