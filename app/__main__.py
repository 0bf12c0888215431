"""The program: a command runs in the terminal, no command opens the desktop app."""

from __future__ import annotations

import sys

DESKTOP = ("--summarize-selection", "--quick", "--demo")


def main() -> int:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--homebody-worker"]:  # a frozen program is its own interpreter
        from app.workers.child import main as worker

        return worker()
    if arguments[:1] == ["--homebody-launcher"]:
        from app.workers.spawner import main as launcher

        return launcher()
    words = [a for n, a in enumerate(arguments) if a != "--data" and arguments[n - 1 : n] != ["--data"]]
    if not words or words[0] in DESKTOP:
        from app.main import main as desktop

        return desktop(arguments)
    from app.cli import main as terminal

    return terminal(arguments)


if __name__ == "__main__":
    sys.exit(main())
