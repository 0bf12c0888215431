"""The key's life: passphrase, keyring, a new key that survives a kill at any step, recovery code; copies."""

from __future__ import annotations

import contextlib
import json
import mailbox
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from icalendar import Calendar

from app.core.errors import Damaged, HomebodyError, Locked, NotFound, UsageFault, WrongPassphrase
from app.core.paths import Paths
from app.core.types import Turn
from app.flows import export, keys, opening
from app.flows.context import Home
from app.owner import Engine
from app.store import backup, erase, turn, vault
from app.store.user import snapshot
from app.store.vault import Vault
from tests.flows.mails import mail, put

WORDS, OTHER = "correct horse battery staple", "another few good words"


@pytest.fixture
def filled(mine: Home, tmp_path: Path) -> Home:
    put(
        mine,
        tmp_path / "mail",
        mail(1, "The herons came back, ünïcode and all.", title="Hérons\tand more"),
        mail(2, "From the start"),
    )
    mine.user.set("you.name", "Vera Moss")
    mine.secrets.keep("cloud", "sk-secret")
    id = mine.conversations.create("What / of herons?")
    mine.conversations.add_turn(id, Turn(role="user", text="Where are the herons?", when=mine.now()))
    snapshot(mine.paths, mine.user)
    return mine


def _opens(paths: Paths, words: str) -> bool:
    """With everything in it, in the files and in the snapshot."""
    home = opening.unlock(paths, words, -1, asked=True)
    try:
        assert home.setting("you.name") == "Vera Moss"
        assert home.searcher.search("herons")
        assert home.secrets.get("cloud") == "sk-secret"
        for copy in paths.snapshots.glob("user-*.db"):
            home.user.db.sibling(copy).close()
        assert (paths.snapshots / "key.json").read_bytes() == paths.key_file.read_bytes()
    finally:
        opening.close(home)
    return True


def test_another_passphrase(filled: Home) -> None:
    with pytest.raises(WrongPassphrase):
        keys.move(filled, current="not it at all", new=OTHER)
    with pytest.raises(UsageFault, match="at least"):
        keys.move(filled, current=WORDS, new="short")
    with pytest.raises(Locked, match="keyring"):
        keys.move(filled, current=WORDS, new="")  # there is none here
    keys.move(filled, current=WORDS, new=OTHER)
    opening.close(filled)
    with pytest.raises(WrongPassphrase):
        opening.unlock(filled.paths, WORDS, -1, asked=True)
    assert _opens(filled.paths, OTHER)


def test_a_new_recovery_code(filled: Home, tmp_path: Path) -> None:
    first = keys.renew_code(filled, current=WORDS)
    second = keys.renew_code(filled, current=WORDS)
    opening.close(filled)
    with pytest.raises(WrongPassphrase):
        opening.unlock(filled.paths, first, -1, asked=True)
    assert _opens(filled.paths, second)


def test_a_new_key_for_every_file(filled: Home) -> None:
    paths, old = filled.paths, filled.user.db.key
    opening.close(filled)
    engine = Engine(paths, -1)
    engine.unlock(WORDS, asked=True)
    with pytest.raises(WrongPassphrase):
        engine.change_key("not it at all")
    assert engine.home.user.db.key == old
    code = engine.change_key(WORDS)
    new = engine.home.user.db.key
    assert new != old
    assert engine.home.searcher.search("herons")
    engine.close()
    assert _opens(paths, WORDS)
    assert _opens(paths, code)
    for path in (paths.user_db, paths.index_db, *paths.snapshots.glob("user-*.db")):
        assert turn.pages.faults(path, old)[0] > 0
        assert turn.pages.faults(path, new)[0] == 0


class _PowerCut(BaseException):
    pass


class _Cutter:
    """Lets so many moments pass, one before and one after each call that it wraps, then the power goes."""

    def __init__(self, moments: int) -> None:
        self.left = moments

    def moment(self) -> None:
        if self.left == 0:
            raise _PowerCut
        self.left -= 1

    def wrap(self, function: Callable[..., object]) -> Callable[..., object]:
        def cut(*args: object, **more: object) -> object:
            self.moment()
            result = function(*args, **more)
            self.moment()
            return result

        return cut


