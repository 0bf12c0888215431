"""All items of a shelf for Qt: it knows how many there are, and fetches what is looked at.

A table, since Qt's views of a list ask for every row before they show one; of a table they do not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from app.core.errors import HomebodyError
from app.core.library import Row, Spine
from app.ui.cards import kind_name
from app.ui.language import number, span, tr
from app.ui.text import one_line
from app.ui.widgets import day, short_person

ROW = Qt.ItemDataRole.UserRole  # the Row, None for a heading or while it is fetched
HEADING = Qt.ItemDataRole.UserRole + 1  # text of a day's heading, empty for an item
PORTION = 100
_KEPT = 40  # portions
_AT_ONCE = 2
_WAIT_MS = 15

Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[int, int, Callable[[tuple[Row, ...]], None], Callable[[HomebodyError], None]], None]


class ShelfModel(QAbstractTableModel):
    """``show`` puts a spine under it; rows come by ``fetch(day, skip, done, failed)``, PORTION at once."""

    stale = Signal()  # what came is not what the spine said: something was indexed, or went
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._days: list[tuple[int, int]] = []
        self._items: list[int] = [0]  # how many items stand before each day, and in all
        self._headings, self._wide = False, 1
        self._fetch: Fetch | None = None
        self._portions: OrderedDict[int, tuple[Row, ...]] = OrderedDict()
        self._wanted: OrderedDict[int, None] = OrderedDict()
        self._coming: set[int] = set()
        self._turn = 0  # which spine it is: what was fetched for another is not taken
        self._wait = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._wait.timeout.connect(self._ask)

    def show(self, spine: Spine, fetch: Fetch | None, *, headings: bool) -> None:
        self.beginResetModel()
        self._turn += 1
        self._days = [*spine.days, *([(0, spine.undated)] if spine.undated else [])]
        self._items = list(accumulate((count for _, count in self._days), initial=0))
        self._headings, self._fetch = headings, fetch
        self._portions.clear()
        self._wanted.clear()
        self._coming.clear()
        self.endResetModel()

    @property
    def items(self) -> int:
        return self._items[-1]

    def widen(self, columns: int) -> None:
        """So many items side by side; headings have a line of their own, and want one."""
        if columns != self._wide:
            self.beginResetModel()
            self._wide = max(1, columns)
            self.endResetModel()

    def place_of(self, line: int) -> QModelIndex:
        return self.index(line // self._wide, line % self._wide)

    def line(self, index: Index) -> int:
        """Which it is of headings and items."""
        return index.row() * self._wide + index.column()

    @property
    def lines(self) -> int:
        return self.items + (len(self._days) if self._headings else 0)

    def line_of_month(self, year: int, month: int) -> int:
        """Where it begins, or what comes next before it; -1 where there is nothing."""
        for n, (ordinal, _) in enumerate(self._days):
            if not ordinal or (date.fromordinal(ordinal).year, date.fromordinal(ordinal).month) <= (
                year,
                month,
            ):
                return self._items[n] + (n if self._headings else 0)
        return -1

    def months(self) -> list[tuple[int, int, int]]:
        """(year, month, how many items), newest first."""
        found: dict[tuple[int, int], int] = {}
        for ordinal, count in self._days:
            if ordinal:
                when = date.fromordinal(ordinal)
                found[when.year, when.month] = found.get((when.year, when.month), 0) + count
        return [(year, month, count) for (year, month), count in found.items()]

    def month_at(self, row: int) -> tuple[int, int] | None:
        ordinal = self._days[self._place(row)[0]][0] if 0 <= row < self.lines else 0
        return (date.fromordinal(ordinal).year, date.fromordinal(ordinal).month) if ordinal else None

    def find(self, uri: str) -> int:
        """The line of an item that is at hand, else -1."""
        for portion, rows in self._portions.items():
            for n, row in enumerate(rows):
                if row.uri == uri:
                    return self._row_at(portion * PORTION + n)
        return -1

    # --- Qt ------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else -(-self.lines // self._wide)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._wide

    def headerData(self, section: int, side: Qt.Orientation, role: int = 0) -> Any:
        """A screen reader is not to say a number before every line."""
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        line = self.line(index)
        if line >= self.lines or self._is_heading(line):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or (line := self.line(index)) >= self.lines:
            return None
        if self._is_heading(line):
            heading = self._heading(line)
            texts = (HEADING, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
            return heading if role in texts else None
        if role == HEADING:
            return ""
        if role not in (ROW, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self._row(line)
        return row if role == ROW else (described(row) if row else tr("Loading …"))

    # --- where things are ----------------------------------------------------------------------

    def _place(self, row: int) -> tuple[int, int]:
        """Which day, and how many rows after its first."""
        if not self._headings:
            n = bisect_right(self._items, row) - 1
            return n, row - self._items[n]
        low, high = 0, len(self._days) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self._items[middle] + middle <= row else (low, middle - 1)
        return low, row - self._items[low] - low

    def _is_heading(self, row: int) -> bool:
        return self._headings and bool(self._days) and self._place(row)[1] == 0

    def _heading(self, row: int) -> str:
        ordinal, count = self._days[self._place(row)[0]]
        name = day_name(ordinal) if ordinal else tr("Without a date")
        return f"{name} · {number(count)}"

    def _rank(self, row: int) -> int:
        """Which item it is of all."""
        return row - (self._place(row)[0] + 1 if self._headings else 0)

    def _row_at(self, rank: int) -> int:
        return rank + (bisect_right(self._items, rank) if self._headings else 0)

    # --- fetching ------------------------------------------------------------------------------

    def _row(self, row: int) -> Row | None:
        portion, n = divmod(self._rank(row), PORTION)
        if (rows := self._portions.get(portion)) is not None:
            self._portions.move_to_end(portion)
            return rows[n] if n < len(rows) else None
        if portion not in self._coming:
            self._wanted[portion] = None
            self._wanted.move_to_end(portion)
            if not self._wait.isActive():
                self._wait.start()
        return None

    def _ask(self) -> None:
        """The latest wanted first: while the person scrolls on, the rest is forgotten."""
        while len(self._wanted) > 2 * _AT_ONCE:
            self._wanted.popitem(last=False)
        while self._wanted and len(self._coming) < _AT_ONCE and self._fetch is not None:
            portion = self._wanted.popitem()[0]
            self._coming.add(portion)
            n = bisect_right(self._items, portion * PORTION) - 1
            turn, skip = self._turn, portion * PORTION - self._items[n]
            self._fetch(self._days[n][0], skip, self._took(turn, portion), self._broke(turn, portion))

    def _took(self, turn: int, portion: int) -> Callable[[tuple[Row, ...]], None]:
        def take(rows: tuple[Row, ...]) -> None:
            if turn != self._turn:
                return
            self._coming.discard(portion)
            self._portions[portion] = rows
            while len(self._portions) > _KEPT:
                self._portions.popitem(last=False)
            first = portion * PORTION
            last = min(first + PORTION, self.items) - 1
            if len(rows) < last + 1 - first:
                self.stale.emit()
            top = self.index(self._row_at(first) // self._wide, 0)
            self.dataChanged.emit(top, self.index(self._row_at(last) // self._wide, self._wide - 1))
            self._ask()

        return take

    def _broke(self, turn: int, portion: int) -> Callable[[HomebodyError], None]:
        def tell(error: HomebodyError) -> None:
            if turn == self._turn:
                self._coming.discard(portion)
                self.failed.emit(error)

        return tell


def day_name(ordinal: int) -> str:
    """``Today, 14 May 2026``, and so on."""
    when = date.fromordinal(ordinal)
    ago = datetime.now().astimezone().date().toordinal() - ordinal
    shown = day(datetime(when.year, when.month, when.day))
    if ago in (0, 1):
        return tr("Today, {day}", day=shown) if ago == 0 else tr("Yesterday, {day}", day=shown)
    return shown


def described(row: Row) -> str:
    """What a screen reader says of a line."""
    count = tr("%Ln item(s)", "", row.count) if row.count > 1 else ""
    title = one_line(row.title) or tr("Untitled")
    days = tr("all day") if row.all_day else ""
    plays = tr("plays for {length}", length=span(row.seconds)) if row.seconds else ""
    who = one_line(short_person(row.people), 80)
    parts = (kind_name(row.kind), title, who, day(row.when), days, plays, count)
    return ", ".join(part for part in parts if part)
