"""The database dies in the middle of a run and comes back."""

import os
import re
import signal
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tests.waiting import wait_until
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer

pytestmark = pytest.mark.slow

CRAWL = ("scrapy", "crawl", "lastfm_top", "-a", "max=100", "-s", "LOG_LEVEL=CRITICAL")


@pytest.fixture
def server():
    with TemporaryDirectory(prefix="timbre-test-") as folder:
        server = EmbeddedServer(Path(folder) / "postgres")
        yield server
        server.close()


def count(server, table):
    with psycopg.connect(host=str(server.socket_folder), user=SUPERUSER, dbname="postgres") as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608


def test_a_run_goes_on_spooling_and_replay_loads_what_it_kept(workspace, server):
    address = f"postgresql:///postgres?host={server.socket_folder}&user={SUPERUSER}"
    env = {"DATABASE_URL": address, "DB_RETRY_ATTEMPTS": "1", "DB_RETRY_DELAY": "0.1", "DB_BATCH_SIZE": "20"}
    process = workspace.start(*CRAWL, **env)

    def some_are_stored():
        with suppress(psycopg.Error):
            return count(server, "songs") > 20

    wait_until(some_are_stored, process)
    os.kill(int((server.folder / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert "Traceback" not in said
    *progress, line = said.strip().splitlines()
    assert all("songs" in each for each in progress), said
    assert "timbre replay" in line
    assert 0 < int(re.search(r"(\d+) songs? (?:is|are) kept", line)[1]) <= 100

    server.ensure_running()
    before = count(server, "songs")
    assert before < 100
    assert "songs" in workspace.run("timbre", "replay", **env)
    assert not list((workspace.folder / "data" / "spool").glob("*.jsonl"))
    replayed = count(server, "songs")
    assert replayed > before
    workspace.run("timbre", "replay", **env)
    workspace.run(*CRAWL, **env)
    assert count(server, "songs") == 100
