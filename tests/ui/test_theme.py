"""Colours that can be read, and text of every size with nothing cut off."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

import pytest

from app.core.paths import resources
from app.ui.theme import DARK, LIGHT, Colours

READ = 4.5  # WCAG 2.2, success criterion 1.4.3
SEEN = 3.0  # 1.4.11: what only marks a control
GROUNDS = ("ground", "surface", "raised", "side", "hover", "press", "soft")
WORDS = ("text", "muted", "accent_text")  # faint is of what cannot be used now, which 1.4.3 leaves out
OTHERS = (
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("warn_text", "warn"),
    ("on_inverse", "inverse"),
)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_can_be_read_on_every_ground(colours: Colours) -> None:
    named = asdict(colours)
    pairs = [(word, ground) for word in WORDS for ground in GROUNDS] + list(OTHERS)
    pairs += [
        ("bad", "ground"),
        ("bad", "surface"),
        ("text", "mark"),
        ("accent", "surface"),
        ("accent", "ground"),
    ]
    faults = {
        f"{word} on {ground}": round(contrast(named[word], named[ground]), 2)
        for word, ground in pairs
        if contrast(named[word], named[ground]) < READ
    }
    assert not faults


def test_the_measure_is_right() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)  # just too little


def test_the_stylesheet_names_only_colours_of_the_theme() -> None:
    style = (resources() / "styles" / "homebody.qss").read_text("utf-8")
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b", re.sub(r"#[A-Za-z_]+\s*[,{:]|#[a-z_]+", "", style))


@pytest.mark.parametrize("percent", [80, 100, 200])
def test_at_every_text_size_nothing_is_cut(desktop: Any, pump: Any, shot: Any, percent: int) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea

    from app.ui.widgets import Elided

    one = desktop(settings={"appearance.text_size": str(percent)})
    one.window.resize(860, 600)
    pump.until(lambda: abs(one.app.font().pointSizeF() - 10.5 * percent / 100) < 0.3, what="the size")
    cut: list[str] = []
    for page in one.window.pages:
        one.window.show_page(page)
        pump.for_(0.6)
        for area in one.window.findChildren(QScrollArea):
            if (
                area.isVisible()
                and area.widget() is not None
                and area.widget().width() > area.viewport().width()
            ):
                cut.append(f"{page}: {area.widget().width()} wide in {area.viewport().width()}")
        shot(one.window, f"size-{percent}-{page}")
        for each in one.window.findChildren(QLabel):
            if not each.isVisible() or not each.text() or isinstance(each, Elided) or each.wordWrap():
                continue
            if (
                each.width() < each.fontMetrics().boundingRect(each.text()).width() - 2
                and "\n" not in each.text()
            ):
                cut.append(f"{page}: {each.text()!r} {each.width()}")
        for each in one.window.findChildren(QAbstractButton):
            seen = each.isVisible() and each.text() and each.objectName() not in ("conversation", "source")
            if seen and each.width() < each.fontMetrics().horizontalAdvance(each.text()):
                cut.append(f"{page}: button {each.text()!r} {each.width()}")
        for each in one.window.findChildren(QLabel):
            seen = each.isVisible() and each.wordWrap() and each.text() and each.hasHeightForWidth()
            if seen and each.height() + 2 < each.heightForWidth(each.width()):
                cut.append(f"{page}: {each.text()[:40]!r} height {each.height()}")
    assert not cut, "\n".join(cut)
