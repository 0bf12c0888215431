"""An embedding model through sentence-transformers, from a folder; and a light copy derived from it."""

from __future__ import annotations

import logging
import os
import warnings
from pathlib import Path
from typing import Any

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before they are imported
os.environ["TQDM_DISABLE"] = "1"
os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # threads that wait must not spin on a shared machine
os.environ["TOKENIZERS_PARALLELISM"] = "false"

import msgspec
import torch
from sentence_transformers import SentenceTransformer

from app.core.errors import BadModel
from app.model import embed_derived as derived
from app.model.contract import Vectors

BATCH = 16


class Original:
    """Implements :class:`Embedder`; ``dtype`` is bfloat16, float32 or "" for what suits the processor.

    ``chosen`` is the model's folder, "" for the one that comes with Homebody. Raises NotFound, BadModel.
    """

    def __init__(self, *, threads: int = 0, dtype: str = "", chosen: str = "") -> None:
        if threads:
            torch.set_num_threads(threads)
        self._name = derived.name(chosen)
        self.model = load(dtype or ("bfloat16" if _fast_bfloat16() else "float32"), chosen)

    def embed(self, *, texts: tuple[str, ...]) -> Vectors:
        """sentence-transformers itself sorts by length and batches."""
        dim = self.model.get_embedding_dimension() or 0
        if not texts:
            return Vectors(count=0, dim=dim, data=b"")
        with torch.inference_mode():
            found = self.model.encode(
                list(texts), batch_size=BATCH, convert_to_tensor=True, show_progress_bar=False
            )
            unit = torch.nn.functional.normalize(found.float(), dim=1)  # in float32: bf16 is not unit enough
        return Vectors(count=len(texts), dim=dim, data=unit.numpy().astype("<f4").tobytes())

    def name(self) -> str:
        """The same for both number formats: their vectors agree (cosine above 0.999)."""
        return self._name


def load(dtype: str, chosen: str = "") -> SentenceTransformer:
    """As its folder describes it: modules, pooling, normalisation."""
    folder = derived.source(chosen)
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,  # a folder that somebody chose holds data, never code
            model_kwargs={"dtype": getattr(torch, dtype), "use_safetensors": True},
        )
    except Exception as error:  # of any library that reads one of its files
        raise BadModel("the embedding model does not load", where=f"{folder}: {error}") from error
    model.max_seq_length = min(derived.MAX_TOKENS, model.max_seq_length or derived.MAX_TOKENS)
    return model.eval()


def derive(folder: Path, chosen: str = "") -> None:
    """Write the derived model, and load it once, so that only what agrees with the original is kept.

    Raises BadModel, OSError, or RuntimeError where the graph cannot be converted.
    """
    original = Original(dtype="float32", chosen=chosen)

    def fill(part: Path) -> None:
        from app.model.embed_openvino import Derived

        inputs = _export(original.model, part)
        right = original.embed(texts=derived.SAMPLES)
        manifest = derived.Manifest(
            name=original.name(),
            files={
                name: derived.sha256(part / name)
                for name in (derived.GRAPH, derived.WEIGHTS, derived.TOKENIZER)
            },
            inputs=inputs,
            pad=original.model.tokenizer.pad_token_id,
            dim=right.dim,
            samples=right.data,
        )
        (part / derived.MANIFEST).write_bytes(msgspec.json.encode(manifest))
        Derived(part)

    derived.write(folder, fill)


def _export(model: SentenceTransformer, folder: Path) -> tuple[str, ...]:
    """Trace the whole pipeline (transformer, pooling, normalisation); returns the graph's inputs in order.

    Weights are written as float16, which is exact enough for both formats and half as large.
    """
    openvino = derived.runtime()
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    tokenizer = model.tokenizer
    example = tokenizer(["One text.", "Another one that is longer."], padding=True, return_tensors="pt")
    inputs = tuple(name for name in tokenizer.model_input_names if name in example)
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's own doubts: Derived() compares the vectors
        logging.disable(logging.WARNING)
        try:
            traced = torch.jit.trace(  # type: ignore[no-untyped-call]  # torch has no types for it
                Pipeline(model, inputs), tuple(example[name] for name in inputs), check_trace=False
            )
            decoder = TorchScriptPythonDecoder(traced)
        finally:
            logging.disable(logging.NOTSET)
        frontend = FrontEndManager().load_by_framework("pytorch")
        graph = frontend.convert(frontend.load(decoder))
    openvino.save_model(graph, str(folder / derived.GRAPH), compress_to_fp16=True)
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.enable_truncation(model.max_seq_length or derived.MAX_TOKENS)
    backend.save(str(folder / derived.TOKENIZER), pretty=False)
    return inputs


class Pipeline(torch.nn.Module):
    """A sentence-transformers model with plain tensors as its arguments."""

    def __init__(self, model: SentenceTransformer, names: tuple[str, ...]) -> None:
        super().__init__()
        self.model, self.names = model, names

    def forward(self, *inputs: torch.Tensor) -> Any:
        return self.model(dict(zip(self.names, inputs, strict=True)))["sentence_embedding"]


def _fast_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; where it does not, it is slower than float32."""
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16") or able.get("bf16"))
