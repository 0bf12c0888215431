"""Our own light and dark: palettes, the stylesheet, fonts, and icons tinted to match."""

from __future__ import annotations

import functools
from dataclasses import asdict, dataclass

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from app.core.paths import resources

_FAMILIES = ("Inter", "Segoe UI", ".AppleSystemUIFont", "Cantarell", "Ubuntu", "Noto Sans", "DejaVu Sans")
POINTS = 10.5

_SIZES = (18, 24, 36, 64)  # of icons, in pixels: buttons and cards, also on a display of twice the density


@dataclass(frozen=True)
class Colours:
    """The names the stylesheet uses; every text colour has contrast ≥ 4.5:1 on its ground."""

    ground: str
    surface: str
    raised: str
    side: str
    line: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    accent_text: str
    on_accent: str
    soft: str
    hover: str
    press: str
    handle: str
    bad: str
    warn: str
    warn_text: str
    mark: str
    inverse: str
    inverse_line: str
    on_inverse: str


LIGHT = Colours(
    ground="#FBFAF8",
    surface="#FFFFFF",
    raised="#FCFBFA",
    side="#F4F2EE",
    line="#E3DFD8",
    text="#22201D",
    muted="#66615A",
    faint="#9A948B",
    accent="#2C6E5C",
    accent_hover="#245C4D",
    accent_text="#22594A",
    on_accent="#FFFFFF",
    soft="#E2EFEA",
    hover="#EFECE7",
    press="#E6E2DB",
    handle="#CFC9C0",
    bad="#A8261C",
    warn="#FFF1D6",
    warn_text="#6A4A00",
    mark="#FFE69A",
    inverse="#2A2825",
    inverse_line="#57534D",
    on_inverse="#F7F5F1",
)
DARK = Colours(
    ground="#1A1B1D",
    surface="#232527",
    raised="#27292C",
    side="#151618",
    line="#37393D",
    text="#ECEAE6",
    muted="#A9A59E",
    faint="#75726D",
    accent="#7CC6AE",
    accent_hover="#93D3BE",
    accent_text="#9ADBC5",
    on_accent="#0E201A",
    soft="#263A33",
    hover="#2D3033",
    press="#36393D",
    handle="#4A4D52",
    bad="#F3A59C",
    warn="#3D3116",
    warn_text="#F2DBA2",
    mark="#6B5515",
    inverse="#ECEAE6",
    inverse_line="#C4C0B9",
    on_inverse="#22201D",
)


class Theme:
    """The theme in force; ``apply`` changes it for every window at once."""

    def __init__(self) -> None:
        self.colours, self.dark = LIGHT, False
        self._percent = 0  # nothing is applied yet

    def apply(self, app: QApplication, *, wish: str, percent: int = 100, dress: bool = True) -> None:
        """``wish`` is system | light | dark; ``percent`` the text size; without ``dress`` that is left."""
        dark = wish == "dark" or (wish == "system" and _system_is_dark())
        if (dark, percent) == (self.dark, self._percent):
            return  # every widget would be dressed anew: half a millisecond each
        if not self._percent:
            app.setStyle("Fusion")
        self.dark, self.colours, self._percent = dark, DARK if dark else LIGHT, percent
        icon.cache_clear()
        app.setFont(_font(percent))
        app.setPalette(_palette(self.colours))
        if dress:
            self.dress(app)

    def dress(self, app: QApplication) -> None:
        """Put the stylesheet on: what is made before it is dressed once, not with each part put into it."""
        if app.styleSheet() != (sheet := _stylesheet(self.colours, self._percent)):
            app.setStyleSheet(sheet)


theme = Theme()


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _font(percent: int) -> QFont:
    known = set(QFontDatabase.families())
    font = QFont(next((name for name in _FAMILIES if name in known), QFont().family()))
    font.setPointSizeF(POINTS * percent / 100)
    return font


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for name, colour in {
        role.Window: c.ground,
        role.WindowText: c.text,
        role.Base: c.surface,
        role.AlternateBase: c.raised,
        role.Text: c.text,
        role.Button: c.surface,
        role.ButtonText: c.text,
        role.Highlight: c.accent,
        role.HighlightedText: c.on_accent,
        role.PlaceholderText: c.muted,
        role.ToolTipBase: c.surface,
        role.ToolTipText: c.text,
        role.Link: c.accent_text,
        role.LinkVisited: c.accent_text,
    }.items():
        palette.setColor(name, QColor(colour))
    for name in (role.Text, role.WindowText, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(c.faint))
    return palette


def _stylesheet(c: Colours, percent: int) -> str:
    points = POINTS * percent / 100
    names = asdict(c) | {
        "base": f"{points:.1f}pt",
        "small": f"{points * 0.88:.1f}pt",
        "large": f"{points * 1.15:.1f}pt",
        "huge": f"{points * 1.7:.1f}pt",
        "arrow": (resources() / "icons" / ("down-dark.svg" if c is DARK else "down.svg")).as_posix(),
        "tick": (resources() / "icons" / ("tick-dark.svg" if c is DARK else "tick.svg")).as_posix(),
    }
    text = (resources() / "styles" / "homebody.qss").read_text("utf-8")
    for name in sorted(names, key=len, reverse=True):  # @accent_text before @accent
        text = text.replace(f"@{name}", names[name])
    return text


@functools.cache
def icon(name: str, colour: str = "muted") -> QIcon:
    """The icon ``resources/icons/<name>.svg`` in one of the theme's colours."""
    source = (resources() / "icons" / f"{name}.svg").read_text("utf-8")
    tint = getattr(theme.colours, colour)
    renderer = QSvgRenderer(QByteArray(source.replace("#000", tint).encode()))
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(_render(renderer, size))
    return result


def pixmap(name: str, size: int = 18, colour: str = "muted") -> QPixmap:
    return icon(name, colour).pixmap(QSize(size, size))


def app_icon() -> QIcon:
    """The house on its coloured tile: window, tray and About."""
    result = QIcon()
    source = (resources() / "icons" / "homebody.svg").read_bytes()
    for size in (16, 22, 24, 32, 48, 64, 128):
        result.addPixmap(_render(QSvgRenderer(QByteArray(source)), size))
    return result


def _render(renderer: QSvgRenderer, size: int) -> QPixmap:
    canvas = QPixmap(size, size)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return canvas
