"""An engine all of whose words are a stranger's, and a walk through every window that shows them.

Run by test_hostile.py under strace, in a process of its own: ``stranger.py FOLDER``. First with harmless
words, so that everything is loaded that is ever loaded; then, between two marks in the trace, with words
that name files and addresses and hide what they say; then the same walk's controls, which do open both.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import os
import sys
import time
import traceback
import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractItemModel, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextBrowser,
    QToolTip,
    QWidget,
)

from app.core.api import Admin, Conversations, Library
from app.core.errors import HomebodyError
from app.core.library import Picture, Row, Spine, Threads
from app.core.paths import Paths
from app.core.settings import TABLE
from app.core.types import Answer, Hit, ItemView, JournalEntry, Proposal, Step, Text, Turn

WHEN = datetime(2026, 5, 14, 9, 30, tzinfo=UTC)
HARMLESS = "Plain words ⟨U+202E⟩⟨U+200B⟩ <p> … “x” – and  more of them & so on [1]"
HIDING = "\u202egnp.exe\u202c zero\u200bwidth \u2066iso\u2069 soft\u00adhyphen \ufeff \U000e0041 \ufe01"
HIDDEN = (
    "\u202e",
    "\u202c",
    "zero\u200bwidth",
    "\u2066",
    "\u2069",
    "\u00ad",
    "\ufeff",
    "\U000e0041",
    "\ufe01",
)
# What the window's own code tells apart; every other text is a stranger's.
CODES = {
    "uri": "mid:1@stranger.example",
    "vault": "open",
    "key_place": "keyring",
    "state": "done",
    "stage": "read",
    "what": "cloud",
    "action": "draft_mail",
    "sha256": "0" * 64,
    "base_sha256": "0" * 64,
    "task": "draft",
    "token": "t",
    "label": "Text",
    "stands": "[name 1]",
}
LONG = (Answer, Text, Turn, ItemView)  # that have texts of any length


def hostile(canary: Path, port: int) -> str:
    return (
        f"<img src='{canary.as_uri()}'><img src='http://127.0.0.1:{port}/a.png'> ![x]({canary.as_uri()}) "
        f"<a href='{canary.as_uri()}'>here</a> [click](http://127.0.0.1:{port}/b) "
        f"<link rel=stylesheet href='{canary.as_uri()}'> {HIDING} & so on [1]"
    )


class Stranger:
    """Answers every verb with whatever it returns, made of ``words``."""

    def __init__(self) -> None:
        self.words, self.long = HARMLESS, ""
        self.asked = 0

    def call(self, function: Callable[..., Any], **given: Any) -> Any:
        self.asked += 1
        if function is Admin.settings:
            return tuple(one.state(one.default) for one in TABLE)
        if function is Admin.set:
            return next(one.state(given["value"]) for one in TABLE if one.key == given["key"])
        if function is Library.spine:
            return Spine(days=((WHEN.toordinal(), 2),))
        if function is Library.threads:
            return Threads(total=2, rows=tuple(self.made(Row, "") for _ in range(2)))
        if function is Conversations.turns:
            return tuple(
                msgspec.structs.replace(self.made(Turn, ""), role=role) for role in ("user", "assistant")
            )
        return self.made(typing.get_type_hints(function)["return"], "")

    def open(self, function: Callable[..., Any], **given: Any) -> Steps:
        self.asked += 1
        steps = typing.get_args(typing.get_type_hints(function)["return"])[0]
        kinds = typing.get_args(steps) or (steps,)
        return Steps([self.made(kind, "") for kind in kinds])

    def made(self, kind: Any, name: str) -> Any:
        """A value of this type, as it is declared; ``name`` is of the field it is for."""
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if kind is str or kind is object:
            return CODES.get(name, self.words)
        if kind is Picture:
            return Picture(width=2, height=2, rgb=bytes(12))
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            fields = msgspec.structs.fields(kind)
            values = {f.name: self.made(f.type, f.name) for f in fields}
            if "kind" in values:
                values["kind"] = "mail"
            if kind in LONG:
                values["text"] += self.long
            return kind(**values)
        if origin is typing.Literal:
            return arguments[0]
        if origin in (typing.Union, types.UnionType):
            return self.made(next(a for a in arguments if a is not type(None)), name)
        if origin is tuple:
            if arguments[1:] == (...,):
                return tuple(self.made(arguments[0], name) for _ in range(2))
            return tuple(self.made(a, name) for a in arguments)
        if origin is dict:
            return {"body": self.words}
        simple = {bool: True, int: 1, float: 0.5, datetime: WHEN, date: WHEN.date(), bytes: b""}
        return simple.get(kind)


class Steps(Iterator[Step]):
    def __init__(self, steps: list[Step]) -> None:
        self._steps = iter(steps)

    def __next__(self) -> Step:
        return next(self._steps)

    def close(self) -> None:
        self._steps = iter(())


class Walk:
    """Shows everything once; ``look`` reads each text there is, and has each tooltip shown."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        from app.ui.indexing import Indexing
        from app.ui.jobs import Jobs
        from app.ui.popup import SelectionPopup
        from app.ui.quick import Quick
        from app.ui.session import Session
        from app.ui.theme import theme
        from app.ui.tray import Tray
        from app.ui.window import Window

        theme.apply(app, wish="light")
        self.app, self.engine = app, Stranger()
        self.session = Session(self.engine, Jobs())  # type: ignore[arg-type]  # its types are made, not declared
        self.indexing = Indexing(self.session)
        self.window = Window(self.session, self.indexing, Paths(folder))
        self.quick, self.popup = Quick(self.session), SelectionPopup(self.session)
        self.tray = Tray(self.session, self.indexing)
        self.seen: dict[tuple[str, str], str] = {}  # (which window, text): which part of it

    def until(self, done: Callable[[], object], what: str) -> None:
        end = time.monotonic() + 30
        while not done():
            self.app.processEvents()
            if time.monotonic() > end:
                raise SystemExit(f"waited for {what}")
            time.sleep(0.002)

    def rest(self) -> None:
        """Until the engine has not been asked anything for a moment."""
        asked, since = -1, time.monotonic()
        while asked != self.engine.asked or time.monotonic() - since < 0.04:
            if asked != self.engine.asked:
                asked, since = self.engine.asked, time.monotonic()
            self.app.processEvents()
            time.sleep(0.002)

    def all(self) -> None:
        self.window.show()
        self.session.refresh_status(lambda _: self.window.refresh())
        self.until(lambda: self.window.sidebar.list.count() == 2, "conversations")
        self.indexing.start()
        self.rest()
        self._conversation()
        self._pages()
        self._small_windows()
        self._dialogs()
        self.window.clear()
        self.window.hide()

    def _conversation(self) -> None:
        chat = self.window.chat
        chat.ask(self.engine.words)
        self.until(lambda: chat.job is None and chat.answers and chat.answers[-1].finished, "the answer")
        chat.answers[-1].sources.cards()[0].click()
        self.until(self.window.preview.isVisible, "the preview")
        self.look("answer")
        chat.open(1)
        self.rest()
        self.look("conversation")

    def _pages(self) -> None:
        for name in ("today", "sources", "hats", "activity", "settings", "about", "library"):
            self.window.show_page(name)
            self.rest()
            self.look(name)
        library = self.window.library
        for mode in ("timeline", "threads", "photos", "map", "list"):
            library.show_mode(mode)
            self.until(lambda: library.model.items == 2, "the shelf")
            self.rest()
            self.look(f"library, {mode}")
        self.until(lambda: library.model._row(0) is not None, "a line")
        library.opened.emit(library_source(library.model._row(0)))
        self.until(self.window.preview.isVisible, "the preview")
        self.look("preview")

    def _small_windows(self) -> None:
        self.quick.summon()
        self.quick.found.show_hits([self.engine.made(Hit, "")])
        self.look("quick prompt, found")
        self.quick.ask(self.engine.words)
        self.until(lambda: self.quick.job is None, "the quick answer")
        self.look("quick prompt")
        self.quick.escape()
        self.popup.show_text(self.engine.words)
        self.until(lambda: self.popup.job is None, "the summary")
        self.look("popup")
        self.popup.hide()
        self.window.say(self.engine.words, [("Undo", lambda: None)])
        self.look("toast")
        words = self.engine.words
        self.window.fail(HomebodyError(words, where=words, remedy=words))
        self.look("failure")

    def _dialogs(self) -> None:
        from app.ui.first_run import FirstRun
        from app.ui.sent import SentDialog
        from app.ui.unlock import UnlockDialog
        from app.ui.widgets import sure

        window = self.window
        proposal: Proposal = self.engine.made(Proposal, "")
        entry: JournalEntry = self.engine.made(JournalEntry, "")
        words = self.engine.words
        for name, dialog in (
            ("confirmation", window.deeds.show(proposal, window)),
            ("what was sent", SentDialog(window, entry, proposal)),
            ("first run", FirstRun(self.session, (words, words), window)),
            ("lock", UnlockDialog(self.session, window)),
        ):
            dialog.show()
            self.rest()
            self.look(name)
            dialog.hide()
            dialog.deleteLater()
        menu = window.forgetter.menu(self.engine.made(ItemView, ""))
        menu.popup(QPoint(40, 40))
        self.look("menu")
        menu.close()
        window.sidebar.list.setCurrentRow(0)
        self._modal("rename", window.sidebar.rename)
        self._modal("forget", lambda: sure(window, "Forget", words, words, yes="Forget"))
        window.commands.palette()
        self._leave("palette")

    def _modal(self, name: str, do: Callable[[], object]) -> None:
        QTimer.singleShot(0, lambda: self._leave(name))
        do()

    def _leave(self, name: str) -> None:
        dialog = self.app.activeModalWidget()
        assert isinstance(dialog, QDialog), name
        self.look(name)
        dialog.reject()

    # --- what stands there -----------------------------------------------------------------------

    def look(self, where: str) -> None:
        self.app.processEvents()
        for widget in self.app.allWidgets():
            with contextlib.suppress(RuntimeError):  # it went meanwhile
                if widget.isVisible():
                    self._read(widget, where)
        QToolTip.hideText()

    def _read(self, widget: QWidget, where: str) -> None:
        texts = [widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        tips = [widget.toolTip()]
        match widget:
            case QLabel() | QAbstractButton():
                texts.append(widget.text())
            case QLineEdit():
                texts.append(widget.placeholderText())
            case QPlainTextEdit() if widget.isReadOnly():
                texts.append(widget.toPlainText())
            case QTextBrowser():
                texts.append(widget.toPlainText())
            case QComboBox():
                texts += [widget.itemText(n) for n in range(widget.count())]
            case QMenu():
                texts += [action.text() for action in widget.actions()]
            case QAbstractItemView():
                more, tools = _items(widget.model())
                texts += more
                tips += tools
        for text in filter(None, (*texts, *tips)):
            self.seen[where, text] = f"{type(widget).__name__} {widget.objectName()}"
        for tool in filter(None, tips):
            show_tip(self.app, tool, widget)


def _items(model: QAbstractItemModel | None) -> tuple[list[str], list[str]]:
    if model is None:
        return [], []
    places = [model.index(row, 0) for row in range(min(model.rowCount(), 20))]
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
    texts = [str(place.data(role) or "") for place in places for role in roles]
    return texts, [str(place.data(Qt.ItemDataRole.ToolTipRole) or "") for place in places]


def show_tip(app: QApplication, text: str, widget: QWidget | None) -> None:
    QToolTip.showText(QPoint(200, 200), text, widget)
    app.processEvents()


def library_source(row: Row) -> QObject:
    from app.ui.page_library import source_of

    return source_of(row)  # type: ignore[return-value]  # what the signal carries


class Careless(QTextBrowser):
    """The control: what a text view does that nobody told otherwise, and one that fetches."""

    def loadResource(self, kind: int, name: Any) -> Any:
        import urllib.request

        if name.scheme() == "http":
            with contextlib.suppress(OSError):
                urllib.request.urlopen(name.toString(), timeout=2).close()
        return super().loadResource(kind, name)


def mark(name: str) -> None:
    """A line of the trace."""
    with contextlib.suppress(OSError):
        os.close(os.open(f"/homebody-mark-{name}", os.O_RDONLY))


def main(folder: Path, port: int) -> None:
    app = QApplication(["stranger"])
    canary = folder / "canary.png"
    walk = Walk(app, folder)
    walk.all()
    walk.seen.clear()
    walk.engine.words, walk.engine.long = hostile(canary, port), "y" * 1_000_000
    mark("begin")
    walk.all()
    mark("end")
    seen = dict(walk.seen)
    view = Careless()
    view.setHtml(walk.engine.words)
    view.show()
    app.processEvents()
    mark("tip")
    show_tip(app, walk.engine.words, None)
    mark("over")
    hides = [
        (where, part, text[:300]) for (where, text), part in seen.items() if any(h in text for h in HIDDEN)
    ]
    shown = sorted({where for where, text in seen if "⟨U+202E⟩" in text})
    (folder / "seen.part").write_text(json.dumps({"hides": hides, "shown": shown}))
    (folder / "seen.part").rename(folder / "seen.json")
    os._exit(0)  # nothing of this has to be taken down


if __name__ == "__main__":
    faulthandler.dump_traceback_later(100, exit=True)
    try:
        main(Path(sys.argv[1]), int(sys.argv[2]))
    except BaseException:
        traceback.print_exc()
    os._exit(1)  # threads of the pool are not waited for
