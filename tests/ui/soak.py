"""An hour with the real app: random use of all of it, and whether memory, threads and Qt's objects stay.

    xvfb-run -a -s "-screen 0 1400x960x24" python tests/ui/soak.py --minutes 60 --seed 1

The window is that of the app, in this process, on the real engine with its models, over the demo person's
data and a folder of notes that keeps changing. After a sixth of the time, in which the store is locked and
opened as well, what is made once has been made: from then on memory is compared, by the median of the
twelfth that follows and of the last one. Exit code 1 where anything has grown by five percent, something is
left that was opened and closed, or an exception came up.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

PASSPHRASE = "only to be used for an hour"
MOST = 0.05  # growth
_SAMPLE_S = 10.0
_NOTES = 6
_CALLS = 400
_FACTS = ("The boiler was serviced in {n}.", "The ferry leaves at {n} o'clock.", "Seeds for bed {n} came.")


def samples(engine: int) -> dict[str, int]:
    """Bytes by process, as shares of what is in memory (PSS): the window's, the engine's, and all."""
    from tests.ui import census

    me = psutil.Process()
    held = {me.pid: census.own(me.pid)[1]}
    for child in me.children(recursive=True):
        try:
            if "app.workers" in " ".join(child.cmdline()):
                held[child.pid] = census.own(child.pid)[1]
        except psutil.Error:
            continue  # it has just ended
    return {"window": held[me.pid], "engine": held.get(engine, 0), "all": sum(held.values())}


def growth(early: list[dict[str, int]], late: list[dict[str, int]]) -> dict[str, float]:
    """Of each part, from the median of ``early`` to that of ``late``: 0.05 is five percent more."""
    return {
        name: statistics.median(one[name] for one in late) / statistics.median(one[name] for one in early) - 1
        for name in ("window", "engine", "all")
    }


class Notes:
    """A folder of a few notes, one of which changes now and then."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self._chance = folder, chance
        folder.mkdir(parents=True)
        for n in range(_NOTES):
            self._write(n)

    def change(self) -> None:
        n = self._chance.randrange(_NOTES)
        place = self.folder / f"note-{n}.md"
        if place.exists() and self._chance.random() < 0.2:
            place.unlink()
        else:
            self._write(n)

    def _write(self, n: int) -> None:
        words = self._chance.choice(_FACTS).format(n=self._chance.randrange(2000))
        (self.folder / f"note-{n}.md").write_text(f"# Note {n}\n\n{words}\n", "utf-8")


