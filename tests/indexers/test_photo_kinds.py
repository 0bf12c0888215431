"""What other programs tell of a picture, raw pictures, videos: made here, byte by byte."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from indexers import _matroska, _xmp, photos, pixels
from indexers.item import Item, Skipped, Unit

XMP = """<?xpacket begin=""?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:MP="http://ns.microsoft.com/photo/1.2/" xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
 xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"
 xmp:Rating="4" exif:GPSLatitude="38,42.6N" exif:GPSLongitude="9,8.4W"
 exif:DateTimeOriginal="2026-06-02T11:20:41+01:00">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">The regatta</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt>
<rdf:li xml:lang="x-default">Second &amp; last race</rdf:li></rdf:Alt></dc:description>
<dc:subject><rdf:Bag><rdf:li>rowing</rdf:li><rdf:li>river</rdf:li></rdf:Bag></dc:subject>
<lr:hierarchicalSubject><rdf:Bag>
<rdf:li>Sport|rowing</rdf:li><rdf:li>Places|Tejo</rdf:li></rdf:Bag></lr:hierarchicalSubject>
<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>
<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Anna Berg</mwg-rs:Name><mwg-rs:Type>Face</mwg-rs:Type></rdf:li>
<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Rex</mwg-rs:Name><mwg-rs:Type>Pet</mwg-rs:Type></rdf:li>
<rdf:li><rdf:Description mwg-rs:Name="Duarte" mwg-rs:Type="Face"/></rdf:li>
</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>
<rdf:li MPReg:PersonDisplayName="Nils" MPReg:Rectangle="0,0,1,1"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def one(path: Path) -> Item:
    (found,) = photos.read(path)
    assert isinstance(found, Item), found
    return found


def plain(path: Path, **kwargs: object) -> Path:
    Image.new("RGB", (64, 48), "teal").save(path, **kwargs)
    return path


def test_everything_that_xmp_says() -> None:
    told = _xmp.read(XMP.encode())
    assert told.captions == ["The regatta", "Second & last race"]
    assert told.people == ["Anna Berg", "Duarte", "Nils"]
    assert told.tags == ["rowing", "river", "Tejo"]
    assert (told.rating, told.taken) == ("4", "2026-06-02T11:20:41+01:00")
    assert told.spot == (38.71, -9.14)


def test_inside_and_beside_a_picture(tmp_path: Path) -> None:
    inside = one(plain(tmp_path / "in.jpg", xmp=XMP.encode()))
    plain(tmp_path / "out.jpg")
    (tmp_path / "out.xmp").write_text(XMP)
    for item in (inside, one(tmp_path / "out.jpg")):
        assert item.when == datetime(2026, 6, 2, 10, 20, 41, tzinfo=UTC)
        assert item.place == "Lisbon, Portugal"
        assert [person.name for person in item.people] == ["Anna Berg", "Duarte", "Nils"]
        assert item.text == (
            "The regatta\nSecond & last race\nPhoto of Anna Berg, Duarte, Nils taken on Tuesday 2 June 2026, "
            "11:20 in Lisbon, Portugal.\nTags: rowing, river, Tejo.\nRated 4 of 5 stars."
        )


@pytest.mark.parametrize(
    "packet",
    [
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>",
        b"<a>" * 100_000,
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b"<a/>" * 50_000 + b"</x:xmpmeta>",
        XMP.encode()[:700],
        XMP.encode() * 800,
        b"\xff\xfe<\0>\0",
        b"<a b='",
    ],
)
def test_hostile_packets_say_less(packet: bytes) -> None:
    assert _xmp.read(packet).people == []


@pytest.mark.parametrize(
    ("picture", "beside"),
    [
        ("IMG_1.jpg", "IMG_1.jpg.json"),
        ("IMG_1.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1.jpg", "IMG_1.jpg.suppl.json"),
        ("IMG_1(2).jpg", "IMG_1.jpg(2).json"),
        ("IMG_1(2).jpg", "IMG_1.jpg.supplemental-metadata(2).json"),
        ("IMG_1(2).jpg", "IMG_1(2).jpg.json"),
        ("IMG_1-edited.jpg", "IMG_1.jpg.json"),
        ("IMG_1-bearbeitet.jpg", "IMG_1.jpg.supplemental-metadata.json"),
        ("IMG_1-edited(1).jpg", "IMG_1.jpg(1).json"),
        (
            "a_very_long_name_of_a_picture_that_never_stops_00.jpg",
            "a_very_long_name_of_a_picture_that_never_stops.json",
        ),
        ("20200101_120000_photo_of_the_garden.jpg", "20200101_120000_photo_of_the_garden.jpg.supple.json"),
    ],
)
def test_names_of_takeout(tmp_path: Path, picture: str, beside: str) -> None:
    told = {
        "title": "x",
        "description": "The new roof",
        "photoTakenTime": {"timestamp": "1780395641", "formatted": "2 Jun 2026"},
        "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
        "geoDataExif": {"latitude": 38.71, "longitude": -9.14, "altitude": 2.0},
        "people": [{"name": "Anna Berg"}, {"name": 3}, "x"],
        "favorited": True,
    }
    plain(tmp_path / picture)
    (tmp_path / beside).write_text(json.dumps(told))
    item = one(tmp_path / picture)
    assert item.when == datetime(2026, 6, 2, 10, 20, 41, tzinfo=UTC)
    assert item.when.utcoffset() == timedelta(hours=1)
    assert (item.place, item.people[0].name) == ("Lisbon, Portugal", "Anna Berg")
    assert item.text.startswith("The new roof\nPhoto of Anna Berg taken on")
    assert (item.meta["tags"], item.meta["when-from"]) == ("favorite", "Google Photos")


