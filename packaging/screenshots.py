"""Takes the README's screenshots: the real app on the demo data, on a display of its own.

    make screenshots                                  into docs/screenshots
    python packaging/screenshots.py [FOLDER]          anywhere else

Needs Xvfb and openbox (packaging/system-packages.sh test). The windows are driven from inside the
process, on the real engine and model; what is saved is what the X server shows.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

QUESTION = "What animal is on the sticker under the stolen bike?"
SELECTED = (
    "Dear all, the spring meeting of the allotment society moves to Thursday 21 May at 19:00 in the parish "
    "hall, because the school needs its gym that evening. Please bring the signed water agreement; plots "
    "without one by the end of May are given to the waiting list. Cake is welcome."
)


@contextlib.contextmanager
def display() -> Iterator[None]:
    told, tell = os.pipe()
    size = ["-screen", "0", "1440x960x24", "-dpi", "96", "-nolisten", "tcp"]
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(tell), *size], pass_fds=(tell,), stderr=subprocess.DEVNULL
    )
    os.close(tell)
    with os.fdopen(told) as answer:
        os.environ["DISPLAY"] = f":{answer.readline().strip()}"
    os.environ["QT_QPA_PLATFORM"] = "xcb"
    os.environ.pop("WAYLAND_DISPLAY", None)
    manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait()


class Camera:
    """The app, its event loop, and where the pictures go."""

    def __init__(self, folder: Path, data: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from app.core.paths import Paths
        from app.ui.desktop import Desktop, Start
        from app.workers.worker import Worker

        self.folder = folder
        self.app = QApplication(["homebody"])
        self.engine = Worker("engine", "app.engine:service", config={"data": str(data), "launcher": -1})
        self.opener = Worker("opener", "app.workers.opener:service")
        start = Start(Paths(data), demo=True, passphrase="screenshots only")
        self.desktop: Any = Desktop(self.app, self.engine, self.opener, start)
        self.desktop.begin()

    def until(self, done: Callable[[], object], seconds: float = 900) -> None:
        end = time.monotonic() + seconds
        while not done():
            self.app.processEvents()
            time.sleep(0.01)
            if time.monotonic() > end:
                raise SystemExit("screenshots: gave up waiting")

    def rest(self, seconds: float = 0.6) -> None:
        end = time.monotonic() + seconds
        self.until(lambda: time.monotonic() > end)

    def take(self, widget: Any, name: str) -> None:
        self.rest()
        path = self.folder / f"{name}.png"
        widget.grab().save(str(path))
        print(path)

    def close(self) -> None:
        self.desktop.close()
        self.engine.stop()
        self.opener.stop()


def session(camera: Camera, question: str) -> None:
    desktop = camera.desktop
    window = desktop.window
    window.resize(1240, 820)
    camera.until(lambda: desktop.session.status.vault == "open")
    camera.rest(1)
    camera.take(window, "start")
    camera.until(lambda: not desktop.indexing.busy and desktop.session.status.items)
    window.chat.ask(question)
    camera.until(lambda: window.chat.job is None)
    camera.take(window, "answer")
    if cards := window.chat.answers[-1].sources.cards():
        cards[0].click()
        camera.until(window.preview.isVisible)
        camera.take(window, "source")
        window.preview.close_pane()
    pages(camera)
    window.show_page("chat")
    desktop.quick.summon()
    desktop.quick.ask(question)
    camera.until(lambda: desktop.quick.job is None)
    camera.take(desktop.quick, "quick-prompt")
    desktop.quick.hide()
    desktop.popup.show_text(SELECTED)
    camera.until(lambda: desktop.popup.job is None)
    camera.take(desktop.popup, "selection")
    desktop.popup.hide()
    confirm(camera)
    desktop.session.change("appearance.theme", "dark", window.fail)
    camera.rest(1)
    window.show_page("chat")
    camera.take(window, "dark")


def below(page: Any, part: Any) -> None:
    """Scroll to ``part``: above it are paths of this machine."""
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QScrollArea

    area = page.findChild(QScrollArea)
    area.verticalScrollBar().setValue(part.mapTo(area.widget(), QPoint(0, 0)).y() - 50)


def pages(camera: Camera) -> None:
    window = camera.desktop.window
    for page in ("today", "library", "hats", "activity", "settings"):  # the others show paths of this machine
        window.show_page(page)
        if page == "hats":
            camera.until(lambda: window.hats.states)
        camera.rest(2)  # pictures are made in a process of their own
        if page == "activity":
            window.resize(1240, 600)
            camera.rest()
            below(window.activity, window.activity.memory)
        camera.take(window, page)
    window.resize(1240, 820)
    window.show_page("library")
    for mode in ("timeline", "photos", "map"):
        window.library.show_mode(mode)
        camera.rest(3)
        camera.take(window, f"library-{mode}")


def confirm(camera: Camera) -> None:
    desktop = camera.desktop
    desktop.quick.prompt.set_text("Remind me on Friday at 10 to call the roofer about the gutter")
    desktop.quick.act()
    camera.until(lambda: desktop.window.deeds.sheet is not None or desktop.quick.job is None)
    if (sheet := desktop.window.deeds.sheet) is not None:
        camera.rest(1)
        camera.take(sheet, "confirmation")
        sheet.reject()
    desktop.quick.hide()


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    keep = os.environ.get("SCREENSHOT_DATA")
    with display(), tempfile.TemporaryDirectory() as fresh:
        camera = Camera(folder, Path(keep or fresh))
        try:
            session(camera, os.environ.get("SCREENSHOT_QUESTION", QUESTION))
        finally:
            camera.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
