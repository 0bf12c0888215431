"""A PEFT LoRA adapter written as GGUF for llama.cpp; the safetensors stay the source of truth."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gguf import GGUFReader, GGUFWriter
from safetensors.torch import load_file

from app.core.errors import BadModel

_NAME = re.compile(r"base_model\.model\.model\.layers\.(\d+)\.(?:self_attn|mlp)\.(\w+)\.lora_([AB])\.weight")
_MATRICES = {
    "q_proj": "attn_q",
    "k_proj": "attn_k",
    "v_proj": "attn_v",
    "o_proj": "attn_output",
    "gate_proj": "ffn_gate",
    "up_proj": "ffn_up",
    "down_proj": "ffn_down",
}
_NOT_PLAIN = ("use_dora", "use_rslora", "alpha_pattern", "rank_pattern", "modules_to_save")


def convert(peft: Path, base: Path, out: Path) -> None:
    """Raises BadModel where the adapter is not plain LoRA on matrices that ``base`` has."""
    config = _config(peft)
    metadata = _metadata(base)
    weights = load_file(peft / "adapter_model.safetensors")
    part = out.with_suffix(".part")
    writer = GGUFWriter(part, metadata["architecture"])
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(config["lora_alpha"]))
    for name, tensor in sorted(weights.items()):
        match = _NAME.fullmatch(name)
        if match is None or match[2] not in _MATRICES:
            raise BadModel("the adapter changes a part we cannot convert", where=name)
        values = tensor.float().numpy()
        if match[3] == "B" and match[2] in ("q_proj", "k_proj") and metadata["architecture"] == "llama":
            values = permuted(values, metadata["heads" if match[2] == "q_proj" else "kv_heads"])
        target = f"blk.{match[1]}.{_MATRICES[match[2]]}.weight.lora_{match[3].lower()}"
        writer.add_tensor(target, np.ascontiguousarray(values, dtype=np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(out)


def permuted(matrix: npt.NDArray[Any], heads: int) -> npt.NDArray[Any]:
    """Rows as llama.cpp orders them: rotary pairs lie side by side, where transformers has halves."""
    rows = matrix.shape[0]
    halves = matrix.reshape(heads, 2, rows // heads // 2, *matrix.shape[1:])
    swapped: npt.NDArray[Any] = halves.swapaxes(1, 2).reshape(matrix.shape)
    return swapped


def _config(peft: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((peft / "adapter_config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadModel("the folder holds no PEFT adapter", where=f"{peft}: {error}") from error
    if config.get("peft_type") != "LORA" or any(config.get(key) for key in _NOT_PLAIN):
        raise BadModel("only plain LoRA adapters can be used", where=str(peft))
    return config


def _metadata(base: Path) -> dict[str, Any]:
    fields = GGUFReader(base).fields
    architecture = fields["general.architecture"].contents()
    return {
        "architecture": architecture,
        "heads": fields[f"{architecture}.attention.head_count"].contents(),
        "kv_heads": fields[f"{architecture}.attention.head_count_kv"].contents(),
    }
