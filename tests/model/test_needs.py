"""What a model needs in memory is known before it starts: of its header, its context and what runs it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest
from gguf import GGUFWriter

from app.core.paths import Paths
from app.model import catalog, gguf, needs
from app.model.contract import LanguageModel, Loading
from app.model.supervisor import LLM, Specialists

CONTEXT = 32_768


@pytest.fixture
def qwen(tmp_path: Path) -> Path:
    """The header of Qwen3 4B, over one small matrix."""
    path = tmp_path / "qwen.gguf"
    writer = GGUFWriter(path, "qwen3")
    writer.add_block_count(36)
    writer.add_context_length(40_960)
    writer.add_embedding_length(2560)
    writer.add_head_count(32)
    writer.add_head_count_kv(8)
    writer.add_key_length(128)
    writer.add_value_length(128)
    writer.add_tensor("token_embd.weight", np.zeros((64, 32), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_keys_and_values_count_by_context_and_their_type(qwen: Path) -> None:
    def own(context: int, kind: str = "f16") -> int:
        return needs.llamacpp(qwen, msgspec.convert({"context": context, "kv_cache": kind}, Loading)).own

    kept = 36 * 8 * (128 + 128) * 2 * CONTEXT
    assert kept == 4_831_838_208
    assert own(CONTEXT) - own(1) > 0.999 * kept
    assert 0.5 < (own(CONTEXT, "q8_0") - own(1, "q8_0")) / kept < 0.55
    assert 0.25 < (own(CONTEXT, "q4_0") - own(1, "q4_0")) / kept < 0.3
    assert own(10**6) == own(40_960)  # it was made for no more
    assert needs.mlx(qwen, Loading(context=CONTEXT), gpu=False).own > 2 * kept


def test_mlx_has_float32_weights_on_a_processor_and_packed_ones_on_a_gpu(base: Path) -> None:
    weights = sum(int(np.prod(t.shape)) for t in gguf.read(base).tensors.values())
    processor, gpu = (needs.mlx(base, Loading(), gpu=gpu) for gpu in (False, True))
    assert processor.mapped == gpu.mapped == 0
    assert 4 * weights < processor.own < 4 * weights + 600_000_000
    assert weights < gpu.own < processor.own - 2 * weights


def test_a_damaged_header_has_an_estimate_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "odd.gguf"
    path.write_bytes(gguf.write({"general.architecture": "odd", "odd.block_count": "many"}, {}))
    assert needs.llamacpp(path, Loading()).own > 0


def test_the_default_reaches_its_estimate_and_not_more(data: Paths, specialists: Specialists) -> None:
    loading = Loading(context=2048)
    specialists.configure(base=catalog.DEFAULT, idle_s=0, budget=10**12, loading=loading)
    text = "The boiler failed. A technician comes on Thursday. " * 20
    list(
        specialists.llm().stream(
            LanguageModel.generate, task="summarize", fields={"text": text}, max_tokens=2
        )
    )
    llm = next(p for p in specialists.processes() if p.name == LLM)
    need = needs.llamacpp(catalog.find(data, catalog.DEFAULT), loading)
    assert 0.5 * (need.own + need.mapped) < llm.rss < need.own + need.mapped
