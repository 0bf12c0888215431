"""What strangers wrote stays text; nothing is approved by accident; nothing leaks or blocks."""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.core.api import Deeds
from app.core.types import Answer, Citation, Field, Found, Proposal
from app.ui.confirm import ConfirmSheet
from app.ui.text import SafeText, lines, to_html, visible, wrappable

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = (
    "Hello <img src='file:///etc/passwd'> <a href='http://evil.example/'>here</a> "
    "![x](http://evil.example/p.png) [click](file:///etc/hosts) <http://evil.example/auto> "
    "\u202egnp.exe\u202c zero\u200bwidth <script>alert(1)</script> &lt;b&gt; [1] [9]"
)


def test_markdown_of_strangers_makes_no_link_and_no_image() -> None:
    html = to_html(HOSTILE, cited=[1])
    assert html.count("<a ") == 1 and '<a href="cite:1"' in html
    assert "<img" not in html and "<script" not in html
    assert "http://evil.example/p.png" in html  # shown in full, and dead
    assert "\u202e" not in html and "⟨U+202E⟩" in html and "⟨U+200B⟩" in html


def test_long_lines_and_words_are_broken_and_nothing_is_left_out() -> None:
    for text in ("x" * 1_000_000, "word " * 300_000, "a\n\nb\n", "", "\u202e" * 5_000, "x" * 2_001):
        shown = lines(visible(text))
        assert shown.replace("\n", "") == visible(text).replace("\n", "")
        assert max(map(len, shown.split("\n"))) <= 2_000
        assert wrappable(visible(text)).replace("\u200b", "") == visible(text)
    assert visible("a\u200b" + "b" * 9_000 + "\u00ad\u3164") == "a⟨U+200B⟩" + "b" * 9_000 + "⟨U+00AD⟩⟨U+3164⟩"
    assert max(map(len, wrappable("y" * 500).split("\u200b"))) == 60


def test_unsupported_sentences_are_marked() -> None:
    html = to_html("The sky is green. The sea is **blue** [1].", cited=[1], unsupported=["The sky is green."])
    assert "underline" in html.partition("The sky is green.")[0]
    assert "\ue000" not in html
    assert "\ue000" not in to_html("\ue000 stranger", unsupported=())


