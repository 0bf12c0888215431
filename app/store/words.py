"""A person's question as a full-text query: words only, so that no character has a meaning there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import Enum

from app.store.passages import fold

MAX_WORDS = 32

# What the scripts of India and Sri Lanka write vowels with: parts of words, though no letters.
MARKS = "".join(c for c in map(chr, range(0x900, 0xE00)) if unicodedata.category(c) in ("Mn", "Mc"))
WORD = re.compile(f"(?:[^\\W_]|[{MARKS}])+")
_SIGN = "[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"  # of scripts that put no space between words
_PAIR = re.compile(f"(?=({_SIGN}{_SIGN}))")
_RUN = re.compile(f"({_SIGN}+)")
_ANY = re.compile(_SIGN)
_LEADS = bytes({*range(0xE3, 0xEA), 0xEF})  # of U+3000 to U+9FFF and U+F000 to U+FFFF

# Words that say nothing about what is looked for. One list a language, since a stop word of one is a
# subject of another: "war", "son", "fur", "hat", "die".
_STOP = {
    "en": """
        a about all am an and any are as at be been but by can could did do does for from had has
        have he her him his how i if in into is it its me my no not of on or our please she should
        show so some tell than that the their them then there they this to us was we were what when
        where which who whom whose why will with would you your find give list mine
    """,
    "de": """
        aber alle als am an auch auf aus bei bin bis bist da das dass dein dem den der des die dies
        diese dieser doch du ein eine einem einen einer er es fur haben hat hatte ich ihr im in ist
        ja kann mein meine mich mir mit nach nicht noch oder sein seine sich sie sind so uber um und
        uns unser vom von vor wann war waren warum was welche welcher wem wen wer wie wir wird wo
        wurde zu zum zur
    """,
    "fr": """
        au aux avec ce ces cette comment dans de des du elle en est et etait il ils je la le les
        leur lui ma mais mes moi mon ne nos notre nous on ou par pas pour quand que quel quelle
        quels qui quoi sa sans ses son sont sur ta te tes toi ton tu un une vos votre vous
    """,
    "es": """
        al como con cual cuales cuando cuanto de del donde el ella ellos en era es esta este fue ha
        han hay la las lo los me mi mis muy nos nuestro o para pero por porque que quien se ser si
        sin sobre son su sus te tu un una unos y yo
    """,
    "pt": """
        ao as com da das do dos ela ele eles em esta eu foi isso isto mas meu minha na nas nem no
        nos nosso num numa os ou para pela pelo por qual quando quem seu sua sao tem um uma voce
    """,
    "sv": """
        att av bland blev blir da de dem den denna deras det detta dig din du efter eller en ett
        fran for han hade har hennes hon hur i inte jag kan man med mig min mot nar nagon nar och om
        oss pa sig sin ska som till upp ut vad var vara vart vem vi vilka vilken
    """,
}
_STOPS = [frozenset(text.split()) for text in _STOP.values()]  # already without accents

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")  # what is left of "Noor's" and "l'été"
_ENGLISH_LETTER = re.compile("[a-z]")
_LETTER = re.compile(r"[^\W\d_]")
_BEYOND_LATIN = re.compile("[\u0250-\u1dff\u1f00-\U0010ffff]")
BEGINNING, SHORTEST, CUT_FROM = 0.65, 4, 5  # of a word that may end otherwise; letters, letters


class Tongue(Enum):
    """What decides how far the stemmer and the embedding model, both English, can be trusted."""

    ENGLISH = "english"
    LATIN = "latin"  # another language in Latin letters
    OTHER = "other"


def tongue(text: str) -> Tongue:
    """By its letters, then by its stop words; a few words without any are taken for English."""
    letters = _LETTER.findall(text.lower())
    if sum(_BEYOND_LATIN.match(letter) is not None for letter in letters) > len(letters) / 2:
        return Tongue.OTHER
    said = {fold(word) for word in words(text)}
    stop = max(_STOPS, key=lambda these: len(these & said))
    english = stop is _STOPS[0] and all(map(_ENGLISH_LETTER.match, letters))
    return Tongue.ENGLISH if english else Tongue.LATIN


def words(text: str) -> list[str]:
    """The words of ``text`` in lower case, each once, in order; where no spaces are put, pairs of signs.

    Accents stay: the index removes them itself, and by rules of its own (ß is not ss there).
    """
    composed = unicodedata.normalize("NFC", text).lower()
    parts = [part for word in WORD.findall(composed) for part in _RUN.split(word) if part]
    pairs = [pair for part in parts for pair in (_PAIR.findall(part) or (part,))]
    return list(dict.fromkeys(pairs))[:MAX_WORDS]


def runs(text: str) -> str:
    """The pairs of neighbouring signs, as the view ``passage_words`` makes them; often none."""
    if text.isascii() or not _may_have_signs(text):  # which is told much sooner
        return ""
    return " ".join(_PAIR.findall(text))


def _may_have_signs(text: str) -> bool:
    """By the first bytes that such signs have in UTF-8; few others have one of them."""
    data = text.encode("utf-8", "replace")
    return len(data.translate(None, _LEADS)) < len(data)


def spaced(word: str) -> bool:
    """Whether it is of a script that puts spaces between words."""
    return _ANY.match(word) is None


def content_words(text: str) -> list[str]:
    """Without the stop words of the language it seems to be in, unless nothing else is left."""
    all_words = words(text)
    folded = {word: fold(word) for word in all_words}
    stop = max(_STOPS, key=lambda these: len(these.intersection(folded.values())))  # English when equal
    telling = [word for word in all_words if folded[word] not in stop and word not in _LETTERS]
    return telling or all_words


def match_any(these: Sequence[str], *, inflected: bool = False) -> str:
    """One of ``these``; where they are ``inflected`` by rules the index's stemmer does not know, also
    what only begins like them.
    """
    whole = [f'"{word}"' for word in these]
    begun = [f'"{beginning(word)}"*' for word in these if len(word) >= CUT_FROM] if inflected else []
    return " OR ".join([*whole, *begun])


def beginning(word: str, share: float = BEGINNING) -> str:
    """What other forms of ``word`` begin with: two thirds of it, but at least four letters."""
    return word if len(word) < CUT_FROM else word[: max(SHORTEST, int(len(word) * share + 0.5))]


def match_all(these: Sequence[str]) -> str:
    return " AND ".join(f'"{word}"' for word in these)


def goes_on(text: str) -> bool:
    """Whether its last word may be only begun."""
    return WORD.match(text[-1:]) is not None


def match_prefix(text: str) -> str:
    """Every word, the last one as a beginning unless a space follows it."""
    these = words(text)
    if not these:
        return ""
    last = "*" if goes_on(text) else ""
    return " AND ".join(f'"{word}"' for word in these) + last
