"""Prompt templates in our own code: fixed text, named fields, and marks that no field can imitate.

A ``prompt.txt`` is a sequence of turns, each opened by a line ``[system]``, ``[user]`` or
``[assistant]``; ``{name}`` stands for a field. Earlier ``[assistant]`` turns are worked examples.
A template is rendered, in the chat format of the base's family, to pieces that are tokenised one by
one: only a ``control`` piece may become special tokens of the model, so whatever a field holds stays
text. What a model file says of its own template is never executed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from app.core.errors import BadModel, UsageFault

Kind = Literal["control", "text", "field"]
Turn = tuple[str, str]  # system | user | assistant, and what is said

_TURN = re.compile(r"^\[(system|user|assistant)\][ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True)
class Piece:
    """One run of a prompt; ``name`` is set for fields."""

    text: str
    kind: Kind
    name: str = ""


@dataclass(frozen=True)
class Family:
    """How the models of one family write a conversation.

    A turn is ``head`` role ``middle`` ``lead`` words ``end`` ``gap``; ``begin`` stands once before all
    of them, ``quiet`` opens the answer of a model that would think aloud otherwise. Without ``system``
    what the system says is put before the first user's words. ``marks`` are tokens that a tokeniser
    takes for its own even in plain text.
    """

    name: str
    head: str
    end: str
    begin: str = ""
    middle: str = ""
    lead: str = "\n"
    gap: str = "\n"
    assistant: str = "assistant"
    system: bool = True
    quiet: str = ""
    quiet_always: bool = False
    marks: tuple[str, ...] = ()

    @property
    def controls(self) -> tuple[str, ...]:
        """What the model must know as one special token each."""
        return tuple(filter(None, (self.begin, self.head, self.middle, self.end)))

    def turns(self, turns: Sequence[Turn]) -> tuple[Turn, ...]:
        """As the family has them: without a system's turn where it knows none."""
        if self.system or not turns or turns[0][0] != "system":
            return tuple(turns)
        (_, said), *rest = turns
        if not rest or rest[0][0] != "user":
            return (("user", said), *rest)
        return (("user", f"{said}\n\n{rest[0][1]}"), *rest[1:])

    def open(self, role: str) -> tuple[tuple[Piece, ...], str]:
        """The pieces that open a turn, and the text its words follow on without a break."""
        name = self.assistant if role == "assistant" else role
        head = Piece(self.head, "control")
        if not self.middle:
            return (head,), name + self.lead
        return (head, Piece(name, "text"), Piece(self.middle, "control")), self.lead

    def close(self) -> tuple[Piece, ...]:
        gap = (Piece(self.gap, "text"),) if self.gap else ()
        return (Piece(self.end, "control"), *gap)

    def answer(self) -> tuple[Piece, ...]:
        """What opens the answer that the model is to write."""
        pieces, lead = self.open("assistant")
        quiet = (Piece(self.quiet, "control"),) if self.quiet else ()
        return (*pieces, Piece(lead, "text"), *quiet)

    def plain(self, piece: Piece) -> tuple[Piece, ...]:
        """A field's piece in parts, none of which holds a mark: tokenised apart they stay text."""
        if not any(mark in piece.text for mark in self.marks):
            return (piece,)
        parts = re.split(
            "|".join(f"(?<={re.escape(m[:1])})(?={re.escape(m[1:])})" for m in self.marks), piece.text
        )
        return tuple(Piece(part, piece.kind, piece.name) for part in parts)


_THINKING = ("<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>")
CHATML = Family("chatml", "<|im_start|>", "<|im_end|>")  # SmolLM2, Qwen2
QWEN3 = Family("qwen3", "<|im_start|>", "<|im_end|>", quiet="<think>\n\n</think>\n\n", marks=_THINKING)
SMOLLM3 = Family(
    "smollm3",
    "<|im_start|>",
    "<|im_end|>",
    quiet="<think>\n\n</think>\n",
    quiet_always=True,
    marks=_THINKING,
)
GEMMA = Family("gemma", "<start_of_turn>", "<end_of_turn>", begin="<bos>", assistant="model", system=False)
LLAMA3 = Family(
    "llama3",
    "<|start_header_id|>",
    "<|eot_id|>",
    begin="<|begin_of_text|>",
    middle="<|end_header_id|>",
    lead="\n\n",
    gap="",
)
FAMILIES = {family.name: family for family in (CHATML, QWEN3, SMOLLM3, GEMMA, LLAMA3)}
_THINKERS = {"qwen3": QWEN3, "smollm3": SMOLLM3}  # by the architecture a GGUF file names
_SWITCH = "enable_thinking"  # in the template of a model that thinks unless told otherwise


