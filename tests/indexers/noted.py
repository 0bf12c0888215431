"""Small exports of each program that keeps notes, made as those programs write them."""

from __future__ import annotations

import base64
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

ENEX_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE en-export SYSTEM "http://xml.evernote.com/pub/evernote-export4.dtd">\n<en-export>\n'
)


def enex(*titles: str, attached: bytes = b"") -> bytes:
    """An Evernote export; each note says ``Words of TITLE``."""
    notes = []
    for number, title in enumerate(titles):
        resource = ""
        if attached:
            data = base64.b64encode(attached).decode()
            resource = (
                f'<resource><data encoding="base64">{data}</data><mime>text/plain</mime>'
                "<resource-attributes><file-name>list.txt</file-name></resource-attributes></resource>"
            )
        notes.append(
            f"<note><title>{title}</title><created>2024010{number + 1}T101500Z</created>"
            f"<updated>2024020{number + 1}T101500Z</updated><tag>garden</tag><tag>two words</tag>"
            "<note-attributes><author>Ann Roe</author></note-attributes><content><![CDATA["
            '<?xml version="1.0"?><!DOCTYPE en-note SYSTEM "http://xml.evernote.com/pub/enml2.dtd">'
            f'<en-note><div>Words of {title}</div><en-todo checked="true"/>done<br/>'
            '<a href="evernote:///view/1/s1/a/a/">Other note</a><ul><li><div>one</div></li></ul></en-note>'
            f"]]></content>{resource}</note>\n"
        )
    return (ENEX_HEAD + "".join(notes) + "</en-export>\n").encode()


def joplin(titles: Mapping[str, str]) -> dict[str, bytes]:
    """Items of Joplin by file name: a notebook, a tag, an attachment, and a note for each id and title."""
    items = {
        "f" * 32: f"Allotment\n\nid: {'f' * 32}\nparent_id: \ntype_: 2",
        "e" * 32: f"green\n\nid: {'e' * 32}\ntype_: 5",
        "d" * 32: f"list.txt\n\nid: {'d' * 32}\nmime: text/plain\nfile_extension: txt\ntype_: 4",
    }
    for number, (identifier, title) in enumerate(titles.items()):
        items[identifier] = (
            f"{title}\n\nWords of **{title}**, see [list.txt](:/{'d' * 32}) and [that](:/{'0' * 32})\n\n"
            f"id: {identifier}\nparent_id: {'f' * 32}\ncreated_time: 2024-01-0{number + 1}T10:15:00.000Z\n"
            "updated_time: 2024-02-01T10:15:00.000Z\nencryption_applied: 0\nmarkup_language: 1\ntype_: 1"
        )
        tagged = f"{number:032x}".replace("0", "c")
        items[tagged] = f"id: {tagged}\nnote_id: {identifier}\ntag_id: {'e' * 32}\ntype_: 6"
    files = {f"{identifier}.md": text.encode() for identifier, text in items.items()}
    return files | {f"resources/{'d' * 32}.txt": b"Three sacks of compost"}


