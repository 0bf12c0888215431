"""A canary that is indexed reaches no file in the clear: every write of every process is looked at.

Pipes and sockets between our own processes carry it, and must; files, also unlinked ones, must not.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CANARY = "Zyxthornewicket"
ROOT = Path(__file__).resolve().parents[2]
CALLS = "write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,splice"
_CALL = re.compile(r"^\d+\s+(\w+)\((\d+)<([^>]*)>(.*)$")
_NO_FILE = re.compile(r"^(pipe:|socket:|UNIX|TCP|UDP|NETLINK|anon_inode:|/dev/(null|pts|tty)|/memfd:)")

needs_strace = pytest.mark.skipif(
    not shutil.which("strace") or sys.platform != "linux", reason="needs strace (Debian: strace)"
)


def forms(word: str) -> dict[str, bytes]:
    """Each way in which a word may lie in a file without being encrypted."""
    plain = word.encode()
    shifted = {f"base64+{n}": base64.b64encode(b"\0" * n + plain)[4 if n else 0 : -4] for n in range(3)}
    return {
        "plain": plain,
        "UTF-16": word.encode("utf-16-le"),
        "UTF-16 BE": word.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        **shifted,
    }


def _traced(log: Path, *command: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    strace = ["strace", "-f", "-y", "-xx", "-s", "4000000", "--seccomp-bpf", "-e", f"trace={CALLS}"]
    return subprocess.run(
        [*strace, "-e", "signal=none", "-o", str(log), *command],
        capture_output=True,
        cwd=ROOT,
        env=os.environ | env,
        check=False,
    )


def _found(log: Path) -> list[str]:
    """File and form of every write that holds the canary; what a file gets in pieces is put together."""
    wanted = {name: form.lower() for name, form in forms(CANARY).items()}
    tails: dict[str, bytes] = {}
    found = []
    for path, data in _writes(log):
        whole = (tails.get(path, b"") + data).lower()
        found += [f"{path}: {name}" for name, form in wanted.items() if form in whole]
        tails[path] = data[-256:]
    return found


def _writes(log: Path) -> Iterator[tuple[str, bytes]]:
    pending: dict[str, str] = {}
    with log.open() as lines:
        for raw in lines:
            line = raw
            pid = line.split(maxsplit=1)[0]
            if "<unfinished ...>" in line:
                pending[pid] = line.rpartition("<unfinished ...>")[0].rstrip()
            elif " resumed>" in line and pid in pending:
                line = pending.pop(pid) + line.partition(" resumed>")[2]
            if found := _CALL.match(line):
                path = (
                    bytes.fromhex(found[3].replace("\\x", "")).decode()
                    if found[3].startswith("\\x")
                    else found[3]
                )
                if not _NO_FILE.match(path):
                    text = "".join(re.findall(r'"((?:\\x[0-9a-f]{2})*)"', found[4]))
                    yield path, bytes.fromhex(text.replace("\\x", ""))


@needs_strace
def test_no_file_gets_the_canary(tmp_path: Path, full: bool) -> None:
    """index by the command line; with HOMEBODY_FULL=1 also ask and summarize, with all models there are."""
    notes, data = tmp_path / "notes", tmp_path / "data"
    notes.mkdir()
    (notes / "plan.md").write_text(
        f"# Plan\nThe {CANARY} arrives on Monday with forty chairs for the hall.\n" * 8
    )
    run = [sys.executable, "-m", "app", "--data", str(data)]
    env = {"HOMEBODY_PASSPHRASE": "correct horse battery", "PYTHONDONTWRITEBYTECODE": "1"}
    commands = (
        ["sources", "add", "notes", str(notes)],
        ["index"],
        ["ask", f"When does the {CANARY} arrive?"],
        ["summarize", (notes / "plan.md").as_uri()],
    )
    seen = set()
    for n, words in enumerate(commands if full else commands[:2]):
        log = tmp_path / f"trace{n}"
        done = _traced(log, *run, *words, **env)
        assert done.returncode == 0, done.stderr.decode()
        assert _found(log) == [], words
        seen |= {path for path, _ in _writes(log)}
        log.unlink()
    assert {
        str(data / "index.db-wal"),
        str(data / "user.db-wal"),
    } <= seen  # it did look at the store's writes


@needs_strace
def test_temporary_files_of_sqlite_would_get_it(tmp_path: Path) -> None:
    """The control: with temp_store=1 a large temporary table goes to a file in the clear, and is caught."""
    program = (
        "import sys; from pathlib import Path; from app.store import db\n"
        "from app.store.migrations import USER\n"
        "db._ASSERTED['temp_store'] = int(sys.argv[2])\n"
        "store = db.open_database(Path(sys.argv[1]), bytes(32), USER)\n"
        "with store.write() as w:\n"
        "    w.conn.execute('CREATE TEMP TABLE t (a)')\n"
        f"    w.conn.executemany('INSERT INTO t VALUES (?)', [('{CANARY} ' * 400,)] * 3000)\n"
        "store.close()\n"
    )
    found = {}
    for temp_store in ("1", "2"):
        log = tmp_path / f"trace{temp_store}"
        path = tmp_path / f"{temp_store}.db"
        done = _traced(log, sys.executable, "-c", program, str(path), temp_store, TMPDIR=str(tmp_path))
        assert done.returncode == 0, done.stderr.decode()
        found[temp_store] = _found(log)
        log.unlink()
    assert found["1"]
    assert found["2"] == []


def test_every_form_is_recognised(tmp_path: Path) -> None:
    for name, form in forms(CANARY).items():
        log = tmp_path / "log"
        text = "".join(f"\\x{byte:02x}" for byte in b"before" + form + b"after")
        log.write_text(f'12 write(3</tmp/file>, "{text}", 99) = 99\n12 write(4<pipe:[1]>, "{text}", 9) = 9\n')
        assert f"/tmp/file: {name}" in _found(log)