def family(metadata: Mapping[str, Any], single: Callable[[str], bool]) -> Family:
    """The family of a model by its GGUF header and its tokeniser.

    ``single(text)`` says whether ``text`` is one special token of the model. The file's own template
    only tells which of several known families is meant. Raises BadModel where none fits.
    """
    architecture = str(metadata.get("general.architecture", ""))
    theirs = str(metadata.get("tokenizer.chat_template", ""))
    fitting = [known for known in (CHATML, GEMMA, LLAMA3) if all(map(single, known.controls))]
    if not fitting:
        raise BadModel(
            "the model's chat format is not one we know: it has the control tokens of none",
            where=f"architecture {architecture or 'unnamed'}; known: {', '.join(FAMILIES)}",
            remedy="choose an instruction-tuned model of one of these families",
        )
    found = next((known for known in fitting if known.head in theirs), fitting[0])
    thinker = _THINKERS.get(architecture)
    if found is CHATML and thinker and (not theirs or _SWITCH in theirs):
        return thinker
    return found


@dataclass(frozen=True)
class Template:
    """A parsed ``prompt.txt`` in the format of ``family``."""

    turns: tuple[Turn, ...]
    family: Family = CHATML

    def spoken(self, family: Family) -> Template:
        """The same prompt for models of another family."""
        return Template(self.turns, family)

    @functools.cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Those of kind ``field`` have no text but their leading space until rendered."""
        return _pieces(self.family, self.turns, _body)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(p.name for p in self.pieces if p.kind == "field"))

    @property
    def static(self) -> tuple[Piece, ...]:
        """The pieces before the first field: the same for every request of the task."""
        for at, piece in enumerate(self.pieces):
            if piece.kind == "field":
                return self.pieces[:at]
        return self.pieces

    def render(self, fields: Mapping[str, str]) -> tuple[Piece, ...]:
        """Raises UsageFault where ``fields`` are not exactly the template's."""
        self._check(fields)
        return tuple(part for piece in self.pieces for part in self._filled(piece, fields))

    def said(self, fields: Mapping[str, str]) -> tuple[Turn, ...]:
        """The filled prompt as a conversation, for programs that write it in a format of their own.

        Raises UsageFault where ``fields`` are not exactly the template's.
        """
        self._check(fields)
        return tuple((role, _FIELD.sub(lambda found: fields[found[1]], words)) for role, words in self.turns)

    def _check(self, fields: Mapping[str, str]) -> None:
        if wrong := set(fields) ^ set(self.fields):
            raise UsageFault(
                f"the prompt's fields are {', '.join(self.fields) or 'none'}",
                where=f"missing or unknown: {', '.join(sorted(wrong))}",
            )

    def _filled(self, piece: Piece, fields: Mapping[str, str]) -> tuple[Piece, ...]:
        if piece.kind != "field":
            return (piece,)
        return self.family.plain(Piece(piece.text + fields[piece.name], "field", piece.name))


def chat(family: Family, turns: Sequence[Turn]) -> tuple[Piece, ...]:
    """A conversation and the opening of its answer; all that was said is of kind ``field``.

    Raises UsageFault for a role that is not system, user or assistant.
    """
    for role, _ in turns:
        if role not in ("system", "user", "assistant"):
            raise UsageFault("a role is system, user or assistant", where=role[:40])

    def said(text: str) -> Iterator[Piece]:
        yield from family.plain(Piece(text, "field"))

    return _pieces(family, turns, said)


def _pieces(
    family: Family, turns: Sequence[Turn], body: Callable[[str], Iterator[Piece]]
) -> tuple[Piece, ...]:
    pieces: list[Piece] = [Piece(family.begin, "control")] if family.begin else []
    for role, words in family.turns(turns):
        opening, lead = family.open(role)
        quiet = family.quiet if family.quiet_always and role == "assistant" else ""
        pieces += opening
        if quiet:
            pieces += [Piece(lead, "text"), Piece(quiet, "control"), *body(words)]
        else:
            pieces += body(lead + words)
        pieces += family.close()
    return (*pieces, *family.answer())


def parse(text: str) -> Template:
    """Raises BadModel where ``text`` has no turns or does not end with a user's."""
    parts = _TURN.split(text.replace("\r\n", "\n"))
    turns = [(role, body.strip("\n")) for role, body in zip(parts[1::2], parts[2::2], strict=True)]
    if parts[0].strip() or not turns:
        raise BadModel("a prompt starts with a line [system] or [user]", where=parts[0].strip()[:60])
    if turns[-1][0] != "user":
        raise BadModel("a prompt ends with the user's turn", where=f"[{turns[-1][0]}]")
    return Template(tuple(turns))


def _body(text: str) -> Iterator[Piece]:
    """A space before a field belongs to the field's first word, as the model's tokens have it."""
    at = 0
    for match in _FIELD.finditer(text):
        space = " " if text[at : match.start()].endswith(" ") else ""
        before = text[at : match.start() - len(space)]
        if before:
            yield Piece(before, "text")
        yield Piece(space, "field", match[1])
        at = match.end()
    if at < len(text):
        yield Piece(text[at:], "text")
