"""Text is shown in whole characters, stops at marks, and does not loop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import BadModel
from app.model.sampling import Text, gbnf, looping


@given(st.text(max_size=40), st.integers(1, 3))
def test_pieces_of_bytes_become_whole_characters(words: str, step: int) -> None:
    shown, data = Text(()), words.encode("utf-8")
    parts = [shown.add(data[at : at + step]) for at in range(0, len(data), step)]
    parts.append(shown.add(b"", final=True))
    assert "".join(parts) == shown.text == words
    assert not any("\ufffd" in part for part in parts if "\ufffd" not in words)


def test_a_stop_mark_is_never_shown() -> None:
    shown = Text(("\nQuestion:",))
    parts = [shown.add(piece.encode()) for piece in ("It is 5", ".\n", "Quest", "ion", ": and")]
    assert "".join(parts) == shown.text == "It is 5."
    assert shown.stopped


def test_the_beginning_of_a_mark_is_shown_once_it_was_none() -> None:
    shown = Text(("END",))
    assert [shown.add(b"aE"), shown.add(b"N"), shown.add(b"G"), shown.add(b"", final=True)] == [
        "a",
        "",
        "ENG",
        "",
    ]


def test_loops_are_seen() -> None:
    assert looping([1, 2, 3] * 8) == 3
    assert looping(list(range(100)) * 2) == 0
    assert looping([5] * 23) == 0
    assert looping([9, 9, *([4, 5, 6, 7, 8, 9, 10] * 4)]) == 7


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises(BadModel, match="schema"):
        gbnf('{"type": "nonsense"}')


def test_a_string_takes_no_bare_line_break() -> None:
    grammar = gbnf('{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}')
    char = next(line for line in grammar.splitlines() if line.startswith("char ::="))
    assert r"\x00-\x1F" in char and r'[^"\\] ' not in char
