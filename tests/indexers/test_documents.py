"""Documents: every format's words, title, author and date; what is damaged, locked or a trap is said once."""

# ruff: noqa: E501 - documents as their programs write them

from __future__ import annotations

import io
import random
import resource
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from app.core.errors import WorkerDied
from app.workers.reader import LIMITS, Reader
from app.workers.worker import Worker
from indexers import _documents, _pdf, documents
from indexers.item import Item, Skipped, Unit
from tests.indexers import office

JUNE = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)


def read(folder: Path, name: str, data: bytes) -> list[Item | Skipped]:
    (folder / name).write_bytes(data)
    return list(documents.read(folder / name))


def one(folder: Path, name: str, data: bytes) -> Item:
    (found,) = read(folder, name, data)
    assert isinstance(found, Item), found
    return found


def reason(folder: Path, name: str, data: bytes) -> str:
    (found,) = read(folder, name, data)
    assert isinstance(found, Skipped), found
    return found.reason


def test_word(tmp_path: Path) -> None:
    item = one(tmp_path, "a.docx", office.docx())
    assert (item.title, [str(p) for p in item.people], item.when) == ("Garden plan", ["Vera Lind"], JUNE)
    assert (item.kind, item.source, item.meta) == (
        "document",
        "documents",
        {"filename": "a.docx", "pages": "2"},
    )
    assert item.text == (
        "Sow the beans in May\nIn a box\n\nBed | Plant\nNorth | Peas\n\fOn the second page\n\nNot before the frost ends"
    )


def test_excel(tmp_path: Path) -> None:
    item = one(tmp_path, "a.xlsx", office.xlsx())
    assert item.text == "Sheet: Seeds\nBought on | Cost\n2026-06-02 | 12.5 | TRUE | 2026-06-02 10:30"


def test_powerpoint(tmp_path: Path) -> None:
    item = one(tmp_path, "a.pptx", office.pptx())
    assert item.text == "Shown first\nbelow\nNotes: Remember to breathe\nbelow\n\fShown second\nbelow"


def test_open_document(tmp_path: Path) -> None:
    item = one(tmp_path, "a.odt", office.odf(office.ODT))
    assert item.text == "Heading\ntwo  spaces\na bold end\na b | c"
    assert (item.title, [str(p) for p in item.people], item.when and item.when.replace(microsecond=0)) == (
        "Garden plan",
        ["Vera Lind"],
        JUNE,
    )
    assert one(tmp_path, "a.ods", office.odf(office.ODS)).text == "Sheet: Seeds\nPeas | 3"
    assert one(tmp_path, "a.odp", office.odf(office.ODP)).text == "First slide\n\fSecond slide"
    assert "password" in reason(tmp_path, "b.odt", office.odf(office.ODT, locked=True))


def test_books(tmp_path: Path) -> None:
    item = one(tmp_path, "a.epub", office.epub())
    assert (item.title, str(item.people[0]), item.when) == (
        "The night",
        "A. Writer",
        datetime(2019, 5, 1, tzinfo=UTC),
    )
    assert item.text.index("One") < item.text.index("Two")
    assert "its seller" in reason(tmp_path, "b.epub", office.epub(locked=True))


def test_office_of_twenty_years_ago(tmp_path: Path) -> None:
    text = 'Dear Vera,\r\x13 HYPERLINK "x" \x14see here\x15 the cost\x07é is 5 € …\rBye'
    assert one(tmp_path, "a.doc", office.doc(text)).text == "Dear Vera,\nsee here the cost | é is 5 € …\nBye"
    assert "password" in reason(tmp_path, "b.doc", office.doc("secret", locked=True))
    assert one(tmp_path, "a.xls", office.xls()).text == "Sheet: Seeds\nName | Zoë be\n2026-06-02 | 12.5 | sum"
    assert "password" in reason(tmp_path, "b.xls", office.xls(locked=True))
    assert one(tmp_path, "a.ppt", office.ppt()).text == "Übersicht\nSecond\nline"


