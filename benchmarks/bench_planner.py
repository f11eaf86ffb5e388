"""How far Spotify's scarce calls go, in the planner's hands and the plain way (a search a song, its first hit).

python benchmarks/bench_planner.py [--rows 30000] [--songs 10000] [--seed 1] [--quota 300] [--only NAME]

The asker, the matcher and the readers are the product's; the sandbox's services answer without a network between. Of
the open sources all are asked about songs in work, ListenBrainz' lists and MusicBrainz' links about those that wait.
"""

import argparse
import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from planner_kinds import Tally, Watched
from planner_open import TURNS_A_CALL, OpenSources, context_of
from planner_oracle import Oracle
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from timbre_sandbox.exact import Exact
from timbre_sandbox.exchange import Request
from timbre_sandbox.faults import LIMITS
from timbre_sandbox.spotify import _TOKEN, Spotify
from timbre_sandbox.truth import truth
from timbre_sandbox.weather import Kind, Weather
from timbre_sandbox.world import build_world
from timbre_spider.errors import Parked, SourceError
from timbre_spider.extensions.beforehand import Beforehand
from timbre_spider.items import Answer, ChartRow, Outcome, Song
from timbre_spider.matching.folding.fold import fold_chart
from timbre_spider.matching.identify import name_id
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE
from timbre_spider.pipelines.open import Open
from timbre_spider.pipelines.spotify.artists import wait_for
from timbre_spider.pipelines.spotify.asker import Asker
from timbre_spider.pipelines.spotify.match import want_of
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.spotify.client import SpotifyClient
from timbre_spider.spiders.batches import Artists, in_batches

# As a run has them: batches of 50 songs, 17 of them in work.
BATCH, BATCHES = 50, 17


class Calls:
    """In place of spotipy: the sandbox's Spotify, called."""

    def __init__(self, service: Spotify) -> None:
        self._service = service
        self.made = Counter[str]()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **more: self._call(*_address(name, args, more))

    def cached_token(self) -> str:
        return _TOKEN

    def _call(self, bucket: str, path: str, query: dict[str, Any]) -> Any:
        self.made[bucket] += 1
        headers = {b"authorization": f"Bearer {_TOKEN}".encode()}
        reply = self._service.answer(Request("GET", f"/v1/{path}", urlencode(query).encode(), headers))
        if reply.status != 200:
            raise SandboxAnswer(reply)
        return json.loads(reply.body)


class SandboxAnswer(Exception):
    """An answer that is not 200."""

    def __init__(self, reply: Any) -> None:
        self.reply = reply


