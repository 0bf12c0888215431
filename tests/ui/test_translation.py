"""Every text a person reads goes through the catalogs, and German has all of them."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.core.errors import NoSpace, NotFound, UsageFault, by_name
from app.core.paths import Paths, resources

UI = Path(__file__).resolve().parents[2] / "app" / "ui"
CATALOGS = resources() / "translations"
WRAPPED = {"tr", "mark", "said"}
# Calls whose texts no person reads: names for the stylesheet, keys of settings, formats, foreign interfaces.
UNSEEN = set(
    "setObjectName setProperty property startswith endswith partition rpartition split replace removeprefix "
    "removesuffix value flag change get getattr setattr hasattr Signal Slot TypeVar getLogger info warning "
    "debug error compile fullmatch search match sub QShortcut QKeySequence CDLL WinDLL find_library connect "
    "register_class objc_getClass sel_registerName msgSend new_method_call new_signal DBusAddress MatchRule "
    "start startDetached setStyle setApplicationName setDesktopFileName setFamily setFormat field QFont "
    "OSError RuntimeError ValueError AssertionError intern_atom atom alias Request".split()
)
# Words that are the same in every language: names of programs and of keys, and the form of an address.
SAME = re.compile(
    r"Homebody|homebody --[\w-]+|bind(sym)? .*|((Ctrl|Shift|Alt|Meta|Super)\+)*[\w+,.]*(, (Up|Down))?"
    r"|(Ctrl\+Pg(Up|Down)(, )?)+|[\w.-]+@[\w.-]+|https?://\S*|[A-Z]{2,5}"
)
# Modules that speak to another program, not to a person, beside what they raise.
FOREIGN = re.compile(
    r"(hotkey_|native_|portal|xcb|text|theme|clipboard|single|idle|session|suspend|keys|bench|beats)\w*"
)
MANY = re.compile(r"[^\W\d_]{2,}[,.:;…!?·]* +\S*[^\W\d_]|^[A-Z][a-z]{2,}$|[a-z]{3,} …$|^[A-Z][a-z]+…$")


def calls(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    return {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def unseen(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    """Whether no person reads this literal, or it is wrapped."""
    at = node
    if isinstance(parents.get(at), ast.Expr):
        return True  # a docstring
    while (parent := parents.get(at)) is not None and not isinstance(parent, ast.stmt):
        if isinstance(parent, ast.Call) and at is not parent.func:
            name = name_of(parent)
            if name in WRAPPED | UNSEEN or by_name(name).__name__ == name:
                return True
            if name == "label" and len(parent.args) > 1 and at is parent.args[1]:
                return True
        if isinstance(parent, ast.Compare | ast.Subscript) or (
            isinstance(parent, ast.Dict) and at in parent.keys
        ):
            return True
        at = parent
    return isinstance(parent, ast.AnnAssign) and at is parent.annotation


def bare(file: Path) -> Iterator[str]:
    """Texts of a module that look like a person's and are not wrapped."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    parents = calls(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Call) and name_of(inner) in ("tr", "mark"):
                    first = inner.args[0] if inner.args else None
                    if isinstance(first, ast.Constant):
                        yield f"{file.name}:{node.lineno}: lupdate looks into no f-string: {first.value}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value.strip()
            if MANY.search(text) and not SAME.fullmatch(text) and not unseen(node, parents):
                yield f"{file.name}:{node.lineno}: not wrapped: {text[:80]}"


def wrapped() -> set[str]:
    """What tr and mark are called with."""
    found = set()
    for file in UI.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node) in ("tr", "mark") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def messages(code: str) -> Iterator[tuple[str, str, list[str]]]:
    """Context, source and translations of a catalog."""
    for context in ET.parse(CATALOGS / f"{code}.ts").getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            assert translation is not None
            forms = [form.text or "" for form in translation.findall("numerusform")] or [
                translation.text or ""
            ]
            yield context.findtext("name") or "", message.findtext("source") or "", forms


def test_every_text_a_person_reads_is_wrapped() -> None:
    faults = [
        fault for file in sorted(UI.glob("*.py")) if not FOREIGN.fullmatch(file.stem) for fault in bare(file)
    ]
    assert not faults, "\n".join(faults)


def test_the_check_can_fail(tmp_path: Path) -> None:
    file = tmp_path / "made.py"
    file.write_text(
        'def f(n):\n    label("Nothing found.")\n    say(f"{n} mails were read")\n'
        "    label(f\"{tr('One')}\")\n"
    )
    assert len(list(bare(file))) == 3


