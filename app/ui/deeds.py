"""From a proposal to a deed: the confirmation, then approve, perform, and a toast with Undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.core.api import Deeds as Contract
from app.core.errors import HomebodyError
from app.core.types import Answer, Approval, Fetching, JournalEntry, Nothing, Proposal, Receipt
from app.ui.jobs import Job
from app.ui.language import said, tr
from app.ui.session import Session
from app.ui.teaching import SETTING

if TYPE_CHECKING:
    from app.ui.confirm import ConfirmSheet


class Deeds(QObject):
    """The only way from the windows to ``perform``: through a sheet that was shown and approved."""

    said = Signal(str, object)  # text, [(name, what to do)]
    failed = Signal(object, object)
    steps = Signal(object)  # Token and Answer of a larger model
    fetching = Signal(object)  # Fetching, while a model comes
    ended = Signal()
    began = Signal(object)  # Proposal that was approved

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.sheet: ConfirmSheet | None = None
        self._fetch: Job | None = None
        self._wishes = 0

    def stop_fetching(self) -> None:
        """What has come of a model is kept: the next time it goes on from there."""
        if self._fetch is not None:
            self._fetch.cancel()
            self._fetch = None
            self.ended.emit()
            self.said.emit(tr("Stopped. Getting it again goes on from here."), [])

    def show(self, proposal: Proposal, parent: QWidget | None) -> ConfirmSheet:
        from app.ui.confirm import ConfirmSheet

        sheet = ConfirmSheet(
            parent,
            proposal,
            lambda: self._approve(sheet.proposal),
            lambda changed, learn: self._amend(proposal, parent, changed, learn),
            asks=self.session.value(SETTING) == "ask",
        )
        self.sheet = sheet
        sheet.held.connect(lambda words: self._anew(sheet, Contract.withhold, words=words))
        sheet.never.connect(lambda source: self._anew(sheet, Contract.never, source=source))
        sheet.finished.connect(lambda _: self._forget(sheet))
        sheet.open()
        return sheet

    def undo(self, journal_id: int) -> None:
        def undone(entry: JournalEntry) -> None:
            self.said.emit(tr("Undone: {summary}", summary=said(entry.summary)), [])

        self.session.run(Contract.undo, undone, self._broke, journal_id=journal_id)

    def _forget(self, sheet: ConfirmSheet) -> None:
        if self.sheet is sheet:
            self.sheet = None

    def _anew(self, sheet: ConfirmSheet, how: Callable[..., Proposal | Nothing], **wish: object) -> None:
        """The request with what the person keeps back, in the sheet that is open; or nothing left of it."""
        self._wishes += 1
        wish_number = self._wishes

        def made(new: Proposal | Nothing) -> None:
            if self.sheet is not sheet or wish_number != self._wishes:
                return  # it was closed meanwhile, or something else was wished for
            if isinstance(new, Proposal):
                sheet.take(new)
            else:
                sheet.reject()
                self.said.emit(said(new.reason), [])

        def broke(error: HomebodyError) -> None:
            if self.sheet is sheet and wish_number == self._wishes:
                sheet.take(sheet.proposal)
            self.failed.emit(error, None)

        self.session.run(how, made, broke, sha256=sheet.proposal.sha256, **wish)

    def _amend(
        self, proposal: Proposal, parent: QWidget | None, changed: dict[str, str], learn: bool
    ) -> None:
        """The same with the person's words, to be confirmed anew."""
        if learn:
            self.session.change(SETTING, "yes", self._broke)
        if not changed:
            self.show(proposal, parent)
            return

        def amended(new: Proposal) -> None:
            self.show(new, parent)

        def broke(error: HomebodyError) -> None:
            self.failed.emit(error, lambda: self.show(proposal, parent))

        self.session.run(
            Contract.amend,
            amended,
            broke,
            sha256=proposal.sha256,
            arguments=changed,
        )

    def _approve(self, proposal: Proposal) -> None:
        self.session.run(
            Contract.approve,
            lambda approval: self._perform(proposal, approval),
            self._broke,
            sha256=proposal.sha256,
        )

    def _perform(self, proposal: Proposal, approval: Approval) -> None:
        self.began.emit(proposal)

        def step(step: object) -> None:
            if isinstance(step, Receipt):
                self._done(step)
            elif isinstance(step, Fetching):
                self.fetching.emit(step)
            elif isinstance(step, Answer) or proposal.action == "ask_cloud":
                self.steps.emit(step)

        job = self.session.stream(Contract.perform, step, self.ended.emit, self._broke, token=approval.token)
        if proposal.action == "fetch_model":
            self._fetch = job

    def _done(self, receipt: Receipt) -> None:
        actions: list[tuple[str, Callable[[], None]]] = []
        if receipt.undoable:
            actions.append((tr("Undo"), lambda: self.undo(receipt.journal_id)))
        self.said.emit(tr("Done: {summary}", summary=said(receipt.summary)), actions)

    def _broke(self, error: HomebodyError) -> None:
        self.ended.emit()
        self.failed.emit(error, None)
