"""The folders of a mailbox: which there are, what each is for, and whether anything changed in it.

Special-use folders (RFC 6154) and the state of all of them in one answer (RFC 5819), where the server can.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote

from app.core.accounts import Account
from app.core.errors import NotFound
from app.courier.imap_values import Value, folder_name, number, parsed
from app.courier.imap_wire import Wire, quoted
from app.courier.remote import Collection

_NOT_READ = {b"\\NOSELECT", b"\\NONEXISTENT", b"\\TRASH", b"\\JUNK", b"\\FLAGGED", b"\\IMPORTANT"}
_BY_NAME = {  # where a server does not say what its folders are for
    b"\\TRASH": (
        "trash",
        "deleted items",
        "deleted messages",
        "papierkorb",
        "gelöscht",
        "corbeille",
        "cestino",
    ),
    b"\\JUNK": ("junk", "spam", "junk e-mail", "junk email", "bulk mail", "spamverdacht", "unerwünscht"),
    b"\\DRAFTS": ("drafts", "draft", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos"),
    b"\\ARCHIVE": ("archive", "archives", "archiv", "archivio", "archivo"),
}
_SEEN_BY = "(MESSAGES UIDNEXT UIDVALIDITY{})"


@dataclass
class Folder:
    raw: bytes
    title: str
    uses: set[bytes]
    status: dict[bytes, Value] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What it is to the server."""
        return self.raw.decode("latin-1")

    @property
    def prefix(self) -> str:
        """What the names of its mails begin with (RFC 5092)."""
        return f"/{quote(self.title, safe='/')};UIDVALIDITY="

    def name(self, validity: int, uid: int) -> str:
        return f"{self.prefix}{validity}/;UID={uid}"


def survey(wire: Wire, account: Account) -> tuple[Collection, ...]:
    """What there is to read: of folders that show the same mails the one that has them all."""
    wire.leave()
    there = folders(wire)
    if account.place:
        chosen = [one for one in there if one.title == account.place]
        if not chosen:
            raise NotFound(
                "there is no such folder at the account",
                where=account.place,
                remedy="one of: " + ", ".join(one.title for one in there[:20]),
            )
    else:
        everything = [one for one in there if b"\\ALL" in one.uses]  # holds what the other folders show
        chosen = everything or [one for one in there if not one.uses & _NOT_READ]
    return tuple(_collection(wire, one) for one in chosen)


def folders(wire: Wire) -> list[Folder]:
    """Every folder that can be opened, with what it is for."""
    status = _SEEN_BY.format(" HIGHESTMODSEQ" if wire.has("CONDSTORE") else "")
    wanted = [f"STATUS {status}"] if wire.has("LIST-STATUS") else []
    if wire.has("SPECIAL-USE") and wire.has("LIST-EXTENDED"):
        wanted.append("SPECIAL-USE")
    answers = wire.ask("LIST", '""', '"*"', *([f"RETURN ({' '.join(wanted)})"] if wanted else []))
    found: dict[bytes, Folder] = {}
    for flags, _, raw, *_ in parsed(answers.get("LIST", [])):
        uses = {flag.upper() for flag in flags if isinstance(flag, bytes)}
        if (
            isinstance(raw, bytes)
            and (title := folder_name(raw))
            and not uses & {b"\\NOSELECT", b"\\NONEXISTENT"}
        ):
            found[raw] = Folder(raw, title, uses)
    for raw, values, *_ in parsed(answers.get("STATUS", [])):
        if raw in found:
            found[raw].status = _pairs(values)
    _guess_uses(found.values())
    return sorted(found.values(), key=lambda one: (one.title.upper() != "INBOX", one.title))


def _guess_uses(found: Iterable[Folder]) -> None:
    """By their names, where the server does not say."""
    listed = list(found)
    for use, names in _BY_NAME.items():
        if not any(use in one.uses for one in listed):
            for one in listed:
                if re.split(r"[./]", one.title)[-1].lower() in names:
                    one.uses.add(use)


def _collection(wire: Wire, folder: Folder) -> Collection:
    status = folder.status
    if not status:
        with contextlib.suppress(wire.error):  # one that may not be looked into is left as it is
            asked = _SEEN_BY.format(" HIGHESTMODSEQ" if wire.has("CONDSTORE") else "")
            for _, values, *_ in parsed(wire.ask("STATUS", quoted(folder.key), asked).get("STATUS", [])):
                status = _pairs(values)
    told = [number(status.get(name)) for name in (b"UIDVALIDITY", b"UIDNEXT", b"MESSAGES", b"HIGHESTMODSEQ")]
    return Collection(
        key=folder.key,
        title=folder.title,
        prefix=folder.prefix,
        state=" ".join(map(str, told)) if told[0] else "",
    )


def _pairs(values: Value) -> dict[bytes, Value]:
    listed = values if isinstance(values, list) else []
    return dict(
        zip((v.upper() if isinstance(v, bytes) else b"" for v in listed[::2]), listed[1::2], strict=False)
    )
