"""Connections that are used again, for who asks little and often: connecting takes longer than most questions."""

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from timbre_spider.errors import DatabaseUnreachable

# How long who has a connection may take to leave it, once what they asked was cancelled.
_LEAVING_SECONDS = 5.0


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
        if isinstance(error, psycopg.OperationalError) and self.kept is not None:
            raise self.kept.unreachable(error) from None

    def close(self) -> None:
        if self.kept is not None:
            self.kept.lent.discard(self)
        super().close()


class KeptConnections:
    """At most `most` of them wait; threads may share it. `unreachable` makes the error for a server that was away or
    told to stop while it was asked; `lent` are those in use."""

    def __init__(self, unreachable: Callable[[Exception], DatabaseUnreachable], most: int = 4) -> None:
        self.unreachable = unreachable
        self._most = most
        self._waiting: deque[KeptConnection] = deque()
        self.lent: set[KeptConnection] = set()

    def take(self) -> KeptConnection | None:
        """One that still answers; None where none waits."""
        while True:
            try:
                connection = self._waiting.pop()
            except IndexError:
                return None
            with suppress(psycopg.Error):
                connection.execute("SELECT 1")
                self.lent.add(connection)
                return connection
            connection.close()

    def made(self, conninfo: str, **options: Any) -> KeptConnection:
        """A new one. Raises psycopg.Error."""
        connection = KeptConnection.connect(conninfo, **options)
        connection.kept = self
        self.lent.add(connection)
        return connection

    def keep(self, connection: KeptConnection) -> bool:
        """Whether it waits from now on."""
        if len(self._waiting) >= self._most:
            return False
        self.lent.discard(connection)
        self._waiting.append(connection)
        return True

    def close(self) -> None:
        """Cancel what is under way, until everybody has left, and hang up."""
        patience = time.monotonic() + _LEAVING_SECONDS
        while (lent := list(self.lent)) and time.monotonic() < patience:
            for connection in lent:
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=1)
            time.sleep(0.01)  # somebody may only be about to ask
        while self._waiting:
            self._waiting.pop().close()
