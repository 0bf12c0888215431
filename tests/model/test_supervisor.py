"""Specialists die, are released and make room, and the next call works."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from app.core.errors import WorkerDied
from app.model.contract import Embedder, Finished, LanguageModel, TextReader
from app.model.supervisor import EMBEDDER, LLM, OCR, Specialists
from app.workers.worker import rss

HALF = 10**12


@pytest.fixture
def own(specialists: Specialists) -> Specialists:
    """The session's specialists with no limits."""
    specialists.configure(base="", idle_s=0, budget=HALF)
    return specialists


def running(specialists: Specialists) -> dict[str, int]:
    return {state.name: state.pid for state in specialists.processes()}


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
    own.tick()
    assert LLM in running(own)
    steps.close()
    own.tick()
    assert LLM not in running(own)


def test_the_least_recently_used_makes_room(own: Specialists) -> None:
    own.llm().call(LanguageModel.count, text="hello")
    pid = running(own)[LLM]
    with pytest.raises(Exception, match="no such file"):
        own.ocr().call(TextReader.read, path="/nowhere.png")
    assert set(running(own)) >= {LLM, OCR}
    own.llm().call(LanguageModel.count, text="used again")
    own.kill(EMBEDDER)
    own.configure(base="", idle_s=0, budget=rss(pid) + own._all[EMBEDDER].expected + 50_000_000)
    own.embedder().call(Embedder.name)
    assert OCR not in running(own)
    assert set(running(own)) == {LLM, EMBEDDER}


def test_one_at_work_is_never_ended_for_another(own: Specialists) -> None:
    steps = own.llm().stream(LanguageModel.generate, task="summarize", fields={"text": "A boiler broke."})
    next(steps)
    own.kill(EMBEDDER)
    own.configure(base="", idle_s=0, budget=1)
    own.embedder().call(Embedder.name)
    assert isinstance(list(steps)[-1], Finished)


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
