"""A new adapter: trained, measured beside the one it would take the place of, judged, and worn or not.

Whatever makes one (training, carrying to another base, bringing in, teaching) comes through here, so
that nothing is ever worn that the gate has not let through, and the journal has the numbers.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import msgspec

from app.core.errors import BadModel, HomebodyError, WorkerDied, translate
from app.core.models import AdapterFile, Score, Verdict, Works
from app.core.tasks import Recipe, Task
from app.flows.context import Home
from app.flows.evaluating import answers, base_of, measure_of, sample, task_of
from app.flows.gate import Decision, decide
from app.flows.measures.contract import OWN, Case
from app.model import catalog
from app.model.contract import LanguageModel
from app.model.supervisor import LLM
from app.store.hats import New, Own
from app.training.contract import AdapterBytes, Row, Trained, Trainer, Trains

_WORDING = "rouge"  # in the name of every score that is likeness to a reference's wording
_EXAMPLE = 'a line is {"fields": {…}, "completion": "…"}'
GATE_CASES = 120  # of the task's own, at most, that a new adapter is measured on

Answers = Generator[Works, None, list[str]]
Scorer = Callable[[Sequence[Case], Sequence[str]], tuple[Score, ...]]


@dataclass(frozen=True)
class Place:
    """A task on one base: what is trained, and what a new adapter is compared with."""

    task: Task
    key: str  # the base's catalog key, or the name of its file
    path: Path
    sha256: str
    current: Own | None
    elsewhere: bool = False  # on another base than the one in use

    @property
    def bare(self) -> bool:
        """Nothing is worn there yet: the task runs by its prompt alone."""
        return self.current is None and self.task.weights_for(self.sha256) is None


@dataclass(frozen=True)
class Trial:
    """What a new adapter is measured on: the score ``main`` on the set ``on`` must rise.

    Without ``wording`` likeness to the words of the task's own cases counts for nothing. ``sure`` gives,
    from the answers before and after, the least that the rise can be taken for.
    """

    cases: tuple[Case, ...]
    scores: Scorer
    main: str
    on: str = OWN
    wording: bool = True
    sure: Callable[[Sequence[str], Sequence[str]], float] | None = None


def place_of(home: Home, name: str, to: str = "") -> Place:
    """Raises NotFound for an unknown task or base, BadModel for one that cannot be used."""
    task = task_of(home.paths, name)
    key, path, sha256 = base_of(home, to)
    return Place(
        task=task,
        key=key if key in catalog.entries() else path.stem,
        path=path,
        sha256=sha256,
        current=home.adapters.active(name, sha256),
        elsewhere=sha256 != base_of(home)[2],
    )


def trial_of(task: Task, most: int = GATE_CASES) -> Trial:
    """The task's own cases, ``most`` of them, and its main score. Raises NotFound without a measure."""
    measure = measure_of(task.name)
    return Trial(
        cases=sample(tuple(measure.cases(task, None)), most), scores=measure.scores, main=measure.MAIN
    )


def new_of(place: Place, origin: str, adapter: AdapterBytes, learned: tuple[int, ...] = ()) -> New:
    return New(
        task=place.task.name,
        base=place.key,
        base_sha256=place.sha256,
        origin=origin,
        peft=adapter.peft,
        config=adapter.config,
        gguf=adapter.gguf,
        rank=adapter.rank,
        alpha=adapter.alpha,
        targets=adapter.targets,
        learned=learned,
        prompt_sha256="" if origin == "imported" else place.task.prompt_sha256,
    )


def trained(
    home: Home,
    place: Place,
    folder: Path,
    recipe: Recipe,
    *,
    more: tuple[Row, ...] = (),
    start: bytes = b"",
    hold: Callable[[], bool] = lambda: False,
) -> Generator[Works, None, Trained]:
    """Train from the task folder ``folder``; the training pauses while ``hold`` says so.

    What is cut short goes on where it stood when the same is asked for again.
    """
    trainer, name = home.specialists.trainer(), place.task.name
    steps = trainer.stream(
        Trainer.train,
        task=str(folder),
        base=str(place.path),
        out=str(checkpoints(home, name, place.sha256)),
        recipe=recipe,
        more=more,
        start=start,
        seal=home.corrections.seal(),
    )
    yield Works(task=name, stage="training", done=0, total=0)
    held = False
    try:
        with closing(steps):
            for step in steps:
                if isinstance(step, Trained):
                    return step
                if hold() != held:
                    held = not held
                    trainer.call(Trainer.pause, on=held)
                yield _progress(name, step)
    finally:
        if held:
            with contextlib.suppress(WorkerDied):
                trainer.call(Trainer.pause, on=False)
    raise WorkerDied("the training ended without finishing", where=name, remedy="start it again")


def _progress(name: str, step: Trains) -> Works:
    return Works(
        task=name,
        stage="training",
        done=step.done,
        total=step.total,
        left_s=-1.0 if step.paused else step.eta_s,
        detail=f"loss {step.loss:.2f}, {step.tokens_per_s:.0f} tokens/s",
        paused=step.paused,
    )


