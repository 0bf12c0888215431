"""How good summaries are: likeness to what people wrote, and whether names and numbers stand in the text.

A text is read as the flow reads it, so a long one is several cases; its answers are put together by
the flow's own code before they are scored. ROUGE-L is the F1 of the longest common subsequence
(Lin 2004); where several people summarized a text it is the mean over them, "rouge_l_best" the most
alike of them. "raw" is what the model said, everything else what the person gets after the checks.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import msgspec

from app.core.tasks import Task
from app.flows import grounding, reading
from app.flows.measures.contract import OWN, Case, Score, score
from app.flows.reading import Message
from app.training.evaluate import rouge_l

MAIN = "rouge_l"
BC3, BC3_WHOLE, QMSUM = "bc3", "bc3_whole", "qmsum"  # whole: a thread as it is, read at once
BC3_FOLDER, QMSUM_FOLDER = "sum_bc3_email_threads", "sum_qmsum_meetings"
WHOLE_CHARS = 6000
FIRST = 4  # sentences of the baseline that reads nothing
HELD_MEETINGS = 8  # every so many meetings of QMSum are for measuring, by their order of name
QMSUM_WORDS = 900  # of a span; longer ones take longer to measure, not to summarize


class _Row(msgspec.Struct, frozen=True):
    fields: dict[str, str]
    completion: str


def cases(task: Task, corpora: Path | None) -> Iterator[Case]:
    """The task's own texts, the threads of BC3 and held-out spans of QMSum, reading by reading."""
    for n, row in enumerate(_rows(task.folder / "cases.jsonl"), 1):
        yield from _readings(OWN, str(n), *reading.messages(row.fields["text"]), [row.completion])
    if corpora is None:
        return
    if (folder := corpora / BC3_FOLDER).is_dir():
        for number, title, said, written in bc3(folder):
            yield from _readings(BC3, number, title, said, written)
            whole = "\n\n".join(f"From: {mail.who}\n{mail.text}" for mail in said)[:WHOLE_CHARS]
            yield _case(BC3_WHOLE, number, whole, written)
    if (folder := corpora / QMSUM_FOLDER).is_dir():
        for n, (text, summary) in enumerate(qmsum(folder, held=True), 1):
            yield from _readings(QMSUM, str(n), "", [Message("", text)], [summary])


def scores(cases: Sequence[Case], answers: Sequence[str]) -> tuple[Score, ...]:
    texts: dict[tuple[str, str], _Text] = {}
    for n, (case, answer) in enumerate(zip(cases, answers, strict=True)):
        written = [case.expected, *json.loads(case.notes.get("others", "[]"))]
        text = texts.setdefault((case.set, case.notes.get("text", f"#{n}")), _Text(written))
        text.add(case.fields["text"], answer)
    sets = dict.fromkeys(case.set for case in cases)
    return tuple(
        each for name in sets for each in _of_set(name, [t for (s, _), t in texts.items() if s == name])
    )


@dataclass
class _Text:
    """One text with all its readings, what was said of them and what people wrote of it."""

    written: list[str]
    parts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add(self, part: str, answer: str) -> None:
        self.parts.append(part)
        self.said.append(answer.strip())

    @property
    def source(self) -> str:
        return "\n".join(self.parts)

    @property
    def shown(self) -> str:
        parts = [reading.checked(a, p) for a, p in zip(self.said, self.parts, strict=True)]
        return " ".join(parts[0]) if len(parts) == 1 else reading.together(parts, self.source)

    @property
    def raw(self) -> str:
        return " ".join(self.said)

    @property
    def first(self) -> str:
        _, said = reading.messages(self.source)
        listed = [s for message in said for s in grounding.sentences(message.text)]
        return " ".join(listed[:FIRST])


def _of_set(name: str, texts: list[_Text]) -> Iterator[Score]:
    shown = [text.shown for text in texts]
    pairs = list(zip(texts, shown, strict=True))
    yield score(name, MAIN, [_alike(t, s) for t, s in pairs])
    if any(len(t.written) > 1 for t in texts):
        yield score(name, "rouge_l_best", [max(rouge_l(w, s) for w in t.written) for t, s in pairs])
    yield score(name, "rouge_l_raw", [_alike(t, t.raw) for t in texts], better=0)
    yield score(name, "rouge_l_first_four", [_alike(t, t.first) for t in texts], better=0)
    yield score(name, "in_source", _shares(texts, shown))
    yield score(name, "in_source_raw", _shares(texts, [t.raw for t in texts]))
    yield score(name, "own_words", [_own_words(s) for s in shown], better=0)
    yield score(name, "words", [float(len(s.split())) for s in shown], better=0)
    yield score(name, "unfinished", [fmean(_unfinished(a) for a in t.said) for t in texts], better=-1)