def test_a_film_has_the_file_of_its_still(tmp_path: Path) -> None:
    (tmp_path / "IMG_1.MP4").write_bytes(movie())
    (tmp_path / "IMG_1.HEIC.json").write_text(
        '{"photoTakenTime": {"timestamp": "1"}, "description": "Waves"}'
    )
    assert one(tmp_path / "IMG_1.MP4").text.startswith("Waves\nVideo of 1 minute 32 seconds")


@pytest.mark.parametrize(
    "words",
    [
        "[]",
        "{",
        "[" * 100_000,
        '{"title": "x"}',
        '{"photoTakenTime": 3}',
        '{"photoTakenTime": {"timestamp": "99999999999999999999"}}',
    ],
)
def test_a_broken_takeout_file_tells_nothing(tmp_path: Path, words: str) -> None:
    plain(tmp_path / "a.jpg")
    (tmp_path / "a.jpg.json").write_text(words)
    assert one(tmp_path / "a.jpg").text == "Photo."


def test_a_picture_is_read_again_when_what_lies_beside_it_changes(tmp_path: Path) -> None:
    plain(tmp_path / "a.jpg")
    (tmp_path / "b.xmp").write_text(XMP)
    (tmp_path / "notes.txt").write_text("x")

    def scanned() -> tuple[dict[str, str], dict[str, str]]:
        found = list(photos.scan(tmp_path))
        units = {Path(one.path).name: one.stamp for one in found if isinstance(one, Unit)}
        return units, {Path(one.uri).name: one.reason for one in found if isinstance(one, Skipped)}

    before, skipped = scanned()
    assert "belongs to a photo that is not here" in skipped["b.xmp"]
    assert "no picture's ending" in skipped["notes.txt"]
    (tmp_path / "a.xmp").write_text(XMP)
    beside, skipped = scanned()
    assert beside.keys() == before.keys() == {"a.jpg"}
    assert beside["a.jpg"] != before["a.jpg"]
    assert "a.xmp" not in skipped
    (tmp_path / "a.xmp").write_text(XMP + " ")
    assert scanned()[0] != beside


def test_screenshots_are_marked(tmp_path: Path) -> None:
    for name in ("Screenshot 2026-06-02 at 11.20.41.png", "Bildschirmfoto vom 2026-06-02.png"):
        item = one(plain(tmp_path / name))
        assert item.text.startswith("Screenshot")
        assert item.meta["tags"] == "screenshot"
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif)[Base.UserComment] = b"ASCII\0\0\0Screenshot"
    assert one(plain(tmp_path / "IMG_1.jpg", exif=exif)).text == "Screenshot.\nTags: screenshot."


def test_formats(tmp_path: Path) -> None:
    for name in ("a.png", "a.webp", "a.tiff", "a.gif", "a.avif", "a.heic", "a.jpg"):
        assert one(plain(tmp_path / name)).meta["size"] == "64×48", name


# --- raw pictures --------------------------------------------------------------------------------


def jpeg(width: int = 600, height: int = 400, **kwargs: object) -> bytes:
    file = io.BytesIO()
    image = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    image.save(file, "JPEG", **kwargs)
    return file.getvalue()


def tiff(order: str, sign: bytes, fields: list[tuple[int, int, int, bytes]], extra: bytes) -> bytes:
    """One directory after 8 bytes; values longer than 4 bytes lie in ``extra``, which follows it."""
    head = sign + struct.pack(f"{order}L", 8) + struct.pack(f"{order}H", len(fields))
    rows = b"".join(struct.pack(f"{order}HHL", *row[:3]) + row[3].ljust(4, b"\0") for row in fields)
    return head + rows + b"\0\0\0\0" + extra


