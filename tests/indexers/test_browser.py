"""Browser history and bookmarks: databases of the browsers' own layout, also while the browser writes."""

# ruff: noqa: E501 - rows of databases as their programs write them

from __future__ import annotations

import json
import plistlib
import random
import sqlite3
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexers import _addresses, browser
from indexers.item import Item, Skipped, Unit

JUNE = datetime(2026, 6, 2, 10, 0, tzinfo=UTC)
FIREFOX = """
CREATE TABLE moz_places (id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, rev_host LONGVARCHAR,
  visit_count INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0 NOT NULL, typed INTEGER DEFAULT 0 NOT NULL,
  frecency INTEGER DEFAULT -1 NOT NULL, last_visit_date INTEGER, guid TEXT, foreign_count INTEGER DEFAULT 0 NOT NULL,
  url_hash INTEGER DEFAULT 0 NOT NULL, description TEXT, preview_image_url TEXT, site_name TEXT, origin_id INTEGER);
CREATE TABLE moz_historyvisits (id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER,
  visit_type INTEGER, session INTEGER, source INTEGER DEFAULT 0 NOT NULL, triggeringPlaceId INTEGER);
CREATE TABLE moz_bookmarks (id INTEGER PRIMARY KEY, type INTEGER, fk INTEGER DEFAULT NULL, parent INTEGER,
  position INTEGER, title LONGVARCHAR, keyword_id INTEGER, folder_type TEXT, dateAdded INTEGER, lastModified INTEGER,
  guid TEXT, syncStatus INTEGER NOT NULL DEFAULT 0, syncChangeCounter INTEGER NOT NULL DEFAULT 1);
"""
CHROMIUM = """
CREATE TABLE urls (id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR,
  visit_count INTEGER DEFAULT 0 NOT NULL, typed_count INTEGER DEFAULT 0 NOT NULL,
  last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL);
CREATE TABLE visits (id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL, visit_time INTEGER NOT NULL,
  from_visit INTEGER, transition INTEGER DEFAULT 0 NOT NULL, segment_id INTEGER, visit_duration INTEGER DEFAULT 0 NOT NULL);
"""
SAFARI = """
CREATE TABLE history_items (id INTEGER PRIMARY KEY AUTOINCREMENT, url TEXT NOT NULL UNIQUE, domain_expansion TEXT,
  visit_count INTEGER NOT NULL, daily_visit_counts BLOB NOT NULL, weekly_visit_counts BLOB,
  autocomplete_triggers BLOB, should_recompute_derived_visit_counts INTEGER NOT NULL, visit_count_score INTEGER NOT NULL);
CREATE TABLE history_visits (id INTEGER PRIMARY KEY AUTOINCREMENT, history_item INTEGER NOT NULL, visit_time REAL NOT NULL,
  title TEXT, load_successful BOOLEAN NOT NULL DEFAULT 1, http_non_get BOOLEAN NOT NULL DEFAULT 0,
  synthesized BOOLEAN NOT NULL DEFAULT 0, redirect_source INTEGER, redirect_destination INTEGER);
"""


def every(root: Path) -> tuple[dict[str, Item], list[Skipped], list[Unit]]:
    items: dict[str, Item] = {}
    skipped: list[Skipped] = []
    units: list[Unit] = []
    for found in browser.scan(root):
        if isinstance(found, Skipped):
            skipped.append(found)
            continue
        units.append(found)
        for one in browser.read(Path(found.path)):
            if isinstance(one, Skipped):
                skipped.append(one)
            else:
                assert one.uri not in items
                items[one.uri] = one
    return items, skipped, units


def firefox(profile: Path) -> sqlite3.Connection:
    """A profile whose latest visits are still in the write-ahead log."""
    profile.mkdir(parents=True)
    db = sqlite3.connect(profile / "places.sqlite", isolation_level=None)
    db.executescript(
        "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;" + FIREFOX
    )
    at = int(JUNE.timestamp()) * 1_000_000
    places = [
        (1, "https://bread.example/rye?utm_source=x&q=rye#top", "Rye bread", 3, 0, at),
        (2, "https://bread.example/rye?q=rye", None, 2, 0, at - 9),
        (3, "https://hidden.example/frame", "a frame", 1, 1, at),
        (4, "about:preferences", "Settings", 9, 0, at),
        (5, "https://marked.example/", "Marked only", 0, 0, None),
    ]
    db.executemany(
        "INSERT INTO moz_places (id, url, title, visit_count, hidden, last_visit_date) VALUES (?,?,?,?,?,?)",
        places,
    )
    marks = [
        (1, 2, None, 0, "", "root________"),
        (2, 2, None, 1, "toolbar", "toolbar_____"),
        (3, 2, None, 2, "Baking", "abc"),
        (4, 1, 5, 3, "My mark", "def"),
        (5, 2, None, 1, "tags", "tags________"),
        (6, 2, None, 5, "sourdough", "ghi"),
        (7, 1, 1, 6, None, "jkl"),
    ]
    db.executemany(
        "INSERT INTO moz_bookmarks (id, type, fk, parent, title, guid, dateAdded) VALUES (?,?,?,?,?,?,1780000000000000)",
        marks,
    )
    return db


