"""mlx-lm's models filled from a GGUF file: the same numbers under other names, adapters at every matrix.

llama.cpp keeps the rotary pairs of llama's queries and keys side by side; MLX calls that order
"traditional" and computes in it, so weights and adapters are taken as they lie, without reordering.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

import mlx.core as mx
import numpy as np
import numpy.typing as npt
from mlx.nn.layers.base import Module
from mlx.nn.layers.embedding import Embedding
from mlx.nn.layers.linear import Linear
from mlx.nn.layers.positional_encoding import RoPE
from mlx.utils import tree_unflatten

from app.core.errors import BadModel
from app.model import gguf
from app.model.backend import MLX_ARCHITECTURES
from app.model.gguf import Header
from app.model.mlx_weights import Adapter, File, Store

_WHOLE = {
    "model.embed_tokens": "token_embd",
    "model.norm": "output_norm",
    "lm_head": "output",
}
_BLOCK = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
_GEMMA = {
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
_ROTARY = "rope_freqs.weight"
_TRADITIONAL = ("llama", "smollm3")


class Worn:
    """What all matrices look at when they compute: setting ``adapters`` is the whole switch."""

    def __init__(self) -> None:
        self.adapters: tuple[tuple[Adapter, float], ...] = ()


class Part(Module):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # mlx says it is typed; this is not


class Matrix(Part):
    """A linear layer and, over it, what is worn (LoRA, Hu et al. 2021)."""

    def __init__(self, name: str, store: Store, worn: Worn) -> None:
        super().__init__()
        self._name, self._store, self._worn = name, store, worn

    def __call__(self, x: mx.array) -> mx.array:
        y = self._store.times(x)
        for adapter, scale in self._worn.adapters:
            if pair := adapter.get(self._name):
                y = y + scale * ((x @ pair.a) @ pair.b)
        return y


class Words(Part):
    """The embedding, kept once for both of its uses where the output is tied to it."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def __call__(self, tokens: mx.array) -> mx.array:
        return self._store.rows(tokens)

    def as_linear(self, x: mx.array) -> mx.array:
        return self._store.times(x)


class Rotary(Part):
    """Rotary positions slowed by the factors a file carries for each pair (Llama 3.1 and later)."""

    def __init__(self, factors: npt.NDArray[np.float32], base: float, *, traditional: bool) -> None:
        super().__init__()
        self._dims, self._traditional = 2 * factors.size, traditional
        self._freqs = mx.array((base ** (np.arange(0, self._dims, 2) / self._dims) * factors).astype("f4"))

    def __call__(self, x: mx.array, offset: int = 0) -> mx.array:
        return mx.fast.rope(
            x,
            self._dims,
            traditional=self._traditional,
            base=None,
            scale=1.0,
            offset=offset,
            freqs=self._freqs,
        )


def build(path: Path, worn: Worn, *, packed: bool) -> Any:
    """mlx-lm's model of the file's architecture with its weights in memory. Raises BadModel."""
    header = gguf.read(path)
    architecture = str(header.metadata.get("general.architecture"))
    if architecture not in MLX_ARCHITECTURES:
        raise BadModel(
            f"MLX does not run {architecture} models here",
            where=str(path),
            remedy="set model.backend to llamacpp",
        )
    library = mlx_lm(MLX_ARCHITECTURES[architecture])
    model = library.Model(library.ModelArgs.from_dict(_arguments(header, architecture)))
    if "lm_head" in model and "output.weight" not in header.tensors:
        model.sanitize({})  # gemma's way to tie the output to the embedding
    _fill(model, File(np.memmap(path, mode="r"), header), architecture, worn, packed=packed)
    return model


