"""The engine's contract: every verb the window and the command line can call, with its steps.

Protocols only, so that a caller needs neither the store nor a model in its process. A method that
returns an iterator streams; closing the iterator cancels the work. All raise
:class:`~app.core.errors.HomebodyError`; while the vault is not open everything but ``Vault`` and
``Admin.settings`` raises :class:`~app.core.errors.Locked`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from app.core.library import Brief, Held, Picture, Row, Shelf, Spine, Spot, Threads, Thumbnail
from app.core.models import Correction, HatState, ModelState, Scores, TaskState, Verdict, Works
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


class Vault(Protocol):
    """The lock on the store."""

    def status(self) -> Status: ...

    def create(self, *, passphrase: str = "") -> str:
        """Make a new store; the key goes to the OS keyring, or under ``passphrase``.

        Returns the recovery code, shown once. Raises Locked when there is neither.
        """
        ...

    def unlock(self, *, passphrase: str = "", asked: bool = False) -> Status:
        """Open the store with the keyring's key, or ``passphrase`` (or the recovery code).

        After :meth:`lock` the keyring alone does not open it again until the person ``asked``.
        Raises Locked or WrongPassphrase, and Damaged where the files cannot be trusted.
        """
        ...

    def examine(self, *, passphrase: str = "") -> Iterator[Check]:
        """What is wrong with a store that does not open, and which copies are good; changes nothing."""
        ...

    def put_back(self, *, passphrase: str = "") -> Iterator[Check]:
        """The newest good copies in place of a damaged key file or user.db; those are kept aside.

        Raises NotFound where there is none.
        """
        ...

    def restore(self, *, file: str, passphrase: str = "") -> Status:
        """A new store from a backup, opened with what opened it then; the files are checked first.

        Raises UsageFault where there is a store, Damaged for a backup that is not whole.
        """
        ...

    def delete_everything(self, *, words: str) -> tuple[str, ...]:
        """The key first, then the files; the process ends. Returns what was left: texts you had written.

        Raises UsageFault unless ``words`` are "delete everything".
        """
        ...

    def lock(self) -> None:
        """Forget the key and stay locked: models stop, the engine process exits."""
        ...


class Keys(Protocol):
    """The store's key. ``current`` is the passphrase in use, where there is one; else WrongPassphrase."""

    def move(self, *, current: str = "", new: str = "") -> Status:
        """Keep the key under the passphrase ``new``, or with an empty one in this computer's keyring."""
        ...

    def renew_code(self, *, current: str = "") -> str:
        """A new recovery code, shown once; the one before opens nothing any more."""
        ...

    def change(self, *, current: str = "") -> str:
        """A new key for every file; returns its recovery code. The store is closed for that moment.

        Cut short it is finished when the store is opened next.
        """
        ...


class Copies(Protocol):
    """What is written for the person to keep elsewhere."""

    def backup(self, *, file: str, index: bool = False) -> Written:
        """user.db and the key file (and the index) as one encrypted file.

        It opens with what opens the store now. Raises UsageFault where ``file`` is there already.
        """
        ...

    def export(self, *, folder: str) -> Written:
        """Everything in open formats, in the clear, in a new folder. Raises UsageFault where it is there."""
        ...


