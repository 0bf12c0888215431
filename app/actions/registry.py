"""The actions there are, found by their files: propose, perform exactly what was approved, undo."""

from __future__ import annotations

import functools
import importlib
import json
import pkgutil
from collections.abc import Generator
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from app import actions
from app.actions.contract import Action, Done, Origins, World, preview
from app.core.errors import NotFound, Refused, UsageFault, translate
from app.core.policy import digest
from app.core.types import Fetching, Proposal

_NOT_ACTIONS = ("contract", "files", "registry")


@functools.cache
def names() -> tuple[str, ...]:
    """Every action; adding one is adding its file."""
    return tuple(sorted(m.name for m in pkgutil.iter_modules(actions.__path__) if m.name not in _NOT_ACTIONS))


def load(name: str) -> Action:
    """Raises NotFound for an unknown name; a name is looked up, never turned into a path."""
    if name not in names():
        raise NotFound(
            "there is no such action", where=repr(name)[:80], remedy=f"one of {', '.join(names())}"
        )
    return cast(Action, importlib.import_module(f"{actions.__name__}.{name}"))


def schema(name: str) -> dict[str, Any]:
    """JSON schema of an action's arguments."""
    return load(name).Arguments.model_json_schema()


def propose(name: str, raw: dict[str, object], world: World, origins: Origins | None = None) -> Proposal:
    """A deed, typed and shown in full, for a person to approve.

    ``origins`` says for each argument where its value came from; what it does not name is "you",
    and what code filled in is "default". Raises UsageFault naming every fault of the arguments.
    """
    action, given = load(name), dict(origins or {})
    filled = action.complete(dict(raw), world)
    args = _validate(name, action, filled)
    shown = {field: given.get(field, "you" if field in raw else "default") for field in filled}
    arguments = args.model_dump(mode="json")
    return Proposal(
        action=name,
        arguments=arguments,
        title=action.title(args),
        preview=preview(args, shown),
        sha256=digest(name, arguments),
        warnings=action.warnings(args, shown, world),
    )


def perform(proposal: Proposal, world: World) -> Done:
    """Do it. The caller has an Approval of ``proposal.sha256``; what differs from it is Refused."""
    steps = performing(proposal, world)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return cast(Done, end.value)


def performing(proposal: Proposal, world: World) -> Generator[str | Fetching, None, Done]:
    """Like :func:`perform`, yielding text and progress while they arrive; ``close()`` ends the work."""
    action = load(proposal.action)
    if digest(proposal.action, proposal.arguments) != proposal.sha256:
        raise Refused("this is not what was approved", where=proposal.action, remedy="ask for it again")
    args = _validate(proposal.action, action, proposal.arguments)
    if args.model_dump(mode="json") != _as_json(proposal.arguments):
        raise Refused(
            "the arguments are not in their final form", where=proposal.action, remedy="ask for it again"
        )
    try:
        return (yield from action.perform(args, world))
    except OSError as error:
        raise translate(error, proposal.action) from error


def undo(name: str, data: bytes, world: World) -> str:
    """Undo what :func:`perform` did, by what it left in ``Done.undo``; says what was undone."""
    try:
        return load(name).undo(data, world)
    except OSError as error:
        raise translate(error, name) from error


def _validate(name: str, action: Action, arguments: dict[str, object]) -> BaseModel:
    """By way of JSON, where strict validation still reads times from text."""
    try:
        return action.Arguments.model_validate_json(json.dumps(arguments, allow_nan=False))
    except ValidationError as error:
        faults = "; ".join(f"{_place(fault['loc'])}{_said(fault['msg'])}" for fault in error.errors())
        raise UsageFault(
            f"{name} cannot be done like this: {faults}", remedy="say it in other words"
        ) from error
    except (TypeError, ValueError) as error:
        raise UsageFault(f"{name}: the arguments are not plain JSON", where=str(error)) from error


def _place(loc: tuple[int | str, ...]) -> str:
    return f"{'.'.join(map(str, loc))}: " if loc else ""


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _as_json(value: object) -> Any:
    return json.loads(json.dumps(value))
