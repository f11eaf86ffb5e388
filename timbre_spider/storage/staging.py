"""The rows that are loaded: from songs, answers and rejects to plain values, and to COPY's text format.

A row holds only JSON's types, so the same row goes into a COPY, a REST call and the spool.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from timbre_spider.items import Answer, Reject, Song, SpotifyTrack

Row = tuple[Any, ...]

# As the types staged_… in sql/0003_merge.sql, without `verdict`; `n` numbers the rows of a batch.
COLUMNS = {
    "songs": (
        "n", "song_id", "canonical_id", "keys", "absorbs", "artist", "title", "isrc", "isrc_source", "spotify_id",
        "completeness", "plays", "duration_ms", "popularity", "album_id", "artist_id", "album_name", "album_type",
        "release_date", "release_precision", "explicit", "track_number", "lastfm_tags", "aoty_url", "aoty_artist",
        "aoty_title", "user_score", "rating_count", "critic_score", "critic_count", "aoty_release_date", "genres",
        "aoty_tags",
    ),
    "aliases": ("n", "listener", "artist", "title", "name_key", "playcount", "rank"),
    "answers": (
        "n", "source", "key", "outcome", "asked_at", "next_check", "values", "score", "tier", "reason", "misses",
    ),
    "rejects": ("n", "listener", "artist", "title", "playcount", "reason"),
}  # fmt: skip

_JSON = {"lastfm_tags", "genres", "aoty_tags", "values"}
_JSON_AT = {kind: frozenset(names.index(name) for name in names if name in _JSON) for kind, names in COLUMNS.items()}
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_PRECISION = {4: "year", 7: "month", 10: "day"}
# What Postgres cannot keep: NUL, and halves of surrogate pairs, which are no characters.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_LONGEST_KEY = 300
# Rows of a COPY are sent in pieces of about this many characters.
_PIECE = 60_000


def song_rows(song: Song) -> tuple[Row, list[Row]]:
    """A song's row and those of its aliases, both without `n`. Needs `song.identity`."""
    identity, track, album = song.identity, song.spotify, song.aoty
    if identity is None:
        raise ValueError("a song is loaded after the dedup stage has given it an identity")
    released, precision = release(track.release_date if track else None)
    row = (
        str(identity.song_id),
        identity.canonical_id,
        list(dict.fromkeys(identity.keys)),
        [str(absorbed) for absorbed in identity.absorbs],
        clean(song.artist),
        clean(song.title),
        song.isrc,
        song.isrc_source,
        track.spotify_id if track else None,
        completeness(song),
        song.playcount,
        *(
            (
                track.duration_ms,
                track.popularity,
                track.album_id,
                track.artist_id,
                clean(track.album_name),
                track.album_type,
                released,
                precision,
                track.explicit,
                track.track_number,
            )
            if track
            else (None,) * 10
        ),
        clean_json(song.tags),
        *(
            (
                clean(album.url),
                clean(album.artist),
                clean(album.title),
                album.user_score,
                album.rating_count,
                album.critic_score,
                album.critic_count,
                clean(album.release_date),
                clean_json(list(album.genres)),
                clean_json(list(album.tags)),
            )
            if album
            else (None,) * 10
        ),
    )
    name_key = next((key for key in identity.keys if key.startswith("hash:")), None)
    listener = clean(song.listener)
    aliases = [
        (listener, clean(each.artist), clean(each.title), name_key, each.playcount, each.rank) for each in song.rows
    ]
    return row, aliases


def answer_row(answer: Answer) -> Row:
    """An answer's row, without `n`."""
    return (
        answer.source,
        short_key(answer.key),
        answer.outcome.value,
        answer.asked_at.isoformat(),
        answer.next_check.isoformat() if answer.next_check else None,
        clean_json(answer.values),
        answer.score,
        answer.tier,
        clean(answer.reason),
        answer.misses,
    )


def reject_row(reject: Reject) -> Row:
    """A reject's row, without `n`."""
    return (
        clean(reject.listener),
        clean(reject.artist),
        clean(reject.title),
        max(reject.playcount, 0),
        clean(reject.reason),
    )


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


def clean(text: Any) -> Any:
    """`text` without what Postgres cannot keep; None stays None."""
    return _UNKEEPABLE.sub("\N{REPLACEMENT CHARACTER}", text) if text and _UNKEEPABLE.search(text) else text


def clean_json(value: Any) -> Any:
    """`value` with every text in it cleaned; keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(name)): clean_json(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(each) for each in value]
    if isinstance(value, float) and value != value:  # NaN is no JSON
        return None
    return value


def numbered(batch: Iterable[Sequence[Row]]) -> list[Row]:
    """The rows of every group with the group's number before them."""
    return [(n, *row) for n, rows in enumerate(batch) for row in rows]


def named(kind: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows as JSON objects, for REST and the spool."""
    return [dict(zip(COLUMNS[kind], row, strict=True)) for row in rows]


def copy_lines(kind: str, rows: Iterable[Row]) -> Iterator[str]:
    """Rows in COPY's text format, some pieces of many lines."""
    json_at = _JSON_AT[kind]
    piece: list[str] = []
    size = 0
    for row in rows:
        line = "\t".join(
            [
                "\\N" if value is None else _json(value) if at in json_at else _text(value)
                for at, value in enumerate(row)
            ]
        )
        piece.append(line)
        size += len(line)
        if size > _PIECE:
            yield "\n".join(piece) + "\n"
            piece, size = [], 0
    if piece:
        yield "\n".join(piece) + "\n"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return _escape(value)
    if isinstance(value, list):
        return _escape(
            "{" + ",".join('"' + each.replace("\\", "\\\\").replace('"', '\\"') + '"' for each in value) + "}"
        )
    return str(value)


def _json(value: Any) -> str:
    return (
        _escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        if value
        else ("{}" if value == {} else "[]")
    )


def _escape(text: str) -> str:
    if "\\" in text or "\t" in text or "\n" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return text
