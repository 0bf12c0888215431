"""Times in words become figures, and nothing else does; copies are put right from what was said."""

from __future__ import annotations

import pytest

from app.flows.copying import as_said
from app.flows.dictation import figured


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("wake me at six thirty", "wake me at 6:30"),
        ("tomorrow at nine", "tomorrow at 9"),
        ("at seven p m", "at 7 pm"),
        ("eight hundred am tomorrow", "8:00 am tomorrow"),
        ("three o clock", "3 o'clock"),
        ("at ten oh five a.m. sharp", "at 10:05 am sharp"),
        ("in twenty five minutes", "in 25 minutes"),
        ("march the twenty first", "21 march"),
        ("the fifth of may", "5 may"),
        ("on the second at noon", "on the 2nd at noon"),
    ],
)
def test_times_become_figures(said: str, written: str) -> None:
    assert figured(said) == written


@pytest.mark.parametrize(
    "text",
    ["", "one of the kids", "seven sins", "a table for six people", "the first chapter", "at 9", "may"],
)
def test_other_numbers_stay(text: str) -> None:
    assert figured(text) == text


@pytest.mark.parametrize(
    ("copy", "original", "said"),
    [
        ("the cellar key", "Note that the Cellar key has a tag", "the Cellar key"),
        ("the celler key", "note that the cellar key has a tag", "the cellar key"),
        ("Ms Adebayo", "write Ms. Adebayo a mail", "Ms. Adebayo"),
        ("something else", "note that the cellar key has a tag", "something else"),
        ("", "anything", ""),
        ("anything", "", "anything"),
    ],
)
def test_a_copy_is_put_right(copy: str, original: str, said: str) -> None:
    assert as_said(copy, original) == said
