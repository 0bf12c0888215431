"""The gate: no loss beyond the limit, no gain too small, and no figure that is none gets through."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from app.core.models import Score
from app.core.tasks import Gate
from app.flows.gate import decide
from app.flows.measures.contract import OWN

NAMES = ("right", "invented", "words", "likeness")
BETTER = {"right": 1, "invented": -1, "words": 0, "likeness": 1}
MAIN = "right"
value = st.floats(0, 1)
table = st.fixed_dictionaries(dict.fromkeys(NAMES, value))
gates = st.builds(lambda gain, loss: Gate(gain=gain, regression=loss), value, value)


def scores(values: dict[str, float], on: str = OWN, cases: int = 40) -> tuple[Score, ...]:
    return tuple(
        Score(set=on, name=name, value=v, low=0, high=1, cases=cases, better=BETTER[name])
        for name, v in values.items()
    )


@given(table, table, gates)
def test_what_is_accepted_gains_enough_and_loses_nowhere_too_much(
    before: dict[str, float], after: dict[str, float], gate: Gate
) -> None:
    found = decide(scores(before), scores(after), gate, MAIN)
    losses = [(before[n] - after[n]) * BETTER[n] for n in NAMES]
    enough = after[MAIN] - before[MAIN] >= gate.gain - 1e-6
    if found.accepted:
        assert enough
        assert max(losses) <= gate.regression + 1e-6
    else:
        assert after[MAIN] - before[MAIN] < gate.gain + 1e-6 or max(losses) > gate.regression - 1e-6
    assert math.isclose(found.worst, max(0.0, *losses), abs_tol=1e-9)
    assert found.reasons


@given(table, table, gates, value)
def test_a_larger_gain_is_never_refused_where_a_smaller_is_accepted(
    before: dict[str, float], after: dict[str, float], gate: Gate, more: float
) -> None:
    if decide(scores(before), scores(after), gate, MAIN).accepted:
        better = after | {MAIN: max(after[MAIN], more)}
        assert decide(scores(before), scores(better), gate, MAIN).accepted


@given(table, table, gates, value)
def test_a_stricter_gate_never_accepts_more(
    before: dict[str, float], after: dict[str, float], gate: Gate, less: float
) -> None:
    strict = Gate(gain=max(gate.gain, less), regression=min(gate.regression, less))
    if decide(scores(before), scores(after), strict, MAIN).accepted:
        assert decide(scores(before), scores(after), gate, MAIN).accepted


@given(table, gates)
def test_the_same_again_is_accepted_only_where_no_gain_is_asked_for(
    before: dict[str, float], gate: Gate
) -> None:
    assert decide(scores(before), scores(before), gate, MAIN).accepted == (gate.gain <= 1e-9)


GOOD = {"right": 0.5, "invented": 0.2, "words": 0.1, "likeness": 0.6}
GATE = Gate(gain=0.05, regression=0.05)


def test_the_numbers_stand_in_the_reasons() -> None:
    found = decide(scores(GOOD), scores(GOOD | {"right": 0.6, "invented": 0.35}), GATE, MAIN)
    assert not found.accepted
    assert found.reasons[0] == "right on cases: 0.500 → 0.600, +0.100 where +0.050 is asked for"
    assert found.reasons[1] == "invented on cases: 0.200 → 0.350, 0.150 lost where 0.050 is allowed"


def test_a_figure_that_is_not_a_number_refuses() -> None:
    for name in ("right", "invented"):
        assert not decide(scores(GOOD), scores(GOOD | {"right": 0.9, name: math.nan}), GATE, MAIN).accepted
    assert decide(scores(GOOD), scores(GOOD | {"right": 0.9}), GATE, MAIN).accepted  # control


def test_what_was_not_measured_refuses_and_what_is_only_told_does_not() -> None:
    better = scores(GOOD | {"right": 0.9, "likeness": 0.0, "words": 0.9})
    assert not decide(scores(GOOD), (), GATE, MAIN).accepted
    assert not decide(scores(GOOD), scores(GOOD | {"right": 0.9}, cases=0), GATE, MAIN).accepted
    assert not decide(scores(GOOD), better, GATE, MAIN).accepted
    assert decide(scores(GOOD), better, GATE, MAIN, told={"likeness"}).accepted


def test_a_gain_that_may_be_chance_is_none() -> None:
    after = scores(GOOD | {"right": 0.9})
    for sure, accepted in ((0.01, True), (0.0, False), (-0.1, False), (math.nan, False)):
        found = decide(scores(GOOD), after, GATE, MAIN, sure=sure)
        assert found.accepted is accepted
        assert any("may be chance" in reason for reason in found.reasons) is not accepted
    assert decide(scores(GOOD), after, GATE, MAIN).accepted  # nobody asked


def test_the_main_score_may_be_on_another_set() -> None:
    yours = [scores({"likeness": v}, on="yours") for v in (0.2, 0.7)]
    rest = scores(GOOD)
    assert decide((*yours[0], *rest), (*yours[1], *rest), GATE, "likeness", on="yours").accepted
    worse = scores(GOOD | {"right": 0.4})
    assert not decide((*yours[0], *rest), (*yours[1], *worse), GATE, "likeness", on="yours").accepted