def raw(order: str, sign: bytes, preview: bytes, *, tags: tuple[int, int] = (0x0201, 0x0202)) -> bytes:
    begin = 8 + 2 + 12 * 6 + 4
    stamp = b"2026:06:02 11:20:41\0"
    number = f"{order}L"
    fields = [
        (0x010F, 2, 4, b"Abc\0"),
        (0x0110, 2, 4, b"X1\0\0"),
        (0x0112, 3, 1, struct.pack(f"{order}H", 6)),
        (0x0132, 2, 20, struct.pack(number, begin)),
        (tags[0], 4, 1, struct.pack(number, begin + 20)),
        (tags[1], 4, 1, struct.pack(number, len(preview))),
    ]
    return tiff(order, sign, fields, stamp + preview)


@pytest.mark.parametrize(
    ("name", "order", "sign"),
    [
        ("a.nef", ">", b"MM\0*"),
        ("a.arw", "<", b"II*\0"),
        ("a.dng", "<", b"II*\0"),
        ("a.orf", "<", b"IIRO"),
        ("a.rw2", "<", b"IIU\0"),
    ],
)
def test_raw_pictures_are_seen_upright_through_their_preview(
    tmp_path: Path, name: str, order: str, sign: bytes
) -> None:
    (tmp_path / name).write_bytes(raw(order, sign, jpeg()))
    item = one(tmp_path / name)
    assert item.when is not None
    assert item.when.replace(tzinfo=None) == datetime(2026, 6, 2, 11, 20, 41)
    assert (item.meta["camera"], item.meta["rotation"]) == ("Abc X1", "90° right")
    assert pixels.upright(tmp_path / name, side=300).size == (200, 300)


def test_cr2_and_a_preview_in_strips(tmp_path: Path) -> None:
    data = bytearray(raw("<", b"II*\0", jpeg(), tags=(0x0111, 0x0117)))
    (tmp_path / "a.cr2").write_bytes(data)
    with pytest.raises(pixels.Unusable, match="no preview"):  # a strip is a JPEG where it is said to be one
        pixels.upright(tmp_path / "a.cr2", side=300)
    data = data.replace(struct.pack("<HHL", 0x010F, 2, 4) + b"Abc\0", struct.pack("<HHLL", 0x0103, 3, 1, 6))
    (tmp_path / "a.cr2").write_bytes(data)
    assert pixels.upright(tmp_path / "a.cr2", side=300).size == (200, 300)


def box(kind: bytes, *content: bytes) -> bytes:
    data = b"".join(content)
    return struct.pack(">L", len(data) + 8) + kind + data


def test_cr3(tmp_path: Path) -> None:
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    preview = bytes.fromhex("eaf42b5e1c984b88b9fbb7dc406e4d16")
    block = raw("<", b"II*\0", b"")
    data = (
        box(b"ftyp", b"crx \0\0\0\1")
        + box(b"moov", box(b"uuid", canon, box(b"CMT1", block)))
        + box(b"uuid", preview, b"\0" * 8, box(b"PRVW", b"\0" * 16, jpeg()))
    )
    (tmp_path / "a.cr3").write_bytes(data)
    assert one(tmp_path / "a.cr3").meta["camera"] == "Abc X1"
    assert pixels.upright(tmp_path / "a.cr3", side=300).size == (200, 300)


# --- videos --------------------------------------------------------------------------------------


def movie(*more: bytes, created: int = 3863244041) -> bytes:
    """92 seconds of 1920 × 1080, turned by a quarter, from 2 June 2026 11:20:41 UTC."""
    mvhd = box(b"mvhd", struct.pack(">4xLLLL", created, created, 1000, 92_000), b"\0" * 80)
    matrix = struct.pack(">9l", 0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)
    tkhd = box(b"tkhd", b"\0" * 40, matrix, struct.pack(">LL", 1920 << 16, 1080 << 16))
    return (
        box(b"ftyp", b"isom\0\0\0\1")
        + box(b"mdat", b"\0" * 500)
        + box(b"moov", mvhd, box(b"trak", tkhd), *more)
    )


def test_a_film_by_its_boxes(tmp_path: Path) -> None:
    spot = b"+38.7100-009.1400+010.000/"
    place = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(spot), 0), spot))
    (tmp_path / "a.mp4").write_bytes(movie(place))
    item = one(tmp_path / "a.mp4")
    assert item.kind == "video"
    assert item.when == datetime(2026, 6, 2, 11, 20, 41, tzinfo=UTC)
    assert item.text == (
        "Video of 1 minute 32 seconds taken on Tuesday 2 June 2026, 12:20 in Lisbon, Portugal."
    )
    assert (item.meta["size"], item.meta["seconds"]) == ("1080×1920", "92")
    assert "ocr" not in item.meta


