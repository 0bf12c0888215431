"""A global hotkey on macOS: Carbon's RegisterEventHotKey, which needs no permission."""

from __future__ import annotations

import ctypes
import ctypes.util
import itertools
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QTimer

from app.core.errors import HomebodyError, UsageFault
from app.ui.keys import parts

_SIGNATURE = int.from_bytes(b"hmby", "big")
_KEYBOARD = int.from_bytes(b"keyb", "big")  # kEventClassKeyboard
_PRESSED = 5  # kEventHotKeyPressed
_DIRECT = int.from_bytes(b"----", "big")  # kEventParamDirectObject
_HOTKEY_ID = int.from_bytes(b"hkid", "big")  # typeEventHotKeyID
_NOT_HANDLED = -9874  # eventNotHandledErr
_TAKEN = -9878  # eventHotKeyExistsErr
# Qt calls the command key Ctrl and the control key Meta on macOS
_MODIFIERS = {"Ctrl": 0x0100, "Shift": 0x0200, "Alt": 0x0800, "Meta": 0x1000}
_LETTERS = dict(
    zip(
        "ASDFHGZXCVBQWERYT123465=97-80]OU[IPLJ'K;\\,/NM.`",
        [
            *(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26),
            *(27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 50),
        ],
        strict=True,
    )
)
_NAMED = {
    "Space": 49,
    "Return": 36,
    "Tab": 48,
    "Esc": 53,
    "Ins": 114,
    "Home": 115,
    "End": 119,
    "PgUp": 116,
    "PgDown": 121,
    "F1": 122,
    "F2": 120,
    "F3": 99,
    "F4": 118,
    "F5": 96,
    "F6": 97,
    "F7": 98,
    "F8": 100,
    "F9": 101,
    "F10": 109,
    "F11": 103,
    "F12": 111,
    "F13": 105,
    "F14": 107,
    "F15": 113,
    "F16": 106,
    "F17": 64,
    "F18": 79,
    "F19": 80,
    "F20": 90,
}
_numbers = itertools.count(1)


class HotkeyID(ctypes.Structure):
    """EventHotKeyID."""

    _fields_ = (("signature", ctypes.c_uint32), ("id", ctypes.c_uint32))


class EventType(ctypes.Structure):
    """EventTypeSpec."""

    _fields_ = (("kind", ctypes.c_uint32), ("event", ctypes.c_uint32))


Handler = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)


class MacHotkey:
    """Implements :class:`~app.ui.hotkey.One`."""

    def __init__(self, pressed: Callable[[], None], carbon: Any = None) -> None:
        self._pressed = pressed
        self._carbon = carbon or _carbon()
        self._number = next(_numbers)
        self._hotkey, self._listener = ctypes.c_void_p(), ctypes.c_void_p()
        self._handler = Handler(self._handle)  # kept: Carbon calls it as long as it is installed
        kinds = (EventType * 1)(EventType(_KEYBOARD, _PRESSED))
        target = self._carbon.GetApplicationEventTarget()
        fault = self._carbon.InstallEventHandler(
            target, self._handler, 1, kinds, None, ctypes.byref(self._listener)
        )
        if fault:
            raise HomebodyError("this system takes no hotkeys", where=f"error {fault}")

    def register(self, keys: str) -> None:
        self._release()
        if not keys:
            return
        held, name = parts(keys)
        code = _NAMED.get(name, _LETTERS.get(name))
        if code is None:
            raise UsageFault("this keyboard has no such key", where=keys, remedy="choose another hotkey")
        fault = self._carbon.RegisterEventHotKey(
            code,
            sum(_MODIFIERS[part] for part in held),
            HotkeyID(_SIGNATURE, self._number),
            self._carbon.GetApplicationEventTarget(),
            0,
            ctypes.byref(self._hotkey),
        )
        if fault:
            self._hotkey = ctypes.c_void_p()
            raise HomebodyError(
                "another program has this hotkey already" if fault == _TAKEN else "the hotkey was refused",
                where=keys if fault == _TAKEN else f"{keys}: error {fault}",
                remedy="choose another one in Settings, Desktop",
            )

    def close(self) -> None:
        self._release()
        if self._listener:
            self._carbon.RemoveEventHandler(self._listener)
        self._listener = ctypes.c_void_p()

    def _release(self) -> None:
        if self._hotkey:
            self._carbon.UnregisterEventHotKey(self._hotkey)
        self._hotkey = ctypes.c_void_p()

    def _handle(self, _call: object, event: int, _data: object) -> int:
        """Carbon asks every handler: only our own key is ours."""
        said = HotkeyID()
        fault = self._carbon.GetEventParameter(
            event, _DIRECT, _HOTKEY_ID, None, ctypes.sizeof(said), None, ctypes.byref(said)
        )
        if fault or (said.signature, said.id) != (_SIGNATURE, self._number):
            return _NOT_HANDLED
        QTimer.singleShot(0, self._pressed)
        return 0


def _carbon() -> Any:
    library = ctypes.CDLL(ctypes.util.find_library("Carbon") or "Carbon")
    pointer, u32 = ctypes.c_void_p, ctypes.c_uint32
    library.GetApplicationEventTarget.restype = pointer
    library.InstallEventHandler.argtypes = (pointer, Handler, ctypes.c_ulong, pointer, pointer, pointer)
    library.RemoveEventHandler.argtypes = (pointer,)
    library.RegisterEventHotKey.argtypes = (u32, u32, HotkeyID, pointer, u32, pointer)
    library.UnregisterEventHotKey.argtypes = (pointer,)
    library.GetEventParameter.argtypes = (pointer, u32, u32, pointer, ctypes.c_ulong, pointer, pointer)
    return library
