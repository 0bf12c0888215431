"""Everything the window can do, once: palette, keys and the list of keys (F1) come from this table."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from app.core.settings import BY_KEY
from app.ui.language import mark, tr
from app.ui.palette import Command, Keys, Palette, shown

if TYPE_CHECKING:
    from app.ui.window import Window

# Keys that belong to a place in the window, and to it alone.
FIXED = (
    ("Enter", mark("Send")),
    ("Shift+Enter", mark("New line")),
    ("Ctrl+Enter", mark("Do it: a note, an event, a draft, a reminder")),
    ("Up, Down", mark("Earlier questions")),
    ("Esc", mark("Stop, close the preview, go back")),
    ("Alt+1 … Alt+5", mark("In the library: list, timeline, threads, photos, map")),
    ("Ctrl+PgUp, Ctrl+PgDown", mark("In the library: the month after, the month before")),
)
_BETWEEN = (", ", " … ")
_APART = re.compile("(, | … )")
_PAGES = (  # name of the page, what the palette calls it, its setting
    ("today", mark("Today"), "keys.today"),
    ("library", mark("Library"), "keys.library"),
    ("sources", mark("Sources"), ""),
    ("hats", mark("Hats: what they are, and teach them"), ""),
    ("activity", mark("Activity: what is read, in memory, sent and done"), "keys.activity"),
    ("settings", mark("Settings"), "keys.settings"),
    ("about", mark("About, and where my data is"), ""),
)


def taken(session_value: Callable[[str], str], key: str) -> str:
    """The setting that has the keys of the setting ``key`` and stands before it; empty where none does."""
    mine = normal(session_value(key))
    for other in BY_KEY:
        if other == key or not mine:
            return ""
        if is_keys(other) and normal(session_value(other)) == mine:
            return other
    return ""


def is_keys(key: str) -> bool:
    return key.startswith("keys.") or (key.startswith("desktop.") and key.endswith("hotkey"))


def normal(keys: str) -> str:
    """One way to write a key, whatever way it was written in."""
    form = QKeySequence.SequenceFormat.PortableText
    return str(QKeySequence(keys, form).toString(form))


class Commands(QObject):
    """``all`` with their keys as they are set now; a key that two of them have belongs to the first."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self._bound: dict[str, QShortcut] = {}
        self._keys: tuple[tuple[str, str], ...] = ()
        escape = QShortcut(QKeySequence("Esc"), window)
        escape.activated.connect(window.escape)
        window.session.settings_changed.connect(self.bind)
        self.bind()

    def all(self) -> tuple[Command, ...]:
        window = self.window
        pages = tuple(
            Command(tr(name), partial(window.show_page, page), self._of(setting), setting)
            for page, name, setting in _PAGES
        )
        return (
            self._made(tr("New conversation"), window.new, "keys.new"),
            self._made(tr("Ask a question"), partial(window.show_page, "chat"), "keys.ask"),
            self._made(tr("Write a mail"), window.compose, "keys.write"),
            self._made(tr("Quick prompt"), window.quick_wanted.emit),
            self._made(tr("Search conversations"), window.find_conversation, "keys.find"),
            *pages,
            self._made(tr("Index now"), window.indexing.start),
            self._made(tr("Pause indexing"), window.indexing.pause),
            self._made(tr("Resume indexing"), window.indexing.resume),
            self._made(tr("Look for sources on this computer"), self._look),
            self._made(tr("Check everything"), self._check),
            self._made(tr("Undo the last deed"), lambda: window.activity.undo(0)),
            self._made(tr("Theme: light"), partial(self._set, "appearance.theme", "light")),
            self._made(tr("Theme: dark"), partial(self._set, "appearance.theme", "dark")),
            self._made(tr("Theme: as the system"), partial(self._set, "appearance.theme", "system")),
            self._made(tr("Larger text"), partial(self._grow, 10), "keys.larger"),
            self._made(tr("Smaller text"), partial(self._grow, -10), "keys.smaller"),
            self._made(tr("Lock Homebody"), window.lock_wanted.emit, "keys.lock"),
            self._made(tr("Commands"), self.palette, "keys.commands"),
            self._made(tr("Keys"), self.list_keys, "keys.help"),
            self._made(tr("Quit"), window.quit_wanted.emit, "keys.quit"),
        )

    def palette(self) -> None:
        Palette(self.window, self.all()).open()

    def list_keys(self) -> None:
        """F1: all of them, as they are set."""
        from app.ui.outside import KEYS as OUTSIDE

        mine = [(shown(c.keys), c.name) for c in self.all() if c.keys]
        fixed = [
            ("".join(part if part in _BETWEEN else shown(part) for part in _APART.split(keys)), tr(what))
            for keys, what in FIXED
        ]
        value = self.window.session.value
        outside = [
            (shown(value(key)), tr("{what}, in any program", what=tr(what))) for key, what in OUTSIDE.values()
        ]
        Keys(self.window, (*fixed, *mine, *(line for line in outside if line[0]))).open()

    def bind(self) -> None:
        """Take the keys of the settings, where they have changed."""
        commands = [c for c in self.all() if c.setting]
        keys = tuple((c.setting, c.keys) for c in commands)
        if keys == self._keys:
            return
        self._keys = keys
        for old in self._bound.values():
            old.setEnabled(False)
            old.deleteLater()
        self._bound.clear()
        for command in commands:
            if command.keys and not taken(self.window.session.value, command.setting):
                shortcut = QShortcut(QKeySequence(command.keys), self.window)
                shortcut.activated.connect(command.do)
                self._bound[command.setting] = shortcut

    def _made(self, name: str, do: Callable[[], object], setting: str = "") -> Command:
        return Command(name, do, self._of(setting), setting)

    def _of(self, setting: str) -> str:
        return self.window.session.value(setting) if setting else ""

    def _set(self, key: str, value: str) -> None:
        self.window.session.change(key, value, self.window.fail)

    def _grow(self, percent: int) -> None:
        size = int(self.window.session.value("appearance.text_size")) + percent
        self._set("appearance.text_size", str(min(200, max(80, size))))

    def _look(self) -> None:
        self.window.show_page("sources")
        self.window.sources.found.look()

    def _check(self) -> None:
        self.window.show_page("about")
        self.window.about.examine()
