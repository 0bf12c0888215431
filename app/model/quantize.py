"""A faster copy of a base model: Q4_1, which CPUs unpack slowly, written once more as Q8_0.

The same weights at half the prompt-reading time; the copy lies in the data folder, under the
original's SHA-256. Adapters stay bound to the original's hash.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

import llama_cpp

from app.core.errors import HomebodyError, translate
from app.model import gguf, needs
from app.model.runtime import last_error


def faster(path: Path, sha256: str, folder: Path, *, threads: int) -> Path:
    """The copy to load instead of ``path``, or ``path`` itself where a copy would not help.

    A copy that cannot be written (a full disk) is reported on standard error and shows in the
    model's path and file type; the original then does the work, slower.
    """
    header = gguf.read(path)
    if not needs.copied(header, path.stat().st_size):
        return path
    copy = folder / f"{sha256[:16]}.q8_0.gguf"
    if _whole(copy, header):
        return copy
    try:
        _write(path, copy, threads)
    except (HomebodyError, OSError) as error:
        print(f"no faster copy of the model: {translate(error, str(copy))}", file=sys.stderr)
        return path
    return copy


def _whole(copy: Path, original: gguf.Header) -> bool:
    try:
        return set(gguf.read(copy).tensors) == set(original.tensors)
    except (HomebodyError, OSError, ValueError):
        return False


def _write(path: Path, copy: Path, threads: int) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_suffix(".part")  # one left over by a killed process is written over
    try:
        params = llama_cpp.llama_model_quantize_default_params()
        params.nthread = threads
        params.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q8_0
        params.allow_requantize = True
        if llama_cpp.llama_model_quantize(os.fsencode(path), os.fsencode(part), ctypes.byref(params)):
            raise HomebodyError("the model could not be converted", where=last_error())
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
