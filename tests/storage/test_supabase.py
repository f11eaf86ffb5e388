"""Supabase's REST side: a stand-in speaks its HTTP and runs the real functions on the real Postgres."""

import asyncio
import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.storage.making import album, answer, dump, isrc, look, name_key, song, store
from timbre_spider.config import load_config
from timbre_spider.errors import DatabaseUnreachable, SchemaTooNew, WrongWorld
from timbre_spider.items import Reject
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.counts import counts
from timbre_spider.storage.database import Database
from timbre_spider.storage.migrate import migrate
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.replay import replay
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

KEY = "service-role-key-nobody-may-see"
# What PostgREST answers for each class of SQL error; https://docs.postgrest.org/en/stable/references/errors.html
STATUS = {"23": 409, "22": 400, "57": 500, "54": 500, "42": 404}


class Rest(BaseHTTPRequestHandler):
    """POST /rest/v1/rpc/<function>: arguments by name from a JSON object, the result as JSON."""

    database: Database
    broken: int = 0
    asked: list[str]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        function = self.path.removeprefix("/rest/v1/rpc/")
        self.asked.append(function)
        if self.headers["apikey"] != KEY or self.headers["Authorization"] != f"Bearer {KEY}":
            return self._answer(401, {"message": f"Invalid API key {self.headers['apikey']}"})
        if type(self).broken > 0:
            type(self).broken -= 1
            return self._answer(503, b"<html>upstream is away</html>")
        with self.database.connect() as connection:
            # As PostgREST does: the whole body is one JSON parameter, cast to the function's own argument types.
            kinds = dict(
                connection.execute(
                    "SELECT unnest(proargnames), unnest(string_to_array(oidvectortypes(proargtypes), ', '))"
                    " FROM pg_proc WHERE proname = %s", [function],
                )
            )  # fmt: skip
            columns = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in kinds.items()]
            named = [sql.SQL("{} => r.{}").format(sql.Identifier(name), sql.Identifier(name)) for name in kinds]
            call = sql.SQL("SELECT {}({})").format(sql.Identifier(function), sql.SQL(", ").join(named))
            if columns:
                call += sql.SQL(" FROM json_to_record(%s) AS r({})").format(sql.SQL(", ").join(columns))
            try:
                row = connection.execute(call, [json.dumps(body)] if columns else None).fetchone()
            except psycopg.Error as error:
                code = error.sqlstate or "XX000"
                return self._answer(STATUS.get(code[:2], 500), {"code": code, "message": error.diag.message_primary})
        assert row is not None
        return self._answer(200, row[0])

    def _answer(self, status: int, body: Any) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def rest(empty_database: Database) -> Iterator[type[Rest]]:
    handler = type("Here", (Rest,), {"database": empty_database, "asked": [], "broken": 0})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    handler.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield handler
    server.shutdown()
    thread.join()
    server.server_close()


def supabase(rest: Any, key: str = KEY) -> Database:
    return open_database(load_config(supabase_url=rest.url + "/", supabase_service_role_key=key))


def crawl(database: Database, spool_dir: Path) -> list[Any]:
    async def run() -> list[Any]:
        writer = Writer(database, spool_dir=spool_dir, retry_attempts=2, retry_delay=0.01, max_wait=0.05)
        await writer.open()
        songs = [song("A", str(n), number=n, tags={"x": n}, aoty=album(n)) for n in range(30)]
        songs += [song("odd\ttab", "nul \x00 half \ud800"), song("P", "T", aoty=album(1, 101.0))]
        receipts = await asyncio.gather(*(writer.store(each) for each in songs))
        await writer.record([answer("hash:1"), answer("hash:2", deep={"a": [None, True, 1.5]})])
        await writer.reject([Reject("me", "", "T", 1, "empty")])
        receipts.append(await writer.store(song("B", "thief", keys=[f"isrc:{isrc(1)}", name_key("B", "thief")])))
        await writer.close()
        return [str(each.status) for each in receipts]

    return asyncio.run(run())


def test_rest_ends_with_the_same_tables_as_copy(rest: Any, empty_database: Database, spool_dir: Path) -> None:
    migrate(empty_database)
    expected = ["stored"] * 31 + ["set_aside", "contested"]
    assert crawl(supabase(rest), spool_dir) == expected
    over_rest = dump(empty_database)
    with empty_database.connect() as connection:
        connection.execute("TRUNCATE songs, answers, rejects, ratings_history CASCADE")
    assert crawl(empty_database, spool_dir) == expected
    assert dump(empty_database) == over_rest


