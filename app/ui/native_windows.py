"""Windows: the selection by UI Automation, else by a guarded copy; keys by SendInput. All by ctypes."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from pathlib import PureWindowsPath
from typing import Any, Literal
from uuid import UUID

from PySide6.QtCore import QRect

from app.ui.native import MAX_CHARS, Place

_CONTROL, _KEY = 0x11, {"copy": 0x43, "paste": 0x56}
_HELD = (0x10, 0x11, 0x12, 0x5B, 0x5C)  # Shift, Ctrl, Alt and both Windows keys: of the hotkey itself
_KEYBOARD, _KEY_UP = 1, 2
_QUERY = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
_ALL_CONTEXTS, _APARTMENT = 0x17, 0x2
_TEXT_PATTERN = 10014
_AUTOMATION = "ff48dba4-60ef-4201-aa87-54103eef594e"
_IAUTOMATION = "30cbe57d-d9d0-452a-ab13-7ac5ac4825ee"
_ITEXT_PATTERN = "32eba289-3583-42c9-9c59-3b6d9a1e9b6a"
# places in the methods' tables, of UIAutomationClient.h
_QUERY_INTERFACE, _RELEASE = 0, 2
_FOCUSED_ELEMENT, _PATTERN, _SELECTION, _LENGTH, _ELEMENT, _TEXT = 8, 16, 5, 3, 4, 12


class GUID(ctypes.Structure):
    _fields_ = (("data", ctypes.c_ubyte * 16),)

    @classmethod
    def of(cls, text: str) -> GUID:
        return cls((ctypes.c_ubyte * 16)(*UUID(text).bytes_le))


class KeyInput(ctypes.Structure):
    """INPUT with a KEYBDINPUT, padded to the size of the union's largest member, MOUSEINPUT."""

    _fields_ = (
        ("kind", ctypes.c_uint32),
        ("_align", ctypes.c_uint32),
        ("key", ctypes.c_uint16),
        ("scan", ctypes.c_uint16),
        ("flags", ctypes.c_uint32),
        ("time", ctypes.c_uint32),
        ("extra", ctypes.c_size_t),
        ("_rest", ctypes.c_ubyte * 8),
    )


class Windows:
    """Implements :class:`~app.ui.native.Native`; ``libraries`` are user32, kernel32, ole32, oleaut32."""

    waits = True  # UI Automation asks the other program, which may be slow
    copies = True

    def __init__(self, libraries: dict[str, Any] | None = None) -> None:
        self._dlls = libraries or _libraries()

    def front(self) -> Place:
        user32 = self._dlls["user32"]
        window = user32.GetForegroundWindow() or 0
        if not window:
            return Place()
        title = ctypes.create_unicode_buffer(512)
        user32.GetWindowTextW(window, title, len(title))
        corners = wintypes.RECT()
        user32.GetWindowRect(window, ctypes.byref(corners))
        size = (corners.right - corners.left, corners.bottom - corners.top)
        return Place(title.value, self._program(window), window, QRect(corners.left, corners.top, *size))

    def selected(self) -> str | None:
        """None also where the program has no text pattern, as older ones and many terminals."""
        ole32 = self._dlls["ole32"]
        begun = ole32.CoInitializeEx(None, _APARTMENT) >= 0
        try:
            return self._automation()
        finally:
            if begun:
                ole32.CoUninitialize()

    def return_to(self, place: Place) -> None:
        if place.handle:
            self._dlls["user32"].SetForegroundWindow(place.handle)

    def is_front(self, place: Place) -> bool:
        return (self._dlls["user32"].GetForegroundWindow() or 0) == place.handle

    def press(self, what: Literal["copy", "paste"]) -> bool:
        """The hotkey's own keys may still be down: they are let go first."""
        user32 = self._dlls["user32"]
        still = [key for key in _HELD if user32.GetAsyncKeyState(key) & 0x8000]
        events = [*((key, _KEY_UP) for key in still), (_CONTROL, 0), (_KEY[what], 0)]
        events += [(_KEY[what], _KEY_UP), (_CONTROL, _KEY_UP)]
        sent = (KeyInput * len(events))(*(KeyInput(kind=_KEYBOARD, key=key, flags=up) for key, up in events))
        return int(user32.SendInput(len(events), sent, ctypes.sizeof(KeyInput))) == len(events)

    def _program(self, window: int) -> str:
        kernel32, number = self._dlls["kernel32"], wintypes.DWORD()
        self._dlls["user32"].GetWindowThreadProcessId(window, ctypes.byref(number))
        process = kernel32.OpenProcess(_QUERY, False, number.value)
        if not process:
            return ""
        path, size = ctypes.create_unicode_buffer(1024), wintypes.DWORD(1024)
        got = kernel32.QueryFullProcessImageNameW(process, 0, path, ctypes.byref(size))
        kernel32.CloseHandle(process)
        return PureWindowsPath(path.value).stem if got else ""

    # --- UI Automation: COM objects are pointers to a table of methods ---------------------------

    def _automation(self) -> str | None:
        made = ctypes.c_void_p()
        fault = self._dlls["ole32"].CoCreateInstance(
            ctypes.byref(GUID.of(_AUTOMATION)),
            None,
            _ALL_CONTEXTS,
            ctypes.byref(GUID.of(_IAUTOMATION)),
            ctypes.byref(made),
        )
        if fault or not made:
            return None
        with (
            _released(made),
            _got(made, _FOCUSED_ELEMENT) as element,
            _got(element, _PATTERN, ctypes.c_int(_TEXT_PATTERN)) as unknown,
            _got(unknown, _QUERY_INTERFACE, ctypes.byref(GUID.of(_ITEXT_PATTERN))) as pattern,
            _got(pattern, _SELECTION) as ranges,
        ):
            return self._texts(ranges) if ranges else None

    def _texts(self, ranges: ctypes.c_void_p) -> str | None:
        length = ctypes.c_int()
        if _method(ranges, _LENGTH, ctypes.byref(length)):
            return None
        texts = []
        for number in range(length.value):
            with _got(ranges, _ELEMENT, ctypes.c_int(number)) as one:
                if one:
                    texts.append(self._text(one))
        return "\n".join(texts).strip()[:MAX_CHARS]

    def _text(self, one: ctypes.c_void_p) -> str:
        words = ctypes.c_void_p()
        if _method(one, _TEXT, ctypes.c_int(MAX_CHARS), ctypes.byref(words)) or not words:
            return ""
        text = ctypes.wstring_at(words.value or 0)
        self._dlls["oleaut32"].SysFreeString(words)
        return text


