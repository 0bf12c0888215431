"""Source cards: real buttons below an answer, each one place that the answer stands on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.core.types import Citation, Hit, ItemView
from app.ui.language import mark, number, tr
from app.ui.text import one_line, tip
from app.ui.theme import pixmap
from app.ui.widgets import CardButton, Elided, button, column, day, empty, label, row, scaled, short_person

FIRST = 4  # cards shown before "Show all"
_TITLE = 90  # px, at the least
MORE = 50  # added at a time: each is a widget, and a thousand of them would hold the window up
_NAMES = {
    "mail": mark("Mail"),
    "note": mark("Note"),
    "event": mark("Event"),
    "photo": mark("Photo"),
    "video": mark("Video"),
    "attachment": mark("Attachment"),
    "contact": mark("Contact"),
    "document": mark("Document"),
    "message": mark("Message"),
    "webpage": mark("Web page"),
    "health": mark("Health"),
}


@dataclass(frozen=True)
class Source:
    """What a card shows, put together from a citation and the passage or item it points into."""

    n: int
    uri: str
    start: int
    end: int
    kind: str
    title: str
    quote: str
    person: str = ""
    when: datetime | None = None
    alike: int = 0  # further pictures that show the same
    page: int = 0  # of a document that has several
    within: str = ""  # the title of the mail that it is attached to

    @property
    def shown(self) -> str:
        """What it is called, and where it is."""
        return tr("{title} in “{mail}”", title=self.title, mail=self.within) if self.within else self.title


def from_hit(hit: Hit, n: int) -> Source:
    return Source(
        n=n,
        uri=hit.uri,
        start=hit.start,
        end=hit.end,
        kind=hit.kind,
        title=hit.title,
        quote=hit.snippet,
        person=short_person(hit.people),
        when=hit.when,
        alike=hit.alike,
        page=hit.page,
        within=hit.within,
    )


def from_citation(citation: Citation, known: Sequence[Hit]) -> Source:
    hit = next((h for h in known if h.uri == citation.uri), None)
    return Source(
        n=citation.n,
        uri=citation.uri,
        start=citation.start,
        end=citation.end,
        kind=citation.kind or (hit.kind if hit else guess_kind(citation.uri)),
        title=citation.title or (hit.title if hit else citation.uri),
        quote=citation.quote or (hit.snippet if hit else ""),
        person=short_person(hit.people) if hit else "",
        when=citation.when or (hit.when if hit else None),
        page=citation.page,
        alike=hit.alike if hit else 0,
        within=hit.within if hit else "",
    )


def completed(source: Source, item: ItemView) -> Source:
    """A citation of an earlier conversation, with what the item says of itself."""
    return Source(
        n=source.n,
        uri=source.uri,
        start=source.start,
        end=source.end,
        kind=item.kind,
        title=item.title or source.title,
        quote=source.quote,
        person=short_person(item.people),
        when=source.when or item.when,
        page=source.page,
        within=source.within,
    )


def guess_kind(uri: str) -> str:
    if uri.startswith(("http://", "https://")):
        return "webpage"
    if uri.count("#") > uri.startswith("file:"):  # a note may itself be a part of a file
        return "attachment"
    kinds = {"mid": "mail", "imap": "mail", "imaps": "mail", "event": "event", "contact": "contact"}
    return kinds.get(uri.partition(":")[0], "note")


def kind_name(kind: str) -> str:
    return tr(_NAMES.get(kind, mark("File")))


def kind_icon(kind: str) -> str:
    return kind if kind in _NAMES else "file"


class SourceCard(CardButton):
    """``[n]`` icon · title · person · date · the sentence found."""

    def __init__(self, source: Source, chosen: Callable[[Source], None]) -> None:
        super().__init__()
        self.source = source
        self.setCheckable(True)
        kind = kind_name(source.kind)
        who, when = one_line(source.person, 80), day(source.when)
        parts = (tr("Source {n}", n=source.n), kind, one_line(source.shown), who, when)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.setAccessibleDescription(one_line(source.quote, 300))
        self.setToolTip(tip(one_line(source.shown, 200)) if len(source.shown) > 60 else "")
        self.fill(self._body())
        self.clicked.connect(lambda: chosen(source))

    def _body(self) -> QVBoxLayout:
        number = label(str(self.source.n), "number")
        number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        number.setMinimumSize(24, 22)
        picture = QLabel()
        picture.setPixmap(pixmap(kind_icon(self.source.kind), 18))
        title = Elided(self.source.shown, "strong")
        title.setMinimumWidth(scaled(_TITLE))  # who and when give way first
        more = tr("+{alike} alike", alike=self.source.alike) if self.source.alike else ""
        page = tr("page {page}", page=self.source.page) if self.source.page else ""
        about = " · ".join(part for part in (self.source.person, page, day(self.source.when), more) if part)
        head = row(number, picture, title, gap=8)
        head.setStretch(2, 1)
        if about:
            head.addWidget(Elided(one_line(about, 48), "small"))
        body = column(head, margins=(10, 8, 12, 9), gap=4)
        if self.source.quote:
            quote = Elided(self.source.quote, "small")
            quote.setContentsMargins(32, 0, 0, 0)
            body.addWidget(quote)
        return body


class SourceList(QWidget):
    """The cards of one answer; opening one unmarks the others."""

    def __init__(self, chosen: Callable[[Source], None]) -> None:
        super().__init__()
        self._chosen = chosen
        self._rows = column(gap=6)
        self.setLayout(self._rows)
        self._sources: tuple[Source, ...] = ()
        self._title = ""
        self._shown = FIRST

    def show_sources(self, sources: Sequence[Source], title: str = "") -> None:
        self._sources, self._title = tuple(sources), title
        empty(self._rows)
        if not sources:
            return
        self._rows.addWidget(label(title or tr("Sources"), "caps"))
        for source in self._sources[: self._shown]:
            self._rows.addWidget(SourceCard(source, self._open))
        total = len(self._sources)
        rest = total - self._shown
        if rest > 0:
            words = (
                tr("Show all {total}", total=number(total))
                if rest <= MORE
                else tr("Show {more} more of {total}", more=MORE, total=number(total))
            )
            self._rows.addLayout(row(button(words, self._more, "flat"), 1))

    def cards(self) -> list[SourceCard]:
        return self.findChildren(SourceCard)

    def activate(self, n: int) -> None:
        """As if the card ``[n]`` had been clicked."""
        source = next((s for s in self._sources if s.n == n), None)
        if source is not None:
            self._open(source)

    def retint(self) -> None:
        self.show_sources(self._sources, self._title)

    def unmark(self) -> None:
        for card in self.cards():
            card.setChecked(False)

    def _open(self, source: Source) -> None:
        for card in self.cards():
            card.setChecked(card.source == source)
        self._chosen(source)

    def _more(self) -> None:
        self._shown += MORE
        self.retint()
