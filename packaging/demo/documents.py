"""PDF and docx attachments made from plain text, the same bytes every time."""

from __future__ import annotations

import io
import textwrap
import zipfile

import docx

PAGE_LINES, PAGE_COLUMNS = 52, 88
FIXED_TIME = (2026, 1, 1, 0, 0, 0)


def pdf(text: str) -> bytes:
    """A4 pages of Helvetica; a line that opens with ``# `` is set as a heading."""
    lines = [part for line in text.rstrip("\n").split("\n") for part in _wrapped(line)]
    pages = [lines[at : at + PAGE_LINES] for at in range(0, len(lines), PAGE_LINES)]
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    fonts = "".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{face} /Encoding /WinAnsiEncoding >> "
        for key, face in (("F1", "Helvetica"), ("F2", "Helvetica-Bold"))
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        f"<< /Font << {fonts}>> >>".encode(),
    ]
    for n, page in enumerate(pages):
        stream = _stream(page)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources 3 0 R "
            + f"/Contents {5 + 2 * n} 0 R >>".encode()
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n".encode() + stream + b"\nendstream")
    return _file(objects)


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, PAGE_COLUMNS, break_long_words=False, drop_whitespace=False) or [""]


def _stream(lines: list[str]) -> bytes:
    """The drawing operators of one page; cp1252 is what WinAnsiEncoding means."""
    out = [b"BT 14 TL 56 786 Td"]
    for line in lines:
        heading = line.startswith("# ")
        text = line.removeprefix("# ").encode("cp1252")
        for special in (b"\\", b"(", b")"):
            text = text.replace(special, b"\\" + special)
        out.append((b"/F2 13 Tf (" if heading else b"/F1 10 Tf (") + text + b") Tj T*")
    return b"\n".join([*out, b"ET"])


def _file(objects: list[bytes]) -> bytes:
    out, offsets = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def word(text: str) -> bytes:
    """A docx: ``# `` headings, ``- `` lists, ``a | b`` tables, anything else a paragraph."""
    document = docx.Document()
    rows: list[list[str]] = []
    for line in [*text.rstrip("\n").split("\n"), ""]:
        if " | " in line:
            rows.append(line.split(" | "))
            continue
        if rows:
            _table(document, rows)
            rows = []
        if line.startswith("# "):
            document.add_heading(line[2:], level=1)
        elif line.startswith("- "):
            document.add_paragraph(line[2:], style="List Bullet")
        elif line:
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_times(buffer.getvalue())


def _table(document: docx.document.Document, rows: list[list[str]]) -> None:
    table = document.add_table(rows=len(rows), cols=max(len(row) for row in rows))
    for target, row in zip(table.rows, rows, strict=True):
        for cell, value in zip(target.cells, row, strict=False):
            cell.text = value


def _without_times(data: bytes) -> bytes:
    """The same archive with one fixed date: python-docx stamps the hour it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            new.writestr(info, old.read(name))
    return out.getvalue()