def _alike(text: _Text, summary: str) -> float:
    return fmean(rouge_l(written, summary) for written in text.written)


def _shares(texts: Sequence[_Text], summaries: Sequence[str]) -> list[float]:
    """Of the summaries that hold a name or a number: the share of them that stand in the text."""
    found = (in_source(summary, text.source) for text, summary in zip(texts, summaries, strict=True))
    return [share for share in found if share is not None]


def in_source(summary: str, source: str) -> float | None:
    """Share of the summary's names and numbers that stand in ``source``; None where it has none.

    A name is a capitalised word inside a sentence, or one that opens a sentence and is no common opener.
    """
    said = {(f, f in (have := grounding.figures(source))) for f in grounding.figures(summary)}
    have = grounding.content_words(source)
    said |= {(name, name in have) for name in grounding.names(summary)}
    said |= {(s, False) for s in grounding.sentences(summary) if reading.opens_with_a_stranger(s, source)}
    return fmean(there for _, there in said) if said else None


def _own_words(summary: str) -> float:
    """Share of the sentences that are the model's, not quoted in place of a wrong one."""
    return fmean("“" not in s for s in listed) if (listed := grounding.sentences(summary)) else 0.0


def _unfinished(answer: str) -> bool:
    return not answer.rstrip().endswith((".", "!", "?", "…", '"', "”", ")", "»"))


def _readings(set_: str, number: str, title: str, said: list[Message], written: list[str]) -> Iterator[Case]:
    for part in reading.readings(title, said):
        yield _case(set_, number, part, written)


def _case(set_: str, number: str, text: str, written: list[str]) -> Case:
    others = json.dumps(written[1:], ensure_ascii=False)
    return Case(
        set=set_, fields={"text": text}, expected=written[0], notes={"text": number, "others": others}
    )


def bc3(folder: Path) -> Iterator[tuple[str, str, list[Message], list[str]]]:
    """Number, subject, mails and the people's summaries of each thread (Ulrich et al. 2008)."""
    written: dict[str, list[str]] = {}
    for thread in ET.parse(folder / "annotation.xml").getroot().iter("thread"):
        for note in thread.iter("annotation"):
            text = " ".join("".join(s.itertext()).strip() for s in note.iterfind("summary/sent"))
            written.setdefault(thread.findtext("listno") or "", []).append(text)
    for thread in ET.parse(folder / "corpus.xml").getroot().iter("thread"):
        mails = [
            Message(_name(mail.findtext("From") or ""), "\n".join(s.text or "" for s in mail.iter("Sent")))
            for mail in thread.iter("DOC")
        ]
        number = thread.findtext("listno") or ""
        if written.get(number):
            yield number, thread.findtext("name") or "", mails, written[number]


def _name(sender: str) -> str:
    name = sender.partition("<")[0].strip().strip('"')
    return name or sender.strip("<> ")


def qmsum(folder: Path, *, held: bool) -> Iterator[tuple[str, str]]:
    """Spans of meetings with their query summaries (Zhong et al. 2021); ``held`` are never trained on."""
    for number, path in enumerate(sorted(folder.glob("train/*.json"))):
        if (number % HELD_MEETINGS == 0) != held:
            continue
        meeting = json.loads(path.read_text(encoding="utf-8"))
        for query in meeting["specific_query_list"][: 2 if held else None]:
            turns = [
                meeting["meeting_transcripts"][n]
                for first, last in query["relevant_text_span"]
                for n in range(int(first), int(last) + 1)
            ]
            text = "\n".join(f"{t['speaker']}: {spoken(t['content'])}" for t in turns)
            if 40 < len(text.split()) <= QMSUM_WORDS:
                yield text, spoken(query["answer"])


def spoken(words: str) -> str:
    """Without the transcript's marks, and with marks and words spaced as in writing."""
    words = re.sub(r"\{\w+\}", "", words)
    return " ".join(re.sub(r"\s+([.,?!;:'])", r"\1", words).split())


def _rows(path: Path) -> list[_Row]:
    return [msgspec.json.decode(line, type=_Row) for line in path.read_text(encoding="utf-8").splitlines()]
