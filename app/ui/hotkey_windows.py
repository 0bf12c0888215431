"""A global hotkey on Windows: RegisterHotKey on the GUI thread, WM_HOTKEY out of Qt's own message loop."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray, QTimer
from PySide6.QtGui import QGuiApplication

from app.core.errors import HomebodyError, UsageFault
from app.ui.keys import parts

_MODIFIERS = {"Alt": 0x1, "Ctrl": 0x2, "Shift": 0x4, "Meta": 0x8}
_NO_REPEAT = 0x4000
_WM_HOTKEY = 0x0312
_TAKEN = 1409  # ERROR_HOTKEY_ALREADY_REGISTERED
_KEYS = {
    "Space": 0x20,
    "Return": 0x0D,
    "Tab": 0x09,
    "Esc": 0x1B,
    "Ins": 0x2D,
    "Pause": 0x13,
    "Print": 0x2C,
    "Home": 0x24,
    "End": 0x23,
    "PgUp": 0x21,
    "PgDown": 0x22,
} | {f"F{n}": 0x6F + n for n in range(1, 25)}
_numbers = itertools.count(1)  # an application's own are 0x0000 to 0xBFFF


class Message(ctypes.Structure):
    """MSG."""

    _fields_ = (
        ("window", ctypes.c_void_p),
        ("message", ctypes.c_uint32),
        ("wparam", ctypes.c_size_t),
        ("lparam", ctypes.c_ssize_t),
        ("time", ctypes.c_uint32),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
    )


class WindowsHotkey(QAbstractNativeEventFilter):
    """Implements :class:`~app.ui.hotkey.One`."""

    def __init__(self, pressed: Callable[[], None], user32: Any = None) -> None:
        super().__init__()
        self._pressed = pressed
        self._user32 = user32 or _user32()
        self._number, self._taken = next(_numbers), False
        application = QGuiApplication.instance()
        assert application is not None
        application.installNativeEventFilter(self)

    def register(self, keys: str) -> None:
        self._release()
        if not keys:
            return
        held, name = parts(keys)
        code = _KEYS.get(name) or self._code(name, keys)
        modifiers = sum(_MODIFIERS[part] for part in held) | _NO_REPEAT
        if not self._user32.RegisterHotKey(None, self._number, modifiers, code):
            number = last_error()
            raise HomebodyError(
                "another program has this hotkey already" if number == _TAKEN else "the hotkey was refused",
                where=keys if number == _TAKEN else f"{keys}: error {number}",
                remedy="choose another one in Settings, Desktop",
            )
        self._taken = True

    def close(self) -> None:
        self._release()
        application = QGuiApplication.instance()
        if application is not None:
            application.removeNativeEventFilter(self)

    def nativeEventFilter(
        self, kind: QByteArray | bytes | bytearray | memoryview, message: int
    ) -> tuple[bool, int]:
        if self._taken and QByteArray(kind).data() in (b"windows_generic_MSG", b"windows_dispatcher_MSG"):
            said = Message.from_address(int(message))
            if said.message == _WM_HOTKEY and said.wparam == self._number:
                QTimer.singleShot(0, self._pressed)
                return True, 0
        return False, 0

    def _release(self) -> None:
        if self._taken:
            self._user32.UnregisterHotKey(None, self._number)
        self._taken = False

    def _code(self, name: str, keys: str) -> int:
        """Letters and digits are their own codes; a sign is where this keyboard has it."""
        if name.isalnum():
            return ord(name)
        code = int(self._user32.VkKeyScanW(name))
        if code == -1 or code & 0xFF == 0xFF:
            raise UsageFault("this keyboard has no such key", where=keys, remedy="choose another hotkey")
        return code & 0xFF


def last_error() -> int:
    """GetLastError of the call before; 0 elsewhere than on Windows."""
    get = getattr(ctypes, "get_last_error", None)
    return int(get()) if get is not None else 0


def _user32() -> Any:
    library = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]  # Windows only
    library.RegisterHotKey.argtypes = (wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT)
    library.UnregisterHotKey.argtypes = (wintypes.HWND, ctypes.c_int)
    library.VkKeyScanW.argtypes = (wintypes.WCHAR,)
    library.VkKeyScanW.restype = ctypes.c_short
    return library
