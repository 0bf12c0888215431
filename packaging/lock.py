"""Writes requirements.lock: every package with its version and the hashes of all files the index has for it.

Run it with ``make lock`` (or ``make lock UPGRADE=1`` to move to the newest versions that fit).
Versions that are locked already stay unless pyproject.toml forbids them, so adding one dependency
changes one dependency.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import platform
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from pip._internal.commands.install import InstallCommand
from pip._internal.index.collector import parse_links
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.link import Link

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
HEADER = """\
# Made by `make lock` from pyproject.toml for Linux and CPython 3.11; do not edit.
# Install with: pip install --no-deps --require-hashes -r requirements.lock
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--upgrade", action="store_true", help="ignore the versions locked now")
    options = parser.parse_args()
    pins = {} if options.upgrade else locked()
    versions = resolve(wanted(), pins)
    if any(name.startswith("nvidia-") for name in versions):
        sys.exit(
            "lock: pip found PyTorch for CUDA; name PyTorch's CPU index in PIP_EXTRA_INDEX_URL and try again"
        )
    command = InstallCommand("install", "")
    with tempfile.TemporaryDirectory() as scratch, command.main_context():
        finder = package_finder(command, scratch)
        entries = [entry(finder, *one) for name in sorted(versions) for one in variants(name, versions[name])]
    LOCK.write_text(HEADER + "".join(entries), encoding="utf-8")
    print(f"lock: {len(versions)} packages")


def variants(name: str, version: str) -> Iterator[tuple[str, str, str]]:
    """(name, version, marker): a local build such as ``+cpu`` for this platform, the public one elsewhere."""
    public, local, _ = version.partition("+")
    here = f'sys_platform == "{sys.platform}" and platform_machine == "{platform.machine()}"'
    elsewhere = f'sys_platform != "{sys.platform}" or platform_machine != "{platform.machine()}"'
    if local:
        yield name, version, f" ; {here}"
    yield name, public, f" ; {elsewhere}" if local else ""


def entry(finder: PackageFinder, name: str, version: str, marker: str) -> str:
    hashes = sorted(set(hashes_of(finder, name, version)))
    if not hashes:
        sys.exit(f"lock: the index gives no hash for {name}=={version}")
    return f"{name}=={version}{marker}" + "".join(f" \\\n    --hash=sha256:{h}" for h in hashes) + "\n"


def wanted() -> list[str]:
    """All requirements of pyproject.toml: the program's, those of every extra, and the build's."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = data["project"]
    extras = [req for group in project["optional-dependencies"].values() for req in group]
    return [*project["dependencies"], *extras, *data["build-system"]["requires"]]


def locked() -> dict[str, str]:
    if not LOCK.exists():
        return {}
    return dict(re.findall(r"^([\w.-]+)==([^\s\\]+)", LOCK.read_text(encoding="utf-8"), flags=re.M))


def resolve(requirements: list[str], pins: dict[str, str]) -> dict[str, str]:
    """Names and versions of the complete closure, as pip resolves it here."""
    with tempfile.TemporaryDirectory() as scratch:
        constraints, report = Path(scratch, "constraints.txt"), Path(scratch, "report.json")
        constraints.write_text("".join(f"{n}=={v}\n" for n, v in pins.items()), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "-qq"]
        command += ["--constraint", str(constraints), "--report", str(report), *requirements]
        if subprocess.run(command, check=False).returncode:
            sys.exit("lock: no set of versions fits; if a locked version is in the way: make lock UPGRADE=1")
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {canonical(one["metadata"]["name"]): one["metadata"]["version"] for one in found}


def package_finder(command: InstallCommand, scratch: str) -> PackageFinder:
    """pip's own finder, so that indexes and wheel folders come from pip's own settings."""
    options, _ = command.parse_args(["--target", scratch])
    return command._build_package_finder(options, command.get_default_session(options))


def hashes_of(finder: PackageFinder, name: str, version: str) -> Iterator[str]:
    """The SHA-256 of every file of this version, for any platform."""
    collector = finder._link_collector
    links: list[Link] = []
    for index in finder.search_scope.get_index_urls_locations(name):
        page = collector.fetch_response(Link(index)) if not missing_folder(index) else None
        links += parse_links(page) if page else ()
    for folder in finder.search_scope.find_links:
        links += [Link(path.resolve().as_uri()) for path in Path(folder).glob("*.whl")]
    for link in links:
        if fits(link.filename, name, version):
            if link.hash_name == "sha256" and link.hash:
                yield link.hash
            elif link.is_file:
                yield hashlib.sha256(Path(link.file_path).read_bytes()).hexdigest()


def missing_folder(index: str) -> bool:
    return index.startswith("file:") and not Path(Link(index).file_path).exists()


def fits(filename: str, name: str, version: str) -> bool:
    if filename.endswith(".whl"):
        found, release = filename.split("-")[:2]
    elif filename.endswith(".tar.gz"):
        found, _, release = filename.removesuffix(".tar.gz").rpartition("-")
    else:
        return False
    return canonical(found) == name and unquote(release) == version


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
