"""The language of the window: Qt Linguist's catalogs in resources/translations, looked up by ``tr``.

How a text that a person reads is written (a test fails for one that is not)::

    tr("Settings")                                     a whole sentence, never glued together from pieces
    tr("Found in {place}", place=name)                 values are named: a translation may put them elsewhere
    tr("%Ln file(s)", "", n)                           counted: every language has its own forms
    NAMES = {"ocr": mark("reading pictures")}          a constant is marked where it stands …
    tr(NAMES[stage])                                   … and looked up when it is shown
    said(error.message)                                a text of a lower layer; those speak English

Not inside the braces of an f-string: Qt's lupdate does not look there. ``number`` and ``span`` here, and
``count``, ``day`` and ``moment`` of widgets, write values as the language does. ``packaging/translate.py``
gathers new texts and says which are not translated; fill them in in resources/translations/de.ts and run it
again (set-up compiles the catalogs, too).
"""

from __future__ import annotations

import functools
import json
import logging
import re

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from app.core.paths import Paths, resources

LANGUAGES = ("en", "de")
BELOW = "below"  # the context of texts that lower layers write
_FOLDER = resources() / "translations"
_HOLE = re.compile(r"\{(\w+)\}")
_LETTERS = 8  # a template with fewer of its own would match anything


def tr(text: str, comment: str = "", n: int = -1, /, **parts: object) -> str:
    """``text`` in the window's language, with ``parts`` put in; ``n`` chooses the form for a number."""
    found = QCoreApplication.translate("", text, comment or None, n)
    return found.format(**parts) if parts else found


def mark(text: str) -> str:
    """Nothing but a sign for lupdate: this constant is shown through :func:`tr`."""
    return text


def number(value: float, decimals: int = 0) -> str:
    """``12,345`` or ``12.345``."""
    return QLocale().toString(value, "f", decimals) if decimals else QLocale().toString(round(value))


def within(name: str) -> str:
    """A name inside a sentence: German keeps its capital letter."""
    return name if QLocale().language() == QLocale.Language.German else name[:1].lower() + name[1:]


def span(seconds: float) -> str:
    """``40 s``, ``12 min`` or ``3 h``, as it is said of what is still to come."""
    if seconds < 90:
        return tr("{value} s", value=max(1, round(seconds)))
    if seconds < 5400:
        return tr("{value} min", value=round(seconds / 60))
    return tr("{value} h", value=round(seconds / 3600))


# --- which language -----------------------------------------------------------------------------


def apply(app: QApplication, wish: str) -> str:
    """Load the catalogs of ``wish`` (``system``, ``en`` or ``de``) for windows made from now on."""
    locale = QLocale.system() if wish == "system" else QLocale(wish)
    code = locale.name().partition("_")[0]
    if code not in LANGUAGES:
        locale, code = QLocale(QLocale.Language.English, locale.territory()), "en"
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    ours, qts = QTranslator(app), QTranslator(app)
    if not ours.load(str(_FOLDER / f"{code}.qm")):
        logging.getLogger(__name__).warning("no catalog for %s: run packaging/translate.py --compile", code)
    qts.load(locale, "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    for each in (qts, ours):
        app.installTranslator(each)
    QLocale.setDefault(locale)
    app.setLayoutDirection(locale.textDirection())
    _templates.cache_clear()
    return code


def remember(paths: Paths, **look: str) -> None:
    """Keep language and theme beside the store, which is locked when the window first opens."""
    file = paths.data / "look.json"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_text(json.dumps(look), encoding="utf-8")
    except OSError as error:  # the next window only begins in the system's look
        logging.getLogger(__name__).warning("the look is not kept: %s", error)


def remembered(paths: Paths) -> dict[str, str]:
    try:
        found = json.loads((paths.data / "look.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def mirrored() -> bool:
    """Whether what is drawn by hand has to be drawn from right to left."""
    return QApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft


# --- what lower layers say -----------------------------------------------------------------------


def said(text: str) -> str:
    """A lower layer's text in the window's language, or as it is where the catalog does not have it.

    Lower layers write English sentences with values in them, across processes and into the journal. Their
    sentences are gathered as templates (``no task named {name}``); the one that fits gives the values back.
    """
    if "\0" in text:  # where Qt would take its end to be
        return text
    found = QCoreApplication.translate(BELOW, text)
    if found != text or QLocale().language() == QLocale.Language.English:
        return found
    for pattern, template in _templates():
        if match := pattern.fullmatch(text):
            values = {k: QCoreApplication.translate(BELOW, v) for k, v in match.groupdict().items()}
            return template.format(**values)
    return text


@functools.cache
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Sentences with values in them, those with the most words of their own first."""
    import xml.etree.ElementTree as ET  # not where English is spoken

    code = QLocale().name().partition("_")[0]
    file = _FOLDER / f"{code}.ts"
    if not file.exists():
        return ()
    found = []
    for context in ET.parse(file).getroot().findall("context"):
        if context.findtext("name") != BELOW:
            continue
        for message in context.findall("message"):
            source, target = message.findtext("source") or "", message.findtext("translation") or ""
            plain = _HOLE.sub("", source)
            if target and plain != source and sum(map(str.isalpha, plain)) >= _LETTERS:
                found.append((len(plain), _pattern(source), target))
    return tuple((pattern, target) for _, pattern, target in sorted(found, key=lambda f: -f[0]))


def _pattern(source: str) -> re.Pattern[str]:
    parts, seen = [], set()
    for at, piece in enumerate(_HOLE.split(source)):
        if at % 2 == 0:
            parts.append(re.escape(piece))
        else:
            parts.append(f"(?P={piece})" if piece in seen else f"(?P<{piece}>.+?)")
            seen.add(piece)
    return re.compile("".join(parts), re.DOTALL)
