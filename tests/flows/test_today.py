"""The day's brief: what is on, who waits for an answer, what this day was before; all from typed queries."""

from __future__ import annotations

import os
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from app.core.errors import HomebodyError
from app.flows import index, today, viewing
from app.flows.context import Home

ME, INES = "Vera Sand <vera@sand.example>", "Ines Vogel <ines@vogel.example>"


def mail(n: int, day: str, text: str, *, sender: str = INES, to: str = ME, re: int = 0, **more: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Date"] = sender, to, f"{day} 09:00:00 +0100"
    made["Subject"], made["Message-ID"] = f"{'Re: ' if re else ''}Matter {re or n}", f"<m{n}@x.example>"
    if re:
        made["In-Reply-To"] = made["References"] = f"<m{re}@x.example>"
    for name, value in more.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()


@pytest.fixture
def lived(mine: Home, tmp_path: Path) -> Home:
    """It is Wednesday 18 March 2026, noon in Berlin."""
    mails = tmp_path / "mail"
    mails.mkdir()
    for n, each in enumerate(
        (
            mail(1, "16 Mar 2026", "Hello Vera,\n\nCan you bring the ladder on Friday? Thanks.\n\nInes"),
            mail(2, "15 Mar 2026", "Did you see the keys?"),
            mail(3, "16 Mar 2026", "Yes, they are here.", sender=ME, to=INES, re=2),
            mail(4, "14 Mar 2026", "Just to tell you: the boiler works again."),
            mail(5, "14 Mar 2026", "Will you buy now?", List_Unsubscribe="<https://x.example/u>"),
            mail(6, "14 Mar 2026", "Can you confirm?", sender="Shop <no-reply@shop.example>"),
            mail(7, "12 Mar 2026", "Are you coming?", to="Somebody <else@x.example>", Cc=ME),
            mail(8, "1 Jan 2026", "Is this too long ago?"),
            mail(9, "13 Mar 2026", "Anbei die Unterlagen. Bitte um Rückmeldung bis Freitag."),
            mail(10, "17 Mar 2026", "Shall we meet on Monday?", sender=ME, to=INES),
        )
    ):
        (mails / f"{n}.eml").write_bytes(each)
    calendar = tmp_path / "c.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n"
        + "".join(
            f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\nSUMMARY:{uid}\n{more}END:VEVENT\n"
            for uid, more in (
                ("over", "DTSTART:20260318T070000Z\nDTEND:20260318T080000Z\n"),
                ("now", "DTSTART:20260318T103000Z\nDTEND:20260318T113000Z\nLOCATION:Parish hall\n"),
                ("weekly", "DTSTART:20260306T090000Z\nDTEND:20260306T100000Z\nRRULE:FREQ=WEEKLY;COUNT=9\n"),
                ("holiday", "DTSTART;VALUE=DATE:20260323\nDTEND;VALUE=DATE:20260324\n"),
                ("far", "DTSTART:20260518T070000Z\nDTEND:20260518T080000Z\n"),
            )
        )
        + "END:VCALENDAR\n"
    )
    photos = tmp_path / "photos"
    photos.mkdir()
    for name in ("20240318_101500", "20240319_101500", "20250318_205000"):
        image = Image.new("RGB", (60, 40), "teal")
        image.putpixel((0, 0), (int(name[3]), int(name[7]), 0))
        exif = image.getexif()
        exif[0x0132] = f"{name[:4]}:{name[4:6]}:{name[6:8]} {name[9:11]}:{name[11:13]}:{name[13:]}"
        image.save(photos / f"{name}.jpg", exif=exif)
    (photos / "20230318_101500.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    for kind, path in (("mail", mails), ("calendar", calendar), ("photos", photos)):
        index.add_source(mine, kind=kind, path=str(path))
    list(index.index(mine, words=True))
    return mine


def test_the_brief_says_what_is_and_nothing_else(lived: Home) -> None:
    brief = today.brief(lived)
    assert [(line.title, line.all_day) for line in brief.events] == [
        ("now", False),
        ("weekly", False),
        ("holiday", True),
    ]
    assert brief.events[0].place == "Parish hall" and str(brief.events[1].when).startswith("2026-03-20 10:00")
    assert brief.known
    assert [line.said for line in brief.waiting] == [
        "Can you bring the ladder on Friday?",
        "Bitte um Rückmeldung bis Freitag",
    ]
    first = brief.waiting[0]
    assert first.person == INES and first.uri == "mid:m1@x.example"
    assert lived.index.item(first.uri).text[first.start : first.end] == first.said
    assert [line.when.year for line in brief.earlier if line.when] == [2025, 2024]


def test_an_empty_home_has_an_empty_day(mine: Home) -> None:
    brief = today.brief(mine)
    assert not (brief.events or brief.waiting or brief.earlier) and brief.known


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("See https://x.example/?q=1 for more.", None),
        ("All is well.\n> Can you come?", None),
        ("Could we meet at 10.30 in St. Mary's? Let me know.", "Let me know"),
        ("Please let us know. Ines", "Please let us know"),
        ("What?", None),
        ("Dear Vera,\nare the chairs\nback in the hall? Ines", "are the chairs\nback in the hall?"),
        (
            "All paid.\n\nMay I ask: was it (the hall)\nbooked\ntwice?\n",
            "May I ask: was it (the hall)\nbooked\ntwice?",
        ),
        ("No question here,\n\njust this.", None),
    ],
)
def test_what_asks(text: str, asked: str | None) -> None:
    found = today.asks(text)
    assert (text[slice(*found)] if found else None) == asked


def test_no_mail_is_long_to_read() -> None:
    for text in ("a " * 500_000, "?" * 1_000_000, "a.b" * 300_000, "\n>" * 300_000, "x" * 1_000_000 + "?"):
        today.asks(text)  # a second each would be noticed here
    began = time.process_time()
    for text in ("abcdef.b" * 1_000, "word " * 2_000, "a\n" * 4_000):
        for _ in range(40):  # a brief reads hundreds of mails
            today.asks(text)
    assert time.process_time() - began < 20  # it was 80


def test_thumbnails_are_pixels_and_a_bad_file_costs_the_others_nothing(lived: Home, tmp_path: Path) -> None:
    uris = tuple(sorted(row.uri for row in today.brief(lived).earlier))
    assert len(uris) == 2
    os.truncate(lived.index.item(uris[0]).path, 40)
    small = list(viewing.thumbnails(lived, uris=(*uris, "mid:m1@x.example", "file:///not/there")))
    assert [one.uri for one in small[:2]] == list(uris)
    assert small[0].picture is None and small[2].picture is None and small[3].picture is None
    picture = small[1].picture
    assert picture is not None and (picture.width, picture.height) == (60, 40)
    assert len(picture.rgb) == 60 * 40 * 3
    assert viewing.picture(lived, uri=uris[1]).width == 60
    with pytest.raises(HomebodyError):
        viewing.picture(lived, uri=uris[0])
