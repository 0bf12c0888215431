"""Times in questions and requests, in four languages, against a fixed present."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import when

ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 6, 10, 12, 0, tzinfo=ZONE)  # a Wednesday


def _at(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if text else None


RANGES = [  # question, after, before, the words that say so
    ("what happened on the 3rd?", "2026-06-03", "2026-06-04", "the 3rd"),
    ("What did I do yesterday?", "2026-06-09", "2026-06-10", "yesterday"),
    ("what is on today", "2026-06-10", "2026-06-11", "today"),
    ("and the day after tomorrow?", "2026-06-12", "2026-06-13", "the day after tomorrow"),
    ("what happened last week", "2026-06-01", "2026-06-08", "last week"),
    ("What is planned this week?", "2026-06-08", "2026-06-15", "this week"),
    ("this weekend", "2026-06-13", "2026-06-15", "this weekend"),
    ("who came last weekend", "2026-06-06", "2026-06-08", "last weekend"),
    ("next month's budget", "2026-07-01", "2026-08-01", "next month"),
    ("what did we spend last year?", "2025-01-01", "2026-01-01", "last year"),
    ("last quarter", "2026-01-01", "2026-04-01", "last quarter"),
    ("mails in March", "2026-03-01", "2026-04-01", "March"),
    ("What did Anna send in March 2026?", "2026-03-01", "2026-04-01", "March 2026"),
    ("What will happen in March?", "2027-03-01", "2027-04-01", "March"),
    ("in September", "2025-09-01", "2025-10-01", "September"),
    ("what did we do last May", "2026-05-01", "2026-06-01", "last May"),
    ("Q3 2025", "2025-07-01", "2025-10-01", "Q3 2025"),
    ("the third quarter of 2025", "2025-07-01", "2025-10-01", "the third quarter of 2025"),
    ("summer 2024", "2024-06-01", "2024-09-01", "summer 2024"),
    ("photos of last summer", "2025-06-01", "2025-09-01", "last summer"),
    ("winter 2024", "2024-12-01", "2025-03-01", "winter 2024"),
    ("What happened on 3 June?", "2026-06-03", "2026-06-04", "3 June"),
    ("June 3rd", "2026-06-03", "2026-06-04", "June 3rd"),
    ("the 3rd of June 2025", "2025-06-03", "2025-06-04", "3rd of June 2025"),
    ("2026-06-03", "2026-06-03", "2026-06-04", "2026-06-03"),
    ("invoices of 2025-11", "2025-11-01", "2025-12-01", "2025-11"),
    ("what was on 12/05/2026", "2026-05-12", "2026-05-13", "12/05/2026"),
    ("what was on 05/13/2026", "2026-05-13", "2026-05-14", "05/13/2026"),
    ("3-5 June", "2026-06-03", "2026-06-06", "3-5 June"),
    ("the last 7 days", "2026-06-03", "2026-06-11", "the last 7 days"),
    ("in the past two weeks", "2026-05-27", "2026-06-11", "in the past two weeks"),
    ("the next 3 days", "2026-06-10", "2026-06-14", "the next 3 days"),
    ("between March and May 2026", "2026-03-01", "2026-06-01", "between March and May 2026"),
    ("between 1 March and 15 April", "2026-03-01", "2026-04-16", "between 1 March and 15 April"),
    ("what was there from March to June 2024", "2024-03-01", "2024-07-01", "from March to June 2024"),
    ("from Monday to Friday", "2026-06-15", "2026-06-20", "from Monday to Friday"),
    ("before Easter", "", "2026-04-03", "before Easter"),
    ("since Monday", "2026-06-08", "", "since Monday"),
    ("everything since 1 January 2025", "2025-01-01", "", "since 1 January 2025"),
    ("after June 5", "2026-06-06", "", "after June 5"),
    ("mails until yesterday", "", "2026-06-10", "until yesterday"),
    ("what is due by Friday", "", "2026-06-13", "by Friday"),
    ("by the end of next month", "", "2026-08-01", "by the end of next month"),
    ("at the end of June", "2026-06-21", "2026-07-01", "at the end of June"),
    ("early next week", "2026-06-15", "2026-06-17", "early next week"),
    ("in 2024", "2024-01-01", "2025-01-01", "2024"),
    ("three days ago", "2026-06-07", "2026-06-08", "three days ago"),
    ("What did he say on Friday?", "2026-06-05", "2026-06-06", "Friday"),
    ("What do I have on Friday?", "2026-06-12", "2026-06-13", "Friday"),
    ("who called last Tuesday", "2026-06-09", "2026-06-10", "last Tuesday"),
    ("what is on Friday next week", "2026-06-19", "2026-06-20", "Friday next week"),
    ("what happened last week on Friday", "2026-06-05", "2026-06-06", "last week on Friday"),
    ("this week on Friday", "2026-06-12", "2026-06-13", "this week on Friday"),
    ("next week sun and rain", "2026-06-15", "2026-06-22", "next week"),
    ("what is tomorrow morning", "2026-06-11T06:00", "2026-06-11T12:00", "tomorrow morning"),
    ("last Christmas", "2025-12-24", "2025-12-27", "last Christmas"),
    ("what did Anna write tonight", "2026-06-10T18:00", "2026-06-11", "tonight"),
    # German
    ("Was war gestern?", "2026-06-09", "2026-06-10", "gestern"),
    ("Was habe ich am Freitag gemacht?", "2026-06-05", "2026-06-06", "Freitag"),
    ("letztes Wochenende", "2026-06-06", "2026-06-08", "letztes Wochenende"),
    ("Rechnungen vom letzten Monat", "2026-05-01", "2026-06-01", "letzten Monat"),
    ("im Sommer 2025", "2025-06-01", "2025-09-01", "Sommer 2025"),
    ("im März", "2026-03-01", "2026-04-01", "März"),
    ("vor drei Tagen", "2026-06-07", "2026-06-08", "vor drei Tagen"),
    ("die letzten 10 Tage", "2026-05-31", "2026-06-11", "die letzten 10 Tage"),
    ("nächsten Dienstag", "2026-06-16", "2026-06-17", "nächsten Dienstag"),
    ("seit Montag", "2026-06-08", "", "seit Montag"),
    ("zwischen März und Mai 2026", "2026-03-01", "2026-06-01", "zwischen März und Mai 2026"),
    ("vom 3. bis 5. Juni", "2026-06-03", "2026-06-06", "3. bis 5. Juni"),
    ("am 3.6.2025", "2025-06-03", "2025-06-04", "3.6.2025"),
    ("drittes Quartal 2025", "2025-07-01", "2025-10-01", "drittes Quartal 2025"),
    # French
    ("la semaine prochaine", "2026-06-15", "2026-06-22", "la semaine prochaine"),
    ("le mois dernier", "2026-05-01", "2026-06-01", "le mois dernier"),
    ("hier", "2026-06-09", "2026-06-10", "hier"),
    ("il y a 3 jours", "2026-06-07", "2026-06-08", "il y a 3 jours"),
    ("le 3 juin 2025", "2025-06-03", "2025-06-04", "3 juin 2025"),
    ("depuis lundi", "2026-06-08", "", "depuis lundi"),
    ("l'été 2024", "2024-06-01", "2024-09-01", "été 2024"),
    # Spanish
    ("la semana pasada", "2026-06-01", "2026-06-08", "la semana pasada"),
    ("ayer", "2026-06-09", "2026-06-10", "ayer"),
    ("3 de junio de 2025", "2025-06-03", "2025-06-04", "3 de junio de 2025"),
    ("hace dos semanas", "2026-05-27", "2026-05-28", "hace dos semanas"),
    ("desde marzo", "2026-03-01", "", "desde marzo"),
    # a language of which the grammar knows nothing but the year
    ("reunião em 12 de outubro de 2025", "2025-10-12", "2025-10-13", "em 12 de outubro de 2025"),
]


@pytest.mark.parametrize(("question", "after", "before", "words"), RANGES, ids=[r[0] for r in RANGES])
def test_range_of_a_question(question: str, after: str, before: str, words: str) -> None:
    found = when.span(question, NOW)
    assert found is not None
    assert (found.after, found.before) == (_at(after), _at(before))
    assert question[found.start : found.end] == words


POINTS = [  # request, moment, with a clock
    ("haircut on the 28th at 11", "2026-06-28T11:00", True),
    ("remind me on the 3rd to pay", "2026-07-03", False),  # this month's is over
    ("Zahnarzt am 21. um 10 Uhr", "2026-06-21T10:00", True),
    ("on the 2nd floor at 9:30", "2026-06-11T09:30", True),
    ("training tomorrow from 10 to 11:30", "2026-06-11T10:00", True),
    ("Friday 4 December 2026 at 20:00", "2026-12-04T20:00", True),
    ("am Freitag, den 4. Dezember 2026 um 20 Uhr", "2026-12-04T20:00", True),
    ("vendredi 19 juin à 20h", "2026-06-19T20:00", True),
    ("el viernes 19 de junio a las 20:00", "2026-06-19T20:00", True),
    ("Friday, December 4, 2026 at 8:00 PM", "2026-12-04T20:00", True),
    ("Friday 2026-12-04 20:00", "2026-12-04T20:00", True),
    ("19 June (Friday) at 20:00", "2026-06-19T20:00", True),
    ("Friday at 20:00, 19 June", "2026-06-19T20:00", True),
    ("tomorrow, Thursday, at 9", "2026-06-11T09:00", True),
    ("Friday 19 June - Sunday 21 June", "2026-06-19T00:00", False),
    ("Move Friday's lunch to 19 June", "2026-06-12T00:00", False),
    ("next Friday at 3pm", "2026-06-19T15:00", True),
    ("nächsten Dienstag um 15 Uhr", "2026-06-16T15:00", True),
    ("call Ben next week on Wednesday", "2026-06-17", False),
    ("on Wednesday next week at 3pm", "2026-06-17T15:00", True),
    ("next week, on Wednesday at 3pm", "2026-06-17T15:00", True),
    ("the Wednesday of next week", "2026-06-17", False),
    ("next week on Wednesday, 17 June, at 8 pm", "2026-06-17T20:00", True),
    ("call Ben next week. On Wednesday I am away", "2026-06-15", False),
    ("nächste Woche am Mittwoch um 15 Uhr", "2026-06-17T15:00", True),
    ("nächste Woche Mittwoch", "2026-06-17", False),
    ("Mittwoch nächster Woche", "2026-06-17", False),
    ("am Mittwoch in der nächsten Woche", "2026-06-17", False),
    ("mercredi de la semaine prochaine à 15h", "2026-06-17T15:00", True),
    ("la semaine prochaine, mercredi", "2026-06-17", False),
    ("el miércoles de la próxima semana a las 15", "2026-06-17T15:00", True),
    ("la semana que viene, el miércoles", "2026-06-17", False),
    ("mardi prochain à 15h30", "2026-06-16T15:30", True),
    ("el próximo martes a las 3", "2026-06-16T15:00", True),
    ("Lunch tomorrow at noon", "2026-06-11T12:00", True),
    ("in two hours", "2026-06-10T14:00", True),
    ("remind me in half an hour", "2026-06-10T12:30", True),
    ("in 15 minutes", "2026-06-10T12:15", True),
    ("tomorrow 15:30", "2026-06-11T15:30", True),
    ("meeting at 9", "2026-06-11T09:00", True),
    ("at half past three", "2026-06-10T15:30", True),
    ("halb vier", "2026-06-10T15:30", True),
    ("tonight at 8", "2026-06-10T20:00", True),
    ("heute Abend um 8", "2026-06-10T20:00", True),
    ("Meet Bob tomorrow from 3 to 5pm in Berlin", "2026-06-11T15:00", True),
    ("dentist on fri 10:15", "2026-06-12T10:15", True),
    ("am 3. Juli 2026 um 9:30", "2026-07-03T09:30", True),
    ("2026-07-01 08:00", "2026-07-01T08:00", True),
    ("Dinner with Ana on 3 July in the Roma, at 7pm", "2026-07-03T19:00", True),
    ("on Friday", "2026-06-12", False),
    ("this Friday", "2026-06-12", False),
    ("June 3rd", "2027-06-03", False),
    ("call Anna in 2 weeks for 90 minutes", "2026-06-24", False),
    ("next week", "2026-06-15", False),
    ("overmorgen, 24 december 2026", "2026-12-24", False),
]


@pytest.mark.parametrize(("request_", "at", "clock"), POINTS, ids=[p[0] for p in POINTS])
def test_moment_of_a_request(request_: str, at: str, clock: bool) -> None:
    found = when.point(request_, NOW)
    assert found is not None
    assert (found.at, found.has_clock) == (_at(at), clock)


NO_TIME = [
    "Who is Anna?",
    "When may I call him?",
    "I sat in the sun and may go",
    "march on, said the fall guy",
    "version 3.11 costs 30 euro at 3 percent",
    "I need 2 of the 3 apples",
    "Room 2024",
    "spring cleaning",
    "",
]


@pytest.mark.parametrize("text", NO_TIME)
def test_words_that_only_look_like_a_time(text: str) -> None:
    assert when.span(text, NOW) is None
    assert when.point(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("call Anna tomorrow for 90 minutes", 90),
        ("for two hours", 120),
        ("a 30-minute call", 30),
        ("for half an hour", 30),
        ("für 1,5 Stunden", 90),
        ("pendant 2 heures", 120),
        ("tomorrow from 3 to 5pm", 120),
        ("tomorrow 15:00-16:30", 90),
    ],
)
def test_how_long(text: str, minutes: int) -> None:
    assert when.duration(text) == timedelta(minutes=minutes)


def test_no_length_is_said() -> None:
    assert when.duration("call Anna tomorrow at 3") is None


def test_a_day_is_the_persons_own_day() -> None:
    late = datetime(2026, 6, 9, 22, 30, tzinfo=ZoneInfo("UTC"))  # half past midnight in Berlin
    found = when.parse("today", late, ZONE)
    assert found is not None
    assert found.after == _at("2026-06-10")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([w for r in RANGES for w in r[0].split()] + ["99", "31 February", "é", "ß", "²"])
    )
)
def test_any_words_give_a_sound_range_or_none(words: list[str]) -> None:
    text = " ".join(words)
    found = when.span(text, NOW)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert found.after is None or found.before is None or found.after < found.before
    when.point(text, NOW)
    when.duration(text)
