"""Tray, hotkey and killed processes with everything real: windows, keys, engine, model, embedder, reader."""

from __future__ import annotations

import array
import contextlib
import fcntl
import gc
import os
import shutil
import signal
import termios
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from app.core.api import Admin, Conversations, Sources
from app.core.paths import Paths, resources

pytestmark = pytest.mark.timeout(600)  # a busy machine takes minutes to start a model in the background
PATIENCE = 280
PASSPHRASE = "a quiet blue harbour"
QUESTION = "When did the crown go in?"
SELECTED = (
    "The spring meeting of the allotment society moves to Thursday 21 May at 19:00 in the parish hall, "
    "because the school needs its gym that evening. Please bring the signed water agreement."
)


class Real:
    """The whole app with its windows in this process, and what it was heard to say."""

    def __init__(self, app: Any, folder: Path) -> None:
        from app.ui.desktop import Desktop, Start
        from app.workers.worker import Worker

        self.data = data = folder / "data"
        self.engine = Worker("engine", "app.engine:service", config={"data": str(data), "launcher": -1})
        self.opener = Worker("opener", "app.workers.opener:service")
        self.desktop = Desktop(app, self.engine, self.opener, Start(Paths(data), passphrase=PASSPHRASE))
        self.said: list[str] = []
        self._listen()
        self.desktop.begin()

    @property
    def window(self) -> Any:
        return self.desktop.window

    def pid(self, name: str) -> int:
        """The process of a specialist or a reader, 0 while it does not run."""
        return next((p.pid for p in self.engine.call(Admin.processes) if p.name == name), 0)

    def signal(self, name: str, what: signal.Signals) -> int:
        pid = self.pid(name)
        assert pid, f"{name} does not run"
        os.kill(pid, what)
        return pid

    def rested(self) -> bool:
        """Nothing is being indexed, and at the end of the last run everything had been."""
        indexing, status = self.desktop.indexing, self.desktop.session.status
        return not indexing.busy and status.passages > 0 and status.embedded == status.passages

    def close(self) -> None:
        self.desktop.close()
        self.opener.stop()
        self.engine.stop()

    def _listen(self) -> None:
        """Note every message that really came up at the foot of the window."""
        toast, say = self.window.toast, self.window.toast.say

        def heard(text: str, *actions: tuple[str, Callable[[], object]], **how: bool) -> None:
            before = toast._last
            say(text, *actions, **how)
            if toast._last is not before:
                self.said.append(text)

        toast.say = heard


