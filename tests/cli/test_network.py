"""With the cloud off no process opens an internet socket: seen by strace over a whole session."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

INTERNET = re.compile(rb"AF_INET6?\b")
WORDS = {
    "index": ["index"],
    "ask": ["ask", "what is the frame number of my bicycle?"],
    "summarize": ["summarize", "-"],
    "act": ["act", "remind me to call Ana tomorrow at nine"],
}


def traced(log: Path, words: list[str], *, stdin: bytes = b"") -> bytes:
    """Runs ``words`` with its network system calls, and its children's, written to ``log``."""
    strace = shutil.which("strace")
    assert strace, "strace is one of the packages that make test installs"
    done = subprocess.run(
        [strace, "-f", "-q", "-e", "trace=%network", "-o", str(log), *words],
        input=stdin,
        capture_output=True,
        env=os.environ | {"HOMEBODY_PASSPHRASE": "tracing the network"},
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return log.read_bytes()


def test_no_internet_socket_in_a_whole_session(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "bicycle.md").write_text("# Bicycle\nThe frame number of my bicycle is WX4411.\n")
    homebody = [sys.executable, "-m", "app", "--data", str(tmp_path / "data"), "--json"]
    traced(tmp_path / "add.log", [*homebody, "sources", "add", "notes", str(notes)])
    for name, words in WORDS.items():
        log = traced(tmp_path / f"{name}.log", [*homebody, *words], stdin=b"The meeting is on Monday. " * 9)
        assert b"AF_UNIX" in log, "strace saw nothing at all"
        assert not INTERNET.search(log), name


def test_the_control_a_program_with_a_network_is_seen(tmp_path: Path) -> None:
    program = "import socket; socket.socket(socket.AF_INET).close()"
    assert INTERNET.search(traced(tmp_path / "control.log", [sys.executable, "-c", program]))


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6"])
def test_a_process_of_ours_cannot_open_one(family: str) -> None:
    program = (
        "import socket\nfrom app.workers import sandbox\nsandbox.deny_network()\n"
        f"try:\n    socket.socket(socket.{family})\nexcept OSError:\n    print('refused')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, timeout=60)
    assert done.stdout == b"refused\n"
