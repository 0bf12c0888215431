"""Contacts: cards of every version as people's programs write them, and files that are broken or hostile."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from indexers import _vcard, contacts, registry
from indexers.item import Item, Person, Skipped
from tests.indexers.test_hostile import limited, mutations


def read(tmp_path: Path, text: str | bytes) -> list[Item | Skipped]:
    path = tmp_path / "a.vcf"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(contacts.read(path))


def one(tmp_path: Path, text: str | bytes) -> Item:
    (item,) = read(tmp_path, text)
    assert isinstance(item, Item)
    return item


def test_a_card_of_version_4(tmp_path: Path) -> None:
    item = one(
        tmp_path,
        "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:4fbe8971\r\nFN:Dr. Ana Maria Castro\r\n"
        "N:Castro;Ana;Maria;Dr.;\r\nNICKNAME:Annie,Nini\r\nORG:Hospital\\, North;Surgery\r\n"
        "EMAIL;TYPE=work:Ana@Hospital.example\r\nEMAIL;PREF=1:ana.castro@example.org\r\n"
        'TEL;VALUE=uri;TYPE="cell,voice":tel:+351-1234\r\nADR;TYPE=home:;;Rua A\\, 5;Porto;;4000;Portugal\r\n'
        "BDAY:19800322\r\nNOTE:Met at the\r\n  fair\\nSecond line\r\nPHOTO:data:image/jpeg;base64,AAAA\r\n"
        "END:VCARD\r\n",
    )
    assert item.uri == "contact:4fbe8971"
    assert (item.source, item.kind, item.title) == ("contacts", "contact", "Dr. Ana Maria Castro")
    assert [(p.name, p.address, p.role) for p in item.people] == [
        ("Dr. Ana Maria Castro", "ana@hospital.example", "contact"),
        ("Dr. Ana Maria Castro", "ana.castro@example.org", "contact"),
        ("Ana Castro", "ana@hospital.example", "contact"),
        ("Annie", "ana@hospital.example", "contact"),
        ("Nini", "ana@hospital.example", "contact"),
    ]
    for line in (
        "Also called: Annie, Nini",
        "Organization: Hospital, North, Surgery",
        "Email: ana@hospital.example (work)",
        "Phone: +351-1234 (cell)",
        "Address: Rua A, 5, Porto, 4000, Portugal (home)",
        "Birthday: 22 March 1980",
    ):
        assert line in item.text.split("\n")
    assert item.text.endswith("Met at the fair\nSecond line")
    assert "AAAA" not in item.text


def test_a_card_of_version_2(tmp_path: Path) -> None:
    item = one(
        tmp_path,
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-2;ENCODING=QUOTED-PRINTABLE:=A3uk;Zo=EB\r\n"
        b"TEL;HOME;VOICE:12 34\r\nEMAIL;INTERNET;PREF:zoe@example.org\r\n"
        b"NOTE;QUOTED-PRINTABLE;CHARSET=UTF-8:Gr=C3=BC=C3=9Fe=0D=0A=\r\nin two: lines\r\n"
        b"X-LONG:one\r\n two\r\nPHOTO;JPEG;BASE64:\r\n    /9j/4AAQSkZJRg\r\n    ABAQEAYABgAAD\r\n\r\n"
        b"AGENT:\r\nBEGIN:VCARD\r\nN:Other;One\r\nEND:VCARD\r\nBDAY:--0203\r\nEND:VCARD\r\n",
    )
    assert item.title == "Zoë Łuk"
    assert item.people == (Person("Zoë Łuk", "zoe@example.org", "contact"),)
    assert "Grüße\nin two: lines" in item.text
    assert "Phone: 12 34 (home)" in item.text
    assert "Birthday: 3 February" in item.text
    assert "Other" not in item.text


def test_many_cards_of_which_some_are_bad(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "\ufeffBEGIN:VCARD\nFN:One\nEND:VCARD\n\nnoise\nBEGIN:vcard\nNOTE:nobody\nEND:vcard\n"
        "BEGIN:VCARD\nEMAIL:two@example.org\nBEGIN:VCARD\nitem1.TEL:3\nEND:VCARD\nBEGIN:VCARD\nFN:Four",
    )
    assert [f.title if isinstance(f, Item) else f.reason for f in found] == [
        "One",
        "a contact without a name, an address or a number",
        "two@example.org",
        "3",
        "Four",
    ]
    assert len({f.uri for f in found}) == 5


def test_a_group_is_no_person(tmp_path: Path) -> None:
    item = one(
        tmp_path,
        "BEGIN:VCARD\nKIND:group\nFN:Choir\nEMAIL:a@example.org\nEMAIL:b@example.org\nEND:VCARD\n",
    )
    assert {person.role for person in item.people} == {"member"}


def test_without_an_id_notes_may_change(tmp_path: Path) -> None:
    card = "BEGIN:VCARD\nFN:Ana\nEMAIL:ana@example.org\nNOTE:{}\nEND:VCARD\n"
    before, after = one(tmp_path, card.format("old")), one(tmp_path, card.format("new"))
    assert before.uri == after.uri
    assert before.digest != after.digest


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" \n", "empty"),
        (b"BEGIN:VCALENDAR\n", "no contact in it"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "without a name"),
        (b"BEGIN:VCARD\n" + b"\n" * 1_300_000, "lines"),
        (b"x" * 20_000_001, "20 MB"),
    ],
)
def test_what_is_no_contact(tmp_path: Path, data: bytes, words: str) -> None:
    (found,) = read(tmp_path, data)
    assert isinstance(found, Skipped)
    assert words in found.reason


def test_each_file_of_others_is_read_or_skipped_once(corpus: Callable[[str], Path]) -> None:
    root = corpus("vcf_ezvcard")
    files = [path for path in root.rglob("*") if path.is_file()]
    skipped = {found.uri for found in contacts.scan(root) if isinstance(found, Skipped)}
    cards = {path.name: list(contacts.read(path)) for path in files if path.suffix == ".vcf"}
    assert skipped == {path.as_uri() for path in files if path.suffix != ".vcf"}
    assert {name: len(found) for name, found in cards.items() if len(found) != 1} == {
        "gmail-list.vcf": 3,
        "rfc2426-example.vcf": 2,
    }
    assert all(isinstance(item, Item) for found in cards.values() for item in found)
    assert registry.sniff(root / "io" / "text") == "contacts"
    (simon,) = cards["rfc6350-example.vcf"]
    assert isinstance(simon, Item)
    assert "Phone: +1-418-262-6501 (work, cell)" in simon.text


def test_bombs_stay_within_limits(tmp_path: Path) -> None:
    bombs = {
        "folded": b"BEGIN:VCARD\nFN:x\nNOTE:a" + b"\n b" * 500_000,
        "soft": b"BEGIN:VCARD\nFN:x\nNOTE;ENCODING=QUOTED-PRINTABLE:=" + b"\na=" * 500_000,
        "parameters": b"BEGIN:VCARD\nFN:x\nTEL" + b";TYPE=home" * 500_000 + b":1\n",
        "properties": b"BEGIN:VCARD\nFN:x\n" + b"TEL:1\n" * 500_000,
        "agents": b"BEGIN:VCARD\nFN:x\n" + b"AGENT:\nBEGIN:VCARD\n" * 200_000,
        "cards": b"BEGIN:VCARD\nFN:x\nEND:VCARD\n" * 190_000,
        "one line": b"BEGIN:VCARD\nFN:x\nNOTE:" + b"\\;," * 6_000_000,
    }
    for name, data in bombs.items():
        (tmp_path / f"{name}.vcf").write_bytes(data)
    assert limited("contacts", sorted(tmp_path.iterdir())) == dict.fromkeys(bombs, "Item")


def test_mutations_raise_nothing(corpus: Callable[[str], Path], tmp_path: Path, full: bool) -> None:
    chance, tried = random.Random(6350), 0
    for file in sorted(corpus("vcf_ezvcard").rglob("*.vcf")):
        for data in mutations(file.read_bytes()[:100_000], chance, 300 if full else 20):
            assert read(tmp_path, data), "neither item nor reason"
            tried += 1
    assert tried >= 200


def test_a_value_of_thousands_of_parts_is_not_taken_apart() -> None:
    assert len(_vcard.Property("ADR", {}, b";" * 19_000).parts()) <= _vcard.MAX_VALUES + 1
    assert len(_vcard.Property("CATEGORIES", {}, b"a," * 9_000).listed()) <= _vcard.MAX_VALUES + 1
