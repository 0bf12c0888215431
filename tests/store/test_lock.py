"""Only one process owns a data folder, and its end frees it, however it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from app.core.errors import AnotherInstance
from app.core.paths import Paths
from app.store.lock import DataLock

HOLD = """
import sys, time
from pathlib import Path
from app.core.paths import Paths
from app.store.lock import DataLock
with DataLock(Paths(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_process_is_refused_until_the_first_is_killed(paths: Paths) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(paths.data)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AnotherInstance, match=str(holder.pid)) as refused, DataLock(paths):
            pass
        assert refused.value.exit_code == 12
        holder.kill()
        holder.wait()
    with DataLock(paths):
        pass


def test_the_same_process_cannot_hold_it_twice(paths: Paths) -> None:
    with DataLock(paths), pytest.raises(AnotherInstance), DataLock(paths):
        pass
    with DataLock(paths):
        pass
