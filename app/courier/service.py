"""The courier process: the only one with a network, started for one request and ended after it."""

from __future__ import annotations

from typing import Any

from app.courier.client import Bounds, Client
from app.courier.cloud import Cloud
from app.workers.service import Service


def service(config: dict[str, Any]) -> Service:
    """``config`` may narrow :class:`~app.courier.client.Bounds` (connect, read, total, size)."""
    return Service({Cloud: Client(Bounds(**config))})
