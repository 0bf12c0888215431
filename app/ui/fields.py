"""One widget for each kind of setting: what the table says of it becomes a box, a number, a choice, a key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QComboBox, QKeySequenceEdit, QLineEdit, QSpinBox, QWidget

from app.core.settings import BY_KEY
from app.core.types import SettingState
from app.ui.language import mark, tr

Change = Callable[[str], None]
_UNITS = {
    "appearance.text_size": mark(" %"),
    "model.context": mark(" tokens"),
    "lock.minutes": mark(" minutes"),
    "model.idle_minutes": mark(" minutes"),
    "model.memory_mb": mark(" MB"),
}
_CHOICES = {
    "system": mark("As the system"),
    "light": mark("Light"),
    "dark": mark("Dark"),
    "en": mark("English"),
    "de": mark("Deutsch"),
    "slow": mark("Slowly"),
    "pause": mark("Not at all"),
    "full": mark("As on mains power"),
    "ask": mark("Ask me"),
    "yes": mark("Yes"),
    "no": mark("No"),
    "auto": mark("Automatic"),
    "f16": mark("Exact"),
    "q8_0": mark("Half the memory"),
    "q4_0": mark("A quarter of the memory"),
}


def made(state: SettingState, change: Change, *, hotkey: bool = False) -> QWidget:
    """The widget for ``state``; ``change`` hears of the value the person chose."""
    if hotkey or state.kind == "keys":
        return keys(state, change)
    kinds = {"bool": flag, "choice": choice, "int": amount}
    return kinds.get(state.kind, text)(state, change)


def name(field: QWidget, called: str, sentence: str) -> None:
    """Also the editor inside a number or a key, which is what has the focus."""
    for each in (field, *field.findChildren(QLineEdit)):
        each.setAccessibleName(called)
        each.setAccessibleDescription(sentence)


def flag(state: SettingState, change: Change) -> QWidget:
    box = QCheckBox()
    box.setFixedWidth(20)
    box.setChecked(state.value == "true")
    box.toggled.connect(lambda on: change("true" if on else "false"))
    return box


def choice(state: SettingState, change: Change) -> QWidget:
    box = QComboBox()
    narrow(box)
    for value in state.choices:
        box.addItem(tr(_CHOICES[value]) if value in _CHOICES else value, value)
    box.setCurrentIndex(max(0, box.findData(state.value)))
    box.activated.connect(lambda at: change(box.itemData(at)))
    return box


def narrow(box: QComboBox) -> None:
    """Its longest line is cut rather than the page."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)


def amount(state: SettingState, change: Change) -> QWidget:
    setting = BY_KEY[state.key]
    box = QSpinBox()
    box.setRange(setting.low, setting.high)
    box.setGroupSeparatorShown(True)
    box.setSuffix(tr(_UNITS.get(state.key, "")))
    box.setSingleStep(10 if setting.high >= 200 else 1)
    box.setValue(int(state.value))
    box.setKeyboardTracking(False)
    box.lineEdit().setTextMargins(8, 0, 0, 0)
    box.valueChanged.connect(lambda value: change(str(value)))
    return box


def text(state: SettingState, change: Change) -> QLineEdit:
    field = QLineEdit(state.value)
    field.setPlaceholderText(state.default)
    field.editingFinished.connect(lambda: change(field.text()))
    return field


def keys(state: SettingState, change: Change) -> QWidget:
    field = QKeySequenceEdit(QKeySequence(state.value))
    field.setMaximumSequenceLength(1)
    field.setClearButtonEnabled(True)
    field.editingFinished.connect(
        lambda: change(field.keySequence().toString(QKeySequence.SequenceFormat.PortableText))
    )
    return field
