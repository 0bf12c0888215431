"""Pictures and videos made to harm: bombs within limits, mutants in a reader process, nothing raised."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from app.core.errors import WorkerDied
from app.workers.reader import LIMITS, Reader
from app.workers.worker import Worker
from indexers import _sidecars, _xmp, pixels

MEMORY, CPU_S = 1 << 30, 2.5
XMP = b"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:Rating="3"><dc:subject><rdf:Bag><rdf:li>a</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"""
_CHILD = """
import resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
from indexers import photos
for name in sys.argv[1:]:
    before = time.process_time()
    (found,) = photos.read(Path(name))
    took = time.process_time() - before
    print(Path(name).name, type(found).__name__, round(took, 3), getattr(found, "reason", ""), sep="|")
"""


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *more: bytes, depth: int = 1) -> bytes:
    """Black, with ``depth`` bits a pixel."""
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(height * (1 + (width * depth + 7) // 8)))
    parts = (chunk(b"IHDR", head), *more, chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def box(kind: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">L", len(data) + 8) + kind + data


def nested(kind: bytes, levels: int) -> bytes:
    return b"".join(struct.pack(">L", 8 * (levels - n)) + kind for n in range(levels))


def looping(sign: bytes = b"II*\0") -> bytes:
    """Directories that lead to themselves and to one another, next and below, with 60,000 fields."""
    rows = b"".join(
        struct.pack("<HHLL", tag, kind, count, 8)
        for tag, kind, count in [(0x014A, 4, 1), (0x8769, 4, 1), (0x8825, 4, 1), (0xA005, 4, 1)]
        + [(n, 2, 0x7FFFFFFF) for n in range(300, 60_000)]
    )
    return sign + struct.pack("<LH", 8, len(rows) // 12) + rows + struct.pack("<L", 8)


def chained(count: int) -> bytes:
    """A chain of so many directories without a field."""
    return b"II*\0" + b"".join(struct.pack("<LH", 8 + 6 * n, 0) for n in range(count)) + b"\0" * 8


def bombs() -> dict[str, bytes]:
    """Each with what it aims at."""
    packed = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(XMP + b" " * 100_000_000)
    laughs = b"<!DOCTYPE x [" + b"".join(
        b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)
    )
    exif = b"Exif\0\0" + looping()[:65_000]
    plain = io.BytesIO()
    Image.new("RGB", (64, 48)).save(plain, "JPEG")
    picture = plain.getvalue()
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    free = box(b"free") * 500_000
    tiny = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x01" + b"\xff" * 7 + b"\xec\x80" * 500_000
    return {
        "large.png": png(13_229, 13_229),
        "edge.png": png(7_000, 7_000, depth=8),
        "packed.png": png(64, 48, chunk(b"iTXt", packed)),
        "words.png": png(64, 48, *(chunk(b"tEXt", b"Comment\0" + b"x" * 100_000) for _ in range(200))),
        "laughs.png": png(
            64, 48, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + laughs + b"]><x>&a11;</x>")
        ),
        "deep.png": png(64, 48, chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + b"<a>" * 250_000)),
        "loop.tiff": looping(),
        "loop.nef": looping(),
        "loop.orf": looping(b"IIRO"),
        "chain.tiff": chained(300_000),
        "chain.dng": chained(300_000),
        "loop.jpg": picture[:2] + segment + picture[2:],
        "nested.mp4": box(b"ftyp", b"isom") + nested(b"moov", 50_000),
        "boxes.mp4": box(b"ftyp", b"isom") + box(b"moov", free),
        "nested.cr3": box(b"ftyp", b"crx \0\0\0\1") + nested(b"moov", 50_000),
        "nested.heic": box(b"ftyp", b"heic\0\0\0\0heic") + nested(b"meta", 50_000),
        "boxes.avif": box(b"ftyp", b"avif\0\0\0\0avif") + box(b"meta", b"\0\0\0\0", free),
        "tiny.mkv": tiny,
        "screen.gif": b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0, 0, 0) + b";",
    }


def test_bombs_stay_within_limits(tmp_path: Path) -> None:
    paths, made = [], bombs()
    for name, data in made.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(data)
    code = _CHILD.format(memory=MEMORY)
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = {line.split("|")[0]: line.split("|")[1:] for line in done.stdout.splitlines()}
    print(done.stdout)
    assert found.keys() == made.keys()
    assert all(float(took) < CPU_S for _, took, _ in found.values()), found
    assert "50 megapixels" in found["large.png"][2]
    assert found["edge.png"][0] == "Item"
    assert found["loop.jpg"][0] == "Item", "its pixels are fine"
    assert "could not" not in found["packed.png"][2]


def test_the_limit_does_bite(tmp_path: Path) -> None:
    """The control: the same picture, decoded without the caps, breaks the limit."""
    (tmp_path / "a.png").write_bytes(png(30_000, 30_000))
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))\n"
        "import sys; from PIL import Image; Image.MAX_IMAGE_PIXELS = None\n"
        "Image.open(sys.argv[1]).convert('RGB')"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "a.png")]
    assert b"MemoryError" in subprocess.run(command, capture_output=True, check=False).stderr


