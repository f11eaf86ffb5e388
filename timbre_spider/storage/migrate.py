"""Bring a database to the schema of this program: the numbered files in sql/, once each, in order."""

import re
from pathlib import Path
from typing import Any

import psycopg

from timbre_spider.errors import DatabaseUnreachable, SchemaTooNew
from timbre_spider.storage.connect import Database
from timbre_spider.storage.supabase import SupabaseDatabase

SQL = Path(__file__).resolve().parents[2] / "sql"
_LOCK = (7306081, 2)


def migrations(folder: Path = SQL) -> dict[int, Path]:
    """The files by their number, in order."""
    found = (path for path in folder.glob("*.sql") if re.match(r"\d{4}_", path.name))
    return {int(path.name[:4]): path for path in sorted(found)}


def migrate(database: Database, folder: Path = SQL) -> list[str]:
    """Apply what is missing, each file in a transaction of its own, one process at a time; the names applied.

    Raises SchemaTooNew for a database a newer program has migrated, DatabaseUnreachable when a file fails.
    """
    files = migrations(folder)
    if isinstance(database, SupabaseDatabase):
        return _check_only(database, files)
    applied = []
    with database.connect() as connection:
        if max(files) in _applied(connection, files):
            return []
        for version, path in files.items():
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)
                if version in _applied(connection, files):
                    continue
                try:
                    connection.execute(path.read_bytes())
                except psycopg.Error as error:
                    raise DatabaseUnreachable(
                        f"sql/{path.name} cannot be applied: {str(error).splitlines()[0]}. Nothing of it was kept; "
                        "check that the database's user may create tables."
                    ) from None
            applied.append(path.stem)
    return applied


def status(database: Database, folder: Path = SQL) -> list[dict[str, Any]]:
    """Each migration as {version, name, applied_at}; `applied_at` None where it is missing. Raises SchemaTooNew."""
    files = migrations(folder)
    with database.connect() as connection:
        applied = _applied(connection, files)
    return [
        {"version": version, "name": path.stem, "applied_at": applied.get(version)} for version, path in files.items()
    ]


def _applied(connection: psycopg.Connection, files: dict[int, Path]) -> dict[int, Any]:
    # Not to_regclass: it answers from a cache that may be older than the lock we waited for.
    there = "SELECT FROM pg_class WHERE relname = 'schema_migrations' AND pg_table_is_visible(oid)"
    if connection.execute(there).fetchone() is None:
        return {}
    applied: dict[int, Any] = dict(connection.execute("SELECT version, applied_at FROM schema_migrations").fetchall())
    _refuse_newer(max(applied, default=0), files)
    return applied


def _refuse_newer(version: int, files: dict[int, Path]) -> None:
    if version > max(files):
        raise SchemaTooNew(
            f"The database has schema {version}, this program knows {max(files)}: "
            "it was migrated by a newer timbre_spider. Update timbre_spider, or use another database."
        )


def _check_only(database: SupabaseDatabase, files: dict[int, Path]) -> list[str]:
    """Over REST no schema can be changed, only looked at."""
    version = database.call("timbre_schema_version", {})
    _refuse_newer(version, files)
    if version < max(files):
        raise DatabaseUnreachable(
            f"The Supabase project has schema {version}, {max(files)} is needed. Run the newer files of sql/ in its "
            "SQL editor, in order, or set DATABASE_URL for once and run `timbre db migrate`."
        )
    return []
