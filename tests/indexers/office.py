"""Small documents of every format, made here as their programs make them."""

# ruff: noqa: E501 - documents as their programs write them

from __future__ import annotations

import io
import struct
import zipfile
import zlib

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CORE = (
    '<cp:coreProperties xmlns:cp="c" xmlns:dc="d" xmlns:dcterms="t"><dc:title>Garden plan</dc:title>'
    "<dc:creator>Vera Lind</dc:creator><dcterms:modified>2026-06-02T10:00:00Z</dcterms:modified></cp:coreProperties>"
)


def packed(parts: dict[str, str | bytes], *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of ``parts``."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packing) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def docx(body: str = "") -> bytes:
    page = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>On the second page</w:t></w:r></w:p>"
    box = (
        '<w:p><mc:AlternateContent xmlns:mc="m"><mc:Choice><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent>'
        "</mc:Choice><mc:Fallback><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:p>"
    )
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tr>{cell.format('Bed')}{cell.format('Plant')}</w:tr><w:tr>{cell.format('North')}{cell.format('Peas')}</w:tr></w:tbl>"
    text = "<w:p><w:r><w:t>Sow the </w:t></w:r><w:r><w:t>beans</w:t><w:tab/><w:t>in May</w:t></w:r><w:del><w:r><w:delText>never</w:delText></w:r></w:del></w:p>"
    return packed(
        {
            "word/document.xml": f"<w:document {W}><w:body>{body or text + box + table + page}</w:body></w:document>",
            "word/footnotes.xml": f"<w:footnotes {W}><w:footnote><w:p><w:r><w:t>Not before the frost ends</w:t></w:r></w:p></w:footnote></w:footnotes>",
            "docProps/core.xml": CORE,
        }
    )


def xlsx(rows: str = "") -> bytes:
    given = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Cost</t></is></c></row>'
        '<row r="2"><c r="A2" s="1"><v>46175</v></c><c r="B2"><v>12.500000000000002</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" s="2"><v>46175.4375</v></c></row>'
    )
    return packed(
        {
            "xl/workbook.xml": f'<workbook {S} {R}><sheets><sheet name="Seeds" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships {RELS}><Relationship Id="rId1" Type="{KIND}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f"<worksheet {S}><sheetData>{rows or given}</sheetData></worksheet>",
            "xl/sharedStrings.xml": f"<sst {S}><si><r><t>Bought </t></r><r><t>on</t></r></si></sst>",
            "xl/styles.xml": f'<styleSheet {S}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/></numFmts>'
            '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>',
            "docProps/core.xml": CORE,
        }
    )


def pptx() -> bytes:
    slide = f"<p:sld {P}><p:txBody><a:p><a:r><a:t>{{}}</a:t></a:r><a:br/><a:r><a:t>below</a:t></a:r></a:p></p:txBody></p:sld>"
    rel = f'<Relationships {RELS}><Relationship Id="rId{{}}" Type="{KIND}/x" Target="{{}}"/>'
    return packed(
        {
            "ppt/presentation.xml": f'<p:presentation {P} {R}><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId1"/></p:sldIdLst></p:presentation>',
            "ppt/_rels/presentation.xml.rels": rel.format(1, "slides/slide1.xml")
            + f'<Relationship Id="rId2" Type="{KIND}/x" Target="slides/slide2.xml"/></Relationships>',
            "ppt/slides/slide1.xml": slide.format("Shown second"),
            "ppt/slides/slide2.xml": slide.format("Shown first"),
            "ppt/slides/_rels/slide2.xml.rels": rel.format(9, "../notesSlides/notesSlide1.xml")
            + "</Relationships>",
            "ppt/notesSlides/notesSlide1.xml": slide.format("Remember to breathe"),
            "docProps/core.xml": CORE,
        }
    )


