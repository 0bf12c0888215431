"""The local endpoint with the official client: every hat a model, concurrent, closed to others."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import openai
import pytest

from app.core.api import Admin, Deeds, Vault
from app.core.api import Endpoint as Api
from app.core.errors import HomebodyError
from app.core.types import Served, Serving
from app.workers.launcher import start_launcher
from app.workers.worker import Worker

TEXT = "The boiler man comes on Thursday 12 March between nine and eleven. Bring the key to Ms Duarte."
FIELDS = {
    "summarize": {"text": TEXT},
    "act": {"request": "remind me to call Ben tomorrow at noon"},
}


@dataclass(frozen=True)
class Endpoint:
    engine: Worker
    serving: Serving
    served: list[Served]
    clients: ExitStack

    @property
    def port(self) -> int:
        return int(self.serving.url.split(":")[2].partition("/")[0])

    def client(self, **more: object) -> openai.OpenAI:
        words = {"base_url": self.serving.url, "api_key": self.serving.token, "max_retries": 0, **more}
        return self.clients.enter_context(openai.OpenAI(timeout=300, **words))

    def raw(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, dict[str, object]]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    data, launcher = tmp_path_factory.mktemp("serve"), start_launcher()
    engine = Worker(
        "engine",
        "app.engine:service",
        config={"data": str(data), "launcher": launcher},
        pass_fds=(launcher,) if launcher >= 0 else (),
    )
    try:
        engine.call(Vault.create, passphrase="a long enough passphrase")
        steps = engine.stream(Api.serve, port=0)
        serving, served = next(steps), list[Served]()
        assert isinstance(serving, Serving)

        def follow() -> None:
            with_end = iter(steps)
            try:
                served.extend(step for step in with_end if isinstance(step, Served))
            except HomebodyError:
                return  # the engine was stopped

        threading.Thread(target=follow, daemon=True).start()
        with ExitStack() as clients:
            yield Endpoint(engine, serving, served, clients)
    finally:
        engine.stop()


def test_every_hat_is_a_model(endpoint: Endpoint) -> None:
    listed = {model.id for model in endpoint.client().models.list()}
    assert {"act", "answer", "draft", "summarize", "smollm2-135m"} <= listed
    assert endpoint.client().models.retrieve("act").id == "act"


def test_a_hat_with_its_own_prompt(endpoint: Endpoint) -> None:
    done = endpoint.client().chat.completions.create(
        model="act", messages=[], extra_body={"fields": FIELDS["act"]}
    )
    assert json.loads(done.choices[0].message.content or "")["action"] == "reminder"
    assert done.choices[0].finish_reason == "stop"
    assert done.usage is not None and done.usage.prompt_tokens > 20 and done.usage.completion_tokens > 5


def test_a_stream_says_what_the_whole_says(endpoint: Endpoint) -> None:
    asked = {
        "model": "smollm2-135m",
        "messages": [{"role": "user", "content": "Say hello."}],
        "max_tokens": 12,
    }
    whole = endpoint.client().chat.completions.create(**asked)
    stream = endpoint.client().chat.completions.create(
        **asked,
        stream=True,
        stream_options={"include_usage": True},
    )
    pieces = list(stream)
    said = "".join(p.choices[0].delta.content or "" for p in pieces if p.choices)
    assert said.strip() == whole.choices[0].message.content.strip()
    assert pieces[-1].usage.completion_tokens == whole.usage.completion_tokens


def test_a_stream_that_breaks_off_tells_its_client(endpoint: Endpoint) -> None:
    """The model's process is killed after the first word: the client gets an error, not a short answer."""
    stream = endpoint.client().chat.completions.create(
        model="smollm2-135m",
        messages=[{"role": "user", "content": "Count from one to two hundred in words."}],
        max_tokens=400,
        stream=True,
    )
    next(stream)
    (llm,) = [p.pid for p in endpoint.engine.call(Admin.processes) if p.name == "llm"]
    os.kill(llm, signal.SIGKILL)
    with pytest.raises(openai.APIError, match="llm process"):
        list(stream)


