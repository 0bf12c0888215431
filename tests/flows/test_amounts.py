"""Amounts as people and shops write them, and what a document comes to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.flows.amounts import amounts, number, total


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("286.40 EUR", "286.40", "EUR"),
        ("5.408,00 EUR", "5408.00", "EUR"),
        ("EUR 1,038.60", "1038.60", "EUR"),
        ("€200", "200", "EUR"),
        ("200 €", "200", "EUR"),
        ("412,000 EUR without VAT", "412000", "EUR"),
        ("4,300 kronor", "4300", "SEK"),
        ("1 234,50 €", "1234.50", "EUR"),
        ("3\u202f200 €", "3200", "EUR"),
        ("$9.99", "9.99", "USD"),
        ("1'250 CHF", "1250", "CHF"),
        ("12 Euro", "12", "EUR"),
    ],
)
def test_one_amount(text: str, value: str, currency: str) -> None:
    (found,) = amounts(f"It costs {text}, they said.")
    assert (found.value, found.currency) == (Decimal(value), currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "200",
        "30 %",
        "flight NV 482",
        "2026-11-20",
        "room 12 euroish",
        "12 krill",
        "EURO 2024x",
        "1.2.3 EUR",
    ],
)
def test_no_amount(text: str) -> None:
    assert list(amounts(text)) == []


def test_thousands_and_decimals() -> None:
    assert number("1.234") == number("1,234") == 1234
    assert number("1.23") == Decimal("1.23")
    assert number("1,234,567.8") == Decimal("1234567.8")


def test_what_a_document_comes_to() -> None:
    assert (sure := total("Boots 129,00 EUR\nSocks 18,00 EUR\nTotal 147,00 EUR")) and sure.value == 147
    assert (sure := total("Subtotal 100 EUR\nTotal 121 EUR")) and sure.value == 121
    assert (sure := total("Pay 80 EUR. Yes, 80 EUR.")) and sure.value == 80
    assert total("150 EUR now or 250 EUR later") is None
    assert total("Total 10 EUR\nTotal 12 EUR") is None
    assert total("nothing") is None
