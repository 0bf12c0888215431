"""A model is fetched whole or not at all: from a real server on loopback, with every fault it can have."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from hub_server import Hub, running

from app.core.errors import HomebodyError, NoSpace, NotFound, Refused, WorkerDied
from app.core.types import Fetching
from app.courier import download
from app.courier.download import Fetched, part_of
from app.courier.downloader import Bounds, Downloader
from app.workers.sandbox import Limits
from app.workers.worker import Worker

SIZE = 700_001
QUICK = Bounds(connect=2, read=2, tell=0, pause=0.01, attempts=3, spare=0)


def made(seed: int, size: int = SIZE) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.fixture
def hub() -> Iterator[Hub]:
    with running(Hub(made(1))) as started:
        yield started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "models" / "file.gguf"


def fetch(hub: Hub, path: Path, *, sha256: str = "", size: int = 0, bounds: Bounds = QUICK) -> Fetched:
    *told, end = Downloader(bounds).fetch(url=hub.url, path=str(path), sha256=sha256, size=size)
    assert isinstance(end, Fetched)
    assert told
    return end


def leave_part(hub: Hub, path: Path, upto: int) -> None:
    """What a run leaves that is closed in the middle, as Ctrl+C does it."""
    steps = Downloader(QUICK).fetch(url=hub.url, path=str(path))
    for step in steps:
        if isinstance(step, Fetching) and step.done > upto:
            break
    steps.close()
    assert not path.exists()
    assert upto < part_of(path)[0].stat().st_size < len(hub.content)


def nothing_stays(path: Path) -> bool:
    return not path.parent.exists() or list(path.parent.iterdir()) == []


# --- it comes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("moved", ["", "/store/file"])
def test_a_file_comes_whole_and_checked(hub: Hub, path: Path, moved: str) -> None:
    hub.moved = moved
    end = fetch(hub, path, sha256=hub.sha256, size=SIZE)
    assert path.read_bytes() == hub.content
    assert list(path.parent.iterdir()) == [path]
    assert (end.size, end.received, end.began_at, end.declared) == (SIZE, SIZE, 0, False)
    heads = [f"GET {where} HTTP/1.1\r\n" for where, _ in hub.seen]
    assert end.sent >= sum(map(len, heads))


def test_what_is_sent_is_told_before_it_leaves(hub: Hub, path: Path) -> None:
    steps = Downloader(QUICK).fetch(url=hub.url, path=str(path))
    first = next(steps)
    assert first.sent > len(f"GET {hub.url} HTTP/1.1")
    assert hub.seen == []
    steps.close()


def test_nothing_but_the_request_is_sent(hub: Hub, path: Path) -> None:
    fetch(hub, path)
    for _, headers in hub.seen:
        assert set(headers) <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
        assert headers["user-agent"] == "homebody"


def test_without_a_checksum_of_ours_the_hubs_is_what_counts(hub: Hub, path: Path) -> None:
    end = fetch(hub, path, size=123)  # a size that is only about right
    assert (end.sha256, end.declared) == (hub.sha256, True)


def test_progress_tells_how_far_and_how_fast(hub: Hub, path: Path) -> None:
    steps = [s for s in Downloader(QUICK).fetch(url=hub.url, path=str(path)) if isinstance(s, Fetching)]
    assert [s.done for s in steps] == sorted(s.done for s in steps)
    assert {s.total for s in steps} == {0, SIZE}  # not known before the hub has said it
    assert steps[-1].rate > 0


# --- it goes on ----------------------------------------------------------------------------------


def test_cut_short_it_goes_on_where_it_was(hub: Hub, path: Path) -> None:
    leave_part(hub, path, 200_000)
    before = part_of(path)[0].stat().st_size
    hub.seen.clear()
    end = fetch(hub, path, sha256=hub.sha256, size=SIZE)
    assert path.read_bytes() == hub.content
    assert (end.began_at, end.received) == (before, SIZE - before)
    assert hub.seen[-1][1]["range"] == f"bytes={before}-"
    assert hub.seen[-1][1]["if-range"] == f'"{hub.sha256}"'


def test_killed_in_the_middle_it_goes_on_where_it_was(hub: Hub, path: Path) -> None:
    """A courier process killed by SIGKILL, and another one after it."""
    hub.pause = 0.02

    def courier() -> Worker:
        return Worker("courier", "app.courier.service:service", limits=Limits(network=True))

    first, second = courier(), courier()
    try:
        steps = first.stream(download.Hub.fetch, url=hub.url, path=str(path))
        step = next(s for s in steps if isinstance(s, Fetching) and s.done > 100_000)
        os.kill(first.pid, signal.SIGKILL)
        with pytest.raises(WorkerDied):
            list(steps)
        assert not path.exists()
        left = part_of(path)[0].stat().st_size
        assert left >= step.done
        hub.pause = 0.0
        *_, end = second.stream(download.Hub.fetch, url=hub.url, path=str(path), sha256=hub.sha256)
        assert isinstance(end, Fetched)
        assert (end.began_at, end.received) == (left, SIZE - left)
        assert path.read_bytes() == hub.content
    finally:
        first.stop()
        second.stop()


def test_a_connection_that_breaks_off_again_and_again_still_gets_there(hub: Hub, path: Path) -> None:
    hub.cut = [100_000, 1, 200_000, 50_000]
    end = fetch(hub, path, sha256=hub.sha256)
    assert path.read_bytes() == hub.content
    assert end.received == SIZE
    assert [h.get("range", "") for p, h in hub.seen if p == hub.moved][1:] != [""] * 4


def test_one_that_breaks_off_for_good_leaves_a_part_to_go_on_from(hub: Hub, path: Path) -> None:
    hub.cut = [100_000, 0, 0, 0]
    with pytest.raises(HomebodyError, match="broke off") as caught:
        fetch(hub, path)
    assert "after 100,000 of 700,001 bytes" in caught.value.where
    assert "goes on from there" in caught.value.remedy
    assert fetch(hub, path).began_at == 100_000


def test_a_whole_part_is_only_checked_and_put_in_place(hub: Hub, path: Path) -> None:
    leave_part(hub, path, 600_000)
    part_of(path)[0].write_bytes(hub.content)
    hub.seen.clear()
    end = fetch(hub, path)
    assert (end.received, hub.seen) == (0, [])
    assert path.read_bytes() == hub.content


def test_another_file_in_between_starts_anew(hub: Hub, path: Path) -> None:
    leave_part(hub, path, 200_000)
    hub.content = made(2)
    end = fetch(hub, path)
    assert path.read_bytes() == made(2)
    assert (end.began_at > 0, end.received) == (True, SIZE)


def test_another_file_under_the_same_etag_starts_anew(hub: Hub, path: Path) -> None:
    """The store's own mark did not change, but what the hub declares did."""
    hub.etag = '"same"'
    leave_part(hub, path, 200_000)
    hub.content = made(2)
    fetch(hub, path)
    assert path.read_bytes() == made(2)


