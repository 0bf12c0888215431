"""MLX: the numbers of llama.cpp from the same file, and nothing of one hat in another.

Most is shown on small random models, which compute in no time; the agreement with llama.cpp on the
default base. More prompts and tokens of it: HOMEBODY_FULL=1 pytest tests/model/test_mlx.py -s
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import mlx.core as mx
import numpy as np
import numpy.typing as npt
import pytest
from gguf import GGMLQuantizationType, GGUFWriter, dequantize, quantize

from app.core import paths as places
from app.core import tasks
from app.core.errors import BadModel, Unsupported
from app.core.models import AdapterFile
from app.core.paths import Paths
from app.core.types import Thinking, Token
from app.model import backend, gguf
from app.model.contract import Blend, Finished, LanguageModel
from app.model.llamacpp import LlamaCpp
from app.model.mlx_runtime import Mlx, load
from app.model.mlx_weights import Dense, File, Packed, factors
from app.model.run import chunks
from app.model.runtime import Base, Runtime
from app.model.supervisor import Specialists
from app.model.wardrobe import Outfit
from app.workers.peer import Caller
from tests.model.calls import TEXT, asked, cold, differences, finished, said
from tests.model.conftest import adapter_of, config_for
from tests.model.lora import written
from tests.training.tiny import tiny

MORE = (
    "Lunch moved to Friday, 12:30, at the small place by the river. Bring the signed form.",
    "Dear all, the invoice of 340 euros is due on 4 May. Please pay to the usual account. Regards, Ana",
)
STEPS, STEPS_FULL = 8, 40
CALLS = [("act", True), ("summarize", True), ("act", False), ("summarize", False), ("rewrite", True)]


@pytest.fixture(autouse=True, scope="session")
def uncompiled() -> None:
    mx.disable_compile()  # as the process does where there is no GPU


# --- the same numbers ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("bases")
    made = {name: tiny(folder / name, architecture=name, layers=7) for name in backend.MLX_ARCHITECTURES}
    return made | {"llama 3": tiny(folder / "llama-3", layers=7, slowed=True)}


def after(runtime: Runtime, tokens: Sequence[int]) -> npt.NDArray[np.float32]:
    """The logits after ``tokens``, read in unequal parts and then one by one."""
    runtime.clear()
    for part in (tokens[:90], tokens[90:-3], *([token] for token in tokens[-3:])):
        runtime.decode(part)
    return runtime.logits().copy()


@pytest.mark.parametrize("architecture", [*backend.MLX_ARCHITECTURES, "llama 3"])
def test_every_architecture_computes_what_llama_cpp_does(bases: dict[str, Path], architecture: str) -> None:
    ours = Mlx(bases[architecture], context=512, packed=False)
    theirs = Base(bases[architecture], context=512, threads=1)
    tokens = ours.tokens(TEXT * 10)
    assert tokens == theirs.tokens(TEXT * 10)
    del tokens[150:]  # longer than the window that gemma's layers look back
    a, b = after(ours, tokens), after(theirs, tokens)
    assert a.argmax() == b.argmax()
    assert np.abs(a - b).max() < 0.03 * b.std()  # llama.cpp keeps keys and values in 16 bits
    assert ours.parameters == theirs.parameters
    theirs.close()
    ours.close()


def test_control_another_order_of_rotary_pairs_would_show(
    bases: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.model.mlx_model._TRADITIONAL", ())
    ours = Mlx(bases["llama"], context=512, packed=False)
    theirs = Base(bases["llama"], context=512, threads=1)
    tokens = ours.tokens(TEXT * 10)[:150]
    a, b = after(ours, tokens), after(theirs, tokens)
    assert np.abs(a - b).max() > 0.3 * b.std()
    theirs.close()
    ours.close()


@pytest.mark.parametrize("kind", ["Q8_0", "Q4_0", "Q4_1", "Q5_0", "F16"])
def test_packed_weights_are_the_files_own(tmp_path: Path, kind: str) -> None:
    path, known = tmp_path / "one.gguf", GGMLQuantizationType[kind]
    values = np.random.default_rng(3).normal(0, 1, (48, 96)).astype(np.float32)
    raw = quantize(values, known)
    writer = GGUFWriter(path, "llama")
    writer.add_tensor("w", raw, raw_dtype=known)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    file = File(np.memmap(path, mode="r"), gguf.read(path))
    packed, right = file.store("w", packed=True), dequantize(raw, known)
    assert isinstance(packed, Dense if kind == "F16" else Packed)
    worst = np.abs(np.array(packed.rows(mx.arange(48))) - right).max()
    assert worst < (0.02 if kind == "Q5_0" else 1e-6)  # packed anew, in 8 bits
    x = np.random.default_rng(4).normal(0, 1, (2, 5, 96)).astype(np.float32)
    for store in (packed, file.store("w", packed=False)):
        product = np.array(store.times(mx.array(x)))
        assert np.abs(product - x @ right.T).max() < (0.2 if kind == "Q5_0" else 1e-4)


def test_a_file_that_is_not_whole_is_refused(bases: dict[str, Path], tmp_path: Path) -> None:
    short = tmp_path / "short.gguf"
    short.write_bytes(bases["llama"].read_bytes()[:-2000])
    with pytest.raises(BadModel):
        Mlx(short, context=512, packed=False)


# --- the same hats, on a small base --------------------------------------------------------------


def random_adapter(task: str, base: Path, sha256: str, *, seed: int) -> AdapterFile:
    chance, parts = np.random.default_rng(seed), {}
    for name, tensor in gguf.read(base).tensors.items():
        if ".attn_" in name and "norm" not in name:
            into, out = tensor.shape
            parts[f"{name}.lora_a"] = chance.normal(0, into**-0.5, (4, into)).astype(np.float32)
            parts[f"{name}.lora_b"] = chance.normal(0, 0.5, (out, 4)).astype(np.float32)
    return written(task, parts, rank=4, alpha=8.0, base=sha256)


@pytest.fixture(scope="module")
def small(data: Paths, bases: dict[str, Path]) -> LlamaCpp:
    """Every hat on a small random base, two of them with random adapters."""
    config = config_for(data, bases["llama"], places.adapters())
    return dressed(LlamaCpp(config, load=load))


def dressed(model: LlamaCpp) -> LlamaCpp:
    for seed, task in enumerate(("act", "summarize")):
        model.adopt(task=task, adapter=random_adapter(task, model._base.path, model._sha256, seed=seed))
    return model


def logits(model: LlamaCpp, task: str = "act", *, adapter: bool = True, **blend: float) -> bytes:
    parts = tuple(Blend(task=name, scale=scale) for name, scale in blend.items())
    return model.logits(task=task, text=TEXT, adapter=adapter, blend=parts).data


def test_adapters_compute_what_llama_cpp_makes_of_them(data: Paths, small: LlamaCpp) -> None:
    config = config_for(data, small._base.path, places.adapters())
    theirs = dressed(LlamaCpp(config))
    for parts in ({"act": 1.0}, {"summarize": 0.5}, {"act": 0.7, "summarize": 0.3}):
        a, b, bare = (
            np.frombuffer(data, "<f4")
            for data in (logits(small, **parts), logits(theirs, **parts), logits(theirs, adapter=False))
        )
        assert np.abs(a - b).max() < 0.03 * b.std()
        assert np.abs(a - bare).max() > 0.5 * b.std()
    theirs.close()


def test_a_switch_back_restores_bit_for_bit(small: LlamaCpp) -> None:
    bare, act, other = logits(small, adapter=False), logits(small), logits(small, summarize=1.0)
    assert len({bare, act, other}) == 3
    assert logits(small, act=0.0) == bare
    assert logits(small, adapter=False) == bare
    assert logits(small, act=1.0) == logits(small) == act


def test_no_token_differs_from_a_cold_run(small: LlamaCpp, full: bool) -> None:
    assert differences(small, CALLS, 1000 if full else 40) == 0
    assert finished(small, "act").cached_tokens > 0


def test_control_state_kept_across_a_switch_would_differ(
    small: LlamaCpp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgets_what_is_worn(outfit: Outfit, fixed: list[int]) -> tuple[Outfit, tuple[int, ...]]:
        return (), tuple(fixed)

    monkeypatch.setattr(small, "_key", forgets_what_is_worn)
    assert differences(small, CALLS, 20) > 0
    monkeypatch.undo()
    cold(small)


@pytest.mark.parametrize("bits", [0, 8])
def test_what_is_kept_of_a_prompt_is_not_written_into(bases: dict[str, Path], bits: int) -> None:
    base = Mlx(bases["gemma3"], context=512, packed=False, kv_bits=bits)
    tokens = base.tokens(TEXT * 3)
    base.decode(tokens[:7])
    state = base.save()
    base.decode(tokens[7:])
    right = base.logits().copy()
    for others in (tokens[3:6], tokens[9:]):
        base.restore(state, 7)
        base.cut(2)
        base.decode(others)
        base.restore(state, 7)
        base.decode(tokens[7:])
        assert (base.logits() == right).all()
        assert base.used == len(tokens)
    base.close()


def test_keys_and_values_in_few_bits_say_nearly_the_same(bases: dict[str, Path]) -> None:
    exact, *few = (Mlx(bases["qwen3"], context=512, packed=False, kv_bits=bits) for bits in (0, 8, 4))
    tokens = exact.tokens(TEXT * 10)[:150]
    right = after(exact, tokens)
    away = [float(np.abs(after(base, tokens) - right).max() / right.std()) for base in few]
    assert 0 < away[0] < 0.1
    assert away[0] < away[1] < 1.5


@pytest.mark.parametrize("most", [1, 5, 17, 40])
def test_json_is_valid_wherever_it_is_cut_off(small: LlamaCpp, most: int) -> None:
    for adapter in (True, False):
        answer = json.loads(finished(small, "act", adapter=adapter, max_tokens=most).text)
        assert isinstance(answer["action"], str)


def test_streamed_words_are_the_text_and_prefill_is_reported(small: LlamaCpp) -> None:
    steps = list(small.generate(task="summarize", fields={"text": TEXT * 20}, max_tokens=12))
    thinking = [step for step in steps if isinstance(step, Thinking)]
    end = steps[-1]
    assert isinstance(end, Finished)
    assert "".join(step.text for step in steps if isinstance(step, Token)) == end.text
    assert len(thinking) > 3
    assert thinking[-1].done == thinking[-1].total == end.prompt_tokens


def test_closing_stops_at_once_and_the_next_call_is_clean(small: LlamaCpp) -> None:
    before = said(small, "summarize", True)
    total = 0
    with closing(small.generate(task="summarize", fields=asked(small, "summarize"))) as steps:
        for step in steps:
            if isinstance(step, Token):
                break
            total = step.total
    assert small._base.used <= total + 2
    assert said(small, "summarize", True) == before


def test_an_own_adapter_takes_the_place_and_a_bad_one_does_not(small: LlamaCpp) -> None:
    before = logits(small)
    other = random_adapter("act", small._base.path, small._sha256, seed=5)
    assert small.adopt(task="act", adapter=other).adapter == other.gguf_sha256
    changed = logits(small)
    assert changed != before
    with pytest.raises(BadModel, match="another base"):
        small.adopt(task="act", adapter=adapter_of("act"))
    assert logits(small) == changed
    small.adopt(task="act", adapter=random_adapter("act", small._base.path, small._sha256, seed=0))
    assert logits(small) == before


# --- the same answers, on the default base -------------------------------------------------------


@pytest.fixture(scope="module")
def mlx(data: Paths, base: Path) -> LlamaCpp:
    return LlamaCpp(config_for(data, base, places.adapters()), load=load)


@dataclass
class Agreement:
    """Over one prompt: steps at which both would take the same token, and how alike their logits are."""

    steps: int = 0
    same: int = 0
    until: int = 0  # the first step at which they part
    alike: float = 1.0  # the lowest correlation of a step's logits


def agreement(
    model: LlamaCpp, mlx: LlamaCpp, task: str, fields: dict[str, str], *, adapter: bool, steps: int
) -> Agreement:
    """Both read the same prompt and then what llama.cpp would say, step by step."""
    runtimes = []
    for each in (model, mlx):
        hat, known = each._hats.ready(task)
        cold(each)
        each._base.wear([(worn.handle, worn.scale) for worn in each._hats.outfit(hat, adapter=adapter)])
        fixed, rest = each._prompt(known, fields, steps)
        for chunk in chunks([*fixed, *rest]):
            each._base.decode(chunk)
        runtimes.append(each._base)
    found = Agreement()
    for _ in range(steps):
        a, b = (runtime.logits() for runtime in runtimes)
        found.steps += 1
        found.same += int(a.argmax() == b.argmax())
        found.until += int(found.same == found.steps)
        found.alike = min(found.alike, float(np.corrcoef(a, b)[0, 1]))
        token = int(a.argmax())
        if model._base.is_end(token):
            break
        for runtime in runtimes:
            runtime.decode([token])
    return found


def test_every_hat_says_what_it_says_on_llama_cpp(
    model: LlamaCpp, mlx: LlamaCpp, full: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """llama.cpp computes in 8 bits what MLX computes in 32: some steps are too close to call."""
    ready = [task.name for task in mlx.info().tasks if task.state == "ready"]
    assert set(ready) >= {"act", "answer", "draft", "summarize"}
    found: dict[str, list[Agreement]] = {}
    for task, adapter in (*((task, True) for task in ready), *((task, False) for task in ready)):
        if adapter or full or task == "act":
            found[task if adapter else f"{task}, bare"] = [
                agreement(
                    model,
                    mlx,
                    task,
                    asked(mlx, task, text),
                    adapter=adapter,
                    steps=STEPS_FULL if full else STEPS,
                )
                for text in (TEXT, *(MORE if full else ()))
            ]
    for each in (model, mlx):
        cold(each)
    every = [one for runs in found.values() for one in runs]
    if full:
        with capsys.disabled():
            for name, runs in found.items():
                print(f"\n{name}: {_told(runs)}", end="")
            print(f"\nall: {_told(every)}")
    assert sum(one.same for one in every) >= 0.9 * sum(one.steps for one in every)
    assert min(one.alike for one in every) > 0.995


def _told(runs: list[Agreement]) -> str:
    steps, same = sum(one.steps for one in runs), sum(one.same for one in runs)
    until, alike = sum(one.until for one in runs), min(one.alike for one in runs)
    return f"{same} of {steps} steps the same, {until} before the first other one; logits r ≥ {alike:.4f}"


def test_an_action_is_the_same_through_the_grammar(model: LlamaCpp, mlx: LlamaCpp) -> None:
    ours, theirs = (finished(each, "act", max_tokens=12) for each in (mlx, model))
    assert (ours.text, ours.tokens, ours.stop) == (theirs.text, theirs.tokens, theirs.stop)
    assert json.loads(ours.text)["action"]  # whole JSON, whichever action it is


def test_the_factors_are_those_that_were_trained() -> None:
    """PEFT's file is the source of truth: what is worn here must be its numbers."""
    shipped, task = adapter_of("act"), tasks.read(places.adapters() / "act")
    trained = mx.load(str(task.weight_file(task.weights[0].peft)))
    worn = factors(shipped.gguf)
    heads = {"q_proj": 9, "k_proj": 3}
    names = {"q_proj": "attn_q", "k_proj": "attn_k", "v_proj": "attn_v", "o_proj": "attn_output"}
    for part, name in names.items():
        at = f"base_model.model.model.layers.3.self_attn.{part}."
        a, b = (np.array(trained[f"{at}lora_{side}.weight"].astype(mx.float32)) for side in "AB")
        pair = worn[f"blk.3.{name}.weight"]
        turned = np.array(pair.b).T * shipped.rank / shipped.alpha
        if part in heads:  # rotary pairs lie side by side, in the trained file in two halves
            turned = turned.reshape(heads[part], -1, 2, shipped.rank).swapaxes(1, 2).reshape(b.shape)
        assert np.allclose(np.array(pair.a).T, a, atol=1e-5)
        assert np.allclose(turned, b, atol=1e-5)


