"""What a perfect asker could get of a song: which services have it, under which ids, by which question."""

from collections.abc import Mapping
from typing import Any

from .metabrainz import recordings_of
from .weather import Weather
from .world.ids import plain_isrc
from .world.model import Song, Track, World

_LONGEST_NAME = 110


def owners_on_deezer(world: World) -> dict[str, Song]:
    """Whose track Deezer answers an ISRC with, since some are two songs'."""
    owners: dict[str, Song] = {}
    for track in world.tracks:
        if track.song.on_deezer and (isrc := plain_isrc(track.isrc)):
            owners.setdefault(isrc, track.song)
    return owners


def services(song: Song, weather: Weather, owners: Mapping[str, Song]) -> dict[str, Any]:
    """{service: {"has", "findable", …}}; `findable`: a question exists that is answered with the song.

    `owners`: see `owners_on_deezer`.
    """
    by_filters, by_words = (_told(song, f"deezer.missed_by_{form}", weather) for form in ("filters", "words"))
    by_album = song.on_deezer and any(
        _told(other.song, "deezer.missed_by_filters", weather) or _told(other.song, "deezer.missed_by_words", weather)
        for track in song.tracks for other in track.album.tracks
    )  # fmt: skip
    by_isrc = any(owners.get(plain_isrc(track.isrc) or "") is song for track in song.tracks)
    recordings = list(recordings_of(song)) if song.on_musicbrainz else []
    return {
        "spotify": {
            "has": song.on_spotify,
            "findable": song.on_spotify,
            "question": _question(song.original) if song.on_spotify else None,
            "ids": _ids(song) if song.on_spotify else [],
        },
        "deezer": {
            "has": song.on_deezer,
            "findable": by_filters or by_words or by_album or by_isrc,
            "by_filters": by_filters,
            "by_words": by_words,
            "by_album": by_album,
            "by_isrc": by_isrc,
        },
        "musicbrainz": {
            "has": song.on_musicbrainz,
            "findable": song.on_musicbrainz,
            "mbids": [recording.id for recording in recordings],
            "isrcs": list(dict.fromkeys(isrc for recording in recordings for isrc in recording.isrcs)),
        },
    }


def _told(song: Song, missed: str, weather: Weather) -> bool:
    return song.on_deezer and not weather.lasts(missed, song.key)


def _question(track: Track) -> str:
    """The search of Spotify's that names the track."""
    title, artist = (name.replace('"', " ")[:_LONGEST_NAME] for name in (track.title, track.song.artist.name))
    return f'track:"{title}" artist:"{artist}"'


def _ids(song: Song) -> list[dict[str, Any]]:
    """Every release and every market's."""
    return [
        {
            "id": one,
            "album_id": track.album.abroad_id if one == track.abroad_id else track.album.spotify_id,
            "market": ("abroad" if one == track.abroad_id else "home") if track.abroad_id else "all",
            "variant": track.variant,
            "isrc": plain_isrc(track.isrc),
        }
        for track in song.tracks for one in track.spotify_ids
    ]  # fmt: skip
