"""Every setting takes what it declares and nothing else."""

from __future__ import annotations

import pytest

from app.core.errors import UsageFault
from app.core.settings import TABLE, Setting, setting


@pytest.mark.parametrize("one", TABLE, ids=lambda one: one.key)
def test_every_default_is_allowed(one: Setting) -> None:
    assert one.check(one.default) == one.default
    assert one.sentence.endswith(".")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("cloud.enabled", "yes"),
        ("appearance.theme", "pink"),
        ("appearance.text_size", "79"),
        ("appearance.text_size", "\u00b2"),
        ("appearance.text_size", "--90"),
        ("appearance.text_size", "9" * 5000),
        ("actions.notes", "notes"),
        ("actions.notes", "../notes"),
        ("actions.notes", "~"),
    ],
)
def test_what_is_not_allowed_is_named(key: str, value: str) -> None:
    with pytest.raises(UsageFault) as fault:
        setting(key).check(value)
    assert key in fault.value.message


@pytest.mark.parametrize("value", ["", "/srv/notes", "~/notes", "  /srv/notes  "])
def test_a_folder_is_named_whole(value: str) -> None:
    assert setting("actions.notes").check(value) == value.strip()


def test_an_unknown_key_lists_the_known_ones() -> None:
    with pytest.raises(UsageFault) as fault:
        setting("no.such")
    assert "cloud.enabled" in fault.value.remedy
