"""The nouns that travel between processes, and the frozen steps every flow yields."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of everything that travels: immutable, validated when decoded."""


class Step(Record, frozen=True, kw_only=True, tag_field="step", tag=str.lower):
    """One step of a flow; ``step`` in its JSON form is the class's name in lower case."""


# --- finding -----------------------------------------------------------------------------------


class Scope(Record, frozen=True, kw_only=True):
    """What a question is limited to; empty fields limit nothing. Times are [after, before)."""

    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    people: tuple[str, ...] = ()  # parts of names or addresses
    after: datetime | None = None
    before: datetime | None = None


class Hit(Record, frozen=True, kw_only=True):
    """A passage that was found; ``start`` and ``end`` are character offsets in the item's text."""

    rank: int
    uri: str
    source: str
    kind: str
    title: str
    when: datetime | None
    people: tuple[str, ...]
    snippet: str  # the passage, shortened around the matching words
    score: float
    text: str  # the whole passage
    start: int
    end: int
    path: str = ""
    place: str = ""
    similarity: float = 0.0  # cosine of question and passage, 0 when there was no vector
    alike: int = 0  # how many more pictures show the same: copies, or a burst
    page: int = 0  # of a document that has several, the one on which the passage begins, from 1
    within: str = ""  # the title of the mail, where it is attached to one

    def page_at(self, at: int) -> int:
        """The page on which the place ``at`` of the passage lies; 0 where there are none."""
        if not self.page:
            return 0
        begins = len(self.text) - len(self.text.lstrip())
        return self.page + self.text.count("\f", begins, max(at, begins))


class Citation(Record, frozen=True, kw_only=True):
    """``[n]`` in an answer: the place in an item that it stands on."""

    n: int
    uri: str
    start: int
    end: int
    title: str = ""
    quote: str = ""
    kind: str = ""  # of the item, where the answer is a list
    when: datetime | None = None  # which date of a series; otherwise the item's own
    page: int = 0  # of a document that has several


class ItemView(Record, frozen=True, kw_only=True):
    """An item as it is shown: everything that is stored of it."""

    uri: str
    source: str
    kind: str
    title: str
    text: str
    when: datetime | None
    people: tuple[str, ...]
    place: str
    path: str
    thread: str
    links: tuple[str, ...]
    meta: dict[str, str]


# --- routing -----------------------------------------------------------------------------------


class Route(Record, frozen=True, kw_only=True):
    """Where a person's words go. ``sources`` are those named, none: all; ``confidence`` is of the verb.

    ``heavy``: they ask for more thought than a small model has.
    """

    verb: Literal["ask", "summarize", "draft", "rewrite", "act"]
    sources: tuple[str, ...] = ()
    heavy: bool = False
    confidence: float = 0.0  # 0 to 1


# --- acting ------------------------------------------------------------------------------------


class Field(Record, frozen=True, kw_only=True):
    """One line of a confirmation: plain text only; ``origin`` says where the value came from."""

    label: str
    value: str
    origin: str = "you"  # you | assistant | a sentence such as "from a mail by X"


class Withheld(Record, frozen=True, kw_only=True):
    """Words of a request that tell who somebody is, ``times`` in it; where ``held``, ``stands`` goes instead.

    ``kind`` is address | link | account | phone | number | name.
    """

    text: str
    kind: str
    stands: str
    times: int
    held: bool


class Given(Record, frozen=True, kw_only=True):
    """A passage that a request to another computer gives along; ``sources`` are the paths it is read from."""

    text: str
    sources: tuple[str, ...]
    people: tuple[str, ...] = ()


class Envelope(Record, frozen=True, kw_only=True):
    """What a request to another computer is made of, as the person may change it before saying yes.

    Counts of tokens are estimates; ``cents`` is the most it costs at the prices of the settings, 0 without.
    """

    question: str
    passages: tuple[Given, ...]
    words: tuple[Withheld, ...]
    tokens: int
    back: int  # that come back at most
    cents: float = 0.0


class Proposal(Step, frozen=True, kw_only=True, tag="proposal"):
    """Something the assistant would like to do, in full; ``sha256`` is over action and arguments."""

    action: str
    arguments: dict[str, object]
    title: str
    preview: tuple[Field, ...]
    sha256: str
    warnings: tuple[str, ...] = ()
    envelope: Envelope | None = None  # of what would leave the computer


