"""The hats: task folders made ready on a base, their adapters resident, and what a call wears."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from app.core import tasks
from app.core.errors import BadModel, HomebodyError, NotFound, UsageFault
from app.core.models import AdapterFile, TaskState
from app.core.tasks import Task
from app.model import adapters
from app.model.contract import Blend
from app.model.gguf import Header
from app.model.runtime import Runtime
from app.model.sampling import Sampler, gbnf


@dataclass(frozen=True)
class Resident:
    """An adapter that the base has loaded."""

    sha256: str
    scale: float
    handle: Any = field(compare=False)


@dataclass
class Hat:
    """A task made ready: its adapter, its grammar, or the reasons why it is refused."""

    state: TaskState
    task: Task | None = None
    adapter: Resident | None = None
    grammar: str = ""


Outfit = tuple[Resident, ...]  # what one call wears; equal ones compute the same


class Wardrobe:
    """Every task under ``roots`` on one base."""

    def __init__(self, base: Runtime, header: Header, sha256: str, roots: Iterable[Path]) -> None:
        self._base, self._header, self._sha256 = base, header, sha256
        self._folders = {name: root / name for root in roots for name in tasks.names(root)}
        self._hats = {name: self._make(folder, None) for name, folder in self._folders.items()}

    def states(self) -> tuple[TaskState, ...]:
        return tuple(hat.state for _, hat in sorted(self._hats.items()))

    def ready(self, name: str) -> tuple[Hat, Task]:
        """Raises NotFound for an unknown task, BadModel for a refused one."""
        hat = self._hats.get(name)
        if hat is None:
            raise NotFound("no such task", where=name, remedy="homebody tasks list shows those there are")
        if hat.state.state == "refused" or hat.task is None:
            raise BadModel(
                "the task is refused: " + "; ".join(hat.state.faults),
                where=name,
                remedy="put its folder back as it was installed",
            )
        return hat, hat.task

    def outfit(self, hat: Hat | None, *, adapter: bool, blend: tuple[Blend, ...] = ()) -> Outfit:
        """The hat's own adapter, or those of ``blend`` at their scales; none where it is 0.

        Raises UsageFault where ``blend`` names a task twice, or one that has no adapter.
        """
        if not blend:
            worn = hat.adapter if hat and adapter else None
            return (worn,) if worn else ()
        if not adapter or len({part.task for part in blend}) < len(blend):
            raise UsageFault("a blend names each adapter once, and is worn", where="blend")
        return tuple(
            self._scaled(part) for part in sorted(blend, key=lambda part: part.task) if part.scale
        )  # in one order, so that equal blends are summed up alike

    def _scaled(self, part: Blend) -> Resident:
        hat, _ = self.ready(part.task)
        if hat.adapter is None:
            raise UsageFault("the task has no adapter to blend", where=part.task)
        scale = part.scale * hat.adapter.scale
        return Resident(hat.adapter.sha256, scale, hat.adapter.handle)

    def adopt(self, name: str, own: AdapterFile | None) -> TaskState:
        """Wear ``own`` for the task from now on; None: the shipped adapter again.

        Raises BadModel naming every fault, and then what was worn stays worn, and its state says so.
        """
        old = self._hats.get(name)
        if old is None:
            raise NotFound("no such task", where=name, remedy="homebody tasks list shows those there are")
        new = self._make(self._folders[name], own)
        if new.state.state == "refused":
            if own is not None:
                said = (f"your own adapter is not worn: {fault}" for fault in new.state.faults)
                faults = tuple(dict.fromkeys((*old.state.faults, *said)))
                old.state = msgspec.structs.replace(old.state, faults=faults)
            raise BadModel(
                "the adapter cannot be worn: " + "; ".join(new.state.faults),
                where=name,
                remedy="train it again" if own else "put the task's folder back as it was installed",
            )
        self._hats[name] = new
        if old.adapter is not None:
            self._base.free_adapter(old.adapter.handle)
        return new.state

    def _make(self, folder: Path, own: AdapterFile | None) -> Hat:
        """Never raises: a task that cannot be used comes back refused, with its faults."""
        state = TaskState(name=folder.name, title=folder.name, base_sha256=self._sha256, state="refused")
        try:
            task = tasks.read(folder)
            state = msgspec.structs.replace(state, title=task.title)
            grammar = gbnf(task.schema) if task.schema else ""
            if grammar:
                Sampler(self._base, task.decoding, grammar=grammar, seed=0).close()
            adapter = own or self._shipped(task)
        except HomebodyError as error:
            return Hat(msgspec.structs.replace(state, faults=(str(error),)))
        except OSError as error:
            said = f"{Path(error.filename or folder).name}: {error.strerror or error}"
            return Hat(msgspec.structs.replace(state, faults=(said,)))
        if adapter is None:
            return Hat(msgspec.structs.replace(state, state="prompt-only"), task, grammar=grammar)
        state = _with(state, adapter, "yours" if own else "shipped")
        return self._load(Hat(state, task, grammar=grammar), adapter)

    def _shipped(self, task: Task) -> AdapterFile | None:
        weights = task.weights_for(self._sha256)
        return adapters.shipped(task, weights) if weights else None

    def _load(self, hat: Hat, adapter: AdapterFile) -> Hat:
        found = adapters.faults(adapter, self._header, self._sha256)
        if adapter.task != hat.state.name:
            found = (f"it was trained for the task {adapter.task}", *found)
        if not found:
            try:
                handle = self._base.load_adapter(adapters.plain(adapter))
            except BadModel as error:
                found = (str(error),)
            else:
                hat.adapter = Resident(adapter.gguf_sha256, adapter.scale, handle)
        hat.state = msgspec.structs.replace(hat.state, state="refused" if found else "ready", faults=found)
        return hat


def _with(state: TaskState, adapter: AdapterFile, origin: str) -> TaskState:
    return msgspec.structs.replace(
        state,
        adapter=adapter.gguf_sha256,
        adapter_bytes=len(adapter.gguf),
        rank=adapter.rank,
        origin=origin,
    )
