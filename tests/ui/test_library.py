"""Library and Today in a real window, on the real engine and store; also full of what strangers write."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from app.core.api import Library, Sources, Vault
from app.core.paths import Paths

pytestmark = pytest.mark.timeout(300)
NOW = datetime.now().astimezone()
ME = "Vera Sand <vera@sand.example>"
EVIL = (
    "<img src='file:///etc/passwd'><a href='http://evil.example/'>x</a> \u202egpj.exe\u202c zero\u200bwidth"
)
SPOTS = ((38.7139, -9.1394), (38.7142, -9.1398), (59.3293, 18.0686))


def mail(n: int, text: str, *, subject: str, days: int = 1, sender: str = "", re: int = 0) -> bytes:
    made = EmailMessage()
    made["From"], made["To"] = sender or "Ines Vogel <ines@vogel.example>", ME
    if sender == ME:
        made.replace_header("To", "ines@vogel.example")
    made["Date"] = format_datetime(NOW - timedelta(days=days))
    made["Subject"], made["Message-ID"] = subject, f"<m{n}@x.example>"
    if re:
        made["In-Reply-To"] = made["References"] = f"<m{re}@x.example>"
    made.set_content(text)
    return made.as_bytes()


def photo(path: Path, when: datetime, spot: tuple[float, float], colour: str) -> None:
    def degrees(value: float) -> tuple[float, float, float]:
        value = abs(value)
        return (int(value), int(value % 1 * 60), value * 60 % 1 * 60)

    image = Image.new("RGB", (320, 240), colour)
    exif = image.getexif()
    exif[Base.DateTime] = f"{when:%Y:%m:%d %H:%M:%S}"
    exif.get_ifd(IFD.GPSInfo).update(
        {
            GPS.GPSLatitudeRef: "N" if spot[0] >= 0 else "S",
            GPS.GPSLatitude: degrees(spot[0]),
            GPS.GPSLongitudeRef: "E" if spot[1] >= 0 else "W",
            GPS.GPSLongitude: degrees(spot[1]),
        }
    )
    image.save(path, exif=exif)


def fill(folder: Path) -> list[tuple[str, Path]]:
    mails, notes, photos = (folder / name for name in ("mails", "notes", "photos"))
    for each in (mails, notes, photos):
        each.mkdir()
    sent = (
        mail(1, "Hello,\n\nCan you bring the ladder\non Friday?\n\nInes", subject="The ladder"),
        mail(2, "Did you see it?", subject="The keys", days=3),
        mail(3, "Yes.", subject="Re: The keys", days=2, sender=ME, re=2),
        mail(4, f"{EVIL}\n\nWill you click?", subject=EVIL, days=4, sender=f'"{EVIL[:30]}" <evil@x.example>'),
        mail(5, "y" * 1_000_000, subject="z" * 900, days=5),
        *(mail(100 + n, f"Number {n}.", subject=f"Report {n}", days=20 + n) for n in range(150)),
    )
    for n, data in enumerate(sent):
        (mails / f"{n}.eml").write_bytes(data)
    (notes / "Boiler.md").write_text("# Boiler\n\nServiced in March.\n", encoding="utf-8")
    last = (
        NOW.replace(year=NOW.year - 1, day=min(NOW.day, 28))
        if NOW.month == 2
        else NOW.replace(year=NOW.year - 1)
    )
    for n, (spot, colour) in enumerate(zip(SPOTS, ("teal", "navy", "maroon"), strict=True)):
        photo(photos / f"p{n}.jpg", last.replace(hour=12) + timedelta(minutes=n), spot, colour)
    (photos / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    begins = (NOW + timedelta(days=1)).replace(hour=9, minute=30)
    (folder / "c.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:dentist\nDTSTAMP:20260101T000000Z\n"
        f"DTSTART:{begins:%Y%m%dT%H%M%S}\nSUMMARY:Dentist {EVIL}\nLOCATION:Lindenstr. 4\nEND:VEVENT\n"
        "END:VCALENDAR\n",
        encoding="utf-8",
    )
    return [("mail", mails), ("notes", notes), ("photos", photos), ("calendar", folder / "c.ics")]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    from app.workers.worker import Worker

    folder = tmp_path_factory.mktemp("library")
    engine = Worker("engine", "app.engine:service", config={"data": str(folder / "data"), "launcher": -1})
    engine.call(Vault.create, passphrase="a quiet blue harbour")
    for kind, path in fill(folder):
        engine.call(Sources.add, kind=kind, path=str(path))
    list(engine.stream(Sources.index, words=True))
    yield engine, folder / "data"
    engine.stop()


@pytest.fixture
def window(app: Any, pump: Any, filled: tuple[Any, Path]) -> Iterator[Any]:
    from app.ui.indexing import Indexing
    from app.ui.jobs import Jobs
    from app.ui.session import Session
    from app.ui.theme import theme
    from app.ui.window import Window

    theme.apply(app, wish="light")
    engine, data = filled
    jobs = Jobs()
    session = Session(engine, jobs)
    made = Window(session, Indexing(session), Paths(data))
    made.faults = []
    made.toast.fail = lambda error, retry=None: made.faults.append(error)
    made.show()
    session.refresh_status(lambda _: made.refresh())
    pump.until(lambda: session.status.vault == "open" and made.isActiveWindow(), what="the window")
    yield made
    assert not made.faults, made.faults
    made.hide()
    made.deleteLater()
    jobs.close()
    pump.for_(0.1)
    gc.collect()


def names(view: Any) -> list[str]:
    return [view.shelf.data(view.shelf.place_of(line)) for line in range(view.shelf.lines)]


def settled(window: Any, pump: Any, rows: int) -> None:
    """So many rows, and what can be seen of them is there."""
    view = window.library.view
    pump.until(lambda: view.shelf.lines == rows, what=f"{rows} rows, not {view.shelf.lines}")
    pump.until(lambda: rows == 0 or "Loading …" not in names(view)[:20], what="the first rows")


def test_list_filter_preview_and_back(window: Any, pump: Any, shot: Any) -> None:
    window.show_page("library")
    page = window.library
    total = page.session.engine.call(Library.spine, shelf=page.shelf()).total
    assert total == 155 + 1 + 3 + 1
    settled(window, pump, total)
    shot(window, "library-list")
    pump.until(page.view.hasFocus, what="the list has the focus")
    pump.type("boiler")  # a letter goes to the filter
    settled(window, pump, 1)
    assert "Boiler" in names(page.view)[0] and page.words.text() == "boiler"
    page.view.setFocus()
    pump.keys("Down", "Return")
    pump.until(window.preview.isVisible, what="the preview")
    assert "Serviced in March" in window.preview.text.toPlainText()
    pump.keys("Escape")
    pump.until(lambda: not window.preview.isVisible(), what="Esc closes the preview")
    pump.keys("Escape")
    settled(window, pump, total)
    page.scope.kinds.set(("mail",))
    page.scope.person.set("vogel")
    settled(window, pump, 154)
    page.scope.time.set((NOW - timedelta(days=2)).date(), None)
    settled(window, pump, 2)
    assert page.scope.clear_button.isVisible()
    page.scope.clear_button.click()
    settled(window, pump, total)
    page.words.setText("no such word anywhere")
    pump.until(lambda: page.nothing.isVisible() and not page.view.isVisible(), what="the empty state")
    assert "Esc" in page.nothing.text()


def test_timeline_has_days_and_jumps_by_month(window: Any, pump: Any, shot: Any) -> None:
    window.show_page("library")
    page = window.library
    pump.keys("alt+2")
    pump.until(lambda: page.mode == "timeline" and page.months.isVisible(), what="the timeline")
    spine = page.session.engine.call(Library.spine, shelf=page.shelf())
    settled(window, pump, spine.total + len(spine.days))
    assert sum(1 for row in range(page.model.lines) if not page.model.flags(page.model.place_of(row))) == len(
        spine.days
    )
    shot(window, "library-timeline")
    page.months.setCurrentIndex(page.months.count() - 2)
    page.months.activated.emit(page.months.currentIndex())
    pump.until(lambda: page.view.row() is not None, what="rows there")
    when = page.view.row().when.astimezone()
    assert [when.year, when.month] == list(page.months.currentData())
    before = page.view.verticalScrollBar().value()
    pump.keys("ctrl+Prior")
    pump.until(lambda: page.view.verticalScrollBar().value() < before, what="a month later")


def test_what_is_indexed_meanwhile_appears_and_a_reader_is_told_of_every_line(
    window: Any, pump: Any, filled: tuple[Any, Path]
) -> None:
    from PySide6.QtGui import QAccessible

    engine, data = filled
    window.show_page("library")
    page = window.library
    settled(window, pump, 160)
    spoken = QAccessible.queryAccessibleInterface(page.view)
    assert spoken.text(QAccessible.Text.Name) == "Items"
    page.words.setText("boiler")
    settled(window, pump, 1)
    children = [spoken.child(n) for n in range(spoken.childCount())]
    told = [child.text(QAccessible.Text.Name) for child in children if child is not None]
    assert [name for name in told if name] and all(name.startswith("Note, Boiler") for name in told if name)
    new = data.parent / "notes" / "Boiler two.md"
    new.write_text("# Another boiler\n\nIn the shed.\n", encoding="utf-8")
    try:
        list(engine.stream(Sources.index, words=True))
        window.indexing.changed.emit()
        settled(window, pump, 2)
    finally:
        new.unlink()
        list(engine.stream(Sources.index, words=True))
    window.indexing.changed.emit()
    settled(window, pump, 1)


def test_threads_open_and_close(window: Any, pump: Any) -> None:
    window.show_page("library")
    page = window.library
    page.show_mode("threads")
    settled(window, pump, 1)
    assert "The keys" in names(page.view)[0] and "2" in names(page.view)[0]
    page.view.setFocus()
    page.view.setCurrentIndex(page.model.place_of(0))
    pump.keys("Return")
    settled(window, pump, 2)
    assert [name.split(", ")[1] for name in names(page.view)] == ["The keys", "Re: The keys"]
    pump.keys("Escape")
    settled(window, pump, 1)


def test_photos_and_map(window: Any, pump: Any, shot: Any) -> None:
    window.show_page("library")
    page = window.library
    page.show_mode("photos")
    settled(window, pump, 3)
    uris = [page.model._row(n).uri for n in range(3)]
    pump.until(lambda: all(page.thumbnails.known(uri) for uri in uris), 60, "the thumbnails")
    assert all(page.thumbnails.get(uri).width() == 192 for uri in uris)
    assert {page.view.columnWidth(n) for n in range(3)} == {168}
    shot(window, "library-photos")
    page.show_mode("map")
    world = page.map.world
    pump.until(lambda: sum(c.count for c in world.clusters) == 3, what="the places")
    assert page.map.places.count() == 2 and len(world.clusters) == 2
    world.setFocus()
    zoom = world._zoom
    pump.keys("plus")
    pump.until(lambda: world._zoom > zoom, what="closer")
    centre = world._centre.x()
    pump.keys("Left")
    pump.until(lambda: world._centre.x() < centre, what="to the west")
    pump.keys("0")
    pump.until(lambda: len(world.clusters) == 2, what="everything")
    two = next(c for c in world.clusters if c.count == 2)
    place = world.mapToGlobal(world.rect().topLeft())
    pump.click(round(place.x() + two.x), round(place.y() + two.y))
    settled(window, pump, 2)
    shot(window, "library-map")
    pump.keys("Escape")
    settled(window, pump, 3)
    page.map.places.setFocus()
    page.map.places.setCurrentRow(1)
    pump.keys("Return")
    settled(window, pump, 1)


def test_today_says_what_is_and_leads_to_it(window: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtWidgets import QPushButton

    window.show_page("today")
    page = window.today
    pump.until(lambda: page.brief is not None and len(page._tiles) == 3, what="the brief")
    buttons = {b.accessibleName(): b for b in page.findChildren(QPushButton) if b.objectName() == "source"}
    assert any("Dentist" in name and "tomorrow 09:30" in name for name in buttons)
    waiting = [b for name, b in buttons.items() if name.startswith("Mail")]
    assert ["The ladder" in b.accessibleName() for b in waiting] == [True, False]
    assert waiting[0].accessibleDescription().endswith("Can you bring the ladder on Friday?")
    pump.until(lambda: all(page.thumbnails.known(uri) for uri in page._tiles), 60, "the photos")
    shot(window, "today")
    waiting[0].setFocus()
    pump.keys("space")
    pump.until(window.preview.isVisible, what="its source")
    marks = window.preview.text.extraSelections()
    mark = marks[0].cursor.selectedText()
    assert mark.replace("\u2029", " ") == "Can you bring the ladder on Friday?"


def test_what_strangers_write_stays_text_in_every_line(window: Any, pump: Any, shot: Any) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QLabel, QTextBrowser

    watched: list[str] = []
    on = [True]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if on[0] and (event.startswith("socket.") or (event == "open" and "/etc/" in str(arguments[0]))):
            watched.append(f"{event} {arguments}")

    sys.addaudithook(hook)
    try:
        window.show_page("library")
        page = window.library
        page.words.setText("click")
        settled(window, pump, 1)
        for mode in ("list", "timeline", "photos", "list"):
            page.show_mode(mode)
            pump.for_(0.3)
        settled(window, pump, 1)
        page.view.setFocus()
        page.view.setCurrentIndex(page.model.place_of(0))
        shot(window, "library-hostile")
        told = names(page.view)[0]
        assert "<img src='file:///etc/passwd'>" in told and "⟨U+202E⟩" in told and "⟨U+200B⟩" in told
        pump.keys("Return")
        pump.until(window.preview.isVisible, what="the preview")
        assert "⟨U+202E⟩" in window.preview.title.text() and "<a href=" in window.preview.text.toPlainText()
        page.words.setText("zzz")
        page.words.setText("Report 7")
        page.words.clear()
        window.show_page("today")
        pump.until(lambda: window.today.brief is not None, what="the brief")
        pump.for_(0.3)
        labels = window.findChildren(QLabel)
        assert all(each.textFormat() == Qt.TextFormat.PlainText for each in labels if each.text())
        assert any("⟨U+202E⟩" in each.text() for each in labels)
        assert not [each for each in window.findChildren(QTextBrowser) if each.openExternalLinks()]
    finally:
        on[0] = False
    assert not watched


def test_a_line_of_a_million_characters_is_shown_at_once(window: Any, pump: Any) -> None:
    import time

    window.show_page("library")
    page = window.library
    settled(window, pump, 160)
    row = next(n for n, name in enumerate(names(page.view)[:20]) if "zzz" in name)
    page.view.setFocus()
    page.view.setCurrentIndex(page.model.place_of(row))
    pump.keys("Return")
    gaps: list[float] = []
    until, last = time.monotonic() + 3, time.monotonic()
    while time.monotonic() < until:
        pump.turn()
        gaps.append(time.monotonic() - last)
        last = time.monotonic()
    assert window.preview.isVisible() and len(window.preview.text.toPlainText()) > 100_000
    assert window.preview.width() < 600, "no title makes the pane wider"
    print(f"longest turn of the window with a line of a million characters: {1000 * max(gaps):.0f} ms")


def test_a_locked_window_shows_nothing(window: Any, pump: Any) -> None:
    window.show_page("library")
    settled(window, pump, 160)
    window.show_page("today")
    pump.until(lambda: window.today.brief is not None, what="the brief")
    window.clear()
    assert window.library.model.rowCount() == 0 and window.today.brief is None
    assert not window.library.thumbnails._known