def test_hats_do_not_mix_under_concurrent_clients(endpoint: Endpoint) -> None:
    """What each says alone is what each says when six clients ask at once; the hats differ."""

    def ask(model: str) -> str:
        messages = [{"role": "user", "content": TEXT}]
        done = endpoint.client().chat.completions.create(model=model, messages=messages, max_tokens=16)
        return str(done.choices[0].message.content)

    models = ["summarize", "act", "answer", "smollm2-135m"]
    alone = {model: ask(model) for model in models}
    assert len(set(alone.values())) > 1  # else a mix-up could not be seen
    order = models * 3
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(ask, order))
    assert together == [alone[model] for model in order]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"api_key": "wrong"}, openai.AuthenticationError),
        ({"api_key": "ключ"}, openai.AuthenticationError),
    ],
)
def test_a_wrong_key_is_refused(
    endpoint: Endpoint, change: dict[str, str], error: type[openai.APIStatusError]
) -> None:
    if not change["api_key"].isascii():  # the official client cannot even send it
        status, body = endpoint.raw(
            "GET", "/v1/models", b"", {"Authorization": b"Bearer \xd0\xba".decode("latin-1")}
        )
        assert (status, body["error"]["type"]) == (401, "authentication_error")
        return
    with pytest.raises(error):
        endpoint.client(**change).models.list()


def test_bad_requests_get_one_clear_error(endpoint: Endpoint) -> None:
    client = endpoint.client()
    with pytest.raises(openai.NotFoundError, match="no such model"):
        client.chat.completions.create(model="nobody", messages=[{"role": "user", "content": "x"}])
    with pytest.raises(openai.BadRequestError, match="no messages"):
        client.chat.completions.create(model="act", messages=[])
    with pytest.raises(openai.BadRequestError, match="fields are"):
        client.chat.completions.create(model="act", messages=[], extra_body={"fields": {"foo": "x"}})
    with pytest.raises(openai.BadRequestError, match="text"):
        picture = [{"type": "image_url", "image_url": {"url": "https://example.org/x.png"}}]
        client.chat.completions.create(model="act", messages=[{"role": "user", "content": picture}])
    right = {"Authorization": f"Bearer {endpoint.serving.token}"}
    for body in (b"", b"{", b"[]", b'{"model": 3}', b"\xff\xfe"):
        assert endpoint.raw("POST", "/v1/chat/completions", body, right)[0] == 400
    assert endpoint.raw("GET", "/v1/nothing", b"", right)[0] == 404
    assert (
        endpoint.raw("POST", "/v1/chat/completions", b"", {**right, "Content-Length": "99999999"})[0] == 413
    )
    assert endpoint.raw("POST", "/v1/chat/completions", b"", {**right, "Content-Length": "-3"})[0] == 400
    assert client.models.list().data  # and it still serves


def test_a_page_on_the_web_cannot_reach_it_by_another_name(endpoint: Endpoint) -> None:
    right = {"Authorization": f"Bearer {endpoint.serving.token}"}
    assert (
        endpoint.raw("GET", "/v1/models", b"", {**right, "Host": f"evil.example:{endpoint.port}"})[0] == 403
    )
    assert endpoint.raw("GET", "/v1/models", b"", {**right, "Host": f"localhost:{endpoint.port}"})[0] == 200


def test_only_the_loopback_interface_listens(endpoint: Endpoint) -> None:
    lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    listening = {line.split()[1] for line in lines if line.split()[3] == "0A"}
    ours = {place for place in listening if int(place.partition(":")[2], 16) == endpoint.port}
    assert ours == {f"0100007F:{endpoint.port:04X}"}


def test_a_client_that_leaves_ends_its_generation(endpoint: Endpoint) -> None:
    before = len(endpoint.served)
    body = {
        "model": "smollm2-135m",
        "messages": [{"role": "user", "content": "Count."}],
        "max_tokens": 2000,
        "stream": True,
    }
    data = json.dumps(body).encode()
    with socket.create_connection(("127.0.0.1", endpoint.port)) as connection:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:{endpoint.port}\r\n"
            f"Authorization: Bearer {endpoint.serving.token}\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        connection.sendall(head.encode() + data)
        assert connection.recv(100).startswith(b"HTTP/1.1 200")
    assert endpoint.client().models.list().data
    done = endpoint.client().chat.completions.create(
        model="smollm2-135m", messages=[{"role": "user", "content": "Hi"}], max_tokens=3
    )
    assert done.choices
    wait = threading.Event()
    while len(endpoint.served) < before + 3:
        assert not wait.wait(0.1)
    assert 499 in {served.status for served in endpoint.served[before:]}


def test_a_port_in_use_and_the_journal(endpoint: Endpoint) -> None:
    with pytest.raises(HomebodyError, match="port cannot be used"):
        next(endpoint.engine.stream(Api.serve, port=endpoint.port, fresh=True))
    with closing(endpoint.engine.stream(Api.serve, port=0)) as again:
        serving = next(again)
        assert isinstance(serving, Serving)
        assert serving.token == endpoint.serving.token  # no new one where nothing was opened
    entries = endpoint.engine.call(Deeds.journal, limit=20)
    assert any(entry.what == "serve" for entry in entries)
