"""What strangers write opens no file and no connection in any window, and nothing of it is hidden."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
CALLS = "open,openat,openat2,connect"
_CALL = re.compile(r"^\d+ +(open|openat|openat2|connect)\((.*)$")
# What the window opens of its own: the program, its pictures, and what the system tells of this process.
_OWN = tuple(f'"{path}/' for path in (ROOT, sys.prefix, sys.base_prefix, "/proc", "/usr/lib", "/lib"))
Walked = tuple[dict[str, list[str]], dict[str, Any]]

WINDOWS = frozenset(
    "answer conversation preview today library sources hats activity settings popup toast failure "
    "confirmation rename forget menu".split()
) | {"quick prompt", "what was sent", "first run"}


@pytest.fixture(scope="module")
def walked(display: str, tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """The calls between the marks of tests/ui/stranger.py, by mark; and what stood in its windows."""
    if not shutil.which("strace"):
        pytest.fail("not installed: strace (packaging/system-packages.sh test installs it)")
    folder = tmp_path_factory.mktemp("stranger")
    Image.new("RGB", (8, 8), "red").save(folder / "canary.png")
    with socket.socket() as closed:  # whoever asks there is refused
        closed.bind(("127.0.0.1", 0))
        _run(folder, closed.getsockname()[1])
    found: dict[str, list[str]] = {}
    mark = "start"
    for line in (folder / "trace").read_text(errors="replace").splitlines():
        if "/homebody-mark-" in line:
            mark = line.partition("/homebody-mark-")[2].partition('"')[0]
        elif call := _CALL.match(line):
            found.setdefault(mark, []).append(" ".join(call.groups()))
    return found, json.loads((folder / "seen.json").read_text())


def _run(folder: Path, port: int) -> None:
    """Until it has written down what it saw: strace itself may wait for threads that are gone."""
    command = [sys.executable, str(ROOT / "tests/ui/stranger.py"), str(folder), str(port)]
    strace = ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={CALLS}", "-e", "signal=none"]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [*strace, "-o", str(folder / "trace"), *command],
            stdout=said,
            stderr=said,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
    end = time.monotonic() + 120
    try:
        while not (folder / "seen.json").exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert (folder / "seen.json").exists(), (folder / "said").read_text()[-4000:]


def test_no_window_opens_a_file_or_a_connection(walked: Walked) -> None:
    calls, _ = walked
    opened = [call for call in calls.get("begin", []) if not any(own in call for own in _OWN)]
    assert not opened, opened[:20]


def test_a_careless_view_and_tooltip_are_caught(walked: Walked) -> None:
    calls, _ = walked
    assert any(call.startswith("openat") and "canary.png" in call for call in calls["end"])
    assert any(call.startswith("connect") and "127.0.0.1" in call for call in calls["end"])
    assert any(call.startswith("openat") and "canary.png" in call for call in calls["tip"])


def test_nothing_of_it_is_hidden(walked: Walked) -> None:
    _, seen = walked
    assert not seen["hides"], seen["hides"][:10]
    shown = {where.partition(",")[0] for where in seen["shown"]}
    assert shown >= WINDOWS, WINDOWS - shown