class Approval(Record, frozen=True, kw_only=True):
    """The person's yes to exactly one proposal, once, until ``expires``."""

    sha256: str
    token: str
    expires: datetime


class Receipt(Step, frozen=True, kw_only=True, tag="performed"):
    """What was done, where it can be seen, and the journal entry under which it can be undone."""

    journal_id: int
    action: str
    summary: str
    path: str = ""
    undoable: bool = True
    sha256: str = ""  # of the proposal


class JournalEntry(Record, frozen=True, kw_only=True):
    """One line of the journal: metadata only, never the text of a message."""

    id: int
    when: datetime
    what: str  # action:create_event | cloud | undo | unlock | source | …
    summary: str
    state: str  # done | undone | failed | refused
    bytes_out: int = 0
    undoable: bool = False
    shown: bool = False  # what the person said yes to can be read again: Deeds.shown


# --- steps of the flows ------------------------------------------------------------------------


class Indexed(Step, frozen=True, kw_only=True):
    uri: str
    source: str
    title: str = ""


class Skipped(Step, frozen=True, kw_only=True):
    uri: str
    reason: str


class Removed(Step, frozen=True, kw_only=True):
    uri: str


class Moved(Step, frozen=True, kw_only=True):
    """The same item under another uri, as its file has another name or place."""

    uri: str
    was: str


class Progress(Step, frozen=True, kw_only=True):
    """``stage`` is scan | read | ocr | embed | watch | wait; ``total`` is 0 while it is not known.

    ``path`` is the source's; ``share`` (0 to 1, by bytes) and ``left_s`` (seconds) are -1 where not known.
    """

    source: str
    stage: str
    done: int
    total: int
    path: str = ""
    share: float = -1.0
    left_s: float = -1.0


class Waiting(Step, frozen=True, kw_only=True):
    """An index run waits: until the disk takes writes again, or a pause is over; it goes on by itself."""

    reason: str


class Done(Step, frozen=True, kw_only=True):
    """The end of an index run, with its counts."""

    added: int
    updated: int
    unchanged: int
    removed: int
    skipped: int
    items: int
    passages: int
    seconds: float
    moved: int = 0


class Found(Step, frozen=True, kw_only=True):
    passages: tuple[Hit, ...]
    searched: str = ""  # one sentence: what was searched, in which scope
    took_ms: float = 0.0


class Thinking(Step, frozen=True, kw_only=True):
    """The model reads the prompt: ``done`` of ``total`` tokens."""

    done: int
    total: int


class Token(Step, frozen=True, kw_only=True):
    text: str


class Fetching(Step, frozen=True, kw_only=True):
    """A file on its way: ``done`` of ``total`` bytes are here (0: not known), ``rate`` a second.

    ``stage`` is download, or check while what an earlier run left is read; ``sent`` counts bytes.
    """

    file: str
    stage: str
    done: int
    total: int
    rate: float = 0.0
    sent: int = 0


class Answer(Step, frozen=True, kw_only=True):
    """The checked answer: ``[n]`` in the text are citations; ``made`` says where it was made."""

    text: str
    citations: tuple[Citation, ...]
    supported: bool
    unsupported: tuple[str, ...] = ()  # the sentences nothing was found for
    made: str = "On this computer"
    conversation: int = 0
    heavy: str = ""  # why a larger model might do better; empty otherwise


class Text(Step, frozen=True, kw_only=True):
    """The finished text of summarize, draft and rewrite."""

    text: str
    title: str = ""
    made: str = "On this computer"
    tokens: int = 0
    unsupported: tuple[str, ...] = ()  # sentences, names or numbers that stand nowhere in the source
    kept: tuple[str, ...] = ()  # pieces a rewriting left alone: the new words would have said something else
    trace: str = ""  # what an edited version of it is handed in under, to be learned from


class Nothing(Step, frozen=True, kw_only=True):
    """``act`` found nothing to do, or ``undo`` nothing to undo, and says why."""

    reason: str


# --- state that is shown -----------------------------------------------------------------------


class SourceState(Record, frozen=True, kw_only=True):
    id: int
    kind: str
    path: str
    items: int = 0
    skipped: int = 0
    last_indexed: datetime | None = None
    files: int = 0
    missing: bool = False  # the folder is not there now (an unplugged disk): nothing is deleted
    fault: str = ""  # why an account could not be read the last time


