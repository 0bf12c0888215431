"""XMP packets, inside a picture or beside it: titles, people, tags, rating, time and place.

XMP (ISO 16684-1) is RDF in XML; a property may stand as an attribute or as an element, and a list in a
bag. People are the regions of the Metadata Working Group's and of Microsoft's schema, and IPTC's field.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from indexers._text import one_line

MAX_BYTES = 1 << 20
MAX_DEPTH = 60
MAX_ELEMENTS = 20_000
MAX_VALUES = 200  # of one property
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SCHEMAS = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/lightroom/1.0/": "lr",
    "http://www.digikam.org/ns/1.0/": "digikam",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "iptc",
    "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
    "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
    "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "MPRI",
    "http://cipa.jp/exif/1.0/": "exifEX",
    _RDF: "rdf",
}
_REGIONS = ("mwg-rs:RegionList", "MPRI:Regions")
_LISTS = ("rdf:Bag", "rdf:Seq", "rdf:Alt", "rdf:li", "rdf:Description")
_POINT = re.compile(r"(\d{1,3}),(\d{1,2}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?([NSEW])")


@dataclass
class Told:
    """What a packet says; ``taken`` as written, ``spot`` in decimal degrees."""

    captions: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    rating: str = ""
    taken: str = ""
    spot: tuple[float, float] | None = None
    place: str = ""
    comment: str = ""  # exif:UserComment, where Apple marks screenshots
    lens: str = ""
    camera: tuple[str, str] = ("", "")


def read(packet: bytes) -> Told:
    """What the packet says; a damaged or hostile one says less, and nothing is raised."""
    found = _Reading()
    begin, end = packet.find(b"<"), packet.rfind(b">")
    if 0 <= begin < end and len(packet) <= MAX_BYTES:
        found.parse(packet[begin : end + 1])
    return _told(found.values)


class _Reading:
    """Property → values, from elements and attributes alike; regions as ``name|type``."""

    def __init__(self) -> None:
        self.values: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._words: list[str] = []
        self._regions: list[dict[str, str]] = []
        self._seen = 0

    def parse(self, packet: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._words.append
        parser.StartDoctypeDeclHandler = _refuse  # entities that grow are declared there
        with contextlib.suppress(expat.ExpatError, _Refused, ValueError):  # what was read so far is kept
            parser.Parse(packet, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._seen += 1
        if len(self._path) >= MAX_DEPTH or self._seen > MAX_ELEMENTS:
            raise _Refused
        self._path.append(_short(name))
        self._words.clear()
        if self._path[-1] == "rdf:li" and self._property(-1) in _REGIONS:
            self._regions.append({})
        for key, value in attributes.items():
            if (short := _short(key)) and not short.startswith("rdf:"):
                self._keep(short, value)

    def _end(self, name: str) -> None:
        words = "".join(self._words).strip()
        self._words.clear()
        own = self._path[-1]
        if words and (own == "rdf:li" or own not in _LISTS):
            self._keep(self._property(-1) if own == "rdf:li" else own, words)
        self._path.pop()
        if own == "rdf:li" and self._regions and self._property(0) in _REGIONS:
            self._region(self._regions.pop())

    def _property(self, end: int) -> str:
        """The innermost property that is being read, lists and structures aside."""
        path = self._path[:end] if end else self._path
        return next((name for name in reversed(path) if name not in _LISTS), "")

    def _keep(self, name: str, words: str) -> None:
        if self._regions and name in ("mwg-rs:Name", "mwg-rs:Type", "MPReg:PersonDisplayName"):
            self._regions[-1][name] = words
            return
        values = self.values.setdefault(name, []) if name else []
        if len(values) < MAX_VALUES:
            values.append(one_line(words, 2000))

    def _region(self, region: dict[str, str]) -> None:
        """A region is a person where it is a face, or does not say what it is."""
        kind = region.get("mwg-rs:Type", "Face")
        who = region.get("mwg-rs:Name", "") if kind == "Face" else ""
        if who := who or region.get("MPReg:PersonDisplayName", ""):
            self._keep("people", who)


class _Refused(Exception):
    """The packet is deeper or larger than any real one, or declares a document type."""


def _refuse(*_: object) -> None:
    raise _Refused


def _short(name: str) -> str:
    """``dc:title`` of what expat calls ``http://purl.org/dc/elements/1.1/ title``; empty for others."""
    schema, _, local = name.rpartition(" ")
    prefix = _SCHEMAS.get(schema, "")
    return f"{prefix}:{local}" if prefix else ""


def _told(values: dict[str, list[str]]) -> Told:
    def all_of(*names: str) -> list[str]:
        return [one for name in names for one in dict.fromkeys(values.get(name, ())) if one]

    def first(*names: str) -> str:
        return next(iter(all_of(*names)), "")

    where = ("photoshop:City", "photoshop:State", "photoshop:Country")
    return Told(
        captions=list(dict.fromkeys(all_of("dc:title", "photoshop:Headline", "dc:description"))),
        people=list(dict.fromkeys(all_of("people", "iptc:PersonInImage"))),
        tags=_tags(all_of("dc:subject"), all_of("lr:hierarchicalSubject", "digikam:TagsList")),
        rating=_rating(first("xmp:Rating")),
        taken=first("exif:DateTimeOriginal", "photoshop:DateCreated", "xmp:CreateDate"),
        spot=_spot(first("exif:GPSLatitude"), first("exif:GPSLongitude")),
        place=", ".join(dict.fromkeys(filter(None, (first(name) for name in where)))),
        comment=first("exif:UserComment"),
        lens=first("exifEX:LensModel"),
        camera=(first("tiff:Make"), first("tiff:Model")),
    )


def _tags(plain: list[str], paths: list[str]) -> list[str]:
    """Each tag once; of a path of tags its last part, unless that is among them already."""
    ends = [re.split(r"[|/]", path)[-1].strip() for path in paths]
    return list(dict.fromkeys(filter(None, (*plain, *ends))))


def _rating(words: str) -> str:
    """1 to 5; 0 is none, -1 is rejected."""
    found = re.match(r"([1-5])(?:\.0*)?$", words.strip())
    return found[1] if found else ""


def _spot(latitude: str, longitude: str) -> tuple[float, float] | None:
    """``38,42.6N`` and ``9,8.4W`` (XMP part 2, 1.2.7.4) in decimal degrees."""
    found = _POINT.match(latitude), _POINT.match(longitude)
    if found[0] is None or found[1] is None or found[0][4] not in "NS" or found[1][4] not in "EW":
        return None
    north, east = (_degrees(part) for part in found if part)
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 and (north or east) else None


def _degrees(point: re.Match[str]) -> float:
    value = int(point[1]) + float(point[2]) / 60 + float(point[3] or 0) / 3600
    return round(-value if point[4] in "SW" else value, 6)
