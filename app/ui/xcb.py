"""X11 by libxcb on Qt's own connection: grabs, properties, key presses."""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import struct
from typing import Any

from PySide6.QtGui import QGuiApplication

from app.core.errors import Unsupported

KEY_PRESS, KEY_RELEASE = 2, 3
_CLIENT_MESSAGE = 33
_ANY_TYPE = 0
_REDIRECT = 0x180000  # SubstructureRedirect and SubstructureNotify: what a window manager listens to
_BY_USER = 2  # source indication of _NET_ACTIVE_WINDOW: a direct action of the person
_MOST = 4096  # four-byte units of a property that are read


class Screens(ctypes.Structure):
    """xcb_screen_iterator_t; a screen begins with its root window."""

    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class Fault(ctypes.Structure):
    _fields_ = (("response_type", ctypes.c_uint8), ("code", ctypes.c_uint8))


_POINTER, _U32, _U16, _U8, _I16 = (
    ctypes.c_void_p,
    ctypes.c_uint32,
    ctypes.c_uint16,
    ctypes.c_uint8,
    ctypes.c_int16,
)
_XCB: dict[str, tuple[Any, ...]] = {  # name → result, arguments
    "xcb_get_setup": (_POINTER, _POINTER),
    "xcb_setup_roots_iterator": (Screens, _POINTER),
    "xcb_grab_key_checked": (Cookie, _POINTER, _U8, _U32, _U16, _U8, _U8, _U8),
    "xcb_request_check": (ctypes.POINTER(Fault), _POINTER, Cookie),
    "xcb_ungrab_key": (Cookie, _POINTER, _U8, _U32, _U16),
    "xcb_flush": (ctypes.c_int, _POINTER),
    "xcb_intern_atom": (Cookie, _POINTER, _U8, _U16, ctypes.c_char_p),
    "xcb_intern_atom_reply": (_POINTER, _POINTER, Cookie, _POINTER),
    "xcb_get_property": (Cookie, _POINTER, _U8, _U32, _U32, _U32, _U32, _U32),
    "xcb_get_property_reply": (_POINTER, _POINTER, Cookie, _POINTER),
    "xcb_get_property_value": (_POINTER, _POINTER),
    "xcb_get_property_value_length": (ctypes.c_int, _POINTER),
    "xcb_get_geometry": (Cookie, _POINTER, _U32),
    "xcb_get_geometry_reply": (_POINTER, _POINTER, Cookie, _POINTER),
    "xcb_translate_coordinates": (Cookie, _POINTER, _U32, _U32, _I16, _I16),
    "xcb_translate_coordinates_reply": (_POINTER, _POINTER, Cookie, _POINTER),
    "xcb_send_event": (Cookie, _POINTER, _U8, _U32, _U32, ctypes.c_char_p),
}
_KEYSYMS: dict[str, tuple[Any, ...]] = {
    "xcb_key_symbols_alloc": (_POINTER, _POINTER),
    "xcb_key_symbols_get_keycode": (ctypes.POINTER(_U8), _POINTER, _U32),
    "xcb_key_symbols_free": (None, _POINTER),
}
_XTEST: dict[str, tuple[Any, ...]] = {
    "xcb_test_fake_input": (Cookie, _POINTER, _U8, _U8, _U32, _U32, _I16, _I16, _U8)
}


@functools.cache
def library(name: str = "xcb") -> Any:
    """libxcb, or one of its extensions, declared. Raises Unsupported naming the package that holds it."""
    file, package, functions = {
        "xcb": ("libxcb.so.1", "libxcb1", _XCB),
        "keysyms": ("libxcb-keysyms.so.1", "libxcb-keysyms1", _KEYSYMS),
        "xtest": ("libxcb-xtest.so.0", "libxcb-xtest0", _XTEST),
    }[name]
    try:
        made = ctypes.CDLL(file)
    except OSError as error:
        raise Unsupported(
            "a system library is missing", where=str(error), remedy=f"install {package}"
        ) from error
    for function, (returned, *taken) in functions.items():
        declared = getattr(made, function)
        declared.restype, declared.argtypes = returned, taken
    return made


