"""A display of our own with a window manager and a tray; any Qt warning fails the test that caused it."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ui.turning import Loop

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NEEDED = ("Xvfb", "openbox", "xdotool")
_QUIET = (
    "propagateSizeHints",  # said by platforms without a window manager
)


def _start(command: list[str], **more: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)


def _server() -> tuple[subprocess.Popen[bytes], str]:
    """An X server on a display number that it picks itself, and says once it is ready."""
    told, tell = os.pipe()
    size = ["-screen", "0", "1400x960x24", "-dpi", "96", "-nolisten", "tcp"]
    process = _start(["Xvfb", "-displayfd", str(tell), *size], pass_fds=(tell,))
    os.close(tell)
    with os.fdopen(told) as answer:
        number = answer.readline().strip()
    assert number, "Xvfb did not start"
    return process, f":{number}"


def _wait(done: Callable[[], bool], seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return True
        time.sleep(0.05)
    return done()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """DISPLAY of a fresh X server with openbox and, where it is installed, a tray."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.fail(f"not installed: {', '.join(missing)} (packaging/system-packages.sh test installs them)")
    server, name = _server()
    helpers: list[subprocess.Popen[bytes]] = []
    environ = dict(os.environ)
    try:
        os.environ.update(DISPLAY=name, QT_QPA_PLATFORM="xcb", QT_ACCESSIBILITY="0", NO_AT_BRIDGE="1")
        for gone in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "QT_STYLE_OVERRIDE"):
            os.environ.pop(gone, None)
        helpers.append(_start(["openbox", "--sm-disable"]))
        assert _wait(
            lambda: (
                subprocess.run(["xdotool", "get_desktop"], capture_output=True, check=False).returncode == 0
            )
        ), "openbox did not start"
        if tray := shutil.which("stalonetray"):
            helpers.append(_start([tray, "--geometry", "4x1-0+0"]))
        elif tray := shutil.which("trayer"):
            helpers.append(
                _start([tray, "--edge", "top", "--align", "right", "--width", "10", "--height", "24"])
            )
        yield name
    finally:
        for process in [*reversed(helpers), server]:
            process.terminate()
            process.wait(5)
        os.environ.clear()
        os.environ.update(environ)


@pytest.fixture(scope="session")
def app(display: str) -> Iterator[Any]:
    from PySide6.QtWidgets import QApplication

    made = QApplication.instance() or QApplication(["homebody-tests"])
    yield made


@pytest.fixture
def qt_log(app: Any) -> Iterator[list[str]]:
    """Everything Qt has to complain about; the test fails where there is any."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    lines: list[str] = []
    faults: list[str] = []

    def take(kind: Any, _context: Any, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not any(q in text for q in _QUIET):
            lines.append(text)

    usual = sys.excepthook
    sys.excepthook = lambda kind, error, trace: (faults.append(repr(error)), usual(kind, error, trace))[0]
    before = qInstallMessageHandler(take)
    yield lines
    qInstallMessageHandler(before)
    sys.excepthook = usual
    assert not faults, f"exceptions in slots: {faults}"
    assert not lines, f"Qt warnings: {lines}"


class Pump(Loop):
    """The event loop, and a person's keys and mouse."""

    PATIENCE_S = 20.0

    def keys(self, *keys: str) -> None:
        """Real key presses, to whatever window has the focus."""
        self.tool("key", "--delay", "30", *keys)

    def type(self, text: str) -> None:
        self.tool("type", "--delay", "8", text)

    def click(self, x: int, y: int, button: int = 1) -> None:
        self.tool("mousemove", str(x), str(y), "click", str(button))

    def tool(self, *words: str) -> None:
        process = _start(["xdotool", *words])
        self.until(lambda: process.poll() is not None, 30, f"xdotool {words}")
        assert process.returncode == 0, words

    def open_from_tray(self, desktop: Any) -> None:
        """The way a person takes: a right click on the icon, then the menu's line for the quick prompt."""
        if not desktop.tray.there():
            pytest.fail("no system tray on this display (packaging/system-packages.sh test installs one)")
        self.until(lambda: desktop.tray.icon.geometry().width() > 0, what="the tray icon")
        centre = desktop.tray.icon.geometry().center()
        self.click(centre.x(), centre.y(), button=3)
        menu = desktop.tray.menu
        self.until(menu.isVisible, what="the tray menu")
        action = next(a for a in menu.actions() if a.text() == "Quick prompt")
        place = menu.mapToGlobal(menu.actionGeometry(action).center())
        self.click(place.x(), place.y())
        prompt = desktop.quick.prompt
        self.until(lambda: desktop.quick.isActiveWindow() and prompt.editor.hasFocus(), what="focus")


