"""What is found on a machine, left out, paused and tried again, from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.test_commands import Homebody


@pytest.fixture
def homebody(tmp_path: Path) -> Homebody:
    return Homebody(tmp_path / "data")


@pytest.fixture
def person(home: Path) -> Path:
    """A home folder with a Thunderbird profile, a vault, pictures under another name, and an export."""
    for place, content in (
        (
            ".thunderbird/x1.default-release/Mail/Local Folders/Inbox",
            "From a\nFrom: a@b.c\nSubject: x\n\nx\n",
        ),
        (".thunderbird/x1.default-release/Mail/Local Folders/Inbox.msf", "index"),
        ("Texts/Vault/.obsidian/app.json", "{}"),
        ("Texts/Vault/one.md", "# Heron\nA heron.\n"),
        ("Texts/Vault/old/two.md", "# Willow\nA willow.\n"),
        ("Texts/Vault/broken.md", "\0\0"),
        ("Bilder/one.jpg", "a picture"),
        (".config/user-dirs.dirs", 'XDG_PICTURES_DIR="$HOME/Bilder"\n'),
        ("Downloads/All.enex", "<en-export/>"),
    ):
        path = home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return home


def test_discover_exclude_pause_and_try_again(homebody: Homebody, person: Path) -> None:
    found = homebody.lines("sources", "discover")
    assert {(one["kind"], Path(one["path"]).name, one["files"]) for one in found} == {
        ("mail", "x1.default-release", 1),
        ("notes", "Vault", 3),
        ("photos", "Bilder", 1),
        ("notes", "All.enex", 1),
    }
    assert not any(one["known"] for one in found)
    assert homebody.lines("sources", "list") == []  # nothing is read by being found
    vault = str(person / "Texts" / "Vault")
    homebody.lines("sources", "add", "notes", vault)
    again = homebody.lines("sources", "discover")
    assert [one["known"] for one in again if one["path"] == vault] == [True]
    done = homebody.lines("index", "--words")[-1]
    assert (done["items"], done["skipped"]) == (2, 1)
    assert homebody.lines("sources", "list")[0]["files"] == 3

    refused = homebody("sources", "exclude", "--pattern", "old")
    assert refused.returncode == 2
    assert b"1 item" in refused.stderr
    assert homebody.lines("sources", "exclude", "--pattern", "old", "--yes")[0]["items"] == 1
    assert [one["value"] for one in homebody.lines("sources", "excluded")] == ["old"]
    assert homebody.lines("index", "--words")[-1]["items"] == 1
    homebody.lines("sources", "include", "--pattern", "old")
    assert homebody.lines("index", "--words")[-1]["items"] == 2

    (skipped,) = homebody.lines("sources", "skipped")
    assert "binary" in skipped["reason"]
    assert not [step for step in homebody.lines("index", "--words") if step["step"] == "skipped"]
    homebody.lines("sources", "skipped", "--again")
    assert [step for step in homebody.lines("index", "--words") if step["step"] == "skipped"]

    homebody.lines("sources", "pause")
    paused = homebody.lines("settings", "indexing.paused")
    assert paused[0]["value"] == "true"
    homebody.lines("sources", "resume")
