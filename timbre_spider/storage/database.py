"""A Postgres database, reached by its connection string."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.kept import KeptConnections
from timbre_spider.storage.link import Link, PostgresLink, function_call

CONNECT_SECONDS = 10


class Database:
    """A Postgres database. `description` says where it is and how to open it, without its password.

    Connections commit by themselves; wrap what belongs together in `connection.transaction()`. They prepare no
    statements and keep no session state, so a transaction pooler may stand between.
    """

    _kept: KeptConnections | None = None

    def __init__(self, conninfo: str, description: str) -> None:
        self._conninfo = make_conninfo(conninfo, connect_timeout=CONNECT_SECONDS, application_name="timbre_spider")
        self.description = description

    def keep_connections(self) -> None:
        """From now on `connect` gives a connection again that was left in good order, until `hang_up`."""
        self._kept = self._kept or KeptConnections(self._unreachable)

    def hang_up(self) -> None:
        """Cancel what is under way on kept connections, and close them."""
        if self._kept is not None:
            self._kept.close()

    def connect(self) -> psycopg.Connection:
        """A connection for commands. Raises DatabaseUnreachable."""
        try:
            if self._kept is not None:
                return self._kept.take() or self._kept.made(self._conninfo, autocommit=True, prepare_threshold=None)
            return psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise self._unreachable(error) from None

    async def connect_async(self) -> psycopg.AsyncConnection:
        """A connection for the crawl. Raises DatabaseUnreachable."""
        try:
            return await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise self._unreachable(error) from None

    def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        """What one of sql/'s functions answers, as JSON. Raises DatabaseUnreachable."""
        with self.connect() as connection:
            try:
                row = connection.execute(*function_call(function, arguments)).fetchone()
            except psycopg.OperationalError as error:
                raise self._unreachable(error) from None
            except psycopg.Error as error:
                raise DatabaseUnreachable(
                    f"The database {self.description} refuses {function}: {error.diag.message_primary or error}. "
                    "Is its schema up to date? `timbre db status` tells, `timbre db migrate` brings it there."
                ) from None
        return row[0] if row else None

    def link(self) -> Link:
        """What the writer, recall and runs speak through; connects when first used, and again after a failure."""
        return PostgresLink(self.connect_async)

    def conninfo_for_psql(self) -> tuple[str, dict[str, str]]:
        """How psql reaches the database: its connection string without passwords, and these by their names."""
        parts = {name: str(value) for name, value in conninfo_to_dict(self._conninfo).items() if value is not None}
        secret = {name: value for name, value in parts.items() if name in ("password", "sslpassword")}
        return make_conninfo("", **{name: value for name, value in parts.items() if name not in secret}), secret

    def close(self) -> None:
        """Let go of the database."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _unreachable(self, error: Exception) -> DatabaseUnreachable:
        said = " ".join(str(error).split())
        password = conninfo_to_dict(self._conninfo).get("password")
        if password:
            said = said.replace(str(password), "***")
        return DatabaseUnreachable(
            f"The database {self.description} cannot be reached: {said}. Check DATABASE_URL and that the server runs."
        )
