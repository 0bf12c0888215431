"""A CLIP of two layers with random weights, in the files that a hub's repository of such a model has."""

from __future__ import annotations

import json
import logging
import string
from pathlib import Path

import torch
from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPTokenizer, CLIPVisionConfig
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

DIM = 24


def make(folder: Path) -> Path:
    """Write it into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = sorted(set(string.printable) - set(string.whitespace))
    words = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: n for n, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    size = {"hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 2, "num_attention_heads": 4}
    text = CLIPTextConfig(
        **size,
        vocab_size=len(words),
        max_position_embeddings=32,
        projection_dim=DIM,
        bos_token_id=len(words) - 2,
        eos_token_id=len(words) - 1,
    )
    vision = CLIPVisionConfig(**size, image_size=32, patch_size=8, projection_dim=DIM)
    torch.manual_seed(3)
    logging.disable(logging.WARNING)
    try:
        config = CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), projection_dim=DIM)
        CLIPModel(config).save_pretrained(folder)
        CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt")).save_pretrained(folder)
        side = {"height": 32, "width": 32}
        CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=side).save_pretrained(folder)
    finally:
        logging.disable(logging.NOTSET)
    return folder
