"""Switching hats: nothing of one shows in another, blends are sums, and a person's own take the place."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt
import pytest

from app.core.errors import BadModel, NotFound, UsageFault
from app.core.models import AdapterFile
from app.core.paths import Paths
from app.model import llamacpp
from app.model.contract import Blend, LanguageModel
from app.model.llamacpp import LlamaCpp
from app.model.supervisor import LLM, Specialists
from app.model.wardrobe import Outfit
from app.workers.frames import MAX_FRAME
from tests.model.calls import TEXT, cold, differences, finished, said
from tests.model.conftest import adapter_of, config_for, padded
from tests.model.lora import rewritten

CALLS = [("act", True), ("summarize", True), ("act", False), ("summarize", False), ("rewrite", False)]
SWITCHES, SWITCHES_FULL = 12, 1000


def logits(model: LlamaCpp, *blend: tuple[str, float], adapter: bool = True) -> npt.NDArray[np.float32]:
    parts = tuple(Blend(task=task, scale=scale) for task, scale in blend)
    return np.frombuffer(model.logits(task="act", text=TEXT, adapter=adapter, blend=parts).data, "<f4")


# --- nothing leaks -------------------------------------------------------------------------------


def test_a_switch_changes_the_logits_and_off_restores_them(model: LlamaCpp) -> None:
    bare, act, summarize = logits(model, adapter=False), logits(model), logits(model, ("summarize", 1.0))
    assert len({bare.tobytes(), act.tobytes(), summarize.tobytes()}) == 3
    assert (logits(model, adapter=False) == bare).all()
    assert (logits(model) == act).all()
    assert np.isfinite(act).all()


def test_no_token_differs_from_a_cold_run(model: LlamaCpp, full: bool) -> None:
    assert differences(model, CALLS, SWITCHES_FULL if full else SWITCHES) == 0
    assert finished(model, "act").cached_tokens > 0


def test_control_state_kept_across_a_switch_would_differ(
    model: LlamaCpp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgets_what_is_worn(outfit: Outfit, fixed: list[int]) -> tuple[Outfit, tuple[int, ...]]:
        return (), tuple(fixed)

    monkeypatch.setattr(model, "_key", forgets_what_is_worn)
    assert differences(model, CALLS, SWITCHES) > 0
    monkeypatch.undo()
    cold(model)


def test_the_same_hat_again_only_cuts_what_came_after_its_prompt(model: LlamaCpp) -> None:
    cold(model)
    first = said(model, "summarize", True)
    assert said(model, "summarize", True) == first
    assert finished(model, "summarize").cached_tokens > 0


def test_the_prompt_that_was_used_longest_ago_gives_way(
    model: LlamaCpp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llamacpp, "SAVED_STATES", 2)
    cold(model)
    order = ("act", "summarize", "act", "rewrite", "act", "summarize")
    reused = [finished(model, task, max_tokens=1).cached_tokens > 0 for task in order]
    assert reused == [False, False, True, False, True, False]


def test_values_without_end_do_not_speak_through_the_next_hat(model: LlamaCpp) -> None:
    cold(model)
    right = said(model, "summarize", True)
    shipped = adapter_of("act")
    huge = rewritten(shipped, lambda name, values: np.full_like(values, 6e4), scale=4.0)
    model.adopt(task="act", adapter=huge)
    with pytest.raises(BadModel, match="not finite"):
        finished(model, "act")
    assert said(model, "summarize", True) == right
    assert model.adopt(task="act", adapter=None).origin == "shipped"


# --- scale and blend -----------------------------------------------------------------------------


def test_scale_0_is_the_base_and_between_the_logits_move_little_by_little(model: LlamaCpp) -> None:
    bare, full = logits(model, adapter=False), logits(model)
    assert (logits(model, ("act", 0.0)) == bare).all()
    assert (logits(model, ("act", 1.0)) == full).all()
    way = [logits(model, ("act", scale)) for scale in (0.25, 0.5, 0.75)]
    # a network is not linear in the scale, so the way need not be straight; but it has no leap
    steps = [_apart(a, b) for a, b in itertools.pairwise((bare, *way, full))]
    assert min(steps) > 0 and max(steps) < 0.6 * sum(steps)
    # rounding to 8 bits in the base makes noise of any change, however small: it stays below half the way
    near = _apart(logits(model, ("act", 0.501)), way[1])
    assert near < min(_apart(bare, way[1]), _apart(way[1], full))


def _apart(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> float:
    return float(np.sqrt(np.square(a - b).mean()))


def test_a_blend_is_the_sum_of_its_adapters(model: LlamaCpp) -> None:
    """One adapter of both ranks, its factors stacked, is the same sum in other words."""
    both = stacked([(adapter_of("act"), 0.5), (adapter_of("summarize"), 1.0)])
    blended = logits(model, ("act", 0.5), ("summarize", 1.0))
    assert (logits(model, ("summarize", 1.0), ("act", 0.5)) == blended).all()
    nearest = min(_apart(logits(model, part), blended) for part in (("act", 0.5), ("summarize", 1.0)))
    model.adopt(task="act", adapter=both)
    one = logits(model)
    model.adopt(task="act", adapter=None)
    assert _apart(one, blended) < 0.3 * nearest


def test_a_blend_that_cannot_be_is_refused(model: LlamaCpp) -> None:
    for parts, wrong in ([("act", 1.0), ("act", 0.5)], "once"), ([("plain", 1.0)], "no adapter to blend"):
        with pytest.raises(UsageFault, match=wrong):
            logits(model, *parts)
    with pytest.raises(UsageFault, match="worn"):
        logits(model, ("act", 1.0), adapter=False)


def test_a_blend_streams_and_keeps_a_state_of_its_own(model: LlamaCpp) -> None:
    blend = (Blend(task="act", scale=0.5), Blend(task="summarize", scale=0.5))
    cold(model)
    ends = [finished(model, "summarize", blend=worn) for worn in (blend, (), blend, ())]
    assert [end.cached_tokens > 0 for end in ends] == [False, False, True, True]
    assert (ends[0].text, ends[1].text) == (ends[2].text, ends[3].text)


def stacked(parts: list[tuple[AdapterFile, float]]) -> AdapterFile:
    """One adapter that computes the sum of ``parts`` at their scales: A below A, B beside B."""
    from tests.model.lora import matrices, written

    scaled = [
        {n: v * (adapter.alpha / adapter.rank * scale if n.endswith("lora_b") else 1) for n, v in m.items()}
        for adapter, scale in parts
        for m in [matrices(adapter.gguf)]
    ]
    rank = sum(adapter.rank for adapter, _ in parts)
    joined = {
        name: np.concatenate([m[name] for m in scaled], axis=1 if name.endswith("lora_b") else 0)
        for name in scaled[0]
    }
    return written(parts[0][0].task, joined, rank=rank, alpha=float(rank), base=parts[0][0].base_sha256)


# --- a person's own ------------------------------------------------------------------------------


@pytest.fixture
def mine() -> AdapterFile:
    """The summarize adapter, put up as somebody's own for act."""
    return msgspec.structs.replace(adapter_of("summarize"), task="act")


