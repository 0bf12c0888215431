"""Mailboxes as programs keep them: mbox of four kinds, Maildir, MH, Apple Mail, Thunderbird, Outlook."""

from __future__ import annotations

import base64
import json
import random
import re
import struct
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from indexers import _mapi, _mbox, _mime, _rtf, _tnef, mail
from indexers.item import Item, Person, Skipped, Unit
from tests.indexers.test_hostile import bombs, limited

Tree = dict[str, Any]


def read(path: Path, raw: bytes | str | None = None) -> list[Item | Skipped]:
    if raw is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return list(mail.read(path))


def items(path: Path, raw: bytes | str | None = None) -> list[Item]:
    return [found for found in read(path, raw) if isinstance(found, Item)]


def letter(name: str, text: str = "words", *more: str) -> str:
    lines = [f"Message-ID: <{name}@x>", "From: a@b.c", f"Subject: {name}", *more]
    return "\n".join(lines) + f"\n\n{text}\n"


# --- mbox --------------------------------------------------------------------------------------

INSIDE = "From the start\n\nFrom x@y Tue Jun  2 10:00:00 2026\nX-Inside: yes\n>From us"


def mbox(kind: str, texts: list[str], end: str = "\n") -> bytes:
    """An mbox as its variant has it: which lines are quoted, and whether lengths are told."""
    out = []
    for number, text in enumerate(texts):
        body = text + "\n"
        if kind != "mboxcl2":
            pattern = ">" if kind == "mboxrd" else ""
            lines = [
                f">{line}" if line.lstrip(pattern).startswith("From ") else line for line in body.split("\n")
            ]
            body = "\n".join(lines)
        body = body.replace("\n", end)
        head = f"Message-ID: <{number}@x>\nFrom: a@b.c\nSubject: {number}\n"
        if kind.startswith("mboxcl"):
            head += f"Content-Length: {len(body)}\n"
        envelope = "From a@b.c Tue Jun  2 10:00:00 2026\n"
        out.append((envelope + head + "\n").replace("\n", end) + body + end)
    return "".join(out).encode()


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", ["mboxo", "mboxrd", "mboxcl", "mboxcl2"])
def test_every_kind_of_mbox(tmp_path: Path, kind: str, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_mbox, "_CHUNK", 3000)
    texts = ["first", INSIDE, "third " * 900, INSIDE, "last"]
    found = items(tmp_path / "in.mbox", mbox(kind, texts, end))
    assert [item.uri for item in found] == [f"mid:{n}@x" for n in range(5)]
    told = INSIDE.replace("\n>From us", "\nFrom us") if kind in ("mboxo", "mboxcl") else INSIDE
    assert [item.text for item in found] == ["first", told, texts[2].strip(), told, "last"]


def test_a_length_that_a_stranger_tells_hides_no_mail(tmp_path: Path) -> None:
    """Only where the first mail's length is true are lengths believed: the others are another's words."""
    mails = mbox("mboxo", ["one", "two", "three", "four"])
    begin = mails.index(b"Subject: 1\n")
    rest = len(mails[mails.index(b"\n\n", begin) + 2 :])
    lying = mails.replace(b"Subject: 1\n", b"Subject: 1\nContent-Length: %d\n" % rest)
    assert len(items(tmp_path / "a.mbox", lying)) == 4
    wrong = mbox("mboxcl2", ["one", "two", "three"]).replace(b"Length: 4", b"Length: 9")
    assert len(items(tmp_path / "b.mbox", wrong)) == 3, "a wrong length is not followed"


def test_offsets_in_an_mbox_of_windows(tmp_path: Path, corpus: Callable[[str], Path]) -> None:
    """Those of another reader, for the same file with the line ends of Windows."""
    folder = corpus("mail_mimekit") / "mbox"
    path = tmp_path / "dos.mbox"
    path.write_bytes((folder / "content-length.mbox.txt").read_bytes().replace(b"\n", b"\r\n"))
    known = json.loads((folder / "content-length.dos-offsets.json").read_text())
    with path.open("rb") as file:
        found = [raw.offset for raw in _mbox.read(file, file.read(10))]
    assert found == [entry["beginOffset"] for entry in known]


