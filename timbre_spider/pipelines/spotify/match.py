"""Songs that wait, held against what Spotify answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from timbre_spider.items import ChartRow, Song, SpotifyAlbum, SpotifyTrack
from timbre_spider.matching.albums.key import album_key
from timbre_spider.matching.comparing.choose import Choice, choose, is_certain
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, artist_key
from timbre_spider.matching.names.reading import read_name
from timbre_spider.matching.names.scripts import incomparable
from timbre_spider.matching.writing.text import fold, narrow
from timbre_spider.pipelines.open.inquiry import surely_told
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want


@dataclass(frozen=True, slots=True)
class Hit:
    """A song that waited, found."""

    want: Want
    track: SpotifyTrack
    choice: Choice


def want_of(song: Song) -> Want:
    """A song in work, with all that is known of it, by the names the open sources know it by."""
    artist, title = _names_of(song)
    heard = next((listens.album for row in song.rows for listens in row.listens if listens.album), None)
    album = heard or (song.open.album_name if song.open else None) or ""
    isrcs = (song.isrc, *(song.open.isrcs if song.open else ()))
    return Want(
        song.name_id,
        artist_key(song.artist_spelling or song.artist),
        artist,
        title,
        song.playcount,
        duration_ms=song.duration_ms,
        isrcs=frozenset(filter(None, isrcs)),
        album=album,
        album_key=key_of_album(song.artist, album) if album else "",
        in_work=True,
        artist_mbid=_artist_mbid(song),
    )


def _artist_mbid(song: Song) -> str:
    """The id of a song's artist; where several are credited nobody says which of them the chart means."""
    by = next((told.artist_mbids for told in surely_told(song) if told.artist_mbids), ())
    return by[0] if len(by) == 1 else ""


def _names_of(song: Song) -> tuple[str, str]:
    """A chart's slips find nothing; but names in another script than the chart's may be no better to Spotify."""
    for told in surely_told(song):
        if not any(
            incomparable(fold(one), fold(other))
            for one, other in ((told.artist, song.artist), (told.title, song.title))
        ):
            return told.artist, told.title
    return song.artist, song.title


def want_of_rows(rows: list[ChartRow]) -> Want:
    """A folded song of the chart, its rows with their name ids."""
    first = rows[0]
    plays = sum(row.playcount for row in rows)
    return Want(
        first.name_id, artist_key(first.artist), first.artist, first.title, plays, duration_ms=first.duration_ms
    )


def question_of(want: Want, *, in_words: bool = False) -> tuple[str, str]:
    """Artist and title to ask with: the first artist, and the title without its tails; a remix keeps its name, for it
    is a song of its own, unless it is asked for `in_words` alone. Letters of full width as Spotify writes them."""
    artist, title = narrow(want.artist), narrow(want.title)
    reading = read_name(artist, title)
    plain = in_words or all(mark.kind in DEFAULT_COLLAPSE for mark in reading.variants)
    return reading.artist or artist, (reading.title if plain else title) or title


def hits(pool: Pool, tracks: list[SpotifyTrack], artists: Iterable[str], own: Iterable[str]) -> Iterator[Hit]:
    """The songs of the pool that are among `tracks`, whoever they were asked for.

    `artists`: keys of those the call was made for, whose names may be credited otherwise. `own`: songs it was made for
    alone; of any other song only a match that leaves no doubt counts.
    """
    by_artist: dict[str, list[SpotifyTrack]] = dict.fromkeys(artists, tracks)
    for track in tracks:
        for key in {artist_key(name) for name in track.artists} - by_artist.keys():
            if pool.wants_of(key):
                by_artist[key] = [each for each in tracks if key in map(artist_key, each.artists)]
    own = set(own)
    for key, candidates in by_artist.items():
        records = [record_of(track) for track in candidates]
        for want in pool.wants_of(key):
            if want.is_found:
                continue
            choice = choose(_wanted(want, records), records)
            if choice and (want.key in own or is_certain(choice)):
                yield Hit(want, candidates[choice.index], choice)


def albums_by_artist(
    pool: Pool, tracks: Iterable[SpotifyTrack], albums: Iterable[SpotifyAlbum]
) -> dict[str, dict[str, tuple[str, SpotifyAlbum]]]:
    """The albums an answer tells of, by the keys of those artists whose songs wait; each with its key."""
    told: dict[str, dict[str, tuple[str, SpotifyAlbum]]] = {}
    of_tracks = (
        SpotifyAlbum(track.album_id, track.album_name, track.artists[:1], track.album_type, track.release_date)
        for track in tracks
        if track.album_id and track.album_name and track.album_type != "compilation"
    )
    for album in (*albums, *of_tracks):
        for name in album.artists:
            key = artist_key(name)
            if pool.wants_of(key):
                known = told.setdefault(key, {})
                known.setdefault(album.album_id, (key_of_album(name, album.name), album))
    return told


@lru_cache(maxsize=1024)
def key_of_album(artist: str, album: str) -> str:
    """The key of an album, as the stage aoty makes it."""
    return album_key(artist, read_name(artist, album).title or album)


def record_of(track: SpotifyTrack) -> Record:
    """A track as the matcher sees it."""
    return Record(
        ", ".join(track.artists),
        track.title,
        album=track.album_name,
        duration_ms=track.duration_ms,
        year=int(track.release_date[:4]) if track.release_date else None,
        isrc=track.isrc,
        spotify_id=track.spotify_id,
        track_number=track.track_number,
    )


def track_from(values: dict[str, Any]) -> SpotifyTrack:
    """The track an answer holds."""
    return SpotifyTrack(**{**values, "artists": tuple(values["artists"])})


def _wanted(want: Want, candidates: list[Record]) -> Record:
    """Of several ISRCs the one a candidate has: releases of one recording differ in it, so another one says nothing."""
    isrc = next((each.isrc for each in candidates if each.isrc in want.isrcs), None)
    return Record(want.artist, want.title, duration_ms=want.duration_ms, isrc=isrc)
