"""Writes adapters/draft/train.jsonl and cases.jsonl from mails and subject lines written for this project.

draft.txt holds mails with what people want to say to them and the reply, new mails with what was to be said,
and subject lines of both; each copy of a mail gets other names, places, days and numbers, the same ones in
the mail, the words, the reply and the subject.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from vary import numbers

from app.flows.draft import NEW, REPLY, SUBJECT

COPIES, NEW_COPIES, SUBJECT_COPIES, SAYS = 5, 6, 4, 3
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
ASKED_NEW = ("say ", "tell them ", "write that ", "mail: ", "please write: ")


@dataclass(frozen=True)
class Said:
    """What is to be said, the sentences that say it, and for a new mail their subject line."""

    words: str
    text: str = ""
    subject: str = ""


@dataclass
class Mail:
    """``register``: i informal, f formal, o of no single person.

    Of a mail that came, ``other`` wrote it, ``text`` and ``subject`` are its own, and ``says`` the replies
    of ``me``; ``new`` ones are the ``says`` of ``me`` to ``other``.
    """

    language: str
    register: str
    other: str
    me: str
    new: bool = False
    text: str = ""
    subject: str = ""
    says: list[Said] = field(default_factory=list)


def mails(path: Path) -> list[Mail]:
    found: list[Mail] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark in ("=", "+"):
            head, _, me = rest.partition(" | ")
            language, register, other = head.split(" ", 2)
            found.append(Mail(language, register, other, me, new=mark == "+"))
        elif line and mark not in ("#", ">", "<", "*"):
            found[-1].text = line
        elif line and mark != "#":
            _take(found[-1], mark, rest)
    return found


def _take(mail: Mail, mark: str, rest: str) -> None:
    says = mail.says
    if mark == ">":
        says.append(Said(rest))
    elif mark == "<" and (not says or says[-1].text):  # a mail of which only the subject is asked
        says.append(Said("", rest))
    elif mark == "<":
        says[-1] = replace(says[-1], text=rest)
    elif says:
        says[-1] = replace(says[-1], subject=rest)
    else:
        mail.subject = rest


def altered(mail: Mail, chance: random.Random) -> Mail:
    """The mail with other names, places, days and numbers, everywhere the same ones."""
    other = _other(mail.language, chance)
    return replace(
        mail,
        other=other(mail.other),
        me=other(mail.me),
        text=other(mail.text),
        subject=other(mail.subject),
        says=[Said(other(said.words), other(said.text), other(said.subject)) for said in mail.says],
    )


def _other(language: str, chance: random.Random) -> Callable[[str], str]:
    words: dict[str, str] = {}
    for pool in [*POOLS[:4], *(POOLS[at] for at in LANGUAGES[language])]:
        words |= dict(zip(pool, chance.sample(pool, len(pool)), strict=True))
    named = {word for pool in POOLS[:4] for word in pool}
    loose = {word.lower(): new.lower() for word, new in words.items() if word not in named}
    exchanged = numbers(chance, years=False)

    def other(text: str) -> str:
        text = re.sub(r"\w+", lambda m: words.get(m[0]) or loose.get(m[0]) or m[0], text)
        return exchanged(text)

    return other


def dressed(mail: Mail, chance: random.Random) -> Mail:
    """As people are named and write: with a family name, a greeting, a sentence more or no signature."""
    text, me, first = mail.text, mail.me, mail.me.split()[0]
    if mail.register == "i" and text:
        if chance.random() < 0.3:
            text = text.removesuffix(f" {mail.other.split()[0]}")
        if mail.language == "en" and first not in text and chance.random() < 0.5:
            text = f"{chance.choice(('Hi', 'Dear', 'Hello', 'Hey'))} {first}, {text}"
    if text and mail.language == "en" and chance.random() < 0.15:
        text = f"{text} {chance.choice(SMALL_TALK)}"
    if me == first and chance.random() < 0.5:
        me = f"{me} {chance.choice(POOLS[2])}"
    if chance.random() < 0.04:
        me = ""
    return replace(mail, me=me, text=text)


def typed(said: str, language: str, chance: random.Random, asked: Sequence[str]) -> str:
    if language != "de" and chance.random() < 0.25:
        said = said.lower()
    if language == "en" and chance.random() < 0.1 and not said.startswith(("say", "tell", "ask", "thank")):
        said = chance.choice(asked) + said
    return f"{said}." if said[-1].isalnum() and chance.random() < 0.15 else said


def row(mail: Mail, words: str, text: str) -> dict[str, object]:
    at = "ifo".index(mail.register)
    titled = re.match(r"(Mr|Mrs|Ms|Dr) ", mail.other)
    name = mail.other if at or titled else " and ".join(one.split()[0] for one in mail.other.split(" and "))
    closing = CLOSINGS[mail.language][min(at, 1)]
    parts = [f"{GREETINGS[mail.language][at].format(name)},", text, f"{closing}\n{mail.me}".strip()]
    form = NEW if mail.new else REPLY
    fields = {"form": form, "sender": mail.other, "mail": mail.text, "say": words, "me": mail.me}
    return {"fields": fields, "completion": "\n\n".join(parts)}


def subject(to: str, text: str, line: str) -> dict[str, object]:
    fields = {"form": SUBJECT, "sender": to, "mail": text, "say": "", "me": ""}
    return {"fields": fields, "completion": line}


def subjects(mail: Mail) -> Iterator[dict[str, object]]:
    if mail.subject:
        yield subject(mail.me, mail.text, mail.subject)
    for said in mail.says:
        if said.subject:
            yield subject(mail.other, said.text, said.subject)


def examples(listed: list[Mail], copies: int, seed: int) -> Iterator[dict[str, object]]:
    chance = random.Random(seed)
    for copy in range(copies):
        for mail in listed:
            shown = dressed(altered(mail, chance) if copy else mail, chance)
            says = [said for said in shown.says if said.words]
            for said in chance.sample(says, min(SAYS, len(says))):
                asked = ASKED_NEW if shown.new else ASKED
                yield row(shown, typed(said.words, shown.language, chance, asked), said.text)


def titled(listed: list[Mail], copies: int, seed: int) -> Iterator[dict[str, object]]:
    chance = random.Random(seed)
    for copy in range(copies):
        for mail in listed:
            yield from subjects(altered(mail, chance) if copy else mail)


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


if __name__ == "__main__":
    out = HERE.parents[1] / "adapters/draft"
    written, held = mails(HERE / "draft.txt"), mails(HERE / "draft-cases.txt")
    came, new = ([mail for mail in written if mail.new is kind] for kind in (False, True))
    rows = [
        *examples(came, COPIES, seed=11),
        *examples(new, NEW_COPIES, seed=12),
        *titled(written, SUBJECT_COPIES, seed=13),
    ]
    write(out / "train.jsonl", rows)
    cases = [row(mail, said.words, said.text) for mail in held for said in mail.says if said.words]
    write(out / "cases.jsonl", cases + [case for mail in held for case in subjects(mail)])
