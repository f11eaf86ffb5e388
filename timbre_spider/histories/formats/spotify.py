"""Spotify's two exports: the extended history (months to wait for, all plays ever) and the account data (a year)."""

import re

from timbre_spider.histories.format import Container, Format, has, named
from timbre_spider.histories.play import Entry, NoPlay, Play
from timbre_spider.histories.values import moment, spotify_id, text, whole


def _extended(entry: Entry) -> Play | NoPlay:
    """The artist is the album's: for a compilation it may be "Various Artists"."""
    at, heard, title = _when(entry["ts"]), _heard(entry["ms_played"]), entry.get("master_metadata_track_name")
    if title is None:
        if entry.get("audiobook_uri") or entry.get("audiobook_title"):
            return NoPlay.AUDIOBOOK
        if entry.get("spotify_episode_uri") or entry.get("episode_name"):
            return NoPlay.PODCAST
        return NoPlay.NAMELESS
    artist, name = named(text(entry.get("master_metadata_album_artist_name")), text(title))
    return Play(
        artist,
        name,
        at,
        text(entry.get("master_metadata_album_album_name")),
        spotify_id(entry.get("spotify_track_uri")),
        played_ms=heard,
    )


def _account(entry: Entry) -> Play | NoPlay:
    if entry.get("podcastName") is not None:
        return NoPlay.PODCAST
    artist, name = named(text(entry.get("artistName")), text(entry.get("trackName")))
    return Play(artist, name, _when(entry["endTime"]), played_ms=_heard(entry["msPlayed"]))


def _when(value: object) -> int:
    at = moment(value)
    if at is None:
        raise ValueError("no time")
    return at


def _heard(value: object) -> int:
    played = whole(value)
    if played is None:
        raise ValueError("no length of the play")
    return played


# "Streaming_History_Video_2021-2024_1.json"; the words around it are in the listener's language.
_VIDEO = re.compile(r"[_ -](v[ií]d[eé]os?|wideo|видео|відео|ビデオ|동영상|视频|影片)[_ -]", re.I)

EXTENDED = Format(
    "Spotify extended history",
    "spotify",
    frozenset({Container.JSON}),
    has("ts", "ms_played"),
    _extended,
    is_of_videos=lambda name: _VIDEO.search(name.rpartition("/")[2]) is not None,
)
ACCOUNT = Format(
    "Spotify account data", "spotify_account", frozenset({Container.JSON}), has("endTime", "msPlayed"), _account
)
