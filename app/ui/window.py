"""The main window: conversations left, the answer in the middle, the source that was opened right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QInputDialog, QMainWindow, QSplitter, QStackedWidget, QWidget

from app.core.api import Verbs
from app.core.errors import HomebodyError, Locked
from app.core.paths import Paths
from app.core.types import Answer, ItemView, JournalEntry, Proposal, Talk
from app.ui.answer import AnswerView
from app.ui.cards import Source
from app.ui.chat import Chat
from app.ui.commands import Commands
from app.ui.deeds import Deeds
from app.ui.forgetting import Forgetter
from app.ui.indexing import Indexing
from app.ui.language import tr
from app.ui.pages import Shown
from app.ui.preview import Preview
from app.ui.session import Session
from app.ui.sidebar import Sidebar
from app.ui.status import StatusBar
from app.ui.teaching import Teacher
from app.ui.text import one_line
from app.ui.toast import Toast
from app.ui.widgets import column, redress

if TYPE_CHECKING:
    from app.ui.page_about import AboutPage
    from app.ui.page_activity import ActivityPage
    from app.ui.page_hats import HatsPage
    from app.ui.page_library import LibraryPage
    from app.ui.page_settings import SettingsPage
    from app.ui.page_sources import SourcesPage
    from app.ui.page_today import TodayPage

PageT = TypeVar("PageT", bound=Shown)
_THREE = 1_000  # px from which conversations, answer and source have room side by side


class Window(QMainWindow):
    """Composes the parts and leads their news to one another; each part knows only its own work.

    The pages beside the conversation are loaded and made when they are first needed: nobody waits for
    them at the start, and who never looks at one has no memory taken by it.
    """

    pages = ("chat", "today", "library", "sources", "hats", "activity", "settings", "about")

    closing = Signal(QCloseEvent)
    quit_wanted = Signal()
    quick_wanted = Signal()
    lock_wanted = Signal()
    unlock_wanted = Signal(object)  # what to call once the store is open
    open_wanted = Signal(str)  # a file or folder to hand to the desktop
    painted = Signal()  # it can be seen, for the first time

    def __init__(
        self, session: Session, indexing: Indexing, paths: Paths, *, examples: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self.setWindowTitle("Homebody")
        self.resize(1240, 820)
        self.setMinimumWidth(720)  # its height is what the text size needs
        self.session, self.indexing, self._paths = session, indexing, paths
        self.sidebar = Sidebar(session)
        self.chat = Chat(session, examples) if examples else Chat(session)
        self.preview = Preview(session.jobs, session.picture)
        self.preview.hide()
        self.forgetter = Forgetter(session, self)
        self.teacher = Teacher(session)
        self.deeds = Deeds(session)
        self._cloud: AnswerView | None = None
        self._wanted: Source | None = None  # what is to be shown in the preview
        self.stack = QStackedWidget()
        self._made: dict[str, Shown] = {}
        self._seen = False
        self.status = StatusBar(session, indexing)
        self._arrange()
        self.toast = Toast(self)
        self._connect()
        self.commands = Commands(self)
        self.show_page("chat")

    # --- what the rest of the program calls ----------------------------------------------------

    def show_page(self, name: str) -> None:
        page: QWidget = getattr(self, name)
        self._wanted = None
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
        for name in self._made.keys() & {"sources", "today", "library"}:
            self._made[name].refresh()

    def clear(self) -> None:
        """Nothing of a locked store stays on the screen."""
        self.preview.close_pane()
        self.chat.new()
        self.sidebar.clear()
        for page in self._made.values():
            page.clear()
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
        for page in self._made.values():
            page.retint()
        if isinstance(shown := self.stack.currentWidget(), Shown):
            shown.refresh()

    # --- Qt ------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._seen:
            self._seen = True
            QTimer.singleShot(0, self, self.painted.emit)  # its parts are painted after it

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.sidebar.refresh()

    # --- building ------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.stack.addWidget(self.chat)
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
        self.chat.source_opened.connect(self.open_source)
        self.chat.proposed.connect(lambda proposal: self.deeds.show(proposal, self))
        self.chat.said.connect(self.say)
        self.chat.undoable.connect(lambda text, undo: self.say(text, [(tr("Undo"), undo)]))
        self.chat.mail_wanted.connect(self.compose)
        self.preview.reply.connect(self._draft)
        self.preview.seen.connect(self._make_room)
        self.chat.copied.connect(lambda: self.say(tr("Copied.")))
        self.preview.closed.connect(self.chat.unmark)
        self.preview.open_file.connect(self.open_wanted)
        self.preview.open_folder.connect(self.open_wanted)
        self.preview.summarize.connect(self.chat.summarize)
        self.preview.forget.connect(self._ask_forget)
        self.forgetter.said.connect(self.say)
        self.forgetter.done.connect(self._forgotten)
        self.indexing.finished.connect(lambda _: self.session.refresh_status())
        self.deeds.ended.connect(self._fetched)
        self.chat.edited.connect(self.teacher.correct)
        self.teacher.kept.connect(lambda _: self.say(tr("Kept to learn from."), [(tr("Hats"), self._hats)]))
        self.teacher.failed.connect(self.fail)
        self.deeds.said.connect(self.say)
        self.deeds.began.connect(self._began)
        self.deeds.steps.connect(self._cloud_step)
        self.deeds.ended.connect(self._cloud_ended)
        for part in (self.sidebar, self.chat, self.forgetter):
            part.failed.connect(self.fail)
        self.deeds.failed.connect(self.fail)
        self.indexing.failed.connect(self.fail)

    # --- pages, each made when it is first needed ------------------------------------------------

    @cached_property
    def today(self) -> TodayPage:
        from app.ui.page_today import TodayPage

        page = self._make("today", TodayPage(self.session))
        page.opened.connect(self.open_source)
        return page

    @cached_property
    def library(self) -> LibraryPage:
        from app.ui.page_library import LibraryPage

        page = self._make("library", LibraryPage(self.session, self.indexing))
        page.opened.connect(self.open_source)
        return page

    @cached_property
    def sources(self) -> SourcesPage:
        from app.ui.page_sources import SourcesPage

        page = self._make("sources", SourcesPage(self.session, self.indexing))
        page.changed.connect(self.session.refresh_status)
        return page

    @cached_property
    def hats(self) -> HatsPage:
        from app.ui.page_hats import HatsPage

        page = self._make("hats", HatsPage(self.session, self.teacher))
        page.said.connect(self.say)
        return page

    @cached_property
    def activity(self) -> ActivityPage:
        from app.ui.page_activity import ActivityPage

        page = self._make("activity", ActivityPage(self.session, self.indexing))
        page.undone.connect(self._undone)
        return page

    @cached_property
    def settings(self) -> SettingsPage:
        from app.ui.page_settings import SettingsPage

        page = self._make("settings", SettingsPage(self.session))
        page.said.connect(self.say)
        page.proposed.connect(lambda proposal: self.deeds.show(proposal, self))
        page.sources_wanted.connect(lambda: self.show_page("sources"))
        page.stopped.connect(self.deeds.stop_fetching)
        self.deeds.fetching.connect(page.progress)
        return page

    @cached_property
    def about(self) -> AboutPage:
        from app.ui.page_about import AboutPage

        page = self._make("about", AboutPage(self.session, self._paths))
        page.open_folder.connect(self.open_wanted)
        page.lock.connect(self.lock_wanted)
        return page

    def _make(self, name: str, page: PageT) -> PageT:
        self._made[name] = page
        self.stack.addWidget(page)
        page.failed.connect(self.fail)
        return page

    # --- small deeds ---------------------------------------------------------------------------

    def _make_room(self) -> None:
        """In a narrow window a source takes the place of the list of conversations, as long as it is open."""
        self.sidebar.setVisible(self.preview.isHidden() or self.width() >= _THREE)

    def open_source(self, source: Source) -> None:
        self._wanted = source

        def show(item: ItemView) -> None:
            if self._wanted is source and self.session.open:  # neither another, nor after it was locked
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
        if self.sidebar.isHidden():
            self.preview.close_pane()
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
        from app.ui.compose import ComposeDialog

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
        elif self._at("library") and self.library.leave():
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

    def _at(self, name: str) -> bool:
        return self.stack.currentWidget() is self._made.get(name, self)

    def _fetched(self) -> None:
        for name in ("settings", "activity"):
            if self._at(name):
                self._made[name].refresh()

    def _cloud_step(self, step: object) -> None:
        if self._cloud is not None:
            self._cloud.step(step)

    def _cloud_ended(self) -> None:
        view, self._cloud = self._cloud, None
        if view is not None and not view.finished:
            view.stopped(tr("No answer came back."))
        if view is not None and isinstance(view.answer, Answer):
            self.session.conversations_changed.emit()