def mlx_lm(name: str) -> types.ModuleType:
    """One part of mlx-lm, without the start of its package, which loads torch and an HTTP client."""
    if "mlx_lm" not in sys.modules:
        spec = importlib.util.find_spec("mlx_lm")
        if spec is None:
            raise BadModel("mlx-lm is not installed", where="mlx_lm", remedy="set model.backend to llamacpp")
        sys.modules["mlx_lm"] = importlib.util.module_from_spec(spec)
    return importlib.import_module(f"mlx_lm.models.{name}")


def _arguments(header: Header, architecture: str) -> dict[str, Any]:
    """A file's metadata under the names of mlx-lm's configuration."""

    def key(name: str, default: Any = None) -> Any:
        value = header.metadata.get(f"{architecture}.{name}", default)
        if value is None:
            raise BadModel("the model file lacks a value", where=f"{architecture}.{name}")
        return value

    heads, width = key("attention.head_count"), key("embedding_length")
    head = key("attention.key_length", width // heads)
    scaling = key("rope.scaling.type", "none")
    if scaling not in ("none", "linear"):
        raise BadModel(f"MLX does not scale positions by {scaling} here", where=architecture)
    linear = {"type": "linear", "factor": key("rope.scaling.factor", 1.0)}
    return {
        "model_type": architecture,
        "hidden_size": width,
        "num_hidden_layers": key("block_count"),
        "intermediate_size": key("feed_forward_length"),
        "num_attention_heads": heads,
        "num_key_value_heads": key("attention.head_count_kv", heads),
        "head_dim": head,
        "query_pre_attn_scalar": head,
        "rms_norm_eps": key("attention.layer_norm_rms_epsilon"),
        "vocab_size": header.tensors["token_embd.weight"].shape[1],
        "max_position_embeddings": key("context_length"),
        "tie_word_embeddings": "output.weight" not in header.tensors,
        "rope_theta": key("rope.freq_base", 10000.0),
        "rope_traditional": architecture in _TRADITIONAL,
        "rope_scaling": linear if scaling == "linear" else None,
        "sliding_window": key("attention.sliding_window") if architecture == "gemma3" else None,
    }


def _fill(model: Any, file: File, architecture: str, worn: Worn, *, packed: bool) -> None:
    """Every part of ``model`` from its tensor; raises BadModel unless each side has just what it needs."""
    unused = set(file.header.tensors)
    for where, module in list(model.named_modules()):
        if "weight" not in module:
            continue
        name = f"{_name(where, architecture)}.weight"
        unused.discard(name)
        if isinstance(module, Linear):
            _put(model, where, Matrix(name, file.store(name, packed=packed), worn))
        elif isinstance(module, Embedding):
            _put(model, where, Words(file.store(name, packed=packed)))
        else:  # gemma's norms are stored with the 1 that mlx-lm adds itself
            module.weight = mx.array(file.numbers(name) - np.float32(architecture == "gemma3"))
            mx.eval(module.weight)
    if _ROTARY in unused:
        unused.remove(_ROTARY)
        _slow(model, file, architecture)
    if unused:
        raise BadModel("the model has parts that MLX does not run here", where=", ".join(sorted(unused)[:4]))


def _name(where: str, architecture: str) -> str:
    """``model.layers.3.self_attn.q_proj`` is ``blk.3.attn_q``."""
    if where in _WHOLE:
        return _WHOLE[where]
    number, _, part = where.removeprefix("model.layers.").partition(".")
    names = _BLOCK | _GEMMA if architecture == "gemma3" else _BLOCK
    return f"blk.{number}.{names[part]}"


def _put(model: Any, where: str, module: Module) -> None:
    model.update_modules(tree_unflatten([(where, module)]))


def _slow(model: Any, file: File, architecture: str) -> None:
    factors = file.numbers(_ROTARY)
    base = float(file.header.metadata.get(f"{architecture}.rope.freq_base", 10000.0))
    rotary = Rotary(factors, base, traditional=architecture in _TRADITIONAL)
    for layer in model.layers:
        if isinstance(layer.self_attn.rope, RoPE):  # a layer without positions keeps none
            layer.self_attn.rope = rotary