class Sources(Protocol):
    """What is read, and bringing the index up to date."""

    def list(self) -> tuple[SourceState, ...]: ...

    def add(self, *, kind: str, path: str) -> SourceState: ...

    def add_account(self, *, kind: str, url: str, secret: str) -> SourceState:
        """Read a mailbox (kind imap) or calendars (caldav) elsewhere; see :mod:`app.core.accounts`.

        The password, or OAuth2 token, is tried at once, and kept where the store's key is. For an account
        that is there already it takes the place of the old one. Raises WrongPassword, Refused, UsageFault.
        """
        ...

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
        """Read an account by signing in with its provider (OAuth 2.0) instead of a password.

        Begins with the address to be opened in the person's browser. ``client`` is the id they registered
        with the provider, or empty for an account that was signed in to before; the addresses are known for
        some providers. Tokens are kept where the store's key is, and renewed by themselves.
        Raises UsageFault, Refused, WrongPassword.
        """
        ...

    def calendars(self) -> tuple[CalendarState, ...]:
        """Those of accounts that are read, for the setting where new events go (actions.calendar)."""
        ...

    def remove(self, *, kind: str, path: str) -> int:
        """Forget a source and everything indexed from it; returns the number of items."""
        ...

    def index(
        self, *, watch: bool = False, words: bool = False
    ) -> Iterator[Indexed | Skipped | Removed | Moved | Progress | Waiting | Done]:
        """Read what changed. With ``watch`` it goes on following changes until closed.

        With ``words`` it ends where words find everything: photos are not looked into for text, and no
        vectors are made.
        """
        ...

    def skipped(self) -> tuple[SkippedFile, ...]: ...

    def retry(self, *, uri: str = "") -> int:
        """Let a skipped file, or all of them, be read again at the next run; returns how many files."""
        ...

    def discover(self) -> Iterator[Candidate]:
        """What is found on this machine that could be a source, with its size; nothing is read."""
        ...

    def pause(self, *, on: bool) -> None:
        """Let what follows changes rest until it is resumed, also by another start of Homebody."""
        ...

    def person(self, *, idle_s: float, front: bool = False) -> None:
        """The window says when the person last used keyboard or mouse: work in the background gives way.

        And whether it is in ``front``: then accounts that cannot tell of changes are asked every few seconds.
        """
        ...


class Forgetting(Protocol):
    """What is taken out of everything, and never read again."""

    def forget(self, *, kind: str, value: str) -> Forgotten:
        """Remove an item (a uri), a sender (an address) or a path from index, conversations and snapshots.

        Or everything that a pattern of file names covers. A path that is a source is no source any more.
        Raises NotFound and UsageFault.
        """
        ...

    def covered(self, *, kind: str, value: str) -> int:
        """How many items :meth:`forget` would remove. Raises UsageFault for what cannot be forgotten."""
        ...

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Newest first."""
        ...

    def again(self, *, kind: str, value: str) -> None:
        """Let it be read again, at the next run. Raises NotFound where it was not excluded."""
        ...


class Verbs(Protocol):
    """Find, ask, summarize, draft, rewrite, act."""

    def search(self, *, query: str, scope: Scope = ..., k: int = 10, words: bool = False) -> tuple[Hit, ...]:
        """The best passages; with ``words`` by words alone, which waits for no other process."""
        ...

    def ask(
        self, *, question: str, scope: Scope = ..., conversation: int = 0
    ) -> Iterator[Found | Thinking | Token | Answer]:
        """Answer from the store; what can be counted or listed comes as one Answer that cites all of it."""
        ...

    def summarize(self, *, text: str = "", uri: str = "") -> Iterator[Thinking | Token | Text]:
        """Summarize ``text``, or the stored item ``uri`` with its whole thread."""
        ...

    def draft(
        self, *, say: str, reply_to: str = "", to: tuple[str, ...] = (), subject: str = ""
    ) -> Iterator[Thinking | Token | Text | Proposal]:
        """A mail saying ``say``; ends with the proposal to keep it.

        Either the reply to the mail ``reply_to``, or a new mail to each of ``to`` (an address, or a name
        known from mails and events), whose subject is written too where ``subject`` gives none.
        Raises UsageFault where a name means several people, and NotFound where it means none.
        """
        ...

    def rewrite(self, *, text: str, style: str) -> Iterator[Thinking | Token | Text]: ...

    def act(self, *, text: str) -> Iterator[Thinking | Proposal | Nothing]: ...

    def route(self, *, text: str) -> Route:
        """Which verb ``text`` asks for, which sources it names, and whether it is much work."""
        ...

    def heavy(self, *, question: str, scope: Scope = ...) -> Iterator[Proposal | Nothing]:
        """The proposal to send this question, with the passages found, to the cloud endpoint."""
        ...

    def item(self, *, uri: str) -> ItemView: ...

    def selected(
        self, *, text: str, task: str = "", say: str = "", origin: str = ""
    ) -> Iterator[Thinking | Token | Text | Found | Answer | Proposal | Nothing]:
        """Do something with ``text`` that the person selected in another program, or on the screen.

        ``task`` is ask | summarize | reply | note | event | act, or a style of :meth:`rewrite`; empty: what
        the words ``say`` ask for. ``origin`` is where it was selected, for the proposal. An answer cites
        places in ``text``, under the uri "selection:". Raises UsageFault for an empty text or words.
        """
        ...

    def legible(self, *, data: bytes) -> str:
        """The text in a picture of the screen (PNG or JPEG); the picture is kept nowhere.

        Raises HomebodyError for what is no picture.
        """
        ...

    def picture(self, *, uri: str) -> Picture:
        """A stored photo, upright and small. Raises HomebodyError where it cannot be shown."""
        ...


class Library(Protocol):
    """Everything that is indexed, to be looked through."""

    def spine(self, *, shelf: Shelf) -> Spine:
        """All days on which there is something, in the person's zone."""
        ...

    def page(self, *, shelf: Shelf, day: int, skip: int = 0, limit: int = 100) -> tuple[Row, ...]:
        """Items newest first, from the ``skip``-th of ``day`` on and into the days before.

        ``day`` is an ordinal of the spine; 0: those without a date, which come last.
        """
        ...

    def threads(self, *, shelf: Shelf, skip: int = 0, limit: int = 100) -> Threads:
        """Conversations of two or more, the one that was written in last first."""
        ...

    def thread(self, *, thread: str) -> tuple[Row, ...]:
        """All of one thread, oldest first."""
        ...

    def held(self) -> tuple[Held, ...]:
        """What there is, by kind and sort of source."""
        ...

    def spots(self, *, shelf: Shelf) -> tuple[Spot, ...]:
        """Where pictures were taken, the most of them first."""
        ...

    def thumbnails(self, *, uris: tuple[str, ...]) -> Iterator[Thumbnail]:
        """One for each, as it is made."""
        ...

    def today(self) -> Brief:
        """Events to come, mails that wait for an answer, this day in earlier years."""
        ...


