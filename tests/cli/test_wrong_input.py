"""Every command with wrong input: one line that says what, where and the remedy; the exit code; nothing done.

The commands run in this process, on a real engine with a real store; what a process of its own shows (a pipe
that is closed, Ctrl-C, no standard input) is in the tests below.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import commands, main
from app.core.api import Forgetting, Sources, Vault
from app.core.paths import Paths
from app.workers.worker import Worker

PASSPHRASE = "correct horse battery staple"
LONG = "x" * 100_000
DEEP = "x" * 5_000
BYTES = os.fsdecode(b"\xff\xfe")


class Cli:
    """Runs a command line; ``said`` is what it wrote to standard error."""

    def __init__(self, data: Path, worker: Worker) -> None:
        self.data, self.worker, self.said, self.out = data, worker, "", ""

    def __call__(self, *words: str, stdin: bytes = b"") -> int:
        out, said, kept = io.StringIO(), io.StringIO(), sys.stdin
        sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(said):
                return main(["--data", str(self.data), *words])
        finally:
            sys.stdin = kept
            self.out, self.said = out.getvalue(), said.getvalue()


@pytest.fixture(scope="module")
def cli(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cli]:
    place = tmp_path_factory.mktemp("wrong")
    folder = place / "here"
    (folder / "dir").mkdir(parents=True)
    (folder / "notes").mkdir()
    (folder / "notes" / "soup.md").write_text("# Soup\nThree leeks.\n")
    (folder / "text.txt").write_text("I has a apple.\n")
    (folder / "empty.txt").write_text("")
    (folder / "binary.dat").write_bytes(bytes(range(256)) * 20)
    (folder / "bad.jsonl").write_text("no json\n")
    (folder / "broken.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    (folder / "loop").symlink_to(folder / "loop")
    os.mkfifo(folder / "fifo")
    data = place / "data"
    worker = Worker("engine", "app.engine:service", config={"data": str(Paths(data).data)})
    worker.call(Vault.create, passphrase=PASSPHRASE)
    patch = pytest.MonkeyPatch()

    @contextlib.contextmanager
    def engine(paths: Paths, **_: object) -> Iterator[tuple[Worker, str]]:
        yield worker, ""

    patch.setattr(commands, "engine", engine)
    patch.chdir(folder)
    yield Cli(data, worker)
    patch.undo()
    worker.stop()


WRONG: list[tuple[int, str, tuple[str, ...]]] = [
    (2, "there is no", ("frobnicate",)),
    (2, "there is no", ("",)),
    (2, "too much", ("--nope", "journal")),
    (2, "too long", ("ask", LONG)),
    (2, "not UTF-8", ("ask", BYTES)),
    (2, "not UTF-8", ("sources", "add", "notes", f"/tmp/{BYTES}")),
    (2, "required", ("search",)),
    (2, "searched for", ("search", "")),
    (2, "searched for", ("search", "--words", "  ", " ")),
    (2, "from 1 to 1000", ("search", "x", "-k", "99999999999999999999")),
    (2, "from 1 to 1000", ("search", "x", "-k", "-1")),
    (2, "from 1 to 1000", ("search", "x", "-k", "ten")),
    (2, "no such source", ("search", "--words", "x", "--source", "nosuch")),
    (2, "no such source", ("search", "--words", "x", "--source", "")),
    (2, "no such source", ("search", "--words", "x", "--source", "/nope")),
    (2, "not a date", ("search", "x", "--after", "2026-13-45")),
    (2, "ends before", ("search", "x", "--after", "2027-01-01", "--before", "2020-01-01")),
    (2, "who is meant", ("search", "x", "--person", " ")),
    (2, "question", ("ask", "")),
    (2, "question", ("ask", "   ")),
    (2, "no such source", ("ask", "x", "--source", "nosuch")),
    (2, "ends before", ("ask", "x", "--after", "2027-01-01", "--before", "2027-01-01")),
    (14, "switched off", ("ask", "x", "--cloud")),
    (2, "too much", ("index", "extra")),
    (1, "nothing to index", ("index",)),
    (2, "required", ("sources",)),
    (2, "there is no 'frob'", ("sources", "frob")),
    (2, "required", ("sources", "add")),
    (2, "which folder", ("sources", "add", "notes")),
    (2, "which folder", ("sources", "add", "notes", "")),
    (2, "no such kind", ("sources", "add", "nosuch", "notes")),
    (1, "no such file", ("sources", "add", "notes", "/nope/none")),
    (1, "no such file", ("sources", "add", "notes", "a\nb")),
    (1, "whose home", ("sources", "add", "notes", "~nobody-of-that-name/notes")),
    (1, "", ("sources", "add", "notes", DEEP)),
    (1, "leads to itself", ("sources", "add", "notes", "loop")),
    (2, "neither", ("sources", "add", "notes", "fifo")),
    (2, "neither", ("sources", "add", "notes", "/dev/null")),
    (2, "only an account", ("sources", "add", "notes", "notes", "--user", "vera")),
    (2, "own data folder", ("sources", "add", "notes", "../data")),
    (2, "which mail server", ("sources", "add", "imap")),
    (2, "which mail server", ("sources", "add", "imap", "not an address")),
    (2, "which mail server", ("sources", "add", "imap", "a@nosuch.invalid")),
    (2, "from 1 to 65535", ("sources", "add", "imap", "a@x.invalid", "--port", "0")),
    (2, "where is the calendar", ("sources", "add", "caldav")),
    (14, "https", ("sources", "add", "caldav", "http://vera@nosuch.invalid/")),
    (2, "whose calendar", ("sources", "add", "caldav", "ftp://x")),
    (2, "required", ("sources", "remove")),
    (2, "which folder", ("sources", "remove", "notes")),
    (1, "is read from there", ("sources", "remove", "notes", "/nope")),
    (2, "no such kind", ("sources", "remove", "nosuch", "/nope")),
    (1, "is read from there", ("sources", "remove", "imap", "nobody@x.invalid")),
    (1, "no file that could not be read", ("sources", "skipped", "--again", "file:///nope")),
    (1, "no file that could not be read", ("sources", "skipped", "--again", "nonsense")),
    (2, "too much", ("sources", "skipped", "extra")),
    (2, "left out", ("sources", "exclude")),
    (2, "left out", ("sources", "exclude", "")),
    (2, "nothing is read from there", ("sources", "exclude", "/nope")),
    (2, "left out", ("sources", "exclude", "notes", "--sender", "a@b.example")),
    (2, "not a mail address", ("sources", "exclude", "--sender", "nobody")),
    (2, "covers everything", ("sources", "exclude", "--pattern", "*")),
    (2, "covers everything", ("sources", "exclude", "--pattern", "/")),
    (2, "left out", ("sources", "include")),
    (1, "homebody sources excluded", ("sources", "include", "/nope")),
    (1, "homebody sources excluded", ("sources", "include", "--sender", "a@b.example")),
    (1, "homebody sources excluded", ("sources", "include", "--pattern", "*.log")),
    (2, "not a mail address", ("sources", "include", "--sender", "nonsense")),
    (2, "too much", ("sources", "list", "x")),
    (2, "too much", ("sources", "pause", "x")),
    (1, "no such file", ("summarize", "/nope/none.txt")),
    (1, "folder", ("summarize", "dir")),
    (2, "no text", ("summarize", "empty.txt")),
    (1, "not a text file", ("summarize", "binary.dat")),
    (1, "no such item", ("summarize", "mid:nope@x")),
    (1, "no such item", ("summarize", "contact:nope")),
    (2, "which file", ("summarize", "")),
    (1, "too long", ("summarize", DEEP)),
    (1, "leads to itself", ("summarize", "loop")),
    (2, "no text", ("summarize", "-")),
    (2, "required", ("rewrite",)),
    (2, "proofread", ("rewrite", "--as", "angry", "-")),
    (2, "proofread", ("rewrite", "--as", "", "-")),
    (1, "no such file", ("rewrite", "--as", "shorter", "/nope")),
    (1, "folder", ("rewrite", "--as", "shorter", "dir")),
    (2, "no text", ("rewrite", "--as", "shorter", "empty.txt")),
    (2, "required", ("draft",)),
    (2, "required", ("draft", "--say", "hi")),
    (1, "no such item", ("draft", "--reply-to", "mid:nope@x", "--say", "hi")),
    (1, "no mail address", ("draft", "--to", "nobody known", "--say", "hi")),
    (2, "what should the mail say", ("draft", "--to", "a@b.example", "--say", "")),
    (2, "not allowed", ("draft", "--to", "a@b.example", "--reply-to", "mid:x", "--say", "hi")),
    (2, "required", ("act",)),
    (2, "what should be done", ("act", "")),
    (2, "what should be done", ("act", "  ")),
    (1, "nothing to undo", ("undo",)),
    (2, "not the number", ("undo", "0")),
    (2, "not the number", ("undo", "-1")),
    (2, "not the number", ("undo", "")),
    (2, "not the number", ("undo", "99999999999999999999999")),
    (1, "no such journal entry", ("undo", "123456")),
    (2, "too much", ("journal", "x")),
    (2, "required", ("tasks",)),
    (2, "there is no 'frob'", ("tasks", "frob")),
    (2, "required", ("tasks", "eval")),
    (1, "no such task", ("tasks", "eval", "nosuch")),
    (2, "from 1 to", ("tasks", "eval", "act", "--limit", "0")),
    (1, "no such folder", ("tasks", "eval", "act", "--corpora", "/nope")),
    (1, "no such task", ("tasks", "train", "nosuch")),
    (1, "no such file", ("tasks", "train", "act", "--more", "/nope.jsonl")),
    (1, "a line is no example", ("tasks", "train", "act", "--more", "bad.jsonl")),
    (2, "required", ("tasks", "port", "act")),
    (1, "no such model", ("tasks", "port", "act", "--to", "nosuch")),
    (1, "no such task", ("tasks", "port", "nosuch", "--to", "smollm2-135m")),
    (2, "required", ("tasks", "import", "act")),
    (1, "no PEFT adapter", ("tasks", "import", "act", "/nope")),
    (1, "no PEFT adapter", ("tasks", "import", "act", "text.txt")),
    (1, "no such task", ("tasks", "import", "nosuch", "dir")),
    (1, "no such task", ("tasks", "export", "nosuch", "out")),
    (1, "no such task", ("tasks", "rollback", "nosuch")),
    (1, "nothing to go back", ("tasks", "rollback", "act")),
    (2, "required", ("teach",)),
    (1, "no such task", ("teach", "nosuch")),
    (2, "which task", ("teach", "", "--list")),
    (2, "not the number", ("teach", "draft", "--forget", "0")),
    (1, "no such correction", ("teach", "draft", "--forget", "4711")),
    (1, "no such file", ("teach", "draft", "--add", "/nope")),
    (1, "folder", ("teach", "draft", "--add", "dir")),
    (1, "no correction", ("teach", "draft", "--add", "bad.jsonl")),
    (1, "no corrections", ("teach", "draft", "--add", "empty.txt")),
    (1, "no correction", ("teach", "draft", "--add", "binary.dat")),
    (2, "not allowed", ("teach", "draft", "--list", "--forget", "1")),
    (2, "there is no 'frob'", ("models", "frob")),
    (2, "which model", ("models", "get")),
    (1, "no such model", ("models", "get", "nosuch")),
    (1, "no such model", ("models", "use", "/nope.gguf")),
    (1, "cannot be used", ("models", "use", "broken.gguf")),
    (1, "cannot be used", ("models", "use", "text.txt")),
    (1, "no such model", ("models", "use", "dir")),
    (14, "cannot be removed", ("models", "remove", "smollm2-135m")),
    (1, "nothing of this model", ("models", "remove", "smollm2-360m")),
    (2, "takes no model", ("models", "list", "x")),
    (2, "no such setting", ("settings", "nosuch")),
    (2, "no such setting", ("settings", "nosuch", "1")),
    (2, "no such setting", ("settings", "", "x")),
    (2, "number from", ("settings", "serve.port", "abc")),
    (2, "number from", ("settings", "serve.port", "-1")),
    (2, "number from", ("settings", "serve.port", "")),
    (2, "too much", ("settings", "a", "b", "c")),
    (2, "too much", ("cloud-key", "x")),
    (2, "from 0 to 65535", ("serve", "--port", "abc")),
    (2, "too much", ("lock", "x")),
    (2, "what is to be forgotten", ("forget",)),
    (2, "what is to be forgotten", ("forget", "mid:x", "--sender", "a@b.example")),
    (1, "no such item", ("forget", "mid:nope")),
    (2, "not a mail address", ("forget", "--sender", "nobody")),
    (2, "nothing is read", ("forget", "--source", "/nope")),
    (1, "not excluded", ("forget", "--again", "mid:nope")),
    (2, "there is no 'frob'", ("key", "frob")),
    (2, "no passphrase", ("key", "passphrase")),
    (2, "required", ("backup",)),
    (2, "which file", ("backup", "")),
    (1, "no such folder", ("backup", "/nope/dir/file")),
    (2, "already", ("backup", "text.txt")),
    (2, "which file", ("restore", "")),
    (2, "store already", ("restore", "text.txt")),
    (2, "--yes", ("export", "out")),
    (2, "which folder", ("export", "", "--yes")),
    (2, "already", ("export", "notes", "--yes")),
    (2, "nothing was deleted", ("delete-everything",)),
    (2, "too much", ("doctor", "x")),
    (2, "there is no 'frob'", ("bench", "frob")),
    (2, "from 1 to", ("bench", "store", "--passages", "0")),
    (1, "no mails", ("bench", "mail", "--mails", "/nope")),
]


def test_there_are_enough_of_them() -> None:
    assert len(WRONG) >= 150
    assert {words[0] for *_, words in WRONG} >= set(commands.COMMANDS) - {"unlock"}


@pytest.mark.parametrize(("code", "words", "line"), WRONG, ids=[" ".join(line)[:60] for *_, line in WRONG])
def test_a_wrong_call_is_one_clear_line(cli: Cli, code: int, words: str, line: tuple[str, ...]) -> None:
    assert cli(*line) == code, cli.said
    told = [one for one in cli.said.splitlines() if one.startswith("homebody: ")]
    assert len(told) == 1, cli.said
    assert words in told[0]
    assert " — " in told[0], "no remedy"
    assert len(told[0]) < 800
    assert "internal error" not in cli.said
    assert not cli.out


def test_nothing_was_half_done(cli: Cli) -> None:
    """After all of that: no source, no exclusion, and no file beside those that were there."""
    for _, _, line in WRONG[:60]:
        cli(*line)
    assert cli.worker.call(Sources.list) == ()
    assert cli.worker.call(Forgetting.exclusions) == ()
    assert {path.name for path in Path.cwd().iterdir()} == {
        "dir",
        "notes",
        "text.txt",
        "empty.txt",
        "binary.dat",
        "bad.jsonl",
        "broken.gguf",
        "loop",
        "fifo",
    }
    assert list((Path.cwd() / "dir").iterdir()) == []


@pytest.mark.parametrize(("code", "words", "line"), WRONG[::12])
def test_with_json_an_error_is_a_line_too(cli: Cli, code: int, words: str, line: tuple[str, ...]) -> None:
    assert cli("--json", *line) == code
    (told,) = map(json.loads, cli.out.splitlines())
    assert (told["step"], told["exit"]) == ("error", code)
    assert told["error"] and told["remedy"]
    assert len([one for one in cli.said.splitlines() if one.startswith("homebody: ")]) == 1


def test_a_right_call_is_no_error(cli: Cli) -> None:
    """The control."""
    assert cli("settings", "serve.port") == 0
    assert not cli.said
    assert "serve.port" in cli.out


def test_a_text_of_another_charset_is_text(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Grüße aus Köln".encode("latin-1"))
    assert commands._input(str(tmp_path / "latin.txt")) == "Grüße aus Köln"


# --- what only a process of its own shows --------------------------------------------------------


def shell(data: Path, script: str, **env: str) -> subprocess.CompletedProcess[str]:
    """``H`` in the script is Homebody on this data folder."""
    return subprocess.run(
        ["bash", "-c", f'H() {{ "{sys.executable}" -m app --data "{data}" "$@"; }}\n{script}'],
        capture_output=True,
        text=True,
        env=os.environ | {"HOMEBODY_PASSPHRASE": PASSPHRASE} | env,
        timeout=100,
        check=False,
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that no engine has open."""
    place = tmp_path_factory.mktemp("store")
    made = Worker("engine", "app.engine:service", config={"data": str(Paths(place).data)})
    made.call(Vault.create, passphrase=PASSPHRASE)
    made.stop()
    return place


