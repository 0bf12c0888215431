"""A global hotkey as the person wrote it, in the parts that every system writes in its own way."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from app.core.errors import UsageFault

NAMED = frozenset(
    ("Space", "Return", "Tab", "Esc", "Ins", "Pause", "Print", "Home", "End", "PgUp", "PgDown")
).union(f"F{n}" for n in range(1, 25))
_HELD = frozenset(("Shift", "Ctrl", "Alt", "Meta"))
_TYPES = frozenset(("Space", "Return", "Tab", "Esc"))  # alone they belong to whatever is in front


def parts(keys: str) -> tuple[tuple[str, ...], str]:
    """The keys that are held, in Qt's portable names, and the one that is pressed.

    A letter or digit needs Ctrl, Alt or Super, which are more than Shift: else it could not be typed any
    more. Raises UsageFault.
    """
    form = QKeySequence.SequenceFormat.PortableText
    *held, name = QKeySequence(keys, form).toString(form).split("+")
    alone = not set(held) - {"Shift"}
    types = len(name) == 1 or name in _TYPES
    known = name in NAMED or (len(name) == 1 and name.isascii() and name.isprintable() and name != " ")
    if not known or not set(held) <= _HELD or (alone and types):
        raise UsageFault(
            "that is no hotkey", where=keys, remedy="use a key with Ctrl, Alt or Super, such as Ctrl+Alt+S"
        )
    return tuple(held), name


def portal(keys: str) -> str:
    """As the XDG shortcuts specification writes it: ``CTRL+ALT+s``, with keysym names. Raises UsageFault."""
    names = {"Ctrl": "CTRL", "Alt": "ALT", "Shift": "SHIFT", "Meta": "LOGO"}
    syms = {
        "Space": "space",
        "Esc": "Escape",
        "Ins": "Insert",
        "PgUp": "Page_Up",
        "PgDown": "Page_Down",
    }
    held, name = parts(keys)
    return "+".join(
        [*(names[part] for part in held), syms.get(name, name.lower() if len(name) == 1 else name)]
    )
