"""A person's measurements, gathered by day: what is added up, what is averaged, sleep, and workouts.

A phone and a watch count the same steps. Of what is added up, the device that counted most on a day is
therefore the one that is believed, not the sum of both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, cast

_NAMES: dict[str, tuple[str, str, str]] = {  # what Apple calls it → (group, name, how)
    "StepCount": ("activity", "steps", "sum"),
    "DistanceWalkingRunning": ("activity", "on foot", "sum"),
    "DistanceCycling": ("activity", "by bicycle", "sum"),
    "DistanceSwimming": ("activity", "swum", "sum"),
    "DistanceWheelchair": ("activity", "by wheelchair", "sum"),
    "FlightsClimbed": ("activity", "floors climbed", "sum"),
    "ActiveEnergyBurned": ("activity", "active energy", "sum"),
    "AppleExerciseTime": ("activity", "of exercise", "sum"),
    "HeartRate": ("heart", "heart rate", "range"),
    "RestingHeartRate": ("heart", "resting heart rate", "mean"),
    "WalkingHeartRateAverage": ("heart", "walking heart rate", "mean"),
    "HeartRateVariabilitySDNN": ("heart", "heart rate variability", "mean"),
    "BodyMass": ("body", "weight", "mean"),
    "BodyMassIndex": ("body", "body mass index", "mean"),
    "BodyFatPercentage": ("body", "body fat", "mean"),
    "Height": ("body", "height", "mean"),
    "BloodPressureSystolic": ("body", "systolic blood pressure", "mean"),
    "BloodPressureDiastolic": ("body", "diastolic blood pressure", "mean"),
    "BloodGlucose": ("body", "blood glucose", "mean"),
    "BodyTemperature": ("body", "body temperature", "mean"),
    "OxygenSaturation": ("body", "oxygen saturation", "mean"),
    "RespiratoryRate": ("body", "respiratory rate", "mean"),
    "VO2Max": ("body", "VO2 max", "mean"),
    "DietaryWater": ("body", "water drunk", "sum"),
    "DietaryEnergyConsumed": ("body", "energy eaten", "sum"),
    "MindfulSession": ("body", "of mindfulness", "sum"),
}
_LEFT_OUT = frozenset(("BasalEnergyBurned", "AppleStandTime", "AppleStandHour", "EnvironmentalAudioExposure"))
_KIND = re.compile(r"HK(?:Quantity|Category|Data)Type(?:Identifier)?(\w{1,80})")
_ADDED = frozenset(
    ("count", "kcal", "Cal", "kJ", "km", "mi", "m", "ft", "g", "mg", "mL", "L", "min", "s", "hr")
)
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOST = 2_000_000  # of (day, measure, device)
_TIME = "%Y-%m-%d %H:%M:%S %z"


class Workout(NamedTuple):
    begins: str
    name: str
    minutes: float
    about: list[str]


class Vitals:
    """Everything that was measured; days are ``YYYY-MM-DD`` in the zone of the measurement."""

    def __init__(self) -> None:
        # group → day → measure → device → [count, sum, least, most]
        self.days: dict[str, dict[str, dict[str, dict[str, list[float]]]]] = defaultdict(dict)
        self.units: dict[str, str] = {}
        self.nights: dict[str, dict[str, list[tuple[str, str, str]]]] = {}
        self.workouts: dict[str, list[Workout]] = defaultdict(list)
        self._known: dict[str, tuple[str, str]] = {}  # what Apple calls it → (group, name)
        self._count = 0
        self._last, self._told = ("", "", ""), cast(list[float] | None, None)  # measurements come in runs

    def record(self, fields: dict[str, str]) -> None:
        """One measurement, as its attributes tell it; what is no number is passed over."""
        kind = fields.get("type", "")
        if kind == "HKCategoryTypeIdentifierSleepAnalysis":
            self._sleep(fields)
            return
        known = self._known.get(kind) or self._meet(kind, fields.get("unit", ""))
        if not known[0]:
            return
        begins, device = fields.get("startDate", ""), fields.get("sourceName", "")
        try:
            value = (
                float(fields["value"]) if "unit" in fields else _minutes(begins, fields.get("endDate", ""))
            )
        except (KeyError, ValueError):
            return
        if len(begins) < 19 or not -1e12 < value < 1e12:
            return
        if self._last != (kind, begins[:10], device):
            self._last, self._told = (kind, begins[:10], device), self._at(known, begins[:10], device, fields)
        if (told := self._told) is not None:
            told[0] += 1
            told[1] += value
            told[2] = min(told[2], value)
            told[3] = max(told[3], value)

    def _at(
        self, known: tuple[str, str], day: str, device: str, fields: dict[str, str]
    ) -> list[float] | None:
        """What is known of a measure by one device on one day; None where there is too much of all that."""
        group, name = known
        self.units.setdefault(name, fields.get("unit", "min"))
        devices = self.days[group].setdefault(day, {}).setdefault(name, {})
        if device not in devices:
            if self._count >= _MOST:
                return None
            self._count += 1
            devices[device] = [0, 0.0, float("inf"), float("-inf")]
        return devices[device]

    def _meet(self, kind: str, unit: str) -> tuple[str, str]:
        """The group and name of a measure that is new here; no group for what is not kept."""
        match = _KIND.fullmatch(kind)
        name = match[1] if match else ""
        if name in _NAMES:
            known = _NAMES[name][:2]
        elif not unit or not name or name in _LEFT_OUT:
            known = ("", "")
        else:
            known = ("body", _WORDS.sub(" ", name.removeprefix("Dietary")).lower())
        self._known[kind] = known
        return known

    def _sleep(self, fields: dict[str, str]) -> None:
        """A stretch of sleep or of lying in bed belongs to the day on which it ends."""
        begins, ends = fields.get("startDate", ""), fields.get("endDate", "")
        state = fields.get("value", "").removeprefix("HKCategoryValueSleepAnalysis")
        if len(ends) >= 19 and state != "Awake" and self._count < _MOST:
            self._count += 1
            self.nights.setdefault(ends[:10], {}).setdefault(fields.get("sourceName", ""), []).append(
                (begins, ends, state)
            )

    def workout(self, fields: dict[str, str], about: list[str]) -> None:
        begins = fields.get("startDate", "")
        if len(begins) < 19 or self._count >= _MOST:
            return
        self._count += 1
        name = _WORDS.sub(
            " ", fields.get("workoutActivityType", "").removeprefix("HKWorkoutActivityType")
        ).lower()
        try:
            minutes = float(fields.get("duration", "0")) * {"s": 1 / 60, "hr": 60}.get(
                fields.get("durationUnit", "min"), 1
            )
        except ValueError:
            minutes = 0.0
        for what, unit in (
            ("totalDistance", "totalDistanceUnit"),
            ("totalEnergyBurned", "totalEnergyBurnedUnit"),
        ):
            if number(fields.get(what, "")) not in ("", "0"):
                about.append(f"{number(fields[what])} {fields.get(unit, '')}".strip())
        self.workouts[begins[:10]].append(Workout(begins, name or "workout", minutes, about))

    def lines(self, group: str, day: str) -> list[str]:
        """What a day of ``activity``, ``heart`` or ``body`` comes to, measure by measure."""
        return [self._line(name, devices) for name, devices in self.days[group][day].items()]

    def total(self, name: str, devices: dict[str, list[float]]) -> float:
        """Of what is added up, the day's sum by the device that counted most."""
        return max(told[1] for told in devices.values())

    def _line(self, name: str, devices: dict[str, list[float]]) -> str:
        unit = self.units[name]
        how = next((how for _, known, how in _NAMES.values() if known == name), "")
        if how == "sum" or (not how and unit in _ADDED):
            shown = number(self.total(name, devices))
            return f"{shown} {name}" if unit == "count" else f"{shown} {unit} {name}"
        count, whole = sum(told[0] for told in devices.values()), sum(told[1] for told in devices.values())
        mean = whole / count * (100 if unit == "%" and whole / count <= 1 else 1)
        unit = {"count/min": "a minute"}.get(unit, unit)
        if how == "range":
            least, most = min(told[2] for told in devices.values()), max(told[3] for told in devices.values())
            return f"{name} {number(least)} to {number(most)}, {number(mean)} on average {unit}".rstrip()
        return f"{name} {number(mean)} {unit}".rstrip()

    def sleep(self, day: str) -> str:
        """How long the night before ``day`` was, by the device that knows most of it; empty if unknown."""
        best = ("", (False, 0.0))
        for stretches in self.nights[day].values():
            asleep = [one for one in stretches if one[2].startswith("Asleep")]
            word = "asleep" if asleep else "in bed"
            counted = list(_merged(asleep or stretches))
            minutes = sum((end - begin).total_seconds() / 60 for begin, end in counted)
            if counted and (bool(asleep), minutes) > best[1]:
                first, last = counted[0][0], counted[-1][1]
                best = (
                    f"{hours(minutes)} {word}, from {first:%H:%M} to {last:%H:%M}",
                    (bool(asleep), minutes),
                )
        return best[0]


def _merged(stretches: list[tuple[str, str, str]]) -> Iterator[tuple[datetime, datetime]]:
    """Stretches without what they have in common."""
    times = []
    for begins, ends, _ in stretches:
        try:
            times.append((datetime.strptime(begins, _TIME), datetime.strptime(ends, _TIME)))
        except ValueError:
            continue
    current: tuple[datetime, datetime] | None = None
    for begin, end in sorted(times):
        if current is None or begin > current[1]:
            if current is not None:
                yield current
            current = (begin, end)
        else:
            current = (current[0], max(current[1], end))
    if current is not None:
        yield current


def _minutes(begins: str, ends: str) -> float:
    return (datetime.strptime(ends, _TIME) - datetime.strptime(begins, _TIME)).total_seconds() / 60


def hours(minutes: float) -> str:
    whole = round(minutes)
    return f"{whole // 60} h {whole % 60:02} min" if whole >= 60 else f"{whole} min"


def number(value: float | str) -> str:
    """With as many digits as anybody reads: 8,432 · 71.5 · 0.98; empty for what is none."""
    try:
        value = float(value)
    except ValueError:
        return ""
    if abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.{1 if abs(value) >= 10 else 2}f}".rstrip("0").rstrip(".")
