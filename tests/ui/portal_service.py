"""A desktop portal for the tests: GlobalShortcuts and Screenshot of org.freedesktop.portal, as specified.

Takes lines on its standard input (``press NAME``, ``refuse``), and prints a line of JSON for every call.
"""

from __future__ import annotations

import json
import os
import select
import sys
from pathlib import Path
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection
from PIL import Image, ImageDraw, ImageFont

PATH = "/org/freedesktop/portal/desktop"
PORTAL = "org.freedesktop.portal"
TEXT = "The ferry to Texel leaves at 14:30"
REFUSED = "org.freedesktop.portal.Error.NotAllowed"


class Service:
    """One client at a time; what it does out of order is refused, as the real one does."""

    def __init__(self, folder: Path, portals: list[str]) -> None:
        self.bus = open_dbus_connection("SESSION")
        self.bus.send_and_get_reply(message_bus.RequestName(f"{PORTAL}.Desktop"))
        self.folder, self.portals = folder, portals
        self.registered: dict[str, str] = {}  # connection → app id
        self.sessions: dict[str, tuple[str, dict[str, str]]] = {}  # path → connection, name → trigger
        self.refusing = False

    def run(self) -> None:
        self.say(ready=True)
        while True:
            ready, _, _ = select.select([sys.stdin, self.bus.sock], [], [], 0.05)
            if sys.stdin in ready:
                lines = os.read(sys.stdin.fileno(), 65536).decode().splitlines()
                if not lines:
                    return
                for line in lines:
                    self.order(*line.split())
            while True:
                try:
                    message = self.bus.receive(timeout=0)
                except TimeoutError:
                    break
                if message.header.message_type is MessageType.method_call:
                    self.called(message)

    def say(self, **what: object) -> None:
        print(json.dumps(what), flush=True)

    def order(self, what: str, name: str = "") -> None:
        if what == "refuse":
            self.refusing = True
        for path, (owner, bound) in self.sessions.items():
            if what == "press" and name in bound:
                body = (path, name, 1, {"activation_token": ("s", "token-of-the-key")})
                self.signal(owner, PATH, f"{PORTAL}.GlobalShortcuts", "Activated", "osta{sv}", body)

    def called(self, call: Message) -> None:
        fields = call.header.fields
        member, interface = fields[HeaderFields.member], fields.get(HeaderFields.interface, "")
        sender, signature = fields[HeaderFields.sender], fields.get(HeaderFields.signature, "")
        self.say(call=member, interface=interface, signature=signature, body=call.body, sender=sender)
        part = interface.rpartition(".")[2]
        if member == "Register" and interface == "org.freedesktop.host.portal.Registry":
            assert signature == "sa{sv}", signature
            self.registered[sender] = call.body[0]
            self.bus.send(new_method_return(call))
        elif member == "Get" and interface == "org.freedesktop.DBus.Properties":
            there = call.body[0].rpartition(".")[2] in self.portals
            self.bus.send(
                new_method_return(call, "v", (("u", 1),))
                if there
                else new_error(call, "org.freedesktop.DBus.Error.InvalidArgs", "s", ("No such interface",))
            )
        elif member == "Close":
            self.sessions.pop(fields[HeaderFields.path], None)
            self.bus.send(new_method_return(call))
        elif part not in self.portals or sender not in self.registered:
            self.bus.send(new_error(call, REFUSED, "s", ("An app id is required",)))
        else:
            getattr(self, f"do_{member}")(call, sender, signature)

    def do_CreateSession(self, call: Message, sender: str, signature: str) -> None:
        assert signature == "a{sv}", signature
        path = f"{PATH}/session/{sender[1:].replace('.', '_')}/{call.body[0]['session_handle_token'][1]}"
        self.sessions[path] = (sender, {})
        self.answer(call, sender, call.body[0], {"session_handle": ("s", path)})

    def do_BindShortcuts(self, call: Message, sender: str, signature: str) -> None:
        assert signature == "oa(sa{sv})sa{sv}", signature
        session, shortcuts, _, options = call.body
        bound = {name: what.get("preferred_trigger", ("s", ""))[1] for name, what in shortcuts}
        assert all(what["description"][1] for _, what in shortcuts)
        self.sessions[session][1].update(bound)
        given = [(name, {"trigger_description": ("s", trigger)}) for name, trigger in bound.items()]
        self.answer(call, sender, options, {"shortcuts": ("a(sa{sv})", given)})

    def do_Screenshot(self, call: Message, sender: str, signature: str) -> None:
        assert signature == "sa{sv}" and call.body[1]["interactive"] == ("b", True), call.body
        picture = Image.new("RGB", (640, 120), "white")
        font = ImageFont.truetype("DejaVuSans.ttf", 18)
        ImageDraw.Draw(picture).text((20, 40), TEXT, "black", font)
        path = self.folder / "Screenshot from the desktop.png"
        picture.save(path)
        uri = path.as_uri()
        self.say(picture=str(path))
        self.answer(call, sender, call.body[1], {"uri": ("s", uri)})

    def answer(self, call: Message, sender: str, options: Any, results: dict[str, Any]) -> None:
        """First the handle, then the signal on it: or that the person said no."""
        handle = f"{PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token'][1]}"
        self.bus.send(new_method_return(call, "o", (handle,)))
        body = (1, {}) if self.refusing else (0, results)
        self.signal(sender, handle, f"{PORTAL}.Request", "Response", "ua{sv}", body)

    def signal(self, to: str, path: str, interface: str, member: str, signature: str, body: Any) -> None:
        message = new_signal(DBusAddress(path, interface=interface), member, signature, body)
        message.header.fields[HeaderFields.destination] = to
        self.bus.send(message)


if __name__ == "__main__":
    Service(Path(sys.argv[1]), sys.argv[2:]).run()
    os._exit(0)
