"""What the machine can spare: free memory and mains power, and what the models may hold in view of it."""

from __future__ import annotations

import contextlib

import psutil

from app.core.types import Record

# Of the machine's memory, what stays free for everything else: beneath it idle models leave.
RESERVE_SHARE, LEAST_RESERVE = 0.10, 512 * 1024 * 1024
BATTERY_SHARE = 0.5  # of the budget, what idle models may keep on battery
BATTERY_IDLE_S = 60.0  # and for how long at most


class Reading(Record, frozen=True, kw_only=True):
    """The machine now: bytes of memory, and whether it runs on battery (never where there is none)."""

    total: int
    available: int
    battery: bool = False


class Allowance(Record, frozen=True, kw_only=True):
    """``most`` bytes all models together may use at work; idle ones leave above ``keep``, and ``why``."""

    most: int
    keep: int
    why: str = ""


def read() -> Reading:
    memory, battery = psutil.virtual_memory(), None
    with contextlib.suppress(OSError, AttributeError):  # a system that tells nothing of one has none
        battery = psutil.sensors_battery()
    return Reading(
        total=memory.total,
        available=memory.available,
        battery=battery is not None and not battery.power_plugged,
    )


def default_budget() -> int:
    """Half of the machine's memory."""
    return int(psutil.virtual_memory().total // 2)


def allowance(reading: Reading, *, budget: int, used: int) -> Allowance:
    """``used`` is what the models hold now, in bytes: it would be free again without them.

    The person's work is never refused for a low battery or a full machine: ``most`` is the budget.
    What is kept warm for later is less then.
    """
    keep, why = budget, ""
    reserve = max(LEAST_RESERVE, int(reading.total * RESERVE_SHARE))
    if (spare := used + reading.available - reserve) < keep:
        keep, why = max(0, spare), "the machine is short of memory"
    if reading.battery and (share := int(budget * BATTERY_SHARE)) < keep:
        keep, why = share, "the machine runs on battery"
    return Allowance(most=budget, keep=keep, why=why)


def patience(reading: Reading, idle_s: float) -> float:
    """After how many idle seconds a model leaves; 0: never, but on battery it does."""
    if not reading.battery:
        return idle_s
    return min(idle_s or BATTERY_IDLE_S, BATTERY_IDLE_S)
