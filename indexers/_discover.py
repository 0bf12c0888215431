"""What a person keeps, found in well-known places and by short walks: names and sizes, nothing is opened.

Places are those of the programs' own documentation: Thunderbird's and Firefox' ``profiles`` folders,
Obsidian's list of vaults (``obsidian.json``), the user directories of the freedesktop.org specification.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

MOST_ENTRIES, MOST_S = 20_000, 1.0  # of one place, that are counted
ALL_S = 15.0  # for everything
_DEPTH, _VAULT_S = 4, 2.0  # of the folders that are searched for vaults
_HIDDEN_HOMES = ("", "snap/thunderbird/common/", ".var/app/org.mozilla.Thunderbird/")
_XDG = re.compile(r'^XDG_(\w+)_DIR="(\$HOME)?(/[^"]*)"', re.M)

_FIXED = (  # kind, below the home folder, what it is called, and what of it counts
    ("mail", "Maildir", "Maildir", ""),
    ("mail", "Mail", "Mail folder", ""),
    ("mail", "mail", "Mail folder", ""),
    ("mail", ".mail", "Mail folder", ""),
    ("mail", "mbox", "Mailbox", ""),
    ("mail", ".local/share/mail", "Mail folder", ""),
    ("mail", ".local/share/evolution/mail/local", "Evolution mail", ""),
    ("mail", ".local/share/local-mail", "KMail", ""),
    ("mail", "Library/Mail", "Apple Mail", r"\.emlx$"),
    ("notes", "Notes", "Notes folder", r"\.(md|markdown|txt|org|rst)$"),
    ("notes", "notes", "Notes folder", r"\.(md|markdown|txt|org|rst)$"),
    ("notes", "org", "Org files", r"\.org$"),
    ("calendar", ".local/share/evolution/calendar", "Evolution calendars", r"\.ics$"),
    ("calendar", ".local/share/gnome-calendar", "GNOME calendars", r"\.ics$"),
    ("calendar", ".local/share/korganizer", "KOrganizer calendars", r"\.ics$"),
    ("calendar", "Library/Calendars", "Apple calendars", r"\.ics$"),
    ("contacts", ".local/share/evolution/addressbook", "Evolution contacts", r"^contacts\.db$"),
    ("contacts", ".local/share/contacts", "KDE contacts", r"\.vcf$"),
    ("contacts", "Library/Application Support/AddressBook", "Apple Contacts", r"\.abcddb$"),
)
_FOLDERS = (  # kind, the user directory, what counts
    (
        "photos",
        "PICTURES",
        "Pictures",
        "Pictures",
        r"\.(jpe?g|png|heic|heif|avif|webp|tiff?|gif|dng|cr2|nef|arw)$",
    ),
    (
        "documents",
        "DOCUMENTS",
        "Documents",
        "Documents",
        r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|odp|epub|rtf|csv|txt|md)$",
    ),
)
_DOWNLOADED = (  # kind, what it is called, how its name looks
    ("mail", "Mailbox export", r".*\.(mbox|mbx)$"),
    ("notes", "Evernote export", r".*\.enex$"),
    ("notes", "Joplin export", r".*\.jex$"),
    ("notes", "Google Keep export", r"Keep$"),
    ("notes", "Standard Notes export", r"Standard Notes Backup.*"),
    ("notes", "Notion export", r"(?:Notion|Export-[0-9a-f-]{8,}).*\.zip$"),
    ("calendar", "Calendar export", r".*\.ics$"),
    ("contacts", "Contacts export", r".*\.(?:vcf|ldif)|contacts?(?:[ _(-].*)?\.csv|Contacts"),
    ("messages", "WhatsApp export", r"WhatsApp Chat.*"),
    ("messages", "Telegram export", r"(?:ChatExport|DataExport).*"),
    ("messages", "SMS backup", r"sms-.*\.xml$"),
    ("health", "Apple Health export", r"(?:apple_health_export|export\.zip)$"),
)
_BROWSERS = (  # what it is called, where its profiles are, which file each has
    ("Firefox", ".mozilla/firefox", "places.sqlite"),
    ("Firefox", "snap/firefox/common/.mozilla/firefox", "places.sqlite"),
    ("Firefox", ".var/app/org.mozilla.firefox/.mozilla/firefox", "places.sqlite"),
    ("Firefox", "Library/Application Support/Firefox/Profiles", "places.sqlite"),
    ("Firefox", "AppData/Roaming/Mozilla/Firefox/Profiles", "places.sqlite"),
    ("Chromium", ".config/chromium", "History"),
    ("Chrome", ".config/google-chrome", "History"),
    ("Brave", ".config/BraveSoftware/Brave-Browser", "History"),
    ("Edge", ".config/microsoft-edge", "History"),
    ("Vivaldi", ".config/vivaldi", "History"),
)


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A place that could become a source. ``more``: there is more than was counted."""

    kind: str
    path: str
    name: str
    files: int = 0
    bytes: int = 0
    more: bool = False


def candidates(home: Path, kinds: tuple[str, ...]) -> Iterator[Candidate]:
    """What there is of these kinds, each place once and only where something lies in it."""
    until = time.monotonic() + ALL_S
    seen: set[tuple[str, str]] = set()
    for kind, path, name, counts in _places(home):
        if kind not in kinds or time.monotonic() > until:
            continue
        real = os.path.realpath(path)
        if (kind, real) in seen:
            continue
        seen.add((kind, real))
        found = _measured(Candidate(kind=kind, path=str(path), name=name), re.compile(counts, re.I))
        if found.files:
            yield found


