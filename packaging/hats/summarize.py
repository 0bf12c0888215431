"""Writes adapters/summarize/train.jsonl and cases.jsonl from texts and summaries written for this project.

In summarize.txt every message and paragraph has its own short summary, so a thread or a note gives
examples of one, two or more of them that follow one another; each copy has other names, places,
days and numbers, and is dressed as mail is: greetings, small talk, closings, signatures, footers.
With --qmsum FOLDER a second file gets spans of meetings with their summaries (QMSum, MIT licence),
which are not kept here: python packaging/hats/summarize.py --qmsum FOLDER --out FILE.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vary import NAMES, other

from app.flows import grounding
from app.flows.measures.summarize import qmsum
from app.flows.reading import READING_CHARS, invents

COPIES = 2  # of each text, each cut and dressed in another way
CUTS = 1  # of a text with several messages or paragraphs, beside each of them alone
MEETINGS, MEETING_CHARS, MEETING_SUMMARY = 40, 1800, (12, 60)
FIRST_NAMES = {name for pool in NAMES[:2] for name in pool}
HERE = Path(__file__).parent

Exchange = Callable[[str], str]

GREETINGS = {
    "en": ("Hi{}", "Dear{}", "Hello{}", "Good morning{}", "Hey{}"),
    "de": ("Hallo{}", "Liebe Leute", "Guten Tag{}"),
    "fr": ("Bonjour{}", "Bonjour à tous"),
    "es": ("Hola{}", "Buenos días{}"),
    "pt": ("Olá{}", "Bom dia"),
    "sv": ("Hej{}", "Hej alla"),
    "it": ("Ciao{}", "Buongiorno"),
    "nl": ("Hallo{}", "Hoi{}"),
}
CLOSINGS = {
    "en": ("Best", "Kind regards", "Thanks", "Cheers", "Best wishes", "See you", "Regards"),
    "de": ("Viele Grüße", "Mit freundlichen Grüßen", "Liebe Grüße"),
    "fr": ("Cordialement", "À bientôt", "Bien à vous"),
    "es": ("Un saludo", "Un abrazo", "Saludos cordiales"),
    "pt": ("Um abraço", "Com os melhores cumprimentos"),
    "sv": ("Hälsningar", "Vänliga hälsningar"),
    "it": ("Un saluto", "Cordiali saluti"),
    "nl": ("Groeten", "Met vriendelijke groet"),
}
SMALL_TALK = (
    "I hope you are well.",
    "Thanks for your mail.",
    "Hope the weekend was good.",
    "Sorry for the late answer.",
    "It was nice to see you last week.",
    "It has been raining here for days.",
    "Sorry for cross-posting.",
)
LAST_WORDS = (
    "Let me know if you have questions.",
    "Please excuse the short notice.",
    "As always, many thanks for your help.",
    "Any thoughts?",
    "More soon.",
    "Comments are welcome.",
)
FOOTERS = (
    "Sent from my phone",
    "_______________\nTo leave this list write to the address below.",
    "This message may be confidential. If you are not the intended reader, please delete it.",
    "--\n{who}\nPhone 0555 01{n}",
    "{who}\nResearch and Development\n{n} Harbour Road",
)


@dataclass
class Piece:
    """Messages (writer, text) that are summarized together; a note's paragraphs have no writer."""

    said: list[tuple[str, str]] = field(default_factory=list)
    summary: str = ""


@dataclass
class Text:
    language: str
    kind: str  # mail | note
    title: str
    pieces: list[Piece] = field(default_factory=list)


def texts(path: Path) -> list[Text]:
    found: list[Text] = []
    who, open_piece = "", Piece()
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            language, kind, title = [*rest.split(" ", 2), ""][:3]
            found.append(Text(language, kind, title))
            who, open_piece = "", Piece()
        elif mark == "@":
            who = rest
        elif mark == ">":
            open_piece.summary = rest
            found[-1].pieces.append(open_piece)
            open_piece = Piece()
        elif line and mark != "#":
            if open_piece.said and open_piece.said[-1][0] == who:
                open_piece.said[-1] = (who, f"{open_piece.said[-1][1]}\n{line}")
            else:
                open_piece.said.append((who, line))
    return found


