"""Other names, places, days and numbers for a written example, the same ones wherever it repeats them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

NAMES = [
    line.split()
    for line in (
        "Hilde Maren Sabine Keiko Nadia Elif Priya Greta Dolores Amina Ruth Birgit Colette Ximena "
        "Freya Leila Tova Marta Judith Agnes Zofia Hannah Yasmin Celia Ingrid Pilar Noor Chiara Wendy "
        "Siobhan Aurora Bettina Camille Dagny Esther Fatima Gloria Helga Irina Jocelyn Katya Lucinda "
        "Meera Nkechi Olga Paula Renata Shirin Thandi Ursula Valerie Wanda Xenia Yvette Zainab Alma "
        "Brigid Clara Dilan Eleni Fiona Anouk Beatriz Carmen Dunja Edith Francesca Gudrun Heidi Ilse "
        "Jamila Kirsten Lotte Mirjam Nora Oksana Philippa Rosalind Saskia Tamara Ulla Vesna Winifred",
        "Knut Omar Felix Anders Hugo Tomasz Ravi Bernd Emil Karim Lukas Oscar Mateo Piet Stefan "
        "Gareth Yusuf Viktor Marek Leon Henrik Diego Samir Ralph Nils Jorge Kofi Alan Simon Alistair "
        "Boris Cedric Dmitri Elias Fergus Giorgio Hamza Igor Jasper Kenji Ludvig Murat Nathan Olivier "
        "Pavel Quincy Rashid Sergio Tobias Ulrich Vincent Walter Xavier Yannick Zoltan Arjun Bruno "
        "Chidi Declan Enzo Anton Benedikt Christos Dario Edwin Farouk Gilbert Hamish Ivo Jonas Klaus "
        "Laszlo Maxim Norbert Osman Patrice Rupert Sven Thibault Umberto Vaclav Wim",
        "Aas Berg Lindholm Okafor Haddad Kowalski Meier Santos Vidal Renard Castellan Holm Petrov "
        "Novak Weiss Dubois Moran Pereira Sato Ortega Falk Quist Arnold Baker Hughes Tanaka Rossi "
        "Kaya Ferrer Lund Abbott Brennan Carvalho Dimitrov Eriksen Fontaine Gruber Hussain Ibarra "
        "Jankovic Keller Lombardi Mbeki Nakamura Olsen Papadakis Quinlan Richter Svensson Thorpe Ueda "
        "Varga Whitaker Yilmaz Zielinski Banerjee Costa Donovan Moreau Demir Doyle Ashworth Bellini "
        "Chandra Drummond Espinoza Fairbanks Grimaldi Hawthorne Ivanova Jaworski Kirchner Laurent "
        "Mwangi Nordin Oyelaran Pfeiffer Rahman Soares Tremblay Underhill Vasquez Wexler Yamamoto",
        "Lyon Porto Ghent Leeds Graz Turin Cork Basel Bergen Utrecht Nantes Krakow Oslo Derby Bath "
        "Bonn Rennes Malta Odense Tartu Brno Verona Girona Exeter Galway Linz Antwerp Kassel Lille "
        "Murcia Aarhus Bremen Cadiz Dundee Erfurt Faro Genoa Haarlem Inverness Kaunas Luleå Maribor",
    )
]
TIMES = {
    language: [line.split() for line in lines]
    for language, lines in {
        "en": (
            "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
            "January February March April May June July August September October November December",
        ),
        "de": (
            "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        ),
        "fr": (
            "lundi mardi mercredi jeudi vendredi samedi dimanche",
            "mars avril mai juin juillet septembre octobre novembre",
        ),
        "es": (
            "lunes martes miércoles jueves viernes sábado domingo",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        ),
        "pt": ("março abril maio junho julho setembro outubro novembro",),
        "sv": ("januari mars april maj juni juli augusti oktober",),
        "it": ("marzo aprile maggio giugno luglio agosto settembre ottobre",),
        "nl": ("maart april mei juni juli augustus september oktober",),
    }.items()
}
_NUMBER = re.compile(r"\d+(?::\d\d|(?:[.,]\d+)*)")
_ORDINAL = re.compile(r"\b(\d+)(st|nd|rd|th)\b")


def other(language: str, chance: random.Random, *, names: bool = True) -> Callable[[str], str]:
    """What makes the same exchange in every text it is given. Nought, one and the shape of a number stay.

    Without ``names`` only numbers are exchanged: where a text writes names and days in its own way.
    """
    words: dict[str, str] = {}
    for pool in [*NAMES, *TIMES[language]] if names else []:
        words |= dict(zip(pool, chance.sample(pool, len(pool)), strict=True))
    exchanged = numbers(chance)

    def exchange(text: str) -> str:
        text = re.sub(r"\bMay (?=I|we|he|she|they)|\w+", lambda m: words.get(m[0], m[0]), text)
        return exchanged(text)

    return exchange


def numbers(chance: random.Random, *, years: bool = True) -> Callable[[str], str]:
    """What exchanges numbers alone, the same ones alike. With ``years`` a year stays one."""
    known: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        if match[0] not in known:
            new = _number(match[0], chance, years=years)
            known[match[0]] = match[0] if new in known.values() else new
        return known[match[0]]

    return lambda text: _ORDINAL.sub(_ordinal, _NUMBER.sub(number, text))


def _number(old: str, chance: random.Random, *, years: bool) -> str:
    if ":" in old:
        return f"{chance.randint(7, 21)}:{chance.choice(('00', '10', '15', '20', '30', '40', '45', '50'))}"
    if old.isdigit() and len(old) == 1:
        return old if old in "01" else str(chance.randint(2, 9))
    if old.isdigit() and len(old) == 2:
        return str(chance.randint(10, 28) if int(old) <= 31 else chance.randint(32, 99))
    if years and old.isdigit() and len(old) == 4 and old[:2] in ("19", "20"):
        return str(chance.randint(1950, 1999) if old < "2000" else chance.randint(2005, 2026))
    return re.sub(r"(?!^0)\d", lambda m: str(chance.randint(1, 9)), old)


def _ordinal(match: re.Match[str]) -> str:
    number = int(match[1])
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
