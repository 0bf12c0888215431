"""What the benchmark counts as spent."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import pytest

from app.cli import bench_cost

_BUSY = "import time\nwhile time.process_time() < 0.5: pass"


def test_a_process_that_ended_counts_too() -> None:
    """A reader of mails may be gone when the work is done."""
    cost = bench_cost.of_ours(lambda: subprocess.run([sys.executable, "-c", _BUSY], check=True))
    assert cost.cpu > 0.2
    assert cost.memory > 2**20


def test_what_the_system_cannot_tell_to_the_nanosecond_is_asked_of_psutil(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    while time.process_time() < 0.1:
        pass
    monkeypatch.delattr(time, "clock_gettime")
    assert bench_cost._spent(os.getpid()) > 0
