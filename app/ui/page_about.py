"""The About page: where everything is, what runs, what never leaves, and the lock."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from app.core.api import Admin
from app.core.errors import HomebodyError
from app.core.paths import Paths
from app.core.types import Check
from app.ui.language import said, tr
from app.ui.pages import Page
from app.ui.session import Session
from app.ui.theme import app_icon
from app.ui.widgets import button, column, count, empty, frame, label, row

_STATES = {"ok": "✓", "healed": "✓ mended", "bad": "✗"}


class AboutPage(Page):
    open_folder = Signal(str)
    lock = Signal()

    def __init__(self, session: Session, paths: Paths) -> None:
        super().__init__(tr("About"), "")
        self.session, self.paths = session, paths
        self._name = label("", "heading")
        self._where = QVBoxLayout()
        self._checks = QVBoxLayout()
        for layout in (self._where, self._checks):
            layout.setSpacing(6)
        self._doctor = button(tr("Check everything"), self.examine, picture="shield")
        self.body.addLayout(self._head())
        self._part(tr("Where is my data"), self._where, self._buttons())
        self._part(tr("Health"), self._checks, row(self._doctor, 1))

    def refresh(self) -> None:
        self._show_where()
        self._name.setText(tr("Homebody {version}", version=_version()))

    def _head(self) -> QVBoxLayout:
        image = QLabel()
        image.setPixmap(app_icon().pixmap(QSize(56, 56)))
        words = column(
            self._name,
            label(tr("A private assistant that lives on your own computer. Apache-2.0."), "muted", wrap=True),
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
        folder = button(
            tr("Open folder"), lambda: self.open_folder.emit(str(self.paths.data)), picture="folder"
        )
        return row(folder, button(tr("Lock now"), self.lock.emit, picture="shield"), 1)

    def _show_where(self) -> None:
        status = self.session.status
        empty(self._where)
        key = {
            "keyring": tr("The key is in this computer's keyring."),
            "passphrase": tr("The key is under your passphrase."),
        }.get(status.key_place, "")
        cloud = (
            tr("Questions may go to {cloud}, each only after you confirm it.", cloud=status.cloud)
            if status.cloud
            else ""
        )
        for line in (
            str(self.paths.data),
            tr(
                "{items} and {passages}, encrypted. {key}",
                items=count(status.items, "item"),
                passages=count(status.passages, "passage"),
                key=key,
            ),
            cloud or tr("Nothing leaves this computer."),
        ):
            words = label(line, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._where.addWidget(words)

    def examine(self) -> None:
        empty(self._checks)
        self._doctor.setEnabled(False)

        def step(check: Check) -> None:
            words = " — ".join(said(part) for part in (check.detail, check.remedy) if part)
            name = label(f"{_STATES.get(check.state, check.state)}  {said(check.name)}")
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
    from importlib.metadata import PackageNotFoundError, version  # 25 ms of the start

    try:
        return version("homebody")
    except PackageNotFoundError:
        return "0.1.0"