def _method(target: ctypes.c_void_p, place: int, *arguments: Any) -> int:
    """Call the method at ``place`` in the table of ``target``; returns its HRESULT."""
    table = ctypes.cast(target, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p)))[0]
    kinds = [type(one) if isinstance(one, ctypes._SimpleCData) else ctypes.c_void_p for one in arguments]
    return int(
        ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, *kinds)(table[place] or 0)(target, *arguments)
    )


@contextmanager
def _got(target: ctypes.c_void_p, place: int, *arguments: Any) -> Iterator[ctypes.c_void_p]:
    """What a method hands out, let go at the end; a null pointer where it hands out nothing."""
    made = ctypes.c_void_p()
    if target and _method(target, place, *arguments, ctypes.byref(made)):
        made = ctypes.c_void_p()
    with _released(made):
        yield made


@contextmanager
def _released(target: ctypes.c_void_p) -> Iterator[None]:
    try:
        yield
    finally:
        if target:
            _method(target, _RELEASE)


def _libraries() -> dict[str, Any]:
    names = ("user32", "kernel32", "ole32", "oleaut32")
    made = {name: ctypes.WinDLL(name, use_last_error=True) for name in names}  # type: ignore[attr-defined,unused-ignore]  # Windows only
    user32, kernel32 = made["user32"], made["kernel32"]
    user32.GetForegroundWindow.restype = wintypes.HWND
    user32.GetWindowTextW.argtypes = (wintypes.HWND, wintypes.LPWSTR, ctypes.c_int)
    user32.GetWindowRect.argtypes = (wintypes.HWND, ctypes.POINTER(wintypes.RECT))
    user32.GetWindowThreadProcessId.argtypes = (wintypes.HWND, ctypes.POINTER(wintypes.DWORD))
    user32.SetForegroundWindow.argtypes = (wintypes.HWND,)
    user32.GetAsyncKeyState.restype = ctypes.c_short
    user32.SendInput.argtypes = (wintypes.UINT, ctypes.c_void_p, ctypes.c_int)
    kernel32.OpenProcess.restype = wintypes.HANDLE
    kernel32.QueryFullProcessImageNameW.argtypes = (
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.LPWSTR,
        ctypes.POINTER(wintypes.DWORD),
    )
    kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)
    made["oleaut32"].SysFreeString.argtypes = (ctypes.c_void_p,)
    return made
