"""Files made to exhaust a parser, through the real reader process: little time and memory, no crash."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec
import psutil
import pytest

from app.core.errors import WorkerDied
from app.workers.reader import LIMITS, Part, Reader
from app.workers.worker import Worker
from tests.indexers.test_hostile import bombs

GiB = 1 << 30
MOST_CPU_S = 2.5
HEAD = b"From: a@b.c\nSubject: x\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[Worker]:
    worker = Worker("reader", "app.workers.reader:service", limits=LIMITS)
    yield worker
    worker.stop()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int) -> bytes:
    row = b"\0" * (1 + 3 * width)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY l0 "ha">{entities}]><z>&l9;</z>'


def _docx(document: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        )
        archive.writestr("word/document.xml", document)
    return file.getvalue()


def _event(rule: str) -> str:
    event = f"BEGIN:VEVENT\nUID:1\nDTSTART:19700101T000000Z\nRRULE:{rule}\nSUMMARY:x\nEND:VEVENT\n"
    return f"BEGIN:VCALENDAR\n{event}END:VCALENDAR\n"


def _mailed(name: str, kind: str, data: bytes) -> bytes:
    import base64

    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=B\n\n--B\n\nwords\n--B\nContent-Type: "
        + f'{kind}; name="{name}"\nContent-Transfer-Encoding: base64\n\n'.encode()
        + base64.encodebytes(data)
        + b"--B--\n"
    )


def files() -> dict[str, tuple[str, bytes]]:
    """name → (source, content)."""
    laughs, gzipped = _laughs().encode(), gzip.compress(b"0" * 100_000_000, 9)
    found = {f"{name}.eml": ("mail", data) for name, data in bombs().items()}
    return found | {
        "attached.eml": ("mail", _mailed("a.docx", "application/zip", _docx(b"<a>" + b"0" * 200_000_000))),
        "gzip.eml": ("mail", _mailed("a.gz", "application/gzip", gzipped)),
        "gzip.mbox": ("mail", gzipped),
        "gzip.ics": ("calendar", gzipped),
        "gzip.md": ("notes", gzipped),
        "seconds.ics": ("calendar", _event("FREQ=SECONDLY").encode()),
        "endless.ics": ("calendar", _event("FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30").encode()),
        "large.png": ("photos", _png(17_500, 10_000)),
        "laughs.enex": ("notes", laughs.replace(b"<z>", b"<en-export>").replace(b"</z>", b"</en-export>")),
        "laughs.html": ("notes", laughs),
        "deep.html": ("notes", b"<html><body>" + b"<div>" * 300_000 + b"words"),
        "deep.md": ("notes", b"> " * 100_000 + b"words\n" + b"[" * 100_000),
        "laughs.docx": ("documents", _docx(laughs)),
        "ratio.docx": ("documents", _docx(b"<a>" + b"0" * 200_000_000)),
        "laughs.xml": ("health", laughs),
    }


def test_every_bomb_ends_soon_in_little_memory(reader: Worker, tmp_path: Path) -> None:
    names = files()
    for source in sorted({source for source, _ in names.values()}):  # what is loaded once is no file's
        (tmp_path / f"warm.{source}").write_bytes(b"words")
        read(reader, source, tmp_path / f"warm.{source}")
    for name, (source, data) in names.items():
        path = tmp_path / name
        path.write_bytes(data)
        pid, before = reader.pid, spent(reader.pid)
        (part,) = read(reader, source, path)
        assert reader.pid == pid, f"{name} ended the reader"
        cpu, memory = spent(pid) - before, peak(pid)
        print(
            f"{name:<24} {cpu:5.2f} s  {memory / 2**20:6.0f} MiB  {len(part.items)} items", *part.skipped[:1]
        )
        assert cpu < MOST_CPU_S, name
        assert memory < GiB, name
        assert part.items or part.skipped, name
        path.unlink()


def read(reader: Worker, source: str, path: Path) -> list[Part]:
    """What comes of it, as one part."""
    parts = list(chain.from_iterable(reader.stream(Reader.read, source=source, paths=(str(path),))))
    items = tuple(item for part in parts for item in part.items)
    skipped = tuple(skip for part in parts for skip in part.skipped)
    return [Part(items=items, skipped=skipped)]


def spent(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def peak(pid: int) -> int:
    """The most resident memory it ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


def test_the_limits_do_bite() -> None:
    """The control: what uses time, or memory, without end is ended by the same limits."""
    limits = msgspec.structs.replace(LIMITS, wall=0, nice=0)  # on a busy machine two seconds may take long
    hungry = Worker("reader", "tests.workers.hungry_reader:service", limits=limits)
    try:
        with pytest.raises(WorkerDied) as slow:
            list(hungry.stream(Reader.read, source="notes", paths=("/slow",)))
        assert "SIGPROF" in slow.value.where
        (part,) = chain.from_iterable(hungry.stream(Reader.read, source="notes", paths=("/large",)))
        assert "memory" in part.skipped[0].reason
        assert peak(hungry.pid) < 2 * GiB
        parts = list(chain.from_iterable(hungry.stream(Reader.read, source="notes", paths=("/beats",))))
        assert sum(len(part.items) for part in parts) == 0
        assert parts[-1].last
    finally:
        hungry.stop()
