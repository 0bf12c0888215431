"""Measures ways of running the embedding model side by side: starts, memory, sentences, agreement.

Each way is a process of its own with two threads. They take turns at the same sentences, and what counts
is their processor time, so that other work on the machine moves all of them alike. The first way is what
sentence-transformers does by itself; agreement is with its ten nearest passages for each demo question.
The ways that need an ONNX file are measured where the package `onnx`, which writes one, is installed.

On two busy cores with AVX512-BF16 (`homebody bench embedder`, its passages then of 94 tokens on average; at
62 tokens OpenVINO bfloat16 embedded 96 a CPU-second, 3.2 of the first):

    way                  start, CPU-s   memory then   a CPU-second   of the first   overlap@10
    torch float32        8.3            535 MB        15             1              1
    torch bfloat16       8.2            539 MB        21             1.4            .989
    torch int8           7.9            697 MB        52             3.3            .706
    ONNX float32         0.6            197 MB        23             1.4            1.000
    ONNX int8            0.4            112 MB        49             3.1            .883
    OpenVINO float32     1.2            242 MB        33             2.1            .996
    OpenVINO bfloat16    0.9            197 MB        60             3.7            .991

So the embedder runs OpenVINO, in bfloat16 where the processor has it. int8 loses too many neighbours.
"""

from __future__ import annotations

import email
import importlib.util
import statistics
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import psutil

from app.core.paths import resources
from app.core.types import Figure, Record
from app.model import embed_derived as derived
from app.model.contract import Embedder, Vectors
from app.workers.service import Service
from app.workers.worker import Worker, rss

DEFAULT, OURS = "torch float32", "OpenVINO bfloat16"
THREADS, ROUNDS, SENTENCES, WORDS = 2, 3, 64, 36  # words: about 64 tokens
_BATCH = 32  # what sentence-transformers takes by itself, and as many as a call of ours has


class Question(Record, frozen=True, kw_only=True):
    question: str


def bench(folder: Path) -> Iterator[Figure]:
    """Raises HomebodyError where a way cannot start; ``folder`` is for the files they need."""
    passages, questions = _texts()
    ways = _ways(folder)
    ways[OURS].call(Embedder.name)  # so that what it starts from is there
    ways[OURS].stop()
    try:
        for name, way in ways.items():
            yield from _start(name, way)
        sentences = tuple(passages[at % len(passages)] for at in range(SENTENCES))
        yield from _speed(ways, sentences)
        nearest = {name: _nearest(way, passages, questions) for name, way in ways.items()}
        for name, way in ways.items():
            yield Figure(name=f"{name}: memory", value=rss(way.pid) / 1e6, unit="MB", how="resident")
            shared = [len(set(a) & set(b)) / 10 for a, b in zip(nearest[DEFAULT], nearest[name], strict=True)]
            how = f"{len(questions)} questions, {len(passages)} passages"
            yield Figure(name=f"{name}: overlap@10", value=statistics.mean(shared), unit="", how=how)
        yield _idle(ways[OURS])
    finally:
        for way in ways.values():
            way.stop()


def _ways(folder: Path) -> dict[str, Worker]:
    mine = "app.model.bench_embed:service"
    configs: dict[str, tuple[str, dict[str, Any]]] = {
        DEFAULT: (mine, {"kind": "default"}),
        "torch bfloat16": (mine, {"kind": "bfloat16"}),
        "torch int8": (mine, {"kind": "int8"}),
    }
    if importlib.util.find_spec("onnx") is not None:
        configs["ONNX float32"] = (mine, {"kind": "onnx", "folder": str(folder)})
        configs["ONNX int8"] = (mine, {"kind": "onnx-int8", "folder": str(folder)})
        maker = Worker("exporter", mine, config={"kind": "export", "folder": str(folder)})
        maker.call(Embedder.name)
        maker.stop()
    roots = [str(derived.shared()), str(folder)]
    for dtype in ("float32", "bfloat16"):
        config = {"roots": roots, "threads": THREADS, "dtype": dtype}
        configs[f"OpenVINO {dtype}"] = ("app.model.embed:service", config)
    return {name: Worker(name, service, config=config) for name, (service, config) in configs.items()}


def _start(name: str, way: Worker) -> Iterator[Figure]:
    started = time.perf_counter()
    way.call(Embedder.embed, texts=("When does the technician come?",))
    took = time.perf_counter() - started
    how = f"process to first vector; {_cpu(way):.2f} s of processor time"
    yield Figure(name=f"{name}: start", value=took, unit="s", how=how)
    yield Figure(name=f"{name}: memory, first vector", value=rss(way.pid) / 1e6, unit="MB", how="resident")


def _speed(ways: dict[str, Worker], sentences: tuple[str, ...]) -> Iterator[Figure]:
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for round in range(ROUNDS + 1):
        for name, way in ways.items():
            before = _cpu(way)
            _embed(way, sentences)
            if round:  # the first one only warms up
                rates[name].append(len(sentences) / (_cpu(way) - before))
    for name, found in rates.items():
        times = statistics.median(a / b for a, b in zip(found, rates[DEFAULT], strict=True))
        how = f"{times:.2f} × {DEFAULT}; median of {ROUNDS} rounds, {min(found):.0f} to {max(found):.0f}"
        yield Figure(name=f"{name}: sentences", value=statistics.median(found), unit="/CPU-s", how=how)