def examples(listed: list[Text], seed: int = 11) -> list[dict[str, object]]:
    chance = random.Random(seed)
    made: dict[str, dict[str, object]] = {}
    for copy in range(COPIES):
        for text in listed:
            exchange: Exchange = other(text.language, chance) if copy else str
            for first, last in _cuts(len(text.pieces), chance):
                words, summary = _row(text, text.pieces[first:last], first == 0, chance, exchange)
                founded = not any(invents(sentence, words) for sentence in grounding.sentences(summary))
                if len(words) <= READING_CHARS and founded:
                    made.setdefault(words, {"fields": {"text": words}, "completion": summary})
    return list(made.values())


def _cuts(count: int, chance: random.Random) -> list[tuple[int, int]]:
    alone = [(n, n + 1) for n in range(count)]
    longer = [(a, b) for a in range(count) for b in range(a + 2, count + 1)]
    return alone + chance.sample(longer, min(CUTS, len(longer)))


def _row(
    text: Text, pieces: list[Piece], opens: bool, chance: random.Random, exchange: Exchange
) -> tuple[str, str]:
    summary = " ".join(piece.summary for piece in pieces)
    blocks: list[str] = []
    for piece in pieces:
        for who, words in piece.said:
            if text.kind == "note":
                title = f"{text.title}\n\n" if opens and not blocks and text.title else ""
                blocks.append(title + words)
                continue
            head = f"From: {who}\n"
            if not blocks and (opens or chance.random() < 0.5):
                head += f"Subject: {text.title}\n"
            blocks.append(f"{head}\n{_dressed(text.language, who, words, piece.summary, chance)}")
    return exchange("\n\n".join(blocks)), exchange(summary)


def _dressed(language: str, who: str, words: str, summary: str, chance: random.Random) -> str:
    """As people write mail; somebody whom only the summary names is greeted."""
    greeted = [name for name in summary.split() if name in FIRST_NAMES and name not in f"{who} {words}"]
    parts = []
    if greeted or (chance.random() < 0.5 and not words.startswith(("Dear", "Hi", "Sehr"))):
        name = f" {greeted[0]}" if greeted else chance.choice(("", "", " all"))
        parts.append(
            f"{chance.choice(GREETINGS[language]).format(name if language == 'en' or greeted else '')},"
        )
    if language == "en" and chance.random() < 0.2:
        parts.append(chance.choice(SMALL_TALK))
    parts.append(words)
    if language == "en" and chance.random() < 0.15:
        parts.append(chance.choice(LAST_WORDS))
    if chance.random() < 0.6:
        first = who.partition(" ")[0]
        closing = chance.choice(CLOSINGS[language])
        parts.append(chance.choice((f"{closing},\n{first}", f"{closing}\n{who}", first)))
    if language == "en" and chance.random() < 0.12:
        parts.append(chance.choice(FOOTERS).format(who=who, n=chance.randint(10, 99)))
    return "\n".join(parts)


def cases(path: Path) -> list[dict[str, object]]:
    """What is measured on: a text of any length up to its summary, as it stands in the file."""
    made: list[dict[str, object]] = []
    for block in path.read_text(encoding="utf-8").split("\n= ")[1:]:
        text, _, summary = block.partition("\n")[2].rpartition("\n> ")
        made.append({"fields": {"text": text.strip()}, "completion": summary.strip()})
    return made


def meetings(folder: Path, chance: random.Random) -> list[dict[str, object]]:
    """Short spans of the meetings that are not measured on, with summaries that invent nothing."""
    found = [
        {"fields": {"text": text}, "completion": summary}
        for text, summary in qmsum(folder, held=False)
        if len(text) <= MEETING_CHARS
        and MEETING_SUMMARY[0] <= len(summary.split()) <= MEETING_SUMMARY[1]
        and not any(invents(sentence, text) for sentence in grounding.sentences(summary))
    ]
    return chance.sample(found, len(found))[:MEETINGS]


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--qmsum", type=Path, help="folder of the QMSum corpus")
    reader.add_argument("--out", type=Path, help="the file that its examples are written to")
    options = reader.parse_args()
    if options.qmsum:
        write(options.out, meetings(options.qmsum, random.Random(11)))
    else:
        out = HERE.parents[1] / "adapters/summarize"
        write(out / "train.jsonl", examples(texts(HERE / "summarize.txt")))
        write(out / "cases.jsonl", cases(HERE / "summarize-cases.txt"))


if __name__ == "__main__":
    main()
