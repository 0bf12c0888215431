"""Typed frames over a byte pipe: length-prefixed MessagePack, validated on arrival, never pickle."""

from __future__ import annotations

import contextlib
import functools
import inspect
import struct
import threading
import types
import typing
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

MAX_FRAME = 64 * 1024 * 1024  # unless a process was started with another limit
WINDOW = 64  # steps a stream may run ahead of its reader

_LENGTH = struct.Struct("<I")


class Hello(msgspec.Struct, frozen=True, tag=True):
    """First frame to a child: what to serve, how, and within which limits."""

    service: str  # "module:factory"
    config: msgspec.Raw
    limits: msgspec.Raw


class Call(msgspec.Struct, frozen=True, tag=True):
    id: int
    method: str
    args: msgspec.Raw


class Cancel(msgspec.Struct, frozen=True, tag=True):
    id: int


class More(msgspec.Struct, frozen=True, tag=True):
    """The reader of stream ``id`` has taken ``n`` steps: as many more may be sent."""

    id: int
    n: int


class Yield(msgspec.Struct, frozen=True, tag=True):
    id: int
    value: msgspec.Raw


class Return(msgspec.Struct, frozen=True, tag=True):
    id: int
    value: msgspec.Raw


class Raise(msgspec.Struct, frozen=True, tag=True):
    id: int
    kind: str
    message: str
    where: str
    remedy: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """First frame from a child: the service is loaded."""

    pid: int


Frame = Hello | Call | Cancel | More | Yield | Return | Raise | Ready


def _enc_hook(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} does not travel between processes")


def _dec_hook(kind: type, value: Any) -> Any:
    if kind is Path or kind is type(Path()):
        return Path(value)
    if kind is object:  # arguments of a proposal: plain data, checked against the action's schema
        return value
    raise NotImplementedError(f"{kind} does not travel between processes")


_encoder = msgspec.msgpack.Encoder(enc_hook=_enc_hook)
_frames: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)


def pack(value: Any) -> msgspec.Raw:
    return msgspec.Raw(_encoder.encode(value))


@functools.cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, dec_hook=_dec_hook)


def unpack(data: msgspec.Raw, kind: Any) -> Any:
    """Decode and validate; raises msgspec.ValidationError where ``data`` is not a ``kind``."""
    return _decoder(kind).decode(data)


class Gone(BrokenPipeError):
    """The other side of a channel has ended (a broken pipe elsewhere is another matter)."""


class TooLarge(ValueError):
    """A frame over what its channel takes; nothing of it was sent."""


class Channel:
    """One side of a conversation: frames in, frames out; sending is safe from any thread.

    No frame is larger than ``most`` bytes, which both sides may come to change alike.
    Only the thread that receives may call :meth:`finish`; a file that is being read cannot be
    closed by another thread. ``shut`` ends a connection that has one file for both directions.
    """

    def __init__(
        self, incoming: BinaryIO, outgoing: BinaryIO, *, shut: Callable[[], None] = lambda: None
    ) -> None:
        self._in, self._out, self._shut = incoming, outgoing, shut
        self.most = MAX_FRAME
        self._sending = threading.Lock()

    def send(self, frame: Frame) -> None:
        """Raises Gone where the other side has ended, TooLarge where ``frame`` is."""
        data = _encoder.encode(frame)
        if len(data) > self.most:
            raise TooLarge(f"{len(data)} bytes are over the limit of {self.most}")
        with self._sending:
            try:
                self._out.write(_LENGTH.pack(len(data)))
                self._out.write(data)
                self._out.flush()
            except (OSError, ValueError) as error:  # ValueError: closed on this side
                raise Gone from error

    def receive(self) -> Frame | None:
        """The next frame, or None at the end. Raises msgspec.DecodeError on anything else."""
        head = self._in.read(_LENGTH.size)
        if len(head) < _LENGTH.size:
            return None
        (size,) = _LENGTH.unpack(head)
        if size > self.most:
            raise msgspec.DecodeError(f"a frame of {size} bytes is over the limit")
        data = self._in.read(size)
        return _frames.decode(data) if len(data) == size else None

    def close(self) -> None:
        """Say that nothing more will come; the other side then ends, and with it our receiving."""
        if self._sending.acquire(timeout=1):  # not while somebody waits for a full pipe
            try:
                with contextlib.suppress(OSError):
                    self._out.close()
            finally:
                self._sending.release()
        with contextlib.suppress(OSError):
            self._shut()

    def finish(self) -> None:
        """Give everything back; for the receiving thread, once it has seen the end."""
        self.close()
        with contextlib.suppress(OSError):
            self._in.close()


class Method:
    """How one protocol method travels: its name, the struct of its arguments, what comes back."""

    def __init__(self, function: Callable[..., Any]) -> None:
        hints = typing.get_type_hints(function)
        returned = hints.pop("return")
        self.name = function.__qualname__
        self.streams = typing.get_origin(returned) in (Iterator, Generator)
        self.yields = typing.get_args(returned)[0] if self.streams else returned
        parameters = list(inspect.signature(function).parameters.values())[1:]
        self.args = msgspec.defstruct(
            "Args",
            [
                (p.name, hints[p.name])
                if p.default is p.empty or p.default is ...
                else (p.name, hints[p.name], p.default)
                for p in sorted(parameters, key=lambda p: p.default not in (p.empty, ...))
            ],
            kw_only=True,
            omit_defaults=True,
        )
        self.defaults = {
            p.name: hints[p.name] for p in parameters if p.default is ...
        }  # `...` in a protocol: an empty value of the annotated type

    def encode(self, kwargs: dict[str, Any]) -> msgspec.Raw:
        for name, kind in self.defaults.items():
            kwargs.setdefault(name, kind())
        return pack(self.args(**kwargs))

    def decode(self, data: msgspec.Raw) -> dict[str, Any]:
        return msgspec.structs.asdict(unpack(data, self.args))


@functools.cache
def method(function: Callable[..., Any]) -> Method:
    return Method(function)


def methods(protocol: type) -> dict[str, Method]:
    """Every public method of a protocol class, by the name under which it is called."""
    functions = (f for name, f in vars(protocol).items() if not name.startswith("_"))
    return {m.name: m for m in map(method, (f for f in functions if isinstance(f, types.FunctionType)))}
