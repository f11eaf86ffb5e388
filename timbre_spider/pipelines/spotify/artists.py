"""What calls taught about artists, kept between runs: pages looked through, albums known and read, songs searched."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from timbre_spider.extensions.context import Context
from timbre_spider.items import Answer, AotyAlbum, ChartRow, Outcome, SpotifyAlbum, fields_of
from timbre_spider.pipelines.spotify.match import albums_by_artist, want_of, want_of_rows
from timbre_spider.planning.artist import Artist
from timbre_spider.planning.calls import Kind
from timbre_spider.planning.want import KnownAlbum

logger = logging.getLogger(__name__)

# Artists bring out new songs: what was looked through longer ago is looked through again.
_GOOD_FOR = timedelta(days=14)
# What calls of a kind bring is found out by each run anew, unless it goes on where one was stopped or killed.
_YIELDS = "yields"
_YIELDS_GOOD_FOR = timedelta(hours=1)
# Album of the Year's formats, in Spotify's words.
_TYPES = {"LP": "album", "EP": "single", "Single": "single", "Compilation": "compilation"}
# Calls for a song alone that may be made in vain while it goes on waiting.
SEARCHES = frozenset({Kind.SONG, Kind.SONG_IN_WORDS})


def key_of(artist_key: str) -> str:
    """The key of the answer that keeps what is known of an artist."""
    return f"artist:{artist_key}"


async def wait_for(context: Context, songs: Iterable[list[ChartRow]]) -> None:
    """Lets folded songs of the chart wait, before their items come: calls are chosen for the whole listener."""
    await _restore_yields(context)
    wants = [(want_of_rows(song), song) for song in songs]
    artists = {want.artist_key for want, _ in wants}
    await restore(context, artists)
    for want, rows in wants:
        # A song that another listener's run has waiting waits for both.
        waiting = context.pool.get(want.key) or want
        waiting.plays += want.plays if waiting is not want else 0
        context.pool.add(waiting)
        context.beforehand.add(rows)
    tell_of(context, await context.reader.albums_on_spotify(artists))


def tell_of(context: Context, albums: Iterable[AotyAlbum]) -> None:
    """Tells the pool the ids on Spotify that are known of albums by artists whose songs wait."""
    on_spotify = [
        SpotifyAlbum(
            album.spotify_album_id,
            album.title,
            (album.artist,),
            _TYPES.get(album.format or ""),
            album.release_date,
            linked=True,
        )
        for album in albums
        if album.spotify_album_id
    ]
    for key, known in albums_by_artist(context.pool, (), on_spotify).items():
        context.pool.tell_of(key, known.values())


async def learn_beforehand(context: Context) -> None:
    """Tells the pool what the open sources know of the songs that wait and whose items are still to come."""
    known = 0
    async for song in context.beforehand.learned():
        known += 1
        want = context.pool.get(song.name_id)
        if want is not None and not want.in_work:
            context.pool.add(replace(want_of(song), plays=want.plays, in_work=False))
    if known:
        logger.info(
            "Spotify's calls are scarce: what open sources know of %d further songs helps to choose them.", known
        )


async def restore(context: Context, artist_keys: Iterable[str]) -> None:
    """Tells the pool what earlier runs learned about the artists."""
    new = [key for key in artist_keys if not context.pool.artist(key).recalled]
    since = context.clock() - _GOOD_FOR
    known = await context.reader.answers([("spotify", key_of(key)) for key in new])
    for key in new:
        artist = context.pool.artist(key)
        artist.recalled = True
        answer = known.get(("spotify", key_of(key)))
        if answer is not None and answer.asked_at > since:
            _fill(artist, answer.values)


async def _restore_yields(context: Context) -> None:
    known = (await context.reader.answers([("spotify", _YIELDS)])).get(("spotify", _YIELDS))
    if known is not None and known.asked_at > context.clock() - _YIELDS_GOOD_FOR:
        context.pool.yields.recall(known.values["learned"])


def yields_remembered(context: Context) -> Answer:
    """The answer that keeps what calls of a kind brought."""
    learned = context.pool.yields.learned()
    return Answer("spotify", _YIELDS, Outcome.FOUND, context.clock(), values={"learned": learned})


def remembered(artist: Artist, context: Context) -> Answer:
    """The answer that keeps what is known of an artist."""
    tried = artist.tried | {want.key: want.tried & SEARCHES for want in artist.wants.values()}
    values: dict[str, Any] = {
        "artist_id": artist.artist_id,
        "pages": artist.pages,
        "total": artist.total,
        "lists": artist.lists,
        "albums_total": artist.albums_total,
        "searched": sorted(artist.searched),
        "read": sorted(artist.read),
        "refuted": artist.refuted,
        "tried": {key: sorted(kinds) for key, kinds in tried.items() if kinds},
        "albums": [[known.key, fields_of(known.album)] for known in artist.unread.values()],
    }
    return Answer("spotify", key_of(artist.key), Outcome.FOUND, context.clock(), values=values)


def _fill(artist: Artist, values: dict[str, Any]) -> None:
    artist.artist_id = values.get("artist_id", "")
    artist.pages, artist.total = values.get("pages", 0), values.get("total")
    artist.lists, artist.albums_total = values.get("lists", 0), values.get("albums_total")
    artist.searched, artist.read = set(values.get("searched", ())), set(values.get("read", ()))
    artist.refuted = dict(values.get("refuted", {}))
    tried = values.get("tried", {}).items()
    artist.tried = {key: frozenset(kind for kind in SEARCHES if kind in kinds) for key, kinds in tried}
    for key, fields in values.get("albums", ()):
        album = SpotifyAlbum(**{**fields, "artists": tuple(fields["artists"])})
        artist.unread[album.album_id] = KnownAlbum(key, album)
