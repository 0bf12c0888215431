"""Windows and macOS: the whole path above the system's own functions, which are stood in for here alone."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRect

from app.core.errors import HomebodyError, Unsupported, UsageFault
from app.ui import hotkey_macos, hotkey_windows, native_macos, native_windows
from app.ui.clipboard import Copy, Loan, held
from app.ui.keys import parts, portal

# --- keys -------------------------------------------------------------------------------------------


class User32:
    """RegisterHotKey and what belongs to it, as user32 keeps it."""

    def __init__(self, taken: set[tuple[int, int]]) -> None:
        self.taken, self.keys = taken, dict[int, tuple[int, int]]()

    def RegisterHotKey(self, window: None, number: int, modifiers: int, code: int) -> int:
        if (modifiers, code) in self.taken or (modifiers, code) in self.keys.values():
            return 0
        self.keys[number] = (modifiers, code)
        return 1

    def UnregisterHotKey(self, window: None, number: int) -> int:
        return int(self.keys.pop(number, None) is not None)

    def VkKeyScanW(self, sign: str) -> int:
        return {",": 0xBC, "#": 0x01BF}.get(sign, -1)


@pytest.mark.parametrize(
    ("keys", "code", "modifiers"),
    [("Ctrl+Alt+S", 0x53, 3), ("Meta+Space", 0x20, 8), ("Ctrl+Shift+F5", 0x74, 6), ("Ctrl+,", 0xBC, 2)],
)
def test_windows_registers_and_lets_go(app: Any, keys: str, code: int, modifiers: int) -> None:
    user32 = User32(set())
    key = hotkey_windows.WindowsHotkey(lambda: None, user32)
    key.register(keys)
    assert list(user32.keys.values()) == [(modifiers | 0x4000, code)]
    key.register("Ctrl+Alt+K")
    assert list(user32.keys.values()) == [(0x4003, 0x4B)]
    key.close()
    assert not user32.keys


def test_windows_hears_its_own_message_only(app: Any, pump: Any) -> None:
    pressed: list[int] = []
    key = hotkey_windows.WindowsHotkey(lambda: pressed.append(1), user32 := User32(set()))
    key.register("Ctrl+Alt+S")
    [number] = user32.keys

    def send(message: int, wparam: int) -> tuple[bool, int]:
        said = hotkey_windows.Message(message=message, wparam=wparam)
        return key.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(said))

    assert send(0x0312, number) == (True, 0)
    assert send(0x0312, number + 1) == (False, 0) and send(0x0100, number) == (False, 0)
    pump.until(lambda: pressed == [1], 5, "the key")
    key.close()
    assert send(0x0312, number) == (False, 0)


def test_windows_says_what_is_taken_and_what_is_no_key(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hotkey_windows, "last_error", lambda: 1409)
    key = hotkey_windows.WindowsHotkey(lambda: None, User32({(0x4003, 0x53)}))
    with pytest.raises(HomebodyError, match="already"):
        key.register("Ctrl+Alt+S")
    with pytest.raises(UsageFault):
        key.register("Ctrl+%")
    key.register("Ctrl+Alt+J")
    key.close()


class Carbon:
    """The functions of HIToolbox that are called, over a table of keys."""

    def __init__(self) -> None:
        self.keys: dict[int, tuple[int, int, int]] = {}  # reference → code, modifiers, number
        self.handlers: dict[int, Callable[..., int]] = {}
        self.event = (0, 0)
        self._next = 100

    def GetApplicationEventTarget(self) -> int:
        return 7

    def InstallEventHandler(self, _target: int, handler: Any, _n: int, kinds: Any, _d: Any, out: Any) -> int:
        assert (kinds[0].kind, kinds[0].event) == (int.from_bytes(b"keyb", "big"), 5)
        self._next += 1
        out._obj.value = self._next
        self.handlers[self._next] = handler
        return 0

    def RemoveEventHandler(self, listener: Any) -> int:
        del self.handlers[listener.value]
        return 0

    def RegisterEventHotKey(
        self, code: int, modifiers: int, name: Any, _target: int, _options: int, out: Any
    ) -> int:
        if any((code, modifiers) == known[:2] for known in self.keys.values()):
            return -9878
        self._next += 1
        out._obj.value = self._next
        self.keys[self._next] = (code, modifiers, name.id)
        return 0

    def UnregisterEventHotKey(self, key: Any) -> int:
        del self.keys[key.value]
        return 0

    def GetEventParameter(
        self, _event: int, _name: int, _kind: int, _actual: Any, size: int, _out: Any, data: Any
    ) -> int:
        assert size == 8
        data._obj.signature, data._obj.id = self.event
        return 0

    def press(self, code: int, modifiers: int) -> list[int]:
        [number] = [n for c, m, n in self.keys.values() if (c, m) == (code, modifiers)]
        self.event = (int.from_bytes(b"hmby", "big"), number)
        return [handler(None, 1, None) for handler in self.handlers.values()]


def test_macos_registers_hears_its_own_and_lets_go(app: Any, pump: Any) -> None:
    carbon, pressed = Carbon(), list[str]()
    one = hotkey_macos.MacHotkey(lambda: pressed.append("one"), carbon)
    other = hotkey_macos.MacHotkey(lambda: pressed.append("other"), carbon)
    one.register("Ctrl+Alt+S")
    other.register("Meta+Space")
    assert sorted(known[:2] for known in carbon.keys.values()) == [(1, 0x0900), (49, 0x1000)]
    assert sorted(carbon.press(1, 0x0900)) == [-9874, 0], "the other handler passes it on"
    pump.until(lambda: pressed == ["one"], 5, "the key")
    with pytest.raises(HomebodyError, match="already"):
        other.register("Ctrl+Alt+S")
    with pytest.raises(UsageFault):
        other.register("Ctrl+Pause")
    one.close()
    other.close()
    assert not carbon.keys and not carbon.handlers


def test_every_letter_and_digit_has_a_key_on_every_system(app: Any) -> None:
    for name in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789":
        user32, carbon = User32(set()), Carbon()
        for key in (hotkey_windows.WindowsHotkey(print, user32), hotkey_macos.MacHotkey(print, carbon)):
            key.register(f"Ctrl+Alt+{name}")
            key.close()


@pytest.mark.parametrize(
    ("keys", "said"),
    [("Ctrl+Alt+S", "CTRL+ALT+s"), ("Meta+PgUp", "LOGO+Page_Up"), ("Ctrl+Space", "CTRL+space"), ("F9", "F9")],
)
def test_keys_for_the_portal(app: Any, keys: str, said: str) -> None:
    assert portal(keys) == said


@pytest.mark.parametrize("keys", ["Space", "Shift+Return", "Ctrl++", "Ctrl+Alt+ä", "Keypad+5", ""])
def test_no_key(app: Any, keys: str) -> None:
    with pytest.raises(UsageFault):
        parts(keys)


# --- the selection on Windows: UI Automation over tables of methods, as COM lays them out --------------

Pointer = ctypes.c_void_p


class Com:
    """An object as COM has it: a pointer to a table of functions; counts its releases."""

    alive = 0

    def __init__(self, **methods: tuple[int, Any, Callable[..., int]]) -> None:
        Com.alive += 1
        table = (Pointer * 32)()
        self._kept: list[Any] = []
        self._put(table, 2, (Pointer,), self._release)
        for place, arguments, function in methods.values():
            self._put(table, place, (Pointer, *arguments), lambda _this, *a, f=function: f(*a))
        self._table = table
        self._self = Pointer(ctypes.addressof(table))
        self.at = ctypes.addressof(self._self)

    def _put(self, table: Any, place: int, arguments: Any, function: Any) -> None:
        made = ctypes.CFUNCTYPE(ctypes.c_int32, *arguments)(function)
        self._kept.append(made)
        table[place] = ctypes.cast(made, Pointer).value

    def _release(self, _this: int) -> int:
        Com.alive -= 1
        return 0


def handing(made: Com) -> Callable[..., int]:
    def give(*arguments: int) -> int:
        Pointer.from_address(arguments[-1]).value = made.at
        return 0

    return give


class Ole:
    def __init__(self, automation: Com | None) -> None:
        self.automation, self.begun = automation, 0

    def CoInitializeEx(self, _reserved: None, _kind: int) -> int:
        self.begun += 1
        return 0

    def CoUninitialize(self) -> None:
        self.begun -= 1

    def CoCreateInstance(self, _class: Any, _outer: None, _context: int, _iid: Any, out: Any) -> int:
        if self.automation is None:
            return -2147221164  # REGDB_E_CLASSNOTREG
        out._obj.value = self.automation.at
        return 0


class OleAut:
    def __init__(self) -> None:
        self.freed: list[int] = []

    def SysFreeString(self, words: Any) -> None:
        self.freed.append(words.value)


def windows(texts: list[str], *, pattern: bool = True) -> tuple[native_windows.Windows, Ole, OleAut]:
    buffers = [ctypes.create_unicode_buffer(text) for text in texts]

    def text_of(number: int) -> Callable[..., int]:
        def give(_most: int, out: int) -> int:
            Pointer.from_address(out).value = ctypes.addressof(buffers[number])
            return 0

        return give

    def length(out: int) -> int:
        ctypes.c_int.from_address(out).value = len(texts)
        return 0

    ranges = [Com(text=(12, (ctypes.c_int, Pointer), text_of(n))) for n in range(len(texts))]

    def element(number: int, out: int) -> int:
        return handing(ranges[number])(out)

    found = Com(length=(3, (Pointer,), length), element=(4, (ctypes.c_int, Pointer), element))
    text = Com(selection=(5, (Pointer,), handing(found)))
    unknown = Com(query=(0, (Pointer, Pointer), handing(text)))
    none: Callable[..., int] = lambda *_: 0  # noqa: E731  # succeeds, and hands out nothing
    focused = Com(pattern=(16, (ctypes.c_int, Pointer), handing(unknown) if pattern else none))
    ole = Ole(Com(focused=(8, (Pointer,), handing(focused))))
    free = OleAut()
    keep = (buffers, ranges, found, text, unknown, focused)
    free.kept = keep  # type: ignore[attr-defined]
    return (
        native_windows.Windows({"user32": None, "kernel32": None, "ole32": ole, "oleaut32": free}),
        ole,
        free,
    )


def test_windows_reads_the_selection_and_lets_everything_go(app: Any) -> None:
    Com.alive = 0
    native, ole, free = windows(["The harbour office", "closes at noon 😀 "])
    assert native.selected() == "The harbour office\ncloses at noon 😀"
    assert Com.alive == 0 and ole.begun == 0 and len(free.freed) == 2


def test_windows_says_nothing_where_the_program_tells_nothing(app: Any) -> None:
    native, ole, _ = windows([], pattern=False)
    assert native.selected() is None and ole.begun == 0, "it is copied then"
    native, _, _ = windows([])
    assert native.selected() == "", "a text with nothing selected"
    ole.automation = None
    assert (
        native_windows.Windows({"ole32": ole, "oleaut32": OleAut(), "user32": 0, "kernel32": 0}).selected()
        is None
    )


class Desk:
    """A foreground window, its title and program, and the keys that are sent."""

    def __init__(self) -> None:
        self.front, self.sent, self.down = 42, list[tuple[int, int]](), {0x11, 0x12}

    def GetForegroundWindow(self) -> int:
        return self.front

    def SetForegroundWindow(self, window: int) -> int:
        self.front = window
        return 1

    def GetWindowTextW(self, _window: int, buffer: Any, _most: int) -> int:
        buffer.value = "Letter to Lotte"
        return 15

    def GetWindowRect(self, _window: int, out: Any) -> int:
        out._obj.left, out._obj.top, out._obj.right, out._obj.bottom = 10, 20, 310, 220
        return 1

    def GetWindowThreadProcessId(self, _window: int, out: Any) -> int:
        out._obj.value = 77
        return 1

    def GetAsyncKeyState(self, key: int) -> int:
        return -32768 if key in self.down else 0

    def SendInput(self, count: int, keys: Any, size: int) -> int:
        assert size == 40, "sizeof(INPUT) on 64 bits"
        self.sent += [(keys[n].key, keys[n].flags) for n in range(count)]
        return count

    def OpenProcess(self, _access: int, _inherit: bool, number: int) -> int:
        return number

    def QueryFullProcessImageNameW(self, _process: int, _flags: int, path: Any, _size: Any) -> int:
        path.value = r"C:\Program Files\Letters\letters.exe"
        return 1

    def CloseHandle(self, _process: int) -> int:
        return 1


def test_windows_knows_what_is_in_front_and_presses_keys(app: Any) -> None:
    desk = Desk()
    native = native_windows.Windows({"user32": desk, "kernel32": desk, "ole32": None, "oleaut32": None})
    place = native.front()
    assert place.words == "“Letter to Lotte” in letters" and place.area == QRect(10, 20, 300, 200)
    desk.front = 1
    assert not native.is_front(place)
    native.return_to(place)
    assert native.is_front(place)
    assert native.press("paste")
    up = 2
    assert desk.sent == [(0x11, up), (0x12, up), (0x11, 0), (0x56, 0), (0x56, up), (0x11, up)]


# --- macOS ------------------------------------------------------------------------------------------------


class Mac:
    """Accessibility, Core Foundation and Quartz over one table of objects; counts what is still held."""

    def __init__(self, *, trusted: bool = True, selected: str | None = "noon ☀") -> None:
        self.trusted, self.held, self.events = trusted, dict[int, Any](), list[tuple[int, int, bool]]()
        self.tree: dict[str, dict[str, Any]] = {
            "system": {"AXFocusedApplication": "app", "AXFocusedUIElement": "field"},
            "app": {"AXTitle": "«Letters", "AXFocusedWindow": "window"},
            "window": {"AXTitle": "«Letter to Lotte", "AXPosition": (10.0, 20.0), "AXSize": (300.0, 200.0)},
            "field": {} if selected is None else {"AXSelectedText": f"«{selected}"},
        }
        self.front = 0

    def keep(self, value: Any) -> int:
        number = max(self.held, default=1000) + 1
        self.held[number] = value
        return number

    def AXIsProcessTrusted(self) -> bool:
        return self.trusted

    def AXUIElementCreateSystemWide(self) -> int:
        return self.keep("system")

    def AXUIElementCreateApplication(self, number: int) -> int:
        return self.keep(f"process {number}")

    def AXUIElementCopyAttributeValue(self, element: int, name: int, out: Any) -> int:
        value = self.tree[self.held[element]].get(self.held[name][1:])
        if value is None:
            return -25212  # kAXErrorNoValue
        out._obj.value = self.keep(value)
        return 0

    def AXUIElementSetAttributeValue(self, element: int, name: int, _value: int) -> int:
        assert self.held[name] == "«AXFrontmost"
        self.front = int(self.held[element].split()[1])
        return 0

    def AXUIElementGetPid(self, element: int, out: Any) -> int:
        out._obj.value = 4711
        return 0

    def AXValueGetValue(self, value: int, kind: int, out: Any) -> bool:
        assert kind in (1, 2)
        out._obj.x, out._obj.y = self.held[value]
        return True

    def CFStringCreateWithCString(self, _allocator: None, text: bytes, encoding: int) -> int:
        assert encoding == 0x08000100
        return self.keep("«" + text.decode())

    def CFRelease(self, value: int) -> None:
        del self.held[value]

    def CFGetTypeID(self, value: int) -> int:
        return 7 if str(self.held[value]).startswith("«") else 9

    def CFStringGetTypeID(self) -> int:
        return 7

    def CFStringGetLength(self, value: int) -> int:
        return len(self.held[value][1:].encode("utf-16-le")) // 2

    def CFStringGetCString(self, value: int, buffer: Any, most: int, _encoding: int) -> bool:
        data = self.held[value][1:].encode()
        if len(data) >= most:
            return False
        buffer.value = data
        return True

    def CGEventCreateKeyboardEvent(self, _source: None, key: int, down: bool) -> int:
        return self.keep([key, 0, down])

    def CGEventSetFlags(self, event: int, flags: int) -> None:
        self.held[event][1] = flags

    def CGEventPost(self, _tap: int, event: int) -> None:
        key, flags, down = self.held[event]
        self.events.append((key, flags, down))


def macos(mac: Mac, monkeypatch: pytest.MonkeyPatch) -> native_macos.MacOS:
    monkeypatch.setattr(native_macos.MacOS, "_true", lambda self: 1)  # a constant of the library itself
    return native_macos.MacOS({"ax": mac, "cf": mac, "cg": mac})


def test_macos_reads_the_selection_and_presses_keys(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mac = Mac()
    native = macos(mac, monkeypatch)
    assert native.selected() == "noon ☀"
    place = native.front()
    assert place.words == "“Letter to Lotte” in Letters" and place.handle == 4711
    assert place.area == QRect(10, 20, 300, 200)
    native.return_to(place)
    assert mac.front == 4711 and native.is_front(place)
    assert native.press("copy") and mac.events == [(8, 0x100000, True), (8, 0x100000, False)]
    assert not mac.held, "every object was released"


def test_macos_asks_for_its_permission_and_falls_back(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unsupported, match="Accessibility"):
        macos(Mac(trusted=False), monkeypatch).selected()
    assert not macos(Mac(trusted=False), monkeypatch).press("copy")
    mac = Mac(selected=None)
    assert macos(mac, monkeypatch).selected() is None and not mac.held


# --- the clipboard, for real -----------------------------------------------------------------------------


def test_a_guarded_copy_gives_the_clipboard_back_in_all_formats(app: Any, pump: Any) -> None:
    from PySide6.QtCore import QMimeData

    clipboard, heard = app.clipboard(), list[str]()
    before = QMimeData()
    before.setText("before")
    before.setData("application/x-garden-plan", b"\0beds")
    clipboard.setMimeData(before)
    copy = Copy(lambda: (clipboard.setText("what was selected"), True)[1])
    copy.ended.connect(heard.append)
    pump.until(lambda: heard, 5, "the copy")
    assert heard == ["what was selected"] and clipboard.text() == "before"
    assert clipboard.mimeData().data("application/x-garden-plan").data() == b"\0beds"
    heard.clear()
    nothing = Copy(lambda: True, 100)
    nothing.ended.connect(heard.append)
    pump.until(lambda: heard == [""], 5, "that nothing was copied")
    assert clipboard.text() == "before"


def test_a_clipboard_that_cannot_be_kept_is_not_touched(
    app: Any, pump: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ui import clipboard as module

    app.clipboard().setText("0123456789")
    assert held().text() == "0123456789"
    monkeypatch.setattr(module, "MOST_BYTES", 5)
    with pytest.raises(HomebodyError, match="too large"):
        Loan("new", 1000)
    assert app.clipboard().text() == "0123456789"


def test_words_that_nobody_fetches_go_again(app: Any, pump: Any) -> None:
    ended: list[bool] = []
    app.clipboard().setText("before")
    loan = Loan("new", 200)
    loan.ended.connect(ended.append)
    assert app.clipboard().text() == "new"
    pump.until(lambda: ended == [False], 5, "the end")
    assert app.clipboard().text() == "before"
