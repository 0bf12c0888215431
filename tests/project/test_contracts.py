"""The import contracts hold, and each of them really fails on the import it is there to forbid."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VIOLATIONS = {
    "One direction": {"app/core/violation.py": "import app.workers"},
    "Qt only in app.ui": {"app/flows/violation.py": "from PySide6 import QtCore"},
    "Network libraries only in app.courier": {"indexers/violation.py": "import http.client"},
    "Model libraries only in app.model and app.training": {"app/flows/violation.py": "import torch.nn"},
    "faiss only in app.store.sketch": {"app/store/violation.py": "import faiss"},
    "SQL only in app.store": {"app/workers/violation.py": "def f():\n    import sqlite3"},
    "Actions do not know one another": {
        "app/actions/violation.py": "import app.actions.another",
        "app/actions/another.py": "",
    },
}
ALLOWED = {
    "app/ui/allowed.py": "from PySide6 import QtCore",
    "app/courier/allowed.py": "import httpx",
    "app/model/allowed.py": "import torch",
    "app/store/allowed.py": "import sqlite3",
    "indexers/allowed.py": "import sqlite3",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("app", "indexers"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        (folder / name).write_text(text)
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False).stdout


def test_what_a_layer_owns_it_may_import(copy: Path) -> None:
    assert f"{len(VIOLATIONS)} kept, 0 broken" in lint(copy, ALLOWED)


@pytest.mark.parametrize("contract", VIOLATIONS)
def test_each_contract_fails_on_its_violation(copy: Path, contract: str) -> None:
    assert f"{contract} BROKEN" in lint(copy, VIOLATIONS[contract])
