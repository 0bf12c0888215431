"""What is approved has one encoding; what is shown hides nothing; what is displayed loads nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import policy
from app.core.errors import UsageFault

ANYTHING = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
MARKUP = st.text(alphabet=st.sampled_from("[]()<>!:\\`*x/@ \n\"'&;#"), max_size=40)
TRICKY = st.text(alphabet=st.sampled_from("ab\\u{}0123F\u200b\u202e\u0301\xa0\n\t\x00\ufe0f"), max_size=40)


@given(ANYTHING | TRICKY)
def test_what_is_shown_can_be_read_back_and_hides_nothing(text: str) -> None:
    shown = policy.visible(text)
    assert policy.original(shown) == text
    assert not any(policy.is_hidden(char) for char in shown)


@given(TRICKY, TRICKY)
def test_two_texts_are_never_shown_alike(one: str, other: str) -> None:
    assert (policy.visible(one) == policy.visible(other)) == (one == other)


@pytest.mark.parametrize(
    "char",
    list(
        "\u202e\u2066\u061c\u200b\u200d\ufeff\x00\x1b\r\t\u2028\u00ad\u3164\u2800\ufe0f"
        "\U000e0041\U000e0100\ue000\u034f\u00a0\u2003"
    ),
)
def test_deceiving_characters_become_escapes(char: str) -> None:
    assert policy.visible(f"a{char}b") == f"a\\u{{{ord(char):X}}}b"


def test_ordinary_writing_stays_readable() -> None:
    for text in (
        "Grüße, naïve façade",
        "日本語 한국어",
        "שלום مرحبا",
        "ไทย",
        "Ελληνικά",
        "👍 😀",
        "a\nb",
        "1 < 2 & 3",
    ):
        assert policy.visible(text) == text


def test_marks_do_not_pile_up() -> None:
    assert policy.visible("a" + "\u0301" * 6) == "a" + "\u0301" * 4 + "\\u{301}" * 2
    vietnamese = unicodedata.normalize("NFD", "Việt")
    assert policy.visible(vietnamese) == vietnamese


def test_the_encoding_does_not_depend_on_order() -> None:
    assert policy.digest("a", {"x": 1, "y": [True, None]}) == policy.digest("a", {"y": [True, None], "x": 1})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x": 1}, {"x": "1"}),
        ({"x": 1}, {"x": 1.0}),
        ({"x": True}, {"x": 1}),
        ({"x": None}, {}),
        ({"x": "é"}, {"x": "e\u0301"}),
        ({"x": ["a", "b"]}, {"x": ["ab"]}),
    ],
)
def test_different_deeds_have_different_digests(one: dict[str, object], other: dict[str, object]) -> None:
    assert policy.digest("a", one) != policy.digest("a", other)
    assert policy.digest("a", one) != policy.digest("b", one)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1: 2}, "\ud800", object()])
def test_what_is_not_json_has_no_digest(value: object) -> None:
    with pytest.raises(UsageFault, match="not plain JSON"):
        policy.digest("a", {"x": value})


@pytest.mark.parametrize(
    ("text", "inert"),
    [
        ("see [here](https://e.org/x)", "see here (https://e.org/x)"),
        ("![](https://e.org/p.png?q=secret)", "https://e.org/p.png?q=secret"),
        ("[![a](https://e.org/1)](https://e.org/2)", "a (https://e.org/1) (https://e.org/2)"),
        ("<https://e.org>", "https://e.org"),
        ("[a]: https://e.org 'x'", "a: https://e.org 'x'"),
        ("[x](<javascript:alert1> 't')", "x (javascript:alert1)"),
        ("it says so [1][2], and [3].", "it says so [1][2], and [3]."),
        ("a\u202eb\u200bc\x07", "abc"),
        ("a[0] (b)", "a[0] (b)"),
    ],
)
def test_text_of_others_links_to_nothing(text: str, inert: str) -> None:
    assert policy.inert(text) == inert


@given(ANYTHING | MARKUP)
def test_text_of_others_renders_without_a_link_or_an_image(text: str) -> None:
    from markdown_it import MarkdownIt

    lure = f"{text} [a](https://e.org/{text[:3]}) ![b]({text}x) <https:{text}> <a@b.c>\n\n[c]: x\n\n[c]"
    html = MarkdownIt("commonmark", {"html": False}).render(policy.inert(lure))
    assert "<a " not in html
    assert "<img" not in html
    control = MarkdownIt("commonmark", {"html": False}).render("[a](https://e.org) ![b](https://e.org)")
    assert "<a " in control
    assert "<img" in control
