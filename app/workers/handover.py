"""Hand a start of the program over to the instance that runs already: stdlib sockets, no Qt."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import msgspec

from app.core.errors import HomebodyError

MAX_REQUEST = 1024 * 1024
_TIMEOUT = 3.0  # seconds; the other side answers from its event loop


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What the second start wants of the first: ``verb`` is show | quick | ask | selection | screen | quit.

    With ``token`` the desktop lets the first one take the keyboard (xdg-activation).
    """

    verb: str = "show"
    text: str = ""
    token: str = ""


def hand_over(socket_path: Path, request: Request) -> bool:
    """True when a running instance took ``request``, False when there is none.

    Raises HomebodyError where one listens but does not answer.
    """
    if not hasattr(socket, "AF_UNIX"):
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(_TIMEOUT)
        try:
            client.connect(str(socket_path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        try:
            client.sendall(msgspec.json.encode(request) + b"\n")
            answer = client.recv(16)
        except TimeoutError:
            answer = b""
    if answer.strip() != b"ok":
        raise HomebodyError(
            "Homebody is running but does not answer",
            where=str(socket_path),
            remedy="close it, or wait a moment and try again",
        )
    return True


def display_fault() -> str:
    """Why no window can be shown here, in a few words; empty when one can. Linux only."""
    import os

    if sys.platform != "linux" or os.environ.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] not in (
        "xcb",
        "wayland",
    ):
        return ""
    wayland, x11 = os.environ.get("WAYLAND_DISPLAY", ""), os.environ.get("DISPLAY", "")
    if not wayland and not x11:
        return "neither WAYLAND_DISPLAY nor DISPLAY is set"
    if wayland:
        place = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent")) / wayland
        if _listens(str(place)):
            return ""
    host, _, number = x11.partition(":")
    if host not in ("", "unix"):
        return f"DISPLAY={x11} is reached over the network, which this program gives up"
    name = f"/tmp/.X11-unix/X{number.partition('.')[0]}"
    if number and (_listens(name) or _listens("\0" + name)):
        return ""
    return f"nothing answers at DISPLAY={x11}" if x11 else f"nothing answers at WAYLAND_DISPLAY={wayland}"


def _listens(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(_TIMEOUT)
        try:
            client.connect(address)
        except OSError:
            return False
    return True
