"""What the reader of a document's format gives back, and how it says that it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime


class Unreadable(Exception):
    """The document cannot be read; the message is a sentence for a person."""


@dataclass
class Content:
    """The words of a document and what it says of itself.

    ``pages`` are the texts of its pages or slides; a format without pages gives one. ``scanned`` are the
    numbers (from 1) of pages that are pictures without words. ``cut`` says what was left out, and why.
    """

    pages: list[str]
    title: str = ""
    author: str = ""
    when: datetime | None = None
    scanned: list[int] = field(default_factory=list)
    cut: str = ""


def moment(text: str) -> datetime | None:
    """A time as office formats write it (ISO 8601, fractions of any length); one without a zone is UTC."""
    try:
        found = datetime.fromisoformat(text.strip()[:40])
    except ValueError:
        try:
            found = datetime.fromisoformat(text.strip()[:19])
        except ValueError:
            return None
    try:
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found if 1970 < found.astimezone(UTC).year < 2200 else None
    except (OverflowError, ValueError):
        return None
