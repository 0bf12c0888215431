"""A request to another computer in the person's hands: words kept back, sources kept out, its cost."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.core.types import Envelope, Withheld
from app.ui.language import mark, number, tr
from app.ui.text import one_line, tip
from app.ui.widgets import Elided, button, column, label, row, scaled

_MOST = 60  # words that get a line; more of them are kept back or sent as they are
_HIGH = 148  # px of the list of words before it scrolls
_WORD, _PATH = 80, 200  # characters
_KINDS = {
    "address": mark("address"),
    "link": mark("link"),
    "account": mark("account or card"),
    "phone": mark("telephone number"),
    "number": mark("number"),
    "name": mark("name"),
}


class EnvelopeBox(QWidget):
    """``held`` says which words are to be kept back from now on, ``never`` which source is to stay out."""

    held = Signal(tuple)
    never = Signal(str)

    def __init__(self, envelope: Envelope) -> None:
        super().__init__()
        self._envelope = envelope
        self.boxes: list[QCheckBox] = []
        self._about: list[QLabel] = []
        self.outs: list[QWidget] = []
        body = column(gap=8)
        if envelope.words:
            body.addWidget(
                label(
                    tr("Kept back: ticked words do not leave; the answer has them again"), "caps", wrap=True
                )
            )
            body.addWidget(self._words())
        if sources := _sources(envelope):
            body.addWidget(label(tr("Passages go along from"), "caps"))
            for path, passages in sources:
                body.addLayout(self._source(path, passages))
        self._cost = label(cost(envelope), "small", wrap=True)
        body.addWidget(self._cost)
        self.setLayout(body)

    def take(self, envelope: Envelope) -> bool:
        """The same with other words kept back: nothing moves. False where it holds something else."""
        same = [(w.kind, w.text) for w in envelope.words] == [(w.kind, w.text) for w in self._envelope.words]
        if not same or envelope.passages != self._envelope.passages:
            return False
        self._envelope = envelope
        for word, box, about in zip(envelope.words, self.boxes, self._about, strict=False):
            with QSignalBlocker(box):
                box.setChecked(word.held)
            about.setText(_said(word))
            box.setAccessibleDescription(_said(word))
        self._cost.setText(cost(envelope))
        self.setEnabled(True)
        return True

    def _words(self) -> QScrollArea:
        lines = column(margins=(14, 8, 14, 8), gap=6)
        for word in self._envelope.words[:_MOST]:
            lines.addLayout(self._word(word))
        if (more := len(self._envelope.words) - _MOST) > 0:
            lines.addWidget(label(tr("%Ln more, as proposed", "", more), "small"))
        holder = QWidget()
        holder.setLayout(lines)
        area = QScrollArea()
        area.setObjectName("card")
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        for part in holder.findChildren(QWidget):
            part.ensurePolished()
        area.setFixedHeight(min(scaled(_HIGH), holder.sizeHint().height() + 4))
        return area

    def _word(self, word: Withheld) -> QVBoxLayout:
        box = QCheckBox(one_line(word.text, _WORD).replace("&", "&&"))
        box.setToolTip(tip(word.text))
        box.setChecked(word.held)
        box.setAccessibleName(tr("Keep back {words}", words=one_line(word.text, _WORD)))
        box.setAccessibleDescription(_said(word))
        box.toggled.connect(lambda _: self._told())
        self.boxes.append(box)
        about = label(_said(word), "small")
        self._about.append(about)
        about.setContentsMargins(28, 0, 0, 0)
        return column(box, about, gap=0)

    def _told(self) -> None:
        shown = self._envelope.words[:_MOST]
        now = [word.text for word, box in zip(shown, self.boxes, strict=True) if box.isChecked()]
        more = [word.text for word in self._envelope.words[_MOST:] if word.held]
        self.held.emit((*now, *more))

    def _source(self, path: str, passages: int) -> QVBoxLayout:
        shown = Elided(tr("{path}, %Ln passage(s)", "", passages, path=_short(path)))
        shown.setToolTip(tip(path))
        never = button(tr("Never from here"), partial(self._out, path), "flat")
        never.setAccessibleName(tr("Never send anything from {path}", path=_short(path)))
        never.setAutoDefault(False)
        self.outs.append(never)
        line = row(shown, never, gap=8)
        line.setStretch(0, 1)
        return column(line)

    def _out(self, path: str) -> None:
        self.setEnabled(False)
        self.never.emit(path)


def _said(word: Withheld) -> str:
    """What becomes of it."""
    kind = tr(_KINDS.get(word.kind, word.kind))
    told = (
        tr("{kind}, goes as {stands}", kind=kind, stands=word.stands)
        if word.held
        else tr("{kind}, goes as it is", kind=kind)
    )
    return tr("{said}, {times} times", said=told, times=number(word.times)) if word.times > 1 else told


def cost(envelope: Envelope) -> str:
    """What goes and comes back, in tokens, and what that costs where the prices are known."""
    said = tr(
        "About {tokens} tokens go, and at most {back} come back.",
        tokens=number(envelope.tokens),
        back=number(envelope.back),
    )
    if not envelope.cents:
        return tr("{tokens} What they cost is known once the settings have the prices.", tokens=said)
    return tr(
        "{tokens} They cost at most about {cents} cents.",
        tokens=said,
        cents=number(envelope.cents, 2 if envelope.cents >= 0.01 else 4),
    )


def _sources(envelope: Envelope) -> Sequence[tuple[str, int]]:
    """(path, how many passages are read from it)."""
    counted: dict[str, int] = {}
    for passage in envelope.passages:
        for path in passage.sources:
            counted[path] = counted.get(path, 0) + 1
    return tuple(counted.items())


def _short(path: str) -> str:
    home = str(Path.home())
    return one_line(f"~{path[len(home) :]}" if path.startswith(home + "/") else path, _PATH)
