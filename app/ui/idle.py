"""Tells the engine when the person last used keyboard or mouse, so that work in the background gives way.

And that a window of ours is in front: what elsewhere has to be asked for is then asked for more often.
On X11 the screen saver extension knows it of every program (XScreenSaverQueryInfo); elsewhere only what is
typed and clicked in our own windows is seen. Nothing is told but that, and only while there is work or a
window in front.
"""

from __future__ import annotations

import contextlib
import ctypes
import time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from app.core.api import Sources
from app.ui.front import Front
from app.ui.indexing import Indexing
from app.ui.session import Session

_EVERY_MS = 1000
FRONT_MS = 30_000  # while there is no work, and a window of ours is in front
_INPUT = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseMove,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.InputMethod,
)


class _Info(ctypes.Structure):
    """XScreenSaverInfo of <X11/extensions/scrnsaver.h>; ``idle`` in milliseconds."""

    _fields_ = (
        ("window", ctypes.c_ulong),
        ("state", ctypes.c_int),
        ("kind", ctypes.c_int),
        ("til_or_since", ctypes.c_ulong),
        ("idle", ctypes.c_ulong),
        ("event_mask", ctypes.c_ulong),
    )


class _X11:
    """A connection of its own to the display. Raises OSError where there is none, or not the extension."""

    def __init__(self) -> None:
        x11, self._saver = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
        self._x11 = x11
        x11.XCloseDisplay.argtypes = (ctypes.c_void_p,)
        x11.XOpenDisplay.restype, x11.XOpenDisplay.argtypes = ctypes.c_void_p, (ctypes.c_char_p,)
        x11.XDefaultRootWindow.restype, x11.XDefaultRootWindow.argtypes = ctypes.c_ulong, (ctypes.c_void_p,)
        query, pair = self._saver.XScreenSaverQueryInfo, (ctypes.c_int(), ctypes.c_int())
        query.argtypes = (ctypes.c_void_p, ctypes.c_ulong, ctypes.POINTER(_Info))
        self._saver.XScreenSaverQueryExtension.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
        self._display = x11.XOpenDisplay(None)
        if not self._display or not self._saver.XScreenSaverQueryExtension(
            self._display, ctypes.byref(pair[0]), ctypes.byref(pair[1])
        ):
            raise OSError("no screen saver extension")
        self._root = x11.XDefaultRootWindow(self._display)

    def close(self) -> None:
        self._x11.XCloseDisplay(self._display)

    def idle_s(self) -> float:
        info = _Info()
        self._saver.XScreenSaverQueryInfo(self._display, self._root, ctypes.byref(info))
        return float(info.idle) / 1000


class Idle(QObject):
    """Lives as long as the window."""

    def __init__(self, session: Session, indexing: Indexing) -> None:
        super().__init__()
        self.session, self.indexing = session, indexing
        self._used = float("-inf")
        self._display: _X11 | None = None
        self._front = False
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        self._application = application
        if application.platformName() == "xcb":
            with contextlib.suppress(OSError):  # our own windows must do
                self._display = _X11()
        self._own = Front(application, self._heard) if self._display is None else None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tell)
        indexing.changed.connect(self._follow)
        application.applicationStateChanged.connect(self._fronted)
        self._fronted(application.applicationState())

    def close(self) -> None:
        self._application.applicationStateChanged.disconnect(self._fronted)
        self._timer.stop()
        if self._own is not None:
            self._own.close()
        if self._display is not None:
            self._display.close()
            self._display = None

    def idle_s(self) -> float:
        """Seconds since the last key or movement that can be known."""
        return self._display.idle_s() if self._display is not None else time.monotonic() - self._used

    def _heard(self, event: QEvent.Type) -> None:
        if event in _INPUT:
            self._used = time.monotonic()

    def _fronted(self, state: Qt.ApplicationState) -> None:
        self._front = state == Qt.ApplicationState.ApplicationActive
        if self._front:
            self._used = time.monotonic()  # nobody else brings a window to the front
        self._follow()
        if self._front:
            self._tell()

    def _follow(self) -> None:
        """Nobody is asked while there is nothing to do, and rarely while there is nothing but a window."""
        every = _EVERY_MS if self.indexing.busy else FRONT_MS if self._front else 0
        if not every:
            self._timer.stop()
        elif not self._timer.isActive() or self._timer.interval() != every:
            self._timer.start(every)

    def _tell(self) -> None:
        if (self.indexing.busy or self._front) and self.session.status.vault == "open":
            self.session.run(
                Sources.person,
                lambda _: None,
                lambda _: None,
                idle_s=min(self.idle_s(), 1e6),
                front=self._front,
            )
