"""Walks the keyboard focus through a window, inside the app's own process."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import Shiboken

MOST = 400


def _key(widget: QWidget) -> int:
    return int(Shiboken.getCppPointer(widget)[0])


def missed(window: QWidget) -> list[str]:
    """What takes the focus by Tab, as it says itself, and never gets it; in words."""
    tab = Qt.FocusPolicy.TabFocus
    wanted = {
        _key(w): f"{type(w).__name__} {w.accessibleName() or w.objectName()}"
        for w in window.findChildren(QWidget)
        if w.isVisible() and w.isEnabled() and w.window() is window
        if w.focusProxy() is None and (w.focusPolicy() & tab) == tab
    }
    for _ in range(MOST):
        window.focusNextPrevChild(True)
        at = QApplication.focusWidget()
        if at is not None:
            wanted.pop(_key(at), None)
        if not wanted:
            break
    return sorted(wanted.values())


def unreachable(window: QWidget) -> list[str]:
    """Buttons and fields that no Tab goes to."""
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit

    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox)
    return [
        f"{type(w).__name__} {w.accessibleName() or w.objectName()}"
        for w in window.findChildren(QWidget)
        if isinstance(w, kinds) and w.isVisible() and w.isEnabled() and w.window() is window
        if (w.focusPolicy() & Qt.FocusPolicy.TabFocus) != Qt.FocusPolicy.TabFocus and w.focusProxy() is None
        if not isinstance(w.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit)
    ]
