"""The memory budget, with real processes that really eat memory, measured at every step.

The long form is five hours of 600 steps each: HOMEBODY_FULL=1 pytest tests/model/test_keeper.py
"""

from __future__ import annotations

import contextlib
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from app.core.errors import HomebodyError, NoMemory, WorkerDied
from app.core.types import ProcessState
from app.model.keeper import PATIENCE_S, Keeper, Kind, Specialist
from app.model.power import Reading
from app.workers.peer import Stream
from app.workers.sandbox import Limits

sys.path.insert(0, str(Path(__file__).parent))
from keeper_eater import Eater, MiB  # a module beside the tests

EMPTY = 40  # MiB of a process of ours that holds nothing, at most
HERE = str(Path(__file__).parent)
SERVICE = "keeper_eater:service"
HOUR = 3600.0


@dataclass
class Machine:
    """A clock and a state of the machine that a test sets."""

    now: float = 1000.0
    reading: Reading = field(default_factory=lambda: Reading(total=64 * 2**30, available=32 * 2**30))

    def clock(self) -> float:
        return self.now

    def sense(self) -> Reading:
        return self.reading


Make = Callable[..., Keeper]


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch, machine: Machine) -> Iterator[Make]:
    """``make({"a": 50}, budget=300)``: specialists with so many MiB each under a budget in MiB."""
    monkeypatch.setenv("PYTHONPATH", HERE)
    made: list[Keeper] = []

    def new(
        bases: dict[str, int],
        *,
        budget: int,
        told: dict[str, int] | None = None,
        passing: tuple[str, ...] = (),
        patience_s: float = 0.0,
        idle_s: float = 300.0,
        watch: bool = False,
    ) -> Keeper:
        expected = {name: EMPTY + base for name, base in bases.items()} | (told or {})
        kinds = {
            name: Kind(
                service=SERVICE, expected=size * MiB, passing=name in passing, limits=Limits(network=True)
            )
            for name, size in expected.items()
        }
        keeper = Keeper(
            kinds,
            budget=budget * MiB,
            clock=machine.clock,
            sense=machine.sense,
            patience_s=patience_s,
            idle_s=idle_s,
            watch=watch,
        )
        for name, base in bases.items():
            keeper.all[name].configuring = lambda base=base: {"base": base}
        made.append(keeper)
        return keeper

    yield new
    for keeper in made:
        keeper.stop_all()


def resident(keeper: Keeper) -> int:
    """What psutil says, not what the keeper thinks."""
    sizes = [psutil.Process(s.pid).memory_info().rss for s in keeper.all.values() if s.pid]
    return sum(sizes)


def state(keeper: Keeper, name: str) -> ProcessState:
    return next(state for state in keeper.states() if state.name == name)


def use(keeper: Keeper, name: str) -> None:
    keeper.all[name].call(Eater.rest)


def eating(specialist: Specialist, upto: int = 10_000) -> Stream[int]:
    """A specialist at work: its stream, one step of it taken."""
    steps = specialist.open(Eater.eat, upto=upto, by=1)
    next(steps)
    return steps


def done(steps: Stream[int]) -> None:
    steps.close()
    for _ in steps:
        pass


# --- an hour of load ---------------------------------------------------------------------------


def load(keeper: Keeper, machine: Machine, steps: int, seed: int, look: Callable[[], None]) -> dict[str, int]:
    """Random calls, streams that grow, pauses, a full machine, a battery; an hour by the clock."""
    chance = random.Random(seed)
    names = list(keeper.all)
    open_: dict[str, Stream[int]] = {}
    counts = dict.fromkeys(("called", "streamed", "refused", "ended"), 0)
    for _ in range(steps):
        machine.now += chance.uniform(0.2, 1.8) * HOUR / steps
        name = chance.choice(names)
        try:
            if name in open_ and chance.random() < 0.8:
                for _ in range(chance.randrange(8)):  # at work, and growing
                    if next(open_[name], None) is None:
                        break
                    look()
                    keeper.tick()
                if chance.random() < 0.4:
                    done(open_.pop(name))
            elif chance.random() < 0.5 and name not in open_:
                open_[name] = keeper.all[name].open(Eater.eat, upto=chance.randrange(5, 70), by=3)
                next(open_[name], None)
                counts["streamed"] += 1
            elif name not in open_:
                use(keeper, name)
                counts["called"] += 1
        except NoMemory:
            counts["refused"] += 1
            open_.pop(name, None)
        except WorkerDied:
            counts["ended"] += 1
            open_.pop(name, None)
        look()
        if chance.random() < 0.1:
            machine.reading = Reading(
                total=64 * 2**30, available=chance.choice((2, 6, 32)) * 2**30, battery=chance.random() < 0.3
            )
        keeper.tick()
        look()
    for steps_ in open_.values():
        with_end(steps_)
    return counts


