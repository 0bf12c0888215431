"""Which library runs the language model here: llama.cpp anywhere, MLX where Apple's chip is."""

from __future__ import annotations

import importlib.util
import platform
import sys
from pathlib import Path

from app.core.errors import Unsupported
from app.model import gguf, needs
from app.model.contract import Loading
from app.model.needs import Need

AUTO, LLAMACPP, MLX = "auto", "llamacpp", "mlx"
_LLAMACPP_SERVICE, _MLX_SERVICE = "app.model.llamacpp:service", "app.model.mlx_runtime:service"
MLX_ARCHITECTURES = {  # as GGUF calls them → mlx-lm's module
    "llama": "llama",
    "smollm3": "smollm3",
    "qwen3": "qwen3",
    "gemma3": "gemma3_text",
}


def service(wanted: str, base: Path) -> str:
    """Where the process finds its service. Raises Unsupported where ``mlx`` is wanted and cannot be."""
    if wanted == LLAMACPP or (wanted == AUTO and not _apple_silicon()):
        return _LLAMACPP_SERVICE
    reason = _missing() or _unknown(base)
    if not reason:
        return _MLX_SERVICE
    if wanted == AUTO:
        return _LLAMACPP_SERVICE
    raise Unsupported(
        reason, where=f"model.backend {MLX}", remedy=f"set model.backend to {LLAMACPP} or {AUTO}"
    )


def need(service: str, base: Path, loading: Loading) -> Need:
    """What the process of that ``service`` needs in memory on ``base``, estimated."""
    if service == _MLX_SERVICE:
        return needs.mlx(base, loading, gpu=_apple_silicon())
    return needs.llamacpp(base, loading)


def _apple_silicon() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"


def _missing() -> str:
    absent = [name for name in ("mlx", "mlx_lm") if importlib.util.find_spec(name) is None]
    return f"MLX is not installed here ({', '.join(absent)})" if absent else ""


def _unknown(base: Path) -> str:
    architecture = gguf.read(base).metadata.get("general.architecture")
    return "" if architecture in MLX_ARCHITECTURES else f"MLX does not run {architecture} models here"
