"""Serve: the model and its hats for other programs on this computer, as an OpenAI-compatible endpoint.

Every hat is a model of its own name, the bare base one more; which adapter is worn is decided
request by request. The courier holds the door (:mod:`app.courier.serving`); this flow reads what
comes in, lets the language model answer, and says what was served. Nothing of the store can be
reached through it: a client gets the model, not the person's data.
"""

from __future__ import annotations

import itertools
import queue
import secrets
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.core.errors import BadModel, HomebodyError, NotFound, UsageFault, WorkerDied, translate
from app.core.models import TaskState
from app.core.types import Served, Serving, Thinking, Token
from app.courier.serving import Asked, Door, Left, Opened
from app.flows.context import Home
from app.model.contract import Finished, LanguageModel, Message
from app.workers.worker import Caller

PULSE_S = 1.0  # a step at least so often is what lets a caller stop
AT_ONCE = 8  # requests that are read and answered side by side; the model takes them one by one
TOKEN = "serve"  # the secret's name
_JSON, _EVENTS = "application/json", "text/event-stream"


class _Part(msgspec.Struct):
    type: str
    text: str = ""


class _Message(msgspec.Struct):
    role: str
    content: str | list[_Part] | None = None

    def plain(self) -> Message:
        """Raises UsageFault for pictures, tools and whatever else is no text."""
        if self.role == "developer":
            self.role = "system"
        if self.role not in ("system", "user", "assistant") or self.content is None:
            raise UsageFault("messages are system, user or assistant, with text", where=self.role[:40])
        parts = [self.content] if isinstance(self.content, str) else [p.text for p in self.content]
        if not isinstance(self.content, str) and any(p.type != "text" for p in self.content):
            raise UsageFault("only text can be read", where="content")
        return Message(role=self.role, content="".join(parts))


class _StreamOptions(msgspec.Struct):
    include_usage: bool = False


