"""Songs looked up: searched and filtered page by page, and one with all that is known of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString
from uuid import UUID

from psycopg import sql
from psycopg.rows import class_row, dict_row

from timbre_spider.errors import UsageError
from timbre_spider.storage.database import Database
from timbre_spider.storage.songs_by_words import by_words
from timbre_spider.storage.songs_of_genre import Telling, of_genre

Order = Literal["plays", "score", "changed", "quality", "doubt"]
Lacking = Literal["isrc", "spotify", "aoty", "score"]

_SHOWN: LiteralString = """
    SELECT s.id, s.canonical_id, s.artist, s.title, s.isrc, s.spotify_id, l.playcount,
        coalesce(p.album_name, o.album_name, a.album_title) AS album, a.user_score::float8 AS user_score,
        a.rating_count, a.genres, q.quality, s.updated_at"""
# The songs of a page are chosen first: the rest of all that might be in it is not looked up.
_PAGE: LiteralString = """
    {shown} FROM songs s {beside_songs}
    WHERE s.id = ANY (ARRAY(SELECT {id} FROM {first} {beside} WHERE {where} ORDER BY {order} LIMIT %(limit)s))
    ORDER BY {order}"""
# What a song is made of: table and id; what a query does not name costs it nothing.
_TABLES: dict[str, tuple[LiteralString, LiteralString]] = {
    "s": ("songs s", "s.id"),
    "l": ("lastfm_stats l", "l.song_id"),
    "a": ("aoty_attrs a", "a.song_id"),
    "p": ("spotify_attrs p", "p.song_id"),
    "o": ("open_attrs o", "o.song_id"),
    "q": ("song_quality q", "q.song_id"),
}
# The table whose index has the order, what orders, as it stands there, and its type.
_ORDERS: dict[str, tuple[Telling, LiteralString, LiteralString]] = {
    "plays": ("l", "(l.playcount, l.song_id)", "bigint"),
    "score": ("a", "(a.user_score, a.song_id)", "numeric"),
    "changed": ("s", "(s.updated_at, s.id)", "timestamptz"),
    "quality": ("q", "(q.quality, q.song_id)", "real"),
    "doubt": ("q", "(q.quality, q.song_id)", "real"),
}
# What a person looks for in this order is at its other end.
_LEAST_FIRST = ("doubt",)
_LACKING: dict[str, LiteralString] = {
    "isrc": "s.isrc IS NULL",
    "spotify": "s.spotify_id IS NULL",
    "aoty": "EXISTS (SELECT FROM songs_unrated u WHERE u.song_id = s.id AND NOT u.has_album)",
    "score": "EXISTS (SELECT FROM songs_unrated u WHERE u.song_id = s.id)",
}
_FILTERS: dict[str, LiteralString] = {
    "listener": "EXISTS (SELECT FROM aliases x WHERE x.song_id = s.id AND lower(x.listener) = lower(%(listener)s))",
    "tag": "l.tags ? %(tag)s",
    "least_score": "a.user_score >= %(least_score)s::numeric",
}
_PARTS: dict[str, LiteralString] = {
    "keys": "SELECT key FROM song_keys WHERE song_id = %(id)s ORDER BY key",
    "aliases": """SELECT listener, artist, title, playcount, rank FROM aliases WHERE song_id = %(id)s
        ORDER BY playcount DESC, artist, title, listener""",
    "plays": """SELECT listener, source, period, plays, first_play, last_play FROM song_listens WHERE song_id = %(id)s
        ORDER BY listener, plays DESC, source, period""",
    "answers": """SELECT source, key, outcome, score, tier, reason, asked_at, next_check, "values" FROM song_answers
        WHERE song_id = %(id)s ORDER BY source, asked_at DESC, key""",
    "merges": """SELECT gone_id, rule, evidence, merged_at, gone -> 'song' ->> 'artist' AS artist,
            gone -> 'song' ->> 'title' AS title
        FROM merges WHERE song_id = %(id)s AND parted_by IS NULL ORDER BY merged_at, gone_id""",
    "redirects": "SELECT old_id, merged_at FROM song_redirects WHERE song_id = %(id)s ORDER BY merged_at, old_id",
    "ratings": """SELECT r.seen_at, r.user_score::float8 AS user_score, r.rating_count FROM ratings_history r
        JOIN aoty_attrs a ON a.url = r.url WHERE a.song_id = %(id)s ORDER BY r.seen_at""",
    "quality": "SELECT lacking, differing, stale FROM timbre_quality(ARRAY[%(id)s]::uuid[], now())",
}


@dataclass(frozen=True, slots=True)
class SongRow:
    """A song in a list; `user_score` 0 to 100, `quality` 0 to 1, None until it is judged."""

    id: UUID
    canonical_id: str
    artist: str
    title: str
    isrc: str | None
    spotify_id: str | None
    playcount: int | None
    album: str | None
    user_score: float | None
    rating_count: int | None
    genres: list[str] | None
    quality: float | None
    updated_at: datetime

    def place(self, order: Order) -> str:
        """Where it stands in the order: what `after` of the next page is."""
        of = {"plays": self.playcount, "score": self.user_score, "quality": self.quality, "doubt": self.quality}
        return f"{self.updated_at.isoformat() if order == 'changed' else of[order]}~{self.id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which songs: all that is given must be so. `words`: each begins a word of artist or title. `genre`: in any
    spelling, whoever tells it."""

    words: str | None = None
    listener: str | None = None
    genre: str | None = None
    tag: str | None = None
    least_score: float | None = None
    lacking: Lacking | None = None


