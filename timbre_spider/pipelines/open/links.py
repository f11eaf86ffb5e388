"""An artist's releases at MusicBrainz and the albums on Spotify they are linked to, kept as answers."""

from datetime import timedelta

from timbre_spider.items import Answer, Discography, Outcome, Release, SpotifyAlbum, fields_of
from timbre_spider.pipelines.open.musicbrainz import MusicBrainz
from timbre_spider.pipelines.stage import Stage

# Volunteers link on.
_GOOD_FOR = timedelta(days=30)


class LinkedAlbums:
    """One answer an artist, those without links too."""

    def __init__(self, stage: Stage, musicbrainz: MusicBrainz) -> None:
        self._stage = stage
        self._musicbrainz = musicbrainz

    async def of(self, artist: str) -> Discography | None:
        """What an artist (an id of MusicBrainz') brought out; None where it cannot be asked now."""

        async def ask(known: Answer | None) -> Answer:
            told = await self._musicbrainz.discography_of(artist)
            values = {"albums": list(map(fields_of, told.linked)), "releases": told.releases}
            return self._stage.ended(key, Outcome.FOUND, values=values, stale_after=_GOOD_FOR)

        key = f"musicbrainz:artist:{artist}"
        answer = await self._stage.remembered(key, ask)
        if "albums" not in answer.values:
            return None
        linked = [SpotifyAlbum(**{**each, "artists": ()}) for each in answer.values["albums"]]
        return Discography(linked, [Release(*each) for each in answer.values.get("releases", ())])
