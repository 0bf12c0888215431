"""Mail addresses out of headers and of the index, in the form in which a deed takes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.actions.contract import address_of

_ADDRESS = r"[^\s,;<>()\"]{1,64}@[^\s,;<>()\"]{1,253}"
_ONE = re.compile(rf"(?:^|[,;])\s*({_ADDRESS})\s*(?=[,;]|$)|([^<>]*)<\s*({_ADDRESS})\s*>")
_UNFIT = re.compile(r'[<>"\\\x00-\x1f\x7f-\x9f\u2028\u2029]+')
_LONGEST_NAME = 120


def recipients(text: str) -> list[str]:
    """Every address in ``text`` as ``Name <address>`` or ``address``, each once.

    A name that no mail could carry is cut to what it can, since it is a stranger's: it must not be
    able to stop a reply.
    """
    found: dict[str, str] = {}
    for bare, name, address in _ONE.findall(text):
        shown = _UNFIT.sub(" ", name).strip(" ,;'")[:_LONGEST_NAME].strip()
        found.setdefault((bare or address).lower(), f"{shown} <{address}>" if shown else bare or address)
    return list(found.values())


def others(people: Iterable[str], address: str) -> list[str]:
    """Everyone of ``people`` with an address, but not who has ``address``."""
    return [who for who in recipients("; ".join(people)) if address_of(who).lower() != address.lower()]
