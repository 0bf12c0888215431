"""The engine: the process that owns the store and runs the flows; locking it is ending it."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core import api, settings
from app.core.errors import UsageFault
from app.core.library import Brief, Held, Picture, Row, Shelf, Spine, Spot, Threads, Thumbnail
from app.core.models import Correction, HatState, ModelState, Scores, TaskState, Verdict, Works
from app.core.paths import Paths
from app.core.types import (
    Answer,
    Approval,
    CalendarState,
    Candidate,
    Check,
    Consent,
    ConversationState,
    Done,
    Exclusion,
    Fetching,
    Forgotten,
    Found,
    Hit,
    Indexed,
    ItemView,
    JournalEntry,
    Moved,
    Nothing,
    ProcessState,
    Progress,
    Proposal,
    Receipt,
    Removed,
    Route,
    Scope,
    Served,
    Serving,
    SettingState,
    SignedIn,
    Skipped,
    SkippedFile,
    SourceState,
    Status,
    Talk,
    Text,
    Thinking,
    Token,
    Turn,
    Waiting,
    Written,
)
from app.flows import (
    act,
    amending,
    ask,
    calendars,
    cloud,
    deeds,
    discover,
    draft,
    evaluating,
    export,
    forget,
    hats,
    index,
    keys,
    models,
    opening,
    remote,
    rewrite,
    route,
    search,
    seeing,
    selected,
    serve,
    signing,
    summarize,
    teach,
    today,
    viewing,
)
from app.flows.wear import followed
from app.model import catalog, embed_derived
from app.owner import Engine
from app.store import backup, erase, rescue
from app.store.library import Shelves
from app.workers.attach import listen
from app.workers.service import Service

DELETE = "delete everything"
THREADS = 8  # an index run, a stream or two, and room for the short calls between them


class _Vault:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def status(self) -> Status:
        return opening.status(self._engine.paths, self._engine.opened)

    def create(self, *, passphrase: str = "") -> str:
        return self._engine.create(passphrase)

    def unlock(self, *, passphrase: str = "", asked: bool = False) -> Status:
        self._engine.unlock(passphrase, asked=asked)
        return self.status()

    def examine(self, *, passphrase: str = "") -> Iterator[Check]:
        return rescue.examine(self._engine.paths, passphrase)

    def put_back(self, *, passphrase: str = "") -> Iterator[Check]:
        return self._engine.put_back(passphrase)

    def restore(self, *, file: str, passphrase: str = "") -> Status:
        backup.restore(self._engine.paths, Path(file), passphrase)
        return self.status()

    def delete_everything(self, *, words: str) -> tuple[str, ...]:
        if words.strip().lower() != DELETE:
            raise UsageFault("nothing was deleted", remedy=f"type: {DELETE}")
        with contextlib.ExitStack() as ending:
            ending.callback(threading.Timer(0.1, os._exit, (0,)).start)
            self._engine.close()
            return erase.delete_everything(self._engine.paths)

    def lock(self) -> None:
        self._engine.lock()


class _Keys:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def move(self, *, current: str = "", new: str = "") -> Status:
        keys.move(self._engine.home, current=current, new=new)
        return opening.status(self._engine.paths, self._engine.opened)

    def renew_code(self, *, current: str = "") -> str:
        return keys.renew_code(self._engine.home, current=current)

    def change(self, *, current: str = "") -> str:
        return self._engine.change_key(current)


class _Copies:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def backup(self, *, file: str, index: bool = False) -> Written:
        home = self._engine.home
        databases = (home.user.db, home.index.db) if index else (home.user.db,)
        return backup.backup(self._engine.paths, databases, Path(file))

    def export(self, *, folder: str) -> Written:
        return export.export(self._engine.home, folder=folder)


class _Sources:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> tuple[SourceState, ...]:
        return self._engine.held.index.sources()

    def add(self, *, kind: str, path: str) -> SourceState:
        return index.add_source(self._engine.home, kind=kind, path=path)

    def add_account(self, *, kind: str, url: str, secret: str) -> SourceState:
        return remote.add(self._engine.home, kind=kind, url=url, secret=secret)

    def sign_in(
        self,
        *,
        kind: str,
        url: str,
        client: str,
        client_secret: str = "",
        authorize_url: str = "",
        token_url: str = "",
        scope: str = "",
    ) -> Iterator[Consent | Waiting | SignedIn]:
        return signing.sign_in(
            self._engine.home,
            kind=kind,
            url=url,
            client=client,
            client_secret=client_secret,
            authorize_url=authorize_url,
            token_url=token_url,
            scope=scope,
        )

    def calendars(self) -> tuple[CalendarState, ...]:
        return calendars.listed(self._engine.home)

    def remove(self, *, kind: str, path: str) -> int:
        return forget.source(self._engine.home, kind=kind, path=path)

    def index(
        self, *, watch: bool = False, words: bool = False
    ) -> Iterator[Indexed | Skipped | Removed | Moved | Progress | Waiting | Done]:
        return index.index(self._engine.held, watch=watch, words=words)

    def skipped(self) -> tuple[SkippedFile, ...]:
        return self._engine.held.index.skipped()

    def retry(self, *, uri: str = "") -> int:
        return self._engine.home.index.retry(uri)

    def discover(self) -> Iterator[Candidate]:
        return discover.discover(self._engine.home)

    def pause(self, *, on: bool) -> None:
        self._engine.home.user.set("indexing.paused", str(on).lower())

    def person(self, *, idle_s: float, front: bool = False) -> None:
        self._engine.held.person.tell(idle_s, front=front)


class _Forgetting:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def forget(self, *, kind: str, value: str) -> Forgotten:
        return forget.forget(self._engine.home, kind=kind, value=value)

    def covered(self, *, kind: str, value: str) -> int:
        return forget.covered(self._engine.home, kind=kind, value=value)

    def exclusions(self) -> tuple[Exclusion, ...]:
        return forget.exclusions(self._engine.home)

    def again(self, *, kind: str, value: str) -> None:
        forget.again(self._engine.home, kind=kind, value=value)


class _Verbs:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, *, query: str, scope: Scope, k: int = 10, words: bool = False) -> tuple[Hit, ...]:
        return search.search(self._engine.home, query=query, scope=scope, k=k, words=words)

    def ask(
        self, *, question: str, scope: Scope, conversation: int = 0
    ) -> Iterator[Found | Thinking | Token | Answer]:
        return ask.ask(self._engine.home, question=question, scope=scope, conversation=conversation)

    def summarize(self, *, text: str = "", uri: str = "") -> Iterator[Thinking | Token | Text]:
        return followed(self._engine.home, lambda h: summarize.summarize(h, text=text, uri=uri), uri=uri)

    def draft(
        self, *, say: str, reply_to: str = "", to: tuple[str, ...] = (), subject: str = ""
    ) -> Iterator[Thinking | Token | Text | Proposal]:
        return followed(
            self._engine.home,
            lambda h: draft.draft(h, say=say, reply_to=reply_to, to=to, subject=subject),
            uri=reply_to,
        )

    def rewrite(self, *, text: str, style: str) -> Iterator[Thinking | Token | Text]:
        return followed(self._engine.home, lambda h: rewrite.rewrite(h, text=text, style=style))

    def act(self, *, text: str) -> Iterator[Thinking | Proposal | Nothing]:
        return followed(self._engine.home, lambda h: act.act(h, text=text))

    def route(self, *, text: str) -> Route:
        return route.route(self._engine.home, text)

    def heavy(self, *, question: str, scope: Scope) -> Iterator[Proposal | Nothing]:
        return cloud.heavy(self._engine.home, question=question, scope=scope)

    def item(self, *, uri: str) -> ItemView:
        return self._engine.home.index.item(uri)

    def selected(
        self, *, text: str, task: str = "", say: str = "", origin: str = ""
    ) -> Iterator[Thinking | Token | Text | Found | Answer | Proposal | Nothing]:
        return followed(
            self._engine.home,
            lambda h: selected.selected(h, text=text, task=task, say=say, origin=origin),
        )

    def legible(self, *, data: bytes) -> str:
        return seeing.legible(self._engine.home, data)

    def picture(self, *, uri: str) -> Picture:
        return viewing.picture(self._engine.home, uri=uri)


class _Library:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @property
    def _shelves(self) -> Shelves:
        home = self._engine.home
        return Shelves(home.index.db, home.zone)

    def spine(self, *, shelf: Shelf) -> Spine:
        return self._shelves.spine(shelf)

    def page(self, *, shelf: Shelf, day: int, skip: int = 0, limit: int = 100) -> tuple[Row, ...]:
        return self._shelves.page(shelf, day=day, skip=skip, limit=limit)

    def threads(self, *, shelf: Shelf, skip: int = 0, limit: int = 100) -> Threads:
        return self._shelves.threads(shelf, skip=skip, limit=limit)

    def thread(self, *, thread: str) -> tuple[Row, ...]:
        return self._shelves.thread(thread)

    def held(self) -> tuple[Held, ...]:
        return self._shelves.held()

    def spots(self, *, shelf: Shelf) -> tuple[Spot, ...]:
        return self._shelves.spots(shelf)

    def thumbnails(self, *, uris: tuple[str, ...]) -> Iterator[Thumbnail]:
        return viewing.thumbnails(self._engine.home, uris=uris)

    def today(self) -> Brief:
        return today.brief(self._engine.home)


class _Deeds:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def approve(self, *, sha256: str) -> Approval:
        return deeds.approve(self._engine.home, sha256=sha256)

    def perform(self, *, token: str) -> Iterator[Thinking | Token | Fetching | Receipt | Answer]:
        return amending.perform(self._engine.home, token=token)

    def amend(self, *, sha256: str, arguments: dict[str, str]) -> Proposal:
        return amending.amend(self._engine.home, sha256=sha256, arguments=arguments)

    def withhold(self, *, sha256: str, words: tuple[str, ...]) -> Proposal:
        return cloud.withhold(self._engine.home, sha256=sha256, words=words)

    def never(self, *, sha256: str, source: str) -> Proposal | Nothing:
        return cloud.never(self._engine.home, sha256=sha256, source=source)

    def undo(self, *, journal_id: int = 0) -> JournalEntry:
        return deeds.undo(self._engine.home, journal_id=journal_id)

    def journal(self, *, limit: int = 100) -> tuple[JournalEntry, ...]:
        return self._engine.home.journal.list(limit=limit)

    def shown(self, *, journal_id: int) -> Proposal:
        return deeds.shown(self._engine.home, journal_id=journal_id)


class _Conversations:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self, *, find: str = "") -> tuple[ConversationState, ...]:
        return self._engine.home.conversations.list(find=find)

    def turns(self, *, id: int) -> tuple[Turn, ...]:
        return self._engine.home.conversations.turns(id)

    def rename(self, *, id: int, title: str) -> None:
        self._engine.home.conversations.rename(id, title)

    def delete(self, *, id: int) -> Talk:
        return self._engine.home.conversations.delete(id)

    def cut(self, *, id: int, turns: int) -> Talk:
        return self._engine.home.conversations.cut(id, turns)

    def put_back(self, *, talk: Talk) -> None:
        self._engine.home.conversations.put_back(talk)


class _Hats:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def list(self) -> tuple[HatState, ...]:
        return hats.states(self._engine.home)

    def evaluate(
        self, *, task: str, base_only: bool = False, corpora: str = "", limit: int = 0
    ) -> Iterator[Works | Scores]:
        home = self._engine.home
        return evaluating.evaluate(home, task=task, base_only=base_only, corpora=corpora, limit=limit)

    def train(self, *, task: str, more: tuple[str, ...] = ()) -> Iterator[Works | Verdict]:
        return hats.train(self._engine.home, task=task, more=more)

    def port(self, *, task: str, to: str, more: tuple[str, ...] = ()) -> Iterator[Works | Verdict]:
        return hats.port(self._engine.home, task=task, to=to, more=more)

    def bring(self, *, task: str, folder: str) -> Iterator[Works | Verdict]:
        return hats.bring(self._engine.home, task=task, folder=folder)

    def export(
        self, *, task: str, folder: str, repository: str = "", corrections: bool = False
    ) -> tuple[str, ...]:
        home = self._engine.home
        return hats.export(home, task=task, folder=folder, repository=repository, corrections=corrections)

    def rollback(self, *, task: str) -> HatState:
        return hats.rollback(self._engine.home, task=task)


class _Teaching:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def teach(self, *, task: str) -> Iterator[Works | Verdict | Nothing]:
        return teach.teach(self._engine.home, task=task)

    def correct(self, *, trace: str, accepted: str) -> Correction | None:
        return teach.correct(self._engine.home, trace=trace, accepted=accepted)

    def add(self, *, task: str, fields: dict[str, str], accepted: str, said: str = "") -> Correction:
        return teach.add(self._engine.home, task=task, fields=fields, accepted=accepted, said=said)

    def corrections(self, *, task: str = "") -> tuple[Correction, ...]:
        return teach.corrections(self._engine.home, task=task)

    def forget(self, *, id: int) -> HatState:
        return teach.forget(self._engine.home, id=id)


class _Admin:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settings(self) -> tuple[SettingState, ...]:
        home = self._engine.opened
        return tuple(s.state(home.setting(s.key) if home else s.default) for s in settings.TABLE)

    def set(self, *, key: str, value: str) -> SettingState:
        setting, home = settings.setting(key), self._engine.home
        value = setting.check(value)
        if key == "model.embedder":
            embed_derived.source(value)  # which says where there is none
        home.user.set(key, self._model(value) if key == "model.base" else value)
        opening.configure(home)
        return setting.state(home.setting(key))

    def _model(self, key: str) -> str:
        """A catalog key, or the whole path of a file, that can be the base; else NotFound or BadModel."""
        path = catalog.resolve(self._engine.paths, key)
        return key if key in ("", *catalog.entries()) else str(path)

    def cloud_key(self, *, key: str) -> None:
        self._engine.home.secrets.keep("cloud", key)

    def models(self) -> tuple[ModelState, ...]:
        return models.states(self._engine.home)

    def use_model(self, *, key: str) -> ModelState:
        self.set(key="model.base", value=key)
        return next(model for model in self.models() if model.active)

    def get_model(self, *, key: str) -> Iterator[Proposal | Nothing]:
        return models.get(self._engine.home, key=key)

    def remove_model(self, *, key: str) -> ModelState:
        return models.remove(self._engine.home, key=key)

    def tasks(self) -> tuple[TaskState, ...]:
        return opening.tasks(self._engine.home)

    def processes(self) -> tuple[ProcessState, ...]:
        return opening.processes(self._engine.opened)

    def pin(self, *, name: str, pinned: bool = True) -> None:
        self._engine.held.specialists.pin(name, pinned=pinned)

    def doctor(self) -> Iterator[Check]:
        return opening.doctor(self._engine.paths, self._engine.home)

    def warm(self) -> None:
        self._engine.home.embed(("warm",))
        opening.tasks(self._engine.home)


class _Endpoint:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def serve(self, *, port: int, fresh: bool = False) -> Iterator[Serving | Served | Thinking]:
        return serve.serve(self._engine.home, port=port, fresh=fresh)


def service(config: dict[str, Any]) -> Service:
    """``config``: ``data`` (folder), ``launcher`` (its socket's file descriptor, or -1).

    Raises AnotherInstance where another engine owns the folder.
    """
    engine = Engine(Paths(Path(config["data"])), int(config.get("launcher", -1)))
    serves = Service(
        {
            api.Vault: _Vault(engine),
            api.Sources: _Sources(engine),
            api.Keys: _Keys(engine),
            api.Copies: _Copies(engine),
            api.Forgetting: _Forgetting(engine),
            api.Verbs: _Verbs(engine),
            api.Library: _Library(engine),
            api.Deeds: _Deeds(engine),
            api.Conversations: _Conversations(engine),
            api.Hats: _Hats(engine),
            api.Teaching: _Teaching(engine),
            api.Admin: _Admin(engine),
            api.Endpoint: _Endpoint(engine),
        },
        threads=THREADS,
        close=engine.close,
    )
    listen(engine.paths.socket("engine"), serves)
    return serves
