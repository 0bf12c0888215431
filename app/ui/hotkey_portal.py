"""Global hotkeys under Wayland: the GlobalShortcuts portal, on one connection with one thread that listens.

QtDBus cannot send ``a(sa{sv})``, so it is jeepney. The desktop shows the person which keys are wanted, and
decides; a changed key is a new session.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal

from app.core.errors import HomebodyError
from app.ui import keys
from app.ui.portal import PERSON_S, Portal

_INTERFACE = "org.freedesktop.portal.GlobalShortcuts"


class PortalHotkeys(QObject):
    """Emits from its own thread; Qt brings it to the GUI thread."""

    pressed = Signal(str, str)  # name, token with which our window may take the keyboard
    failed = Signal(object)  # HomebodyError; nothing is heard after it
    bound = Signal(object)  # {name: the keys as the desktop says them}

    def __init__(self) -> None:
        super().__init__()
        self._portal: Portal | None = None
        self._guard = threading.Lock()
        self._round = 0

    def register(self, wanted: Mapping[str, tuple[str, str]]) -> None:
        """``wanted``: name → (keys, what it does); instead of those before. Raises UsageFault."""
        shortcuts = []
        for name, (said, what) in wanted.items():
            options = {"description": ("s", what)}
            if said:
                shortcuts.append((name, {**options, "preferred_trigger": ("s", keys.portal(said))}))
        self.close()
        if shortcuts:
            with self._guard:
                self._round += 1
                number = self._round
            threading.Thread(
                target=self._listen, args=(number, shortcuts), name="portal", daemon=True
            ).start()

    def close(self) -> None:
        with self._guard:
            self._round += 1
            portal, self._portal = self._portal, None
        if portal is not None:
            portal.wake()

    def _listen(self, number: int, shortcuts: list[tuple[str, dict[str, tuple[str, str]]]]) -> None:
        portal: Portal | None = None
        try:
            portal = Portal()
            with self._guard:
                if number != self._round:
                    return
                self._portal = portal
            self._serve(portal, shortcuts)
        except (HomebodyError, OSError) as error:
            if number == self._round:  # else it was closed meanwhile
                lost = HomebodyError("the desktop's hotkeys are gone", where=str(error))
                self.failed.emit(error if isinstance(error, HomebodyError) else lost)
        finally:
            if portal is not None:
                portal.close()

    def _serve(self, portal: Portal, shortcuts: list[tuple[str, dict[str, tuple[str, str]]]]) -> None:
        portal.version("GlobalShortcuts")
        rule = portal.rule(_INTERFACE, "Activated")
        with portal.listening(rule) as signals:
            token = ("s", f"homebody_{secrets.token_hex(6)}")
            made = portal.ask(
                "GlobalShortcuts", "CreateSession", "a{sv}", ({"session_handle_token": token},), PERSON_S
            )
            session = made.get("session_handle")
            if not isinstance(session, str):
                raise HomebodyError("the desktop opened no session for hotkeys")
            given = portal.ask(
                "GlobalShortcuts", "BindShortcuts", "oa(sa{sv})sa{sv}", (session, shortcuts, "", {}), PERSON_S
            )
            self.bound.emit(_triggers(given.get("shortcuts", ())))
            while True:
                handle, name, _, options = portal.wait(signals).body
                if handle == session:
                    _, activation = options.get("activation_token", ("s", ""))
                    self.pressed.emit(str(name), str(activation))


def _triggers(shortcuts: object) -> dict[str, str]:
    """What the desktop bound, as it describes it."""
    found: dict[str, str] = {}
    with contextlib.suppress(TypeError, ValueError):
        for name, options in shortcuts:  # type: ignore[attr-defined]  # whatever the bus sent
            found[str(name)] = str(options.get("trigger_description", ("s", ""))[1])
    return found