def test_a_new_key_that_is_cut_short_anywhere(
    filled: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before or after any of its steps the store opens, with the passphrase and the old code."""
    monkeypatch.setattr(vault, "COST", (2**12, 8, 1))  # a passphrase costs milliseconds here
    keys.move(filled, current=WORDS, new=WORDS)
    code = keys.renew_code(filled, current=WORDS)
    opening.close(filled)
    done, step = False, 0
    while not done:
        paths, cutter = Paths(tmp_path / f"step{step}"), _Cutter(step)
        shutil.copytree(filled.paths.data, paths.data)
        with monkeypatch.context() as during, contextlib.suppress(_PowerCut):
            for name in ("_empty_log", "_rekey", "sync_folder"):
                during.setattr(turn, name, cutter.wrap(getattr(turn, name)))
            during.setattr(Vault, "_write", cutter.wrap(Vault._write))
            turn.turn(paths, Vault(paths), Vault(paths).open(passphrase=code), WORDS)
            done = True
        turned = paths.key_file.read_bytes() != filled.paths.key_file.read_bytes()
        ended = turned and Vault(paths).open(passphrase=WORDS) != Vault(filled.paths).open(passphrase=WORDS)
        assert _opens(paths, WORDS if ended or step % 2 else code)
        assert Vault(paths).unseen() is (turned and not ended)
        shutil.rmtree(paths.data)
        step += 1
    assert step > 20


def test_backup_and_restore(filled: Home, tmp_path: Path) -> None:
    target = tmp_path / "my.homebody"
    theirs = tmp_path / "my.homebody.part"
    theirs.write_text("not ours")
    with pytest.raises(NotFound, match="no such folder"):
        backup.backup(filled.paths, (filled.user.db,), tmp_path / "nowhere" / "my.homebody")
    written = backup.backup(filled.paths, (filled.user.db, filled.index.db), target)
    assert (written.files, written.bytes) == (3, target.stat().st_size)
    assert theirs.read_text() == "not ours"
    assert not list(tmp_path.glob(".my.homebody*"))
    with pytest.raises(UsageFault, match="already"):
        backup.backup(filled.paths, (filled.user.db,), target)
    data = target.read_bytes()
    assert b"heron" not in data
    assert b"Vera" not in data
    with pytest.raises(UsageFault, match="store already"):
        backup.restore(filled.paths, target, WORDS)
    opening.close(filled)
    for name, wrong in (
        ("cut", data[:-2000]),
        ("noise", b"x" * 5000),
        ("flip", data[:9000] + b"?" + data[9001:]),
    ):
        bad = tmp_path / name
        bad.write_bytes(wrong)
        with pytest.raises(Damaged, match="no whole backup"):
            backup.restore(Paths(tmp_path / "new"), bad, WORDS)
    new = Paths(tmp_path / "new")
    with pytest.raises(WrongPassphrase):
        backup.restore(new, target, "not it at all")
    assert Vault(new).state() == "new"
    new.make()
    backup.restore(new, target, WORDS)
    home = opening.unlock(new, WORDS, -1, asked=True)
    assert home.setting("you.name") == "Vera Moss"
    assert home.searcher.search("herons")
    opening.close(home)
    with zipfile.ZipFile(target) as packed:
        assert sorted(packed.namelist()) == ["homebody-backup.json", "index.db", "key.json", "user.db"]


def test_what_a_killed_export_left_goes_with_the_next(filled: Home, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, theirs = tmp_path / f".out-{dead.pid}-x.making", tmp_path / f".out-{os.getpid()}-x.making"
    for folder in (left, theirs):
        (folder / "out").mkdir(parents=True)
    export.export(filled, folder=str(tmp_path / "out"))
    assert not left.exists()
    assert theirs.exists()


def test_export_in_open_formats(filled: Home, tmp_path: Path) -> None:
    theirs = tmp_path / "out.part" / "mine.txt"
    theirs.parent.mkdir()
    theirs.write_text("not ours")
    with pytest.raises(NotFound, match="no such folder"):
        export.export(filled, folder=str(tmp_path / "nowhere" / "out"))
    written = export.export(filled, folder=str(tmp_path / "out"))
    out = Path(written.path)
    assert theirs.read_text() == "not ours"
    assert written.files == sum(p.is_file() for p in out.rglob("*"))
    box = mailbox.mbox(out / "mail.mbox")
    first, second = box
    assert first.get_payload(decode=True).decode().strip() == "The herons came back, ünïcode and all."
    assert str(first["Message-ID"]) == "<1@example.org>"
    assert second.get_payload(decode=True).decode().strip().lstrip(">") == "From the start"
    box.close()
    assert Calendar.from_ical((out / "calendar.ics").read_bytes()).name == "VCALENDAR"
    lines = [json.loads(line) for line in (out / "items.jsonl").read_text().splitlines()]
    assert [line["uri"] for line in lines] == ["mid:1@example.org", "mid:2@example.org"]
    assert {"key": "you.name", "value": "Vera Moss"} in json.loads((out / "settings.json").read_text())
    assert (
        json.loads((out / "conversations.json").read_text())[0]["turns"][0]["text"] == "Where are the herons?"
    )
    assert "Where are the herons?" in next((out / "conversations").iterdir()).read_text()
    assert not any(b"sk-secret" in p.read_bytes() for p in out.rglob("*") if p.is_file())
    with pytest.raises(UsageFault, match="already"):
        export.export(filled, folder=str(out))


def test_delete_everything_leaves_what_is_not_homebodys(filled: Home) -> None:
    paths = filled.paths
    (paths.data / "notes").mkdir()
    (paths.data / "notes" / "mine.md").write_text("I wrote this.")
    opening.close(filled)
    assert erase.delete_everything(paths) == (str(paths.data / "notes"),)
    assert [p.name for p in paths.data.iterdir()] == ["notes"]
    assert Vault(paths).state() == "new"
    with pytest.raises(HomebodyError):
        opening.unlock(paths, WORDS, -1, asked=True)
