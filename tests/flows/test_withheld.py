"""What tells who somebody is: found in a request, kept back as wished, put back into the answer."""

from __future__ import annotations

import time

from app.flows.withheld import choose, find, held_back, put_back

TEXT = (
    "(1) mail · Boiler · Ines Vogel · Mon 04 May 2026\n"
    "Ines Vogel <ines.vogel@example.org> wrote on 2026-05-04: "
    "call +49 30 1234567 or (030) 123 45 67 before 01.02.2026, 08.15 - 09.30. Contract 88123456, "
    "IBAN DE89 3704 0044 0532 0130 00, card 4111 1111 1111 1111, 89.50 euros, see https://example.org/x?id=7.\n\n"
    "Question: What does INES.VOGEL@example.org want of Mara Lind?"
)


def test_each_kind_is_found_and_dates_times_and_amounts_are_not() -> None:
    found = find(TEXT, ["Ines Vogel"], ["Mara Lind"])
    assert {(w.kind, w.text, w.held) for w in found} == {
        ("name", "Ines Vogel", False),
        ("name", "Mara Lind", True),
        ("address", "ines.vogel@example.org", True),
        ("address", "INES.VOGEL@example.org", True),
        ("phone", "+49 30 1234567", True),
        ("phone", "(030) 123 45 67", True),
        ("number", "88123456", True),
        ("account", "DE89 3704 0044 0532 0130 00", True),
        ("account", "4111 1111 1111 1111", True),
        ("link", "https://example.org/x?id=7", True),
    }
    assert next(w.times for w in found if w.text == "Ines Vogel") == 2
    assert len({w.stands for w in found}) == len(found)


def test_what_is_held_goes_nowhere_and_comes_back_in_the_answer() -> None:
    found = find(TEXT, ["Ines Vogel"], ["Mara Lind"])
    sent = held_back(TEXT, found)
    assert all(word.text not in sent for word in found if word.held) and "Ines Vogel" in sent
    assert put_back(sent, found) == TEXT
    nothing = choose(found, ())
    assert held_back(TEXT, nothing) == TEXT and put_back("[address 1]", nothing) == "[address 1]"
    names = choose(found, ["Ines Vogel"])
    assert "Ines Vogel" not in held_back(TEXT, names) and "ines.vogel@example.org" in held_back(TEXT, names)


def test_what_stands_for_a_word_is_not_in_the_text_already() -> None:
    text = "[address 1] says: write to a@example.org"
    (word,) = find(text, ())
    assert word.stands == "[address 2]" and put_back(held_back(text, [word]), [word]) == text


def test_hostile_text_takes_no_time() -> None:
    began = time.process_time()
    for piece in (
        "a@" * 50_000,
        "1 " * 100_000,
        "0-" * 100_000,
        "DE12 " * 40_000,
        "w." * 100_000,
        "(" * 200_000,
    ):
        held_back(piece, find(piece, ["Ada", "(((", "a" * 500]))
    assert time.process_time() - began < 20
