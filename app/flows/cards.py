"""What address books say of one person: the number, the mail address, the birthday, where they live."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.core.types import Answer, Citation
from app.flows import questions
from app.flows.context import Home
from app.flows.planning import named
from app.flows.questions import Asked
from app.store.inventory import Inventory

_LABELS = {"phone": "Phone", "email": "Email", "birthday": "Birthday", "address": "Address"}  # of a card
_MOST = 10


def answers(home: Home, asked: Asked, question: str) -> Iterator[Answer]:
    """Every number (…) on the cards of who is asked for; nothing where that is not one known person."""
    label = _LABELS.get(asked.thing.kind)
    if asked.asks != "tell" or label is None or asked.timed or set(asked.slots) != {"with"} or asked.flags:
        return
    person = home.people.one(named(re.sub(r"['’]s?$", "", asked.slots["with"])))
    if person is None:
        return
    values: dict[str, Citation] = {}
    for card in Inventory(home.index.db).contacts(person):
        for line in re.finditer(rf"^{label}: (.+)$", card.text, re.M):
            if line[1] not in values and len(values) < _MOST:
                values[line[1]] = Citation(
                    n=len(values) + 1,
                    uri=card.uri,
                    start=line.start(),
                    end=line.end(),
                    title=card.title,
                    quote=line[0],
                    kind=card.kind,
                )
    if not values:
        return
    say = questions.data()[asked.language]["say"]
    what = ", ".join(f"{value} [{cited.n}]" for value, cited in values.items())
    text = str(say[asked.thing.kind]).format(who=person.name, what=what)
    yield Answer(text=f"{text}.", citations=tuple(values.values()), supported=True)
