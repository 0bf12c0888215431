"""One picture or video as an item: all that its file and its side-cars tell, put together in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from indexers import _exif, _files, _moments, _places, _sidecars, _xmp
from indexers._moments import Clues
from indexers._places import Place
from indexers._text import day_in_words, seal, tidy, time_in_words
from indexers._video import Film
from indexers.item import Item, Person

MAX_PEOPLE = 200
_SCREENSHOT = re.compile(
    r"screen[ _-]?(?:shot|capture)|bildschirmfoto|capture[ _]d.{1,2}écran|"
    r"captura[ _]de[ _](?:pantalla|tela|ecrã)|schermafbeelding|schermata|"
    r"skärm(?:avbild|bild)|skjermbilde|skærmbillede|zrzut[ _]ekranu|"
    r"снимок[ _]экрана|スクリーンショット|屏幕截图|截屏",
    re.I,
)
_ROTATIONS = {
    3: "180°",
    6: "90° right",
    8: "90° left",
    2: "mirrored",
    4: "mirrored",
    5: "mirrored",
    7: "mirrored",
}


@dataclass
class Told:
    """What the file itself tells, whatever its format; ``xmp`` is the packet inside it."""

    kind: str = "photo"
    form: str = ""
    width: int = 0
    height: int = 0
    exif: _exif.Fields = field(default_factory=dict)
    gps: _exif.Fields = field(default_factory=dict)
    xmp: bytes = b""
    captions: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    film: Film | None = None


@dataclass
class _Known:
    """The same with what lies beside it, ready to be told."""

    captions: list[str]
    people: list[str]
    tags: list[str]
    rating: str
    spot: tuple[float, float] | None
    place: Place | None
    written_place: str  # the town as a person wrote it
    when: datetime | None
    source: str
    camera: str
    lens: str
    screenshot: bool


def item(path: Path, told: Told, content: str) -> Item:
    """``content`` is the digest of the file. Nothing is raised but OSError."""
    found = _sidecars.beside(path, _sidecars.names(path.parent))
    known = _known(path, told, found)
    return seal(
        Item(
            uri=_files.uri(path),
            source="photos",
            kind=told.kind,
            title=path.name,
            text=_text(told, known),
            digest="",
            when=known.when,
            people=tuple(Person(name=name, role="pictured") for name in known.people[:MAX_PEOPLE]),
            place=str(known.place) if known.place else known.written_place,
            path=_files.absolute(path),
            meta=_meta(told, known, content, [one.name for one in found.paths()]),
        )
    )


def _known(path: Path, told: Told, found: _sidecars.Beside) -> _Known:
    inner, outer = _xmp.read(told.xmp), _xmp.read(_sidecars.packet(found))
    google = _sidecars.takeout(found) or _sidecars.Takeout()
    film = told.film or Film()
    spot = film.spot or _exif.position(told.gps) or outer.spot or inner.spot or google.spot
    place = _places.nearest(*spot) if spot else None
    clues = Clues(told.exif, told.gps, place, path, outer.taken or inner.taken, google.taken)
    when, source = _moments.taken(clues) if not film.when else (_moments.shown(film.when, place), "video")
    screenshot = told.kind == "photo" and _is_screenshot(path, told.exif, inner.comment)
    tags = [*told.tags, *inner.tags, *outer.tags]
    tags += ["favorite"] * google.favourite + ["screenshot"] * screenshot
    camera = (
        film.camera or _exif.camera(told.exif) or _exif.called(*outer.camera) or _exif.called(*inner.camera)
    )
    return _Known(
        captions=_exif.worth([*told.captions, *inner.captions, *outer.captions, google.caption]),
        people=list(dict.fromkeys((*inner.people, *outer.people, *google.people))),
        tags=list(dict.fromkeys(tags)),
        rating=outer.rating or inner.rating or _exif.rating(told.exif),
        spot=spot,
        place=place,
        written_place=outer.place or inner.place,
        when=when,
        source=source,
        camera=camera,
        lens=_exif.lens(told.exif) or outer.lens or inner.lens,
        screenshot=screenshot,
    )


def _is_screenshot(path: Path, exif: _exif.Fields, comment: str) -> bool:
    """By its name, its folder's, or as Apple marks it."""
    if _SCREENSHOT.search(path.stem) or _SCREENSHOT.match(path.parent.name):
        return True
    return "screenshot" in (comment.lower(), _exif.comment(exif).lower())


def _meta(told: Told, known: _Known, content: str, beside: list[str]) -> dict[str, str]:
    meta = {
        "format": told.form,
        "size": f"{told.width}×{told.height}" if told.width and told.height else "",
        "content": content,
        "lat": str(known.spot[0]) if known.spot else "",
        "lon": str(known.spot[1]) if known.spot else "",
        "camera": known.camera,
        "lens": known.lens,
        "rotation": _ROTATIONS.get(_exif.orientation(told.exif), ""),
        "when-from": known.source,
        "tags": ", ".join(known.tags),
        "rating": known.rating,
        "seconds": f"{told.film.seconds:.0f}" if told.film and told.film.seconds else "",
        "sidecar": ", ".join(beside),
        "ocr": "wanted" if told.kind == "photo" else "",
    }
    return {key: value for key, value in meta.items() if value}


def _text(told: Told, known: _Known) -> str:
    lines = [*known.captions, _sentence(told, known)]
    if known.tags:
        lines.append(f"Tags: {', '.join(known.tags)}.")
    if known.rating:
        lines.append(f"Rated {known.rating} of 5 stars.")
    return tidy("\n".join(lines))


def _sentence(told: Told, known: _Known) -> str:
    """``Photo of Anna taken on Tuesday 2 June 2026, 11:20 in Lisbon, Portugal with Fjord P6.``"""
    words = "Screenshot" if known.screenshot else told.kind.capitalize()
    if told.film and told.film.seconds >= 1:
        words += f" of {_length(told.film.seconds)}"
    if known.people:
        words += f" {'with' if told.film else 'of'} {', '.join(known.people[:20])}"
    if known.when:
        how = "dated" if known.source == "file name" else "taken on"
        words += f" {how} {day_in_words(known.when)}"
        words += f", {time_in_words(known.when)}" if known.source != _moments.DAY_ALONE else ""
    if where := str(known.place) if known.place else known.written_place:
        words += f" {where}" if where.startswith("near ") else f" in {where}"
    if known.camera:
        words += f" with {known.camera}"
        words += f" ({known.lens})" if known.lens and known.lens not in known.camera else ""
    return f"{words}."


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "hour"), (minutes, "minute"), (0 if hours else rest, "second"))
    return " ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in parts if count)
