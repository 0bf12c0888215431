"""Questions about messages, pages, documents, health, contacts and videos, in four languages."""

# ruff: noqa: E501 - lines as a messenger writes them

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.core.paths import Paths
from app.core.types import Scope
from app.core.when_atoms import flatten
from app.flows import index, opening
from app.flows.asked import wishes
from app.flows.context import Home
from app.flows.route import routed
from app.flows.tally import tally
from tests.indexers.test_browser import FIREFOX

NOW = datetime(2026, 3, 18, 11, 0, tzinfo=UTC)
CHAT = """01/03/2026, 09:00 - Messages and calls are end-to-end encrypted. No one outside of this chat can read them.
01/03/2026, 09:01 - Ben Roe: Shall we row today?
01/03/2026, 09:02 - Vera: Yes
[09:03] Ben Roe: no message but a line of one
14/03/2026, 10:00 - Ben Roe: The oars are in the shed
14/03/2026, 10:05 - Ben Roe: bring tape
"""
CARDS = """BEGIN:VCARD
FN:Ana Castro
EMAIL:ana@example.org
TEL;TYPE=cell:+351 910 000 111
ADR;TYPE=home:;;Rua A 1;Lisbon;;1200;Portugal
BDAY:19800322
END:VCARD
BEGIN:VCARD
FN:Ben Roe
TEL:+44 20 7946 0018
TEL;TYPE=work:+44 20 7946 0020
ADR:;;Mill Lane 2;Leeds;;LS1;United Kingdom
END:VCARD
BEGIN:VCARD
FN:Rui Vaz
ADR:;;Rua B 2;Lisbon;;1300;Portugal
END:VCARD
"""
ASLEEP = "HKCategoryValueSleepAnalysisAsleepCore"


def health() -> str:
    def record(kind: str, unit: str, value: str, day: str, *, end: str = "") -> str:
        ends = end or f"{day} 10:30:00 +0100"
        measured = f'unit="{unit}" ' if unit else ""
        return (
            f'<Record type="{kind}" sourceName="Phone" {measured}startDate="{day} 10:00:00 +0100" '
            f'endDate="{ends}" value="{value}"/>'
        )

    rows = []
    for day, steps in (
        ("2026-02-28", 700),
        ("2026-03-01", 8_432),
        ("2026-03-02", 10_001),
        ("2026-03-17", 5_000),
    ):
        rows.append(record("HKQuantityTypeIdentifierStepCount", "count", str(steps), day))
        rows.append(record("HKQuantityTypeIdentifierDistanceWalkingRunning", "km", str(steps / 2000), day))
    for day, kilos in (("2026-02-01", "72.5"), ("2026-03-02", "71.5")):
        rows.append(record("HKQuantityTypeIdentifierBodyMass", "kg", kilos, day))
    for day, end in (
        ("2026-03-01 22:00:00", "2026-03-02 06:00:00"),
        ("2026-03-02 23:00:00", "2026-03-03 06:30:00"),
    ):
        rows.append(
            f'<Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="Watch" value="{ASLEEP}" '
            f'startDate="{day} +0100" endDate="{end} +0100"/>'
        )
    for day in ("2026-03-01", "2026-03-17"):
        rows.append(
            f'<Workout workoutActivityType="HKWorkoutActivityTypeRowing" duration="40" durationUnit="min" '
            f'sourceName="Watch" startDate="{day} 07:10:00 +0100" endDate="{day} 07:50:00 +0100"/>'
        )
    return '<?xml version="1.0"?>\n<HealthData locale="en">\n' + "\n".join(rows) + "\n</HealthData>\n"


def browser(folder: Path) -> None:
    db = sqlite3.connect(folder / "places.sqlite")
    db.executescript(FIREFOX)
    for n, title in enumerate(("SQLite query planner", "Leek soup", "Rowing in Leeds"), start=1):
        db.execute(
            "INSERT INTO moz_places (id, url, title, visit_count, last_visit_date) VALUES (?, ?, ?, 1, ?)",
            [n, f"https://site{n}.example/", title, int(NOW.timestamp() * 1e6)],
        )
    for n in (1, 3):
        db.execute("INSERT INTO moz_bookmarks (type, fk, parent, title) VALUES (1, ?, 0, '')", [n])
    db.commit()
    db.close()


