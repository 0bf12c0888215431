"""Examples of a task as token sequences, with the loss on the completion only."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import llama_cpp
import msgspec
import torch

from app.core.errors import BadModel
from app.core.prompt import TURN_END, Template

IGNORED = -100  # torch's mark for positions without a loss
Tokenise = Callable[[str, bool], list[int]]  # text, whether control marks become their tokens


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of ``train.jsonl`` or ``cases.jsonl``."""

    fields: dict[str, str]
    completion: str


@dataclass(frozen=True)
class Example:
    """``tokens[start:]`` is what the model is to learn to say."""

    tokens: tuple[int, ...]
    start: int


def tokeniser(base: Path) -> Tokenise:
    """The base's own, by the same library that runs it, so that training sees the tokens of use."""
    vocabulary = llama_cpp.Llama(str(base), vocab_only=True, verbose=False)
    return lambda text, special: vocabulary.tokenize(text.encode(), add_bos=False, special=special)


def rows(path: Path) -> list[Row]:
    """Raises BadModel naming the first line that is not an example."""
    found = []
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                found.append(msgspec.json.decode(line, type=Row))
            except msgspec.DecodeError as error:
                raise BadModel("a line is no example", where=f"{path.name}:{number}: {error}") from error
    return found


def encode(row: Row, template: Template, tokenise: Tokenise) -> Example:
    prompt = [
        token
        for piece in template.render(row.fields)
        for token in tokenise(piece.text, piece.kind == "control")
    ]
    completion = [*tokenise(row.completion, False), *tokenise(TURN_END, True)]
    return Example((*prompt, *completion), len(prompt))


def split(examples: Sequence[Example], held_out: float, seed: int) -> tuple[list[Example], list[Example]]:
    """Training and held-out examples; the same for the same seed."""
    shuffled = list(examples)
    random.Random(seed).shuffle(shuffled)
    count = max(1, round(len(shuffled) * held_out))
    return shuffled[count:], shuffled[:count]


def batches(examples: Sequence[Example], size: int, seed: int) -> list[list[Example]]:
    """Of like length, in random order."""
    chance = random.Random(seed)
    by_length = sorted(examples, key=lambda e: (len(e.tokens) // 16, chance.random()))
    grouped = [by_length[at : at + size] for at in range(0, len(by_length), size)]
    chance.shuffle(grouped)
    return grouped


def tensors(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Token ids, attention mask and labels, each (batch, longest)."""
    width = max(len(e.tokens) for e in batch)
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros_like(ids)
    labels = torch.full_like(ids, IGNORED)
    for row, example in enumerate(batch):
        size = len(example.tokens)
        ids[row, :size] = torch.tensor(example.tokens)
        mask[row, :size] = 1
        labels[row, example.start : size] = ids[row, example.start : size]
    return ids, mask, labels
