"""Pictures of words attached to mails: which of them are worth looking at, and their bytes once more."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path, PurePath

from indexers import _emlx, _files, _mime, _msg, _outlook, _tnef
from indexers._content import Unreadable
from indexers._mbox import MAX_MESSAGE
from indexers.item import Item

LEAST = 10_000  # bytes; what is smaller is a logo, a button or what counts readers
FAR = 8_000_000  # bytes of what lies on a server: it is kept until it is looked at, not fetched again
MOST = 20  # things attached to a mail that are looked at
_TYPES = frozenset(
    f"image/{form}" for form in ("jpeg", "jpg", "png", "webp", "tiff", "gif", "heic", "heif", "avif")
)
_SUFFIXES = frozenset(".jpg .jpeg .png .webp .tif .tiff .gif .heic .heif .avif".split())


def looked_at(
    mail: Item, number: int, name: str, content_type: str, data: bytes, scanned: list[int]
) -> dict[str, str]:
    """What an attachment tells of itself where the text in it is still to be recognised, else nothing.

    ``scanned`` are pages of a document that are pictures. A newsletter's pictures are decoration.
    """
    picture = not scanned and _is_picture(name, content_type)
    if number > MOST or not (scanned or picture):
        return {}
    if len(data) > FAR and not Path(mail.path).is_absolute():
        return {}
    if picture and (len(data) < LEAST or mail.meta.get("bulk")):
        return {}
    told = {"ocr": "wanted", "content": hashlib.sha256(data).hexdigest()}
    return told | ({"scanned": " ".join(map(str, scanned))} if scanned else {})


def _is_picture(name: str, content_type: str) -> bool:
    if content_type in _TYPES:
        return True
    return content_type == "application/octet-stream" and PurePath(name).suffix.lower() in _SUFFIXES


def pictures(data: bytes, items: Iterable[Item]) -> dict[str, bytes]:
    """uri → bytes of those attachments of a mail that are to be looked at; ``data`` is the whole mail."""
    wanted = [item.uri for item in items if item.kind == "attachment" and item.meta.get("ocr")]
    attached = _content(data).attached if wanted else []
    return {uri: _payload(attached, int(uri.rpartition("#")[2])) for uri in wanted}


def again(path: Path, *, offset: int, size: int, number: int) -> bytes:
    """The bytes of the ``number``-th thing attached to the mail of ``size`` bytes at ``offset`` of a file.

    Raises Unreadable where there is none now, and OSError.
    """
    with path.open("rb") as file:
        head = file.read(_files.HEAD)
        file.seek(offset)
        data = file.read(min(size, MAX_MESSAGE))
    if head.startswith((_msg.SIGNATURE, _tnef.SIGNATURE)):
        content = _outlook.read(data)
    elif head[:1].isdigit() and path.name.lower().endswith(".emlx"):
        content = _content(_emlx.split(data).data)
        content.attached = _emlx.completed(content.attached, path)
    else:
        content = _content(data)
    return _payload(content.attached, number)


def _content(data: bytes) -> _mime.Content:
    """With what Outlook packs together taken apart, as when it was read first."""
    content = _mime.content(data)
    if any(map(_outlook.is_packed, content.attached)):
        _outlook.unpack(content)
    return content


def _payload(attached: list[_mime.Attached], number: int) -> bytes:
    if not 0 < number <= len(attached):
        raise Unreadable("the mail has changed since it was read")
    return _mime.payload_of(attached[number - 1].part)
