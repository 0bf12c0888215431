"""Prints how well the demo questions are found and answered: `python tests/quality/demo.py`.

Figures: share of questions whose gold item is among the first 1, 5 and 10 found (with a 95 % Wilson
interval); share of questions without an answer that end in "not found", and of those with one that
do not; share of citations that resolve to stored text, and of those that are a gold item; share of
answers that hold the gold answer, alone and together with the sentences they cite; seconds from the
sources to the first word.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import sys
import tempfile
import time
from collections.abc import Iterable
from statistics import median
from typing import Any

from app.core.api import Sources, Vault, Verbs
from app.core.paths import demo_sources, resources
from app.core.types import Answer, Found, Hit, Scope, Token
from app.workers.worker import Worker

DEMO = resources() / "demo"


def gold(question: dict[str, Any]) -> set[str]:
    return {
        (DEMO / u.removeprefix("demo:")).as_uri() if u.startswith("demo:") else u for u in question["gold"]
    }


def share(right: int, of: int) -> str:
    """A proportion with its Wilson score interval (Wilson 1927)."""
    if not of:
        return "–"
    p, z = right / of, 1.96
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)
    return f"{p:.3f}  [{low:.2f}, {high:.2f}]  ({right} of {of})"


def first_rank(hits: Iterable[Hit], wanted: set[str]) -> int:
    return next((hit.rank for hit in hits if hit.uri in wanted), 99)


def retrieval(engine: Worker, asked: list[dict[str, Any]], *, verbose: bool) -> None:
    ranks = []
    for question in asked:
        hits = engine.call(Verbs.search, query=question["question"], scope=Scope(), k=10)
        ranks.append(first_rank(hits, gold(question)))
        if verbose and ranks[-1] > 5:
            print(f"  miss: {question['question']}  →  {[h.title for h in hits[:3]]}", file=sys.stderr)
    for k in (1, 5, 10):
        print(f"gold among the first {k:<2}  {share(sum(r <= k for r in ranks), len(ranks))}")
    print(f"mean reciprocal rank   {sum(1 / r for r in ranks if r < 99) / len(ranks):.3f}")


def answers(engine: Worker, questions: list[dict[str, Any]], *, verbose: bool) -> None:
    absent = told = answered = right = shown = cited = resolved = good = 0
    waits = []
    for question in questions:
        answer, wait = asked(engine, question["question"])
        waits += [wait] if wait else []
        gone = answer.text.startswith("Not found")
        if not question["gold"]:
            absent, told = absent + 1, told + gone
        else:
            answered += not gone
            right += _holds(answer.text, question["answer"])
            quoted = " ".join(c.quote for c in answer.citations)
            shown += _holds(f"{answer.text} {quoted}", question["answer"])
        for citation in answer.citations:
            item = engine.call(Verbs.item, uri=citation.uri)
            cited, good = cited + 1, good + (citation.uri in gold(question))
            resolved += item.text[citation.start : citation.end] == citation.quote
        if verbose:
            print(f"  {question['type']:<12} {question['question']}\n      → {answer.text}", file=sys.stderr)
    with_answer = len(questions) - absent
    print(f"not found, rightly     {share(told, absent)}")
    print(f"answered, rightly      {share(answered, with_answer)}")
    print(f"gold answer in text    {share(right, with_answer)}")
    print(f"… or in what it cites  {share(shown, with_answer)}")
    print(f"citations that resolve {share(resolved, cited)}")
    print(f"citations of gold      {share(good, cited)}")
    if waits:
        slow = sorted(waits)[round(0.95 * (len(waits) - 1))]
        print(f"sources to first word  {median(waits):.2f} s, 95 % within {slow:.2f} s")


def asked(engine: Worker, question: str) -> tuple[Answer, float]:
    """The answer, and the seconds from its sources to its first word; 0 where there was none."""
    found, first = 0.0, 0.0
    for step in engine.stream(Verbs.ask, question=question, scope=Scope()):
        found = found or (time.monotonic() if isinstance(step, Found) else 0.0)
        first = first or (time.monotonic() if isinstance(step, Token) else 0.0)
    assert isinstance(step, Answer)
    return step, first - found if first else 0.0


def _holds(text: str, answer: str) -> bool:
    """Whether every number and half of the words of the gold answer stand in the text."""
    said, wanted = set(re.findall(r"\w+", text.lower())), set(re.findall(r"\w+", answer.lower()))
    numbers = {w for w in wanted if any(c.isdigit() for c in w)}
    return numbers <= said and len(wanted & said) >= len(wanted) / 2


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--search-only", action="store_true")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    questions = [json.loads(line) for line in (DEMO / "questions.jsonl").read_text().splitlines() if line]
    with tempfile.TemporaryDirectory(prefix="hb-quality-") as folder:
        engine = Worker("engine", "app.engine:service", config={"data": folder})
        engine.call(Vault.create, passphrase="measuring")
        for kind, path in demo_sources():
            engine.call(Sources.add, kind=kind, path=str(path))
        print(*(s for s in engine.stream(Sources.index) if type(s).__name__ in ("Done", "Skipped")), sep="\n")
        retrieval(engine, [q for q in questions if q["gold"]], verbose=options.verbose)
        if not options.search_only:
            answers(engine, questions, verbose=options.verbose)
        engine.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
