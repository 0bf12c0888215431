"""What a command line means, before anything is started for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.__main__ import _is_desktop
from app.cli import arguments
from app.cli.show import _WORDS
from app.cli.sources import place
from app.core.errors import UsageFault
from app.core.types import Field, Hit, Proposal, Skipped


@pytest.mark.parametrize(
    ("words", "desktop"),
    [
        ([], True),
        (["--data", "D"], True),
        (["--data=D"], True),
        (["--data", "D", "--demo"], True),
        (["--ask", "when?"], True),
        (["search", "x"], False),
        (["--data", "D", "search", "x"], False),
        (["--data=D", "search", "--data"], False),
        (["--json", "index"], False),
        (["--help"], False),
    ],
)
def test_no_command_is_the_desktop(words: list[str], desktop: bool) -> None:
    assert _is_desktop(words) is desktop


@pytest.mark.parametrize(
    "words",
    [
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "1001"],
        ["search", "x", "-k", "\u00b2"],
        ["search", "x", "--after", "someday"],
        ["ask", "x", "--before", "0001-01-01T00:00:00+14:00"],
        ["tasks", "train"],
        ["undo", "last"],
        ["sources", "add", "imap", "vera@example.org", "--port", "0"],
        ["sources", "add", "imap", "vera@example.org", "--port", "65536"],
        ["sources", "add", "imap", "vera@example.org", "--port", "\u00b2"],
        ["serve", "--port", "65536"],
        ["serve", "--port", "\u0663"],
        ["bench", "--passages", "1000001"],
    ],
)
def test_wrong_arguments_are_told_before_anything_starts(words: list[str]) -> None:
    with pytest.raises(UsageFault) as fault:
        arguments.parser().parse_args(words)
    assert "\n" not in str(fault.value)


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (["sources", "add", "imap", "vera@example.org", "--port", "1143"], "port", 1143),
        (["sources", "add", "imap", "vera@example.org", "--port", "65535"], "port", 65535),
        (["serve", "--port", "65535"], "port", 65535),
        (["serve", "--port", "0"], "port", 0),
        (["search", "x", "-k", "1000"], "k", 1000),
        (["undo", "4711"], "id", 4711),
        (["bench", "--passages", "1000000"], "passages", 1_000_000),
        (["bench", "--count", "20000"], "count", 20_000),
        (["tasks", "eval", "act", "--limit", "20000"], "limit", 20_000),
    ],
)
def test_numbers_go_as_far_as_what_they_count(words: list[str], name: str, value: int) -> None:
    assert getattr(arguments.parser().parse_args(words), name) == value


def test_a_day_begins_at_midnight_here() -> None:
    options = arguments.parser().parse_args(["search", "x", "--after", "2026-06-30", "-k", "1000"])
    assert options.after == datetime(2026, 6, 30).astimezone()
    assert options.k == 1000


def test_words_of_strangers_cannot_steer_the_terminal() -> None:
    evil = "\x1b]0;owned\x07\u202e"
    preview = (Field(label="To", value="a", origin=f"from the mail by {evil}"),)
    hit = Hit(
        rank=1,
        uri=f"mid:{evil}",
        source="mail",
        kind="mail",
        title=evil,
        when=None,
        people=(evil,),
        snippet=evil,
        score=1.0,
        text=evil,
        start=0,
        end=1,
    )
    for shown in (
        hit,
        Skipped(uri=f"file:///{evil}", reason=evil),
        Proposal(action="draft_mail", arguments={}, title=evil, preview=preview, sha256="0" * 64),
    ):
        words = _WORDS[type(shown)](shown)
        assert "\x1b" not in words
        assert "\u202e" not in words


def test_a_path_is_meant_from_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place("notes") == str(tmp_path / "notes")
    assert place("/srv/mail") == "/srv/mail"
    assert place("~/mail") == str(Path.home() / "mail")
