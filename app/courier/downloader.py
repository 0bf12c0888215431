"""Fetches one file: over TLS from the hub or its stores, resumed, bounded, checked, and put in place whole.

The bytes go straight to the disk and through the digest, a piece at a time; nothing else of a reply
is kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import ssl
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import httpx
import msgspec
import truststore

from app.core.errors import HomebodyError, NoSpace, NotFound, Refused
from app.core.policy import Endpoint, endpoint
from app.core.types import Fetching
from app.courier.client import certificate_fault
from app.courier.cloud import quoted
from app.courier.download import HUBS, Fetched, Note, forget, part_of, read_note, spoiled

_PIECE = 1 << 20
_DIGEST, _GIT = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{40}")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


@dataclass(frozen=True)
class Bounds:
    """Seconds, bytes, and how often in a row without a byte of progress."""

    connect: float = 15.0
    read: float = 60.0  # between two pieces
    tell: float = 0.25  # between two steps of progress
    pause: float = 1.0  # before the second attempt, then twice that
    attempts: int = 4
    hops: int = 6
    spare: int = 256 * 1024 * 1024  # of the disk, left free
    largest: int = 64 * 1024**3  # where nobody says how large it is


class Downloader:
    """Implements :class:`app.courier.download.Hub`."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds

    def fetch(self, *, url: str, path: str, sha256: str = "", size: int = 0) -> Iterator[Fetching | Fetched]:
        place = endpoint(url)
        context = truststore.SSLContext if place.secure else ssl.SSLContext  # plain: trusts no certificate
        verify = context(ssl.PROTOCOL_TLS_CLIENT)
        timeout = httpx.Timeout(self._bounds.read, connect=self._bounds.connect)
        with (
            httpx.Client(verify=verify, trust_env=False, follow_redirects=False, timeout=timeout) as client,
            contextlib.ExitStack() as held,
        ):
            run = _Run(client, self._bounds, url, place, Path(path), Note(url=url, sha256=sha256, size=size))
            held.enter_context(_alone(run.part))
            yield from run.all()


