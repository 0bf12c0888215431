"""The desktop app put together: window, tray, quick prompt, selection popup, hotkey, lock."""

from __future__ import annotations

import gc
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from app.core.api import Admin, Conversations, Sources, Vault
from app.core.errors import HomebodyError, translate
from app.core.models import ModelState
from app.core.paths import Paths, demo_sources, resources
from app.core.types import ConversationState, Proposal, SourceState, Status
from app.ui import language
from app.ui.caret import Caret
from app.ui.indexing import Indexing
from app.ui.jobs import Jobs
from app.ui.language import mark, tr
from app.ui.session import Session
from app.ui.text import markdown
from app.ui.theme import app_icon, theme
from app.ui.widgets import sentence
from app.ui.window import Window
from app.workers.handover import Request
from app.workers.opener import Opener
from app.workers.worker import Caller

if TYPE_CHECKING:
    from app.ui.cards import Source
    from app.ui.first_run import FirstRun
    from app.ui.idle import Idle
    from app.ui.outside import Outside
    from app.ui.popup import SelectionPopup
    from app.ui.quick import Quick
    from app.ui.suspend import Suspend
    from app.ui.tray import Tray
    from app.ui.unlock import UnlockDialog

EXAMPLES = (
    mark("When is my next appointment?"),
    mark("What did I promise to do this month?"),
    mark("Which notes mention a trip?"),
)
_RECALLED = 30  # earlier questions that Up brings back
_WARM_MS, _APART_MS = 700, 200  # after the window: nobody waits for it yet
_OBJECTS = 10_000  # new ones that may wait to be looked through for what can be given back
_LATER = ("tray", "quick", "popup", "outside", "idle", "suspend")  # made after the window, in this order
_DEMO = ("q041", "q056", "q065")  # of the demo's questions: from mails, a note and the calendar


@dataclass(frozen=True)
class Start:
    """How the program was started."""

    paths: Paths
    demo: bool = False
    passphrase: str = ""
    request: Request = field(default_factory=Request)


