"""What a reply itself says, apart from the mail it quotes."""

from __future__ import annotations

import re
from functools import cache

from mailparser_reply import EmailMessage
from mailparser_reply.constants import MAIL_LANGUAGES

WINDOW = 6  # lines a client spends at most on introducing a quote
MAX_SIGNATURE = 15  # lines
_WIDTH = 300  # characters of a line that are looked at
_MAX_TRIES = 200  # introductions tried in one mail

_MAY_INTRODUCE = re.compile(
    r"^[\s*]{0,3}(?:(?:On|Am|Le|El|Il|Op|Den|Dne|Dnia)\s|"
    r"(?:From|Sent|Von|Gesendet|De|Da|Van|Od|Från|Fra|От|发件人|보낸\s?사람)\s?:|"
    r"-{3,} ?\S|.{0,12}\d{4}[年년])",
    re.I,
)
# A copied header block in any language: a sender's line and two more of the same form.
_HEADER_BLOCK = re.compile(
    r"[* ]*(?:From|Von|De|Da|Van|Od|Från|Fra|От|发件人)\*? ?:[^\n]+\n"
    r"(?:[* ]*[^\W\d_][^:\n]{1,18}\*?:[^\n]+\n?){2,4}",
    re.I,
)
_ORIGINAL = re.compile(r"^-{3,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine)", re.I)
_INTRODUCES = re.compile(
    r"(?:\b(?:wrote|writes|said|says|schrieb|schreibt|écrit|escribió|scritto|skrev|schreef|writes)\b"
    r"[^\n]{0,80}|[\w.+-]+@[\w.-]+[^\n]{0,20}|написал\w{0,4}|写道|napsal\(a\)|napisał\(a\)) ?[:：]$",
    re.I,
)
_DATED = re.compile(r"\W{0,3}\d{1,4}[-./]\d{1,2}[-./]\d{1,4},? .{0,10}\d{1,2}:\d{2}")
_FORWARDED = re.compile(r"^[-\s>]*(?:Begin forwarded message|-{2,} ?Forwarded|-{2,} ?Weitergeleitet)", re.I)
_OPENERS = frozenset("OoAaLlEeIiDdFfSsVvGgBb\v\f\r\x1c\x1d\x1e\x1f")  # or spaces of other kinds
_RULE = re.compile(r"[_=-]{10,100}")
_LEAVE = re.compile(r"mailing list|unsubscribe|listinfo|mailman|list-?manag", re.I)
_EITHER = re.compile(f"{_FORWARDED.pattern}|{_MAY_INTRODUCE.pattern}", re.I)


@cache
def _introductions() -> re.Pattern[str]:
    """How clients of thirteen languages introduce a quote, as mail-parser-reply knows them."""
    languages = [name for name in MAIL_LANGUAGES if name != "david"]
    pattern: re.Pattern[str] = EmailMessage("", languages=languages).HEADER_REGEX
    return pattern


def own_text(text: str) -> tuple[str, bool]:
    """The words of a reply's author and whether something quoted was left out.

    Lines marked as quoted go, with the line that introduces them; answers between them stay. An
    unmarked copy of the earlier mail goes where the author's text stands above it. Forwarded
    text stays, and so does everything where nothing else would remain.
    """
    lines = text.split("\n")
    end = _copy_begins(lines)
    keep = [not _quoted(line) for line in lines[:end]]
    quoted = end < len(lines) or not all(keep)
    if not quoted:
        return text, False
    for index, kept in enumerate(keep):
        if not kept and (index == 0 or keep[index - 1]):
            _drop_introduction(lines, keep, index)
    own = "\n".join(line for line, kept in zip(lines, keep, strict=False) if kept).strip()
    return (own, True) if _says_something(own) else (text, False)


def without_signature(text: str) -> tuple[str, str]:
    """The words of a reply without the signature below them, and that signature; it is in other mails too.

    It begins at a line ``-- `` (RFC 3676 §4.3); lists put one of their own below, under a line of signs.
    """
    lines = text.split("\n")
    for index in range(max(1, len(lines) - MAX_SIGNATURE), len(lines)):
        line = lines[index].rstrip()
        below = lines[index + 1 :]
        if line == "--" or (line[:1] in "_-=" and _RULE.fullmatch(line) and _of_a_list(below)):
            own = "\n".join(lines[:index]).rstrip()
            return (own, "\n".join(below).strip()) if _says_something(own) else (text, "")
    return text, ""


def _of_a_list(lines: list[str]) -> bool:
    """Whether these lines say how to leave a list, and hardly anything else."""
    said = [line for line in lines if line.strip()]
    return 0 < len(said) <= 6 and any(_LEAVE.search(line[:_WIDTH]) for line in said)


def _worth_a_look(line: str) -> bool:
    """False for most lines that neither introduce a quote nor forward a mail; a quick look at its start."""
    return line.lstrip(" \t>*-")[:1] in _OPENERS or "---" in line or not line.isascii()


def _quoted(line: str) -> bool:
    return ">" in line[:3] and line[:3].lstrip(" \t").startswith(">")


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _copy_begins(lines: list[str]) -> int:
    """The line where an unmarked copy of the earlier mail begins, or the number of lines."""
    said, tries = False, 0
    for index, line in enumerate(lines):
        short = line[:_WIDTH]
        if _worth_a_look(short) and _EITHER.match(short):
            if _FORWARDED.match(short):
                return len(lines)
            if said and _MAY_INTRODUCE.match(short) and tries < _MAX_TRIES:
                tries += 1
                if (length := _introduction(lines, index)) and not _marked_follows(lines, index + length):
                    return index
        said = said or (not _quoted(line) and _says_something(short))
    return len(lines)


def _introduction(lines: list[str], index: int) -> int:
    """How many lines at ``index`` introduce a quote; 0 where they do not."""
    if _ORIGINAL.match(lines[index]):
        return 1
    window = "\n".join(line[:_WIDTH].strip() for line in lines[index : index + WINDOW])
    match = _introductions().match(window) or _HEADER_BLOCK.match(window)
    if match is None or not re.search(r"@|\d{2}", match[0]):
        return 0
    length = match[0].strip().count("\n") + 1
    is_block = not match[0].rstrip().endswith((":", "："))
    return 0 if is_block and match[0].count(":") < 2 else length


def _marked_follows(lines: list[str], index: int) -> bool:
    for line in lines[index : index + 4]:
        if line.strip():
            return _quoted(line)
    return False


def _drop_introduction(lines: list[str], keep: list[bool], index: int) -> None:
    """Also drop "On … wrote:" above the quote that begins at ``index``."""
    last = index - 1
    while last >= 0 and keep[last] and not lines[last].strip():
        last -= 1
    if last < 0 or not keep[last] or not lines[last].rstrip().endswith((":", "：")):
        return
    for first in range(last, max(-1, last - 3), -1):
        if not keep[first] or not lines[first].strip():
            break
        length = _introduction(lines, first) if _MAY_INTRODUCE.match(lines[first][:_WIDTH]) else 0
        if length and first + length > last:
            keep[first : last + 1] = [False] * (last + 1 - first)
            return
    if _INTRODUCES.search(lines[last][:_WIDTH]):
        keep[last] = False
        above = lines[last - 1][:_WIDTH] if last and keep[last - 1] else ""
        if _MAY_INTRODUCE.match(above) or _DATED.match(above):
            keep[last - 1] = False
