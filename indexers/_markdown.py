"""Markdown as people keep notes in it: front matter, tags, links, and the text without its marks.

CommonMark with what Obsidian, Logseq and Zettlr add: wikilinks, embeds, callouts, comments, highlights.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import frontmatter
import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from indexers._note import Draft, moment
from indexers._text import MAX_LINKS, MAX_TEXT, one_line

_MAX_FRONT_MATTER = 64_000  # characters

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]+)$", re.M)
_UNDERLINED = re.compile(r"\A\s*+([^\n]{1,200})\n(?:=+|-{3,})[ \t]*$", re.M)
_TAG = re.compile(r"(?<![\w&/#])#([^\W\d_][\w/-]{0,60})")
_WIKILINK = re.compile(
    r"(!?)\[\[([^\[\]|#^\n]{0,300})((?:[#^][^\[\]|\n]{0,300})?)(?:\|([^\[\]\n]{0,300}))?\]\]"
)
_LINK = re.compile(
    r"(!?)\[((?:[^\[\]\n]|\[[^\[\]\n]{0,200}\]){0,500})\]\(\s*(?:<([^<>\n]{0,2000})>|([^()\s<>]{0,2000}))[^()\n]{0,300}\)"
)
_REFERRED = re.compile(r"\[([^\[\]\n]{1,300})\]\[([^\[\]\n]{0,100})\]")
_DEFINED = re.compile(
    r"^ {0,3}\[([^\[\]\n^]{1,100})\]:[ \t]*<?(\S{1,2000}?)>?(?:[ \t]+[\"'(][^\n]{0,300})?$", re.M
)
_FENCE = re.compile(r"^( {0,3})(`{3,}|~{3,})([^\n`]{0,200})\n(.*?)(?:^ {0,3}\2[`~]*[ \t]*$|\Z)", re.M | re.S)
_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]{1,500})\1(?!`)")
_MACHINE = frozenset("dataview dataviewjs query tasks button compressed-json kanban".split())
_CALLOUT = re.compile(r"^([> \t]{1,60})\[!([\w-]{1,30})[^\]\n]{0,60}\][-+]?[ \t]*(.*)$", re.M)
_QUOTE = re.compile(r"^ {0,3}>[> \t]{0,60}", re.M)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.S)
_SETTINGS = "%% kanban:settings"
_HTML = re.compile(
    r"</?(?:a|b|i|u|s|em|strong|span|div|p|img|sub|sup|details|summary|center|font|kbd|mark|small|table|thead|"
    r"tbody|tr|td|th|hr|del|ins|iframe|video|audio|source|h[1-6]|ul|ol|li|code|pre|blockquote|figure|figcaption)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.I,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z]{2,31}\d{0,2});")
_BREAK = re.compile(r"<br\s*/?>", re.I)
_WEB = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|()\[\]\ue000]{1,2000}")
_STRONG = re.compile(r"(?<![\w*\\])(\*\*\*|\*\*|\*)(?=[^\s*])([^*\n]{1,500}?)(?<=[^\s\\])\1(?![\w*])")
_UNDER = re.compile(r"(?<![\w\\])(__|_)(?=[^\s_])([^_\n]{1,500}?)(?<=[^\s\\])\1(?!\w)")
_MARKED = re.compile(r"(?<![\w~=])(~~|==)(?=[^\s~=])([^~=\n]{1,500}?)(?<=\S)\1(?![\w~=])")
_RULE = re.compile(r"^ {0,3}(?:=+|(?:[-*_][ \t]*){3,})$\n?", re.M)
_TABLE_RULE = re.compile(
    r"^[ \t]*+\|?[ \t]*+:?-{1,200}:?[ \t]*(?:\|[ \t]*:?-{1,200}:?[ \t]*){0,100}\|?[ \t]*$\n?", re.M
)
_CELLS = re.compile(r"^[ \t]*\|(.{0,5000})\|[ \t]*$", re.M)
_BULLET = re.compile(r"^([ \t]*)[*+](?=[ \t])", re.M)
_BLOCK_ID = re.compile(r"[ \t]\^[\w-]{1,40}[ \t]*$", re.M)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_PROPERTY = re.compile(r"^(?:- )?([\w-]{1,40}):: ?(.{0,1000})$", re.M)
_SHORT_URL = 100  # characters of a web address that stays in the text, where it can be asked for
_HELD = "\ue000"  # stands for a piece of code while marks are taken away; private use, so in no note
_PLACE = re.compile(rf"{_HELD}(\d{{1,7}}){_HELD}")


class _SafeYAML(YAMLHandler):
    """YAML that can only make plain values, and not blow up through aliases."""

    def load(self, fm: str, **kwargs: object) -> Any:
        if len(fm) > _MAX_FRONT_MATTER or re.search(r"(?:^|[\s\[{,:-])\*\w", fm):
            return {}
        return yaml.load(fm, Loader=yaml.SafeLoader)


class _TOML(BaseHandler):
    """As Hugo and Zola write it; the library's own handler wants a package that Python made superfluous."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.M)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, **kwargs: object) -> Any:
        return {} if len(fm) > _MAX_FRONT_MATTER else tomllib.loads(fm)


