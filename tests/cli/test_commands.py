"""The command line as a newcomer uses it: exit codes, one line per error, JSON lines, nothing lost."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PASSPHRASE = "correct horse battery staple"


class Homebody:
    """Runs commands on one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "app", "--data", str(self.data), *words],
            input=stdin,
            capture_output=True,
            env=os.environ | {"HOMEBODY_PASSPHRASE": PASSPHRASE} | env,
            timeout=100,
            check=False,
        )

    def lines(self, *words: str, **more: Any) -> list[dict[str, Any]]:
        done = self("--json", *words, **more)
        assert done.returncode == 0, done.stderr.decode()
        return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def homebody(tmp_path: Path) -> Homebody:
    return Homebody(tmp_path / "data")


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Homebody:
    """A store that is there already, for commands that change nothing."""
    homebody = Homebody(tmp_path_factory.mktemp("settled") / "data")
    assert homebody("unlock").returncode == 0
    return homebody


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "bicycle.md").write_text(
        "# Bicycle\nThe frame number of my bicycle is WX4411, insured with Solana.\n"
    )
    (folder / "soup.md").write_text("# Leek soup\nThree leeks, two potatoes, a litre of stock.\n")
    (folder / "broken.md").write_bytes(b"\x00\x01\x02 not text \xff\xfe" * 50)
    return folder


def test_index_search_and_change(homebody: Homebody, notes: Path) -> None:
    homebody.lines("sources", "add", "notes", str(notes))
    steps = homebody.lines("index")
    assert {s["uri"] for s in steps if s["step"] == "indexed"} == {
        (notes / "bicycle.md").as_uri(),
        (notes / "soup.md").as_uri(),
    }
    assert [s["uri"] for s in steps if s["step"] == "skipped"] == [(notes / "broken.md").as_uri()]
    assert steps[-1]["step"] == "done"
    hits = homebody.lines("search", "frame number", "-k", "1")
    assert hits[0]["uri"] == (notes / "bicycle.md").as_uri()
    assert {"rank", "uri", "source", "title", "when", "people", "snippet", "score"} <= hits[0].keys()
    by_words, by_both = homebody("search", "--words", "frame number"), homebody("search", "frame number")
    assert b"bicycle.md" in by_words.stdout and b"bicycle.md" in by_both.stdout
    assert b"embedder" not in by_words.stderr  # it was not started, and not waited for
    assert (homebody("--json", "index").stdout.count(b'"step":"skipped"')) == 0  # listed once
    (notes / "soup.md").unlink()
    assert [s["uri"] for s in homebody.lines("index") if s["step"] == "removed"] == [
        (notes / "soup.md").as_uri()
    ]
    assert "soup" not in json.dumps(homebody.lines("search", "leek soup potatoes"))


def test_a_wrong_passphrase_is_one_line_and_exit_code_10(homebody: Homebody) -> None:
    assert homebody("unlock").returncode == 0
    wrong = homebody("sources", "list", HOMEBODY_PASSPHRASE="wrong")
    assert wrong.returncode == 10
    assert wrong.stderr.count(b"\n") == 1
    assert homebody("sources", "list").returncode == 0


def test_without_keyring_and_passphrase_nothing_is_made(homebody: Homebody) -> None:
    done = homebody("sources", "list", HOMEBODY_PASSPHRASE="")
    assert done.returncode == 10
    assert b"HOMEBODY_PASSPHRASE" in done.stderr
    assert not list(homebody.data.glob("*.db"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["frobnicate"], 2),
        (["sources", "add", "fax", "/tmp"], 2),
        (["search", "x", "-k", "0"], 2),
        (["search", "x", "--after", "someday"], 2),
        (["rewrite", "--as", "rude", "-"], 2),
        (["sources", "add", "mail", "/no/such/place"], 1),
        (["summarize", "/no/such/file"], 1),
        (["draft", "--reply-to", "mid:nobody@example.org", "--say", "yes"], 1),
        (["draft", "--say", "yes"], 2),
        (["draft", "--reply-to", "mid:nobody@example.org", "--to", "Ana", "--say", "yes"], 2),
        (["draft", "--to", "Nobody Atall", "--say", "yes"], 1),
        (["draft", "--to", "ana@example.org", "--say", " "], 2),
        (["index"], 1),
        (["undo"], 1),
        (["models", "use", "/no/such/model.gguf"], 1),
        (["settings", "cloud.enabled", "perhaps"], 2),
        (["settings", "model.base", "no-such-model"], 1),
        (["settings", "actions.notes", "notes"], 2),
        (["search", "x", "--source", "fax"], 2),
        (["ask", " "], 2),
        (["undo", "4711"], 1),
        (["undo", "1"], 14),
        (["undo", "9" * 30], 2),
        (["summarize", "/"], 1),
        (["models", "list", "smollm2-135m"], 2),
        (["ask", "--cloud", "anything"], 14),
    ],
)
def test_wrong_input_is_one_line_with_the_right_exit_code(
    settled: Homebody, words: list[str], code: int
) -> None:
    done = settled(*words, stdin=b"some text")
    assert done.returncode == code, done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"homebody: ")
    assert b"Traceback" not in done.stderr
    assert b"internal error" not in done.stderr


def test_a_person_at_a_terminal_types_the_passphrase(settled: Homebody) -> None:
    terminal, ours = pty.openpty()
    program = (  # in a session of its own whose terminal is standard input
        "import fcntl, runpy, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
        "runpy.run_module('app', run_name='__main__')"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, "--data", str(settled.data), "sources", "list"],
        stdin=ours,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        os.close(ours)
        shown = b""
        with contextlib.suppress(OSError):  # it has ended, and says below why
            while b"Passphrase: " not in shown:
                shown += os.read(terminal, 100)
            os.write(terminal, f"{PASSPHRASE}\n".encode())
        _, errors = process.communicate(timeout=100)
    os.close(terminal)
    assert process.returncode == 0, (shown, errors.decode())
    assert b"no sources yet" in errors
    assert PASSPHRASE.encode() not in shown