@pytest.fixture(scope="module")
def vera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A person who keeps everything but mail, read by the real indexers; 18 March 2026 at noon in Berlin."""
    place = tmp_path_factory.mktemp("kinds")
    paths = Paths(place / "data")
    paths.make()
    _, home = opening.create(paths, "correct horse battery staple", -1)
    home = replace(home, zone=ZoneInfo("Europe/Berlin"), clock=lambda: NOW)
    for kind in ("messages", "contacts", "health", "browser", "documents"):
        (place / kind).mkdir()
    (place / "messages" / "WhatsApp Chat with Ben Roe.txt").write_text(CHAT, encoding="utf-8")
    (place / "contacts" / "all.vcf").write_text(CARDS, encoding="utf-8")
    (place / "health" / "export.xml").write_text(health(), encoding="utf-8")
    browser(place / "browser")
    for name, words in (
        ("lease.txt", "The lease of the boathouse"),
        ("rules.md", "Rules of the club"),
        ("oars.csv", "oar,price\nscull,200\n"),
    ):
        (place / "documents" / name).write_text(words, encoding="utf-8")
    for kind in ("messages", "contacts", "health", "browser", "documents"):
        index.add_source(home, kind=kind, path=str(place / kind))
    list(index.index(home, words=True))
    assert not home.index.skipped()
    yield home
    opening.close(home)


ANSWERED = [
    ("How many WhatsApp messages did Ben Roe send me?", "3 messages from Ben Roe on WhatsApp on 2 days."),
    (
        "How many messages from Ben Roe on WhatsApp in March?",
        "3 messages from Ben Roe on WhatsApp, March 2026 on 2 days.",
    ),
    ("How many WhatsApp messages do I have?", "4 messages on WhatsApp on 2 days."),
    ("Wie viele WhatsApp-Nachrichten von Ben Roe?", "3 Nachrichten von Ben Roe auf WhatsApp an 2 Tagen."),
    ("Combien de messages WhatsApp de Ben Roe ?", "3 messages de Ben Roe sur WhatsApp sur 2 jours."),
    ("¿Cuántos mensajes de WhatsApp de Ben Roe?", "3 mensajes de Ben Roe en WhatsApp en 2 días."),
    ("List all WhatsApp messages about the oars", "1 day with messages mentioning “oars” on WhatsApp."),
    ("How many steps in March?", "23,433 steps, March 2026, by the figures of 3 days."),
    ("How many steps did I take yesterday?", "5,000 steps, 17 March 2026, by the figures of one day."),
    (
        "How many steps a day on average in March?",
        "7,811 steps a day on average, March 2026, by the figures of 3 days.",
    ),
    (
        "Wie viele Schritte bin ich im März gegangen?",
        "23,433 Schritte, März 2026, nach den Zahlen von 3 Tagen.",
    ),
    ("Combien de pas ai-je faits en mars ?", "23,433 pas, mars 2026, selon les chiffres de 3 jours."),
    ("¿Cuántos pasos di en marzo?", "23,433 pasos, marzo de 2026, según las cifras de 3 días."),
    ("How far did I walk in March?", "11.7 km on foot, March 2026, by the figures of 3 days."),
    ("How long did I sleep in March?", "15 h 30 min of sleep, March 2026, by the figures of 2 days."),
    ("How many workouts in March?", "2 workouts, March 2026, by the figures of 2 days."),
    ("How much do I weigh?", "Weight 71.5 kg, 2 March 2026."),
    ("What is Ana's phone number?", "The phone number of Ana Castro: +351 910 000 111 (cell) [1]."),
    ("phone number of Ana", "The phone number of Ana Castro: +351 910 000 111 (cell) [1]."),
    (
        "Phone number of Ben Roe?",
        "The phone number of Ben Roe: +44 20 7946 0018 [1], +44 20 7946 0020 (work) [2].",
    ),
    ("Wie ist die Telefonnummer von Ana?", "Telefonnummer von Ana Castro: +351 910 000 111 (cell) [1]."),
    ("Where does Ben Roe live?", "The address of Ben Roe: Mill Lane 2, Leeds, LS1, United Kingdom [1]."),
    ("How many contacts do I have?", "3 contacts."),
    ("contacts in Lisbon", ""),
    ("Which contacts in Lisbon?", "2 contacts from Lisbon."),
    ("List my bookmarks about sqlite", "1 bookmark mentioning “sqlite”."),
    ("How many bookmarks do I have?", "2 bookmarks."),
    ("How many documents do I have?", "3 documents."),
    ("Which documents mention the lease?", "1 document mentioning “lease”."),
]
HELD_OUT = [
    (
        "How many WhatsApp messages from Ben Roe in February?",
        "no messages from Ben Roe on WhatsApp, February 2026.",
    ),
    ("Show me all my bookmarks", "2 bookmarks."),
    (
        "What is the phone number of Ben Roe?",
        "The phone number of Ben Roe: +44 20 7946 0018 [1], +44 20 7946 0020 (work) [2].",
    ),
    ("How many steps have I walked this month?", "23,433 steps, March 2026, by the figures of 3 days."),
    (
        "What was my average step count in March?",
        "7,811 steps a day on average, March 2026, by the figures of 3 days.",
    ),
    ("Wie lange habe ich im März geschlafen?", "15 h 30 min Schlaf, März 2026, nach den Zahlen von 2 Tagen."),
    ("Wann hat Ana Geburtstag?", "Geburtstag von Ana Castro: 22 March 1980 [1]."),
    (
        "Quel est le numéro de téléphone d'Ana ?",
        "Le numéro de téléphone de Ana Castro : +351 910 000 111 (cell) [1].",
    ),
    ("¿Cuál es el teléfono de Ana?", "El teléfono de Ana Castro: +351 910 000 111 (cell) [1]."),
    ("Combien de contacts ai-je ?", "3 contacts."),
    ("Wie viele Lesezeichen habe ich?", "2 Lesezeichen."),
    ("¿Cuántos documentos tengo?", "3 documentos."),
    ("What is my weight?", "Weight 71.5 kg, 2 March 2026."),
    ("How many steps did I take in January?", ""),
    ("What is Rui's phone number?", ""),
]
FALL_THROUGH = [
    "What are the next steps for the boathouse?",
    "How many steps does the staircase have?",
    "How many messages did the council send about the mill?",
    "What did Ben say about the oars?",
    "How many pages did I visit yesterday?",
    "Which documents did I change in March?",
    "phone number of the boathouse",
    "What is the number of the bus to Ana?",
    "How many messages mention the oars?",
    "How many contacts did I lose?",
    "How do I sleep better?",
    "Who walked 8,432 steps?",
    "How many bookmarks did I add in March?",
    "contacts of the club who row",
]


@pytest.mark.parametrize(("question", "text"), ANSWERED + HELD_OUT)
def test_the_figure_is_exact(vera: Home, question: str, text: str) -> None:
    answer = tally(vera, question, Scope())
    assert (answer.text if answer else "") == (text[:1].upper() + text[1:])
    for cited in answer.citations if answer else ():
        assert vera.index.item(cited.uri).text[cited.start : cited.end] == cited.quote


@pytest.mark.parametrize("question", FALL_THROUGH)
def test_near_misses_are_for_the_model(vera: Home, question: str) -> None:
    assert tally(vera, question, Scope()) is None


def test_limits_to_a_source_hold_here_too(vera: Home) -> None:
    assert tally(vera, "How many steps in March?", Scope(sources=("health",)))
    assert tally(vera, "How many steps in March?", Scope(sources=("mail",))) is None
    assert tally(vera, "phone number of Ana", Scope(sources=("mail",))) is None


WISHED = [
    ("messages from Ben", {"mail", "message"}, (), ()),
    ("WhatsApp of last week", {"message"}, (), ("whatsapp",)),
    ("what did Ben write on Signal", {"mail", "message"}, (), ("signal",)),
    ("bookmarks about sqlite", {"webpage"}, (), ("bookmark",)),
    ("pages I visited yesterday", {"webpage"}, (), ()),
    ("Seiten, die ich gestern besucht habe", {"webpage"}, (), ()),
    ("les pages que j'ai visitées hier", {"webpage"}, (), ()),
    ("páginas que visité ayer", {"webpage"}, (), ()),
    ("how many steps in March", {"health"}, (), ()),
    ("PDFs about the lease", {"attachment", "document"}, (".pdf",), ()),
    ("spreadsheets about costs", {"attachment", "document"}, (".xlsx", ".xls", ".xlsm", ".ods", ".csv"), ()),
    ("slides about the harbour", {"attachment", "document"}, (".pptx", ".ppt", ".odp"), ()),
    ("Tabellen mit Kosten", {"attachment", "document"}, (".xlsx", ".xls", ".xlsm", ".ods", ".csv"), ()),
    (
        "feuilles de calcul sur les frais",
        {"attachment", "document"},
        (".xlsx", ".xls", ".xlsm", ".ods", ".csv"),
        (),
    ),
    ("documents about the lease", {"attachment", "document"}, (), ()),
    ("contacts in Lisbon", {"contact"}, (), ()),
    ("phone number of Ana", {"contact"}, (), ()),
    ("el número de teléfono de Ana", {"contact"}, (), ()),
    ("videos from the beach", {"video"}, (), ()),
    ("vídeos de la playa", {"video"}, (), ()),
    ("Videos vom Strand", {"video"}, (), ()),
    ("the signal at the crossing", set(), (), ()),
    ("what are the next steps", set(), (), ()),
]


@pytest.mark.parametrize(("question", "kinds", "endings", "categories"), WISHED)
def test_words_say_where_to_look(
    vera: Home, question: str, kinds: set[str], endings: tuple[str, ...], categories: tuple[str, ...]
) -> None:
    found = [wish for wish in wishes(question, NOW, vera.searcher) if wish.kinds]
    assert {kind for wish in found for kind in wish.kinds} == kinds, flatten(question)
    assert [wish.endings for wish in found] == ([endings] if kinds else [])
    assert [wish.categories for wish in found] == ([categories] if kinds else [])


def test_what_is_wished_for_comes_first(vera: Home) -> None:
    for question, kind in (
        ("WhatsApp messages about rowing or the oars", "message"),
        ("bookmarks about rowing", "webpage"),
        ("spreadsheet with the price of an oar", "document"),
        ("phone number of Ben Roe", "contact"),
    ):
        hits = vera.searcher.search(question, wishes=wishes(question, NOW, vera.searcher))
        assert hits[0].kind == kind, question


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("messages from Ben", ("mail", "messages")),
        ("WhatsApp of last week", ("messages",)),
        ("bookmarks about sqlite", ("browser",)),
        ("which pages did I visit yesterday", ("browser",)),
        ("how many steps in March", ("health",)),
        ("PDFs about the lease", ("mail", "documents")),
        ("documents about the lease", ("mail", "documents")),
        ("contacts in Lisbon", ("contacts",)),
        ("phone number of Ana", ("contacts",)),
        ("videos from the beach", ("photos",)),
        ("Wie viele Schritte bin ich gegangen?", ("health",)),
        ("les signets sur sqlite", ("browser",)),
        ("el teléfono de Ana", ("contacts",)),
        ("what are the next steps", ()),
    ],
)
def test_words_name_their_sources(text: str, sources: tuple[str, ...]) -> None:
    found = routed(text, NOW)
    assert (found.verb, set(found.sources)) == ("ask", set(sources))
