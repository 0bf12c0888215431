"""From the first start to the first useful answer, as a person would go, with everything real."""

from __future__ import annotations

import gc
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from app.core.library import Row
from app.core.paths import Paths, resources

pytestmark = pytest.mark.timeout(600)
PATIENCE = 280
PHRASE = "a quiet blue harbour"


def test_four_steps_to_an_answer_with_its_source(app: Any, pump: Any, tmp_path: Path, shot: Any) -> None:
    from app.ui.desktop import Desktop, Start
    from app.workers.worker import Worker

    notes = tmp_path / "notes"
    for part in ("Family", "Health", "Home"):
        shutil.copytree(resources() / "demo" / "notes" / part, notes / part)
    data = tmp_path / "data"
    began = time.monotonic()
    engine = Worker("engine", "app.engine:service", config={"data": str(data), "launcher": -1})
    opener = Worker("opener", "app.workers.opener:service")
    one = Desktop(app, engine, opener, Start(Paths(data)))
    try:
        one.begin()
        pump.until(lambda: one.first_run is not None and one.first_run.isActiveWindow(), 60, "the first run")
        dialog = one.first_run
        assert dialog.place.text() == "Step 1 of 4"
        dialog.by_phrase.click()
        pump.type(PHRASE)
        dialog.again.setFocus()
        pump.type(PHRASE)
        dialog.next_button.click()
        pump.until(lambda: dialog.steps.currentIndex() == 1, 60, "the recovery code")
        assert len(dialog.code.text()) > 20
        pump.keys("Return")
        pump.until(lambda: dialog.steps.currentIndex() == 2, what="the sources")
        assert not any(box.isChecked() for box, _, _ in dialog.ticks), "nothing is read unasked"
        dialog.finds.offer("notes", str(notes))
        dialog.next_button.click()
        pump.until(lambda: dialog.steps.currentIndex() == 3 and dialog.models._keys, what="the models")
        shot(dialog, "first-real-3")
        assert dialog.models.chosen() == "", "what is here works at once"
        dialog.next_button.click()
        pump.until(lambda: dialog.steps.currentIndex() == 4, what="a question")
        pump.until(
            lambda: "0 items" not in dialog.trial.told.text() and dialog.trial.told.text(), 60, "items"
        )
        shot(dialog, "first-real-4")
        pump.type("When did the crown go in?")
        pump.keys("Return")
        chat = one.window.chat
        pump.until(
            lambda: chat.answers and chat.answers[-1].finished and chat.job is None, PATIENCE, "an answer"
        )
        taken = time.monotonic() - began
        view = chat.answers[-1]
        assert view.answer is not None and view.answer.citations and "Oct" in view.text
        assert "Teeth" in view.sources.cards()[0].accessibleName()
        shot(one.window, "first-real-answer")
        print(f"from the start of the program to the first answer with its source: {taken:.1f} s")
    finally:
        one.close()
        opener.stop()
        engine.stop()
        pump.for_(0.1)
        gc.collect()


def test_questions_are_made_of_what_is_there_and_of_nothing_odd() -> None:
    from app.ui.first_steps import ask_about

    def row(title: str, kind: str = "note", who: str = "") -> Row:
        people = (who,) if who else ()
        return Row(uri="x", source="s", kind=kind, title=title, when=None, people=people)

    assert ask_about(row("Boiler")) == "What do my notes say about “Boiler”?"
    assert ask_about(row("Dentist", "event")) == "When is Dentist?"
    assert ask_about(row("Keys", "mail", "Ines <i@x.org>")) == "What does Ines write about “Keys”?"
    for odd in ("", "ab", "x" * 49, "pay\u202eexe", "y" * 100_000):
        assert ask_about(row(odd)) == ""
    assert ask_about(row("Keys", "mail")) == ""


def test_back_and_forth_adds_a_source_once_and_takes_away_what_is_unticked(
    desktop: Any, pump: Any, tmp_path: Path
) -> None:
    from app.core.api import Sources

    found = [(kind, str(tmp_path / kind), kind, 1, 1) for kind in ("mail", "notes", "photos")]
    for _, path, *_ in found:
        Path(path).mkdir()
    one = desktop(ready=False, vault="new", found=found)
    pump.until(lambda: one.first_run is not None, what="the first run")
    dialog = one.first_run
    dialog.next_button.click()
    pump.until(lambda: dialog.steps.currentIndex() == 1, what="the recovery code")
    dialog.next_button.click()
    pump.until(lambda: not dialog.finds.looking and len(dialog.ticks) == 5, what="what is here")

    def on_with(*ticked: int) -> list[str]:
        for box, kind, path in dialog.ticks:
            box.setChecked((kind, path) in [(found[at][0], found[at][1]) for at in ticked])
        dialog.next_button.click()
        pump.until(lambda: dialog.steps.currentIndex() == 3, what="the models")
        dialog.back_button.click()
        assert dialog.steps.currentIndex() == 2 and not dialog.back_button.isVisible()
        return sorted(state.kind for state in one.session.engine.call(Sources.list))

    assert on_with(0, 1) == ["mail", "notes"]
    assert on_with(0, 1) == ["mail", "notes"]
    assert on_with(1, 2) == ["notes", "photos"]
