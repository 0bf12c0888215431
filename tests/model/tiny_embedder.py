"""Makes two tiny embedding models, FOLDER/one and FOLDER/other: `python -m tests.model.tiny_embedder FOLDER`.

Each is a real transformer with random weights, as sentence-transformers saves one; their derived copies are
put into FOLDER/copies, as the embedder's first start would.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, BertTokenizerFast

from app.model import embed_derived as derived
from app.model.embed_torch import derive

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,:?!-"


def make(folder: Path, seed: int, dim: int) -> None:
    folder.mkdir(parents=True)
    bare = folder.with_name(f"{folder.name}.bert")
    bare.mkdir()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    (bare / "vocab.txt").write_text("\n".join(pieces) + "\n")
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=dim,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=2 * dim,
        max_position_embeddings=160,
    )
    BertModel(config).save_pretrained(bare)
    BertTokenizerFast(vocab_file=str(bare / "vocab.txt")).save_pretrained(bare)
    words = Transformer(str(bare))
    pooling = Pooling(words.get_embedding_dimension())
    SentenceTransformer(modules=[words, pooling, Normalize()], device="cpu").save(str(folder))


if __name__ == "__main__":
    home = Path(sys.argv[1])
    for seed, (name, dim) in enumerate((("one", 32), ("other", 48))):
        make(home / name, seed, dim)
        derive(derived.place(home / "copies", str(home / name)), str(home / name))
