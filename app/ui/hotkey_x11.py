"""A global hotkey on X11: a grab on Qt's own connection, so that nothing leaks and a conflict is seen."""

from __future__ import annotations

import ctypes
import ctypes.util
from collections.abc import Callable

from PySide6.QtCore import QAbstractNativeEventFilter, QByteArray
from PySide6.QtGui import QGuiApplication, QKeySequence

from app.core.errors import HomebodyError, Unsupported, UsageFault

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
_KEY_PRESS = 2
_BAD_ACCESS = 10
_STATE_AT = 28  # offset of the modifier state in xcb_key_press_event_t


class _Screens(ctypes.Structure):
    """xcb_screen_iterator_t; a screen begins with its root window."""

    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Error(ctypes.Structure):
    _fields_ = (("response_type", ctypes.c_uint8), ("code", ctypes.c_uint8))


class X11Hotkey(QAbstractNativeEventFilter):
    """Calls ``pressed`` whenever the key is pressed, in whatever program the person is."""

    def __init__(self, pressed: Callable[[], None]) -> None:
        super().__init__()
        self._pressed = pressed
        self._code, self._modifiers = 0, 0
        self._xcb, self._symbols = _libraries()
        self._connection = _connection()
        self._root = self._xcb.xcb_setup_roots_iterator(self._xcb.xcb_get_setup(self._connection)).data[0]
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
        code = self._keycode(keysym)
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
                _free(fault)
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
        if self._code and QByteArray(kind).data() == b"xcb_generic_event_t":
            head = ctypes.string_at(int(message), _STATE_AT + 2)
            if head[0] & 0x7F == _KEY_PRESS and head[1] == self._code:
                state = int.from_bytes(head[_STATE_AT:], "little")
                if state & (_SHIFT | _CONTROL | _ALT | _SUPER) == self._modifiers:
                    self._pressed()
                    return True, 0
        return False, 0

    def _keycode(self, keysym: int) -> int:
        table = self._symbols.xcb_key_symbols_alloc(self._connection)
        codes = self._symbols.xcb_key_symbols_get_keycode(table, keysym)
        code = int(codes[0]) if codes else 0
        _free(codes)
        self._symbols.xcb_key_symbols_free(table)
        return code


def parse(keys: str) -> tuple[int, int]:
    """The X11 keysym and modifier mask of a key sequence; raises UsageFault."""
    form = QKeySequence.SequenceFormat.PortableText
    *held, name = QKeySequence(keys, form).toString(form).split("+")
    modifiers = sum(_MODIFIERS.get(part, 0) for part in held)
    keysym = _KEYSYMS.get(name, 0) or (ord(name.lower()) if len(name) == 1 and name.isascii() else 0)
    if not keysym or not (modifiers & ~_SHIFT or keysym >= 0xFF00):
        raise UsageFault(
            "that is no hotkey", where=keys, remedy="use a key with Ctrl, Alt or Super, such as Ctrl+Alt+S"
        )
    return keysym, modifiers


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    try:
        xcb, symbols = ctypes.CDLL("libxcb.so.1"), ctypes.CDLL("libxcb-keysyms.so.1")
    except OSError as error:
        raise Unsupported(
            "the global hotkey needs a system library", where=str(error), remedy="install libxcb-keysyms1"
        ) from error
    pointer, u32 = ctypes.c_void_p, ctypes.c_uint32
    u16, u8 = ctypes.c_uint16, ctypes.c_uint8
    _declare(xcb, "xcb_get_setup", pointer, pointer)
    _declare(xcb, "xcb_setup_roots_iterator", _Screens, pointer)
    _declare(xcb, "xcb_grab_key_checked", _Cookie, pointer, u8, u32, u16, u8, u8, u8)
    _declare(xcb, "xcb_request_check", ctypes.POINTER(_Error), pointer, _Cookie)
    _declare(xcb, "xcb_ungrab_key", _Cookie, pointer, u8, u32, u16)
    _declare(xcb, "xcb_flush", ctypes.c_int, pointer)
    _declare(symbols, "xcb_key_symbols_alloc", pointer, pointer)
    _declare(symbols, "xcb_key_symbols_get_keycode", ctypes.POINTER(u8), pointer, u32)
    _declare(symbols, "xcb_key_symbols_free", None, pointer)
    return xcb, symbols


def _declare(library: ctypes.CDLL, name: str, returned: type | None, *taken: type) -> None:
    function = getattr(library, name)
    function.restype, function.argtypes = returned, taken


def _connection() -> int:
    application = QGuiApplication.instance()
    native = application.nativeInterface() if isinstance(application, QGuiApplication) else None
    if native is None or not hasattr(native, "connection"):
        raise Unsupported("there is no X11 here for a global hotkey")
    return int(native.connection())


def _free(pointer: object) -> None:
    libc = ctypes.CDLL(None)
    libc.free.argtypes = (ctypes.c_void_p,)
    libc.free(pointer)
