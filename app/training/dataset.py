"""Examples of a task as token sequences, with the loss on the completion only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import llama_cpp
import msgspec
import torch

from app.core.errors import BadModel
from app.core.prompt import Template, family
from app.training.contract import Row

IGNORED = -100  # torch's mark for positions without a loss


class Tokenise(Protocol):
    """:meth:`Vocabulary.tokens`."""

    def __call__(self, text: str, *, special: bool = False) -> list[int]: ...


@dataclass(frozen=True)
class Example:
    """``tokens[start:]`` is what the model is to learn to say."""

    tokens: tuple[int, ...]
    start: int
    group: str = ""


@dataclass(frozen=True)
class Pack:
    """Examples whose first ``shared`` tokens are the same, computed once for all of them."""

    examples: tuple[Example, ...]
    shared: int

    @property
    def size(self) -> int:
        return self.shared + sum(len(e.tokens) - self.shared for e in self.examples)


class Vocabulary:
    """The base's tokens, by the same library that runs it, so that training sees those of use.

    ``family`` is how its models write a conversation. Raises BadModel where that is not known.
    """

    def __init__(self, base: Path) -> None:
        try:
            self._llama = llama_cpp.Llama(str(base), vocab_only=True, verbose=False)
        except ValueError as error:
            raise BadModel("the base cannot be read", where=base.name) from error
        self.family = family(self._llama.metadata, lambda text: len(self.tokens(text, special=True)) == 1)

    def tokens(self, text: str, *, special: bool = False) -> list[int]:
        """With ``special`` the model's control marks in ``text`` become their tokens."""
        return list(self._llama.tokenize(text.encode(), add_bos=False, special=special))


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
    """``template`` in the format of the base's family."""
    prompt = [
        token
        for piece in template.render(row.fields)
        for token in tokenise(piece.text, special=piece.kind == "control")
    ]
    completion = [*tokenise(row.completion), *tokenise(template.family.end, special=True)]
    return Example((*prompt, *completion), len(prompt), row.group)


def packed(examples: Sequence[Example], most: int, room: int = 1 << 20) -> list[Pack]:
    """Examples that begin alike, up to ``most`` and ``room`` tokens together; half of a prompt at
    least must be shared."""
    packs: list[Pack] = []
    for example in _grouped(examples) if most > 1 else examples:
        if most > 1 and packs and len(packs[-1].examples) < most:
            shared = _shared(packs[-1], example)
            larger = Pack((*packs[-1].examples, example), shared)
            if shared * 2 >= example.start and larger.size <= room:
                packs[-1] = larger
                continue
        packs.append(Pack((example,), example.start - 1))
    return packs


def _grouped(examples: Sequence[Example]) -> list[Example]:
    """By the first half of the prompt, and else mixed: a pack of like requests teaches one thing a step."""
    mixed = random.Random(0).sample(examples, len(examples))
    return sorted(mixed, key=lambda e: e.tokens[: e.start // 2])


def _shared(pack: Pack, example: Example) -> int:
    """How many first tokens agree; the last of a prompt stays out, as it foretells the completion."""
    alike = 0
    most = min(pack.shared, example.start - 1)
    while alike < most and pack.examples[0].tokens[alike] == example.tokens[alike]:
        alike += 1
    return alike


def split(packs: Sequence[Pack], held_out: float, seed: int) -> tuple[list[Pack], list[Pack]]:
    """Training and held-out examples; the same for the same seed. Examples of one group, and those
    packed together, are on one side: a variant of what was learned says nothing about the rest."""
    shuffled = _related(packs)
    random.Random(seed).shuffle(shuffled)
    wanted = max(1, round(len(packs) * held_out))
    kept: list[Pack] = []
    chosen: list[Pack] = []
    for related in shuffled:
        (chosen if len(chosen) + len(related) <= wanted else kept).extend(related)
    if not chosen:
        chosen = min(shuffled, key=len)
        kept = [pack for related in shuffled if related is not chosen for pack in related]
    if not kept:
        raise BadModel(
            "the examples are all variants of one: none can be held out", remedy="give examples of two kinds"
        )
    return kept, chosen


def _related(packs: Sequence[Pack]) -> list[list[Pack]]:
    """Packs that are linked by a common group, together, in the order of their first."""
    of: dict[str, list[Pack]] = {}
    found: dict[int, list[Pack]] = {}
    for pack in packs:
        groups = {e.group for e in pack.examples if e.group}
        related = [pack]
        for other in {id(of[group]): of[group] for group in sorted(groups) if group in of}.values():
            related = other + related
            del found[id(other)]
        found[id(related)] = related
        of |= {e.group: related for p in related for e in p.examples if e.group}
    return list(found.values())


def batches(packs: Sequence[Pack], size: int, seed: int) -> list[list[Pack]]:
    """Of like length, in random order."""
    chance = random.Random(seed)
    by_length = sorted(packs, key=lambda p: (p.size // 16, chance.random()))
    grouped = [by_length[at : at + size] for at in range(0, len(by_length), size)]
    chance.shuffle(grouped)
    return grouped


@dataclass(frozen=True)
class Batch:
    """``ids``, ``positions`` and ``labels`` are (packs, longest); ``mask`` (packs, 1, longest, longest)
    says which token sees which."""

    ids: torch.Tensor
    positions: torch.Tensor
    labels: torch.Tensor
    mask: torch.Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(t.to(device) for t in (self.ids, self.positions, self.labels, self.mask)))


def tensors(packs: Sequence[Pack]) -> Batch:
    """Every example sees what it shares and itself, as if it stood alone at its own positions."""
    width = max(p.size for p in packs)
    ids = torch.zeros(len(packs), width, dtype=torch.long)
    positions, labels = torch.zeros_like(ids), torch.full_like(ids, IGNORED)
    part = torch.full_like(ids, -1)  # 0: shared, 1 …: the examples, -1: filling
    for row, pack in enumerate(packs):
        at = pack.shared
        ids[row, :at] = torch.tensor(pack.examples[0].tokens[:at])
        positions[row, :at], part[row, :at] = torch.arange(at), 0
        for number, example in enumerate(pack.examples, 1):
            own = example.tokens[pack.shared :]
            end, start = at + len(own), at + example.start - pack.shared
            ids[row, at:end] = torch.tensor(own)
            positions[row, at:end] = torch.arange(pack.shared, len(example.tokens))
            part[row, at:end] = number
            labels[row, start:end] = ids[row, start:end]
            at = end
    sees = (part[:, None, :] == 0) | (part[:, None, :] == part[:, :, None])
    return Batch(ids, positions, labels, (sees & torch.ones(width, width).tril().bool())[:, None])
