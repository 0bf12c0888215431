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
GALLERY, FORMER = "gallery", "former"
_ADAPTER = 512 * 1024 * 1024  # bytes of a frame: the largest adapter, in both of its forms, in one piece
_KINDS = {  # the most important first
    LLM: Kind(service="app.model.llamacpp:service", expected=450 * MB, limits=Limits(frame=_ADAPTER)),
    # background work mostly, but a question waits for it
    EMBEDDER: Kind(service="app.model.embed:service", expected=300 * MB, limits=Limits(nice=3)),
    # the embedding model before, while another one's vectors are made: for questions
    FORMER: Kind(service="app.model.embed:service", expected=300 * MB, limits=Limits(nice=3)),
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
        self._embedding = self._before = ""  # the folder of the chosen model; what the former one is known by
        self._evaluating = threading.Lock()
        self.keeper = Keeper(_KINDS, budget=budget or power.default_budget(), idle_s=idle_s, log=log)
        self._all = self.keeper.all
        self._all[LLM].configuring = lambda: self._llm_config(LLM, self._setup)
        self._all[LLM].greet = self._dress
        self._all[EMBEDDER].configuring = self._embedder_config
        self._all[FORMER].configuring = self._former_config
        self._all[GALLERY].configuring = self._gallery_config
        self._embedder_config()  # for what it expects

    def llm(self) -> Caller:
        """Its calls raise NotFound or BadModel where the base model cannot be used."""
        return self._all[LLM]

    def embedder(self, model: str = "") -> Caller:
        """Calls wait for one another: give it at most 32 texts at once.

        ``model`` is what its vectors are known by: :meth:`embeds`, "" for that, or of another one that was
        in use before. That answers from its derived copy, in a process of its own beside the other one
        where the memory budget allows both, else in turns. Raises NotFound where there is no such copy;
        calls raise BadModel where it is damaged.
        """
        if model in ("", self._embeds_now()):
            return self._all[EMBEDDER]
        if embed_derived.named(self._copies(), model) is None:
            raise NotFound("the embedding model that was in use is not here any more", where=model)
        if model != self._before:
            self._all[FORMER].stop()
            self._before = model
        return self._all[FORMER]

    def embeds(self) -> str:
        """What vectors are known by that are made now; raises NotFound where the chosen model is gone."""
        return embed_derived.name(self._embedding)

    def _embeds_now(self) -> str:
        try:
            return self.embeds()
        except (NotFound, OSError):  # moved away: its copy may still answer
            return ""

    def only(self, *models: str) -> None:
        """No other vectors are left in the store: copies of other models go, and with them the process."""
        if self._before and self._before not in models:
            self._before = ""
            self._all[FORMER].release("the embedding model that follows has taken its place")
        embed_derived.forget(self._copies()[-1], but=models)

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
        embedding: str = "",
    ) -> None:
        """``idle_s`` 0 keeps specialists for ever; ``budget`` in bytes for all of them together.

        ``runs_on`` is the setting model.backend; where it asks for what is not here, the language
        model's calls raise Unsupported. ``embedding`` is the folder of an embedding model, "" for ours.
        """
        if embedding != self._embedding:
            self._embedding = embedding
            self._all[EMBEDDER].stop()
            self._all[EMBEDDER].gone = "the embedding model was changed"
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

    def _copies(self) -> tuple[Path, ...]:
        """Where derived embedders lie; the last is the person's own place."""
        return embed_derived.shared(), self._paths.models / catalog.DERIVED

    def _former_config(self) -> dict[str, Any]:
        folder = embed_derived.named(self._copies(), self._before)
        if folder is None:
            raise NotFound("the embedding model that was in use is not here any more", where=self._before)
        return {"former": str(folder)}

    def _embedder_config(self) -> dict[str, Any]:
        roots = self._copies()
        ready = embed_derived.ready(roots, self._embedding)
        # deriving one takes PyTorch, but without it there is no search: a small budget does not forbid it
        self._all[EMBEDDER].expect(300 * MB if ready else min(900 * MB, self.keeper.budget))
        return {"roots": [str(root) for root in roots], "chosen": self._embedding}

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
