"""A long list is put up a few widgets at a time, in its order, and not at all once it is not wanted."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any


def test_a_long_list_comes_in_pieces_and_stops_when_it_is_told_to(app: Any, pump: Any) -> None:
    from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

    from app.ui.gradual import Gradual
    from app.ui.widgets import empty

    made = 0

    def labels(count: int) -> Iterator[QLabel]:
        nonlocal made
        for n in range(count):
            made += 1
            until = time.thread_time() + (0.002 if count > 3 else 0)
            while time.thread_time() < until:
                pass
            yield QLabel(str(n))

    holder, layout = QWidget(), QVBoxLayout()
    holder.setLayout(layout)
    filling = Gradual(holder)
    filling.fill(layout, labels(3))
    assert layout.count() == 3, "a short list is there at once"
    empty(layout)
    filling.fill(layout, labels(60))
    assert 0 < layout.count() < 60
    pump.until(lambda: layout.count() == 60, what="all of it")
    shown = [layout.itemAt(n).widget() for n in range(60)]
    assert [each.text() for each in shown if isinstance(each, QLabel)] == [str(n) for n in range(60)]
    made = 0
    filling.fill(layout, labels(60))
    filling.stop()
    empty(layout)
    before = made
    pump.for_(0.1)
    assert layout.count() == 0 and made == before < 60
    holder.deleteLater()