def test_what_lies_under_a_wrong_name(tmp_path: Path) -> None:
    assert "beans" in one(tmp_path, "a.doc", office.docx()).text
    assert "Peas" in one(tmp_path, "a.docx", office.odf(office.ODS)).text
    assert (
        one(tmp_path, "b.doc", b"{\\rtf1\\ansi Gr\\'fc\\'dfe\\par aus {\\b Porto}}").text
        == "Grüße\naus Porto"
    )
    assert "cell" in one(tmp_path, "a.xls", b"<html><table><tr><td>cell</td></tr></table></html>").text
    assert "password" in reason(
        tmp_path, "b.docx", office.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"y"})
    )


def test_plain_text_code_and_names(tmp_path: Path) -> None:
    assert one(tmp_path, "main.rs", b"fn main() { greet(); }").text.startswith("fn main")
    assert one(tmp_path, "a.csv", "Stück;Preis\n3;4,50\n".encode("cp1252")).text == "Stück;Preis\n3;4,50"
    assert one(tmp_path, "README", b"Read me first").title == "README"
    assert "binary" in reason(tmp_path, "b.txt", bytes(range(256)) * 9)
    assert reason(tmp_path, "c.txt", b" \n") == "an empty file"
    (tmp_path / "~$a.docx").write_bytes(b"x")
    (tmp_path / "p.jpg").write_bytes(b"x")
    for name in ("a/b.js", "a/c/d.js"):
        (tmp_path / "node_modules" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "node_modules" / name).write_text("x")
    told = {
        Path(found.uri).name: found.reason for found in documents.scan(tmp_path) if isinstance(found, Skipped)
    }
    assert set(told) == {"~%24a.docx", "p.jpg", "node_modules"}


LINES = office.words(
    (72, 700, "left one"), (320, 700, "right one"), (72, 680, "left two"), (320, 680, "right two")
)
FORM = (
    "<< /Type /Annot /Subtype /Widget /FT /Tx /T (Name) /V (Vera Lind) /Rect [72 600 300 620] /F 4 >> "
    "<< /Type /Annot /Subtype /Widget /FT /Btn /T (Member) /AS /Yes /V /Yes /Rect [72 560 90 580] /F 4 /AP << /N << /Yes << >> /Off << >> >> >> >> "
    "<< /Type /Annot /Subtype /Text /Contents (call back on Monday) /Rect [10 10 30 30] >>"
)


def test_pdf(tmp_path: Path) -> None:
    info = "/Title (Garden \\(new\\)) /Author (Vera Lind) /CreationDate (D:20260602120000+02'00')"
    item = one(
        tmp_path,
        "a.pdf",
        office.pdf([office.words((72, 700, "Page one")), office.words((72, 700, "Page two"))], info=info),
    )
    assert item.text == "Page one\n\fPage two"
    assert (item.title, str(item.people[0]), item.when) == ("Garden (new)", "Vera Lind", JUNE)
    assert item.meta == {"filename": "a.pdf", "pages": "2"}
    for title in ("Microsoft Word - brief.docx", "untitled", "A"):
        named = office.pdf([office.words((72, 700, "x"))], info=f"/Title ({title})")
        assert one(tmp_path, "My letter.pdf", named).title == "My letter"


def test_columns_written_line_by_line_are_read_column_by_column(tmp_path: Path) -> None:
    columns = [
        *((72, 700 - 20 * n, f"left {n} words of a column") for n in range(6)),
        *((320, 700 - 20 * n, f"right {n} words of a column") for n in range(6)),
    ]
    mixed = sorted(columns, key=lambda line: (line[0] > 300) != (line[1] % 40 == 0))
    straight = one(tmp_path, "a.pdf", office.pdf([office.words(*columns)])).text.split("\n")
    jumbled = one(tmp_path, "b.pdf", office.pdf([office.words(*mixed)])).text.split("\n")
    assert [line.split()[0] for line in straight] == ["left"] * 6 + ["right"] * 6
    assert [line.strip() for line in jumbled] == [line.strip() for line in straight]


