"""A note on its way to an item: what all formats of notes have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from urllib.parse import quote

from indexers import _documents, _files
from indexers._text import clean, one_line, seal, tidy, urls
from indexers.item import Item, Person, Skipped

MAX_TAGS = 100
MAX_ATTACHED = 25_000_000  # bytes of one attachment that is looked into
_TITLE = 80  # characters of the first line that stands in for a title


@dataclass(kw_only=True)
class Draft:
    """What the reader of a format found in one note; ``text`` is readable as it stands."""

    title: str = ""
    text: str = ""
    when: datetime | None = None  # made, with a zone
    updated: datetime | None = None
    tags: Sequence[str] = ()
    links: Sequence[str] = ()
    author: str = ""
    place: str = ""
    titled: bool = False  # its text may begin with its title, which need not be there twice
    folder: str = ""  # the notebook it lies in, as the person named it
    meta: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Holder:
    """The file that notes lie in."""

    path: str  # absolute
    uri: str  # file:///…

    @classmethod
    def of(cls, path: Path) -> Holder:
        return cls(_files.absolute(path), _files.uri(path))

    def inside(self, identifier: str) -> str:
        """The uri of what is called ``identifier`` in the file."""
        return f"{self.uri}#{quote(clean(identifier)[:500], safe='/-._~')}"


def finish(draft: Draft, holder: Holder, *, uri: str = "", fallback: str = "Untitled note") -> Item:
    """The item; its title is the note's, else its first line, else ``fallback``."""
    text = tidy(clean(draft.text))
    if draft.titled and draft.title:
        text = text.removeprefix(f"{draft.title}\n").lstrip()
    first = one_line(text.partition("\n")[0].lstrip("#>*- "), _TITLE)
    told = {
        "tags": " ".join(tag.replace(" ", "-") for tag in unique(draft.tags)[:MAX_TAGS]),
        "category": one_line(draft.folder, 200),
        "updated": draft.updated.isoformat() if draft.updated else "",
        **draft.meta,
    }
    author = one_line(draft.author, 200)
    return seal(
        Item(
            uri=uri or holder.uri,
            source="notes",
            kind="note",
            title=one_line(draft.title, 300) or first or one_line(fallback, 300) or "Untitled note",
            text=text,
            digest="",
            when=draft.when or draft.updated,
            people=(Person(name=author, role="author"),) if author else (),
            place=one_line(draft.place, 200),
            links=urls(text, draft.links),
            path=holder.path,
            meta={key: value for key, value in told.items() if value},
        )
    )


def attachment(
    note: Item,
    part: str,
    *,
    name: str,
    content_type: str = "",
    data: bytes = b"",
    text: str = "",
    size: int = 0,
) -> Item | Skipped:
    """What is attached to a note: its text is ``text``, else what ``data`` says as a document."""
    uri = f"{note.uri}#{quote(clean(part)[:200], safe='-._~')}"
    shown = one_line(name, 200) or f"attachment {part}"
    if not text and data:
        try:
            text = _documents.extract(data, content_type, shown)
        except _documents.Unreadable as error:
            return Skipped(uri=uri, reason=f"attachment “{shown}” of “{note.title[:80]}”: {error}")
    meta = {"content-type": one_line(content_type, 200), "size": str(size or len(data) or len(text))}
    return seal(
        Item(
            uri=uri,
            source="notes",
            kind="attachment",
            title=shown,
            text=tidy(clean(text)),
            digest="",
            when=note.when,
            people=note.people,
            links=(note.uri,),
            thread=note.uri,
            path=note.path,
            meta={key: value for key, value in meta.items() if value},
        )
    )


def unique(tags: Sequence[str]) -> list[str]:
    """Tags on one line each, without their sign, in order."""
    return list(dict.fromkeys(tag for one in tags[:1000] if (tag := one_line(one, 100).lstrip("#").strip())))


def moment(value: object) -> datetime | None:
    """A time as exports write it (ISO 8601, also the basic form, or a date), with a zone; else None."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip()[:40])
        except ValueError:
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    if not isinstance(value, datetime):
        return None
    try:
        return _sensible(value if value.tzinfo else value.astimezone())
    except (ValueError, OverflowError, OSError):
        return None


def since_1970(seconds: object) -> datetime | None:
    """Seconds since 1970 UTC as a time; None where they are none or out of any note's life."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds:
        return None
    try:
        return _sensible(datetime.fromtimestamp(seconds, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _sensible(value: datetime) -> datetime | None:
    """A zone may push a time of year 1 or 9999 out of what can be told."""
    return value if 1800 < value.year < 3000 else None


def linked(name: str) -> str:
    """A link to another note by its name."""
    return f"[[{one_line(name, 200)}]]"