def test_firefox_while_it_runs(tmp_path: Path) -> None:
    db = firefox(tmp_path / ".mozilla" / "firefox" / "x.default")
    (tmp_path / ".mozilla" / "firefox" / "x.default" / "prefs.js").write_text("// not ours")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    items, skipped, units = every(tmp_path)
    assert not skipped
    assert set(items) == {"https://bread.example/rye?q=rye", "https://marked.example/"}
    rye = items["https://bread.example/rye?q=rye"]
    assert (rye.title, rye.meta["visits"], rye.when) == ("Rye bread", "5", JUNE)
    assert "Visited 5 times, last on " in rye.text
    assert rye.meta["tags"] == "sourdough"
    marked = items["https://marked.example/"]
    assert (marked.title, marked.meta["folder"]) == ("My mark", "Bookmarks toolbar / Baking")
    db.execute("UPDATE moz_places SET visit_count = 4 WHERE id = 1")
    again, _, changed = every(tmp_path)
    assert again[rye.uri].meta["visits"] == "6"
    assert changed[0].stamp != units[0].stamp, "only the log has changed"
    db.execute("BEGIN")
    db.execute("UPDATE moz_places SET visit_count = 90 WHERE id = 1")
    assert every(tmp_path)[0][rye.uri].meta["visits"] == "6", "what is not committed does not count"
    db.execute("ROLLBACK")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert every(tmp_path)[0].keys() == items.keys()
    db.close()
    assert before, "read only"


