"""The printed tables of measured tasks: a line a score, with its 95 % interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.models import Score, Scores, Verdict

_WEARS = {"shipped": "adapter as shipped"}


def scores(found: Scores) -> str:
    """Set by set: cases, the bare base, and the adapter it wears."""
    worn = _by_key(found.adapter)
    head = ["set", "score", "cases", "bare base"]
    if worn:
        head.append(_WEARS.get(found.wears, f"adapter, {found.wears}"))
    rows = []
    for score in found.base:
        row = [score.set, _name(score), str(score.cases), _value(score)]
        if worn:
            row.append(_value(worn.get((score.set, score.name))))
        rows.append(row)
    return f"{found.task}  ({found.seconds:.0f} s)\n{_lines(head, rows)}"


def verdict(found: Verdict) -> str:
    """What the gate said and why, and everything it looked at."""
    after = _by_key(found.after)
    rows = [
        [s.set, _name(s), str(s.cases), _value(s), _value(after.get((s.set, s.name)))] for s in found.before
    ]
    said = "accepted, and worn from now on" if found.accepted else "refused; what was worn before stays"
    reasons = "".join(f"\n  {reason}" for reason in found.reasons)
    return f"{_lines(['set', 'score', 'cases', 'now', 'new'], rows)}\n{found.task}: {said}{reasons}"


def _by_key(listed: Sequence[Score]) -> dict[tuple[str, str], Score]:
    return {(s.set, s.name): s for s in listed}


def _name(score: Score) -> str:
    """Marked where less is better, and where it is only told."""
    return score.name + {-1: " ↓", 0: " ·"}.get(score.better, "")


def _value(score: Score | None) -> str:
    if score is None or not score.cases:
        return "–"
    return f"{score.value:.3f} [{score.low:.3f}, {score.high:.3f}]"


def _lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    table = [list(head), *map(list, rows)]
    widths = [max(len(row[n]) for row in table) for n in range(len(head))]
    numbers = head.index("cases")
    return "\n".join(
        "  ".join(
            cell.rjust(width) if n == numbers else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    )
