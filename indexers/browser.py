"""Browser history and bookmarks of Firefox, Chromium and its kin, and Safari: one item a page."""

from __future__ import annotations

import html
import plistlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from indexers import _addresses, _files, _sqlite
from indexers._content import Unreadable
from indexers._text import clean, day_in_words, decode, one_line, seal, time_in_words
from indexers.item import Item, Skipped, Unit

MAX_PAGES = 300_000  # the latest ones
_MAX_BOOKMARKS = 50_000_000  # bytes of a file of bookmarks
_LEVELS = 50
_EPOCHS = {"unix": datetime(1970, 1, 1, tzinfo=UTC), "1601": datetime(1601, 1, 1, tzinfo=UTC)}
_SAFARI_EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
_FIREFOX, _CHROMIUM, _SAFARI = "places.sqlite", "History", "History.db"
_CHROMIUM_MARKS, _SAFARI_MARKS = "Bookmarks", "Bookmarks.plist"
_BESIDE = {_CHROMIUM: _CHROMIUM_MARKS, _SAFARI: _SAFARI_MARKS}
_ROOTS = {
    "menu": "Bookmarks menu",
    "toolbar": "Bookmarks toolbar",
    "unfiled": "Other bookmarks",
    "mobile": "Mobile bookmarks",
    "bookmark_bar": "Bookmarks bar",
    "other": "Other bookmarks",
    "synced": "Mobile bookmarks",
    "BookmarksBar": "Favourites",
    "BookmarksMenu": "Bookmarks menu",
    "com.apple.ReadingList": "Reading list",
}
_EXPORTED = re.compile(rb"\s*<!DOCTYPE NETSCAPE-Bookmark-file-1>", re.I)
_ENTRY = re.compile(
    r"<H3[^<>]*+>(?P<folder>[^<]{0,300})</H3>|<A\s(?P<about>[^<>]*+)>(?P<title>[^<]{0,1000})</A>|(?P<end></DL>)|(?P<begin><DL>)",
    re.I,
)
_HREF = re.compile(r"HREF=\"([^\"]{1,3000})\"", re.I)
_ADDED = re.compile(r"ADD_DATE=\"(\d{1,16})\"", re.I)


@dataclass
class _Page:
    title: str = ""
    visits: int = 0
    last: datetime | None = None
    folders: dict[str, None] = field(default_factory=dict)
    tags: dict[str, None] = field(default_factory=dict)
    marked: datetime | None = None


class _Pages(dict[str, _Page]):
    """Pages by the address that is kept; several full addresses may be one of these."""

    def at(self, address: object) -> _Page | None:
        kept = _addresses.kept(address) if isinstance(address, str) else ""
        if not kept or (kept not in self and len(self) >= MAX_PAGES):
            return None
        return self.setdefault(kept, _Page())

    def visited(self, address: object, title: object, visits: object, last: datetime | None) -> None:
        if (page := self.at(address)) is None:
            return
        page.visits += visits if isinstance(visits, int) and 0 < visits < 1_000_000_000 else 1
        if last and (page.last is None or last > page.last):
            page.last = last
        page.title = page.title or _line(title)

    def marked(self, address: object, title: object, folder: str, added: datetime | None) -> None:
        if (page := self.at(address)) is None:
            return
        page.title = page.title or _line(title)
        page.folders[folder] = None
        if added and (page.marked is None or added > page.marked):
            page.marked = added


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a browser's: 0 not at all … 3 certainly."""
    return 3 if _is_browser(path, head) else 0


