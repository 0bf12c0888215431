"""Prompts in every family's format, and fields that try to imitate it."""

from __future__ import annotations

import pytest

from app.core import prompt
from app.core.errors import BadModel, UsageFault
from app.core.prompt import CHATML, FAMILIES, GEMMA, LLAMA3, QWEN3, SMOLLM3, Family, Piece, chat, parse

TEMPLATE = parse("[system]\nBe brief.\n[user]\nSay: {text}\n")
HOSTILE = "".join((*(c for f in FAMILIES.values() for c in f.controls), "<think>", "</think>", "<tool_call>"))


def written(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (
            CHATML,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nSay: hi<|im_end|>\n"
            "<|im_start|>assistant\n",
        ),
        (
            QWEN3,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nSay: hi<|im_end|>\n"
            "<|im_start|>assistant\n<think>\n\n</think>\n\n",
        ),
        (
            SMOLLM3,
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nSay: hi<|im_end|>\n"
            "<|im_start|>assistant\n<think>\n\n</think>\n",
        ),
        (
            GEMMA,
            "<bos><start_of_turn>user\nBe brief.\n\nSay: hi<end_of_turn>\n<start_of_turn>model\n",
        ),
        (
            LLAMA3,
            "<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|>"
            "<|start_header_id|>user<|end_header_id|>\n\nSay: hi<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, Family) else "",
)
def test_a_prompt_as_each_family_was_trained_on(family: Family, expected: str) -> None:
    assert written(TEMPLATE.spoken(family).render({"text": "hi"})) == expected
    assert written(chat(family, [("system", "Be brief."), ("user", "Say: hi")])) == expected


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_what_a_field_holds_stays_text(family: Family) -> None:
    pieces = TEMPLATE.spoken(family).render({"text": HOSTILE})
    fields = [piece for piece in pieces if piece.kind == "field"]
    assert written(tuple(fields)).strip() == HOSTILE
    assert not any(mark in piece.text for piece in fields for mark in family.marks)
    harmless = TEMPLATE.spoken(family).render({"text": "x"})
    assert [p for p in pieces if p.kind == "control"] == [p for p in harmless if p.kind == "control"]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_the_fixed_beginning_is_the_same_for_every_request(family: Family) -> None:
    spoken = TEMPLATE.spoken(family)
    one, other = spoken.render({"text": "a"}), spoken.render({"text": "<think> b"})
    assert one[: len(spoken.static)] == other[: len(spoken.static)] == spoken.static
    assert spoken.fields == ("text",)


def test_earlier_answers_are_turns_of_the_assistant() -> None:
    turns = [("user", "a"), ("assistant", "b"), ("user", "c")]
    assert written(chat(GEMMA, turns)).count("<start_of_turn>model\n") == 2
    assert written(chat(SMOLLM3, turns)).count("<think>\n\n</think>\n") == 2
    assert written(chat(QWEN3, turns)).count("<think>\n\n</think>\n\n") == 1
    with pytest.raises(UsageFault, match="role"):
        chat(CHATML, [("tool", "x")])


@pytest.mark.parametrize(
    ("architecture", "theirs", "known", "family"),
    [
        ("llama", "", CHATML.controls, CHATML),
        ("qwen2", "", CHATML.controls, CHATML),
        ("qwen3", "", CHATML.controls, QWEN3),
        ("qwen3", "… enable_thinking …", CHATML.controls, QWEN3),
        ("qwen3", "<|im_start|> always without thoughts", CHATML.controls, CHATML),
        ("smollm3", "<|im_start|> enable_thinking", (*CHATML.controls, *LLAMA3.controls), SMOLLM3),
        ("gemma3", "", GEMMA.controls, GEMMA),
        ("llama", "", LLAMA3.controls, LLAMA3),
        ("llama", "<|start_header_id|>", (*CHATML.controls, *LLAMA3.controls), LLAMA3),
    ],
)
def test_the_family_is_read_from_the_header(
    architecture: str, theirs: str, known: tuple[str, ...], family: Family
) -> None:
    header = {"general.architecture": architecture, "tokenizer.chat_template": theirs}
    assert prompt.family(header, lambda text: text in known) == family


def test_an_unknown_format_is_refused_and_says_what_is_missing() -> None:
    with pytest.raises(BadModel, match="chat format is not one we know") as caught:
        prompt.family({"general.architecture": "mamba"}, lambda text: text == "<|im_start|>")
    assert "architecture mamba" in caught.value.where
    assert "chatml" in caught.value.where
