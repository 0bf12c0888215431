"""Measures a task's adapter against the bare base on its cases; the figures of each CARD.md come from here.

python packaging/hats/measure.py act
python packaging/hats/measure.py summarize --bc3 FOLDER
python packaging/hats/measure.py answer [--memory FOLDER] [--verbose]
python packaging/hats/measure.py draft [--verbose]
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core import paths as places
from app.core.paths import Paths
from app.flows import draft, grounding
from app.model.contract import Finished, LanguageModel
from app.model.supervisor import Specialists
from app.training.evaluate import answer_score, data_score, invented, rouge_l
from app.workers.worker import Caller

THREAD_CHARACTERS = 6000
PASSAGE_CHARACTERS = 480  # as much as app.flows.ask gives of one


def cases(task: str) -> list[dict[str, Any]]:
    lines = (places.adapters() / task / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def answer(llm: Caller, task: str, fields: dict[str, str], *, adapter: bool) -> Finished:
    steps = llm.stream(LanguageModel.generate, task=task, fields=fields, adapter=adapter)
    return next(step for step in steps if isinstance(step, Finished))


def bc3(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Threads of the corpus with the summaries that people wrote of them."""
    written: dict[str, list[str]] = {}
    for thread in ET.parse(folder / "annotation.xml").getroot().iter("thread"):
        for note in thread.iter("annotation"):
            text = " ".join("".join(s.itertext()).strip() for s in note.iterfind("summary/sent"))
            written.setdefault(thread.findtext("listno") or "", []).append(text)
    for thread in ET.parse(folder / "corpus.xml").getroot().iter("thread"):
        mails = [
            f"From: {mail.findtext('From')}\n" + "\n".join(s.text or "" for s in mail.iter("Sent"))
            for mail in thread.iter("DOC")
        ]
        number = thread.findtext("listno") or ""
        if written.get(number):
            yield "\n\n".join(mails)[:THREAD_CHARACTERS], written[number]


def measure_text(llm: Caller, task: str, pairs: list[tuple[str, list[str]]], name: str) -> None:
    for adapter in (False, True):
        ends = [answer(llm, task, {"text": text}, adapter=adapter) for text, _ in pairs]
        scores = [max(rouge_l(r, e.text) for r in refs) for (_, refs), e in zip(pairs, ends, strict=True)]
        wrong = [invented(text, e.text) for (text, _), e in zip(pairs, ends, strict=True)]
        words = [len(e.text.split()) for e in ends]
        cut = sum(e.stop == "length" for e in ends)
        print(
            f"{name}, {'adapter' if adapter else 'bare base'}: {len(ends)} texts, "
            f"ROUGE-L {sum(scores) / len(scores):.3f}, invented {sum(wrong) / len(wrong):.3f}, "
            f"{sum(words) / len(words):.0f} words, {cut} cut off"
        )


def memory(folder: Path) -> Iterator[dict[str, Any]]:
    """Questions on what a person told an assistant; each turn of the talk is a passage of a note.

    The passage with the answer comes among three others of the same talk. Every third question
    gets three others only, and is to be answered with "Not found.".
    """
    asked = _lines(folder / "BFCL_v4_memory.json")
    known = _lines(folder / "possible_answer_BFCL_v4_memory.json")
    said: dict[str, list[str]] = {}
    for path in sorted((folder / "memory_prereq_conversation").glob("*.json")):
        for talk in _lines(path):
            turns = [turn[0]["content"][:PASSAGE_CHARACTERS] for turn in talk["question"]]
            said.setdefault(talk["scenario"], []).extend(turns)
    chance = random.Random(3)
    for number, (case, right) in enumerate(zip(asked, known, strict=True)):
        texts = said[case["scenario"]]
        told = [t for t in texts if any(str(a).lower() in t.lower() for a in right["ground_truth"])]
        others = [t for t in texts if t not in told]
        if told:
            given = chance.sample(others, 3) + ([] if number % 3 == 2 else [min(told, key=len)])
            chance.shuffle(given)
            shown = "\n\n".join(f"({n}) note · {case['scenario']}\n{t}" for n, t in enumerate(given, 1))
            question = case["question"][0][0]["content"]
            names = [str(a) for a in right["ground_truth"] if str(a).lower() in min(told, key=len).lower()]
            answer = "Not found." if number % 3 == 2 else names[0]
            yield {"fields": {"passages": shown, "question": question}, "completion": answer}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def measure_answers(
    llm: Caller, listed: list[dict[str, Any]], options: argparse.Namespace, name: str
) -> None:
    right = [str(case["completion"]) for case in listed]
    for kind in [options.only] if options.only else ["bare", "adapter"]:
        ends = [answer(llm, "answer", case["fields"], adapter=kind == "adapter") for case in listed]
        print(f"{name}, {kind}: {answer_score(right, [end.text for end in ends])}", flush=True)
        for case, end in zip(listed if options.verbose else [], ends, strict=False):
            print(f"  {case['fields']['question']}\n    {case['completion']}\n    → {end.text}")


