"""Supabase over HTTP: the same SQL functions, called through PostgREST (POST /rest/v1/rpc/<function>).

Source: https://supabase.com/docs/guides/api and PostgREST's documentation on functions and errors.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import psycopg
import requests
from pydantic import SecretStr

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.clean import clean_json
from timbre_spider.storage.copy_text import plain
from timbre_spider.storage.database import Database
from timbre_spider.storage.failure import FailureKind, RestFailure
from timbre_spider.storage.link import Link
from timbre_spider.storage.pending_write import PendingWrite

# Supabase ends a statement of the API after 8 s; connecting and waiting take some more.
TIMEOUT = (10, 30)
_SLOW = {"57014", "55P03"}
_POISON = ("22", "23", "54")


class SupabaseDatabase(Database):
    """A Supabase project known by its address and service key only. No SQL of one's own: `connect` is refused."""

    def __init__(self, url: str, key: SecretStr) -> None:
        self._address = url.rstrip("/")
        self._key = key
        self.description = f"{self._address} (Supabase over REST)"

    def connect(self) -> psycopg.Connection:
        """Raises DatabaseUnreachable: this needs DATABASE_URL."""
        self._refuse()

    async def connect_async(self) -> psycopg.AsyncConnection:
        """Raises DatabaseUnreachable: this needs DATABASE_URL."""
        self._refuse()

    def conninfo_for_psql(self) -> tuple[str, dict[str, str]]:
        """Raises DatabaseUnreachable: this needs DATABASE_URL."""
        self._refuse()

    def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        """What the SQL function answers. Raises DatabaseUnreachable."""
        try:
            with requests.Session() as session:
                return _post(session, self._address, self._key, function, arguments)
        except RestFailure as error:
            raise DatabaseUnreachable(
                f"{error} Check SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY, and that sql/ was applied."
            ) from None

    def link(self) -> Link:
        return RestLink(self._address, self._key)

    def _refuse(self) -> NoReturn:
        raise DatabaseUnreachable(
            "This needs Postgres itself, and only Supabase's REST side is configured. "
            "Set DATABASE_URL (Supabase: Connect, session pooler)."
        )


class RestLink:
    """The REST side as a link; a task at a time, over one kept-alive connection."""

    def __init__(self, address: str, key: SecretStr) -> None:
        self._address = address
        self._key = key
        self._session = requests.Session()
        self._turn = asyncio.Lock()

    async def call(self, function: str, arguments: Mapping[str, Any]) -> Any:
        async with self._turn:
            return await asyncio.to_thread(_post, self._session, self._address, self._key, function, arguments)

    async def load(self, writes: Sequence[PendingWrite]) -> dict[str, Any]:
        batch: dict[str, list[dict[str, Any]]] = {}
        for n, write in enumerate(writes):
            for kind, rows in write.tables():
                batch.setdefault(kind, []).extend({"n": n, **plain(kind, row)} for row in rows)
        report: dict[str, Any] = await self.call("timbre_load", {"batch": batch})
        return report

    async def close(self) -> None:
        self._session.close()


def _post(session: requests.Session, address: str, key: SecretStr, function: str, arguments: Mapping[str, Any]) -> Any:
    secret = key.get_secret_value()
    try:
        response = session.post(
            f"{address}/rest/v1/rpc/{function}",
            json=clean_json(dict(arguments)),
            headers={"apikey": secret, "Authorization": f"Bearer {secret}"},
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except (requests.RequestException, UnicodeError) as error:
        raise RestFailure(
            f"Supabase at {address} cannot be reached ({type(error).__name__}).", FailureKind.GONE
        ) from None
    is_answer = 200 <= response.status_code < 300
    if is_answer and not response.content:
        return None
    try:
        told = response.json()
    except ValueError:
        told, is_answer = {}, False
    if is_answer:
        return told
    code = str(told.get("code", "")) if isinstance(told, dict) else ""
    said = str(told.get("message", "")) if isinstance(told, dict) else ""
    failure = (
        FailureKind.SLOW if code in _SLOW else FailureKind.POISON if code.startswith(_POISON) else FailureKind.GONE
    )
    message = f"Supabase at {address} answers {response.status_code} {code} {said}".replace(secret, "***").strip()
    raise RestFailure(f"{message}.", failure, said.replace(secret, "***"))
