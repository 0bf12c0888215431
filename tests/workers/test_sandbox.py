"""Without the network there is no socket but a Unix one: not in Python, not in C, not in a child."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from worker_probe import Probe

from app.core.errors import HomebodyError
from app.workers.sandbox import Limits
from app.workers.worker import Worker

linux = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux")


def test_python_is_told_clearly(start: Callable[..., Worker]) -> None:
    worker = start()
    for how in ("python", "name"):
        with pytest.raises(HomebodyError, match="may not use the network"):
            worker.call(Probe.network, how=how)
    assert worker.call(Probe.network, how="unix") == "open"
    granted = start(limits=Limits(network=True))
    assert granted.call(Probe.network, how="python") == "open"


@linux
def test_the_system_call_itself_is_denied(start: Callable[..., Worker]) -> None:
    assert "not supported" in start().call(Probe.network, how="raw")
    assert start(limits=Limits(network=True)).call(Probe.network, how="raw") == "open"


@linux
def test_children_inherit_it(start: Callable[..., Worker]) -> None:
    assert start().call(Probe.spawned_network) != 0
    assert start(limits=Limits(network=True)).call(Probe.spawned_network) == 0


THREAD = """
import ctypes, socket, sys, threading
sys.path.insert(0, {root!r})
from app.workers.sandbox import deny_network
go, said = threading.Event(), []
def early():
    go.wait()
    said.append(ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0) >= 0)
thread = threading.Thread(target=early)
thread.start()
if {deny}:
    deny_network()
go.set()
thread.join()
print(said[0])
"""


@linux
@pytest.mark.parametrize(("deny", "could"), [(True, "False"), (False, "True")])
def test_threads_that_ran_before_are_covered(deny: bool, could: str) -> None:
    code = THREAD.format(root=str(Path(__file__).parents[2]), deny=deny)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == could
