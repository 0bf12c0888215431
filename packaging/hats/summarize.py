"""Writes adapters/summarize/train.jsonl: mails, threads and notes put together from written scenes.

Each scene knows its facts, so the summary says exactly those, in two to four sentences, and leaves
out greetings, small talk, signatures and quoted lines. A share of the examples are query-focused
meeting summaries of QMSum (MIT licence), where that corpus is given.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tomllib
from pathlib import Path

COPIES = 9  # of each scene, with other names, days and numbers
MEETINGS, MEETING_WORDS = 36, 260

SCENES: dict[str, list[dict[str, str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
FIRST = "Ana Bruno Carla Dieter Emine Farid Greta Hugo Ines Jakob Kira Lars Mona Nils Olga Paul Rosa Tara Uwe"
LAST = "Abel Brandt Costa Duarte Engel Fischer Gruber Hansen Ito Jensen Khan Lopez Moreau Novak Petit Quinn"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
PLACES = "the town hall|room 12|the north entrance|Cafe Alma|the library|the depot|hall B|the gym".split("|")
GREETINGS = ["Hi {a},", "Dear {a},", "Hello {a},", "Hi all,", "{a},", "Good morning {a},", ""]
SMALL_TALK = [
    "I hope you are well.",
    "Thanks for your mail.",
    "Hope the weekend was good.",
    "Sorry for the late answer.",
    "It was nice to see you last week.",
    "",
    "",
    "",
]
ENDINGS = [
    "Best,\n{b}",
    "Kind regards\n{b} {l}",
    "Thanks,\n{b}",
    "See you\n{b}",
    "{b}\n--\n{b} {l}\nsent from my phone",
]
EXTRA = [
    "Let me know if you have questions.",
    "Please excuse the short notice.",
    "As always, many thanks for your help.",
    "",
    "",
    "",
]


def scenes(chance: random.Random) -> list[dict[str, object]]:
    return [_row(*_example(chance, scene)) for scene in SCENES["scene"] for _ in range(COPIES)]


def _example(chance: random.Random, scene: dict[str, str]) -> tuple[str, str]:
    facts = _facts(chance)
    text, summary = scene["text"].format(**facts), scene["summary"].format(**facts)
    if scene["kind"] == "note":
        return text.strip(), summary.strip()
    dressing = [
        chance.choice(GREETINGS).format(**facts),
        chance.choice(SMALL_TALK),
        text.strip(),
        chance.choice(EXTRA),
        chance.choice(ENDINGS).format(**facts),
    ]
    body = "\n".join(part for part in dressing if part)
    head = f"From: {facts['b']} {facts['l']}\nSubject: {scene['subject'].format(**facts)}\n\n"
    if scene["kind"] == "thread":
        answer = scene["answer"].format(**facts).strip()
        quoted = "\n".join("> " + line for line in text.strip().splitlines()[:2])
        body += f"\n\nFrom: {facts['a']} {facts['m']}\n\n{answer}\n{facts['a']}\n"
        body += f"\n{quoted}\n" if chance.random() < 0.5 else ""
    return head + body, summary.strip()


def _facts(chance: random.Random) -> dict[str, str]:
    a, b, c = chance.sample(FIRST.split(), 3)
    own, other = chance.sample(LAST.split(), 2)
    d, e = chance.sample(DAYS, 2)
    hour = chance.randint(8, 19)
    small = chance.randint(2, 9)
    return {
        "a": a,
        "b": b,
        "c": c,
        "l": own,
        "m": other,
        "d": d,
        "e": e,
        "date": f"{chance.randint(1, 28)} {chance.choice(MONTHS)}",
        "date2": f"{chance.randint(1, 28)} {chance.choice(MONTHS)}",
        "t": f"{hour}:{chance.choice(('00', '15', '30', '45'))}",
        "t2": f"{hour + 2}:{chance.choice(('00', '30'))}",
        "n": str(small),
        "n2": str(small + chance.randint(3, 20)),
        "money": f"{chance.randint(2, 99) * 10} euros",
        "money2": f"{chance.randint(100, 250) * 10} euros",
        "place": chance.choice(PLACES),
    }


def meetings(folder: Path, chance: random.Random) -> list[dict[str, object]]:
    """Short spans of QMSum with their summaries; speakers are named as in the corpus."""
    found = []
    for path in sorted(folder.glob("train/*.json")):
        meeting = json.loads(path.read_text(encoding="utf-8"))
        for query in meeting["specific_query_list"]:
            turns = [
                meeting["meeting_transcripts"][n]
                for first, last in query["relevant_text_span"]
                for n in range(int(first), int(last) + 1)
            ]
            text = "\n".join(f"{t['speaker']}: {_spoken(t['content'])}" for t in turns)
            if 60 < len(text.split()) <= MEETING_WORDS and 15 < len(query["answer"].split()) < 70:
                found.append(_row(text, _spoken(query["answer"])))
    return chance.sample(found, min(MEETINGS, len(found)))


def _spoken(words: str) -> str:
    words = re.sub(r"\{\w+\}", "", words)
    return " ".join(re.sub(r"\s+([.,?!;:'])", r"\1", words).split())


def _row(text: str, summary: str) -> dict[str, object]:
    return {"fields": {"text": text}, "completion": " ".join(summary.split())}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--qmsum", type=Path, help="folder of the QMSum corpus")
    options = reader.parse_args()
    chance = random.Random(11)
    rows = scenes(chance) + (meetings(options.qmsum, chance) if options.qmsum else [])
    chance.shuffle(rows)
    out = Path(__file__).parents[2] / "adapters/summarize/train.jsonl"
    out.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