def connection() -> int:
    """Qt's connection to the X server; raises Unsupported on another platform."""
    application = QGuiApplication.instance()
    native = application.nativeInterface() if isinstance(application, QGuiApplication) else None
    if native is None or not hasattr(native, "connection"):
        raise Unsupported("there is no X11 here")
    return int(native.connection())


def root() -> int:
    """The root window of the first screen."""
    xcb = library()
    return int(xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(connection())).data[0])


def free(pointer: object) -> None:
    libc = ctypes.CDLL(None)
    libc.free.argtypes = (ctypes.c_void_p,)
    libc.free(pointer)


def keycode(keysym: int) -> int:
    """The key of this keyboard that makes ``keysym``, 0 where none does."""
    symbols = library("keysyms")
    table = symbols.xcb_key_symbols_alloc(connection())
    codes = symbols.xcb_key_symbols_get_keycode(table, keysym)
    code = int(codes[0]) if codes else 0
    free(codes)
    symbols.xcb_key_symbols_free(table)
    return code


def atom(name: str) -> int:
    xcb = library()
    reply = xcb.xcb_intern_atom_reply(
        connection(), xcb.xcb_intern_atom(connection(), 0, len(name), name.encode()), None
    )
    return _field(reply, "<I", 8)[0] if reply else 0


def prop(window: int, name: str) -> bytes:
    """A window's property, empty where it has none or is gone."""
    xcb = library()
    cookie = xcb.xcb_get_property(connection(), 0, window, atom(name), _ANY_TYPE, 0, _MOST)
    reply = xcb.xcb_get_property_reply(connection(), cookie, None)
    if not reply:
        return b""
    length = xcb.xcb_get_property_value_length(reply)
    value = ctypes.string_at(xcb.xcb_get_property_value(reply), length)
    free(reply)
    return value


def active() -> int:
    """The window that has the keyboard, by what the window manager says; 0 where it says nothing."""
    value = prop(root(), "_NET_ACTIVE_WINDOW")
    return int.from_bytes(value[:4], "little") if len(value) >= 4 else 0


def title(window: int) -> str:
    return (prop(window, "_NET_WM_NAME") or prop(window, "WM_NAME")).decode("utf-8", "replace").strip("\0 ")


def program(window: int) -> str:
    """The class of WM_CLASS, which is a program's name."""
    parts = [part for part in prop(window, "WM_CLASS").split(b"\0") if part]
    return parts[-1].decode("utf-8", "replace") if parts else ""


def geometry(window: int) -> tuple[int, int, int, int]:
    """Left, top, width, height on the screen in physical pixels; all 0 for a window that is gone."""
    xcb = library()
    reply = xcb.xcb_get_geometry_reply(connection(), xcb.xcb_get_geometry(connection(), window), None)
    if not reply:
        return 0, 0, 0, 0
    _, _, width, height = _field(reply, "<hhHH", 12)
    cookie = xcb.xcb_translate_coordinates(connection(), window, root(), 0, 0)
    reply = xcb.xcb_translate_coordinates_reply(connection(), cookie, None)
    left, top = _field(reply, "<hh", 12) if reply else (0, 0)
    return left, top, width, height


def activate(window: int) -> None:
    """Ask the window manager to give ``window`` the keyboard."""
    message = struct.pack(
        "<BBHII5I", _CLIENT_MESSAGE, 32, 0, window, atom("_NET_ACTIVE_WINDOW"), _BY_USER, 0, 0, 0, 0
    )
    xcb = library()
    xcb.xcb_send_event(connection(), 0, root(), _REDIRECT, message)
    xcb.xcb_flush(connection())


def press(*keysyms: int) -> None:
    """Press these keys together and let them go, as if by hand (XTEST). Raises Unsupported."""
    xtest, codes = library("xtest"), [keycode(keysym) for keysym in keysyms]
    for kind, keys in ((KEY_PRESS, codes), (KEY_RELEASE, codes[::-1])):
        for code in keys:
            xtest.xcb_test_fake_input(connection(), kind, code, 0, root(), 0, 0, 0)
    library().xcb_flush(connection())


def _field(reply: int, form: str, at: int) -> tuple[Any, ...]:
    """Values out of a reply, which is then let go."""
    values = struct.unpack(form, ctypes.string_at(reply + at, struct.calcsize(form)))
    free(reply)
    return values
