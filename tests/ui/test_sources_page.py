"""What is found is offered and read only once it is ticked; skipped files are tried again when asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from app.ui.idle import FRONT_MS


def says(widget: Any, words: str) -> bool:
    return any(words in each.text() for each in widget.findChildren(QLabel))


def test_what_is_found_is_offered_and_only_what_is_ticked_is_read(
    desktop: Any, pump: Any, shot: Any, tmp_path: Path
) -> None:
    for name in ("Thunderbird", "Vault"):
        (tmp_path / name).mkdir()
    one = desktop(found=[["mail", str(tmp_path / "Thunderbird"), "Thunderbird: default", 14, 2_310_000_000]])
    page = one.window.sources
    one.window.show_page("sources")
    page.add("notes", str(tmp_path / "Vault"))
    pump.until(lambda: page.states and not one.indexing.busy, what="one source")
    page.found.look()
    pump.until(lambda: page.found.finds.ticks and not page.found.finds.looking, what="what is found")
    assert says(page, "14 files, 2.3 GB")
    assert not page.found.finds.chosen()
    shot(one.window, "sources-found")
    page.found.finds.ticks[0][0].click()
    button = next(b for b in page.findChildren(QPushButton) if b.text() == "Read what is ticked")
    assert button.isVisible()
    shot(one.window, "sources-ticked")
    button.click()
    pump.until(lambda: len(page.states) == 2, what="the second source")
    assert {state.kind for state in page.states} == {"mail", "notes"}


def test_a_skipped_file_is_tried_again_when_asked(desktop: Any, pump: Any, tmp_path: Path) -> None:
    one = desktop()
    page = one.window.sources
    one.window.show_page("sources")
    page.add("notes", str(tmp_path))
    pump.until(lambda: says(page, "not a PDF"), what="the reason")
    pump.until(lambda: not one.indexing.busy, what="calm")
    rounds: list[object] = []
    one.indexing.finished.connect(rounds.append)
    again = next(b for b in page.findChildren(QPushButton) if b.text() == "Try again")
    again.click()
    pump.until(lambda: rounds, what="another round")


def test_the_number_is_told_before_something_is_left_out(
    desktop: Any, pump: Any, shot: Any, tmp_path: Path
) -> None:
    one = desktop()
    page = one.window.sources
    one.window.show_page("sources")
    page.add("notes", str(tmp_path))
    pump.until(lambda: page.states, what="a source")
    dialog = page.excluded.leave_out("pattern")
    dialog.value.setText("*.log")
    pump.until(lambda: "3 items" in dialog.told.text(), what="the number")
    shot(dialog, "leave-out")
    dialog.yes.click()
    pump.until(lambda: says(page, "*.log"), what="the list")


def test_the_engine_hears_when_the_person_types(desktop: Any, pump: Any, tmp_path: Path) -> None:
    one = desktop(pause=0.4)
    pump.for_(1.2)
    assert one.idle.idle_s() >= 1
    pump.keys("a")
    assert one.idle.idle_s() < 5
    one.window.sources.add("notes", str(tmp_path))
    pump.until(lambda: one.indexing.busy, what="indexing")
    told: list[float] = []
    run = one.session.run
    one.session.run = lambda function, *rest, **words: (
        told.append(words["idle_s"]) if "idle_s" in words else None,
        run(function, *rest, **words),
    )
    pump.until(lambda: told, what="the engine is told")
    pump.until(lambda: not one.indexing.busy, what="the end")


def test_the_engine_hears_that_a_window_is_in_front(desktop: Any, pump: Any) -> None:
    """At once, and now and then; then no more, so that nothing elsewhere is asked for often for nobody."""
    one = desktop()
    pump.until(lambda: not one.indexing.busy, what="rest")
    told: list[tuple[float, bool]] = []
    run = one.session.run
    one.session.run = lambda function, *rest, **words: (
        told.append((words["idle_s"], words["front"])) if "front" in words else None,
        run(function, *rest, **words),
    )
    one.idle._fronted(Qt.ApplicationState.ApplicationActive)
    pump.until(lambda: any(front for _, front in told), what="the engine is told")
    assert one.idle._timer.isActive() and one.idle._timer.interval() == FRONT_MS
    one.idle._fronted(Qt.ApplicationState.ApplicationInactive)
    pump.until(lambda: one.indexing.busy or not one.idle._timer.isActive(), what="nothing to tell")
