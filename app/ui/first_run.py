"""The first run, four short steps, each skippable: what stays here, sources, model, a question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.api import Admin, Sources, Vault
from app.core.errors import HomebodyError
from app.core.types import Proposal
from app.ui.finding import NAMES, Finds
from app.ui.first_steps import ModelChoice, Trial, page_of, scrolled
from app.ui.language import tr, within
from app.ui.passphrase import SHORTEST
from app.ui.session import Session
from app.ui.widgets import button, column, frame, label, resize_within, row, sentence

_OFTEN = ("mail", "notes", "calendar", "photos", "documents")


class FirstRun(QDialog):
    """``finished_with`` carries the question to ask first, or an empty one."""

    finished_with = Signal(str)
    made = Signal()  # the store exists and is open
    read = Signal()  # there is something to index
    proposed = Signal(object, str)  # Proposal to fetch a model, and its key

    def __init__(self, session: Session, examples: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Welcome to Homebody"))
        self.setModal(True)
        self.setMinimumSize(480, 420)
        resize_within(self, 640, 560)
        self.session = session
        self._read: list[tuple[str, str]] = []  # kind and path of what was added here
        self._asked_for = ""  # the model that was proposed to be fetched
        self.fault = label("", "bad", wrap=True)
        self.fault.hide()
        self.place = label(tr("Step {step} of 4", step=1), "small")
        self.skip_button = button(tr("Skip"), self.skip, "flat")
        self.back_button = button(tr("Back"), self.back, "flat")
        self.back_button.hide()
        self.next_button = button(tr("Continue"), self.advance, "primary")
        for each in (self.back_button, self.skip_button, self.next_button):
            each.setAutoDefault(False)
        self.next_button.setDefault(True)
        self.steps = QStackedWidget()
        self.models = ModelChoice(session)
        self.trial = Trial(session, examples)
        self.trial.asked.connect(self._finish)
        for page in (self._privacy(), self._code(), self._folders(), self.models, self.trial):
            self.steps.addWidget(scrolled(page))
        foot = row(self.place, 1, self.back_button, self.skip_button, self.next_button)
        self.setLayout(column(margins=(32, 28, 32, 20), gap=12))
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.steps, 1)
        layout.addWidget(self.fault)
        layout.addLayout(foot)

    def advance(self) -> None:
        """Continue: do what this step says."""
        (self._create, self._to_folders, self._add, self._get, self._finish)[self.steps.currentIndex()]()

    def skip(self) -> None:
        """Past this step: the key goes to the keyring, no folder is added, no question asked."""
        at = self.steps.currentIndex()
        if at == 0:
            self.keyring.setChecked(True)
            self._create()
        elif at == 1:
            self._to_folders()
        elif at in (2, 3):
            self._show(at + 1)
        else:
            self.trial.question.clear()
            self._finish()

    def back(self) -> None:
        """To the step before; the store that was made stays, so there is none before the folders."""
        self._show(self.steps.currentIndex() - 1)

    def explain(self, error: HomebodyError) -> None:
        """Why the store could not be made without asking; a passphrase is the way on."""
        self._say(sentence(error))
        self.by_phrase.setChecked(True)

    def reject(self) -> None:
        """Esc and the window's close mean: enough of this."""
        if self.session.status.vault == "open":
            self.finished_with.emit("")
        super().reject()

    # --- step 1: what stays here ----------------------------------------------------------------

    def _privacy(self) -> QWidget:
        self.keyring = QRadioButton(tr("Keep the key in this computer's keyring (recommended)"))
        self.keyring.setChecked(True)
        self.by_phrase = QRadioButton(tr("Protect it with a passphrase of my own"))
        self.phrase = QLineEdit()
        self.again = QLineEdit()
        for field, name in ((self.phrase, tr("Passphrase")), (self.again, tr("The same again"))):
            field.setEchoMode(QLineEdit.EchoMode.Password)
            field.setPlaceholderText(name)
            field.setAccessibleName(name)
            field.setVisible(False)
            self.by_phrase.toggled.connect(field.setVisible)
        self.by_phrase.toggled.connect(lambda on: self.phrase.setFocus() if on else None)
        promises = column(
            label(tr("✓  Mail, notes, calendar and photos are read here and stay here."), wrap=True),
            label(tr("✓  What Homebody knows is encrypted on this disk."), wrap=True),
            label(tr("✓  The model runs on this computer. No account, no telemetry."), wrap=True),
            label(tr("✓  Nothing leaves it unless you have read exactly what, and said yes."), wrap=True),
            margins=(20, 16, 20, 16),
            gap=10,
        )
        return page_of(
            tr("Everything stays on this computer"),
            "",
            frame("card", promises),
            label(tr("The key to your store"), "caps"),
            self.keyring,
            self.by_phrase,
            self.phrase,
            self.again,
        )

    def _create(self) -> None:
        phrase = self.phrase.text() if self.by_phrase.isChecked() else ""
        if self.by_phrase.isChecked() and len(phrase) < SHORTEST:
            self._say(tr("The passphrase needs at least {least} characters.", least=SHORTEST))
        elif phrase != (self.again.text() if self.by_phrase.isChecked() else ""):
            self._say(tr("The two passphrases differ."))
        else:
            self._busy(True)
            self.session.run(Vault.create, self._created, self._not_created, passphrase=phrase)

    def _not_created(self, error: HomebodyError) -> None:
        self._busy(False)
        self.explain(error)

    def _created(self, code: str) -> None:
        self._busy(False)
        self.code.setText(code)
        self.session.refresh_status(lambda _: self.made.emit())
        self._show(1)

    # --- the recovery code, shown once -----------------------------------------------------------

    def _code(self) -> QWidget:
        self.code = label("", "heading", wrap=True)
        self.code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.code.setAccessibleName(tr("Recovery code"))
        copy = button(
            tr("Copy"), lambda: QGuiApplication.clipboard().setText(self.code.text()), picture="copy"
        )
        copy.setAutoDefault(False)
        return page_of(
            tr("Your recovery code"),
            tr(
                "If the keyring is lost or the passphrase forgotten, this code alone opens your store. "
                "It is shown only now. Write it down and keep it somewhere safe."
            ),
            frame("card", column(self.code, row(copy, 1), margins=(20, 20, 20, 16), gap=14)),
        )

    def _to_folders(self) -> None:
        self.finds.look()
        self._show(2)

    # --- step 2: folders --------------------------------------------------------------------------

    def _folders(self) -> QWidget:
        self.finds = Finds(self.session, self.explain_find)
        lines = column(margins=(16, 8, 16, 8))
        lines.addLayout(self.finds)
        holder = QWidget()
        holder.setLayout(lines)
        lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("card")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(holder)
        scroll.setMinimumHeight(230)
        adds = [button(f"{tr(NAMES[kind][0])}…", partial(self._choose, kind)) for kind in _OFTEN]
        for each in adds:
            each.setAutoDefault(False)
        return page_of(
            tr("What should Homebody read?"),
            tr(
                "Found on this computer; nothing of it is read before you tick it. What you tick is only "
                "read, and can be removed at any time."
            ),
            scroll,
            label(tr("Add another folder of"), "caps"),
            _wrap(row(*adds, 1)),
        )

    @property
    def ticks(self) -> list[tuple[QCheckBox, str, str]]:
        """What can be ticked: the box, the kind and the path."""
        return self.finds.ticks

    def explain_find(self, error: HomebodyError) -> None:
        self._say(sentence(error))

    def _choose(self, kind: str) -> None:
        path = QFileDialog.getExistingDirectory(
            self, tr("Add {source}", source=within(tr(NAMES[kind][0]))), str(Path.home())
        )
        if path:
            self.finds.offer(kind, path)

    def _add(self) -> None:
        """What is ticked now is read; what was ticked before the person came back here is not any more."""
        self._busy(True)
        chosen = self.finds.chosen()
        todo: list[tuple[bool, tuple[str, str]]] = [(False, one) for one in self._read if one not in chosen]
        self._change([*todo, *((True, one) for one in chosen if one not in self._read)])

    def _change(self, todo: list[tuple[bool, tuple[str, str]]]) -> None:
        """Sources to be added (True) or removed, one after the other."""
        if not todo:
            self._busy(False)
            if self._read:
                self.read.emit()
            self._show(3)
            return
        wanted, one = todo[0]

        def done(_: object) -> None:
            self._read = [*self._read, one] if wanted else [each for each in self._read if each != one]
            self._change(todo[1:])

        def broke(error: HomebodyError) -> None:
            self._busy(False)
            self._say(sentence(error))

        if wanted:
            self.session.run(Sources.add, done, broke, kind=one[0], path=one[1])
        else:
            self.session.run(Sources.remove, done, broke, kind=one[0], path=one[1])

    # --- steps 3 and 4: a model, a question -----------------------------------------------------------

    def _get(self) -> None:
        """What was chosen is shown in full, and fetched beside everything else once it is approved."""
        key = self.models.chosen()
        if not key or key == self._asked_for:
            self._show(4)
            return

        def step(found: object) -> None:
            if isinstance(found, Proposal):
                self._asked_for = key
                self.proposed.emit(found, key)

        self._busy(True)
        self.session.stream(Admin.get_model, step, self._got, self._not_got, key=key)

    def _got(self) -> None:
        self._busy(False)
        self._show(4)

    def _not_got(self, error: HomebodyError) -> None:
        self._busy(False)
        self._say(sentence(error))

    def _finish(self) -> None:
        self.finished_with.emit(self.trial.question.text().strip())
        self.accept()

    # --- all steps --------------------------------------------------------------------------------

    def _show(self, at: int) -> None:
        self.fault.hide()
        self.steps.setCurrentIndex(at)
        self.place.setText(tr("Step {step} of 4", step=(1, 1, 2, 3, 4)[at]))
        self.skip_button.setVisible(at != 1)
        self.back_button.setVisible(at > 2)
        on = tr("Continue")
        self.next_button.setText((on, tr("I have kept it"), on, on, tr("Ask"))[at])
        if at == 3:
            self.models.look()
        if at == 4:
            self.trial.enter()
        else:
            self.next_button.setFocus()

    def _busy(self, on: bool) -> None:
        self.next_button.setEnabled(not on)
        self.skip_button.setEnabled(not on)
        self.fault.hide()

    def _say(self, text: str) -> None:
        self.fault.setText(text)
        self.fault.show()


def _wrap(layout: QHBoxLayout) -> QWidget:
    holder = QWidget()
    holder.setLayout(layout)
    return holder
