"""Slack's export: a folder or zip of users, channels, and one JSON file a channel and day."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import msgspec

from indexers._chat import Conversation, Message, local

LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json")
_DAY = re.compile(r"(?:[^/]+/)*([^/]+)/\d{4}-\d{2}-\d{2}\.json")
_MARKED = re.compile(r"<([@#!]?)([^<>|]{1,3000})(?:\|([^<>]{0,500}))?>")
_SILENT = frozenset("channel_join channel_leave group_join group_leave bot_add bot_remove".split())

Read = Callable[[str], bytes]  # a file of the export by its name


class Workspace:
    """Who the members are, and what the channels and direct messages are called.

    ``read`` gives a file of the export; a list that is missing or damaged leaves ids as they are.
    """

    def __init__(self, read: Read, names: frozenset[str]) -> None:
        self._people: dict[str, str] = {}
        self._channels: dict[str, str] = {}
        for user in _rows(read, "users.json", names):
            told = user.get("profile")
            profile: dict[str, Any] = told if isinstance(told, dict) else {}
            found = profile.get("real_name") or user.get("real_name") or profile.get("display_name")
            self._people[str(user.get("id"))] = str(found or user.get("name") or user.get("id"))
        for listed in LISTS:
            for channel in _rows(read, listed, names):
                self._channel(channel, direct=listed in ("dms.json", "mpims.json"))

    def _channel(self, channel: dict[str, Any], *, direct: bool) -> None:
        members = channel.get("members")
        own, id = str(channel.get("name") or ""), str(channel.get("id"))
        if direct and isinstance(members, list):
            name = ", ".join(self.person(str(member)) for member in members[:20])
        else:
            name = f"#{own}"
        for folder in (own, id):
            if folder:
                self._channels[folder] = name

    def person(self, id: str) -> str:
        return self._people.get(id, id)

    def conversation(self, folder: str) -> Conversation:
        """The one whose days lie in ``folder``."""
        return Conversation(folder, self._channels.get(folder, f"#{folder}"), "Slack")

    def day(self, data: bytes) -> list[Message]:
        """The messages of one day, answers under what they answer. Raises msgspec.MsgspecError."""
        rows = [row for row in _objects(data) if row.get("type", "message") == "message"]
        answers: dict[str, list[dict[str, Any]]] = {}
        tops: list[dict[str, Any]] = []
        known = {str(row.get("ts")) for row in rows}
        for row in rows:
            thread, ts = str(row.get("thread_ts") or ""), str(row.get("ts"))
            if thread and thread != ts and thread in known:
                answers.setdefault(thread, []).append(row)
            else:
                tops.append(row)
        found: list[Message] = []
        for row in sorted(tops, key=lambda row: str(row.get("ts"))):
            found += self._said(row, indent=self._begun_before(row))
            for answer in sorted(answers.get(str(row.get("ts")), []), key=lambda row: str(row.get("ts"))):
                found += self._said(answer, indent=True)
        return found

    def _begun_before(self, row: dict[str, Any]) -> bool:
        return bool(row.get("thread_ts")) and row.get("thread_ts") != row.get("ts")

    def _said(self, row: dict[str, Any], *, indent: bool) -> list[Message]:
        try:
            when = local(float(str(row.get("ts"))))
        except ValueError:
            return []
        if when is None or row.get("subtype") in _SILENT:
            return []
        files = row.get("files") if isinstance(row.get("files"), list) else []
        parts = [self.plain(str(row.get("text") or ""))]
        parts += [
            f"(file {one.get('title') or one.get('name')})" for one in files or [] if isinstance(one, dict)
        ]
        words = " ".join(part for part in parts if part.strip())
        return [Message(when, self._writer(row), words, indent=indent)] if words else []

    def _writer(self, row: dict[str, Any]) -> str:
        id = str(row.get("user") or "")
        profile = row.get("user_profile")
        shown = str(profile.get("real_name") or "") if isinstance(profile, dict) else ""
        return self._people.get(id) or shown or str(row.get("username") or "") or id or "Slack"

    def plain(self, text: str) -> str:
        """Without Slack's marks: members and channels by name, links as they are."""
        return html.unescape(_MARKED.sub(self._mark, text))

    def _mark(self, match: re.Match[str]) -> str:
        sign, target, label = match[1], match[2], match[3]
        if sign == "@":
            return f"@{label or self.person(target)}"
        if sign == "#":
            return f"#{label}" if label else self._channels.get(target, f"#{target}")
        if sign == "!":
            return f"@{label or target}".replace("@@", "@")
        return f"{label} ({target})" if label and label != target else target


def folder_of(name: str) -> str:
    """The channel's folder, for the name of a day's file; empty for any other."""
    match = _DAY.fullmatch(name)
    return match[1] if match else ""


def _rows(read: Read, name: str, names: frozenset[str]) -> list[dict[str, Any]]:
    if name not in names:
        return []
    try:
        return _objects(read(name))
    except (msgspec.MsgspecError, RecursionError, OSError):
        return []


def _objects(data: bytes) -> list[dict[str, Any]]:
    found = msgspec.json.decode(data)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
