"""What a base model is to the code above it, and llama.cpp's C interface behind that."""

from __future__ import annotations

import collections
import ctypes
import os
from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import numpy.typing as npt

from app.core.errors import BadModel, HomebodyError
from app.core.private import private_path
from app.model.contract import BATCH
from app.model.pace import Pace

KV_TYPES = {
    "f16": llama_cpp.GGML_TYPE_F16,
    "q8_0": llama_cpp.GGML_TYPE_Q8_0,
    "q4_0": llama_cpp.GGML_TYPE_Q4_0,
}

_errors: collections.deque[str] = collections.deque(maxlen=4)
_ERROR_LEVEL = 4


def _log(level: int, text: bytes, _user: Any) -> None:
    if level == _ERROR_LEVEL:
        _errors.append(text.decode("utf-8", "replace").strip())


_LOG = llama_cpp.llama_log_callback(_log)  # a reference of ours, for as long as the library may call it
llama_cpp.llama_log_set(_LOG, ctypes.c_void_p(0))  # llama.cpp would write hundreds of lines a start


def last_error() -> str:
    """What llama.cpp said last, and forget it."""
    said = "; ".join(_errors)
    _errors.clear()
    return said


class Vocabulary:
    """Text to tokens and back, by llama.cpp's tables of a model it has opened."""

    def __init__(self, model: Any) -> None:
        self.vocab = llama_cpp.llama_model_get_vocab(model)
        self.size = llama_cpp.llama_vocab_n_tokens(self.vocab)

    def tokens(self, text: str, *, special: bool = False) -> list[int]:
        """With ``special`` the model's control marks in ``text`` become their tokens."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        found = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocab, data, len(data), found, room, False, special)
        if count < 0:
            raise HomebodyError("the text could not be tokenised", where=f"{len(data)} bytes")
        return list(found[:count])

    def piece(self, token: int) -> bytes:
        """The bytes a token stands for; control tokens stand for none."""
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            size = llama_cpp.llama_token_to_piece(self.vocab, token, buffer, room, 0, False)
            if size >= 0:
                return bytes(buffer.raw[:size])
            room = -size

    def is_end(self, token: int) -> bool:
        return bool(llama_cpp.llama_vocab_is_eog(self.vocab, token))


class Runtime(Vocabulary, ABC):
    """A base model with one context over one sequence. Not for more than one thread."""

    path: Path
    context: int  # tokens it has room for
    used: int = 0  # tokens in the context now

    @property
    @abstractmethod
    def parameters(self) -> int: ...

    @abstractmethod
    def decode(self, tokens: Sequence[int]) -> None:
        """Append at most BATCH ``tokens`` to the context; then :meth:`logits` are of the last."""

    @abstractmethod
    def logits(self) -> npt.NDArray[np.float32]:
        """One per vocabulary entry; valid until the next :meth:`decode`."""

    @abstractmethod
    def clear(self) -> None:
        """Empty the context, and overwrite what it held."""

    @abstractmethod
    def cut(self, used: int) -> None:
        """Keep only the first ``used`` tokens; what followed is masked, but not overwritten."""

    @abstractmethod
    def save(self) -> Any:
        """The context's state, to be restored by :meth:`restore` under what is worn now only."""

    @abstractmethod
    def restore(self, state: Any, used: int) -> None:
        """In place of whatever the context held."""

    @abstractmethod
    def load_adapter(self, data: bytes) -> Any:
        """A handle for :meth:`wear`; the GGUF ``data`` must have been checked (app.model.adapters)."""

    @abstractmethod
    def free_adapter(self, handle: Any) -> None:
        """Give back what ``handle`` holds. Nothing is worn afterwards."""

    @abstractmethod
    def wear(self, worn: Sequence[tuple[Any, float]]) -> None:
        """From now on decode with these adapters, each with its scale, and no others."""

    @abstractmethod
    def close(self) -> None:
        """Adapters are freed with their model."""


