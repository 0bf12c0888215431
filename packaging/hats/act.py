"""Writes adapters/act/train.jsonl; with --corpora instead further rows, which stay outside the repository.

python packaging/hats/act.py
python packaging/hats/act.py --corpora FOLDER --more FILE.jsonl

``act.txt`` holds requests written one by one with their slots marked ("[title dentist] [when on Friday]");
``act.toml`` phrases and forms that requests are put together from. Each written request comes as it is
and in variants: another person or time, in the manner of dictation (small letters, no marks, numbers
as words), politely.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import act_corpora

HERE = Path(__file__).parent
TASK = HERE.parents[1] / "adapters" / "act"
PHRASES: dict[str, list[str]] = tomllib.loads((HERE / "act.toml").read_text(encoding="utf-8"))
COUNT = {"create_event": 260, "reminder": 200, "draft_mail": 220, "create_note": 180}
FORMS = {"create_event": "event", "reminder": "reminder", "draft_mail": "mail", "create_note": "note"}
TITLES = {
    "create_event": "events",
    "reminder": "chores",
    "draft_mail": "topics",
    "create_note": "note_titles",
}
SLOTS = ("title", "when", "where", "who", "text")
NONE = 900  # rows of the corpora that ask for nothing we do
VARIANTS = 2  # of each written request besides itself

Piece = tuple[str, str]  # slot or "", words
_MARKED = re.compile(r"\[(title|when|where|who|text) ([^\]]*)\]")
_FOREIGN = re.compile(
    r"[äöüßéèêàçñ¿]|\b(am|um|der|die|das|ein|bitte|mit|le|la|les|un|une|de|el|que|mañana|morgen|wie|was|ich|mach)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(r"^(on|at|for|am|um|für|auf|le|el|à|pour|a)\s+(?=\S)", re.IGNORECASE)
_ARTICLES = re.compile(r"^(a|an|the|ein|eine|einen|un|une|la|le)\s+(?=\S)", re.IGNORECASE)
_VERBS = re.compile(
    r"^(put|add|schedule|book|set|make|remind|write|email|mail|tell|draft|send|create|plan|block|mark|note|"
    r"jot|take|save|start|reply|answer|ask|invite|let|inform|cancel|delete|remove|move|clear|play|turn|show|"
    r"find|read|list|order|call|text|post|open|wake|give|get|check|search)\b"
)
_BEFORE = (
    "please ",
    "can you ",
    "could you ",
    "hey ",
    "ok ",
    "would you ",
    "hi, can you please ",
    "I want you to ",
)
_AFTER = (" please", ", thanks", "!", ".", " thanks", "?")


def written() -> list[tuple[str, list[Piece]]]:
    """The requests of act.txt: action and pieces."""
    found, action = [], ""
    for line in (HERE / "act.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            action = line[2:]
        elif line.strip():
            found.append((action, _pieces(line)))
    return found


def _pieces(line: str) -> list[Piece]:
    parts = _MARKED.split(line)
    pieces = [("", parts[0])]
    for slot, words, rest in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        pieces += [(slot, words), ("", rest)]
    return [p for p in pieces if p[1]]


def composed(chance: random.Random) -> list[tuple[str, list[Piece]]]:
    """Requests put together from the forms and phrases of act.toml."""
    found = []
    for action, count in COUNT.items():
        forms = PHRASES[FORMS[action] + "_forms"]
        for number in range(count):
            form = _pieces(re.sub(r"\{(\w+)\}", r"[\1 \0]", forms[number % len(forms)]))
            filled = [(slot, _phrase(chance, action, slot) if slot else words) for slot, words in form]
            found.append((action, [piece for slot, words in filled for piece in _place(slot, words)]))
    for sentence in PHRASES["none"]:
        found.append(("none", [("", chance.choice(PHRASES["none_forms"]).format(sentence))]))
    return found


def _phrase(chance: random.Random, action: str, slot: str) -> str:
    texts = "notes" if action == "create_note" else "says"
    lists = {"title": TITLES[action], "when": "whens", "where": "places", "who": "people", "text": texts}
    return chance.choice(PHRASES[lists[slot]])


def _place(slot: str, words: str) -> list[Piece]:
    """ "at home" is said, "home" is the place."""
    if slot != "where":
        return [(slot, words)]
    before, place = words.split(" ", 1)
    return [("", before + " "), (slot, place)]


def variant(chance: random.Random, action: str, pieces: list[Piece]) -> list[Piece]:
    """Another person, another time, dictated, polite; a request in another language stays as it is."""
    if _FOREIGN.search("".join(words for _, words in pieces)):
        return pieces
    times = sum(slot == "when" for slot, _ in pieces)
    changed = []
    for slot, words in pieces:
        other_person = slot == "who" and not {"@", "'"} & set(words) and chance.random() < 0.7
        other_time = slot == "when" and times == 1 and chance.random() < 0.6
        changed.append((slot, _phrase(chance, action, slot) if other_person or other_time else words))
    changed = _dictated(changed) if chance.random() < 0.5 else _cased(chance, changed)
    return _polite(chance, changed) if chance.random() < 0.4 else changed


def _dictated(pieces: list[Piece]) -> list[Piece]:
    joined: list[Piece] = []
    for slot, words in pieces:
        spoken = words if "@" in words else _spoken(words)
        if joined and joined[-1][1].endswith(" "):  # no two spaces where a mark went
            spoken = spoken.lstrip()
        spoken = spoken.strip() if slot else spoken
        if spoken:
            joined.append((slot, spoken))
    return [("", joined[0][1].lstrip()), *joined[1:]] if joined and not joined[0][0] else joined


def _spoken(words: str) -> str:
    bare = re.sub(r"[,;:!?\"()]|\.(?=\s|$)| - ", " ", _spelled(words.lower()))
    return re.sub(r"\s+", " ", bare)


ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen"
NUMBERS = f"{ONES} fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _number(value: int) -> str:
    if value < 20:
        return NUMBERS[value]
    return TENS[value // 10] + (f" {NUMBERS[value % 10]}" if value % 10 else "")


def _spelled(words: str) -> str:
    """ "at 9:30" as one says it: "at nine thirty"; long numbers, ordinals and years stay."""
    words = re.sub(r"\b(\d{1,2})(am|pm)\b", r"\1 \2", words)

    def clock(match: re.Match[str]) -> str:
        hours, minutes = int(match[1]), int(match[2])
        spoken = {0: " o'clock"}.get(minutes, f" {_number(minutes)}")
        return _number(hours) + (spoken if hours <= 12 or minutes else " hundred")

    words = re.sub(r"\b(\d{1,2}):(\d\d)\b", clock, words)
    return re.sub(r"(?<![\d.:/-])\b(\d{1,2})\b(?![\d.:/-]|st|nd|rd|th)", lambda m: _number(int(m[1])), words)


def _cased(chance: random.Random, pieces: list[Piece]) -> list[Piece]:
    if chance.random() < 0.3:
        return [(slot, words.lower()) for slot, words in pieces]
    if chance.random() < 0.5 and not pieces[0][0]:
        return [("", pieces[0][1][:1].upper() + pieces[0][1][1:]), *pieces[1:]]
    return pieces


def _polite(chance: random.Random, pieces: list[Piece]) -> list[Piece]:
    slot, words = pieces[0]
    if not slot and _VERBS.match(words) and chance.random() < 0.7:
        return [("", chance.choice(_BEFORE) + words), *pieces[1:]]
    if pieces[-1][1][-1:].isalnum():
        return [*pieces, ("", chance.choice(_AFTER))]
    return pieces


def row(action: str, pieces: Iterable[Piece]) -> dict[str, object]:
    """The request as it is said and the answer: every slot's own words, without what leads up to them."""
    listed = list(pieces)
    said: dict[str, list[str]] = {}
    for slot, words in listed:
        if slot:
            said.setdefault(slot, []).append(_bare(action, slot, words.strip()))
    answer = {"action": action, **{name: " ".join(said[name]) for name in SLOTS if name in said}}
    request = "".join(words for _, words in listed).strip()
    return {"fields": {"request": request}, "completion": json.dumps(answer, ensure_ascii=False)}


