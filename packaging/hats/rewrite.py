"""Writes adapters/rewrite/train.jsonl and cases.jsonl: texts in other styles, sentences with errors put in.

For proofreading every correct sentence of rewrite.txt and summarize.txt gets errors by rule: letters
swapped, lost or doubled, words that sound alike, agreement, articles, apostrophes, capitals, commas,
umlauts and accents; some stay as they are, since a correct text is to come back unchanged.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from summarize import texts as summarized
from vary import other

from app.flows import grounding
from app.flows.rewrite import FORMAL, FRIENDLIER, PROOFREAD, SHORTER, STYLES

COPIES = 4  # of each text in another style
PROOFS = 1  # of each sentence with errors; those written for it get four times as many
UNTOUCHED = 0.15  # of the sentences to be proofread
MARKS = {"s": SHORTER, "f": FRIENDLIER, "m": FORMAL}
HERE = Path(__file__).parent

MISSPELT = {
    "en": dict(
        pair.split(":")
        for pair in """receive:recieve received:recieved definitely:definately separate:seperate
        tomorrow:tommorow which:wich because:becuase believe:beleive address:adress until:untill
        necessary:neccessary
        accommodation:accomodation beginning:begining beautiful:beatiful neighbour:nieghbour
        neighbours:neigbours Wednesday:Wensday February:Febuary library:libary government:goverment
        appointment:apointment decided:decidet available:availible different:diffrent really:realy
        interesting:intresting finished:finnished written:writen might:migth their:thier friend:freind
        always:allways usually:usualy restaurant:restaraunt colleague:collegue responsible:responsable
        office:ofice across:accross tickets:tikets people:peaple business:buisness please:plese
        unfortunately:unfortunatly possible:posible weather:wether meeting:meting museum:musuem
        bicycle:bycicle enough:enougth though:tho through:trough answer:anwser surprised:suprised
        receipt:reciept misunderstanding:missunderstanding probably:propably""".split()
    ),
    "de": dict(
        pair.split(":")
        for pair in """nämlich:nähmlich vielleicht:villeicht wieder:wider seit:seid Seit:Seid Seid:Seit
        ihr:ir Interesse:Intresse Adresse:Addresse Rhythmus:Rytmus Standard:Standart sehr:ser mehr:meer
        nicht:nich zurück:zurrück können:könen müssen:müsen Mittwoch:Mitwoch
        Dienstag:Dinstag Straße:Strase weiß:weis größer:gröser heißt:heist""".split()
    ),
    "fr": dict(
        pair.split(":")
        for pair in """est:et sont:son ces:ses à:a où:ou beaucoup:beacoup toujours:toujour
        parapluie:parapluit bientôt:bientot merci:mercie malheureusement:malheuresement""".split()
    ),
    "es": dict(
        pair.split(":")
        for pair in """hay:ay había:avia haber:aver a:ha tuvo:tubo vamos:bamos estaba:estava hacer:acer
        gracias:grasias hola:ola también:tambien habrá:abrá""".split()
    ),
}
ALIKE = [
    group.split()
    for group in (
        "its it's",
        "their there they're",
        "your you're",
        "to too",
        "than then",
        "lose loose",
        "were where",
        "whose who's",
        "a an",
        "is are",
        "was were",
        "has have",
        "do does",
        "don't doesn't",
        "isn't aren't",
        "less fewer",
        "this these",
        "advice advise",
    )
]
ALIKE_DE = [
    group.split() for group in ("das dass", "den dem", "einen einem", "seinen seinem", "als wie", "ist sind")
]
VERB = re.compile(r"\b([Hh]e|[Ss]he|[Ii]t|[A-Z][a-z]+) ([a-z]{3,}s)\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass
class Text:
    language: str
    rough: bool
    text: str = ""
    styles: dict[str, str] = field(default_factory=dict)
    proofs: list[str] = field(default_factory=list)


def texts(path: Path) -> list[Text]:
    found: list[Text] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            language, _, kind = rest.partition(" ")
            found.append(Text(language, kind == "rough"))
        elif mark in MARKS:
            found[-1].styles[MARKS[mark]] = rest
        elif mark == "p":
            found[-1].proofs.append(rest)
        elif line and mark != "#":
            found[-1].text = line
    return found


# --- errors, each a text changed in one place, or the same text where the rule finds nothing ----------

Error = Callable[[str, str, random.Random], str]


def _at(text: str, pattern: str, chance: random.Random, new: Callable[[str], str]) -> str:
    found = list(re.finditer(pattern, text))
    if not found:
        return text
    match = chance.choice(found)
    return text[: match.start()] + new(match[0]) + text[match.end() :]


def typo(text: str, language: str, chance: random.Random) -> str:
    def slip(word: str) -> str:
        n = chance.randrange(1, len(word) - 1)
        return chance.choice(
            (
                word[:n] + word[n + 1] + word[n] + word[n + 2 :],
                word[:n] + word[n + 1 :],
                word[:n] + word[n] + word[n:],
                word[:n] + chance.choice("aeionrst") + word[n + 1 :],
            )
        )

    return _at(text, r"\b[a-zà-ÿß]{4,}\b", chance, slip)


def misspelt(text: str, language: str, chance: random.Random) -> str:
    known = MISSPELT.get(language, {})
    there = [word for word in _WORD.findall(text) if word in known]
    if not there:
        return typo(text, language, chance)
    word = chance.choice(there)
    return re.sub(rf"\b{re.escape(word)}\b", known[word], text, count=1)


def alike(text: str, language: str, chance: random.Random) -> str:
    groups = {"en": ALIKE, "de": ALIKE_DE}.get(language, [])
    there = [(w, g) for w in _WORD.findall(text) for g in groups if w.lower() in g]
    if not there:
        return misspelt(text, language, chance)
    word, group = chance.choice(there)
    new = chance.choice([each for each in group if each != word.lower()])
    new = new.capitalize() if word[0].isupper() else new
    return re.sub(rf"(?<![\w'’]){re.escape(word)}(?![\w'’])", new, text, count=1)


def verb(text: str, language: str, chance: random.Random) -> str:
    if language != "en":
        return alike(text, language, chance)
    match = VERB.search(text)
    if match is None or match[2] in ("was", "has", "its", "this", "always", "does"):
        return alike(text, language, chance)
    return text[: match.start(2)] + match[2][:-1] + text[match.end(2) :]


def apostrophe(text: str, language: str, chance: random.Random) -> str:
    found = _at(text, r"\b\w+['’]\w+\b", chance, lambda word: re.sub("['’]", "", word))
    return found if found != text and language == "en" else alike(text, language, chance)


def capital(text: str, language: str, chance: random.Random) -> str:
    pattern = {
        "en": r"\bI\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|^[A-Z]",
        "de": r"(?<=[a-zäöüß,] )[A-ZÄÖÜ]",
    }
    return _at(text, pattern.get(language, r"^[A-ZÀ-Ý]"), chance, str.lower)


def comma(text: str, language: str, chance: random.Random) -> str:
    return _at(text, r", (?=[a-zà-ÿ])", chance, lambda mark: chance.choice((" ", " ", " ,")))


def doubled(text: str, language: str, chance: random.Random) -> str:
    return _at(text, r"(?<=\s)[a-zà-ÿ]+(?= )", chance, lambda word: f"{word} {word}")


def article(text: str, language: str, chance: random.Random) -> str:
    return _at(
        text, r"\b(?:the|a|an) " if language == "en" else r"(?<=\w) (?=\w+[.!?]$)", chance, lambda found: ""
    )


def ending(text: str, language: str, chance: random.Random) -> str:
    return text[:-1] if text[-1] in ".!?" else text


def accents(text: str, language: str, chance: random.Random) -> str:
    pairs = {
        "de": {"ä": "ae", "ö": "oe", "ü": "u", "ß": "ss"},
        "fr": dict(zip("éèêàâôîçù", "eeeaaoicu", strict=True)),
        "es": dict(zip("áéíóúñ¿¡", "aeioun  ", strict=True)),
    }.get(language)
    if pairs is None:
        return misspelt(text, language, chance)
    return _at(text, "[" + "".join(pairs) + "]", chance, lambda letter: pairs[letter].strip())


ERRORS: tuple[Error, ...] = (
    typo, typo, misspelt, misspelt, alike, alike, alike, verb, apostrophe, capital, capital, comma, doubled,
    article, ending, accents, accents,
)  # fmt: skip


def spoilt(text: str, language: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 2, 2, 3))):
        text = chance.choice(ERRORS)(text, language, chance)
    return text


# --- examples ------------------------------------------------------------------------------------------


def styles(listed: list[Text], chance: random.Random) -> Iterator[dict[str, object]]:
    for copy in range(COPIES):
        for text in (each for each in listed if each.styles):
            exchange: Callable[[str], str] = (
                other(text.language, chance, names=not text.rough) if copy else str
            )
            shown = exchange(text.text)
            if copy % 3 == 2:
                shown = spoilt(shown, text.language, chance)
            for style, new in text.styles.items():
                yield row(shown, style, exchange(new))


def proofs(listed: list[Text], chance: random.Random) -> Iterator[dict[str, object]]:
    sentences: list[tuple[str, str, int]] = []
    for text in listed:
        sentences += [(text.language, each, PROOFS * 4) for each in text.proofs]
        correct = [text.styles[style] for style in text.styles] + ([] if text.rough else [text.text])
        sentences += [
            (text.language, s, PROOFS) for each in correct if each for s in grounding.sentences(each)
        ]
    for long in summarized(HERE / "summarize.txt"):
        for said in (words for piece in long.pieces for _, words in piece.said):
            for sentence in grounding.sentences(said):
                if sentence[0].isupper() and sentence[-1] in ".?!" and 25 < len(sentence) < 160:
                    sentences.append((long.language, sentence, PROOFS))
    for language, sentence, copies in sentences:
        for copy in range(copies):
            right = other(language, chance)(sentence) if copy else sentence
            if chance.random() < UNTOUCHED:
                yield row(right, PROOFREAD, right)
            else:
                yield row(spoilt(right, language, chance), PROOFREAD, right)


def row(text: str, style: str, completion: str) -> dict[str, object]:
    return {"fields": {"text": text, "style": STYLES[style]}, "completion": completion}


def cases(path: Path) -> Iterator[dict[str, object]]:
    """What is measured on: a text of any length up to how it should read, as it stands in the file."""
    for block in path.read_text(encoding="utf-8").split("\n= ")[1:]:
        head, _, rest = block.partition("\n")
        text, _, right = rest.partition("\n> ")
        yield row(text.strip(), head.split()[1], right.strip())


def write(path: Path, rows: Iterable[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def main() -> None:
    chance = random.Random(11)
    listed = texts(HERE / "rewrite.txt")
    made = {json.dumps(r["fields"]): r for r in (*styles(listed, chance), *proofs(listed, chance))}
    out = HERE.parents[1] / "adapters/rewrite"
    write(out / "train.jsonl", made.values())
    write(out / "cases.jsonl", cases(HERE / "rewrite-cases.txt"))


if __name__ == "__main__":
    main()
