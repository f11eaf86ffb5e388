"""The rows that are loaded: from songs, answers, albums and rejects to plain values.

A row holds only JSON's types and comes without `n`, which numbers the writes of a batch. `copy_text` cleans and writes
it.
"""

import hashlib
import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from timbre_spider.items import Answer, OpenFacts, Reject, Sighting, Song, SpotifyTrack, fields_of
from timbre_spider.storage.clean import clean

Row = tuple[Any, ...]

# As the types staged_… in sql/0003_merge.sql, 0009_ledger.sql and 0015_albums.sql, without `n` and `verdict`.
COLUMNS = {
    "songs": (
        "song_id", "canonical_id", "keys", "absorbs", "taken_keys", "artist", "title", "isrc", "isrc_source",
        "spotify_id", "completeness", "plays", "duration_ms", "popularity", "album_id", "artist_id", "album_name",
        "album_type", "release_date", "release_precision", "explicit", "track_number", "open", "lastfm_tags",
        "aoty_url", "aoty_title", "user_score", "rating_count", "critic_score", "critic_count", "aoty_release_date",
        "genres", "aoty_tags",
    ),
    "aliases": ("listener", "artist", "title", "name_key", "playcount", "rank", "listens", "rule"),
    "answers": (
        "source", "key", "outcome", "asked_at", "next_check", "values", "score", "tier", "reason",
    ),
    "questions": ("song_key", "source", "page", "key"),
    "albums": (
        "number", "kind", "seen_at", "place", "key", "url", "artist", "title", "artist_url", "user_score",
        "rating_count", "critic_score", "critic_count", "release_date", "format", "must_hear", "spotify_album_id",
        "genres", "secondary_genres", "tags", "labels", "tracks",
    ),
    "rejects": ("listener", "artist", "title", "playcount", "reason"),
}  # fmt: skip

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_PRECISION = {4: "year", 7: "month", 10: "day"}
_LONGEST_KEY = 300


def song_rows(song: Song) -> tuple[Row, list[Row]]:
    """A song's row and those of its aliases, both without `n`. Needs `song.identity`."""
    identity, track, album = song.identity, song.spotify, song.aoty
    if identity is None:
        raise ValueError("a song is loaded after the dedup stage has given it an identity")
    released, precision = release(track.release_date if track else None)
    row = (
        str(identity.song_id),
        identity.canonical_id,
        list(dict.fromkeys((*identity.keys, identity.canonical_id))),
        [str(absorbed) for absorbed in identity.absorbs],
        list(identity.takes),
        song.artist,
        song.title,
        song.isrc,
        song.isrc_source,
        track.spotify_id if track else song.labs_id,
        completeness(song),
        song.playcount,
        *(
            (
                track.duration_ms,
                track.popularity,
                track.album_id,
                track.artist_id,
                track.album_name,
                track.album_type,
                released,
                precision,
                track.explicit,
                track.track_number,
            )
            if track
            else (None,) * 10
        ),
        open_values(song.open) or None if song.open else None,
        song.tags,
        *(
            (
                album.url,
                album.title,
                album.user_score,
                album.rating_count,
                album.critic_score,
                album.critic_count,
                album.release_date,
                list(album.genres),
                list(album.tags),
            )
            if album
            else (None,) * 9
        ),
    )
    aliases = [
        (
            song.listener,
            each.artist,
            each.title,
            each.name_id or song.name_id,
            each.playcount,
            each.rank,
            [tuple(fields_of(listens).values()) for listens in each.listens],
            each.rule or None,
        )
        for each in song.rows
    ]
    return row, aliases


def question_rows(song: Song) -> list[Row]:
    """What the song asks of each source, without `n`."""
    return [(song.name_id, source, page, short_key(key)) for (source, page), key in song.asked.items()]


def answer_row(answer: Answer) -> Row:
    """An answer's row, without `n`."""
    return (
        answer.source,
        short_key(answer.key),
        answer.outcome.value,
        answer.asked_at.isoformat(),
        answer.next_check.isoformat() if answer.next_check else None,
        answer.values,
        answer.score,
        answer.tier,
        answer.reason,
    )


def album_row(seen: Sighting) -> Row:
    """A sighting's row, without `n`; what was not told is null, empty lists too."""
    album = seen.album
    return (
        seen.number,
        seen.seen_on.value,
        _moment(seen.seen_at),
        seen.place,
        short_key(seen.key),
        album.url,
        album.artist,
        album.title,
        album.artist_url,
        album.user_score,
        album.rating_count,
        album.critic_score,
        album.critic_count,
        album.release_date,
        album.format,
        album.must_hear,
        album.spotify_album_id,
        _without(album.genres, album.secondary_genres) or None,
        album.secondary_genres or None,
        album.tags or None,
        album.labels or None,
        [
            {name: value for name, value in fields_of(track).items() if value is not None} for track in album.tracks
        ] or None,
    )  # fmt: skip


def _without(genres: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(genre for genre in genres if genre not in others) if others else genres


def reject_row(reject: Reject) -> Row:
    """A reject's row, without `n`."""
    return (
        reject.listener,
        reject.artist,
        reject.title,
        max(reject.playcount, 0),
        reject.reason,
    )


def open_values(facts: OpenFacts) -> dict[str, Any]:
    """What is known of `facts`, by the columns of open_attrs."""
    known = {name: value for name, value in fields_of(facts).items() if value}
    released, precision = release(known.pop("release_date", None))
    if released is None:
        known.pop("release_date_source", None)
        return known
    return {**known, "release_date": released, "release_precision": precision}


def completeness(song: Song) -> int:
    """How much is known of this version: the first of what makes the best one."""
    if song.spotify is None:
        return int(song.isrc is not None)
    return 1 + sum(getattr(song.spotify, name) is not None for name in _COUNTED) + (song.isrc is not None)


_COUNTED = tuple(
    name for name in SpotifyTrack.__dataclass_fields__ if name not in ("spotify_id", "title", "artists", "isrc")
)


def release(text: str | None) -> tuple[str | None, str | None]:
    """(first day, precision) of YYYY, YYYY-MM or YYYY-MM-DD; (None, None) for what is no date ("0000" too)."""
    match = _DATE.fullmatch(text or "")
    if match is None or match[1] == "0000":
        return None, None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        return date(year, month, day).isoformat(), _PRECISION[len(match[0])]
    except ValueError:
        return f"{year:04}-01-01", "year"


def short_key(key: str) -> str:
    """`key`, or for one longer than an index entry should be, its beginning and its SHA-1."""
    key = clean(key)
    if len(key) <= _LONGEST_KEY:
        return key
    digest = hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()
    return f"{key[: _LONGEST_KEY - 42]}…{digest}"


# All that a page or file tells was seen at one time.
_moment = lru_cache(maxsize=2**4)(datetime.isoformat)
