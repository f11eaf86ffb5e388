"""What is imported is declared, and what a run brings along is imported."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.test_wheel import needed

pytestmark = pytest.mark.unit

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"timbre_spider", "timbre_sandbox", "tests", "docs", *(path.stem for path in (ROOT / "benchmarks").glob("*.py"))}


def names(requirements: list[str]) -> set[str]:
    """The distributions named, in their normal form."""
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in requirements} - {"timbre-spider"}


def normal(distribution: str) -> str:
    return re.sub(r"[-_.]+", "-", distribution).lower()


# The distributions that bring a module.
brought_by = cache(packages_distributions)

CORE = names(PROJECT["dependencies"])
EXTRAS = {extra: names(lines) for extra, lines in PROJECT["optional-dependencies"].items()}
# What the developers use, and no extra of a user's.
TOOLS = ("dev", "release")
WITH_EXTRAS = CORE.union(*(named for extra, named in EXTRAS.items() if extra not in TOOLS))


@cache
def imported(folder: str) -> frozenset[str]:
    """The top-level names imported, or looked for by `find_spec`, in a folder, wherever in a file."""
    return frozenset(name for path in (ROOT / folder).rglob("*.py") for name in imported_by(path))


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("find_spec", "files"):
            yield from (each.value.partition(".")[0] for each in node.args if isinstance(each, ast.Constant))


@pytest.mark.parametrize(
    ("folders", "declared"),
    [
        (("timbre_spider", "timbre_sandbox"), WITH_EXTRAS),
        (("tests", "benchmarks"), WITH_EXTRAS | EXTRAS["dev"]),
    ],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], declared: set[str]) -> None:
    third_party = set().union(*map(imported, folders)) - OURS - set(sys.stdlib_module_names)
    undeclared = {name for name in third_party if not declared & set(map(normal, brought_by().get(name, [name])))}
    assert undeclared == set()


def test_what_a_run_brings_along_is_used() -> None:
    names_used = imported("timbre_spider") | imported("timbre_sandbox")
    used = {normal(each) for name in names_used for each in brought_by().get(name, [])}
    assert CORE - used == set()


LOCKS = [
    ("requirements.txt", CORE),
    ("requirements-dev.txt", WITH_EXTRAS | EXTRAS["dev"]),
    ("requirements-release.txt", CORE | EXTRAS["release"]),
]


@pytest.mark.parametrize(("name", "declared"), LOCKS)
def test_a_lock_holds_what_is_declared_and_nothing_of_the_machine_it_was_made_on(name: str, declared: set[str]) -> None:
    lines = (ROOT / name).read_text().splitlines()
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+( ; .+)?", line)] == []
    assert declared - names(lines) == set()


def test_the_core_is_no_more_than_the_documentation_says() -> None:
    page = (ROOT / "docs" / "explanation" / "dependencies.md").read_text(encoding="utf-8")
    packages, megabytes = map(int, re.search(r"core is (\d+) packages, (\d+) MB", page).groups())
    named = set(map(normal, needed(PROJECT["dependencies"])))
    locked = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.M))
    if others := [name for name in named & locked.keys() if distribution(name).version != locked[name]]:
        pytest.skip(f"the page counts the locked versions; others are installed: {', '.join(sorted(others))[:60]}")
    assert len(named) + 1 <= packages  # with the project itself
    files = (file.locate() for name in named for file in distribution(name).files or [] if file.suffix != ".pyc")
    assert sum(file.stat().st_size for file in files if file.exists()) / 1e6 <= megabytes
