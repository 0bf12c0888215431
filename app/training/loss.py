"""The loss of a batch, computed within bounded memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch.utils.checkpoint import checkpoint

from app.training.dataset import IGNORED, Batch, Pack, tensors

MOST_TOKENS = 1024  # computed at once: what bounds the memory of activations
_MOST_LOGITS = 256  # positions whose logits (one float32 a vocabulary entry) are there at once


def backward(model: Any, packs: Sequence[Pack]) -> float:
    """Add the gradient of the mean cross-entropy per completion token, part by part; the loss."""
    everything = sum(_wanted(pack) for pack in packs)
    total = 0.0
    for part in parts(packs):
        found = summed(model, part) / everything
        found.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        total += float(found.detach())
    return total


def mean(model: Any, packs: Sequence[Pack]) -> float:
    """Mean cross-entropy per completion token, nothing learned."""
    with torch.inference_mode():
        total = sum(float(summed(model, part)) for part in parts(packs))
    return total / sum(_wanted(pack) for pack in packs)


def parts(packs: Sequence[Pack]) -> list[list[Pack]]:
    """``packs`` in runs that, filled up to the longest of each, have at most MOST_TOKENS tokens."""
    found: list[list[Pack]] = []
    width = 0
    for pack in packs:
        width = max(width, pack.size)
        if found and width * (len(found[-1]) + 1) <= MOST_TOKENS:
            found[-1].append(pack)
        else:
            found.append([pack])
            width = pack.size
    return found


def summed(model: Any, packs: Sequence[Pack]) -> torch.Tensor:
    """Cross-entropy summed over the completion tokens of ``packs``."""
    inner = model.get_base_model()
    given = tensors(packs).to(inner.lm_head.weight.device)
    hidden = inner.model(
        input_ids=given.ids,
        position_ids=given.positions,
        attention_mask=_mask(given, inner.config),
        use_cache=False,
    ).last_hidden_state[:, :-1]
    targets = given.labels[:, 1:]
    wanted = targets != IGNORED
    states, right = hidden[wanted], targets[wanted]
    total = torch.zeros((), device=states.device)
    for at in range(0, len(right), _MOST_LOGITS):
        piece = states[at : at + _MOST_LOGITS], right[at : at + _MOST_LOGITS]
        total = total + (
            checkpoint(_entropy, inner.lm_head, *piece, use_reentrant=False)
            if torch.is_grad_enabled() and len(right) > _MOST_LOGITS
            else _entropy(inner.lm_head, *piece)
        )
    return total


def _entropy(head: Any, states: torch.Tensor, right: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(head(states).float(), right, reduction="sum")


def _wanted(pack: Pack) -> int:
    return sum(len(example.tokens) - example.start for example in pack.examples)


def _mask(given: Batch, config: Any) -> Any:
    """Which token sees which, layer by layer where the base has layers that only see the near past."""
    if "sliding_attention" not in (getattr(config, "layer_types", None) or ()):
        return given.mask
    far = given.positions[:, :, None] - given.positions[:, None, :]
    near = given.mask & (far < config.sliding_window)[:, None]
    return {"full_attention": given.mask, "sliding_attention": near}
