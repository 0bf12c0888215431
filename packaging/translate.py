"""Gathers every text a person reads into resources/translations/*.ts and compiles those to *.qm.

    packaging/translate.py              gather, compile, and say what is still to be translated
    packaging/translate.py --compile    only compile (set-up does this)

The window's texts are found by Qt's lupdate (``tr`` and ``mark`` of app/ui/language.py). What lower layers
say is found here, in the calls below, and gathered under the context "below" as templates.
"""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
TOOLS = Path(PySide6.__path__[0])
# English needs a catalog only for the forms of its numbers.
LANGUAGES = {"de": (), "en": ("-pluralonly",)}
# Calls whose texts reach a person: the error tree, and the steps and records that carry a reason.
ERRORS = frozenset(
    "HomebodyError UsageFault Locked WrongPassphrase Damaged AnotherInstance Unsupported Refused "
    "WrongPassword NotFound WorkerDied NoSpace NoMemory BadModel Bug".split()
)
SENTENCES = frozenset("Skipped Nothing Waiting Check Setting _flag".split())
_HOLE = re.compile(r"\{\w+\}")
SHOWN = frozenset({"message", "remedy", "reason", "sentence", "text"})


def gather(root: Path = ROOT) -> dict[str, None]:
    """The texts of lower layers, as templates, in the order of their files."""
    found: dict[str, None] = {}
    for folder in ("app", "indexers"):
        for file in sorted((root / folder).rglob("*.py")):
            if file.parent.name == "cli":
                continue  # never in the window
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for node in ast.walk(_Named(tree).visit(tree)):
                if isinstance(node, ast.Call):
                    found.update(dict.fromkeys(_of(node)))
            if file.parent.name == "actions":
                found.update(dict.fromkeys(_confirmed(tree)))
    for file in sorted((root / "adapters").glob("*/task.toml")):
        task = tomllib.loads(file.read_text(encoding="utf-8"))
        found.update(dict.fromkeys(task[key] for key in ("title", "sentence") if task.get(key)))
    for file in (root / "resources").glob("providers.toml"):
        providers = tomllib.loads(file.read_text(encoding="utf-8"))["provider"]
        found.update(dict.fromkeys(each["note"] for each in providers if each.get("note")))
    return {text: None for text in found if sum(map(str.isalpha, _HOLE.sub("", text))) > 1}


class _Named(ast.NodeTransformer):
    """Puts the texts of a module's constants where they are named."""

    def __init__(self, tree: ast.Module) -> None:
        self._texts: dict[str, ast.Constant] = {}
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str()) as text):
                    self._texts[name] = text

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self._texts.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def _of(call: ast.Call) -> Iterator[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ERRORS and call.args:
        yield from _texts(call.args[0])
    if name in SENTENCES:
        for argument in call.args:
            yield from _texts(argument)
    if name in ERRORS | SENTENCES:
        for word in call.keywords:
            if word.arg in SHOWN:
                yield from _texts(word.value)


def _confirmed(tree: ast.Module) -> Iterator[str]:
    """What an action's confirmation and its journal line say: names of fields, title, warnings, summary."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Field"), keywords=words):
                for word in words:
                    if word.arg == "title" and isinstance(word.value, ast.Constant):
                        yield str(word.value.value)
            case ast.Return(value=ast.JoinedStr() as said) | ast.Assign(value=ast.JoinedStr() as said):
                yield from _texts(said)
            case ast.Call(func=ast.Attribute(attr="append") | ast.Name(id="Done"), args=[said, *_]):
                yield from _texts(said)
            case ast.List(elts=parts):
                for part in parts:
                    yield from _texts(part)
            case ast.ListComp(elt=said):
                yield from _texts(said)


def _texts(node: ast.expr) -> Iterator[str]:
    """What an expression may say: a literal, an f-string as a template, both arms of a condition."""
    match node:
        case ast.Constant(value=str(text)):
            if " " in text:
                yield text
        case ast.JoinedStr(values=values):
            yield "".join(_piece(value, at) for at, value in enumerate(values))
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body)
            yield from _texts(other)


def _piece(value: ast.expr, at: int) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value).replace("{", "(").replace("}", ")")
    inner = value.value if isinstance(value, ast.FormattedValue) else value
    match inner:
        case ast.Constant(value=str(text)):
            return text.replace("{", "(").replace("}", ")")
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return f"{{{name}}}"
    return f"{{v{at}}}"


def update() -> None:
    """Bring the .ts files up to date with the code."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder) / "below.py"
        lines = (f'translate("below", {json.dumps(text, ensure_ascii=False)})\n' for text in gather())
        below.write_text("".join(lines), encoding="utf-8")
        for code, more in LANGUAGES.items():
            _tool(
                "lupdate",
                *("-silent", "-no-obsolete", "-locations", "none", "-tr-function-alias", "QT_TR_NOOP+=mark"),
                *("-source-language", "en", "-target-language", code, *more),
                *(str(file) for file in sorted((ROOT / "app" / "ui").glob("*.py"))),
                *(str(below), "-ts", str(FOLDER / f"{code}.ts")),
            )


def compile_to(folder: Path = FOLDER) -> None:
    """Write the .qm files that the window loads."""
    for file in sorted(FOLDER.glob("*.ts")):
        done = folder / f"{file.stem}.qm"
        fresh = done.with_suffix(f".{os.getpid()}")
        _tool("lrelease", "-silent", str(file), "-qm", str(fresh))
        fresh.replace(done)  # a window that is open has the old one mapped into its memory


def unfinished(code: str = "de") -> list[tuple[str, str]]:
    """Context and text of what has no translation yet."""
    found = []
    for context in ET.parse(FOLDER / f"{code}.ts").getroot().findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            forms = translation.findall("numerusform") if translation is not None else []
            texts = [form.text for form in forms] or [translation.text if translation is not None else None]
            if not all(texts):
                found.append((context.findtext("name") or "", message.findtext("source") or ""))
    return found


def _tool(name: str, *arguments: str) -> None:
    subprocess.run([str(TOOLS / name), *arguments], check=True, cwd=ROOT)


def main() -> None:
    if "--compile" in sys.argv[1:]:
        compile_to()
        return
    update()
    compile_to()
    for code in LANGUAGES:
        for context, text in unfinished(code):
            print(f"{code}: not translated{' (below)' if context else ''}: {text}")


if __name__ == "__main__":
    main()
