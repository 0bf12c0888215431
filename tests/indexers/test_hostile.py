"""Bombs and mutations: within memory and processor limits, and nothing is ever raised."""

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from indexers import _documents, calendar, mail, photos
from indexers.item import Item, Skipped

HEAD = b"From: a@b.c\nSubject: x\n"
CPU_SECONDS = 20
MEMORY = 1 << 30


def bombs() -> dict[str, bytes]:
    """Mails made to exhaust a parser, each with a harmless sender."""
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (level, level) for level in range(1000)
    )
    html = b"From: a@b.c\nSubject: x\nContent-Type: text/html\n\n"
    return {
        "subject": b"From: a@b.c\nSubject: " + b"=?utf-8?q?=41?= " * 66_000 + b"\n\nx\n",
        "broken words": b"From: a@b.c\nSubject: " + b"=?" * 500_000 + b"\n\nx\n",
        "recipients": HEAD + b"To: " + b", ".join(b"p%d@x.org" % n for n in range(80_000)) + b"\n\nwords\n",
        "odd recipients": HEAD + b"To: " + b'"<(' * 20_000 + b"\n\nwords\n",
        "blank names": HEAD + (b"To: a" + b" " * 16_000 + b",\n") * 300 + b"\nwords\n",
        "soft breaks": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"x \n" * 1_300_000,
        "levels": HEAD + nested,
        "mails in mails": HEAD + b"Content-Type: message/rfc822\n\n" * 1000 + b"x\n",
        "parts": HEAD + b"Content-Type: multipart/mixed; boundary=B\n\n" + b"--B\n\nx\n" * 100_000,
        "headers": HEAD + b"X-A: b\n" * 500_000 + b"\nwords\n",
        "part headers": HEAD
        + b"Content-Type: multipart/mixed; boundary=B\n\n--B\n"
        + b"a:\n" * 500_000
        + b"Content-Type: text/plain; "
        + b'x=";' * 300_000
        + b"\n\nx\n--B--\n",
        "deep page": html + b"<div>" * 300_000 + b"words",
        "open tags": html + b"<a href='" * 200_000,
        "quotes": b"From: a@b.c\nSubject: Re: x\n\nhi\n" + b"On On On On wrote " * 50_000 + b":\n" * 1000,
        "introductions": b"From: a@b.c\nSubject: Re: x\n\nhi\n" + b"On 1 Jun 2026 somebody\n" * 80_000,
        "blank lines": b"From: a@b.c\nSubject: Re: x\n\n" + b"\n \n" * 1_000_000 + b"end",
    }


_CHILD = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
resource.setrlimit(resource.RLIMIT_CPU, ({cpu}, {cpu}))
from indexers import registry
for name in sys.argv[2:]:
    found = list(registry.load(sys.argv[1]).read(Path(name)))
    assert found and found[0].uri, name
    print(Path(name).stem, type(found[0]).__name__, len(found))
