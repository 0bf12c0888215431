"""A second program for the tests: an editor whose text is selected, and what it has put into the clipboard.

Prints a line of JSON whenever its text or the clipboard changes, as it sees them itself.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QPlainTextEdit

CUSTOM = "application/x-garden-plan"


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    app = QApplication(["other-program"])
    box = QPlainTextEdit()
    box.setWindowTitle("Letter to Lotte")
    box.setGeometry(60, 480, 520, 200)
    box.setPlainText(sys.argv[1])
    if "--copies" in sys.argv:
        data = QMimeData()
        data.setText("what was copied before")
        data.setHtml("<b>what was copied before</b>")
        picture = QImage(3, 2, QImage.Format.Format_RGB32)
        picture.fill(0x336699)
        data.setImageData(picture)
        data.setData(CUSTOM, b"\0\1\2beds")
        app.clipboard().setMimeData(data)
    box.textChanged.connect(lambda: say(text=box.toPlainText()))
    box.show()
    box.activateWindow()
    say(ready=True)
    app.exec()


if __name__ == "__main__":
    main()
