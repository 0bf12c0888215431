"""Specialists die, are released and make room, and the next call works."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import msgspec
import pytest

from app.core.errors import BadModel, HomebodyError, NoMemory, WorkerDied
from app.model.contract import Embedder, Finished, LanguageModel, Loading, TextReader
from app.model.supervisor import APART, EMBEDDER, LLM, OCR, TRAINER, Specialists
from tests.model.conftest import adapter_of, padded
from tests.training.tiny import tiny

HALF = 10**12


@pytest.fixture
def own(specialists: Specialists) -> Specialists:
    """The session's specialists with no limits."""
    specialists.configure(base="", idle_s=0, budget=HALF)
    return specialists


def running(specialists: Specialists) -> dict[str, int]:
    return {state.name: state.pid for state in specialists.processes() if state.pid}


def why(specialists: Specialists, name: str) -> str:
    return next(state.why for state in specialists.processes() if state.name == name)


def test_killed_in_the_middle_of_an_answer(own: Specialists) -> None:
    steps = own.llm().stream(LanguageModel.generate, task="summarize", fields={"text": "A boiler. " * 50})
    next(steps)
    os.kill(running(own)[LLM], signal.SIGKILL)
    with pytest.raises(WorkerDied):
        list(steps)
    again = list(
        own.llm().stream(LanguageModel.generate, task="act", fields={"request": "hello"}, max_tokens=4)
    )
    assert isinstance(again[-1], Finished)


def test_released_when_idle_but_not_while_at_work(own: Specialists) -> None:
    own.llm().call(LanguageModel.count, text="hello")
    steps = own.llm().stream(LanguageModel.generate, task="summarize", fields={"text": "A boiler broke."})
    next(steps)
    own.configure(base="", idle_s=1e-6, budget=HALF)
    own.keeper.tick()
    assert LLM in running(own)
    assert why(own, LLM) == "at work"
    steps.close()
    own.keeper.tick()
    assert LLM not in running(own)
    assert why(own, LLM) == "released after 0 s without work"


def test_the_least_recently_used_makes_room(own: Specialists) -> None:
    own.llm().call(LanguageModel.count, text="hello")
    with pytest.raises(Exception, match="no such file"):
        own.ocr().call(TextReader.read, path="/nowhere.png")
    assert set(running(own)) >= {LLM, OCR}
    own.llm().call(LanguageModel.count, text="used again")
    own.kill(EMBEDDER)
    needs = {state.name: state.expected for state in own.processes()}
    own.configure(base="", idle_s=0, budget=int((needs[LLM] + needs[EMBEDDER]) * 1.06))
    own.embedder().call(Embedder.name)
    assert set(running(own)) == {LLM, EMBEDDER}
    assert why(own, OCR).startswith("ended")


def test_a_budget_too_small_for_the_model_says_what_it_needs(own: Specialists) -> None:
    own.kill(LLM)
    own.configure(base="", idle_s=0, budget=100_000_000)
    with pytest.raises(NoMemory, match="llm needs more memory"):
        own.llm().call(LanguageModel.count, text="hello")
    assert running(own) == {}


def test_a_second_model_for_evaluation_is_apart(own: Specialists, base: Path) -> None:
    with own.apart(base) as apart:
        assert apart.call(LanguageModel.count, text="one two") == 2
        assert [own.keeper.all[name].limits.nice for name in (APART, TRAINER)] == [19, 19]
        assert LLM not in running(own) or running(own)[APART] != running(own)[LLM]
    assert APART not in running(own)


def test_an_evaluation_measures_the_same_to_its_end(own: Specialists, base: Path, tmp_path: Path) -> None:
    """Neither another evaluation, nor another base or context in use, nor a death changes what it wears."""
    other, mine = tiny(tmp_path / "tiny.gguf"), padded(adapter_of("act"), 1)

    def worn() -> tuple[str, int, str]:
        info = apart.call(LanguageModel.info)
        return info.sha256, info.context, next(t.adapter for t in info.tasks if t.name == "act")

    with own.apart(base, mine) as apart:
        first = worn()
        assert first == (mine.base_sha256, Loading().context, mine.gguf_sha256)
        with pytest.raises(HomebodyError, match="another evaluation is running"), own.apart(base):
            pass
        own.configure(base=str(other), idle_s=0, budget=HALF, loading=Loading(context=1024))
        own.kill(APART)
        assert worn() == first
    with own.apart(other) as apart:
        assert worn()[:2] != first[:2]


def test_an_evaluation_of_what_cannot_be_worn_is_an_error(own: Specialists, base: Path) -> None:
    bad = msgspec.structs.replace(adapter_of("act"), base_sha256="0" * 64)
    with own.apart(base, bad) as apart:
        for _ in range(2):
            with pytest.raises(BadModel, match="cannot be worn"):
                apart.call(LanguageModel.info)


def test_calls_from_many_threads_start_one_process(own: Specialists) -> None:
    own.kill(LLM)
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda: counts.append(own.llm().call(LanguageModel.count, text="one two")))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [2] * 6
