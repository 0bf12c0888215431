"""Every setting, declared once: default, kind, range, and the sentence the dialog and docs show."""

from __future__ import annotations

import re
from pathlib import Path

from app.core.errors import UsageFault
from app.core.types import Record, SettingState

_INT = re.compile(r"-?[0-9]{1,12}")
_COMBINATION = re.compile(r"((Ctrl|Alt|Shift|Meta)\+)*(\S|F[0-9]{1,2}|[A-Z][A-Za-z]{1,11})|")


class Setting(Record, frozen=True, kw_only=True):
    """``kind`` is bool | int | choice | text | path | keys; ``low`` and ``high`` bound an int.

    In place of a path may stand the address of an ``account`` of that kind. What is for an ``expert`` is
    shown only to who wants to see it.
    """

    key: str
    default: str
    kind: str
    sentence: str
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    account: str = ""
    expert: bool = False

    @property
    def section(self) -> str:
        return self.key.partition(".")[0]

    def check(self, value: str) -> str:
        """The value as it is stored; raises UsageFault naming what is allowed."""
        value = value.strip()
        if self.kind == "bool" and value not in ("true", "false"):
            raise UsageFault(f"{self.key} is true or false", where=value)
        if self.kind == "choice" and value not in self.choices:
            raise UsageFault(f"{self.key} is one of {', '.join(self.choices)}", where=value)
        if self.kind == "int" and not (_INT.fullmatch(value) and self.low <= int(value) <= self.high):
            raise UsageFault(f"{self.key} is a number from {self.low} to {self.high}", where=value)
        if self.kind == "keys" and not _COMBINATION.fullmatch(value):
            raise UsageFault(
                f"{self.key} is a key", where=value, remedy="such as Ctrl+N or F1; empty for none"
            )
        if self.account and "://" in value:
            from app.core import accounts

            return accounts.parse(self.account, value).url
        if self.kind == "path" and value and not (value.startswith("~/") or Path(value).is_absolute()):
            raise UsageFault(f"{self.key} is a whole path", where=value, remedy="begin it with / or ~/")
        return value

    def state(self, value: str) -> SettingState:
        return SettingState(
            key=self.key,
            value=value,
            default=self.default,
            kind=self.kind,
            choices=self.choices,
            sentence=self.sentence,
            section=self.section,
        )


def _flag(key: str, default: bool, sentence: str, *, expert: bool = False) -> Setting:
    return Setting(key=key, default=str(default).lower(), kind="bool", sentence=sentence, expert=expert)


def _keys(name: str, default: str, sentence: str) -> Setting:
    return Setting(key=f"keys.{name}", default=default, kind="keys", sentence=sentence)


