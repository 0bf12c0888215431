"""What an empty conversation shows: what Homebody does, and questions to begin with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from app.ui.language import mark, tr
from app.ui.widgets import Suggestion, column, label

EXAMPLES = (
    mark("What did I agree to last week?"),
    mark("When is my next appointment?"),
    mark("What is the booking reference of my trip?"),
)


def welcome(examples: Sequence[str], chosen: Callable[[str], None]) -> QVBoxLayout:
    title = label(tr("What would you like to know?"), "title", wrap=True)
    text = label(
        tr(
            "Homebody looks through your own mail, notes, calendar and photos, and shows where each "
            "answer comes from. Nothing leaves this computer."
        ),
        "muted",
        wrap=True,
    )
    page = column(title, text, margins=(0, 64, 0, 0), gap=10)
    page.addSpacing(14)
    for example in examples:
        page.addWidget(Suggestion(example, partial(chosen, example)))
    return page
