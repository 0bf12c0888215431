"""Wayland: a headless sway, a private bus with a portal that speaks the specification, and real keys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
NEEDED = ("sway", "swaymsg", "wl-copy", "wl-paste", "wtype", "dbus-daemon")
SELECTED = "The harbour office closes at noon on Saturdays."


def until(done: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := done():
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s for {what}")


class Talking:
    """A process that is told lines and says lines of JSON."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True, cwd=ROOT
        )
        self.heard: list[Any] = []
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.heard.append(json.loads(line))

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def ask(self, expression: str) -> Any:
        before = len(self.heard)
        self.tell(expression)
        until(lambda: len(self.heard) > before, expression)
        return self.heard[before]

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._ear.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Sway:
    """A compositor without a screen, its bus, and what runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run_dir = run = Path(tempfile.mkdtemp(prefix="hb-"))  # short: sockets are in it
        (folder / "sway.conf").write_text(
            "focus_on_window_activation focus\nfor_window [title=.*] floating enable\n"
        )
        kept = {
            key: os.environ[key]
            for key in ("PATH", "HOME", "LANG", "HOMEBODY_TEST_DATA")
            if key in os.environ
        }
        self.env = kept | {
            "XDG_RUNTIME_DIR": str(run),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            "XDG_CURRENT_DESKTOP": "sway",
            "QT_QPA_PLATFORM": "wayland",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.talking: list[Talking] = []
        try:
            self._begin(run)
        except BaseException:
            self.close()
            raise

    def _begin(self, run: Path) -> None:
        told, tell = os.pipe()
        bus = ["dbus-daemon", "--session", "--nofork", f"--print-address={tell}", f"--address=unix:dir={run}"]
        self.processes.append(
            subprocess.Popen(bus, pass_fds=(tell,), env=self.env, stderr=subprocess.DEVNULL)
        )
        os.close(tell)
        with os.fdopen(told) as said:
            self.env["DBUS_SESSION_BUS_ADDRESS"] = said.readline().strip()
        # sway gives up root before it starts; in a user namespace of its own there is none to give up
        command = [*(["unshare", "--user"] if os.getuid() == 0 else []), "sway", "-c"]
        with (self.folder / "sway.log").open("wb") as log:
            config = str(self.folder / "sway.conf")
            self.processes.append(subprocess.Popen([*command, config], env=self.env, stdout=log, stderr=log))
        control = until(lambda: next(iter(run.glob("sway-ipc.*")), None), "sway's socket")
        display = until(lambda: next((p for p in run.glob("wayland-*") if p.suffix != ".lock"), None), "sway")
        self.env |= {"WAYLAND_DISPLAY": display.name, "SWAYSOCK": str(control)}
        until(lambda: self.run("swaymsg", "-t", "get_version"), "sway")

    def run(self, *command: str) -> str:
        done = subprocess.run(command, env=self.env, capture_output=True, timeout=20, check=True)
        return done.stdout.decode()

    def told(self, *command: str) -> str:
        """The same of a command that may fail."""
        done = subprocess.run(command, env=self.env, capture_output=True, timeout=20, check=False)
        return done.stdout.decode()

    def keys(self, *words: str) -> None:
        """Its keyboard is a new one each time: programs need a moment for its keymap."""
        self.run("wtype", "-s", "120", *words, "-s", "120")

    def select(self, text: str) -> None:
        """As another program would: PRIMARY is theirs from now on."""
        owner = subprocess.Popen(["wl-copy", "--primary", "--foreground", text], env=self.env)
        self.processes.append(owner)
        until(lambda: self.told("wl-paste", "--primary", "--no-newline") == text, "the selection")

    def portal(self, *portals: str) -> Talking:
        made = Talking(
            [sys.executable, str(HERE / "portal_service.py"), str(self.folder), *portals], self.env
        )
        self.talking.append(made)
        until(lambda: made.heard, "the portal")
        return made

    def app(self, **more: str) -> Talking:
        made = Talking([sys.executable, str(HERE / "wayland_app.py"), str(self.folder)], self.env | more)
        self.talking.append(made)
        assert until(lambda: made.heard, "the app")[0]["platform"] == "wayland"
        until(lambda: made.ask("one.session.status.vault == 'open' and one.window.isVisible()"), "open")
        return made

    def focused(self) -> str:
        def find(node: dict[str, Any]) -> str:
            if node.get("focused"):
                return str(node.get("name"))
            parts = (find(inner) for inner in [*node["nodes"], *node["floating_nodes"]])
            return next((name for name in parts if name), "")

        return find(json.loads(self.run("swaymsg", "-t", "get_tree")))

    def close(self) -> None:
        for one in reversed(self.talking):
            one.close()
        for process in reversed(self.processes):
            process.terminate()
            process.wait(10)
        shutil.rmtree(self.run_dir, ignore_errors=True)


@pytest.fixture
def sway(tmp_path: Path) -> Iterator[Sway]:
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if missing:
        pytest.fail(f"not installed: {', '.join(missing)} (packaging/system-packages.sh test installs them)")
    made = Sway(tmp_path)
    yield made
    made.close()


def bound(portal: Talking) -> list[str]:
    return [call["call"] for call in portal.heard if "call" in call]


def test_keys_of_the_portal_and_the_selection(sway: Sway) -> None:
    portal = sway.portal("GlobalShortcuts", "Screenshot")
    app = sway.app()
    until(lambda: "BindShortcuts" in bound(portal), "the keys")
    calls = [call for call in portal.heard if "call" in call]
    ours = next(call["sender"] for call in calls if call["call"] == "BindShortcuts")  # Qt asks portals, too
    calls = [call for call in calls if call["sender"] == ours]
    assert [call["call"] for call in calls] == ["Register", "Get", "CreateSession", "BindShortcuts"]
    assert calls[0]["body"][0] == "homebody"
    shortcuts = dict(next(call for call in calls if call["call"] == "BindShortcuts")["body"][1])
    assert shortcuts["selection"]["preferred_trigger"] == ["s", "CTRL+ALT+s"]
    assert shortcuts["quick"]["preferred_trigger"] == ["s", "CTRL+ALT+space"]

    sway.select(SELECTED)
    portal.tell("press selection")
    until(lambda: app.ask("one.popup.isVisible() and one.popup.text()") == SELECTED, "the words selected")
    until(lambda: sway.focused() == "Homebody summary", "the keyboard")
    until(lambda: app.ask("one.popup.job is None and one.popup.view is not None"), "the summary")
    sway.keys("When does it close?", "-k", "Return")
    until(lambda: app.ask("one.popup.job is None and one.popup.view.answer is not None"), "an answer")
    sway.keys("-k", "Escape")
    until(lambda: not app.ask("one.popup.isVisible()"), "Esc")

    portal.tell("press quick")
    until(lambda: app.ask("one.quick.isVisible()") and sway.focused() == "Homebody quick prompt", "it")
    sway.keys("boiler")
    until(lambda: app.ask("one.quick.found.count()") > 0, "results while typing")
    sway.keys("-k", "Escape")
    until(lambda: not app.ask("one.quick.isVisible()"), "Esc")
    assert app.ask("one.quick.prompt.text()") == "boiler"

    app.ask("one.session.change('desktop.quick_hotkey', 'Meta+Space', print)")
    until(lambda: bound(portal).count("BindShortcuts") == 2, "another key, at once")
    last = [call for call in portal.heard if call.get("call") == "BindShortcuts"][-1]
    assert dict(last["body"][1])["quick"]["preferred_trigger"] == ["s", "LOGO+space"]
    portal.tell("press quick")
    until(lambda: app.ask("one.quick.isVisible()"), "the new one")
    threads = "[t.name for t in __import__('threading').enumerate() if t.name == 'portal']"
    until(lambda: app.ask(threads) == ["portal"], "the old one's thread to be gone")


def test_the_screenshot_portal_gives_text_and_leaves_no_picture(sway: Sway) -> None:
    portal = sway.portal("GlobalShortcuts", "Screenshot")
    app = sway.app()
    until(lambda: "BindShortcuts" in bound(portal), "the keys")
    portal.tell("press screen")
    until(lambda: app.ask("one.popup.isVisible() and one.popup.text()"), "the text")
    assert app.ask("one.popup.text()") == "The ferry leaves at 14:30."  # as the stand-in engine reads it
    [picture] = [line["picture"] for line in portal.heard if "picture" in line]
    assert not Path(picture).exists()
    assert not app.ask("one.popup.replace_button.isEnabled()")
    app.ask("one.popup.hide()")
    portal.tell("refuse")
    portal.tell("press screen")
    until(lambda: app.ask("any('not allowed' in line for line in said)"), "that it was not allowed")


def test_without_a_portal_the_commands_to_bind_are_shown_and_work(sway: Sway) -> None:
    app = sway.app()
    until(lambda: app.ask("said"), "that there is no portal")
    assert "portal" in app.ask("said")[0]
    app.ask("one.show_binding()")
    dialog = "app.topLevelWidgets()"
    lines = app.ask(f"[f.text() for d in {dialog} if hasattr(d, 'fields') for f in d.fields]")
    assert lines[0].startswith("bindsym Ctrl+Mod1+s exec ") and lines[0].endswith("--summarize-selection")
    command = f"{sys.executable} -m app --data {sway.folder / 'data'} --summarize-selection"
    app.ask(f"[d.accept() for d in {dialog} if hasattr(d, 'fields')]")
    sway.select(SELECTED)
    sway.run("swaymsg", f"bindsym Ctrl+Mod1+s exec cd {ROOT} && {command}")
    sway.keys("-M", "ctrl", "-M", "alt", "-k", "s", "-m", "alt", "-m", "ctrl")
    until(lambda: app.ask("one.popup.isVisible() and one.popup.text()") == SELECTED, "the words", 40)


def test_without_helpers_the_selection_is_read_once_the_popup_has_the_keyboard(sway: Sway) -> None:
    sway.portal("GlobalShortcuts")
    holder = subprocess.Popen(
        ["wtype", "-s", "60000"], env=sway.env
    )  # a keyboard, without which none is given
    sway.processes.append(holder)
    sway.select(SELECTED)
    app = sway.app(PATH="/nonexistent")
    app.ask("one.outside.summarize()")
    until(lambda: app.ask("one.popup.isVisible() and one.popup.text()") == SELECTED, "the words selected")


def test_replacing_on_wayland(sway: Sway) -> None:
    sway.portal("GlobalShortcuts")
    app = sway.app()
    program = Talking([sys.executable, str(HERE / "other_program.py"), SELECTED, "--copies"], sway.env)
    sway.talking.append(program)
    until(lambda: sway.focused() == "Letter to Lotte", "the other program")
    sway.keys("-M", "ctrl", "-k", "a", "-k", "c", "-m", "ctrl")
    until(lambda: sway.told("wl-paste", "--primary", "--no-newline") == SELECTED, "the selection")
    app.ask("one.outside.summarize()")
    until(lambda: app.ask("one.popup.isVisible() and one.popup.job is None"), "the summary")
    assert app.ask("one.popup.text()") == SELECTED
    app.ask("one.popup.preview_replacing()")
    until(lambda: app.ask("one.popup.preview.yes.hasFocus()"), "focus")
    sway.keys("-k", "Return")
    new = f"In short: {SELECTED}"
    until(lambda: any(line.get("text") == new for line in program.heard), "the new words")
    until(lambda: app.ask("one.outside.loan is None"), "the clipboard")
    assert sway.told("wl-paste", "--no-newline") == SELECTED


def test_the_program_itself_without_a_network_binds_its_keys(sway: Sway) -> None:
    portal = sway.portal("GlobalShortcuts", "Screenshot")
    data = str(sway.folder / "data")
    env = sway.env | {"HOMEBODY_PASSPHRASE": "a quiet blue harbour"}
    with (sway.folder / "app.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "app", "--data", data], env=env, cwd=ROOT, stdout=log, stderr=log
        )
    try:
        try:
            until(lambda: "BindShortcuts" in bound(portal), "the keys", 120)
        except AssertionError as error:
            said = (sway.folder / "app.log").read_text()[-3000:]
            raise AssertionError(f"{error}; it ended with {program.poll()} and said: {said}") from error
        portal.tell("press quick")
        until(lambda: sway.focused() == "Homebody quick prompt", "the quick prompt")
        sway.keys("-k", "Escape")
        until(lambda: sway.focused() != "Homebody quick prompt", "Esc")
        second = [sys.executable, "-m", "app", "--data", data, "--quick"]
        assert subprocess.run(second, env=env, cwd=ROOT, timeout=60, check=False).returncode == 0
        until(lambda: sway.focused() == "Homebody quick prompt", "the second start")
        leave = (
            "import sys; from pathlib import Path; from app.core.paths import Paths\n"
            "from app.workers.handover import Request, hand_over\n"
            "assert hand_over(Paths(Path(sys.argv[1])).socket('ui'), Request(verb='quit'))"
        )
        subprocess.run([sys.executable, "-c", leave, data], env=env, cwd=ROOT, timeout=60, check=True)
        assert program.wait(60) == 0
    finally:
        program.kill()
        program.wait()
    assert "Traceback" not in (sway.folder / "app.log").read_text()
