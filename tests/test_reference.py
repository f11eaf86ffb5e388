"""The reference of the documentation names everything there is, and says something of each."""

import inspect
import json
import re
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, Workspace
from timbre_spider import errors
from timbre_spider.config import Config
from timbre_spider.items import Outcome
from timbre_spider.storage.connect import EmbeddedDatabase

sys.path.insert(0, str(ROOT))
from docs import generate

pytestmark = pytest.mark.integration
# Tables that only the program itself reads; what their columns are for stands where they are made, in sql/.
LINE = re.compile(r"^\| `(?:(?:GET|POST|DELETE|PUT|PATCH) )?([^`]+)` \|(?: [^|]* \|)* ?(?:[^|]*) \|$", re.M)


@pytest.fixture
def pages(database: EmbeddedDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)  # no .env of the developer's
    return generate.pages(database)


def lines(page: str) -> dict[str, str]:
    """First cell, without its signs, and last cell of each row."""
    rows = [line[2:-2].split(" | ") for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    return {row[0].strip("`*"): row[-1].strip() for row in rows}


def test_every_setting_has_a_line_that_says_what_it_is_for(pages: dict[str, str]) -> None:
    said = lines(pages["settings.md"])
    assert [name for name in Config.model_fields if not said.get(name.upper())] == []


def test_every_command_has_a_section_and_every_option_a_line(pages: dict[str, str], workspace: Workspace) -> None:
    page = pages["commands.md"]
    for group in ("", "db", "override", "import", "report"):
        told = workspace.run("timbre", *filter(None, [group]), "--help", COLUMNS="120")
        names = re.findall(r"^│ ([a-z]+) {2,}", told.partition("Commands")[2], re.M)
        assert names, told
        for name in names:
            full = " ".join(filter(None, ["timbre", group, name]))
            assert re.search(rf"^## `{full}(`| )", page, re.M), full
    run = page.partition("## `timbre run`")[2].partition("\n## ")[0]
    said = workspace.run("timbre", "run", "--help", COLUMNS="120")
    missing = [option for option in re.findall(r"--[a-z-]+", said) if option not in run and option != "--help"]
    assert missing == []


def test_every_spider_has_a_section_and_every_argument_a_line(pages: dict[str, str], workspace: Workspace) -> None:
    page = pages["spiders.md"]
    for name in workspace.run("scrapy", "list").split():
        section = page.partition(f"## `{name}`")[2].partition("\n## ")[0]
        assert section, name
        said = workspace.run("scrapy", "crawl", name, "-a", "nonsense=1", status=2)
        arguments = re.findall(r"\w+", said.rpartition(": use ")[2].rstrip(".").replace(" or ", " "))
        assert arguments
        assert [each for each in arguments if f"| `{each}` |" not in section] == []


def test_every_column_of_the_songs_has_a_line_that_says_what_it_is(
    pages: dict[str, str], database: EmbeddedDatabase
) -> None:
    page = pages["tables.md"]
    with database.connect() as connection:
        found = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name <> 'schema_migrations'"
        ).fetchall()
    sections = {part.partition("`")[0]: lines(part) for part in page.split("\n## `")[1:]}
    assert [(table, column) for table, column in found if column not in sections[table]] == []
    drawn = pages["schema.svg"]
    assert [
        table for table, _ in found if f">{table}<" not in drawn and " (view)" not in page.split(f"`{table}`")[1][:9]
    ] == []


@pytest.mark.parametrize(("page", "kind"), [("feed", "song"), ("summary", "run_summary")])
def test_every_field_of_a_file_has_a_line(pages: dict[str, str], page: str, kind: str) -> None:
    whole = json.loads((ROOT / "docs" / "schema" / f"{kind}.json").read_text())
    said = lines(pages[f"{page}.md"])
    top = whole.get("properties") or whole["$defs"]["song"]["properties"]
    assert [name for name in top if name not in said] == []


def test_every_endpoint_has_a_line_that_says_what_it_does(pages: dict[str, str]) -> None:
    said = {place: text for place, text in lines(pages["api.md"]).items() if place}
    routed = ("/health", "/stats", "/pipeline/start", "/pipeline/status", "/database/counts", "/runs")
    assert [path for path in routed if not any(place.endswith(f" {path}") for place in said)] == []
    assert [place for place, text in said.items() if not text] == []


def test_every_outcome_and_every_error_has_a_line(pages: dict[str, str]) -> None:
    assert [each for each in Outcome if each not in lines(pages["outcomes.md"])] == []
    said = lines(pages["errors.md"])
    kinds = [name for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.TimbreError)]
    assert [name for name in kinds if not said.get(name)] == []
