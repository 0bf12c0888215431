"""Today: events to come, mails that wait for an answer, and what is from this day in earlier years.

Nothing here is guessed by a model: each part is a typed query of the store, and each line names its source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from app.core.library import Brief, Line, Row
from app.core.types import ItemView
from app.flows.context import Home
from app.store import library
from app.store.inventory import Inventory
from app.store.occasions import Occasion, occasions
from app.store.people import Known
from app.store.waiting import unanswered

AHEAD = timedelta(days=7)
BACK = timedelta(days=45)  # what has waited longer is hardly answered any more
MOST = 12  # lines of a part
IN_A_YEAR = 8
YEARS = 40
_KINDS = ("note", "photo", "video")
_SAID = 240  # characters of a sentence that are shown
_READ = 8_000  # characters of a mail: who asks does so before
_OWN = re.compile(r"^(?:>|--\s*$|-{3,}|_{5,})", re.M)  # where a mail's own words end
_ENDS = re.compile(r"[!?]|\.(?=[\s.!?]|$)|\n[^\S\n]*\n")  # of a sentence; a mail may break its lines anywhere
_CLOSED = re.compile(r"[\s\"'”’)]|$")  # follows the mark of a question
_SENTENCE = 400  # characters of one, on each side of what it is known by
_LEAST = 5
_GREETING = re.compile(r"\s*[^\n?]{0,40},[ \t]*\n")
_WANTS = re.compile(
    r"\b(?:please (?:let (?:me|us) know|confirm|reply|answer|send|get back|tell)"
    r"|let (?:me|us) know|looking forward to (?:your (?:reply|answer)|hearing)|r\.?s\.?v\.?p"
    r"|bitte (?:um (?:rückmeldung|antwort|bestätigung)|gib|geben|sag|sagen|schick|schicken|bestätige)"
    r"|(?:gib|geben sie|sag) (?:mir |uns )?(?:bitte )?(?:kurz )?bescheid)\b",
    re.I,
)


def brief(home: Home) -> Brief:
    """The day at a glance, in the person's zone."""
    now = home.now()
    me = home.people.me()
    return Brief(
        now=now,
        events=tuple(_events(home, now)),
        waiting=tuple(_waiting(home, me, now)) if me else (),
        earlier=tuple(_earlier(home, now)),
        known=me is not None or not Inventory(home.index.db).any(("mail",)),
    )


def _events(home: Home, now: datetime) -> Iterator[Line]:
    """What is on, or begins within a week."""
    found = occasions(Inventory(home.index.db).events(), home.zone)
    for one in [o for o in found if o.within(now, now + AHEAD)][:MOST]:
        yield _event(one)


def _event(one: Occasion) -> Line:
    item = one.item
    return Line(
        uri=item.uri,
        kind=item.kind,
        title=item.title,
        when=one.begins,
        ends=one.ends if "until" in item.meta else None,
        all_day="all-day" in item.meta,
        place=item.place,
    )


def _waiting(home: Home, me: Known, now: datetime) -> Iterator[Line]:
    mails = unanswered(home.index.db, me, now - BACK, now)
    asking = ((mail, asks(mail.text)) for mail in mails)
    yield from islice((_mail(mail, *asked) for mail, asked in asking if asked is not None), MOST)


def _mail(mail: ItemView, start: int, end: int) -> Line:
    return Line(
        uri=mail.uri,
        kind=mail.kind,
        title=mail.title,
        when=mail.when,
        person=mail.people[0] if mail.people else "",
        said=" ".join(mail.text[start:end].split())[:_SAID],
        start=start,
        end=end,
    )


def asks(text: str) -> tuple[int, int] | None:
    """Where in a mail's own words its last question or request stands, None where there is none."""
    quoted = _OWN.search(text)
    own = text[: quoted.start() if quoted else len(text)][:_READ]
    last = None
    for start, end in _sentences(own):
        place = _asking(own, start, end)
        if place is not None and "://" not in own[slice(*place)]:
            last = place
    if last is None:
        return None
    start, end = last
    greeting = _GREETING.match(own, start, end)
    start = greeting.end() if greeting else start
    return start + len(own[start:]) - len(own[start:].lstrip()), start + len(own[start:end].rstrip())


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each begins and ends, its mark included."""
    start = 0
    for mark in _ENDS.finditer(text):
        yield start, mark.end()
        start = mark.end()
    yield start, len(text)


def _asking(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Of a sentence what asks for something: all of it, unless it is very long. Requests lose their mark."""
    if text.endswith("?", start, end) and end - start > _LEAST and _CLOSED.match(text, end):
        return max(start, end - _SENTENCE), end
    end -= text[end - 1 : end] in (".", "!", "?")
    wanted = [*_WANTS.finditer(text, start, end)][-1:]
    return next(((max(start, w.start() - _SENTENCE), min(end, w.end() + _SENTENCE)) for w in wanted), None)


def _earlier(home: Home, now: datetime) -> Iterator[Line]:
    """Notes and pictures of this day in the years before."""
    db = home.index.db
    first = library.oldest(db)
    if first is None:
        return
    begun = max(now.year - YEARS, datetime.fromtimestamp(max(first, 0.0), home.zone).year)
    years = [year for year in range(now.year - 1, begun - 1, -1) if _is(year, now)]
    days = [_day(home, date(year, now.month, now.day)) for year in years]
    for row in library.on_this_day(db, days, _KINDS, IN_A_YEAR):
        yield _row(row)


def _is(year: int, now: datetime) -> bool:
    """Whether there is such a day: not every year has a 29 February."""
    return now.month != 2 or now.day != 29 or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))


def _day(home: Home, day: date) -> tuple[float, float]:
    begins = datetime(day.year, day.month, day.day, tzinfo=home.zone)
    after = day + timedelta(days=1)
    return begins.timestamp(), datetime(after.year, after.month, after.day, tzinfo=home.zone).timestamp()


def _row(row: Row) -> Line:
    return Line(
        uri=row.uri,
        kind=row.kind,
        title=row.title,
        when=row.when,
        person=row.people[0] if row.people else "",
        place=row.place,
    )