class Soak:
    """The app, who uses it, and what was seen of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        from PySide6.QtWidgets import QApplication

        from app.core.paths import Paths
        from app.ui.desktop import Desktop, Start
        from app.workers.worker import Worker
        from tests.ui.turning import Loop
        from tests.ui.using import Using

        self.faults: list[str] = []
        sys.excepthook = self._fault
        self.app = QApplication(["homebody"])
        self.loop = Loop(self.app)
        data = folder / "data"
        log = (folder / "engine.log").open("ab", buffering=0)
        self.engine = Worker(
            "engine", "app.engine:service", config={"data": str(data), "launcher": -1}, log=log
        )
        self.opener = Worker("opener", "app.workers.opener:service")
        self.desktop = Desktop(self.app, self.engine, self.opener, Start(Paths(data), passphrase=PASSPHRASE))
        self.chance = random.Random(seed)
        self.notes = Notes(folder / "notes", self.chance)
        self.using = Using(self.desktop, self.loop, seed=seed, passphrase=PASSPHRASE)
        self.begun = time.monotonic()

    def begin(self) -> None:
        """The store with what it is to know, all of it indexed."""
        from app.core.api import Sources
        from app.core.paths import demo_sources

        session = self.desktop.session
        self.desktop.begin()
        self.loop.until(lambda: session.status.vault == "open", 120, "the store")
        added: list[object] = []
        self.desktop.window.toast.say = self._said
        for kind, place in (*demo_sources(), ("notes", self.notes.folder)):
            before = len(added)
            session.run(Sources.add, added.append, added.append, kind=kind, path=str(place))
            self.loop.until(lambda before=before: len(added) > before, 60, "a source")
        self.desktop.indexing.start()
        self.indexed(words=True)

    def indexed(self, *, words: bool = False) -> None:
        """Everything is read, seen and embedded; with ``words`` it is enough that all is read."""
        session, indexing, asked = self.desktop.session, self.desktop.indexing, [0.0]

        def done() -> bool:
            status = session.status
            if time.monotonic() - asked[0] > 5:
                asked[0] = time.monotonic()
                session.refresh_status()
                far = f"{status.items} items, {status.embedded} of {status.passages} embedded"
                print(f"{far}; {indexing.sentence()}", file=sys.stderr, flush=True)
            under_way = {p.stage for p in indexing.progress.values() if not p.total or p.done < p.total}
            read = words and bool(under_way & {"ocr", "embed"}) and "read" not in under_way
            return bool(status.passages) and (read or not indexing.busy)

        self.loop.until(done, 1800, "the index")

    def use(self, seconds: float, *, locks: int = 0, told: Callable[[dict[str, int]], None]) -> None:
        """Random use for so long; ``told`` of the memory every few seconds, while nothing is open."""
        begun = sampled = time.monotonic()
        locked = 0
        while (spent := time.monotonic() - begun) < seconds:
            try:
                if locked < min(locks, 4 * locks * spent / seconds):  # then engine and models are warm again
                    locked += 1
                    self.using.do("lock")
                self.using.anything()
            except Exception as error:
                self.faults.append(f"{type(error).__name__}: {error}")
                print(self.faults[-1], file=sys.stderr, flush=True)
                self._leave()
                continue
            if self.chance.random() < 0.2:
                self.notes.change()
            if time.monotonic() - sampled >= _SAMPLE_S:
                sampled = time.monotonic()
                at = {"at": round(sampled - self.begun), "moves": self.using.done}
                told(samples(self.engine.pid) | at)

    def quiet(self) -> None:
        """Everything opened once, all of the engine's threads with what they keep, and nothing left to do."""
        self.using.everything()
        self._busy(_CALLS)
        self.using.home()
        self.indexed()
        self.loop.for_(2)

    def _busy(self, calls: int) -> None:
        """Many questions at once, which no thread of the engine is spared."""
        from app.core.api import Library, Verbs
        from app.core.library import Shelf

        session, heard = self.desktop.session, list[object]()
        for n in range(calls):
            word = chr(ord("a") + n % 26) + chr(ord("a") + n // 26 % 26)
            session.run(Verbs.search, heard.append, heard.append, query=f"{word} meeting", k=6, words=True)
            session.run(Library.spine, heard.append, heard.append, shelf=Shelf(words=word))
        self.loop.until(lambda: len(heard) == 2 * calls, 600, "many answers")

    def close(self) -> None:
        self.desktop.close()
        self.opener.stop()
        self.engine.stop()

    def _said(self, text: str, *_: object, **__: object) -> None:
        print(text, file=sys.stderr, flush=True)

    def _leave(self) -> None:
        from PySide6.QtWidgets import QDialog, QMenu

        for each in self.app.topLevelWidgets():
            if isinstance(each, QDialog | QMenu) and each.isVisible():
                each.close()
        self.loop.for_(0.5)

    def _fault(self, kind: type[BaseException], error: BaseException, trace: Any) -> None:
        self.faults.append(f"{kind.__name__}: {error}")
        sys.__excepthook__(kind, error, trace)


def soak(folder: Path, *, minutes: float, seed: int) -> int:
    """Runs it, tells how it goes on standard error, and the result on standard output; the exit code."""
    from tests.ui import census

    one = Soak(folder, seed)
    early: list[dict[str, int]] = []
    seen: list[dict[str, int]] = []

    def told(some: list[dict[str, int]], sample: dict[str, int]) -> None:
        some.append(sample)
        print(json.dumps(sample), file=sys.stderr, flush=True)

    try:
        one.begin()
        whole = minutes * 60
        one.use(whole / 6, locks=2, told=partial(told, early))
        one.quiet()
        before = census.objects(), census.threads(), census.files()
        python = census.python()
        one.use(whole * 5 / 6, told=partial(told, seen))
        one.quiet()
        after = census.objects(), census.threads(), census.files()
        more = census.python()
    finally:
        one.close()
    few = max(3, len(seen) // 10)
    shares = growth(seen[:few], seen[-few:])
    left = [census.grown(a, b) for a, b in zip(before, after, strict=True)]
    print(f"{minutes:g} minutes, seed {seed}, {one.using.done:,} moves, {len(one.faults)} faults")
    for name, share in shares.items():
        first, last = (statistics.median(s[name] for s in some) for some in (seen[:few], seen[-few:]))
        print(f"{name}: {first / 2**20:.1f} → {last / 2**20:.1f} MB, {100 * share:+.1f} %")
    print(f"Qt's objects left: {census.told(left[0]) or 'none'}")
    print(f"threads left: {census.told(left[1]) or 'none'}; files left: {census.told(left[2]) or 'none'}")
    print(f"Python's objects, most grown: {census.told(census.grown(python, more, least=50)) or 'none'}")
    for fault in one.faults[:20]:
        print(fault)
    return int(bool(max(shares.values()) >= MOST or any(left) or one.faults))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    faulthandler.register(signal.SIGUSR1)  # kill -USR1 tells where it is
    manager = subprocess.Popen(["openbox", "--sm-disable"]) if shutil.which("openbox") else None
    with tempfile.TemporaryDirectory(prefix="homebody-soak-") as name:
        home = Path(name)
        for part, where in (("HOME", "home"), ("XDG_RUNTIME_DIR", "run"), ("XDG_CONFIG_HOME", "config")):
            os.environ[part] = str(home / where)
            (home / where).mkdir(mode=0o700)
        try:
            return soak(home, minutes=arguments.minutes, seed=arguments.seed)
        finally:
            if manager is not None:
                manager.terminate()
                manager.wait(5)


if __name__ == "__main__":
    sys.exit(main())
