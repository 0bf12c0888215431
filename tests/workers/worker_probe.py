"""A service that does whatever a test needs done in a process of ours."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from app.core.errors import NotFound
from app.core.types import Scope
from app.workers.service import Service, may_be_silent


class Probe(Protocol):
    def echo(self, *, text: str, scope: Scope = ...) -> str: ...

    def size(self, *, data: bytes) -> int: ...

    def blob(self, *, size: int) -> bytes: ...

    def count(self, *, to: int, pause: float = 0.0) -> Iterator[int]: ...

    def brood(self) -> Iterator[int]: ...

    def produced(self) -> int: ...

    def finished(self) -> int: ...

    def fail(self, *, how: str) -> str: ...

    def sleep(self, *, seconds: float) -> None: ...

    def say(self, *, text: str) -> str: ...

    def garbage(self, *, data: bytes) -> None: ...

    def network(self, *, how: str) -> str: ...

    def spawned_network(self) -> int: ...

    def fill(self, *, mib: int) -> int: ...

    def spin(self) -> None: ...

    def write(self, *, path: Path) -> str: ...

    def environ(self, *, name: str) -> str: ...

    def nested(self, *, launcher: int, port: int) -> str: ...


def _raw_socket() -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
    if fd < 0:
        return os.strerror(ctypes.get_errno())
    os.close(fd)
    return "open"


class _Probe:
    def __init__(self, outgoing: int) -> None:
        self._produced = self._finished = 0
        self._outgoing = outgoing

    def echo(self, *, text: str, scope: Scope) -> str:
        return f"{text} {len(scope.sources)}"

    def size(self, *, data: bytes) -> int:
        return len(data)

    def blob(self, *, size: int) -> bytes:
        return bytes(size)

    def count(self, *, to: int, pause: float = 0.0) -> Iterator[int]:
        self._produced = 0
        try:
            for n in range(to):
                self._produced += 1
                yield n
                time.sleep(pause)
        finally:
            self._finished += 1

    def brood(self) -> Iterator[int]:
        """Says one thing, and then nothing for as long as it may."""
        yield 0
        while may_be_silent():
            time.sleep(0.01)
        self._finished += 1
        yield 1

    def produced(self) -> int:
        return self._produced

    def finished(self) -> int:
        return self._finished

    def fail(self, *, how: str) -> str:
        match how:
            case "ours":
                raise NotFound("no such thing", where="here", remedy="look there")
            case "exit":
                sys.exit(3)
            case "pipe":
                raise BrokenPipeError("some other pipe")
            case "half":
                os.write(self._outgoing, b"\xff\x00\x00\x00half")
                os._exit(9)
            case "memory":
                raise MemoryError
            case "disk":
                raise OSError(28, "No space left on device", "/full")
        raise RuntimeError("a bug")

    def sleep(self, *, seconds: float) -> None:
        time.sleep(seconds)

    def say(self, *, text: str) -> str:
        print(text * 100)
        with contextlib.suppress(OSError):  # what C code would do
            os.write(1, text.encode() * 100)
        sys.stdout.write(text)
        return sys.stdin.read()

    def garbage(self, *, data: bytes) -> None:
        os.write(self._outgoing, data)

    def network(self, *, how: str) -> str:
        if how == "raw":
            return _raw_socket()
        if how == "unix":
            socket.socket(socket.AF_UNIX).close()
            return "open"
        if how == "name":
            socket.getaddrinfo("localhost", 80)
            return "open"
        socket.socket(socket.AF_INET).close()
        return "open"

    def spawned_network(self) -> int:
        import subprocess

        code = "import socket; socket.socket(socket.AF_INET)"
        return subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode

    def fill(self, *, mib: int) -> int:
        return len(bytearray(mib * 1024 * 1024))

    def spin(self) -> None:
        while True:
            pass

    def write(self, *, path: Path) -> str:
        path.write_text("something")
        return path.read_text()

    def environ(self, *, name: str) -> str:
        return os.environ.get(name, "")

    def nested(self, *, launcher: int, port: int) -> str:
        """From inside the sandbox: first directly, then by a courier that the launcher starts."""
        from app.core.types import Token
        from app.courier.cloud import Cloud
        from app.workers.launcher import LaunchedWorker
        from app.workers.sandbox import Limits

        courier = LaunchedWorker(
            "courier", "app.courier.service:service", launcher=launcher, limits=Limits(network=True)
        )
        body = '{"model":"m","messages":[],"stream":false}'
        steps = courier.stream(Cloud.complete, url=f"http://127.0.0.1:{port}/v1", body=body, key="k")
        text = "".join(step.text for step in steps if isinstance(step, Token))
        courier.stop()
        return f"{self.network(how='raw')}; {text}"


def service(config: dict[str, Any]) -> Service:
    if config.get("refuse"):
        raise NotFound("not today", remedy="come back")
    if config.get("die"):
        os._exit(7)
    if config.get("babble"):
        os.write(_frames_fd(), b"hello, this is no frame")
    return Service({Probe: _Probe(_frames_fd())}, threads=config.get("threads", 1))


def _frames_fd() -> int:
    """The pipe the frames go out on: the only write end of a pipe above the standard streams."""
    for fd in range(3, 20):
        try:
            target = Path(f"/proc/self/fd/{fd}").readlink()
        except OSError:
            continue
        if str(target).startswith("pipe:") and os.get_blocking(fd) and _writable(fd):
            return fd
    raise AssertionError("no pipe")


def _writable(fd: int) -> bool:
    import fcntl

    return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY


def local() -> _Probe:
    """The probe for use inside this very process; it has no pipe of its own."""
    return _Probe(-1)
