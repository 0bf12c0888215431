"""One mail or event as a server gives it, before anything of it is read."""

from __future__ import annotations

import msgspec


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One mail or event: ``path`` is its address there, ``size`` counts also what did not come.

    ``folder``, ``flags`` (in Maildir's letters) and ``arrived`` (as in mail headers) are what the server
    told of it.
    """

    path: str
    data: bytes
    size: int
    folder: str = ""
    flags: str = ""
    arrived: str = ""
