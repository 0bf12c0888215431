"""MLX behind the same interface as llama.cpp: base, context, adapters and saved states.

Tokens and the grammar come from llama.cpp's tables of the same file, so that a prompt is the same
numbers under both. Everything is computed in float32 from the file's own weights.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import mlx.core as mx
import msgspec
import numpy as np
import numpy.typing as npt
from mlx.utils import tree_map

from app.core.errors import BadModel
from app.model import gguf
from app.model.contract import LanguageModel
from app.model.llamacpp import Config, LlamaCpp
from app.model.mlx_model import Worn, build, mlx_lm
from app.model.mlx_weights import GROUP, Adapter, factors
from app.model.runtime import Runtime, last_error
from app.workers.service import Service

_SPARE = 128 << 20  # bytes
_KV_BITS = {"f16": 0, "q8_0": 8, "q4_0": 4}


class Mlx(Runtime):
    """A base on Apple's GPU, or on the processor where there is none."""

    def __init__(self, path: Path, *, context: int, packed: bool, kv_bits: int = 0) -> None:
        """``packed`` keeps quantized weights in few bits, which a GPU reads fast and a processor does not.

        ``kv_bits`` (8 or 4) does so with keys and values; 0 keeps them in float32.
        """
        self._tables = _tables(path)
        super().__init__(self._tables)
        header = gguf.read(path)
        trained = header.metadata.get(f"{header.metadata['general.architecture']}.context_length", context)
        self.path, self.context = path, min(context, trained)
        self._parameters = sum(math.prod(tensor.shape) for tensor in header.tensors.values())
        self._worn, self._kv_bits = Worn(), kv_bits
        self._model = build(path, self._worn, packed=packed)
        tied = "lm_head" not in self._model
        self._head = self._model.model.embed_tokens.as_linear if tied else self._model.lm_head
        self._logits: npt.NDArray[np.float32] | None = None
        self.clear()

    @property
    def parameters(self) -> int:
        return self._parameters

    # --- the context ---------------------------------------------------------------------------

    def decode(self, tokens: Sequence[int]) -> None:
        read = self._model.model(mx.array([tokens]), self._cache)
        self._last, self._logits = read[0, -1], None
        mx.eval(self._last, [layer.state for layer in self._cache])
        self.used += len(tokens)

    def logits(self) -> npt.NDArray[np.float32]:
        if self._logits is None:
            self._logits = np.array(self._head(self._last))
        return self._logits

    def clear(self) -> None:
        # No rings for windowed layers: they forget what a cut or a saved state must find again.
        self._cache = [self._new_cache() for _ in self._model.layers]
        self.used = 0

    def _new_cache(self) -> Any:
        caches = mlx_lm("cache")
        if self._kv_bits:
            return caches.QuantizedKVCache(group_size=GROUP, bits=self._kv_bits)
        return caches.KVCache()

    def cut(self, used: int) -> None:
        for layer in self._cache:
            layer.trim(self.used - used)
        self.used = used

    def save(self) -> Any:
        """Keys and values of every layer, without the room they have grown beyond their tokens."""

        def shortened(kept: mx.array) -> mx.array:
            return mx.contiguous(kept[..., : self.used, :])

        state = [tree_map(shortened, (layer.keys, layer.values)) for layer in self._cache]
        mx.eval(state)
        return state

    def restore(self, state: Any, used: int) -> None:
        """A cache writes into the arrays it holds: it gets others than those that are kept."""
        self.clear()
        for layer, saved in zip(self._cache, state, strict=True):
            (layer.keys, layer.values), layer.offset = tree_map(mx.array, saved), used
        self.used = used

    # --- adapters ------------------------------------------------------------------------------

    def load_adapter(self, data: bytes) -> Adapter:
        return factors(data)

    def free_adapter(self, handle: Any) -> None:
        self.wear(())  # its memory goes with the last who knows it

    def wear(self, worn: Sequence[tuple[Adapter, float]]) -> None:
        self._worn.adapters = tuple(worn)

    def close(self) -> None:
        llama_cpp.llama_model_free(self._tables)


def _tables(path: Path) -> Any:
    """The vocabulary alone, without weights."""
    llama_cpp.llama_backend_init()
    params = llama_cpp.llama_model_default_params()
    params.vocab_only = True
    model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
    if not model:
        raise BadModel("the model cannot be loaded", where=f"{path}: {last_error()}", remedy="choose another")
    return model


def load(config: Config) -> Runtime:
    gpu = mx.metal.is_available()
    if not gpu:
        mx.disable_compile()  # for the processor it would call a C++ compiler
    mx.set_cache_limit(_SPARE)  # freed buffers would else be kept as long as the process lives
    bits = _KV_BITS[config.kv_cache]
    return Mlx(Path(config.base), context=config.context, packed=gpu, kv_bits=bits)


def service(config: dict[str, Any]) -> Service:
    return Service({LanguageModel: LlamaCpp(msgspec.convert(config, Config), load=load)})
