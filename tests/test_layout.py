"""Who may know whom: arrows between the rooms point down only."""

import ast
from pathlib import Path

import pytest

import timbre_spider

pytestmark = pytest.mark.unit

PACKAGE = Path(timbre_spider.__file__).parent
GROUND = {
    "items", "config", "errors", "redaction", "terminal", "cells", "run_summary", "stop_signal", "wrong_value",
    "how_many",
}  # fmt: skip
MAY_KNOW = {
    "items": set(),
    "cells": set(),
    "how_many": set(),
    "run_summary": set(),
    "stop_signal": set(),
    "terminal": set(),
    "wrong_value": set(),
    "redaction": {"terminal"},
    "errors": {"redaction"},
    "config": {"errors", "redaction", "wrong_value"},
    "matching": {"items"},
    "histories": {"items", "errors", "how_many"},
    "planning": {"items"},
    "sources": GROUND,
    "sharing": {"config", "errors"},
    "storage": GROUND | {"sharing"},
    "albums": {"items", "errors", "histories", "matching", "sources"},
    "evaluation": {"matching", "items", "errors"},
    "library": {"storage", "terminal"},
    "extensions": GROUND | {"matching", "planning", "sources", "storage"},
    "middlewares": GROUND | {"extensions", "sources"},
    "pipelines": GROUND | {"extensions", "matching", "planning", "sources"},
    "service": GROUND | {"extensions", "spiders", "library", "matching", "planning", "sharing", "storage"},
    "spiders": GROUND | {"extensions", "pipelines", "matching", "sources", "storage", "histories"},
    "workers": GROUND | {"extensions", "matching", "spiders", "sharing", "storage"},
}

# The parts of matching, and the files beside them.
MATCHING = {
    "writing": set(),
    "names": {"writing"},
    "comparing": {"names", "writing"},
    "overrides": set(),
    "calibration": set(),
    "identify": {"comparing", "names", "overrides"},
    "folding": {"identify", "names", "overrides", "writing"},
    "albums": {"comparing", "names", "writing"},
}


@pytest.fixture(scope="module")
def imports():
    """Who imports what from where: (package, room, module)."""
    return {
        (package.name, path.relative_to(package).parts[0].removesuffix(".py"), node.module)
        for package in (PACKAGE, PACKAGE.parent / "timbre_sandbox")
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module
    }


@pytest.mark.parametrize("room", MAY_KNOW)
def test_a_room_knows_only_those_below_it(room, imports):
    known = {
        module.split(".")[1]
        for package, of, module in imports
        if (package, of) == ("timbre_spider", room) and module.startswith("timbre_spider.")
    }
    assert known - {room} <= MAY_KNOW[room]


@pytest.mark.parametrize("part", MATCHING)
def test_a_part_of_matching_knows_only_those_below_it(part):
    folder = PACKAGE / "matching"
    files = [folder / f"{part}.py"] if (folder / f"{part}.py").exists() else [*(folder / part).glob("*.py")]
    known = {
        node.module.split(".")[2]
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("timbre_spider.matching.")
    }
    assert files
    assert known - {part} <= MATCHING[part]


def test_the_sandbox_knows_only_the_errors_and_only_the_commands_know_it(imports):
    of_sandbox = {module for package, _, module in imports if package == "timbre_sandbox"}
    assert {module for module in of_sandbox if module.startswith("timbre_spider")} == {"timbre_spider.errors"}
    rooms = {room for package, room, module in imports if package == "timbre_spider" and "timbre_sandbox" in module}
    assert rooms == {"cli"}


def test_only_the_configuration_reads_the_environment():
    readers = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "os.environ" in path.read_text() or "getenv" in path.read_text()
    ]
    # These pass it on to a program they start, or set it for one; `timbre config` tells where a setting comes from.
    assert sorted(readers) == ["cli/database.py", "cli/env_file.py", "cli/run.py", "cli/sandbox.py"]