def with_end(steps: Stream[int]) -> None:
    with contextlib.suppress(HomebodyError):  # it had been ended already
        done(steps)


LOADED = {"llm": 90, "embedder": 70, "ocr": 40, "trainer": 110}
BUDGET = 420


STEPS = 80


def measured(keeper: Keeper, machine: Machine, steps: int, seed: int) -> tuple[list[int], dict[str, int]]:
    """Resident bytes at every step of a load, and what became of its calls."""
    seen: list[int] = []
    counts = load(keeper, machine, steps, seed, lambda: seen.append(resident(keeper)))
    print(f"seed {seed}: {counts}, at most {max(seen) / MiB:.0f} MiB in {len(seen)} looks")
    return seen, counts


def test_an_hour_of_random_load_never_exceeds_the_budget(make: Make, machine: Machine, full: bool) -> None:
    for seed in range(5 if full else 1):
        keeper = make(LOADED, budget=BUDGET, passing=("trainer",), idle_s=900)
        started = machine.now
        seen, counts = measured(keeper, machine, 600 if full else STEPS, seed)
        assert machine.now - started > 0.8 * HOUR
        assert max(seen) <= BUDGET * MiB
        assert max(seen) > BUDGET * MiB * 0.6, "the load would fit anyway: nothing was tested"
        assert counts["called"] > 10
        assert counts["streamed"] > 10
        assert all(s.why for s in keeper.states())
        keeper.stop_all()


def test_without_the_budget_the_same_load_exceeds_it(make: Make, machine: Machine) -> None:
    keeper = make(LOADED, budget=100_000, passing=("trainer",), idle_s=900)
    seen, _ = measured(keeper, machine, STEPS, 0)
    assert max(seen) > BUDGET * MiB


# --- each rule ---------------------------------------------------------------------------------


def test_the_least_recently_used_makes_room_and_that_is_said(make: Make, machine: Machine) -> None:
    keeper = make({"a": 50, "b": 50, "c": 50}, budget=200)
    use(keeper, "a")
    machine.now += 10
    use(keeper, "b")
    machine.now += 10
    assert state(keeper, "c").why == "not needed yet"
    use(keeper, "c")
    assert state(keeper, "a").why == "ended to make room for c"
    assert state(keeper, "b").why == "worked 10 s ago"
    assert state(keeper, "a").pid == 0


def test_idle_ones_are_released_and_that_is_said(make: Make, machine: Machine) -> None:
    keeper = make({"a": 5, "b": 5}, budget=500, passing=("b",))
    use(keeper, "a")
    use(keeper, "b")
    machine.now += 25
    keeper.tick()
    assert state(keeper, "b").why == "released after 25 s without work"
    machine.now += 280
    keeper.tick()
    assert state(keeper, "a").why == "released after 5 minutes without work"
    assert resident(keeper) == 0


def test_nothing_is_looked_at_while_nobody_runs(make: Make, machine: Machine) -> None:
    keeper = make({"a": 10}, budget=1000, idle_s=10, watch=True)

    def looking() -> bool:
        return any(thread.name == "specialists" for thread in threading.enumerate())

    for _ in range(2):
        use(keeper, "a")
        assert looking()
        machine.now += 11
        until = time.monotonic() + 30
        while looking() and time.monotonic() < until:
            time.sleep(0.05)
        assert not looking()
        assert not keeper.all["a"].pid


def test_a_pinned_one_leaves_last_of_all_idle_ones(make: Make, machine: Machine) -> None:
    keeper = make({"a": 50, "b": 50, "c": 50, "d": 130}, budget=200)
    keeper.pin("a")
    for name in "abc":
        use(keeper, name)
        machine.now += 1
    assert state(keeper, "a").why.startswith("pinned, worked")
    assert state(keeper, "b").why == "ended to make room for c"
    machine.now += 400  # idle for long, and kept
    keeper.tick()
    assert state(keeper, "a").pid
    assert not state(keeper, "c").pid
    use(keeper, "d")  # fits only without the pinned one
    assert state(keeper, "a").why == "ended to make room for d"


def test_a_pin_that_nobody_renews_ends(make: Make, machine: Machine) -> None:
    keeper = make({"a": 5}, budget=200)
    keeper.pin("a")
    use(keeper, "a")
    machine.now += 601
    keeper.tick()
    assert not state(keeper, "a").pid


def test_larger_than_the_whole_budget_is_an_error_that_says_what_it_needs(make: Make) -> None:
    keeper = make({"big": 400}, budget=300)
    with pytest.raises(NoMemory, match="needs more memory") as caught:
        use(keeper, "big")
    assert caught.value.where == "about 440 MB of 300 MB"
    assert "set model.memory_mb to 440" in caught.value.remedy
    assert resident(keeper) == 0


