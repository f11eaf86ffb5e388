"""A listener's library at a glance: what is played, of which genres and decades, and how it is rated."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from heapq import nsmallest
from typing import Any, LiteralString

from psycopg import sql

from timbre_spider.storage.database import Database

# An album rated so by its users is rated high.
RATED_HIGH = 80

# Each song the listener heard, with the album whoever knows it named; AOTY's year is that of the first release.
_HEARD: LiteralString = """
    WITH heard AS MATERIALIZED (
        SELECT s.id, s.artist, s.title, h.plays, q.user_score::float8 AS score, q.genres,
            q.tags AS aoty_tags, l.tags, k.quality,
            coalesce(q.album_title, p.album_name, o.album_name) AS album,
            coalesce(substring(q.release_date FROM '(?:19|20)[0-9]{2}')::int, extract(year FROM p.release_date)::int,
                extract(year FROM o.release_date)::int) AS year
        FROM (
            SELECT song_id, sum(plays)::bigint AS plays FROM song_plays
            WHERE %(listener)s::text IS NULL OR listener = lower(%(listener)s) GROUP BY song_id
        ) h
        JOIN songs s ON s.id = h.song_id
        LEFT JOIN aoty_attrs q ON q.song_id = s.id
        LEFT JOIN spotify_attrs p ON p.song_id = s.id
        LEFT JOIN open_attrs o ON o.song_id = s.id
        LEFT JOIN lastfm_stats l ON l.song_id = s.id
        LEFT JOIN song_quality k ON k.song_id = s.id
    ), albums AS MATERIALIZED (
        SELECT (array_agg(artist ORDER BY plays DESC, artist))[1] AS artist,
            (array_agg(album ORDER BY plays DESC, album))[1] AS name,
            count(*) AS songs, sum(plays)::bigint AS plays, max(score) AS score
        FROM heard WHERE album IS NOT NULL GROUP BY lower(artist), lower(album)
    ), tagged AS MATERIALIZED ( -- songs of an album mostly have the same tags
        SELECT row_number() OVER () AS n, genres, aoty_tags, tags, count(*) AS songs, sum(plays) AS plays
        FROM heard GROUP BY genres, aoty_tags, tags
    ), told AS MATERIALIZED (
        SELECT n, genre AS spelling, true AS listed FROM tagged, jsonb_array_elements_text(genres) genre
        UNION ALL SELECT n, tag, false FROM tagged, jsonb_array_elements_text(aoty_tags) tag
        UNION ALL SELECT n, tag, false FROM tagged, jsonb_object_keys(tags) tag
    ), spelt AS MATERIALIZED (
        SELECT * FROM timbre_style_names((
            SELECT jsonb_object_agg(spelling, listed)
            FROM (SELECT spelling, bool_or(listed) AS listed FROM told GROUP BY spelling) each
        ))
    ), styles AS MATERIALIZED (
        SELECT style, sum(songs)::bigint AS songs, sum(plays)::bigint AS plays
        FROM (SELECT DISTINCT n, style FROM told JOIN spelt USING (spelling)) each JOIN tagged USING (n) GROUP BY style
    ), named AS MATERIALIZED (
        SELECT name, kind, songs, plays FROM styles JOIN (SELECT DISTINCT style, name, kind FROM spelt) s USING (style)
    )"""
# As many albums as can be told apart in a drawing.
_DRAWN = 300
_LISTS: dict[str, LiteralString] = {
    # All of them: which names are one artist's is not told here.
    "top_artists": """
        SELECT artist AS name, count(*) AS songs, sum(plays)::bigint AS plays
        FROM heard GROUP BY artist ORDER BY plays DESC, name""",
    "top_albums": "SELECT * FROM albums ORDER BY plays DESC, name, artist LIMIT %(top)s",
    "top_songs": """
        SELECT id, artist, title AS name, 1 AS songs, plays, score FROM heard
        ORDER BY plays DESC, name, artist LIMIT %(top)s""",
    "genres": """
        SELECT name, songs, plays FROM named WHERE kind = 'genre' ORDER BY plays DESC, name LIMIT %(top)s""",
    "moods": """
        SELECT name, songs, plays FROM named WHERE kind IN ('mood', 'sound') ORDER BY plays DESC, name LIMIT %(top)s""",
    "doubtful": """
        SELECT id, artist, title AS name, 1 AS songs, plays FROM heard WHERE quality IS NOT NULL
        ORDER BY plays * (1 - quality) DESC, name, artist LIMIT %(top)s""",
    "loved": "SELECT * FROM albums WHERE score >= %(high)s ORDER BY plays DESC, name, artist LIMIT %(top)s",
    "unrated": "SELECT * FROM albums WHERE score IS NULL ORDER BY plays DESC, name, artist LIMIT %(top)s",
    "rated": "SELECT * FROM albums WHERE score IS NOT NULL ORDER BY plays DESC, name, artist LIMIT %(drawn)s",
    "decades": """
        SELECT (year / 10 * 10)::text || 's' AS name, count(*) AS songs, sum(plays)::bigint AS plays,
            sum(score * plays) / nullif(sum(plays) FILTER (WHERE score IS NOT NULL), 0) AS score
        FROM heard WHERE year IS NOT NULL GROUP BY year / 10 ORDER BY year / 10""",
    # The last ten takes 100 in.
    "scores": """
        SELECT format('%%s–%%s', ten, CASE ten WHEN 90 THEN 100 ELSE ten + 9 END) AS name, count(*) AS songs,
            sum(plays)::bigint AS plays
        FROM (SELECT least(floor(score / 10) * 10, 90)::int AS ten, plays FROM albums WHERE score IS NOT NULL) rated
        GROUP BY ten ORDER BY ten""",
}
_TOTALS: LiteralString = """
    SELECT count(*) AS songs, coalesce(sum(plays), 0)::bigint AS plays,
        (SELECT count(*) FROM albums) AS albums, (SELECT count(*) FROM albums WHERE score IS NOT NULL) AS rated_albums,
        avg(quality)::float8 AS quality
    FROM heard"""
# One statement for all of them: what was heard is gathered once.
_LIBRARY = sql.SQL("{} SELECT (SELECT row_to_json(t) FROM ({}) t), {}").format(
    sql.SQL(_HEARD),
    sql.SQL(_TOTALS),
    sql.SQL(", ").join(
        sql.SQL("(SELECT coalesce(json_agg(e), '[]') FROM ({}) e)").format(sql.SQL(query)) for query in _LISTS.values()
    ),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a name, how many songs and plays are in it; `artist` and `score` (0 to 100) where it has them; `id` of
    a song."""

    name: str
    songs: int
    plays: int
    artist: str | None = None
    score: float | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """`listener` None: all of them. `quality`: the mean of its songs, `doubtful`: those played much for little of it.
    `rated`: albums with a score, `loved`: RATED_HIGH or better, `unrated`: without; `genres` and `moods` (and what it
    sounds like): as song_features.styles names them; `decades` with the mean score of what was played; `scores`: albums
    by tens of their score. Lists are the most played first; decades and scores go upwards.
    """

    listener: str | None
    songs: int
    plays: int
    artists: int
    albums: int
    rated_albums: int
    quality: float | None
    top_artists: list[Entry]
    top_albums: list[Entry]
    top_songs: list[Entry]
    genres: list[Entry]
    moods: list[Entry]
    loved: list[Entry]
    unrated: list[Entry]
    decades: list[Entry]
    scores: list[Entry]
    rated: list[Entry]
    doubtful: list[Entry]


