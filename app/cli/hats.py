"""`homebody tasks …` and `homebody teach TASK`: measure, train, carry, go back; corrections."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import msgspec

from app.cli.show import Screen, show
from app.core.api import Admin, Hats, Teaching
from app.core.errors import BadModel, UsageFault
from app.core.models import Verdict
from app.core.types import Nothing, Record
from app.workers.worker import Caller

ALL = "all"
MOST_ID = 2**63 - 1
_CORRECTION = 'a line is {"fields": {…}, "accepted": "…"}'


class Line(Record, frozen=True, kw_only=True):
    """One correction of a file for ``--add``."""

    fields: dict[str, str]
    accepted: str
    said: str = ""


def arguments(commands: Any, parser: type[argparse.ArgumentParser]) -> None:
    """``tasks`` and ``teach``, for :func:`app.cli.arguments.parser`."""
    tasks = commands.add_parser("tasks", help="the model's hats: list, measure, train, carry, go back")
    actions = tasks.add_subparsers(dest="action", required=True, metavar="ACTION", parser_class=parser)
    actions.add_parser("list", help="every hat, where its adapter comes from, and what it can learn from")
    actions.add_parser("verify", help="load and check them all")
    one = actions.add_parser("eval", help="measure the bare base and the adapter that is worn")
    one.add_argument("task", metavar="TASK|all")
    one.add_argument("--base-only", action="store_true", help="the bare base alone")
    one.add_argument("--corpora", metavar="DIR", help="folder of public sets (default: HOMEBODY_TEST_DATA)")
    one.add_argument("--limit", type=count, default=0, metavar="N", help="at most N cases a set")
    one = actions.add_parser("train", help="train the adapter anew; it is worn where the gate lets it")
    _more(one)
    one = actions.add_parser("port", help="train the adapter for another base")
    _more(one)
    one.add_argument("--to", required=True, metavar="BASE", help="a catalog key or the path of a GGUF file")
    one = actions.add_parser("import", help="take a PEFT adapter made elsewhere; the gate decides")
    one.add_argument("task", metavar="TASK")
    one.add_argument("folder", metavar="DIR")
    one = actions.add_parser("export", help="write the adapter for PEFT, vLLM and LoRAX, with its examples")
    one.add_argument("task", metavar="TASK")
    one.add_argument("folder", metavar="DIR")
    one.add_argument("--repository", default="", metavar="NAME", help="the public base it is served on")
    one.add_argument("--corrections", action="store_true", help="with your own corrections, in the clear")
    one = actions.add_parser("rollback", help="wear what was worn before")
    one.add_argument("task", metavar="TASK")
    teach = commands.add_parser("teach", help="train a personal adapter from what you corrected")
    teach.add_argument("task", metavar="TASK")
    what = teach.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="the corrections there are")
    what.add_argument("--forget", type=number, metavar="ID", help="delete a correction")
    what.add_argument("--add", metavar="FILE", help='add corrections: lines of {"fields", "accepted"}')


def _more(one: argparse.ArgumentParser) -> None:
    one.add_argument("task", metavar="TASK")
    one.add_argument(
        "--more", action="append", default=[], metavar="FILE.jsonl", help="further examples (repeatable)"
    )


def number(text: str) -> int:
    """Of a correction or a deed."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_ID):
        raise argparse.ArgumentTypeError(f"{text} is not the number of one")
    return int(text)


def count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 1_000_000):
        raise argparse.ArgumentTypeError(f"{text} is not a number from 1 to 1,000,000")
    return int(text)


def tasks(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    match options.action:
        case "list":
            states = caller.call(Hats.list)
            screen.records(states, none="there are no tasks")
            return 1 if any(s.state == "refused" for s in states) else 0
        case "verify":
            checked = caller.call(Admin.tasks)
            screen.records(checked, none="there are no tasks")
            return 1 if any(s.state == "refused" for s in checked) else 0
        case "eval":
            return _evaluate(caller, options, screen)
        case "train":
            last = show(screen, caller.stream(Hats.train, task=options.task, more=_paths(options.more)))
            return _verdict(last)
        case "port":
            to = _place(options.to) if Path(options.to).expanduser().is_file() else options.to
            more = _paths(options.more)
            return _verdict(show(screen, caller.stream(Hats.port, task=options.task, to=to, more=more)))
        case "import":
            steps = caller.stream(Hats.bring, task=options.task, folder=_place(options.folder))
            return _verdict(show(screen, steps))
        case "export":
            folder = _place(options.folder)
            files = caller.call(
                Hats.export,
                task=options.task,
                folder=folder,
                repository=options.repository,
                corrections=options.corrections,
            )
            screen.note("\n".join(f"{folder}/{name}" for name in files))
        case _:
            screen.record(caller.call(Hats.rollback, task=options.task))
    return 0


def teach(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    if not options.task.strip():
        raise UsageFault("which task?", remedy="homebody tasks list shows them")
    if options.list:
        none = "none yet: they are kept when you edit a draft, a summary or a proposal"
        screen.records(caller.call(Teaching.corrections, task=options.task), none=none)
    elif options.forget is not None:
        screen.record(caller.call(Teaching.forget, id=options.forget))
        screen.note(f"Forgotten. homebody teach {options.task} teaches it anew, without that correction.")
    elif options.add:
        for line in _lines(Path(options.add).expanduser()):
            screen.record(
                caller.call(
                    Teaching.add,
                    task=options.task,
                    fields=line.fields,
                    accepted=line.accepted,
                    said=line.said,
                )
            )
    else:
        return _verdict(show(screen, caller.stream(Teaching.teach, task=options.task)))
    return 0


def _evaluate(caller: Caller, options: argparse.Namespace, screen: Screen) -> int:
    names = [options.task] if options.task != ALL else [s.name for s in caller.call(Hats.list)]
    corpora = options.corpora or os.environ.get("HOMEBODY_TEST_DATA", "")
    for name in names:
        steps = caller.stream(
            Hats.evaluate,
            task=name,
            base_only=options.base_only,
            corpora=_place(corpora) if corpora else "",
            limit=options.limit,
        )
        show(screen, steps)
    return 0


def _verdict(last: object) -> int:
    """Refused is a result, not a failure of the command; nothing to do is told by the exit code."""
    return (
        0 if isinstance(last, Verdict) and last.accepted else 1 if isinstance(last, Nothing | Verdict) else 0
    )


def _lines(path: Path) -> list[Line]:
    """All of a file before any is added. Raises BadModel for an empty one, or a line that is none."""
    found = []
    for at, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            found.append(msgspec.json.decode(line, type=Line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            where = f"{path.name}:{at}: {error}"
            raise BadModel("a line is no correction", where=where, remedy=_CORRECTION) from error
    if not found:
        raise BadModel("there are no corrections in it", where=path.name, remedy=_CORRECTION)
    return found


def _paths(names: list[str]) -> tuple[str, ...]:
    return tuple(map(_place, names))


def _place(path: str) -> str:
    """As seen from here: the engine may be another program's, started in another folder."""
    return str(Path(path).expanduser().absolute())
