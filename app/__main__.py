"""The program: a command runs in the terminal, no command opens the desktop app."""

from __future__ import annotations

import sys

DESKTOP = ("--summarize-selection", "--quick", "--read-screen", "--demo", "--ask")


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--homebody-worker"]:  # a frozen program is its own interpreter
        from app.workers.child import main as worker

        return worker()
    if arguments[:1] == ["--homebody-launcher"]:
        from app.workers.spawner import main as launcher

        return launcher()
    if _is_desktop(arguments):
        from app.main import main as desktop

        return desktop(arguments)
    from app.cli import main as terminal

    return terminal(arguments)


def _is_desktop(arguments: list[str]) -> bool:
    """Whether no command is given: nothing but where the data is, and what the desktop app takes."""
    words = [
        word
        for n, word in enumerate(arguments)
        if word != "--data" and not word.startswith("--data=") and arguments[n - 1 : n] != ["--data"]
    ]
    return not words or words[0] in DESKTOP


if __name__ == "__main__":
    sys.exit(main())
