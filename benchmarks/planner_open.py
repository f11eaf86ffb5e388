"""What open sources know of the benchmark's songs: the product's stage asks the sandbox without a network between."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Response

from timbre_sandbox.deezer import Deezer
from timbre_sandbox.exact import Exact
from timbre_sandbox.exchange import Request
from timbre_sandbox.listenbrainz import ListenBrainz
from timbre_sandbox.metabrainz import MetaBrainz
from timbre_sandbox.musicbrainz import MusicBrainz
from timbre_sandbox.options import CONTACT, LISTENBRAINZ_TOKEN
from timbre_sandbox.weather import Weather
from timbre_sandbox.world.model import World
from timbre_spider.extensions.beforehand import Beforehand, Learn, Links
from timbre_spider.items import ChartRow, Discography, Song

# MusicBrainz bears half as many requests a minute as Spotify. Turns of the loop stand for time.
TURNS_A_CALL, _CALLS_AN_ARTIST = 10, 2


class OpenSources:
    """ListenBrainz' lists and MusicBrainz' links, asked once for all; `asked` counts the requests."""

    def __init__(self, world: World, weather: Weather) -> None:
        known = MetaBrainz(world)
        self.asked = Counter[str]()
        self._services: dict[str, Any] = {
            "listenbrainz": ListenBrainz(world, known, weather, {}),
            "musicbrainz": MusicBrainz(world, known, weather),
            "deezer": Deezer(world, Exact(world), weather),
        }

    async def fetch(self, service: str, url: str, **fields: Any) -> Response:
        """The service's answer, as the downloader brings it."""
        self.asked[service] += 1
        parts = urlsplit(url)
        token, agent = f"Token {LISTENBRAINZ_TOKEN}", f"bench ( {CONTACT} )"
        headers = {b"authorization": token.encode(), b"user-agent": agent.encode()}
        request = Request(fields["method"], parts.path, parts.query.encode(), headers, fields.get("body") or b"")
        reply = self._services[service].answer(request)
        return Response(url, reply.status, body=reply.body)

    async def know(self, learn: Learn, folded: list[list[ChartRow]], made: Callable[[], int]) -> "Known":
        """What is learned of all songs by fetching here; `made`: how many calls Spotify was asked."""
        return Known({song.name_id: song async for song in learn(folded)}, made)


class Known:
    """Songs with what open sources know of them, by their names."""

    def __init__(self, songs: dict[str, Song], made: Callable[[], int]) -> None:
        self._songs = songs
        self._linked: Links | None = None
        self._made = made
        self._due = 0

    def give_to(self, beforehand: Beforehand) -> None:
        """Lets songs that wait be learned of from here."""
        self._linked = beforehand.links_by
        beforehand.learn_by, beforehand.links_by = self._learn, self._albums

    async def _learn(self, songs: list[list[ChartRow]]) -> AsyncIterator[Song]:
        for rows in songs:
            if known := self._songs.get(rows[0].name_id):
                yield known

    async def _albums(self, artist: str) -> Discography | None:
        self._due = max(self._due, self._made()) + _CALLS_AN_ARTIST
        assert self._linked is not None, "the stage told who knows links"
        albums = await self._linked(artist)
        for _ in range(2 * _CALLS_AN_ARTIST * TURNS_A_CALL):
            if self._made() >= self._due:
                break
            await asyncio.sleep(0)
        return albums


def context_of(base: Any) -> Any:
    """The context of the stage `open`, without a network."""
    hosts = {"listenbrainz": "listenbrainz", "deezer": "deezer", "musicbrainz": "musicbrainz/ws/2"}
    urls = {f"{name}_base_url": f"http://{host}" for name, host in hosts.items()}
    config = SimpleNamespace(listenbrainz_token=True, **urls)
    return SimpleNamespace(**vars(base), config=config)
