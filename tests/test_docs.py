"""Every command of the documentation works as it is written there, in one folder, in the order of its pages."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BIN, ROOT, Sandbox, Workspace, free_port
from tests.storage.making import song, store
from tests.waiting import end, wait_until
from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.embedded import EmbeddedServer
from timbre_spider.storage.migrate import migrate

DOCS = ROOT / "docs"
PAGES = [
    "five-minutes.md",
    *(f"tutorials/{name}.md" for name in ("listener", "operator", "data-engineer", "scrapy-user")),
    *(f"how-to/{path.name}" for path in sorted((DOCS / "how-to").glob("*.md"))),
    "troubleshooting.md",
    "albums.md",
]


def commands(page: str, kind: str = "sh") -> list[str]:
    blocks = re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line]


@pytest.fixture(scope="module")
def folder(sandbox: Sandbox, module_workspace_for) -> Workspace:
    """A checkout as the pages suppose it: its environment set up, keys filled in, files of the listener's beside it."""
    workspace: Workspace = module_workspace_for(sandbox.env, MAX_SONGS="30")
    (workspace.folder / ".venv").mkdir()
    (workspace.folder / ".venv" / "bin").symlink_to(BIN)
    (workspace.folder / "plays.csv").write_text("artist,title,timestamp\nA,B,2024-05-01 10:00:00\n")
    (workspace.folder / "Downloads").mkdir()
    return workspace


@pytest.fixture(scope="module")
def tried() -> set[str]:
    """What has been run: on a second page it shows nothing new."""
    return set()


def run(workspace: Workspace, command: str) -> str:
    """As a shell would, but that a command of ours is a fork of this process, which has loaded it."""
    words = shlex.split(command)
    if words[:2] == ["make", "run"]:
        words = [".venv/bin/timbre", "run", *shlex.split(words[2].removeprefix("ARGS="))]
    if words[0].startswith(".venv/bin/"):
        return workspace.run(words[0].rpartition("/")[2], *words[1:])
    done = subprocess.run(words, cwd=workspace.folder, env=workspace.env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def service(folder: Workspace) -> Iterator[str]:
    """The service, as `timbre serve` starts it; its address."""
    port = free_port()
    process = folder.start("timbre", "serve", "--port", str(port))
    asked = ["curl", "-fs", f"http://127.0.0.1:{port}/health"]
    wait_until(lambda: subprocess.run(asked, capture_output=True, check=False).returncode == 0, process)
    yield f"http://127.0.0.1:{port}"
    end(process)


# A whole run a line, on thirty songs.
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_a_page_works(
    folder: Workspace, page: str, tried: set[str], request: pytest.FixtureRequest
) -> None:
    for command in commands(page):
        if command in tried:
            continue
        tried.add(command)
        if command == ".venv/bin/timbre serve":
            request.getfixturevalue("service")
        elif command.startswith("curl http://127.0.0.1:8470/"):
            run(folder, command.replace("http://127.0.0.1:8470", request.getfixturevalue("service")))
        elif "enqueue" in command or "timbre worker" in command:
            redis = request.getfixturevalue("redis_server")
            folder.run("timbre", *shlex.split(command)[1:], REDIS_URL=redis)
        elif "import aoty" in command:
            assert "--help" in folder.run("timbre", "import", "aoty", "--help")  # tests/cli/test_albums.py
        else:
            run(folder, command)


PROGRAMS = re.findall(r"```python\n(.*?)```", (DOCS / "how-to" / "read-a-feed.md").read_text(encoding="utf-8"), re.S)


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.split()[1])
def test_a_program_that_reads_a_feed(folder: Workspace, program: str) -> None:
    for package in re.findall(r"^import (pandas|duckdb)", program, re.M):
        pytest.importorskip(
            package, reason=f"{package} is no package of ours; with `pip install {package}` this is tried"
        )
    if not (folder.folder / "exports" / "songs.jsonl").exists():
        folder.run("timbre", "run", "--max-songs", "30")
    done = subprocess.run(
        [BIN / "python", "-c", program], cwd=folder.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


@pytest.mark.unit
@pytest.mark.parametrize("package", ["pandas", "duckdb"])
def test_what_a_program_reads_of_a_feed_is_in_it(package: str) -> None:
    fields = set(json.loads((DOCS / "schema" / "song.json").read_text(encoding="utf-8"))["$defs"]["song"]["properties"])
    (program,) = (each for each in PROGRAMS if package in each)
    words = set(re.findall(r"\b[a-z_]+\b", " ".join(re.findall(r'"(.+?)"', program))))
    own = {"exports", "songs", "jsonl", "count", "sum", "plays"}  # the file's, SQL's, the query's
    assert "artist" in words
    assert words - own - fields == set()


@pytest.mark.unit
def test_what_troubleshooting_quotes_is_said_somewhere() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "timbre_spider").rglob("*.py"))
    code = re.sub(r'"\s*\n\s*f?"', "", code)
    quoted = re.findall(r'^\*\*"(.+)"\*\*$', (DOCS / "troubleshooting.md").read_text(encoding="utf-8"), re.M)
    assert quoted
    parts = [part.strip(" :…") for quote in quoted for part in quote.split("…")]
    assert [part for part in parts if part.removeprefix("DATA_DIR") and part.removeprefix("DATA_DIR") not in code] == []


@pytest.mark.unit
def test_every_page_is_in_the_table_of_contents() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([a-z-]+(?:/[a-z-]+)?)$", index, re.M))
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.rglob("*.md")}
    assert {page for page in pages if not page.startswith("reference/")} - {"index"} - listed == set()
    assert {name for name in listed if "reference/" not in name} - pages == set()


@pytest.mark.unit
def test_files_named_are_there() -> None:
    for path in Path(DOCS).rglob("*.md"):
        for link in re.findall(r"\]\(([^)#:]+\.md)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists() or "reference/" in link, f"{path}: {link}"


def backup_blocks() -> tuple[str, str, str]:
    """Of docs/operating.md: a dump and a restore of a server of one's own, a dump of the embedded one, its restore."""
    page = (DOCS / "operating.md").read_text(encoding="utf-8").partition("## Backup and restore")[2]
    own, dump, restore = re.findall(r"```sh\n(.*?)```", page, re.S)
    return own, dump, restore


@pytest.mark.integration
def test_a_backup_can_be_restored(workspace: Workspace) -> None:
    (workspace.folder / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (workspace.folder / ".venv" / name).symlink_to(BIN.parent / name)
    own, dump, restore = backup_blocks()

    def shell(script: str, database: str = "") -> str:
        known = f"set -e\n{dump.splitlines()[0]}\nPATH=$PG:$PATH\n"
        done = subprocess.run(
            ["bash", "-c", known + script], cwd=workspace.folder, env=workspace.env | {"DATABASE_URL": database},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def embedded() -> EmbeddedDatabase:
        return EmbeddedDatabase(EmbeddedServer(workspace.folder / "data" / "postgres"), "timbre")

    with embedded() as database:
        migrate(database)
        store(database, song("Ann", "One", 50))
        shell(dump)
        place = f"host={workspace.folder / 'data' / 'postgres'} user=postgres dbname"
        shell(f'export PGHOST="{workspace.folder}/data/postgres" PGUSER=postgres\n{own}', f"{place}=timbre")
        assert shell(f'psql -Atc "TABLE songs" "{place}=restored"').count("One") == 1
    shutil.rmtree(workspace.folder / "data" / "postgres")
    with embedded() as database:
        migrate(database)
        shell(restore)
        with database.connect() as connection:
            assert connection.execute("SELECT title FROM songs").fetchall() == [("One",)]
