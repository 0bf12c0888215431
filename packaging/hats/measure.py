"""Measures a task's adapter against the bare base on its cases; the figures of each CARD.md come from here.

python packaging/hats/measure.py act
python packaging/hats/measure.py summarize --bc3 FOLDER
"""

from __future__ import annotations

import argparse
import json
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core import paths as places
from app.core.paths import Paths
from app.model.contract import Finished, LanguageModel
from app.model.supervisor import Specialists
from app.training.evaluate import data_score, invented, rouge_l
from app.workers.worker import Caller

THREAD_CHARACTERS = 6000


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


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("task", choices=("act", "summarize"))
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
        else:
            own = [(case["fields"]["text"], [str(case["completion"])]) for case in listed]
            measure_text(llm, "summarize", own, "own cases")
            if options.bc3:
                measure_text(llm, "summarize", list(bc3(options.bc3)), "BC3 threads")
        specialists.stop_all()


if __name__ == "__main__":
    main()
