"""The Settings page, generated from the one table of settings: a section each, a fitting widget each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.core.api import Admin
from app.core.errors import HomebodyError
from app.core.models import ModelState
from app.core.settings import BY_KEY
from app.core.types import Fetching, SettingState
from app.ui.language import mark, number, tr
from app.ui.models import ModelList
from app.ui.pages import Page
from app.ui.passphrase import PassphraseDialog
from app.ui.session import Session
from app.ui.widgets import button, column, empty, frame, label, row

_SECTIONS = {
    "appearance": mark("Appearance"),
    "desktop": mark("Desktop"),
    "lock": mark("Lock"),
    "you": mark("You"),
    "actions": mark("What Homebody writes"),
    "cloud": mark("A larger model elsewhere"),
    "teach": mark("Learning from you"),
    "model": mark("Model"),
}
_NAMES = {
    "lock.minutes": mark("Lock by itself"),
    "lock.suspend": mark("Lock before sleep"),
    "appearance.theme": mark("Theme"),
    "appearance.text_size": mark("Text size"),
    "appearance.language": mark("Language"),
    "you.name": mark("Name"),
    "you.address": mark("Mail address"),
    "cloud.enabled": mark("Offer it"),
    "cloud.url": mark("Address (URL)"),
    "teach.enabled": mark("Learn from corrections"),
    "model.base": mark("Base model"),
    "model.endpoint": mark("Hub"),
    "model.backend": mark("Run by"),
    "model.context": mark("Context"),
    "model.kv_cache": mark("Key-value cache"),
    "model.mmap": mark("Map the file"),
    "model.idle_minutes": mark("Release after"),
    "model.memory_mb": mark("Memory limit"),
    "desktop.enter_sends": mark("Enter sends"),
    "desktop.close_to_tray": mark("Close to tray"),
    "desktop.hotkey": mark("Key for the selection"),
    "desktop.quick_hotkey": mark("Key for the quick prompt"),
    "desktop.screen_hotkey": mark("Key for reading the screen"),
}
_UNITS = {
    "appearance.text_size": mark(" %"),
    "model.context": mark(" tokens"),
    "lock.minutes": mark(" minutes"),
    "model.idle_minutes": mark(" minutes"),
    "model.memory_mb": mark(" MB"),
}
_FIELD = 300
Change = Callable[[str], None]


class SettingsPage(Page):
    failed = Signal(object, object)
    said = Signal(str)
    proposed = Signal(object)  # Proposal to fetch a model
    stopped = Signal()  # what is being fetched is not wanted now

    def __init__(self, session: Session) -> None:
        super().__init__(tr("Settings"), tr("Each change takes effect at once and is kept on this computer."))
        self.session = session
        self.models: tuple[ModelState, ...] = ()
        self.list: ModelList | None = None
        self.fields: dict[str, QWidget] = {}
        self._sections = QVBoxLayout()
        self._sections.setSpacing(24)
        self.body.addLayout(self._sections)

    def refresh(self) -> None:
        self.session.refresh_settings(self._load_models)

    def progress(self, step: Fetching) -> None:
        """How far a model is that is being fetched."""
        if self.list is not None:
            self.list.progress(step)

    def _load_models(self) -> None:
        if self.session.status.vault == "open":
            self.session.run(Admin.models, self._take_models, self._broke)
        else:
            self._build()

    def _take_models(self, models: tuple[ModelState, ...]) -> None:
        self.models = models
        self._build()

    def _build(self) -> None:
        self.list = None
        empty(self._sections)
        self.fields.clear()
        sections: dict[str, list[SettingState]] = {}
        for state in self.session.settings.values():
            sections.setdefault(state.section, []).append(state)
        for name, states in sections.items():
            self._sections.addLayout(self._section(name, states))

    def _section(self, name: str, states: list[SettingState]) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setContentsMargins(20, 6, 20, 6)
        lines.setSpacing(0)
        for state in states:
            field = self._field(state)
            self.fields[state.key] = field
            lines.addLayout(_line(_name(state.key), state.sentence, field))
        if name == "cloud":
            lines.addLayout(
                _line(tr("Key"), tr("Kept in this computer's keyring, never in a file."), self._cloud_key())
            )
        if name == "lock":
            words = tr("What opens the store: a passphrase of yours, or the key in this computer's keyring.")
            lines.addLayout(_line(tr("Passphrase"), words, button(tr("Change…"), self._passphrase)))
        if name == "model" and self.models:
            lines.addWidget(self._models())
        return column(
            label(tr(_SECTIONS.get(name, name.capitalize())), "heading"), frame("card", lines), gap=8
        )

    def _passphrase(self) -> None:
        dialog = PassphraseDialog(self.session, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.changed.connect(self.said)
        dialog.open()

    def _models(self) -> ModelList:
        self.list = ModelList(self.session, self.models)
        self.list.said.connect(self.said)
        self.list.failed.connect(self._broke)
        self.list.proposed.connect(self.proposed)
        self.list.stopped.connect(self.stopped)
        self.list.changed.connect(self.refresh)
        return self.list

    # --- one widget a kind ---------------------------------------------------------------------

    def _field(self, state: SettingState) -> QWidget:
        change = partial(self._change, state.key)
        if state.key.endswith("hotkey"):
            made = _hotkey(state, change)
        elif state.key == "model.base" and self.models:
            made = self._model(state)
        elif state.kind == "bool":
            made = _flag(state, change)
        elif state.kind == "choice":
            made = _choice(state, change)
        elif state.kind == "int":
            made = _number(state, change)
        elif state.kind == "path":
            made = self._path(state, change)
        else:
            made = _text(state, change)
        made.setAccessibleName(_name(state.key))
        made.setAccessibleDescription(state.sentence)
        return made

    def _path(self, state: SettingState, change: Change) -> QWidget:
        field = _text(state, change)

        def choose() -> None:
            if path := QFileDialog.getExistingDirectory(self, _name(state.key), state.value):
                field.setText(path)
                change(path)

        holder = QWidget()
        holder.setLayout(row(field, button(tr("Choose…"), choose), gap=6))
        return holder

    def _model(self, state: SettingState) -> QWidget:
        box = QComboBox()
        for model in (m for m in self.models if m.installed or m.active):
            size = tr(
                "{size} MB, needs {ram} GB, {licence}",
                size=number(model.size / 1e6),
                ram=number(model.ram / 1e9, 1),
                licence=model.licence,
            )
            box.addItem(f"{model.title} ({size})", model.key)
            box.setItemData(
                box.count() - 1, f"{model.title}\n{size}\n{model.path}", Qt.ItemDataRole.ToolTipRole
            )
        box.setCurrentIndex(max(0, box.findData(state.value)))
        box.activated.connect(lambda at: self._use(box.itemData(at)))
        return box

    def _use(self, key: str) -> None:
        def used(model: ModelState) -> None:
            self.said.emit(tr("{title} is in use.", title=model.title))
            self.refresh()

        self.session.run(Admin.use_model, used, self._broke, key=key)

    def _cloud_key(self) -> QWidget:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setAccessibleName(tr("Key of the endpoint"))
        field.setPlaceholderText(tr("API key"))

        def keep() -> None:
            key = field.text().strip()
            field.clear()
            said = tr("The key is in the keyring.") if key else tr("The key was forgotten.")
            self.session.run(Admin.cloud_key, lambda _: self.said.emit(said), self._broke, key=key)

        holder = QWidget()
        holder.setLayout(row(field, button(tr("Keep"), keep), gap=6))
        return holder

    def _change(self, key: str, value: str) -> None:
        if value != self.session.value(key):
            self.session.change(key, value, self._broke)

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)


def _name(key: str) -> str:
    return tr(_NAMES.get(key, "")) or key.partition(".")[2].replace("_", " ").capitalize()


def _line(name: str, sentence: str, field: QWidget) -> QHBoxLayout:
    words = column(label(name), label(sentence, "small", wrap=True), gap=2)
    if not isinstance(field, QCheckBox):
        field.setFixedWidth(_FIELD)
    line = row(margins=(0, 12, 0, 12), gap=24)
    line.addLayout(words, 1)
    line.addWidget(field, 0, Qt.AlignmentFlag.AlignVCenter)
    return line


def _flag(state: SettingState, change: Change) -> QWidget:
    box = QCheckBox()
    box.setFixedWidth(20)
    box.setChecked(state.value == "true")
    box.toggled.connect(lambda on: change("true" if on else "false"))
    return box


def _choice(state: SettingState, change: Change) -> QWidget:
    box = QComboBox()
    for choice in state.choices:
        box.addItem(choice.replace("_", " ").capitalize(), choice)
    box.setCurrentIndex(max(0, box.findData(state.value)))
    box.activated.connect(lambda at: change(box.itemData(at)))
    return box


def _number(state: SettingState, change: Change) -> QWidget:
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


def _text(state: SettingState, change: Change) -> QLineEdit:
    field = QLineEdit(state.value)
    field.setPlaceholderText(state.default)
    field.editingFinished.connect(lambda: change(field.text()))
    return field


def _hotkey(state: SettingState, change: Change) -> QWidget:
    field = QKeySequenceEdit(QKeySequence(state.value))
    field.setMaximumSequenceLength(1)
    field.setClearButtonEnabled(True)
    field.editingFinished.connect(
        lambda: change(field.keySequence().toString(QKeySequence.SequenceFormat.PortableText))
    )
    return field
