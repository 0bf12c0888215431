"""Other programs, by the way this system offers: what is in front, what is selected, putting words there."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Literal, Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from app.ui.language import tr
from app.ui.text import one_line

MAX_CHARS = 200_000


@dataclass(frozen=True)
class Place:
    """A window of another program; ``handle`` is the system's own, 0 where it tells none.

    ``area`` is in physical pixels of the screen, empty where it is not known.
    """

    title: str = ""
    program: str = ""
    handle: int = 0
    area: QRect = field(default_factory=QRect)

    @property
    def words(self) -> str:
        """``“Title” in program``, as far as known, on one line."""
        title, program = one_line(self.title, 80), one_line(self.program, 40)
        if title and program and program.lower() not in title.lower():
            return tr("“{title}” in {program}", title=title, program=program)
        return f"“{title}”" if title else program


@dataclass(frozen=True)
class Selected:
    """Words of another program, or of the screen, with where they are from."""

    text: str
    place: Place = Place()
    on_screen: bool = False  # read off a picture: there is nothing to be replaced


class Native(Protocol):
    """``waits``: reading the selection may take a moment, so it is not for the GUI thread.

    ``copies``: what cannot be read may be copied instead (:class:`app.ui.clipboard.Copy`).
    """

    waits: bool
    copies: bool

    def front(self) -> Place:
        """What is in front, before a window of ours is."""
        ...

    def selected(self) -> str | None:
        """The selected text, empty where there is none.

        None where it cannot be read so: it is to be copied, or read by a window of ours that has the
        keyboard. Raises HomebodyError where the system forbids it.
        """
        ...

    def return_to(self, place: Place) -> None:
        """Give ``place`` the keyboard back."""
        ...

    def is_front(self, place: Place) -> bool: ...

    def press(self, what: Literal["copy", "paste"]) -> bool:
        """Press the keys for it in the program in front; False where only the person can."""
        ...


def native() -> Native:
    """The one for this desktop."""
    if sys.platform == "win32":
        from app.ui.native_windows import Windows

        return Windows()
    if sys.platform == "darwin":
        from app.ui.native_macos import MacOS

        return MacOS()
    if QGuiApplication.platformName() == "xcb":
        from app.ui.native_x11 import X11

        return X11()
    from app.ui.native_wayland import Wayland

    return Wayland()
