"""What is approved and what is shown: canonical bytes, their digest, and text that hides nothing."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from app.core.errors import Refused, UsageFault

# Arguments of a proposal that are words the person may put differently before saying yes.
EDITABLE = frozenset({"title", "text", "subject", "body", "location"})

_MARKS_IN_A_ROW = 4  # more combining marks than any script stacks on one letter

# Letters and marks that draw nothing although Unicode does not call them format characters:
# grapheme joiner, Hangul fillers, Khmer inherent vowels, variation selectors, braille blank.
_BLANK = frozenset(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0)
).union(range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def canonical(action: str, arguments: Mapping[str, object]) -> bytes:
    """The one encoding of a deed: JSON, keys sorted, no spaces, UTF-8.

    Raises UsageFault for anything JSON does not hold (NaN, bytes, half a surrogate pair, …).
    """
    try:
        _assert_json(arguments)
        return json.dumps(
            {"action": action, "arguments": arguments},
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
        ).encode()
    except (TypeError, ValueError) as error:
        raise UsageFault("these arguments are not plain JSON", where=f"{action}: {error}") from error


def _assert_json(value: object) -> None:
    match value:
        case Mapping():
            for key, inner in value.items():
                if not isinstance(key, str):
                    # json.dumps would write 1 and "1" alike: two deeds, one digest
                    raise TypeError(f"key {key!r} is not a string")
                _assert_json(inner)
        case list() | tuple():
            for inner in value:
                _assert_json(inner)
        case None | str() | bool() | int() | float():
            pass
        case _:
            raise TypeError(f"{type(value).__name__} is not JSON")


def digest(action: str, arguments: Mapping[str, object]) -> str:
    """The SHA-256 (hexadecimal) a person approves."""
    return hashlib.sha256(canonical(action, arguments)).hexdigest()


def is_hidden(char: str) -> bool:
    """Whether ``char`` cannot be seen, or changes how its neighbours are seen. Newline and space can."""
    if char in "\n ":
        return False
    return ord(char) in _BLANK or unicodedata.category(char) in _HIDDEN_CATEGORIES


def visible(text: str) -> str:
    """``text`` with all that hides, reorders or piles up written as ``\\u{HEX}``; nothing is lost.

    A ``\\u{`` that stands in the text has its backslash escaped, so :func:`original` always gives
    the text back.
    """
    return escaped(text.replace("\\u{", "\\u{5C}u{"), lambda char: f"\\u{{{ord(char):X}}}")


def escaped(text: str, escape: Callable[[str], str]) -> str:
    """``text`` with every character that does not plainly show itself replaced by its ``escape``."""
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        odd_space = category == "Zs" and char != " "
        if is_hidden(char) or marks > _MARKS_IN_A_ROW or odd_space:
            out.append(escape(char))
        else:
            out.append(char)
    return "".join(out)


def original(shown: str) -> str:
    """The text that :func:`visible` wrote as ``shown``."""
    return re.sub(r"\\u\{([0-9A-F]{1,6})\}", lambda match: chr(int(match[1], 16)), shown)


def plain(text: str) -> str:
    """Text of a stranger or a model as it is displayed: without hidden characters, newlines as LF."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return "".join(c for c in lines if not is_hidden(c) or ord(c) in (0xFE0E, 0xFE0F, 0x200D))


_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(\s*<?([^()\s<>]{1,4000})>?[^()\n]{0,500}\)")
_AUTOLINK = re.compile(r"<([a-zA-Z][a-zA-Z0-9+.-]{1,31}:[^<>\s]{1,4000})>")
_DEFINITION = re.compile(r"^([ \t]{0,3})\[([^\[\]\n]{1,500})\]:", re.MULTILINE)
# What CommonMark needs for a link, an image, a definition or an autolink, in whatever disguise.
_HINGE = re.compile(r"(\])(?=[(:])|(<)(?=[^\s<>]*[:@])")


def inert(text: str) -> str:
    """:func:`plain`, and Markdown in it can neither link nor load: every address stands in full as text."""

    def spell_out(match: re.Match[str]) -> str:
        label, address = match[1].strip(), match[2]
        return f"{label} ({address})" if label and label != address else address

    text = plain(text)
    while (once := _IMAGE_OR_LINK.sub(spell_out, text)) != text:  # an image inside a link needs two rounds
        text = once
    text = _DEFINITION.sub(r"\1\2:", _AUTOLINK.sub(r"\1", text))
    return _HINGE.sub(r"\g<0> ", text)  # what was not written as expected is taken off its hinges


class Endpoint(NamedTuple):
    """Where a request would go; ``host`` in lower case, as it is shown."""

    host: str
    port: int
    secure: bool


# ASCII only and no user part, so that no two readers of a URL can disagree about its host.
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,253})(:(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>/[A-Za-z0-9._~%/+=,;:!$'()*-]{0,1000}(\?[A-Za-z0-9._~%/+=,;:&-]{0,1000})?)?"
)


def endpoint(url: str) -> Endpoint:
    """The server ``url`` names. UsageFault for what is no plain web address; Refused for http that
    would leave this computer unencrypted."""
    match = _URL.fullmatch(url)
    port = int(match["port"] or (443 if match["scheme"] == "https" else 80)) if match else 0
    if not match or not 0 < port < 65536:
        raise UsageFault(
            "that is no address of a service", where=visible(url[:200]), remedy="write https://host/path"
        )
    host, secure = match["host"].lower().strip("[]"), match["scheme"] == "https"
    if not secure and not is_loopback(host):
        raise Refused(
            "without https everything could be read on the way",
            where=host,
            remedy="use https:// (http:// only to this computer)",
        )
    return Endpoint(host, port, secure)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