ODF = 'xmlns:office="o" xmlns:text="t" xmlns:table="tb" xmlns:draw="d"'
ODF_META = (
    '<office:document-meta xmlns:office="o" xmlns:meta="m" xmlns:dc="d"><dc:title>Garden plan</dc:title>'
    "<dc:creator>Vera Lind</dc:creator><dc:date>2026-06-02T10:00:00.123456789</dc:date></office:document-meta>"
)


def odf(body: str, *, locked: bool = False) -> bytes:
    manifest = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>" if locked else ""
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF}><office:body>{body}</office:body></office:document-content>",
            "meta.xml": ODF_META,
            "META-INF/manifest.xml": f"<m>{manifest}</m>",
        }
    )


ODT = (
    "<office:text><text:tracked-changes><text:p>deleted words</text:p></text:tracked-changes>"
    '<text:h>Heading</text:h><text:p>two<text:s text:c="2"/>spaces<text:line-break/>a <text:span>bold</text:span> end</text:p>'
    "<table:table><table:table-row><table:table-cell><text:p>a</text:p><text:p>b</text:p></table:table-cell>"
    "<table:table-cell><text:p>c</text:p></table:table-cell></table:table-row></table:table></office:text>"
)
ODS = (
    '<office:spreadsheet><table:table table:name="Seeds"><table:table-row><table:table-cell><text:p>Peas</text:p></table:table-cell>'
    '<table:table-cell table:number-columns-repeated="16000"/><table:table-cell><text:p>3</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>'
)
ODP = "<office:presentation><draw:page><text:p>First slide</text:p></draw:page><draw:page><text:p>Second slide</text:p></draw:page></office:presentation>"


def epub(*, locked: bool = False) -> bytes:
    chapter = "<?xml version='1.0'?><!DOCTYPE html><html><head><title>no</title></head><body><h1>{}</h1><p>It was a dark night.</p></body></html>"
    parts: dict[str, str | bytes] = {
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns:dc="d"><metadata><dc:title>The night</dc:title><dc:creator>A. Writer</dc:creator><dc:date>2019-05-01</dc:date></metadata>'
        '<manifest><item id="b" href="two.xhtml"/><item id="a" href="one%20.xhtml"/></manifest><spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OEBPS/one .xhtml": chapter.format("One"),
        "OEBPS/two.xhtml": chapter.format("Two"),
    }
    if locked:
        parts["META-INF/encryption.xml"] = (
            '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
        )
    return packed(parts)


def pdf(pages: list[str], *, extra: str = "", annotations: str = "", info: str = "") -> bytes:
    """A PDF of pages of content streams; ``annotations`` are on the first."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R " + extra + " >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for number, content in enumerate(pages):
        data = zlib.compress(content.encode("latin-1")).decode("latin-1")
        objects.append(f"<< /Length {len(data)} /Filter /FlateDecode >>\nstream\n{data}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        notes = f"/Annots [{annotations}]" if annotations and not number else ""
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R {notes} "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    objects.append(f"<< {info} >>")
    out, places = "%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    begin = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R /Info {len(objects)} 0 R >>\nstartxref\n{begin}\n%%EOF"
    return out.encode("latin-1")


def words(*lines: tuple[int, int, str]) -> str:
    """A content stream that writes each text at its place."""
    return "\n".join(f"BT /F1 11 Tf {x} {y} Td ({text}) Tj ET" for x, y, text in lines)


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (MS-CFB, version 3) whose streams are all 4,096 bytes and more."""
    streams = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    end, free, fat_sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    sectors: list[bytes] = []
    fat: list[int] = []
    starts: dict[str, int] = {}
    for name, data in streams.items():
        starts[name] = len(sectors)
        count = -(-len(data) // 512)
        sectors += [data[at * 512 : at * 512 + 512].ljust(512, b"\0") for at in range(count)]
        fat += [*range(starts[name] + 1, starts[name] + count), end]
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    names = list(streams)
    for at, name in enumerate(names, start=1):
        entries.append(
            _entry(name, 2, starts[name], len(streams[name]), right=at + 1 if at < len(names) else free)
        )
    entries += [_entry("", 0, 0, 0)] * (-len(entries) % 4)
    directory = len(sectors)
    data = b"".join(entries)
    sectors += [data[at : at + 512] for at in range(0, len(data), 512)]
    fat += [*range(directory + 1, len(sectors)), end]
    tables = 1
    while (len(fat) + tables) > tables * 128:
        tables += 1
    fat += [fat_sector] * tables
    fat += [free] * (tables * 128 - len(fat))
    first = len(sectors)
    table = struct.pack(f"<{len(fat)}I", *fat)
    sectors += [table[at : at + 512] for at in range(0, len(table), 512)]
    head = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        tables,
        directory,
        0,
        4096,
        end,
        0,
        end,
        0,
    )
    listed = [*range(first, first + tables), *[free] * (109 - tables)]
    return head + struct.pack("<109I", *listed) + b"".join(sectors)


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    encoded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        encoded,
        len(encoded) + 2 if name else 0,
        kind,
        1,
        0xFFFFFFFF,
        right,
        child,
        b"",
        0,
        0,
        0,
        start,
        size,
    )


