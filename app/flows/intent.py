"""The action a request names in so many words, so that no model has to guess it; often there is none.

A small model is unsure just where people are plain ("set an alarm for six", "take milk off the list").
What is said plainly decides; everything else is the model's to judge. The forms of speech are data:
``resources/requests.toml``.
"""

from __future__ import annotations

import functools
import re
import tomllib
from typing import Any, Literal

from app.core import paths

Action = Literal["create_event", "draft_mail", "create_note", "reminder", "none"]

_ACTIONS: tuple[Action, ...] = ("create_note", "reminder", "draft_mail", "create_event")  # as they are tried
_ALSO = re.compile(
    r"\b(?:if not|put (?:it|that|them)|add (?:it|that|them|if)|please add|can you (?:put|add))\b"
    r"|(?:,|\band|please|can you) remind me (?:to|about|at|on|that)\b",
    re.IGNORECASE,
)  # a question, but one that asks for more than an answer


def plain(request: str) -> Action | None:
    """The action ``request`` names, ``none`` where it plainly asks for none; None: it is not plain."""
    text = " ".join(request.split())
    if _says("tells", text):
        return None
    if _says("asks", text) and not _ALSO.search(text):
        return "none"
    if _says("undoes", text) or _says("elsewhere", text):
        return None if _says("reminder", text) else "none"
    return next((action for action in _ACTIONS if _says(action, text)), None)


def worded(action: str, request: str) -> dict[str, str]:
    """The slots that the words of ``request`` show; none where it has no form we know."""
    text = " ".join(request.split())
    for form in _slots(action):
        if match := form.match(text):
            found = {name: words.strip(" ,.!?") for name, words in match.groupdict().items() if words}
            if "of" in found:
                found["title"] = found.pop("of")
            return found
    return {}


def _says(what: str, text: str) -> bool:
    return _speech(what).search(text) is not None


@functools.cache
def _file() -> dict[str, Any]:
    return tomllib.loads((paths.resources() / "requests.toml").read_text(encoding="utf-8"))


@functools.cache
def _speech(what: str) -> re.Pattern[str]:
    table = _file()[what]
    begins = [f"<BEGIN>(?:{'|'.join(table['begins'])})(?:(?<=\\W)|(?!\\w))"] if "begins" in table else []
    return _compiled("|".join([*begins, *table.get("holds", ())]))


@functools.cache
def _slots(action: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_compiled(form) for form in _file()["slots"].get(action, ()))


def _compiled(pattern: str) -> re.Pattern[str]:
    """With the parts that the file names put in."""
    polite = "|".join(_file()["polite"])
    parts = {**_file()["parts"], "BEGIN": rf"^(?:(?:{polite})[ ,:]+)*"}
    while (once := re.sub(r"<([A-Z]+)>", lambda m: parts[m[1]], pattern)) != pattern:
        pattern = once
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)
