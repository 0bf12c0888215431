"""Writes adapters/draft/train.jsonl and cases.jsonl from mails and replies written for this project.

draft.txt holds the mails with what people want to say to them and the reply; each copy of a mail gets other
names, places, days and numbers, the same ones in the mail, the words and the reply.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

COPIES, SAYS = 5, 3
HERE = Path(__file__).parent
POOLS = [
    line.split()
    for line in (
        "Hilde Maren Sabine Keiko Nadia Elif Priya Greta Dolores Amina Ruth Birgit Colette Ximena Freya "
        "Leila Tova Marta Judith Agnes Zofia Hannah Yasmin Celia Ingrid Pilar Noor Chiara Wendy Siobhan "
        "Aurora Bettina Camille Dagny Esther Fatima Gloria Helga Irina Jocelyn Katya Lucinda Meera "
        "Nkechi Olga Paula Renata Shirin Thandi Ursula Valerie Wanda Xenia Yvette Zainab Alma Brigid "
        "Clara Dilan Eleni Fiona",
        "Knut Omar Felix Anders Hugo Tomasz Ravi Bernd Emil Karim Lukas Oscar Mateo Piet Stefan Gareth "
        "Yusuf Viktor Marek Leon Henrik Diego Samir Ralph Nils Jorge Kofi Alan Simon Alistair Boris "
        "Cedric Dmitri Elias Fergus Giorgio Hamza Igor Jasper Kenji Ludvig Murat Nathan Olivier Pavel "
        "Quincy Rashid Sergio Tobias Ulrich Vincent Walter Xavier Yannick Zoltan Arjun Bruno Chidi "
        "Declan Enzo",
        "Aas Berg Lindholm Okafor Haddad Kowalski Meier Santos Vidal Renard Castellan Holm Petrov Novak "
        "Weiss Dubois Moran Pereira Sato Ortega Falk Quist Arnold Baker Hughes Tanaka Rossi Kaya Ferrer "
        "Lund Abbott Brennan Carvalho Dimitrov Eriksen Fontaine Gruber Hussain Ibarra Jankovic Keller "
        "Lombardi Mbeki Nakamura Olsen Papadakis Quinlan Richter Svensson Thorpe Ueda Varga Whitaker "
        "Yilmaz Zielinski Banerjee Costa Donovan",
        "Lyon Porto Ghent Leeds Graz Turin Cork Basel Bergen Utrecht Nantes Krakow Oslo Derby Bath Bonn "
        "Rennes Malta Odense Tartu Brno Verona Girona Exeter Galway Linz Antwerp Kassel Lille Murcia",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February March April June July August September October November December",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "avril mai juin juillet septembre octobre novembre décembre",
        "lunes martes miércoles jueves viernes sábado domingo",
        "mayo junio julio septiembre octubre noviembre diciembre enero febrero",
        "janeiro março maio junho julho setembro outubro novembro dezembro",
        "måndag tisdag onsdag torsdag fredag lördag söndag",
        "januari mars maj juni juli augusti oktober",
    )
]
LANGUAGES = {  # the first pool of days and months; those of one language only, as some words are of two
    "en": (4, 5),
    "de": (6, 7),
    "fr": (8, 9),
    "es": (10, 11),
    "pt": (12, 12),
    "sv": (13, 14),
}
GREETINGS = {
    "en": ("Hi {}", "Dear {}", "Hello"),
    "de": ("Hallo {}", "Guten Tag {}", "Guten Tag"),
    "fr": ("Bonjour {}", "Bonjour {}", "Bonjour"),
    "es": ("Hola {}", "Buenos días {}", "Buenos días"),
    "pt": ("Olá {}", "Bom dia {}", "Bom dia"),
    "sv": ("Hej {}", "Hej {}", "Hej"),
}
CLOSINGS = {
    "en": ("Best wishes", "Kind regards"),
    "de": ("Viele Grüße", "Mit freundlichen Grüßen"),
    "fr": ("À bientôt", "Cordialement"),
    "es": ("Un saludo", "Saludos cordiales"),
    "pt": ("Um abraço", "Com os melhores cumprimentos"),
    "sv": ("Hälsningar", "Vänliga hälsningar"),
}
SMALL_TALK = [
    "I hope you are well.",
    "Sorry for the late answer, it was a busy week.",
    "Many thanks in advance.",
    "Please let me know soon.",
    "Greetings from everybody here.",
    "It has been raining here for days.",
]
ASKED = ("say ", "tell them ", "answer: ", "reply that ", "please write: ")
_NUMBER = re.compile(r"\d+(?::\d\d|(?:[.,]\d+)*)")
_ORDINAL = re.compile(r"\b(\d+)(st|nd|rd|th)\b")


@dataclass
class Mail:
    """``register``: i informal, f formal, o from no single person; ``replies``: what is said, the reply."""

    language: str
    register: str
    sender: str
    me: str
    text: str = ""
    replies: list[tuple[str, str]] = field(default_factory=list)


def mails(path: Path) -> list[Mail]:
    found: list[Mail] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            head, _, me = rest.partition(" | ")
            language, register, sender = head.split(" ", 2)
            found.append(Mail(language, register, sender, me))
        elif mark == ">":
            found[-1].replies.append((rest, ""))
        elif mark == "<":
            found[-1].replies[-1] = (found[-1].replies[-1][0], rest)
        elif line and mark != "#":
            found[-1].text = line
    return found


def altered(mail: Mail, chance: random.Random) -> Mail:
    """The mail with other names, places, days and numbers, everywhere the same ones."""
    other = _other(mail.language, chance)
    return Mail(
        mail.language,
        mail.register,
        other(mail.sender),
        other(mail.me),
        other(mail.text),
        [(other(said), other(reply)) for said, reply in mail.replies],
    )


def _other(language: str, chance: random.Random) -> Callable[[str], str]:
    words: dict[str, str] = {}
    for pool in [*POOLS[:4], *(POOLS[at] for at in LANGUAGES[language])]:
        words |= dict(zip(pool, chance.sample(pool, len(pool)), strict=True))
    named = {word for pool in POOLS[:4] for word in pool}
    loose = {word.lower(): new.lower() for word, new in words.items() if word not in named}
    numbers: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        if match[0] not in numbers:
            new = _number(match[0], chance)
            numbers[match[0]] = match[0] if new in numbers.values() else new
        return numbers[match[0]]

    def other(text: str) -> str:
        text = re.sub(r"\w+", lambda m: words.get(m[0]) or loose.get(m[0]) or m[0], text)
        return _ORDINAL.sub(_ordinal, _NUMBER.sub(number, text))

    return other


def _number(old: str, chance: random.Random) -> str:
    """Of the same shape: an hour, a day, an amount; nought, one and a leading nought stay."""
    if ":" in old:
        return f"{chance.randint(7, 21)}:{chance.choice(('00', '10', '15', '20', '30', '40', '45', '50'))}"
    if old.isdigit() and len(old) == 1:
        return old if old in "01" else str(chance.randint(2, 9))
    if old.isdigit() and len(old) == 2:
        return str(chance.randint(10, 28) if int(old) <= 31 else chance.randint(32, 99))
    return re.sub(r"(?!^0)\d", lambda m: str(chance.randint(1, 9)), old)


def _ordinal(match: re.Match[str]) -> str:
    number = int(match[1])
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else ending}"


def dressed(mail: Mail, chance: random.Random) -> Mail:
    """As people are named and write: with a family name, a greeting, a sentence more or no signature."""
    text, me, first = mail.text, mail.me, mail.me.split()[0]
    if mail.register == "i":
        if chance.random() < 0.3:
            text = text.removesuffix(f" {mail.sender.split()[0]}")
        if mail.language == "en" and first not in text and chance.random() < 0.5:
            text = f"{chance.choice(('Hi', 'Dear', 'Hello', 'Hey'))} {first}, {text}"
    if mail.language == "en" and chance.random() < 0.15:
        text = f"{text} {chance.choice(SMALL_TALK)}"
    if me == first and chance.random() < 0.5:
        me = f"{me} {chance.choice(POOLS[2])}"
    if chance.random() < 0.04:
        me = ""
    return Mail(mail.language, mail.register, mail.sender, me, text, mail.replies)


def typed(said: str, language: str, chance: random.Random) -> str:
    if language != "de" and chance.random() < 0.25:
        said = said.lower()
    if language == "en" and chance.random() < 0.1 and not said.startswith(("say", "tell", "ask", "thank")):
        said = chance.choice(ASKED) + said
    return f"{said}." if said[-1].isalnum() and chance.random() < 0.15 else said


def row(mail: Mail, said: str, reply: str) -> dict[str, object]:
    at = "ifo".index(mail.register)
    titled = re.match(r"(Mr|Mrs|Ms|Dr) ", mail.sender)
    name = mail.sender if at or titled else mail.sender.split()[0]
    closing = CLOSINGS[mail.language][min(at, 1)]
    parts = [f"{GREETINGS[mail.language][at].format(name)},", reply, f"{closing}\n{mail.me}".strip()]
    fields = {"mail": mail.text, "sender": mail.sender, "say": said, "me": mail.me}
    return {"fields": fields, "completion": "\n\n".join(parts)}


def examples(listed: list[Mail], seed: int = 11) -> Iterator[dict[str, object]]:
    chance = random.Random(seed)
    for copy in range(COPIES):
        for mail in listed:
            shown = dressed(altered(mail, chance) if copy else mail, chance)
            for said, reply in chance.sample(shown.replies, min(SAYS, len(shown.replies))):
                yield row(shown, typed(said, shown.language, chance), reply)


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


if __name__ == "__main__":
    out = HERE.parents[1] / "adapters/draft"
    write(out / "train.jsonl", list(examples(mails(HERE / "draft.txt"))))
    cases = [row(m, said, reply) for m in mails(HERE / "draft-cases.txt") for said, reply in m.replies]
    write(out / "cases.jsonl", cases)
