"""The tray icon and its menu: everything that matters without the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from app.ui.indexing import Indexing
from app.ui.language import tr
from app.ui.session import Session
from app.ui.text import one_line
from app.ui.theme import app_icon


class Tray(QObject):
    """Trusts only what the desktop says it has now: without a tray nothing is ever hidden in it."""

    opened = Signal()
    quick = Signal()
    selection = Signal()
    screen = Signal()
    settings = Signal()
    lock = Signal()
    quit = Signal()

    def __init__(self, session: Session, indexing: Indexing) -> None:
        super().__init__()
        self.session, self.indexing = session, indexing
        self.menu = QMenu()
        self.menu.addAction(tr("Open Homebody"), self.opened.emit)
        self.menu.addAction(tr("Quick prompt"), self.quick.emit)
        self.menu.addAction(tr("Summarize selection"), self.selection.emit)
        self.menu.addAction(tr("Read a part of the screen"), self.screen.emit)
        self.menu.addSeparator()
        self.pause = self.menu.addAction(tr("Pause indexing"), self._toggle)
        self.menu.addAction(tr("Settings"), self.settings.emit)
        self.menu.addAction(tr("Lock"), self.lock.emit)
        self.menu.addSeparator()
        self.menu.addAction(tr("Quit"), self.quit.emit)
        self.icon = QSystemTrayIcon(app_icon())
        self.icon.setToolTip("Homebody")
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._clicked)
        self._told = False
        indexing.changed.connect(self._refresh)
        if self.there():
            self.icon.show()

    def there(self) -> bool:
        return QSystemTrayIcon.isSystemTrayAvailable()

    def say_hidden(self) -> None:
        """Once: where the window went, and how to end the program."""
        if not self._told:
            self._told = True
            self.icon.showMessage(
                tr("Homebody stays in the tray"), tr("Quit it from the tray's menu."), app_icon(), 6000
            )

    def close(self) -> None:
        self.icon.hide()
        self.menu.deleteLater()

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit()

    def _toggle(self) -> None:
        if self.indexing.paused:
            self.indexing.resume()
        else:
            self.indexing.pause()

    def _refresh(self) -> None:
        self.pause.setText(tr("Resume indexing") if self.indexing.paused else tr("Pause indexing"))
        sentence = one_line(self.indexing.sentence(), 200)
        self.icon.setToolTip(tr("Homebody\n{sentence}", sentence=sentence) if sentence else "Homebody")