class Desktop(QObject):
    """Owns every window; leads requests (tray, hotkey, second start) to the one that answers.

    The window comes first: everything else is loaded and made once that has been painted, or when it is
    needed before.
    """

    def __init__(self, app: QApplication, engine: Caller, opener: Caller, start: Start) -> None:
        super().__init__()
        self.app, self._opener, self._start = app, opener, start
        app.setQuitOnLastWindowClosed(False)
        app.setWindowIcon(app_icon())
        look = language.remembered(start.paths)  # the store, which has the settings, opens later
        self._language = look.get("language", "system")
        language.apply(app, self._language)
        percent = _percent(look.get("text_size", ""))
        theme.apply(app, wish=look.get("theme", "system"), percent=percent, dress=False)
        self.jobs = Jobs()
        self.session = Session(engine, self.jobs)
        self.indexing = Indexing(self.session)
        examples = _demo_examples() if start.demo else tuple(tr(example) for example in EXAMPLES)
        self.window = Window(self.session, self.indexing, start.paths, examples=examples)
        theme.dress(app)
        self.caret = Caret(app)
        self.unlock_dialog: UnlockDialog | None = None
        self.first_run: FirstRun | None = None
        self._look = ("", "")
        self.again = False  # whether the windows are to be made anew after this
        self._examples = examples
        self._closed = False
        self._missing = list(_LATER)
        self._connect()

    def begin(self) -> None:
        """Show the window at once; open the store behind it."""
        if self._start.request.verb in ("show", "ask"):
            self.window.painted.connect(self._furnish)
            self.window.show()
        else:
            self._furnish()
        self.session.run(Vault.status, self._seen, self._no_engine)

    def _furnish(self) -> None:
        """What the window does not need to be seen, a part each turn of the event loop."""
        gc.enable()  # see app.main
        if self._closed or not self._missing:
            return
        getattr(self, self._missing.pop(0))
        QTimer.singleShot(0, self, self._furnish)

    def handle(self, request: Request) -> None:
        """What this start, or a second one, was asked for."""
        self.outside.activate(request.token)
        match request.verb:
            case "quick":
                self.quick.summon()
            case "selection":
                self.outside.summarize()
            case "screen":
                self.outside.read_screen()
            case "ask":
                self.window.ask(request.text)
            case "quit":
                self.quit()
            case _:
                self.window.present()

    def lock(self, then: Callable[[], object] = lambda: None) -> None:
        """The engine forgets the key and ends; the window stays and asks. ``then`` is called once it has."""

        def locked(_: object) -> None:
            self._ask_passphrase()
            then()

        self.indexing.stop()
        self.window.chat.stop()
        self.window.teacher.cancel()
        self._hide()  # at once: what is on the screen now is what is seen when the lid opens
        self.session.run(Vault.lock, locked, locked)

    def _fall_asleep(self) -> None:
        if self.session.status.vault == "open":
            self.lock(self.suspend.release)
        else:
            self.suspend.release()

    def remake(self) -> None:
        """Close these windows; others are made in their place, and the engine stays as it is."""
        self.again = True
        self.quit()

    def quit(self) -> None:
        self.close()
        self.app.quit()

    def close(self) -> None:
        """Take everything off the screen and let the background go; once is enough."""
        if self._closed:
            return
        self._closed = True
        made = vars(self)
        for name in ("outside", "suspend", "caret", "idle", "tray"):
            if name in made:
                made[name].close()
        self.indexing.stop()
        self.jobs.close()
        for name in ("quick", "popup", "window"):
            if name in made:
                made[name].hide()
                made[name].deleteLater()
        gc.unfreeze()

    # --- opening -------------------------------------------------------------------------------

    def _seen(self, status: Status) -> None:
        self._furnish()  # also where the window cannot be seen
        self.session.status = status
        self.session.status_changed.emit()
        if status.vault == "open":
            self._opened()
        elif status.vault == "new" and (self._start.demo or self._start.passphrase):
            self.session.run(
                Vault.create, lambda _: self._opened(), self._no_key, passphrase=self._start.passphrase
            )
        elif status.vault == "new":
            self._welcome()
        else:
            self.session.run(
                Vault.unlock, lambda _: self._opened(), self._no_key, passphrase=self._start.passphrase
            )

    def _no_engine(self, error: HomebodyError) -> None:
        self._furnish()
        self.window.show()
        self.window.fail(error, lambda: self.session.run(Vault.status, self._seen, self._no_engine))

    def _no_key(self, error: HomebodyError) -> None:
        if self.session.status.vault == "new":
            self._welcome(error)
        else:
            self._ask_passphrase()

    def _opened(self) -> None:
        """The store is open: show what it holds and bring it up to date."""
        self.session.refresh_status(lambda _: self.window.refresh())
        if self._start.demo:
            self.session.run(Sources.list, self._fill_demo, self.window.fail)
        else:
            self.indexing.start()
        self.session.run(Admin.warm, lambda _: None, lambda _: None)
        self._recall()
        request = self._start.request
        if request.verb != "show":
            self._start = Start(self._start.paths, self._start.demo)
            self.handle(request)

    def _fill_demo(self, there: tuple[SourceState, ...]) -> None:
        """The demo person's mail, notes, calendar and photos, added once."""
        known = {Path(state.path) for state in there}
        todo = [(kind, place) for kind, place in demo_sources() if place.resolve() not in known]
        if not todo:
            self.indexing.start()
            return
        kind, place = todo[0]
        self.session.run(
            Sources.add,
            lambda state: self._fill_demo((*there, state)),
            self.window.fail,
            kind=kind,
            path=str(place),
        )

    def _welcome(self, error: HomebodyError | None = None) -> None:
        from app.ui.first_run import FirstRun

        self.window.show()
        self.first_run = dialog = FirstRun(self.session, self._examples, self.window)
        dialog.made.connect(self._opened)
        dialog.read.connect(self.indexing.start)
        dialog.proposed.connect(self._first_model)
        dialog.finished_with.connect(self._first_question)
        dialog.finished.connect(lambda _: setattr(self, "first_run", None))
        if error is not None:
            dialog.explain(error)
        dialog.open()

    def _first_model(self, proposal: Proposal, key: str) -> None:
        """A model chosen on the first run is used as soon as it is here."""

        def fetched() -> None:
            self.session.run(Admin.models, use, lambda _: None)

        def use(models: tuple[ModelState, ...]) -> None:
            if any(model.key == key and model.installed and not model.active for model in models):
                self.window.deeds.ended.disconnect(fetched)
                self.session.run(
                    Admin.use_model, lambda _: self.session.refresh_status(), self.window.fail, key=key
                )

        self.window.deeds.ended.connect(fetched)
        self.window.deeds.show(proposal, self.first_run or self.window)

    def _first_question(self, question: str) -> None:
        if not self.indexing.running:
            self.indexing.start()
        self.window.refresh()
        if question:
            self.window.ask(question)

    # --- the lock ------------------------------------------------------------------------------

    def _hide(self) -> None:
        """What stands in the window was in the store: it waits in the history until that is open again."""
        self.session.status = Status(vault="locked", key_place=self.session.status.key_place)
        self.session.status_changed.emit()
        self.window.clear()
        self.outside.forget()

    def _ask_passphrase(self, then: Callable[[], object] | None = None) -> None:
        from app.ui.unlock import UnlockDialog

        if self.unlock_dialog is None:
            self._hide()
            self.window.show()
            self.unlock_dialog = UnlockDialog(self.session, self.window)
            self.unlock_dialog.opened.connect(self._opened)
            self.unlock_dialog.quit_wanted.connect(self.quit)
            self.unlock_dialog.finished.connect(lambda _: setattr(self, "unlock_dialog", None))
            self.unlock_dialog.open()
        if callable(then):
            self.unlock_dialog.opened.connect(lambda: QTimer.singleShot(0, self, then))

    def _gate(self, then: Callable[[], object]) -> bool:
        """Nothing can be asked of a locked store: the person is asked to open it, and ``then`` follows."""
        if self.unlock_dialog is None:
            return True
        self._ask_passphrase(then)
        self.window.present()
        self.unlock_dialog.activateWindow()
        return False

    # --- the parts' wishes -----------------------------------------------------------------------

    def _connect(self) -> None:
        window = self.window
        window.closing.connect(self._closing)
        window.quit_wanted.connect(self.quit)
        window.quick_wanted.connect(self._summon)
        window.lock_wanted.connect(self.lock)
        window.unlock_wanted.connect(self._ask_passphrase)
        window.open_wanted.connect(self._open)
        self.session.settings_changed.connect(self._apply_settings)

    @cached_property
    def quick(self) -> Quick:
        from app.ui.quick import Quick

        made = Quick(self.session)
        made.failed.connect(self.window.fail)
        made.proposed.connect(self._propose)
        made.source_opened.connect(self._open_source)
        made.conversation_wanted.connect(self._go_on)
        made.gate = self._gate
        return made

    @cached_property
    def popup(self) -> SelectionPopup:
        from app.ui.popup import SelectionPopup

        made = SelectionPopup(self.session)
        made.failed.connect(self.window.fail)
        made.proposed.connect(self._propose)
        made.asked.connect(self._ask_about)
        made.edited.connect(self.window.teacher.correct)
        return made

    @cached_property
    def outside(self) -> Outside:
        from app.ui.outside import Outside

        made = Outside(self.session, self.quick, self.popup)
        made.said.connect(self.window.say)
        made.failed.connect(self.window.fail)
        made.unbound.connect(self._no_keys)
        made.taken.connect(self._key_taken)
        made.gate = self._gate
        return made

    @cached_property
    def tray(self) -> Tray:
        from app.ui.tray import Tray

        made = Tray(self.session, self.indexing)
        made.opened.connect(self.window.present)
        made.quick.connect(self._summon)
        made.selection.connect(self._summarize)
        made.screen.connect(self._read_screen)
        made.settings.connect(self._to_settings)
        made.lock.connect(self.lock)
        made.quit.connect(self.quit)
        return made

    @cached_property
    def idle(self) -> Idle:
        from app.ui.idle import Idle

        return Idle(self.session, self.indexing)

    @cached_property
    def suspend(self) -> Suspend:
        from app.ui.suspend import Suspend

        made = Suspend()
        made.sleeping.connect(self._fall_asleep)
        return made

    def _summon(self) -> None:
        self.quick.summon()

    def _summarize(self) -> None:
        self.outside.summarize()

    def _read_screen(self) -> None:
        self.outside.read_screen()

    def _to_settings(self) -> None:
        self.window.present()
        self.window.show_page("settings")

    def _closing(self, event: QCloseEvent) -> None:
        """Hidden only into a tray that is there; else closing is quitting."""
        if self.session.flag("desktop.close_to_tray") and self.tray.there():
            self.window.hide()
            self.tray.say_hidden()
            event.ignore()
        else:
            event.accept()
            QTimer.singleShot(0, self, self.quit)

    def _propose(self, proposal: Proposal) -> None:
        self.window.present()
        self.window.deeds.show(proposal, self.window)

    def _open_source(self, source: Source) -> None:
        self.quick.hide()
        self.window.present()
        self.window.open_source(source)

    def _go_on(self, conversation: int) -> None:
        self.window.present()
        self.window.show_page("chat")
        self.window.chat.open(conversation)

    def _ask_about(self, text: str) -> None:
        self.window.present()
        self.window.show_page("chat")
        self.window.chat.prompt.set_text(text + "\n\n")

    def _open(self, path: str) -> None:
        self.jobs.run(
            lambda: self._opener.call(Opener.open, path=path),
            lambda _: None,
            lambda error: self.window.fail(translate(error)),
        )

    def _anew(self) -> tuple[str, Callable[[], object]]:
        return (tr("Change it now"), self.remake)

    def _apply_settings(self) -> None:
        session = self.session
        look = (session.value("appearance.theme"), session.value("appearance.text_size"))
        if look != self._look:
            self._look = look
            theme.apply(self.app, wish=look[0], percent=int(look[1]))
            self.window.retint()
        wish = session.value("appearance.language")
        language.remember(self._start.paths, language=wish, theme=look[0], text_size=look[1])
        if wish != self._language:
            self._language = wish
            self.window.say(tr("The window takes its new language when it is made anew."), [self._anew()])
        if session.status.vault == "open":
            self.outside.bind()
            self.suspend.watch(session.flag("lock.suspend"))

    def _no_keys(self, error: HomebodyError) -> None:
        """The desktop alone can give us one: how it does."""
        self.window.say(sentence(error), [(tr("Show how"), self.show_binding)])

    def show_binding(self) -> None:
        from app.ui.binding import BindingDialog, exact
        from app.ui.hotkey import COMMANDS
        from app.ui.outside import KEYS

        values = (
            (tr(what), self.session.value(key), exact(COMMANDS[name])) for name, (key, what) in KEYS.items()
        )
        self.window.present()
        BindingDialog(self.window, tuple(values)).open()

    def _key_taken(self, error: HomebodyError) -> None:
        self.window.say(sentence(error), [(tr("Choose another key"), self._to_settings)])

    def _recall(self) -> None:
        """The quick prompt knows the questions of earlier days, and is ready to be shown."""

        def take(found: tuple[ConversationState, ...]) -> None:
            titles = [one.title for one in found[:_RECALLED] if not one.title.endswith("…")]
            self.quick.remember(titles[::-1])

        self.session.run(Conversations.list, take, lambda _: None)
        QTimer.singleShot(_WARM_MS, self.quick, self._at_leisure)

    def _at_leisure(self) -> None:
        """What would hold the window up later, one after the other."""
        works: tuple[Callable[[], object], ...] = (self.quick.warm, markdown, _settle)
        for n, work in enumerate(works):
            QTimer.singleShot(n * _APART_MS, self.quick, work)


def _settle() -> None:
    """Windows and modules stay: from now on each collection is of what is new."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
        gc.set_threshold(_OBJECTS, 10, 10)


def _percent(text: str) -> int:
    return int(text) if text.isdecimal() and 80 <= int(text) <= 200 else 100


def _demo_examples() -> tuple[str, ...]:
    """Three of the demo's own questions that have an answer."""
    file = resources() / "demo" / "questions.jsonl"
    if not file.exists():
        return ()
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return tuple(line["question"] for line in lines if line["id"] in _DEMO)