def _idle(way: Worker) -> Figure:
    before = _cpu(way)
    time.sleep(3)
    return Figure(name=f"{OURS}: idle", value=(_cpu(way) - before) / 3 * 100, unit="% of one core")


def _embed(way: Worker, texts: tuple[str, ...]) -> npt.NDArray[np.float32]:
    parts = [way.call(Embedder.embed, texts=texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
    return np.vstack([np.frombuffer(part.data, "<f4").reshape(part.count, part.dim) for part in parts])


def _nearest(way: Worker, passages: tuple[str, ...], questions: tuple[str, ...]) -> list[list[int]]:
    likeness = _embed(way, questions) @ _embed(way, passages).T
    return [list(map(int, row)) for row in np.argsort(-likeness, axis=1)[:, :10]]


def _cpu(way: Worker) -> float:
    times = psutil.Process(way.pid).cpu_times()
    return float(times.user + times.system)


def _texts() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Passages of the demo's notes and mails, each half of it the next one's beginning, and its questions."""
    demo = resources() / "demo"
    texts = [path.read_text("utf-8") for path in sorted((demo / "notes").rglob("*.md"))]
    for path in sorted(p for p in (demo / "mail" / "Maildir").rglob("*") if p.is_file()):
        for part in email.message_from_bytes(path.read_bytes()).walk():
            if part.get_content_type() == "text/plain":
                payload: Any = part.get_payload(decode=True)
                texts.append(payload.decode("utf-8", "replace"))
    words = " ".join(texts).split()
    passages = tuple(" ".join(words[at : at + WORDS]) for at in range(0, len(words), WORDS // 2))
    lines = (demo / "questions.jsonl").read_bytes().splitlines()
    return passages, tuple(msgspec.json.decode(line, type=Question).question for line in lines if line)


# --- in the processes measured -------------------------------------------------------------------


class _Way:
    """Implements :class:`Embedder` with a function from texts to vectors."""

    def __init__(self, encode: Callable[[list[str]], Any]) -> None:
        self._encode = encode

    def embed(self, *, texts: tuple[str, ...]) -> Vectors:
        found = np.asarray(self._encode(list(texts)), dtype="<f4")
        unit = found / np.linalg.norm(found, axis=1, keepdims=True)
        return Vectors(count=len(texts), dim=unit.shape[1], data=unit.tobytes())

    def name(self) -> str:
        return derived.NAME


def service(config: dict[str, Any]) -> Service:
    """``kind``: default, bfloat16, int8, onnx, onnx-int8; export writes what the last two run."""
    kind, folder = config["kind"], Path(config.get("folder", ""))
    if kind.startswith("onnx"):
        return Service({Embedder: _Way(_onnx(folder, f"{kind}.onnx"))})
    import torch

    from app.model import embed_torch

    torch.set_num_threads(THREADS)
    model = embed_torch.load("bfloat16" if kind == "bfloat16" else "float32")
    if kind == "export":
        _write_onnx(model, folder)
    if kind == "int8":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is deprecated in favour of a package of its own
            model = torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, torch.qint8)  # type: ignore[no-untyped-call]

    def encode(texts: list[str]) -> Any:
        with torch.inference_mode():
            return model.encode(texts, convert_to_tensor=True, show_progress_bar=False).float().numpy()

    return Service({Embedder: _Way(encode)})


def _write_onnx(model: Any, folder: Path) -> None:
    import torch
    from onnxruntime.quantization import quantize_dynamic

    from app.model import embed_torch

    example = model.tokenizer(["One text.", "Another, longer one."], padding=True, return_tensors="pt")
    names = tuple(model.tokenizer.model_input_names)
    target = folder / "onnx.onnx"
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            embed_torch.Pipeline(model, names),
            tuple(example[name] for name in names),
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=list(names),
            output_names=["embedding"],
            dynamic_axes={name: {0: "batch", 1: "tokens"} for name in names} | {"embedding": {0: "batch"}},
        )
    quantize_dynamic(target, folder / "onnx-int8.onnx", per_channel=True)
    backend = model.tokenizer.backend_tokenizer
    backend.enable_truncation(derived.MAX_TOKENS)
    backend.enable_padding(pad_id=model.tokenizer.pad_token_id)
    backend.save(str(folder / derived.TOKENIZER))


def _onnx(folder: Path, file: str) -> Callable[[list[str]], Any]:
    import onnxruntime
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(folder / file), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(folder / derived.TOKENIZER))
    fields = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}

    def encode(texts: list[str]) -> Any:
        encoded = tokenizer.encode_batch_fast(texts)
        inputs = [one.name for one in session.get_inputs()]
        return session.run(
            None, {name: np.array([getattr(one, fields[name]) for one in encoded]) for name in inputs}
        )[0]

    return encode
