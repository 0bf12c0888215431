"""Org mode: headings as sections, tags, properties, timestamps and links, as the Org syntax has them.

Source: https://orgmode.org/worg/org-syntax.html. (The parser on PyPI takes minutes for one hostile line.)
"""

from __future__ import annotations

import re
from datetime import datetime

from indexers._note import Draft, moment
from indexers._text import MAX_TEXT, one_line

_KEYWORD = re.compile(r"^[ \t]*#\+([A-Za-z_]{1,40}):[ \t]*(.*)$")
_STARS = re.compile(r"^(\*{1,50})[ \t]+(.*)$")
_TAGS = re.compile(r"[ \t]:([\w@#%:]{1,300}):[ \t]*$")
_STATE = re.compile(r"^(TODO|NEXT|WAITING|STARTED|HOLD|SOMEDAY|DONE|CANCELL?ED)\b[ \t]*")
_PRIORITY = re.compile(r"^\[#\w\][ \t]*")
_PROPERTY = re.compile(r"^[ \t]*:([\w-]{1,60})\+?:[ \t]*(.*)$")
_DRAWER = re.compile(r"^[ \t]*:([\w-]{1,60}):[ \t]*$")
_END = re.compile(r"^[ \t]*:END:[ \t]*$", re.I)
_BLOCK = re.compile(r"^[ \t]*#\+(?:BEGIN|END)_(\w{1,30})", re.I)
_STAMP = re.compile(
    r"[<\[](\d{4}-\d\d-\d\d)(?:[ \t]+[^\W\d_]{1,12}\.?)?"
    r"(?:[ \t]+(\d{1,2}:\d\d)(?:-(\d{1,2}:\d\d))?)?[^<>\[\]\n]{0,40}[>\]]"
)
_LINK = re.compile(r"\[\[([^\[\]\n]{1,2000})\](?:\[([^\[\]\n]{1,500})\])?\]")
_MARKED = re.compile(r"(?<![\w*/_=~+])([*/_=~+])(?=[^\s*/_=~+])([^\n*/_=~+]{1,300}?)(?<=\S)\1(?![\w*/_=~+])")
_RULE = re.compile(r"^[ \t]*(?:-{5,}|\|[-+|]{2,})[ \t]*$")
_FOOTNOTE = re.compile(r"\[fn:([\w-]{0,30})\]")
_VERBATIM = frozenset(("src", "example", "export"))


def read(text: str) -> tuple[Draft, list[str]]:
    """The note, and the targets of its links as they are written."""
    reading = _Reading()
    for line in text[:MAX_TEXT].split("\n"):
        reading.line(line)
    return reading.draft(), list(reading.targets)


class _Reading:
    """One file, line by line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.keywords: dict[str, str] = {}
        self.properties: dict[str, str] = {}
        self.tags: dict[str, None] = {}
        self.targets: dict[str, None] = {}
        self.heading = ""
        self._drawer = self._verbatim = ""

    def draft(self) -> Draft:
        """Dates: what the file says of itself, else what its first heading's properties say."""
        title = self.keywords.get("title") or self.heading
        made = self.keywords.get("date") or self.keywords.get("created") or self.properties.get("created", "")
        aliases = self.properties.get("roam_aliases", "")
        filetags = [tag for tag in re.split(r"[:\s]+", self.keywords.get("filetags", "")) if tag]
        told = {"aliases": one_line(aliases, 500), "id": one_line(self.properties.get("id", ""), 100)}
        return Draft(
            title=one_line(_plain(title), 300),
            text="\n".join(self.lines),
            when=_time(made),
            updated=_time(self.properties.get("last_modified", "")),
            tags=[*filetags, *self.tags],
            author=self.keywords.get("author", ""),
            meta={key: value for key, value in told.items() if value},
        )

    def line(self, line: str) -> None:
        if self._drawer:
            self._in_drawer(line)
        elif block := _BLOCK.match(line):
            kind = block[1].lower()
            self._verbatim = kind if kind in _VERBATIM and "begin_" in block[0].lower() else ""
        elif self._verbatim:
            self.lines.append(line.replace(",*", "*", 1) if line.startswith(",*") else line)
        elif stars := _STARS.match(line):
            self._heading(stars[2])
        elif keyword := _KEYWORD.match(line):
            self.keywords.setdefault(keyword[1].lower(), one_line(keyword[2], 500))
        elif drawer := _DRAWER.match(line):
            self._drawer = drawer[1].lower()
        elif not _RULE.match(line) and not line.lstrip().startswith("# "):
            self._links(line)
            self.lines.append(_plain(line))

    def _in_drawer(self, line: str) -> None:
        """Properties are kept; the logbook is the program's own, other drawers hold the person's words."""
        if _STARS.match(line):  # the end is missing
            self._drawer = ""
            self.line(line)
        elif _END.match(line):
            self._drawer = ""
        elif self._drawer == "properties":
            if found := _PROPERTY.match(line):
                self.properties.setdefault(found[1].lower(), found[2].strip())
        elif self._drawer != "logbook":
            self.lines.append(_plain(line))

    def _heading(self, text: str) -> None:
        if tags := _TAGS.search(text[-320:]):
            self.tags.update(dict.fromkeys(tag for tag in tags[1].split(":") if tag))
            text = text[: len(text) - len(tags[0])]
        state = _STATE.match(text)
        text = _PRIORITY.sub("", text[state.end() :] if state else text)
        self._links(text)
        shown = _plain(text).strip()
        self.heading = self.heading or shown
        if self.lines and self.lines[-1].strip():
            self.lines.append("")
        self.lines.append(f"{state[1]}: {shown}" if state else shown)

    def _links(self, line: str) -> None:
        if "[[" in line and len(self.targets) < 200:
            self.targets.update({found[0]: None for found in _LINK.findall(line)[:50]})


def _plain(line: str) -> str:
    """A line as it reads on the page."""
    if "[[" in line:
        line = _LINK.sub(_shown, line)
    if "[fn:" in line:
        line = _FOOTNOTE.sub(r"[\1]", line)
    line = _MARKED.sub(r"\2", line)
    return _STAMP.sub(_spoken, line) if "-" in line else line


def _shown(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if not label:
        return target.removeprefix("file:").removeprefix("*")
    web = target.startswith(("http://", "https://")) and len(target) <= 100 and label != target
    return f"{label} ({target})" if web else label


def _spoken(match: re.Match[str]) -> str:
    """A timestamp without its brackets, its weekday and its repeaters."""
    until = f"–{match[3]}" if match[3] else ""
    return f"{match[1]} {match[2]}{until}" if match[2] else match[1]


def _time(text: str) -> datetime | None:
    if found := _STAMP.search(text[:100]):
        return moment(f"{found[1]} {found[2].rjust(5, '0')}" if found[2] else found[1])
    return moment(text)
