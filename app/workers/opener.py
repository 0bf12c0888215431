"""Hands a file or folder to the desktop, from a process that has not given up what viewers need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Protocol

from app.core.errors import NotFound, Unsupported
from app.workers.service import Service


class Opener(Protocol):
    def open(self, *, path: str) -> None:
        """Show ``path``, a file or folder of this computer, in the program the person uses for it."""
        ...


class _Desktop:
    """Implements :class:`Opener`; starts nothing but the desktop's own opener, on an existing path."""

    def open(self, *, path: str) -> None:
        place = Path(path)
        if not place.is_absolute() or not place.exists():
            raise NotFound("the file is not there any more", where=path, remedy="index again")
        if sys.platform == "win32":
            os.startfile(path)  # type: ignore[attr-defined,unused-ignore]  # exists on Windows only
            return
        command = "open" if sys.platform == "darwin" else "xdg-open"
        try:
            subprocess.Popen(
                [command, str(place)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise Unsupported(
                f"{command} is missing", where=path, remedy="install xdg-utils, or open the file yourself"
            ) from error


def service(config: dict[str, Any]) -> Service:
    return Service({Opener: _Desktop()})
