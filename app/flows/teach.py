"""Teach: what the person makes of the model's words becomes an adapter of their own.

Corrections are kept only where the person said so. A teaching starts from the adapter that is worn
(from an earlier one where that has seen a correction that was since deleted), learns from three of
four corrections mixed with examples of the task so that it does not forget, and is worn only where
it comes closer to the corrections that were held back and loses nothing on the task's own cases.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import time
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from app.core.errors import HomebodyError
from app.core.models import Correction, HatState, Score, Verdict, Works
from app.core.tasks import Recipe
from app.core.types import Nothing
from app.flows import candidate, hats
from app.flows.candidate import Place, Trial
from app.flows.context import Home
from app.flows.evaluating import base_of, making, task_of
from app.flows.measures.contract import Case, score
from app.model import power
from app.store.hats import New, Own
from app.training.contract import AdapterBytes, Row, Trainer

YOURS, LIKENESS = "yours", "likeness"
CASES = 40  # of the task's own: what must not be lost
REHEARSED = 0.5  # examples of the task for each correction
SHARES = (0.8, 0.6, 0.4)  # of the way to what was learned, tried in turn where the gate refuses all of it
SETTING = "teach.enabled"
_POWER_S = 5.0  # how often it looks whether there is mains power
_SEED = 11
_TOKEN = re.compile(r"\w+|[^\w\s]|\n+")


@dataclass(frozen=True)
class Lesson:
    """``start`` is the adapter it begins from, None: the shipped one; ``learn`` and ``check`` are apart."""

    start: Own | None
    learn: tuple[Correction, ...]
    check: tuple[Correction, ...]
    stale: tuple[Own, ...]  # adapters that have seen a correction which is gone
    unfit: int  # corrections of an earlier form of the task


# --- corrections ---------------------------------------------------------------------------------------


def correct(home: Home, *, trace: str, accepted: str) -> Correction | None:
    """Keep what the person made of a text the model wrote lately; None where they do not want that.

    Raises UsageFault where there is nothing to learn from it.
    """
    known = home.traces.find(trace)
    if known is None or home.setting(SETTING) != "yes":
        return None
    return home.corrections.add(
        task=known.task, fields=known.fields, said=known.said, accepted=accepted, uri=known.uri
    )


def add(home: Home, *, task: str, fields: dict[str, str], accepted: str, said: str = "") -> Correction:
    """A correction from elsewhere. Raises UsageFault where ``fields`` are not those of the prompt."""
    known = task_of(home.paths, task)
    fields = known.fitted(fields) or fields
    known.template.render(fields)
    return home.corrections.add(task=task, fields=fields, said=said, accepted=accepted)


def corrections(home: Home, *, task: str = "") -> tuple[Correction, ...]:
    """Of one task or of all, newest first. Raises NotFound for a task that is unknown and has none."""
    found = home.corrections.list(task)
    if task and not found:
        task_of(home.paths, task)
    return found


def forget(home: Home, *, id: int) -> HatState:
    """Delete a correction, and every adapter that learned from it but the one that is worn now.

    That one goes with the next teaching, or by going back.
    """
    gone = home.corrections.delete(id)
    _, _, sha256 = base_of(home)
    active = home.adapters.active(gone.task, sha256)
    seen = [own for own in home.adapters.list(gone.task) if id in own.learned]
    home.adapters.delete(own.id for own in seen if active is None or own.id != active.id)
    folder = candidate.checkpoints(home, gone.task, sha256)
    if home.training.acquire(blocking=False):
        try:
            _discard(folder)
        finally:
            home.training.release()
    else:  # a teaching of this very task sees it at its next step, and needs its folder until then
        (folder / "checkpoint").unlink(missing_ok=True)
    return hats.state(home, gone.task)


# --- teaching --------------------------------------------------------------------------------------------


def teach(home: Home, *, task: str, recipe: Recipe | None = None) -> Iterator[Works | Verdict | Nothing]:
    """Train a personal adapter from the corrections of ``task``; ends with the gate's verdict or Nothing.

    Raises NotFound for an unknown task and HomebodyError where an adapter is being made.
    """
    with making(home):
        place = candidate.place_of(home, task)
        lesson = _lesson(home, place)
        if reason := _reason(home, place, lesson):
            if lesson.stale:
                _leave(home, place, lesson)
            yield Nothing(reason=reason)
            return
        yield from _taught(home, place, lesson, recipe)


def _taught(
    home: Home, place: Place, lesson: Lesson, recipe: Recipe | None
) -> Generator[Works | Verdict, None, None]:
    begun = replace(place, current=lesson.start)
    start, recipe = _start(home, begun, recipe or lighter(place.task.recipe))
    rows = (*_learned(lesson.learn), *_rehearsed(place, len(lesson.learn)))
    before = set(lesson.start.learned if lesson.start else ())
    seen = before | {c.id for c in lesson.learn}
    power = _Power()

    def hold() -> bool:
        """Asked before every step and answer. Raises HomebodyError where ``seen`` is no more."""
        if _forgotten(home, place, seen):
            raise HomebodyError(
                "a correction that it was learning from was deleted",
                where=place.task.name,
                remedy="teach it again",
            )
        return power.hold()

    try:
        done = yield from candidate.trained(
            home, begun, _folder(home, place), recipe, more=rows, start=start, hold=hold
        )
        long = {lesson.learn[at].id for at in done.missed if at < len(lesson.learn)}
        learned = tuple(sorted(before | (seen - long)))
        own = yield from candidate.judged(
            home,
            begun,
            candidate.new_of(place, "taught", done.adapter, learned),
            _trial(place, lesson.check),
            hold=hold,
            notes=_notes(len(long), lesson.unfit),
            instead=_nearer(home, place, start, done.adapter, learned),
        )
    finally:
        if _forgotten(home, place, seen):
            _discard(candidate.checkpoints(home, place.task.name, place.sha256))
    if own.state == "refused" and lesson.stale:
        _leave(home, place, lesson)
    home.adapters.delete(stale.id for stale in lesson.stale)


def _nearer(
    home: Home, place: Place, start: bytes, taught: AdapterBytes, learned: tuple[int, ...]
) -> Iterator[tuple[New, str]]:
    """What was learned, less and less of it: for where all of it made the task worse at something."""
    for share in SHARES if start else ():
        made = home.specialists.trainer().call(
            Trainer.between, start=start, adapter=taught, share=share, base=str(place.path)
        )
        said = f"it goes {share:.0%} of the way from what was worn to what it learned"
        yield candidate.new_of(place, "taught", made, learned), said


def _notes(long: int, unfit: int) -> tuple[str, ...]:
    """What was not learned from, and why."""
    found = []
    if long:
        found.append(f"{_count(long, 'was', 'were')} too long to learn from")
    if unfit:
        found.append(f"{_count(unfit, 'is', 'are')} of an earlier form of the task, and left out")
    return tuple(found)


def _count(number: int, one: str, more: str) -> str:
    return f"{number} correction {one}" if number == 1 else f"{number} corrections {more}"


def _forgotten(home: Home, place: Place, seen: Collection[int]) -> bool:
    return not {c.id for c in home.corrections.list(place.task.name)}.issuperset(seen)


def _discard(folder: Path) -> None:
    """Under another name first, so that a training that was cancelled and still saves finds no place."""
    aside = folder.with_suffix(".gone")
    with contextlib.suppress(OSError):
        folder.rename(aside)
    for each in (aside, folder):
        shutil.rmtree(each, ignore_errors=True)


def lighter(recipe: Recipe) -> Recipe:
    """For a few dozen examples on top of what is known: fewer, smaller steps, several looks at all."""
    return msgspec.structs.replace(
        recipe, rate=recipe.rate / 2, epochs=4, batch=min(recipe.batch, 4), looks=1, held_out=0.1, patience=2
    )


def _lesson(home: Home, place: Place) -> Lesson:
    listed = home.corrections.list(place.task.name)
    ids = {c.id for c in listed}
    fitting = hats.usable(place.task, listed)
    owns = home.adapters.list(place.task.name, place.sha256)
    stale = tuple(own for own in owns if not set(own.learned) <= ids)
    start = place.current
    if start is not None and start in stale:
        worn = [o for o in owns if o.state == "kept" and o.worn and o not in stale]
        start = max(worn, key=lambda own: own.worn, default=None)
    return Lesson(
        start=start,
        learn=tuple(c for c in reversed(fitting) if not c.held_back),
        check=tuple(c for c in reversed(fitting) if c.held_back),
        stale=stale,
        unfit=len(listed) - len(fitting),
    )


def _reason(home: Home, place: Place, lesson: Lesson) -> str:
    """Why there is nothing to teach; empty where there is."""
    known = hats.readiness(home, place.task, lesson.start)
    if known.missing:
        have = f"{known.corrections} so far" if known.corrections else "none so far"
        have += f"; {known.unfit} are of an earlier form of the task" if known.unfit else ""
        return f"About {known.missing} more corrections are needed before it can learn from them ({have})."
    if not known.new:
        return "It has learned from all corrections already."
    return ""


def _leave(home: Home, place: Place, lesson: Lesson) -> None:
    """Take off what has seen a deleted correction, though nothing new takes its place."""
    if place.current in lesson.stale and place.current is not None:
        what = f"{place.task.name}: back to {hats.described(lesson.start)}, without a deleted correction"
        with home.user.together():
            home.adapters.delete([place.current.id])
            if lesson.start is not None:
                home.adapters.activate(lesson.start.id)
            home.journal.add(f"hat:{place.task.name}", what)
        candidate.wear(home, place, lesson.start)


def _start(home: Home, place: Place, recipe: Recipe) -> tuple[bytes, Recipe]:
    """The weights to go on from, and the recipe with their rank and targets."""
    if place.current is not None:
        own = place.current
        peft, _ = home.adapters.peft(own.id)
        return peft, msgspec.structs.replace(recipe, rank=own.rank, alpha=own.alpha, targets=own.targets)
    weights = place.task.weights_for(place.sha256)
    if weights is None:
        return b"", recipe
    peft = place.task.weight_file(weights.peft).read_bytes()
    return peft, msgspec.structs.replace(
        recipe, rank=weights.rank, alpha=weights.alpha, targets=weights.targets
    )


def _folder(home: Home, place: Place) -> Path:
    """The task without its examples: what is learned now comes through the pipe."""
    folder = candidate.checkpoints(home, place.task.name, place.sha256) / place.task.name
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("task.toml", "prompt.txt", "schema.json"):
        if (place.task.folder / name).exists():
            shutil.copyfile(place.task.folder / name, folder / name)
    return folder


def _learned(corrections: Sequence[Correction]) -> Iterator[Row]:
    for correction in corrections:
        yield Row(fields=correction.fields, completion=correction.accepted)


def _rehearsed(place: Place, corrections: int) -> Sequence[Row]:
    """Some of the task's own examples, always the same, so that it does not forget them."""
    path = place.task.folder / "train.jsonl"
    known = candidate.examples([str(path)]) if path.is_file() else ()
    return random.Random(_SEED).sample(known, min(len(known), round(REHEARSED * corrections)))