def measure_drafts(llm: Caller, listed: list[dict[str, Any]], options: argparse.Namespace) -> None:
    """Also as the person gets them, after the check of app.flows.draft."""
    for kind in [options.only] if options.only else ["bare", "adapter"]:
        ends = [answer(llm, "draft", case["fields"], adapter=kind == "adapter") for case in listed]
        cut = sum(end.stop == "length" for end in ends)
        replies = [end.text.strip() for end in ends]
        print(f"{kind}: {_draft_scores(listed, replies)}, {cut} cut off", flush=True)
        checked = [_checked(case["fields"], reply) for case, reply in zip(listed, replies, strict=True)]
        own = sum(a != b for a, b in zip(replies, checked, strict=True))
        print(f"{kind} and check: {_draft_scores(listed, checked)}, {own} in own words", flush=True)
        for case, reply in zip(listed if options.verbose else [], replies, strict=False):
            print(f"  {case['fields']['say']}\n    {case['completion']!r}\n    {reply!r}")


def _checked(fields: dict[str, str], reply: str) -> str:
    return draft.faithful(reply, fields["say"], fields["me"], "\n".join((*fields.values(), draft.COURTESY)))


def _draft_scores(listed: list[dict[str, Any]], replies: list[str]) -> str:
    """A fact is a number or name of the written reply that was said; invented is what neither has."""
    pairs = list(zip(listed, replies, strict=True))
    kept = [_facts_kept(case, reply) for case, reply in pairs]
    facts = [fact for of_case in kept for fact in of_case]
    wrong = [_unfounded(case, reply) for case, reply in pairs]
    alike = [rouge_l(case["completion"], reply) for case, reply in pairs]
    return (
        f"{len(pairs)} replies, facts kept {sum(facts) / len(facts):.3f} of {len(facts)}, "
        f"all of a reply's {sum(all(k) for k in kept) / len(kept):.3f}, "
        f"with something invented {sum(wrong) / len(wrong):.3f}, ROUGE-L {sum(alike) / len(alike):.3f}"
    )


def _facts_kept(case: dict[str, Any], reply: str) -> list[bool]:
    written, said = case["completion"], grounding.content_words(case["fields"]["say"])
    facts = (grounding.figures(written) & grounding.figures(case["fields"]["say"])) | (
        grounding.names(written) & said
    )
    there = grounding.figures(reply) | grounding.content_words(reply)
    return [fact in there for fact in sorted(facts)]


def _unfounded(case: dict[str, Any], reply: str) -> bool:
    source = "\n".join((*case["fields"].values(), case["completion"]))
    return any(grounding.loose(line, source) for line in reply.splitlines())


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("task", choices=("act", "summarize", "answer", "draft"))
    reader.add_argument("--memory", type=Path, help="folder of the BFCL memory questions")
    reader.add_argument("--only", choices=("bare", "adapter"))
    reader.add_argument("--verbose", action="store_true")
    reader.add_argument("--bc3", type=Path)
    options = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        specialists = Specialists(Paths(Path(folder)))
        llm, listed = specialists.llm(), cases(options.task)
        if options.task == "act":
            right = [str(case["completion"]) for case in listed]
            for adapter in (False, True):
                found = [answer(llm, "act", case["fields"], adapter=adapter).text for case in listed]
                print("adapter" if adapter else "bare base", data_score(right, found))
        elif options.task == "answer":
            measure_answers(llm, listed, options, "own cases")
            if options.memory:
                measure_answers(llm, list(memory(options.memory)), options, "BFCL memory")
        elif options.task == "draft":
            measure_drafts(llm, listed, options)
        else:
            own = [(case["fields"]["text"], [str(case["completion"])]) for case in listed]
            measure_text(llm, "summarize", own, "own cases")
            if options.bc3:
                measure_text(llm, "summarize", list(bc3(options.bc3)), "BC3 threads")
        specialists.stop_all()


if __name__ == "__main__":
    main()
