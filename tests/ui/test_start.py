"""The window comes first: what it does not need is loaded and made after it, or when it is looked at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LATER = ("markdown_it", "numpy", "psutil", "pyqtgraph", "jeepney", "xml.etree", "PySide6.QtNetwork")
PAGES = ("library", "today", "sources", "hats", "activity", "settings", "about")
PARTS = {"tray", "quick", "popup", "outside", "idle", "suspend"}


def loaded(*modules: str) -> set[str]:
    """Everything that is loaded with ``modules``, in a process of its own."""
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


def test_the_window_loads_nothing_that_it_does_not_need_to_be_seen() -> None:
    there = loaded("app.ui.start", "app.ui.window")
    assert not there & {*LATER, *(f"app.ui.page_{name}" for name in PAGES)}
    assert not there & {
        "app.ui.quick",
        "app.ui.popup",
        "app.ui.first_run",
        "app.ui.confirm",
        "app.ui.outside",
    }
    assert {"psutil", "jeepney"} <= loaded(
        "app.ui.page_activity", "app.ui.portal"
    )  # control: seen where it is


def test_a_page_is_made_when_it_is_first_looked_at(desktop: Any, pump: Any) -> None:
    one = desktop()
    window = one.window
    assert not window._made
    window.clear()  # nothing is made to be emptied …
    window.retint()  # … or to be drawn anew
    assert not window._made
    window.show_page("library")
    library = window.library
    assert set(window._made) == {"library"}
    assert window.stack.currentWidget() is library
    window.escape()
    assert window.stack.currentWidget() is window.chat
    window.show_page("library")
    assert window.library is library and window.stack.count() == 2
    for name in window.pages:
        window.show_page(name)
        assert window.stack.currentWidget() is getattr(window, name)
    assert set(window._made) == set(window.pages) - {"chat"}


def test_all_else_is_made_once_the_window_has_been_painted(desktop: Any, pump: Any) -> None:
    one = desktop(ready=False)
    assert not PARTS & vars(one).keys()
    pump.until(lambda: vars(one).keys() >= PARTS, what="tray, prompt and keys")
    assert one.tray.there() == one.tray.icon.isVisible()


def test_what_is_closed_before_it_was_seen_makes_nothing_more(desktop: Any, pump: Any) -> None:
    one = desktop(ready=False)
    one.close()
    pump.for_(0.3)
    assert not PARTS & vars(one).keys()
