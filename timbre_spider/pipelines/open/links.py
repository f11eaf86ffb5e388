"""Albums on Spotify that MusicBrainz links an artist's releases to, kept as answers."""

from datetime import timedelta

from timbre_spider.items import Answer, Outcome, SpotifyAlbum, fields_of
from timbre_spider.pipelines.open.musicbrainz import MusicBrainz
from timbre_spider.pipelines.stage import Stage

# Volunteers link on.
_GOOD_FOR = timedelta(days=30)


class LinkedAlbums:
    """One answer an artist, those without links too."""

    def __init__(self, stage: Stage, musicbrainz: MusicBrainz) -> None:
        self._stage = stage
        self._musicbrainz = musicbrainz

    async def of(self, artist: str) -> list[SpotifyAlbum] | None:
        """The linked albums of an artist (an id of MusicBrainz'); None where it cannot be asked now."""

        async def ask(known: Answer | None) -> Answer:
            albums = [fields_of(each) for each in await self._musicbrainz.albums_of(artist)]
            return self._stage.ended(key, Outcome.FOUND, values={"albums": albums}, stale_after=_GOOD_FOR)

        key = f"musicbrainz:artist:{artist}"
        answer = await self._stage.remembered(key, ask)
        if "albums" not in answer.values:
            return None
        return [SpotifyAlbum(**{**each, "artists": ()}) for each in answer.values["albums"]]