def test_one_that_outgrows_the_budget_alone_is_ended_and_not_started_again(make: Make) -> None:
    keeper = make({"a": 20}, budget=150)
    steps = eating(keeper.all["a"])
    with pytest.raises(WorkerDied, match=r"grew to 15\d MB, the limit is 150 MB"):
        for _ in steps:
            keeper.tick()
    with pytest.raises(NoMemory, match="needs more memory"):
        use(keeper, "a")


def test_growth_at_work_ends_idle_ones(make: Make) -> None:
    keeper = make({"a": 20, "b": 60}, budget=200)
    use(keeper, "b")
    steps = eating(keeper.all["a"])
    for _ in range(120):
        next(steps)
        keeper.tick()
    assert state(keeper, "a").why == "at work"
    assert state(keeper, "b").why == "ended: the others grew"
    done(steps)


def test_two_that_start_at_once_do_not_take_the_same_room(make: Make) -> None:
    """Between the start of a process and its full size lies a moment in which it looks small."""
    keeper = make({"a": 100, "b": 100}, budget=200, patience_s=PATIENCE_S)
    seen: list[int] = []
    ended = threading.Event()

    def watch() -> None:
        while not ended.is_set():
            seen.append(sum(s.measure() for s in keeper.all.values()))

    threads = [threading.Thread(target=use, args=(keeper, name)) for name in "ab" for _ in range(3)]
    watcher = threading.Thread(target=watch)
    watcher.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ended.set()
    watcher.join()
    assert max(seen) <= 200 * MiB


def test_one_at_work_is_waited_for_not_ended(make: Make) -> None:
    keeper = make({"a": 100, "b": 100}, budget=200, patience_s=PATIENCE_S)
    steps = eating(keeper.all["a"])
    waiting = threading.Thread(target=use, args=(keeper, "b"))
    waiting.start()
    next(steps)
    assert state(keeper, "a").at_work
    done(steps)
    waiting.join()
    assert state(keeper, "a").why == "ended to make room for b"
    assert state(keeper, "b").pid


def test_no_room_in_time_is_an_error_that_names_who_is_at_work(make: Make) -> None:
    keeper = make({"a": 100, "b": 100}, budget=200)
    steps = eating(keeper.all["a"])
    with pytest.raises(NoMemory, match="no memory left for b") as caught:
        use(keeper, "b")
    assert caught.value.where.endswith("at work: a")
    next(steps)
    done(steps)


def test_one_that_passes_ends_at_work_when_a_person_waits(make: Make) -> None:
    keeper = make({"llm": 100, "trainer": 100}, budget=200, passing=("trainer",))
    steps = eating(keeper.all["trainer"])
    use(keeper, "llm")
    with pytest.raises(WorkerDied) as caught:
        for _ in steps:
            pass
    assert "make room for llm" in caught.value.where
    with pytest.raises(NoMemory, match="no memory left for trainer"):  # never the other way round
        busy = eating(keeper.all["llm"])
        use(keeper, "trainer")
    done(busy)


def test_stopping_everything_ends_the_waiting(make: Make) -> None:
    keeper = make({"a": 100, "b": 100}, budget=200, patience_s=PATIENCE_S)
    steps = eating(keeper.all["a"])
    errors: list[HomebodyError] = []

    def wait() -> None:
        try:
            use(keeper, "b")
        except HomebodyError as error:
            errors.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not keeper._waiting:
        pass
    keeper.stop_all()
    waiting.join()
    assert isinstance(errors[0], WorkerDied)
    with_end(steps)


# --- the machine -------------------------------------------------------------------------------


def test_a_machine_short_of_memory_keeps_nothing_warm(make: Make, machine: Machine) -> None:
    keeper = make({"a": 50, "b": 50}, budget=400)
    use(keeper, "a")
    machine.reading = Reading(total=8 * 2**30, available=500 * MiB)
    keeper.tick()
    assert state(keeper, "a").why == "ended: the machine is short of memory"
    use(keeper, "b")  # what a person waits for runs all the same
    assert state(keeper, "b").why == "ended: the machine is short of memory"


def test_on_battery_half_as_much_is_kept_and_for_a_minute(make: Make, machine: Machine) -> None:
    keeper = make({"a": 50, "b": 50}, budget=240)
    for name in "ab":
        use(keeper, name)
        machine.now += 1
    machine.reading = Reading(total=64 * 2**30, available=32 * 2**30, battery=True)
    keeper.tick()
    assert state(keeper, "a").why == "ended: the machine runs on battery"
    assert state(keeper, "b").pid
    machine.now += 61
    keeper.tick()
    assert state(keeper, "b").why.startswith("released after 62 s")


def test_one_that_died_says_how(make: Make) -> None:
    keeper = make({"a": 5}, budget=200)
    use(keeper, "a")
    psutil.Process(keeper.all["a"].pid).kill()
    psutil.wait_procs([], timeout=0)
    while keeper.all["a"].pid:
        pass
    assert "SIGKILL" in state(keeper, "a").why
    use(keeper, "a")
    assert state(keeper, "a").why == "worked 0 s ago"
