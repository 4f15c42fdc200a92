"""The lock files: every version that gets installed, direct or not, with its hashes."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = ["requirements", "requirements-dev", "requirements-tools", "requirements-audit"]


def direct(name: str) -> list[Requirement]:
    lines = (line.split("#")[0].strip() for line in (ROOT / f"{name}.txt").open())
    return [Requirement(line) for line in lines if line]


def locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """By package, what is installed and how many hashes of it are known."""
    text = (ROOT / f"{name}.lock").read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line and not line.lstrip().startswith("#"):
            wanted = Requirement(line.split("--hash")[0])
            found[canonicalize_name(wanted.name)] = (wanted, line.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_locked_package_has_one_version_and_its_hashes(name):
    for package, (wanted, hashes) in locked(name).items():
        assert re.fullmatch(r"==[^,*]+", str(wanted.specifier)), package
        assert hashes >= 1, package


@pytest.mark.parametrize("name", NAMES)
def test_what_is_asked_for_is_locked_at_that_version(name):
    known = locked(name)
    for wanted in direct(name):
        package = canonicalize_name(wanted.name)
        assert str(known[package][0].specifier) == str(wanted.specifier), package


@pytest.mark.parametrize("name", ["requirements", "requirements-dev", "requirements-tools"])
def test_what_is_installed_is_what_is_locked(name):
    for package, (wanted, _) in locked(name).items():
        if wanted.marker and not wanted.marker.evaluate():
            continue
        try:
            installed = version(package)
        except PackageNotFoundError:
            pytest.fail(f"{package} is locked and not installed")
        assert wanted.specifier.contains(installed, prereleases=True), package


@pytest.mark.parametrize("name", NAMES)
def test_no_file_says_where_packages_come_from(name):
    for file in (ROOT / f"{name}.txt", ROOT / f"{name}.lock"):
        assert "://" not in file.read_text()
        assert "index-url" not in file.read_text()


def test_setup_installs_nothing_without_a_hash():
    lines = (ROOT / "Makefile").read_text().splitlines()
    installing = [line for line in lines if "pip install" in line]
    assert installing
    assert all("--require-hashes" in line for line in installing)
