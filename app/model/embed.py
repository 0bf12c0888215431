"""The embedding process: a model as sentence-transformers loads it, through a light runtime.

A start takes the derived model that is there (set-up's, or the data folder's), which needs neither
sentence-transformers nor PyTorch. Where there is none that can be trusted, this one start takes them,
derives it, and serves with it. Where even that fails (a full disk, a processor on which the two
disagree, a platform without OpenVINO), sentence-transformers itself serves and the log says why.

The model is all-MiniLM-L6-v2, which comes with Homebody, or one that the person chose. One that was in
use before serves from its derived copy alone: its original may be gone.

`python -m app.model.embed [FOLDER]` does that ahead of the first start, in the installation's own folder
or in FOLDER; `make set-up` runs it.
"""

from __future__ import annotations

import contextlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

import msgspec

from app.core.errors import BadModel
from app.core.types import Record
from app.model import embed_derived as derived
from app.model.contract import Embedder
from app.workers.service import Service


class Config(Record, frozen=True, kw_only=True):
    """``roots``: where derived models are looked for, and in the last of them one is made; without any,
    sentence-transformers serves. ``chosen``: the folder of the model, "" for ours; or ``former``: that of
    a derived copy, which then is all there is. ``threads`` 0 uses every core; ``dtype`` is that of the
    arithmetic, bfloat16 or float32, and "" what suits the processor."""

    roots: tuple[str, ...] = ()
    chosen: str = ""
    former: str = ""
    threads: int = 0
    dtype: str = ""


def service(config: dict[str, Any]) -> Service:
    return Service({Embedder: _embedder(msgspec.convert(config, Config))})


def _embedder(config: Config) -> Embedder:
    if config.former:
        from app.model.embed_openvino import Derived

        return Derived(Path(config.former), threads=config.threads, dtype=config.dtype)
    folders = [derived.place(Path(root), config.chosen) for root in config.roots]
    if importlib.util.find_spec("openvino") is not None:
        for folder in folders:
            if _there(folder) and (found := _derived(folder, config)) is not None:
                return found
        if (
            folders
            and _derive(folders[-1], config.chosen)
            and (found := _derived(folders[-1], config)) is not None
        ):
            return found
    from app.model.embed_torch import Original

    return Original(threads=config.threads, dtype=config.dtype, chosen=config.chosen)


def _there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:  # in another user's folder
        return False


def _derived(folder: Path, config: Config) -> Embedder | None:
    try:
        from app.model.embed_openvino import Derived

        return Derived(folder, threads=config.threads, dtype=config.dtype)
    except Exception as error:  # of whatever kind: a copy is never worth more than the embedder
        print(f"not used: {folder}: {type(error).__name__}: {error}", file=sys.stderr)
        return None


def _derive(folder: Path, chosen: str) -> bool:
    refused = folder.with_name(f"{folder.name}.refused")
    try:
        if refused.exists():
            return False
        from app.model.embed_torch import derive

        derive(folder, chosen)
        return True
    except Exception as error:  # of whatever kind: sentence-transformers serves
        print(f"no faster embedder: {folder}: {type(error).__name__}: {error}", file=sys.stderr)
        if isinstance(error, BadModel):  # as it would be each time: the two disagree on this processor
            with contextlib.suppress(OSError):
                refused.touch()
        return False


if __name__ == "__main__":
    _embedder(Config(roots=(sys.argv[1] if len(sys.argv) > 1 else str(derived.shared()),)))
