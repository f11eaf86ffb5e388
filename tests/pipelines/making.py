"""What stages stand on in their tests: a context over a real database, stats, and a fetch that speaks real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse, Response
from scrapy.statscollectors import MemoryStatsCollector

from timbre_spider.config import load_config
from timbre_spider.errors import NoAnswer
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, ChartRow, Song, SpotifyTrack
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.asking import ask
from timbre_spider.sources.gate import utc_now
from timbre_spider.storage.database import Database

Result = TypeVar("Result")


def context_of(database: Database, folder: Path, **settings: Any) -> Context:
    """The context of a crawl over `database`; settings by their names in `Config`."""
    keys = {"lastfm_api_key": "k" * 32, "spotify_client_id": "id", "spotify_client_secret": "secret"}
    given = {**keys, "data_dir": folder, "db_retry_attempts": 0, **settings}
    clock = given.pop("clock", utc_now)
    return Context(load_config(_env_file=None, **given), database, clock)


@asynccontextmanager
async def opened(context: Context) -> AsyncIterator[None]:
    """The context's lines to the outside, as long as its crawl."""
    await context.open_lines()
    try:
        yield
    finally:
        await context.close_lines()


def stats() -> MemoryStatsCollector:
    """Counts, as Scrapy's own."""
    return MemoryStatsCollector(Crawler(Spider))


def fetch_of(context: Context) -> Fetch:
    """Fetching by plain HTTP, through the gates as in a crawl."""

    async def fetch(
        service: str, url: str, *, obey_robots: bool = False, held: bool = False, **fields: Any
    ) -> Response:
        method, headers, body = (fields.pop(name, None) for name in ("method", "headers", "body"))
        assert not fields

        async def send() -> Response:
            try:
                answer = await asyncio.to_thread(
                    requests.request, method or "GET", url, headers=headers, data=body, timeout=20
                )
            except requests.RequestException as error:
                raise NoAnswer(type(error).__name__) from None
            return HtmlResponse(url, answer.status_code, headers=dict(answer.headers), body=answer.content)

        gate = context.gates[service]
        async with nullcontext() if held else gate.hold():
            return await ask(gate, send)

    return fetch


@dataclass
class Bench:
    """Where a stage is tried: `run` makes it anew, as a run of its own does."""

    database: Database
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    stats: MemoryStatsCollector = field(default_factory=stats)
    waits: list[tuple[str, float]] = field(default_factory=list)

    def use(self, work: Callable[[Context], Awaitable[Result]], **settings: Any) -> Result:
        """`work` with an open context."""

        async def inside() -> Result:
            context = context_of(self.database, self.folder, **{**self.settings, **settings})
            async with opened(context):
                return await work(context)

        return asyncio.run(inside())

    def run(
        self,
        stage: type[Stage],
        *songs: Song,
        before: Callable[[Context], None] = lambda context: None,
        after: Callable[[Context, Any], None] = lambda context, stage: None,
        **settings: Any,
    ) -> list[Song]:
        """The songs as they leave the stage, all of them in it at once."""
        self.stats = stats()

        async def work(context: Context) -> list[Song]:
            before(context)
            made = stage(context, fetch_of(context), self.stats)
            done = await asyncio.gather(*map(made.process_item, songs))
            after(context, made)
            return done

        return self.use(work, **settings)

    def record(self, *answers: Answer) -> None:
        """Answers of earlier runs."""

        async def work(context: Context) -> None:
            await context.writer.record(answers)

        self.use(work)

    def answers(self) -> dict[tuple[str, str], dict[str, Any]]:
        """What the ledger holds, by source and key."""
        with self.database.connect() as connection:
            rows = connection.execute(
                'SELECT source, key, outcome, next_check, "values", misses, reason, asked_at, score, tier FROM answers'
            ).fetchall()
        names = ("outcome", "next_check", "values", "misses", "reason", "asked_at", "score", "tier")
        return {(source, key): dict(zip(names, rest, strict=True)) for source, key, *rest in rows}

    def make_due(self) -> None:
        """As if all had been asked long ago."""
        with self.database.connect() as connection:
            connection.execute("UPDATE answers SET asked_at = asked_at - interval '99 days', next_check = asked_at")


async def dropped_or(done: Awaitable[Song]) -> str:
    """Why a stage dropped a song; "" when it did not."""
    try:
        await done
    except DropItem as reason:
        return str(reason)
    return ""


def song(
    artist: str = "Ann", title: str = "Lantern", plays: int = 5, also: Sequence[tuple[str, str]] = (), **parts: Any
) -> Song:
    """A song of `ann`'s as the spider yields it; `also` are further spellings folded into it."""
    names = [(artist, title), *also]
    rows = [
        ChartRow(one, other, plays, rank, name_id=name_id(one, other)) for rank, (one, other) in enumerate(names, 1)
    ]
    given = {"artist_spelling": artist, **parts}
    return Song("ann", artist, title, name_id(artist, title), rows, **given)


def track(number: int = 1, title: str = "Lantern", artist: str = "Ann", **values: Any) -> SpotifyTrack:
    known: dict[str, Any] = {"isrc": f"USABC{number:07}", "duration_ms": 200_000, "album_name": "Harbour", **values}
    return SpotifyTrack(f"{number:022}", title, (artist,), **known)
