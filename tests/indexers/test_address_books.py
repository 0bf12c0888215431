"""Address books as programs keep and export them: databases made in their own layout, LDIF and CSV."""

# ruff: noqa: E501 - rows and columns as their programs write them

from __future__ import annotations

import base64
import random
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexers import _contact_lists, _discover, contacts, registry
from indexers.item import Item, Person, Skipped, Unit
from tests.indexers.test_hostile import limited, mutations

THUNDERBIRD = """
    CREATE TABLE properties (card TEXT, name TEXT, value TEXT);
    CREATE TABLE lists (uid TEXT PRIMARY KEY, name TEXT, nickName TEXT, description TEXT);
    CREATE TABLE list_cards (list TEXT, card TEXT, PRIMARY KEY(list, card));
"""
APPLE = """
    CREATE TABLE Z_PRIMARYKEY (Z_ENT INTEGER PRIMARY KEY, Z_NAME VARCHAR, Z_SUPER INTEGER, Z_MAX INTEGER);
    CREATE TABLE ZABCDRECORD (Z_PK INTEGER PRIMARY KEY, Z_ENT INTEGER, ZBIRTHDAY TIMESTAMP, ZUNIQUEID VARCHAR,
        ZNAME VARCHAR, ZDEPARTMENT VARCHAR, ZFIRSTNAME VARCHAR, ZJOBTITLE VARCHAR, ZLASTNAME VARCHAR,
        ZMIDDLENAME VARCHAR, ZNICKNAME VARCHAR, ZORGANIZATION VARCHAR);
    CREATE TABLE ZABCDEMAILADDRESS (Z_PK INTEGER PRIMARY KEY, ZOWNER INTEGER, ZADDRESS VARCHAR, ZLABEL VARCHAR);
    CREATE TABLE ZABCDPHONENUMBER (Z_PK INTEGER PRIMARY KEY, ZOWNER INTEGER, ZFULLNUMBER VARCHAR, ZLABEL VARCHAR);
    CREATE TABLE ZABCDPOSTALADDRESS (Z_PK INTEGER PRIMARY KEY, ZOWNER INTEGER, ZSTREET VARCHAR, ZCITY VARCHAR,
        ZSTATE VARCHAR, ZZIPCODE VARCHAR, ZCOUNTRYNAME VARCHAR, ZLABEL VARCHAR);
    CREATE TABLE ZABCDNOTE (Z_PK INTEGER PRIMARY KEY, ZCONTACT INTEGER, ZTEXT VARCHAR);
    CREATE TABLE Z_22PARENTGROUPS (Z_22CONTACTS INTEGER, Z_19PARENTGROUPS1 INTEGER);
"""
VCARD = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Rui Vaz\r\nEMAIL;PREF=1:rui@example.org\r\nUID:{uid}\r\nEND:VCARD\r\n"
)
GOOGLE = (
    "First Name,Middle Name,Last Name,Nickname,Organization Name,Organization Title,Birthday,Notes,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,"
    "Address 1 - City,Website 1 - Label,Website 1 - Value\n"
    'Inês,Maria,Prado,Nini,Acme,Pilot,--03-07,"Two\nlines",* myContacts ::: Choir,* Work,'
    "INES@acme.example ::: ines@home.example,Mobile,+351 910 000 111,Home,"
    '"Rua do Sol 5\n1200 Lisbon",Lisbon,Blog,https://ines.example\n'
)
OUTLOOK = (
    "First Name;Last Name;Company;Job Title;E-mail Address;E-mail 2 Address;Mobile Phone;Business Phone;"
    "Home Street;Home City;Home Postal Code;Birthday;Notes;Categories\r\n"
    "Jörg;Müller;Stadtwerke;Ingenieur;joerg@werk.example;j.m@home.example;0170 1;040 2;"
    "Am Wall 3;Bremen;28195;1980-03-22;Kennt Ana;Familie\r\n"
)
THUNDERBIRD_CSV = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Work Phone,Home City,"
    "Birth Year,Birth Month,Birth Day,Notes\nAda,Byron,Ada B.,,ada@example.org,,44,London,1815,12,10,\n"
)
GERMAN = (
    "Vorname,Nachname,Firma,E-Mail-Adresse,Mobiltelefon,Straße privat,Ort privat\n"
    "Uwe,Ohm,Bahn,uwe@x.example,0171,Weg 1,Kiel\n"
)
LDIF = """version: 1
# people
dn: cn=Zoë Łuk,mail=zoe@example.org
objectclass: top
objectclass: inetOrgPerson
objectclass: mozillaAbPersonAlpha
givenName:: {given}
sn: Luk
cn:: {name}
mail: Zoe@example.org
mozillaSecondEmail: zoe.luk@work.example
telephoneNumber: 12 34
mobile: 56
mozillaHomeLocalityName: Porto
mozillaHomeStreet: Rua A, 5 and a line that goes
  on
birthyear: 1980
birthmonth: 3
birthday: 22
jpegPhoto:< file:///etc/passwd
description: Met at
  the fair

dn: cn=Choir
objectclass: top
objectclass: groupOfNames
cn: Choir
member: cn=Zoë Łuk,mail=zoe@example.org
member: cn=Other,mail=other@example.org

dn: ou=people,dc=example
objectclass: organizationalUnit
ou: people
"""


