"""With two monitors the boxes come up where the pointer is, wholly on that one; it can be unplugged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEFT, RIGHT = (0, 0, 800, 600), (800, 0, 640, 480)
PROGRAM = """
import json, sys
from PySide6.QtCore import QPoint, QSize, QRect
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit
import shiboken6
from app.ui.floating import Floating

app = QApplication([])

class Box(Floating):
    def place(self, size, screen):
        return QPoint(screen.right(), screen.bottom())  # as far out as a pointer may be

    def say(self):
        app.processEvents()
        at = self.frameGeometry()
        print(json.dumps([at.x(), at.y(), at.width(), at.height()]))

box = Box("box", 560)
field = QLineEdit()
box.inside.addWidget(field)
for place in (QPoint(40, 40), QPoint(1400, 400), QPoint(790, 590)):
    QCursor.setPos(place)
    box.appear(field)
    box.say()
    box.hide()
QCursor.setPos(1400, 400)
box.appear(field)
QCursor.setPos(40, 40)
box.fit()  # the answer grows, the pointer is elsewhere
box.say()
shiboken6.invalidate(box._screen)  # its monitor is gone
box.fit()
box.say()
"""


def test_a_box_is_on_the_screen_with_the_pointer_and_stays_there(tmp_path: Path) -> None:
    screens = [
        dict(zip(("name", "x", "y", "width", "height"), (name, *area), strict=True))
        | {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
        for name, area in (("left", LEFT), ("right", RIGHT))
    ]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}))
    environ = os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={config}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    first, second, third, later, unplugged = (json.loads(line) for line in done.stdout.splitlines())
    assert _in(first, LEFT) and _in(second, RIGHT) and _in(third, LEFT)
    assert later == second, "it stays where it came up"
    assert _in(unplugged, LEFT)


def _in(box: list[int], screen: tuple[int, int, int, int]) -> bool:
    x, y, width, height = box
    left, top, wide, high = screen
    return left <= x and top <= y and x + width <= left + wide and y + height <= top + high
