"""The base model as torch sees it: the GGUF file's own weights, dequantized, on the best device there is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before they are imported
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait must not spin on a shared machine

import torch
from transformers import AutoModelForCausalLM, GgufConfig

from app.core.errors import BadModel

# Processor features with which bfloat16 is ten times as fast as float32 (x86-64; `bf16` is Arm's);
# without them it is emulated, and slower.
_BF16 = ("avx512_bf16", "amx_bf16", "bf16")


def device() -> torch.device:
    """A GPU where torch sees one."""
    return torch.accelerator.current_accelerator() or torch.device("cpu")


def dtype(where: torch.device) -> torch.dtype:
    """What the frozen weights are computed in: bfloat16 where the hardware does, else float32."""
    if where.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    if where.type != "cpu":
        return torch.float32
    able = torch.cpu.get_capabilities()
    return torch.bfloat16 if any(able.get(name) for name in _BF16) else torch.float32


def load_base(path: Path, kind: torch.dtype = torch.bfloat16) -> Any:
    """The GGUF file's weights, dequantized, as a transformers model on the processor.

    Raises BadModel where transformers cannot dequantize the file.
    """
    try:
        model = AutoModelForCausalLM.from_pretrained(
            str(path.parent),
            gguf_file=path.name,
            quantization_config=GgufConfig(dequantize=True),  # packed weights would compute in float32
            dtype=kind,
            local_files_only=True,
        )
    except (OSError, ValueError, KeyError, NotImplementedError, RuntimeError) as error:
        raise BadModel(
            "adapters cannot be trained or checked on this base",
            where=f"{path.name}: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            remedy="choose a base of the Llama, Qwen 3 or Gemma 3 family",
        ) from error
    model.config.use_cache = False
    return model
