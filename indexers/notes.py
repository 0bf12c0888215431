"""Notes: folders of Markdown and plain text, with front matter, tags and links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import YAMLHandler

from indexers import _files
from indexers._text import MAX_LINKS, MAX_TEXT, decode_file, one_line, seal, tidy, urls
from indexers.item import Item, Person, Skipped, Unit

SUFFIXES = frozenset((".md", ".markdown", ".txt", ".text", ".mdown", ".mkd"))
MAX_FILE = 10_000_000  # bytes
_MAX_FRONT_MATTER = 64_000  # characters

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$", re.M)
_UNDERLINED = re.compile(r"\A\s*([^\n]{1,200})\n(?:=+|-{3,})[ \t]*$", re.M)
_TAG = re.compile(r"(?<![\w&/#])#([^\W\d_][\w/-]{0,60})")
_WIKILINK = re.compile(r"\[\[([^\[\]|#\n]{1,300})[^\[\]\n]{0,300}\]\]")
_LINK = re.compile(r"\[[^\[\]\n]{0,500}\]\(\s*<?([^()\s<>]{1,2000})>?[^()\n]{0,300}\)")
_CODE = re.compile(r"^(`{3,}|~{3,}).*?(?:^\1[`~]*[ \t]*$|\Z)|`[^`\n]{1,500}`", re.M | re.S)


class _SafeYAML(YAMLHandler):
    """YAML that can only make plain values, and not blow up through aliases."""

    def load(self, fm: str, **kwargs: object) -> Any:
        if len(fm) > _MAX_FRONT_MATTER or re.search(r"(?:^|[\s\[{,:-])\*\w", fm):
            return {}
        return yaml.load(fm, Loader=yaml.SafeLoader)


def likely(path: Path, head: bytes) -> int:
    """How much a file looks like a note: 0 not at all … 3 certainly."""
    if path.suffix.lower() not in SUFFIXES or decode_file(head) is None:
        return 0
    return 3 if path.suffix.lower() in (".md", ".markdown") else 1


def scan(root: Path) -> Iterator[Unit | Skipped]:
    """The notes under ``root``; every other visible file comes as Skipped."""
    for found in _files.walk(root):
        if isinstance(found, Skipped):
            yield found
        elif found.suffix.lower() in SUFFIXES:
            yield _files.unit(found)
        else:
            yield Skipped(uri=_files.uri(found), reason=f"not a note: {_kind(found)} not read as notes")


def _kind(path: Path) -> str:
    return f"{path.suffix} files are" if path.suffix else "files without an ending are"


def read(path: Path) -> Iterator[Item | Skipped]:
    """The note in a file."""
    uri = _files.uri(path)
    try:
        info = path.stat()
        if info.st_size > MAX_FILE:
            yield Skipped(uri=uri, reason=f"a text of {info.st_size // 1_000_000} MB is too long for a note")
            return
        data = path.read_bytes()
    except OSError as error:
        yield Skipped(uri=uri, reason=f"this file could not be read: {_files.why(error)}")
        return
    text = decode_file(data)
    if text is None:
        yield Skipped(uri=uri, reason=f"not a text: it holds binary data though it is named {path.suffix}")
    elif not text.strip():
        yield Skipped(uri=uri, reason="an empty note")
    else:
        yield _note(path, uri, text, datetime.fromtimestamp(info.st_mtime, UTC))


def _note(path: Path, uri: str, text: str, changed: datetime) -> Item:
    front, body = _front_matter(text)
    prose = _CODE.sub(" ", body[:MAX_TEXT]) if "`" in body or "~~~" in body else body[:MAX_TEXT]
    tags = _tags(front, prose)
    told = {"tags": " ".join(tags), "aliases": ", ".join(_words(front.get("aliases")))}
    author = one_line(", ".join(_words(front.get("author"))), 200)
    return seal(
        Item(
            uri=uri,
            source="notes",
            kind="note",
            title=_title(front, body, path),
            text=tidy(body),
            digest="",
            when=_date(front) or changed,
            people=(Person(name=author, role="author"),) if author else (),
            links=_links(path, prose),
            path=_files.absolute(path),
            meta={key: value for key, value in told.items() if value},
        )
    )


def _front_matter(text: str) -> tuple[dict[str, object], str]:
    """(the fields, the rest); broken front matter stays part of the text."""
    if not text.startswith("---"):
        return {}, text
    try:
        fields, body = frontmatter.parse(text, handler=_SafeYAML())
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return {}, text
    return {str(key).lower(): value for key, value in fields.items()}, body


def _title(front: dict[str, object], body: str, path: Path) -> str:
    """Front matter, else the first heading, else the file's name."""
    named = one_line(str(front.get("title") or ""), 300)
    if named:
        return named
    match = _UNDERLINED.search(body) or _HEADING.search(_CODE.sub("", body[:20_000]))
    heading = one_line(re.sub(r"[*_`]", "", match[1]), 300) if match else ""
    return heading or path.stem


def _date(front: dict[str, object]) -> datetime | None:
    for name in ("date", "created", "created_at", "when", "updated", "modified"):
        value = front.get(name)
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value.strip())
            except ValueError:
                continue
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime.combine(value, time.min)
        if isinstance(value, datetime):
            try:
                return value if value.tzinfo else value.astimezone()
            except (ValueError, OverflowError, OSError):
                continue
    return None


def _words(value: object) -> list[str]:
    """A field that may be one text with commas or a list of them."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, list):
        return [one_line(str(part), 100) for part in value[:100] if part is not None]
    return []


def _tags(front: dict[str, object], prose: str) -> list[str]:
    found = dict.fromkeys(
        word.lstrip("#")
        for name in ("tags", "tag", "keywords", "categories")
        for part in _words(front.get(name))
        for word in part.split()
    )
    found.update(dict.fromkeys(match[1] for match in _TAG.finditer(prose)))
    return list(found)[:100]


def _links(path: Path, prose: str) -> tuple[str, ...]:
    """Wikilinks as ``[[name]]``, links to files as ``file:`` uris, web links; each once."""
    found: dict[str, None] = {}
    for match in _WIKILINK.finditer(prose):
        found[f"[[{one_line(match[1], 200)}]]"] = None
    for match in _LINK.finditer(prose):
        found[_target(path, match[1])] = None
        if len(found) > MAX_LINKS:
            break
    found.pop("", None)
    return urls(prose, found)


def _target(path: Path, target: str) -> str:
    if re.match(r"[a-zA-Z][\w+.-]*:", target):
        return target if target.startswith(("http://", "https://", "mailto:", "mid:", "event:")) else ""
    from urllib.parse import unquote

    relative = unquote(target.partition("#")[0].partition("?")[0])
    if not relative or "\0" in relative or len(relative) > 1000:
        return ""
    try:
        return _files.uri(path.parent / relative)
    except (ValueError, OSError):
        return ""