# --- folders of mail programs ------------------------------------------------------------------


def listed(root: Path) -> tuple[list[str], list[str]]:
    """What a scan takes and what it skips, relative to ``root``."""
    found = list(mail.scan(root))
    units = [str(Path(unit.path).relative_to(root)) for unit in found if isinstance(unit, Unit)]
    return sorted(units), [skip.uri for skip in found if isinstance(skip, Skipped)]


def put(root: Path, files: dict[str, str | bytes]) -> None:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def test_maildir_plus_plus(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "cur/1.h:2,FS": letter("seen"),
            "cur/2.h:2,ST": letter("deleted"),
            "new/3.h": letter("new"),
            "tmp/4.h": letter("half"),
            ".Archive.Entw&APw-rfe/cur/5.h;2,RS": letter("answered"),
            "dovecot.index.log": "x",
            ".Archive.Entw&APw-rfe/maildirfolder": "",
        },
    )
    units, skipped = listed(tmp_path)
    assert units == [".Archive.Entw&APw-rfe/cur/5.h;2,RS", "cur/1.h:2,FS", "new/3.h"]
    assert skipped == []
    (answered,) = items(tmp_path / units[0])
    assert (answered.meta["mailbox"], answered.meta["flags"]) == ("Archive/Entwürfe", "RS")


def test_mh(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "inbox/1": letter("1"),
            "inbox/,2": letter("2"),
            "inbox/.mh_sequences": "cur: 1",
            "a/b/7": letter("7"),
        },
    )
    assert listed(tmp_path) == (["a/b/7", "inbox/1"], [])
    assert [items(tmp_path / name)[0].meta["mailbox"] for name in ("inbox/1", "a/b/7")] == ["inbox", "b"]


def test_thunderbird(tmp_path: Path) -> None:
    gone = letter("gone", "x", "X-Mozilla-Status: 0009", "X-Mozilla-Status2: 00000000")
    away = letter("away", "x", "X-Mozilla-Status: 0001", "X-Mozilla-Status2: 00200000")
    kept = letter("kept", "x", "X-Mozilla-Status: 0003", "X-Mozilla-Status2: 00000000")
    box = "".join(f"From - Tue Jun  2 10:00:00 2026\n{one}\n" for one in (gone, kept, away))
    profile = "p.default/"
    put(
        tmp_path,
        {
            "profiles.ini": "[Profile0]",
            "Crash Reports/InstallTime1": "1",
            profile + "prefs.js": "user_pref()",
            profile + "places.sqlite": b"SQLite format 3\0",
            profile + "storage/default/a.txt": "x",
            profile + "calendar-data/local.sqlite": b"SQLite format 3\0",
            profile + "Mail/Local Folders/Inbox": box,
            profile + "Mail/Local Folders/Inbox.msf": "// <!-- <mdb:mork",
            profile + "Mail/Local Folders/Trash": "",
            profile + "Mail/Local Folders/Trash.msf": "//",
            profile + "Mail/Local Folders/msgFilterRules.dat": "version=9",
            profile + "Mail/Local Folders/Archives.sbd/2025": box.replace("kept", "old"),
            profile + "Mail/Local Folders/Archives.sbd/2025.msf": "//",
            profile + "ImapMail/imap.example.org/INBOX": box.replace("kept", "cached"),
            profile + "ImapMail/imap.example.org/INBOX.msf": "//",
            profile + "Mail/pop.example.org/Inbox/cur/1718.eml": letter("stored", "x"),
            profile + "Mail/pop.example.org/Inbox/tmp/1719.eml": letter("half", "x"),
        },
    )
    units, skipped = listed(tmp_path)
    assert skipped == []
    assert [name.removeprefix(profile) for name in units] == [
        "ImapMail/imap.example.org/INBOX",
        "Mail/Local Folders/Archives.sbd/2025",
        "Mail/Local Folders/Inbox",
        "Mail/pop.example.org/Inbox/cur/1718.eml",
    ]
    found = [items(tmp_path / name)[0] for name in units]
    assert [item.title for item in found] == ["cached", "old", "kept", "stored"]
    assert [item.meta["mailbox"] for item in found] == ["INBOX", "Archives/2025", "Inbox", "Inbox"]
    assert found[2].meta["flags"] == "RS"
    assert len(read(tmp_path / units[2])) == 1, "deleted mails that were not cleared away yet stay out"


