"""How good rewriting is: errors put right, nothing else touched; shorter; another tone with the same facts.

A text is rewritten piece by piece as the flow does it, so one text may be several cases; its pieces
are put together by the flow's own code before they are scored. "raw" is what the model said,
everything else what the person gets after the checks. "done" is what its style asks of a text:

* proofread: the share of its errors that are put right, times the share of the rest left alone;
* shorter: 1 where it has at most 85 % of the words, every name and number, and no others;
* friendlier, more formal: 1 where it has every name and number and no others, at least 30 % of the
  content words, and more marks of the tone than before (fewer slips into everyday language).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from statistics import fmean

import msgspec

from app.core.tasks import Task
from app.flows import grounding, rewrite
from app.flows.measures.contract import OWN, Case, Score, score
from app.flows.reading import invents
from app.flows.rewrite import FRIENDLIER, PROOFREAD, SHORTER, STYLES
from app.training.evaluate import rouge_l

MAIN = "done"
SHORT = 0.85  # of the words
MEANING = 0.3  # of the content words

_TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
_CONTRACTED = re.compile(r"n['’]t$|['’](?:re|ve|ll|m|d)$")
_FRIENDLY = frozenset(
    """! please thanks thank could would happy glad hope sorry lovely wonderful welcome kindly appreciate
    grateful great dear hello hi forward afraid bitte danke dank gern gerne lieb liebe könntest könnten
    wäre leider freue freuen hoffe schön schönen merci plaît pourrais pourriez serait bonjour désolé désolée
    espère gracias favor podrías podría sería hola siento sentimos espero""".split()
)
_EVERYDAY = frozenset(
    """! hey yo heya hi thx pls plz u ur r gonna wanna gotta cant dont didnt im ive lol btw asap fyi ok okay
    yeah yep nope guys stuff kinda tmrw tonite sry rn n w smth quid kid mum hallo nich kriegst slt oye
    malo""".split()
)
_FORMAL = frozenset(
    """would could regret inform kindly request unable sincerely dear hereby apologise apologize unfortunately
    therefore regarding require required attend sie ihnen ihr ihre ihrem ihren hiermit möchte bedauern bereits
    vous votre veuillez prie souhaiterais usted le su ruego rogamos quisiera lamentablemente""".split()
)


class _Row(msgspec.Struct, frozen=True):
    fields: dict[str, str]
    completion: str


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    """The task's own texts, piece by piece; there is no set of others that may be used."""
    lines = (task.folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    for number, row in enumerate((msgspec.json.decode(line, type=_Row) for line in lines), 1):
        style = _style(row.fields["style"])
        for at, piece in enumerate(rewrite.pieces(row.fields["text"], style)):
            if rewrite.to_rewrite(piece, style):
                yield Case(
                    set=OWN,
                    fields={"text": piece, "style": row.fields["style"]},
                    expected=row.completion,
                    notes={"text": str(number), "source": row.fields["text"], "at": str(at)},
                )


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    texts: dict[tuple[str, str], _Text] = {}
    for n, (case, answer) in enumerate(zip(cases, answers, strict=True)):
        whole, style = case.notes.get("source", case.fields["text"]), _style(case.fields["style"])
        parts = rewrite.pieces(whole, style) if "at" in case.notes else [whole]
        key = (case.set, case.notes.get("text", f"#{n}"))
        text = texts.setdefault(key, _Text(whole, style, case.expected, parts))
        text.said[int(case.notes.get("at", "0"))] = answer.strip()
    sets = dict.fromkeys(case.set for case in cases)
    return tuple(
        each for name in sets for each in _of_set(name, [t for (s, _), t in texts.items() if s == name])
    )


@dataclass
class _Text:
    """One text with its pieces, and what was said of those that are rewritten, by their place."""

    source: str
    style: str
    expected: str
    parts: list[str]
    said: dict[int, str] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        new = {at: rewrite.faithful(self.parts[at], said, self.style) for at, said in self.said.items()}
        return "".join(new.get(at, part) for at, part in enumerate(self.parts)).strip()

    @property
    def raw(self) -> str:
        return "".join(self.said.get(at, part) for at, part in enumerate(self.parts)).strip()


def _of_set(name: str, texts: list[_Text]) -> Iterator[Score]:
    yield score(name, MAIN, [_done(t, t.shown) for t in texts])
    yield score(name, "done_raw", [_done(t, t.raw) for t in texts], better=0)
    for style in STYLES:
        chosen = [t for t in texts if t.style == style]
        yield score(name, f"{style}_done", [_done(t, t.shown) for t in chosen])
    proofs = [t for t in texts if t.style == PROOFREAD]
    wrong = [t for t in proofs if t.source.strip() != t.expected]
    right = [t for t in proofs if t.source.strip() == t.expected]
    yield score(name, "errors_fixed", [_fixed(t, t.shown) for t in wrong])
    yield score(name, "rest_kept", [_kept(t, t.shown) for t in wrong])
    yield score(name, "correct_unchanged", [float(t.shown == t.expected) for t in right])
    others = [t for t in texts if t.style != PROOFREAD]
    yield score(name, "facts_kept", [_facts(t.source, t.shown) for t in others])
    yield score(name, "facts_kept_raw", [_facts(t.source, t.raw) for t in others], better=0)
    yield score(name, "invented", [float(_invented(t, t.shown)) for t in others], better=-1)
    yield score(name, "invented_raw", [float(_invented(t, t.raw)) for t in others], better=0)
    yield score(name, "rouge_l", [rouge_l(t.expected, t.shown) for t in others])
    yield score(name, "as_it_was", [float(t.shown == t.source.strip()) for t in others], better=-1)
    shorter = [len(t.shown.split()) / len(t.source.split()) for t in others if t.style == SHORTER]
    yield score(name, "length", shorter, better=0)


def _done(text: _Text, new: str) -> float:
    if text.style == PROOFREAD:
        return _fixed(text, new) * _kept(text, new)
    if _facts(text.source, new) < 1 or _invented(text, new):
        return 0.0
    if text.style == SHORTER:
        return float(0 < len(new.split()) <= SHORT * len(text.source.split()))
    before = grounding.content_words(text.source)
    shared = len(before & grounding.content_words(new)) / len(before) if before else 1.0
    return float(shared >= MEANING and _toned(text.source, new, text.style))


def _toned(old: str, new: str, style: str) -> bool:
    if style == FRIENDLIER:
        return _marks(new, _FRIENDLY) > _marks(old, _FRIENDLY)
    everyday = _marks(new, _EVERYDAY) - _marks(old, _EVERYDAY)
    return everyday < 0 or (everyday == 0 and _marks(new, _FORMAL) > _marks(old, _FORMAL))


def _marks(text: str, known: frozenset[str]) -> int:
    """How many words and marks of ``text`` are among ``known``; contractions are everyday language."""
    listed = _TOKEN.findall(text.lower())
    contracted = sum(bool(_CONTRACTED.search(w)) for w in listed) if known is _EVERYDAY else 0
    return sum(word in known for word in listed) + contracted


def _fixed(text: _Text, new: str) -> float:
    """Share of the places where source and correct text differ in which ``new`` is as the correct one."""
    right, said = _TOKEN.findall(text.expected), _TOKEN.findall(new)
    places = [
        right[max(0, first - 1) : last + 1]
        for kind, _, _, first, last in _blocks(_TOKEN.findall(text.source), right)
        if kind != "equal"
    ]
    return fmean(_within(place, said) for place in places) if places else float(right == said)


def _kept(text: _Text, new: str) -> float:
    """Share of the words that were right and still stand, less what was added."""
    right, said = _TOKEN.findall(text.expected), _TOKEN.findall(new)
    blocks = _blocks(_TOKEN.findall(text.source), right)
    sound = [word for kind, _, _, a, b in blocks if kind == "equal" for word in right[a:b]]
    still = sum(b - a for kind, a, b, _, _ in _blocks(sound, said) if kind == "equal")
    return still / max(1, len(sound) + max(0, len(said) - len(right)))


def _blocks(before: list[str], after: list[str]) -> list[tuple[str, int, int, int, int]]:
    return list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())


def _within(part: list[str], whole: list[str]) -> bool:
    return any(whole[at : at + len(part)] == part for at in range(len(whole) - len(part) + 1))


def _facts(source: str, new: str) -> float:
    """Share of the source's names and numbers that stand in ``new``."""
    facts = grounding.figures(source) | rewrite.named(source)
    there = grounding.figures(new) | grounding.content_words(new)
    return len(facts & there) / len(facts) if facts else 1.0


def _invented(text: _Text, new: str) -> bool:
    """Whether it has a name or number that neither the source nor the written text has."""
    known = f"{text.source}\n{text.expected}"
    return any(invents(s, known) and grounding.unfounded(s, known) for s in grounding.sentences(new))


def _style(words: str) -> str:
    return next(name for name, said in STYLES.items() if said == words)
