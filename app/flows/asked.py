"""What a question says beside its subject: when it was, who wrote, what kind of thing it is.

Words decide, in English, German, French and Spanish; nothing that is found here hides anything.
"""

from __future__ import annotations

import functools
import re
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from app.core import when
from app.core.when_atoms import flatten
from app.core.when_words import either
from app.flows import questions
from app.store.wishes import Wish
from app.store.words import content_words

_WORD = re.compile(r"[^\W_]+")
_FILES = ("attachment", "document")
_NOUNS: dict[str, tuple[str, ...]] = {  # things of resources/questions.toml → kinds of items
    "mail": ("mail",),
    "attachment": ("attachment",),
    "pdf": _FILES,
    "docx": _FILES,
    "spreadsheet": _FILES,
    "slides": _FILES,
    "document": _FILES,
    "note": ("note",),
    "photo": ("photo",),
    "video": ("video",),
    "event": ("event",),
    "message": ("message",),
    **dict.fromkeys(("whatsapp", "telegram", "signal", "slack", "sms"), ("message",)),
    "bookmark": ("webpage",),
    "contact": ("contact",),
    "workouts": ("health",),
    "energy": ("health",),
}
_OTHER = {  # where it is kept or what was done with it tells the kind as well
    "event": "calendar kalender calendrier calendario",
    "mail": """wrote write writes written sent emailed mailed schrieb schreibt geschrieben schickte geschickt
        ecrit ecrivait envoye escribio escribe escrito envio mando""",
    "video": "filmed gefilmt filme filmee filmado",
    "message": "texted getextet chat chats imessage",
    "webpage": """website websites webpage webpages webseite webseiten internetseite internetseiten browsed
        browser""",
    "contact": "telefonnummer handynummer",
    "health": "ruhepuls schrittzahl blutdruck",
    "photo": "photographed fotografiert photographie photographiee fotografie fotografiado fotografiada",
    "note": "noted notiert notee anote anotado",
}
_PHRASES = {  # words that tell a kind only together
    "message": r"""\b(?:on|in|via|by|over|from|auf|uber|per|sur|par|dans|por|en) (?:signal|slack)\b
        |\b(?:signal|slack)[ -](?:message|chat|nachricht|conversation|mensaje|kanal|channel)""",
    "webpage": r"""\b(?:pages?|sites?|articles?|seiten?|artikel|paginas?|sitios?),? (?:[^ ]+ ){0,4}?
        (?:visit\w*|opened|browsed|besucht\w*|gelesen|angesehen|visite\w*|consulte\w*)\b
        |\b(?:visited|besuchte[nr]?|visitees?|visitadas?) (?:web ?)?(?:pages?|sites?|seiten?|paginas?)\b
        |\b(?:browser|browsing|browserverlauf|navigation) (?:history|verlauf)\b|\bsites? (?:web|internet)\b
        |\b(?:pages?|seiten?|paginas?|sites?) (?:visitees?|visitadas?)\b""",
    "contact": r"""\b(?:phone|mobile|telephone|cell|house) number|\bnumero de (?:telephone|telefono|movil)
        |\b(?:address ?book|adressbuch|carnet d'adresses|agenda de contactos)\b""",
    "health": r"""\b(?:how many|number of|daily|my|count) steps\b
        |\bsteps? (?:a|per|each|did|have|count|walked|taken)\b
        |\b(?:wie viele|meine) schritte\b|\bschritte (?:am|pro|bin|habe|im|in|gestern|heute)\b
        |\bcombien de pas\b|\bcuantos pasos\b|\b(?:resting )?heart rate\b|\bfrecuencia cardiaca\b
        |\b(?:did|have|habe|hab|ai|he) (?:i|ich|je)? ?(?:slept|sleep|geschlafen|dormi|dormido)\b
        |\bblood pressure\b
        |\b(?:do|did) i weigh\b|\bmy weight\b|\bmein gewicht\b|\bmon poids\b|\bmi peso\b|\bwiege ich\b""",
}
_ENDINGS = {  # things that are files of one sort
    "pdf": (".pdf",),
    "docx": (".docx", ".doc", ".odt"),
    "spreadsheet": (".xlsx", ".xls", ".xlsm", ".ods", ".csv"),
    "slides": (".pptx", ".ppt", ".odp"),
}
_CATEGORIES = ("whatsapp", "telegram", "signal", "slack", "sms", "bookmark")
_NAME = r"[^\W\d_][\w'-]+(?: [^\W\d_][\w'-]+)?"
_TITLE = r"(?:(?:mr|mrs|ms|dr|herrn?|frau|mme|monsieur|sra?)\.? )?"
_FROM = either("from by von vom de del par".split())
_DID = either("did does has hat haben a ha".split())
_SAY = either(
    """write say send tell ask mail offer promise written said sent told asked mailed geschrieben gesagt
    geschickt gefragt versprochen ecrit dit envoye demande escrito dicho enviado preguntado""".split()
)
_SAID = either(
    """wrote said sent told asked mailed schrieb sagte schickte fragte ecrivait disait escribio dijo envio
    pregunto mando""".split()
)
_AUTHORS = (
    re.compile(rf"\b{_FROM} {_TITLE}({_NAME})"),
    re.compile(rf"\b{_DID} {_TITLE}({_NAME}) (?:[\w']+ )*?{_SAY}\b"),
    re.compile(rf"\b({_NAME}) {_SAID}\b"),
)
_BEFORE = ("before", "vor", "avant", "antes")
_AFTER = ("after", "since", "nach", "seit", "apres", "depuis", "despues", "desde")
_DURING = ("during", "on the day of", "wahrend", "am tag", "pendant", "le jour", "durante", "el dia")
_THE = either(
    """de du del des der the our my dem den das die unser unsere unserem unserer mein meine meinem meiner la
    le les el los las l' notre mon ma nuestro nuestra mi""".split()
)
_AROUND = re.compile(
    rf"\b(?P<how>{either((*_BEFORE, *_AFTER, *_DURING))})(?: {_THE}){{0,2}} "
    r"(?P<what>[^\W\d_][\w'-]*(?: [^\W\d_][\w'-]*){0,3})"
)
_PLACE = either("folder directory ordner verzeichnis dossier repertoire carpeta directorio".split())
_FOLDER = (
    re.compile(rf"\b{_PLACE} (?:called |named |namens |{_THE} )?[\"'“]?([^\W_][\w-]*)"),
    re.compile(rf"\b(?:in|from) (?:the|my|our) ([^\W_][\w-]*) {_PLACE}\b"),
)
_READ = 500  # characters of a question: who pastes a whole text means its words
_NEAR = timedelta(days=90)  # before or after an occasion
_LONG, _LONGEST = timedelta(days=27), timedelta(days=100)
_LATE = timedelta(days=40)  # after a month or a quarter, in which what was in it is still written about


