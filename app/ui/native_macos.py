"""macOS: the selection by the accessibility API, else by a guarded copy; keys by Quartz events (ctypes)."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from typing import Any, Literal

from PySide6.QtCore import QRect

from app.core.errors import Unsupported
from app.ui.native import MAX_CHARS, Place

_UTF8 = 0x08000100  # kCFStringEncodingUTF8
_COMMAND = 0x100000  # kCGEventFlagMaskCommand
_HID = 0  # kCGHIDEventTap
_KEY = {"copy": 8, "paste": 9}
_POINT, _SIZE = 1, 2  # kAXValueCGPointType, kAXValueCGSizeType


class _Pair(ctypes.Structure):
    """CGPoint and CGSize."""

    _fields_ = (("x", ctypes.c_double), ("y", ctypes.c_double))


class MacOS:
    """Implements :class:`~app.ui.native.Native`; ``libraries`` are ax, cf and cg."""

    waits = True  # the other program answers
    copies = True

    def __init__(self, libraries: dict[str, Any] | None = None) -> None:
        made = libraries or _libraries()
        self._ax, self._cf, self._cg = made["ax"], made["cf"], made["cg"]

    def front(self) -> Place:
        """The application that has the keyboard; its handle is its process number."""
        system = self._ax.AXUIElementCreateSystemWide()
        application = self._value(system, "AXFocusedApplication")
        self._cf.CFRelease(system)
        if not application:
            return Place()
        number = ctypes.c_int()
        self._ax.AXUIElementGetPid(application, ctypes.byref(number))
        window = self._value(application, "AXFocusedWindow")
        title, area = (self._words(window, "AXTitle"), self._area(window)) if window else ("", QRect())
        place = Place(title, self._words(application, "AXTitle"), number.value, area)
        for one in (window, application):
            if one:
                self._cf.CFRelease(one)
        return place

    def selected(self) -> str | None:
        """Raises Unsupported until the person has allowed it; None where the program tells nothing."""
        if not self._ax.AXIsProcessTrusted():
            raise Unsupported(
                "macOS does not let Homebody read the selection yet",
                remedy="allow it in System Settings, Privacy & Security, Accessibility, and try again",
            )
        system = self._ax.AXUIElementCreateSystemWide()
        element = self._value(system, "AXFocusedUIElement")
        self._cf.CFRelease(system)
        if not element:
            return None
        words = self._value(element, "AXSelectedText")
        self._cf.CFRelease(element)
        return None if not words else self._text(words).strip()[:MAX_CHARS]

    def return_to(self, place: Place) -> None:
        """Set to the front by the accessibility API, as its window was."""
        if not place.handle:
            return
        application = self._ax.AXUIElementCreateApplication(place.handle)
        name = self._string("AXFrontmost")
        self._ax.AXUIElementSetAttributeValue(application, name, self._true())
        for one in (name, application):
            self._cf.CFRelease(one)

    def is_front(self, place: Place) -> bool:
        return self.front().handle == place.handle != os.getpid()

    def press(self, what: Literal["copy", "paste"]) -> bool:
        if not self._ax.AXIsProcessTrusted():
            return False
        for down in (True, False):
            event = self._cg.CGEventCreateKeyboardEvent(None, _KEY[what], down)
            if not event:
                return False
            self._cg.CGEventSetFlags(event, _COMMAND)  # the hotkey's own keys do not count
            self._cg.CGEventPost(_HID, event)
            self._cf.CFRelease(event)
        return True

    # --- Core Foundation ---------------------------------------------------------------------------

    def _value(self, element: int, name: str) -> int:
        """An attribute, to be released; 0 where there is none."""
        key, found = self._string(name), ctypes.c_void_p()
        fault = self._ax.AXUIElementCopyAttributeValue(element, key, ctypes.byref(found))
        self._cf.CFRelease(key)
        return 0 if fault else found.value or 0

    def _words(self, element: int, name: str) -> str:
        value = self._value(element, name)
        return self._text(value) if value else ""

    def _text(self, value: int) -> str:
        """A CFString, released; empty for anything else."""
        try:
            if self._cf.CFGetTypeID(value) != self._cf.CFStringGetTypeID():
                return ""
            most = self._cf.CFStringGetLength(value) * 4 + 1
            buffer = ctypes.create_string_buffer(most)
            return buffer.value.decode() if self._cf.CFStringGetCString(value, buffer, most, _UTF8) else ""
        finally:
            self._cf.CFRelease(value)

    def _area(self, window: int) -> QRect:
        pairs = []
        for name, kind in (("AXPosition", _POINT), ("AXSize", _SIZE)):
            value, pair = self._value(window, name), _Pair()
            if not value:
                return QRect()
            self._ax.AXValueGetValue(value, kind, ctypes.byref(pair))
            self._cf.CFRelease(value)
            pairs.append(pair)
        at, size = pairs
        return QRect(round(at.x), round(at.y), round(size.x), round(size.y))

    def _string(self, text: str) -> int:
        return int(self._cf.CFStringCreateWithCString(None, text.encode(), _UTF8))

    def _true(self) -> int:
        return int(ctypes.c_void_p.in_dll(self._cf, "kCFBooleanTrue").value or 0)


def _libraries() -> dict[str, Any]:
    ax, cf, cg = (
        ctypes.CDLL(ctypes.util.find_library(name) or name)
        for name in ("ApplicationServices", "CoreFoundation", "CoreGraphics")
    )
    pointer, u32 = ctypes.c_void_p, ctypes.c_uint32
    ax.AXIsProcessTrusted.restype = ctypes.c_bool
    ax.AXUIElementCreateSystemWide.restype = pointer
    ax.AXUIElementCreateApplication.restype = pointer
    ax.AXUIElementGetPid.argtypes = (pointer, pointer)
    ax.AXUIElementCopyAttributeValue.argtypes = (pointer, pointer, pointer)
    ax.AXUIElementSetAttributeValue.argtypes = (pointer, pointer, pointer)
    ax.AXValueGetValue.argtypes = (pointer, u32, pointer)
    cf.CFStringCreateWithCString.restype = pointer
    cf.CFStringCreateWithCString.argtypes = (pointer, ctypes.c_char_p, u32)
    cf.CFRelease.argtypes = (pointer,)
    cf.CFGetTypeID.argtypes, cf.CFGetTypeID.restype = (pointer,), ctypes.c_ulong
    cf.CFStringGetTypeID.restype = ctypes.c_ulong
    cf.CFStringGetLength.argtypes, cf.CFStringGetLength.restype = (pointer,), ctypes.c_long
    cf.CFStringGetCString.argtypes = (pointer, ctypes.c_char_p, ctypes.c_long, u32)
    cf.CFStringGetCString.restype = ctypes.c_bool
    cg.CGEventCreateKeyboardEvent.restype = pointer
    cg.CGEventCreateKeyboardEvent.argtypes = (pointer, ctypes.c_uint16, ctypes.c_bool)
    cg.CGEventSetFlags.argtypes = (pointer, ctypes.c_uint64)
    cg.CGEventPost.argtypes = (u32, pointer)
    return {"ax": ax, "cf": cf, "cg": cg}
