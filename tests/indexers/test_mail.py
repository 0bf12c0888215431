"""Mail: headers, bodies, replies, threads, attachments, and the formats mailboxes come in."""

from __future__ import annotations

import base64
import io
import json
import random
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest

from indexers import _mbox, _mime, _quotes, mail
from indexers._quotes import own_text
from indexers.item import Item, Person, Skipped, Unit


def read(tmp_path: Path, raw: bytes | str, name: str = "a.eml") -> list[Item | Skipped]:
    path = tmp_path / name
    path.write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    return list(mail.read(path))


def one(tmp_path: Path, raw: bytes | str, name: str = "a.eml") -> Item:
    found = read(tmp_path, raw, name)[0]
    assert isinstance(found, Item)
    return found


PLAIN = """Message-ID: <Ab+1/2%x@example.org>
From: =?utf-8?q?J=C3=B6rg_M?= <Joerg@Example.ORG>
To: "Roe, Ann" <ann@example.org>, bob@example.org
Cc: undisclosed-recipients:;
Date: Tue, 2 Jun 2026 19:05:00 +0200
Subject: =?iso-8859-1?Q?Gr=FC=DFe?= =?utf-8?B?IOKCrDU=?=
References: <root@example.org> <parent@example.org>
In-Reply-To: <parent@example.org>
Reply-To: Desk <desk@example.org>
List-Id: <walks.example.org>

See https://example.org/map, please.
"""


def test_headers(tmp_path: Path) -> None:
    item = one(tmp_path, PLAIN)
    assert item.uri == "mid:Ab+1%2F2%25x@example.org"
    assert item.title == "Grüße €5"
    assert item.when == datetime(2026, 6, 2, 17, 5, tzinfo=UTC)
    assert item.people == (
        Person("Jörg M", "joerg@example.org", "from"),
        Person("Roe, Ann", "ann@example.org", "to"),
        Person("", "bob@example.org", "to"),
    )
    assert item.thread == "mid:root@example.org"
    assert item.links == ("mid:parent@example.org", "https://example.org/map")
    assert item.meta["reply-to"] == "Desk <desk@example.org>"
    assert item.meta["list-id"] == "<walks.example.org>"
    assert item.meta["references"] == "root@example.org parent@example.org"


def test_without_an_id_or_a_date(tmp_path: Path) -> None:
    raw = "From: a@b.c\nReceived: by y; Mon, 1 Jun 2026 10:00:00 +0000\nDate: soon\nSubject: x\n\nhello\n"
    item = one(tmp_path, raw)
    assert item.uri.startswith("mid:sha256-")
    assert item.thread == item.uri
    assert item.when == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert one(tmp_path, raw, "copy.eml").uri == item.uri
    assert one(tmp_path, raw, "copy.eml").digest == item.digest


@pytest.mark.parametrize(
    ("charset", "data", "text"),
    [
        ("iso-8859-1", "naïve “quotes”".encode("cp1252"), "naïve “quotes”"),
        ("utf-8", "naïve".encode("cp1252"), "naïve"),
        ("ks_c_5601-1987", "안녕".encode("cp949"), "안녕"),
        ("x-unknown", "żółw".encode(), "żółw"),
        ("gb2312", "镕".encode("gb18030"), "镕"),
        ("rot13", b"plain", "plain"),
        ("", "日本".encode(), "日本"),
    ],
)
def test_charsets(tmp_path: Path, charset: str, data: bytes, text: str) -> None:
    head = f"From: a@b.c\nSubject: x\nContent-Type: text/plain; charset={charset}\n\n"
    assert one(tmp_path, head.encode() + data).text == text


def test_plain_text_before_html_and_html_where_it_is_alone(tmp_path: Path) -> None:
    html = "<style>x{}</style><p>Dear <b>A</b>nn,<p>see <a href='https://example.org/x'>this</a>"
    alternative = (
        "From: a@b.c\nSubject: x\nContent-Type: multipart/alternative; boundary=B\n\n--B\n"
        "Content-Type: text/plain\n\n{plain}\n--B\nContent-Type: text/html\n\n{html}\n--B--\n"
    )
    assert one(tmp_path, alternative.format(plain="just words", html=html)).text == "just words"
    item = one(tmp_path, alternative.format(plain=" ", html=html))
    assert item.text == "Dear Ann,\n\nsee this"
    assert item.links == ("https://example.org/x",)


