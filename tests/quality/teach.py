"""Shows that teaching works: `python tests/quality/teach.py`: 60 corrections in one person's own style.

Vera greets with "Moin", signs "— Vera", and writes short sentences (teach-vera.txt). About one
correction in four is held back; on those the shipped adapter and the taught one are compared: the
share of replies with her greeting and with her sign-off, likeness (1 - edit distance) and ROUGE-L to
her version; "raw" is what the model wrote, "shown" what the person gets after the check of drafts.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from app.cli import table
from app.core.models import Correction, Verdict, Works
from app.core.paths import Paths
from app.core.types import Nothing
from app.flows import draft, evaluating, opening, teach
from app.flows.context import Home
from app.training.evaluate import rouge_l

WRITTEN = Path(__file__).with_name("teach-vera.txt")
ME, GREETING, SIGN_OFF = "Vera Almlöf", "Moin ", "— Vera"


def corrections() -> list[tuple[dict[str, str], str]]:
    """Fields of the draft prompt, and what Vera made of the draft."""
    found = []
    for line in WRITTEN.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sender, mail, say, middle = (part.strip() for part in line.split("|"))
            accepted = f"{GREETING}{sender.split()[0]},\n\n{middle}\n\n{SIGN_OFF}"
            fields = {"form": draft.REPLY, "sender": sender, "mail": mail, "say": say, "me": ME}
            found.append((fields, accepted))
    return found


def answers(home: Home, held: Sequence[Correction], *, taught: bool) -> list[str]:
    _, path, sha256 = evaluating.base_of(home)
    own = home.adapters.active("draft", sha256) if taught else None
    with home.specialists.apart(path, home.adapters.file(own.id) if own else None) as llm:
        return [evaluating.answer(llm, "draft", c.fields, adapter=True).text.strip() for c in held]


def shown(correction: Correction, reply: str) -> str:
    fields = correction.fields
    source = "\n".join((fields["sender"], fields["mail"], fields["say"], fields["me"], draft.COURTESY))
    return draft.faithful(reply, fields["say"], fields["me"], source)


def tell(name: str, held: Sequence[Correction], replies: Sequence[str]) -> None:
    n = len(held)
    pairs = [(c.accepted, reply) for c, reply in zip(held, replies, strict=True)]
    figures = {
        "greeting": sum(r.startswith(GREETING) for _, r in pairs) / n,
        "sign-off": sum(r.endswith(SIGN_OFF) for _, r in pairs) / n,
        "likeness": sum(teach.likeness(a, r) for a, r in pairs) / n,
        "ROUGE-L": sum(rouge_l(a, r) for a, r in pairs) / n,
    }
    print(f"{name:<16} " + "  ".join(f"{key} {value:.3f}" for key, value in figures.items()), flush=True)


def taught(home: Home) -> Verdict:
    started, stage = time.monotonic(), ""
    for step in teach.teach(home, task="draft"):
        if isinstance(step, Works) and step.stage != stage:
            stage = step.stage
            print(f"{time.monotonic() - started:6.0f} s  {stage}", file=sys.stderr, flush=True)
        elif isinstance(step, Nothing):
            raise SystemExit(step.reason)
        elif isinstance(step, Verdict):
            print(f"{time.monotonic() - started:6.0f} s  in all", file=sys.stderr, flush=True)
            return step
    raise SystemExit("the teaching ended without a verdict")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--verbose", action="store_true", help="print the held-back replies")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hb-teach-") as folder:
        paths = Paths(Path(folder) / "data")
        paths.make()
        _, home = opening.create(paths, "measuring how it learns", -1)
        try:
            for fields, accepted in corrections():
                teach.add(home, task="draft", fields=fields, accepted=accepted)
            held = [c for c in home.corrections.list("draft") if c.held_back]
            print(f"{len(corrections())} corrections, {len(held)} held back", flush=True)
            verdict = taught(home)
            print(table.verdict(verdict))
            for name in ("shipped", "taught"):
                said = answers(home, held, taught=name == "taught")
                tell(f"{name}, raw", held, said)
                tell(f"{name}, shown", held, [shown(c, r) for c, r in zip(held, said, strict=True)])
                for c, reply in zip(held if options.verbose else [], said, strict=False):
                    print(f"  {c.fields['say']!r}\n    {c.accepted!r}\n    {reply!r}")
        finally:
            opening.close(home)
    return 0 if verdict.accepted else 1


if __name__ == "__main__":
    sys.exit(main())