class _Request(msgspec.Struct):
    """The part of the chat completions request that means something here; the rest is left unread."""

    model: str
    messages: Annotated[list[_Message], Meta(max_length=1000)] = []
    fields: dict[str, str] | None = None  # ours: the task's own prompt, filled with these
    stream: bool = False
    stream_options: _StreamOptions | None = None
    max_tokens: Annotated[int, Meta(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Meta(ge=1)] | None = None
    temperature: Annotated[float, Meta(ge=0, le=2)] | None = None
    seed: Annotated[int, Meta(ge=0)] | None = None
    stop: str | list[str] | None = None
    n: int | None = None
    tools: list[Any] | None = None

    @property
    def most(self) -> int:
        return self.max_completion_tokens or self.max_tokens or 0


def serve(home: Home, *, port: int, fresh: bool = False) -> Iterator[Serving | Served | Thinking]:
    """Serve until closed, with a pulse while nobody asks.

    ``fresh`` makes a new token, so that the old one opens nothing. Raises HomebodyError where the
    port is taken, and what starting the language model raises; the old token stays then.
    """
    kept = home.secrets.get(TOKEN)
    token = secrets.token_urlsafe(24) if fresh or not kept else kept
    hats = _hats(home)
    courier = home.courier()
    desk = _Desk(home, courier, hats)
    try:
        steps = courier.stream(Door.open, port=port, token=token)
        opened = next(steps)
        if not isinstance(opened, Opened):
            raise WorkerDied("the door did not open", remedy="try again")
        if token != kept:
            home.secrets.keep(TOKEN, token)
        home.journal.add("serve", f"opened on 127.0.0.1:{opened.port}")
        yield Serving(url=f"http://127.0.0.1:{opened.port}/v1", token=token, models=tuple(hats))
        threading.Thread(target=desk.take, args=(steps,), name="serve", daemon=True).start()
        yield from desk.served()
    finally:
        courier.stop()  # which ends its steps too
        if desk.count:
            home.journal.add("serve", f"{desk.count} requests answered to programs on this computer")


def _hats(home: Home) -> dict[str, TaskState | None]:
    """What can be asked for: every hat that is in order, and the bare base under its own name."""
    info = home.specialists.llm().call(LanguageModel.info)
    worn = {state.name: state for state in info.tasks if state.state != "refused"}
    return {**worn, home.setting("model.base").rpartition("/")[2]: None}


class _Desk:
    """Takes requests from the door, answers each on a thread of its own, and keeps count."""

    def __init__(self, home: Home, courier: Caller, hats: dict[str, TaskState | None]) -> None:
        self._home, self._courier, self._hats = home, courier, hats
        self._left: dict[int, threading.Event] = {}
        self._begun: set[int] = set()  # requests whose answer is on its way, piece by piece
        self._served: queue.SimpleQueue[Served | HomebodyError] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self.count = 0

    def served(self) -> Iterator[Served | Thinking]:
        """Each request when it was answered; raises what ended the door."""
        while True:
            try:
                one = self._served.get(timeout=PULSE_S)
            except queue.Empty:
                yield Thinking(done=self.count, total=0)
                continue
            if isinstance(one, HomebodyError):
                raise one
            self.count += 1
            yield one

    def take(self, steps: Iterator[Opened | Asked | Left]) -> None:
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="serve") as pool:
            try:
                for step in steps:
                    if isinstance(step, Asked):
                        self._left[step.id] = threading.Event()
                        pool.submit(self._answer, step)
                    elif isinstance(step, Left) and (event := self._left.get(step.id)):
                        event.set()
            except Exception as error:
                self._served.put(translate(error, "the door"))

    def _answer(self, asked: Asked) -> None:
        began = time.monotonic()
        try:
            with closing(self._handle(asked)) as steps:
                done = _drained(steps, self._left[asked.id])
        except Exception as error:
            done = Served(model="", status=_status(error))
            if asked.id in self._begun:  # a client reads nothing but events by now
                self._send(asked, 200, _EVENTS, b"data: %s\n\n" % _error(error))
            else:
                self._send(asked, done.status, _JSON, _error(error))
        finally:
            self._left.pop(asked.id, None)
            self._begun.discard(asked.id)
        self._served.put(msgspec.structs.replace(done, seconds=time.monotonic() - began))

    def _handle(self, asked: Asked) -> Generator[None, None, Served]:
        """Yields while it works, so that it can be closed when the client has left."""
        match asked.method, asked.path.rstrip("/"):
            case "GET", "/v1/models":
                listed = [_model(name) for name in self._hats]
                self._send(asked, 200, _JSON, msgspec.json.encode({"object": "list", "data": listed}))
                return Served(model="", status=200)
            case "GET", path if path.startswith("/v1/models/"):
                name = self._known(path.removeprefix("/v1/models/"))
                self._send(asked, 200, _JSON, msgspec.json.encode(_model(name)))
                return Served(model=name, status=200)
            case "POST", "/v1/chat/completions":
                return (yield from self._complete(asked))
        raise NotFound("no such address", where=asked.path[:100], remedy="/v1/models or /v1/chat/completions")

    def _known(self, model: str) -> str:
        if model not in self._hats:
            raise NotFound("no such model", where=model[:100], remedy=f"one of: {', '.join(self._hats)}")
        return model

    def _complete(self, asked: Asked) -> Generator[None, None, Served]:
        request = _request(asked.body)
        self._known(request.model)
        reply = _Reply(request, f"chatcmpl-{next(self._numbers)}", int(time.time()))
        with closing(self._steps(request)) as steps:
            for step in steps:
                yield
                if isinstance(step, Token) and request.stream:
                    self._begun.add(asked.id)
                    self._send(asked, 200, _EVENTS, reply.piece(step.text), last=False)
                elif isinstance(step, Finished):
                    kind, data = (_EVENTS, reply.end(step)) if request.stream else (_JSON, reply.whole(step))
                    self._send(asked, 200, kind, data)
                    return Served(
                        model=request.model,
                        status=200,
                        prompt_tokens=step.prompt_tokens,
                        tokens=step.tokens,
                    )
        raise WorkerDied("the language model ended without finishing", remedy="try again")

    def _steps(self, request: _Request) -> Generator[Thinking | Token | Finished, None, None]:
        """With ``fields`` the task's own prompt; else the messages as they are, under its adapter."""
        llm, seed = self._home.specialists.llm(), request.seed or 0
        hat = self._hats[request.model]
        if request.fields is not None:
            if hat is None:
                raise UsageFault("only a hat has fields", where=request.model)
            return llm.stream(
                LanguageModel.generate,
                task=hat.name,
                fields=request.fields,
                max_tokens=request.most,
                seed=seed,
            )
        if not request.messages:
            raise UsageFault("there are no messages", where="messages")
        stop = [request.stop] if isinstance(request.stop, str) else request.stop or []
        return llm.stream(
            LanguageModel.chat,
            task=hat.name if hat else "",
            messages=tuple(message.plain() for message in request.messages),
            max_tokens=request.most,
            temperature=request.temperature or 0.0,
            seed=seed,
            stop=tuple(stop),
        )

    def _send(self, asked: Asked, status: int, kind: str, data: bytes, *, last: bool = True) -> None:
        self._courier.call(Door.reply, id=asked.id, status=status, kind=kind, data=data, last=last)


