"""What is true of the chart, for measuring: which row is which song, and what the services know of it."""

from typing import Any

from .findable import owners_on_deezer, services
from .metabrainz import recordings_of
from .weather import Weather
from .world.ids import plain_isrc
from .world.model import Album, AotyEntry, Song, World

_ROW_RATINGS = ("path", "user_score", "rating_count")


def truth(world: World, weather: Weather) -> dict[str, Any]:
    """{"songs": {song id: what is true of it}, "rows": one a chart row, in the chart's order}.

    Remaster, live, acoustic, mono, radio edit and edition are the same song; remix, instrumental, cover, sped-up and
    demo are songs of their own. A song's "services" tell where it can be got (`findable.py`). A row of nobody's song
    (hostile ones) has None as its song.
    """
    songs: dict[str, dict[str, Any]] = {}
    rows, owners = [], owners_on_deezer(world)
    for row in world.rows:
        song = row.song
        if song is not None and song.key not in songs:
            songs[song.key] = song_truth(song) | {"services": services(song, weather, owners)}
        known = songs[song.key] if song is not None else dict.fromkeys(("spotify_id", "isrc", "album", "aoty"))
        rows.append(
            {
                "artist": row.artist,
                "title": row.title,
                "playcount": row.plays,
                "rank": row.rank,
                "dirt": list(row.dirt),
                "song": song.key if song is not None else None,
                "spotify_id": known["spotify_id"],
                "isrc": known["isrc"],
                "album": known["album"],
                "aoty": known["aoty"] and {name: known["aoty"][name] for name in _ROW_RATINGS},
            }
        )
    return {"songs": songs, "rows": rows}


def song_truth(song: Song) -> dict[str, Any]:
    """The truth of one song.

    `spotify_id` is the studio recording on its own album, `spotify_ids` all tracks of the song; `isrc` and `isrcs` the
    same, in plain writing. `aoty` is its own album's entry, `albums` every release it is on with the path of its entry.
    None: the source has it not.
    """
    original = song.original
    isrcs = dict.fromkeys(filter(None, (plain_isrc(track.isrc) for track in song.tracks)))
    return {
        "artist": song.artist.name,
        "guests": [guest.name for guest in song.guests],
        "title": song.title,
        "kind": song.kind,
        "duration_ms": song.duration_ms,
        "plays": song.plays,
        "spotify_id": original.spotify_id if song.on_spotify else None,
        "spotify_ids": [one for track in song.tracks for one in track.spotify_ids] if song.on_spotify else [],
        "isrc": plain_isrc(original.isrc),
        "isrcs": list(isrcs),
        "isrc_on": {
            "spotify": song.on_spotify and bool(isrcs),
            "deezer": song.on_deezer and bool(isrcs),
            "musicbrainz": song.on_musicbrainz and any(recording.isrcs for recording in recordings_of(song)),
        },
        "album": original.album.title,
        "aoty": _aoty(original.album),
        "albums": [
            {"title": track.album.title, "spotify_id": track.album.spotify_id, "group": track.album.group,
             "variant": track.variant, "aoty": _path(track.album)}
            for track in song.tracks
        ],
    }  # fmt: skip


def _entry(album: Album) -> AotyEntry | None:
    """An album's entry; an edition has that of the album it is an edition of."""
    return (album.original or album).aoty


def _path(album: Album) -> str | None:
    entry = _entry(album)
    return f"/album/{entry.number}-{entry.slug}.php" if entry else None


def _aoty(album: Album) -> dict[str, Any] | None:
    entry = _entry(album)
    if entry is None:
        return None
    return {
        "path": _path(album),
        "title": entry.title,
        "user_score": entry.user_score,
        "rating_count": entry.rating_count if entry.user_score is not None else None,
        "critic_score": entry.critic_score,
        "critic_count": entry.critic_count or None,
        "genres": [*entry.genres, *entry.secondary],
        "tags": list(entry.tags),
    }