def test_a_reply_keeps_its_own_words_and_answers_between_quotes(tmp_path: Path) -> None:
    text = (
        "Thanks!\n\nOn Mon, 1 Jun 2026 at 10:00, Ann <ann@example.org> wrote:\n> Shall we meet?\n"
        "Yes, at six.\n> Who brings the map?\nI do.\n"
    )
    item = one(tmp_path, f"From: a@b.c\nSubject: Re: x\n\n{text}")
    assert item.text == "Thanks!\n\nYes, at six.\nI do."
    assert item.meta["quoted"] == "1"
    first = one(tmp_path, f"From: a@b.c\nSubject: x\n\n{text}")
    assert "Shall we meet" in first.text, "what is no reply keeps its quotes"


@pytest.mark.parametrize(
    "text",
    [
        "Do: the dishes\nData: none\n\nand the rest",
        "On the whole I agree:\nall of it",
        "From now on: nothing\nSent by: nobody knows when\nbut read on",
        "> everything\n> is quoted",
        "See.\n\n-------- Forwarded message --------\nFrom: Ann <ann@example.org>\nDate: 1 Jun 2026\n\nnews",
    ],
)
def test_what_is_no_quote_stays(text: str) -> None:
    assert own_text(text) == (text, False)


def test_replies_of_many_clients(corpus: Callable[[str], Path], tmp_path: Path) -> None:
    folder = corpus("mail_talon_replies")
    right = total = 0
    for page in sorted((folder / "html_replies").glob("*.html")):
        head = b"From: a@b.c\nSubject: Re: x\nContent-Type: text/html; charset=utf-8\n\n"
        words = one(tmp_path, head + page.read_bytes()).text.split()
        right, total = right + (words == "Hi. I am fine. Thanks, Alex".split()), total + 1
    for reply in sorted((folder / "standard_replies").glob("*.eml")):
        right, total = right + one(tmp_path, reply.read_bytes()).text.startswith("Hello"), total + 1
        assert "12:20" not in one(tmp_path, reply.read_bytes()).text
    print(f"own text of a reply: {right} of {total}")
    assert right >= 13
    assert total == 13


def part(content_type: str, name: str, data: bytes) -> str:
    body = base64.encodebytes(data).decode()
    return (
        f'--B\nContent-Type: {content_type}\nContent-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{body}\n"
    )


def mixed(*parts: str) -> str:
    head = "Message-ID: <m@x>\nFrom: a@b.c\nSubject: files\nContent-Type: multipart/mixed; boundary=B\n\n"
    return head + "--B\nContent-Type: text/plain\n\nsee the files\n" + "".join(parts) + "--B--\n"


