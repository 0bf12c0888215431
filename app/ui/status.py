"""The bar at the foot of the window: ready or indexing how far, how much is known, where it runs."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy

from app.ui.indexing import Indexing
from app.ui.language import tr
from app.ui.session import Session
from app.ui.text import tip, visible
from app.ui.widgets import Elided, button, count, label, row


class StatusBar(QFrame):
    sources_wanted = Signal()

    def __init__(self, session: Session, indexing: Indexing) -> None:
        super().__init__()
        self.setObjectName("status")
        self.session, self.indexing = session, indexing
        self.text = Elided(tr("Starting …"), "small")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(140)
        self.bar.setAccessibleName(tr("Indexing progress"))
        self.bar.hide()
        self.pause = button(tr("Pause"), self._toggle, "flat")
        self.pause.hide()
        self.place = label("", "small")
        line = row(self.text, self.bar, self.pause, self.place, margins=(16, 2, 16, 2), gap=12)
        line.setStretch(0, 1)
        self.setLayout(line)
        self.setMinimumHeight(38)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        session.status_changed.connect(self.refresh)
        indexing.changed.connect(self.refresh)

    def refresh(self) -> None:
        status, indexing = self.session.status, self.indexing
        items = max(status.items, indexing.added)  # the store is asked again only when a run has ended
        held = tr("{items} indexed", items=count(items, "item")) if items else tr("nothing indexed yet")
        if status.vault != "open":
            self.text.setText(tr("Locked"))
        elif sentence := indexing.sentence():
            self.text.setText(f"{sentence} · {held}")
        else:
            self.text.setText(tr("Ready · {held}", held=held))
        share = indexing.share()
        self.bar.setVisible(indexing.busy)
        self.bar.setRange(0, 100 if share >= 0 else 0)
        self.bar.setValue(max(0, share))
        self.pause.setVisible(status.vault == "open" and (indexing.busy or indexing.paused))
        self.pause.setText(tr("Resume") if indexing.paused else tr("Pause"))
        self.pause.setAccessibleName(tr("{text} indexing", text=self.pause.text()))
        away = tr(" · may ask {cloud} after you confirm", cloud=status.cloud) if status.cloud else ""
        model = f" · {status.model}" if status.model else ""
        alone = tr(" by prompt only") if status.prompt_only else ""  # no adapter fits this base
        place = tr("On this computer{model}{alone}{away}", model=model, alone=alone, away=away)
        self.place.setText(visible(place))
        tasks = ", ".join(status.prompt_only)
        missing = tr("No adapter fits this model for {prompt_only}.", prompt_only=tasks) if tasks else ""
        self.place.setToolTip(tip(missing))

    def _toggle(self) -> None:
        if self.indexing.paused:
            self.indexing.resume()
        else:
            self.indexing.pause()
