"""Completions as the shells themselves give them, and a manual page that man reads."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from app.cli import arguments, main, shells


def completed(line: str) -> set[str]:
    """What bash offers after ``line``."""
    words = " ".join(f"'{word}'" for word in line.split(" "))
    script = shells.completions("bash", arguments.parser())
    ask = f"COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _homebody; echo ${{COMPREPLY[@]}}"
    done = subprocess.run(["bash", "-c", f"{script}\n{ask}"], capture_output=True, text=True, check=True)
    assert not done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("homebody sou", {"sources"}),
        ("homebody sources ex", {"exclude", "excluded"}),
        ("homebody --json sources ex", {"exclude", "excluded"}),
        ("homebody sources add --o", {"--oauth2"}),
        ("homebody tasks po", {"port"}),
        ("homebody models r", {"remove"}),
        ("homebody key pass", {"passphrase"}),
        ("homebody search --af", {"--after"}),
        ("homebody --comp", {"--completions"}),
        ("homebody search leek soup", set()),
    ],
)
def test_what_bash_offers(line: str, offered: set[str]) -> None:
    assert completed(line) == offered


def test_every_command_is_offered() -> None:
    assert completed("homebody ") >= {
        "sources",
        "index",
        "search",
        "ask",
        "draft",
        "delete-everything",
        "doctor",
    }


@pytest.mark.parametrize("shell", shells.SHELLS)
def test_each_script_is_sound(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--completions", shell]) == 0
    script = capsys.readouterr().out
    assert "excluded" in script and "--oauth2" in script
    if shutil.which(shell):
        done = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_the_manual_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--manual"]) == 0
    page = capsys.readouterr().out
    for words in (
        "homebody sources exclude",
        "homebody delete\\-everything",
        "\\-\\-oauth2",
        "130",
        ".SH EXIT STATUS",
    ):
        assert words in page
    if shutil.which("groff"):
        done = subprocess.run(
            ["groff", "-man", "-Tutf8", "-ww"], input=page.encode(), capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_another_shell_is_told() -> None:
    assert main(["--completions", "tcsh"]) == 2
