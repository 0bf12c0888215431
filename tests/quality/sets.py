"""What the ranking is measured on: items for a store, and questions with the places that answer them.

A gold place is a range of an item's text, or a whole item. Corpora are read where they lie.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.core.paths import demo_sources, resources
from indexers.item import Item
from indexers.registry import load

DATA = Path(os.environ.get("HOMEBODY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data"))
DEMO = resources() / "demo"
LANGUAGES = ("en", "de", "es", "ro", "tr", "vi", "el", "ru", "ar", "hi", "th", "zh")
WHOLE = (0, 1 << 40)

Place = tuple[str, int, int]  # uri, from, to: characters of the item's text


@dataclass(frozen=True)
class Question:
    text: str
    gold: tuple[Place, ...]
    folder: str = ""  # the one it is asked of; empty: all


@dataclass
class Store:
    """The items of one store by the folder that holds them, and the sets that are asked of it."""

    items: dict[tuple[str, str], list[Item]]  # (kind of source, folder)
    sets: dict[str, list[Question]]
    photos: bool = False  # have text that must be read first
    now: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))


def stores(sample: int, only: str) -> Iterator[Store]:
    """Every store whose sets' names hold ``only``; of long sets ``sample`` questions are taken."""
    makers: dict[str, Callable[[int], Store]] = {
        f"xquad {language}": _xquad(language) for language in LANGUAGES
    }
    makers |= {"talks": _talks, "meetings": _meetings, "notes": _notes, "mail": _mail, "demo": _demo}
    for name, make in makers.items():
        if only in name or (only.startswith("xquad") and name.startswith(only)):
            yield make(sample)


def _few(questions: Iterable[Question], sample: int) -> list[Question]:
    everything = list(questions)
    return everything if len(everything) <= sample else random.Random(7).sample(everything, sample)


def _item(uri: str, text: str, **fields: Any) -> Item:
    values = {"source": "notes", "kind": "note", "title": "", "path": uri.removeprefix("file://")}
    digest = hashlib.sha256(f"{uri}{text}".encode()).hexdigest()
    return Item(uri=uri, text=text, digest=digest, **(values | fields))


# --- questions about paragraphs, in twelve languages ----------------------------------------------


def _xquad(language: str) -> Callable[[int], Store]:
    """A paragraph is a note. English paragraphs are also asked in other languages, others in English."""

    def make(sample: int) -> Store:
        items, own = _paragraphs(language)
        sets = {f"xquad {language}": _few(own.values(), sample)}
        for other in (
            ("de", "es", "ru", "zh") if language == "en" else ("en",) if language in ("de", "es") else ()
        ):
            asked = _paragraphs(other)[1]
            crossed = [Question(asked[id].text, question.gold) for id, question in own.items()]
            sets[f"xquad {other}→{language}"] = _few(crossed, sample)
        return Store({("notes", "/xquad"): items}, sets)

    return make


def _paragraphs(language: str) -> tuple[list[Item], dict[str, Question]]:
    articles = json.loads((DATA / "qa_xquad" / f"xquad.{language}.json").read_text(encoding="utf-8"))["data"]
    items, questions = [], {}
    for n, paragraph in enumerate(p for article in articles for p in article["paragraphs"]):
        uri = f"file:///xquad/{n}.md"
        items.append(_item(uri, paragraph["context"]))
        for asked in paragraph["qas"]:
            answer = asked["answers"][0]
            start = answer["answer_start"]
            place = (uri, start, start + max(1, len(answer["text"])))
            questions[asked["id"]] = Question(asked["question"], (place,))
    return items, questions


# --- what a person said, meetings, notes -----------------------------------------------------------


def _talks(sample: int) -> Store:
    """Each message is a note in the thread of its conversation; the gold place is the quoted sentence."""
    base = DATA / "qa_bfcl_memory"
    items: dict[tuple[str, str], list[Item]] = {}
    for path in sorted((base / "memory_prereq_conversation").glob("*.json")):
        folder = f"/talks/{path.stem.removeprefix('memory_')}"
        for line in path.read_text(encoding="utf-8").splitlines():
            talk = json.loads(line)
            said = [m["content"] for turn in talk["question"] for m in turn if m["role"] == "user"]
            items.setdefault(("notes", folder), []).extend(
                _item(f"file://{folder}/{talk['id']}/{n}.md", text, title=talk["topic"], thread=talk["id"])
                for n, text in enumerate(said)
            )
    asked = _lines(base / "BFCL_v4_memory.json")
    gold = {one["id"]: one["source"] for one in _lines(base / "possible_answer_BFCL_v4_memory.json")}
    questions = []
    for one in asked:
        folder = f"/talks/{one['scenario']}"
        if place := _quoted(gold[one["id"]], items.get(("notes", folder), [])):
            questions.append(Question(one["question"][0][0]["content"], (place,), folder))
    return Store(items, {"talks": _few(questions, sample)})


def _quoted(source: str, items: list[Item]) -> Place | None:
    """Where most of the quotation's words stand close together."""
    words = re.findall(r"\w+", source.lower())
    best: tuple[float, Place] | None = None
    for item in items:
        there = [(m[0].lower(), m.start(), m.end()) for m in re.finditer(r"\w+", item.text)]
        for at in range(max(1, len(there) - len(words) + 1)):
            window = there[at : at + len(words)]
            if not window or window[0][0] not in words:
                continue
            share = sum((Counter(words) & Counter(w for w, _, _ in window)).values()) / len(words)
            if best is None or share > best[0]:
                best = (share, (item.uri, window[0][1], window[-1][2]))
    return best[1] if best and best[0] >= 0.7 else None


