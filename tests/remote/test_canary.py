"""A mail that is fetched reaches no file in the clear: every write of every process is looked at."""

from __future__ import annotations

import sys
from pathlib import Path

from remote_servers import PASSWORD, Mailbox

from tests.flows.test_canary import CANARY, _found, _traced, _writes, forms, needs_strace


@needs_strace
def test_no_file_gets_the_canary(tmp_path: Path, mailbox: Mailbox) -> None:
    """By the command line, so with the launcher, the courier and the reader as they really are."""
    body = f"The {CANARY} arrives on Monday with forty chairs for the hall.\r\n" * 8
    mail = f"From: a@example.org\r\nSubject: The {CANARY}\r\nMessage-ID: <1@example.org>\r\n\r\n{body}"
    mailbox.fill("INBOX", [mail.encode()])
    data, word = tmp_path / "data", tmp_path / "password"
    word.write_text(f"{PASSWORD}\n")
    run = [sys.executable, "-m", "app", "--data", str(data)]
    env = {"HOMEBODY_PASSPHRASE": "correct horse battery", "PYTHONDONTWRITEBYTECODE": "1"}
    add = " ".join(map(_quoted, [*run, "sources", "add", "imap", mailbox.url()]))
    seen = set()
    commands = [
        ["sh", "-c", f"{add} < {_quoted(str(word))}"],
        [*run, "index", "--words"],
        [*run, "search", CANARY],
    ]
    for n, words in enumerate(commands):
        log = tmp_path / f"trace{n}"
        done = _traced(log, *words, **env)
        assert done.returncode == 0, done.stderr.decode()
        assert _found(log) == [], words
        seen |= {path for path, _ in _writes(log)}
        log.unlink()
    assert CANARY.encode() in done.stdout  # it was fetched, and is found
    assert str(data / "index.db-wal") in seen  # it did look at the store's writes
    held = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file()).lower()
    assert not any(form.lower() in held for form in (*forms(CANARY).values(), PASSWORD.encode()))


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
