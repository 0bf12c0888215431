"""Whom an address book lists under two addresses is one person, also in mail of either."""

from __future__ import annotations

from pathlib import Path

from app.core.types import Scope
from app.flows import index
from app.flows.context import Home
from tests.indexers.test_address_books import thunderbird

MAIL = "From: {name} <{address}>\nTo: vera@example.org\nSubject: {subject}\nMessage-ID: <{subject}@x>\n\nHi\n"


def test_a_person_of_thunderbirds_book_is_found_under_both_addresses(mine: Home, tmp_path: Path) -> None:
    profile, mails = tmp_path / "abcd.default", tmp_path / "mails"
    thunderbird(profile / "abook.sqlite")
    (profile / "prefs.js").write_text("", encoding="utf-8")
    mails.mkdir()
    for name, address, subject in (
        ("Ana", "ana@example.org", "one"),
        ("A. Castro (work)", "ana@work.example", "two"),
        ("Ana Castro", "other@example.net", "three"),
    ):
        text = MAIL.format(name=name, address=address, subject=subject)
        (mails / f"{subject}.eml").write_text(text, encoding="utf-8")
    index.add_source(mine, kind="contacts", path=str(profile))
    index.add_source(mine, kind="mail", path=str(mails))
    list(index.index(mine, words=True))
    found = mine.searcher.search("hi", scope=Scope(people=("ana@work.example",)))
    assert {hit.title for hit in found} == {"one", "two"}
    (profile / "abook.sqlite").unlink()
    list(index.index(mine, words=True))
    found = mine.searcher.search("hi", scope=Scope(people=("ana@work.example",)))
    assert {hit.title for hit in found} == {"two"}