def test_forms_and_notes(tmp_path: Path) -> None:
    fields = "/AcroForm << /Fields [] /DA (/F1 0 Tf) >>"
    item = one(
        tmp_path,
        "a.pdf",
        office.pdf([office.words((72, 700, "Application"))], annotations=FORM, extra=fields),
    )
    assert item.text.split("\n") == [
        "Application",
        "Name: Vera Lind",
        "Member: yes",
        "Note: call back on Monday",
    ]


def scanned() -> bytes:
    pages = []
    for text in ("Rental agreement", "Signed in Porto"):
        page = Image.new("RGB", (620, 877), "white")
        ImageDraw.Draw(page).text((60, 80), text, fill="black", font_size=40)
        pages.append(page)
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], resolution=75)
    return file.getvalue()


def test_scanned_pages_are_marked_for_recognition(tmp_path: Path) -> None:
    item = one(tmp_path, "lease.pdf", scanned())
    assert (item.text, item.meta["ocr"], item.meta["scanned"]) == ("", "wanted", "1 2")
    assert _pdf.picture(tmp_path / "lease.pdf", 2, side=900).size in {(636, 900), (637, 900)}
    with pytest.raises(_documents.Unreadable, match="no such page"):
        _pdf.picture(tmp_path / "lease.pdf", 3, side=900)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("D:20240103093826+01'00'", datetime(2024, 1, 3, 9, 38, 26, tzinfo=timezone(timedelta(hours=1)))),
        ("D:20240103093826Z", datetime(2024, 1, 3, 9, 38, 26, tzinfo=UTC)),
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("D:19041301", None),
        ("yesterday", None),
    ],
)
def test_dates_of_pdf(text: str, moment: datetime | None) -> None:
    assert _pdf.date(text) == moment


def test_corpus(corpus: Callable[[str], Path]) -> None:
    """Every file is read or listed once with its reason, none in more than two seconds."""
    root, found = corpus("docs_attachments"), list[Item | Skipped]()
    for unit in documents.scan(root):
        began = time.process_time()
        found += documents.read(Path(unit.path)) if isinstance(unit, Unit) else [unit]
        assert time.process_time() - began < 2
    assert {one.uri for one in found} == {path.as_uri() for path in root.rglob("*") if path.is_file()}
    texts = {Path(one.path).name: one.text for one in found if isinstance(one, Item)}
    assert len(texts) == len(found), "all of them can be read"
    assert "Dulce | Abril" in texts["file.xls"]
    assert "Code of Conduct" in texts["file_failing.ppt"]
    assert "26.3. Variables" in texts["file_general_elements.pdf"]
    assert texts["file_multicolumn.pdf"].count("\f") == 2


# --- traps ---------------------------------------------------------------------------------------


MANY = f"<w:document {office.W}><w:body>{'<w:p/>' * 2_100_000}</w:body></w:document>"


