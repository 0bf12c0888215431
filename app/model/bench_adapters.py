"""Measures hats: switching, what an adapter costs, and that nothing of one shows in another.

What is compared is measured in turns within one run: other work on the machine moves single figures,
but both sides of a ratio alike.
"""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from app.core import paths as places
from app.core import tasks
from app.core.paths import Paths
from app.core.types import Figure
from app.model import catalog
from app.model.contract import Finished, LanguageModel
from app.model.llamacpp import Config
from app.workers.worker import Worker, rss

SWITCHES, ROUNDS, DECODED, LOADS, PROMPTS = 100, 10, 32, 30, 9
COMPARED, COMPARED_TOKENS = 1000, 3
RESIDENT = 100
PROMPT_WORDS = 300  # a mail with its question, or the passages of an answer
_LINE = "The technician comes on Thursday between nine and eleven and needs the key to the cellar. "
_FIELDS = {
    "act": {"request": "remind me to call Ben tomorrow"},
    "answer": {"question": "When does the technician come?", "passages": f"(1) note · Boiler\n{_LINE}"},
    "draft": {
        "form": "Reply to the mail from",
        "sender": "Mila",
        "mail": _LINE,
        "say": "thanks, I will be at home all day",
        "me": "Jonas",
    },
    "rewrite": {"style": "shorter", "text": _LINE},
    "summarize": {"text": _LINE},
}


def adapters(paths: Paths) -> Iterator[Figure]:
    """Over the shipped tasks and the default base, in processes of their own."""
    config = _config(paths, places.adapters())
    llm = _worker(config)
    try:
        hats = tuple(
            task.name
            for task in llm.call(LanguageModel.info).tasks
            if task.state == "ready" and task.name in _FIELDS
        )
        yield from _switches(llm, hats)
        yield from _loads(llm, hats[0])
        for hat in hats:
            yield from _decoding(llm, hat)
        yield from _prompts(llm, config)
        yield from _differences(llm, config, hats)
    finally:
        llm.stop()
    yield from _resident(paths)


def _config(paths: Paths, folder: Path) -> Config:
    path = catalog.resolve(paths, catalog.DEFAULT)
    return Config(
        base=str(path),
        sha256=catalog.sha256_of(paths, path),
        models=str(paths.models / catalog.DERIVED),
        adapters=(str(folder),),
    )


def _worker(config: Config) -> Worker:
    return Worker("llm", "app.model.llamacpp:service", config=msgspec.to_builtins(config))


def _run(
    llm: Worker, task: str, most: int, *, fields: dict[str, str] | None = None, adapter: bool = True
) -> Finished:
    *_, end = llm.stream(
        LanguageModel.generate,
        task=task,
        fields=fields or _FIELDS[task],
        max_tokens=most,
        adapter=adapter,
    )
    assert isinstance(end, Finished)
    return end


# --- switching -----------------------------------------------------------------------------------


def _switches(llm: Worker, hats: Sequence[str]) -> Iterator[Figure]:
    """Each hat twice after the other: the first call switches, the second has all it needs in place."""
    pair = [hat for hat in hats if hat != "act"][-2:]  # without a grammar
    short = _short(pair)
    for hat in pair:
        _run(llm, hat, 1, fields=short[hat])  # reads the fixed prompt once, so that its state is saved
    changed, same, plain = [], [], []
    for n in range(SWITCHES):
        hat = pair[n % 2]
        changed.append(_run(llm, hat, 1, fields=short[hat]))
        again = _run(llm, hat, 8, fields=short[hat])
        same.append(again)
        plain.append(_token_s(again))
    how = f"{SWITCHES} switches"
    for name, seconds in (
        ("resident switch", [end.switch_s for end in changed]),
        ("restoring the task's prompt", [end.restore_s for end in changed]),
    ):
        yield _ms(f"{name} p50", _share(seconds, 0.5), how)
        yield _ms(f"{name} p99", _share(seconds, 0.99), how)
    token = _share(plain, 0.5)
    more = _share([_ready_s(a) - _ready_s(b) for a, b in zip(changed, same, strict=True)], 0.5)
    yield _ms("plain token p50", token, "decoded in between")
    yield _ms("what a switch adds to a call p50", more, "against the same call without a switch")
    yield Figure(
        name="switch, prompt restored, first token / plain token",
        value=(more + token) / token,
        unit="x",
        how="without reading the request, which is work of any call",
    )


def _short(hats: Sequence[str]) -> dict[str, dict[str, str]]:
    """The smallest request of each hat: what is measured is the hat, not the reading."""
    return {hat: dict.fromkeys(_FIELDS[hat], ".") for hat in hats}


def _ready_s(end: Finished) -> float:
    """Seconds until the prompt has been read."""
    return end.switch_s + end.restore_s + end.prefill_s


