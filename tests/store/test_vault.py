"""The key: under a passphrase, in a real keyring, by recovery code; and every way it can be missing."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.errors import Damaged, Locked, NotFound, Unsupported, UsageFault, WrongPassphrase
from app.core.paths import Paths
from app.store.db import open_user
from app.store.vault import Secrets, Vault

WORDS = "correct horse battery"


def test_a_passphrase_and_the_recovery_code_open_the_same_key(paths: Paths) -> None:
    vault = Vault(paths)
    assert (vault.state(), vault.place()) == ("new", "")
    key, code = vault.create(passphrase=WORDS)
    assert len(key) == 32
    assert (vault.state(), vault.place()) == ("locked", "passphrase")
    assert Vault(paths).open(passphrase=WORDS) == key
    assert Vault(paths).open(passphrase=code) == key
    assert Vault(paths).open(passphrase=code.lower().replace("-", " ")) == key
    content = paths.key_file.read_bytes()
    assert key not in content
    assert key.hex().encode() not in content
    if os.name != "nt":
        assert stat.S_IMODE(paths.key_file.stat().st_mode) == 0o600


def test_accents_may_be_typed_either_way(paths: Paths) -> None:
    key, _ = Vault(paths).create(passphrase="caf\u00e9 au lait")
    assert Vault(paths).open(passphrase="cafe\u0301 au lait") == key


@pytest.mark.parametrize("wrong", ["Correct horse battery", WORDS + " ", "AAAA-" * 7 + "AAAA"])
def test_a_wrong_passphrase_is_told_apart(paths: Paths, wrong: str) -> None:
    Vault(paths).create(passphrase=WORDS)
    with pytest.raises(WrongPassphrase, match="wrong") as refused:
        Vault(paths).open(passphrase=wrong)
    assert refused.value.exit_code == 10


def test_no_passphrase_is_locked_not_wrong(paths: Paths) -> None:
    Vault(paths).create(passphrase=WORDS)
    with pytest.raises(Locked, match="needs its passphrase") as refused:
        Vault(paths).open()
    assert not isinstance(refused.value, WrongPassphrase)
    assert "HOMEBODY_PASSPHRASE" in str(refused.value)


def test_without_a_keyring_it_is_locked_and_nothing_is_left(paths: Paths) -> None:
    with pytest.raises(Locked, match="HOMEBODY_PASSPHRASE"):
        Vault(paths).create()
    assert Vault(paths).state() == "new"
    assert not paths.key_file.exists()


def test_a_store_is_made_once(paths: Paths) -> None:
    with pytest.raises(NotFound):
        Vault(paths).open(passphrase=WORDS)
    with pytest.raises(UsageFault, match="at least"):
        Vault(paths).create(passphrase="short")
    Vault(paths).create(passphrase=WORDS)
    with pytest.raises(UsageFault, match="already"):
        Vault(paths).create(passphrase=WORDS)


def test_a_store_without_its_key_file_is_damaged_not_new(paths: Paths) -> None:
    key, _ = Vault(paths).create(passphrase=WORDS)
    open_user(paths, key).close()
    paths.key_file.unlink()
    assert Vault(paths).state() == "locked"
    for use in (lambda: Vault(paths).open(passphrase=WORDS), lambda: Vault(paths).create(passphrase=WORDS)):
        with pytest.raises((Damaged, UsageFault)):
            use()


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"version": 1}', "[]", '{"version": "x"}'])
def test_a_key_file_that_is_none_is_damaged(paths: Paths, content: str) -> None:
    paths.key_file.write_text(content)
    with pytest.raises(Damaged, match="key file") as refused:
        Vault(paths).open(passphrase=WORDS)
    assert "snapshots" in refused.value.remedy


def test_one_changed_character_is_damage_not_a_wrong_passphrase(paths: Paths) -> None:
    Vault(paths).create(passphrase=WORDS)
    file = json.loads(paths.key_file.read_text())
    file["passphrase"]["data"] = "A" + file["passphrase"]["data"][1:]
    paths.key_file.write_text(json.dumps(file))
    with pytest.raises(Damaged):
        Vault(paths).open(passphrase=WORDS)


def test_a_newer_key_file_is_refused(paths: Paths) -> None:
    Vault(paths).create(passphrase=WORDS)
    paths.key_file.write_text(json.dumps(json.loads(paths.key_file.read_text()) | {"version": 99}))
    with pytest.raises(Unsupported):
        Vault(paths).open(passphrase=WORDS)


def test_other_secrets_go_into_the_encrypted_file(paths: Paths) -> None:
    vault = Vault(paths)
    key, _ = vault.create(passphrase=WORDS)
    database = open_user(paths, key)
    secrets = Secrets(vault, database)
    assert secrets.get("cloud") == ""
    secrets.keep("cloud", "sk-canary-0451")
    assert Secrets(vault, database).get("cloud") == "sk-canary-0451"
    assert not any(b"sk-canary" in p.read_bytes() for p in paths.data.rglob("*") if p.is_file())
    secrets.keep("cloud", "")
    assert secrets.get("cloud") == ""
    database.close()


# --- a real Secret Service: gnome-keyring on a message bus of its own --------------------------------

KEYRING = """
import os, sys
from pathlib import Path
from app.core.errors import HomebodyError
from app.core.paths import Paths
from app.store.db import open_user
from app.store.vault import Secrets, Vault

