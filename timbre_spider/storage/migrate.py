"""Bring a database to the schema of this program: the numbered files in sql/, in order, each once and again when its
text has changed (each may be run again without harm)."""

import hashlib
import logging
import re
from pathlib import Path
from typing import Any

import psycopg

from timbre_spider.errors import DatabaseUnreachable, SchemaTooNew
from timbre_spider.storage.database import Database
from timbre_spider.storage.supabase import SupabaseDatabase

SQL = Path(__file__).parents[1] / "sql"
_LOCK = (7306081, 2)
# From so many songs on some files take longer than somebody who was told nothing waits.
_MANY_SONGS = 100_000

logger = logging.getLogger(__name__)


def migrations(folder: Path = SQL) -> dict[int, Path]:
    """The files by their number, in order."""
    found = (path for path in folder.glob("*.sql") if re.match(r"\d{4}_", path.name))
    return {int(path.name[:4]): path for path in sorted(found)}


def migrate(database: Database, folder: Path = SQL) -> list[str]:
    """Apply the first file whose text the database lacks and all after it, each in a transaction of its own, one
    process at a time; the names applied.

    Raises SchemaTooNew for a database a newer program has migrated, DatabaseUnreachable when a file fails.
    """
    files = migrations(folder)
    if isinstance(database, SupabaseDatabase):
        return _check_only(database, files)
    applied = []
    with database.connect() as connection:
        lacking = _lacking(_recorded(connection), files)
        if not lacking:
            return []
        if (songs := _songs(connection)) >= _MANY_SONGS:
            first = next(iter(lacking.values()))
            logger.warning("The database of some %d songs is brought up to date from %s on; wait.", songs, first.name)
        for version, path in files.items():
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)
                if version not in _lacking(_recorded(connection), files):
                    continue
                try:
                    connection.execute(_statements(version, path).encode())
                except psycopg.errors.DependentObjectsStillExist as error:
                    stands = (error.diag.message_detail or str(error)).replace("\n", "; ")
                    raise DatabaseUnreachable(
                        f"sql/{path.name} cannot be applied: something of yours stands on what it makes anew "
                        f"({stands}). Nothing of it was kept; drop that, run `timbre db migrate`, and make it again."
                    ) from None
                except psycopg.Error as error:
                    raise DatabaseUnreachable(
                        f"sql/{path.name} cannot be applied: {str(error).splitlines()[0]}. Nothing of it was kept; "
                        "check that the database's user may create tables."
                    ) from None
            applied.append(path.stem)
    return applied


def script(folder: Path = SQL) -> str:
    """All files as one SQL script that also records them, for a place where only a person can run SQL."""
    return "\n".join(_statements(version, path) for version, path in migrations(folder).items())


def status(database: Database, folder: Path = SQL) -> list[dict[str, Any]]:
    """Each migration as {version, name, applied_at}; `applied_at` None where it is missing or its text has changed.
    Raises SchemaTooNew."""
    files = migrations(folder)
    with database.connect() as connection:
        lacking = _lacking(_recorded(connection), files)
        times: dict[int, Any] = {}
        if len(lacking) < len(files):
            times = dict(connection.execute("SELECT version, applied_at FROM schema_migrations").fetchall())
    return [
        {"version": version, "name": path.stem, "applied_at": None if version in lacking else times[version]}
        for version, path in files.items()
    ]


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _statements(version: int, path: Path) -> str:
    # Whatever comes after the file was made for its text of before.
    return (
        f"{path.read_text(encoding='utf-8')}\nUPDATE schema_migrations SET checksum = NULL WHERE version > {version};\n"
        f"UPDATE schema_migrations SET checksum = '{_checksum(path)}', applied_at = now() WHERE version = {version};\n"
    )


def _recorded(connection: psycopg.Connection) -> dict[int, str | None]:
    """The checksum of each file the database has had."""
    # Not to_regclass: it answers from a cache that may be older than the lock we waited for.
    columns = connection.execute(
        "SELECT attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relname = 'schema_migrations' AND pg_table_is_visible(c.oid)"
    ).fetchall()
    if not columns:
        return {}
    checksum = "checksum" if ("checksum",) in columns else "NULL"
    return dict(connection.execute(f"SELECT version, {checksum} FROM schema_migrations").fetchall())  # noqa: S608


def _songs(connection: psycopg.Connection) -> int:
    """About how many songs are stored, as the database reckons."""
    row = connection.execute(
        "SELECT reltuples FROM pg_class WHERE relname = 'songs' AND pg_table_is_visible(oid)"
    ).fetchone()
    return int(row[0]) if row else 0


def _lacking(recorded: dict[int, str | None], files: dict[int, Path]) -> dict[int, Path]:
    """The files to apply. Raises SchemaTooNew."""
    newest = max(recorded, default=0)
    if newest > max(files):
        raise SchemaTooNew(
            f"The database has schema {newest}, this program knows {max(files)}: "
            "it was migrated by a newer timbre_spider. Update timbre_spider, or use another database."
        )
    return {version: path for version, path in files.items() if recorded.get(version) != _checksum(path)}


def _check_only(database: SupabaseDatabase, files: dict[int, Path]) -> list[str]:
    """Over REST no schema can be changed, only looked at."""
    told = database.call("timbre_schema_version", {})
    older = not isinstance(told, dict)
    lacking = _lacking({told: None} if older else {int(version): each for version, each in told.items()}, files)
    if lacking:
        names = ", ".join(f"sql/{path.name}" for path in lacking.values())
        raise DatabaseUnreachable(
            f"The Supabase project lacks {names} as this program has them. Run what `timbre db migrate --print` "
            "prints in its SQL editor, or set DATABASE_URL for once and run `timbre db migrate`."
        )
    return []