def test_an_own_adapter_takes_the_place_and_gives_it_back(model: LlamaCpp, mine: AdapterFile) -> None:
    shipped, other = logits(model), logits(model, ("summarize", 1.0))
    state = model.adopt(task="act", adapter=mine)
    assert (state.origin, state.state, state.adapter) == ("yours", "ready", mine.gguf_sha256)
    assert (logits(model) == other).all()
    assert [task.origin for task in model.info().tasks if task.name == "act"] == ["yours"]
    state = model.adopt(task="act", adapter=None)
    assert (state.origin, state.adapter) == ("shipped", adapter_of("act").gguf_sha256)
    assert (logits(model) == shipped).all()


def test_adopting_again_and_again_keeps_nothing_of_the_old(model: LlamaCpp) -> None:
    """Two adapters in turns: an address that is used again must not be taken for its former owner."""
    pair = [
        rewritten(adapter_of("act"), lambda name, values, sign=sign: values * sign, scale=1.0)
        for sign in (1.0, -0.5)
    ]
    right = []
    for own in pair:
        model.adopt(task="act", adapter=own)
        right.append(logits(model).tobytes())
    for n in range(10):
        model.adopt(task="act", adapter=pair[n % 2])
        assert logits(model).tobytes() == right[n % 2]
    model.adopt(task="act", adapter=None)


