"""Mail addresses out of headers and of the index, in the form in which a deed takes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.actions.contract import address_of
from app.core.errors import NotFound, UsageFault
from app.store.people import People

_ADDRESS = r"[^\s,;<>()\"]{1,64}@[^\s,;<>()\"]{1,253}"
_ONE = re.compile(rf"(?:^|[,;])\s*({_ADDRESS})\s*(?=[,;]|$)|([^<>]*)<\s*({_ADDRESS})\s*>")
_UNFIT = re.compile(r'[<>"\\\x00-\x1f\x7f-\x9f\u2028\u2029]+')
_LONGEST_NAME = 120
_NAMED = 5  # of several people with a name


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


def addressees(people: People, typed: Sequence[str]) -> tuple[list[str], str]:
    """Whom a new mail goes to, each once, and where that is from.

    An address stays as it was typed, a name becomes the one person of that name the index knows.
    Raises NotFound where there is none, and UsageFault where there are several.
    """
    found = [who for one in typed for who in (recipients(one) or [_known(people, one)])]
    looked_up = any(not recipients(one) for one in typed)
    return recipients("; ".join(found)), "from your mails and events" if looked_up else "you"


def _known(people: People, name: str) -> str:
    matches = people.called(name)
    shown = name.strip()[:_LONGEST_NAME] or "nobody"
    if not matches:
        raise NotFound(f"no mail address is known for {shown}", remedy="write the address")
    if len(matches) > 1:
        more = f" and {len(matches) - _NAMED} more" if len(matches) > _NAMED else ""
        raise UsageFault(
            f"{shown} can be {'; '.join(matches[:_NAMED])}{more}", remedy="write the address of the one"
        )
    return matches[0]