def judged(
    home: Home,
    place: Place,
    new: New,
    trial: Trial,
    *,
    hold: Callable[[], bool] = lambda: False,
    notes: tuple[str, ...] = (),
    instead: Iterable[tuple[New, str]] = (),
) -> Generator[Works | Verdict, None, Own]:
    """Measure the current adapter and ``new`` on the same cases, let the gate decide, and wear or refuse.

    ``notes`` on how ``new`` was made are told with the gate's reasons. Where it is refused, each of
    ``instead``, made only when it is asked for, is judged in its place, with what is said of it; the
    first that is let through is worn, and of several that are not the last is kept as refused.
    """
    current = home.adapters.file(place.current.id) if place.current else None
    old = yield from _answers(home, place, trial, current, stage="now", hold=hold)
    before = trial.scores(trial.cases, old)
    refused = ""
    for tried, said in chain(((new, ""),), instead):
        fresh = yield from _answers(home, place, trial, _file(tried), stage="new", hold=hold)
        after = trial.scores(trial.cases, fresh)
        found = _decided(place, trial, (old, fresh), (before, after))
        told = (*found.reasons, *filter(None, (said, refused)), *notes)
        if found.accepted:
            break
        refused = refused or f"as it was trained it was refused: {', '.join(found.reasons)}"
    found = msgspec.structs.replace(found, reasons=told)
    kept = msgspec.structs.replace(tried, scores=_written(before, after))
    with home.user.together():
        id = home.adapters.add(kept, refused=not found.accepted)
        own = home.adapters.activate(id) if found.accepted else None
        _note(home, place, tried, found)
    untold = wear(home, place, own) if own else ()
    shutil.rmtree(checkpoints(home, tried.task, place.sha256), ignore_errors=True)  # only now: it is judged
    yield Verdict(
        task=tried.task,
        accepted=found.accepted,
        reasons=(*found.reasons, *untold),
        before=before,
        after=after,
        adapter=id,
    )
    return home.adapters.get(id)


def _decided(
    place: Place,
    trial: Trial,
    answers: tuple[Sequence[str], Sequence[str]],
    scores: tuple[Sequence[Score], Sequence[Score]],
) -> Decision:
    """Of both, before and after."""
    before, after = scores
    sure = trial.sure(*answers) if trial.sure else None
    told = () if trial.wording else [s.name for s in before if _WORDING in s.name.lower()]
    return decide(before, after, place.task.gate, trial.main, on=trial.on, told=told, sure=sure)


def _answers(
    home: Home,
    place: Place,
    trial: Trial,
    wears: AdapterFile | None,
    *,
    stage: str,
    hold: Callable[[], bool],
) -> Answers:
    """The answers with the adapter ``wears``; None: with what came with the task, if anything did."""
    adapter = wears is not None or not place.bare
    with home.specialists.apart(place.path, wears) as llm:
        said = yield from answers(llm, place.task.name, trial.cases, adapter=adapter, stage=stage, hold=hold)
    return said


def _note(home: Home, place: Place, new: New, found: Decision) -> None:
    """Numbers only: the journal never holds words of a message."""
    what = f"{new.task}: {'an' if new.origin[0] in 'aeiou' else 'a'} {new.origin} adapter"
    on = f" on {place.key}" if place.elsewhere else ""
    verb, state = ("is worn", "done") if found.accepted else ("was refused", "refused")
    home.journal.add(f"hat:{new.task}", f"{what} {verb}{on}; {'; '.join(found.reasons)}", state)


def wear(home: Home, place: Place, own: Own | None) -> tuple[str, ...]:
    """Tell the language model, where it runs on that base; one that starts later asks by itself.

    What is worn is decided by now: a model that cannot be told is said, here and in the journal.
    """
    task, llm = place.task.name, home.specialists.llm()
    try:
        runs = any(process.name == LLM and process.pid for process in home.specialists.processes())
        if runs and base_of(home)[2] == place.sha256:
            llm.call(LanguageModel.adopt, task=task, adapter=home.adapters.file(own.id) if own else None)
    except HomebodyError as error:
        said = f"the language model did not put it on: {error}"
        home.journal.add(f"hat:{task}", f"{task}: {said}", "failed")
        return (said,)
    return ()


def checkpoints(home: Home, task: str, base_sha256: str) -> Path:
    """Where a training of the task on a base leaves how far it is, sealed."""
    return home.paths.data / "training" / f"{task}-{base_sha256[:12]}"


def examples(files: Sequence[str]) -> tuple[Row, ...]:
    """The lines of files of examples. Raises BadModel for one without any, or with a line that is none."""
    return tuple(row for name in files for row in _rows(Path(name)))


def _rows(path: Path) -> Iterator[Row]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise translate(error, str(path)) from error
    if not lines:
        raise BadModel("there are no examples in it", where=path.name, remedy=_EXAMPLE)
    for number, line in enumerate(lines, 1):
        try:
            yield msgspec.json.decode(line, type=Row)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            where = f"{path.name}:{number}: {error}"
            raise BadModel("a line is no example", where=where, remedy=_EXAMPLE) from error


def _file(new: New) -> AdapterFile:
    return AdapterFile(
        task=new.task,
        base_sha256=new.base_sha256,
        gguf=new.gguf,
        gguf_sha256=hashlib.sha256(new.gguf).hexdigest(),
        rank=new.rank,
        alpha=new.alpha,
        targets=new.targets,
        scale=new.scale,
    )


def _written(before: tuple[Score, ...], after: tuple[Score, ...]) -> str:
    return msgspec.json.encode((before, after)).decode()