paths, vault = Paths(Path(sys.argv[1])), Vault(Paths(Path(sys.argv[1])))
for command in sys.argv[2:]:
    try:
        match command:
            case "create":
                key, code = vault.create()
                print("created", vault.place(), len(key))
                Path(sys.argv[1], "code").write_text(code)
            case "open":
                print("open", vault.open() == key if "key" in dir() else len(vault.open()))
            case "recover":
                print("recovered", len(vault.open(passphrase=Path(sys.argv[1], "code").read_text())))
            case "move to words":
                vault.move(vault.open(), "correct horse battery")
                print("moved to", vault.place(), len(vault.open(passphrase="correct horse battery")))
            case "move to keyring":
                vault.move(vault.open(passphrase="correct horse battery"), "")
                print("moved to", vault.place(), len(vault.open()))
            case "turn":
                old = vault.open()
                vault.begin_turn(old, "")
                new = vault.end_turn(old, seen=True)
                print("turned", new != old, vault.open() == new)
            case "turn cut short":
                old, write = vault.open(), Vault._write
                new, _ = vault.begin_turn(old, "")
                Vault._write = lambda vault, file: (write(vault, file), 1 / 0)
                try:
                    vault.end_turn(old, seen=True)
                except ZeroDivisionError:
                    print("cut short", vault.open() == new)
            case "words":
                vault.open(passphrase="not the recovery code")
            case "secret":
                secrets = Secrets(vault, open_user(paths, vault.open()))
                secrets.keep("cloud", "sk-in-keyring")
                print("secret", secrets.get("cloud"))
                secrets.keep("cloud", "")
                print("forgotten", repr(secrets.get("cloud")))
    except HomebodyError as error:
        print(type(error).__name__, "|", error)
"""
needs_keyring = pytest.mark.skipif(
    not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
    reason="needs dbus-run-session and gnome-keyring-daemon (Debian: dbus, gnome-keyring)",
)
UNLOCKED = "printf login | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; "


_PROMPTER = ("Bail out!", "**")  # what the keyring's own dialog says where there is no display for it


def _session(paths: Paths, *commands: str, before: str = UNLOCKED, **environment: str) -> list[str]:
    """Run the commands on a message bus of their own, with a keyring or without; one line each."""
    script = before + '"$0" -c "$1" "${@:2}"'
    done = subprocess.run(
        [
            *("dbus-run-session", "--", "bash", "-c", script, sys.executable, KEYRING),
            *(str(paths.data), *commands),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | environment,
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stdout.splitlines() if not line.startswith(_PROMPTER)]


@needs_keyring
def test_the_key_lives_in_the_keyring(paths: Paths) -> None:
    assert _session(paths, "create", "open", "recover", "words", "secret") == [
        "created keyring 32",
        "open True",
        "recovered 32",
        "WrongPassphrase | the recovery code is wrong "
        f"({paths.data}) — this store's key is in the keyring: open it without a passphrase",
        "secret sk-in-keyring",
        "forgotten ''",
    ]
    assert _session(paths, "open") == ["open 32"]  # another session, the same keyring


@needs_keyring
def test_the_key_moves_to_a_passphrase_and_back_and_is_changed_in_the_keyring(paths: Paths) -> None:
    locked = "Locked | the store needs its passphrase"
    moved, opened, back, turned = _session(
        paths, "create", "move to words", "open", "move to keyring", "turn"
    )[1:]
    assert (moved, back, turned) == ("moved to passphrase 32", "moved to keyring 32", "turned True True")
    assert opened.startswith(locked)
    assert _session(paths, "open", "turn cut short") == ["open 32", "cut short True"]
    assert _session(paths, "open") == ["open 32"]


@needs_keyring
def test_a_keyring_that_forgot_the_key_leaves_the_recovery_code(paths: Paths, home: Path) -> None:
    _session(paths, "create")
    shutil.rmtree(home / ".local" / "share" / "keyrings")
    locked, recovered, *after = _session(paths, "open", "recover", "open")
    assert locked.startswith("Locked | the keyring does not hold this store's key")
    assert recovered == "recovered 32"
    assert after == ["open 32"]  # the keyring knows it again


@needs_keyring
def test_another_keyring_cannot_be_put_in_its_place(paths: Paths, home: Path) -> None:
    """Neither the environment nor a configuration file moves the key: with no keyring it is Locked."""
    folder = home / ".config" / "python_keyring"
    folder.mkdir(parents=True)
    (folder / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    lines = _session(
        paths,
        "create",
        before="",
        PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring",
        DBUS_SYSTEM_BUS_ADDRESS="unix:path=/nowhere",
        XDG_DATA_DIRS="/nowhere",
    )
    assert len(lines) == 1
    assert lines[0].startswith("Locked | ")
    assert "HOMEBODY_PASSPHRASE" in lines[0]
    assert not paths.key_file.exists()