def _drained(steps: Generator[None, None, Served], left: threading.Event) -> Served:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            done: Served = end.value
            return done
        if left.is_set():
            return Served(model="", status=499)  # as web servers log a client that closed the connection


def _request(body: bytes) -> _Request:
    """Raises UsageFault naming what cannot be read."""
    try:
        request = msgspec.json.decode(body, type=_Request)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UsageFault("the request cannot be read", where=str(error)[:300]) from error
    if request.n not in (None, 1) or request.tools:
        raise UsageFault("n other than 1 and tools are not supported here", where="n, tools")
    return request


def _model(name: str) -> dict[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "homebody"}


class _Reply:
    """One completion as an OpenAI client reads it, whole or as server-sent events."""

    def __init__(self, request: _Request, id: str, created: int) -> None:
        self._request, self._about = request, {"id": id, "created": created, "model": request.model}
        self._begun = False

    def piece(self, text: str) -> bytes:
        delta = {"content": text} if self._begun else {"role": "assistant", "content": text}
        self._begun = True
        return self._event([{"index": 0, "delta": delta, "finish_reason": None}])

    def end(self, done: Finished) -> bytes:
        data = b"" if self._begun else self.piece("")
        data += self._event([{"index": 0, "delta": {}, "finish_reason": _reason(done)}])
        options = self._request.stream_options
        if options is not None and options.include_usage:
            data += self._event([], usage=_usage(done))
        return data + b"data: [DONE]\n\n"

    def whole(self, done: Finished) -> bytes:
        message = {"role": "assistant", "content": done.text}
        choice = {"index": 0, "message": message, "finish_reason": _reason(done)}
        about = {**self._about, "object": "chat.completion"}
        return msgspec.json.encode({**about, "choices": [choice], "usage": _usage(done)})

    def _event(self, choices: list[dict[str, Any]], **more: object) -> bytes:
        about = {**self._about, "object": "chat.completion.chunk", "choices": choices, **more}
        return b"data: " + msgspec.json.encode(about) + b"\n\n"


def _reason(done: Finished) -> str:
    return "length" if done.stop == "length" else "stop"


def _usage(done: Finished) -> dict[str, int]:
    total = done.prompt_tokens + done.tokens
    return {"prompt_tokens": done.prompt_tokens, "completion_tokens": done.tokens, "total_tokens": total}


def _status(error: Exception) -> int:
    match error:
        case UsageFault():
            return 400
        case NotFound():
            return 404
        case WorkerDied():
            return 503
    return 500


def _error(error: Exception) -> bytes:
    ours = translate(error, "serve")
    code = {NotFound: "model_not_found", BadModel: "model_error"}.get(type(ours))
    kind = "invalid_request_error" if isinstance(ours, UsageFault | NotFound) else "server_error"
    return msgspec.json.encode({"error": {"message": str(ours), "type": kind, "param": None, "code": code}})
