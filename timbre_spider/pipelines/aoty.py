"""Stage 500: the album's scores, counts, genres and tags from Album of the Year."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse
from scrapy.statscollectors import StatsCollector

from timbre_spider.errors import Unusable
from timbre_spider.extensions.context import Context
from timbre_spider.extensions.fetch import Fetch
from timbre_spider.items import Answer, AotyAlbum, Outcome, SeenOn, Song
from timbre_spider.matching.albums import album_key
from timbre_spider.matching.choose import choose
from timbre_spider.matching.reading import read_name
from timbre_spider.matching.record import Record
from timbre_spider.matching.sightings import sightings
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.aoty import read_album, read_search, search_url

YOUNG_ALBUM = timedelta(days=90)
# What a song has of its album.
_IN_ANSWERS = (
    "url", "artist", "title", "user_score", "rating_count", "critic_score", "critic_count", "release_date", "genres",
    "tags", "spotify_album_id",
)  # fmt: skip
# Spotify's other types of albums: an original album says more of a song.
_NO_ALBUMS = ("single", "compilation")


class Aoty(Stage):
    """One answer an album, for all its songs."""

    source = "aoty"
    stale_after = timedelta(days=7)

    def __init__(self, context: Context, fetch: Fetch, stats: StatsCollector) -> None:
        super().__init__(context, fetch, stats)
        self._base_url = self._context.config.aoty_base_url
        self._gate = self._context.gates["aoty"]
        self._at_once = self._context.config.scrape_concurrency
        # One question at a time until the first good page: a site that refuses us is to be asked once, not at once.
        self._gate.widen(1)

    async def enrich(self, song: Song) -> Outcome | None:
        right = self._context.rules.overrides.aoty.get(song.name_id)
        if right:
            answer = await self.answer(song, f"url:{right}", partial(self._given, f"url:{right}", right))
            song.aoty = album_from(answer.values) if answer.values else None
            return answer.outcome
        named = album_of(song)
        if named is None:
            return _without_album(song)
        artist, album = named
        key = key_of(artist, album)
        answer = await self.answer(song, key, partial(self._ask, key, artist, album))
        if answer.values:
            song.aoty = album_from(answer.values)
        return answer.outcome

    async def _given(self, key: str, url: str, known: Answer | None) -> Answer:
        async with self._gate.hold():
            return await self._read(key, url)

    async def _ask(self, key: str, artist: str, album: str, known: Answer | None) -> Answer:
        # One place for search and page: what a search found would else wait behind all other searches, unanswered.
        async with self._gate.hold():
            # A page that was gone the last time is looked for by its names.
            if known and known.values and known.outcome is not Outcome.ABSENT:
                answer = await self._read(key, known.values["url"])
                if answer.outcome is Outcome.FOUND:
                    return answer
            return await self._search(key, artist, album)

    async def _search(self, key: str, artist: str, album: str) -> Answer:
        page = await self._page(search_url(self._base_url, artist, album))
        cards = read_search(page)
        self._gate.widen(self._at_once)
        await self._catalogue(cards, SeenOn.CARD, page.url)
        choice = choose(Record(artist, album), [Record(card.artist, card.title) for card in cards])
        if choice is None:
            return self.ended(key, Outcome.ABSENT, reason="no album of the search matched well enough")
        return await self._read(key, cards[choice.index].url)

    async def _read(self, key: str, url: str) -> Answer:
        # Known addresses may be of another host: a mirror, a sandbox on other ports.
        page = await self._page(urljoin(self._base_url, urlsplit(url).path))
        if page.status in (404, 410):
            return self.ended(key, Outcome.ABSENT, reason=f"HTTP {page.status}")
        found = read_album(page)
        self._gate.widen(self._at_once)
        await self._catalogue([found], SeenOn.ALBUM, page.url)
        return self.ended(key, Outcome.FOUND, values=values_of(found), stale_after=freshness_of(found))

    async def _catalogue(self, albums: Sequence[AotyAlbum], seen_on: SeenOn, place: str) -> None:
        """Whatever a page tells of albums is kept, asked for or not."""
        await self._context.writer.catalogue(sightings(albums, seen_on, place, datetime.now(UTC)))

    async def _page(self, url: str) -> TextResponse:
        page = await self._fetch("aoty", url, obey_robots=True, held=True)
        if not isinstance(page, TextResponse):
            raise Unusable("AOTY answered with something that is no page")
        return page


def album_of(song: Song) -> tuple[str, str] | None:
    """Artist and title of the album to ask for, by whoever knows it; editions are asked for as one.

    The album that was heard goes first; an album goes before a compilation or a single, and Spotify's album before that
    of the open sources."""
    track, told = song.spotify, song.open
    first_of_artists = track.artists[0] if track and track.artists else read_name(song.artist, "").artist
    heard = next((listens.album for row in song.rows for listens in row.listens if listens.album), None)
    by_spotify = track.album_name if track else None
    is_album = track is not None and track.album_type not in _NO_ALBUMS
    album = heard or (is_album and by_spotify) or (told and told.album_name) or by_spotify
    if not album:
        return None
    artist = first_of_artists or song.artist
    return artist, read_name(artist, album).title or album


def key_of(artist: str, album: str) -> str:
    """What the ledger calls the question about an album."""
    return f"album:{album_key(artist, album)}"


def _without_album(song: Song) -> Outcome | None:
    """The album is unknown: for good where all who were asked have answered, else for now."""
    asked = [song.outcomes[source] for source in ("open", "spotify") if source in song.outcomes]
    if not asked:
        return None
    return Outcome.ABSENT if {Outcome.FOUND, Outcome.ABSENT}.issuperset(asked) else Outcome.DEFERRED


def freshness_of(album: AotyAlbum) -> timedelta | None:
    """A young album's ratings move daily; None is the usual time."""
    try:
        released = datetime.combine(date.fromisoformat(album.release_date or ""), datetime.min.time(), UTC)
    except ValueError:
        return None
    return timedelta(days=1) if released > datetime.now(UTC) - YOUNG_ALBUM else None


def values_of(album: AotyAlbum) -> dict[str, object]:
    """What an answer holds of an album; the rest of what its page tells is in the catalogue alone."""
    return {name: getattr(album, name) for name in _IN_ANSWERS}


def album_from(values: dict[str, Any]) -> AotyAlbum:
    """The album an answer holds."""
    return AotyAlbum(**{**values, "genres": tuple(values["genres"]), "tags": tuple(values["tags"])})
