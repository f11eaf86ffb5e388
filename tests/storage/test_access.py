"""Who gets in: on Supabase its service role, and nobody else."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.storage.making import look
from timbre_spider.storage.connect import EmbeddedDatabase
from timbre_spider.storage.database import Database
from timbre_spider.storage.migrate import migrate

pytestmark = pytest.mark.integration

ROLES = ("anon", "authenticated", "service_role")
LOAD = """SELECT timbre_load('{"answers": [
    {"n": 0, "source": "open", "key": "x", "outcome": "failed", "asked_at": "2026-03-01", "values": {}, "reason": ""}
]}')"""


@pytest.fixture(params=[True, False], ids=["with Supabase's defaults", "without"])
def supabase(empty_database: EmbeddedDatabase, schema: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database with Supabase's roles and what its defaults grant them on whatever is made in `public`."""
    with empty_database.connect() as connection:
        for each in ROLES:
            connection.execute(
                f"DO $$ BEGIN IF to_regrole('{each}') IS NULL THEN CREATE ROLE {each} NOLOGIN"
                f" {'BYPASSRLS' if each == 'service_role' else ''}; END IF; END $$"
            )
            for kind in ("TABLES", "FUNCTIONS", "SEQUENCES") if request.param else ():
                connection.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON {kind} TO {each}")
    try:
        migrate(empty_database, schema)
        yield empty_database
    finally:
        with empty_database.connect() as connection:
            for each in ROLES:
                connection.execute(f"DROP OWNED BY {each}")


@pytest.mark.parametrize("role", ROLES)
def test_on_supabase_only_the_service_role_gets_in(supabase: Database, role: str) -> None:
    with supabase.connect() as connection:
        may_call = (
            "SELECT bool_or(may), bool_and(may) FROM (SELECT has_function_privilege(%s, oid, 'EXECUTE') AS may"
            " FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'timbre%%') f"
        )
        assert connection.execute(may_call, [role]).fetchone() == (role == "service_role",) * 2
        ours = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')"
        tables = [row[0] for row in connection.execute(ours)]
        assert len(tables) >= 13
        connection.execute(f"SET ROLE {role}")
        queries = [*(f"SELECT count(*) FROM {table}" for table in tables), LOAD]  # noqa: S608
        for query in queries:
            if role == "service_role":
                connection.execute(query)
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(query)


def test_row_level_security_is_on_everywhere(database: Database) -> None:
    unguarded = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        " AND NOT relrowsecurity"
    )
    assert look(database, unguarded) == []
