"""A second program uses a running service through a socket, and nobody can hurt it from there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
import worker_probe
from worker_probe import Probe

from app.core.errors import AnotherInstance, NotFound
from app.workers.attach import Attached, listen
from app.workers.service import Service


@pytest.fixture
def door(home: Path) -> Path:
    path = home / "run" / "engine.sock"
    listen(path, Service({Probe: worker_probe.local()}, threads=2))
    return path


def test_calls_streams_and_errors_travel(door: Path) -> None:
    one, other = Attached(door), Attached(door)
    assert one.call(Probe.echo, text="x") == "x 0"
    assert list(other.stream(Probe.count, to=300)) == list(range(300))
    with pytest.raises(NotFound):
        one.call(Probe.fail, how="ours")
    one.stop()
    assert other.call(Probe.echo, text="y") == "y 0"
    other.stop()


def test_the_door_is_for_its_owner_only(door: Path) -> None:
    assert door.stat().st_mode & 0o777 == 0o600


def test_garbage_at_the_door_hurts_nobody_else(door: Path) -> None:
    with socket.socket(socket.AF_UNIX) as stranger:
        stranger.connect(str(door))
        stranger.sendall(b"GET / HTTP/1.1\r\n\r\n" * 10)
        stranger.settimeout(10)
        assert stranger.recv(1) == b""
    attached = Attached(door)
    assert attached.call(Probe.echo, text="x") == "x 0"
    attached.stop()


def test_nobody_there_is_said_so(home: Path) -> None:
    with pytest.raises(AnotherInstance):
        Attached(home / "run" / "none.sock")