TABLE: tuple[Setting, ...] = (
    Setting(
        key="appearance.theme",
        default="system",
        kind="choice",
        choices=("system", "light", "dark"),
        sentence="Light or dark, or as the desktop says.",
    ),
    Setting(
        key="appearance.text_size",
        default="100",
        kind="int",
        low=80,
        high=200,
        sentence="Text size in percent.",
    ),
    Setting(
        key="appearance.language",
        default="system",
        kind="choice",
        choices=("system", "en", "de"),
        sentence="The window's language; system: as the desktop's.",
    ),
    _flag("appearance.expert", False, "Shows the settings that hardly anybody needs to change, too."),
    _flag("desktop.close_to_tray", False, "Closing the window keeps Homebody in the tray."),
    _flag("desktop.enter_sends", True, "Enter sends and Shift+Enter makes a line; off: the other way round."),
    Setting(
        key="desktop.hotkey",
        default="Ctrl+Alt+S",
        kind="text",
        sentence="Summarizes the selected text in any program.",
    ),
    Setting(
        key="desktop.quick_hotkey",
        default="Ctrl+Alt+Space",
        kind="text",
        sentence="Opens the quick prompt over any program, and closes it again.",
    ),
    Setting(
        key="desktop.screen_hotkey",
        default="Ctrl+Alt+R",
        kind="text",
        sentence="Reads the text of a window, or of a part of the screen that you choose.",
    ),
    _keys("new", "Ctrl+N", "New conversation."),
    _keys("ask", "Ctrl+L", "Go to the question box."),
    _keys("write", "Ctrl+M", "Write a mail."),
    _keys("find", "Ctrl+F", "Search conversations."),
    _keys("today", "Ctrl+D", "Today."),
    _keys("library", "Ctrl+B", "Library."),
    _keys("activity", "Ctrl+J", "Activity."),
    _keys("settings", "Ctrl+,", "Settings."),
    _keys("commands", "Ctrl+K", "All commands, by name."),
    _keys("larger", "Ctrl++", "Larger text."),
    _keys("smaller", "Ctrl+-", "Smaller text."),
    _keys("lock", "Ctrl+Shift+L", "Lock Homebody."),
    _keys("help", "F1", "The list of keys."),
    _keys("quit", "Ctrl+Q", "Quit."),
    Setting(
        key="lock.minutes",
        default="0",
        kind="int",
        low=0,
        high=1440,
        sentence="Locks Homebody after so many minutes in which you ask nothing; 0 never does.",
    ),
    _flag("lock.suspend", False, "Locks Homebody before this computer sleeps."),
    _flag("indexing.paused", False, "New and changed files wait until you resume reading them."),
    Setting(
        key="indexing.battery",
        default="slow",
        kind="choice",
        choices=("slow", "pause", "full"),
        sentence="On battery changes are read slowly, not at all, or as on mains power.",
    ),
    Setting(key="you.name", default="", kind="text", sentence="Your name, as it stands under your mails."),
    Setting(key="you.address", default="", kind="text", sentence="Your mail address, for drafts."),
    Setting(
        key="actions.calendar",
        default="",
        kind="path",
        account="caldav",
        sentence="Where new events go: a folder for .ics files, or the address of a calendar of an account "
        "that is read, as https://you@dav.example.org/you/home/; empty: inside the data folder.",
    ),
    Setting(
        key="actions.drafts",
        default="",
        kind="path",
        sentence="Folder that mail drafts are written to as .eml files; empty: inside the data folder.",
    ),
    Setting(
        key="actions.notes",
        default="",
        kind="path",
        sentence="Folder that new notes are written to as Markdown; empty: inside the data folder.",
    ),
    _flag(
        "cloud.enabled", False, "Offer to ask a larger model elsewhere; each request is shown and confirmed."
    ),
    Setting(
        key="cloud.url",
        default="",
        kind="text",
        sentence="Address of an OpenAI-compatible endpoint, ending in /v1.",
    ),
    Setting(key="cloud.model", default="", kind="text", sentence="Name of the model at that endpoint."),
    Setting(
        key="cloud.never",
        expert=True,
        default="",
        kind="text",
        sentence="Sources of which nothing is ever sent there: folders or accounts, with ; between them.",
    ),
    Setting(
        key="cloud.price_in",
        expert=True,
        default="0",
        kind="int",
        low=0,
        high=1_000_000,
        sentence="What the endpoint takes for a million tokens sent, in cents; 0: not known.",
    ),
    Setting(
        key="cloud.price_out",
        expert=True,
        default="0",
        kind="int",
        low=0,
        high=1_000_000,
        sentence="What the endpoint takes for a million tokens that come back, in cents; 0: not known.",
    ),
    Setting(
        key="serve.port",
        expert=True,
        default="8217",
        kind="int",
        low=0,
        high=65535,
        sentence="Port of the local endpoint that `homebody serve` opens; 0 takes a free one.",
    ),
    Setting(
        key="teach.enabled",
        default="ask",
        kind="choice",
        choices=("ask", "yes", "no"),
        sentence="Keep what you correct in drafts, summaries and proposals, encrypted, to learn from it.",
    ),
    Setting(
        key="model.base",
        default="smollm2-135m",
        kind="text",
        sentence="The base model: a key of the catalog, or the path of a GGUF file.",
    ),
    Setting(
        key="model.embedder",
        expert=True,
        default="",
        kind="path",
        sentence="Folder of another embedding model, as sentence-transformers saves it; empty: our own. "
        "What is stored is embedded anew, and found with the model before until that is done.",
    ),
    Setting(
        key="model.backend",
        expert=True,
        default="auto",
        kind="choice",
        choices=("auto", "llamacpp", "mlx"),
        sentence="What runs the language model: llama.cpp anywhere, or MLX; auto takes MLX on Apple silicon.",
    ),
    Setting(
        key="model.context",
        expert=True,
        default="4096",
        kind="int",
        low=1024,
        high=131_072,
        sentence="How many tokens the model reads at once, as far as it was made for; more take more memory.",
    ),
    Setting(
        key="model.kv_cache",
        expert=True,
        default="f16",
        kind="choice",
        choices=("f16", "q8_0", "q4_0"),
        sentence="What the model keeps of what it read: exact, or in half or a quarter of the memory.",
    ),
    _flag(
        "model.mmap",
        True,
        "Leave the model in its file's pages: it may then exceed the memory it is given, only slower.",
        expert=True,
    ),
    Setting(
        key="model.idle_minutes",
        expert=True,
        default="5",
        kind="int",
        low=0,
        high=1440,
        sentence="Models leave the memory after so many minutes without use; 0 keeps them.",
    ),
    Setting(
        key="model.memory_mb",
        expert=True,
        default="0",
        kind="int",
        low=0,
        high=1_048_576,
        sentence="Memory all models together may use, in MB; 0 takes half of this machine's.",
    ),
    Setting(
        key="model.endpoint",
        expert=True,
        default="https://huggingface.co",
        kind="text",
        sentence="The hub that models are fetched from, each only after you confirm it.",
    ),
)
BY_KEY = {setting.key: setting for setting in TABLE}


def setting(key: str) -> Setting:
    """Raises UsageFault for a key that does not exist, naming those that do."""
    if key not in BY_KEY:
        raise UsageFault("no such setting", where=key, remedy=f"one of: {', '.join(BY_KEY)}")
    return BY_KEY[key]
