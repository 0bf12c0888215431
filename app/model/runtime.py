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
from app.model.pace import Pace

BATCH = 128  # tokens decoded at once while a prompt is read

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
        """Empty the context."""

    @abstractmethod
    def save(self) -> Any:
        """The context's state, to be restored by :meth:`restore` under the same adapter only."""

    @abstractmethod
    def restore(self, state: Any, used: int) -> None:
        """In place of whatever the context held."""

    @abstractmethod
    def load_adapter(self, path: Path) -> Any:
        """A handle for :meth:`wear`; the file must have been checked (app.model.adapters)."""

    @abstractmethod
    def wear(self, handle: Any | None, scale: float) -> None:
        """From now on decode with this adapter, or with none."""

    @abstractmethod
    def close(self) -> None:
        """Adapters are freed with their model."""


class Base(Runtime):
    """llama.cpp's."""

    def __init__(self, path: Path, *, context: int, threads: int) -> None:
        llama_cpp.llama_backend_init()
        self._pace = Pace(threads)
        params = llama_cpp.llama_model_default_params()
        self._model = llama_cpp.llama_model_load_from_file(os.fsencode(path), params)
        if not self._model:
            raise BadModel(
                "the model cannot be loaded", where=f"{path}: {last_error()}", remedy="choose another"
            )
        super().__init__(self._model)
        self.path = path
        self.context = min(context, llama_cpp.llama_model_n_ctx_train(self._model) or context)
        self._ctx = self._new_context(threads)
        self._memory = llama_cpp.llama_get_memory(self._ctx)

    def _new_context(self, threads: int) -> Any:
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = self.context
        params.n_batch = params.n_ubatch = BATCH
        params.n_seq_max = 1
        params.n_threads = params.n_threads_batch = threads
        params.no_perf = True
        params.flash_attn_type = 0  # off: with it the logits depend on the number of threads
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

    def save(self) -> bytes:
        """The context's state, to be restored by :meth:`restore` under the same adapter only."""
        size = llama_cpp.llama_state_seq_get_size(self._ctx, 0)
        buffer = (ctypes.c_uint8 * size)()
        written = llama_cpp.llama_state_seq_get_data(self._ctx, buffer, size, 0)
        return bytes(memoryview(buffer)[:written])

    def restore(self, state: bytes, used: int) -> None:
        """In place of whatever the context held."""
        self.clear()
        buffer = (ctypes.c_uint8 * len(state)).from_buffer_copy(state)
        if not llama_cpp.llama_state_seq_set_data(self._ctx, buffer, len(state), 0):
            raise HomebodyError("a saved prompt state could not be restored", where=last_error())
        self.used = used

    # --- adapters ------------------------------------------------------------------------------

    def load_adapter(self, path: Path) -> Any:
        """A handle for :meth:`wear`; the file must have been checked (app.model.adapters)."""
        handle = llama_cpp.llama_adapter_lora_init(self._model, os.fsencode(path))
        if not bool(handle):  # NULL comes back as an object that is not None
            raise BadModel("the adapter cannot be loaded", where=f"{path}: {last_error()}")
        return handle

    def wear(self, handle: Any | None, scale: float) -> None:
        """From now on decode with this adapter, or with none."""
        worn = [] if handle is None else [handle]
        handles = (llama_cpp.llama_adapter_lora_p_ctypes * len(worn))(*worn)
        scales = (ctypes.c_float * len(worn))(*[scale for _ in worn])
        if llama_cpp.llama_set_adapters_lora(self._ctx, handles, len(worn), scales):
            raise HomebodyError("the adapter could not be switched", where=last_error())

    def close(self) -> None:
        """Adapters are freed with their model."""
        llama_cpp.llama_free(self._ctx)
        llama_cpp.llama_model_free(self._model)
