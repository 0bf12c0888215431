"""Limits as chips: kinds and sources, a person, a time; each says what it limits to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QDateEdit,
    QDialog,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from app.core.types import Scope
from app.ui.flow_layout import FlowLayout
from app.ui.language import mark, tr
from app.ui.text import one_line, visible
from app.ui.widgets import button, column, day, label, row

_PERSON = 60  # characters
TIMES: tuple[tuple[str, Callable[[date], tuple[date | None, date | None]]], ...] = (
    (mark("Any time"), lambda today: (None, None)),
    (mark("Today"), lambda today: (today, today + timedelta(days=1))),
    (mark("Last 7 days"), lambda today: (today - timedelta(days=7), today + timedelta(days=1))),
    (mark("Last 30 days"), lambda today: (today - timedelta(days=30), today + timedelta(days=1))),
    (mark("This year"), lambda today: (date(today.year, 1, 1), date(today.year + 1, 1, 1))),
    (mark("Last year"), lambda today: (date(today.year - 1, 1, 1), date(today.year, 1, 1))),
)


class Chip(QPushButton):
    """Checked while it limits; its words say to what."""

    def __init__(self, idle: str) -> None:
        super().__init__(idle)
        self.setObjectName("chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setCheckable(True)
        self._idle = idle
        self.say("")
        self.clicked.connect(lambda: self.setChecked(bool(self._said)))

    def say(self, limit: str) -> None:
        self._said = limit
        self.setText((limit or self._idle).replace("&", "&&"))
        self.setAccessibleName(f"{self._idle}: {limit}" if limit else self._idle)
        self.setChecked(bool(limit))


class Several(Chip):
    """A menu of names to tick; none of them ticked limits nothing."""

    changed = Signal()

    def __init__(self, idle: str) -> None:
        super().__init__(idle)
        self._actions: dict[str, QAction] = {}
        self._menu = QMenu(self)
        self.clicked.connect(lambda: _below(self, self._menu))

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """``choices`` are (value, name); what was ticked stays so."""
        kept = set(self.values())
        self._menu.clear()
        self._actions.clear()
        for value, name in choices:
            action = self._menu.addAction(visible(name).replace("&", "&&"))
            action.setData(visible(name))
            action.setCheckable(True)
            action.setChecked(value in kept)
            action.toggled.connect(self._changed)
            self._actions[value] = action
        self._tell()

    def values(self) -> tuple[str, ...]:
        return tuple(value for value, action in self._actions.items() if action.isChecked())

    def set(self, values: Sequence[str]) -> None:
        for value, action in self._actions.items():
            action.setChecked(value in values)

    def _changed(self, _: bool) -> None:
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        names = [str(action.data()) for action in self._actions.values() if action.isChecked()]
        more = "" if len(names) < 3 else f" +{len(names) - 2}"
        self.say(", ".join(names[:2]) + more)


class PersonChip(QWidget):
    """A chip that is a field while the person writes a name or address into it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chip = Chip(tr("Anyone"))
        self.field = _Name(tr("Name or address"), self._enough)
        self.chip.clicked.connect(self.edit)
        self.field.returnPressed.connect(self._enough)
        self.field.editingFinished.connect(self._enough)
        self.field.hide()
        self.setLayout(row(self.chip, self.field, gap=0))

    def value(self) -> str:
        return self.field.text().strip()[:_PERSON]

    def set(self, name: str) -> None:
        self.field.setText(name)
        self.chip.say(one_line(self.value(), 28))
        self.changed.emit()

    def edit(self) -> None:
        """A click on a name that is set takes it away."""
        if self.value():
            self.set("")
            return
        self.chip.hide()
        self.field.show()
        self.field.setFocus()

    def _enough(self) -> None:
        if not self.field.isHidden():
            self.field.hide()
            self.chip.show()
            self.chip.setFocus()
            self.set(self.value())


class _Name(QLineEdit):
    """Esc leaves it empty."""

    def __init__(self, placeholder: str, leave: Callable[[], None]) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFixedWidth(170)
        self._leave = leave

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
            self._leave()
        else:
            super().keyPressEvent(event)


