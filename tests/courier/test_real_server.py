"""A question goes to a real OpenAI-compatible server: exactly what was shown, streamed back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.actions import registry
from app.actions.contract import World
from app.core.types import Token
from app.courier.cloud import Cloud, CloudEnd
from app.workers.launcher import LaunchedWorker, start_launcher
from app.workers.sandbox import Limits
from app.workers.worker import Worker

NETWORK = Limits(network=True, wall=100)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def courier() -> Iterator[Worker]:
    worker = Worker("courier", "app.courier.service:service", limits=NETWORK)
    yield worker
    worker.stop()


def request(stream: bool, **more: Any) -> dict[str, Any]:
    messages = [
        {"role": "system", "content": "Answer in one short sentence."},
        {"role": "user", "content": "Grüße! \u202eWas ist\u200b 1+1?\n“quoted” \\u{41} 日本 \U0001f600"},
    ]
    return {"model": "smollm2", "messages": messages, "stream": stream, "max_tokens": 8, "seed": 1} | more


def world(send: Callable[[str, str], Iterator[str]], folder: Path) -> World:
    zone = ZoneInfo("Europe/Berlin")
    return World(folder, folder, folder, folder, lambda: datetime.now(zone), zone, send=send)


def test_the_server_receives_the_very_bytes_that_were_shown(
    recording: Any, courier: Worker, tmp_path: Path
) -> None:
    ends: list[CloudEnd] = []

    def send(url: str, body: str) -> Iterator[str]:
        for step in courier.stream(Cloud.complete, url=url, body=body, key="s3cret"):
            if isinstance(step, Token):
                yield step.text
            else:
                ends.append(step)

    here = world(send, tmp_path)
    proposal = registry.propose(
        "ask_cloud", {"url": recording.url(), "body": json.dumps(request(stream=True))}, here
    )
    shown = {field.label: field.value for field in proposal.preview}
    steps = registry.performing(proposal, here)
    pieces: list[str] = []
    while True:
        try:
            pieces.append(next(steps))
        except StopIteration as end:
            done = end.value
            break
    [(path, headers, body)] = recording.seen
    assert path == "/v1/chat/completions"
    assert body == shown["The whole request"].encode() == str(proposal.arguments["body"]).encode()
    assert json.loads(body) == request(stream=True)  # and they mean what was asked
    assert int(shown["Bytes"]) == len(body)
    assert headers["authorization"] == "Bearer s3cret"
    assert set(headers) == {
        "host",
        "content-type",
        "content-length",
        "accept",
        "accept-encoding",
        "user-agent",
        "authorization",
    }
    assert "s3cret" not in str(proposal)
    assert len(pieces) > 3  # it streamed
    assert done.text == "".join(pieces)
    assert done.text.strip()
    assert [(e.bytes_out, e.attempts) for e in ends] == [(len(body), 1)]


def test_the_text_is_the_same_streamed_or_whole(llama: Any, courier: Worker) -> None:
    texts = []
    for stream in (True, False):
        body = json.dumps(request(stream=stream, temperature=0.0))
        steps = list(courier.stream(Cloud.complete, url=llama.url(), body=body, key=""))
        assert isinstance(steps[-1], CloudEnd)
        assert steps[-1].stop in ("stop", "length")
        texts.append("".join(s.text for s in steps if isinstance(s, Token)))
    assert texts[0] == texts[1]
    assert texts[0].strip()


def test_closing_the_stream_ends_the_reply_and_the_next_one_works(llama: Any, courier: Worker) -> None:
    body = json.dumps(request(stream=True, max_tokens=200))
    steps = courier.stream(Cloud.complete, url=llama.url(), body=body, key="")
    assert isinstance(next(steps), Token)
    steps.close()
    short = json.dumps(request(stream=True, max_tokens=2))
    assert list(courier.stream(Cloud.complete, url=llama.url(), body=short, key=""))


INSIDE = """
import ctypes, json, os, socket, sys
from app.workers import sandbox
from app.workers.launcher import LaunchedWorker
from app.workers.sandbox import Limits
from app.core.types import Token
from app.courier.cloud import Cloud
launcher, url, network, body = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "True", sys.argv[4]
sandbox.apply(Limits(network=network))
raw = ctypes.CDLL(None).socket(socket.AF_INET, socket.SOCK_STREAM, 0)
courier = LaunchedWorker(
    "courier", "app.courier.service:service", launcher=launcher, limits=Limits(network=True)
)
steps = courier.stream(Cloud.complete, url=url, body=body, key="")
text = "".join(s.text for s in steps if isinstance(s, Token))
pid = courier.pid
courier.stop()
print(json.dumps({"direct": raw >= 0, "text": text, "pid": pid, "after": courier.pid, "mine": os.getpid()}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere couriers are started directly")
def test_a_process_without_network_reaches_the_server_by_the_launcher_only(llama: Any) -> None:
    """One launcher for both: it outlives the first. The second has a network itself: the control."""
    launcher = start_launcher()
    body = json.dumps(request(stream=True))
    try:
        for network in (False, True):
            words = [str(launcher), llama.url(), str(network), body]
            done = subprocess.run(
                [sys.executable, "-c", INSIDE, *words],
                pass_fds=(launcher,),
                capture_output=True,
                text=True,
                check=False,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )
            assert done.returncode == 0, done.stderr
            said = json.loads(done.stdout)
            assert said["direct"] is network
            assert said["text"].strip()
            assert said["pid"] not in (0, said["mine"])
            assert said["after"] == 0
    finally:
        os.close(launcher)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere couriers are started directly")
def test_a_courier_ends_when_its_pipes_close(llama: Any) -> None:
    launcher = start_launcher()
    courier = LaunchedWorker("courier", "app.courier.service:service", launcher=launcher, limits=NETWORK)
    body = json.dumps(request(stream=True, max_tokens=500))
    steps = courier.stream(Cloud.complete, url=llama.url(), body=body, key="")
    next(steps)
    pid = courier.pid
    assert Path(f"/proc/{pid}").exists()
    courier.stop()
    steps.close()
    end = time.monotonic() + 10
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert not Path(f"/proc/{pid}").exists()  # ended, and reaped by the launcher
    os.close(launcher)
