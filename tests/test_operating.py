"""The page for operators knows every end, log line and stat, and no others."""

import ast
import re
from pathlib import Path

import pytest

import timbre_spider
from tests.conftest import ROOT
from timbre_spider.extensions.feeds import ASKED_ENDS

pytestmark = pytest.mark.unit

PAGE = (ROOT / "docs/operating.md").read_text()
MARKS = {"action needed", "potential action", "can be ignored"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
OF_SCRAPY = {"log_count/ERROR", "log_count/CRITICAL", "log_count/WARNING", "spider_exceptions/count"}


def told(heading: str) -> set[str]:
    """What the first column of the table under a heading names."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert {row[1] for row in rows} <= MARKS
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row[0])}


@pytest.fixture(scope="module")
def nodes() -> list[ast.AST]:
    """What all our code is made of."""
    paths = Path(timbre_spider.__file__).parent.rglob("*.py")
    return [node for path in paths for node in ast.walk(ast.parse(path.read_text()))]


def kinds_of_errors(nodes: list[ast.AST]) -> set[str]:
    """The names of our errors, wherever they are made."""
    bases = {node.name: {ast.unparse(base) for base in node.bases} for node in nodes if isinstance(node, ast.ClassDef)}
    kinds = {"TimbreError"}
    while more := {name for name, known in bases.items() if known & kinds} - kinds:
        kinds |= more
    return kinds - {"TimbreError"}


def test_every_end_is_told_and_no_other(nodes: list[ast.AST]) -> None:
    ends = ASKED_ENDS | {"shutdown", "killed", "lost", "closespider_errorcount"}
    assert told("How a run ends") == ends | kinds_of_errors(nodes)


def test_every_line_of_the_log_is_told_and_no_other(nodes: list[ast.AST]) -> None:
    logged = set()
    for node in nodes:
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.func.attr not in LEVELS:
            continue
        if ast.unparse(node.func.value).rpartition(".")[2] == "logger":
            assert isinstance(node.args[0], ast.Constant), ast.unparse(node)
            logged.add(re.sub(r"%[\d.,]*[a-z]", "…", str(node.args[0].value)))
    assert told("What the log says") == logged - {"…", "… …"}


def test_every_stat_is_told_and_no_other(nodes: list[ast.AST]) -> None:
    counted = set(OF_SCRAPY)
    for node in nodes:
        if isinstance(node, ast.Constant) and re.fullmatch(r"timbre/[\w/]+", str(node.value)):
            counted.add(str(node.value))
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(each.value) if isinstance(each, ast.Constant) else "…" for each in node.values)
            counted.update([text] if text.startswith("timbre/") else [])
    counted = {stat for stat in counted if not stat.endswith("/")}
    assert told("What the stats say") == counted