def bombs() -> dict[str, bytes]:
    laughs = "<!DOCTYPE w [<!ENTITY a 'haha'>" + "".join(
        f"<!ENTITY {b} '{'&' + a + ';' * 1}{('&' + a + ';') * 9}'>"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    cells = "".join(
        f'<row r="{row}">'
        + "".join(f"<c><v>{row * column % 9973}</v></c>" for column in range(1000))
        + "</row>"
        for row in range(1000)
    )
    return {
        "ratio.docx": office.docx("<w:p>" + " " * 30_000_000 + "</w:p>"),
        "laughs.docx": office.packed(
            {"word/document.xml": laughs + "]><w:document xmlns:w='w'>&i;</w:document>"}
        ),
        "wide.docx": office.packed({"word/document.xml": laughs.encode("utf-16")}),
        "outside.docx": office.packed(
            {"word/document.xml": "<!DOCTYPE w [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><w>&a;</w>"}
        ),
        "deep.docx": office.packed({"word/document.xml": "<a>" * 400_000}, packing=zipfile.ZIP_STORED),
        "deep.odt": office.packed({"content.xml": "<a>" * 400_000}, packing=zipfile.ZIP_STORED),
        "many.docx": office.packed({"word/document.xml": MANY}, packing=zipfile.ZIP_STORED),
        "cells.xlsx": office.xlsx(cells),
        "deep.rtf": b"{\\rtf1 " + b"{" * 2_000_000,
        "deep.epub": office.packed({"META-INF/container.xml": "<a>" * 300_000}),
    }


_CHILD = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from indexers import documents, _ooxml, _odf, _epub, _rtf, _ole, _xls, _pdf
from indexers.item import Skipped
for name in sys.argv[1:]:
    began = time.process_time()
    found = list(documents.read(Path(name)))
    print(Path(name).name, round(time.process_time() - began, 2), len(found), sum(isinstance(one, Skipped) for one in found))
"""


def test_bombs_stay_within_limits(tmp_path: Path) -> None:
    traps = bombs()
    for name, data in traps.items():
        (tmp_path / name).write_bytes(data)
    paths = [str(tmp_path / name) for name in traps]
    done = subprocess.run([sys.executable, "-c", _CHILD, *paths], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    print(done.stdout)
    told = {
        name: (float(seconds), int(count), int(skipped))
        for name, seconds, count, skipped in map(str.split, done.stdout.splitlines())
    }
    assert set(told) == set(traps)
    for name, (seconds, count, skipped) in told.items():
        assert seconds < 10, (
            f"{name} hangs"
        )  # measured at 2 at most; the reader's own limit is processor time
        if name == "deep.rtf":
            continue
        assert skipped == 1, name
        assert count == (2 if name == "cells.xlsx" else 1), name


def test_the_limit_of_memory_bites(tmp_path: Path) -> None:
    """The control: the same trap without the caps needs more than the child may have."""
    (tmp_path / "a.docx").write_bytes(office.packed({"word/document.xml": MANY}, packing=zipfile.ZIP_STORED))
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1 << 27, 1 << 27))\n"
        "import sys, zipfile; from xml.etree import ElementTree\n"
        "ElementTree.fromstring(zipfile.ZipFile(sys.argv[1]).read('word/document.xml'))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.docx")]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert resource.getrlimit(resource.RLIMIT_AS)[0] != 1 << 27, "only the child is limited"


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del changed[at : at + chance.randint(1, 60)]
            case 2:
                changed[at:at] = changed[at : at + chance.randint(1, 200)]
            case _:
                changed[at : at + 4] = chance.choice((b"99999", b" 0 R", b"/Kid", b"<<<<", b"endo", b"-1 "))
    return bytes(changed[: len(changed) if chance.random() < 0.9 else chance.randrange(len(changed) or 1)])


def test_mutated_documents_raise_nothing(tmp_path: Path) -> None:
    chance = random.Random(3)
    seeds = {
        "a.docx": office.docx(), "a.xlsx": office.xlsx(), "a.pptx": office.pptx(), "a.odt": office.odf(office.ODT),
        "a.epub": office.epub(), "a.doc": office.doc("some words " * 40), "a.xls": office.xls(), "a.ppt": office.ppt(),
        "a.rtf": b"{\\rtf1\\ansi\\ansicpg1252 {\\fonttbl{\\f0\\fcharset204 Arial;}}\\f0 Gr\\'fc\\u8364?\\par}" * 3,
    }  # fmt: skip
    for name, data in seeds.items():
        for _ in range(60):
            found = read(tmp_path, name, mutated(data, chance))
            assert 1 <= len(found) <= 2


def test_mutated_pdfs_end_no_process_but_a_reader(
    corpus: Callable[[str], Path], tmp_path: Path, full: bool
) -> None:
    """2,000 of them with HOMEBODY_FULL=1; a good one after each lot is read in any case."""
    chance, count = random.Random(8), 2_000 if full else 100
    seeds = [path.read_bytes() for path in sorted(corpus("docs_attachments").rglob("*.pdf"))] + [
        office.pdf([LINES], annotations=FORM, extra="/AcroForm << /Fields [] >>"),
        scanned(),
    ]
    good = tmp_path / "good.pdf"
    good.write_bytes(office.pdf([office.words((72, 700, "still here"))]))
    outcomes = {"read": 0, "skipped": 0, "reader ended": 0}
    reader = Worker("reader", "app.workers.reader:service", limits=LIMITS)
    try:
        for begin in range(0, count, 20):
            paths = []
            for number in range(begin, begin + 20):
                paths.append(tmp_path / f"{number}.pdf")
                paths[-1].write_bytes(mutated(seeds[number % len(seeds)], chance))
            for path in [*paths, good]:
                try:
                    parts = [
                        part
                        for some in reader.stream(
                            Reader.read, source="documents", paths=(str(path),), places={}
                        )
                        for part in some
                    ]
                except WorkerDied:
                    outcomes["reader ended"] += 1
                    assert path != good
                    continue
                found = [
                    *(i for part in parts for i in part.items),
                    *(s for part in parts for s in part.skipped),
                ]
                assert found, "neither item nor reason"
                outcomes["read" if isinstance(found[0], Item) else "skipped"] += 1
                assert path != good or "still here" in found[0].text  # type: ignore[union-attr]
    finally:
        reader.stop()
    print(outcomes)
    assert outcomes["read"] > count // 20
    assert sum(outcomes.values()) == count + count // 20


def test_what_changed_among_fetched_files_is_not_read(tmp_path: Path) -> None:
    """A look at what changed tells the same as one at everything."""
    inside = tmp_path / "project" / "node_modules" / "left-pad" / "readme.md"
    inside.parent.mkdir(parents=True)
    inside.write_text("Pads a string.")
    for changed in (inside, inside.parent, inside.parent.parent):
        place = documents.concerned(tmp_path, changed)
        assert place is not None
        assert list(documents.scan(place)) == list(documents.scan(tmp_path))
    assert documents.concerned(tmp_path, tmp_path / "project" / "a.md") == tmp_path / "project" / "a.md"


def test_what_is_shown_a_thousand_times_over(tmp_path: Path) -> None:
    """Slides and sheets that are all the same one; a workbook's later sheets are not even unpacked."""
    places = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    relations = '<R><Relationship Id="a" Target="a.xml"/></R>'
    (tmp_path / "a.pptx").write_bytes(
        office.packed(
            {
                "ppt/presentation.xml": f"<p {places}>" + '<sldId r:id="a"/>' * 3_000 + "</p>",
                "ppt/_rels/presentation.xml.rels": relations,
                "ppt/a.xml": "<s><p><t>Hello</t></p></s>",
            },
            packing=zipfile.ZIP_STORED,
        )
    )
    row = "<row>" + "<c><v>7</v></c>" * 1_000 + "</row>"
    (tmp_path / "a.xlsx").write_bytes(
        office.packed(
            {
                "xl/workbook.xml": f"<w {places}>" + '<sheet r:id="a"/>' * 100 + "</w>",
                "xl/_rels/workbook.xml.rels": relations,
                "xl/a.xml": f"<s>{row * 180}<!--{'x' * 20_000_000}--></s>",
            },
            packing=zipfile.ZIP_STORED,
        )
    )
    for name, words in (("a.pptx", "only its first 2,000 slides"), ("a.xlsx", "more than 200,000 cells")):
        item, rest = documents.read(tmp_path / name)
        assert isinstance(item, Item)
        assert isinstance(rest, Skipped)
        assert item.text
        assert words in rest.reason


def test_titles_in_utf_8_and_numbers_that_are_none() -> None:
    from indexers import _ole, _ooxml

    class Summary:
        codepage, title, author = 65_001 - 65_536, "Übergröße".encode(), b""
        last_saved_time = create_time = None

    class File:
        get_metadata = Summary

    document = _ole.Compound.__new__(_ole.Compound)
    document._file = File()
    assert document.told([""]).title == "Übergröße"
    assert [_ooxml.shown(x) for x in (float("nan"), float("inf"), 3.0, 0.1)] == ["nan", "inf", "3", "0.1"]
