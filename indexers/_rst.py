"""reStructuredText to text: section titles, roles, links, directives and field lists lose their marks.

Source: https://docutils.sourceforge.io/docs/ref/rst/restructuredtext.html. (docutils itself includes other
files and takes quadratic time on hostile ones; for words and a title less will do.)
"""

from __future__ import annotations

import re

from indexers._note import Draft, moment
from indexers._text import MAX_TEXT, one_line

_UNDERLINE = re.compile(r"^([=\-`:.'\"~^_*+#<>!$%&(),/;?@\[\\\]{|}])\1{2,}[ \t]*$")
_FIELD = re.compile(r"^:([\w -]{1,40}):[ \t]*(.*)$")
_DIRECTIVE = re.compile(r"^([ \t]*)\.\. (?:\|[^|\n]{1,100}\| )?([\w:+.-]{1,60})::[ \t]*(.*)$")
_TARGET = re.compile(r"^[ \t]*\.\. _([^:\n]{1,200}):[ \t]*(\S{0,2000})[ \t]*$")
_FOOTNOTE = re.compile(r"^\.\. \[([^\]\n]{1,60})\][ \t]*")
_COMMENT = re.compile(r"^[ \t]*\.\.(?:[ \t]|$)")
_OPTION = re.compile(r"^[ \t]+:[\w-]{1,40}:")
_ROLE = re.compile(r":[\w:+.-]{1,40}:`(?:([^`<\n]{1,300}?)[ \t]*<([^<>`\n]{1,1000})>|([^`\n]{1,500}))`")
_LINK = re.compile(r"`([^`<\n]{0,300}?)[ \t]*<([^<>`\n]{1,2000})>`__?")
_PHRASE = re.compile(r"`([^`\n]{1,300})`_{0,2}")
_LITERAL = re.compile(r"``([^`\n]{1,500})``")
_MARKED = re.compile(r"(?<![\w*])(\*\*|\*)(?=[^\s*])([^*\n]{1,300}?)(?<=\S)\1(?![\w*])")
_REFERENCE = re.compile(r"(?<=\w)_(?=[\s.,;:!?)]|$)")
_SPOKEN = frozenset(
    "note tip warning important caution danger error hint attention admonition topic sidebar".split()
)
_BARE = frozenset(
    "code code-block sourcecode parsed-literal container epigraph highlights math rubric".split()
)


def read(text: str) -> tuple[Draft, list[str]]:
    """The note, and the targets of its links as they are written."""
    lines = text[:MAX_TEXT].split("\n")
    fields: dict[str, str] = {}
    targets: dict[str, None] = {}
    title, out = "", list[str]()
    for number, line in enumerate(lines):
        below = lines[number + 1] if number + 1 < len(lines) else ""
        if not title and line.strip() and _UNDERLINE.match(below) and not _UNDERLINE.match(line):
            title = one_line(_plain(line, {}), 300)
        if (field := _FIELD.match(line)) and number < 60:
            fields.setdefault(field[1].lower().strip(), field[2].strip())
        elif not _UNDERLINE.match(line):
            shown = _line(line, targets)
            if shown is not None:
                out.append(shown)
    tags = [
        tag.strip() for name in ("tags", "keywords") for tag in fields.get(name, "").split(",") if tag.strip()
    ]
    draft = Draft(
        title=one_line(fields.get("title", ""), 300) or title,
        text="\n".join(out),
        when=moment(fields.get("date") or fields.get("created", "")),
        updated=moment(fields.get("modified", "")),
        tags=tags,
        author=fields.get("author") or fields.get("authors", ""),
    )
    return draft, list(targets)


def _line(line: str, targets: dict[str, None]) -> str | None:
    """The line as it reads on the page; None for what only says how to set the page."""
    if ".." in line[:200]:
        if target := _TARGET.match(line):
            targets[target[2]] = None
            return None
        if directive := _DIRECTIVE.match(line):
            return _directive(directive, targets)
        line = _FOOTNOTE.sub(r"[\1] ", line)
        if _COMMENT.match(line):
            return None
    if _OPTION.match(line):
        return None
    line = _plain(line, targets)
    return line[:-1] if line.endswith("::") else line


def _directive(match: re.Match[str], targets: dict[str, None]) -> str | None:
    indent, name, rest = match.groups()
    if name in ("image", "figure", "include", "literalinclude"):
        targets[rest.strip()] = None
        return None
    shown = _plain(rest, targets)
    if name in _SPOKEN:
        return f"{indent}{name.capitalize()}: {shown}".rstrip(": ") + (":" if not shown else "")
    return None if name in _BARE or not shown else f"{indent}{shown}"


def _plain(line: str, targets: dict[str, None]) -> str:
    if "`" in line:
        line = _ROLE.sub(lambda m: m[1] or m[2] or m[3], line)
        for found in _LINK.findall(line):
            targets[found[1]] = None
        line = _LINK.sub(_shown, line)
        line = _PHRASE.sub(r"\1", _LITERAL.sub(r"\1", line))
    if "*" in line:
        line = _MARKED.sub(r"\2", line)
    return _REFERENCE.sub("", line) if "_" in line else line


def _shown(match: re.Match[str]) -> str:
    label, target = match[1], match[2]
    web = target.startswith(("http://", "https://")) and len(target) <= 100 and label != target
    return f"{label} ({target})" if web and label else label or target
