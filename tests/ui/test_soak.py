"""The app used for long: nothing is left of what was opened and closed, and memory stays what it was.

In each run a short form; HOMEBODY_FULL=1 opens and closes everything 200 times. An hour of random use with
the real engine: ``xvfb-run -a python tests/ui/soak.py --minutes 60 --seed 1``.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.api import Forgetting

PACE = 0.05  # of a person's: nobody looks
OFTEN = ("popup", "quick", "note", "tray", "screen")
SLOW = ("settings",)  # every widget is dressed anew, four times
FEW, MANY, SELDOM = 10, 200, 10

Count = tuple[Counter[str], ...]


@pytest.fixture
def using(desktop: Callable[..., Any], pump: Any) -> Any:
    from tests.ui.using import Using

    return Using(desktop(), pump, pace=PACE)


def counted(using: Any) -> Count:
    from tests.ui import census

    using.home()
    using.pump.for_(0.3)
    return census.objects(), census.threads(), census.files()


def left(before: Count, after: Count) -> str:
    """What there is more of; nothing where nothing was left."""
    from tests.ui import census

    more = [census.grown(*both) for both in zip(before, after, strict=True)]
    return ", ".join(census.told(each) for each in more if each)


@pytest.mark.timeout(7200)
def test_nothing_is_left_of_what_was_opened_and_closed(using: Any, full: bool) -> None:
    """All of it two hundred times, with the lock; in each run what opens and closes, ten times."""
    using.everything(but=() if full else SLOW)  # what is made once is made
    if full:
        using.everything()
        using.lock()
    before = counted(using)
    for n in range(MANY if full else 1):
        using.everything(but=SLOW if n % SELDOM or not full else ())
    for name in OFTEN * FEW:
        using.do(name)
    if full:
        using.lock()
    assert not left(before, counted(using))


@pytest.fixture
def hoard(tmp_path: Path) -> Iterator[list[Any]]:
    kept: list[Any] = []
    yield kept
    for each in kept:
        each()


def test_what_is_left_is_seen(using: Any, hoard: list[Any], tmp_path: Path) -> None:
    """The control: a timer, a widget without a window, a menu of a window, a thread, a file."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QLabel, QMenu

    before = counted(using)
    timers, widget, menu = [QTimer() for _ in range(5)], QLabel("left"), QMenu(using.window)
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="left", daemon=True)
    thread.start()
    file = (tmp_path / "left").open("w")
    hoard += [
        *(timer.deleteLater for timer in timers),
        widget.deleteLater,
        menu.deleteLater,
        end.set,
        thread.join,
        file.close,
    ]
    told = left(before, counted(using))
    for each in ("QTimer +", "QLabel +1", "QMenu +1", "left +1", "/left +1"):
        assert each in told


def test_a_short_soak_tells_what_hoards_from_what_does_not(using: Any) -> None:
    """Random use while memory is looked at, as in the hour; the control keeps a 20th of it each time."""
    from tests.ui.soak import MOST, growth, samples

    hoarded: list[bytes] = []
    engine = using.one.session.engine.pid

    def use(hoards: int) -> float:
        seen = []
        for _ in range(6):
            using.do(using.chance.choice(OFTEN))
            hoarded.append(b"x" * hoards)
            seen.append(samples(engine))
        return growth(seen[:3], seen[-3:])["window"]

    plain = min(use(0) for _ in range(3))  # at first much is made that stays
    assert plain < MOST < use(samples(engine)["window"] // 20)


def test_what_comes_for_a_dialog_that_was_left_goes_nowhere(using: Any) -> None:
    """An exception in it would fail the test (qt_log)."""
    using.window.show_page("sources")
    using.rest()
    excluded = using.window.sources.excluded
    dialog = excluded.leave_out("sender")
    dialog.value.setText("nobody@example.org")
    dialog._ask()
    dialog.reject()
    using.pump.turn()
    heard: list[object] = []
    using.one.session.run(Forgetting.covered, heard.append, heard.append, kind="sender", value="x")
    using.until(lambda: heard == [3], "an answer that came later")
    using.pump.for_(0.1)
    assert not excluded.parentWidget().findChildren(type(dialog))
