"""The gate: a new adapter takes the current one's place only where the numbers say so."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from app.core.models import Score
from app.core.tasks import Gate
from app.core.types import Record
from app.flows.measures.contract import OWN

_SLACK = 1e-9  # so that a gain of exactly what is asked for is one


class Decision(Record, frozen=True, kw_only=True):
    """``gain`` is the rise of the main score, ``worst`` the largest loss of any other, 0 without one."""

    accepted: bool
    gain: float
    worst: float
    reasons: tuple[str, ...]


def decide(
    current: Sequence[Score],
    candidate: Sequence[Score],
    gate: Gate,
    main: str,
    *,
    on: str = OWN,
    told: Collection[str] = (),
    sure: float | None = None,
) -> Decision:
    """Whether ``candidate`` may take the place of ``current``, both measured on the same cases.

    The score ``main`` on the set ``on`` must rise by ``gate.gain`` at least, and none of which more
    or less is better may get worse by more than ``gate.regression``; those named in ``told`` count
    for nothing. A score that only one of the two has (nothing in its answers counts) is not compared.
    ``sure`` is the least that the gain can be taken for, where it is known: above 0 it is no chance.
    """
    before = {(s.set, s.name): s for s in current if s.cases}
    after = {(s.set, s.name): s for s in candidate if s.cases}
    old, new = before.get((on, main)), after.get((on, main))
    if old is None or new is None:
        return Decision(accepted=False, gain=0.0, worst=0.0, reasons=(f"{main} on {on} was not measured",))
    gain = _rise(old, new)
    losses = {key: -_rise(before[key], after[key]) for key in before.keys() & after.keys()}
    losses = {key: loss for key, loss in losses.items() if _counts(before[key], told)}
    # written so that a figure that is not a number refuses
    lost = {key: loss for key, loss in losses.items() if not loss <= gate.regression + _SLACK}
    worst = max([0.0, *losses.values()])
    reasons = [f"{main} on {on}: {_change(old, new)}, {gain:+.3f} where {gate.gain:+.3f} is asked for"]
    chance = sure is not None and not sure > 0
    if chance:
        reasons.append(f"that gain may be chance: it is {sure:+.3f} at the lower end of its 95 % interval")
    for key, loss in sorted(lost.items(), key=lambda item: -item[1]):
        change = _change(before[key], after[key])
        reasons.append(
            f"{key[1]} on {key[0]}: {change}, {loss:.3f} lost where {gate.regression:.3f} is allowed"
        )
    if not lost:
        reasons.append(f"no other score lost more than {worst:.3f}, where {gate.regression:.3f} is allowed")
    accepted = gain >= gate.gain - _SLACK and not lost and not chance
    return Decision(accepted=accepted, gain=gain, worst=worst, reasons=tuple(reasons))


def _counts(score: Score, told: Collection[str]) -> bool:
    return score.better != 0 and score.name not in told


def _rise(old: Score, new: Score) -> float:
    return (new.value - old.value) * (old.better or 1)


def _change(old: Score, new: Score) -> str:
    return f"{old.value:.3f} → {new.value:.3f}"
