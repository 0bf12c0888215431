"""Source cards of an answer that is a long list: few at first, all of them openable."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from PySide6.QtWidgets import QPushButton

from app.core.types import Answer, Citation, Hit, Turn
from app.ui.answer import AnswerView
from app.ui.cards import SourceCard, from_citation, from_hit

WHEN = datetime(2026, 11, 18, 16, 0, tzinfo=UTC)


def listed(count: int) -> tuple[Citation, ...]:
    return tuple(
        Citation(n=n, uri=f"file:///{n}.jpg", start=0, end=0, title=f"Photo {n}", kind="photo", when=WHEN)
        for n in range(1, count + 1)
    )


def more(view: AnswerView) -> Any:
    """The button below the cards, None where all are shown."""
    shown = [one for one in view.sources.findChildren(QPushButton) if one.text().startswith("Show ")]
    return shown[-1] if shown else None


def test_a_long_list_is_shown_bit_by_bit_and_every_card_opens(pump: Any) -> None:
    view = AnswerView()
    opened: list[str] = []
    view.opened.connect(lambda source: opened.append(source.uri))
    view.step(Answer(text="120 photos.", citations=listed(120), supported=True))
    view.show()
    counts = []
    while (button := more(view)) is not None:
        counts.append((len(view.sources.cards()), button.text()))
        button.click()
        pump.turn()
    assert counts == [(4, "Show 50 more of 120"), (54, "Show 50 more of 120"), (104, "Show all 120")]
    cards = view.sources.cards()
    assert len(cards) == 120
    cards[-1].click()
    assert opened == ["file:///120.jpg"]
    view.close()
    view.deleteLater()


def test_a_card_says_which_date_it_stands_for_and_of_what_kind(pump: Any) -> None:
    view = AnswerView()
    view.show_turn(Turn(role="assistant", text="1 photo.", when=WHEN, citations=listed(1)))
    (card,) = view.sources.cards()
    assert card.source.kind == "photo"
    assert card.source.when == WHEN
    assert "Photo" in card.accessibleName() and "2026" in card.accessibleName()
    view.deleteLater()


def test_what_is_attached_names_its_mail(pump: Any) -> None:
    hit = Hit(
        rank=1, uri="mid:a@example.org#1", source="mail", kind="attachment", title="scan.pdf", when=WHEN,
        people=("Ben",), snippet="480.00 EUR", score=1.0, text="480.00 EUR", start=0, end=10,
        within="The rent",
    )  # fmt: skip
    card = SourceCard(from_hit(hit, 1), lambda source: None)
    assert "scan.pdf in “The rent”" in card.accessibleName()
    cited = from_citation(Citation(n=1, uri=hit.uri, start=0, end=10, title="scan.pdf"), [hit])
    assert cited.shown == "scan.pdf in “The rent”"
    card.deleteLater()