def _loads(llm: Worker, hat: str) -> Iterator[Figure]:
    """The task's folder read anew, every check, and the adapter in place of its former self."""
    took = []
    for _ in range(LOADS):
        started = time.perf_counter()
        llm.call(LanguageModel.adopt, task=hat, adapter=None)
        took.append(time.perf_counter() - started)
    size = next(t.adapter_bytes for t in llm.call(LanguageModel.info).tasks if t.name == hat)
    yield _ms("adapter from disk p50", _share(took, 0.5), f"{size / 1e6:.1f} MB, checked and loaded")
    yield _ms("adapter from disk p99", _share(took, 0.99), f"{LOADS} times")


# --- what an adapter costs -----------------------------------------------------------------------


def _decoding(llm: Worker, hat: str) -> Iterator[Figure]:
    speeds: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(ROUNDS):
        for adapter, found in speeds.items():
            end = _run(llm, hat, DECODED, adapter=adapter)
            if end.tokens > 1:
                found.append(1 / _token_s(end))
    worn, bare = (max(speeds[adapter]) for adapter in (True, False))
    yield Figure(name=f"decode, {hat}", value=worn, unit="tokens/s", how=f"fastest of {ROUNDS} in turns")
    yield Figure(name=f"decode, {hat} / bare base", value=worn / bare, unit="x", how="the same prompt")


def _prompts(llm: Worker, config: Config) -> Iterator[Figure]:
    """The re-quantised copy against the packaged file, which another process reads as it is.

    The bare base, and with a hat on, whose own matrices cost the same over both. What else runs on the
    machine only ever slows a run down, so the fastest of each are compared.
    """
    packaged = _worker(msgspec.structs.replace(config, faster=False))
    fields = {"text": _LINE * (PROMPT_WORDS // len(_LINE.split()))}
    read = {"copy": llm, "packaged": packaged}
    speeds: dict[tuple[bool, str], list[float]] = {
        (worn, name): [] for worn in (False, True) for name in read
    }
    try:
        for _ in range(PROMPTS):
            for (worn, name), found in speeds.items():
                for _ in range(2):  # the first notices that the other process has stopped computing
                    end = _run(read[name], "summarize", 1, fields=fields, adapter=worn)
                found.append((end.prompt_tokens - end.cached_tokens) / end.prefill_s)
    finally:
        packaged.stop()
    for worn in (False, True):
        copy, original = (max(speeds[worn, name]) for name in read)
        on = "summarize" if worn else "bare base"
        yield Figure(
            name=f"prompt, {on}, re-quantised copy", value=copy, unit="tokens/s", how=Path(config.base).name
        )
        yield Figure(
            name=f"prompt, {on}, copy / packaged file",
            value=copy / original,
            unit="x",
            how=f"{end.prompt_tokens} tokens, fastest of {PROMPTS}",
        )


def _resident(paths: Paths) -> Iterator[Figure]:
    """So many adapters on one base at once, and what each of them takes."""
    with tempfile.TemporaryDirectory(prefix="homebody-bench-") as folder:
        for n in range(RESIDENT):
            shutil.copytree(places.adapters() / "summarize", Path(folder) / f"hat{n:03d}")
        full = _worker(_config(paths, Path(folder)))
        none = _worker(_config(paths, Path(folder) / "none"))
        try:
            sizes = []
            for process in (none, full):
                states = process.call(LanguageModel.info).tasks
                process.call(LanguageModel.count, text=_LINE)
                sizes.append(rss(process.pid))
            ready = sum(state.state == "ready" for state in states)
            for n in random.Random(1).sample(range(RESIDENT), 3):
                _run(full, f"hat{n:03d}", 2, fields=_FIELDS["summarize"])
        finally:
            full.stop()
            none.stop()
        file = tasks.read(Path(folder) / "hat000").weights[0].gguf
        size = (Path(folder) / "hat000" / file).stat().st_size
    yield Figure(name="adapters resident on one base", value=ready, unit="adapters")
    yield Figure(
        name="memory of each",
        value=(sizes[1] - sizes[0]) / max(ready, 1) / 1e6,
        unit="MB",
        how=f"difference of resident bytes; its file has {size / 1e6:.2f} MB",
    )


# --- nothing of one shows in another -------------------------------------------------------------


def _differences(llm: Worker, config: Config, hats: Sequence[str]) -> Iterator[Figure]:
    """Random switches between two hats, and the same two in processes that never wore another."""
    pair = hats[-2:]
    short = _short(pair)
    cold = {}
    for hat in pair:
        fresh = _worker(config)
        try:
            cold[hat] = _run(fresh, hat, COMPARED_TOKENS, fields=short[hat]).text
        finally:
            fresh.stop()
    chance = random.Random(os.urandom(8))
    different = 0
    for _ in range(COMPARED):
        hat = chance.choice(pair)
        different += _run(llm, hat, COMPARED_TOKENS, fields=short[hat]).text != cold[hat]
    yield Figure(
        name="answers that differ from a cold run",
        value=different,
        unit="answers",
        how=f"of {COMPARED} random switches between {' and '.join(pair)}",
    )


def _token_s(end: Finished) -> float:
    """Seconds a token: the first one needs no decoding of its own."""
    return end.decode_s / max(end.tokens - 1, 1)


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _ms(name: str, seconds: float, how: str) -> Figure:
    return Figure(name=name, value=seconds * 1000, unit="ms", how=how)
