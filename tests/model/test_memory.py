"""Memory as the settings have it: a mapped model beyond the limit, and a smaller key-value cache."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import llama_cpp
import msgspec
import pytest

from app.core.errors import NoMemory
from app.core.paths import Paths, program
from app.model.contract import Finished, LanguageModel, Loading
from app.model.llamacpp import Config, LlamaCpp
from app.model.supervisor import LLM, Specialists
from tests.model.conftest import config_for

TEXT = "The boiler failed. A technician comes on Thursday between 9 and 11."
LIMIT = 380_000_000  # bytes of memory of its own, code and buffers included; the model has 540 million


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, base: Path) -> Path:
    """The default base in 32-bit numbers: the same model in a file of 540 MB."""
    path = tmp_path_factory.mktemp("large") / "f32.gguf"
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype, params.allow_requantize, params.nthread = llama_cpp.LLAMA_FTYPE_ALL_F32, True, 1
    assert llama_cpp.llama_model_quantize(os.fsencode(base), os.fsencode(path), ctypes.byref(params)) == 0
    return path


_LIMITED = """
import resource, sys
import msgspec
from app.model.llamacpp import Config, LlamaCpp

resource.setrlimit(resource.RLIMIT_DATA, (int(sys.argv[2]), int(sys.argv[2])))
model = LlamaCpp(msgspec.json.decode(sys.argv[1], type=Config))
*_, end = model.generate(task="summarize", fields={"text": sys.argv[3]}, max_tokens=3)
print(end.tokens)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA bounds mapped memory on Linux only")
@pytest.mark.parametrize("mmap", [True, False])
def test_a_model_larger_than_the_memory_answers_where_it_is_mapped(
    data: Paths, large: Path, copied: Callable[..., Path], mmap: bool
) -> None:
    """RLIMIT_DATA bounds what the process allocates; pages of the mapped file are the system's to drop.

    The control is the same without mapping: then the weights themselves are over the limit.
    """
    assert large.stat().st_size > LIMIT
    config = config_for(data, large, copied("summarize").parent)
    config.faster, config.mmap, config.context = False, mmap, 512
    child = subprocess.run(
        [sys.executable, "-c", _LIMITED, msgspec.json.encode(config), str(LIMIT), TEXT],
        cwd=program(),
        capture_output=True,
        check=False,
    )
    if mmap:
        assert child.stdout.split() == [b"3"], child.stderr.decode()[-2000:]
    else:
        assert child.returncode == 1
        assert b"BadModel: the model cannot be loaded" in child.stderr


@pytest.fixture
def within(data: Paths, large: Path) -> Iterator[Specialists]:
    """Specialists on the large model, with less memory for all of them together than it has."""
    found = Specialists(data, base=str(large), budget=LIMIT)
    yield found
    found.stop_all()


def test_a_model_larger_than_the_budget_answers_where_it_is_mapped(within: Specialists, large: Path) -> None:
    """Its own bytes count, not the file's pages, which are resident beyond the budget here."""
    for _ in range(2):
        *_, end = within.llm().stream(
            LanguageModel.generate, task="summarize", fields={"text": TEXT}, max_tokens=3
        )
        assert isinstance(end, Finished)
        within.keeper.tick()
        llm = next(p for p in within.processes() if p.name == LLM)
        assert llm.pid
        assert 0 < llm.expected < LIMIT < large.stat().st_size < llm.rss
        within.kill(LLM)


def test_a_model_larger_than_the_budget_is_refused_where_it_is_not(within: Specialists, large: Path) -> None:
    within.configure(base=str(large), idle_s=0, budget=LIMIT, loading=Loading(mmap=False))
    with pytest.raises(NoMemory, match="needs more memory"):
        within.llm().call(LanguageModel.info)


def test_one_that_fits_is_counted_whole_and_lean_no_more(within: Specialists, large: Path) -> None:
    within.llm().call(LanguageModel.info)
    within.kill(LLM)
    within.configure(base=str(large), idle_s=0, budget=10**10)
    within.llm().call(LanguageModel.count, text="one")
    assert next(p.expected for p in within.processes() if p.name == LLM) > large.stat().st_size


def _small(data: Paths, base: Path, folder: Path, kind: str) -> LlamaCpp:
    config = config_for(data, base, folder)
    config.context = 512
    return LlamaCpp(msgspec.convert({**msgspec.to_builtins(config), "kv_cache": kind}, Config))


def test_a_quantized_cache_takes_less_and_a_restored_prompt_is_the_same(
    data: Paths, base: Path, copied: Callable[..., Path]
) -> None:
    folder, sizes = copied("summarize").parent, {}
    for kind in ("f16", "q8_0", "q4_0"):
        model = _small(data, base, folder, kind)
        ends = [
            list(model.generate(task="summarize", fields={"text": TEXT}, max_tokens=4))[-1] for _ in range(2)
        ]
        sizes[kind] = len(next(iter(model._states.values())))
        model.close()
        assert all(isinstance(end, Finished) and end.text for end in ends)
        assert ends[0].text == ends[1].text
        assert ends[1].cached_tokens > 0
    assert sizes["q4_0"] < 0.6 * sizes["q8_0"]
    assert sizes["q8_0"] < 0.6 * sizes["f16"]


def test_an_unknown_cache_is_refused(data: Paths, base: Path, tmp_path: Path) -> None:
    with pytest.raises(msgspec.ValidationError, match="q3_0"):
        _small(data, base, tmp_path, "q3_0")


def test_what_is_set_reaches_the_process(data: Paths) -> None:
    own = Specialists(data)
    loading = Loading(context=1024, kv_cache="q8_0", mmap=False)
    try:
        own.configure(base="", idle_s=0, budget=10**10, loading=loading)
        assert own.llm().call(LanguageModel.info).context == loading.context
    finally:
        own.stop_all()
