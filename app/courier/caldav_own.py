"""Events of our own at a CalDAV account: made, changed and removed, never over what somebody else wrote.

Every write has a condition (RFC 4791, 5.3.2; RFC 9110, 13.1): a new event only where there is none, a
change or removal only of what has the ETag it was last seen with. What was interrupted is looked at
afterwards, so that it is known whether it was done.
"""

from __future__ import annotations

import re
from contextlib import closing, suppress
from urllib.parse import quote

from app.core.accounts import Account
from app.core.errors import HomebodyError, NotFound, Refused
from app.core.own import is_ours
from app.courier.dav import C, D, Dav, Missing
from app.courier.own import Kept

_UIDS = re.compile(rb"^UID(?:;[^:\r\n]*)?:([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")


class OwnCalendar:
    """Implements :class:`app.courier.own.OwnEvents`."""

    def create(self, *, account: Account, secret: str, seal: str, uid: str, data: bytes) -> Kept:
        _assert_ours(data, seal, uid)
        with closing(Dav(account, secret)) as dav:
            title = _title(dav, account)
            folder = account.place if account.place.endswith("/") else f"{account.place}/"
            url = dav.address(f"{folder}{quote(uid.partition('@')[0])}.ics", dav.base)
            return _written(dav, account, url, data, uid=uid, etag="", title=title)

    def change(self, *, account: Account, secret: str, seal: str, name: str, etag: str, data: bytes) -> Kept:
        with closing(Dav(account, secret)) as dav:
            url = dav.address(name, dav.base)
            uid = _unchanged(dav, url, seal, etag)
            _assert_ours(data, seal, uid)
            return _written(dav, account, url, data, uid=uid, etag=etag, title=_title(dav, account))

    def remove(self, *, account: Account, secret: str, seal: str, name: str, etag: str) -> int:
        with closing(Dav(account, secret)) as dav:
            url = dav.address(name, dav.base)
            _unchanged(dav, url, seal, etag)
            try:
                dav.delete(url, etag=etag)
            except (Refused, NotFound):
                raise
            except HomebodyError:  # it may have been done all the same
                if _is_there(account, secret, url):
                    raise
            return dav.sent


def _written(dav: Dav, account: Account, url: str, data: bytes, *, uid: str, etag: str, title: str) -> Kept:
    try:
        now = dav.put(url, data, etag=etag)
        found, whole = _read_back(dav, url, data)
    except (Refused, NotFound):
        raise
    except HomebodyError as error:  # the answer was lost; what was asked may have been done
        now, (found, whole) = "", _afterwards(dav, url, error)
        if _uids(whole) != {uid} or (etag and found == etag):
            raise HomebodyError(
                f"nothing was written: {error.message}", where=str(account), remedy="try again later"
            ) from None
    # a server that rewrites what it is given tells no ETag for it (RFC 4791, 5.3.4)
    return Kept(name=dav.name(url), calendar=title, etag=now or found, data=whole, sent=dav.sent)


def _read_back(dav: Dav, url: str, data: bytes) -> tuple[str, bytes]:
    """What the server made of it; what was sent where it has put it elsewhere."""
    try:
        return dav.get(url)
    except NotFound:
        return "", data


def _afterwards(dav: Dav, url: str, error: HomebodyError) -> tuple[str, bytes]:
    try:
        return dav.get(url)
    except NotFound:
        return "", b""
    except HomebodyError:
        raise HomebodyError(
            "it is not known whether the event was written: the connection broke",
            where=error.where,
            remedy="look into the calendar before you try again",
        ) from None


def _is_there(account: Account, secret: str, url: str) -> bool:
    with closing(Dav(account, secret)) as dav, suppress(NotFound):
        dav.get(url)
        return True
    return False


def _title(dav: Dav, account: Account) -> str:
    """What the calendar is called. Raises Refused where there is none at that address."""
    url = dav.address(account.place or "/", dav.base)
    with suppress(Missing):
        for entry in dav.propfind(url, (f"{D}resourcetype", f"{D}displayname"), depth=0).entries[:1]:
            if entry.has(f"{D}resourcetype", f"{C}calendar"):
                name = account.place.rstrip("/").rpartition("/")[2]
                return entry.text(f"{D}displayname") or name
    raise Refused(
        "that is no calendar that events can be written to",
        where=f"{account.host}{account.place}",
        remedy="give the address of one calendar",
    )


def _unchanged(dav: Dav, url: str, seal: str, etag: str) -> str:
    """The UID of the event there, which is ours and still has this ``etag``."""
    found, data = dav.get(url)
    uids = _uids(data)
    uid = next(iter(uids), "")
    if len(uids) != 1 or not is_ours(uid, seal):
        raise Refused(
            "that event was not made by Homebody: it is left alone",
            where=dav.name(url),
            remedy="change it in your calendar program",
        )
    if not etag or found != etag:
        raise Refused(
            "the event was changed elsewhere meanwhile",
            where=dav.name(url),
            remedy="change it in your calendar program",
        )
    return uid


def _assert_ours(data: bytes, seal: str, uid: str) -> None:
    if not is_ours(uid, seal) or _uids(data) != {uid}:
        raise Refused("that is no event of Homebody's own", remedy="nothing was sent")


def _uids(data: bytes) -> set[str]:
    """The UIDs in an iCalendar object; those of alarms (RFC 9074) count too, and we write none."""
    return {uid.strip().decode("utf-8", "replace") for uid in _UIDS.findall(_FOLD.sub(b"", data))}