"""


def limited(source: str, paths: list[Path]) -> dict[str, str]:
    """What a process under limits makes of the files; a file that breaks them fails the test."""
    code = _CHILD.format(memory=MEMORY, cpu=CPU_SECONDS)
    done = subprocess.run(
        [sys.executable, "-c", code, source, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return dict(line.rsplit(" ", 2)[:2] for line in done.stdout.splitlines())


def test_mail_bombs_stay_within_limits(tmp_path: Path) -> None:
    paths = []
    for name, data in bombs().items():
        paths.append(tmp_path / f"{name}.eml")
        paths[-1].write_bytes(data)
    assert limited("mail", paths) == dict.fromkeys(bombs(), "Item")


def test_the_limits_do_bite(tmp_path: Path) -> None:
    """The control: the same parser without the caps breaks the limits."""
    (tmp_path / "a.eml").write_bytes(bombs()["recipients"] * 4)
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (2, 2))\n"
        "import email, email.policy, sys\n"
        "email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.default)['to']\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.eml")]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert resource.getrlimit(resource.RLIMIT_CPU)[0] != 2, "only the child is limited"


def test_what_bombs_leave(tmp_path: Path) -> None:
    def first(name: str) -> tuple[Item, list[Skipped]]:
        (tmp_path / "a.eml").write_bytes(bombs()[name])
        item, *rest = mail.read(tmp_path / "a.eml")
        assert isinstance(item, Item)
        return item, [skip for skip in rest if isinstance(skip, Skipped)]

    assert len(first("recipients")[0].people) == 200
    assert first("recipients")[0].text == "words"
    assert first("headers")[0].text == "words"
    assert first("deep page")[0].text.endswith("words")
    for name in ("levels", "mails in mails", "parts"):
        item, skipped = first(name)
        assert item.title == "x"
        assert "traps" in skipped[0].reason, name


def test_calendar_bombs_stay_within_limits(tmp_path: Path) -> None:
    event = "BEGIN:VEVENT\nUID:{0}\nDTSTART:19700101T000000Z\nRRULE:{1}\nSUMMARY:x\nEND:VEVENT\n"
    files = {
        "seconds": event.format(1, "FREQ=SECONDLY"),
        "many": "".join(event.format(n, "FREQ=DAILY") for n in range(2000)),
        "nested": "BEGIN:VEVENT\n" * 4000 + "SUMMARY:x\n" + "END:VEVENT\n" * 4000,
        "folded": "BEGIN:VEVENT\nSUMMARY:" + "x\n y" * 200_000 + "\nEND:VEVENT\n",
        "exceptions": event.format(1, "FREQ=DAILY").replace(
            "SUMMARY", "EXDATE:" + ",".join(["20260101T000000Z"] * 50_000) + "\nSUMMARY"
        ),
    }
    paths = []
    for name, text in files.items():
        paths.append(tmp_path / f"{name}.ics")
        paths[-1].write_text(f"BEGIN:VCALENDAR\n{text}END:VCALENDAR\n")
    assert set(limited("calendar", paths)) == set(files)


def test_document_bombs() -> None:
    packed = zlib.compress(b"0" * 30_000_000)
    pdf = (
        b"%PDF-1.4\n1 0 obj<</Filter/FlateDecode/Length " + str(len(packed)).encode() + b">>stream\n" + packed
    )
    with pytest.raises(_documents.Unreadable, match="traps"):
        _documents.extract(pdf + b"\nendstream\nendobj\n", "application/pdf", "a.pdf")
    with pytest.raises(_documents.Unreadable, match="traps"):
        twice = pdf.replace(b"/FlateDecode", b"[/FlateDecode /FlateDecode]")
        _documents.extract(twice, "application/pdf", "a.pdf")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<" * 200)
    with pytest.raises(_documents.Unreadable, match="main part"):
        _documents.extract(file.getvalue(), "", "a.docx")


def mutations(data: bytes, chance: random.Random, count: int) -> Iterator[bytes]:
    """``data`` with bytes changed, cut out, doubled or cut off."""
    for _ in range(count):
        changed = bytearray(data)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(changed) or 1)
            match chance.randrange(5):
                case 0:
                    changed[at : at + 1] = bytes([chance.randrange(256)])
                case 1:
                    del changed[at : at + chance.randint(1, 40)]
                case 2:
                    changed[at:at] = changed[at : at + chance.randint(1, 200)]
                case 3:
                    changed[at:at] = chance.choice(
                        [b"\0", b"=?", b"\r\n\r\n", b"\xff\xfe", b'"', b";", b":", b"--"]
                    )
                case _:
                    changed[:] = changed[: max(1, at)] if chance.random() < 0.2 else changed
        yield bytes(changed)


@pytest.mark.parametrize(
    ("source", "name", "pattern", "count"),
    [
        (mail, "mail_mikel", "*.eml", 4),
        (mail, "mail_zbateson", "m*.txt", 3),
        (calendar, "ics_ical4j", "r*.ics", 6),
        (calendar, "ics_icalendar", "*.ics", 1),
        (photos, "photo_exif_samples", "*.jpg", 4),
    ],
)
def test_mutations_raise_nothing(
    corpus: Callable[[str], Path], tmp_path: Path, source: object, name: str, pattern: str, count: int
) -> None:
    assert source in (mail, calendar, photos)
    chance, tried = random.Random(name), 0
    for file in sorted(corpus(name).rglob(pattern)):
        path = tmp_path / f"mutant{file.suffix}"
        for data in mutations(file.read_bytes()[:200_000], chance, count):
            path.write_bytes(data)
            assert list(source.read(path)), "neither item nor reason"
            tried += 1
    assert tried >= 50


def test_mutated_heads_of_pictures(tmp_path: Path) -> None:
    """PNG, GIF, TIFF and WebP in small, where every change hits something."""
    chance = random.Random(7)
    for form in ("png", "gif", "tiff", "webp"):
        file = io.BytesIO()
        Image.new("RGB", (20, 10), "navy").save(file, form)
        for data in mutations(file.getvalue(), chance, 40):
            (tmp_path / f"a.{form}").write_bytes(data)
            assert len(list(photos.read(tmp_path / f"a.{form}"))) == 1
