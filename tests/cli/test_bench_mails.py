"""The mails that indexing is measured with, and what a run is said to cost."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.cli import bench_cost
from app.cli.bench_mails import maildir, mails, mbox
from app.core.errors import HomebodyError
from indexers import mail
from indexers.item import Item


def read(path: Path) -> list[Item]:
    return [item for item in mail.read(path) if isinstance(item, Item) and item.kind == "mail"]


def test_copies_are_mails_of_their_own_in_the_same_form(tmp_path: Path) -> None:
    count = 400
    made = list(mails(count))
    assert made == list(mails(count))
    folder = maildir(tmp_path / "Maildir", count)
    found = [item for path in sorted((folder / "cur").iterdir()) for item in read(path)]
    assert len(found) >= count - 3  # the demo person has a file that is no mail, too
    uris = {item.uri for item in found}
    assert len(uris) >= count - 5  # one of the demo person's lies in two folders
    assert len({item.digest for item in found}) >= count - 5
    replies = [item for item in found[200:] if item.thread != item.uri]
    assert replies
    assert any(item.thread in uris for item in replies)  # threads are copied with their mails
    words = {word for item in found for word in item.text.split()}
    assert len(words) > 1.1 * len({word for item in found[:159] for word in item.text.split()})


def test_one_file_holds_the_same_mails(tmp_path: Path) -> None:
    folder = maildir(tmp_path / "Maildir", 60)
    first = next((folder / "cur").iterdir())
    first.write_bytes(b"From a@example.org Sat Jan  3 01:05:34 2026\n" + first.read_bytes())
    apart = {item.uri for path in (folder / "cur").iterdir() for item in read(path)}
    assert {item.uri for item in read(mbox(tmp_path / "all.mbox", folder))} == apart


def test_what_a_command_costs() -> None:
    spin = "import time\nbig = bytearray(50_000_000)\nwhile time.process_time() < 0.3: pass"
    cost = bench_cost.of_command([sys.executable, "-c", spin], {})
    assert cost.cpu >= 0.3
    assert cost.memory > 50_000_000
    with pytest.raises(HomebodyError, match="exit code 3"):
        bench_cost.of_command([sys.executable, "-c", "raise SystemExit(3)"], {})