@pytest.fixture
def pump(app: Any, qt_log: list[str]) -> Iterator[Pump]:
    made = Pump(app)
    yield made
    made.for_(0.05)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts stand-in engine processes: ``engine(vault="passphrase", passphrase="…", pause=0.1)``."""
    from app.workers.worker import Worker

    started: list[Worker] = []
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), str(HERE), before]))

    def make(**config: Any) -> Worker:
        worker = Worker("engine", "standin:service", config={"data": str(tmp_path), **config})
        started.append(worker)
        return worker

    yield make
    for worker in started:
        worker.stop()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before


@pytest.fixture
def desktop(app: Any, pump: Pump, engine: Callable[..., Any], tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Starts the whole desktop app on a stand-in engine, in this process, with real windows."""
    from app.core.paths import Paths
    from app.ui.desktop import Desktop, Start
    from app.workers.handover import Request
    from app.workers.worker import Worker

    made: list[tuple[Desktop, Worker]] = []

    def make(*, request: Request | None = None, ready: bool = True, **config: Any) -> Desktop:
        opener = Worker("opener", "app.workers.opener:service")
        start = Start(Paths(tmp_path / "data"), request=request or Request())
        one = Desktop(app, engine(**config), opener, start)
        made.append((one, opener))
        one.begin()
        if ready:
            pump.until(lambda: one.session.status.vault == "open" and one.window.isVisible(), what="open")
            pump.until(lambda: not one.indexing.busy, what="indexing")
        return one

    yield make
    for one, opener in made:
        one.close()
        opener.stop()
    made.clear()
    pump.for_(0.1)
    gc.collect()


@pytest.fixture
def shot(tmp_path: Path, pump: Pump) -> Callable[[Any, str], Path]:
    """Saves what a window shows."""
    folder = Path(os.environ.get("SHOTS_DIR", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)

    def save(widget: Any, name: str) -> Path:
        pump.for_(0.3)  # layouts settle
        path = folder / f"{name}.png"
        assert widget.grab().save(str(path)), name
        return path

    return save


@pytest.fixture
def select(pump: Pump) -> Iterator[Callable[[str], None]]:
    """Selects a line of text in a terminal, which is then in the front."""
    from app.ui.native_x11 import X11

    terminals: list[subprocess.Popen[bytes]] = []

    def do(text: str) -> None:
        place = ["-title", "other program", "-geometry", "90x6+40+500"]
        terminals.append(_start(["xterm", *place, "-e", f"echo '{text}'; sleep 90"]))
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "other program"]
        found = subprocess.run(search, stdout=subprocess.PIPE, timeout=20, check=True)
        window = found.stdout.split()[0].decode()
        pump.tool("windowactivate", "--sync", window)

        def selected() -> bool:  # the words may appear after the window
            pump.tool(
                "mousemove", "--window", window, "60", "10", "click", "--repeat", "3", "--delay", "60", "1"
            )
            return X11().selected() == text

        pump.until(selected, what="the selection")

    yield do
    for terminal in terminals:
        terminal.terminate()
        terminal.wait()
