"""Addresses out of headers that strangers wrote, as a draft takes them."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter

from app.actions.contract import Recipient
from app.flows.recipients import others, recipients

ACCEPTED = TypeAdapter(Recipient)


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("ana@example.org", ["ana@example.org"]),
        ("Ana Lindström <ana@example.org>", ["Ana Lindström <ana@example.org>"]),
        ("Lindström, Ana <ana@example.org>", ["Lindström, Ana <ana@example.org>"]),
        ("A <a@x.org>, b@x.org, C <c@x.org>", ["A <a@x.org>", "b@x.org", "C <c@x.org>"]),
        ("A <a@x.org>; a@X.org", ["A <a@x.org>"]),
        ('"Al \\"Q\\" B" <a@x.org>', ["Al Q B <a@x.org>"]),
        (f"{'N' * 200} <n@x.org>", [f"{'N' * 120} <n@x.org>"]),
        ("Nobody, <not an address>", []),
        ("", []),
    ],
)
def test_every_address_once_in_a_form_a_draft_takes(header: str, found: list[str]) -> None:
    assert [" ".join(who.split()) for who in recipients(header)] == found
    for who in recipients(header):
        ACCEPTED.validate_python(who)


def test_the_others_of_a_mail() -> None:
    people = ("Me <me@example.org>", "Ana <ana@example.org>", "Just A Name", "bob@example.org")
    assert others(people, "ME@example.org") == ["Ana <ana@example.org>", "bob@example.org"]
