"""The main window: conversations left, the answer in the middle, the source that was opened right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QInputDialog, QMainWindow, QSplitter, QStackedWidget, QWidget

from app.core.api import Verbs
from app.core.errors import HomebodyError, Locked
from app.core.paths import Paths
from app.core.types import Answer, ItemView, JournalEntry, Proposal, Talk
from app.ui.answer import AnswerView
from app.ui.cards import Source
from app.ui.chat import Chat
from app.ui.commands import Commands
from app.ui.compose import ComposeDialog
from app.ui.deeds import Deeds
from app.ui.forgetting import Forgetter
from app.ui.indexing import Indexing
from app.ui.language import tr
from app.ui.page_about import AboutPage
from app.ui.page_activity import ActivityPage
from app.ui.page_hats import HatsPage
from app.ui.page_library import LibraryPage
from app.ui.page_settings import SettingsPage
from app.ui.page_sources import SourcesPage
from app.ui.page_today import TodayPage
from app.ui.pages import Shown
from app.ui.preview import Preview
from app.ui.session import Session
from app.ui.sidebar import Sidebar
from app.ui.status import StatusBar
from app.ui.teaching import Teacher
from app.ui.text import one_line
from app.ui.toast import Toast
from app.ui.widgets import column, redress


class Window(QMainWindow):
    """Composes the parts and leads their news to one another; each part knows only its own work."""

    closing = Signal(QCloseEvent)
    quit_wanted = Signal()
    quick_wanted = Signal()
    lock_wanted = Signal()
    unlock_wanted = Signal(object)  # what to call once the store is open
    open_wanted = Signal(str)  # a file or folder to hand to the desktop

    def __init__(
        self, session: Session, indexing: Indexing, paths: Paths, *, examples: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.setWindowTitle("Homebody")
        self.resize(1240, 820)
        self.setMinimumWidth(720)  # its height is what the text size needs
        self.session, self.indexing = session, indexing
        self.sidebar = Sidebar(session)
        self.chat = Chat(session, examples) if examples else Chat(session)
        self.preview = Preview(session.jobs, session.picture)
        self.preview.hide()
        self.today = TodayPage(session)
        self.library = LibraryPage(session, indexing)
        self.sources = SourcesPage(session, indexing)
        self.forgetter = Forgetter(session, self)
        self.teacher = Teacher(session)
        self.hats = HatsPage(session, self.teacher)
        self.activity = ActivityPage(session, indexing)
        self.settings = SettingsPage(session)
        self.about = AboutPage(session, paths)
        self.deeds = Deeds(session)
        self._cloud: AnswerView | None = None
        self.stack = QStackedWidget()
        self.status = StatusBar(session, indexing)
        self._arrange()
        self.toast = Toast(self)
        self._connect()
        self.commands = Commands(self)
        self.show_page("chat")

    # --- what the rest of the program calls ----------------------------------------------------

    def show_page(self, name: str) -> None:
        page = self.pages[name]
        self.stack.setCurrentWidget(page)
        self.sidebar.mark(name)
        if isinstance(page, Shown):
            page.refresh()
            page.enter()
            self.preview.hide()
        else:
            self.chat.prompt.setFocus()

    def present(self) -> None:
        """To the front, whatever it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _ask_forget(self, item: ItemView, at: QWidget) -> None:
        self.forgetter.menu(item).popup(at.mapToGlobal(at.rect().bottomLeft()))

    def _forgotten(self) -> None:
        """What is shown of it goes too; the conversation waits in the history, without the quotes."""
        self.preview.close_pane()
        self.chat.new()
        self.session.refresh_status()
        for page in (self.sources, self.today, self.library):
            page.refresh()

    def clear(self) -> None:
        """Nothing of a locked store stays on the screen."""
        self.preview.close_pane()
        self.chat.new()
        self.sidebar.clear()
        self.today.clear()
        self.library.clear()
        self.activity.clear()
        self.show_page("chat")

    def say(self, text: str, actions: Sequence[tuple[str, Callable[[], object]]] = ()) -> None:
        self.toast.say(text, *actions)

    def fail(self, error: HomebodyError, retry: Callable[[], object] | None = None) -> None:
        """Every failure of every part ends here: a toast, or the lock's dialog."""
        if isinstance(error, Locked):
            self.unlock_wanted.emit(retry)
            return
        self.toast.fail(error, retry)

    def refresh(self) -> None:
        """After the store was opened."""
        self.session.refresh_settings()
        self.sidebar.refresh()
        self.chat.refresh()
        if isinstance(page := self.stack.currentWidget(), Shown):
            page.refresh()

    def ask(self, question: str) -> None:
        """A question from elsewhere (a second start): in a conversation of its own."""
        self.present()
        self.show_page("chat")
        self.chat.new()
        self.chat.ask(question)

    def retint(self) -> None:
        """Icons and drawn parts follow a change of theme."""
        redress(self)
        self.sidebar.retint()
        self.chat.retint()
        self.activity.retint()
        if isinstance(page := self.stack.currentWidget(), Shown):
            page.refresh()

    # --- Qt ------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.sidebar.refresh()

    # --- building ------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.pages: dict[str, QWidget] = {
            "chat": self.chat,
            "today": self.today,
            "library": self.library,
            "sources": self.sources,
            "hats": self.hats,
            "activity": self.activity,
            "settings": self.settings,
            "about": self.about,
        }
        for page in self.pages.values():
            self.stack.addWidget(page)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(1)
        for part, stretch in ((self.sidebar, 0), (self.stack, 1), (self.preview, 0)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, stretch)
        split.setSizes([248, 640, 400])
        centre = QWidget()
        layout = column(gap=0)
        layout.addWidget(split, 1)
        layout.addWidget(self.status)
        centre.setLayout(layout)
        self.setCentralWidget(centre)

    def _connect(self) -> None:
        self.sidebar.new.connect(self.new)
        self.sidebar.chosen.connect(self._open_conversation)
        self.sidebar.page.connect(self.show_page)
        self.sidebar.deleted.connect(self._deleted)
        self.today.opened.connect(self.open_source)
        self.library.opened.connect(self.open_source)
        self.chat.source_opened.connect(self.open_source)
        self.chat.proposed.connect(lambda proposal: self.deeds.show(proposal, self))
        self.chat.said.connect(self.say)
        self.chat.undoable.connect(lambda text, undo: self.say(text, [(tr("Undo"), undo)]))
        self.chat.mail_wanted.connect(self.compose)
        self.preview.reply.connect(self._draft)
        self.chat.copied.connect(lambda: self.say(tr("Copied.")))
        self.preview.closed.connect(self.chat.unmark)
        self.preview.open_file.connect(self.open_wanted)
        self.preview.open_folder.connect(self.open_wanted)
        self.preview.summarize.connect(self.chat.summarize)
        self.preview.forget.connect(self._ask_forget)
        self.forgetter.said.connect(self.say)
        self.forgetter.done.connect(self._forgotten)
        self.sources.changed.connect(self.session.refresh_status)
        self.indexing.finished.connect(lambda _: self.session.refresh_status())
        self.about.open_folder.connect(self.open_wanted)
        self.about.lock.connect(self.lock_wanted)
        self.settings.said.connect(self.say)
        self.settings.proposed.connect(lambda proposal: self.deeds.show(proposal, self))
        self.settings.sources_wanted.connect(lambda: self.show_page("sources"))
        self.settings.stopped.connect(self.deeds.stop_fetching)
        self.deeds.fetching.connect(self.settings.progress)
        self.deeds.ended.connect(self._fetched)
        self.hats.said.connect(self.say)
        self.chat.edited.connect(self.teacher.correct)
        self.teacher.kept.connect(lambda _: self.say(tr("Kept to learn from."), [(tr("Hats"), self._hats)]))
        self.teacher.failed.connect(self.fail)
        self.activity.undone.connect(self._undone)
        self.deeds.said.connect(self.say)
        self.deeds.began.connect(self._began)
        self.deeds.steps.connect(self._cloud_step)
        self.deeds.ended.connect(self._cloud_ended)
        for part in (
            self.sidebar,
            self.chat,
            self.today,
            self.library,
            self.forgetter,
            self.sources,
            self.hats,
            self.activity,
            self.settings,
            self.about,
        ):
            part.failed.connect(self.fail)
        self.deeds.failed.connect(self.fail)
        self.indexing.failed.connect(self.fail)

    # --- small deeds ---------------------------------------------------------------------------

    def open_source(self, source: Source) -> None:
        def show(item: ItemView) -> None:
            self.preview.show_item(item, source)

        self.session.run(
            Verbs.item,
            show,
            lambda error: self.fail(error, lambda: self.open_source(source)),
            uri=source.uri,
        )

    def new(self) -> None:
        self.show_page("chat")
        self.preview.hide()
        self.chat.new()
        self.sidebar.mark_conversation(0)

    def _open_conversation(self, id: int) -> None:
        self.show_page("chat")
        self.preview.hide()
        self.chat.open(id)

    def find_conversation(self) -> None:
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    def _draft(self, uri: str) -> None:
        say, ok = QInputDialog.getMultiLineText(self, tr("Draft a reply"), tr("What should the reply say?"))
        if ok and say.strip():
            self.chat.draft(uri, say.strip())

    def _deleted(self, was: Talk) -> None:
        if was.id == self.chat.conversation:
            self.new()
        text = tr("Deleted: {title}", title=one_line(was.title, 60))
        self.say(text, [(tr("Undo"), lambda: self.chat.put_back(was))])

    def compose(self, say: str = "") -> None:
        if self.chat.job is not None:
            self.say(tr("Homebody is still writing. Esc stops it."))
            return
        self.show_page("chat")
        ComposeDialog(self, self.chat.compose, say=say).open()

    def escape(self) -> None:
        """Stop, else close the preview, else back within the page, else to the conversation."""
        if self.chat.job is not None:
            self.chat.stop()
        elif self.preview.isVisible():
            self.preview.close_pane()
        elif self.stack.currentWidget() is self.chat and self.chat.leave_editing():
            self.chat.prompt.set_text("")
        elif self.stack.currentWidget() is self.library and self.library.leave():
            return
        elif self.stack.currentWidget() is not self.chat:
            self.show_page("chat")

    def _hats(self) -> None:
        self.show_page("hats")

    def _undone(self, entry: JournalEntry) -> None:
        self.say(tr("Undone: {summary}", summary=entry.summary))

    def _began(self, proposal: Proposal) -> None:
        if proposal.action == "ask_cloud":
            self.show_page("chat")
            self._cloud = self.chat.begin_answer(tr("Sent; waiting for the answer …"))

    def _fetched(self) -> None:
        if (page := self.stack.currentWidget()) in (self.settings, self.activity):
            page.refresh()

    def _cloud_step(self, step: object) -> None:
        if self._cloud is not None:
            self._cloud.step(step)

    def _cloud_ended(self) -> None:
        view, self._cloud = self._cloud, None
        if view is not None and not view.finished:
            view.stopped(tr("No answer came back."))
        if view is not None and isinstance(view.answer, Answer):
            self.session.conversations_changed.emit()
