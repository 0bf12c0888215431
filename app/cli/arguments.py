"""All commands of the command line and their arguments."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.cli import hats, keeping, shells, sources
from app.core.errors import UsageFault

STYLES = ("proofread", "shorter", "friendlier", "formal")
MOST_HITS = 1000
MOST_PORT = 65535


_NO_CHOICE = re.compile(r"argument .+?: invalid choice: (.*) \(choose from (.*)\)", re.S)


class _Parser(argparse.ArgumentParser):
    """Usage errors are errors like any other: one line, with the remedy, exit code 2."""

    def error(self, message: str) -> None:  # type: ignore[override]  # argparse says NoReturn; raising is that
        if found := _NO_CHOICE.fullmatch(message):
            which, choices = found[1], found[2].replace("'", "")
            raise UsageFault(f"there is no {which[:60]} here", where=self.prog, remedy=f"one of: {choices}")
        raise UsageFault(message, where=self.prog, remedy=f"see {self.prog} --help")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(prog="homebody", description="A private assistant that lives on your computer.")
    top.add_argument("--data", type=Path, metavar="DIR", help="keep all state under DIR")
    top.add_argument(
        "--json", action="store_true", help="one JSON object a line on stdout, progress on stderr"
    )
    top.add_argument("--completions", choices=shells.SHELLS, help="print completions for this shell")
    top.add_argument("--manual", action="store_true", help="print the manual page, for man")
    top.add_argument("--version", action="version", version=f"homebody {version_here()}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    sources.arguments(commands, _Parser, _account)
    _index(commands)
    _finding(commands)
    _writing(commands)
    _upkeep(commands)
    return top


def parsed(given: Sequence[str]) -> argparse.Namespace:
    """What a command line asks for; raises UsageFault where it makes no sense."""
    options, rest = parser().parse_known_args(given)
    if rest:
        words = [
            "homebody",
            options.command,
            options.action if options.command in ("sources", "tasks") else "",
        ]
        command = " ".join(filter(None, words))
        raise UsageFault(
            f"too much is given: {' '.join(rest)[:100]}", where=command, remedy=f"see {command} --help"
        )
    return options


def _index(commands: argparse._SubParsersAction[_Parser]) -> None:
    index = commands.add_parser("index", help="read what changed")
    index.add_argument("--watch", action="store_true", help="go on following changes")
    index.add_argument("--words", action="store_true", help="only until words find it: no vectors yet")


def _account(one: argparse.ArgumentParser) -> None:
    """Of an account; its password is asked for, or read from standard input."""
    about = one.add_argument_group("accounts (imap, caldav)")
    about.add_argument("--user", default="", help="the name to log in with, often the mail address")
    about.add_argument("--host", default="", help="the mail server (default: by the address, where known)")
    about.add_argument("--port", type=_server_port, default=0, help="of the mail server (default: the usual)")
    about.add_argument("--starttls", action="store_true", help="begin in the clear and turn to TLS")
    about.add_argument("--folder", action="append", default=[], help="only this folder; again for more")
    about.add_argument("--oauth2", action="store_true", help="the secret is an OAuth2 token")
    about.add_argument(
        "--client-id", default="", metavar="ID", help="sign in with a browser, as the program registered so"
    )
    for name, what in (("authorize-url", "where to sign in"), ("token-url", "where tokens come from")):
        about.add_argument(f"--{name}", default="", metavar="URL", help=f"{what} (default: by the address)")
    about.add_argument("--scope", default="", help="what to ask leave for (default: by the address)")


def _finding(commands: argparse._SubParsersAction[_Parser]) -> None:
    for name, word, about in (
        ("search", "query", "find passages"),
        ("ask", "question", "answer a question, with sources"),
    ):
        one = commands.add_parser(name, help=about)
        one.add_argument(word, nargs="+", metavar=word.upper())
        one.add_argument("--source", action="append", default=[], help="only this kind of source")
        one.add_argument("--after", type=_day, metavar="DATE", help="from this day on (YYYY-MM-DD)")
        one.add_argument("--before", type=_day, metavar="DATE", help="before this day (YYYY-MM-DD)")
        one.add_argument("--person", action="append", default=[], help="only with this person")
        if name == "search":
            one.add_argument("-k", type=_count, default=10, metavar="N", help="how many (default 10)")
            one.add_argument(
                "--words", action="store_true", help="by words alone, without waiting for the embedder"
            )
        else:
            one.add_argument(
                "--cloud", action="store_true", help="propose to ask the endpoint of the settings"
            )
            one.add_argument("--yes", action="store_true", help="approve sending what is shown")


def _writing(commands: argparse._SubParsersAction[_Parser]) -> None:
    summarize = commands.add_parser("summarize", help="summarize a file, standard input, or an item's thread")
    summarize.add_argument("file", nargs="?", default="-", metavar="FILE|URI|-")
    draft = commands.add_parser("draft", help="draft a reply to a mail, or a new mail with its subject line")
    whom = draft.add_mutually_exclusive_group(required=True)
    whom.add_argument("--reply-to", default="", metavar="URI", help="the mail that is answered")
    whom.add_argument(
        "--to",
        action="append",
        default=[],
        metavar="PERSON",
        help="an address or a known name; again for more",
    )
    draft.add_argument("--say", required=True, metavar="TEXT", help="what it should say, in a few words")
    draft.add_argument("--subject", default="", metavar="TEXT", help="of a new mail (default: written too)")
    draft.add_argument("--yes", action="store_true", help="approve keeping the draft")
    rewrite = commands.add_parser("rewrite", help="proofread, shorten or change the tone of a text")
    rewrite.add_argument(
        "--as", dest="style", required=True, choices=STYLES, help="proofread, shorten or change the tone"
    )
    rewrite.add_argument("file", nargs="?", default="-", metavar="FILE|-")
    act = commands.add_parser("act", help="propose an event, a mail draft, a note or a reminder")
    act.add_argument("text", nargs="+", metavar="TEXT")
    act.add_argument("--yes", action="store_true", help="approve and perform what is proposed")
    undo = commands.add_parser("undo", help="undo the last deed, or the one with this number")
    undo.add_argument("id", nargs="?", type=hats.number, default=0)
    commands.add_parser("journal", help="what was done and what was sent")


def _upkeep(commands: argparse._SubParsersAction[_Parser]) -> None:
    hats.arguments(commands, _Parser)
    keeping.arguments(commands, _Parser)
    models = commands.add_parser("models", help="base models: which there are, get, use or remove one")
    models.add_argument("action", nargs="?", default="list", choices=("list", "get", "use", "remove"))
    models.add_argument("key", nargs="?", default="", help="a catalog key or the path of a GGUF file")
    models.add_argument("--yes", action="store_true", help="approve fetching it, and agree to its licence")
    settings = commands.add_parser("settings", help="show all settings, or set one")
    settings.add_argument("key", nargs="?", default="")
    settings.add_argument("value", nargs="?", default=None)
    commands.add_parser("cloud-key", help="keep the cloud endpoint's key (typed, or from standard input)")
    serve = commands.add_parser("serve", help="let programs on this computer use the model and its hats")
    serve.add_argument("--port", type=_port, metavar="N", help="0 takes a free one (default: the setting)")
    serve.add_argument("--new-token", action="store_true", help="make a new token; the old one opens nothing")
    commands.add_parser("lock", help="forget the key until you unlock")
    commands.add_parser("unlock", help="open the store, making it when there is none")
    bench = commands.add_parser("bench", help="measure speed and memory on this machine")
    parts = ("all", "adapters", "desktop", "embedder", "mail", "models", "quick", "rest", "store", "start")
    bench.add_argument("what", nargs="?", default="all", choices=parts)
    bench.add_argument(
        "--passages",
        type=hats.count,
        default=100_000,
        metavar="N",
        help="made-up passages the store is measured with",
    )
    bench.add_argument("--keep", type=Path, metavar="DIR", help="where made-up passages stay for another run")
    bench.add_argument("--mails", type=Path, metavar="DIR", help="single mails to index (default: made up)")
    bench.add_argument(
        "--count", type=hats.count, default=2_000, metavar="N", help="mails made up (default 2000)"
    )
    commands.add_parser("demo", help="a tour on demo data, in the terminal")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 0 to {MOST_PORT}")
    return int(text)


def _server_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_PORT):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_PORT}")
    return int(text)


def _day(text: str) -> datetime:
    """The beginning of a day, or a time, in this computer's zone unless it names another."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{text} is not a date; write it as 2026-06-30") from error


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_HITS):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to {MOST_HITS}")
    return int(text)


def version_here() -> str:
    from importlib.metadata import version

    return version("homebody")