def word(text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(text)
    document.add_table(rows=1, cols=2).cell(0, 1).text = "in a cell"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_attachments(tmp_path: Path, corpus: Callable[[str], Path]) -> None:
    pdf = (corpus("docs_attachments") / "server" / "ingest" / "test.pdf").read_bytes()
    locked = (corpus("docs_attachments") / "server" / "ingest" / "pdf_encrypted.pdf").read_bytes()
    ics = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260602T100000Z\nSUMMARY:Walk\nEND:VEVENT\nEND:VCALENDAR"
    found = read(
        tmp_path,
        mixed(
            part("application/octet-stream", "a.docx", word("hello from a letter")),
            part("application/pdf", "b.pdf", pdf),
            part("application/pdf", "locked.pdf", locked),  # with an empty password
            part("application/pdf", "../../c.pdf", b"%PDF-1.4 nothing"),
            part("text/calendar", "walk.ics", ics),
            part("image/png", "logo.png", b"\x89PNG"),
            "--B\nContent-Type: message/rfc822\n\nFrom: x@y.z\nSubject: inner\n\nwords inside\n",
        ),
    )
    main, letter, paper, shut, broken, logo, inner, walk = found
    assert [item.uri for item in found[:-1]] == ["mid:m@x", *(f"mid:m@x#{n}" for n in (1, 2, 3, 4, 6, 7))]
    assert isinstance(main, Item)
    assert main.text == "see the files"
    assert isinstance(letter, Item)
    assert letter.title == "a.docx"
    assert "hello from a letter" in letter.text
    assert "in a cell" in letter.text
    assert isinstance(paper, Item)
    assert len(paper.text) > 10
    assert isinstance(shut, Item)
    assert len(shut.text) > 10
    assert isinstance(broken, Skipped)
    assert "“c.pdf”" in broken.reason
    assert isinstance(walk, Item)
    assert (walk.kind, walk.title, walk.links) == ("event", "Walk", ("mid:m@x",))
    assert isinstance(logo, Item)
    assert (logo.text, logo.meta["content-type"], logo.thread) == ("", "image/png", main.thread)
    assert isinstance(inner, Item)
    assert (inner.title, inner.text.splitlines()[-1]) == ("inner", "words inside")


def test_documents(corpus: Callable[[str], Path], tmp_path: Path) -> None:
    """Every file of the corpus as an attachment: text, or a reason."""
    texts = {}
    for file in sorted(corpus("docs_attachments").rglob("*.*")):
        found = read(tmp_path, mixed(part("application/octet-stream", file.name, file.read_bytes())))[1]
        texts[file.name] = found.text if isinstance(found, Item) else found.reason
    assert "Lorem ipsum" in texts["test.pdf"] or len(texts["test.pdf"]) > 50
    assert len(texts["file.docx"]) > 100
    assert "�" not in texts["another_file_no_utf8.md"]
    assert "Dulce | Abril" in texts["file.xls"]
    assert "Software Engineering" in texts["file_failing.ppt"]


def test_a_zip_bomb_in_a_letter(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a/>" * 30_000_000)
    found = read(tmp_path, mixed(part("application/octet-stream", "a.docx", file.getvalue())))[1]
    assert isinstance(found, Skipped)
    assert "traps" in found.reason


def test_mbox_offsets_are_those_of_another_reader(corpus: Callable[[str], Path]) -> None:
    folder = corpus("mail_mimekit") / "mbox"
    known = json.loads((folder / "content-length.unix-offsets.json").read_text())
    with (folder / "content-length.mbox.txt").open("rb") as file:
        found = list(_mbox.read(file, file.read(10)))
    assert [raw.offset for raw in found] == [entry["beginOffset"] for entry in known]


def test_mbox_unquotes_and_does_not_split_at_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_mbox, "_CHUNK", 3000)
    monkeypatch.setattr(_mbox, "MAX_MESSAGE", 20_000)
    body = "\nFrom here on: we walk.\n\nFrom me\n>From quoted\n>>From twice\n"
    raws = [f"From: a@b.c\nSubject: {n}\n{body}" + "word\n" * (n * 37 % 900) for n in range(60)]
    raws[7] += "y\n" * 20_000
    (tmp_path / "in.mbox").write_text(
        "".join(f"From a@b.c Tue Jun  2 10:00:00 2026\n{raw}\n" for raw in raws), encoding="utf-8"
    )
    with (tmp_path / "in.mbox").open("rb") as file:
        found = list(_mbox.read(file, file.read(10)))
    assert len(found) == 60
    assert not found[7].whole
    assert found[7].data.endswith(b"Subject: 7\n")
    for number, (raw, text) in enumerate(zip(found, raws, strict=True)):
        assert raw.size == len(text) + 1
        if number != 7:
            assert raw.data.decode() == text.replace("\n>From", "\nFrom").replace("\n>>From", "\n>From")
    items = list(mail.read(tmp_path / "in.mbox"))
    assert [item.reason for item in items if isinstance(item, Skipped)] == [
        "a mail of 0 MB: only its headers were read"
    ]
    assert isinstance(items[0], Item)
    assert items[0].when == datetime(2026, 6, 2, 10, tzinfo=UTC), (
        "the envelope's date, where there is no other"
    )
    assert (items[0].meta["mailbox"], items[0].meta["offset"]) == ("in", "36")


def test_sentences_made_of_at_signs_take_no_time(tmp_path: Path) -> None:
    """All of them might be an envelope's sender; each took half a second to be told from one."""
    (tmp_path / "in.mbox").write_bytes(
        b"From a@b.c\nSubject: x\n\n" + (b"\nFrom " + b"@" * 800) * 2_000 + b"\n\nFrom b@c\nSubject: y\n\nz\n"
    )
    began = time.process_time()
    with (tmp_path / "in.mbox").open("rb") as file:
        found = list(_mbox.read(file, file.read(10)))
    assert len(found) == 2
    assert time.process_time() - began < 5


def test_maildir(tmp_path: Path) -> None:
    for folder in ("cur", "new", "tmp", ".Sent/cur", ".git/objects"):
        (tmp_path / "Mail" / folder).mkdir(parents=True)
        (tmp_path / "Mail" / folder / "1.x:2,RS").write_text(PLAIN)
    (tmp_path / "Mail" / "dovecot-uidlist").write_text("3 V1")
    (tmp_path / "Mail" / "loop").symlink_to(tmp_path / "Mail")
    (tmp_path / "Mail" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    found = list(mail.scan(tmp_path / "Mail"))
    units = [unit.path for unit in found if isinstance(unit, Unit)]
    assert sorted(str(Path(path).relative_to(tmp_path / "Mail").parent) for path in units) == [
        ".Sent/cur",
        "cur",
        "new",
    ]
    assert [skip.uri.rpartition("/")[2] for skip in found if isinstance(skip, Skipped)] == ["photo.jpg"]
    sent = next(iter(mail.read(tmp_path / "Mail" / ".Sent" / "cur" / "1.x:2,RS")))
    assert isinstance(sent, Item)
    assert (sent.meta["mailbox"], sent.meta["flags"]) == ("Sent", "RS")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "Office file"),
        (b"just a text", "not a mail"),
    ],
)
def test_what_is_no_mail(tmp_path: Path, data: bytes, words: str) -> None:
    (found,) = read(tmp_path, data)
    assert isinstance(found, Skipped)
    assert words in found.reason


