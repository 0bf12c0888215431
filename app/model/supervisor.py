"""The specialist processes there are: the language model, the embedder, the text reader, the trainer.

Started on demand and kept within the memory budget by :mod:`app.model.keeper`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import msgspec

from app.core.errors import BadModel, HomebodyError, NotFound
from app.core.models import AdapterFile
from app.core.paths import Paths
from app.core.types import ProcessState
from app.model import backend, catalog, embed_derived, power
from app.model.contract import LanguageModel, Loading
from app.model.keeper import IDLE_S, Keeper, Kind
from app.workers.peer import Caller
from app.workers.sandbox import Limits

MB = 1_000_000
LLM, EMBEDDER, OCR, TRAINER, APART = "llm", "embedder", "ocr", "trainer", "apart"
GALLERY = "gallery"
_ADAPTER = 512 * 1024 * 1024  # bytes of a frame: the largest adapter, in both of its forms, in one piece
_KINDS = {  # the most important first
    LLM: Kind(service="app.model.llamacpp:service", expected=450 * MB, limits=Limits(frame=_ADAPTER)),
    # background work mostly, but a question waits for it
    EMBEDDER: Kind(service="app.model.embed:service", expected=300 * MB, limits=Limits(nice=3)),
    OCR: Kind(service="app.model.ocr:service", expected=400 * MB, limits=Limits(nice=10)),
    GALLERY: Kind(service="app.model.gallery:service", expected=1100 * MB, limits=Limits(nice=3)),
    APART: Kind(
        service="app.model.llamacpp:service",
        expected=450 * MB,
        limits=Limits(nice=19, frame=_ADAPTER),
        passing=True,
    ),
    TRAINER: Kind(
        service="app.training.service:service",
        expected=2500 * MB,
        limits=Limits(nice=19, frame=_ADAPTER),
        passing=True,
    ),
}

DEFAULT_LOADING = Loading()
Own = Callable[[str], tuple[AdapterFile, ...]]


@dataclass(frozen=True)
class Setup:
    """A base (a catalog key or a file), what runs it, and how it is loaded."""

    base: str
    runs_on: str = backend.AUTO
    loading: Loading = DEFAULT_LOADING


class Specialists:
    """Each specialist a process of its own, all of them under one memory budget."""

    def __init__(
        self,
        paths: Paths,
        *,
        base: str = "",
        own: Own = lambda base_sha256: (),
        idle_s: float = IDLE_S,
        budget: int = 0,
        log: IO[bytes] | None = None,
    ) -> None:
        """``own`` gives a person's own adapters for the base of that SHA-256; they go to it one by one at
        every start, and one that cannot be worn is in its task's state.

        ``budget`` is in bytes; 0 takes half of the machine's memory.
        """
        self._paths, self._own = paths, own
        self._setup = Setup(base or catalog.DEFAULT)
        self._evaluating = threading.Lock()
        self.keeper = Keeper(_KINDS, budget=budget or power.default_budget(), idle_s=idle_s, log=log)
        self._all = self.keeper.all
        self._all[LLM].configuring = lambda: self._llm_config(LLM, self._setup)
        self._all[LLM].greet = self._dress
        self._all[EMBEDDER].configuring = self._embedder_config
        self._all[GALLERY].configuring = self._gallery_config
        self._embedder_config()  # for what it expects

    def llm(self) -> Caller:
        """Its calls raise NotFound or BadModel where the base model cannot be used."""
        return self._all[LLM]

    def embedder(self) -> Caller:
        """Calls wait for one another: give it at most 32 texts at once."""
        return self._all[EMBEDDER]

    def ocr(self) -> Caller:
        return self._all[OCR]

    def gallery(self) -> Caller:
        """Its calls raise NotFound where no model for pictures is here, BadModel where it is damaged."""
        return self._all[GALLERY]

    def trainer(self) -> Caller:
        """Serves ``app.training.contract.Trainer``; it ends soon after its work.

        It ends in the middle of it (WorkerDied, from which a training goes on later) where the
        models a person waits for need its memory.
        """
        return self._all[TRAINER]

    @contextlib.contextmanager
    def apart(self, base: Path, wears: AdapterFile | None = None) -> Iterator[Caller]:
        """A second language model on the file ``base``, beside the one people talk to: for one evaluation.

        It wears ``wears`` (None: what came with each task), and its calls raise BadModel where that
        cannot be worn. Whatever is set meanwhile and however often it starts, it stays as it was at
        the beginning; it ends like :meth:`trainer`, and with the evaluation. Raises HomebodyError
        where another one is running.
        """
        if not self._evaluating.acquire(blocking=False):
            raise HomebodyError(
                "another evaluation is running", where=APART, remedy="wait for it, or cancel it first"
            )
        specialist, setup = self._all[APART], replace(self._setup, base=str(base))

        def greet(llm: Caller) -> None:
            if wears is not None:
                llm.call(LanguageModel.adopt, task=wears.task, adapter=wears)

        specialist.configuring, specialist.greet = lambda: self._llm_config(APART, setup), greet
        try:
            yield specialist
        finally:
            if not specialist.release("the evaluation is over"):
                specialist.end("the evaluation is over")
            self._evaluating.release()

    def configure(
        self,
        *,
        base: str,
        idle_s: float,
        budget: int,
        runs_on: str = backend.AUTO,
        loading: Loading = DEFAULT_LOADING,
    ) -> None:
        """``idle_s`` 0 keeps specialists for ever; ``budget`` in bytes for all of them together.

        ``runs_on`` is the setting model.backend; where it asks for what is not here, the language
        model's calls raise Unsupported.
        """
        wanted = Setup(base or catalog.DEFAULT, runs_on, loading)
        if wanted != self._setup:
            self._setup = wanted
            self._all[LLM].stop()
            self._all[LLM].gone = "the model in use was changed"
        self.keeper.configure(idle_s=idle_s, budget=budget)

    def processes(self) -> tuple[ProcessState, ...]:
        """All specialists, also those that are not running, with what they hold and why."""
        return self.keeper.states()

    def pin(self, name: str, *, pinned: bool = True) -> None:
        """Keep it in memory as long as there is room, for ten minutes unless renewed."""
        if name not in self._all:
            raise NotFound("no such specialist", where=name, remedy=f"one of {', '.join(self._all)}")
        self.keeper.pin(name, pinned)

    def kill(self, name: str) -> None:
        self._all[name].end("it was stopped")

    def stop_all(self) -> None:
        self.keeper.stop_all()

    def _dress(self, llm: Caller) -> None:
        for adapter in self._own(self._all[LLM].config["sha256"]):
            with contextlib.suppress(BadModel, NotFound):  # its state tells; or its task is gone
                llm.call(LanguageModel.adopt, task=adapter.task, adapter=adapter)

    def _embedder_config(self) -> dict[str, Any]:
        roots = (embed_derived.shared(), self._paths.models / catalog.DERIVED)
        ready = embed_derived.ready(roots)
        # deriving one takes PyTorch, but without it there is no search: a small budget does not forbid it
        self._all[EMBEDDER].expect(300 * MB if ready else min(900 * MB, self.keeper.budget))
        return {"roots": [str(root) for root in roots]}

    def _gallery_config(self) -> dict[str, Any]:
        found = catalog.gallery(self._paths)
        if found is None:
            raise NotFound("no model for pictures is here", remedy="homebody models")
        self._all[GALLERY].expect(found.ram)
        return {"folder": str(found.folder(self._paths))}

    def _llm_config(self, name: str, setup: Setup) -> dict[str, Any]:
        specialist, path = self._all[name], catalog.resolve(self._paths, setup.base)
        specialist.service = backend.service(setup.runs_on, path)
        need = backend.need(specialist.service, path, setup.loading)
        specialist.expect(need.own + need.mapped, mapped=need.mapped)
        return {
            "base": str(path),
            "sha256": catalog.sha256_of(self._paths, path),
            "models": str(self._paths.models / catalog.DERIVED),
            "adapters": [str(root) for root in self._paths.tasks],
            "lean": specialist.lean,
            **msgspec.structs.asdict(setup.loading),
        }
