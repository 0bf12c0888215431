"""The base model as torch sees it: the GGUF file's own weights, dequantized, on the best device there is."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before they are imported
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait must not spin on a shared machine

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from transformers import AutoModelForCausalLM, GgufConfig, SmolLM3Config, SmolLM3ForCausalLM

from app.core.errors import BadModel
from app.training.convert import Shape, shape, unordered
from app.training.memory import check_room

# Processor features with which bfloat16 is ten times as fast as float32 (x86-64; `bf16` is Arm's);
# without them it is emulated, and slower.
_BF16 = ("avx512_bf16", "amx_bf16", "bf16")


def device() -> torch.device:
    """A GPU where torch sees one."""
    found = torch.accelerator.current_accelerator() if torch.accelerator.is_available() else None
    return found or torch.device("cpu")


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

    Raises BadModel where the file cannot be dequantized, HomebodyError where memory is short.
    """
    given = shape(path)
    check_room(path.name, given.parameters)
    try:
        model = _smollm3(path, kind, given) if given.architecture == "smollm3" else _known(path, kind)
    except (OSError, ValueError, KeyError, NotImplementedError, RuntimeError) as error:
        raise BadModel(
            "adapters cannot be trained or checked on this base",
            where=f"{path.name}: {str(error).splitlines()[0] if str(error) else type(error).__name__}",
            remedy="choose a base of the Llama, Qwen 3 or Gemma 3 family",
        ) from error
    model.config.use_cache = False
    return model


def _known(path: Path, kind: torch.dtype) -> Any:
    return AutoModelForCausalLM.from_pretrained(
        str(path.parent),
        gguf_file=path.name,
        quantization_config=GgufConfig(dequantize=True),  # packed weights would compute in float32
        dtype=kind,
        local_files_only=True,
    )


def _smollm3(path: Path, kind: torch.dtype, given: Shape) -> Any:
    """The one architecture of the catalog whose GGUF files transformers does not read itself."""
    reader = GGUFReader(path)
    tensors = {tensor.name: tensor for tensor in reader.tensors}

    def value(key: str) -> Any:
        return reader.fields[f"smollm3.{key}"].contents()

    config = SmolLM3Config(
        vocab_size=int(tensors["token_embd.weight"].shape[1]),
        hidden_size=value("embedding_length"),
        intermediate_size=value("feed_forward_length"),
        num_hidden_layers=value("block_count"),
        num_attention_heads=value("attention.head_count"),
        num_key_value_heads=value("attention.head_count_kv"),
        max_position_embeddings=value("context_length"),
        rms_norm_eps=value("attention.layer_norm_rms_epsilon"),
        rope_parameters={"rope_type": "default", "rope_theta": value("rope.freq_base")},
        tie_word_embeddings="output.weight" not in tensors,
        pad_token_id=None,
    )
    with torch.device("meta"):
        wanted = SmolLM3ForCausalLM(config).state_dict()
    weights = {}
    for name in wanted:
        found = f"{given.names.get_name(name.removesuffix('.weight'))}.weight"
        if found in tensors:  # tied output weights are not
            matrix = np.array(dequantize(tensors[found].data, tensors[found].tensor_type))
            weights[name] = torch.from_numpy(unordered(matrix, found, given)).to(kind)
    return SmolLM3ForCausalLM.from_pretrained(None, config=config, state_dict=weights, dtype=kind)
