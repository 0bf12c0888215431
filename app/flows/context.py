"""What every flow works on: the open store, the specialists and the settings of one person."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path

import numpy as np

from app.core import settings
from app.core.errors import BadModel, NotFound
from app.core.paths import Paths
from app.flows.manners import Person
from app.flows.traces import Trace, Traces
from app.model.contract import Embedder
from app.model.supervisor import Specialists
from app.store.agenda import Agenda
from app.store.conversations import Conversations
from app.store.hats import Corrections, OwnAdapters
from app.store.index import Index
from app.store.journal import Journal
from app.store.people import People
from app.store.rarity import Rarity
from app.store.search import Searcher
from app.store.user import User
from app.store.vault import Secrets
from app.store.vectors import VectorIndex
from app.workers.worker import Caller, Worker


@dataclass(frozen=True)
class Home:
    """One person's Homebody, unlocked. ``courier`` starts a process that may use the network."""

    paths: Paths
    index: Index
    vectors: VectorIndex
    searcher: Searcher
    user: User
    journal: Journal
    conversations: Conversations
    people: People
    rarity: Rarity
    agenda: Agenda
    adapters: OwnAdapters
    corrections: Corrections
    secrets: Secrets
    specialists: Specialists
    reader: Worker  # the first of them; the others only where many files are to be read
    courier: Callable[[], Caller]
    zone: tzinfo
    clock: Callable[[], datetime]
    indexing: threading.Lock = field(default_factory=threading.Lock)
    training: threading.Lock = field(
        default_factory=threading.Lock
    )  # an adapter is made or measured, one at a time
    traces: Traces = field(default_factory=Traces)
    spare: tuple[Worker, ...] = ()  # readers beside the first
    person: Person = field(default_factory=Person)
    worn: list[Trace] | None = None  # of one request that is followed: what the model was asked and said
    ending: ExitStack = field(default_factory=ExitStack)  # closes all of it, in the right order

    def now(self) -> datetime:
        """The present, in the person's zone."""
        return self.clock().astimezone(self.zone)

    def setting(self, key: str) -> str:
        stored = self.user.get(key)
        return settings.setting(key).default if stored is None else stored

    def flag(self, key: str) -> bool:
        return self.setting(key) == "true"

    def folder(self, key: str, name: str) -> Path:
        """The folder a setting names, or ``name`` inside the data folder; a deed makes it if need be."""
        return Path(self.setting(key) or self.paths.data / name).expanduser()

    def embed(self, texts: tuple[str, ...], model: str = "") -> np.ndarray:
        """Unit vectors, ``len(texts)`` × dim, float32, by ``model`` or by the one that answers.

        Where the one that answers cannot be used any more, the one that follows it does from now on.
        """
        wanted = model or self.vectors.model()
        try:
            vectors = self.specialists.embedder(wanted).call(Embedder.embed, texts=texts)
        except (NotFound, BadModel):
            newest = self.specialists.embeds()
            if wanted in ("", newest):
                raise
            self.vectors.use(newest)
            self.vectors.give_up(wanted)
            vectors = self.specialists.embedder().call(Embedder.embed, texts=texts)
        return np.frombuffer(vectors.data, dtype="<f4").reshape(vectors.count, vectors.dim)