def test_another_file_under_the_same_marks_is_seen_by_its_checksum(hub: Hub, path: Path) -> None:
    hub.etag, hub.declares = '"same"', False
    good = hub.sha256
    steps = Downloader(QUICK).fetch(url=hub.url, path=str(path), sha256=good)
    next(s for s in steps if isinstance(s, Fetching) and s.done > 200_000)
    steps.close()
    hub.content = made(2)
    with pytest.raises(HomebodyError, match="checksum differs"):
        fetch(hub, path, sha256=good)
    assert nothing_stays(path)


def test_a_smaller_file_in_between_starts_anew(hub: Hub, path: Path) -> None:
    leave_part(hub, path, 200_000)
    hub.content = made(3, 100_000)
    fetch(hub, path)
    assert path.read_bytes() == hub.content


def test_a_server_without_ranges_starts_anew(hub: Hub, path: Path) -> None:
    leave_part(hub, path, 200_000)
    hub.ranges = False
    end = fetch(hub, path)
    assert path.read_bytes() == hub.content
    assert end.received == SIZE


def test_a_part_of_another_address_is_not_added_to(hub: Hub, path: Path) -> None:
    leave_part(hub, path, 200_000)
    other = Downloader(QUICK).fetch(url=hub.url.replace("main", "other"), path=str(path))
    *_, end = other
    assert isinstance(end, Fetched)
    assert (end.began_at, end.received) == (0, SIZE)


