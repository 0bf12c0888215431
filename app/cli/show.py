"""How steps and states look in a terminal; with --json every step is one JSON line instead."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from app.cli import table
from app.core import models
from app.core import types as t
from app.core.policy import visible

_MiB = 1024 * 1024
_CITED = 20  # of an answer's sources, in a terminal


class Screen:
    """Where a command writes: results on stdout, progress and questions on stderr."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._live = sys.stderr.isatty()
        self._words = sys.stdout.isatty()  # in a file or a pipe only the finished text is wanted
        self._open_line = False

    def record(self, value: object) -> None:
        """One result: a JSON line, or the words for it."""
        if self.as_json:
            progress = isinstance(value, t.Progress | t.Thinking | models.Works | t.Fetching)
            print(
                msgspec.json.encode(value).decode(), file=sys.stderr if progress else sys.stdout, flush=True
            )
            return
        words = _WORDS.get(type(value))
        if words is not None:
            self._end_line()
            print(words(value), flush=True)

    def records(self, values: Iterable[object], *, none: str) -> None:
        """A list of results; ``none`` says what to do when it is empty."""
        values = tuple(values)
        for value in values:
            self.record(value)
        if not values and not self.as_json:
            self.note(none)

    def step(self, step: object) -> None:
        """One step of a stream: words as they come, progress on one line that is overwritten."""
        if self.as_json:
            self.record(step)
        elif isinstance(step, t.Token):
            self._word(step.text)
        elif isinstance(step, t.Progress | t.Thinking | models.Works | t.Fetching):
            self._progress(step)
        else:
            self._clear()
            self.record(step)

    def _word(self, text: str) -> None:
        """A piece of the text as the model writes it, pale: the checked text follows."""
        if self._words:
            self._clear()
            sys.stdout.write(f"\x1b[2m{visible(text)}\x1b[0m")
            sys.stdout.flush()
            self._open_line = not text.endswith("\n")

    def note(self, text: str) -> None:
        self._end_line()
        print(text, file=sys.stderr, flush=True)

    def yes(self, question: str) -> bool:
        """Ask the person at the terminal; without one the answer is no."""
        if self.as_json or not sys.stdin.isatty():
            return False
        self._end_line()
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in ("y", "yes", "j", "ja")

    def _progress(self, step: t.Progress | t.Thinking | models.Works | t.Fetching) -> None:
        if not self._live:
            return
        if isinstance(step, models.Works):
            text = _works(step)
        elif isinstance(step, t.Thinking):
            text = f"reading … {step.done}/{step.total}"
        elif isinstance(step, t.Fetching):
            text = _fetching(step)
        else:
            text = _progressed(step)
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._live and not self._open_line:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def _end_line(self) -> None:
        self._clear()
        if self._open_line:
            print()
            self._open_line = False


def show(screen: Screen, steps: Generator[object, None, None]) -> object:
    """Show every step; returns the last one. Ctrl+C cancels the work on the other side."""
    last: object = None
    with closing(steps):
        for last in steps:
            screen.step(last)
    return last


def _day(when: Any) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M}" if when else ""


def _hit(hit: t.Hit) -> str:
    about = " · ".join(
        filter(None, (hit.kind, hit.title, ", ".join(hit.people[:2]), _day(hit.when), hit.place))
    )
    about += f" · in “{hit.within}”" if hit.within else ""
    about += f" · page {hit.page}" if hit.page else ""
    about += f" · and {hit.alike} more like it" if hit.alike else ""
    return f"{hit.rank:>2}. {visible(about)}\n    {visible(hit.snippet)}\n    {visible(hit.uri)}"


def _source_line(hit: t.Hit) -> str:
    return visible(" · ".join(filter(None, (f"{hit.rank:>2}. {hit.kind}", hit.title, _day(hit.when)))))


def _answer(answer: t.Answer) -> str:
    lines = [visible(answer.text)] if answer.text else []
    lines += [_citation(c) for c in answer.citations[:_CITED]]
    if (more := len(answer.citations) - _CITED) > 0:
        lines.append(f"  … and {more:,} more; homebody --json ask … lists them all")
    lines += [f"  ? no source for: {visible(s)}" for s in answer.unsupported]
    return "\n".join([*lines, f"  {answer.made}"])


def _citation(c: t.Citation) -> str:
    page = f"page {c.page}" if c.page else ""
    about = " · ".join(filter(None, (c.title, page, _day(c.when))))
    return f"  [{c.n}] {visible(about)} — {visible(c.uri)}"


