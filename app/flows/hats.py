"""Hats: new adapters are trained, carried to another base or brought in; the gate decides what is worn.

Every new adapter is measured on the same cases as the one it would take the place of, and becomes
active only where the numbers are better by as much as the task asks for. The decision is in the
journal with its numbers, and one step back is always there.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.core import tasks
from app.core.errors import BadModel, NotFound, UsageFault
from app.core.models import Correction, HatState, Score, Verdict, Works
from app.core.tasks import Task
from app.flows import evaluating
from app.flows.candidate import (
    Place,
    checkpoints,
    examples,
    judged,
    new_of,
    place_of,
    trained,
    trial_of,
    wear,
)
from app.flows.context import Home
from app.flows.evaluating import base_of, making, task_of
from app.model import catalog
from app.store.hats import Own
from app.training.contract import AdapterBytes, Row, Trainer

_DEFAULT_REPOSITORY = "HuggingFaceTB/SmolLM2-135M-Instruct"  # the packaged default was made from it
# Corrections to learn from, and to measure on: five that all rise by chance are 1 in 32; three were 1 in 8.
LEAST, LEAST_HELD = 8, 5


@dataclass(frozen=True)
class Readiness:
    """``new`` were not learned from yet; ``missing`` are needed before anything can be.

    ``unfit`` were made of an earlier form of the task's prompt, and count for nothing.
    """

    corrections: int
    new: int
    missing: int
    unfit: int


# --- verbs -----------------------------------------------------------------------------------------


def train(home: Home, *, task: str, more: tuple[str, ...] = ()) -> Iterator[Works | Verdict]:
    """Train the task's adapter anew from its examples and those of the files ``more``.

    Raises NotFound, BadModel for examples that are none, HomebodyError where one is being made.
    """
    with making(home):
        yield from _retrained(home, place_of(home, task), "trained", examples(more))


def port(home: Home, *, task: str, to: str, more: tuple[str, ...] = ()) -> Iterator[Works | Verdict]:
    """Train the task's adapter for the base ``to``, where it is worn once that base is in use."""
    with making(home):
        place = place_of(home, task, to)
        if not place.elsewhere:
            raise UsageFault(
                "that is the base in use", where=to, remedy=f"homebody tasks train {task} trains on it"
            )
        yield from _retrained(home, place, "ported", examples(more))


def bring(home: Home, *, task: str, folder: str) -> Iterator[Works | Verdict]:
    """Take the PEFT adapter in ``folder``, made elsewhere for the base in use; the gate decides.

    Raises NotFound without one, BadModel naming every reason why it cannot be used.
    """
    with making(home):
        place = place_of(home, task)
        if not (Path(folder) / "adapter_config.json").is_file():  # said before anything large is started
            where = str(Path(folder) / "adapter_config.json")
            raise NotFound("the folder holds no PEFT adapter", where=where, remedy="choose one that does")
        trial = trial_of(place.task)
        yield Works(task=task, stage="reading", done=0, total=0)
        read = home.specialists.trainer().call(Trainer.read, folder=folder, base=str(place.path))
        yield from judged(home, place, new_of(place, "imported", read), trial)


def export(
    home: Home, *, task: str, folder: str, repository: str = "", corrections: bool = False
) -> tuple[str, ...]:
    """Write the adapter that is worn for other programs; the files. The task's examples go with it.

    ``repository`` names the public base it is served on; the person's ``corrections`` go with the
    examples only where asked for, as they leave the encrypted store then. Raises UsageFault where
    nothing is worn, or ``folder`` holds something.
    """
    place = place_of(home, task)
    kept = usable(place.task, home.corrections.list(task)) if corrections else ()
    return home.specialists.trainer().call(
        Trainer.export,
        adapter=_worn(home, place),
        task=str(place.task.folder),
        base=str(place.path),
        repository=repository or _public(place),
        folder=folder,
        more=tuple(Row(fields=c.fields, completion=c.accepted) for c in reversed(kept)),
    )


def rollback(home: Home, *, task: str) -> HatState:
    """Wear what was worn before. Raises NotFound where nothing of the person's own is worn."""
    place = place_of(home, task)
    with home.user.together():
        before = home.adapters.back(task, place.sha256)
        home.journal.add(f"hat:{task}", f"{task}: back to {described(before)}")
    untold, found = wear(home, place, before), state(home, task)
    return msgspec.structs.replace(found, faults=(*found.faults, *untold))


def states(home: Home) -> tuple[HatState, ...]:
    """Every task on the base in use; one that cannot be used is told with its faults."""
    return tuple(state(home, name) for name in evaluating.names(home.paths))