# From one to the next in the index: there are few of them in many rows.
_LISTENERS: LiteralString = """
    WITH RECURSIVE known AS (
        SELECT min(lower(listener)) AS name FROM aliases
        UNION ALL
        SELECT (SELECT min(lower(listener)) FROM aliases WHERE lower(listener) > name) FROM known WHERE name IS NOT NULL
    )
    SELECT (SELECT listener FROM aliases WHERE lower(listener) = name LIMIT 1) AS listener
    FROM known WHERE name IS NOT NULL ORDER BY listener"""


def listeners(database: Database) -> list[str]:
    """Those whose charts are stored, each once, whatever the case of the name."""
    with database.connect() as connection:
        rows = connection.execute(_LISTENERS).fetchall()
    return [listener for (listener,) in rows]


def state_of_songs(database: Database) -> Decimal:
    """While this is the same, no song has changed: all their times together. The latest change would not do: of two
    writers the one that began first may end last."""
    with database.connect() as connection:
        row = connection.execute("SELECT coalesce(sum(extract(epoch FROM updated_at)), 0) FROM songs").fetchone()
    assert row is not None
    state: Decimal = row[0]
    return state


def read_library(database: Database, listener: str | None, artist_key: Callable[[str], str], *, top: int) -> Library:
    """What `listener` (None: everybody) has heard; `top` entries of each list. Names of one `artist_key` are one
    artist's, under the most played. Raises DatabaseUnreachable."""
    given: dict[str, Any] = {"listener": listener, "high": RATED_HIGH, "top": top, "drawn": _DRAWN}
    with database.connect() as connection:
        row = connection.execute(_LIBRARY, given).fetchone()
    assert row is not None
    parts: dict[str, Any] = dict(row[0])
    for name, told in zip(_LISTS, row[1:], strict=True):
        parts[name] = [Entry(**entry) for entry in told]
    artists: dict[str, Entry] = {}
    for entry in parts["top_artists"]:
        known = artists.get(key := artist_key(entry.name) or entry.name)
        artists[key] = (
            replace(known, songs=known.songs + entry.songs, plays=known.plays + entry.plays) if known else entry
        )
    parts["artists"] = len(artists)
    parts["top_artists"] = nsmallest(top, artists.values(), lambda entry: (-entry.plays, entry.name))
    return Library(listener, **parts)