class Deeds(Protocol):
    """Approve, perform, undo; and the journal of all that."""

    def approve(self, *, sha256: str) -> Approval:
        """The person said yes to the proposal shown under ``sha256``; good once, for minutes."""
        ...

    def amend(self, *, sha256: str, arguments: dict[str, str]) -> Proposal:
        """The same proposal with other words in the arguments that may be edited, to be approved instead.

        Raises UsageFault where one may not be, or does not fit.
        """
        ...

    def withhold(self, *, sha256: str, words: tuple[str, ...]) -> Proposal:
        """The same request with exactly these of its envelope's words kept back, to be approved instead.

        Raises UsageFault for a proposal that has no envelope, and for words that are not in it.
        """
        ...

    def never(self, *, sha256: str, source: str) -> Proposal | Nothing:
        """The same request without what is read from ``source`` (a path), of which nothing is sent again.

        ``Nothing`` where no passage is left. Raises UsageFault as :meth:`withhold`.
        """
        ...

    def perform(self, *, token: str) -> Iterator[Thinking | Token | Fetching | Receipt | Answer]: ...

    def undo(self, *, journal_id: int = 0) -> JournalEntry:
        """Undo one deed, or with 0 the last one that can be undone."""
        ...

    def journal(self, *, limit: int = 100) -> tuple[JournalEntry, ...]: ...

    def shown(self, *, journal_id: int) -> Proposal:
        """What a deed carried out, exactly as the person said yes to it: of what left, every byte.

        Raises NotFound where the deed had no proposal, or what it was made of has been forgotten since.
        """
        ...


class Conversations(Protocol):
    def list(self, *, find: str = "") -> tuple[ConversationState, ...]: ...

    def turns(self, *, id: int) -> tuple[Turn, ...]: ...

    def rename(self, *, id: int, title: str) -> None: ...

    def delete(self, *, id: int) -> Talk:
        """It is gone from the file; what is returned is all there is to undo it with."""
        ...

    def cut(self, *, id: int, turns: int) -> Talk:
        """Keep the first ``turns`` messages, since the next is asked anew; returns it as it was."""
        ...

    def put_back(self, *, talk: Talk) -> None:
        """As it was, in place of what is there under its id."""
        ...