def test_a_log_that_is_cut_or_damaged_counts_as_far_as_it_is_whole(tmp_path: Path) -> None:
    db = firefox(tmp_path / "p")
    log = tmp_path / "p" / "places.sqlite-wal"
    whole = log.read_bytes()
    (tmp_path / "q").mkdir()
    for cut in (0, 31, 40, len(whole) // 2, len(whole) - 1):
        (tmp_path / "q" / "places.sqlite").write_bytes((tmp_path / "p" / "places.sqlite").read_bytes())
        (tmp_path / "q" / "places.sqlite-wal").write_bytes(whole[:cut])
        found = list(browser.read(tmp_path / "q" / "places.sqlite"))
        assert all(
            isinstance(one, Item) or "known" in one.reason or "database" in one.reason for one in found
        )
    flipped = bytearray(whole)
    flipped[-1] ^= 1
    (tmp_path / "q" / "places.sqlite-wal").write_bytes(flipped)
    less = [one for one in browser.read(tmp_path / "q" / "places.sqlite") if isinstance(one, Item)]
    all_of_it = [one for one in browser.read(tmp_path / "p" / "places.sqlite") if isinstance(one, Item)]
    assert less != all_of_it, "the sum of the last page was checked"
    db.close()


def test_chromium(tmp_path: Path) -> None:
    profile = tmp_path / "chromium" / "Default"
    profile.mkdir(parents=True)
    since_1601 = int((JUNE - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000
    with sqlite3.connect(profile / "History") as db:
        db.executescript(CHROMIUM)
        db.execute(
            "INSERT INTO urls VALUES (1, 'https://garden.example/tomato', 'Tomatoes', 2, 0, ?, 0)",
            [since_1601],
        )
    db.close()
    node = {
        "type": "url",
        "url": "https://garden.example/tomato",
        "name": "Tomato",
        "date_added": str(since_1601),
    }
    other = {"type": "url", "url": "https://seeds.example/", "name": "Seeds", "date_added": "x"}
    roots = {
        "bookmark_bar": {"children": [{"type": "folder", "name": "Garden", "children": [node]}]},
        "other": {"children": [other]},
    }
    (profile / "Bookmarks").write_text(json.dumps({"checksum": "x", "roots": roots, "version": 1}))
    items, skipped, units = every(tmp_path)
    assert not skipped
    assert len(units) == 1, "a profile's bookmarks belong to its history"
    tomato = items["https://garden.example/tomato"]
    assert (tomato.when, tomato.meta["visits"], tomato.meta["folder"]) == (
        JUNE,
        "2",
        "Bookmarks bar / Garden",
    )
    assert items["https://seeds.example/"].meta["category"] == "bookmark"
    (profile / "History").unlink()
    assert set(every(tmp_path)[0]) == set(items)


def test_safari(tmp_path: Path) -> None:
    seconds = (JUNE - datetime(2001, 1, 1, tzinfo=UTC)).total_seconds()
    with sqlite3.connect(tmp_path / "History.db") as db:
        db.executescript(SAFARI)
        db.execute(
            "INSERT INTO history_items VALUES (1, 'https://sea.example/', 'sea', 4, x'', NULL, NULL, 0, 0)"
        )
        db.executemany(
            "INSERT INTO history_visits (history_item, visit_time, title) VALUES (1, ?, ?)",
            [(seconds - 99, "Old"), (seconds, "The sea")],
        )
    db.close()
    leaf = {
        "WebBookmarkType": "WebBookmarkTypeLeaf",
        "URLString": "https://sea.example/",
        "URIDictionary": {"title": "Sea"},
    }
    tree = {
        "WebBookmarkType": "WebBookmarkTypeList",
        "Title": "",
        "Children": [{"Title": "BookmarksBar", "Children": [leaf]}],
    }
    (tmp_path / "Bookmarks.plist").write_bytes(plistlib.dumps(tree, fmt=plistlib.FMT_BINARY))
    items, skipped, _ = every(tmp_path)
    assert not skipped
    sea = items["https://sea.example/"]
    assert (sea.title, sea.when, sea.meta["visits"], sea.meta["folder"]) == (
        "The sea",
        JUNE,
        "4",
        "Favourites",
    )


def test_nothing_visited_and_nothing_bookmarked(tmp_path: Path) -> None:
    (tmp_path / "bookmarks.html").write_text("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n</DL>\n")
    items, skipped, _ = every(tmp_path)
    assert not items
    assert [one.reason for one in skipped] == ["no page was visited or bookmarked here"]


def test_exported_bookmarks(tmp_path: Path) -> None:
    (tmp_path / "bookmarks.html").write_text(
        '<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<DL><p>\n<DT><H3 ADD_DATE="1">Trips &amp; more</H3>\n'
        '<DL><p>\n<DT><A HREF="https://porto.example/?a=1&amp;b=2" ADD_DATE="1780387200" ICON="data:image/png;base64,'
        + "iVBORw0K"
        * 2_000
        + '">Porto</A>\n</DL><p>\n'
        '<DT><A HREF="javascript:alert(1)">no</A>\n</DL>\n'
    )
    items, skipped, _ = every(tmp_path)
    assert not skipped
    porto = items["https://porto.example/?a=1&b=2"]
    assert (porto.title, porto.meta["folder"]) == ("Porto", "Trips & more")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://vera:secret@bank.example:8443/a#part", "https://bank.example:8443/a"),
        ("https://a.example/cb?code=4f3&state=x&session_id=1&lang=de", "https://a.example/cb?lang=de"),
        ("https://a.example/?access_token=abc&api_key=1&X-Amz-Signature=ff&page=2", "https://a.example/?page=2"),
        ("https://a.example/?x=eyJhbGciOiJIUzI1NiJ9.e30.abc&q=rye+bread", "https://a.example/?q=rye+bread"),
        ("https://a.example/?v=dQw4w9WgXcQ&utm_campaign=spring&fbclid=IwAR0", "https://a.example/?v=dQw4w9WgXcQ"),
        ("https://a.example/?h=9f86d081884c7d659a2feaa0c55ad015", "https://a.example/"),
        ("https://a.example/reset/9f86d081884c7d659a2feaa0c55ad015", "https://a.example/reset/%E2%80%A6"),
        ("https://a.example/blog/how-to-bake-rye-bread-at-home-in-2026", "https://a.example/blog/how-to-bake-rye-bread-at-home-in-2026"),
        ("https://bücher.example/ä b", "https://xn--bcher-kva.example/%C3%A4%20b"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("https://[::1", ""),
        ("https:///x", ""),
    ],
)  # fmt: skip
def test_what_is_kept_of_an_address(address: str, kept: str) -> None:
    assert _addresses.kept(address) == kept


def test_nothing_there_and_hostile_databases(tmp_path: Path) -> None:
    assert [str(found).count("no history") for found in browser.scan(tmp_path)] == [1]
    db = sqlite3.connect(tmp_path / "places.sqlite")
    db.executescript(
        "CREATE TABLE moz_placez (x); CREATE VIEW moz_places AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT i AS id, 'https://x.example' AS url, 't' AS title, 0 AS visit_count, 0 AS hidden, 1 AS last_visit_date FROM n;"
    )
    db.close()
    assert [type(one) for one in browser.read(tmp_path / "places.sqlite")] == [Skipped]
    (tmp_path / "History").write_bytes(b"SQLite format 3\0" + struct.pack(">H", 1) + b"\xff" * 600)
    (tmp_path / "Bookmarks").write_text('{"roots": ' + '{"a": {"children": [' * 5000)
    _, skipped, _ = every(tmp_path)
    assert {Path(skip.uri).name for skip in skipped} >= {"History", "places.sqlite"}


def test_mutations_raise_nothing(tmp_path: Path) -> None:
    chance = random.Random(11)
    firefox(tmp_path / "p").close()
    whole = (tmp_path / "p" / "places.sqlite").read_bytes()
    (tmp_path / "q").mkdir()
    for _ in range(150):
        changed = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            changed[chance.randrange(16, len(changed))] = chance.randrange(256)
        (tmp_path / "q" / "places.sqlite").write_bytes(
            changed[: chance.choice((len(changed), chance.randrange(len(changed))))]
        )
        for one in browser.read(tmp_path / "q" / "places.sqlite"):
            assert one.uri