def test_a_film_of_an_iphone(tmp_path: Path) -> None:
    told = {
        b"com.apple.quicktime.creationdate": b"2026-06-02T12:20:41+0100",
        b"com.apple.quicktime.location.ISO6709": b"+38.7100-009.1400/",
        b"com.apple.quicktime.make": b"Apple",
        b"com.apple.quicktime.model": b"iPhone 15",
    }
    keys = box(b"keys", struct.pack(">LL", 0, len(told)), *(box(b"mdta", key) for key in told))
    values = (
        box(struct.pack(">L", n), box(b"data", struct.pack(">LL", 1, 0), value))
        for n, value in enumerate(told.values(), 1)
    )
    meta = box(b"meta", box(b"hdlr", b"\0" * 8, b"mdta", b"\0" * 13), keys, box(b"ilst", *values))
    (tmp_path / "a.mov").write_bytes(movie(meta, created=1))
    item = one(tmp_path / "a.mov")
    assert item.when == datetime(2026, 6, 2, 11, 20, 41, tzinfo=UTC)
    assert item.text.endswith("12:20 in Lisbon, Portugal with Apple iPhone 15.")


def element(id: int, data: bytes) -> bytes:
    name = id.to_bytes((id.bit_length() + 7) // 8, "big")
    return name + (0x0100_0000_0000_0000 | len(data)).to_bytes(8, "big") + data


def test_a_film_by_its_elements(tmp_path: Path) -> None:
    nanoseconds = int((datetime(2026, 6, 2, 11, 20, 41) - datetime(2001, 1, 1)).total_seconds()) * 10**9
    info = element(0x2AD7B1, b"\x0f\x42\x40") + element(0x4489, struct.pack(">d", 92_000.0))
    info += element(0x4461, nanoseconds.to_bytes(8, "big")) + element(0x7BA9, "Die Brücke".encode())
    video = element(0xE0, element(0xB0, b"\x07\x80") + element(0xBA, b"\x04\x38"))
    body = element(0x1549A966, info) + element(0x1654AE6B, element(0xAE, video))
    (tmp_path / "a.mkv").write_bytes(_matroska.SIGN + b"\x80" + element(0x18538067, body))
    item = one(tmp_path / "a.mkv")
    assert item.when == datetime(2026, 6, 2, 11, 20, 41, tzinfo=UTC)
    assert item.text.startswith("Die Brücke\nVideo of 1 minute 32 seconds taken on")
    assert item.meta["size"] == "1920×1080"


def test_other_films_have_their_name_alone(tmp_path: Path) -> None:
    (tmp_path / "VID_20260602_112041.avi").write_bytes(b"RIFF\0\0\0\0AVI ")
    assert one(tmp_path / "VID_20260602_112041.avi").text == "Video dated Tuesday 2 June 2026, 11:20."
    (tmp_path / "a.mp4").write_bytes(b"<html>" * 10)
    (found,) = photos.read(tmp_path / "a.mp4")
    assert isinstance(found, Skipped)
    assert found.reason == "not a video, though it is named .mp4"


# --- pixels --------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_pictures_are_upright_whichever_way_the_camera_was_held(tmp_path: Path, orientation: int) -> None:
    right = Image.new("RGB", (60, 40), "white")
    right.paste("red", (0, 0, 20, 20))  # the top left corner
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    turned = right if orientation == 1 else right.transpose(Image.Transpose(turns[orientation]))
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    turned.save(tmp_path / "a.png", exif=exif)
    seen = pixels.upright(tmp_path / "a.png", side=60)
    assert seen.size == (60, 40)
    assert seen.getpixel((5, 5)) == (255, 0, 0)
    assert seen.getpixel((50, 5)) == (255, 255, 255)
    assert pixels.upright(tmp_path / "a.png", side=30).size == (30, 20)


def test_looks_of_one_scene_are_near(corpus: Callable[[str], Path]) -> None:
    folder = corpus("photo_exif_samples")

    def look(name: str, change: Callable[[Image.Image], Image.Image] = lambda image: image) -> int:
        return int(pixels.look(change(pixels.upright(folder / name, side=800))), 16)

    def apart(one: int, other: int) -> int:
        return (one ^ other).bit_count()

    beach, raft = look("jpg/mobile/jolla.jpg"), look("jpg/hdr/canon_hdr_YES.jpg")
    assert apart(beach, raft) > 15
    assert apart(beach, look("jpg/mobile/jolla.jpg", lambda image: image.resize((150, 100)))) <= 3
    moved = look("jpg/mobile/jolla.jpg", lambda image: image.crop((8, 5, image.width, image.height)))
    assert apart(beach, moved) <= 10
    turns = [look(f"jpg/orientation/landscape_{n}.jpg") for n in range(1, 9)]
    assert max(apart(turns[0], other) for other in turns) <= 3
    assert pixels.look(Image.new("RGB", (50, 50), "navy")) == ""
