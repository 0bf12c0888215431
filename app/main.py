"""The desktop app's composition root: one instance, the engine's process, no network, then the window."""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import os
import sys
import threading
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from app.core.errors import AnotherInstance, HomebodyError, Unsupported, translate
from app.core.paths import Paths
from app.workers import sandbox
from app.workers.attach import Attached
from app.workers.handover import Request, display_fault, hand_over
from app.workers.launcher import start_launcher
from app.workers.peer import Caller, Peer
from app.workers.sandbox import Limits
from app.workers.worker import Worker

# The demo person is invented: her store is encrypted like any other, but under words everybody may know,
# so that it opens at once also where there is no keyring.
DEMO_PASSPHRASE = "an invented person has no secrets"


def main(argv: list[str] | None = None) -> int:
    """Run until the person quits; returns the exit code."""
    arguments = _arguments(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except (HomebodyError, OSError) as error:
        ours = translate(error, str(arguments.data or ""))
        print(f"homebody: {ours}", file=sys.stderr)
        return ours.exit_code


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="homebody-desktop", description="Homebody's desktop app.")
    parser.add_argument("--data", type=Path, help="the folder that holds all state")
    parser.add_argument(
        "--demo", action="store_true", help="a fictional person's data, in a folder of its own"
    )
    parser.add_argument("--quick", action="store_true", help="open the quick prompt")
    parser.add_argument(
        "--summarize-selection", action="store_true", help="summarize what is selected in any program"
    )
    parser.add_argument(
        "--read-screen", action="store_true", help="read the text of a window or a part of the screen"
    )
    parser.add_argument("--ask", metavar="QUESTION", default="", help="ask this in the window")
    return parser.parse_args(argv)


def _run(arguments: argparse.Namespace) -> int:
    paths = _paths(arguments)
    request = _request(arguments)
    if hand_over(paths.socket("ui"), request):
        return 0
    _need_display()
    paths.make()
    passphrase = os.environ.pop("HOMEBODY_PASSPHRASE", "")  # children of ours have no use for it
    passphrase = passphrase or (DEMO_PASSPHRASE if arguments.demo else "")
    launcher = start_launcher()
    with contextlib.ExitStack() as ending:
        opener = Worker("opener", "app.workers.opener:service", limits=Limits(network=True))
        ending.callback(opener.stop)
        opener.begin()  # now, while what it starts later may still use the network
        sandbox.deny_network()
        engine = Engine(paths, launcher)
        ending.callback(engine.stop)
        engine.begin()  # it loads its modules while we load ours
        gc.disable()  # nothing of what is loaded now can be given back; on again when the window is painted
        return show(engine, opener, paths, arguments.demo, passphrase, request)


def show(engine: Engine, opener: Worker, paths: Paths, demo: bool, passphrase: str, request: Request) -> int:
    """Qt is imported only now: what comes before has to be there before a second start, or before threads."""
    from app.ui import start

    return start.show(engine, opener, start.Start(paths, demo, passphrase, request))


def _paths(arguments: argparse.Namespace) -> Paths:
    if arguments.data:
        return Paths(arguments.data.expanduser().resolve())
    paths = Paths.default()
    return replace(paths, data=paths.data.with_name("homebody-demo")) if arguments.demo else paths


def _request(arguments: argparse.Namespace) -> Request:
    """With what whoever pressed a key hands to the program it starts."""
    token = os.environ.get("XDG_ACTIVATION_TOKEN", "")
    if arguments.summarize_selection:
        return Request(verb="selection", token=token)
    if arguments.read_screen:
        return Request(verb="screen", token=token)
    if arguments.ask:
        return Request(verb="ask", text=arguments.ask, token=token)
    return Request(verb="quick" if arguments.quick else "show", token=token)


def _need_display() -> None:
    """Raises Unsupported where Qt would abort the process instead of saying anything useful."""
    if fault := display_fault():
        raise Unsupported(
            "there is no display to show a window on",
            where=fault,
            remedy="start it in a desktop session, or use the command line: homebody ask QUESTION",
        )
    spec = find_spec("PySide6")
    if sys.platform != "linux" or spec is None or spec.origin is None:
        return
    plugin = Path(spec.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    try:
        if plugin.exists() and not os.environ.get("WAYLAND_DISPLAY"):
            ctypes.CDLL(str(plugin))
    except OSError as error:
        raise Unsupported(
            "a system library for windows is missing",
            where=str(error),
            remedy="run packaging/system-packages.sh, or install the package that holds it",
        ) from error


class Engine(Caller):
    """Our own engine process, or the one that a command of this person runs at the moment.

    Neither is waited for before the window is there: the first call, in the background, decides.
    """

    name = "engine"

    def __init__(self, paths: Paths, launcher: int) -> None:
        self._socket = paths.socket("engine")
        self._finding = threading.Lock()
        self._other: Attached | None = None
        self._own = Worker(
            "engine",
            "app.engine:service",
            config={"data": str(paths.data), "launcher": launcher},
            pass_fds=(launcher,) if launcher >= 0 else (),
            log=(paths.logs / "engine.log").open("ab", buffering=0),
        )

    def begin(self) -> None:
        """Start ours, which ends again where there is another."""
        self._own.begin()

    def peer(self) -> Peer:
        with self._finding:
            if self._other is not None and not self._other.peer().gone.is_set():
                return self._other.peer()
            self._other = None
            try:
                return self._own.peer()
            except AnotherInstance:
                self._other = Attached(self._socket)
                return self._other.peer()

    def died(self, peer: Peer | None = None) -> HomebodyError:
        return self._own.died(peer)

    def stop(self) -> None:
        if self._other is not None:
            self._other.stop()
        self._own.stop()


if __name__ == "__main__":
    sys.exit(main())
