"""The desktop program as a person starts it: real processes, real engine and model, real keys."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.core.api import Conversations, Sources, Vault
from app.core.errors import HomebodyError
from app.core.paths import Paths
from app.workers.attach import Attached
from app.workers.worker import Worker

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE = "a quiet blue harbour"


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.main", *arguments],
        cwd=ROOT,
        env=os.environ | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_a_display_one_line_and_exit_code_13(tmp_path: Path, monkeypatch: Any) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = run("--data", str(tmp_path / "d"))
    assert done.returncode == 13
    assert done.stderr.count("\n") == 1 and "display" in done.stderr and "homebody ask" in done.stderr
    done = run("--data", str(tmp_path / "d"), DISPLAY=":4711")
    assert done.returncode == 13 and "nothing answers" in done.stderr
    done = run("--data", str(tmp_path / "d"), DISPLAY="localhost:10.0")
    assert done.returncode == 13 and "network" in done.stderr
    assert not (tmp_path / "d").exists()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with a few notes, indexed, under a passphrase."""
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "ferry.md").write_text(
        "# Ferry\n\nThe ferry to Texel leaves on Friday 22 May at 14:30 from pier four.\n", "utf-8"
    )
    (notes / "boiler.md").write_text("# Boiler\n\nThe boiler was serviced on 3 March by Kettler.\n", "utf-8")
    engine = Worker("engine", "app.engine:service", config={"data": str(tmp_path / "d"), "launcher": -1})
    try:
        engine.call(Vault.create, passphrase=PASSPHRASE)
        engine.call(Sources.add, kind="notes", path=str(notes))
        for _ in engine.stream(Sources.index):
            pass
    finally:
        engine.stop()
    return tmp_path / "d"


class Program:
    """The running desktop, seen from outside: its windows, its keys, and the engine it owns."""

    def __init__(self, data: Path, log: Path) -> None:
        self.paths = Paths(data)
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "app.main", "--data", str(data)],
                cwd=ROOT,
                env=os.environ | {"HOMEBODY_PASSPHRASE": PASSPHRASE},
                stderr=errors,
            )

    def wait(self, done: Callable[[], object], what: str, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            assert self.process.poll() is None, f"the program ended: {self.log.read_text()}"
            with contextlib.suppress(HomebodyError):
                if done():
                    return
            time.sleep(0.1)
        raise AssertionError(f"waited for {what}: {self.log.read_text()}")

    def key(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, timeout=30)

    def window(self, name: str) -> bool:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", f"^{name}$"], capture_output=True, check=False
        )
        return bool(found.stdout.split())

    def answers(self) -> list[str]:
        engine = Attached(self.paths.socket("engine"))
        try:
            return [
                turn.text
                for talk in engine.call(Conversations.list)
                for turn in engine.call(Conversations.turns, id=talk.id)
                if turn.role == "assistant"
            ]
        finally:
            engine.stop()

    def engine(self) -> psutil.Process | None:
        """The child that holds the store's lock: the one that has the models for children."""
        socket = str(self.paths.socket("engine"))
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):
                if any(c.laddr == socket for c in child.net_connections("unix")):
                    return child
        return None


@pytest.fixture
def program(display: str, store: Path, tmp_path: Path) -> Iterator[Program]:
    made = Program(store, tmp_path / "stderr")
    yield made
    made.process.terminate()
    made.process.wait(20)


def test_ask_in_the_window_hand_over_and_engine_death(program: Program) -> None:
    program.wait(lambda: program.window("Homebody"), "the window")
    program.wait(lambda: program.paths.socket("engine").exists() and program.answers() == [], "open")
    program.key("type", "--delay", "20", "When does the ferry to Texel leave?")
    program.key("key", "Return")
    program.wait(lambda: len(program.answers()) == 1, "an answer in the store")
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    assert "Seccomp:\t2" in status, "the window's process may open no network socket"
    maps = Path(f"/proc/{program.process.pid}/maps").read_text()
    assert not any(name in maps for name in ("libtorch", "libllama", "sqlcipher", "_sqlite3"))

    done = run("--data", str(program.paths.data), "--ask", "Who serviced the boiler?")
    assert done.returncode == 0 and done.stderr == ""
    program.wait(lambda: len(program.answers()) == 2, "the answer to the second start's question")

    engine = program.engine()
    assert engine is not None
    engine.send_signal(signal.SIGKILL)
    engine.wait(10)
    program.wait(lambda: program.window("Homebody is locked"), "the lock: this store has a passphrase")
    program.key("type", "--delay", "20", PASSPHRASE)
    program.key("key", "Return")
    program.wait(lambda: not program.window("Homebody is locked"), "open again")
    done = run("--data", str(program.paths.data), "--ask", "Who serviced the boiler?")
    assert done.returncode == 0
    program.wait(lambda: len(program.answers()) == 3, "the answer after the engine died")
    assert "Traceback" not in program.log.read_text()
