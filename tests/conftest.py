"""What every test gets: a home of its own, the corpora, the demo data, and no silent error in the log."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEST_DATA = Path(os.environ.get("HOMEBODY_TEST_DATA", ROOT.parent / "shared" / "data")).absolute()
CORPORA_REQUIRED = os.environ.get("HOMEBODY_REQUIRE_CORPORA") == "1"
FULL = os.environ.get("HOMEBODY_FULL") == "1"
FOR_TESTS = (
    "HOMEBODY_TEST_DATA",
    "HOMEBODY_REQUIRE_CORPORA",
    "HOMEBODY_FULL",
)  # read above, also by xdist's workers
SESSION_HOME = Path(tempfile.mkdtemp(prefix="homebody-tests-"))


def _environment(home: Path) -> dict[str, str]:
    runtime = home / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "XDG_STATE_HOME": str(home / ".local" / "state"),
        "XDG_RUNTIME_DIR": str(runtime),
    }


def pytest_configure() -> None:
    """Cut the session off from the person who runs it, before anything is imported or started.

    Displays, message bus and keyring are those a test starts itself. Caches (fonts) last for the session.
    """
    for name in [n for n in os.environ if n.startswith("HOMEBODY_") and n not in FOR_TESTS]:
        del os.environ[name]
    for name in (
        "DISPLAY",
        "WAYLAND_DISPLAY",
        "XAUTHORITY",
        "DBUS_SESSION_BUS_ADDRESS",
        "PYTHON_KEYRING_BACKEND",
    ):
        os.environ.pop(name, None)
    os.environ |= _environment(SESSION_HOME) | {
        "XDG_CACHE_HOME": str(SESSION_HOME / ".cache"),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
    }


def pytest_unconfigure() -> None:
    shutil.rmtree(SESSION_HOME, ignore_errors=True)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home folder; its path is short, since a socket's path is limited to 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="hb-", ignore_cleanup_errors=True) as folder:
        for name, value in _environment(Path(folder)).items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("HOMEBODY_PASSPHRASE", raising=False)  # of a command that ran in this process
        yield Path(folder)


@pytest.fixture(autouse=True)
def no_error_in_the_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A log line of level ERROR fails the test, unless it is marked ``logs_errors``."""
    yield
    lines = [
        f"{record.name}: {record.getMessage()}"
        for phase in ("setup", "call")
        for record in caplog.get_records(phase)
        if record.levelno >= logging.ERROR
    ]
    if lines and not request.node.get_closest_marker("logs_errors"):
        pytest.fail("unexpected errors in the log:\n" + "\n".join(lines), pytrace=False)


@pytest.fixture(scope="session")
def corpus() -> Callable[[str], Path]:
    """``corpus("notes_til")``: a folder of files that nobody here wrote, or the test is skipped.

    They lie under HOMEBODY_TEST_DATA. With HOMEBODY_REQUIRE_CORPORA=1 a missing one is a failure.
    """

    def find(name: str) -> Path:
        folder = TEST_DATA / name
        if not folder.is_dir():
            reason = f"corpus {name} is not in {TEST_DATA} (HOMEBODY_TEST_DATA says where corpora are)"
            (pytest.fail if CORPORA_REQUIRED else pytest.skip)(reason)
        return folder

    return find


@pytest.fixture(scope="session")
def program() -> Callable[[str, str], str]:
    """``program("exiftool", "libimage-exiftool-perl")``: where it lies, or the test is skipped.

    With HOMEBODY_REQUIRE_CORPORA=1 a missing one, of that Debian package, is a failure.
    """

    def find(name: str, package: str) -> str:
        found = shutil.which(name)
        if found is None:
            (pytest.fail if CORPORA_REQUIRED else pytest.skip)(f"{name} is not installed (Debian: {package})")
        return found

    return find


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether long forms are to run: ``HOMEBODY_FULL=1 pytest tests/…``."""
    return FULL


@pytest.fixture(scope="session")
def demo() -> Path:
    """The fictional person's mail, notes, calendar and photos that ship with Homebody."""
    return ROOT / "resources" / "demo"