def read(path: Path) -> list[Item | Skipped]:
    return list(contacts.read(path))


def items(path: Path) -> dict[str, Item]:
    found = read(path)
    assert all(isinstance(one, Item) for one in found), found
    return {one.title: one for one in found if isinstance(one, Item)}


def thunderbird(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path)
    db.executescript("PRAGMA journal_mode=WAL;" + THUNDERBIRD)
    rows: Iterable[tuple[str, str, str]] = [
        ("c1", "DisplayName", "Ana Castro"),
        ("c1", "FirstName", "Ana"),
        ("c1", "LastName", "Castro"),
        ("c1", "PrimaryEmail", "Ana@Example.org"),
        ("c1", "SecondEmail", "ana@work.example"),
        ("c1", "CellularNumber", "+351 9"),
        ("c1", "HomeCity", "Lisbon"),
        ("c1", "HomeAddress", "Rua A 1"),
        ("c1", "BirthMonth", "3"),
        ("c1", "BirthDay", "7"),
        ("c2", "_vCard", VCARD.format(uid="c2")),
        ("c2", "PrimaryEmail", "rui@example.org"),
        ("c3", "PopularityIndex", "0"),
        ("c4", "_vCard", "no card at all"),
    ]
    db.executemany("INSERT INTO properties VALUES (?, ?, ?)", rows)
    db.execute("INSERT INTO lists VALUES ('l1', 'Rowing', '', 'those who row')")
    db.executemany("INSERT INTO list_cards VALUES ('l1', ?)", [("c1",), ("c2",), ("gone",)])
    db.commit()
    db.close()
    return path