def read(text: str) -> tuple[Draft, list[tuple[str, bool]]]:
    """The note, and the targets of its links: (as written, whether a wikilink), each once.

    ``meta`` of the draft says ``aliases``; its links are left to the caller, who knows where it lies.
    """
    front, body = front_matter(text)
    body = body[:MAX_TEXT]
    prose = _FENCE.sub(" ", body) if "```" in body or "~~~" in body else body
    bare = _CODE.sub(" ", prose) if "`" in prose else prose
    fields = {**_properties(bare), **front}
    aliases = ", ".join(words(fields.get("aliases") or fields.get("alias")))
    draft = Draft(
        title=one_line(str(fields.get("title") or ""), 300) or _heading(body, prose),
        text=plain(body),
        when=_first_time(fields, ("date", "created", "created_at", "creation-date", "when")),
        updated=_first_time(fields, ("updated", "modified", "lastmod", "updated_at", "last_modified")),
        tags=_tags(fields, bare),
        author=", ".join(words(fields.get("author") or fields.get("authors"))),
        place=_place(fields),
        meta={"aliases": aliases} if aliases else {},
    )
    return draft, _targets(fields, bare)


def front_matter(text: str) -> tuple[dict[str, object], str]:
    """(the fields, the rest); broken front matter stays part of the text."""
    text = text.lstrip("\ufeff")
    if not text.startswith(("---", "+++")):
        return {}, text
    handler = _SafeYAML() if text.startswith("---") else _TOML()
    try:
        fields, body = frontmatter.parse(text, handler=handler)
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError, KeyError, IndexError):
        return {}, text
    return {one_line(str(key), 60).lower(): value for key, value in fields.items()}, body


def _properties(bare: str) -> dict[str, object]:
    """Logseq's ``name:: value`` lines at the top of a page."""
    if "::" not in bare[:2000]:
        return {}
    return {match[1].lower(): match[2] for match in _PROPERTY.finditer(bare[:2000])}


def _heading(body: str, prose: str) -> str:
    if match := _UNDERLINED.search(body):
        return one_line(plain(match[1]), 300)
    match = _HEADING.search(prose[:20_000])
    return one_line(plain(_heading_text(match)), 300) if match else ""


def _heading_text(match: re.Match[str]) -> str:
    """Without the signs that may close it."""
    text = match[1].rstrip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare[-1:] in (" ", "\t", "") else text


def _first_time(fields: dict[str, object], names: tuple[str, ...]) -> datetime | None:
    return next((found for name in names if (found := moment(fields.get(name)))), None)


def _place(fields: dict[str, object]) -> str:
    value = fields.get("location") or fields.get("place")
    return one_line(value, 200) if isinstance(value, str) else ""


def words(value: object) -> list[str]:
    """A field that may be one text with commas or a list of them."""
    if isinstance(value, str):
        return [part.strip() for part in value.replace("[[", "").replace("]]", "").split(",") if part.strip()]
    if isinstance(value, list):
        return [one_line(str(part), 100) for part in value[:100] if part is not None]
    return []


def _tags(fields: dict[str, object], bare: str) -> list[str]:
    found = dict.fromkeys(
        word.lstrip("#")
        for name in ("tags", "tag", "keywords", "categories")
        for part in words(fields.get(name))
        for word in part.split()
    )
    found.update(dict.fromkeys(match[1] for match in _TAG.finditer(bare)))
    return list(found)[:100]


