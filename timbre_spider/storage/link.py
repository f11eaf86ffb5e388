"""One way to speak to the database, whether by Postgres's protocol or over HTTP: call a function, load a batch."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, LiteralString, Protocol

import psycopg
from psycopg import sql

from timbre_spider.storage.clean import clean_json
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.staging import COLUMNS


class Link(Protocol):
    """A line to the database for one task at a time; others wait. Errors are those of `storage.failure`."""

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        """What the SQL function answers, as JSON. Arguments go by name and as JSON."""

    async def load(self, writes: Sequence[PendingWrite]) -> dict[str, Any]:
        """Merge `writes` in one transaction; what `timbre_load` (sql/0003_merge.sql) answers."""

    async def close(self) -> None:
        """Hang up."""


class PostgresLink:
    """Postgres's protocol: COPY into staging tables, then the merge, in one transaction."""

    def __init__(self, connect: Callable[[], Awaitable[psycopg.AsyncConnection]]) -> None:
        self._connect = connect
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        query, values = function_call(function, arguments)
        async with self._turn:
            connection = await self._ready()
            try:
                row = await (await connection.execute(query, values)).fetchone()
            except BaseException:
                await self._drop_if_broken()
                raise
        return row[0] if row else None

    async def load(self, writes: Sequence[PendingWrite]) -> dict[str, Any]:
        texts = _copy_texts(writes)
        kinds = list(texts)
        async with self._turn:
            connection = await self._ready()
            try:
                async with connection.transaction(), connection.cursor() as cursor:
                    await cursor.execute("SELECT timbre_stage(%s::text[])", [kinds])
                    for kind in kinds:
                        async with cursor.copy(_COPY[kind]) as copy:
                            await copy.write(texts[kind])
                    await cursor.execute("SELECT timbre_merge(%s::text[])", [kinds])
                    row = await cursor.fetchone()
            except BaseException:
                await self._drop_if_broken()
                raise
        assert row is not None
        report: dict[str, Any] = row[0]
        return report

    async def close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    async def _ready(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await self._connect()
        return self._connection

    async def _drop_if_broken(self) -> None:
        connection = self._connection
        if connection is not None and connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            self._connection = None
            await connection.close()


def _copy_texts(writes: Sequence[PendingWrite]) -> dict[str, str]:
    """What to copy into each kind of staging table; a row's `n` is its write's place."""
    lines: dict[str, list[str]] = {kind: [] for kind in COLUMNS}
    for n, write in enumerate(writes):
        for kind, written in write.lines.items():
            lines[kind] += [f"{n}\t{line}\n" for line in written]
    return {kind: "".join(each) for kind, each in lines.items() if each}


_COPY = {
    kind: sql.SQL("COPY {} ({}) FROM STDIN")
    .format(sql.Identifier("pg_temp", f"staged_{kind}"), sql.SQL(", ").join(map(sql.Identifier, ("n", *names))))
    .as_bytes()
    for kind, names in COLUMNS.items()
}


def function_call(function: str, arguments: Mapping[str, Any]) -> tuple[bytes, list[Any]]:
    """The query that calls `function`, and its values."""
    plain = clean_json(dict(arguments))
    values = [json.dumps(value) if isinstance(value, dict) else value for value in plain.values()]
    return _query(function, tuple((name, _type(value)) for name, value in arguments.items())), values


@lru_cache(maxsize=64)
def _query(function: str, types: tuple[tuple[str, LiteralString], ...]) -> bytes:
    named = sql.SQL(", ").join(
        sql.SQL("{} => %s::{}").format(sql.Identifier(name), sql.SQL(type_)) for name, type_ in types
    )
    return sql.SQL("SELECT {}({})").format(sql.Identifier(function), named).as_bytes()


def _type(value: Any) -> LiteralString:
    """The SQL type an argument goes as; arrays are of text throughout."""
    if isinstance(value, dict):
        return "jsonb"
    if isinstance(value, list | tuple):
        return "text[]"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    return "text"
