"""The measures themselves: right is right, wrong is counted."""

from __future__ import annotations

import pytest

from app.core.errors import BadModel, HomebodyError
from app.core.prompt import parse
from app.training.contract import Row
from app.training.dataset import Example, Pack, batches, encode, packed, split, tensors
from app.training.evaluate import holds, rouge_l
from app.training.loss import parts
from app.training.memory import check_room


def test_rouge_l_is_the_common_subsequence() -> None:
    assert rouge_l("the cat sat", "the cat sat") == 1
    assert rouge_l("the cat sat", "a dog") == 0
    assert rouge_l("the cat sat on the mat", "the cat on mat") == pytest.approx(0.8)


def test_the_loss_is_on_the_completion_only() -> None:
    def letters(text: str, *, special: bool = False) -> list[int]:
        return [0] if special else [ord(c) for c in text]

    template = parse("[system]\nS\n[user]\n{q}")
    example = encode(Row(fields={"q": "ab"}, completion="yz"), template, letters)
    given = tensors(packed([example, Example((1, 2), 1)], 1))
    learned = [t for t in given.labels[0].tolist() if t != -100]
    assert learned == [ord("y"), ord("z"), 0]
    assert given.mask[1, 0, 1].sum() == 2


def test_packed_examples_see_what_they_would_see_alone() -> None:
    alike = [Example((5, 6, 7, 8, last, 3), 5) for last in (1, 2)]
    [pack] = packed([*alike, Example((5, 6, 7, 8, 1, 4), 5)], 8)
    assert (pack.shared, pack.size, len(pack.examples)) == (4, 4 + 3 * 2, 3)
    given = tensors([pack])
    seen = set()
    for token in range(4, pack.size):
        sees = given.mask[0, 0, token]
        at = given.positions[0][sees].tolist()
        assert at == list(range(len(at)))
        seen.add((tuple(given.ids[0][sees].tolist()), int(given.labels[0, token])))
    alone = {
        (e.tokens[: n + 1], e.tokens[n] if n >= e.start else -100) for e in pack.examples for n in (4, 5)
    }
    assert seen == alone
    assert len(packed([Example((5, 6, 1, 2), 3), Example((9, 6, 1, 2), 3)], 8)) == 2


def test_an_answer_holds_every_number_and_half_of_the_words() -> None:
    assert holds("The fee is 12.50 by Friday.", "By Friday the fee is 12.50.")
    assert not holds("The fee is 12.50 by Friday.", "The fee is 13.50 by Friday.")


def test_variants_of_one_example_never_straddle_the_split() -> None:
    """Neither those of a group nor those packed together. The control: without groups they do."""

    def examples(*, grouped: bool) -> list[Example]:
        made = [(n // 5, Example((n // 10, n, 1, n), 3)) for n in range(100)]
        return [Example(e.tokens, e.start, f"g{g}" if grouped else "") for g, e in made]

    def straddling(found: list[Example], most: int) -> set[int]:
        sides = [
            {e.tokens[1] // 5 for p in side for e in p.examples}
            for side in split(packed(found, most), 0.2, 1)
        ]
        return sides[0] & sides[1]

    assert not straddling(examples(grouped=True), 1)
    assert not straddling(examples(grouped=True), 4)
    assert straddling(examples(grouped=False), 1)
    chained = [Example((1, 2), 1, "a"), Example((1, 3), 1, "b")]
    with pytest.raises(BadModel, match="variants of one"):
        split([Pack(tuple(chained), 0), *packed(chained, 1)], 0.2, 1)


def test_batches_are_computed_within_bounded_memory() -> None:
    packs = packed([Example(tuple(range(n)), 1) for n in (700, 400, 400, 300, 5000)], 1)
    assert [[p.size for p in part] for part in parts(packs)] == [[700], [400, 400], [300], [5000]]
    alike = [Example((*range(900), n, 7), 901) for n in range(900)]
    assert all(pack.size <= 1000 for pack in packed(alike, 1000, 1000))


def test_a_base_beyond_the_free_memory_is_told_before_it_is_loaded() -> None:
    check_room("small", 1000)
    with pytest.raises(HomebodyError, match="not enough memory") as error:
        check_room("huge", 10**13)
    assert error.value.where.startswith("huge: 50000.0 GB")


def test_split_and_batches_are_the_same_for_the_same_seed() -> None:
    examples = packed([Example(tuple(range(n)), 1) for n in range(2, 60)], 1)
    learning, held_out = split(examples, 0.1, 3)
    assert len(held_out) == 6
    assert not set(learning) & set(held_out)
    assert split(examples, 0.1, 3) == (learning, held_out)
    assert batches(learning, 8, 1) == batches(learning, 8, 1) != batches(learning, 8, 2)
    assert sorted(p.size for b in batches(learning, 8, 1) for p in b) == sorted(p.size for p in learning)
