"""Asking MusicBrainz, last: one request a second is all it bears."""

from collections.abc import Sequence

from timbre_spider.items import Discography, Release, SpotifyAlbum
from timbre_spider.pipelines.open.asking import Ask, Remember
from timbre_spider.pipelines.open.match import Match, Wanted, match
from timbre_spider.sources import musicbrainz
from timbre_spider.sources.recording import Recording
from timbre_spider.sources.together import Together

# As MusicBrainz keeps them [docs].
_SPOTIFY_ALBUM = "https://open.spotify.com/album/"
# Of 100 releases each, of an artist; most have fewer, and of those with more most are pressings and bootlegs.
MOST_PAGES = 3


class MusicBrainz:
    """By the album where its page on Spotify is known, which brings all its ISRCs at once; else by a search."""

    def __init__(self, ask: Ask, base_url: str) -> None:
        self._ask = ask
        self._base_url = base_url
        self._release_of = Together(self._releases_of, most=musicbrainz.MOST_URLS)

    async def find(self, wanted: Wanted, remember: Remember) -> Match | None:
        """The song's recording, by its album or its names."""
        if wanted.spotify_album and (found := await self.find_on_album(wanted, wanted.spotify_album, remember)):
            return found
        form = wanted.forms[0]
        question = musicbrainz.search_question(self._base_url, form.artist, form.title)
        return match(wanted, musicbrainz.read_search(await self._ask("musicbrainz", question)), form.name)

    async def find_on_album(self, wanted: Wanted, spotify_album: str, remember: Remember) -> Match | None:
        """The song's recording, on the release that has the album's page on Spotify."""
        release = await self._release_of(spotify_album)
        return match(wanted, await self._recordings_of(release, remember), "its album's link") if release else None

    async def discography_of(self, artist: str) -> Discography:
        """The releases of an artist (an id of MusicBrainz'), and the albums on Spotify that they are linked to."""
        albums: dict[str, SpotifyAlbum] = {}
        listed: dict[Release, None] = {}
        for page in range(MOST_PAGES):
            question = musicbrainz.releases_question(self._base_url, artist, page * musicbrainz.MOST_RELEASES)
            told, releases = musicbrainz.read_releases(await self._ask("musicbrainz", question))
            for album in told.linked:
                albums.setdefault(album.album_id, album)
            listed |= dict.fromkeys(told.releases)
            if releases < musicbrainz.MOST_RELEASES:
                break
        return Discography(list(albums.values()), list(listed))

    async def _releases_of(self, albums: Sequence[str]) -> list[str | None]:
        urls = [_SPOTIFY_ALBUM + album for album in albums]
        question = musicbrainz.urls_question(self._base_url, list(dict.fromkeys(urls)))
        releases = musicbrainz.read_urls(await self._ask("musicbrainz", question))
        return [releases.get(url) for url in urls]

    async def _recordings_of(self, release: str, remember: Remember) -> list[Recording]:
        async def read() -> list[Recording]:
            question = musicbrainz.release_question(self._base_url, release)
            return musicbrainz.read_release(await self._ask("musicbrainz", question))

        return await remember(f"musicbrainz:release:{release}", read)
