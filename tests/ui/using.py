"""Uses the desktop app as a restless person would: every page, dialog, popup and setting, opened and left."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from app.core.types import Field, JournalEntry, Proposal

LETTER = (
    "Dear members, the spring meeting of the allotment society moves to Thursday 21 May at 19:00 in the "
    "parish hall, because the school needs its gym that evening. Please bring the signed water agreement."
)
QUESTIONS = (
    "When did the crown go in?",
    "When was the boiler serviced?",
    "What is on Friday?",
    "Who wrote about the meeting?",
)
WORDS = ("boiler", "meeting", "garden", "ferry", "dentist")
PATIENCE = 240.0
KEPT = 12  # conversations
_MENU_S, _SHOWN_S = 3.0, 5.0


class Using:
    """Every method that ``MOVES`` names opens something, waits for what it brings, and leaves it again."""

    def __init__(
        self, desktop: Any, pump: Any, *, seed: int = 1, passphrase: str = "", pace: float = 1.0
    ) -> None:
        """``pace`` times as long as a person would look at something."""
        self.one, self.pump, self.chance = desktop, pump, random.Random(seed)
        self.window = desktop.window
        self._passphrase, self._pace = passphrase, pace
        self.done = 0

    def everything(self, *, but: tuple[str, ...] = ()) -> None:
        """Each move once, in its order."""
        for name in MOVES:
            if name not in but:
                self.do(name)

    def anything(self) -> str:
        """One at random, and which it was."""
        name = self.chance.choices(tuple(MOVES), tuple(MOVES.values()))[0]
        self.do(name)
        return name

    def do(self, name: str) -> None:
        getattr(self, name)()
        self.rest()
        self.done += 1

    def rest(self) -> None:
        """Nothing is open, and nothing is asked of the engine but to follow what changes."""
        following = self.one.indexing._job
        self.until(lambda: not (self.one.jobs._streams - {following}), "what was asked for")
        self._for(0.05)
        still = [each for each in QApplication.topLevelWidgets() if each.isVisible() and _in_the_way(each)]
        assert not still, f"left open: {still}"

    def until(self, done: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        self.pump.until(done, seconds, what)

    def home(self) -> None:
        """As it was in the beginning: whatever was asked and found stands in the history only."""
        self.window.new()
        self.window.preview.close_pane()
        self.one.outside.forget()
        self.window.toast.hide()
        self.rest()

    # --- the window --------------------------------------------------------------------------------

    def pages(self) -> None:
        names = [*self.window.pages, "chat"]
        for name in names if len(names) < 3 else [*self.chance.sample(names, 3), *names]:
            self.window.show_page(name)
            self._for(0.02)

    def ask(self) -> None:
        """A question, its answer, and what can be done with that."""
        self.window.new()
        view = self._asked()
        view.copy_button.click()
        if view.insert_button.isVisible():
            view._insert()
            self._leave_menu()
        for card in view.sources.cards()[:1]:
            card.click()
            self.until(self.window.preview.isVisible, "the source")
            self.window.escape()

    def converse(self) -> None:
        """An earlier conversation, and one more question in it."""
        self.window.show_page("chat")
        listed = self.window.sidebar.list
        if listed.count():
            id = listed.item(self.chance.randrange(listed.count())).data(0x0100)
            self.window._open_conversation(id)
            end = time.monotonic() + _SHOWN_S
            while self.window.chat.conversation != id and time.monotonic() < end:
                self.pump.turn()
        view = self._asked()
        self.window.chat._edit(self.window.chat.messages.entries[-1])
        self.window.escape()
        self.window.chat._insert(view, "question")
        self.window.chat.prompt.set_text("")

    def forget_talk(self) -> None:
        """The list of conversations is searched, one renamed and not, and what is too much deleted."""
        sidebar = self.window.sidebar
        sidebar.search.setText(self.chance.choice(WORDS))
        self.rest()
        self._for(0.2)
        sidebar.search.clear()
        self.rest()
        self._for(0.2)
        if not sidebar.list.count():
            return
        sidebar.list.setCurrentRow(sidebar.list.count() - 1)
        self._dismissed(sidebar.rename)
        while (held := sidebar.list.count()) > KEPT:
            sidebar.list.setCurrentRow(held - 1)
            sidebar.delete()
            self.until(lambda held=held: sidebar.list.count() < held, "one conversation less")

    def stop(self) -> None:
        """Asked, and thought better of."""
        self.window.new()
        self.window.chat.ask(self.chance.choice(QUESTIONS))
        self._for(self.chance.random() * 0.5)
        self.window.escape()

    def note(self) -> None:
        """An answer is to be kept as a note: the sheet is read, edited, and left."""
        self.window.new()
        view = self._asked()
        self.window.chat._insert(view, "note")
        self.rest_but_open()
        if (sheet := self.window.deeds.sheet) is not None:
            if sheet.edit_button.isVisible():
                sheet.edit()
            self._for(0.05)
            sheet.reject()

    def library(self) -> None:
        """Every way to look at it, up and down, with a filter, and an item beside it."""
        self.window.show_page("library")
        page = self.window.library
        for mode in page.modes:
            page.show_mode(mode)
            self.rest()
            bar = page.view.verticalScrollBar()
            for _ in range(3):
                bar.setValue(self.chance.randint(0, max(1, bar.maximum())))
                self._for(0.03)
        page.show_mode("list")
        page.words.setText(self.chance.choice(WORDS))
        self._for(0.3)
        page.leave()
        self.rest()
        self._for(0.3)
        page.scope.time._between()
        self._leave_dialog()
        if (row := page.model.data(page.model.place_of(0), 0x0100)) is not None:
            page._chosen(row)
            self.until(self.window.preview.isVisible, "the preview")
            preview = self.window.preview
            self.window._ask_forget(preview.item, preview.forget_button)
            self._leave_menu()
            forgetter = self.window.forgetter
            self._dismissed(lambda: forgetter.ask("item", preview.item.uri, "this"))
            preview.close_pane()

    def sources(self) -> None:
        """What is read: accounts that are not added, folders that are not left out, a look around."""
        self.window.show_page("sources")
        page = self.window.sources
        self.rest()
        for kind in ("imap", "caldav"):
            page.log_in(kind)
            self._leave_dialog()
        for kind in ("path", "sender", "pattern"):
            page.excluded.leave_out(kind).value.setText("nobody.example")
            self._leave_dialog()
        page.found.look()
        self.rest()
        if page.states:
            self._dismissed(lambda: page._ask_remove(page.states[0]))
        page._ask_where(page.mapToGlobal(page.rect().center()))
        self.rest_but_open()
        self._leave_menu()

    def others(self) -> None:
        """Hats, Activity with its charts, About with its checks."""
        self.window.show_page("hats")
        self.rest()
        page = self.window.hats
        if page.states:
            self._dismissed(lambda: page._ask_back(page.states[0]))
        self.window.show_page("activity")
        self.rest()
        self._sent()
        self.until(lambda: self.window.activity.memory.memory.values, "a value in the charts")
        self.window.show_page("about")

    def settings(self) -> None:
        """Theme, text size, and what asks for a passphrase."""
        self.window.show_page("settings")
        self.rest()
        self.window.settings._passphrase()
        self._leave_dialog()
        for key, value in (
            ("appearance.theme", self.chance.choice(("light", "dark"))),
            ("appearance.text_size", str(self.chance.choice((80, 100, 130, 200)))),
        ):
            self._set(key, value)
        self._set("appearance.theme", "system")
        self._set("appearance.text_size", "100")
        self.window.show_page("chat")

    def dialogs(self) -> None:
        """Commands, keys, a mail, what the desktop is to bind, the first run, a message with a button."""
        from app.ui.first_run import FirstRun

        self.window.commands.palette()
        self._leave_dialog()
        self.window.commands.list_keys()
        self._leave_dialog()
        self.window.compose("See you there.")
        self._leave_dialog()
        self.one.show_binding()
        self._leave_dialog()
        first = FirstRun(self.one.session, ("One?", "Two?"), self.window)
        first.open()
        self._for(0.05)
        self._leave_dialog()
        self.window.say("Something to say.", [("Undo", lambda: None), ("More", lambda: None)])
        self._for(0.03)
        self.window.toast.hide()

    def shape(self) -> None:
        """The window larger, smaller, away and back."""
        self.window.resize(self.chance.randint(860, 1380), self.chance.randint(600, 900))
        self._for(0.05)
        self.window.showMinimized()
        self._for(0.05)
        self.window.present()
        self._for(0.05)
        self.window.resize(1240, 820)

    # --- over the other programs -------------------------------------------------------------------

    def quick(self) -> None:
        quick = self.one.quick
        quick.summon()
        for word in self.chance.sample(WORDS, 2):
            quick.prompt.set_text(word)
            self._for(0.25)
        quick.prompt.set_text(self.chance.choice(QUESTIONS))
        quick.prompt.submit()
        self.until(lambda: quick.job is None, "an answer")
        quick.escape()

    def popup(self) -> None:
        popup = self.one.popup
        popup.show_text(LETTER)
        self.until(lambda: popup.job is None, "the summary")
        if popup.view is not None and popup.view.text:
            popup.preview_replacing()
            popup.escape()
        popup.rewrite("shorter")
        self._for(0.2)
        popup.stop()
        popup.forget()

    def screen(self) -> None:
        """A part of the screen is to be chosen, and is not."""
        self.one.outside.read_screen()
        if self.one.outside.overlay is not None:
            self._for(0.05)
            self.one.outside.overlay.leave()

    def tray(self) -> None:
        self.one.tray.menu.popup(self.window.mapToGlobal(self.window.rect().center()))
        self._leave_menu()

    # --- the lock ----------------------------------------------------------------------------------

    def lock(self) -> None:
        """The engine and its models end, and others begin."""
        one = self.one
        one.lock()
        self.until(lambda: one.unlock_dialog is not None, "the lock")
        self._for(0.3)
        one.unlock_dialog.field.setText(self._passphrase)
        one.unlock_dialog.try_it()
        self.until(lambda: one.unlock_dialog is None and one.session.status.vault == "open", "the store")

    # --- parts -------------------------------------------------------------------------------------

    def rest_but_open(self) -> None:
        """What was asked for is there, and may have opened something."""
        following = self.one.indexing._job
        self.until(lambda: not (self.one.jobs._streams - {following}), "what was asked for")
        self._for(0.2)

    def _for(self, seconds: float) -> None:
        self.pump.for_(seconds * self._pace)

    def _asked(self) -> Any:
        chat = self.window.chat
        self.until(lambda: chat.job is None and not chat._cutting, "the last answer")
        chat.ask(self.chance.choice(QUESTIONS))
        self.until(lambda: chat.job is None, "an answer")
        return chat.answers[-1]

    def _set(self, key: str, value: str) -> None:
        self.one.session.change(key, value, self.window.fail)
        self.until(lambda: self.one.session.value(key) == value, key)
        self._for(0.05)

    def _sent(self) -> None:
        """What was sent is shown as it is for a line of the journal."""
        from app.ui.sent import SentDialog

        said = Proposal(
            action="ask_cloud",
            arguments={"body": "{}"},
            title="Ask",
            preview=(Field(label="To", value="models.example"),),
            sha256="0" * 64,
        )
        entry = JournalEntry(
            id=1, when=datetime.now(UTC), what="action:ask_cloud", summary="asked", state="done"
        )
        SentDialog(self.window.activity, entry, said).open()
        self._leave_dialog()

    def _leave_dialog(self) -> None:
        self.until(lambda: list(_dialogs()), "a dialog")
        for dialog in _dialogs():
            dialog.reject()
        self.until(lambda: not list(_dialogs()), "the dialog gone")

    def _leave_menu(self) -> None:
        """One that a change of the window in front has closed already is gone anyway."""
        end = time.monotonic() + _MENU_S
        while (menu := QApplication.activePopupWidget()) is None and time.monotonic() < end:
            self.pump.turn()
        if menu is not None:
            menu.close()

    def _dismissed(self, ask: Callable[[], object]) -> None:
        """``ask`` runs a dialog of its own event loop, which is left as soon as it is there."""

        def leave() -> None:
            dialog = QApplication.activeModalWidget()
            if isinstance(dialog, QDialog):
                dialog.reject()

        timer = QTimer(interval=30)
        timer.timeout.connect(leave)
        timer.start()
        ask()
        timer.stop()


def _dialogs() -> Iterator[QDialog]:
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            yield each


def _in_the_way(widget: QWidget) -> bool:
    return isinstance(widget, QDialog | QMenu)


MOVES = {  # each with how often it comes among the others
    "pages": 4,
    "ask": 4,
    "converse": 2,
    "stop": 2,
    "note": 1,
    "forget_talk": 2,
    "library": 4,
    "sources": 2,
    "others": 2,
    "settings": 2,
    "dialogs": 3,
    "shape": 2,
    "quick": 4,
    "popup": 3,
    "screen": 1,
    "tray": 1,
}
