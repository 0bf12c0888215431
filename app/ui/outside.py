"""What reaches beyond our windows: the global keys, the selection elsewhere, a part of the screen."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QIODevice, QObject, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication, QImage, QPixmap

from app.core.api import Verbs
from app.core.errors import HomebodyError, translate
from app.ui import region
from app.ui.clipboard import Copy, Loan
from app.ui.floating import Gate, current_screen
from app.ui.hotkey import QUICK, SCREEN, SELECTION, Hotkeys, needs_binding
from app.ui.language import mark, tr
from app.ui.native import MAX_CHARS, Native, Place, Selected, native
from app.ui.popup import SelectionPopup
from app.ui.portal import screenshot
from app.ui.quick import Quick
from app.ui.session import Session

KEYS = {  # name → setting, what it does
    SELECTION: ("desktop.hotkey", mark("Summarize the selected text")),
    QUICK: ("desktop.quick_hotkey", mark("Open the quick prompt")),
    SCREEN: ("desktop.screen_hotkey", mark("Read a part of the screen")),
}
_FOCUS_MS = 700  # for our popup to be given the keyboard
_BACK_MS, _TRIES = 30, 40  # for the other program to be in front again
_PASTED_MS = 1500  # for a program to fetch what is pasted into it
_BY_HAND_MS = 30_000  # for a person to paste it


class Outside(QObject):
    """Leads what comes from elsewhere to the quick prompt and the popup, and words back."""

    said = Signal(str)
    failed = Signal(object, object)
    unbound = Signal(object)  # HomebodyError: this desktop gives us no key
    taken = Signal(object)  # HomebodyError: another program has the key

    def __init__(self, session: Session, quick: Quick, popup: SelectionPopup) -> None:
        super().__init__()
        self.session, self.quick, self.popup = session, quick, popup
        self.gate: Gate = lambda _: True
        self.hotkeys = Hotkeys()
        self.hotkeys.pressed.connect(self._pressed)
        self.hotkeys.failed.connect(self._refused)
        popup.replaced.connect(self.replace)
        popup.left.connect(
            self._begin
        )  # a selection, or a picture, that is still being read comes to nothing
        self.overlay: region.Region | None = None
        self.loan: Loan | None = None
        self._copy: Copy | None = None
        self._native: Native | None = None
        self._asked = 0  # what was begun before is of no interest once something else is

    @property
    def native(self) -> Native:
        if self._native is None:
            self._native = native()
        return self._native

    def bind(self) -> None:
        """Take the keys of the settings; again after each change."""
        self.hotkeys.register(
            {name: (self.session.value(key), tr(what)) for name, (key, what) in KEYS.items()}
        )

    def forget(self) -> None:
        """What was shown of the store, and of other programs, is gone, also where it cannot be seen."""
        self._asked += 1
        self.quick.forget()
        self.popup.forget()
        if self.overlay is not None:
            self.overlay.leave()

    def close(self) -> None:
        self.hotkeys.close()
        if self.overlay is not None:
            self.overlay.leave()

    # --- the selection -----------------------------------------------------------------------------

    def summarize(self) -> None:
        """What is selected in the program in front."""
        if not self.gate(self.summarize):
            return
        number = self._begin()
        place = self._front()
        if not self.native.waits:
            self._selected(number, place, self.native.selected())
            return
        self.session.jobs.run(
            self.native.selected,
            lambda text: self._selected(number, place, text),
            lambda error: self._unread(number, error),
        )

    def _selected(self, number: int, place: Place, text: str | None) -> None:
        if number != self._asked:
            return
        if text:
            self.popup.show_selected(Selected(text, place))
        elif self.native.copies:
            self._copied(number, place)
        elif text is not None:
            self.popup.show_selected(Selected("", place))
        else:
            self._late(number)

    def _copied(self, number: int, place: Place) -> None:
        """By the copy key, where the program tells nothing by itself."""
        try:
            self._copy = copy = Copy(lambda: self.native.press("copy"))
        except HomebodyError as error:
            self.failed.emit(error, None)
            return

        def take(text: str) -> None:
            copy.deleteLater()
            self._copy = None
            if number == self._asked:
                self.popup.show_selected(Selected(text.strip()[:MAX_CHARS], place))

        copy.ended.connect(take)

    def _late(self, number: int) -> None:
        """Wayland without a helper: only a window that has the keyboard may read the selection."""
        self.popup.show_waiting(tr("Reading the selection …"))
        until = [_FOCUS_MS // 50]

        def look() -> None:
            if number != self._asked:
                return
            until[0] -= 1
            clipboard = QGuiApplication.clipboard()
            text = clipboard.text(QClipboard.Mode.Selection) if self.popup.isActiveWindow() else ""
            if text or until[0] <= 0:
                self.popup.show_selected(Selected(text.strip()[:MAX_CHARS]))
            else:
                QTimer.singleShot(50, self, look)

        look()

    def _unread(self, number: int, error: Exception) -> None:
        if number == self._asked:
            self.failed.emit(translate(error), None)

    # --- words back ----------------------------------------------------------------------------------

    def replace(self, place: Place, text: str) -> None:
        """Paste ``text`` where the selection is; what was in the clipboard is there again afterwards."""
        if self.loan is not None:
            return
        try:
            self.loan = loan = Loan(text, _PASTED_MS + _BACK_MS * _TRIES)
        except HomebodyError as error:
            self.failed.emit(error, None)
            return
        loan.ended.connect(lambda fetched: self._returned(loan, fetched))
        self.native.return_to(place)
        self._when_front(place, lambda: self._paste(loan))

    def _when_front(self, place: Place, then: Callable[[], None], tries: int = _TRIES) -> None:
        if tries == 0 or self.native.is_front(place):
            QTimer.singleShot(2 * _BACK_MS, self, then)  # it has the keyboard a little after it is in front
        else:
            QTimer.singleShot(_BACK_MS, self, lambda: self._when_front(place, then, tries - 1))

    def _paste(self, loan: Loan) -> None:
        loan.open(_PASTED_MS)
        native = self.native  # whose press may take a moment

        def pressed(done: bool) -> None:
            if not done and self.loan is loan:
                loan.open(_BY_HAND_MS)
                words = tr("Press Ctrl+V in the other program. What you had copied comes back afterwards.")
                self.said.emit(words)

        self.session.jobs.run(lambda: native.press("paste"), pressed, lambda _: pressed(False))

    def _returned(self, loan: Loan, fetched: bool) -> None:
        loan.deleteLater()
        self.loan = None
        if not fetched:
            self.said.emit(tr("The other program took no text. Use Copy, and paste it yourself."))

    # --- the screen ------------------------------------------------------------------------------------

    def read_screen(self) -> None:
        """A window, or a part of the screen, that the person chooses; its picture stays in memory."""
        if not self.gate(self.read_screen):
            return
        number = self._begin()
        if self.overlay is not None:
            return
        if sys.platform == "linux" and QGuiApplication.platformName() != "xcb":
            self.session.jobs.run(
                screenshot,
                lambda data: self._read(number, Place(), data),
                lambda error: self._unread(number, error),
            )
            return
        place, screen = self._front(), current_screen()
        self.overlay = region.Region(screen, region.shot(screen), region.inside(screen, place.area))
        self.overlay.taken.connect(lambda picture: self._taken(number, place, picture))
        self.overlay.left.connect(self._left)
        self.overlay.appear()

    def _left(self) -> None:
        self.overlay = None

    def _taken(self, number: int, place: Place, picture: QPixmap) -> None:
        self.overlay = None
        image = picture.toImage()
        self.popup.show_waiting(tr("Reading this part of the screen …"))
        self.session.jobs.run(
            lambda: encoded(image),
            lambda data: self._read(number, place, data),
            lambda error: self._unread(number, error),
        )

    def _read(self, number: int, place: Place, data: bytes) -> None:
        if number != self._asked:
            return
        if not self.popup.isVisible():
            self.popup.show_waiting(tr("Reading this part of the screen …"))

        def take(text: str) -> None:
            if number == self._asked:
                self.popup.show_selected(Selected(text.strip()[:MAX_CHARS], place, on_screen=True))

        def broke(error: HomebodyError) -> None:
            self.popup.hide()
            self.failed.emit(error, None)

        self.session.run(Verbs.legible, take, broke, data=data)

    # --- keys --------------------------------------------------------------------------------------------

    def activate(self, token: str) -> None:
        """Wayland gives the keyboard to a window of ours only for a key that the person pressed."""
        if token and QGuiApplication.platformName().startswith("wayland"):
            os.environ["XDG_ACTIVATION_TOKEN"] = token

    def _pressed(self, name: str, token: str) -> None:
        self.activate(token)
        {SELECTION: self.summarize, QUICK: self.quick.toggle, SCREEN: self.read_screen}[name]()

    def _refused(self, _name: str, error: HomebodyError) -> None:
        (self.unbound if needs_binding(error) else self.taken).emit(error)

    def _begin(self) -> int:
        self._asked += 1
        return self._asked

    def _front(self) -> Place:
        """A window of our own is no other program."""
        if QGuiApplication.focusWindow() is not None:
            return Place()
        return self.native.front()


def encoded(image: QImage) -> bytes:
    """As a PNG in memory."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 90)  # type: ignore[call-overload]  # the stubs want bytes for the format
    return bytes(buffer.data().data())