def _targets(fields: dict[str, object], bare: str) -> list[tuple[str, bool]]:
    found: dict[tuple[str, bool], None] = {}
    for value in fields.values():  # Obsidian's properties may be links
        if isinstance(value, str | list) and "[[" in str(value)[:5000]:
            found.update({(match[2], True): None for match in _WIKILINK.finditer(str(value)[:5000])})
    for match in _WIKILINK.finditer(bare):
        found[match[2], True] = None
    for match in _LINK.finditer(bare):
        found[match[3] or match[4] or "", False] = None
        if len(found) > 2 * MAX_LINKS:
            break
    if "]:" in bare:
        found.update({(match[2], False): None for match in list(_DEFINED.finditer(bare))[:MAX_LINKS]})
    return [(target.strip(), wiki) for target, wiki in found if target.strip()]


def plain(text: str) -> str:
    """Markdown as it reads on the page: words, lines and lists stay, marks go, code is as it was."""
    held: list[str] = []

    def hold(piece: str) -> str:
        held.append(piece)
        return f"{_HELD}{len(held) - 1}{_HELD}"

    text = text.replace(_HELD, "")
    if "```" in text or "~~~" in text:
        text = _FENCE.sub(lambda m: "" if _of_machine(m[3]) else hold(m[4].rstrip("\n")), text)
    if "`" in text:
        text = _CODE.sub(lambda m: hold(m[2]), text)
    text = _without_links(_without_blocks(text, hold), hold)
    if "*" in text:
        text = _STRONG.sub(r"\2", _STRONG.sub(r"\2", text))
    if "_" in text:
        text = _UNDER.sub(r"\2", _UNDER.sub(r"\2", text))
    if "~~" in text or "==" in text:
        text = _MARKED.sub(r"\2", text)
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    for _ in range(3):  # a link may stand around code
        text = _PLACE.sub(lambda m: held[int(m[1])], text)
    return text


def _of_machine(info: str) -> bool:
    """Whether a block of code is a query or data of a plug-in, not something the person wrote."""
    return info.strip().partition(" ")[0].lower() in _MACHINE


def _without_blocks(text: str, hold: Callable[[str], str]) -> str:
    """Headings, rules, tables, callouts, comments and HTML without their marks."""
    if "%%" in text:
        text = text[: at if (at := text.rfind(_SETTINGS)) >= 0 else None].replace("%%", "")
    if "<" in text:
        text = _WEB.sub(lambda m: hold(m[1]), text)
        text = _HTML.sub("", _BREAK.sub("\n", _COMMENT.sub("", text)))
    if "&" in text:
        text = _ENTITY.sub(lambda m: html.unescape(m[0]).replace(_HELD, ""), text)
    text = _HEADING.sub(_heading_text, text)
    if "[!" in text:
        text = _CALLOUT.sub(lambda m: m[1] + (m[3] or m[2].capitalize()), text)
    if ">" in text:
        text = _QUOTE.sub("", text)
    if "|" in text:
        text = _CELLS.sub(
            lambda m: " | ".join(cell.strip() for cell in m[1].split("|")), _TABLE_RULE.sub("", text)
        )
    if "^" in text:
        text = _BLOCK_ID.sub("", text)
    return _BULLET.sub(r"\1-", _RULE.sub("", text))


def _without_links(text: str, hold: Callable[[str], str]) -> str:
    """What a link shows; the address of a page of the web stays beside it."""
    if "[[" in text:
        text = _WIKILINK.sub(_wikilink, text)
    if "](" in text:
        text = _LINK.sub(lambda m: _shown(m[1], m[2], m[3] or m[4] or "", hold), text)
    if "][" in text:
        text = _REFERRED.sub(r"\1", text)
    return _ADDRESS.sub(lambda m: hold(m[0]), text) if "://" in text else text


def _wikilink(match: re.Match[str]) -> str:
    embed, name, place, alias = match.groups()
    if embed and re.search(
        r"\.(?:png|jpe?g|gif|svg|webp|bmp|heic|avif|mp[34]|m4a|wav|webm|mov|ogg|pdf)$", name, re.I
    ):
        return ""
    if alias and not embed:  # the alias of an embed is its size
        return alias
    heading = place.lstrip("#").replace("#", " > ") if place.startswith("#") and "^" not in place else ""
    return " > ".join(part for part in (name.rpartition("/")[2], heading) if part)


def _shown(image: str, label: str, target: str, hold: Callable[[str], str]) -> str:
    label = _LINK.sub(lambda m: m[2], label) if "](" in label else label
    label = re.sub(r"\|[\dx]+$", "", label) if image else label
    web = target.startswith(("http://", "https://"))
    if image or not web or len(target) > _SHORT_URL or label.strip() == target:
        return label or ("" if image else target)
    return f"{label} ({hold(target)})" if label.strip() else hold(target)