def _retrained(
    home: Home, place: Place, origin: str, more: tuple[Row, ...]
) -> Generator[Works | Verdict, None, None]:
    trial = trial_of(place.task)
    done = yield from trained(home, place, place.task.folder, place.task.recipe, more=more)
    yield from judged(home, place, new_of(place, origin, done.adapter), trial)


def _worn(home: Home, place: Place) -> AdapterBytes:
    own = place.current
    if own is not None:
        peft, config = home.adapters.peft(own.id)
        gguf = home.adapters.file(own.id).gguf
        return AdapterBytes(
            peft=peft, config=config, gguf=gguf, rank=own.rank, alpha=own.alpha, targets=own.targets
        )
    weights, faults = place.task.weights_for(place.sha256), tasks.verify(place.task)
    if weights is None:
        raise UsageFault("the task runs by its prompt alone: there is no adapter", where=place.task.name)
    if faults:
        raise BadModel("; ".join(faults), where=place.task.name, remedy="put its folder back as installed")
    return AdapterBytes(
        peft=place.task.weight_file(weights.peft).read_bytes(),
        config=place.task.weight_file(weights.peft).with_name("adapter_config.json").read_bytes(),
        gguf=place.task.weight_file(weights.gguf).read_bytes(),
        rank=weights.rank,
        alpha=weights.alpha,
        targets=weights.targets,
    )


def _public(place: Place) -> str:
    """The repository that has the base's own weights, as far as the catalog tells."""
    entry = catalog.entries().get(place.key)
    repository = entry.repository.removesuffix("-GGUF") if entry else ""
    return repository or (_DEFAULT_REPOSITORY if place.key == catalog.DEFAULT else place.key)


# --- what is shown -------------------------------------------------------------------------------------


def state(home: Home, name: str) -> HatState:
    key, _, sha256 = base_of(home)
    try:
        task = task_of(home.paths, name)
    except BadModel as error:
        return HatState(name=name, title=name, base_sha256=sha256, state="refused", faults=(str(error),))
    shipped, own = tasks.state(task, sha256), home.adapters.active(name, sha256)
    given = msgspec.structs.asdict(shipped)
    if own is not None:
        given |= {"adapter": own.gguf_sha256, "adapter_bytes": own.bytes, "rank": own.rank}
        given |= {"state": "ready", "faults": ()}
    given["origin"] = own.origin if own else "shipped" if shipped.adapter else "prompt"
    weights = task.weights_for(sha256)
    wording = own.prompt_sha256 if own else weights.prompt_sha256 if weights else None
    before, after = scores_of(own) if own else ((), ())
    known = readiness(home, task, own)
    return HatState(
        **given,
        sentence=task.sentence,
        base=key if key in catalog.entries() else Path(key).stem,
        since=own.when if own else None,
        reworded=bool(wording) and wording != task.prompt_sha256,
        scores=after,
        before=before,
        can_go_back=own is not None,
        corrections=known.corrections,
        new=known.new,
        missing=known.missing,
        unfit=known.unfit,
        under_way=under_way(home, name, sha256),
    )


def scores_of(own: Own) -> tuple[tuple[Score, ...], tuple[Score, ...]]:
    """Before and after, as the gate saw them."""
    kept = msgspec.json.decode(own.scores or "[[],[]]", type=tuple[tuple[Score, ...], tuple[Score, ...]])
    return kept


def described(own: Own | None) -> str:
    return f"the {own.origin} adapter of {own.when:%Y-%m-%d %H:%M}" if own else "what came with it"


def usable(task: Task, listed: Sequence[Correction]) -> tuple[Correction, ...]:
    """Those that fit the task's prompt as it is now, with its fields."""
    fitting = ((c, task.fitted(c.fields)) for c in listed)
    return tuple(msgspec.structs.replace(c, fields=fields) for c, fields in fitting if fields is not None)


def readiness(home: Home, task: Task, own: Own | None) -> Readiness:
    kept = home.corrections.list(task.name)
    listed = usable(task, kept)
    held = sum(c.held_back for c in listed)
    learned = set(own.learned) if own else set()
    new = sum(not c.held_back and c.id not in learned for c in listed)
    missing = max(0, LEAST - (len(listed) - held)) + max(0, LEAST_HELD - held)
    gone = bool(learned - {c.id for c in kept})
    return Readiness(
        corrections=len(listed), new=max(new, int(gone)), missing=missing, unfit=len(kept) - len(listed)
    )


def under_way(home: Home, task: str, base_sha256: str) -> bool:
    return (checkpoints(home, task, base_sha256) / "checkpoint").exists()