class _Power:
    """Whether the work should wait: the computer runs on its battery."""

    def __init__(self) -> None:
        self._looked, self._waits = 0.0, False

    def hold(self) -> bool:
        if time.monotonic() - self._looked > _POWER_S:
            self._looked, self._waits = time.monotonic(), power.read().battery
        return self._waits


# --- how close it comes ------------------------------------------------------------------------------------


def _trial(place: Place, check: Sequence[Correction]) -> Trial:
    """The held-back corrections, and the task's own cases, whose wording the person's may differ from."""
    own = candidate.trial_of(place.task, CASES)
    yours = tuple(Case(set=YOURS, fields=c.fields, expected=c.accepted) for c in check)
    data, n = bool(place.task.schema), len(yours)

    def alike(answers: Sequence[str]) -> list[float]:
        return [likeness(c.expected, a, data=data) for c, a in zip(yours, answers[:n], strict=True)]

    def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
        return (score(YOURS, LIKENESS, alike(answers)), *own.scores(cases[n:], answers[n:]))

    def sure(before: Sequence[str], after: Sequence[str]) -> float:
        return least_gain(alike(before), alike(after))

    return Trial((*yours, *own.cases), scores, main=LIKENESS, on=YOURS, wording=False, sure=sure)


def least_gain(before: Sequence[float], after: Sequence[float]) -> float:
    """The lower end of the 95 % interval of the mean rise, case by case: a paired bootstrap.

    A few held-back texts differ more among themselves than a teaching changes them, so that the two
    means alone would call noise a gain.
    """
    return score(YOURS, LIKENESS, [b - a for a, b in zip(before, after, strict=True)]).low


def likeness(wanted: str, found: str, *, data: bool = False) -> float:
    """1 - the edit distance over words, marks and line breaks, as a share of the longer of the two
    (Levenshtein 1966); of ``data`` the share of the JSON object's members that are the same."""
    if data:
        return _members(wanted, found)
    a, b = _TOKEN.findall(wanted.strip()), _TOKEN.findall(found.strip())
    return 1 - _distance(a, b) / max(len(a), len(b), 1)


def _distance(a: Sequence[str], b: Sequence[str]) -> int:
    row = list(range(len(b) + 1))
    for n, left in enumerate(a, 1):
        diagonal, row[0] = row[0], n
        for at, right in enumerate(b, 1):
            diagonal, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, diagonal + (left != right))
    return row[-1]


def _members(wanted: str, found: str) -> float:
    try:
        a, b = json.loads(wanted), json.loads(found)
    except ValueError:
        return 0.0
    if not isinstance(a, dict) or not isinstance(b, dict):
        return float(a == b)
    keys = {*a, *b}
    return sum(a.get(key) == b.get(key) for key in keys) / len(keys) if keys else 1.0
