"""Calls, streams, flow control, cancel, and every way a process of ours can end."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from worker_probe import Probe

from app.core.errors import Bug, HomebodyError, NoSpace, NotFound, WorkerDied
from app.core.types import Scope
from app.workers.frames import MAX_FRAME, WINDOW
from app.workers.sandbox import Limits
from app.workers.worker import Worker

Start = Callable[..., Worker]
MiB = 1024 * 1024


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def test_a_call_returns_its_value_with_the_protocols_defaults(start: Start) -> None:
    worker = start()
    assert worker.call(Probe.echo, text="hé") == "hé 0"
    assert worker.call(Probe.echo, text="x", scope=Scope(sources=("mail", "notes"))) == "x 2"


def test_large_values_travel_both_ways(start: Start) -> None:
    worker = start()
    assert worker.call(Probe.size, data=bytes(20 * MiB)) == 20 * MiB
    assert len(worker.call(Probe.blob, size=20 * MiB)) == 20 * MiB


def test_what_is_too_large_is_one_clear_error_and_the_worker_lives(start: Start) -> None:
    worker = start()
    pid = worker.pid or (worker.call(Probe.echo, text="") and worker.pid)
    with pytest.raises(HomebodyError, match="the request is too large"):
        worker.call(Probe.size, data=bytes(MAX_FRAME + 1))
    with pytest.raises(HomebodyError, match="the answer is too large"):
        worker.call(Probe.blob, size=MAX_FRAME + 1)
    assert worker.call(Probe.echo, text="x") == "x 0"
    assert worker.pid == pid


def test_one_that_was_begun_is_not_started_again_by_its_first_call(start: Start) -> None:
    worker = start()
    worker.begin()
    pid = worker.pid
    assert pid
    worker.begin()
    assert worker.call(Probe.echo, text="x") == "x 0"
    assert worker.pid == pid


def test_one_that_ended_before_its_first_call_says_so_and_starts_again(start: Start) -> None:
    worker = start()
    worker.begin()
    os.kill(worker.pid, signal.SIGKILL)
    with pytest.raises(WorkerDied, match="did not start"):
        worker.call(Probe.echo, text="x")
    assert worker.call(Probe.echo, text="x") == "x 0"
    late = start()
    late.begin()
    late.stop()  # nobody has called it
    assert not late.pid


def test_what_is_told_at_each_start_comes_first_and_its_failing_ends_the_process(start: Start) -> None:
    worker, told = start(), []
    worker.greet = lambda started: told.append(started.call(Probe.echo, text="hello"))
    worker.call(Probe.echo, text="x")
    worker.kill()
    worker.call(Probe.echo, text="x")
    worker.call(Probe.echo, text="x")
    assert told == ["hello 0"] * 2
    worker.stop()
    worker.greet = lambda started: told.append(started.call(Probe.fail, how="ours"))
    with pytest.raises(NotFound):
        worker.call(Probe.echo, text="x")
    assert worker.pid == 0


def test_a_process_may_be_given_larger_frames_both_ways(start: Start) -> None:
    worker = start(limits=Limits(frame=MAX_FRAME + 1024))
    assert worker.call(Probe.size, data=bytes(MAX_FRAME)) == MAX_FRAME
    assert len(worker.call(Probe.blob, size=MAX_FRAME)) == MAX_FRAME
    with pytest.raises(HomebodyError, match="the request is too large"):
        worker.call(Probe.size, data=bytes(MAX_FRAME + 1025))
    with pytest.raises(HomebodyError, match="the answer is too large"):
        worker.call(Probe.blob, size=MAX_FRAME + 1025)


def test_a_configuration_too_large_to_be_sent_says_so(start: Start) -> None:
    with pytest.raises(HomebodyError, match="the request is too large"):
        start(config={"data": bytes(MAX_FRAME)}).call(Probe.echo, text="x")


def test_a_stream_arrives_whole_and_in_order(start: Start) -> None:
    assert list(start().stream(Probe.count, to=10_000)) == list(range(10_000))


@pytest.mark.parametrize("steps", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 2 * WINDOW])
def test_streams_end_at_every_length_around_the_window(start: Start, steps: int) -> None:
    assert list(start().stream(Probe.count, to=steps)) == list(range(steps))


def test_a_child_never_runs_ahead_of_a_slow_reader_by_more_than_the_window(start: Start) -> None:
    worker = start(config={"threads": 2})
    stream = worker.stream(Probe.count, to=10_000)
    ahead = []
    for taken, _ in enumerate(stream, 1):
        if taken <= 200:  # a reader that looks, now and then, how far the child is
            time.sleep(0.005 if taken % 50 == 0 else 0)
            ahead.append(worker.call(Probe.produced) - taken)
    assert taken == 10_000
    assert 0 < max(ahead) <= WINDOW


def test_closing_a_stream_runs_the_finally_on_the_other_side(start: Start) -> None:
    worker = start(config={"threads": 2})
    stream = worker.stream(Probe.count, to=1_000_000)
    assert [next(stream) for _ in range(3)] == [0, 1, 2]
    assert worker.call(Probe.finished) == 0
    stream.close()
    until(lambda: worker.call(Probe.finished) == 1, "the flow was not closed")


def test_a_stream_is_closed_by_another_thread_while_a_step_is_awaited(start: Start) -> None:
    worker = start(config={"threads": 2})
    stream = worker.open(Probe.count, to=3, pause=2.0)
    assert next(stream) == 0
    threading.Timer(0.1, stream.close).start()
    assert list(stream) == []
    until(lambda: worker.call(Probe.finished) == 1, "the flow was not closed")


def test_a_stream_nobody_reads_any_more_is_cancelled_by_close_alone(start: Start) -> None:
    worker = start(config={"threads": 2})
    stream = worker.open(Probe.count, to=1_000_000)
    assert next(stream) == 0
    stream.close()  # and never asked for a step again
    until(lambda: worker.call(Probe.finished) == 1, "the flow was not closed")


def test_a_flow_with_nothing_to_say_hears_that_nobody_waits_any_more(start: Start) -> None:
    worker = start(config={"threads": 2})
    stream = worker.open(Probe.brood)
    assert next(stream) == 0
    assert worker.call(Probe.finished) == 0  # control: it is still waited for
    stream.close()
    until(lambda: worker.call(Probe.finished) == 1, "the flow waits for ever")


def test_kill_in_the_middle_of_a_stream_is_one_error_and_the_next_call_works(start: Start) -> None:
    worker = start()
    got, errors = [], []
    try:
        for step in worker.stream(Probe.count, to=1_000_000):
            got.append(step)
            if step == 100:
                first = worker.pid
                os.kill(first, signal.SIGKILL)
    except WorkerDied as error:
        errors.append(error)
    assert len(errors) == 1
    assert "SIGKILL" in errors[0].where
    assert got == list(range(len(got)))
    assert worker.call(Probe.echo, text="again") == "again 0"
    assert worker.pid not in (0, first)


def test_all_requests_under_way_hear_why_the_process_was_killed(start: Start) -> None:
    worker = start(config={"threads": 4})
    worker.call(Probe.echo, text="")
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(worker.call, Probe.sleep, seconds=60) for _ in range(4)]
        time.sleep(0.2)
        worker.kill("memory was needed elsewhere")
        for each in waiting:
            with pytest.raises(WorkerDied, match="memory was needed elsewhere"):
                each.result()
    assert worker.call(Probe.echo, text="x") == "x 0"


@pytest.mark.parametrize(
    "data",
    [
        b"\x05\x00\x00\x00hello",  # no MessagePack of a frame
        struct.pack("<I", MAX_FRAME + 1),  # a length nobody should believe
        b"\x02\x00\x00\x00\x90\xc1",
    ],
    ids=["malformed", "oversized", "not-a-frame"],
)
def test_a_child_that_babbles_is_one_error_and_is_replaced(start: Start, data: bytes) -> None:
    worker = start()
    worker.call(Probe.echo, text="")
    first = worker.pid
    with pytest.raises(WorkerDied):
        worker.call(Probe.garbage, data=data)
    assert worker.call(Probe.echo, text="x") == "x 0"
    assert worker.pid != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)  # it is gone, not left behind


def test_half_a_frame_and_then_death_is_one_error(start: Start) -> None:
    worker = start()
    with pytest.raises(WorkerDied, match="exit code 9"):
        worker.call(Probe.fail, how="half")
    assert worker.call(Probe.echo, text="x") == "x 0"


def test_errors_keep_their_kind_place_and_remedy(start: Start) -> None:
    worker = start()
    with pytest.raises(NotFound) as caught:
        worker.call(Probe.fail, how="ours")
    assert (caught.value.message, caught.value.where, caught.value.remedy) == (
        "no such thing",
        "here",
        "look there",
    )
    with pytest.raises(NoSpace, match="/full"):
        worker.call(Probe.fail, how="disk")
    with pytest.raises(Bug, match="RuntimeError: a bug"):
        worker.call(Probe.fail, how="bug")
    with pytest.raises(Bug, match="SystemExit"):
        worker.call(Probe.fail, how="exit")
    with pytest.raises(HomebodyError, match="out of memory"):
        worker.call(Probe.fail, how="memory")
    with pytest.raises(HomebodyError):  # a broken pipe that is not ours must not be taken for ours
        worker.call(Probe.fail, how="pipe")
    assert worker.call(Probe.echo, text="x") == "x 0"


def test_a_malformed_request_is_refused_by_name(start: Start) -> None:
    with pytest.raises(HomebodyError, match=r"malformed.*Probe.echo"):
        start().call(Probe.echo, text=5)


def test_the_wall_limit_ends_a_silent_process(start: Start) -> None:
    worker = start(limits=Limits(wall=0.5))
    assert worker.call(Probe.echo, text="x") == "x 0"
    with pytest.raises(WorkerDied, match=r"no answer within 0\.5 s"):
        worker.call(Probe.sleep, seconds=60)
    assert worker.call(Probe.echo, text="x") == "x 0"


def test_the_wall_limit_counts_silence_not_the_time_in_the_queue(start: Start) -> None:
    worker = start(limits=Limits(wall=1.5))  # one thread: the second call waits for the first
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(lambda: list(worker.stream(Probe.count, to=8, pause=0.3)))
        time.sleep(0.2)
        second = pool.submit(worker.call, Probe.echo, text="x")
        assert first.result() == list(range(8))
        assert second.result() == "x 0"


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux only")
def test_the_memory_limit_is_a_clear_error(start: Start) -> None:
    worker = start(limits=Limits(memory=512 * MiB))
    with pytest.raises(HomebodyError, match="out of memory"):
        worker.call(Probe.fill, mib=600)
    assert start().call(Probe.fill, mib=600) == 600 * MiB  # control: without the limit it fits
    assert worker.call(Probe.fill, mib=10) == 10 * MiB


def test_the_processor_limit_says_so(start: Start) -> None:
    with pytest.raises(WorkerDied, match="SIGXCPU"):
        start(limits=Limits(cpu=1)).call(Probe.spin)


def test_a_process_that_may_not_write_cannot_but_still_answers(start: Start, tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        worker = start(limits=Limits(writes=False), log=log)
        with pytest.raises(HomebodyError):
            worker.call(Probe.write, path=tmp_path / "x")
        with pytest.raises(Bug, match="a bug"):  # its traceback cannot be logged, its error arrives
            worker.call(Probe.fail, how="bug")
        assert worker.call(Probe.say, text="x") == ""
    assert start().call(Probe.write, path=tmp_path / "y") == "something"  # control


def test_stray_prints_go_to_the_log_and_leave_the_frames_alone(start: Start, tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        worker = start(log=log)
        assert worker.call(Probe.say, text="chatter ") == ""
        assert worker.call(Probe.echo, text="x") == "x 0"
        worker.stop()
    assert (tmp_path / "log").read_text().count("chatter") == 201


def test_eight_threads_call_at_once(start: Start) -> None:
    worker = start(config={"threads": 4})

    def many(thread: int) -> bool:
        calls = all(worker.call(Probe.echo, text=f"{thread}.{n}") == f"{thread}.{n} 0" for n in range(100))
        return calls and list(worker.stream(Probe.count, to=150)) == list(range(150))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(many, range(8)))


def test_eight_threads_and_a_murderer(start: Start) -> None:
    """Each call either answers or is one WorkerDied; afterwards all is well."""
    worker = start(config={"threads": 4})
    answered, died = [], []

    def many(thread: int) -> None:
        for n in range(60):
            try:
                answered.append(worker.call(Probe.echo, text=f"{n}"))
            except WorkerDied as error:
                died.append(error)

    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(many, n) for n in range(8)]
        for _ in range(3):
            time.sleep(0.15)
            if pid := worker.pid:
                os.kill(pid, signal.SIGKILL)
        for job in jobs:
            job.result()
    assert len(answered) + len(died) == 480
    assert worker.call(Probe.echo, text="x") == "x 0"


def test_starting_reports_why_it_failed(start: Start) -> None:
    with pytest.raises(NotFound, match="not today"):
        start(config={"refuse": True}).call(Probe.echo, text="")
    with pytest.raises(WorkerDied, match="exit code 7"):
        start(config={"die": True}).call(Probe.echo, text="")
    with pytest.raises(WorkerDied, match="did not start"):
        start(config={"babble": True}).call(Probe.echo, text="")
    with pytest.raises(Bug, match="no_such_module"):
        Worker("x", "no_such_module:service").call(Probe.echo, text="")


def test_stop_is_in_good_order_and_a_later_call_starts_again(start: Start) -> None:
    worker = start()
    worker.call(Probe.echo, text="")
    first = worker.pid
    worker.stop()
    worker.stop()
    assert worker.pid == 0
    assert worker.call(Probe.echo, text="x") == "x 0"
    assert worker.pid not in (0, first)


def test_a_call_under_way_when_it_is_stopped_is_one_error(start: Start) -> None:
    worker = start()
    worker.call(Probe.echo, text="")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(worker.call, Probe.sleep, seconds=60)
        time.sleep(0.2)
        worker.stop()
        with pytest.raises(WorkerDied, match="it was stopped"):
            waiting.result()


def test_fifty_lives_leave_no_descriptor_thread_or_process_behind() -> None:
    """Counted in a process of its own: what other tests open and close here meanwhile is no leak."""
    code = (
        "import gc, os, threading\nfrom pathlib import Path\n"
        "from app.workers.worker import Worker\nfrom worker_probe import Probe\n"
        "w = Worker('probe', 'worker_probe:service')\n"
        "def life():\n"
        "    assert w.call(Probe.echo, text='x') == 'x 0'\n"
        "    stream = w.stream(Probe.count, to=1000)\n"
        "    next(stream)\n"
        "    stream.close()\n"
        "    pid = w.pid\n"
        "    w.stop()\n"
        "    return pid\n"
        "def held():\n"
        "    gc.collect()\n"
        "    return len(list(Path('/proc/self/fd').iterdir())), threading.active_count()\n"
        "life()\n"
        "before = held()\n"
        "pids = [life() for _ in range(50)]\n"
        "print(*before, *held(), *pids)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, env=_alone(), check=True)
    descriptors, threads, descriptors_after, threads_after, *pids = map(int, done.stdout.split())
    assert (descriptors_after, threads_after) == (descriptors, threads)
    assert len(pids) == 50
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def _alone() -> dict[str, str]:
    """The environment of a parent of its own, which finds this project and the probe."""
    here = Path(__file__).parent
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (here.parents[1], here)))}


def test_a_child_ends_with_its_parent(start: Start) -> None:
    """The parent here is a process of its own that is killed while its worker streams."""
    code = (
        "from app.workers.worker import Worker\nfrom worker_probe import Probe\n"
        "w = Worker('probe', 'worker_probe:service')\n"
        "for n in w.stream(Probe.count, to=10**9):\n"
        "    if n == 100: print(w.pid, flush=True)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=_alone())
    with parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()

    def gone() -> bool:
        try:
            return Path(f"/proc/{child}/stat").read_text().split(") ")[1][0] == "Z"
        except (FileNotFoundError, ProcessLookupError):
            return True

    until(gone, "the child outlived its parent")


def test_a_passphrase_in_the_environment_stays_with_us(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOMEBODY_PASSPHRASE", "secret")
    monkeypatch.setenv("HOMEBODY_OTHER", "told")
    worker = start()
    assert worker.call(Probe.environ, name="HOMEBODY_PASSPHRASE") == ""
    assert worker.call(Probe.environ, name="HOMEBODY_OTHER") == "told"  # control
