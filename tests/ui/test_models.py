"""Models in the settings: what each needs is shown, and one comes only through a confirmation."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton

from app.core.api import Admin


def named(widget: Any, kind: type, name: str) -> Any:
    return next((w for w in widget.findChildren(kind) if w.accessibleName() == name), None)


def words(widget: Any) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def test_a_model_is_fetched_only_after_its_confirmation(desktop: Any, pump: Any, shot: Any) -> None:
    one = desktop(pause=0.3)
    pump.keys("ctrl+comma")
    page = one.window.settings
    pump.until(lambda: page.list is not None, what="the models")
    assert "806 MB, needs 1.4 GB · Gemma Terms of Use · not here" in words(page.list)
    named(page.list, QPushButton, "Get Gemma 3 1B").click()
    pump.until(lambda: one.window.deeds.sheet is not None, what="the confirmation")
    sheet = one.window.deeds.sheet
    assert "licence of its own" in words(sheet)
    shot(sheet, "fetch-model")
    assert "of 806 MB" not in words(page)
    pump.until(sheet.yes.isEnabled, what="a button that can be pressed")
    sheet.yes.click()
    pump.until(lambda: "of 806 MB, 10.0 MB/s" in words(page), what="progress")
    shot(one.window, "fetching")
    pump.until(lambda: "Done: Fetch gemma3-1b" in one.window.toast.text.text(), what="the end")


def test_the_quick_prompt_keeps_the_model_in_memory(desktop: Any, pump: Any) -> None:
    one = desktop()
    told: list[bool] = []
    run = one.session.run

    def heard(function: Any, *args: Any, **kwargs: Any) -> None:
        if function is Admin.pin:
            told.append(kwargs["pinned"])
        run(function, *args, **kwargs)

    one.session.run = heard
    one.quick.summon()
    pump.until(lambda: told == [True], what="the pin")
    one.quick.hide()
    pump.until(lambda: told == [True, False], what="its end")
