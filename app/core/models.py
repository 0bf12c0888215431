"""Base models, the tasks that wear adapters on them, and what those learn from and are worth."""

from __future__ import annotations

from datetime import datetime

from app.core.types import Record, Step


class ModelState(Record, frozen=True, kw_only=True):
    key: str
    title: str
    size: int  # bytes on disk
    ram: int  # bytes needed, estimated
    licence: str
    installed: bool
    active: bool
    path: str = ""
    sha256: str = ""  # empty: not known here, so that only the hub vouches for the file
    family: str = ""  # chat format
    context: int = 0  # tokens it was trained for
    licence_url: str = ""
    agree: bool = False  # its licence has to be agreed to
    serves: str = "language"  # or pictures: it finds photos by what they show, as soon as it is here


class AdapterFile(Record, frozen=True, kw_only=True):
    """A trained adapter as bytes: what a person's own adapter is kept and loaded as."""

    task: str
    base_sha256: str
    gguf: bytes
    gguf_sha256: str
    rank: int
    alpha: float
    targets: tuple[str, ...]
    scale: float = 1.0


class Correction(Record, frozen=True, kw_only=True):
    """What the model said for ``fields`` of a task, and what the person made of it."""

    id: int
    task: str
    fields: dict[str, str]
    said: str
    accepted: str
    when: datetime
    uri: str = ""  # the item it was about
    held_back: bool = False  # never learned from: what was learned is measured on it


class Score(Record, frozen=True, kw_only=True):
    """``value`` of one metric on one set with its 95 % interval; ``cases`` is what it was counted on.

    ``better`` is 1 where more is better, -1 where less is, 0 where it is only told.
    """

    set: str
    name: str
    value: float
    low: float
    high: float
    cases: int
    better: int = 1


class TaskState(Record, frozen=True, kw_only=True):
    """A hat: whether its adapter is there, fits the base and passed its checks."""

    name: str
    title: str
    base_sha256: str
    adapter: str = ""  # the weights' SHA-256; empty: runs by prompt alone
    adapter_bytes: int = 0
    rank: int = 0
    state: str = "ready"  # ready | prompt-only | refused
    faults: tuple[str, ...] = ()
    origin: str = "shipped"  # shipped | yours: where the adapter comes from


class HatState(TaskState, frozen=True, kw_only=True):
    """A task as the person's own: where its adapter comes from, how good it is, what it can learn from.

    ``origin`` is prompt | shipped | taught | imported | ported | trained.
    """

    sentence: str = ""
    base: str = ""  # the catalog key of the base model, or the name of its file
    origin: str = "prompt"
    since: datetime | None = None  # of an own adapter
    reworded: bool = False  # the task's prompt has another wording than the adapter was trained with
    scores: tuple[Score, ...] = ()  # those it was accepted with
    before: tuple[Score, ...] = ()  # of the adapter it took the place of, on the same cases
    can_go_back: bool = False
    corrections: int = 0
    new: int = 0  # corrections the present adapter has not learned from yet
    missing: int = 0  # corrections still needed before it can be taught
    unfit: int = 0  # corrections of an earlier form of the task, which are not among them
    under_way: bool = False  # a teaching that was cut short will go on where it stood


class Works(Step, frozen=True, kw_only=True):
    """How far a long work is; ``left_s`` are seconds at the speed so far, below 0 while not known."""

    task: str
    stage: str  # bare base | adapter | training | now | new | …
    done: int
    total: int
    left_s: float = -1.0
    detail: str = ""
    paused: bool = False


class Scores(Step, frozen=True, kw_only=True):
    """A task measured: what the bare base reaches, and what the adapter it wears does."""

    task: str
    base: tuple[Score, ...]
    adapter: tuple[Score, ...] = ()
    wears: str = ""  # where that adapter comes from; empty: there is none
    seconds: float = 0.0


class Verdict(Step, frozen=True, kw_only=True):
    """What the gate said of a new adapter, with the numbers it looked at."""

    task: str
    accepted: bool
    reasons: tuple[str, ...]
    before: tuple[Score, ...]
    after: tuple[Score, ...]
    adapter: int = 0  # id of the new one