def _address(name: str, args: tuple[Any, ...], more: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    if name == "search":
        query, limit, offset, market = args
        kinds = "track,album" if more.get("albums") else "track"
        return "search", "search", {"q": query, "limit": limit, "offset": offset, "type": kinds, "market": market}
    if name in ("tracks", "albums"):
        return name, name, {"ids": ",".join(args[0])}
    if name == "album_tracks":
        return "albums/tracks", f"albums/{args[0]}/tracks", {"limit": args[1], "offset": args[2]}
    if name == "artist_albums":
        return (
            "artists/albums",
            f"artists/{args[0]}/albums",
            {"limit": args[1], "offset": args[2], "include_groups": "album,compilation"},
        )
    return f"{name}s", f"{name}s/{args[0]}", {}


class Client(SpotifyClient):
    """The product's client without threads, token and patience."""

    async def _ask(self, bucket: str, call: Callable[[], Any]) -> Any:
        from timbre_spider.errors import Unusable
        from timbre_spider.sources.spotify.failure import CallFailure, Denied

        for _ in range(4):
            # Others have their turns while an answer is on its way.
            for _ in range(TURNS_A_CALL):
                await asyncio.sleep(0)
            try:
                return call()
            except SandboxAnswer as answer:
                if answer.reply.status < 500:
                    raise Denied(CallFailure(answer.reply.status, message=answer.reply.body.decode())) from None
        raise Unusable("down")


class Ledger:
    """So many calls a bucket, and no more."""

    def __init__(self, quota: dict[Bucket, float]) -> None:
        self._left = dict(quota)

    @property
    def is_open(self) -> bool:
        """Whether anything may still be asked."""
        return any(left > 0 for left in self._left.values())

    async def left(self) -> dict[Bucket, Allowance]:
        now = datetime.now(UTC)
        return {each: Allowance(max(left, 0), None, None if left > 0 else now) for each, left in self._left.items()}

    async def take(self, bucket: Bucket, most: int | None) -> bool:
        self._left[bucket] -= 1
        return self._left[bucket] >= 0

    async def lock(self, bucket: Bucket, until: datetime) -> None:
        raise AssertionError("the bench locks nothing")


class Memory:
    """In place of the database."""

    def __init__(self) -> None:
        self.answers_: dict[tuple[str, str], Answer] = {}

    async def record(self, answers: list[Answer]) -> None:
        self.answers_ |= {(answer.source, answer.key): answer for answer in answers}

    async def flush(self, *, songs: bool = True) -> None:
        """All is at hand at once."""

    async def answers(self, questions: Any) -> dict[Any, Answer]:
        return {}

    async def albums_on_spotify(self, artists: Any) -> list[Any]:
        return []

    async def answer(self, source: str, key: str) -> Answer | None:
        return self.answers_.get((source, key))


class World:
    """A world, its chart folded, and what is true of it."""

    def __init__(self, rows: int, songs: int, seed: int, weather: Kind) -> None:
        self._weather = weather
        self.world = build_world(rows, seed)
        self.open = OpenSources(self.world, self.weather())
        told = truth(self.world, self.weather())
        chart = [
            ChartRow(row.artist, row.title, row.plays, row.rank, name_id=name_id(row.artist, row.title))
            for row in self.world.rows
        ]
        self.folded = fold_chart(chart)[:songs]
        self.truth = {(row["artist"], row["title"]): told["songs"].get(row["song"]) for row in told["rows"]}

    def songs(self) -> list[list[Song]]:
        """The batches, each song as it comes out of the open sources."""
        artists = Artists(self.folded)
        batches = in_batches(self.folded, BATCH, artist_of=map(artists.key_of, self.folded))
        return [[self._song(rows, artists) for rows in batch] for batch in batches]

    def _song(self, rows: list[ChartRow], artists: Artists) -> Song:
        first = rows[0]
        count, spelling, _ = artists.told_of(rows)
        song = Song("listener", first.artist, first.title, first.name_id, rows, artist_songs=count)
        song.artist_spelling = spelling
        song.tags = {}
        return song

    def weather(self) -> Weather:
        """What the services are like; quotas are the bench's own."""
        return Weather(self._weather, limits=dict.fromkeys(LIMITS))

    def plays(self) -> int:
        return sum(row.playcount for rows in self.folded for row in rows)


async def planned(
    world: World, mode: str, quota: dict[Bucket, float], tally: Tally
) -> tuple[dict[str, Answer], Counter[str]]:
    """What the asker finds, and the calls it makes."""
    calls = Calls(Spotify(world.world, mode, Exact(world.world), world.weather()))
    gate = Gate("spotify")
    client = Client(calls, gate, mode=mode)
    memory = Memory()
    pool = Watched(client.page_size, client.page_size, together=client.together, tally=tally)
    ledger = Ledger(quota)
    gates = {name: Gate(name) for name in ("spotify", "listenbrainz", "deezer", "musicbrainz")}
    context: Any = SimpleNamespace(
        spotify=client, spotify_calls=ledger, pool=pool, clock=lambda: datetime.now(UTC),
        gates=gates | {"spotify": gate}, writer=memory, reader=memory,
        rules=SimpleNamespace(collapse=DEFAULT_COLLAPSE), beforehand=Beforehand(),
    )  # fmt: skip
    opened = Open(context_of(context), world.open.fetch, MemoryStatsCollector(Crawler(Spider)))
    known = await world.open.know(context.beforehand.learn_by, world.folded, calls.made.total)
    known.give_to(context.beforehand)
    client.mode_is_known = True

    def ended(key: str, outcome: Outcome, **more: Any) -> Answer:
        more.setdefault("values", {})
        return Answer("spotify", key, outcome, datetime.now(UTC), **more)

    stage: Any = SimpleNamespace(ended=ended)
    asker = Asker(context, client, stage)
    told: dict[str, Answer] = {}

    await wait_for(context, world.folded)

    async def one(song: Song) -> None:
        if ledger.is_open:
            song = await opened.process_item(song)
        try:
            told[song.name_id] = await asker.about(want_of(song), None)
        except SourceError as error:
            outcome = Outcome.DEFERRED if isinstance(error, Parked) else Outcome.FAILED
            told[song.name_id] = ended(song.name_id, outcome)

    room = asyncio.Semaphore(BATCHES)

    async def batch(songs: list[Song]) -> None:
        async with room:
            await asyncio.gather(*map(one, songs))

    await asyncio.gather(*map(batch, world.songs()))
    for (source, key), answer in memory.answers_.items():
        if source == "spotify" and not key.startswith("artist:"):
            told.setdefault(key, answer)
    print(f"    open sources: {dict(world.open.asked)} requests so far")
    return told, calls.made


def shares(world: World, told: dict[str, Answer]) -> str:
    """Plays with an id, songs with one, how many of the ids are right."""
    plays = right = wrong = 0
    for rows in world.folded:
        answer = told.get(rows[0].name_id)
        if answer is None or answer.outcome is not Outcome.FOUND:
            continue
        known = world.truth.get((rows[0].artist, rows[0].title))
        plays += sum(row.playcount for row in rows)
        good = bool(known) and answer.values["spotify_id"] in known["spotify_ids"]
        right, wrong = right + good, wrong + (not good)
    there = sum(
        bool((known := world.truth.get((rows[0].artist, rows[0].title))) and known["spotify_ids"])
        for rows in world.folded
    )
    found = right + wrong
    missed = sum(
        told[rows[0].name_id].outcome is Outcome.ABSENT
        and bool((known := world.truth.get((rows[0].artist, rows[0].title))) and known["spotify_ids"])
        for rows in world.folded
        if rows[0].name_id in told
    )
    return (
        f"{plays / world.plays():.1%} of plays, {found:,} of {len(world.folded):,} songs ({there:,} are there), "
        f"right {right / max(found, 1):.2%}, {missed:,} taken for absent wrongly"
    )


def plain_way(world: World, mode: str, quota: float) -> tuple[dict[str, Answer], int]:
    """A search a song, most played first, its first hit: what a first program does."""
    calls = Calls(Spotify(world.world, mode, Exact(world.world), world.weather()))
    told: dict[str, Answer] = {}
    made = 0
    for rows in world.folded:
        if made >= quota:
            break
        made += 1
        query = f'track:"{rows[0].title}" artist:"{rows[0].artist}"'
        try:
            answer = calls.search(query, 10, 0, "US", albums=False)
        except SandboxAnswer:
            continue
        items = [item for item in answer["tracks"]["items"] if item]
        if items:
            key = rows[0].name_id
            told[key] = Answer("spotify", key, Outcome.FOUND, datetime.now(UTC), None, {"spotify_id": items[0]["id"]})
    return told, made


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=30_000)
    options.add_argument("--songs", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--quota", type=int, default=300)
    options.add_argument("--weather", default="real")
    options.add_argument("--only", default="")
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    world = World(asked.rows, asked.songs, asked.seed, asked.weather)
    endless = float("inf")
    nothing: dict[Bucket, float] = dict.fromkeys(Bucket, 0)
    ways: dict[str, tuple[str, dict[Bucket, float]]] = {
        "search alone": ("development", nothing | {Bucket.SEARCH: asked.quota}),
        "all kinds": ("development", dict.fromkeys(Bucket, asked.quota)),
        "development": ("development", dict.fromkeys(Bucket, endless)),
        "extended": ("extended", dict.fromkeys(Bucket, endless)),
    }
    oracle = Oracle(world.world, world.folded)
    for name, (mode, quota) in ways.items():
        if asked.only and asked.only != name:
            continue
        started = time.process_time()
        tally = Tally()
        told, made = asyncio.run(planned(world, mode, quota, tally))
        total = sum(made.values())
        print(f"{name} ({mode}, {quota[Bucket.SEARCH]:g} searches): {shares(world, told)}")
        print(f"    {total:,} calls, {total / len(world.folded):.3f} a song: {dict(made)}")
        if quota[Bucket.SEARCH] < endless:
            by_id = int(quota[Bucket.ALBUMS] + quota[Bucket.ALBUM_TRACKS])
            best = Tally()
            reach = oracle.reach(int(quota[Bucket.SEARCH]), by_id, best)
            print(f"    who knew all answers and ids: {reach:.1%} of plays")
            print(best.table(world.plays()))
            reach = oracle.reach(int(quota[Bucket.SEARCH]), by_id, Tally(), knows_order=False)
            print(f"    who knew all but the order of the answers: {reach:.1%} of plays")
        outcomes = dict(Counter(str(each.outcome) for each in told.values()))
        print(f"    {outcomes}, {time.process_time() - started:.0f} s of CPU")
        print(tally.table(world.plays()))
    if not asked.only:
        for name, quota_of in (("plain way", float(asked.quota)), ("plain way", endless)):
            told, calls_made = plain_way(world, "development", quota_of)
            print(f"{name} ({calls_made:,} searches): {shares(world, told)}")


if __name__ == "__main__":
    main()
