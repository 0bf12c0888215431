"""`homebody tasks` and `homebody teach` as one types them: clear errors, corrections from a file, JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPLY = "Reply to the mail from"
FIELDS = {"form": REPLY, "sender": "Ana", "mail": "Are you in?", "say": "yes", "me": "Vera"}


class Homebody:
    """Runs commands on one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "app", "--data", str(self.data), *words],
            capture_output=True,
            env=os.environ | {"HOMEBODY_PASSPHRASE": "correct horse battery staple"},
            timeout=200,
            check=False,
        )


@pytest.fixture(scope="module")
def homebody(tmp_path_factory: pytest.TempPathFactory) -> Homebody:
    made = Homebody(tmp_path_factory.mktemp("hats") / "data")
    assert made("unlock").returncode == 0
    return made


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["tasks"], 2),
        (["tasks", "eval"], 2),
        (["tasks", "eval", "cook"], 1),
        (["tasks", "eval", "act", "--limit", "0"], 2),
        (["tasks", "eval", "act", "--corpora", "/no/such/folder"], 1),
        (["tasks", "train", "act", "--more", "/no/such/file"], 1),
        (["tasks", "train", "act", "--more", "/"], 1),
        (["tasks", "train", "act", "--more", "/dev/null"], 1),
        (["tasks", "port", "act"], 2),
        (["tasks", "port", "act", "--to", "smollm2-135m"], 2),
        (["tasks", "port", "act", "--to", "no-such-model"], 1),
        (["tasks", "import", "act", "/no/such/folder"], 1),
        (["tasks", "export", "act", "/dev/null"], 2),
        (["tasks", "rollback", "act"], 1),
        (["teach"], 2),
        (["teach", "cook"], 1),
        (["teach", "cook", "--list"], 1),
        (["teach", "act", "--forget", "4711"], 1),
        (["teach", "act", "--forget", "9" * 30], 2),
        (["teach", "act", "--add", "/"], 1),
        (["teach", "act", "--add", "/dev/null"], 1),
        (["teach", "act", "--add", "/no/such/file"], 1),
        (["teach", "act", "--list", "--forget", "1"], 2),
    ],
)
def test_wrong_input_is_one_line_with_the_right_exit_code(
    homebody: Homebody, words: list[str], code: int
) -> None:
    done = homebody(*words)
    assert done.returncode == code, done.stderr.decode()
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"homebody: ")
    assert " — ".encode() in done.stderr  # the remedy


def test_corrections_come_from_a_file_and_go_again(homebody: Homebody, tmp_path: Path) -> None:
    file = tmp_path / "mine.jsonl"
    good = {"fields": FIELDS, "accepted": "Moin — Vera"}
    file.write_text(json.dumps(good) + "\n{}\n", encoding="utf-8")
    broken = homebody("teach", "draft", "--add", str(file))
    assert broken.returncode == 1
    assert b"mine.jsonl:2" in broken.stderr
    assert homebody("--json", "teach", "draft", "--list").stdout == b""  # all of a file, or nothing
    file.write_text(json.dumps(good), encoding="utf-8")
    assert homebody("teach", "draft", "--add", str(file)).returncode == 0
    [kept] = map(json.loads, homebody("--json", "teach", "draft", "--list").stdout.splitlines())
    assert (kept["fields"], kept["accepted"]) == (FIELDS, "Moin — Vera")
    few = homebody("teach", "draft")
    assert few.returncode == 1
    assert b"1 so far" in few.stdout
    states = {s["name"]: s for s in map(json.loads, homebody("--json", "tasks", "list").stdout.splitlines())}
    assert (states["draft"]["corrections"], states["act"]["corrections"]) == (1, 0)
    assert homebody("teach", "draft", "--forget", str(kept["id"])).returncode == 0
    assert b"none yet" in homebody("teach", "draft", "--list").stderr