# --- as a process --------------------------------------------------------------------------------


@pytest.fixture
def process(data: Paths, bases: dict[str, Path]) -> Iterator[Caller]:
    """The language model as the setting model.backend has it started."""
    base = bases["llama"]
    specialists = Specialists(
        data, own=lambda sha256: (random_adapter("act", base, sha256, seed=0),), base=str(base)
    )
    specialists.configure(base=str(base), idle_s=0, budget=10**9, runs_on=backend.MLX)
    yield specialists.llm()
    specialists.stop_all()


def test_it_serves_and_streams_from_a_process_of_its_own(process: Caller, small: LlamaCpp) -> None:
    words = []
    for step in process.stream(LanguageModel.generate, task="act", fields=asked(small, "act"), max_tokens=6):
        words.append(step.text if isinstance(step, Token) else "")
        end = step
    assert isinstance(end, Finished)
    assert end.text == "".join(words) == finished(small, "act").text
    assert process.call(LanguageModel.logits, task="act", text=TEXT).data == logits(small)


# --- which of the two ----------------------------------------------------------------------------

LLAMACPP, MLX = "app.model.llamacpp:service", "app.model.mlx_runtime:service"


def test_auto_takes_mlx_on_apple_silicon_and_what_can_run_the_model(
    bases: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, other = bases["llama"], tiny(tmp_path / "phi.gguf", architecture="phi3")
    assert backend.service(backend.LLAMACPP, base) == LLAMACPP
    assert backend.service(backend.MLX, base) == MLX
    monkeypatch.setattr(sys, "platform", "linux")
    assert backend.service(backend.AUTO, base) == LLAMACPP
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    assert backend.service(backend.AUTO, base) == MLX
    assert backend.service(backend.AUTO, other) == LLAMACPP
    with pytest.raises(Unsupported, match="does not run phi3"):
        backend.service(backend.MLX, other)
    monkeypatch.setitem(sys.modules, "mlx", None)
    assert backend.service(backend.AUTO, base) == LLAMACPP
    with pytest.raises(Unsupported, match="MLX is not installed here"):
        backend.service(backend.MLX, base)
