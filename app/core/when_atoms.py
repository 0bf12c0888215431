"""The single expressions of time ("next Friday", "Q3 2025", "3pm"), each found by one rule.

A rule is a pattern over flattened text (lower case, no accents, same length) and a function that
turns its match into an :class:`Atom`, or None where the words mean something else. How atoms
combine ("between A and B", "tomorrow at noon") is the business of :mod:`app.core.when`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from app.core import when_words as w


@dataclass(frozen=True)
class Atom:
    """``kind`` is date (a range of days), moment (an exact time), clock (an hour) or part (of a day)."""

    start: int
    end: int
    kind: str
    lo: datetime
    hi: datetime
    day: bool = False  # the range is one day
    weekday: bool = False  # a day known by its weekday alone: beside a full date it only repeats it
    cycle: relativedelta | None = None  # said without a year (or week): may mean one earlier or later
    length: timedelta | None = None  # of a clock range such as "3-5pm"


@dataclass(frozen=True)
class Context:
    """The present, and whether a day or month without a year lies behind (-1) or ahead (+1)."""

    now: datetime
    direction: int
    flat: str

    @property
    def today(self) -> datetime:
        return self.now.replace(hour=0, minute=0, second=0, microsecond=0)

    def date(self, year: int, month: int, day: int) -> datetime:
        return self.today.replace(year=year, month=month, day=day)

    def preceded(self, at: int) -> bool:
        """Whether a word of place in time stands right before ``at``."""
        before = re.search(r"([a-z']+) $", self.flat[max(0, at - 20) : at])
        if before is None:
            return False
        if before[1] in w.CONJUNCTIONS:
            return re.search(rf"(?<!\w){w.either(w.FROM)}(?!\w)", self.flat[:at]) is not None
        return before[1] in w.PREPOSITIONS


Rule = Callable[[re.Match[str], Context], Atom | None]


class Rules:
    """Patterns with what they mean; the order breaks ties."""

    def __init__(self) -> None:
        self.all: list[tuple[re.Pattern[str], Rule]] = []

    def add(self, pattern: str) -> Callable[[Rule], Rule]:
        def register(function: Rule) -> Rule:
            self.all.append((re.compile(rf"(?<!\w){pattern}(?!\w)"), function))
            return function

        return register


N = rf"(?:\d{{1,3}}|{w.either(w.NUMBERS)})"
UNIT = w.either(w.UNIT_OF)
YEAR = r"(?P<y>(?:19|20)\d{2})"


def flatten(text: str) -> str:
    """Lower case without accents, character for character, so that offsets stay those of ``text``."""
    import unicodedata

    def one(char: str) -> str:
        low = unicodedata.normalize("NFKD", char)[:1].lower()
        return {"’": "'", "–": "-", "—": "-", "\n": " ", "\t": " ", "\xa0": " "}.get(
            char, low if len(low) == 1 else char
        )

    return "".join(map(one, text))


def atoms(context: Context, *sets: Rules) -> list[Atom]:
    """All expressions from left to right; where rules overlap the earlier, longer, first rule wins."""
    found: list[tuple[int, int, int, Atom]] = []
    for number, (pattern, rule) in enumerate(rule for rules in sets for rule in rules.all):
        for match in pattern.finditer(context.flat):
            atom = _safely(rule, match, context)
            if atom is not None:
                found.append((atom.start, -atom.end, number, atom))
    taken: list[Atom] = []
    for *_, atom in sorted(found, key=lambda f: f[:3]):
        if not taken or atom.start >= taken[-1].end:
            taken.append(atom)
    return taken


def _safely(rule: Rule, match: re.Match[str], context: Context) -> Atom | None:
    try:
        return rule(match, context)
    except (ValueError, OverflowError):  # 31 February, or a year no calendar has
        return None


def number(word: str) -> int:
    return int(word) if word.isdigit() else w.NUMBERS[word]