def test_a_reader_that_has_seen_enough_is_no_error(store: Path) -> None:
    done = shell(store, "H settings | head -c 1 > /dev/null; echo ${PIPESTATUS[0]}")
    assert done.stdout.strip() == "0"
    assert "homebody:" not in done.stderr
    assert "rror" not in done.stderr.replace("Recovery", "")


def test_standard_input_or_output_that_is_closed(store: Path) -> None:
    done = shell(store, "H summarize <&-; echo $?; H settings > /dev/full; echo $?")
    assert done.stdout.split() == ["2", "1"]
    lines = [line for line in done.stderr.splitlines() if line.startswith("homebody: ")]
    assert len(lines) == 2
    assert "no text" in lines[0]
    assert "full" in lines[1]
    assert "Traceback" not in done.stderr


def test_without_a_key_and_with_a_wrong_one(store: Path) -> None:
    wrong = shell(store, "H search --words x", HOMEBODY_PASSPHRASE="wrong")
    none = shell(store, "H search --words x < /dev/null", HOMEBODY_PASSPHRASE="")
    for done in (wrong, none):
        assert done.returncode == 10
        (line,) = (one for one in done.stderr.splitlines() if one.startswith("homebody: "))
        assert " — " in line


@pytest.mark.parametrize("place", ["text/inside", "loop"])
def test_a_data_folder_that_cannot_be_one(tmp_path: Path, place: str) -> None:
    (tmp_path / "text").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    done = shell(tmp_path / place, "H unlock")
    assert done.returncode == 1
    (line,) = (one for one in done.stderr.splitlines() if one.startswith("homebody: "))
    assert " — " in line
    assert "internal" not in line and "Traceback" not in done.stderr
    assert (tmp_path / "text").read_text() == "x"


def test_ctrl_c_ends_it_quietly(store: Path, tmp_path: Path) -> None:
    assert shell(store, f'H sources add notes "{tmp_path}"').returncode == 0
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "app",
            "--data",
            str(store),
            "--json",
            "index",
            "--watch",
            "--words",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"HOMEBODY_PASSPHRASE": PASSPHRASE},
        start_new_session=True,
    )
    assert process.stdout is not None
    while '"done"' not in process.stdout.readline():
        assert process.poll() is None, process.communicate()[1]
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "homebody: " not in said