def _bare(action: str, slot: str, words: str) -> str:
    if slot == "when":
        return _LEADS.sub("", words)
    return _ARTICLES.sub("", words) if slot == "title" and action == "create_event" else words


def rows(seed: int = 7) -> list[dict[str, object]]:
    chance = random.Random(seed)
    made = []
    for action, pieces in written():
        made.append(row(action, pieces))
        copies = 1 if action == "none" else VARIANTS
        made += [row(action, variant(chance, action, pieces)) for _ in range(copies)]
    for action, pieces in composed(chance):
        made.append(row(action, variant(chance, action, pieces) if chance.random() < 0.5 else pieces))
    return unique(made)


def unique(made: Iterable[dict[str, object]]) -> list[dict[str, object]]:
    """Without repetitions and without anything that is measured on, in random order."""
    cases = (TASK / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    measured = {_key(json.loads(line)) for line in cases}
    found = {key: one for one in made if (key := _key(one)) not in measured}
    listed = [found[key] for key in sorted(found)]
    random.Random(7).shuffle(listed)
    return listed


def thinned(listed: list[dict[str, object]]) -> list[dict[str, object]]:
    """With at most NONE rows for none: four fifths of the corpora are, too many to learn from."""
    chance = random.Random(1)
    none = [one for one in listed if _none(one)]
    kept = [one for one in listed if not _none(one)] + chance.sample(none, min(NONE, len(none)))
    chance.shuffle(kept)
    return kept


def _none(one: dict[str, object]) -> bool:
    return '"none"' in str(one["completion"])


def _key(one: dict[str, object]) -> str:
    fields = one["fields"]
    assert isinstance(fields, dict)
    return " ".join(str(fields["request"]).split())


def _write(path: Path, listed: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in listed), encoding="utf-8")
    none = sum(map(_none, listed))
    print(f"{path}: {len(listed)} rows, {none} of them none")


def main() -> None:
    reader = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    reader.add_argument("--corpora", type=Path, help="folder of act_nlu_home and act_clinc150")
    reader.add_argument("--more", type=Path, help="where the rows made of them go")
    options = reader.parse_args()
    if options.corpora:
        _write(options.more, thinned(unique(row(a, p) for a, p in act_corpora.requests(options.corpora))))
    else:
        _write(TASK / "train.jsonl", rows())


if __name__ == "__main__":
    main()
