"""How IMAP writes what it tells: values and lists, names of folders, sets of numbers (RFC 3501, 4 and 9)."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from app.courier.held import spans

_MAX_NAME = 1_000  # bytes of a folder's name
_TOKEN = re.compile(rb'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|((?:[^\s()"\[]|\[[^\]]*\])+))')
_UTF7 = re.compile(r"&([^-]*)-")

Value = Any  # bytes | None | list of values


def items(answers: dict[str, list[Any]]) -> Iterator[dict[bytes, Value]]:
    """What FETCH told: item → value, each with its ``UID``."""
    for values in parsed(answers.get("FETCH", [])):
        inner = values[1] if len(values) > 1 and isinstance(values[1], list) else []
        item = dict(zip(map(_upper, inner[::2]), inner[1::2], strict=False))
        if number(item.get(b"UID")):
            yield item


def parsed(answers: Iterable[Any]) -> Iterator[list[Value]]:
    """Each untagged answer as a list of values: bytes, None for NIL, lists. Raises imaplib's error."""
    pieces: list[Any] = []
    for answer in answers:
        pieces.append(answer)
        if not isinstance(answer, tuple):  # a tuple goes on after its literal
            yield _values(pieces)
            pieces = []


def _values(pieces: list[Any]) -> list[Value]:
    stack: list[list[Value]] = [[]]
    for piece in pieces:
        text, literal = piece if isinstance(piece, tuple) else (piece, None)
        if literal is not None:
            text = text[: text.rindex(b"{")].removesuffix(b"~")
        at = 0
        while match := _TOKEN.match(text, at):
            at = match.end()
            if match[1]:
                stack.append([])
                if len(stack) > 20:
                    raise imaplib.IMAP4.error("an answer nested too deep")
            elif match[2]:
                if len(stack) < 2:
                    raise imaplib.IMAP4.error("an answer that does not close")
                inner = stack.pop()
                stack[-1].append(inner)
            elif match[3] is not None:
                stack[-1].append(re.sub(rb"\\(.)", rb"\1", match[3]))
            else:
                stack[-1].append(None if match[4].upper() == b"NIL" else match[4])
        if literal is not None:
            stack[-1].append(literal)
    if len(stack) != 1:
        raise imaplib.IMAP4.error("an answer that does not end")
    return stack[0]


def _upper(value: Value) -> bytes:
    return value.upper() if isinstance(value, bytes) else b""


def number(value: Value) -> int:
    """0 where it is none."""
    return int(value) if isinstance(value, bytes) and value.isdigit() and len(value) < 20 else 0


def folder_name(raw: bytes) -> str | None:
    """A folder's name in words, out of modified UTF-7 (RFC 3501, 5.1.3); None where it is none.

    Half a surrogate pair, which no text can hold, is a question mark.
    """
    if len(raw) > _MAX_NAME or any(byte < 32 or byte == 127 for byte in raw):
        return None
    text = raw.decode("utf-8", "replace")

    def part(match: re.Match[str]) -> str:
        shifted = "+" + match[1].replace(",", "/") + "-"
        decoded = shifted.encode().decode("utf-7", "replace") if match[1] else "&"
        return decoded.encode("utf-8", "replace").decode()

    try:
        return _UTF7.sub(part, text)
    except UnicodeError:
        return text


def numbers(text: bytes, most: int) -> set[int]:
    """A sequence set. Raises imaplib's error where there are more than ``most``."""
    found: set[int] = set()
    for first, last in spans(text.decode("latin-1")):
        if last - first >= most - len(found):
            raise imaplib.IMAP4.error("more numbers than there are mails")
        found.update(range(first, last + 1))
    return found


def within(text: bytes, wanted: Iterable[int]) -> set[int]:
    """Those of ``wanted`` that a sequence set has; however much it spans, it is not written out."""
    runs = sorted(spans(text.decode("latin-1")))
    found: set[int] = set()
    at = 0
    for one in sorted(wanted):
        while at < len(runs) and runs[at][1] < one:
            at += 1
        if at == len(runs):
            break
        if runs[at][0] <= one:
            found.add(one)
    return found
