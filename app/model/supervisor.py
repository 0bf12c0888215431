"""The specialist processes there are: the language model, the embedder, the text reader, the trainer.

Started on demand and kept within the memory budget by :mod:`app.model.keeper`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from typing import IO, Any

import msgspec

from app.core.errors import BadModel, HomebodyError, NotFound
from app.core.models import AdapterFile
from app.core.paths import Paths
from app.core.types import ProcessState
from app.model import backend, catalog, power
from app.model.contract import LanguageModel, Loading
from app.model.keeper import IDLE_S, Keeper, Kind
from app.workers.peer import Caller
from app.workers.sandbox import Limits

MB = 1_000_000
LLM, EMBEDDER, OCR, TRAINER, APART = "llm", "embedder", "ocr", "trainer", "apart"
_KINDS = {  # the most important first
    LLM: Kind(service="app.model.llamacpp:service", expected=450 * MB),
    # background work mostly, but a question waits for it
    EMBEDDER: Kind(service="app.model.embed:service", expected=650 * MB, limits=Limits(nice=3)),
    OCR: Kind(service="app.model.ocr:service", expected=400 * MB, limits=Limits(nice=10)),
    APART: Kind(
        service="app.model.llamacpp:service", expected=450 * MB, limits=Limits(nice=19), passing=True
    ),
    TRAINER: Kind(
        service="app.training.service:service", expected=2500 * MB, limits=Limits(nice=19), passing=True
    ),
}

DEFAULT_LOADING = Loading()
Own = Callable[[str], tuple[AdapterFile, ...]]


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
        self._base, self._backend = base or catalog.DEFAULT, backend.AUTO
        self._loading = DEFAULT_LOADING
        self._apart: tuple[tuple[AdapterFile, ...], str] = ((), "")  # what the second model is started with
        self.keeper = Keeper(_KINDS, budget=budget or power.default_budget(), idle_s=idle_s, log=log)
        self._all = self.keeper.all
        self._all[LLM].configuring = lambda: self._llm_config(LLM)
        self._all[LLM].greet = lambda llm: self._dress(llm, self._own(self._all[LLM].config["sha256"]))
        self._all[APART].configuring = self._apart_config
        self._expect()

    def llm(self) -> Caller:
        """Its calls raise NotFound or BadModel where the base model cannot be used."""
        return self._all[LLM]

    def embedder(self) -> Caller:
        """Calls wait for one another: give it at most 32 texts at once."""
        return self._all[EMBEDDER]

    def ocr(self) -> Caller:
        return self._all[OCR]

    def trainer(self) -> Caller:
        """Serves ``app.training.contract.Trainer``; it ends soon after its work.

        It ends in the middle of it (WorkerDied, from which a training goes on later) where the
        models a person waits for need its memory.
        """
        return self._all[TRAINER]

    def apart(self, own: tuple[AdapterFile, ...], *, base: str = "") -> Caller:
        """A second language model that wears ``own``, beside the one people talk to; for evaluation.

        ``base`` is a catalog key or a file where it is not the one in use. There is one such model:
        asked for otherwise it starts anew, and raises HomebodyError where it is still at work. It
        ends like :meth:`trainer`.
        """
        specialist, asked = self._all[APART], (own, base or self._base)
        if asked != self._apart:
            if not specialist.release("another evaluation begins"):
                raise HomebodyError("another evaluation is running", where=APART, remedy="try again after it")
            self._apart = asked
            specialist.expect(catalog.memory(asked[1]))
        return specialist

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
        wanted = (base or catalog.DEFAULT, runs_on, loading)
        if wanted != (self._base, self._backend, self._loading):
            self._base, self._backend, self._loading = wanted
            self._all[LLM].stop()
            self._all[LLM].gone = "the model in use was changed"
            self._expect()
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

    def _expect(self) -> None:
        self._all[LLM].expect(catalog.memory(self._base))

    def _apart_config(self) -> dict[str, Any]:
        own, base = self._apart
        self._all[APART].greet = lambda llm: self._dress(llm, own)
        return self._llm_config(APART, base)

    def _dress(self, llm: Caller, own: Iterable[AdapterFile]) -> None:
        for adapter in own:
            with contextlib.suppress(BadModel, NotFound):  # its state tells; or its task is gone
                llm.call(LanguageModel.adopt, task=adapter.task, adapter=adapter)

    def _llm_config(self, name: str, base: str = "") -> dict[str, Any]:
        path = catalog.resolve(self._paths, base or self._base)
        self._all[name].service = backend.service(self._backend, path)
        return {
            "base": str(path),
            "sha256": catalog.sha256_of(self._paths, path),
            "models": str(self._paths.models / catalog.DERIVED),
            "adapters": [str(root) for root in self._paths.tasks],
            **msgspec.structs.asdict(self._loading),
        }