def _text(text: t.Text) -> str:
    lines = [visible(text.text)]
    lines += [f"  ? not in the source: {visible(s)}" for s in text.unsupported]
    lines += [f"  = left as you wrote it: {visible(s)}" for s in text.kept]
    return "\n".join(lines)


def _proposal(proposal: t.Proposal) -> str:
    lines = [f"Proposal: {visible(proposal.title)}"]
    lines += [
        f"  {f.label}: {f.value}   ({visible(f.origin)})".removesuffix("   (you)") for f in proposal.preview
    ]
    lines += [f"  ! {w}" for w in proposal.warnings]
    return "\n".join([*lines, f"  {proposal.sha256}"])


def _progressed(p: t.Progress) -> str:
    counts = f"{p.done:,}" + (f"/{p.total:,}" if p.total else "")
    share = f" {p.share:.0%}" if p.share >= 0 else ""
    left = f", {_span(p.left_s)} left" if p.left_s >= 0 else ""
    return " ".join(filter(None, (p.stage, p.source, f"{counts}{share}{left}")))


def _candidate(c: t.Candidate) -> str:
    counts = (
        f"{'more than ' if c.more else ''}{c.files:,} file{'' if c.files == 1 else 's'}, {_size(c.bytes)}"
    )
    place = f"  homebody sources add {c.kind} {shlex.quote(visible(c.path))}"
    return f"{c.kind:<9} {visible(c.name)}  ({counts}){'  read already' if c.known else chr(10) + place}"


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:,.0f} {unit}"
        count /= 1000
    return f"{count:,.1f} GB"


def _source(s: t.SourceState) -> str:
    return source_table((s,))


def source_table(states: Sequence[t.SourceState]) -> str:
    """A line for each source: how much of it is known, when it was last looked at, what is wrong with it."""
    head = ("", "items", "files", "skipped", "last look", "place")
    rows = [
        (
            s.kind,
            f"{s.items:,}",
            f"{s.files:,}",
            f"{s.skipped:,}",
            _day(s.last_indexed) or "never",
            _home(s.path),
        )
        for s in states
    ]
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(len(head))]
    lines = [_cells(head, widths)]
    for state, row in zip(states, rows, strict=True):
        lines.append(_cells(row, widths))
        wrong = (
            "it is not there now; what is known of it is kept"
            if state.missing
            else visible(" ".join(state.fault.split()))
        )
        lines += [f"{' ' * (widths[0] + 2)}! {wrong}"] if wrong else []
    return "\n".join(lines)


