"""Notion's export: pages as Markdown or HTML and databases as CSV, each named with an id of 32 digits."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote

from indexers import _html_note, _markdown
from indexers._content import Unreadable
from indexers._note import Draft, Holder, finish, moment
from indexers._text import decode_file, one_line
from indexers._zipped import Archive, Trap
from indexers.item import Item, Skipped

_ID = re.compile(r"[ -]?\b([0-9a-f]{32})\b")
_NAMED = re.compile(r"(?:^|[ -])([0-9a-f]{32})(?:_all)?\.(md|csv|html)$")
_PROPERTY = re.compile(r"^([A-Z][^:\n]{0,60}): (.{1,2000})$")
_MADE = ("created", "created time", "date created", "date")
_CHANGED = ("last edited time", "last edited", "updated", "modified")
_MAX_ROWS = 20_000
_DATES = re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4})(?: (\d{1,2}:\d\d) ?([AP]M)?)?")


def is_export(names: Iterable[str]) -> bool:
    """Whether an archive with files of these names is one of Notion's."""
    return any(_NAMED.search(name) for name in names)


def wanted(name: str) -> bool:
    """Whether a file of the export is a page or a database; pictures and attached files are not."""
    return name.endswith((".md", ".csv", ".html")) and not PurePosixPath(name).name.startswith("._")


def page(archive: Archive, name: str, holder: Holder) -> Item | Skipped | None:
    """The note of one page or database; None for a database that is there a second time, with all rows."""
    uri = holder.inside(identifier(name))
    title, folder = shown(PurePosixPath(name).stem), _folder(name)
    if name.endswith(".csv") and f"{name.removesuffix('.csv')}_all.csv" in archive.members:
        return None
    try:
        data = archive.read(name)
    except Trap:
        raise
    except Unreadable as error:
        return Skipped(uri=uri, reason=f"“{title}”: {error}")
    text = decode_file(data)
    if text is None:
        return Skipped(uri=uri, reason=f"“{title}” is not a text: it holds binary data")
    if name.endswith(".csv"):
        draft = Draft(title=title, text=_table(text))
    elif name.endswith(".html"):
        draft, _ = _html_note.read(text)
    else:
        draft = _page(text, name, holder)
    draft.title = draft.title or title
    draft.folder, draft.titled = folder, True
    if not draft.text.strip():
        return Skipped(uri=uri, reason=f"“{title}”: an empty page")
    return finish(draft, holder, uri=uri, fallback=title)


def identifier(name: str) -> str:
    """Notion's own id of a page, else its place in the export."""
    found = _NAMED.search(name)
    return found[1] if found else name


def shown(name: str) -> str:
    """A name without the ids that the export gives it."""
    return one_line(_ID.sub("", name.removesuffix("_all")), 300) or name


def _folder(name: str) -> str:
    above = [shown(part) for part in PurePosixPath(name).parts[:-1]]
    return " / ".join(part for part in above if not part.startswith("Export"))


def _page(text: str, name: str, holder: Holder) -> Draft:
    """A page: its heading, its properties as lines below it, and its text."""
    properties: dict[str, str] = {}
    lines = text.split("\n")
    for line in lines[1:40]:
        found = _PROPERTY.match(line)
        if found:
            properties[found[1].lower()] = found[2]
        elif line.strip() and not line.startswith("#"):
            break
    draft, targets = _markdown.read(text)
    draft.text = _ID.sub("", draft.text)
    draft.title = shown(draft.title) if draft.title else ""
    draft.links = list(dict.fromkeys(link for target, _ in targets if (link := _link(target, name, holder))))
    tags = properties.get("tags") or properties.get("tag") or ""
    draft.tags = [*draft.tags, *(tag.strip() for tag in tags.split(",") if tag.strip())]
    draft.when = draft.when or _first(properties, _MADE)
    draft.updated = draft.updated or _first(properties, _CHANGED)
    draft.author = draft.author or properties.get("created by", "")
    return draft


def _first(properties: dict[str, str], names: tuple[str, ...]) -> datetime | None:
    return next((time for name in names if (time := _time(properties.get(name, "")))), None)


def _time(text: str) -> datetime | None:
    """A time as Notion writes it: May 3, 2024 10:15 AM, or 2024-05-03."""
    if not (found := _DATES.match(text)):
        return moment(text)
    form = "%B %d, %Y" + (" %I:%M %p" if found[3] else " %H:%M" if found[2] else "")
    try:
        return moment(datetime.strptime(" ".join(part for part in found.groups() if part), form))
    except ValueError:
        return None


def _link(target: str, name: str, holder: Holder) -> str:
    """A link to another page by its id, one to a file of the export by its place, web links as they are."""
    if re.match(r"[a-zA-Z][\w+.-]*:", target):
        return target if target.startswith(("http://", "https://", "mailto:")) else ""
    inside = unquote(target.partition("#")[0])[:1000]
    if not inside:
        return ""
    found = _NAMED.search(inside)
    return holder.inside(found[1]) if found else ""


def _table(text: str) -> str:
    """A database: a row a line, with the names of its columns."""
    out: list[str] = []
    try:
        rows = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""))
        columns = [one_line(column, 60) for column in next(rows, [])]
        for row in rows:
            cells = zip(columns, row, strict=False)
            told = [f"{column}: {one_line(cell, 500)}" for column, cell in cells if cell.strip()]
            out.append(" · ".join(told))
            if len(out) >= _MAX_ROWS:
                break
    except csv.Error:
        return "\n".join(out) or text
    return "\n".join(line for line in out if line) or " · ".join(columns)
