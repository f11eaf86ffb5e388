"""Every command the documentation shows is run by a test, or declared here; what it names in passing exists."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from itertools import pairwise

import pytest

from docs import generate
from tests import test_docs, test_readme
from tests.conftest import ROOT
from tests.test_makefile import TARGETS
from timbre_spider.storage.connect import EmbeddedDatabase

PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
    if path.name != "CHANGELOG.md" and "reference" not in path.parts
}
IS_COMMAND = re.compile(r"(?:\.venv/bin/|\$ )?(?:timbre|scrapy|make|pip|python|docker|curl)\b")
# Run by no test as they stand: why not, and what tries the same.
NOT_RUN = {
    ".venv/bin/pip install '.[service]'": "installs over the network; test_wheel.py installs the wheel",
    "docker compose up": "needs a daemon; deploy/build_and_try.sh builds and runs the image",
    "docker compose --profile pipeline up pipeline": "needs a daemon; deploy/build_and_try.sh",
    "docker compose --profile workers up --scale worker=3": "needs a daemon; deploy/build_and_try.sh",
    "docker compose run --rm worker enqueue --max-songs 10000": "needs a daemon; deploy/build_and_try.sh",
    "docker compose --profile pipeline run --rm pipeline": "needs a daemon; deploy/build_and_try.sh",
    'echo "API_TOKEN=$(openssl rand -hex 32)" >> .env': "a line of .env; tests/service starts with a token",
    'pg_dump --format=custom --file=timbre.dump "$DATABASE_URL"': "test_a_backup_can_be_restored dumps",
    'pg_restore --clean --if-exists --dbname="$DATABASE_URL" timbre.dump': "test_a_backup_can_be_restored restores",
    ".venv/bin/scrapyd": "tests/crawl/test_scrapyd.py starts it at a port of its own",
    "curl http://127.0.0.1:6800/schedule.json -d project=default -d spider=lastfm_top -d max=500": (
        "tests/crawl/test_scrapyd.py asks the same"
    ),
    "curl http://127.0.0.1:6800/listjobs.json?project=default": "tests/crawl/test_scrapyd.py asks the same",
    "curl http://127.0.0.1:6800/cancel.json -d project=default -d job=JOB": "tests/crawl/test_scrapyd.py asks the same",
    "17 3 * * *  cd /srv/timbre && .venv/bin/timbre run >> logs/cron.log 2>&1": (
        "a line of cron; tests/cli/test_schedule.py runs the one that `timbre schedule` writes"
    ),
    "timbre eval --calibrate musicbrainz20k/dev.csv corrections/dev.csv itunes-amazon/*/*.txt": (
        "the files are not part of the project; tests/evaluation/test_calibrate.py reads them where they are"
    ),
    "make lint": "a step of the workflow of checks",
    "make mutants ARGS=timbre_spider/sources/gate.py": "runs the tests; every night",
    "make mutants ARGS=middlewares": "runs the tests; every night",
    'make mutants ARGS="--sample 150 storage"': "runs the tests; every night",
    'make mutants ARGS="--sample 150 --seed 7 storage"': "runs the tests; every night",
    "make mutants ARGS=sql": "runs the tests; every night",
    'make mutants ARGS="--sample 40 --seed 3 sql"': "runs the tests; every night",
    "make mutants": "runs the tests; every night",
}  # fmt: skip


def shown() -> Iterator[tuple[str, str]]:
    """Page and command, of every block that holds commands and every line set apart that is one."""
    for page, text in PAGES.items():
        for kind, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.M | re.S):
            if kind in ("", "sh", "console"):
                yield from ((page, stripped(line)) for line in block.splitlines() if stripped(line))
            else:
                assert kind in ("python", "sql"), f"{page}: a block of {kind}, which no test reads"
        for line in re.findall(r"^ {4}(\S.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M):
            if IS_COMMAND.match(line):
                yield page, stripped(re.split(r" {3,}", line)[0])


def stripped(line: str) -> str:
    return line.removeprefix("$ ").partition(" #")[0].strip()


def run_by_tests() -> set[str]:
    """What the tests of the pages and of README run, and the backup's of docs/operating.md."""
    pages = {command for page in test_docs.PAGES for command in test_docs.commands(page)}
    backup = {stripped(line) for block in test_docs.backup_blocks() for line in block.splitlines()}
    return pages | backup | set(test_readme.COMMANDS) | set(test_readme.TESTS_MADE)


@pytest.mark.unit
def test_what_is_shown_is_run_or_declared() -> None:
    known = run_by_tests() | set(NOT_RUN)
    assert [f"{page}: {command}" for page, command in shown() if command not in known] == []


@pytest.mark.unit
def test_what_is_declared_is_shown_and_what_tries_it_is_there() -> None:
    assert set(NOT_RUN) - {command for _, command in shown()} == set()
    for reason in NOT_RUN.values():
        for file in re.findall(r"(?:tests|deploy)/[\w/]+(?:\.\w+)?|test_\w+\.py", reason):
            assert (ROOT / file).exists() or (ROOT / "tests" / file).exists(), reason
        for function in re.findall(r"\btest_\w+\b(?!\.py)", reason):
            assert hasattr(test_docs, function) or f"{function}.py" in reason, reason


COMMANDS = {name: {option for cell, _ in rows for option in re.findall(r"--[a-z-]+", cell)}
            for name, _, rows in generate.commands()}  # fmt: skip
SPIDERS = {name: {cell.strip("`") for cell, *_ in rows} for name, _, rows in generate.spiders()}
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
IN_PASSING = sorted(
    {
        code.removeprefix(".venv/bin/")
        for text in PAGES.values()
        for code in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))
        if re.match(r"(?:\.venv/bin/)?(?:timbre|scrapy crawl|make|pip install) \S", code)
    }
)


@pytest.mark.unit
@pytest.mark.parametrize("code", IN_PASSING)
def test_what_is_named_in_passing_exists(code: str) -> None:
    program, *words = shlex.split(re.sub(r"[\[\]…]", " ", code))
    if program == "make":
        assert [word for word in words if word.islower() and "=" not in word and word not in TARGETS] == []
    elif program == "pip":
        assert set(",".join(re.findall(r"\[([a-z,]+)\]", code)).split(",")) - {""} - set(EXTRAS) == set()
    elif program == "scrapy":
        spider = words[1] if words[1] in SPIDERS else "lastfm_top"  # `scrapy crawl … -O FILE`
        given = {word.partition("=")[0] for before, word in pairwise(words) if before == "-a"}
        assert given - SPIDERS[spider] == set()
    else:
        name = max((each for each in COMMANDS if f"{program} {' '.join(words)} ".startswith(f"{each} ")), key=len)
        assert name != "timbre", code
        assert {word for word in words if word.startswith("--")} - COMMANDS[name] - {"--help"} == set()


@pytest.mark.integration
def test_every_query_shown_is_one(database: EmbeddedDatabase) -> None:
    queries = [query for text in PAGES.values() for query in re.findall(r"^```sql\n(.*?)^```", text, re.M | re.S)]
    assert queries
    with database.connect() as connection:
        for query in queries:
            connection.execute(query)


@pytest.mark.unit
def test_the_programs_shown_are_those_that_are_tried() -> None:
    assert {page for page, text in PAGES.items() if "```python" in text} == {"docs/how-to/read-a-feed.md"}
