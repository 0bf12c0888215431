"""The Settings page, generated from the one table of settings: a section each, a fitting widget each."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.core.api import Admin
from app.core.errors import HomebodyError
from app.core.models import ModelState
from app.core.settings import BY_KEY
from app.core.types import Fetching, SettingState
from app.ui import fields
from app.ui.commands import is_keys, taken
from app.ui.language import mark, number, said, tr
from app.ui.models import ModelList
from app.ui.pages import Page
from app.ui.passphrase import PassphraseDialog
from app.ui.privacy import Privacy
from app.ui.session import Session
from app.ui.text import visible
from app.ui.widgets import button, column, empty, enlarged, frame, label, row

_SECTIONS = {  # in the order of the page
    "appearance": mark("Appearance"),
    "model": mark("Model"),
    "indexing": mark("Reading"),
    "privacy": mark("Privacy: what may ever leave"),
    "lock": mark("Lock"),
    "you": mark("You"),
    "actions": mark("What Homebody writes"),
    "teach": mark("Learning from you"),
    "desktop": mark("Desktop"),
    "keys": mark("Keys"),
}
_TOGETHER = {"cloud": "privacy", "serve": "privacy"}  # sections that stand under another's name
_NAMES = {
    "lock.minutes": mark("Lock by itself"),
    "lock.suspend": mark("Lock before sleep"),
    "appearance.theme": mark("Theme"),
    "appearance.text_size": mark("Text size"),
    "appearance.language": mark("Language"),
    "appearance.expert": mark("Everything"),
    "you.name": mark("Name"),
    "you.address": mark("Mail address"),
    "cloud.enabled": mark("Ask a larger model elsewhere"),
    "cloud.model": mark("Its model"),
    "cloud.never": mark("Never sent there"),
    "cloud.price_in": mark("Cents per million tokens sent"),
    "cloud.price_out": mark("Cents per million tokens back"),
    "serve.port": mark("Port for programs of this computer"),
    "indexing.paused": mark("Pause reading"),
    "indexing.battery": mark("On battery"),
    "actions.calendar": mark("Calendar"),
    "actions.drafts": mark("Drafts"),
    "actions.notes": mark("Notes"),
    "model.embedder": mark("Model that compares meanings"),
    "keys.new": mark("New conversation"),
    "keys.ask": mark("Go to the question box"),
    "keys.write": mark("Write a mail"),
    "keys.find": mark("Search conversations"),
    "keys.today": mark("Today"),
    "keys.library": mark("Library"),
    "keys.activity": mark("Activity"),
    "keys.settings": mark("Settings"),
    "keys.commands": mark("Commands"),
    "keys.larger": mark("Larger text"),
    "keys.smaller": mark("Smaller text"),
    "keys.lock": mark("Lock Homebody"),
    "keys.help": mark("The list of keys"),
    "keys.quit": mark("Quit"),
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
_FIELD = 240


class SettingsPage(Page):
    said = Signal(str)
    proposed = Signal(object)  # Proposal to fetch a model
    sources_wanted = Signal()
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
        self._told: tuple[str, ...] = ()
        session.settings_changed.connect(self._changed)

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
        self.list, self._told = None, self._tells()
        empty(self._sections)
        self.fields.clear()
        sections: dict[str, list[SettingState]] = {}
        everything = self.session.flag("appearance.expert")
        for state in self.session.settings.values():
            if BY_KEY[state.key].expert and not everything and state.value == state.default:
                continue
            sections.setdefault(_TOGETHER.get(state.section, state.section), []).append(state)
        for name in sorted(sections, key=_place):
            self._sections.addLayout(self._section(name, sections[name]))
        self.settle()

    def _section(self, name: str, states: list[SettingState]) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setContentsMargins(20, 6, 20, 6)
        lines.setSpacing(0)
        if name == "privacy":
            lines.addLayout(Privacy(self.session))
        for state in sorted(states, key=lambda s: s.section != name):
            field = self._field(state)
            self.fields[state.key] = field
            lines.addLayout(_line(_name(state.key), said(state.sentence), field, self._conflict(state)))
        if name == "privacy":
            words = tr("Kept in this computer's keyring, never in a file.")
            lines.addLayout(_line(tr("Key of the endpoint"), words, self._cloud_key()))
        if name == "lock":
            words = tr("What opens the store: a passphrase of yours, or the key in this computer's keyring.")
            lines.addLayout(_line(tr("Passphrase"), words, button(tr("Change…"), self._passphrase)))
        if name == "indexing":
            words = tr("What is read, and what never is.")
            lines.addLayout(_line(tr("Sources"), words, button(tr("Open"), self.sources_wanted.emit)))
        if name == "model" and self.models:
            lines.addWidget(self._models())
        return column(
            label(tr(_SECTIONS.get(name, name.capitalize())), "heading"), frame("card", lines), gap=8
        )

    def _conflict(self, state: SettingState) -> str:
        """Which other key is the same."""
        if not is_keys(state.key):
            return ""
        other = taken(self.session.value, state.key)
        return tr("“{name}” has this key already, and keeps it.", name=_name(other)) if other else ""

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
        if state.key == "model.base" and self.models:
            made = self._model(state)
        elif state.kind == "path":
            made = self._path(state, change)
        else:
            made = fields.made(state, change, hotkey=is_keys(state.key))
        fields.name(made, _name(state.key), said(state.sentence))
        return made

    def _path(self, state: SettingState, change: fields.Change) -> QWidget:
        field = fields.text(state, change)

        def choose() -> None:
            if path := QFileDialog.getExistingDirectory(self, _name(state.key), state.value):
                field.setText(path)
                change(path)

        holder = QWidget()
        holder.setLayout(row(field, button(tr("Choose…"), choose), gap=6))
        return holder

    def _model(self, state: SettingState) -> QWidget:
        box = QComboBox()
        fields.narrow(box)
        for model in (m for m in self.models if m.installed or m.active):
            size = tr(
                "{size} MB, needs {ram} GB, {licence}",
                size=number(model.size / 1e6),
                ram=number(model.ram / 1e9, 1),
                licence=model.licence,
            )
            box.addItem(visible(f"{model.title} ({size})"), model.key)
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
            told = tr("The key is in the keyring.") if key else tr("The key was forgotten.")
            self.session.run(Admin.cloud_key, lambda _: self.said.emit(told), self._broke, key=key)

        holder = QWidget()
        holder.setLayout(row(field, button(tr("Keep"), keep), gap=6))
        return holder

    def _change(self, key: str, value: str) -> None:
        if value == self.session.value(key):
            return
        self.session.change(key, value, self._broke)

    def _changed(self) -> None:
        """Keys and ways out are told by other lines, too: those are made anew."""
        if self._told != self._tells() and self.isVisible() and self.fields:
            focus = next((key for key, field in self.fields.items() if field.hasFocus()), "")
            self._build()
            if focus in self.fields:
                self.fields[focus].setFocus()

    def _tells(self) -> tuple[str, ...]:
        return tuple(self.session.value(key) for key in self.session.settings if _tells(key))

    def _broke(self, error: HomebodyError) -> None:
        self.failed.emit(error, None)


def _name(key: str) -> str:
    return tr(_NAMES.get(key, "")) or key.partition(".")[2].replace("_", " ").capitalize()


def _tells(key: str) -> bool:
    return is_keys(key) or key.startswith(("cloud.", "actions.calendar", "appearance.expert"))


def _place(name: str) -> int:
    order = tuple(_SECTIONS)
    return order.index(name) if name in order else len(order)


def _line(name: str, sentence: str, field: QWidget, fault: str = "") -> QBoxLayout:
    words = column(label(name, wrap=True), gap=2)
    if sentence.rstrip(".") != name:
        words.addWidget(label(sentence, "small", wrap=True))
    if fault:
        words.addWidget(label(fault, "bad", wrap=True))
    if enlarged() and not isinstance(field, QCheckBox):  # side by side there is no room for both
        words.setContentsMargins(0, 12, 0, 12)
        words.addSpacing(6)
        words.addWidget(field)
        return words
    if not isinstance(field, QCheckBox):
        field.setFixedWidth(_FIELD)
    line = row(margins=(0, 12, 0, 12), gap=24)
    line.addLayout(words, 1)
    line.addWidget(field, 0, Qt.AlignmentFlag.AlignVCenter)
    return line
