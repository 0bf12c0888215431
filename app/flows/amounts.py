"""Amounts of money in text: figures with their currency, and the one that a document comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from app.core.types import Record

_SIGNS = {
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "dolares": "USD",
    "£": "GBP",
    "gbp": "GBP",
    "pounds": "GBP",
    "chf": "CHF",
    "franken": "CHF",
    "sek": "SEK",
    "kr": "SEK",
    "kronor": "SEK",
    "kronen": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "pln": "PLN",
    "jpy": "JPY",
    "¥": "JPY",
}
_SIGN = "(?:" + "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True)) + ")"
_FIGURE = r"\d{1,3}(?:[., '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<before>{_SIGN})[ \u00a0]?(?P<first>{_FIGURE})(?![\w%])"
    rf"|(?<![\w.,/-])(?P<second>{_FIGURE})[ \u00a0\u202f]?(?P<after>{_SIGN})(?!\w)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:grand total|total|sum|amount due|balance due|to pay|gesamt\w*|summe|rechnungsbetrag|endbetrag|"
    r"zu zahlen|montant|somme|net à payer|à payer|importe|suma|a pagar|montante|att betala|summa)\b",
    re.IGNORECASE,
)
_SUBTOTAL = re.compile(r"\bsub-?total|\bzwischensumme|\bsous-total", re.IGNORECASE)


class Amount(Record, frozen=True, kw_only=True):
    """``currency`` is an ISO 4217 code; ``start`` and ``end`` are where it stands in the text."""

    value: Decimal
    currency: str
    start: int = 0
    end: int = 0


def amounts(text: str) -> Iterator[Amount]:
    """Every figure with a currency beside it, from left to right; a figure alone is no amount."""
    for match in _AMOUNT.finditer(text):
        sign = (match["before"] or match["after"]).lower()
        value = number(match["first"] or match["second"])
        if value is not None:
            yield Amount(value=value, currency=_SIGNS[sign], start=match.start(), end=match.end())


def number(figure: str) -> Decimal | None:
    """``1.234,56``, ``1,234.56``, ``1 234,56`` and ``1234.56`` are one number; None: it is none.

    A separator before exactly three digits parts thousands, one before fewer begins the decimals.
    """
    bare = re.sub(r"[ '’\u00a0\u202f]", "", figure)
    last = max(bare.rfind("."), bare.rfind(","))
    decimals = bare[last + 1 :] if last >= 0 and len(bare) - last - 1 < 3 else ""
    whole = re.sub(r"\D", "", bare[:last] if decimals else bare)
    return Decimal(f"{whole}.{decimals}" if decimals else whole) if whole else None


def total(text: str) -> Amount | None:
    """What a document comes to: the amount on its lines that say "total", else its only one.

    None where that is not certain: two totals that differ, or several amounts and no total.
    """
    found = list(amounts(text))
    said = [amount for amount in found if _on_total_line(text, amount)]
    candidates = {(amount.value, amount.currency) for amount in said or found}
    return (said or found)[0] if len(candidates) == 1 else None


def _on_total_line(text: str, amount: Amount) -> bool:
    line = text[text.rfind("\n", 0, amount.start) + 1 : amount.end]
    return _TOTAL.search(line) is not None and _SUBTOTAL.search(line) is None