def test_a_bad_own_adapter_is_refused_by_every_fault_and_the_one_worn_stays(
    model: LlamaCpp, mine: AdapterFile
) -> None:
    model.adopt(task="act", adapter=mine)
    worn = logits(model)
    bad = msgspec.structs.replace(
        mine, task="draft", base_sha256="0" * 64, gguf=mine.gguf[:-4000], rank=5, alpha=3.0
    )
    with pytest.raises(BadModel) as error:
        model.adopt(task="act", adapter=bad)
    for fault in ("task draft", "another base", "not the one", "alpha", "cut off", "at rank 5"):
        assert fault in error.value.message
    assert (logits(model) == worn).all()
    model.adopt(task="act", adapter=None)
    with pytest.raises(NotFound, match="no such task"):
        model.adopt(task="juggle", adapter=None)


@pytest.fixture
def started(data: Paths, base: Path, mine: AdapterFile, copied: Callable[..., Path]) -> Iterator[LlamaCpp]:
    """Over act, draft, and a task that has no adapter; wears an own for act, and a bad one for draft not."""
    for name in ("act", "draft"):
        copied(name)
    file = copied("rewrite", "plain") / "task.toml"
    file.write_text(file.read_text(encoding="utf-8").partition("[[weights]]")[0], encoding="utf-8")
    model = LlamaCpp(config_for(data, base, file.parents[1]))
    model.adopt(task="act", adapter=mine)
    for _ in range(2):
        with pytest.raises(BadModel):
            model.adopt(task="draft", adapter=msgspec.structs.replace(adapter_of("draft"), gguf=b"GGUF"))
    yield model
    model.close()


def test_an_own_adapter_that_is_not_worn_is_told_of_until_another_is(started: LlamaCpp) -> None:
    states = {state.name: state for state in started.info().tasks}
    assert (states["act"].origin, states["act"].faults) == ("yours", ())
    assert (states["draft"].origin, states["draft"].state) == ("shipped", "ready")
    said = [fault for fault in states["draft"].faults if "your own adapter is not worn" in fault]
    assert len(set(said)) == len(said) > 0
    assert started.adopt(task="draft", adapter=None).faults == ()


def test_a_task_without_an_adapter_can_have_an_own(started: LlamaCpp) -> None:
    def said() -> bytes:
        return started.logits(task="plain", text=TEXT).data

    bare = said()
    assert started.logits(task="act", text=TEXT, adapter=False).data == bare
    with pytest.raises(UsageFault, match="no adapter to blend"):
        started.logits(task="act", text=TEXT, blend=(Blend(task="plain", scale=1.0),))
    own = msgspec.structs.replace(adapter_of("act"), task="plain")
    assert started.adopt(task="plain", adapter=own).state == "ready"
    assert said() != bare
    assert started.adopt(task="plain", adapter=None).state == "prompt-only"
    assert said() == bare


def test_own_adapters_larger_together_than_a_frame_are_all_worn_from_the_start(
    data: Paths, mine: AdapterFile
) -> None:
    """Each is padded behind its weights, as a file may be; control: a plain one alone is worn as well."""

    bad = msgspec.structs.replace(adapter_of("draft"), gguf=b"GGUF")
    gone = msgspec.structs.replace(mine, task="juggle")
    own = (padded(mine, MAX_FRAME // 2), padded(adapter_of("summarize"), MAX_FRAME // 2), bad, gone)
    specialists = Specialists(data, own=lambda sha256: own)
    try:
        for _ in range(2):
            states = {state.name: state for state in specialists.llm().call(LanguageModel.info).tasks}
            assert [states[name].origin for name in ("act", "summarize", "draft")] == [
                "yours",
                "yours",
                "shipped",
            ]
            assert any("your own adapter is not worn" in fault for fault in states["draft"].faults)
            specialists.kill(LLM)
    finally:
        specialists.stop_all()


def test_an_own_adapter_travels_to_the_process(specialists: Specialists, mine: AdapterFile) -> None:
    llm = specialists.llm()
    assert llm.call(LanguageModel.adopt, task="act", adapter=mine).origin == "yours"
    assert llm.call(LanguageModel.adopt, task="act", adapter=None).origin == "shipped"
