"""Connections that are used again, for who asks little and often: connecting takes longer than most questions."""

from collections import deque
from contextlib import suppress
from types import TracebackType
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow


class KeptConnection(psycopg.Connection[TupleRow]):
    """A connection that waits for its next use when it is left in good order."""

    kept: "KeptConnections | None" = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        idle = not self.closed and self.info.transaction_status == TransactionStatus.IDLE
        if kind is None and idle and self.kept is not None and self.kept.keep(self):
            return
        super().__exit__(kind, error, trace)


class KeptConnections:
    """At most `most` of them wait; threads may share it."""

    def __init__(self, most: int = 4) -> None:
        self._most = most
        self._waiting: deque[KeptConnection] = deque()

    def take(self) -> KeptConnection | None:
        """One that still answers; None where none waits."""
        while True:
            try:
                connection = self._waiting.pop()
            except IndexError:
                return None
            with suppress(psycopg.Error):
                connection.execute("SELECT 1")
                return connection
            connection.close()

    def made(self, conninfo: str, **options: Any) -> KeptConnection:
        """A new one. Raises psycopg.Error."""
        connection = KeptConnection.connect(conninfo, **options)
        connection.kept = self
        return connection

    def keep(self, connection: KeptConnection) -> bool:
        """Whether it waits from now on."""
        if len(self._waiting) >= self._most:
            return False
        self._waiting.append(connection)
        return True

    def close(self) -> None:
        """Hang up."""
        while self._waiting:
            self._waiting.pop().close()