class Hats(Protocol):
    """The tasks as the person's own: measured, trained, carried, gone back from.

    A new adapter is worn only where the gate lets it through; the verdict says why, in numbers.
    Those that make one raise HomebodyError while another is being made.
    """

    def list(self) -> tuple[HatState, ...]: ...

    def evaluate(
        self, *, task: str, base_only: bool = False, corpora: str = "", limit: int = 0
    ) -> Iterator[Works | Scores]:
        """Measure the bare base and the adapter that is worn, on a model of its own.

        ``corpora`` is a folder of public sets, ``limit`` the most cases a set (0: all).
        """
        ...

    def train(self, *, task: str, more: tuple[str, ...] = ()) -> Iterator[Works | Verdict]:
        """Train anew from the task's examples and those of the files ``more``."""
        ...

    def port(self, *, task: str, to: str, more: tuple[str, ...] = ()) -> Iterator[Works | Verdict]:
        """Train for another base: a catalog key or the path of a GGUF file."""
        ...

    def bring(self, *, task: str, folder: str) -> Iterator[Works | Verdict]:
        """Take the PEFT adapter in ``folder``, made elsewhere for the base in use."""
        ...

    def export(
        self, *, task: str, folder: str, repository: str = "", corrections: bool = False
    ) -> tuple[str, ...]:
        """Write the adapter that is worn, and its examples, for other programs; returns the files.

        ``repository`` is the public base it is served on; with ``corrections`` the person's own go
        with the examples, in the clear.
        """
        ...

    def rollback(self, *, task: str) -> HatState:
        """Wear what was worn before. Raises NotFound where nothing of the person's own is worn."""
        ...


class Teaching(Protocol):
    """Corrections, and personal adapters made of them."""

    def teach(self, *, task: str) -> Iterator[Works | Verdict | Nothing]:
        """Train a personal adapter in the background; ends with the verdict, or Nothing and why.

        It waits while the computer runs on battery. Closed or killed, it goes on where it stood
        when it is asked for again.
        """
        ...

    def correct(self, *, trace: str, accepted: str) -> Correction | None:
        """Keep what the person made of a text (its ``trace``); None where they do not want that."""
        ...

    def add(self, *, task: str, fields: dict[str, str], accepted: str, said: str = "") -> Correction:
        """A correction from elsewhere: ``fields`` are those of the task's prompt."""
        ...

    def corrections(self, *, task: str = "") -> tuple[Correction, ...]:
        """Newest first."""
        ...

    def forget(self, *, id: int) -> HatState:
        """Delete a correction, with every adapter that learned from it but the one that is worn."""
        ...


class Admin(Protocol):
    """Settings, models, tasks, processes, health."""

    def settings(self) -> tuple[SettingState, ...]: ...

    def set(self, *, key: str, value: str) -> SettingState: ...

    def cloud_key(self, *, key: str) -> None:
        """Keep (or with an empty string forget) the cloud endpoint's key in the OS keyring."""
        ...

    def models(self) -> tuple[ModelState, ...]: ...

    def use_model(self, *, key: str) -> ModelState:
        """Make a catalog entry, or a GGUF file given by its path, the base model."""
        ...

    def get_model(self, *, key: str) -> Iterator[Proposal | Nothing]:
        """The proposal to fetch a model of the catalog; a run that was cut short goes on."""
        ...

    def remove_model(self, *, key: str) -> ModelState:
        """Delete the file of a fetched model, or what an unfinished fetch left; not the one in use."""
        ...

    def tasks(self) -> tuple[TaskState, ...]:
        """Every hat as the language model has loaded and checked it."""
        ...

    def processes(self) -> tuple[ProcessState, ...]:
        """Ours that run, and every specialist, with what they hold and why."""
        ...

    def pin(self, *, name: str, pinned: bool = True) -> None:
        """Keep a specialist in memory while a person is about to use it; ten minutes, unless renewed."""
        ...

    def doctor(self) -> Iterator[Check]: ...

    def warm(self) -> None:
        """Start the specialists now, so that the first question need not wait for them."""
        ...


class Endpoint(Protocol):
    """The model and its hats for other programs on this computer."""

    def serve(self, *, port: int, fresh: bool = False) -> Iterator[Serving | Served | Thinking]:
        """Serve until closed.

        An OpenAI-compatible endpoint on the loopback interface; ``port`` 0 takes a free one,
        ``fresh`` makes a new token. Raises HomebodyError where the port is taken.
        """
        ...