def doc(text: str, *, locked: bool = False) -> bytes:
    """A Word 97 document of two pieces, one of bytes and one of UTF-16."""
    first, second = text[: len(text) // 2], text[len(text) // 2 :]
    head = bytearray(2048)
    struct.pack_into("<HH", head, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", head, 10, 0x0200 | (0x0100 if locked else 0))
    body = first.encode("cp1252", "replace") + second.encode("utf-16-le")
    pieces = struct.pack("<III", 0, len(first), len(text))
    pieces += struct.pack("<HIH", 0, 0x40000000 | 2048 * 2, 0) + struct.pack("<HIH", 0, 2048 + len(first), 0)
    table = b"\1" + struct.pack("<H", 3) + b"abc" + b"\2" + struct.pack("<I", len(pieces)) + pieces
    struct.pack_into("<II", head, 0x01A2, 0, len(table))
    return compound({"WordDocument": bytes(head) + body, "1Table": table})


def ppt() -> bytes:
    def record(kind: int, data: bytes, version: int = 0) -> bytes:
        return struct.pack("<HHI", version, kind, len(data)) + data

    slide = record(0x0FA0, "Übersicht".encode("utf-16-le")) + record(0x0FA8, b"Second\rline")
    master = record(0x03F8, record(0x0FA8, b"Click to edit"), 0xF)
    return compound({"PowerPoint Document": record(0x03E8, master + record(0x0FF0, slide, 0xF), 0xF)})


def xls(*, locked: bool = False) -> bytes:
    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    begin = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    texts = struct.pack("<II", 2, 2) + struct.pack("<HB", 4, 0) + b"Name" + struct.pack("<HB", 6, 0) + b"Zo"
    book = record(0x0809, begin) + (record(0x002F, b"\0" * 6) if locked else b"")
    book += record(0x00E0, struct.pack("<HH16x", 0, 0)) + record(0x00E0, struct.pack("<HH16x", 0, 14))
    book += record(0x0085, struct.pack("<IBBBB", 0, 0, 0, 5, 0) + b"Seeds")
    book += record(0x00FC, texts) + record(0x003C, b"\1" + "ë be".encode("utf-16-le")) + record(0x000A, b"")
    sheet = record(0x0809, begin)
    sheet += record(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0)) + record(
        0x00FD, struct.pack("<HHHI", 0, 1, 0, 1)
    )
    sheet += record(0x0203, struct.pack("<HHHd", 1, 0, 1, 46175.0)) + record(
        0x027E, struct.pack("<HHHI", 1, 1, 0, (1250 << 2) | 3)
    )
    sheet += record(0x0006, struct.pack("<HHHB5xHHIH", 1, 2, 0, 0, 0xFFFF, 0, 0, 0)) + record(
        0x0207, struct.pack("<HB", 3, 0) + b"sum"
    )
    return compound({"Workbook": book + sheet + record(0x000A, b"")})