def apple(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    noon = (datetime(1980, 3, 22, 12, tzinfo=UTC) - datetime(2001, 1, 1, tzinfo=UTC)).total_seconds()
    yearless = (datetime(1604, 2, 3, 12, tzinfo=UTC) - datetime(2001, 1, 1, tzinfo=UTC)).total_seconds()
    db = sqlite3.connect(path)
    db.executescript(APPLE)
    db.executemany(
        "INSERT INTO Z_PRIMARYKEY VALUES (?, ?, 0, 0)",
        [(19, "ABCDGroup"), (22, "ABCDContact"), (9, "ABCDInfo")],
    )
    record = (
        "INSERT INTO ZABCDRECORD (Z_PK, Z_ENT, ZUNIQUEID, ZFIRSTNAME, ZLASTNAME, ZNICKNAME, ZORGANIZATION, "
    )
    record += "ZBIRTHDAY, ZNAME) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
    db.executemany(
        record,
        [
            (1, 22, "A-1:ABPerson", "Ana", "Castro", "Nini", None, noon, None),
            (2, 22, "A-2:ABPerson", None, None, None, "Acme, Inc.", yearless, None),
            (3, 19, "G-1:ABGroup", None, None, None, None, None, "Old friends"),
            (4, 9, "I-1:ABInfo", None, None, None, None, None, None),
        ],
    )
    db.execute("INSERT INTO ZABCDEMAILADDRESS VALUES (1, 1, 'ana@example.org', '_$!<Home>!$_')")
    db.execute("INSERT INTO ZABCDPHONENUMBER VALUES (1, 1, '+351 9', '_$!<Mobile>!$_')")
    db.execute(
        "INSERT INTO ZABCDPOSTALADDRESS VALUES (1, 1, 'Rua A 1', 'Lisbon', NULL, '1200', 'Portugal', 'Boat')"
    )
    db.execute("INSERT INTO ZABCDNOTE VALUES (1, 1, 'Met at the fair')")
    db.execute("INSERT INTO Z_22PARENTGROUPS VALUES (1, 3)")
    db.commit()
    db.close()
    return path


def test_thunderbirds_book_old_cards_and_vcards_and_lists(tmp_path: Path) -> None:
    found = read(thunderbird(tmp_path / "abook.sqlite"))
    by_title = {one.title: one for one in found if isinstance(one, Item)}
    assert set(by_title) == {"Ana Castro", "Rui Vaz", "Rowing"}
    ana = by_title["Ana Castro"]
    assert (ana.uri, ana.kind, ana.source) == ("contact:c1", "contact", "contacts")
    assert ana.people[:2] == (
        Person("Ana Castro", "ana@example.org", "contact"),
        Person("Ana Castro", "ana@work.example", "contact"),
    )
    assert "Phone: +351 9 (cell)" in ana.text
    assert "Birthday: 7 March" in ana.text
    assert ana.place == "Rua A 1, Lisbon"
    assert by_title["Rui Vaz"].uri == "contact:c2"
    assert [p.address for p in by_title["Rowing"].people] == ["ana@example.org", "rui@example.org"]
    assert [one.reason for one in found if isinstance(one, Skipped)] == [
        "a contact without a name or an address",
        "a damaged contact: what is kept of it is no vCard",
    ]


def test_what_thunderbird_has_written_last_is_read_from_its_log(tmp_path: Path) -> None:
    path = thunderbird(tmp_path / "history.sqlite")
    open_ = sqlite3.connect(path)
    open_.execute("INSERT INTO properties VALUES ('c9', 'PrimaryEmail', 'new@example.org')")
    open_.commit()
    assert path.with_name("history.sqlite-wal").stat().st_size
    assert "new@example.org" in {one.title for one in read(path) if isinstance(one, Item)}
    open_.close()


def test_apples_book(tmp_path: Path) -> None:
    found = items(apple(tmp_path / "AddressBook-v22.abcddb"))
    assert set(found) == {"Ana Castro", "Acme, Inc."}
    ana = found["Ana Castro"]
    assert ana.uri == "contact:A-1"
    for line in (
        "Also called: Nini",
        "Email: ana@example.org (home)",
        "Phone: +351 9 (cell)",
        "Address: Rua A 1, 1200, Lisbon, Portugal (boat)",
        "Birthday: 22 March 1980",
    ):
        assert line in ana.text.split("\n")
    assert ana.text.endswith("Met at the fair")
    assert ana.meta["tags"] == "Old-friends"
    assert "Birthday: 3 February" in found["Acme, Inc."].text


def test_evolutions_book(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "contacts.db")
    db.execute("CREATE TABLE 'folder \"id' (uid TEXT PRIMARY KEY, rev TEXT, vcard TEXT)")
    db.execute("INSERT INTO 'folder \"id' VALUES ('pas-1', '', ?)", [VCARD.format(uid="pas-1")])
    db.commit()
    db.close()
    assert items(tmp_path / "contacts.db")["Rui Vaz"].uri == "contact:pas-1"


@pytest.mark.parametrize(
    ("name", "text", "title", "people", "lines"),
    [
        (
            "contacts.csv",
            GOOGLE,
            "Inês Maria Prado",
            ["ines@acme.example", "ines@home.example"],
            [
                "Phone: +351 910 000 111 (cell)",
                "Email: ines@acme.example (work)",
                "Address: Rua do Sol 5, 1200 Lisbon",
                "Birthday: 7 March",
                "Website: https://ines.example",
                "Organization: Acme",
                "Works as: Pilot",
                "Also called: Nini",
            ],
        ),
        (
            "outlook.csv",
            OUTLOOK,
            "Jörg Müller",
            ["joerg@werk.example", "j.m@home.example"],
            [
                "Phone: 0170 1 (cell)",
                "Phone: 040 2 (work)",
                "Address: Am Wall 3, Bremen, 28195 (home)",
                "Birthday: 22 March 1980",
                "Organization: Stadtwerke",
            ],
        ),
        (
            "tb.csv",
            THUNDERBIRD_CSV,
            "Ada B.",
            ["ada@example.org"],
            ["Birthday: 10 December 1815", "Address: London (home)"],
        ),
        (
            "de.csv",
            GERMAN,
            "Uwe Ohm",
            ["uwe@x.example"],
            ["Phone: 0171 (cell)", "Address: Weg 1, Kiel (home)"],
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_exported_tables(
    tmp_path: Path, name: str, text: str, title: str, people: list[str], lines: list[str], encoding: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    item = items(path)[title]
    assert [p.address for p in item.people if p.name == title] == people
    assert not set(lines) - set(item.text.split("\n"))
    assert registry.sniff(path) == "contacts"


def test_an_exported_directory(tmp_path: Path) -> None:
    given, name = (base64.b64encode(word.encode()).decode() for word in ("Zoë", "Zoë Łuk"))
    path = tmp_path / "people.ldif"
    path.write_text(LDIF.format(given=given, name=name), encoding="utf-8")
    found = items(path)
    assert set(found) == {"Zoë Łuk", "Choir"}
    zoe = found["Zoë Łuk"]
    assert {p.address for p in zoe.people} == {"zoe@example.org", "zoe.luk@work.example"}
    for line in (
        "Phone: 12 34 (work)",
        "Phone: 56 (cell)",
        "Address: Rua A, 5 and a line that goes on, Porto (home)",
        "Birthday: 22 March 1980",
        "Met at the fair",
    ):
        assert line in zoe.text.split("\n")
    assert "passwd" not in zoe.text
    assert [p.role for p in found["Choir"].people] == ["member", "member"]
    assert registry.sniff(path) == "contacts"


def test_of_a_profile_only_its_address_books_are_told(tmp_path: Path) -> None:
    profile = tmp_path / "abcd.default"
    thunderbird(profile / "abook.sqlite")
    thunderbird(profile / "history.sqlite")
    for name in (
        "prefs.js",
        "abook.mab",
        "impab.mab",
        "Mail/Local/Inbox",
        "places.sqlite",
        "abook.sqlite-shm",
    ):
        (profile / name).parent.mkdir(parents=True, exist_ok=True)
        (profile / name).write_text("x", encoding="utf-8")
    found = list(contacts.scan(profile))
    assert sorted(Path(one.path).name for one in found if isinstance(one, Unit)) == [
        "abook.sqlite",
        "history.sqlite",
    ]
    reasons = {one.uri.rpartition("/")[2]: one.reason for one in found if isinstance(one, Skipped)}
    assert set(reasons) == {"abook.mab", "impab.mab"}
    assert "same address book as in abook.sqlite" in reasons["abook.mab"]
    assert "export it there as vCard" in reasons["impab.mab"]
    assert contacts.concerned(profile, profile / "abook.sqlite-wal") == profile / "abook.sqlite"
    assert contacts.concerned(profile, profile / "places.sqlite") is None
    assert contacts.concerned(profile, profile / "Mail/Local/Inbox") is None


def test_contacts_beside_a_programs_book_are_read(tmp_path: Path) -> None:
    """A database may only be called as Evolution calls its own, and no file of contacts is lost for it."""
    (tmp_path / "contacts.db").write_bytes(b"SQLite format 3\0")
    for name in ("friends.vcf", "list.csv", "old.LDIF", "photo.jpg"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    units = {Path(one.path).name for one in contacts.scan(tmp_path) if isinstance(one, Unit)}
    assert units == {"contacts.db", "friends.vcf", "list.csv", "old.LDIF"}
    assert contacts.concerned(tmp_path, tmp_path / "friends.vcf") == tmp_path / "friends.vcf"
    assert contacts.concerned(tmp_path, tmp_path / "photo.jpg") is None


def test_a_cell_without_its_end_costs_itself(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    head = "Name,E-mail 1 - Value,Notes\nTom,tom@example.org,"
    path.write_text(f'{head}"{"n" * 140_000}"\nUma,uma@example.org,x\n', encoding="utf-8")
    fault, uma = contacts.read(path)
    assert isinstance(fault, Skipped) and "far too long" in fault.reason
    assert isinstance(uma, Item) and uma.title == "Uma"


def test_blank_lines_are_looked_through_once() -> None:
    """Else it takes hours."""
    assert not _contact_lists.is_ldif(b"\n" * 400_000)
    assert not _contact_lists.is_ldif(b"# a\n\n" * 100_000)
    assert _contact_lists.is_ldif(b"\xef\xbb\xbf# a\nversion: 1\n\n" + b"\n" * 1000 + b"dn: cn=x")


def test_apples_folder_is_its_own(tmp_path: Path) -> None:
    root = tmp_path / "AddressBook"
    apple(root / "AddressBook-v22.abcddb")
    apple(root / "Sources/1F/AddressBook-v22.abcddb")
    (root / "Metadata").mkdir()
    (root / "Metadata/x.abcdp").write_bytes(b"bplist00")
    found = list(contacts.scan(root))
    assert [Path(one.path).parent.name for one in found if isinstance(one, Unit)] == ["AddressBook", "1F"]
    assert len(found) == 2


def test_discovered_where_programs_keep_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    thunderbird(tmp_path / ".thunderbird/abcd.default/abook.sqlite")
    apple(tmp_path / "Library/Application Support/AddressBook/AddressBook-v22.abcddb")
    for name in ("contacts.csv", "Contacts (1).csv", "people.ldif", "sales.csv"):
        (tmp_path / "Downloads").mkdir(exist_ok=True)
        (tmp_path / "Downloads" / name).write_text("x", encoding="utf-8")
    found = {one.name: one.files for one in _discover.candidates(tmp_path, ("contacts",))}
    assert found == {
        "Thunderbird: default": 1,
        "Apple Contacts": 1,
        "Contacts export: contacts.csv": 1,
        "Contacts export: Contacts (1).csv": 1,
        "Contacts export: people.ldif": 1,
    }


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"product,price\nnail,3\n", "a table without the columns"),
        ("a.csv", b"name,price\nnail,3\n", "a table without the columns"),
        ("a.csv", b"\0\1\2" * 100, "not a text"),
        ("a.ldif", b"dn: ou=people\nobjectclass: organizationalUnit\nou: people\n", "no contact"),
        ("abook.sqlite", b"SQLite format 3\0" + b"\xff" * 5000, "database"),
        ("abook.sqlite", b"", "empty"),
    ],
)
def test_what_is_no_address_book(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    (found,) = read(tmp_path / name)
    assert isinstance(found, Skipped)
    assert words in found.reason


def test_another_database_of_that_name(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "history.sqlite")
    db.execute("CREATE TABLE moz_places (id INTEGER)")
    db.commit()
    db.close()
    (found,) = read(tmp_path / "history.sqlite")
    assert isinstance(found, Skipped)
    assert "no address book" in found.reason


def test_bombs_stay_within_limits(tmp_path: Path) -> None:
    row = "Ana,ana@example.org," + "x" * 100 + "\n"
    bombs = {
        "folded.ldif": b"dn: cn=x\ncn: x\ndescription: a" + b"\n b" * 3_000_000,
        "entries.ldif": b"dn: cn=x\ncn: x\n\n" * 500_000,
        "values.ldif": b"dn: cn=x\ncn: x\n" + b"mail: a@b\n" * 1_500_000,
        "rows.csv": ("First Name,E-mail Address,Notes\n" + row * 150_000).encode(),
        "columns.csv": b"First Name,E-mail Address" + b",Phone 1 - Value" * 500_000 + b"\nAna,a@b.example\n",
        "cell.csv": b"First Name,E-mail Address\nAna," + b"x" * 15_000_000 + b"\n",
        "quote.csv": b'First Name,E-mail Address\nAna,"' + b"a\n" * 7_000_000,
    }
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
    assert set(limited("contacts", sorted(tmp_path.iterdir())).values()) <= {"Item", "Skipped"}


def test_mutations_raise_nothing(tmp_path: Path, full: bool) -> None:
    chance, tried = random.Random(2849), 0
    given = base64.b64encode("Zoë".encode()).decode()
    files = {
        "a.csv": GOOGLE.encode(),
        "b.csv": OUTLOOK.encode("cp1252"),
        "a.ldif": LDIF.format(given=given, name=given).encode(),
        "abook.sqlite": thunderbird(tmp_path / "whole.sqlite").read_bytes(),
        "AddressBook-v22.abcddb": apple(tmp_path / "whole.abcddb").read_bytes(),
    }
    for name, whole in files.items():
        for data in mutations(whole, chance, 1_000 if full else 30):
            (tmp_path / name).write_bytes(data)
            assert read(tmp_path / name), "neither item nor reason"
            tried += 1
    assert tried >= 100