class _Run:
    """One fetch: as many attempts as it takes, each going on from what is there."""

    def __init__(
        self, client: httpx.Client, bounds: Bounds, url: str, place: Endpoint, path: Path, wanted: Note
    ) -> None:
        self._client, self._bounds, self._url, self._place = client, bounds, url, place
        self._path, self._wanted = path, wanted
        self.part, self._note_file = part_of(path)
        self._digest = hashlib.sha256()
        self._at = self._sent = self._received = 0  # at: bytes of the file that are there
        self._total = wanted.size
        self._began = time.monotonic()
        self._pace = _Pace()

    def all(self) -> Iterator[Fetching | Fetched]:
        note = read_note(self._path, self._url)
        yield from self._go_on_from(note)
        began_at, vain = self._at, 0
        while True:
            before = self._at
            try:
                note = yield from self._attempt(note)
                break
            except httpx.HTTPError as error:
                vain = vain + 1 if self._at == before else 1
                if vain >= self._bounds.attempts or certificate_fault(error):
                    raise self._translated(error) from error
                note = read_note(self._path, self._url)
            except _Again:
                vain, note = vain + 1, None
                if vain >= self._bounds.attempts:
                    raise self._broken("the hub does not give the file in one piece") from None
            time.sleep(self._bounds.pause * 2 ** (vain - 1))
        yield self._placed(note, began_at)

    def _go_on_from(self, note: Note | None) -> Generator[Fetching, None, None]:
        """Read what an earlier run has left into the digest; a part nobody has noted is dropped."""
        if note is None:
            self._restart()
            return
        self._total = note.size or self._total
        with self.part.open("rb") as file:
            while piece := file.read(_PIECE):
                self._digest.update(piece)
                self._at += len(piece)
                if self._pace.due(self._at, self._bounds.tell):
                    yield self._told("check")

    def _attempt(self, note: Note | None) -> Generator[Fetching, None, Note]:
        """One request, through its redirects, and its body to the end; returns what the file is."""
        if note is not None and note.size and self._at == note.size:
            return note
        url, declared = httpx.URL(self._url), Note(url=self._url)
        for _ in range(self._bounds.hops):
            request = self._request(url, note)
            yield self._told("download")  # what is sent is told before it leaves, whatever becomes of it
            with contextlib.closing(self._client.send(request, stream=True)) as response:
                if self._same_place(response.url):
                    declared = _declared(response, declared)
                if not 300 <= response.status_code < 400:
                    return (yield from self._taken(response, note, declared))
                url = self._elsewhere(response)
        raise Refused("the hub sends us from place to place", where=self._place.host, remedy="try later")

    def _taken(
        self, response: httpx.Response, note: Note | None, declared: Note
    ) -> Generator[Fetching, None, Note]:
        """The reply that carries the file, or the rest of it, to its end."""
        self._check(response)
        partial = response.status_code == 206
        if response.status_code == 416 or (partial and not self._continues(response, note, declared)):
            self._restart()  # there is nothing beyond what we have, or something else: not the file it was
            raise _Again
        if not partial and self._at:
            self._restart()  # the file has changed, or the server knows no ranges
        noted = self._noted(response, declared)
        self._room(noted)
        with self.part.open("ab") as file:
            yield from self._body(response, file)
        return noted

    # --- the request ---------------------------------------------------------------------------

    def _request(self, url: httpx.URL, note: Note | None) -> httpx.Request:
        headers = {"Accept-Encoding": "identity", "User-Agent": "homebody", "Accept": "*/*"}
        if self._at:
            headers["Range"] = f"bytes={self._at}-"
            if note is not None and note.etag and not note.etag.startswith("W/"):
                headers["If-Range"] = note.etag
        request = self._client.build_request("GET", url, headers=headers)
        self._sent += len(f"GET {url.raw_path.decode('ascii')} HTTP/1.1\r\n\r\n")
        self._sent += sum(len(name) + len(value) + 4 for name, value in request.headers.raw)
        return request

    def _elsewhere(self, response: httpx.Response) -> httpx.URL:
        """Where a redirect leads: within the same place, or over TLS to where the hub keeps its files."""
        said = response.headers.get("location", "")
        try:
            url = response.url.join(said)
        except httpx.InvalidURL:
            url = httpx.URL("")
        ours = url.scheme == "https" and any(url.host == hub or url.host.endswith(f".{hub}") for hub in HUBS)
        if said and not url.userinfo and (self._same_place(url) or (ours and self._place.host in HUBS)):
            return url
        raise Refused(
            "the hub sends us elsewhere, and we do not follow",
            where=f"{self._place.host} to {quoted(said.partition('?')[0])}",
            remedy="get the file by hand if you trust that place",
        )

    def _same_place(self, url: httpx.URL) -> bool:
        port = url.port or (443 if url.scheme == "https" else 80)
        return (url.host, port, url.scheme == "https") == tuple(self._place)

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in (200, 206, 416):
            if response.headers.get("content-encoding", "identity") != "identity":
                raise HomebodyError("the hub compresses a file that it should not", where=self._place.host)
            return
        where = f"{self._place.host}: {status}"
        match status:
            case 401 | 403:
                raise Refused(
                    "the hub gives this file only to those with an account there",
                    where=where,
                    remedy="get it by hand, then give its path to `homebody models use`",
                )
            case 404 | 410:
                raise NotFound("the hub has no such file any more", where=where, remedy="choose another")
            case 408 | 425 | 429 | 500 | 502 | 503 | 504:
                raise httpx.RemoteProtocolError(f"the hub is busy ({status})")
        raise HomebodyError("the hub does not give the file", where=where, remedy="try again later")

    # --- what it is ----------------------------------------------------------------------------

    def _continues(self, response: httpx.Response, note: Note | None, declared: Note) -> bool:
        """Whether a partial reply is the rest of what we have."""
        said = _RANGE.fullmatch(response.headers.get("content-range", ""))
        if said is None or int(said[1]) != self._at:
            return False
        if note is None or (note.size and int(said[2]) != note.size):
            return False
        etag = response.headers.get("etag", "")
        changed = (declared.sha256 and note.sha256 and declared.sha256 != note.sha256) or (
            etag and note.etag and etag != note.etag
        )
        return not changed

    def _noted(self, response: httpx.Response, declared: Note) -> Note:
        """What the file is by now, checked against what was wanted, and kept beside the part."""
        total = declared.size or _total(response, self._at)
        wanted = self._wanted
        if wanted.sha256 and declared.sha256 not in ("", wanted.sha256):
            forget(self._path)
            raise HomebodyError(
                "the hub has another file now than the one that was checked for the catalog",
                where=f"its SHA-256 is {declared.sha256[:12]}…, not {wanted.sha256[:12]}…",
                remedy="get it by hand if you want it all the same",
            )
        sha256 = wanted.sha256 or declared.sha256
        if not sha256 and not declared.git:
            forget(self._path)
            raise Refused(
                "nobody vouches for this file: the catalog has no checksum, and the hub declares none",
                where=self._place.host,
                remedy="get it by hand if you trust it",
            )
        if wanted.sha256 and wanted.size and total and total != wanted.size:
            forget(self._path)
            raise HomebodyError(
                "the hub has a file of another size than the one that was checked for the catalog",
                where=f"{total:,} bytes, not {wanted.size:,}",
                remedy="try again later",
            )
        self._total = total or (wanted.size if wanted.sha256 else 0)
        git = "" if sha256 else declared.git
        etag = response.headers.get("etag", "")
        note = Note(url=self._url, etag=etag, sha256=sha256, size=self._total, git=git)
        self._note_file.parent.mkdir(parents=True, exist_ok=True)
        self._note_file.write_bytes(msgspec.json.encode(note))
        return note

    def _room(self, note: Note) -> None:
        free, need = shutil.disk_usage(self.part.parent).free, note.size - self._at + self._bounds.spare
        if need > free:
            if not self._at:
                forget(self._path)
            raise NoSpace(
                "the disk has no room for this file",
                where=f"{self.part.parent}: {free / 1e6:,.0f} MB free, {need / 1e6:,.0f} MB needed",
                remedy="free some space and try again",
            )

    def _body(self, response: httpx.Response, file: BinaryIO) -> Generator[Fetching, None, None]:
        most = self._total or self._bounds.largest
        for piece in response.iter_raw():  # as it arrives: what has come is never lost to a buffer
            if self._at + len(piece) > most:
                forget(self._path)
                raise HomebodyError(
                    "more came than the file is long",
                    where=f"{self._place.host}: over {most:,} bytes",
                    remedy="nothing of it was kept; try again later",
                )
            file.write(piece)
            self._digest.update(piece)
            self._at += len(piece)
            self._received += len(piece)
            if self._pace.due(self._at, self._bounds.tell):
                file.flush()
                yield self._told("download")

    def _placed(self, note: Note, began_at: int) -> Fetched:
        found, wanted = self._digest.hexdigest(), self._wanted.sha256 or note.sha256
        if not wanted and note.git == _git(self.part):
            wanted = found
        if (note.size and self._at != note.size) or found != wanted:
            forget(self._path)
            raise spoiled(f"{self._path.name}: {found[:12]}…, not {wanted[:12]}…")
        with self.part.open("rb") as file:
            os.fsync(file.fileno())
        self.part.replace(self._path)
        self._note_file.unlink(missing_ok=True)
        return Fetched(
            sha256=found,
            size=self._at,
            declared=not self._wanted.sha256,
            sent=self._sent,
            received=self._received,
            began_at=began_at,
            seconds=time.monotonic() - self._began,
        )

    def _restart(self) -> None:
        forget(self._path)
        self._digest, self._at = hashlib.sha256(), 0
        self.part.parent.mkdir(parents=True, exist_ok=True)
        self.part.touch()

    def _told(self, stage: str) -> Fetching:
        return Fetching(
            file=self._path.name,
            stage=stage,
            done=self._at,
            total=self._total,
            rate=self._pace.rate,
            sent=self._sent,
        )

    def _translated(self, error: httpx.HTTPError) -> HomebodyError:
        where = f"{self._place.host}:{self._place.port}"
        if why := certificate_fault(error):
            return Refused("the connection is not safe: nothing was fetched", where=f"{where}: {why}")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) and not self._at:
            return HomebodyError("the hub cannot be reached", where=where, remedy="check the network")
        if isinstance(error, httpx.TimeoutException):
            return self._broken("the hub stopped sending")
        return self._broken("the connection broke off")

    def _broken(self, what: str) -> HomebodyError:
        return HomebodyError(
            what,
            where=f"{self._place.host}, after {self._at:,} of {self._total:,} bytes",
            remedy="try again: it goes on from there",
        )


