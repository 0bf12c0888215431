"""The base models there are: the catalog, the files a person added, and which of them are here."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from app.core import paths as places
from app.core.errors import BadModel, NotFound
from app.core.models import ModelState
from app.core.paths import Paths
from app.core.tasks import sha256_file

DEFAULT = "smollm2-135m"
DERIVED = "derived"  # folder of copies we made ourselves; never listed as models
T = TypeVar("T")
_RAM_EXTRA = 300_000_000  # context, buffers and the process itself, beside the weights


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the catalog: carried by a Python ``package``, or in a ``repository`` of the hub.

    ``ram`` is estimated, in bytes; ``context`` in tokens; ``family`` is the chat format. ``agree``: it
    has a licence of its own that has to be agreed to. Without ``sha256`` its ``size`` is about right.
    """

    key: str
    title: str
    file: str
    size: int
    ram: int
    licence: str
    family: str
    context: int
    licence_url: str = ""
    agree: bool = False
    package: str = ""
    repository: str = ""
    revision: str = "main"
    sha256: str = ""

    def url(self, endpoint: str) -> str:
        """Where the hub at ``endpoint`` has it."""
        return f"{endpoint.rstrip('/')}/{self.repository}/resolve/{self.revision}/{self.file}"

    def place(self, paths: Paths) -> Path:
        if self.package:
            found = importlib.util.find_spec(self.package)  # finds without running the package's code
            if found is None or found.origin is None:
                raise NotFound(
                    "the model's package is not installed",
                    where=self.package,
                    remedy="install Homebody again",
                )
            return Path(found.origin).parent / self.file
        return paths.models / self.file


class PictureModel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model that finds pictures by what they show, as files of a hub's repository in a folder of its own.

    ``file`` are its weights, ``beside`` the small files that say how to use them; ``size`` of the weights.
    """

    key: str
    title: str
    repository: str
    file: str
    beside: tuple[str, ...]
    size: int
    ram: int
    licence: str
    revision: str = "main"

    def folder(self, paths: Paths) -> Path:
        return paths.models / self.key

    def files(self, paths: Paths, endpoint: str) -> dict[str, Path]:
        """URL at the hub → place here, the weights last."""
        base = f"{endpoint.rstrip('/')}/{self.repository}/resolve/{self.revision}"
        return {f"{base}/{name}": self.folder(paths) / name for name in (*self.beside, self.file)}

    def installed(self, paths: Paths) -> bool:
        return all(place.is_file() for place in self.files(paths, "").values())

    def state(self, paths: Paths) -> ModelState:
        here = self.installed(paths)
        return ModelState(
            key=self.key,
            title=self.title,
            size=self.size,
            ram=self.ram,
            licence=self.licence,
            installed=here,
            active=False,
            path=str(self.folder(paths)) if here else "",
            serves="pictures",
        )


def entries() -> dict[str, Entry]:
    """The language models of the catalog by key. Raises BadModel where the program's file is damaged."""
    return {entry.key: entry for entry in _listed("model", list[Entry])}


def galleries() -> dict[str, PictureModel]:
    """The picture models of the catalog by key; raises BadModel likewise."""
    return {entry.key: entry for entry in _listed("picture", list[PictureModel])}


def gallery(paths: Paths) -> PictureModel | None:
    """The picture model that serves: the first of the catalog that is here."""
    return next((model for model in galleries().values() if model.installed(paths)), None)


def _listed(table: str, kind: type[list[T]]) -> list[T]:
    path = places.resources() / "models.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8"))[table], kind)
    except (OSError, ValueError, KeyError) as error:
        raise BadModel("the catalog cannot be read", where=f"{path}: {error}") from error


def models(paths: Paths, *, active: str = "") -> tuple[ModelState, ...]:
    """The catalog and the GGUF files in the data folder; ``active`` is a key or a path, as in settings."""
    catalog = entries()
    active = active or DEFAULT
    files = {entry.file for entry in catalog.values()}
    added = [p for p in sorted(paths.models.glob("*.gguf")) if p.name not in files]
    if active not in catalog and Path(active) not in added:
        added.append(Path(active))
    return (
        *(_state(entry, paths, active) for entry in catalog.values()),
        *(_file_state(path, paths, str(path) == active) for path in added),
        *(model.state(paths) for model in galleries().values()),
    )


def find(paths: Paths, key: str) -> Path:
    """Where the file of a catalog key or of a path is, unread. Raises NotFound where it is not."""
    entry = entries().get(key or DEFAULT)
    path = entry.place(paths) if entry else Path(key).expanduser()
    if not path.is_file():
        raise _missing(key, entry)
    return path.resolve()


def resolve(paths: Paths, key: str) -> Path:
    """The GGUF file of a catalog key or of a path. Raises NotFound or BadModel."""
    from app.model import gguf

    path = find(paths, key)
    try:
        header = gguf.read(path)
    except OSError as error:
        raise BadModel(
            "the model file cannot be read", where=f"{path}: {error.strerror}", remedy="check who may read it"
        ) from error
    if header.metadata.get("general.type", "model") != "model":
        raise BadModel("the file holds no base model", where=str(path), remedy="choose the model itself")
    return path


def sha256_of(paths: Paths, path: Path) -> str:
    """The file's SHA-256, remembered by size and time in the data folder."""
    book = paths.models / "digests.json"
    try:
        known: dict[str, str] = msgspec.json.decode(book.read_bytes(), type=dict[str, str])
    except (OSError, ValueError):
        known = {}  # no book yet, or one cut short by a full disk: it is only a memory
    info = path.stat()
    key = f"{path}|{info.st_size}|{info.st_mtime_ns}"
    if key not in known:
        known[key] = sha256_file(path)
        with contextlib.suppress(OSError):  # a disk that takes no writes: it is read again next time
            book.parent.mkdir(parents=True, exist_ok=True)
            part = book.with_suffix(".part")
            part.write_text(json.dumps(known), encoding="utf-8")
            part.replace(book)
    return known[key]


def _state(entry: Entry, paths: Paths, active: str) -> ModelState:
    try:
        path = entry.place(paths)
        installed = path.is_file()
    except NotFound:
        path, installed = Path(), False
    return ModelState(
        key=entry.key,
        title=entry.title,
        size=entry.size,
        ram=entry.ram,
        licence=entry.licence,
        installed=installed,
        active=entry.key == active,
        path=str(path) if installed else "",
        sha256=entry.sha256,
        family=entry.family,
        context=entry.context,
        licence_url=entry.licence_url,
        agree=entry.agree,
    )


def _file_state(path: Path, paths: Paths, active: bool) -> ModelState:
    there = path.is_file()
    size = path.stat().st_size if there else 0
    return ModelState(
        key=str(path),
        title=path.stem,
        size=size,
        ram=size + _RAM_EXTRA,
        licence="see the file's source",
        installed=there,
        active=active,
        path=str(path) if there else "",
        sha256=sha256_of(paths, path) if there and active else "",
    )


def _missing(key: str, entry: Entry | None) -> NotFound:
    if key in galleries():
        remedy = f"it finds photos as soon as it is here: homebody models get {key}"
        return NotFound("this is no language model", where=key, remedy=remedy)
    if entry is None:
        remedy = f"give the path of a GGUF file, or one of: {', '.join(entries())}"
        return NotFound("no such model", where=key, remedy=remedy)
    return NotFound("the model is not here yet", where=key, remedy=f"homebody models get {entry.key}")