def test_help_lists_every_command_without_an_engine(homebody: Homebody) -> None:
    done = homebody("--help")
    assert done.returncode == 0
    for word in (b"sources", b"ask", b"act", b"undo", b"doctor", b"bench"):
        assert word in done.stdout
    assert not homebody.data.exists()


def test_lock_stays_until_unlock(homebody: Homebody) -> None:
    assert homebody("unlock").returncode == 0
    assert homebody("lock").returncode == 0
    assert homebody("sources", "list", HOMEBODY_PASSPHRASE="").returncode == 10
    assert homebody("unlock").returncode == 0
    assert homebody("sources", "list").returncode == 0


def test_act_with_yes_writes_a_file_and_undo_takes_it_back(homebody: Homebody) -> None:
    request = ["act", "remind me to renew the passport on 3 March 2027 at 10:00"]
    proposed = homebody.lines(*request)
    assert proposed[-1]["step"] == "proposal"
    assert len(proposed[-1]["sha256"]) == 64
    done = homebody.lines(*request, "--yes")
    path = Path(done[-1]["path"])
    assert b"VTODO" in path.read_bytes()
    homebody.lines("undo")
    assert not path.exists()
    states = [entry["state"] for entry in homebody.lines("journal") if entry["what"] == "action:reminder"]
    assert states == ["undone"]


def test_a_second_program_uses_the_running_engine(homebody: Homebody, notes: Path) -> None:
    homebody.lines("sources", "add", "notes", str(notes))
    words = [sys.executable, "-m", "app", "--data", str(homebody.data), "--json", "index", "--watch"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, env=os.environ | {"HOMEBODY_PASSPHRASE": PASSPHRASE}
    ) as watching:
        assert watching.stdout is not None
        while b'"step":"done"' not in watching.stdout.readline():
            pass
        assert homebody.lines("search", "frame number")[0]["uri"].endswith("bicycle.md")
        watching.terminate()


def test_the_doctor_puts_a_copy_back_only_after_a_yes(homebody: Homebody, notes: Path) -> None:
    homebody.lines("sources", "add", "notes", str(notes))
    homebody.lines("lock")
    homebody.lines("unlock")  # which keeps the day's copy, if the first did not
    for copy in (homebody.data / "snapshots").glob("user-*.db"):
        copy.unlink()
    homebody.lines("unlock")
    damaged = bytes(9000)
    (homebody.data / "user.db").write_bytes(damaged)
    refused = homebody("doctor")
    assert refused.returncode == 11
    assert b"homebody doctor --restore puts it back" in refused.stdout
    assert (homebody.data / "user.db").read_bytes() == damaged
    assert homebody("unlock").returncode == 11
    healed = homebody("doctor", "--restore")
    assert healed.returncode == 0, healed.stderr
    assert b"healed  user.db" in healed.stdout
    assert [s["path"] for s in homebody.lines("sources", "list")] == [str(notes)]
    assert [p.read_bytes() for p in homebody.data.glob("user.db.damaged-*")] == [damaged]
    (homebody.data / "key.json").write_text("{}")
    assert homebody("unlock").returncode == 11
    assert homebody("doctor", "--restore").returncode == 0
    assert len(homebody.lines("sources", "list")) == 1


def test_forget_on_the_command_line(homebody: Homebody, notes: Path) -> None:
    homebody.lines("sources", "add", "notes", str(notes))
    homebody.lines("index")
    uri = (notes / "soup.md").as_uri()
    assert homebody("forget").returncode == 2
    assert homebody("forget", "mid:nothing@x").returncode == 1
    assert homebody.lines("forget", uri)[0]["items"] == 1
    assert [e["value"] for e in homebody.lines("forget", "--list")] == [uri]
    assert homebody("forget", uri, "--again").returncode == 0
    assert homebody.lines("forget", "--list") == []


def test_backup_restore_key_and_delete_everything(homebody: Homebody, notes: Path, tmp_path: Path) -> None:
    homebody.lines("sources", "add", "notes", str(notes))
    assert homebody("backup", str(tmp_path / "b")).returncode == 0
    assert homebody("backup", str(tmp_path / "b")).returncode == 2  # there is such a file
    assert homebody("restore", str(tmp_path / "b")).returncode == 2  # there is a store
    changed = homebody("key", "passphrase", stdin=b"another few good words\n")
    assert changed.returncode == 0, changed.stderr
    assert homebody("unlock").returncode == 10
    other = {"HOMEBODY_PASSPHRASE": "another few good words"}
    done = homebody("key", "change", **other)
    assert done.returncode == 0, done.stderr
    assert homebody("sources", "list", HOMEBODY_PASSPHRASE=done.stdout.decode().strip()).returncode == 0
    assert homebody("export", str(tmp_path / "out"), **other).returncode == 2  # not in the clear by mistake
    assert homebody("export", str(tmp_path / "out"), "--yes", **other).returncode == 0
    assert homebody("delete-everything", stdin=b"yes\n").returncode == 2
    assert (homebody.data / "user.db").exists()
    assert homebody("delete-everything", stdin=b"delete everything\n").returncode == 0
    assert not homebody.data.exists()
    assert homebody("restore", str(tmp_path / "b")).returncode == 0  # with the passphrase of then
    assert [s["path"] for s in homebody.lines("sources", "list")] == [str(notes)]
