"""Short messages as “SMS Backup & Restore” keeps them in XML, read piece by piece: pictures are in it too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from indexers import _pulse, _xml
from indexers._chat import ME, Conversation, Message, Partly, local
from indexers._content import Unreadable

_MOST = 64_000_000  # bytes of one picture in base64
_MAX_CHARS = 200_000_000  # of all messages
_SENT = ("2", "4", "5", "6")  # sent, outbox, failed, queued
_MMS_FROM = "137"  # the type of the address that is the sender's (PduHeaders.FROM)
_NOBODY = ("null", "", "insert-address-token")


class _Reading:
    def __init__(self) -> None:
        self.said: dict[str, list[Message]] = {}
        self.names: dict[str, str] = {}
        self._chars = 0
        self._mms: dict[str, str] | None = None
        self._words: list[str] = []
        self._sender = ""

    def begin(self, tag: str, fields: dict[str, str]) -> None:
        if tag == "sms":
            sent = fields.get("type") in _SENT
            self._add(fields, fields.get("body", ""), ME if sent else self._name(fields), sent=sent)
        elif tag == "mms":
            self._mms, self._words, self._sender = fields, [], ""
        elif tag == "part" and self._mms is not None:
            if fields.get("ct") == "text/plain":
                self._words.append(fields.get("text", ""))
            elif fields.get("ct") not in ("application/smil", None):
                name = next(
                    (fields[key] for key in ("name", "cl", "fn") if fields.get(key) not in (None, *_NOBODY)),
                    "",
                )
                self._words.append(f"(file {name or fields['ct']})")
        elif tag == "addr" and self._mms is not None and fields.get("type") == _MMS_FROM:
            self._sender = fields.get("address", "")

    def end(self, tag: str) -> None:
        if tag == "mms" and self._mms is not None:
            sent = self._mms.get("msg_box") in _SENT
            one = "~" not in self._mms.get("address", "")
            who = ME if sent else self._name(self._mms) if one or self._sender in _NOBODY else self._sender
            self._add(self._mms, " ".join(word for word in self._words if word), who, sent=sent)
            self._mms = None

    def _name(self, fields: dict[str, str]) -> str:
        name = fields.get("contact_name", "")
        known = name not in _NOBODY and name != "(Unknown)"
        return name if known else fields.get("address", "")

    def _add(self, fields: dict[str, str], words: str, who: str, *, sent: bool) -> None:
        stamp, address = fields.get("date", ""), fields.get("address", "")
        when = local(int(stamp) / 1000) if stamp.isdecimal() and len(stamp) < 16 else None
        self._chars += len(words) + 200
        if when is None or words in _NOBODY or self._chars > _MAX_CHARS:
            return
        key = "~".join(sorted(_number(one) for one in address.split("~")))
        self.names[key] = self._name(fields).replace("~", ", ")
        self.said.setdefault(key, []).append(
            Message(when, who, words, "" if sent or "~" in address else address)
        )


def conversations(file: IO[bytes]) -> Iterator[tuple[Conversation, list[Message]]]:
    """Every correspondent's messages. Raises Unreadable where the XML is damaged or a trap, at the end."""
    reading = _Reading()
    fault: Unreadable | None = None
    try:
        for _ in _xml.stream(file, reading.begin, most=_MOST, end=reading.end):
            _pulse.beat()
    except Unreadable as error:
        if not reading.said:
            raise
        fault = error
    for key, messages in reading.said.items():
        yield Conversation(key, reading.names[key], "SMS"), messages
    if fault is not None:
        raise Partly(str(fault))


def _number(address: str) -> str:
    """A telephone number without what only spaces it; the end tells it, with or without a country code."""
    digits = "".join(filter(str.isdigit, address))
    return digits[-9:] if len(digits) >= 9 else address.strip().lower()