class _Again(Exception):
    """What is there cannot be continued; it starts anew."""


class _Pace:
    """When to tell of progress, and how fast it is: bytes a second, smoothed over a few seconds."""

    def __init__(self) -> None:
        self.rate = 0.0
        self._when, self._at = time.monotonic(), 0

    def due(self, at: int, every: float) -> bool:
        now = time.monotonic()
        passed = now - self._when
        if passed < every:
            return False
        fresh = max(0, at - self._at) / passed
        weight = min(1.0, passed / 3.0) if self.rate else 1.0
        self.rate += (fresh - self.rate) * weight
        self._when, self._at = now, at
        return True


def _declared(response: httpx.Response, before: Note) -> Note:
    """What the hub itself says of the file: its digest (of a file kept apart) and its size."""
    linked = response.headers.get("x-linked-etag") or (
        response.headers.get("etag", "") if response.status_code in (200, 206) else ""
    )
    digest = linked.removeprefix("W/").strip('"').lower()
    size = response.headers.get("x-linked-size", "")
    return Note(
        url=before.url,
        sha256=digest if _DIGEST.fullmatch(digest) else before.sha256,
        size=int(size) if size.isdecimal() and len(size) < 16 else before.size,
        git=digest if _GIT.fullmatch(digest) else before.git,
    )


def _git(path: Path) -> str:
    """Git's name of a file's content: the SHA-1 of a blob."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def _total(response: httpx.Response, at: int) -> int:
    """The whole file's size as this reply tells it; 0 where it does not."""
    if (said := _RANGE.fullmatch(response.headers.get("content-range", ""))) and response.status_code == 206:
        return int(said[2])
    length = response.headers.get("content-length", "")
    return at + int(length) if length.isdecimal() and len(length) < 16 else 0


@contextlib.contextmanager
def _alone(part: Path) -> Iterator[None]:
    """Nobody else fetches the same file. Raises Refused where somebody does."""
    part.parent.mkdir(parents=True, exist_ok=True)
    guard = part.with_name(part.name + ".lock")
    with guard.open("w") as file:
        try:
            _lock(file.fileno())
        except OSError as error:
            raise Refused("this file is being fetched already", where=part.name) from error
        try:
            yield
        finally:
            guard.unlink(missing_ok=True)


def _lock(descriptor: int) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
