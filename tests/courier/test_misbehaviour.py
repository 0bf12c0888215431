"""Whatever an endpoint does, it is one clear error, in bounded time and space, and a reply is only text."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from courier_endpoints import answer, chat, serving

from app.core.errors import HomebodyError, Refused, UsageFault
from app.core.types import Token
from app.courier.client import Bounds, Client
from app.courier.cloud import Cloud, CloudEnd, events
from app.workers.sandbox import Limits
from app.workers.worker import Worker

BODY = '{"model":"m","messages":[{"role":"user","content":"hi"}]}'
QUICK = Bounds(connect=2, read=1, total=3, size=100_000)


def ask(url: str, key: str = "", bounds: Bounds = QUICK) -> tuple[str, CloudEnd]:
    steps = list(Client(bounds).complete(url=url, body=BODY, key=key))
    *tokens, end = steps
    assert isinstance(end, CloudEnd)
    return "".join(t.text for t in tokens if isinstance(t, Token)), end


def test_a_good_reply_is_text_and_its_end(  # the control of all that follows
) -> None:
    with serving(lambda h: answer(h, 200, chat("fine"))) as endpoint:
        text, end = ask(endpoint.url(), "key")
    assert (text, end.stop, end.attempts, end.bytes_out) == ("fine", "stop", 1, len(BODY))
    assert endpoint.seen[0][2] == BODY.encode()


FAULT = json.dumps({"error": {"message": "because \u202eof\n this"}}).encode()


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "does not take this request"),
        (401, "does not know the key"),
        (403, "may not do that"),
        (404, "no such address or model"),
        (418, "does not take this request"),
        (429, "wants fewer requests"),
        (500, "fault of its own"),
        (503, "fault of its own"),
    ],
)
def test_a_status_is_a_reason_and_is_not_tried_again(status: int, said: str) -> None:
    with serving(lambda h: answer(h, status, FAULT)) as endpoint, pytest.raises(HomebodyError) as caught:
        ask(endpoint.url())
    assert said in caught.value.message
    assert caught.value.where == f"127.0.0.1: {status}, “because \\u{{202E}}of this”"
    assert caught.value.remedy
    assert len(endpoint.seen) == 1


def test_how_long_to_wait_is_passed_on() -> None:
    with (
        serving(lambda h: answer(h, 429, b"{}", Retry_After="17")) as endpoint,
        pytest.raises(HomebodyError, match="in 17 s"),
    ):
        ask(endpoint.url())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_refused_and_nothing_goes_there(status: int) -> None:
    with serving(lambda h: answer(h, 200, chat("trapped"))) as other:
        with (
            serving(lambda h: answer(h, status, b"", Location=other.url("/x"))) as endpoint,
            pytest.raises(Refused, match="we do not follow"),
        ):
            ask(endpoint.url())
        assert other.seen == []
        assert ask(other.url())[0] == "trapped"  # control: it could have been reached


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{",
        b'{"choices":5}',
        b"\xff\xfe",
        b'{"choices":[{"message":{"content":7}}]}',
        b"{}",
    ],
)
def test_garbage_is_named(body: bytes) -> None:
    with (
        serving(lambda h: answer(h, 200, body)) as endpoint,
        pytest.raises(HomebodyError, match="not that of a chat endpoint"),
    ):
        ask(endpoint.url())


def test_a_fault_inside_a_stream_is_reported() -> None:
    event = b'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: {"error":{"message":"overload"}}\n\n'
    with (
        serving(lambda h: answer(h, 200, event, "text/event-stream")) as endpoint,
        pytest.raises(HomebodyError, match=r"gave up.*overload"),
    ):
        ask(endpoint.url())


def test_a_stream_that_breaks_off_is_an_error_after_its_tokens() -> None:
    event = b'data: {"choices":[{"delta":{"content":"half"}}]}\n\n'
    with serving(lambda h: answer(h, 200, event, "text/event-stream")) as endpoint:
        steps = Client(QUICK).complete(url=endpoint.url(), body=BODY, key="")
        assert next(steps) == Token(text="half")
        with pytest.raises(HomebodyError, match="broke off"):
            next(steps)


def stream_for_ever(piece: bytes, pause: float) -> Callable[[Any], None]:
    def reply(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.end_headers()
        for _ in range(1_000_000):
            handler.wfile.write(piece)
            time.sleep(pause)

    return reply


def test_an_endless_reply_is_cut_off() -> None:
    event = b'data: {"choices":[{"delta":{"content":"' + b"x" * 1000 + b'"}}]}\n\n'
    with (
        serving(stream_for_ever(event, 0)) as endpoint,
        pytest.raises(HomebodyError, match="longer than 100,000 bytes"),
    ):
        ask(endpoint.url())


def test_an_endless_line_is_cut_off() -> None:
    with (
        serving(stream_for_ever(b"data: " + b"x" * 4000, 0)) as endpoint,
        pytest.raises(HomebodyError, match="longer than 100,000 bytes"),
    ):
        ask(endpoint.url())


def test_a_slow_drip_is_cut_off() -> None:
    with (
        serving(stream_for_ever(b": \n", 0.2)) as endpoint,
        pytest.raises(HomebodyError, match="not complete after 1 s"),
    ):
        ask(endpoint.url(), bounds=Bounds(read=5, total=1))


def test_silence_is_a_timeout_and_is_not_tried_again() -> None:
    with (
        serving(lambda h: time.sleep(3)) as endpoint,
        pytest.raises(HomebodyError, match="stopped answering"),
    ):
        ask(endpoint.url())
    assert len(endpoint.seen) == 1


def test_nobody_there_is_said_so() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(HomebodyError, match="cannot be reached"):
        ask(f"http://127.0.0.1:{port}/v1")


def test_closed_before_any_reply_is_tried_again_and_counted() -> None:
    calls: list[int] = []

    def second_time(handler: Any) -> None:
        calls.append(1)
        if len(calls) == 1:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        else:
            answer(handler, 200, chat("at last"))

    with serving(second_time) as endpoint:
        text, end = ask(endpoint.url())
    assert (text, end.attempts, end.bytes_out) == ("at last", 2, 2 * len(BODY))
    assert len(endpoint.seen) == 2


def test_a_compressed_reply_is_not_unpacked() -> None:
    with (
        serving(lambda h: answer(h, 200, b"\x1f\x8b", Content_Encoding="gzip")) as endpoint,
        pytest.raises(HomebodyError, match="compressed"),
    ):
        ask(endpoint.url())


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serving(lambda h: answer(h, 200, chat("proxy"))) as proxy,
        serving(lambda h: answer(h, 200, chat("direct"))) as endpoint,
    ):
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url(""))
        assert ask(endpoint.url())[0] == "direct"
    assert proxy.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/v1",
        "http://127.0.0.1.example.org/v1",
        "http://10.0.0.1/v1",
        "http://[2001:db8::1]/v1",
    ],
)
def test_plain_http_stays_on_this_computer(url: str) -> None:
    with pytest.raises(Refused, match="without https"):
        ask(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "https://user@example.org/",
        "https://a.org\\@b.org/",
        "https://a.org#@b.org/",
        "https://exämple.org/",
        "https:///x",
        "https://a.org:99999/",
        "https://a.org/ x",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_two_readers_could_read_differently_is_no_address(url: str) -> None:
    with pytest.raises(UsageFault, match="no address of a service"):
        ask(url)


@pytest.mark.parametrize("key", ["a b", "a\r\nX-Evil: 1", "schlüssel"])
def test_a_key_cannot_add_a_header(key: str) -> None:
    with pytest.raises(UsageFault, match="key"):
        ask("http://127.0.0.1:9/v1", key)


def test_a_certificate_nobody_vouches_for_is_refused_before_anything_is_sent(
    certificate: tuple[Path, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, context = certificate
    with serving(lambda h: answer(h, 200, chat("secret")), tls=context) as endpoint:
        for trusted in (False, True):  # the control: the same server, once this computer trusts it
            if trusted:
                monkeypatch.setenv("SSL_CERT_FILE", str(path))
            courier = Worker(
                "courier", "app.courier.service:service", limits=Limits(network=True), config={"read": 5}
            )
            try:
                steps = courier.stream(Cloud.complete, url=endpoint.url(), body=BODY, key="k")
                if trusted:
                    assert next(steps) == Token(text="secret")
                    steps.close()
                else:
                    with pytest.raises(Refused, match="not safe: nothing was sent"):
                        next(steps)
                    assert endpoint.seen == []
            finally:
                courier.stop()


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 1000])
def test_events_are_the_same_however_the_bytes_are_cut(cut: int) -> None:
    data = "data: é1\n\n: comment\nevent: x\ndata: 2\r\ndata:3\r\n\r\ndata: last".encode()
    pieces = [data[n : n + cut] for n in range(0, len(data), cut)]
    assert list(events(iter(pieces))) == ["é1", "2\n3", "last"]