# --- mutants -------------------------------------------------------------------------------------


def samples() -> dict[str, bytes]:
    """One small file of every kind, with everything in it that is read."""
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model], exif[Base.Orientation] = "Fjord", "P6", 6
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:06:02 11:20:41"
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N",
            GPS.GPSLatitude: (38.0, 42.0, 36.0),
            GPS.GPSLongitudeRef: "W",
            GPS.GPSLongitude: (9.0, 8.0, 24.0),
        }
    )
    found: dict[str, bytes] = {}
    assert "HEIF" in pixels.FORMATS, "importing it has made Pillow know HEIC"
    image = Image.linear_gradient("L").resize((48, 32)).convert("RGB")
    for suffix in ("jpg", "png", "webp", "tiff", "gif", "avif", "heic"):
        file = io.BytesIO()
        form = {"jpg": "JPEG", "heic": "HEIF"}.get(suffix, suffix.upper())
        image.save(file, form, **({} if suffix == "gif" else {"exif": exif, "xmp": XMP}))
        found[suffix] = file.getvalue()
    block = exif.tobytes()[6:]
    found |= dict.fromkeys(("nef", "dng", "cr2", "arw"), block + found["jpg"])
    found["rw2"] = b"IIU\0" + block[4:] if block[:2] == b"II" else found["tiff"]
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    found["cr3"] = (
        box(b"ftyp", b"crx \0\0\0\1")
        + box(b"moov", box(b"uuid", canon, box(b"CMT1", block)))
        + box(
            b"uuid", bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16"), b"\0" * 8, box(b"PRVW", found["jpg"])
        )
    )
    movie = box(b"mvhd", struct.pack(">4xLLLL", 3863244041, 0, 1000, 92_000), b"\0" * 80)
    place = box(b"udta", box(b"\xa9xyz", b"\0\x1a\0\0+38.7100-009.1400+010.000/"))
    found["mp4"] = found["mov"] = box(b"ftyp", b"isom\0\0\0\1") + box(b"moov", movie, place)
    info = b"\x15\x49\xa9\x66\x8b\x44\x89\x88" + struct.pack(">d", 92_000.0)
    found["mkv"] = b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\x90" + info
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 10)):
        at = chance.randrange(len(changed) or 1)
        match chance.randrange(6):
            case 0 | 1:
                changed[at : at + 1] = bytes([chance.randrange(256)])
            case 2:
                changed[at : at + 4] = struct.pack("<L", chance.choice((0, 1, 8, 0x7FFFFFFF, 0xFFFFFFFF)))
            case 3:
                del changed[at : at + chance.randint(1, 40)]
            case 4:
                changed[at:at] = changed[at : at + chance.randint(1, 200)]
            case _:
                changed[:] = changed[: max(1, at)] if chance.random() < 0.2 else changed
    return bytes(changed)


def test_mutants_end_in_an_item_or_a_reason(
    corpus: Callable[[str], Path], tmp_path: Path, full: bool
) -> None:
    """Through the reader process: what ends it is its file's loss alone, and every file is told of once."""
    chance = random.Random(5)
    known = list(samples().items())
    known += [("jpg", f.read_bytes()[:60_000]) for f in sorted(corpus("photo_exif_samples").rglob("*.jpg"))]
    known += [("tiff", f.read_bytes()) for f in sorted(corpus("photo_exif_samples").rglob("*.tiff"))]
    reader, told, died = Worker("reader", "app.workers.reader:service", limits=LIMITS), 0, 0
    try:
        for _ in range(100 if full else 3):
            paths = []
            for n in range(100):
                suffix, data = known[chance.randrange(len(known))]
                paths.append(tmp_path / f"{n}.{suffix}")
                paths[-1].write_bytes(mutated(data, chance))
            done, ended = _read(reader, paths)
            told, died = told + done, died + ended
            for path in paths:
                path.unlink()
    finally:
        reader.stop()
    assert told == (10_000 if full else 300)
    print(f"{died} mutants ended a reader")


def _read(reader: Worker, paths: list[Path]) -> tuple[int, int]:
    """How many files were told of, and how many of them by the death of the reader."""
    told = died = 0
    while told < len(paths):
        left = tuple(str(path) for path in paths[told:])
        found = 0  # of one file
        try:
            for part in chain.from_iterable(
                reader.stream(Reader.read, source="photos", paths=left, places={})
            ):
                assert all("in a way that is not known" not in one.reason for one in part.skipped), part
                found += len(part.items) + len(part.skipped)
                if part.last:
                    assert found == 1
                    told, found = told + 1, 0
        except WorkerDied:
            told, died = told + 1, died + 1
    return told, died


def test_mutated_side_cars(tmp_path: Path) -> None:
    chance = random.Random(9)
    json = (
        b'{"photoTakenTime": {"timestamp": "1780395641"}, "geoData": {"latitude": 38.71, "longitude": -9.14}}'
    )
    for _ in range(400):
        _xmp.read(mutated(XMP, chance))
        (tmp_path / "a.json").write_bytes(mutated(json, chance))
        _sidecars.takeout(_sidecars.Beside(takeout=tmp_path / "a.json"))