class Known(Protocol):
    """What the store knows of names and occasions."""

    def someone(self, words: tuple[str, ...]) -> bool:
        """Whether a person has all these words in name or address."""
        ...

    def addresses(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """From where whoever has these words in the name writes under another one."""
        ...

    def occasion(self, words: tuple[str, ...]) -> tuple[datetime, datetime] | None:
        """When the event was whose title has all these words."""
        ...


def wishes(query: str, now: datetime, known: Known) -> tuple[Wish, ...]:
    """Everything that the beginning of ``query`` says of where to look; often nothing."""
    query = query[:_READ]
    flat = flatten(query)
    said = (_time(query, now) or _occasion(flat, known), _kind(flat), _person(flat, known), _folder(flat))
    return tuple(filter(None, said))


def _time(query: str, now: datetime) -> Wish | None:
    span = when.span(query, now)
    if span is None:
        return None
    late = None
    if span.after and span.before and _LONG <= span.before - span.after <= _LONGEST:
        late = span.before + _LATE
    return Wish(after=span.after, before=span.before, late=late)


def _occasion(flat: str, known: Known) -> Wish | None:
    """ "before the move" is before the event that is called so."""
    for found in _AROUND.finditer(flat):
        words = tuple(word for word in content_words(found["what"]))
        while words:
            if at := known.occasion(words):
                return _beside(found["how"], *at)
            words = words[:-1]
    return None


def _beside(how: str, begins: datetime, ends: datetime) -> Wish | None:
    """None where the calendar ends before that time does, or begin and end cannot be compared."""
    with suppress(OverflowError, TypeError):
        if how in _BEFORE:
            return Wish(after=begins - _NEAR, before=begins)
        if how in _AFTER:
            return Wish(after=ends, before=ends + _NEAR)
        return Wish(after=begins.replace(hour=0, minute=0), before=max(ends, begins + timedelta(days=1)))
    return None


def _kind(flat: str) -> Wish | None:
    things = _said(flat)
    others = (kind for word in _WORD.findall(flat) for kind in _others().get(word, ()))
    phrases = (kind for kind, phrase in _phrases().items() if phrase.search(flat))
    kinds = tuple(dict.fromkeys((*(kind for thing in things for kind in _NOUNS[thing]), *others, *phrases)))
    if not kinds:
        return None
    endings = tuple(ending for thing in _ENDINGS if thing in things for ending in _ENDINGS[thing])
    apps = (name for name in ("signal", "slack") if "message" in kinds and re.search(rf"\b{name}\b", flat))
    categories = dict.fromkeys((*(name for name in _CATEGORIES if name in things), *apps))
    return Wish(kinds=kinds, endings=endings, categories=tuple(categories))


def _said(flat: str) -> tuple[str, ...]:
    """The things that are named, in their order."""
    words = _WORD.findall(flat)
    text = f" {' '.join(words)} "
    found = [(text.find(f" {noun} "), thing) for noun, things in _things().items() for thing in things]
    return tuple(dict.fromkeys(thing for at, thing in sorted(found) if at >= 0))


def _folder(flat: str) -> Wish | None:
    found = next(filter(None, (pattern.search(flat) for pattern in _FOLDER)), None)
    return Wish(folder=found[1]) if found else None


def _person(flat: str, known: Known) -> Wish | None:
    for pattern in _AUTHORS:
        for found in pattern.finditer(flat):
            both = tuple(_WORD.findall(found[1].removesuffix("'s")))
            for words in (both, both[:1], both[-1:]):
                if words and set(words) <= set(content_words(found[1])) and known.someone(words):
                    return Wish(person=words, addresses=known.addresses(words))
    return None


@functools.cache
def _others() -> dict[str, tuple[str, ...]]:
    """Folded word → the kinds of items it is a word for, though it names none."""
    kinds: dict[str, tuple[str, ...]] = {}
    for kind, row in _OTHER.items():
        for word in row.split():
            kinds[word] = tuple(dict.fromkeys((*kinds.get(word, ()), kind)))
    return kinds


@functools.cache
def _things() -> dict[str, tuple[str, ...]]:
    """Folded noun, of one word or several → the things of a kind that it is a name for."""
    found: dict[str, tuple[str, ...]] = {}
    for language in questions.LANGUAGES:
        for thing, text in questions.data()[language]["things"].items():
            for noun in (text.split("|") if "|" in text else text.split()) if thing in _NOUNS else ():
                words = " ".join(_WORD.findall(noun))
                if words not in ("signal", "slack"):  # words of other things too: see _PHRASES
                    found[words] = tuple(dict.fromkeys((*found.get(words, ()), thing)))
    return found


@functools.cache
def _phrases() -> dict[str, re.Pattern[str]]:
    """In a phrase a blank is meant; the end of a line there is none."""
    return {
        kind: re.compile("".join(line.strip() for line in phrase.splitlines()))
        for kind, phrase in _PHRASES.items()
    }
