"""The courier process: the only one with a network, started for one purpose and ended after it."""

from __future__ import annotations

from typing import Any

from app.courier import downloader
from app.courier.accounts import Accounts
from app.courier.caldav_own import OwnCalendar
from app.courier.client import Bounds, Client
from app.courier.cloud import Cloud
from app.courier.door import LocalDoor
from app.courier.download import Hub
from app.courier.downloader import Downloader
from app.courier.imap_own import OwnMailbox
from app.courier.oauth import OAuth
from app.courier.own import OwnEvents
from app.courier.own_mail import OwnMail
from app.courier.remote import Paced, Remote
from app.courier.serving import Door
from app.courier.signing import SignIn
from app.workers.service import Service

THREADS = 24  # an open door with as many replies as app.flows.serve gives, or accounts that are listened to


def service(config: dict[str, Any]) -> Service:
    """``config`` may narrow :class:`~app.courier.client.Bounds` (connect, read, total, size)."""
    accounts = Accounts()
    serves: dict[type, object] = {
        Cloud: Client(Bounds(**config)),
        Door: LocalDoor(),
        Hub: Downloader(downloader.Bounds()),
        Remote: accounts,
        Paced: accounts,
        OwnEvents: OwnCalendar(),
        OwnMail: OwnMailbox(),
        SignIn: OAuth(),
    }
    return Service(serves, threads=THREADS)
