"""What the model was asked and said of late, so that a text the person edits can become a correction.

In memory only, and only the last ones: what nobody corrects is forgotten.
"""

from __future__ import annotations

import collections
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

MOST = 64


@dataclass(frozen=True)
class Trace:
    """One completion: the task's prompt fields, the model's own words, and the item it was about."""

    task: str
    fields: dict[str, str]
    said: str
    uri: str = ""


class Traces:
    """Any thread may call."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._known: collections.OrderedDict[str, Trace] = collections.OrderedDict()

    def keep(self, trace: Trace) -> str:
        """The name under which it is found again."""
        name = secrets.token_hex(8)
        self.link(name, trace)
        return name

    def link(self, name: str, trace: Trace) -> None:
        """Find ``trace`` under ``name`` too: a proposal that was made of it has its own."""
        with self._guard:
            self._known[name] = trace
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def find(self, name: str) -> Trace | None:
        with self._guard:
            return self._known.get(name)

    def drop(self, concerns: Callable[[Trace], bool]) -> None:
        """Forget those that ``concerns`` says yes to."""
        with self._guard:
            for name in [name for name, trace in self._known.items() if concerns(trace)]:
                del self._known[name]