def _cells(row: Sequence[str], widths: Sequence[int]) -> str:
    """Numbers to the right, words to the left."""
    cells = [
        cell.rjust(width) if 1 <= n <= 3 else cell.ljust(width)
        for n, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def _home(path: str) -> str:
    """A place as a person writes it: their home folder is ~."""
    home = str(Path.home())
    short = f"~{path[len(home) :]}" if path == home or path.startswith(f"{home}/") else path
    return visible(short).replace("\n", "\\n")


def _done(d: t.Done) -> str:
    return (
        f"{d.items:,} items, {d.passages:,} passages: {d.added:,} added, {d.updated:,} changed, "
        f"{d.removed:,} removed, {d.moved:,} moved, {d.unchanged:,} unchanged, {d.skipped:,} skipped "
        f"in {d.seconds:.1f} s"
    )


def _model(m: models.ModelState) -> str:
    state = "in use" if m.active else "here" if m.installed else "not here"
    known = "" if m.sha256 or m.installed else " (no checksum here: only the hub vouches for it)"
    size, ram = m.size / 1e6, m.ram / 1e6
    return (
        f"{'*' if m.active else ' '} {m.key:<16} {state:<9} {size:>6,.0f} MB  {ram:>6,.0f} MB RAM  "
        f"{m.licence}  {m.title}{known}{', finds photos by what they show' * (m.serves == 'pictures')}"
    )


def _fetching(f: t.Fetching) -> str:
    words = f"{'checking what is here of ' if f.stage == 'check' else ''}{f.file}  {f.done / 1e6:,.0f}"
    words += f" of {f.total / 1e6:,.0f} MB" if f.total else " MB"
    if f.rate <= 0 or f.stage == "check":
        return words
    left = max(0, f.total - f.done) / f.rate
    return f"{words}, {f.rate / 1e6:,.1f} MB/s" + (f", {left:,.0f} s left" if f.total else "")


def _task(s: models.TaskState) -> str:
    adapter = (
        f"rank {s.rank}, {s.adapter_bytes // 1024} KiB, {s.adapter[:12]}" if s.adapter else "by prompt alone"
    )
    return f"{s.name:<10} {s.state:<12} {adapter}" + "".join(f"\n    {fault}" for fault in s.faults)


def _serving(serving: t.Serving) -> str:
    return (
        f"Serving at {serving.url} to programs on this computer; Ctrl+C ends it.\n"
        f"  API key  {serving.token}\n"
        f"  models   {', '.join(serving.models)}"
    )


def _served(served: t.Served) -> str:
    tokens = f"  {served.prompt_tokens} + {served.tokens} tokens" if served.tokens else ""
    return f"{served.status}  {served.model or '-':<16} {served.seconds:6.2f} s{tokens}"


def _works(w: models.Works) -> str:
    """How far it is, how long it will take, and what it is at."""
    counts = f" {w.done}/{w.total}" if w.total else " …"
    left = " · waiting for mains power" if w.paused else f" · {_span(w.left_s)} left" if w.left_s >= 0 else ""
    return f"{w.task}: {w.stage}{counts}{left}" + (f" · {w.detail}" if w.detail else "")


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _hat(s: models.HatState) -> str:
    words = [_task(s)]
    if s.since:
        words.append(f"    {s.origin} {_day(s.since)}; homebody tasks rollback {s.name} goes back")
    if s.reworded:
        words.append("    trained with another wording of its task; train or teach it anew")
    if s.corrections:
        need = f", {s.missing} more needed" if s.missing else f", {s.new} new"
        words.append(f"    {s.corrections} corrections{need}")
    if s.unfit:
        words.append(f"    {s.unfit} corrections of an earlier form of the task, left out")
    return "\n".join(words)


def _correction(c: models.Correction) -> str:
    held = "  (held back)" if c.held_back else ""
    return f"{c.id:>5}  {_day(c.when)}  {c.task}{held}\n    {visible(' '.join(c.accepted.split()))}"


def _forgotten(f: t.Forgotten) -> str:
    words = [f"{f.items:,} items forgotten"]
    words += [
        f"{count:,} {what}"
        for count, what in (
            (f.turns, "answers that stood on them"),
            (f.corrections, "corrections"),
            (f.proposals, "proposals"),
            (f.snapshots, "snapshots gone through"),
        )
        if count
    ]
    return "\n".join([", ".join(words), *(f"  ! {visible(left)}" for left in f.left)])


_WORDS: dict[type, Callable[[Any], str]] = {
    t.Hit: _hit,
    t.Found: lambda f: "\n".join(map(_source_line, f.passages)),
    t.Answer: _answer,
    t.Text: _text,
    t.Proposal: _proposal,
    t.Nothing: lambda n: visible(n.reason),
    t.Receipt: lambda r: f"{r.summary}  (undo {r.journal_id})" + (f"\n  {r.path}" if r.path else ""),
    t.JournalEntry: lambda e: f"{e.id:>5}  {_day(e.when)}  {e.state:<8} {e.what:<22} {visible(e.summary)}",
    t.SourceState: _source,
    t.Consent: lambda c: f"Sign in with your browser at {visible(c.host)}:\n{visible(c.url)}",
    t.Forgotten: _forgotten,
    t.Written: lambda w: f"{visible(w.path)}  {w.files:,} files, {w.bytes / 1e6:,.1f} MB",
    t.Waiting: lambda w: f"waiting: {visible(w.reason)}",
    t.Exclusion: lambda e: f"{e.kind:<7} {_day(e.when)}  {visible(e.value)}",
    t.Candidate: _candidate,
    t.Moved: lambda m: f"moved   {visible(m.was)} to {visible(m.uri)}",
    t.SkippedFile: lambda s: f"{visible(s.uri)}\n    {visible(s.reason)}",
    t.Skipped: lambda s: f"skipped {visible(s.uri)}: {visible(s.reason)}",
    t.Done: _done,
    models.ModelState: _model,
    models.TaskState: _task,
    models.HatState: _hat,
    models.Scores: table.scores,
    models.Verdict: table.verdict,
    models.Correction: _correction,
    t.SettingState: lambda s: f"{s.key:<24} {s.value or '(empty)':<20} {s.sentence}",
    t.Check: lambda c: f"{c.state:<7} {c.name}: {c.detail}" + (f" — {c.remedy}" if c.remedy else ""),
    t.ProcessState: lambda p: f"  {p.name:<10} {p.rss / _MiB:>6.0f} MB  {p.why}".rstrip(),
    t.Serving: _serving,
    t.Served: _served,
    t.Figure: lambda f: f"{f.name:<44} {f.value:>12,.4g} {f.unit:<10} {f.how}".rstrip(),
    t.Status: lambda s: f"{s.vault}, key in the {s.key_place or 'keyring'}, {s.items:,} items",
}