def test_a_folder_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (found,) = mail.read(tmp_path / "missing.eml")
    assert isinstance(found, Skipped)
    assert "no such file" in found.reason


def test_the_short_way_reads_the_same(corpus: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail with a single body does not go through the whole parser; nothing may differ."""
    paths = [*corpus("mail_mikel").rglob("*.eml"), *corpus("mail_zbateson").rglob("m*.txt")]
    short = [list(mail.read(path)) for path in paths]
    monkeypatch.setattr(_mime, "_regular", lambda data: None)
    assert short == [list(mail.read(path)) for path in paths]


@pytest.mark.parametrize(
    "kind",
    [
        'multipart/mixed; boundary="-"',
        'multipart/mixed; x="a;boundary=q;b"; boundary=zz',
        'multipart/mi"xed; boundary="zz"',
        'multipart/signed; protocol="application/pgp; boundary="zz"',
        'multipart/mixed; boundary="<zz>"',
    ],
)
def test_a_mail_is_split_where_the_library_splits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    parts = "".join(
        f"--{mark}\nContent-Type: text/plain\n\nPart of {mark}\n--{mark}--\n"
        for mark in ("-", "q", "zz", "<zz>")
    )
    raw = f"Message-ID: <1@example.org>\nSubject: Parts\nContent-Type: {kind}\n\n{parts}{'-' * 3000}\n"
    short = read(tmp_path, raw)
    monkeypatch.setattr(_mime, "_regular", lambda data: None)
    assert short == read(tmp_path, raw)


def test_the_quick_look_misses_no_introduction() -> None:
    """A line that a quote or a forwarded mail may begin with is always looked at closely."""
    pieces = ["On ", "Am ", "-", "---", " ", ">", "*", "From:", "Begin forwarded message", "--Forwarded", "a"]
    pieces += [
        "\t",
        "2024年",
        "\x0c",
        "\u3000",
        "Von :",
        "Dne ",
        "\x85",
        "=",
        "-- Weitergeleitet",
        "OD:",
        "От:",
    ]
    chance = random.Random(3)
    lines = ["".join(chance.choices(pieces, k=chance.randint(0, 6))) for _ in range(20_000)]
    begins = [
        n
        for n, line in enumerate(lines)
        if _quotes._FORWARDED.match(line) or _quotes._MAY_INTRODUCE.match(line)
    ]
    text = "".join(f"\n{line}" for line in lines).casefold()
    seen = {text.count("\n", 0, found.start()) for found in _quotes._DATED_CANDIDATE.finditer(text)}
    assert len(begins) > 1000
    assert seen.issuperset(begins)
    assert len(seen) < len(lines)


@pytest.mark.parametrize("line", ["-" * 299, "- " * 150, "> " * 150, "*" * 300, "--- " * 75])
def test_lines_of_signs_take_no_time(line: str) -> None:
    """One of dashes was looked at once for each of its beginnings."""
    text = f"Fine.\n{line}\n" * 3_000
    started = time.process_time()
    assert own_text(text)[0].startswith("Fine.")
    assert time.process_time() - started < 2
