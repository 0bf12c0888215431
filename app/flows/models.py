"""Base models come and go: fetched from the hub after a yes, checked, used, removed.

What can be fetched is what the catalog names; the person sees host, size, checksum and licence, and
their yes is good for exactly that (app.flows.deeds, app.flows.fetching).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.actions import registry
from app.actions.fetch_model import HUB_ONLY
from app.core.errors import NotFound, Refused, UsageFault
from app.core.models import ModelState
from app.core.policy import endpoint
from app.core.types import Nothing, Proposal
from app.courier.download import forget, part_of
from app.flows.context import Home
from app.flows.deeds import keep, world
from app.model import catalog
from app.model.catalog import Entry, PictureModel
from app.model.supervisor import GALLERY


def states(home: Home) -> tuple[ModelState, ...]:
    return catalog.models(home.paths, active=home.setting("model.base"))


def get(home: Home, *, key: str) -> Iterator[Proposal | Nothing]:
    """The proposal to fetch a model of the catalog. Raises NotFound for one it does not have."""
    if key in (pictures := catalog.galleries()):
        yield from _get_pictures(home, pictures[key])
        return
    entry = _entry(key)
    if entry.package or entry.place(home.paths).is_file():
        yield Nothing(reason=f"{entry.title} is here already: homebody models use {key}")
        return
    url = entry.url(home.setting("model.endpoint"))
    arguments: dict[str, object] = {
        "model": entry.title,
        "url": url,
        "host": endpoint(url).host,
        "size": entry.size,
        "checksum": entry.sha256 or HUB_ONLY,
        "licence": " · ".join(filter(None, (entry.licence, entry.licence_url))),
        "agree": entry.agree,
        "path": str(entry.place(home.paths)),
    }
    origins = dict.fromkeys(arguments, "the catalog") | dict.fromkeys(("url", "host"), "your settings")
    yield keep(home, registry.propose("fetch_model", arguments, world(home), origins))


def _get_pictures(home: Home, model: PictureModel) -> Iterator[Proposal | Nothing]:
    if model.installed(home.paths):
        yield Nothing(reason=f"{model.title} is here already, and looks at pictures when they are indexed")
        return
    *_, (url, place) = model.files(home.paths, home.setting("model.endpoint")).items()
    arguments: dict[str, object] = {
        "model": model.title,
        "url": url,
        "host": endpoint(url).host,
        "size": model.size,
        "checksum": HUB_ONLY,
        "beside": list(model.beside),
        "licence": model.licence,
        "agree": False,
        "path": str(place),
    }
    origins = dict.fromkeys(arguments, "the catalog") | dict.fromkeys(("url", "host"), "your settings")
    yield keep(home, registry.propose("fetch_model", arguments, world(home), origins))


def remove(home: Home, *, key: str) -> ModelState:
    """Delete a fetched model's file, or what an unfinished fetch left.

    Raises Refused for the one in use and for what was not fetched, NotFound where nothing is here.
    """
    if key in (pictures := catalog.galleries()):
        return _remove_pictures(home, pictures[key])
    entry = _entry(key)
    if entry.package:
        raise Refused("this model is part of Homebody", where=key, remedy="it cannot be removed")
    if (home.setting("model.base") or catalog.DEFAULT) == key:
        raise Refused("this model is in use", where=key, remedy=f"homebody models use {catalog.DEFAULT}")
    path = entry.place(home.paths)
    part, _ = part_of(path)
    if not path.is_file() and not part.exists():
        raise NotFound("there is nothing of this model here", where=key, remedy="homebody models")
    path.unlink(missing_ok=True)
    forget(path)
    home.journal.add("model", f"removed {entry.title}", "done")
    return next(state for state in states(home) if state.key == key)


def _remove_pictures(home: Home, model: PictureModel) -> ModelState:
    places = tuple(model.files(home.paths, "").values())
    if not any(place.is_file() or part_of(place)[0].exists() for place in places):
        raise NotFound("there is nothing of this model here", where=model.key, remedy="homebody models")
    home.specialists.kill(GALLERY)
    for place in places:
        place.unlink(missing_ok=True)
        forget(place)
    home.journal.add("model", f"removed {model.title}", "done")
    return model.state(home.paths)


def _entry(key: str) -> Entry:
    known = catalog.entries()
    if not key:
        raise UsageFault("which model?", remedy="a key of `homebody models`")
    if key not in known:
        raise NotFound("the catalog has no such model", where=key, remedy=f"one of: {', '.join(known)}")
    return known[key]
