"""Apple Health's export: what is added up, averaged, slept and trained, by day and month."""

# ruff: noqa: E501 - rows of exports as their programs write them

from __future__ import annotations

import zipfile
from datetime import UTC, date
from pathlib import Path

import pytest

from indexers import health
from indexers.item import Item, Mark, Skipped, Unit

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Workout)*)>
<!ATTLIST HealthData locale CDATA #REQUIRED>
]>
<HealthData locale="de_DE">
 <ExportDate value="2026-06-30 10:00:00 +0200"/>
 <Me HKCharacteristicTypeIdentifierDateOfBirth="1980-01-01"/>
"""
WORKOUT = """ <Workout workoutActivityType="HKWorkoutActivityTypeTraditionalStrengthTraining" duration="61.4" durationUnit="min"
 sourceName="Watch" startDate="2026-06-02 18:00:00 +0200" endDate="2026-06-02 19:01:00 +0200">
  <MetadataEntry key="HKIndoorWorkout" value="1"/>
  <WorkoutStatistics type="HKQuantityTypeIdentifierActiveEnergyBurned" sum="412.6" unit="kcal"/>
 </Workout>
 <Workout workoutActivityType="HKWorkoutActivityTypeRunning" duration="30" durationUnit="min" totalDistance="5.2"
 totalDistanceUnit="km" sourceName="Watch" startDate="2026-06-02 07:00:00 +0200" endDate="2026-06-02 07:30:00 +0200"/>
