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

# The embedded server's databases.
_OWN, _INVENTED = "timbre", "timbre_sandbox"


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
        with _maintained(self.server) as connection:
            if not _has(connection, self._name):
                # Another process may be quicker.
                with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self._name)))


def open_database(config: Config, *, to_fill: bool = False) -> Database:
    """The database `config` names: DATABASE_URL, else Supabase over REST, else the embedded one under DATA_DIR.

    The embedded server has one for invented songs and one for real ones, which never mix. Who has no key, and has
    filled none of his own (`to_fill`), looks at the invented ones, which a run without keys stores.
    Raises ConfigError for a URL that is none, DatabaseUnreachable when nothing answers.
    """
    if config.database_url is not None:
        database = database_at(config.database_url.get_secret_value())
        database.connect().close()
        return database
    if config.supabase_url and config.supabase_service_role_key is not None:
        return SupabaseDatabase(config.supabase_url, config.supabase_service_role_key)
    server = EmbeddedServer(config.data_dir / "postgres")
    own = not config.sandboxed and (to_fill or config.lastfm_api_key is not None or _is_filled(server))
    return EmbeddedDatabase(server, _OWN if own else _INVENTED)


def _is_filled(server: EmbeddedServer) -> bool:
    """Whether songs or albums of one's own are there; an import that failed leaves a database without any."""
    with _maintained(server) as connection:
        if not _has(connection, _OWN):
            return False
    with _opened(server, _OWN) as connection:
        return any(
            connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,)
            and connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone()
            for table in ("songs", "aoty_albums")
        )


def _maintained(server: EmbeddedServer) -> psycopg.Connection:
    """To the database that every server has."""
    return _opened(server, "postgres")


def _opened(server: EmbeddedServer, name: str) -> psycopg.Connection:
    place = make_conninfo(host=str(server.socket_folder), user=SUPERUSER, dbname=name)
    return Database(place, f"embedded Postgres in {server.folder}, database {name}").connect()


def _has(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


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
