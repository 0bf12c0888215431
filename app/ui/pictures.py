"""Pictures as the window gets them: pixels from the viewer's process, so that nothing is decoded here."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from app.core.api import Library
from app.core.errors import HomebodyError
from app.core.library import Picture, Thumbnail
from app.ui.jobs import Job
from app.ui.session import Session

_KEPT = 300  # thumbnails of 192 × 192 pixels: 44 MB at most
_AT_ONCE = 24
_WAIT_MS = 60  # while the person scrolls on, what has gone past is not made


def image(picture: Picture) -> QImage | None:
    """None where the pixels are not as many as they are said to be."""
    wide, high = picture.width, picture.height
    if wide <= 0 or high <= 0 or len(picture.rgb) != wide * high * 3:
        return None
    return QImage(picture.rgb, wide, high, wide * 3, QImage.Format.Format_RGB888).copy()


def fitted(picture: Picture, room: QSize) -> QImage | None:
    """No larger than ``room``."""
    made = image(picture)
    if made is None or (made.width() <= room.width() and made.height() <= room.height()):
        return made
    return made.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


class Thumbnails(QObject):
    """Small pictures by uri, made when they are first asked for; ``came`` says which is there now."""

    came = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._known: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[str, None] = OrderedDict()
        self._job: Job | None = None
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._make)

    def get(self, uri: str) -> QPixmap | None:
        """What is there; what is not is made, the latest asked for first."""
        if uri in self._known:
            self._known.move_to_end(uri)
            return self._known[uri]
        self._wanted[uri] = None
        self._wanted.move_to_end(uri)
        if len(self._wanted) > 2 * _AT_ONCE:
            self._wanted.popitem(last=False)
        if not self._wait.isActive() and self._job is None:
            self._wait.start()
        return None

    def known(self, uri: str) -> bool:
        """Whether it was looked at, although it may not be possible to show it."""
        return uri in self._known

    def stop(self) -> None:
        self._wanted.clear()
        self._wait.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def forget(self) -> None:
        """Nothing of a locked store stays in memory."""
        self.stop()
        self._known.clear()

    def _make(self) -> None:
        if self._job is not None or not self._wanted:
            return
        uris = tuple(self._wanted.popitem()[0] for _ in range(min(_AT_ONCE, len(self._wanted))))
        self._job = self.session.stream(Library.thumbnails, self._take, self._ended, self._broke, uris=uris)

    def _take(self, step: object) -> None:
        if not isinstance(step, Thumbnail):
            return
        made = image(step.picture) if step.picture else None
        self._known[step.uri] = QPixmap.fromImage(made) if made is not None else None
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.came.emit(step.uri)

    def _ended(self) -> None:
        self._job = None
        if self._wanted:
            self._wait.start()

    def _broke(self, _: HomebodyError) -> None:
        """A line says what it is without its picture; the next one asked for tries again."""
        self._job = None
