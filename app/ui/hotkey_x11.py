"""A global hotkey on X11: a grab on Qt's own connection, so that nothing leaks and a conflict is seen."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QTimer
from PySide6.QtGui import QGuiApplication

from app.core.errors import HomebodyError, UsageFault
from app.ui import xcb
from app.ui.keys import parts

_SHIFT, _LOCK, _CONTROL, _ALT, _NUM, _SUPER = 1, 2, 4, 8, 16, 64
_LOCKS = (0, _LOCK, _NUM, _LOCK | _NUM)  # Caps Lock and Num Lock must not matter
_MODIFIERS = {"Shift": _SHIFT, "Ctrl": _CONTROL, "Alt": _ALT, "Meta": _SUPER}
_KEYSYMS = {  # Qt's portable names
    "Space": 0x20,
    "Return": 0xFF0D,
    "Tab": 0xFF09,
    "Esc": 0xFF1B,
    "Ins": 0xFF63,
    "Pause": 0xFF13,
    "Print": 0xFF61,
    "Home": 0xFF50,
    "End": 0xFF57,
    "PgUp": 0xFF55,
    "PgDown": 0xFF56,
} | {f"F{n}": 0xFFBD + n for n in range(1, 25)}
_ASYNC = 1
_BAD_ACCESS = 10
_STATE_AT = 28  # offset of the modifier state in xcb_key_press_event_t


class X11Hotkey(QAbstractNativeEventFilter):
    """Calls ``pressed`` whenever the key is pressed, in whatever program the person is."""

    def __init__(self, pressed: Callable[[], None]) -> None:
        super().__init__()
        self._pressed = pressed
        self._code, self._modifiers = 0, 0
        self._xcb = xcb.library()
        xcb.library("keysyms")  # says now what is missing
        self._connection, self._root = xcb.connection(), xcb.root()
        application = QGuiApplication.instance()
        assert application is not None
        application.installNativeEventFilter(self)

    def register(self, keys: str) -> None:
        """Take ``keys`` (such as ``Ctrl+Alt+S``; empty: none) instead of the ones before.

        Raises UsageFault for what is no key, HomebodyError where another program has it.
        """
        self.release()
        if not keys:
            return
        keysym, modifiers = parse(keys)
        code = xcb.keycode(keysym)
        if not code:
            raise UsageFault("this keyboard has no such key", where=keys, remedy="choose another hotkey")
        self._code, self._modifiers = code, modifiers
        for locks in _LOCKS:
            cookie = self._xcb.xcb_grab_key_checked(
                self._connection, 1, self._root, modifiers | locks, code, _ASYNC, _ASYNC
            )
            fault = self._xcb.xcb_request_check(self._connection, cookie)
            if fault:
                taken = fault.contents.code == _BAD_ACCESS
                xcb.free(fault)
                self.release()
                raise HomebodyError(
                    "another program has this hotkey already" if taken else "the hotkey was refused",
                    where=keys,
                    remedy="choose another one in Settings, Desktop",
                )

    def release(self) -> None:
        if self._code:
            for locks in _LOCKS:
                self._xcb.xcb_ungrab_key(self._connection, self._code, self._root, self._modifiers | locks)
            self._xcb.xcb_flush(self._connection)
        self._code = 0

    def close(self) -> None:
        self.release()
        application = QGuiApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        """Qt sees the event too: it takes the time from it, without which no window is given the keyboard
        by a window manager that prevents focus stealing. So the call comes after Qt has seen it."""
        if self._code and QByteArray(kind).data() == b"xcb_generic_event_t":
            head = ctypes.string_at(int(message), _STATE_AT + 2)
            if head[0] & 0x7F == xcb.KEY_PRESS and head[1] == self._code:
                state = int.from_bytes(head[_STATE_AT:], "little")
                if state & (_SHIFT | _CONTROL | _ALT | _SUPER) == self._modifiers:
                    QTimer.singleShot(0, self._pressed)
        return False, 0


def parse(keys: str) -> tuple[int, int]:
    """The X11 keysym and modifier mask of a key sequence; raises UsageFault."""
    held, name = parts(keys)
    modifiers = sum(_MODIFIERS[part] for part in held)
    keysym = _KEYSYMS.get(name) or ord(name.lower())
    return keysym, modifiers