def emlx(raw: str, flags: int) -> str:
    plist = (
        f"<plist><dict><key>date-received</key><integer>1780394400</integer><key>flags</key><integer>{flags}"
    )
    return f"{len(raw.encode())}      \n{raw}<?xml version='1.0'?>{plist}</integer></dict></plist>"


def test_apple_mail(tmp_path: Path) -> None:
    parts = (
        "--B\nContent-Type: text/plain\n\nsee the file\n--B\nContent-Type: text/csv\n"
        "Content-Disposition: attachment; filename=a.csv\nContent-Transfer-Encoding: base64\n"
        "X-Apple-Content-Length: 20\n\n\n--B--\n"
    )
    partial = letter("partial", parts, "Content-Type: multipart/mixed; boundary=B")
    box = "V10/0A/Archive.mbox/2025.mbox/1B/Data/"
    put(
        tmp_path,
        {
            "V10/MailData/Envelope Index": b"SQLite format 3\0",
            box + "Messages/1.emlx": emlx(letter("whole"), 1 | 4),
            box + "Messages/2.emlx": emlx(letter("deleted"), 2),
            box + "3/Messages/3.partial.emlx": emlx(partial, 0),
            box + "3/Attachments/3/2/a.csv": "name,place\nAnn,Delft",
            box + "3/Attachments/3/²/.DS_Store": "no part",
            box + "Info.plist": "<plist/>",
            "Exported.mbox/mbox": f"From a@b.c Tue Jun  2 10:00:00 2026\n{letter('exported')}",
            "Exported.mbox/table_of_contents": b"\0\1",
            "mine/MailData/a.eml": letter("mine"),
        },
    )
    units, skipped = listed(tmp_path)
    assert units.pop() == "mine/MailData/a.eml"
    assert skipped == []
    assert [Path(name).name for name in units] == ["mbox", "3.partial.emlx", "1.emlx", "2.emlx"]
    exported, whole = (items(tmp_path / units[n])[0] for n in (0, 2))
    assert exported.meta["mailbox"] == "Exported"
    assert (whole.meta["mailbox"], whole.meta["flags"]) == ("Archive/2025", "RS")
    assert whole.when == datetime(2026, 6, 2, 10, tzinfo=UTC), "when it came in, where it has no date"
    assert (whole.text, read(tmp_path / units[3])) == ("words", [])
    mail_, file = items(tmp_path / units[1])
    assert (mail_.text, file.title) == ("see the file", "a.csv")
    assert "Delft" in file.text
    before = [unit.stamp for unit in mail.scan(tmp_path) if isinstance(unit, Unit) and "partial" in unit.path]
    put(tmp_path, {box + "3/Attachments/3/3/late.txt": "came later"})
    after = [unit.stamp for unit in mail.scan(tmp_path) if isinstance(unit, Unit) and "partial" in unit.path]
    assert before != after
    assert [item.text for item in items(tmp_path / units[1])][2] == "came later"


# --- Outlook -----------------------------------------------------------------------------------


def compound(tree: Tree) -> bytes:
    """A compound file ([MS-CFB] version 3) of folders and streams, all within the first 109 FAT sectors."""
    entries: list[list[Any]] = [["Root Entry", 5, -1, -1, b""]]

    def add(inside: Tree, parent: int) -> None:
        before = parent
        for name, value in inside.items():
            entries.append([name, 1 if isinstance(value, dict) else 2, -1, -1, value])
            here = len(entries) - 1
            entries[before][3 if before == parent else 2] = here
            before = here
            if isinstance(value, dict):
                entries[here][4] = b""
                add(value, here)

    add(tree, 0)
    return _laid_out(entries)


