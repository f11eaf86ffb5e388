"""The service's end, whatever it is about to ask."""

import threading
from collections.abc import Callable
from contextlib import suppress

import httpx2
import pytest

from tests.conftest import Sandbox, Workspace
from tests.databases import url_of
from tests.service.test_pipeline import serving
from tests.storage.making import song, store
from tests.waiting import wait_until
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import EmbeddedServer

pytestmark = pytest.mark.integration

# What waits for a lock, but for autovacuum.
WAITING = "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_statements_that_would_never_end_do_not_keep_it(
    new_database: Database, postgres_server: EmbeddedServer, sandbox: Sandbox, workspace_for: Callable[..., Workspace]
) -> None:
    store(new_database, song("A", "T"))
    workspace = workspace_for(sandbox.env, DATABASE_URL=url_of(postgres_server, new_database.name))
    with new_database.connect() as holding, new_database.connect() as looking:
        looking.execute("DELETE FROM song_quality")
        holding.execute("BEGIN")
        holding.execute("SELECT timbre_lock_songs()")

        def waiting() -> str:
            return " ".join(query for (query,) in looking.execute(WAITING))

        with serving(workspace) as (client, service):
            holding.execute("LOCK TABLE lastfm_stats")
            asking = threading.Thread(target=ask, args=(client, "/songs"))
            asking.start()
            wait_until(lambda: "lastfm_stats" in waiting() and "timbre_judge_due" in waiting(), service)
        asking.join()
        wait_until(lambda: waiting() == "")  # what was asked is not under way any more


def ask(client: httpx2.Client, path: str) -> None:
    """For an answer that never comes."""
    with suppress(httpx2.TransportError):
        client.get(path)