# --- it does not come ----------------------------------------------------------------------------


def test_a_wrong_checksum_leaves_nothing(hub: Hub, path: Path) -> None:
    hub.wrong = b"evil"
    with pytest.raises(HomebodyError, match="checksum differs") as caught:
        fetch(hub, path, sha256=hub.sha256, size=SIZE)
    assert hub.sha256[:12] in caught.value.where
    assert nothing_stays(path)


def test_another_file_than_the_catalog_knows_is_refused_before_it_is_fetched(hub: Hub, path: Path) -> None:
    with pytest.raises(HomebodyError, match="another file now"):
        fetch(hub, path, sha256="0" * 64, size=SIZE)
    assert nothing_stays(path)
    assert not hub.sending.is_set() or len(hub.seen) == 2


def test_another_size_than_the_catalog_knows_is_refused(hub: Hub, path: Path) -> None:
    hub.declares = False
    with pytest.raises(HomebodyError, match="another size"):
        fetch(hub, path, sha256=hub.sha256, size=SIZE + 1)
    assert nothing_stays(path)


def test_a_file_nobody_vouches_for_is_refused(hub: Hub, path: Path) -> None:
    hub.declares, hub.etag = False, '"only a mark"'
    with pytest.raises(Refused, match="nobody vouches"):
        fetch(hub, path)
    assert nothing_stays(path)


def test_a_small_file_is_known_by_git(hub: Hub, path: Path) -> None:
    """Which is how the hub names files that it keeps itself."""
    name = hashlib.sha1(b"blob %d\0" % len(hub.content) + hub.content).hexdigest()
    hub.declares, hub.moved, hub.etag = False, "", f'"{name}"'
    fetch(hub, path)
    assert path.read_bytes() == hub.content
    path.unlink()
    hub.wrong = b"!"
    with pytest.raises(HomebodyError):
        fetch(hub, path)
    assert nothing_stays(path)


def test_more_than_the_file_is_long_is_cut_off(hub: Hub, path: Path) -> None:
    hub.more, hub.lengths = bytes(3_000_000), False
    with pytest.raises(HomebodyError, match="more came"):
        fetch(hub, path, sha256=hub.sha256, size=SIZE)
    assert nothing_stays(path)


def test_a_file_that_ends_early_without_saying_so_is_not_taken(hub: Hub, path: Path) -> None:
    hub.lengths, hub.cut = False, [300_000]
    with pytest.raises(HomebodyError, match="checksum differs"):
        fetch(hub, path, sha256=hub.sha256, size=SIZE)
    assert nothing_stays(path)


def test_a_full_disk_is_said_before_anything_is_written(hub: Hub, path: Path) -> None:
    with pytest.raises(NoSpace, match="no room for this file") as caught:
        fetch(hub, path, bounds=Bounds(connect=2, read=2, spare=1 << 60))
    assert "MB needed" in caught.value.where
    assert nothing_stays(path)
    fetch(hub, path)  # the control: with room it comes


@pytest.mark.parametrize(
    "where",
    [
        "http://127.0.0.1:{other}/store/file",
        "http://example.org/file",
        "https://huggingface.co.example.org/file",
        "https://cdn.hf.co/file",  # where the real hub may send us, but not this one
        "ftp://127.0.0.1/file",
        "//user@127.0.0.1/file",
        "",
    ],
)
def test_a_redirect_elsewhere_is_refused(hub: Hub, path: Path, where: str) -> None:
    with running(Hub(made(1))) as other:
        hub.moved = where.format(other=other.port) or "   "
        with pytest.raises(Refused, match="sends us elsewhere"):
            fetch(hub, path)
        assert other.seen == []
    assert not path.exists()


