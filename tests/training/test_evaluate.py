"""The measures themselves: right is right, wrong is counted."""

from __future__ import annotations

import pytest

from app.core.prompt import parse
from app.training.dataset import Example, Row, batches, encode, split, tensors
from app.training.evaluate import data_score, invented, rouge_l


def test_data_score_counts_actions_and_slots() -> None:
    right = ['{"action": "reminder", "title": "call Ben", "when": "tomorrow"}', '{"action": "none"}']
    assert data_score(right, right).exact == 1
    half = data_score(right, ['{"action": "reminder", "title": "Call Ben.", "when": "today"}', "no json"])
    assert (half.valid, half.action, half.exact, half.slots) == (0.5, 0.5, 0.0, 0.5)


def test_rouge_l_is_the_common_subsequence() -> None:
    assert rouge_l("the cat sat", "the cat sat") == 1
    assert rouge_l("the cat sat", "a dog") == 0
    assert rouge_l("the cat sat on the mat", "the cat on mat") == pytest.approx(0.8)


def test_invented_names_and_numbers() -> None:
    assert invented("Ben comes at 9:30.", "He says that Ben comes at 9:30.") == 0
    assert invented("Ben comes at 9:30.", "He says that Tom comes at 10:30.") == 1


def test_the_loss_is_on_the_completion_only() -> None:
    def letters(text: str, special: bool) -> list[int]:
        return [0] if special else [ord(c) for c in text]

    template = parse("[system]\nS\n[user]\n{q}")
    example = encode(Row(fields={"q": "ab"}, completion="yz"), template, letters)
    _, mask, labels = tensors([example, Example((1, 2), 1)])
    learned = [t for t in labels[0].tolist() if t != -100]
    assert learned == [ord("y"), ord("z"), 0]
    assert mask[1].sum() == 2


def test_split_and_batches_are_the_same_for_the_same_seed() -> None:
    examples = [Example(tuple(range(n)), 1) for n in range(2, 60)]
    learning, held_out = split(examples, 0.1, 3)
    assert len(held_out) == 6
    assert not set(learning) & set(held_out)
    assert split(examples, 0.1, 3) == (learning, held_out)
    assert batches(learning, 8, 1) == batches(learning, 8, 1) != batches(learning, 8, 2)
    assert sorted(len(e.tokens) for b in batches(learning, 8, 1) for e in b) == sorted(
        len(e.tokens) for e in learning
    )
