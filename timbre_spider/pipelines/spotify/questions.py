"""How a call the planner chose is put to Spotify."""

from dataclasses import replace

from timbre_spider.pipelines.spotify.match import question_of
from timbre_spider.planning.calls import Bucket, Call, Kind
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want
from timbre_spider.sources.spotify import Page, album_query, artist_query, track_query, words_query
from timbre_spider.sources.spotify.client import SpotifyClient


async def put(call: Call, client: SpotifyClient, pool: Pool) -> Page:
    """What Spotify answers to a call for songs that wait in `pool`. Raises as the client does."""
    wants = [want for key in call.artists for want in pool.wants_of(key)]
    match call.kind:
        case Kind.ARTIST_PAGE:
            most_played = max(wants, key=lambda want: want.plays)
            query = artist_query(question_of(most_played)[0])
            return await client.search_page(query, call.page * client.page_size, albums=True)
        case Kind.ALBUM_SEARCH:
            told = next((want.album for want in wants if want.album_key in call.about), "")
            name = told or pool.artist(call.artists[0]).releases.collections[call.about[0]]
            artist, album = question_of(replace(wants[0], title=name))
            return await client.search_page(album_query(artist, album), albums=True)
        case Kind.SONG:
            return await client.search_page(track_query(*question_of(_only(call, pool))))
        case Kind.SONG_IN_WORDS:
            return await client.search_page(words_query(*question_of(_only(call, pool), in_words=True)))
        case Kind.ALBUM if client.together:
            return await client.albums(call.about)
        case Kind.ALBUM if call.bucket is Bucket.ALBUMS:
            return await client.album(call.about[0])
        case Kind.ALBUM:
            return await client.album_tracks(pool.artist(call.artists[0]).unread[call.about[0]].album)
        case Kind.ARTIST_ALBUMS:
            return await client.artist_albums(call.about[0], call.page * client.page_size)
        case Kind.TRACK:
            ids = [want.spotify_id for want in wants if want.key in call.about]
            return await (client.tracks(ids) if client.together else client.track(ids[0]))


def _only(call: Call, pool: Pool) -> Want:
    want = pool.get(call.about[0])
    assert want is not None, "a call is made for songs that wait"
    return want
