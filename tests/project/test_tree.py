"""The shape of the source tree: what may lie where, and what every module opens with."""

from __future__ import annotations

import ast
import os
import pwd
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    *("pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile"),
    *("requirements.lock", ".gitignore", ".ci"),
    *("app", "indexers", "adapters", "resources", "tests", "packaging", "docs"),
}
PRIVATE_KEY = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
TOKEN = re.compile(rb"\b(?:gh[opsu]_[A-Za-z0-9]{36}|sk-[A-Za-z0-9]{40,}|AKIA[0-9A-Z]{16})\b")


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.exists()]  # one that is being deleted is still listed


def test_only_known_names_at_the_top(tracked: list[Path]) -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked} <= TOP


def test_data_and_test_folders_are_no_packages() -> None:
    """``packaging`` and ``adapters`` are also names of libraries, which a package here would shadow."""
    assert not [f for name in ("adapters", "tests", "packaging") for f in (ROOT / name).rglob("__init__.py")]


def test_every_module_says_what_it_is(tracked: list[Path]) -> None:
    modules = [path for path in tracked if path.suffix == ".py"]
    assert modules
    assert not [m for m in modules if not ast.get_docstring(ast.parse(m.read_bytes()))]


def test_every_part_of_app_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layered = set(re.findall(r"app\.(\w+)", " ".join(contracts[0]["layers"])))
    parts = {
        path.stem
        for path in (ROOT / "app").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert parts - {"__init__"} <= layered


def test_no_secret_and_no_path_of_this_machine(tracked: list[Path]) -> None:
    places = [f"{ROOT}/".encode(), f"{pwd.getpwuid(os.getuid()).pw_dir}/".encode()]
    for path in tracked:
        content = path.read_bytes()
        assert not PRIVATE_KEY.search(content), path
        assert not TOKEN.search(content), path
        assert not any(place in content for place in places), path


def test_every_library_that_is_imported_is_declared() -> None:
    """A library that is only there because another one needs it may be gone with that one's next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {canonicalize_name(Requirement(line).name) for line in project["dependencies"]}
    providers = packages_distributions()
    modules = [m for name in ("app", "indexers") for m in (ROOT / name).rglob("*.py")]
    undeclared = {
        f"{library} (in {module.relative_to(ROOT)})"
        for module in modules
        for library in _imports(module) & providers.keys() - sys.stdlib_module_names
        if not {canonicalize_name(provider) for provider in providers[library]} & (declared | {"homebody"})
    }
    assert not undeclared


def _imports(module: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
