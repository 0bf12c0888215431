"""Where no program may take a key: the exact commands to bind, and how this desktop binds one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from app.ui.language import mark, tr
from app.ui.widgets import button, column, label, row, scaled

_STEPS = {
    "gnome": mark(
        "In GNOME: open Settings, Keyboard, View and Customize Shortcuts, Custom Shortcuts. Press +, give it "
        "a name, paste the command, choose Set Shortcut and press the key."
    ),
    "kde": mark(
        "In KDE Plasma: open System Settings, Keyboard, Shortcuts. Choose Add New, Command or Script, paste "
        "the command, press Add, and give it a key."
    ),
    "xfce": mark(
        "In Xfce: open Settings, Keyboard, Application Shortcuts. Press Add, paste the command, OK, and "
        "press the key."
    ),
    "sway": mark("In sway: put these lines into ~/.config/sway/config, then run swaymsg reload."),
    "hyprland": mark(
        "In Hyprland: put these lines into ~/.config/hypr/hyprland.conf; it reads them at once."
    ),
    "": mark("Open the keyboard settings of your desktop, add a shortcut of your own and paste the command."),
}
_LINES = {"sway": "bindsym {keys} exec {command}", "hyprland": "bind = {held}, {key}, exec, {command}"}
_SWAY = {"Meta": "Mod4", "Alt": "Mod1"}


class BindingDialog(QDialog):
    """A line a key, ready to be copied."""

    def __init__(self, parent: QWidget, commands: Sequence[tuple[str, str, str]]) -> None:
        """``commands``: (what it does, the key that is wanted, the command)."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Keys for the whole desktop"))
        self.setModal(True)
        self.setMinimumWidth(scaled(600))
        kind = desktop()
        parts: list[QWidget] = [
            label(tr("Keys for the whole desktop"), "heading"),
            label(tr("Here only the desktop itself can give Homebody a key."), wrap=True),
            label(tr(_STEPS[kind]), wrap=True),
        ]
        self.fields: list[QLineEdit] = []
        for what, keys, command in commands:
            parts += [label(tr(what), "small"), self._line(what, line(kind, keys, command))]
        close = button(tr("Close"), self.accept, "primary")
        close.setDefault(True)
        layout = column(*parts, margins=(24, 24, 24, 20), gap=10)
        layout.addLayout(row(1, close))
        self.setLayout(layout)

    def _line(self, what: str, text: str) -> QWidget:
        field = QLineEdit(text)
        field.setReadOnly(True)
        field.setAccessibleName(tr(what))
        field.setCursorPosition(0)
        self.fields.append(field)
        do: Callable[[], None] = partial(QGuiApplication.clipboard().setText, text)
        copy = button(tr("Copy"), do)
        copy.setAccessibleName(tr("Copy: {what}", what=tr(what)))
        copy.setAutoDefault(False)
        held = QWidget()
        held.setLayout(row(field, copy, gap=6))
        return held


def desktop() -> str:
    """gnome | kde | xfce | sway | hyprland, or empty for any other."""
    said = f"{os.environ.get('XDG_CURRENT_DESKTOP', '')}:{os.environ.get('XDG_SESSION_DESKTOP', '')}".lower()
    if os.environ.get("SWAYSOCK"):
        said += ":sway"
    if os.environ.get("HYPRLAND_INSTANCE_SIGNATURE"):
        said += ":hyprland"
    return next((name for name in _STEPS if name and name in said), "")


def line(kind: str, keys: str, command: str) -> str:
    """The line of a configuration file, or the command alone for those with a dialog."""
    form = _LINES.get(kind)
    if form is None or not keys:
        return command
    *held, key = keys.split("+")
    sway = "+".join([*(_SWAY.get(part, part) for part in held), key.lower()])
    hypr = " ".join("SUPER" if part == "Meta" else part.upper() for part in held)
    return form.format(keys=sway, held=hypr, key=key, command=command)


def exact(command: str) -> str:
    """With the path of the program where the shell would not find it."""
    program, _, rest = command.partition(" ")
    if shutil.which(program):
        return command
    here = Path(sys.executable) if getattr(sys, "frozen", False) else Path(sys.prefix) / "bin" / program
    return f"{here} {rest}" if here.exists() else command