class CalendarState(Record, frozen=True, kw_only=True):
    """One that new events can go to: its address, what it is called, and whether they do."""

    address: str
    name: str
    chosen: bool = False


class Consent(Step, frozen=True, kw_only=True):
    """Signing in goes on in the person's own browser, at ``url``; ``host`` is who asks there."""

    url: str
    host: str


class SignedIn(Step, frozen=True, kw_only=True):
    """The account that was signed in to is a source."""

    source: SourceState


class Candidate(Step, frozen=True, kw_only=True):
    """Something on this machine that could be a source; nothing of it is read before the person says so.

    ``more``: there is more than was counted in a moment; ``known``: it is a source already.
    """

    kind: str
    path: str
    name: str
    files: int
    bytes: int
    more: bool = False
    known: bool = False


class SkippedFile(Record, frozen=True, kw_only=True):
    uri: str
    reason: str
    source: str


class Status(Record, frozen=True, kw_only=True):
    """What the window shows at a glance. ``vault`` is new | locked | open."""

    vault: str
    key_place: str = ""  # keyring | passphrase
    items: int = 0
    passages: int = 0
    embedded: int = 0
    indexing: bool = False
    model: str = ""
    cloud: str = ""  # empty: off; else the host that may be asked
    first_run: bool = False
    writable: bool = True  # False: the disk is full or read-only, so that nothing new can be kept
    prompt_only: tuple[str, ...] = ()  # tasks without an adapter for the base in use: by prompt only


class Exclusion(Record, frozen=True, kw_only=True):
    """What is not read although its source is.

    ``kind`` is item (a uri) | sender (an address, or ``@`` and a domain) | path | pattern (of names).
    """

    kind: str
    value: str
    when: datetime


class Forgotten(Step, frozen=True, kw_only=True):
    """How much was removed for good, and from where; ``left`` are sentences on what could not be."""

    items: int
    turns: int = 0  # of conversations: answers and quotes that stood on it
    corrections: int = 0
    proposals: int = 0
    snapshots: int = 0  # copies of user.db that were gone through
    left: tuple[str, ...] = ()


class Written(Step, frozen=True, kw_only=True):
    """Files that were written for the person: a backup, or an export."""

    path: str
    files: int
    bytes: int


class ProcessState(Record, frozen=True, kw_only=True):
    """A process of ours, or a specialist that is not running now (``pid`` 0), and ``why`` that is."""

    name: str  # ui | engine | llm | embedder | ocr | gallery | trainer | apart | reader
    pid: int
    rss: int  # resident bytes
    expected: int = 0  # bytes it counts with in the memory budget
    at_work: bool = False
    pinned: bool = False
    idle_s: float = 0.0  # seconds since it last worked
    why: str = ""


class ConversationState(Record, frozen=True, kw_only=True):
    id: int
    title: str
    when: datetime


class Turn(Record, frozen=True, kw_only=True):
    """One message of a conversation; ``role`` is user | assistant."""

    role: str
    text: str
    when: datetime
    citations: tuple[Citation, ...] = ()
    made: str = ""
    supported: bool = True


class Talk(Record, frozen=True, kw_only=True):
    """A whole conversation as it was, so that taking it away can be undone."""

    id: int
    title: str
    when: datetime
    turns: tuple[Turn, ...]


class SettingState(Record, frozen=True, kw_only=True):
    key: str
    value: str
    default: str
    kind: str  # bool | int | choice | text | path
    choices: tuple[str, ...] = ()
    sentence: str = ""
    section: str = ""


class Check(Step, frozen=True, kw_only=True):
    """One line of the doctor: ``state`` is ok | healed | bad, with the remedy."""

    name: str
    state: str
    detail: str = ""
    remedy: str = ""


class Serving(Step, frozen=True, kw_only=True):
    """The local endpoint is open at ``url`` for whoever knows ``token``."""

    url: str
    token: str
    models: tuple[str, ...]


class Served(Step, frozen=True, kw_only=True):
    """One request to it was answered with the HTTP ``status``; ``model`` is empty where none was asked."""

    model: str
    status: int
    prompt_tokens: int = 0
    tokens: int = 0
    seconds: float = 0.0


class Figure(Step, frozen=True, kw_only=True):
    """One measured number with its unit; ``how`` says what was done for it."""

    name: str
    value: float
    unit: str
    how: str = ""
