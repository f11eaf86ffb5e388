"""Stage 500: the album's scores, counts, genres and tags from Album of the Year."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from timbre_spider.items import Answer, AotyAlbum, Outcome, Song
from timbre_spider.matching.choose import choose
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.normalise import album_key
from timbre_spider.matching.reading import read_name
from timbre_spider.matching.record import Record
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.aoty import read_album, read_search, search_url

YOUNG_ALBUM = timedelta(days=90)


class Aoty(Stage):
    """One answer an album, for all its songs. The album is the one Spotify names; without it nobody can ask."""

    source = "aoty"
    stale_after = timedelta(days=7)

    async def enrich(self, song: Song) -> Outcome | None:
        right = self._connections.overrides.aoty.get(hash_id(song.name_key))
        if right:
            answer = await self.answer(song, f"url:{right}", partial(self._read, f"url:{right}", right))
            song.aoty = album_from(answer.values) if answer.values else None
            return answer.outcome
        album = song.spotify.album_name if song.spotify else None
        if not album or not song.spotify:
            # The album is unknown: for now where Spotify has yet to answer, for good where it has not the song.
            asked = song.outcomes.get("spotify")
            return None if asked is None else (Outcome.ABSENT if asked is Outcome.ABSENT else Outcome.DEFERRED)
        artist = song.spotify.artists[0] if song.spotify.artists else song.artist
        # Editions share one answer, so they must ask one question.
        album = read_name(artist, album).title or album
        key = f"album:{album_key(artist, album)}"
        answer = await self.answer(song, key, partial(self._ask, key, artist, album))
        if answer.values:
            song.aoty = album_from(answer.values)
        return answer.outcome

    async def _ask(self, key: str, artist: str, album: str, known: Answer | None) -> Answer:
        url = known.values.get("url") if known else None
        if not url:
            base_url = self._connections.config.aoty_base_url
            page = await self._connections.fetch("aoty", search_url(base_url, artist, album), obey_robots=True)
            cards = read_search(page)
            choice = choose(Record(artist, album), [Record(card.artist, card.title) for card in cards])
            if choice is None:
                return self.ended(key, Outcome.ABSENT, known, reason="no album of the search matched well enough")
            url = cards[choice.index].url
        return await self._read(key, url, known)

    async def _read(self, key: str, url: str, known: Answer | None) -> Answer:
        page = await self._connections.fetch("aoty", url, obey_robots=True)
        if page.status in (404, 410):
            return self.ended(key, Outcome.ABSENT, known, reason=f"HTTP {page.status}")
        found = read_album(page)
        return self.ended(key, Outcome.FOUND, known, values=asdict(found), stale_after=freshness_of(found))


def freshness_of(album: AotyAlbum) -> timedelta | None:
    """A young album's ratings move daily; None is the usual time."""
    try:
        released = datetime.combine(date.fromisoformat(album.release_date or ""), datetime.min.time(), UTC)
    except ValueError:
        return None
    return timedelta(days=1) if released > datetime.now(UTC) - YOUNG_ALBUM else None


def album_from(values: dict[str, Any]) -> AotyAlbum:
    """The album an answer holds."""
    return AotyAlbum(**{**values, "genres": tuple(values["genres"]), "tags": tuple(values["tags"])})
