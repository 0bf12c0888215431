"""What is said to who does not see it: a message, or an answer that has come, to a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from app.ui.text import one_line

_LONGEST = 600  # characters; the rest is read where it stands


def announce(speaker: QObject, words: str, *, urgent: bool = False) -> None:
    """Say ``words`` after what is being said now, or at once where they are ``urgent``."""
    if not words or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(speaker, one_line(words, _LONGEST))
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QAccessible.updateAccessibility(event)
