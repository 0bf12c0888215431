"""The About page: where everything is, what runs, what never leaves, and the lock."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.core.api import Admin
from app.core.errors import HomebodyError
from app.core.paths import Paths
from app.core.types import Check, ProcessState
from app.ui.pages import Page
from app.ui.session import Session
from app.ui.theme import app_icon
from app.ui.widgets import button, column, count, empty, frame, label, row

_STATES = {"ok": "✓", "healed": "✓ mended", "bad": "✗"}


class AboutPage(Page):
    failed = Signal(object, object)
    open_folder = Signal(str)
    lock = Signal()

    def __init__(self, session: Session, paths: Paths) -> None:
        super().__init__("About", "")
        self.session, self.paths = session, paths
        self._where = QVBoxLayout()
        self._processes = QVBoxLayout()
        self._checks = QVBoxLayout()
        for layout in (self._where, self._processes, self._checks):
            layout.setSpacing(6)
        self._doctor = button("Check everything", self._examine, picture="shield")
        self.body.addLayout(self._head())
        self._part("Where is my data", self._where, self._buttons())
        self._part("What is running", self._processes)
        self._part("Health", self._checks, row(self._doctor, 1))

    def refresh(self) -> None:
        self._show_where()
        if self.session.status.vault == "open":
            self.session.run(Admin.processes, self._show_processes, self._broke)

    def _head(self) -> QVBoxLayout:
        image = QLabel()
        image.setPixmap(app_icon().pixmap(QSize(56, 56)))
        words = column(
            label(f"Homebody {_version()}", "heading"),
            label("A private assistant that lives on your own computer. Apache-2.0.", "muted", wrap=True),
            gap=2,
        )
        line = row(image, gap=16)
        line.addLayout(words, 1)
        return column(line)

    def _part(self, title: str, body: QVBoxLayout, foot: QHBoxLayout | None = None) -> None:
        whole = column(margins=(20, 16, 20, 16), gap=12)
        whole.addLayout(body)
        if foot is not None:
            whole.addLayout(foot)
        self.body.addSpacing(12)
        self.body.addWidget(label(title, "heading"))
        self.body.addWidget(frame("card", whole))

    def _buttons(self) -> QHBoxLayout:
        folder = button("Open folder", lambda: self.open_folder.emit(str(self.paths.data)), picture="folder")
        return row(folder, button("Lock now", self.lock.emit, picture="shield"), 1)

    def _show_where(self) -> None:
        status = self.session.status
        empty(self._where)
        key = {
            "keyring": "The key is in this computer's keyring.",
            "passphrase": "The key is under your passphrase.",
        }.get(status.key_place, "")
        cloud = f"Questions may go to {status.cloud}, each only after you confirm it." if status.cloud else ""
        for line in (
            str(self.paths.data),
            f"{count(status.items, 'item')} and {count(status.passages, 'passage')}, encrypted. {key}",
            cloud or "Nothing leaves this computer.",
        ):
            words = label(line, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._where.addWidget(words)

    def _show_processes(self, states: tuple[ProcessState, ...]) -> None:
        empty(self._processes)
        running = [state for state in states if state.pid]
        for state in running:
            memory = label(f"{state.rss / 1e6:,.0f} MB", "muted")
            self._processes.addLayout(row(label(state.name), 1, label(state.why, "muted"), memory, gap=16))
        if not running:
            self._processes.addWidget(label("Only this window and its engine.", "muted"))

    def _examine(self) -> None:
        empty(self._checks)
        self._doctor.setEnabled(False)

        def step(check: Check) -> None:
            words = " — ".join(part for part in (check.detail, check.remedy) if part)
            name = label(f"{_STATES.get(check.state, check.state)}  {check.name}")
            self._checks.addLayout(row(name, label(words, "muted", wrap=True), gap=16))

        def end() -> None:
            self._doctor.setEnabled(True)

        def broke(error: HomebodyError) -> None:
            end()
            self._broke(error)

        self.session.stream(Admin.doctor, step, end, broke)

    def _broke(self, error: HomebodyError, retry: Callable[[], None] | None = None) -> None:
        self.failed.emit(error, retry)


def _version() -> str:
    try:
        return version("homebody")
    except PackageNotFoundError:
        return "0.1.0"
