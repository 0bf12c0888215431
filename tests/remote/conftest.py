"""Servers for the tests of this folder."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from remote_servers import Calendars, Mailbox, dovecot, radicale  # a module beside the tests

from app.core.paths import Paths
from app.flows import opening
from app.flows.context import Home

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that a server's own user may enter, too."""
    with tempfile.TemporaryDirectory(prefix="hb-remote-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def mailbox(
    place: Path, monkeypatch: pytest.MonkeyPatch, program: Callable[[str, str], str]
) -> Iterator[Mailbox]:
    """A Dovecot whose certificate this computer trusts."""
    program("dovecot", "dovecot-imapd")
    with dovecot(place / "dovecot") as served:
        monkeypatch.setenv("SSL_CERT_FILE", str(place / "dovecot" / "cert.pem"))
        yield served


@pytest.fixture
def calendars(place: Path) -> Iterator[Calendars]:
    with radicale(place / "radicale") as served:
        yield served


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Home]:
    """An open, empty home in this process."""
    paths = Paths(tmp_path / "data")
    paths.make()
    _, opened = opening.create(paths, PASSPHRASE, -1)
    yield opened
    opening.close(opened)