def test_the_catalogs_have_every_text_and_german_is_complete() -> None:
    here = {source for context, source, _ in messages("de") if not context}
    missing = wrapped() - here
    assert not missing, f"run packaging/translate.py; not in the catalogs: {sorted(missing)}"
    open_ = [source for context, source, forms in messages("de") if not context and not all(forms)]
    assert not open_, f"to be translated in resources/translations/de.ts: {open_}"
    assert all(all(forms) for _, _, forms in messages("en"))


def test_translations_hold_the_same_values() -> None:
    hole = re.compile(r"\{\w+\}|%Ln|%n")
    for context, source, forms in messages("de"):
        for form in filter(None, forms):
            assert set(hole.findall(form)) == set(hole.findall(source)), (context, source, form)


def test_german_is_spoken_with_its_numbers_and_its_forms(app: Any) -> None:
    from app.ui import language
    from app.ui.widgets import count, sentence

    try:
        assert language.apply(app, "de") == "de"
        assert language.tr("Settings") == "Einstellungen", "run packaging/translate.py --compile"
        assert (count(1, "item"), count(1234, "item")) == ("1 Eintrag", "1.234 Einträge")
        assert language.number(1234.5, 1) == "1.234,5" and language.span(3600) == "60 min"
        assert sentence(NoSpace("the disk is full", remedy="free some space and try again")) == (
            "Die Platte ist voll. Schaff etwas Platz und versuch es noch einmal."
        )
        fault = UsageFault("lock.minutes is a number from 0 to 1440", where="x")  # as Setting.check says it
        assert sentence(fault) == "Lock.minutes ist eine Zahl von 0 bis 1440 (x)."
        assert language.said("what nobody has translated") == "what nobody has translated"
        assert language.apply(app, "en") == "en"
        assert (count(1, "item"), count(1234, "item")) == ("1 item", "1,234 items")
        assert language.said("the disk is full") == "the disk is full"
        assert language.apply(app, "tlh") == "en"  # what there is no catalog for
    finally:
        language.apply(app, "en")


def test_a_window_in_german_and_back(desktop: Any, pump: Any, shot: Any, tmp_path: Path) -> None:
    from app.ui import language

    language.remember(Paths(tmp_path / "data"), language="de", theme="dark", text_size="100")
    one = desktop(settings={"appearance.language": "de", "appearance.theme": "dark"})
    try:
        assert one.window.sidebar.buttons["settings"].text() == "Einstellungen"
        for page in one.window.pages:
            one.window.show_page(page)
            shot(one.window, f"german-{page}")
        one.window.fail(NotFound("no such file or folder", where="/x", remedy="check the path"))
        assert "Diese Datei" in one.window.toast.accessibleDescription() or one.window.toast.isVisible()
        one.session.change("appearance.language", "en", one.window.fail)
        pump.until(lambda: language.remembered(Paths(tmp_path / "data"))["language"] == "en", what="kept")
        assert not one.again
        one.remake()
        assert one.again
    finally:
        language.apply(one.app, "en")


def test_right_to_left_everything_is_mirrored(desktop: Any, pump: Any, shot: Any, monkeypatch: Any) -> None:
    """A language made for this: every text reversed, and the layout from the right."""
    from PySide6.QtCore import QTranslator

    from app.ui import language

    class Mirror(QTranslator):
        def isEmpty(self) -> bool:
            return False

        def translate(self, context: str, source: str, comment: str = "", n: int = -1) -> str:
            return source if "{" in source or "%" in source else f"\u202b{source[::-1]}\u202c"

    usual = language.apply

    def apply(app: Any, wish: str) -> str:
        usual(app, "ar")  # no catalog, but its direction
        mirror = Mirror(app)
        app.installTranslator(mirror)
        return "ar"

    monkeypatch.setattr(language, "apply", apply)
    monkeypatch.setattr(language, "LANGUAGES", ("en", "de", "ar"))
    one = desktop()
    try:
        sidebar, stack = one.window.sidebar, one.window.stack
        assert (
            sidebar.mapTo(one.window, sidebar.rect().topLeft()).x()
            > stack.mapTo(one.window, stack.rect().topLeft()).x()
        )
        for page in one.window.pages:
            one.window.show_page(page)
            shot(one.window, f"mirrored-{page}")
    finally:
        usual(one.app, "en")