def jex(files: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def packed(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def keep(title: str, **more: object) -> bytes:
    told = {
        "color": "DEFAULT",
        "isTrashed": False,
        "isPinned": False,
        "isArchived": False,
        "textContent": f"Words of {title}",
        "title": title,
        "createdTimestampUsec": 1704103200000000,
        "userEditedTimestampUsec": 1706781600000000,
        "labels": [{"name": "green"}],
    }
    return json.dumps(told | more).encode()


def standard(*titles: str) -> bytes:
    """A decrypted backup of Standard Notes."""
    items: list[dict[str, object]] = [
        {
            "uuid": f"uuid-{title}",
            "content_type": "Note",
            "content": {"title": title, "text": f"Words of {title}", "references": []},
            "created_at": "2024-01-01T10:00:00.000Z",
            "updated_at": "2024-02-01T10:00:00.000Z",
        }
        for title in titles
    ]
    references = [{"uuid": f"uuid-{titles[0]}", "content_type": "Note"}]
    tag = {"uuid": "t", "content_type": "Tag", "content": {"title": "green", "references": references}}
    return json.dumps({"version": "004", "items": [*items, tag]}, indent=1).encode()


NOTION = {title: f"{number + 1:032x}" for number, title in enumerate(("Garden plan", "Seeds", "Costs"))}


def notion() -> dict[str, bytes]:
    """The files of a Notion export, named as Notion names them."""
    plan, seeds, costs = NOTION.values()
    top = f"Garden plan {plan}"
    return {
        f"{top}.md": (
            "# Garden plan\n\nCreated: May 3, 2024 10:15 AM\nTags: green, home\n\nWords of Garden plan\n\n"
            f"[Seeds](Garden%20plan%20{plan}/Seeds%20{seeds}.md) and [map](https://example.org/map)\n"
        ).encode(),
        f"{top}/Seeds {seeds}.md": b"# Seeds\n\nWords of Seeds, carrots\n",
        f"{top}/Costs {costs}.csv": b"Name,Euro\nCompost,12\n",
        f"{top}/Costs {costs}_all.csv": b"\xef\xbb\xbfName,Euro\nCompost,12\nRake,20\n",
        f"{top}/photo.png": b"\x89PNG",
    }


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    return _number(number << 3 | 2) + _number(len(value)) + value


def apple_body(text: str, *, table: str = "") -> bytes:
    """A body as Apple Notes stores it; an object sign in ``text`` is the attachment called ``table``."""
    runs = _field(5, _field(1, len(text.encode("utf-16-le")) // 2))
    if table:
        at = text.index("\ufffc")
        info = _field(12, _field(1, table.encode()) + _field(2, b"com.apple.notes.table"))
        runs = _field(5, _field(1, at)) + _field(5, _field(1, 1) + info)
    note = _field(2, text.encode()) + runs
    return gzip.compress(_field(1, 0) + _field(2, _field(1, 0) + _field(2, 0) + _field(3, note)))


def apple(path: Path, table: bytes = b"") -> None:
    """A NoteStore.sqlite with the tables and columns that matter, left with its log not brought in."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute(
        "CREATE TABLE ZICCLOUDSYNCINGOBJECT (Z_PK INTEGER PRIMARY KEY, ZIDENTIFIER, ZTITLE1, ZTITLE2, "
        "ZFOLDER, ZPARENT, ZFOLDERTYPE, ZCREATIONDATE1, ZMODIFICATIONDATE1, ZMARKEDFORDELETION, "
        "ZISPASSWORDPROTECTED, ZTYPEUTI, ZMERGEABLEDATA1, ZALTTEXT)"
    )
    database.execute("CREATE TABLE ZICNOTEDATA (Z_PK INTEGER PRIMARY KEY, ZNOTE, ZDATA)")

    def add(**values: object) -> None:
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        database.execute(
            f"INSERT INTO ZICCLOUDSYNCINGOBJECT ({names}) VALUES ({marks})", tuple(values.values())
        )

    add(Z_PK=1, ZIDENTIFIER="F-1", ZTITLE2="Allotment", ZFOLDERTYPE=0)
    add(Z_PK=2, ZIDENTIFIER="TrashFolder-1", ZTITLE2="Recently Deleted", ZFOLDERTYPE=1)
    add(Z_PK=3, ZIDENTIFIER="T-1", ZTYPEUTI="com.apple.notes.table", ZMERGEABLEDATA1=table)
    bodies = {
        10: apple_body("Beds\nWords of Beds\ufffc", table="T-1"),
        11: apple_body("Gone"),
        12: b"\0",
        13: b"\1",
    }
    for key, (title, folder, locked) in enumerate(
        (("Beds", 1, 0), ("Gone", 2, 0), ("Secret", 1, 1), ("Damaged", 1, 0)), start=10
    ):
        add(
            Z_PK=key,
            ZIDENTIFIER=f"N-{key}",
            ZTITLE1=title,
            ZFOLDER=folder,
            ZISPASSWORDPROTECTED=locked,
            ZCREATIONDATE1=725800000.5,
            ZMODIFICATIONDATE1=725900000.5,
        )
        database.execute("INSERT INTO ZICNOTEDATA (ZNOTE, ZDATA) VALUES (?, ?)", (key, bodies[key]))
    database.commit()
    log = path.with_name(f"{path.name}-wal").read_bytes()
    image = path.read_bytes()
    database.close()
    path.write_bytes(image)  # as it lies there while Notes is open
    path.with_name(f"{path.name}-wal").write_bytes(log)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
