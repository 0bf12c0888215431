"""The desktop app on a stand-in engine under Wayland, in a process of its own that tells what it shows.

Each line on its standard input is an expression over ``one`` (the Desktop); its value comes back as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

from app.core.paths import Paths
from app.ui.desktop import Desktop, Start
from app.ui.single import Single
from app.workers.worker import Worker


def main() -> None:
    folder = Path(sys.argv[1])
    app = QApplication(["homebody"])
    app.setDesktopFileName("homebody")
    paths = Paths(folder / "data")
    engine = Worker("engine", "standin:service", config={"data": str(folder)})
    opener = Worker("opener", "app.workers.opener:service")
    single = Single(paths.socket("ui"))
    one = Desktop(app, engine, opener, Start(paths))
    said: list[str] = []
    toast = one.window.toast.say

    def say(text: str, *actions: Any, **how: Any) -> None:
        said.append(text)
        toast(text, *actions, **how)

    one.window.toast.say = say  # type: ignore[method-assign]
    single.asked.connect(one.handle)
    one.begin()

    def answer() -> None:
        line = sys.stdin.readline()
        if not line or line.strip() == "quit":
            one.close()
            single.close()
            opener.stop()
            engine.stop()
            app.quit()
            return
        value = eval(line, {"one": one, "app": app, "said": said, "os": os})
        print(json.dumps(value, default=str), flush=True)

    listener = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    listener.activated.connect(lambda *_: answer())
    print(json.dumps({"platform": app.platformName()}), flush=True)
    app.exec()


if __name__ == "__main__":
    main()
