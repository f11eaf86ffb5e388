"""Ways to a database: a URL, an embedded server, or Supabase's REST side."""

import asyncio
import re
from contextlib import suppress
from urllib.parse import unquote
from weakref import finalize

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, DatabaseUnreachable
from timbre_spider.storage.database import Database
from timbre_spider.storage.embedded import SUPERUSER, EmbeddedServer
from timbre_spider.storage.supabase import SupabaseDatabase


class EmbeddedDatabase(Database):
    """A database of the embedded server, which is started for it and, after a crash, started again."""

    def __init__(self, server: EmbeddedServer, name: str) -> None:
        self.server = server
        place = make_conninfo(host=str(server.socket_folder), user=SUPERUSER, dbname=name)
        super().__init__(place, f"embedded Postgres in {server.folder}, database {name}")
        self._name = name
        # Runs at exit too, so that a command that forgets to close leaves no server behind.
        self._closing = finalize(self, server.close)
        self._create()

    def connect(self) -> psycopg.Connection:
        try:
            return super().connect()
        except DatabaseUnreachable:
            self.server.ensure_running()
            return super().connect()

    async def connect_async(self) -> psycopg.AsyncConnection:
        try:
            return await super().connect_async()
        except DatabaseUnreachable:
            await asyncio.to_thread(self.server.ensure_running)
            return await super().connect_async()

    def close(self) -> None:
        self._closing()

    def _create(self) -> None:
        maintenance = make_conninfo(self._conninfo, dbname="postgres")
        try:
            opened = psycopg.connect(maintenance, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise self._unreachable(error) from None
        with opened as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [self._name]).fetchone()
            if known is None:
                # Another process may be quicker.
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._name)))


def open_database(config: Config) -> Database:
    """The database `config` names: DATABASE_URL, else Supabase over REST, else the embedded one under DATA_DIR.

    `config.sandboxed` picks the embedded server's database, so that made-up songs never mix
    with real ones. Raises ConfigError for a URL that is none, DatabaseUnreachable when nothing answers.
    """
    if config.database_url is not None:
        database = database_at(config.database_url.get_secret_value())
        database.connect().close()
        return database
    if config.supabase_url and config.supabase_service_role_key is not None:
        return SupabaseDatabase(config.supabase_url, config.supabase_service_role_key)
    server = EmbeddedServer(config.data_dir / "postgres")
    return EmbeddedDatabase(server, "timbre_sandbox" if config.sandboxed else "timbre")


def database_at(url: str) -> Database:
    """The database at `url`, not yet connected to. Raises ConfigError, which never quotes the URL."""
    try:
        parts = conninfo_to_dict(url) if re.match(r"postgres(ql)?://", url) else {}
    except psycopg.ProgrammingError:
        parts = {}
    host, port = str(parts.get("host") or "localhost"), str(parts.get("port") or 5432)
    if not parts or "@" in host or not port.isdecimal():
        raise ConfigError(
            "DATABASE_URL is not a Postgres address. Write postgresql://USER:PASSWORD@HOST:5432/DATABASE, "
            "with @ : / ? # % in the password percent-encoded (@ is %40)."
        )
    user, name = parts.get("user", ""), parts.get("dbname", "")
    description = f"postgresql://{user}@{unquote(host)}:{port}/{name}"
    return Database(url, description)