class Base(Runtime):
    """llama.cpp's."""

    def __init__(
        self,
        path: Path,
        *,
        context: int,
        threads: int,
        kv_cache: str = "f16",
        mmap: bool = True,
        repack: bool = True,
    ) -> None:
        """``kv_cache`` is a key of :data:`KV_TYPES`; ``mmap`` leaves the weights in the file's pages, but
        for those that ``repack`` lays out anew, to be computed with faster.
        """
        llama_cpp.llama_backend_init()
        self._pace = Pace(threads)
        params = llama_cpp.llama_model_default_params()
        params.load_mode = llama_cpp.LLAMA_LOAD_MODE_MMAP if mmap else llama_cpp.LLAMA_LOAD_MODE_NONE
        params.use_extra_bufts = repack
        self._model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
        if not self._model:
            raise BadModel(
                "the model cannot be loaded", where=f"{path}: {last_error()}", remedy="choose another"
            )
        super().__init__(self._model)
        self.path = path
        self.context = min(context, llama_cpp.llama_model_n_ctx_train(self._model) or context)
        self._ctx = self._new_context(threads, KV_TYPES[kv_cache])
        self._memory = llama_cpp.llama_get_memory(self._ctx)

    def _new_context(self, threads: int, kv_type: int) -> Any:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = self.context
        params.n_batch = params.n_ubatch = BATCH
        params.n_seq_max = 1
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        # Off: with it the logits depend on the number of threads. A quantized cache cannot do without.
        params.flash_attn_type = int(kv_type != llama_cpp.GGML_TYPE_F16)
        params.type_k = params.type_v = kv_type
        ctx = llama_cpp.llama_init_from_model(self._model, params)
        if not ctx:
            raise BadModel("the model does not fit in memory", where=f"{self.path}: {last_error()}")
        return ctx

    @property
    def parameters(self) -> int:
        return int(llama_cpp.llama_model_n_params(self._model))

    # --- the context ---------------------------------------------------------------------------

    def decode(self, tokens: Sequence[int]) -> None:
        """Append at most BATCH ``tokens`` to the context; then :meth:`logits` are of the last."""
        array = (llama_cpp.llama_token * len(tokens))(*tokens)
        threads = self._pace.begin()
        llama_cpp.llama_set_n_threads(self._ctx, threads, threads)
        code = llama_cpp.llama_decode(self._ctx, llama_cpp.llama_batch_get_one(array, len(tokens)))
        if code:
            raise HomebodyError("the model could not go on", where=f"llama_decode {code}: {last_error()}")
        self.used += len(tokens)
        self._pace.end()

    def logits(self) -> npt.NDArray[np.float32]:
        """A view that the next :meth:`decode` overwrites."""
        pointer = llama_cpp.llama_get_logits_ith(self._ctx, -1)
        return np.ctypeslib.as_array(pointer, shape=(self.size,))

    def clear(self) -> None:
        llama_cpp.llama_memory_clear(self._memory, True)
        self.used = 0

    def cut(self, used: int) -> None:
        if used:
            llama_cpp.llama_memory_seq_rm(self._memory, 0, used, -1)
        else:
            llama_cpp.llama_memory_clear(self._memory, False)
        self.used = used

    def save(self) -> Any:
        size = llama_cpp.llama_state_seq_get_size(self._ctx, 0)
        state = (ctypes.c_uint8 * size)()
        if llama_cpp.llama_state_seq_get_data(self._ctx, state, size, 0) != size:
            raise HomebodyError("the prompt's state could not be saved", where=last_error())
        return state

    def restore(self, state: Any, used: int) -> None:
        self.cut(0)
        if not llama_cpp.llama_state_seq_set_data(self._ctx, state, len(state), 0):
            raise HomebodyError("a saved prompt state could not be restored", where=last_error())
        self.used = used

    # --- adapters ------------------------------------------------------------------------------

    def load_adapter(self, data: bytes) -> Any:
        with private_path() as path:
            path.write_bytes(data)
            handle = llama_cpp.llama_adapter_lora_init(self._model, os.fsencode(path))
        if not bool(handle):  # NULL comes back as an object that is not None
            raise BadModel("the adapter cannot be loaded", where=last_error())
        return handle

    def free_adapter(self, handle: Any) -> None:
        self.wear(())  # what is worn is known by its address alone, which the next adapter may get
        llama_cpp.llama_adapter_lora_free(handle)

    def wear(self, worn: Sequence[tuple[Any, float]]) -> None:
        handles = (llama_cpp.llama_adapter_lora_p_ctypes * len(worn))(*[handle for handle, _ in worn])
        scales = (ctypes.c_float * len(worn))(*[scale for _, scale in worn])
        if llama_cpp.llama_set_adapters_lora(self._ctx, handles, len(worn), scales):
            raise HomebodyError("the adapter could not be switched", where=last_error())

    def close(self) -> None:
        """Adapters are freed with their model."""
        llama_cpp.llama_free(self._ctx)
        llama_cpp.llama_model_free(self._model)
