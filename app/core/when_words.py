"""The words of time in English, German, French and Spanish, without accents and in lower case."""

from __future__ import annotations

import re
from collections.abc import Iterable


def _numbered(rows: Iterable[str], first: int = 0) -> dict[str, int]:
    return {word: n for n, row in enumerate(rows, first) for word in row.split()}


def either(words: Iterable[str]) -> str:
    """A pattern of all words, the longest first, so that none hides another."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w))) + ")"


WEEKDAYS = _numbered(
    (
        "monday mondays mon montag montags lundi lunes",
        "tuesday tuesdays tue tues dienstag dienstags mardi martes",
        "wednesday wednesdays wed mittwoch mittwochs mercredi miercoles",
        "thursday thursdays thu thur thurs donnerstag donnerstags jeudi jueves",
        "friday fridays fri freitag freitags vendredi viernes",
        "saturday saturdays sat samstag samstags sonnabend samedi sabado",
        "sunday sundays sun sonntag sonntags dimanche domingo",
    )
)
MONTHS = _numbered(
    (
        "january jan januar janner janvier enero",
        "february feb februar fevrier febrero",
        "march mar marz mars marzo",
        "april apr avril abril",
        "may mai mayo",
        "june jun juni juin junio",
        "july jul juli juillet julio",
        "august aug aout agosto",
        "september sep sept septembre septiembre",
        "october oct oktober okt octobre octubre",
        "november nov novembre noviembre",
        "december dec dezember dez decembre diciembre",
    ),
    1,
)
SEASONS = _numbered(
    (
        "spring fruhling fruhjahr printemps primavera",
        "summer sommer ete verano",
        "autumn fall herbst automne otono",
        "winter hiver invierno",
    )
)
# Words that mean something else too: alone they count only after a preposition.
DOUBTFUL = frozenset("mon wed sat sun mar may march mars mai jan dec fri thu tue jun jul sep".split())

NUMBERS = _numbered(
    (
        "a an one ein eine einen einem einer un une uno una",
        "two couple zwei deux dos",
        "three few drei trois tres",
        "four vier quatre cuatro",
        "five funf cinq cinco",
        "six sechs seis",
        "seven sieben sept siete",
        "eight acht huit ocho",
        "nine neun neuf nueve",
        "ten zehn dix diez",
        "eleven elf onze once",
        "twelve zwolf douze doce",
    ),
    1,
) | {
    "fourteen": 14,
    "fifteen": 15,
    "funfzehn": 15,
    "quinze": 15,
    "quince": 15,
    "twenty": 20,
    "thirty": 30,
    "dreissig": 30,
    "dreißig": 30,
    "trente": 30,
    "treinta": 30,
    "forty-five": 45,
    "ninety": 90,
}
ORDINALS = {
    word: n
    for n, row in enumerate(
        (
            "first 1st 1. 1er erste erstes ersten premier primer",
            "second 2nd 2. 2e zweite zweites zweiten deuxieme segundo",
            "third 3rd 3. 3e dritte drittes dritten troisieme tercer",
            "fourth 4th 4. 4e last vierte viertes vierten quatrieme cuarto",
        ),
        1,
    )
    for word in row.split()
}
UNITS = {
    "day": "day days tag tage tagen jour jours dia dias",
    "week": "week weeks woche wochen semaine semaines semana semanas",
    "fortnight": "fortnight fortnights",
    "weekend": "weekend weekends wochenende week-end finde",
    "month": "month months monat monate monaten monats mois mes meses",
    "quarter": "quarter quarters quartal quartale quartals trimestre trimestres",
    "year": "year years jahr jahre jahren jahres an ans annee annees ano anos",
    "hour": "hour hours hr hrs stunde stunden heure heures hora horas h",
    "minute": "minute minutes min mins minuten minuto minutos",
}
UNIT_OF = {word: unit for unit, row in UNITS.items() for word in row.split()}

THIS = "this current diese diesen dieser dieses diesem ce cet cette este esta".split()
NEXT = (
    "next coming upcoming following nachste nachsten nachster nachstes nachstem kommende kommenden kommender "
    "kommendes prochain prochaine prochains prochaines proximo proxima proximos proximas"
).split()
LAST = (
    "last past previous letzte letzten letzter letztes letztem vergangene vergangenen vergangener vorige "
    "vorigen voriger vergangenes voriges dernier derniere derniers dernieres passe passee ultimo ultima "
    "ultimos ultimas pasado pasada pasados pasadas"
).split()
RELATIVE = dict.fromkeys(THIS, 0) | dict.fromkeys(NEXT, 1) | dict.fromkeys(LAST, -1) | {"que viene": 1}

DAYS = {
    "today": 0,
    "heute": 0,
    "aujourd'hui": 0,
    "hoy": 0,
    "yesterday": -1,
    "gestern": -1,
    "hier": -1,
    "ayer": -1,
    "tomorrow": 1,
    "tmrw": 1,
    "morgen": 1,
    "demain": 1,
    "manana": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "ubermorgen": 2,
    "apres-demain": 2,
    "pasado manana": 2,
    "the day before yesterday": -2,
    "day before yesterday": -2,
    "vorgestern": -2,
    "avant-hier": -2,
    "anteayer": -2,
}
# Hours [from, to) of a day's parts.
PARTS = {
    "in the morning": (6, 12),
    "morning": (6, 12),
    "am morgen": (6, 12),
    "fruh": (6, 12),
    "vormittag": (6, 12),
    "am vormittag": (6, 12),
    "matin": (6, 12),
    "de la manana": (6, 12),
    "por la manana": (6, 12),
    "in the afternoon": (12, 18),
    "afternoon": (12, 18),
    "nachmittag": (12, 18),
    "am nachmittag": (12, 18),
    "apres-midi": (12, 18),
    "por la tarde": (12, 20),
    "de la tarde": (12, 20),
    "in the evening": (18, 24),
    "evening": (18, 24),
    "night": (18, 24),
    "at night": (18, 24),
    "abend": (18, 24),
    "am abend": (18, 24),
    "soir": (18, 24),
    "por la noche": (18, 24),
    "de la noche": (18, 24),
    "esta noche": (18, 24),
}
CLOCKS = {
    "noon": (12, 0),
    "midday": (12, 0),
    "mittag": (12, 0),
    "mittags": (12, 0),
    "midi": (12, 0),
    "mediodia": (12, 0),
    "midnight": (0, 0),
    "mitternacht": (0, 0),
    "minuit": (0, 0),
    "medianoche": (0, 0),
}
# What is said before a day, a month or a year, and makes a doubtful word one of them.
PREPOSITIONS = (
    "in on at by of for from until till since before after during between around through this last next "
    "im am an vom zum bis seit vor nach ab von zwischen en le du au de depuis avant apres jusqu'a entre "
    "el desde hasta antes despues del late early mid every year jahr annee ano"
).split()
CONJUNCTIONS = ("and", "to", "und", "et", "y", "a", "-")  # prepositions only where a range was begun

# Operators before an expression.
SINCE = (
    "since",
    "seit",
    "depuis",
    "desde",
    "ab",
    "as of",
    "starting",
    "a partir de",
    "a partir du",
    "seit dem",
)
AFTER = ("after", "nach", "nach dem", "apres", "despues de", "despues del", "later than")
BEFORE = ("before", "vor", "vor dem", "avant", "antes de", "antes del", "earlier than", "prior to")
UNTIL = (
    "until",
    "till",
    "up to",
    "by",
    "through",
    "bis",
    "bis zum",
    "jusqu'a",
    "jusqu'au",
    "hasta",
    "hasta el",
)
FROM = ("between", "from", "zwischen", "vom", "von", "entre", "du", "de", "desde", "del")
TO = (
    "and",
    "to",
    "until",
    "till",
    "through",
    "und",
    "bis",
    "bis zum",
    "et",
    "au",
    "a",
    "y",
    "hasta",
    "al",
    "-",
)
EDGES = {
    0: ("beginning of", "start of", "early", "anfang", "debut", "principios de", "at the beginning of"),
    1: ("middle of", "mid", "mid-", "mitte", "mi-", "mediados de"),
    2: ("end of", "late", "ende", "fin", "finales de", "fines de", "at the end of", "fin de"),
}
ARTICLES = (
    "the",
    "le",
    "la",
    "les",
    "el",
    "los",
    "las",
    "der",
    "die",
    "das",
    "den",
    "dem",
    "des",
    "of",
    "de",
)

PAST_CUES = re.compile(
    r"\b(?:did|was|were|had|has|sent|wrote|went|said|got|received|bought|paid|met|told|saw|took|made|spent|"
    r"came|since|seit|depuis|desde|\w{3,}ed|war|waren|hatte|hatten|hat|habe|haben|wurde|wurden|schrieb|schickte|etait|avait|avons|"
    r"ont|fue|era|hice|hizo|envio|escribio|fui|estuve|compre|ago|last|already)\b"
)
FUTURE_CUES = re.compile(
    r"\b(?:will|shall|going to|upcoming|next|plan|plans|planned|due|werde|werden|wird|geplant|vais|allons|"
    r"serai|sera|voy|vamos|prevu|tengo|coming|tomorrow|morgen|demain)\b"
)