def list_songs(
    database: Database, wanted: Wanted, *, order: Order = "plays", after: str | None = None, limit: int
) -> list[SongRow]:
    """A page, the greatest first; by `doubt` the least quality. `after`: the place of the last one of the page before;
    songs that have nothing to be ordered by are in none. Raises UsageError for a place that is none,
    DatabaseUnreachable."""
    if wanted.lacking in ("aoty", "score") and (wanted.least_score is not None or order == "score"):
        return []  # no song is so, and the database would look at all of them to know it
    ordering, key, kind = _ORDERS[order]
    first: Telling = "s"
    table = _TABLES[first][0]
    given: dict[str, Any] = {name: value for name in _FILTERS if (value := getattr(wanted, name)) is not None}
    conditions: list[LiteralString] = [_FILTERS[name] for name in given]
    if wanted.lacking:
        conditions.append(_LACKING[wanted.lacking])
    if order == "score":
        conditions.append("a.user_score IS NOT NULL")
    if order == "plays":
        conditions.append("l.playcount IS NOT NULL")
    if order in ("quality", "doubt"):
        conditions.append("q.quality IS NOT NULL")
    if after is not None:
        given["value"], given["last"] = _read_place(order, after)
        beyond: LiteralString = " > (" if order in _LEAST_FIRST else " < ("
        conditions.append(key + beyond + "%(value)s::" + kind + ", %(last)s::uuid)")
    turn: LiteralString = " ASC" if order in _LEAST_FIRST else " DESC"
    in_order = sql.SQL(key.strip("()").replace(", ", turn + ", ") + turn)
    with database.connect() as connection, connection.cursor(row_factory=class_row(SongRow)) as cursor:
        if wanted.words is not None:
            named = by_words(connection, wanted.words)
            given |= {"words": named.words, "other_words": named.other_words}
            conditions.append(named.condition)
        if wanted.genre is not None:
            found = of_genre(connection, wanted.genre, limit, ordering)
            given["genre_keys"] = found.keys
            if found.table:
                first, table = ordering, found.table
            if found.condition:
                conditions.append(found.condition)
        paged = sql.SQL(_PAGE).format(
            shown=sql.SQL(_SHOWN),
            beside_songs=_beside("s"),
            id=sql.SQL(_TABLES[first][1]),
            first=sql.SQL(table),
            beside=_beside(first),
            where=sql.SQL(" AND ").join(map(sql.SQL, conditions or ["true"])),
            order=in_order,
        )
        return cursor.execute(paged, {**given, "limit": limit}).fetchall()


def _beside(first: str) -> sql.Composable:
    """The other tables, joined to the first one."""
    own_id = _TABLES[first][1]
    return sql.SQL(" ").join(
        sql.SQL(f"LEFT JOIN {table} ON {song} = {own_id}") for name, (table, song) in _TABLES.items() if name != first
    )


def find_id(database: Database, reference: str) -> UUID | None:
    """The song that has this id or key now; None where there is none. Raises DatabaseUnreachable."""
    query = """
        SELECT id FROM songs WHERE id = %(id)s UNION ALL
        SELECT song_id FROM song_redirects WHERE old_id = %(id)s UNION ALL
        SELECT song_id FROM song_keys WHERE key = %(key)s LIMIT 1"""
    with database.connect() as connection:
        row = connection.execute(query, {"id": _read_id(reference), "key": reference}).fetchone()
    return row[0] if row else None


def song_in_full(database: Database, song_id: UUID) -> dict[str, Any] | None:
    """{song: the columns of song_features, keys, aliases, plays, answers, merges, redirects, ratings, quality (what
    would raise it)}; None where there is no such song. Raises DatabaseUnreachable."""
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        song = cursor.execute("SELECT * FROM song_features WHERE id = %s", [song_id]).fetchone()
        if song is None:
            return None
        return {"song": song} | {
            name: cursor.execute(query, {"id": song_id}).fetchall() for name, query in _PARTS.items()
        }


def _read_id(text: str) -> UUID | None:
    """An id as it is written here; other ways to write one are none."""
    try:
        return read if str(read := UUID(text)) == text else None
    except ValueError:
        return None


def _read_place(order: Order, place: str) -> tuple[str, UUID]:
    value, _, last = place.partition("~")
    try:
        if order == "changed":
            datetime.fromisoformat(value)
        elif not -1e18 < float(value) < 1e18:
            raise ValueError(value)
        if order == "plays":
            int(value)
        return value, UUID(last)
    except ValueError:
        raise UsageError(f"after={place!r} is wrong: take `next` of the page before, in the same order.") from None