class TimeChip(Chip):
    """A menu of times, and two days of the person's own."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Any time"))
        self.after: date | None = None
        self.before: date | None = None
        self._menu = QMenu(self)
        for name, span in TIMES:
            self._menu.addAction(tr(name), partial(self._span, tr(name), span))
        self._menu.addSeparator()
        self._menu.addAction(tr("Between two days…"), self._between)
        self.clicked.connect(lambda: _below(self, self._menu))

    def set(self, after: date | None, before: date | None, name: str = "") -> None:
        """[after, before), either of them open."""
        self.after, self.before = after, before
        last = before - timedelta(days=1) if before else None
        shown = [day(datetime.combine(d, time())) if d else "…" for d in (after, last)]
        self.say(name or ("" if after is None and before is None else " – ".join(shown)))
        self.changed.emit()

    def _span(self, name: str, span: Callable[[date], tuple[date | None, date | None]]) -> None:
        after, before = span(datetime.now().astimezone().date())
        self.set(after, before, name if after or before else "")

    def _between(self) -> None:
        dialog = _Between(self.window(), self.after, self.before)
        dialog.chosen.connect(lambda first, last: self.set(first, last + timedelta(days=1)))
        dialog.open()


class _Between(QDialog):
    chosen = Signal(object, object)  # first and last day

    def __init__(self, parent: QWidget, after: date | None, before: date | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Between two days"))
        today = datetime.now().astimezone().date()
        last = before - timedelta(days=1) if before else today
        self.first = _day_field(tr("First day"), after or today - timedelta(days=30))
        self.last = _day_field(tr("Last day"), last)
        yes = button(tr("Look there"), self._take, "primary")
        yes.setDefault(True)
        leave = button(tr("Cancel"), self.reject)
        leave.setAutoDefault(False)
        fields = row(self.first, label("–"), self.last, 1)
        self.setLayout(
            column(
                label(tr("Between two days"), "heading"),
                fields,
                row(1, leave, yes),
                margins=(24, 20, 24, 16),
                gap=14,
            )
        )

    def _take(self) -> None:
        days = [_date(each) for each in (self.first, self.last)]
        self.accept()
        self.chosen.emit(min(days), max(days))


class ScopeBar(QWidget):
    """``changed`` with every limit that comes or goes."""

    changed = Signal()

    def __init__(self, *, kinds: bool, sources: str = "") -> None:
        """``sources`` is what the chip of sources says while none is chosen."""
        super().__init__()
        self.kinds = Several(tr("All kinds"))
        self.kinds.setVisible(kinds)
        self.sources = Several(sources or tr("All sources"))
        self.person, self.time = PersonChip(), TimeChip()
        self.clear_button = button(tr("Clear"), self.clear, "flat")
        self.setLayout(FlowLayout(*self.parts()))
        for part in (self.kinds, self.sources, self.person, self.time):
            part.changed.connect(self._changed)
        self._quiet = False
        self._changed()

    def parts(self) -> tuple[QWidget, ...]:
        """For a line of somebody else's."""
        return (self.kinds, self.sources, self.person, self.time, self.clear_button)

    def scope(self) -> Scope:
        """Days are those of this computer."""
        return Scope(
            kinds=self.kinds.values(),
            sources=self.sources.values(),
            people=(self.person.value(),) if self.person.value() else (),
            after=_midnight(self.time.after),
            before=_midnight(self.time.before),
        )

    def limits(self) -> bool:
        return self.scope() != Scope()

    def clear(self) -> None:
        self._quiet = True
        self.kinds.set(())
        self.sources.set(())
        self.person.set("")
        self.time.set(None, None)
        self._quiet = False
        self._changed()

    def _changed(self) -> None:
        self.clear_button.setVisible(self.limits())
        if not self._quiet:
            self.changed.emit()


def _below(chip: QWidget, menu: QMenu) -> None:
    menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))


def _midnight(when: date | None) -> datetime | None:
    return datetime.combine(when, time()).astimezone() if when is not None else None


def _day_field(name: str, when: date) -> QDateEdit:
    field = QDateEdit(QDate(when.year, when.month, when.day))
    field.setCalendarPopup(True)
    field.setAccessibleName(name)
    field.setDateRange(QDate(1900, 1, 1), QDate(2199, 12, 31))
    return field


def _date(field: QDateEdit) -> date:
    found = field.date()
    return date(found.year(), found.month(), found.day())