def _is_browser(path: Path, head: bytes) -> bool:
    if path.name in (_FIREFOX, _CHROMIUM, _SAFARI):
        return head.startswith(b"SQLite format 3\0")
    if path.name == _CHROMIUM_MARKS:
        return b'"roots"' in head or b'"checksum"' in head
    return path.name == _SAFARI_MARKS or bool(_EXPORTED.match(head))


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The history and bookmarks of every browser under ``root``; its other files are none of ours."""
    any_found = False
    for found in _files.walk(root, enter_hidden=True):
        if isinstance(found, Skipped):
            yield found
            continue
        try:
            ours = _is_browser(found, _files.head(found))
        except OSError as error:
            yield Skipped(uri=_files.uri(found), reason=f"this file could not be read: {_files.why(error)}")
            continue
        holder = next((one for one, beside in _BESIDE.items() if found.name == beside), None)
        if ours and not (holder and found.with_name(holder).is_file()):
            any_found = True
            parts = [found, found.with_name(_BESIDE[found.name])] if found.name in _BESIDE else [found]
            unit = _files.unit(found)
            yield (
                unit
                if isinstance(unit, Skipped)
                else msgspec.structs.replace(unit, stamp=_sqlite.stamp(*parts))
            )
    if not any_found:
        reason = "no history or bookmarks of Firefox, Chromium, Chrome, Edge, Brave, Vivaldi or Safari here"
        yield Skipped(uri=_files.uri(root), reason=reason)


def read(path: Path) -> Iterator[Item | Skipped]:
    """Every page of a browser's profile, the latest first."""
    pages = _Pages()
    try:
        head = _files.head(path)
        if head.startswith(b"SQLite format 3\0"):
            _history(path, pages)
        else:
            _bookmarks(path, pages)
    except OSError as error:
        yield Skipped(uri=_files.uri(path), reason=f"this file could not be read: {_files.why(error)}")
        return
    except Unreadable as error:
        yield Skipped(uri=_files.uri(path), reason=f"browser history: {error}")
        return
    beside = path.with_name(_BESIDE.get(path.name, path.name))
    if beside != path and beside.is_file():
        try:
            _bookmarks(beside, pages)
        except (OSError, Unreadable) as error:
            yield Skipped(uri=_files.uri(beside), reason=f"bookmarks: {error}")
    if not pages:
        yield Skipped(uri=_files.uri(path), reason="no page was visited or bookmarked here")
    for address, page in pages.items():
        yield _item(path, address, page)


def _item(path: Path, address: str, page: _Page) -> Item:
    lines = [page.title, address]
    if page.visits and page.last:
        local = page.last.astimezone()
        often = "once" if page.visits == 1 else f"{page.visits:,} times"
        lines.append(f"Visited {often}, last on {day_in_words(local)}, {time_in_words(local)}.")
    if page.folders:
        lines.append(f"Bookmarked in {', '.join(page.folders)}.")
    if page.tags:
        lines.append(f"Tags: {', '.join(page.tags)}.")
    told = {
        "visits": str(page.visits or ""),
        "tags": ", ".join(page.tags),
        "category": "bookmark" if page.folders else "",
        "folder": ", ".join(page.folders),
    }
    return seal(
        Item(
            uri=address,
            source="browser",
            kind="webpage",
            title=page.title or one_line(address.partition("://")[2], 200),
            text="\n".join(line for line in lines if line),
            digest="",
            when=page.last or page.marked,
            links=(address,),
            path=_files.absolute(path),
            meta={key: value for key, value in told.items() if value},
        )
    )


def _line(value: object) -> str:
    return one_line(clean(value), 300) if isinstance(value, str) else ""


def _time(value: object, epoch: str = "unix", *, unit: int = 1_000_000) -> datetime | None:
    """``value`` counts microseconds (or ``unit`` a second) since the epoch."""
    if not isinstance(value, int | float) or value <= 0:
        return None
    try:
        found = (_SAFARI_EPOCH if epoch == "2001" else _EPOCHS[epoch]) + timedelta(seconds=value / unit)
    except OverflowError:
        return None
    return found if 1990 < found.year < 2200 else None


# --- histories -----------------------------------------------------------------------------------


def _history(path: Path, pages: _Pages) -> None:
    with _sqlite.Copy(path) as copy:
        tables = copy.tables()
        if "moz_places" in tables:
            _firefox(copy, pages)
        elif {"urls", "visits"} <= tables:
            sql = (
                "SELECT url, title, visit_count, last_visit_time FROM urls "
                "WHERE hidden = 0 ORDER BY last_visit_time DESC LIMIT ?"
            )
            for address, title, visits, last in copy.rows(sql, (MAX_PAGES,)):
                pages.visited(address, title, visits, _time(last, "1601"))
        elif {"history_items", "history_visits"} <= tables:
            sql = (
                "SELECT i.url, v.title, i.visit_count, max(v.visit_time) AS last FROM history_items i "
                "JOIN history_visits v ON v.history_item = i.id GROUP BY i.id ORDER BY last DESC LIMIT ?"
            )
            for address, title, visits, last in copy.rows(sql, (MAX_PAGES,)):
                pages.visited(address, title, visits, _time(last, "2001", unit=1))
        else:
            raise Unreadable("a database, but of no browser that is known here")


