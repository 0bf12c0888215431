"""What of a request tells who somebody is: found, kept back where the person wants it, and put back later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import msgspec

from app.core.types import Withheld

_LEAST_DIGITS = 7  # of a telephone number
_SHORTEST = 3  # letters of a name
_TOKEN = "[{kind} {n}]"
# In this order: of two that begin at one place the first is meant. All of them are bounded, so that no text
# takes long. Contiguous digits: customer, member and case numbers; dates and amounts are none.
_PATTERNS = (
    ("address", r"(?<![\w.%+'-])[\w.%+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    ("link", r"(?:https?://|www\.)[^\s<>\"]{1,2000}"),
    ("account", r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)"),
    ("card", r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-])"),
    (
        "phone",
        r"(?<![\w.,+/-])(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\d{1,2}\.\d\d ?[–-] ?\d)"
        r"(?:\+|00|0|\(0)\d?[\d ()/.-]{4,18}\d(?![\w-])",
    ),
    ("number", r"(?<![\w.,-])\d{6,40}(?![\w])"),
)
_USUAL = frozenset({"address", "link", "account", "phone", "number"})  # kept back unless the person says no


def find(text: str, names: Iterable[str], mine: Iterable[str] = ()) -> tuple[Withheld, ...]:
    """All such words of ``text``, each once, in the order of their first place; ``times`` counts places.

    ``names`` are people's, offered but not held; ``mine`` are the person's own words, and held.
    """
    own = frozenset(_folded(word) for word in mine)
    counted: dict[tuple[str, str], int] = {}
    for kind, word, _, _ in _places(text, (*mine, *names)):
        counted[kind, word] = counted.get((kind, word), 0) + 1
    token = _tokens(text)
    return tuple(
        Withheld(
            text=word,
            kind=kind,
            stands=token(kind),
            times=times,
            held=kind in _USUAL or _folded(word) in own,
        )
        for (kind, word), times in counted.items()
    )


def held_back(text: str, words: Iterable[Withheld]) -> str:
    """``text`` with what stands for each of ``words`` that is held, wherever :func:`find` saw it."""
    words = tuple(words)
    stands = {(word.kind, word.text): word.stands for word in words if word.held}
    names = [word.text for word in words if word.kind == "name"]
    out, at = [], 0
    for kind, word, start, end in _places(text, names):
        if (kind, word) in stands:
            out += [text[at:start], stands[kind, word]]
            at = end
    return "".join((*out, text[at:]))


def put_back(text: str, words: Iterable[Withheld]) -> str:
    """The words again where an answer has what stood for them."""
    stood = {word.stands: word.text for word in words if word.held}
    if not stood:
        return text
    return re.sub("|".join(map(re.escape, stood)), lambda match: stood[match[0]], text)


def choose(words: Iterable[Withheld], held: Iterable[str]) -> tuple[Withheld, ...]:
    """The same words, of which exactly those in ``held`` are kept back."""
    wanted = frozenset(held)
    return tuple(msgspec.structs.replace(word, held=word.text in wanted) for word in words)


def _places(text: str, names: Iterable[str]) -> Iterator[tuple[str, str, int, int]]:
    """(kind, word, start, end), in the order of the text; none overlaps another."""
    known = sorted(
        {name for name in names if sum(map(str.isalpha, name)) >= _SHORTEST}, key=len, reverse=True
    )
    patterns = list(_PATTERNS)
    if known:
        patterns.append(("name", rf"(?<!\w)(?i:{'|'.join(map(re.escape, known))})(?!\w)"))
    for match in re.finditer("|".join(f"(?P<{kind}>{form})" for kind, form in patterns), text):
        kind, word = str(match.lastgroup), match[0]
        if kind == "link":
            word = word.rstrip(".,;:!?)]}'")
        if kind == "phone" and sum(map(str.isdigit, word)) < _LEAST_DIGITS:
            continue
        if kind == "card":
            kind = "account" if _luhn(word) else "number"
        yield kind, word, match.start(), match.start() + len(word)


def _tokens(text: str) -> Callable[[str], str]:
    """Numbers what stands for a word: from 1 for each kind, and nothing that is in the text already."""
    last: dict[str, int] = {}

    def token(kind: str) -> str:
        while True:
            last[kind] = last.get(kind, 0) + 1
            made = _TOKEN.format(kind=kind, n=last[kind])
            if made not in text:
                return made

    return token


def _folded(word: str) -> str:
    return " ".join(word.casefold().split())


def _luhn(digits: str) -> bool:
    """Whether the last digit checks the others, as on every payment card (ISO/IEC 7812-1, annex B)."""
    total = 0
    for at, digit in enumerate(int(char) for char in reversed(digits) if char.isdigit()):
        double = digit * 2 if at % 2 else digit
        total += double - 9 if double > 9 else double
    return total % 10 == 0
