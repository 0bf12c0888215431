"""Where things are: the program's own data files, and everything Homebody keeps for a person."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_MOST_RUNTIME = (
    69  # bytes of the folder's path: a socket's may have 103 (macOS; Linux 107), its name takes 34
)


def program() -> Path:
    """The folder that holds ``adapters/`` and ``resources/`` (a checkout or a frozen bundle)."""
    return Path(getattr(sys, "_MEIPASS", Path(__file__).resolve().parents[2]))


def there(path: str | Path) -> bool:
    """Whether something is there. A disk that does not answer, of another machine say, is not."""
    return os.path.exists(path)  # noqa: PTH110 - pathlib's raises what is not plain absence


def adapters() -> Path:
    return program() / "adapters"


def resources() -> Path:
    return program() / "resources"


def demo_sources() -> tuple[tuple[str, Path], ...]:
    """Kind and place of the fictional person's mail, notes, calendar and photos."""
    demo = resources() / "demo"
    return (
        ("mail", demo / "mail"),
        ("notes", demo / "notes"),
        ("calendar", demo / "calendar"),
        ("photos", demo / "photos"),
    )


@dataclass(frozen=True)
class Paths:
    """All state of one person, under one folder (``--data DIR``)."""

    data: Path

    @classmethod
    def default(cls) -> Paths:
        return cls(Path(platformdirs.user_data_dir("homebody")))

    @property
    def index_db(self) -> Path:
        return self.data / "index.db"

    @property
    def user_db(self) -> Path:
        return self.data / "user.db"

    @property
    def snapshots(self) -> Path:
        return self.data / "snapshots"

    @property
    def key_file(self) -> Path:
        """How the store's key is kept and how to check it; never the key in the clear."""
        return self.data / "key.json"

    @property
    def locked_mark(self) -> Path:
        """Exists after the person locked Homebody, until they ask to unlock it."""
        return self.data / "locked"

    @property
    def lock_file(self) -> Path:
        return self.data / "engine.lock"

    @property
    def tasks(self) -> tuple[Path, ...]:
        """Where task folders are: those that came with Homebody, and the person's own, which go first."""
        return (adapters(), self.data / "adapters")

    @property
    def models(self) -> Path:
        return self.data / "models"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def runtime(self) -> Path:
        """A user-only folder for sockets; short, since a socket's path is limited to 107 bytes."""
        given = os.environ.get("XDG_RUNTIME_DIR")
        if given and len(os.fsencode(given)) <= _MOST_RUNTIME:
            return Path(given) / "homebody"
        return Path(f"{tempfile.gettempdir()}/homebody-{_user()}") / "homebody"

    def socket(self, name: str) -> Path:
        digest = hashlib.sha256(str(self.data.resolve()).encode()).hexdigest()[:12]
        return self.runtime / f"{name}-{digest}.sock"

    def make(self) -> None:
        """Create the folders, readable by their owner only; raises OSError where that fails."""
        for folder in (self.data, self.runtime, self.logs, self.snapshots, self.models):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