def test_a_text_view_loads_nothing(app: Any, qt_log: Any, tmp_path: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QImage, QTextDocument

    picture = tmp_path / "picture.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    assert image.save(str(picture))
    view = SafeText()
    for kind in QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.StyleSheetResource:
        loaded = view.loadResource(int(kind.value), QUrl.fromLocalFile(str(picture)))
        assert loaded.size().width() == 1
    opened: list[int] = []
    view.cited.connect(opened.append)
    view._clicked(QUrl("http://evil.example/"))
    view._clicked(QUrl("cite:7"))
    assert opened == [7]


@pytest.fixture
def sheet(app: Any, pump: Any) -> Any:
    approved: list[str] = []
    proposal = Proposal(
        action="draft_mail",
        arguments={},
        title="Draft a mail to <b>someone</b>",
        preview=(
            Field(
                label="To", value="<b>ines@example.org</b>\u202emoc.live@", origin="from a mail by <i>X</i>"
            ),
            Field(label="Text", value="<h1>Hi</h1>\n" * 30, origin="assistant"),
        ),
        sha256="0" * 64,
        warnings=("The address comes from a stranger's mail.",),
    )
    made = ConfirmSheet(None, proposal, lambda: approved.append(proposal.sha256))
    made.approvals, made.ended = approved, []
    made.finished.connect(made.ended.append)
    made.show()
    pump.until(made.isActiveWindow, what="the sheet")
    yield made
    if not made.ended:
        made.close()


def test_a_confirmation_shows_everything_as_plain_text(sheet: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel

    labels = sheet.findChildren(QLabel)
    assert all(each.textFormat() == Qt.TextFormat.PlainText for each in labels)
    texts = [each.text() for each in labels]
    assert "<b>ines@example.org</b>⟨U+202E⟩moc.live@" in texts
    assert "from a mail by <i>X</i>" in texts
    pump.for_(0.9)
    shot(sheet, "confirm")


def test_enter_and_early_clicks_approve_nothing(sheet: Any, pump: Any) -> None:
    assert not sheet.yes.isEnabled() and not sheet.yes.isDefault() and sheet.no.hasFocus()
    sheet.yes.click()
    assert sheet.approvals == []
    pump.until(sheet.yes.isEnabled, what="armed")
    pump.keys("Return")
    pump.until(lambda: sheet.ended == [0], what="Cancel by Enter")
    assert sheet.approvals == []


def test_a_yes_counts_once(sheet: Any, pump: Any) -> None:
    pump.until(sheet.yes.isEnabled, what="armed")
    sheet.yes.click()
    sheet.yes.click()
    assert len(sheet.approvals) == 1


def test_deed_toast_and_undo(desktop: Any, pump: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    one = desktop()
    one.quick.prompt.set_text("note buy paint")
    one.quick.act()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the confirmation")
    sheet = one.window.deeds.sheet
    pump.until(sheet.yes.isEnabled, what="armed")
    sheet.yes.click()
    pump.until(lambda: one.window.toast.text.text().startswith("Done:"), what="the toast")
    undo = next(b for b in one.window.toast.findChildren(QPushButton) if b.text() == "Undo")
    undo.click()
    pump.until(lambda: one.window.toast.text.text().startswith("Undone:"), what="undone")
    one.window.show_page("activity")
    pump.until(lambda: any("undone" in t.text() for t in _labels(one.window.activity)), what="journal")


def _labels(widget: Any) -> list[Any]:
    from PySide6.QtWidgets import QLabel

    return list(widget.findChildren(QLabel))


def test_cloud_is_offered_only_when_set_and_shows_the_bytes(desktop: Any, pump: Any) -> None:
    one = desktop(cloud="models.example")
    one.window.chat.ask("compare ferry and dentist")
    pump.until(lambda: one.window.chat.job is None and one.window.chat.answers, what="the answer")
    view = one.window.chat.answers[-1]
    assert view.bigger_button.isVisible()
    view.bigger_button.click()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the sheet")
    sheet = one.window.deeds.sheet
    from PySide6.QtWidgets import QPlainTextEdit

    assert sheet.findChild(QPlainTextEdit).toPlainText() == sheet.proposal.arguments["body"]
    pump.until(sheet.yes.isEnabled, what="armed")
    sheet.yes.click()
    pump.until(lambda: one.window.chat.answers[-1].made == "Sent to models.example", what="the answer")
    assert one.window.chat.answers[-1].badge.text() == "Sent to models.example"


def test_words_are_kept_back_and_sources_kept_out_before_anything_is_sent(
    desktop: Any, pump: Any, shot: Any
) -> None:
    one = desktop(cloud="models.example")
    one.window.chat.ask("compare ferry and dentist")
    pump.until(lambda: one.window.chat.job is None and one.window.chat.answers, what="the answer")
    one.window.chat.answers[-1].bigger_button.click()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the sheet")
    sheet = one.window.deeds.sheet
    shot(sheet, "cloud-sheet")

    def sent() -> str:
        return str(sheet._bytes_box.toPlainText())

    assert "ines@example.org" not in sent() and "[address 1]" in sent() and "boiler" in sent()
    assert any("0.30 cents" in each.text() for each in _labels(sheet))
    pump.until(sheet.yes.isEnabled, what="armed")
    sheet.envelope.boxes[0].click()
    assert not sheet.yes.isEnabled(), "what is shown is no longer what is asked for"
    pump.until(lambda: "ines@example.org" in sent(), what="the address is shown")
    assert not sheet.yes.isEnabled() and not sheet.envelope.boxes[0].isChecked()
    sheet.envelope.outs[1].click()
    pump.until(lambda: "boiler" not in sent(), what="without the note")
    assert len(sheet.envelope.outs) == 1
    pump.until(sheet.yes.isEnabled, what="armed again")
    shown = sheet.proposal
    assert sent() == shown.arguments["body"]
    sheet.yes.click()
    pump.until(lambda: one.window.chat.answers[-1].made == "Sent to models.example", what="the answer")
    entry = one.session.engine.call(Deeds.journal, limit=1)[0]
    assert one.session.engine.call(Deeds.shown, journal_id=entry.id).sha256 == shown.sha256


def test_no_source_left_to_send_from_closes_the_sheet(desktop: Any, pump: Any) -> None:
    one = desktop(cloud="models.example")
    said: list[str] = []
    one.window.deeds.said.connect(lambda text, _: said.append(text))
    one.window.chat.ask("compare ferry and dentist")
    pump.until(lambda: one.window.chat.job is None and one.window.chat.answers, what="the answer")
    one.window.chat.answers[-1].bigger_button.click()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the sheet")
    sheet = one.window.deeds.sheet
    for left in (1, 0):
        sheet.envelope.outs[0].click()
        pump.until(lambda left=left: len(sheet.envelope.outs) == left or said, what="one fewer")
    pump.until(lambda: one.window.deeds.sheet is None, what="closed")
    assert said == ["Nothing is left."]


def test_cloud_is_not_offered_otherwise(desktop: Any, pump: Any) -> None:
    one = desktop()
    one.window.chat.ask("compare ferry and dentist")
    pump.until(lambda: one.window.chat.job is None and one.window.chat.answers, what="the answer")
    assert not one.window.chat.answers[-1].bigger_button.isVisible()


def test_the_gui_process_holds_no_model_and_no_store(display: str) -> None:
    program = (
        "import sys; import app.main, app.ui.desktop, app.ui.single\n"
        "bad = {'torch', 'llama_cpp', 'sqlite3', 'sqlcipher3', 'sqlite_utils', 'numpy', 'transformers',\n"
        "       'sentence_transformers', 'httpx', 'onnxruntime', 'PySide6.QtWebEngineCore'}\n"
        "print(sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_gui_thread_never_waits_for_the_engine(desktop: Any, pump: Any) -> None:
    """While the engine answers slowly, the event loop goes round many times."""
    one = desktop(pause=0.15)
    from PySide6.QtCore import QTimer

    turns: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(time.monotonic()))
    timer.start(5)
    one.window.chat.ask("ferry Texel")
    pump.until(lambda: one.window.chat.job is None and one.window.chat.answers, what="the answer")
    timer.stop()
    assert len(turns) > 20


def test_nothing_leaks_over_twenty_rounds(desktop: Any, pump: Any, app: Any) -> None:
    import threading

    one = desktop()

    def round_() -> None:
        one.window.show_page("settings")
        one.window.show_page("sources")
        one.window.show_page("activity")
        one.window.show_page("chat")
        one.quick.summon()
        one.quick.ask("ferry to Texel")
        pump.until(lambda: one.quick.job is None, what="quick answer")
        one.quick.escape()
        one.popup.show_text("Some words. And more of them.")
        pump.until(lambda: one.popup.job is None, what="summary")
        one.popup.show_text("")
        one.popup.escape()
        one.window.commands.palette()
        app.activeModalWidget().reject()
        one.window.commands.list_keys()
        app.activeModalWidget().reject()
        one.window.chat.ask("dentist")
        pump.until(lambda: one.window.chat.job is None, what="answer")
        one.window.chat.new()
        pump.for_(0.15)
        gc.collect()

    round_()
    round_()
    widgets, threads = len(app.allWidgets()), threading.active_count()
    for _ in range(20):
        round_()
    pump.for_(0.3)
    assert len(app.allWidgets()) <= widgets + 3
    assert threading.active_count() < threads + 10  # pools may still fill; one left a round would be 20


def test_huge_and_empty_texts(app: Any, pump: Any) -> None:
    from app.ui.answer import AnswerView

    view = AnswerView()
    view.resize(600, 200)
    view.show()
    view.step(Found(passages=()))
    view.step(
        Answer(
            text="word " * 40_000,
            citations=(Citation(n=1, uri="mid:x", start=0, end=3),),
            supported=True,
            unsupported=("",),
        )
    )
    pump.for_(0.2)
    assert view.finished
    view.close()
    view.deleteLater()
    assert visible("a\tb\n") == "a\tb\n"
