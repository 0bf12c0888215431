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

_SPACE = r" \t\r\v\f\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"  # within a line
_OPENS = (
    rf"[{_SPACE}*]{{0,3}}(?:(?:On|Am|Le|El|Il|Op|Den|Dne|Dnia)[{_SPACE}]|"
    rf"(?:From|Sent|Von|Gesendet|De|Da|Van|Od|Från|Fra|От|发件人|보낸[{_SPACE}]?사람)[{_SPACE}]?:|"
    r"-{3,300} ?\S|.{0,12}\d{4}[年년])"
)
_FORWARDS = (
    rf"[-{_SPACE}>]{{0,300}}+(?:Begin forwarded message|(?:(?<=--)|(?<=-- ))(?:Forwarded|Weitergeleitet))"
)
_MAY_INTRODUCE = re.compile(_OPENS, re.I)
# A copied header block in any language: a sender's line and two more of the same form.
_HEADER_BLOCK = re.compile(
    r"[* ]*(?:From|Von|De|Da|Van|Od|Från|Fra|От|发件人)\*? ?:[^\n]+\n"
    r"(?:[* ]*[^\W\d_][^:\n]{1,18}\*?:[^\n]+\n?){2,4}",
    re.I,
)
_ENGLISH = re.compile(r"On (?!(?:[.\s]*On\s))[^\n]{2,}wrote:")
_DATED_OR_NAMED = re.compile(r"@|\d{2}")
_ORIGINAL = re.compile(r"^-{3,} ?(?:Original Message|Ursprüngliche Nachricht|Message d'origine)", re.I)
_INTRODUCES = re.compile(
    r"(?:\b(?:wrote|writes|said|says|schrieb|schreibt|écrit|escribió|scritto|skrev|schreef|writes)\b"
    r"[^\n]{0,80}|[\w.+-]+@[\w.-]+[^\n]{0,20}|написал\w{0,4}|写道|napsal\(a\)|napisał\(a\)) ?[:：]$",
    re.I,
)
_DATED = re.compile(r"\W{0,3}\d{1,4}[-./]\d{1,2}[-./]\d{1,4},? .{0,10}\d{1,2}:\d{2}")
_FORWARDED = re.compile(_FORWARDS, re.I)
# How such lines begin, in small letters and without what depends on more: told of all lines at once.
_CANDIDATE = re.compile(
    rf"\n(?:[{_SPACE}*]{{0,3}}---|[-{_SPACE}>*]{{0,300}}+"
    r"(?:on|op|od|am|le|el|il|de|da|dn|fr|se|vo|va|ge|begin f|от|发|보|(?<=-)[fw]|(?<=- )[fw]))"
)
_DATED_CANDIDATE = re.compile(rf"{_CANDIDATE.pattern}|\n.{{0,15}}\d{{4}}[年년]")
_MARKED = re.compile(r"\n[ \t]{0,2}>")
_SAYS = re.compile(r"[^\W_]")
_RULE = re.compile(r"[_=-]{10,100}")
_TELEPHONE = re.compile(r"(?:\d[ ()/.-]{0,3}){7}")
_LEAVE = re.compile(r"mailing list|unsubscribe|listinfo|mailman|list-?manag", re.I)


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
    end = _copy_begins(lines, f"\n{text}")
    if end == len(lines) and not _MARKED.search(f"\n{text}"):
        return text, False
    keep = [">" not in line[:3] or not _quoted(line) for line in lines[:end]]
    for index, kept in enumerate(keep):
        if not kept and (index == 0 or keep[index - 1]):
            _drop_introduction(lines, keep, index)
    own = "\n".join(line for line, kept in zip(lines, keep, strict=False) if kept).strip()
    return (own, True) if _says_something(own) else (text, False)


def without_signature(text: str) -> tuple[str, str]:
    """The words of a reply without the signature below them, and that signature; it is in other mails too.

    It begins at a line ``-- `` (RFC 3676 §4.3); lists put one of their own below, under a line of signs.
    One with a telephone number stays: that is what people look up in mails.
    """
    lines = text.split("\n")
    for index in range(max(1, len(lines) - MAX_SIGNATURE), len(lines)):
        line = lines[index].rstrip()
        below = lines[index + 1 :]
        if line == "--" or (line[:1] in "_-=" and _RULE.fullmatch(line) and _of_a_list(below)):
            own, signature = "\n".join(lines[:index]).rstrip(), "\n".join(below).strip()
            if line == "--" and _TELEPHONE.search(signature):
                return text, ""
            return (own, signature) if _says_something(own) else (text, "")
    return text, ""


def _of_a_list(lines: list[str]) -> bool:
    """Whether these lines say how to leave a list, and hardly anything else."""
    said = [line for line in lines if line.strip()]
    return 0 < len(said) <= 6 and any(_LEAVE.search(line[:_WIDTH]) for line in said)


def _quoted(line: str) -> bool:
    return ">" in line[:3] and line[:3].lstrip(" \t").startswith(">")


def _says_something(text: str) -> bool:
    return _SAYS.search(text) is not None


def _copy_begins(lines: list[str], text: str) -> int:
    """The line where an unmarked copy of the earlier mail begins, or the number of lines.

    ``text`` has a line's end before each of ``lines``: most lines are told at once by how they begin.
    """
    said, tries, at, index, looked = False, 0, 0, 0, 0
    begins = _DATED_CANDIDATE if "年" in text or "년" in text else _CANDIDATE
    text = text.casefold()
    for found in begins.finditer(text):
        index, at = index + text.count("\n", at, found.start()), found.start()
        short = lines[index][:_WIDTH]
        if _FORWARDED.match(short):
            return len(lines)
        if tries < _MAX_TRIES and _MAY_INTRODUCE.match(short):
            above, looked = lines[looked:index], index
            said = said or any(not _quoted(line) and _says_something(line[:_WIDTH]) for line in above)
            tries += said
            length = _introduction(lines, index) if said else 0
            if length and not _marked_follows(lines, index + length):
                return index
    return len(lines)


def _introduction(lines: list[str], index: int) -> int:
    """How many lines at ``index`` introduce a quote; 0 where they do not."""
    if _ENGLISH.fullmatch(first := lines[index][:_WIDTH].strip()):  # as most do, and as the rest would find
        return 1 if _DATED_OR_NAMED.search(first) else 0
    if _ORIGINAL.match(lines[index]):
        return 1
    window = "\n".join(line[:_WIDTH].strip() for line in lines[index : index + WINDOW])
    match = _introductions().match(window) or _HEADER_BLOCK.match(window)
    if match is None or not _DATED_OR_NAMED.search(match[0]):
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