@pytest.fixture(scope="module")
def started(app: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """One start for all tests here, with the demo person's notes."""
    made = Real(app, tmp_path_factory.mktemp("real"))
    yield made
    made.close()
    gc.collect()


@pytest.fixture
def real(started: Real, pump: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """Open, indexed and at rest, with nothing said yet."""
    one = started.desktop
    pump.until(lambda: one.session.status.vault == "open" and started.window.isVisible(), 60, "open")
    if not one.session.status.items:
        notes = tmp_path_factory.mktemp("sources") / "notes"
        for part in ("Family", "Health", "Home", "Journal"):
            shutil.copytree(resources() / "demo" / "notes" / part, notes / part)
        started.window.sources.add("notes", str(notes))
    pump.until(started.rested, PATIENCE, "the index")
    started.window.present()
    started.window.show_page("chat")
    pump.until(started.window.isActiveWindow, what="the window in front")
    started.said.clear()
    yield started
    one.quick.hide()
    one.popup.hide()


def test_tray_menu_quick_prompt_answer_with_sources(real: Real, pump: Any, shot: Any) -> None:
    one = real.desktop
    pump.open_from_tray(one)
    pump.type(QUESTION)
    pump.keys("Return")
    pump.until(lambda: one.quick.view is not None and one.quick.view.finished, PATIENCE, "an answer")
    view = one.quick.view
    assert view is not None and view.answer is not None and view.answer.citations
    assert view.body.toPlainText().strip() and view.badge.text() == "On this computer"
    cards = view.sources.cards()
    assert any("Teeth" in card.accessibleName() for card in cards)
    shot(one.quick, "real-quick")
    cards[0].click()
    pump.until(lambda: real.window.preview.isVisible() and not one.quick.isVisible(), what="the source")
    shot(real.window, "real-quick-source")
    pump.keys("Escape")
    pump.until(lambda: not real.window.preview.isVisible(), what="Esc")
    assert not real.said


def test_hotkey_summarizes_and_copy_copies(real: Real, pump: Any, select: Any, shot: Any) -> None:
    one = real.desktop
    pump.until(lambda: one.outside.hotkeys.held("selection") == "Ctrl+Alt+S", what="the hotkey")
    select(SELECTED)
    pump.keys("ctrl+alt+s")
    pump.until(lambda: one.popup.view is not None and one.popup.view.finished, PATIENCE, "the summary")
    view = one.popup.view
    assert view is not None and one.popup.text() == SELECTED
    summary = view.body.toPlainText()
    assert any(word in summary for word in ("meeting", "parish", "Thursday")) and view.text != SELECTED
    assert view.badge.text() == "On this computer"
    shot(one.popup, "real-selection")
    centre = view.copy_button.mapToGlobal(view.copy_button.rect().center())
    pump.click(centre.x(), centre.y())
    pump.until(lambda: one.app.clipboard().text() == view.text, what="Copy")
    assert not real.said


def test_the_screen_is_read_and_asked(real: Real, pump: Any, select: Any, shot: Any) -> None:
    """The picture of a terminal goes through the recognition of text, and a question is answered from it."""
    one = real.desktop
    pump.until(lambda: one.outside.hotkeys.held("screen") == "Ctrl+Alt+R", what="the hotkey")
    before = {path for path in real.data.rglob("*") if path.suffix in (".png", ".jpg", ".bmp")}
    select(SELECTED)
    pump.keys("ctrl+alt+r")
    pump.until(lambda: one.outside.overlay is not None and one.outside.overlay.hasFocus(), what="the overlay")
    pump.keys("Return")
    pump.until(lambda: one.popup.isVisible() and one.popup.text(), PATIENCE, "the text")
    assert "spring meeting" in one.popup.text() and "21 May" in one.popup.text()
    pump.until(lambda: one.popup.job is None, PATIENCE, "the summary")
    shot(one.popup, "real-screen")
    pump.until(one.popup.line.hasFocus, what="the line")
    pump.type("When is the spring meeting?")
    pump.until(lambda: one.popup.line.text() == "When is the spring meeting?", what="the words in the line")
    pump.keys("Return")
    pump.until(lambda: one.popup.job is not None, what="the question")
    pump.until(lambda: one.popup.job is None, PATIENCE, "an answer")
    assert one.popup.view.answer is not None, one.popup.view.text or real.said
    assert "May" in one.popup.view.text and one.popup.view.sources.cards()
    shot(one.popup, "real-screen-asked")
    assert {path for path in real.data.rglob("*") if path.suffix in (".png", ".jpg", ".bmp")} == before
    assert not real.said


def test_killed_model_is_said_once_and_the_next_question_works(real: Real, pump: Any, shot: Any) -> None:
    chat = real.window.chat

    def ask() -> Any:
        chat.prompt.setFocus()
        pump.type(QUESTION)
        pump.keys("Return")
        pump.until(lambda: chat.job is not None, what="the question")
        return chat.answers[-1]

    for _ in range(5):  # an answer may be quicker than we are: then the next one
        view = ask()
        pump.until(lambda view=view: view.text or view.finished, PATIENCE, "the first words")
        real.signal("llm", signal.SIGKILL)
        pump.until(lambda: chat.job is None, 30, "its end")
        if view.answer is None:
            break
    assert view.answer is None and view.finished and view.text, "killed while words streamed"
    assert "No answer" in view.note.text() and not chat.prompt.streaming
    assert real.window.toast.isVisible()
    shot(real.window, "real-killed-model")
    kept = len(real.engine.call(Conversations.turns, id=chat.conversation)) if chat.conversation else 0
    chat.prompt.editor.clear()
    view = ask()
    pump.until(lambda: chat.job is None, PATIENCE, "the next answer")
    assert view.answer is not None and view.answer.citations
    assert len(real.engine.call(Conversations.turns, id=chat.conversation)) == kept + 2
    assert len(real.said) == 1 and "stopped" in real.said[0]


def test_killed_reader_and_embedder_while_indexing(
    real: Real, pump: Any, tmp_path_factory: pytest.TempPathFactory, shot: Any
) -> None:
    one, indexing = real.desktop, real.desktop.indexing
    items = one.session.status.items
    real.window.show_page("sources")
    mails = tmp_path_factory.mktemp("mail") / "years.mbox"
    _mbox(mails, [1] * 4000)  # one mail again and again: long to read, and little to embed
    embedder = real.signal("embedder", signal.SIGSTOP)
    real.window.sources.add("mail", str(mails))
    pump.until(lambda: _reading(indexing, "mail"), PATIENCE, "reading")
    real.signal("reader", signal.SIGKILL)
    pump.until(lambda: _asked(embedder), PATIENCE, "the run goes on to the embedder")
    assert indexing.busy and not real.said
    os.kill(embedder, signal.SIGKILL)
    pump.until(lambda: real.said, PATIENCE, "the message")
    shot(real.window, "real-killed-embedder")
    pump.until(lambda: one.session.status.items == items + 1 and real.rested(), PATIENCE, "its end")
    assert len(real.said) == 1 and "embedder" in real.said[0]
    assert not real.engine.call(Sources.skipped)  # a reader that somebody killed once costs nothing
    _mbox(mails, [2, 3, 4])
    real.window.sources._now.click()
    pump.until(lambda: one.session.status.items == items + 3 and real.rested(), PATIENCE, "the next run")
    shot(real.window, "real-indexed-again")
    assert len(real.said) == 1


def _reading(indexing: Any, source: str) -> bool:
    """Whether some of it is read and not all."""
    of = (each for each in indexing.progress.values() if each.source == source)
    return any(each.stage == "read" and each.done < each.total for each in of)


def _asked(pid: int) -> bool:
    """Whether a stopped process has something in its pipes that it has not read."""
    held = array.array("i", [0])
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            if not fd.readlink().name.startswith("pipe:"):
                continue
            pipe = os.open(fd, os.O_RDONLY | os.O_NONBLOCK)
            try:
                fcntl.ioctl(pipe, termios.FIONREAD, held)
            finally:
                os.close(pipe)
            if held[0]:
                return True
    return False


def _mbox(path: Path, numbers: list[int]) -> None:
    path.write_bytes(b"".join(b"From k@example.org Tue Mar  3 10:00:00 2026\n" + _mail(n) for n in numbers))


def _mail(n: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Kettler <k@example.org>", "me@example.org"
    mail["Subject"] = f"Boiler {n}"
    mail["Date"] = "Tue, 03 Mar 2026 10:00:00 +0100"
    mail["Message-ID"] = f"<boiler-{n}@example.org>"
    mail.set_content(f"The boiler in house {n} was serviced; the next date follows.\n")
    return mail.as_bytes() + b"\n"
