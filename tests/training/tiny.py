"""A base model of a few hundred kB with random weights, written as GGUF: real, only small and unlearned.

The tokens are the first of the default base's own, so that prompts are read as they always are.
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader, GGUFWriter, TokenType

from app.core.paths import Paths
from app.core.tasks import Recipe
from app.model import catalog

CONTEXT = 2048
QUICK = Recipe(  # teaches such a model a few words within seconds
    rank=4,
    alpha=8.0,
    targets=("q_proj", "v_proj", "o_proj", "down_proj"),
    rate=2e-2,
    epochs=4,
    batch=4,
    held_out=0.2,
    looks=1,
    patience=99,
    threads=1,
)
_QK_NORMS = {"qwen3", "gemma3"}
_SIZE = {"qwen3": 128, "gemma3": 256}  # of a head: the whole family has the same
_GEMMA_NORMS = ("post_attention_norm", "post_ffw_norm")


def tiny(
    path: Path,
    *,
    architecture: str = "llama",
    vocabulary: int = 1024,
    layers: int = 2,
    hidden: int = 64,
    heads: int = 4,
    kv_heads: int = 2,
    inner: int = 96,
    seed: int = 1,
    slowed: bool = False,
) -> Path:
    """``slowed`` has a factor for each rotary pair, as Llama 3.2 has."""
    size = _SIZE.get(architecture, hidden // heads)
    writer = GGUFWriter(path, architecture)
    _metadata(writer, architecture, layers, hidden, heads, kv_heads, inner, size)
    _tokens(writer, vocabulary)
    chance = np.random.default_rng(seed)

    def matrix(name: str, rows: int, columns: int) -> None:
        weights = chance.normal(0, 1 / np.sqrt(columns), (rows, columns))
        writer.add_tensor(f"{name}.weight", weights.astype(np.float16))

    def norm(name: str, length: int) -> None:
        writer.add_tensor(f"{name}.weight", chance.normal(1, 0.1, length).astype(np.float32))

    matrix("token_embd", vocabulary, hidden)
    norm("output_norm", hidden)
    if slowed:
        writer.add_tensor("rope_freqs.weight", np.linspace(1, 8, size // 2, dtype=np.float32))
    for layer in range(layers):
        block = f"blk.{layer}"
        matrix(f"{block}.attn_q", heads * size, hidden)
        matrix(f"{block}.attn_k", kv_heads * size, hidden)
        matrix(f"{block}.attn_v", kv_heads * size, hidden)
        matrix(f"{block}.attn_output", hidden, heads * size)
        matrix(f"{block}.ffn_gate", inner, hidden)
        matrix(f"{block}.ffn_up", inner, hidden)
        matrix(f"{block}.ffn_down", hidden, inner)
        norms = ["attn_norm", "ffn_norm", *(_GEMMA_NORMS if architecture == "gemma3" else ())]
        for name in norms:
            norm(f"{block}.{name}", hidden)
        if architecture in _QK_NORMS:
            norm(f"{block}.attn_q_norm", size)
            norm(f"{block}.attn_k_norm", size)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _metadata(
    writer: GGUFWriter,
    architecture: str,
    layers: int,
    hidden: int,
    heads: int,
    kv_heads: int,
    inner: int,
    size: int,
) -> None:
    writer.add_type("model")
    writer.add_name(f"tiny {architecture}")
    writer.add_context_length(CONTEXT)
    writer.add_block_count(layers)
    writer.add_embedding_length(hidden)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(1e6 if architecture == "gemma3" else 1e4)
    writer.add_rope_dimension_count(size)
    if architecture in _SIZE:
        writer.add_key_length(size)
        writer.add_value_length(size)
    if architecture == "gemma3":
        writer.add_sliding_window(64)


@functools.cache
def _tokeniser() -> dict[str, Any]:
    """The default base's, as its file has it."""
    fields = GGUFReader(catalog.resolve(Paths(Path()), catalog.DEFAULT)).fields
    return {name: field.contents() for name, field in fields.items() if name.startswith("tokenizer.ggml.")}


def _tokens(writer: GGUFWriter, count: int) -> None:
    known = {name.removeprefix("tokenizer.ggml."): value for name, value in _tokeniser().items()}
    tokens = known["tokens"][:count]
    there = set(tokens)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(known["pre"])
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType(kind) for kind in known["token_type"][:count]])
    merges = known["merges"]
    writer.add_token_merges([m for m in merges if {*m.split(" "), m.replace(" ", "")} <= there])
    writer.add_bos_token_id(known["bos_token_id"])
    writer.add_eos_token_id(known["eos_token_id"])
    writer.add_vocab_size(count)
