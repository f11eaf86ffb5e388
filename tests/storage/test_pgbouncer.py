"""Behind a transaction pooler, as Supabase's: PgBouncer shares a few server connections between all of ours."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.conftest import free_port
from tests.storage.making import album, answer, dump, look, name_key, song
from tests.waiting import end, wait_until
from timbre_spider.storage.connect import EmbeddedDatabase, database_at
from timbre_spider.storage.counts import counts
from timbre_spider.storage.database import Database
from timbre_spider.storage.export import export
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.writer import Writer

PGBOUNCER = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")

pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(PGBOUNCER is None, reason="needs pgbouncer: apt-get install pgbouncer"),
]


@pytest.fixture
def pooled(empty_database: EmbeddedDatabase, data_dir: Path) -> Iterator[Database]:
    """The test's database behind PgBouncer in transaction mode, with two server connections in all."""
    port = free_port()
    name = look(empty_database, "SELECT current_database()")[0]
    users = data_dir / "users.txt"
    users.write_text('"postgres" "hunter2"\n')
    settings = data_dir / "pgbouncer.ini"
    settings.write_text(
        f"[databases]\n{name} = host={empty_database.server.socket_folder} dbname={name} user=postgres\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = plain\n"
        f"auth_file = {users}\npool_mode = transaction\ndefault_pool_size = 2\n"
        # Whatever a session leaves behind would be found by the next: nothing is reset between transactions.
        "server_reset_query =\n"
    )
    data_dir.chmod(0o755)
    for path in (users, settings):
        path.chmod(0o644)
    assert PGBOUNCER is not None
    server = empty_database.server
    command: list[object] = [PGBOUNCER, settings]
    if server._user is not None:
        command = server._user.runs(command, reaching=(settings, Path(PGBOUNCER), server.socket_folder / "socket"))
    with (data_dir / "out").open("w") as output:
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=output, cwd="/")
        database = database_at(f"postgresql://postgres:hunter2@127.0.0.1:{port}/{name}")
        try:
            wait_until(lambda: _answers(port), process)
            yield database
        finally:
            end(process)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def load(database: Database, spool_dir: Path) -> None:
    """Four writers at once, more than there are server connections."""

    async def one(listener: str) -> None:
        writer = Writer(database, spool_dir=spool_dir, batch_size=20, retry_attempts=0)
        reader = Reader(database)
        await writer.open()
        songs = [song("A", str(n), number=n, listener=listener, tags={"x": 1}, aoty=album(n)) for n in range(60)]
        for each in songs:
            key = name_key("A", each.title)
            await reader.song(key, [("spotify", key)])
            await writer.record([answer(key)])
        receipts = await asyncio.gather(*(writer.store(each) for each in songs))
        assert {each.status for each in receipts} == {"stored"}
        await writer.close()
        await reader.close()

    async def all_of_them() -> None:
        await asyncio.gather(*(one(f"listener {n}") for n in range(4)))

    asyncio.run(all_of_them())


def test_everything_works_behind_a_transaction_pooler(
    pooled: Database, empty_database: EmbeddedDatabase, spool_dir: Path, tmp_path: Path
) -> None:
    assert migrate(pooled)
    load(pooled, spool_dir)
    first = dump(empty_database)
    assert counts(pooled)["aliases"] == 240
    load(pooled, spool_dir)
    assert dump(empty_database) == first
    runs = Runs(pooled)
    runs.finish(runs.start("lastfm_top", sandbox=True), "finished", {})
    assert export(pooled, "jsonl", tmp_path / "songs.jsonl").songs == 60


def test_nothing_but_empty_staging_tables_is_left_in_the_session(
    pooled: Database, empty_database: EmbeddedDatabase, spool_dir: Path
) -> None:
    migrate(pooled)
    load(pooled, spool_dir)
    with psycopg.connect(pooled._conninfo, autocommit=True, prepare_threshold=None) as connection:
        for query in (
            "SELECT count(*) FROM pg_prepared_statements",
            "SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r' AND relname NOT LIKE 'staged%'",
            "SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relname LIKE 'staged%' AND relkind = 'r'",
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
            "SELECT count(*) FROM pg_cursors WHERE name <> ''",
        ):
            row: Any = connection.execute(query).fetchone()
            assert row == (0,)