"""


def record(
    kind: str, value: str, begins: str, *, unit: str = "count", source: str = "iPhone", ends: str = ""
) -> str:
    group = "Category" if unit == "" else "Quantity"
    told = f' unit="{unit}"' if unit else ""
    return (
        f' <Record type="HK{group}TypeIdentifier{kind}" sourceName="{source}" device="&lt;&lt;HKDevice&gt;, name:x&gt;"{told} '
        f'startDate="{begins} +0200" endDate="{ends or begins} +0200" value="{value}"/>\n'
    )


def sleep(state: str, begins: str, ends: str, source: str = "Watch") -> str:
    return record(
        "SleepAnalysis", f"HKCategoryValueSleepAnalysis{state}", begins, unit="", source=source, ends=ends
    )


RECORDS = "".join(
    [
        record("StepCount", "3000", "2026-06-02 09:00:00"),
        record("StepCount", "2500", "2026-06-02 10:00:00"),
        record("StepCount", "6000", "2026-06-02 09:00:00", source="Watch"),
        record("StepCount", "100", "2026-07-01 00:10:00"),
        record("HeartRate", "60", "2026-06-02 09:00:00", unit="count/min"),
        record("HeartRate", "120", "2026-06-02 10:00:00", unit="count/min"),
        record("OxygenSaturation", "0.97", "2026-06-02 10:00:00", unit="%"),
        record("BodyMass", "71.5", "2026-06-02 07:00:00", unit="kg"),
        record("DietaryCaffeine", "90", "2026-06-02 07:00:00", unit="mg"),
        record("DistanceWalkingRunning", "4.256", "2026-06-02 09:00:00", unit="km"),
        record("StepCount", "nonsense", "2026-06-02 09:00:00"),
        sleep("InBed", "2026-06-01 22:30:00", "2026-06-02 06:30:00", "iPhone"),
        sleep("AsleepCore", "2026-06-01 23:00:00", "2026-06-02 02:00:00"),
        sleep("AsleepDeep", "2026-06-02 01:00:00", "2026-06-02 03:00:00"),
        sleep("Awake", "2026-06-02 03:00:00", "2026-06-02 03:30:00"),
        sleep("AsleepREM", "2026-06-02 03:30:00", "2026-06-02 06:00:00"),
    ]
)


def every(root: Path) -> tuple[dict[str, Item], list[Skipped]]:
    found: list[Item | Skipped] = []
    for unit in health.scan(root):
        found += health.read(Path(unit.path)) if isinstance(unit, Unit) else [unit]
    items = {one.title: one for one in found if isinstance(one, Item)}
    return items, [one for one in found if isinstance(one, Skipped)]


def test_a_month_is_a_handful_of_items(tmp_path: Path) -> None:
    folder = tmp_path / "apple_health_export"
    folder.mkdir()
    (folder / "export.xml").write_text(f"{HEAD}{RECORDS}{WORKOUT}</HealthData>\n", encoding="utf-8")
    (folder / "export_cda.xml").write_text("<ClinicalDocument/>")
    items, skipped = every(tmp_path)
    assert not skipped
    assert set(items) == {
        "Activity in June 2026",
        "Activity in July 2026",
        "Heart rate in June 2026",
        "Sleep in June 2026",
        "Workouts in June 2026",
        "Body measurements in June 2026",
    }
    assert items["Activity in June 2026"].text.split("\n") == [
        "Activity in June 2026: 6,000 steps in all, 6,000 a day on average, 6,000 at most.",
        "Tuesday 2 June 2026: 6,000 steps, 4.26 km on foot",
    ], "phone and watch count the same steps"
    assert "heart rate 60 to 120, 90 on average a minute" in items["Heart rate in June 2026"].text
    assert items["Sleep in June 2026"].text == "Tuesday 2 June 2026: 6 h 30 min asleep, from 23:00 to 06:00"
    assert items["Workouts in June 2026"].text.split("\n") == [
        "Workouts in June 2026: 2, 1 h 31 min in all.",
        "Tuesday 2 June 2026: running at 07:00 for 30 min (5.2 km), "
        "traditional strength training at 18:00 for 1 h 01 min (412.6 kcal)",
    ]
    body = items["Body measurements in June 2026"].text
    assert "oxygen saturation 97 %" in body
    assert "weight 71.5 kg" in body
    assert "90 mg caffeine" in body
    when, until = items["Sleep in June 2026"].when, items["Sleep in June 2026"].until
    assert when is not None
    assert until is not None
    assert (when.date(), until.date()) == (date(2026, 6, 2), date(2026, 6, 2))
    assert when.astimezone(UTC) < until.astimezone(UTC)


def test_the_zip_of_the_phone_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Export.xml").write_text(f"{HEAD}{RECORDS}{WORKOUT}</HealthData>", encoding="utf-8")
    (tmp_path / "b").mkdir()
    with zipfile.ZipFile(tmp_path / "b" / "Export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "a" / "Export.xml", "apple_health_export/Export.xml")
    plain, packed = every(tmp_path / "a"), every(tmp_path / "b")
    assert {title: item.text for title, item in plain[0].items()} == {
        title: item.text for title, item in packed[0].items()
    }
    assert not packed[1]


def test_a_large_export_gives_signs_of_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SIGN", 2_000_000)
    rows = RECORDS * 2_000
    path = tmp_path / "export.xml"
    path.write_text(f"{HEAD}{rows}</HealthData>", encoding="utf-8")
    assert health.large(path)
    found = list(health.portions(path, "", grown=False))
    marks = [one for one in found if isinstance(one, Mark)]
    assert len(marks) in range(2, path.stat().st_size // 2_000_000 + 1)
    assert found[: len(marks)] == marks
    assert [one for one in found if isinstance(one, Item)] == list(health.read(path))
    assert "12,000,000 steps" in next(one.text for one in found if isinstance(one, Item))


def test_damaged_and_hostile(tmp_path: Path) -> None:
    files = {
        "cut.xml": f"{HEAD}{RECORDS}"[:-40],
        "laughs.xml": HEAD.replace("<!-- Health", '<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!-- Health')
        + "</HealthData>",
        "outside.xml": HEAD.replace("<!-- Health", '<!ENTITY a SYSTEM "file:///etc/passwd"><!-- Health')
        + "</HealthData>",
        "endless.xml": f'{HEAD} <Record type="' + "x" * 9_000_000,
        "empty.xml": f"{HEAD}</HealthData>",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("apple_health_export/export.xml", HEAD + " " * 60_000_000 + "</HealthData>")
    items, skipped = every(tmp_path)
    assert not items
    assert sorted(Path(skip.uri).name for skip in skipped) == sorted([*files, "bomb.zip"])
    reasons = {Path(skip.uri).name: skip.reason for skip in skipped}
    assert "traps" in reasons["laughs.xml"]
    assert "traps" in reasons["outside.xml"]
    assert "traps" in reasons["bomb.zip"]


def test_nothing_there(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<other/>")
    assert [type(found) for found in health.scan(tmp_path)] == [Skipped]
