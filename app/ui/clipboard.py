"""The clipboard lent for a moment: every format of what was in it comes back, pictures and own types too."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage

from app.core.errors import HomebodyError

MOST_BYTES = 256 * 1024 * 1024
PATIENCE_S = 3.0  # for a program that is slow to hand over what it has copied
_IMAGE = "application/x-qt-image"
_COPY_MS = 600  # that a program may take to copy
_SETTLE_MS = 250  # after the last time that somebody asked for the words


def held() -> QMimeData:
    """All that is in the clipboard now, in memory of our own.

    Raises HomebodyError where it cannot all be kept: then it is not to be touched.
    """
    source, kept = QGuiApplication.clipboard().mimeData(), QMimeData()
    until, size = time.monotonic() + PATIENCE_S, 0
    for name in source.formats() if source is not None else ():
        if name == _IMAGE:
            kept.setImageData(QImage(source.imageData()))
            continue
        data = source.data(name)
        size += data.size()
        if size > MOST_BYTES or time.monotonic() > until:
            raise HomebodyError(
                "what you have copied is too large to be put back afterwards",
                remedy="use Copy, and paste it yourself",
            )
        kept.setData(name, data)
    return kept


class _Lent(QMimeData):
    """Words that tell when somebody fetches them."""

    def __init__(self, text: str, fetched: Any) -> None:
        super().__init__()
        self._fetched = fetched
        self.setText(text)
        self.setData("x-kde-passwordManagerHint", b"secret")  # clipboard managers keep no copy of it

    def retrieveData(self, mime: str, kind: Any) -> Any:
        if mime.startswith("text/"):
            self._fetched()
        return super().retrieveData(mime, kind)


class Loan(QObject):
    """Words in the clipboard until they are pasted, or nobody wants them; then what was there before."""

    ended = Signal(bool)  # whether they were fetched

    def __init__(self, text: str, patience_ms: int) -> None:
        """Raises HomebodyError as :func:`held`."""
        super().__init__()
        self._before = held()
        self.fetched = False
        self._over = QTimer(self, singleShot=True, interval=patience_ms)
        self._over.timeout.connect(self._restore)
        self._lent = _Lent(text, self._fetch)
        self._open = False  # clipboard managers may read it as soon as it is there
        QGuiApplication.clipboard().setMimeData(self._lent)
        QGuiApplication.clipboard().dataChanged.connect(self._changed)
        self._over.start()

    def open(self, patience_ms: int) -> None:
        """From now on who asks for the words is the program that they are pasted into."""
        self._open = True
        self._over.start(patience_ms)

    def _fetch(self) -> None:
        if self._open:
            self.fetched = True
            self._over.start(_SETTLE_MS)

    def _changed(self) -> None:
        """The person copied something else meanwhile: that stays."""
        if not QGuiApplication.clipboard().ownsClipboard():
            self._end()

    def _restore(self) -> None:
        if QGuiApplication.clipboard().ownsClipboard():
            QGuiApplication.clipboard().dataChanged.disconnect(self._changed)
            if self._before.formats():
                QGuiApplication.clipboard().setMimeData(self._before)
            else:
                QGuiApplication.clipboard().clear()
            self.ended.emit(self.fetched)
            return
        self._end()

    def _end(self) -> None:
        self._over.stop()
        QGuiApplication.clipboard().dataChanged.disconnect(self._changed)
        self.ended.emit(self.fetched)


class Copy(QObject):
    """What is selected elsewhere, by its copy key, where nothing else tells it; the clipboard comes back."""

    ended = Signal(str)  # the text; empty where nothing was copied

    def __init__(self, press: Callable[[], bool], patience_ms: int = _COPY_MS) -> None:
        """``press`` presses the copy key in the program in front. Raises HomebodyError as :func:`held`."""
        super().__init__()
        self._before = held()
        self._over = QTimer(self, singleShot=True, interval=patience_ms)
        self._over.timeout.connect(self._nothing)
        QGuiApplication.clipboard().dataChanged.connect(self._changed)
        self._over.start()
        QTimer.singleShot(0, self, lambda: None if press() else self._over.start(0))

    def _changed(self) -> None:
        text = QGuiApplication.clipboard().text()
        self._stop()
        QGuiApplication.clipboard().setMimeData(self._before)
        self.ended.emit(text)

    def _nothing(self) -> None:
        self._stop()
        self.ended.emit("")

    def _stop(self) -> None:
        self._over.stop()
        QGuiApplication.clipboard().dataChanged.disconnect(self._changed)
