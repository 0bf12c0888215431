"""Where things are kept: sockets fit wherever the session's folder lies."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from app.core.paths import Paths


@pytest.mark.parametrize("length", [20, 69, 70, 200])
def test_a_socket_fits_however_long_the_sessions_folder_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, length: int
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/" + "r" * (length - 1))
    path = Paths(tmp_path).socket("engine")
    assert len(os.fsencode(path)) <= 103
    assert (path.parts[1] == "r" * (length - 1)) == (length <= 69)
    control = Path("/" + "r" * 106) / "engine.sock"
    with socket.socket(socket.AF_UNIX) as door, pytest.raises(OSError, match="too long"):
        door.bind(str(control))
