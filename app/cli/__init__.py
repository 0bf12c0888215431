"""The command line: every verb of the engine, scriptable with --json, one exit code per kind of failure.

Exit codes: 0 done · 1 failed · 2 usage · 10 locked or no key · 11 damaged store · 12 another
instance · 13 not supported here · 14 refused by policy · 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

import msgspec

from app.core.errors import HomebodyError, UsageFault, translate
from app.core.paths import Paths
from app.core.policy import visible

MOST, LONG = 20_000, 300  # characters of one argument, and of a place that an error names


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        from app.cli import arguments, commands  # whoever ends it while it is loaded sees no traceback either

        for word in given:
            _check(word)
        options = arguments.parsed(given)
        if options.completions or options.manual:
            return _print(options)
        if options.command is None:
            raise UsageFault("no command", where="homebody", remedy="see homebody --help")
        paths = Paths(options.data.expanduser().resolve()) if options.data else Paths.default()
        return commands.run(options, paths)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `homebody … | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:
        return _failed(translate(error), as_json="--json" in given)


def _print(options: argparse.Namespace) -> int:
    """What a shell, or man, asks for."""
    from app.cli import arguments, shells

    top = arguments.parser()
    if options.manual:
        sys.stdout.write(shells.manual(top, arguments.version_here()))
    else:
        sys.stdout.write(shells.completions(options.completions, top))
    return 0


def _check(word: str) -> None:
    """Raises UsageFault for what no text, name or setting of ours can be."""
    try:
        word.encode()
    except UnicodeEncodeError:
        raise UsageFault(
            "an argument is not UTF-8",
            where=ascii(word[:60])[1:-1],
            remedy="rename the file, or type it anew",
        ) from None
    if len(word) > MOST:
        remedy = f"at most {MOST:,} characters; a file may be longer"
        raise UsageFault("an argument is too long", where=f"{word[:40]}…", remedy=remedy)


def _failed(error: HomebodyError, *, as_json: bool) -> int:
    if as_json:
        line = {"step": "error", "error": error.message, "where": error.where, "remedy": error.remedy}
        sys.stdout.write(msgspec.json.encode(line | {"exit": error.exit_code}).decode() + "\n")
    print(f"homebody: {_line(error)}", file=sys.stderr)
    return error.exit_code


def _line(error: HomebodyError) -> str:
    """The error on one line, also where a name in it is long, or made to look like more lines."""
    where = error.where if len(error.where) <= LONG else f"{error.where[:LONG]}…"
    parts = (error.message, f" ({where})" if where else "", f" — {error.remedy}" if error.remedy else "")
    return visible("".join(parts)).replace("\n", "\\n")