@pytest.mark.parametrize(
    ("url", "followed"),
    [
        ("https://cdn-lfs-us-1.hf.co/x?Signature=" + "s" * 3000, True),
        ("https://cas-bridge.xethub.hf.co/x", True),
        ("https://us.aws.cdn.hf.co/x", True),
        ("https://huggingface.co/renamed/resolve/main/x", True),
        ("http://cdn-lfs.huggingface.co/x", False),
        ("https://hf.co.evil.org/x", False),
        ("https://nothf.co/x", False),
        ("https://user@cdn.hf.co/x", False),
    ],
)
def test_the_hub_may_send_us_only_to_where_it_keeps_its_files(url: str, followed: bool) -> None:
    import httpx

    from app.core.policy import endpoint
    from app.courier.download import Note
    from app.courier.downloader import _Run

    place = endpoint("https://huggingface.co/a/b/resolve/main/c")
    with httpx.Client() as client:
        run = _Run(client, QUICK, "https://huggingface.co/a", place, Path("x"), Note(url=""))
        request = httpx.Request("GET", "https://huggingface.co/a")
        response = httpx.Response(302, headers={"Location": url}, request=request)
        if followed:
            assert run._elsewhere(response) == httpx.URL(url)
        else:
            with pytest.raises(Refused, match="elsewhere"):
                run._elsewhere(response)


def test_a_redirect_in_a_circle_ends(hub: Hub, path: Path) -> None:
    hub.moved = "/again/resolve/file"
    with pytest.raises(Refused, match="from place to place"):
        fetch(hub, path)


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (401, Refused, "account"),
        (403, Refused, "account"),
        (404, NotFound, "no such file"),
        (418, HomebodyError, "does not give the file"),
    ],
)
def test_what_the_hub_does_not_give_is_said(
    hub: Hub, path: Path, status: int, kind: type[HomebodyError], said: str
) -> None:
    hub.statuses = [status]
    with pytest.raises(kind, match=said):
        fetch(hub, path)
    assert len(hub.seen) == 1


def test_a_busy_hub_is_asked_again(hub: Hub, path: Path) -> None:
    hub.statuses = [503, 429]
    fetch(hub, path)
    assert path.read_bytes() == hub.content


def test_a_hub_that_stays_busy_is_given_up(hub: Hub, path: Path) -> None:
    hub.statuses = [503] * 9
    with pytest.raises(HomebodyError, match="broke off"):
        fetch(hub, path)
    assert len(hub.seen) == QUICK.attempts


def test_a_slow_hub_is_waited_for_and_a_silent_one_is_not(hub: Hub, path: Path) -> None:
    hub.pause = 0.01
    fetch(hub, path, bounds=Bounds(connect=2, read=0.5, tell=0, pause=0.01, spare=0))
    path.unlink()
    hub.pause = 1.5
    with pytest.raises(HomebodyError, match="stopped sending") as caught:
        fetch(hub, path, bounds=Bounds(connect=2, read=0.1, tell=0, pause=0.01, attempts=1, spare=0))
    assert "goes on from there" in caught.value.remedy


def test_nobody_there_is_said(path: Path) -> None:
    with running(Hub(b"")) as gone:
        pass
    with pytest.raises(HomebodyError, match="cannot be reached"):
        fetch(gone, path)


def test_plain_http_stays_on_this_computer(path: Path) -> None:
    with pytest.raises(Refused, match="without https"):
        list(Downloader(QUICK).fetch(url="http://example.org/x", path=str(path)))


def test_the_same_file_is_not_fetched_twice_at_once(hub: Hub, path: Path) -> None:
    steps = Downloader(QUICK).fetch(url=hub.url, path=str(path))
    next(steps)
    with pytest.raises(Refused, match="fetched already"):
        fetch(hub, path)
    steps.close()
    fetch(hub, path)
