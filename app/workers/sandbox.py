"""What a process of ours gives up before it touches data: the network, memory, priority, dumps."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from pathlib import Path
from typing import Any

import msgspec

from app.core.errors import Unsupported
from app.workers.frames import MAX_FRAME


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """0 means no limit. ``wall`` (seconds without a frame) is kept by the parent, ``frame`` by both."""

    network: bool = False
    memory: int = 0  # bytes of address space
    cpu: int = 0  # CPU seconds of the process's whole life
    wall: float = 0.0
    frame: int = MAX_FRAME  # bytes, of each frame after the first
    nice: int = 0
    writes: bool = True  # False: no file can grow, so nothing can be written to disk


def apply(limits: Limits) -> None:
    """Give up for good what ``limits`` does not grant. Raises Unsupported where that fails."""
    if limits.nice and hasattr(os, "nice"):
        os.nice(limits.nice)
        # Where the scheduler groups by session, nice counts within a session only, and we are one alone.
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(limits.nice))
    _rlimits(limits)
    if not limits.network:
        deny_network()


def deny_network() -> None:
    """From now on this process and its children can open no socket but a Unix-domain one."""
    sys.addaudithook(_guard)
    if sys.platform == "linux":
        _seccomp()


def _rlimits(limits: Limits) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if limits.memory and sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    if limits.cpu:
        resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu, limits.cpu + 1))
    if not limits.writes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _guard(event: str, args: tuple[Any, ...]) -> None:
    """An audit hook for every platform: Python code gets a clear error, not a bare EPERM."""
    if event == "socket.__new__" and len(args) > 1 and args[1] not in _LOCAL_FAMILIES:
        raise PermissionError("this process may not use the network")
    if event in ("socket.getaddrinfo", "socket.gethostbyname"):
        raise PermissionError("this process may not use the network")


_LOCAL_FAMILIES = (1, -1)  # AF_UNIX; -1: the family of a file descriptor that exists already

# --- Linux: a seccomp filter, which C code and children cannot get around either -----------------

_PR_SET_NO_NEW_PRIVS, _SET_MODE_FILTER, _ALL_THREADS = 38, 1, 1
_ARCHES = {  # machine → (AUDIT_ARCH, socket, io_uring_setup)
    "x86_64": (0xC000003E, 41, 425),
    "aarch64": (0xC00000B7, 198, 425),
}
_SECCOMP = {"x86_64": 317, "aarch64": 277}  # the system call's number
_X32_BIT = 0x40000000
_AF_UNIX, _EAFNOSUPPORT = 1, 97
_LD_W_ABS, _JEQ, _JGE, _RET = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _filter(arch: int, socket: int, io_uring: int) -> bytes:
    """Classic BPF over struct seccomp_data (nr at 0, arch at 4, first argument at 16)."""
    errno = _ERRNO | _EAFNOSUPPORT
    program = [
        (_LD_W_ABS, 0, 0, 4),
        (_JEQ, 1, 0, arch),
        (_RET, 0, 0, _KILL),  # a foreign system-call table would make the numbers mean other things
        (_LD_W_ABS, 0, 0, 0),
        (_JGE, 5, 0, _X32_BIT),
        (_JEQ, 4, 0, io_uring),  # io_uring opens sockets without the system call
        (_JEQ, 0, 2, socket),
        (_LD_W_ABS, 0, 0, 16),
        (_JEQ, 0, 1, _AF_UNIX),
        (_RET, 0, 0, _ALLOW),
        (_RET, 0, 0, errno),
    ]
    return b"".join(struct.pack("<HBBI", *line) for line in program)


def _seccomp() -> None:
    machine = platform.machine()
    if machine not in _ARCHES:
        raise Unsupported("no network filter for this processor", where=machine, remedy="please report this")
    code = ctypes.create_string_buffer(_filter(*_ARCHES[machine]))
    program = _Program(len(code.raw) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    # seccomp(2), not prctl: it covers the threads that run already, too
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.syscall(
        _SECCOMP[machine], _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program)
    ):
        raise Unsupported(
            "the kernel refused the network filter",
            where=os.strerror(ctypes.get_errno()),
            remedy="Homebody does not run without it",
        )
