"""The processor time that a reader has for one file: a file that takes more ends its process.

The kernel keeps the limit (setitimer(2), ITIMER_PROF: user and system time of the whole process), so it
holds inside a library that never returns, and a machine that is busy with other things makes no hang of
a good file. A parser of large documents says :func:`beat` for each page, and gets as much again.
"""

from __future__ import annotations

import signal
import time

FILE_S = 2.0  # processor seconds without a sign of life
MOST_S = 30.0  # for one file, whatever signs it gives
_SPENT_S = 0.05

_began = 0.0  # processor time of this process when the file was begun; 0 while none is
_since = 0.0  # when that was, by the clock


def begin() -> None:
    """A file is being read from now on, with ``FILE_S`` seconds to give its first sign.

    Small files come by the thousand a second, and setting a limit takes as long as reading some of one: what
    the file before it has left over, all but ``_SPENT_S`` at least, will do.
    """
    global _began, _since
    now = time.monotonic()
    if _began and now - _since < _SPENT_S:
        return
    _since, _began = now, time.process_time() or 1e-9
    _arm(FILE_S)


def beat() -> None:
    """The file is large, not stuck. Nothing outside a reader, and nothing once ``MOST_S`` are used up."""
    if _began and time.process_time() - _began < MOST_S:
        _arm(FILE_S)


def again() -> None:
    """A file of gigabytes has come a good piece further: all its time anew. Nothing outside a reader."""
    if _began:
        begin()


def end() -> None:
    """No file is being read."""
    global _began  # noqa: PLW0603 - as above
    _began = 0.0
    _arm(0.0)


def _arm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_PROF, seconds)