def _laid_out(entries: list[list[Any]]) -> bytes:
    mini, minifat, big, fat, starts = b"", list[int](), b"", list[int](), dict[int, int]()

    def chain(table: list[int], count: int) -> int:
        start = len(table)
        table += [*range(start + 1, start + count), -2] if count else []
        return start if count else -2

    def store(data: bytes) -> int:
        nonlocal big
        big += data + b"\0" * (-len(data) % 512)
        return chain(fat, -(-len(data) // 512))

    for number, (_, kind, _, _, data) in enumerate(entries):
        if kind == 2 and len(data) < 4096:
            starts[number] = chain(minifat, -(-len(data) // 64))
            mini += data + b"\0" * (-len(data) % 64)
        elif kind == 2:
            starts[number] = store(data)
    starts[0] = store(mini)
    first_minifat = store(b"".join(struct.pack("<i", one) for one in minifat))
    directory = b""
    for number, (name, kind, right, child, data) in enumerate(entries):
        coded = name.encode("utf-16-le")
        size = len(mini) if number == 0 else len(data)
        directory += coded.ljust(64, b"\0") + struct.pack(
            "<HBBiii16sIQQiQ",
            len(coded) + 2,
            kind,
            1,
            -1,
            right,
            child,
            b"",
            0,
            0,
            0,
            starts.get(number, 0),
            size,
        )
    first_directory = store(directory + b"\0" * (-len(directory) % 512))
    count = -(-(len(fat) + 1) // 127) or 1
    places = list(range(len(fat), len(fat) + count))
    fat += [-3] * count + [-1] * (-(len(fat) + count) % 128)
    table = b"".join(struct.pack("<i", one) for one in fat)
    head = struct.pack(
        "<8s16sHHHHH6sIIiIIiIiI", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, b"",
        0, count, first_directory, 0, 4096, first_minifat, max(1, -(-len(minifat) // 128)), -2, 0,
    )  # fmt: skip
    return head + b"".join(struct.pack("<i", one) for one in (places + [-1] * 109)[:109]) + big + table


def properties(told: dict[int, Any], skip: int) -> Tree:
    """The streams of one message, recipient or file: texts, bytes, numbers and times by their ids."""
    fixed, tree = b"\0" * skip, Tree()
    for id, value in told.items():
        if isinstance(value, str):
            tree[f"__substg1.0_{id:04X}001F"] = value.encode("utf-16-le")
        elif isinstance(value, bytes):
            tree[f"__substg1.0_{id:04X}0102"] = value
        elif isinstance(value, int):
            fixed += struct.pack("<HHIq", 3, id, 6, value)
        else:
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds() * 10_000_000)
            fixed += struct.pack("<HHIq", 0x40, id, 6, ticks)
    return {"__properties_version1.0": fixed, **tree}


WHEN = datetime(2026, 6, 2, 17, 5, tzinfo=UTC)
TOLD = {
    _mapi.SUBJECT: "Grüße €5",
    _mapi.SUBMITTED: WHEN,
    _mapi.SENDER_NAME: "Roe, Ann",
    _mapi.SENDER_SMTP: "Ann@Example.org",
    _mapi.SENDER_ADDRESS: "/O=EX/CN=ANN",
    _mapi.BODY: "Hello Bob,\r\nsee https://example.org/map",
    _mapi.MESSAGE_ID: "<msg@example.org>",
    _mapi.IN_REPLY_TO: "<before@example.org>",
}


def msg(told: dict[int, Any] = TOLD, *, inside: bool = False, **more: Tree) -> Tree:
    tree = properties(told, 24 if inside else 32)
    tree["__recip_version1.0_#00000000"] = properties(
        {_mapi.NAME: "Bob Wörld", _mapi.SMTP: "bob@example.org", _mapi.ROLE: 1}, 8
    )
    tree["__recip_version1.0_#00000001"] = properties({_mapi.NAME: "eve@example.org", _mapi.ROLE: 2}, 8)
    return tree | more


def attachments() -> Tree:
    text = {_mapi.LONG_NAME: "größe.txt", _mapi.DATA: b"two metres", _mapi.MIME_TYPE: "text/plain"}
    large = {_mapi.SHORT_NAME: "photo.png", _mapi.DATA: bytes(range(256)) * 40}
    inner = msg({**TOLD, _mapi.SUBJECT: "inner", _mapi.MESSAGE_ID: "<i@x>"}, inside=True)
    embedded = properties({_mapi.NAME: "inner", _mapi.METHOD: 5}, 8) | {"__substg1.0_3701000D": inner}
    every = (properties(text, 8), properties(large, 8), embedded)
    return {f"__attach_version1.0_#{n:08X}": one for n, one in enumerate(every)}


def test_an_outlook_mail(tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(compound(msg(**attachments())))
    assert listed(tmp_path) == (["a.msg"], [])
    main, text, photo, inner = items(tmp_path / "a.msg")
    assert (main.uri, main.title, main.when) == ("mid:msg@example.org", "Grüße €5", WHEN)
    assert main.people == (
        Person("Roe, Ann", "ann@example.org", "from"),
        Person("Bob Wörld", "bob@example.org", "to"),
        Person("", "eve@example.org", "cc"),
    )
    assert main.text == "Hello Bob,\nsee https://example.org/map"
    assert main.thread == "mid:before@example.org"
    assert (text.title, text.text, text.meta["content-type"]) == ("größe.txt", "two metres", "text/plain")
    assert (photo.title, photo.meta["content-type"], photo.meta["size"]) == (
        "photo.png",
        "image/png",
        "10240",
    )
    assert inner.title == "inner"
    assert "Hello Bob" in inner.text
    assert "From: " in inner.text


def test_an_outlook_mail_in_other_forms(tmp_path: Path) -> None:
    rtf = b"{\\rtf1\\ansi\\ansicpg1251 {\\fonttbl{\\f0 Arial;}}\\'cf\\'f0\\'e8\\'e2\\'e5\\'f2\\par \\u8364?5}"
    packed = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    headers = "Microsoft Mail Internet Headers Version 2.0\r\nFrom: =?utf-8?q?J=C3=B6rg?= <j@x.org>\r\n"
    headers += "Subject: sent\r\n\r\n"
    told = {_mapi.SUBJECT: "kept", _mapi.HEADERS: headers, _mapi.RTF: packed}
    (item,) = items(tmp_path / "a.msg", compound(properties(told, 32)))
    assert (item.title, str(item.people[0]), item.text) == ("sent", "Jörg <j@x.org>", "Привет\n€5")
    page = {
        _mapi.HTML: "<p>Ciao <a href='https://x.org/'>qui</a> è".encode(),
        _mapi.INTERNET_CODE_PAGE: 65001,
    }
    (item,) = items(tmp_path / "b.msg", compound(properties(page, 32)))
    assert (item.text, item.links) == ("Ciao qui è", ("https://x.org/",))
    (found,) = read(tmp_path / "c.msg", compound({"WordDocument": b"x"}))
    assert isinstance(found, Skipped)
    assert "holds no mail" in found.reason


def test_damaged_outlook_mails(tmp_path: Path) -> None:
    whole, chance = compound(msg(**attachments())), random.Random(5)
    for number in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            data[chance.randrange(8, len(data))] = chance.choice((0, 1, 0xFF, chance.randrange(256)))
        data = data[: chance.randrange(8, len(data))] if number % 5 == 0 else data
        assert read(tmp_path / "a.msg", bytes(data)), "neither item nor reason"


def test_files_of_winmail_are_byte_equal(corpus: Callable[[str], Path]) -> None:
    """As another reader took them out; it kept the 16 bytes before an object, and Unix line ends in texts."""
    folder, seen = corpus("mail_mimekit") / "tnef", 0
    for file in sorted(folder.glob("*.tnef")):
        message = _tnef.parse(file.read_bytes())
        page = message.properties.get(_mapi.HTML, b"")
        ours = [*(one.data for one in message.files), message.rtf(), page if isinstance(page, bytes) else b""]
        plain = [data.replace(b"\r\n", b"\n") for data in ours]
        for known in sorted((folder / file.stem).iterdir()) if (folder / file.stem).is_dir() else ():
            data = known.read_bytes()
            if len(data) == 89:
                continue  # how an attached object is drawn, not what it is
            data = data[16:] if known.name == "Untitled_Attachment" else data
            assert data in ours or data.replace(b"\r\n", b"\n") in plain, f"{file.name}: {known.name}"
            seen += 1
    assert seen == 19


def test_winmail_in_a_mail(tmp_path: Path, corpus: Callable[[str], Path]) -> None:
    folder = corpus("mail_mimekit") / "tnef"
    head = (
        "Message-ID: <w@x>\nFrom: a@b.c\nSubject: x\nContent-Type: application/ms-tnef; name=winmail.dat\n"
        "Content-Transfer-Encoding: base64\n\n"
    )
    packed = base64.encodebytes((folder / "two-files.tnef").read_bytes()).decode()
    main, *files = items(tmp_path / "a.eml", head + packed)
    assert ([file.title for file in files], main.uri) == (["AUTHORS", "README"], "mid:w@x")
    words = base64.encodebytes((folder / "christmas.tnef").read_bytes()).decode()
    main, *files = items(tmp_path / "b.eml", head + words)
    assert "Springtime" in main.text, "its words are those of the mail, which has no others"
    assert files[0].title == "kitten-playing-with-a-christmas-tree.jpg"
    lone = items(folder / "two-files.tnef")
    assert [item.title for item in lone] == ["two files", "AUTHORS", "README"]


def test_damaged_winmail(corpus: Callable[[str], Path], tmp_path: Path) -> None:
    chance = random.Random(6)
    for name in ("two-files", "long-filename", "multi-value-attribute"):
        whole = (corpus("mail_mimekit") / "tnef" / f"{name}.tnef").read_bytes()
        for _ in range(80):
            data = bytearray(whole[: chance.randrange(6, len(whole))] if chance.random() < 0.3 else whole)
            for _ in range(chance.randint(1, 20)):
                data[chance.randrange(4, len(data))] = chance.choice((0, 0xFF, chance.randrange(256)))
            assert read(tmp_path / "winmail.dat", bytes(data))


def test_packed_rich_text() -> None:
    """The example of [MS-OXRTFCP] 4.1.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert _mapi.unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert _rtf.text(_mapi.unpacked(packed)) == "hello world"
    assert len(_mapi.unpacked(packed[:24])) < 43, "as far as it goes"


# --- what was attached, and who wrote to whom ---------------------------------------------------


def test_attachments_are_byte_equal(corpus: Callable[[str], Path]) -> None:
    """Every file attached to these mails is one of those beside them, under whatever name it travelled."""
    folder = corpus("mail_zbateson") / "emails"
    known = {file.read_bytes(): file.name for file in (folder / "files").iterdir()}
    seen = 0
    for path in sorted(folder.glob("*.txt")):
        for attached in _mime.content(path.read_bytes()).attached:
            if attached.text is None and attached.name != "test10Mb.db":  # that one was cut short
                assert _mime.payload_of(attached.part) in known, f"{path.name}: {attached.name}"
                seen += 1
    assert seen == 53


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        ("", ""),
        ("List-Id: <walks.x.org>\nList-Post: <mailto:walks@x.org>\nPrecedence: list", "list"),
        ("List-Id: <news.x.org>\nList-Post: NO\nList-Unsubscribe: <https://x.org/u>", "newsletter"),
        ("List-Unsubscribe: <mailto:leave@x.org>", "newsletter"),
        ("Precedence: bulk", "newsletter"),
        ("Auto-Submitted: auto-replied (vacation)\nPrecedence: bulk", "auto-reply"),
        ("Auto-Submitted: auto-generated", "auto"),
        ("Auto-Submitted: no", ""),
        ('Content-Type: multipart/report; report-type="delivery-status"; boundary=B', "bounce"),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=B", "receipt"),
        ("X-Failed-Recipients: nobody@x.org", "bounce"),
    ],
)
def test_what_no_person_wrote_to_a_person(tmp_path: Path, lines: str, mark: str) -> None:
    (item,) = items(tmp_path / "a.eml", letter("a", "--B\n\nwords\n--B--", *lines.splitlines()))
    assert item.meta.get("bulk", "") == mark


# --- mutated mails -----------------------------------------------------------------------------

CORPORA = (("mail_mikel", "*.eml"), ("mail_zbateson", "m*.txt"), ("mail_cpython", "msg*.txt"))


def mutants(mails: list[bytes], chance: random.Random, count: int) -> Iterator[bytes]:
    """Mails with bytes changed, cut out, doubled, swapped with another mail's, or cut off."""
    hurts = (
        b"\0",
        b"=?utf-8?b?",
        b"\r\n\r\n",
        b"\xff\xfe",
        b'"',
        b";",
        b": ",
        b"--",
        b"\n>From ",
        b"\n\n",
        b"=",
    )
    for _ in range(count):
        data = bytearray(chance.choice(mails)[:60_000])
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data) or 1)
            match chance.randrange(6):
                case 0:
                    data[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del data[at : at + chance.randint(1, 60)]
                case 2:
                    data[at:at] = data[at : at + chance.randint(1, 300)]
                case 3:
                    data[at:at] = chance.choice(hurts)
                case 4:
                    other = chance.choice(mails)
                    start = chance.randrange(len(other) or 1)
                    data[at:at] = other[start : start + chance.randint(1, 400)]
                case _:
                    del data[at if chance.random() < 0.1 else len(data) :]
        yield bytes(data)


def between_good_ones(path: Path, mutant: bytes) -> tuple[bool, list[Item | Skipped]]:
    """Whether the mails before and after it in an mbox are as they were, and all that was found."""
    envelope = b"From a@b.c Tue Jun  2 10:00:00 2026\n"
    good = [letter(f"good{n}", f"words of {n}").encode() for n in range(2)]
    found = read(path, b"\n".join((envelope + good[0], envelope + mutant + b"\n", envelope + good[1])))
    texts = {item.uri: item.text for item in found if isinstance(item, Item)}
    return all(texts.get(f"mid:good{n}@x") == f"words of {n}" for n in range(2)), found


@pytest.fixture(scope="module")
def mails(corpus: Callable[[str], Path]) -> list[bytes]:
    found = [path.read_bytes() for name, form in CORPORA for path in sorted(corpus(name).rglob(form))]
    assert len(found) > 90
    return found


def test_mutated_mails_hurt_no_neighbour(mails: list[bytes], tmp_path: Path, full: bool) -> None:
    for number, mutant in enumerate(mutants(mails, random.Random(2026), 10_000 if full else 300)):
        whole, found = between_good_ones(tmp_path / "in.mbox", mutant)
        assert whole, number
        reasons = [skip.uri for skip in found if isinstance(skip, Skipped)]
        assert len(reasons) == len(set(reasons)), number
        assert len(found) > 2, "neither item nor reason"


def test_mutants_do_hurt_where_an_envelope_needs_a_header_below(
    mails: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a reader that lets a damaged mail be part of the one before it is caught."""
    lax = re.compile(rb"\nFrom [^\n]{1,400}\n(?=[!-9;-~]{1,80}[ \t]*:)")
    monkeypatch.setattr(_mbox, "_BEGINS", lax)
    every = mutants(mails, random.Random(2026), 300)
    assert not all(between_good_ones(tmp_path / "in.mbox", mutant)[0] for mutant in every)


# --- conversations -----------------------------------------------------------------------------


def test_a_reply_that_names_no_mail_is_told_by_its_subject(tmp_path: Path) -> None:
    def thread(subject: str, *more: str) -> str:
        raw = f"Message-ID: <1@x>\nFrom: a@b.c\nSubject: {subject}\n" + "".join(f"{line}\n" for line in more)
        return items(tmp_path / "a.eml", raw + "\nwords\n")[0].thread

    assert thread("Re: The walk  on Sunday") == "subject:the walk on sunday"
    assert thread("[walks] AW: Re[2]: The walk on Sunday") == "subject:the walk on sunday"
    assert thread("The walk on Sunday") == "mid:1@x"
    assert thread("Re: Hi") == "mid:1@x", "too short a subject tells nothing"
    assert thread("Re: The walk on Sunday", "References: <0@x>") == "mid:0@x"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("Тема письма".encode("koi8-r"), "Тема письма"),
        ("Grüße".encode(), "Grüße"),
        ("会議".encode("iso-2022-jp"), "会議"),
        (b"=?iso-2022-jp?B?GyRCMnEbKEI=?= =?utf-8?q?_=E2=82=AC?=", "会 €"),
        (b"=?koi8-r?B?9MXNwQ==?=", "Тема"),
    ],
)
def test_subjects_in_any_charset(tmp_path: Path, raw: bytes, told: str) -> None:
    head = b"From: a@b.c\nContent-Type: text/plain; charset=koi8-r\nSubject: " + raw
    assert items(tmp_path / "a.eml", head + b"\n\nx\n")[0].title == told


LIST = (
    "_______________________________________________\nWalks mailing list\n"
    "https://x.org/mailman/listinfo/walks\n"
)


@pytest.mark.parametrize(
    ("below", "signature"),
    [
        ("-- \nAnn Roe\nhttps://x.org/", "Ann Roe\nhttps://x.org/"),
        ("-- \nAnn Roe\n+31 15 555 0100", ""),
        (LIST, LIST.partition("\n")[2].strip()),
        ("----------\nis what I would put between\nthe two parts of it", ""),
        ("--\n" + "far too much\n" * 20, ""),
    ],
)
def test_signatures_of_replies(tmp_path: Path, below: str, signature: str) -> None:
    (item,) = items(tmp_path / "a.eml", f"From: a@b.c\nSubject: Re: the walk\n\nI agree.\n\n{below}\n")
    assert item.meta.get("signature", "") == signature
    assert (item.text == "I agree.") == bool(signature)
    (first,) = items(tmp_path / "b.eml", f"From: a@b.c\nSubject: the walk\n\nI agree.\n\n{below}\n")
    assert "signature" not in first.meta, "of a first mail it is the place where it can be looked up"


# --- bombs -------------------------------------------------------------------------------------


def outlook_bombs() -> dict[str, bytes]:
    """Outlook files made to exhaust a parser: packed text, rich text, properties, mails in mails."""
    rtf = b"{\\rtf1" + b"\\f1 a" * 700_000
    stored = struct.pack("<IIII", len(rtf) + 12, len(rtf), 0x414C454D, 0) + rtf
    runs, length = bytearray(b"\x00abcdefgh"), 215
    for _ in range(30_000):
        pairs = [((length + 17 * n - 9) % 4096) << 4 | 15 for n in range(8)]
        runs += b"\xff" + struct.pack(">8H", *pairs)
        length += 8 * 17
    packed = struct.pack("<IIII", len(runs) + 12, 4_000_000_000, 0x75465A4C, 0) + runs
    empty = struct.pack("<III", 2_000, 0x10000102, 2_000_000) + bytes(8_000_000)
    nested = b""
    for _ in range(1_000):
        inside = struct.pack("<IIII", 1, 0x3701000D, 1, len(nested) + 16) + bytes(16) + nested
        inside += b"\0" * (-len(nested) % 4)
        nested = _tnef.SIGNATURE + b"\0\0" + _attribute(0x9002, b"") + _attribute(0x9005, inside)
    tnef = _tnef.SIGNATURE + b"\0\0"
    return {
        "rich text.msg": compound(properties({_mapi.SUBJECT: "x", _mapi.RTF: stored}, 32)),
        "packed text.msg": compound(properties({_mapi.SUBJECT: "x", _mapi.RTF: packed}, 32)),
        "properties.dat": tnef + _attribute(0x9003, empty),
        "files.dat": tnef + _attribute(0x9002, b"") * 500_000,
        "mails in mails.dat": nested,
    }


def _attribute(id: int, value: bytes) -> bytes:
    return struct.pack("<BII", 1, id, len(value)) + value + b"\0\0"


def test_outlook_bombs_stay_within_limits(tmp_path: Path) -> None:
    for name, data in outlook_bombs().items():
        (tmp_path / name).write_bytes(data)
    found = limited("mail", sorted(tmp_path.iterdir()))
    assert found == dict.fromkeys(found, "Item")
    assert len(found) == 5


def test_how_long_bombs_take(tmp_path: Path, full: bool) -> None:
    """Alone on a machine none takes longer than 2.5 s, which is asked for in the long form."""
    every = bombs() | outlook_bombs()
    for name in every if full else ("levels", "packed text.msg"):
        data = every[name]
        path = tmp_path / (name if "." in name else f"{name}.eml")
        path.write_bytes(data)
        before = time.process_time()
        assert list(mail.read(path)), name
        spent = time.process_time() - before
        print(f"{name}: {spent:.2f} s")
        assert spent < (2.5 if full else 20), name