def _firefox(copy: _sqlite.Copy, pages: _Pages) -> None:
    sql = (
        "SELECT url, title, visit_count, last_visit_date FROM moz_places "
        "WHERE visit_count > 0 AND hidden = 0 ORDER BY last_visit_date DESC LIMIT ?"
    )
    for address, title, visits, last in copy.rows(sql, (MAX_PAGES,)):
        pages.visited(address, title, visits, _time(last))
    if "moz_bookmarks" not in copy.tables():
        return
    folders = {
        id: (parent, _line(title), str(guid or "").strip("_"))
        for id, parent, title, guid in copy.rows(
            "SELECT id, parent, title, guid FROM moz_bookmarks WHERE type = 2 LIMIT 100000"
        )
    }
    sql = (
        "SELECT p.url, coalesce(b.title, p.title), b.parent, b.dateAdded "
        "FROM moz_bookmarks b JOIN moz_places p ON p.id = b.fk WHERE b.type = 1 LIMIT ?"
    )
    for address, title, parent, added in copy.rows(sql, (MAX_PAGES,)):
        names = _names(folders, parent)
        if names[:1] == ["tags"]:
            if (page := pages.at(address)) is not None:
                page.tags.update(dict.fromkeys(names[1:2]))
        else:
            pages.marked(address, title, " / ".join(names) or "Bookmarks", _time(added))


def _names(folders: dict[object, tuple[object, str, str]], parent: object) -> list[str]:
    """The folders that a bookmark lies in, outermost first, without the root of all."""
    names: list[str] = []
    for _ in range(_LEVELS):
        if parent not in folders:
            break
        parent, title, guid = folders[parent]
        if guid == "root":
            break
        names.insert(0, "tags" if guid == "tags" else _ROOTS.get(guid, title))
    return [name for name in names if name]


# --- files of bookmarks --------------------------------------------------------------------------


def _bookmarks(path: Path, pages: _Pages) -> None:
    if path.stat().st_size > _MAX_BOOKMARKS:
        raise Unreadable(f"bookmarks of more than {_MAX_BOOKMARKS // 1_000_000} MB")
    data = path.read_bytes()
    try:
        if _EXPORTED.match(data):
            _exported(decode(data), pages)
        elif path.name == _SAFARI_MARKS or data.startswith(b"bplist"):
            _safari(plistlib.loads(data), [], pages)
        else:
            roots = msgspec.json.decode(data).get("roots", {})
            for key, node in roots.items():
                _chromium(node, [_ROOTS.get(key, key)], pages, root=True)
    except Unreadable:
        raise
    except Exception as error:  # plistlib raises many kinds on damaged files
        raise Unreadable("damaged, or not a file of bookmarks") from error


def _chromium(node: Any, folders: list[str], pages: _Pages, *, root: bool = False) -> None:
    if not isinstance(node, dict) or len(folders) > _LEVELS:
        return
    if node.get("type") == "url":
        added = str(node.get("date_added", ""))
        when = _time(int(added), "1601") if added.isdecimal() and len(added) < 20 else None
        pages.marked(node.get("url"), node.get("name"), " / ".join(folders), when)
        return
    inside = folders if root else [*folders, _line(node.get("name"))]
    for child in _list(node.get("children")):
        _chromium(child, inside, pages)


def _safari(node: Any, folders: list[str], pages: _Pages) -> None:
    if not isinstance(node, dict) or len(folders) > _LEVELS:
        return
    if node.get("WebBookmarkType") == "WebBookmarkTypeLeaf":
        about = node.get("URIDictionary")
        title = about.get("title") if isinstance(about, dict) else ""
        pages.marked(node.get("URLString"), title, " / ".join(folders) or "Bookmarks", None)
        return
    title = _line(node.get("Title"))
    inside = [*folders, _ROOTS.get(title, title)] if title else folders
    for child in _list(node.get("Children")):
        _safari(child, inside, pages)


def _list(value: object) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _exported(text: str, pages: _Pages) -> None:
    """A file of bookmarks as every browser writes and reads it."""
    folders: list[str] = []
    named = ""
    for match in _ENTRY.finditer(text):
        if match["begin"]:
            folders.append(named)
            named = ""
        elif match["end"]:
            folders[-1:] = []
        elif match["about"] is None:
            named = _line(html.unescape(match["folder"] or ""))
        elif href := _HREF.search(match["about"]):
            added = _ADDED.search(match["about"])
            folder = " / ".join(name for name in folders if name) or "Bookmarks"
            when = _time(int(added[1]), unit=1) if added else None
            pages.marked(html.unescape(href[1]), html.unescape(match["title"]), folder, when)
