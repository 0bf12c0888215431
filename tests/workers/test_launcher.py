"""The launcher starts couriers and nothing else, and ends with the last who holds its socket."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from worker_probe import Probe

from app.core.errors import Refused, WorkerDied
from app.courier.cloud import Cloud
from app.workers import spawner
from app.workers.frames import Channel, Hello, Raise, pack
from app.workers.launcher import LaunchedWorker, start_launcher
from app.workers.sandbox import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere couriers are started directly")


def children() -> set[int]:
    tasks = Path(f"/proc/{os.getpid()}/task").iterdir()
    return {int(pid) for task in tasks for pid in (task / "children").read_text().split()}


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def launcher() -> Iterator[int]:
    descriptor = start_launcher()
    yield descriptor
    os.close(descriptor)


def ask(launcher: int, word: bytes, *, pipes: int = 3) -> tuple[Channel, int]:
    """Our ends of what a child would get: its channel, and the pipe it would report errors on."""
    pairs = [os.pipe() for _ in range(3)]
    (stdin, to_child), (from_child, stdout), (errors, stderr) = pairs
    with socket.socket(fileno=os.dup(launcher)) as door:
        socket.send_fds(door, [word], [stdin, stdout, stderr][:pipes])
    for fd in (stdin, stdout, stderr):
        os.close(fd)
    return Channel(os.fdopen(from_child, "rb"), os.fdopen(to_child, "wb")), errors


def test_another_service_is_refused_by_the_child(launcher: int) -> None:
    other = LaunchedWorker("x", "worker_probe:service", launcher=launcher)
    with pytest.raises(Refused, match="may not serve that"):
        other.call(Probe.echo, text="")


def test_the_courier_is_served_as_the_control(launcher: int) -> None:
    channel, errors = ask(launcher, spawner.WORD)
    channel.send(Hello(spawner.SERVICE, pack({}), pack(Limits(network=True))))
    assert channel.receive() is not None
    channel.finish()
    os.close(errors)


@pytest.mark.parametrize(
    ("word", "pipes"), [(b"shell", 3), (b"courier2", 3), (b"courier", 2), (b"courier", 0)]
)
def test_other_words_start_nothing(launcher: int, word: bytes, pipes: int) -> None:
    channel, errors = ask(launcher, word, pipes=pipes)
    assert os.read(errors, 1) == b""  # every end was closed, nobody has it
    assert channel.receive() is None
    channel.finish()
    os.close(errors)


def test_only_so_many_at_once(launcher: int) -> None:
    held = [ask(launcher, spawner.WORD) for _ in range(spawner.AT_ONCE + 1)]
    assert os.read(held[-1][1], 1) == b""
    for channel, errors in held:
        channel.close()
        channel.finish()
        os.close(errors)
    time.sleep(0.1)

    def room_again() -> bool:
        channel, errors = ask(launcher, spawner.WORD)
        try:
            channel.send(Hello("x:y", pack({}), pack(Limits())))
            return isinstance(channel.receive(), Raise)
        except BrokenPipeError:
            return False
        finally:
            channel.finish()
            os.close(errors)

    until(room_again)


def test_it_ends_with_its_last_holder() -> None:
    before = children()
    one = start_launcher()
    other = os.dup(one)
    [pid] = children() - before
    os.close(one)
    time.sleep(0.3)
    assert os.waitpid(pid, os.WNOHANG) == (0, 0)  # the other still holds it
    os.close(other)
    assert os.waitpid(pid, 0) == (pid, 0)


def test_a_launcher_that_is_gone_is_one_clear_error() -> None:
    before = children()
    launcher = start_launcher()
    [pid] = children() - before
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    courier = LaunchedWorker("courier", spawner.SERVICE, launcher=launcher)
    with pytest.raises(WorkerDied, match="the launcher is gone"):
        list(courier.stream(Cloud.complete, url="http://127.0.0.1:1/", body="{}", key=""))
    os.close(launcher)