def _places(home: Path) -> Iterator[tuple[str, Path, str, str]]:
    yield from _thunderbird(home)
    for kind, below, name, counts in _FIXED:
        if _there(home / below):
            yield kind, home / below, name, counts
    user = os.environ.get("USER", "")
    for spool in (Path("/var/mail"), Path("/var/spool/mail")):
        if user and _there(spool / user):
            yield "mail", spool / user, "Mailbox of this computer", ""
    named = _user_directories(home)
    yield from _vaults(home, named)
    for kind, key, usual, name, counts in _FOLDERS:
        place = named.get(key, home / usual)
        if place != home and _there(place):
            yield kind, place, name, counts
    yield from _downloaded(named.get("DOWNLOAD", home / "Downloads"))
    for name, below, file in _BROWSERS:
        for profile in _listed(home / below):
            if _there(profile / file):
                yield "browser", profile, f"{name}: {profile.name}", re.escape(file) + "$"


def _thunderbird(home: Path) -> Iterator[tuple[str, Path, str, str]]:
    roots = [home / f"{hidden}.thunderbird" for hidden in _HIDDEN_HOMES]
    roots += [home / "Library/Thunderbird/Profiles", home / "AppData/Roaming/Thunderbird/Profiles"]
    for root in roots:
        for profile in _listed(root):
            name = f"Thunderbird: {profile.name.partition('.')[2] or profile.name}"
            if _there(profile / "Mail") or _there(profile / "ImapMail"):
                yield "mail", profile, name, r"^(?!.*\.(msf|dat|json|html|sqlite\S*)$)"
            if _there(profile / "calendar-data"):
                yield "calendar", profile / "calendar-data", name, r"\.(sqlite|ics)$"
            if _there(profile / "abook.sqlite"):
                yield "contacts", profile, name, r"^(abook|history).*\.sqlite$"


def _vaults(home: Path, named: dict[str, Path]) -> Iterator[tuple[str, Path, str, str]]:
    """Those that Obsidian lists, then those that lie where such things lie."""
    notes = r"\.(md|markdown|txt)$"
    for listing in (
        home / ".config/obsidian/obsidian.json",
        home / "snap/obsidian/current/.config/obsidian/obsidian.json",
    ):
        try:
            vaults = json.loads(listing.read_bytes()[:1_000_000])["vaults"]
            paths = [Path(vault["path"]) for vault in vaults.values()]
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            continue
        yield from (("notes", path, f"Obsidian: {path.name}", notes) for path in paths if _there(path))
    until = time.monotonic() + _VAULT_S
    todo = [(place, 0) for place in (home, *named.values()) if _there(place)]
    while todo and time.monotonic() < until:
        folder, depth = todo.pop(0)
        inside = _listed(folder)
        if any(each.name == ".obsidian" for each in inside):
            yield "notes", folder, f"Obsidian: {folder.name}", notes
        elif depth < _DEPTH:
            todo += [(each, depth + 1) for each in inside if each.name[0] != "." and not each.is_symlink()]


def _downloaded(folder: Path) -> Iterator[tuple[str, Path, str, str]]:
    for place in (folder, folder / "Takeout"):
        for found in _listed(place, files=True):
            for kind, name, looks in _DOWNLOADED:
                if re.fullmatch(looks, found.name, re.I):
                    yield kind, found, f"{name}: {found.name}", ""


def _user_directories(home: Path) -> dict[str, Path]:
    """As the desktop has them: they may be named in another language, or lie elsewhere."""
    try:
        config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
        text = config.read_text(encoding="utf-8", errors="replace")[:100_000]
    except OSError:
        return {}
    return {m[1]: Path(f"{home}{m[3]}" if m[2] else m[3]) for m in _XDG.finditer(text)}


def _there(path: Path) -> bool:
    try:
        return path.exists() and os.access(path, os.R_OK)
    except OSError:
        return False


def _listed(folder: Path, *, files: bool = False) -> list[Path]:
    """The folders in a folder, or everything; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            found = [
                Path(e.path)
                for _, e in zip(range(MOST_ENTRIES), entries, strict=False)
                if files or e.is_dir()
            ]
    except OSError:
        return []
    return sorted(found)


def _measured(place: Candidate, counts: re.Pattern[str]) -> Candidate:
    """With how many files are in it and their bytes, as far as that can be told in a moment."""
    until, left, files, size = time.monotonic() + MOST_S, MOST_ENTRIES, 0, 0
    todo = [place.path]
    if Path(place.path).is_file():
        return msgspec.structs.replace(place, files=1, bytes=Path(place.path).stat().st_size)
    while todo and left > 0 and time.monotonic() < until:
        try:
            with os.scandir(todo.pop()) as entries:
                for entry in entries:
                    left -= 1
                    if entry.is_dir(follow_symlinks=False):
                        if entry.name != ".git":
                            todo.append(entry.path)
                    elif entry.is_file() and counts.search(entry.name):
                        files, size = files + 1, size + entry.stat().st_size
        except OSError:
            continue
    return msgspec.structs.replace(place, files=files, bytes=size, more=bool(todo))