def test_recall_runs_and_counts_over_rest(rest: Any, empty_database: Database) -> None:
    migrate(empty_database)
    database = supabase(rest)
    store(database, song("A", "T", number=1))
    runs = Runs(database)
    run_id = runs.start("lastfm_top", sandbox=False, parameters={"max": 1})
    runs.finish(run_id, "finished", {"songs": 1})
    assert look(empty_database, "SELECT id, summary FROM runs") == [(run_id, {"songs": 1})]
    with pytest.raises(WrongWorld):
        runs.start("lastfm_top", sandbox=True)
    assert counts(database)["songs"] == 1

    async def read() -> Any:
        reader = Reader(database)
        try:
            return await reader.song(name_key("A", "T"), [("spotify", "hash:x")])
        finally:
            await reader.close()

    known, answers = asyncio.run(read())
    assert (known.title, answers) == ("T", {})


def test_a_broken_gateway_is_waited_for_then_spooled(rest: Any, empty_database: Database, spool_dir: Path) -> None:
    migrate(empty_database)
    rest.broken = 2
    [receipt] = store(supabase(rest), song(), spool_dir=spool_dir, retry_attempts=3, retry_delay=0.01)
    assert receipt.status == "stored"
    rest.broken = 1000
    [receipt] = store(supabase(rest), song("B", "U"), spool_dir=spool_dir)
    assert receipt.status == "spooled"
    rest.broken = 0
    assert replay(supabase(rest), spool_dir).songs == 1
    assert look(empty_database, "SELECT count(*) FROM songs") == [2]


def test_the_schema_must_be_there_and_not_newer(rest: Any, empty_database: Database) -> None:
    with pytest.raises(DatabaseUnreachable, match="sql/"):
        migrate(supabase(rest))
    migrate(empty_database)
    assert migrate(supabase(rest)) == []
    look(empty_database, "UPDATE schema_migrations SET checksum = 'older' WHERE version = 4 RETURNING 1")
    with pytest.raises(DatabaseUnreachable, match=r"lacks sql/0004_recall\.sql as this program has them"):
        migrate(supabase(rest))
    look(empty_database, "UPDATE schema_migrations SET checksum = NULL WHERE version = 5 RETURNING 1")
    with pytest.raises(DatabaseUnreachable, match=r"sql/0004_recall\.sql, sql/0005_access\.sql.*migrate --print"):
        migrate(supabase(rest))
    look(empty_database, "INSERT INTO schema_migrations (version, name) VALUES (9999, 'later') RETURNING 1")
    with pytest.raises(SchemaTooNew):
        migrate(supabase(rest))


def test_a_project_that_answers_with_a_bare_number_has_older_files(rest: Any, empty_database: Database) -> None:
    migrate(empty_database)
    with empty_database.connect() as connection:
        connection.execute("DROP FUNCTION timbre_schema_version()")
        connection.execute("CREATE FUNCTION timbre_schema_version() RETURNS integer LANGUAGE sql RETURN 5")
    with pytest.raises(DatabaseUnreachable, match=r"lacks sql/0001_songs\.sql, "):
        migrate(supabase(rest))


def test_the_key_is_never_told(rest: Any, empty_database: Database, spool_dir: Path, caplog: Any) -> None:
    migrate(empty_database)
    caplog.set_level(logging.DEBUG)
    wrong = "wrong-key-nobody-may-see"
    for key, url in ((wrong, rest.url), (KEY, rest.url), (KEY, "http://127.0.0.1:1"), ("not\nheader", rest.url)):
        database = open_database(load_config(supabase_url=url, supabase_service_role_key=key))
        assert key not in database.description + repr(database) + repr(vars(database))
        store(database, song(aoty=album(1, 101.0)), spool_dir=spool_dir)
        if key != KEY:
            with pytest.raises(DatabaseUnreachable) as caught:
                counts(database)
            assert key not in str(caught.value)
    spooled = "".join(path.read_text() for path in spool_dir.rglob("*.jsonl"))
    assert "nobody-may-see" not in caplog.text + spooled


def test_what_needs_sql_says_so(rest: Any) -> None:
    with pytest.raises(DatabaseUnreachable, match="DATABASE_URL"):
        supabase(rest).connect()