def _meetings(sample: int) -> Store:
    """A transcript is a note, a question is asked of one of them; gold are its relevant spans of turns."""
    paths = sorted((DATA / "sum_qmsum_meetings" / "train").glob("*.json"))
    items, questions = {}, []
    for path in random.Random(7).sample(paths, min(len(paths), max(8, sample // 6))):
        meeting = json.loads(path.read_text(encoding="utf-8"))
        text, starts = "", []
        for turn in meeting["meeting_transcripts"]:
            starts.append(len(text))
            text += f"{turn['speaker']}: {turn['content']}\n"
        starts.append(len(text))
        folder = f"/meetings/{path.stem}"
        uri = f"file://{folder}/meeting.md"
        items[("notes", folder)] = [_item(uri, text, title=path.stem)]
        for asked in meeting["specific_query_list"]:
            spans = [(int(a), int(b)) for a, b in asked["relevant_text_span"]]
            gold = tuple((uri, starts[a], starts[b + 1]) for a, b in spans if a <= b < len(starts) - 1)
            if gold:
                questions.append(Question(asked["query"], gold, folder))
    return Store(items, {"meetings": _few(questions, sample)})


def _notes(sample: int) -> Store:
    """A note's first heading is what is looked for; it is taken out of the text, and there is no title."""
    items, questions = [], []
    for path in sorted((DATA / "notes_til").glob("*/*.md")):
        head, _, text = path.read_text(encoding="utf-8").partition("\n")
        if head.startswith("# ") and text.strip():
            uri = f"file:///til/{path.parent.name}/{path.name}"
            items.append(_item(uri, text.strip()))
            questions.append(Question(head.removeprefix("# "), ((uri, *WHOLE),)))
    return Store({("notes", "/til"): items}, {"notes": _few(questions, sample)})


# --- mails --------------------------------------------------------------------------------------


def _mail(sample: int) -> Store:
    """Known items. Subject: every mail of that subject is gold. Sentence: one of the mail's own, every
    mail that holds it is gold. Half: every second word of such a sentence, as it is remembered. Who and
    when: "mails from NAME in MONTH YEAR about TWO WORDS OF THE SUBJECT".
    """
    paths = sorted((DATA / "mail_spamassassin").glob("*/*.txt"))
    mails: dict[str, Item] = {}
    for path in random.Random(7).sample(paths, min(len(paths), 8 * sample)):
        for item in load("mail").read(path):
            if isinstance(item, Item) and item.kind == "mail":
                mails.setdefault(item.uri, item)
    items = list(mails.values())
    by_subject: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_subject[_subject(item)].append(item)
    subjects = [Question(s, _all(of)) for s, of in by_subject.items() if len(s.split()) >= 2]
    sentences = list(_sentences(items))
    halves = [Question(" ".join(q.text.split()[::2]), q.gold) for q in sentences]
    sets = {
        "mail subject": subjects,
        "mail sentence": sentences,
        "mail half": halves,
        "mail who": list(_who(items)),
    }
    return Store({("mail", "/mail"): items}, {name: _few(asked, sample) for name, asked in sets.items()})


def _all(items: Iterable[Item]) -> tuple[Place, ...]:
    return tuple((item.uri, *WHOLE) for item in items)


def _subject(item: Item) -> str:
    return re.sub(r"^(?:\s*(?:re|fwd?|aw)\s*:|\[[^]]*\])+", "", item.title, flags=re.I).strip()


def _sentences(items: list[Item]) -> Iterator[Question]:
    flat = {item.uri: " ".join(item.text.split()) for item in items}
    for item in items:
        own = [line for line in item.text.splitlines() if not line.startswith((">", "|"))]
        said = re.split(r"(?<=[.!?])\s+", " ".join(" ".join(own).split()))
        said = [s for s in said if 8 <= len(s.split()) <= 20 and "http" not in s and s in flat[item.uri]]
        if said:
            sentence = random.Random(item.digest).choice(said)
            yield Question(sentence, tuple((uri, *WHOLE) for uri, text in flat.items() if sentence in text))


def _who(items: list[Item]) -> Iterator[Question]:
    forms = ("mail from {} in {} about {}", "what did {} write in {} about {}?")
    groups: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for item in items:
        names = [p.name for p in item.people if p.role == "from" and len(p.name.split()) == 2]
        words = [
            w
            for w in re.findall(r"[^\W\d_]{4,}", _subject(item))
            if w.lower() not in ("from", "with", "your")
        ]
        if names and item.when and len(words) >= 2:
            groups[(names[0], f"{item.when:%B %Y}", " ".join(words[:2]))].append(item)
    for n, ((name, month, words), of) in enumerate(groups.items()):
        yield Question(forms[n % 2].format(name, month, words), _all(of))


# --- the demo -------------------------------------------------------------------------------------


def _demo(sample: int) -> Store:
    """Never tuned on: all its questions that have an answer, whatever the sample."""
    items = {}
    for kind, root in demo_sources():
        source = load(kind)
        units = [unit for unit in source.scan(root) if hasattr(unit, "stamp")]
        items[(kind, str(root))] = [
            i for u in units for i in source.read(Path(u.path)) if isinstance(i, Item)
        ]
    questions = [
        Question(one["question"], tuple((_place(uri), *WHOLE) for uri in one["gold"]))
        for one in _lines(DEMO / "questions.jsonl")
        if one["gold"]
    ]
    return Store(items, {"demo": questions}, photos=True)


def _place(uri: str) -> str:
    return (DEMO / uri.removeprefix("demo:")).as_uri() if uri.startswith("demo:") else uri


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
