"""No secret is in anything the commands say, write, store or send, whatever goes wrong: all of it is searched."""

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from psycopg import sql

from tests.conftest import ROOT
from tests.sources.server import Reply, serving

pytestmark = pytest.mark.slow

PASSWORD = "marked p@ss/word%"
WRITTEN = quote(PASSWORD, safe="")
CRAWL = ("scrapy", "crawl", "lastfm_top", "-a", "max=2", "-s", "LOG_LEVEL=DEBUG")
OURS = ("LASTFM_API_KEY", "SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "LISTENBRAINZ_TOKEN")
RAISING = '{"tests.crawl.test_secrets.Raising": 150}'


class Raising:
    """A stage with a bug that quotes a key."""

    def process_item(self, item):
        raise ValueError(f"{os.environ['LASTFM_API_KEY']} at {os.environ['DATABASE_URL']}")


def echo(asked):
    """A service that says what it was given."""
    return Reply(400, f'{{"error": 8, "message": "broken: {asked.path}"}}')


@contextmanager
def repeated(watch: Callable[[], object]):
    """Calls `watch` all the while."""
    over = threading.Event()

    def until_over():
        while not over.wait(0.2):
            watch()

    thread = threading.Thread(target=until_over)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def command_lines() -> Iterable[bytes]:
    """What `ps` shows of every process."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield each.read_bytes()
        except OSError:
            continue


def rows_of(connection) -> Iterable[str]:
    """Every row of every table, as text."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert len(tables) > 8
    for (table,) in tables:
        for (row,) in connection.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table))):
            yield row


def test_no_secret_is_anywhere(workspace, redis_server, postgres_server):
    from redis import Redis

    secrets = [*(workspace.env[name] for name in OURS), PASSWORD, WRITTEN, "marked-token", "marked-role"]
    shown: set[bytes] = set()
    sent: list[str] = []
    with workspace.database() as connection, Redis.from_url(redis_server) as redis:
        redis.acl_setuser(
            "me", enabled=True, passwords=[f"+{PASSWORD}"], keys=["*"], channels=["*"], commands=["+@all"]
        )
        place = quote(connection.info.host, safe="")
        env = {
            "DATABASE_URL": f"postgresql://postgres:{WRITTEN}@/{connection.info.dbname}?host={place}",
            "SUPABASE_SERVICE_ROLE_KEY": "marked-role",
            "API_TOKEN": "marked-token",
            "PYTHONPATH": str(ROOT),
            "DB_RETRY_DELAY": "0.1",
        }
        shared = env | {"REDIS_URL": redis_server.replace("://", f"://me:{WRITTEN}@")}
        # A proxy that is not there is waited for, which takes its time.
        proxied = env | {"AOTY_PROXY_URL": f"http://me:{WRITTEN}@127.0.0.1:1 http://me:{WRITTEN}@127.0.0.1:2"}
        gone = env | {"DATABASE_URL": f"postgresql://me:{WRITTEN}@127.0.0.1:1/x?sslpassword={WRITTEN}"}
        with serving(echo) as echoing:
            broken = env | {"LASTFM_BASE_URL": f"{echoing.url}/2.0/"}
            situations = {
                "songs are stored": ((*CRAWL, "-O", "songs.jsonl"), proxied, 0),
                "a stage raises": ((*CRAWL, "-s", f"ITEM_PIPELINES={RAISING}"), env, None),
                "a service echoes": (CRAWL, broken, 1),
                "no database": (CRAWL, gone, 1),
                "no database, a command": (("timbre", "db", "counts"), gone, 1),
                "the settings": (("timbre", "config"), shared | proxied, 0),
                "the checks": (("timbre", "validate"), broken, 2),
                "a job": (("timbre", "enqueue", "--max-songs", "2"), shared, 0),
                "a worker": (("timbre", "worker", "--until-idle", "1"), shared, 0),
                "psql": (("timbre", "db", "shell", "--", "-c", "SELECT pg_sleep(0.5)"), env, 0),
            }
            for command, settings, status in situations.values():
                with (
                    redis.monitor() as monitor,
                    repeated(lambda: shown.update(command_lines())),
                ):
                    said = workspace.run(*command, status=status, **settings)
                    assert not [secret for secret in secrets if secret in said], said
                    redis.echo("over")
                    while (command_sent := monitor.next_command()["command"]) != "ECHO over":
                        sent.append(command_sent)
        rows = list(rows_of(connection))
    assert any("songs" in each or "|" in each for each in rows)
    assert any("batches" in each for each in sent)
    for secret in secrets:
        assert not [row for row in rows if secret in row]
        assert not [each for each in sent if secret in each]
        assert not [line for line in shown if secret.encode() in line]
        for path in [postgres_server.folder / "log", *filter(Path.is_file, workspace.folder.rglob("*"))]:
            assert secret.encode() not in path.read_bytes(), path
