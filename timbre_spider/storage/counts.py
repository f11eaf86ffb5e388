"""How much there is."""

from timbre_spider.storage.database import Database

_ORDER = (
    "songs", "with_isrc", "with_spotify", "with_aoty", "spotify_attrs", "open_attrs", "lastfm_stats", "aoty_attrs",
    "aliases", "song_keys", "song_redirects", "ratings_history", "answers", "rejects", "overrides", "runs",
)  # fmt: skip
_RECKONED = """
SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class
WHERE relkind = 'r' AND pg_table_is_visible(oid)
UNION ALL
SELECT 'with_' || replace(told.name, '_id', ''), (greatest(c.reltuples, 0) * (1 - coalesce(s.null_frac, 0)))::bigint
FROM (VALUES ('isrc'), ('spotify_id')) told (name)
JOIN pg_class c ON c.relname = 'songs' AND pg_table_is_visible(c.oid)
LEFT JOIN pg_stats s ON s.tablename = 'songs' AND s.attname = told.name
    AND s.schemaname = c.relnamespace::regnamespace::text
"""


def counts(database: Database) -> dict[str, int]:
    """Rows of each table, and songs with an ISRC, a Spotify id, an album of AOTY."""
    told = database.call("timbre_counts", {})
    return {name: told[name] for name in _ORDER}


def counts_reckoned(database: Database) -> dict[str, int]:
    """The same by the database's own statistics, at once: about how many there were when it last looked."""
    with database.connect() as connection:
        rows: dict[str, int] = dict(connection.execute(_RECKONED).fetchall())
    rows["with_aoty"] = rows["aoty_attrs"]
    return {name: rows[name] for name in _ORDER}
