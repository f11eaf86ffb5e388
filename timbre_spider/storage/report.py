"""What a person should look at: songs not matched, matched weakly, merged under differing names, rows rejected."""

from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import sql
from psycopg.rows import dict_row

from timbre_spider.storage.database import Database

# Songs a source was asked about and not found in, or never asked about.
_UNMATCHED: LiteralString = """
    SELECT s.id, s.artist, s.title, l.playcount, coalesce(a.outcome, 'not asked') AS outcome, a.reason
    FROM songs s
    LEFT JOIN lastfm_stats l ON l.song_id = s.id
    LEFT JOIN LATERAL (
        SELECT a.outcome, a.reason FROM song_keys k JOIN answers a ON a.source = 'spotify' AND a.key = k.key
        WHERE k.song_id = s.id AND left(k.key, 5) = 'hash:' ORDER BY a.asked_at DESC LIMIT 1
    ) a ON true
    WHERE s.spotify_id IS NULL
    ORDER BY l.playcount DESC NULLS LAST, s.id"""
# An answer is about a song (its hash key) or about an album or artist, which stands for itself.
_WEAK: LiteralString = """
    SELECT a.source, a.key, s.id, s.artist, s.title, a.score, a.tier, a.reason, a."values"
    FROM answers a
    LEFT JOIN song_keys k ON k.key = a.key
    LEFT JOIN songs s ON s.id = k.song_id
    WHERE a.outcome = 'found' AND a.tier IN ('low', 'medium')
    ORDER BY a.score, a.source, a.key"""
# Rows of more than one name key under one ISRC.
_MERGED: LiteralString = """
    SELECT s.id, s.isrc, s.artist, s.title, l.playcount, names.names
    FROM (
        SELECT song_id, jsonb_agg(jsonb_build_object('artist', artist, 'title', title, 'playcount', playcount)
            ORDER BY playcount DESC, artist, title) AS names
        FROM aliases GROUP BY song_id HAVING count(DISTINCT name_key) > 1
    ) names
    JOIN songs s ON s.id = names.song_id AND s.isrc IS NOT NULL
    LEFT JOIN lastfm_stats l ON l.song_id = s.id
    ORDER BY l.playcount DESC NULLS LAST, s.id"""
_REJECTED: LiteralString = """
    SELECT listener, artist, title, playcount, reason, seen_at FROM rejects
    ORDER BY reason, playcount DESC, artist, title"""
_SECTIONS: dict[str, LiteralString] = {
    "unmatched": _UNMATCHED,
    "weak": _WEAK,
    "merged": _MERGED,
    "rejected": _REJECTED,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: `rows` (at most the asked number) of `count`; `by` counts them by what tells them
    apart (outcome, source and tier, reason)."""

    name: str
    count: int
    by: dict[str, int]
    rows: list[dict[str, Any]]


_BY: dict[str, LiteralString] = {
    "unmatched": "outcome",
    "weak": "source || ' ' || tier",
    "merged": "'by ISRC'",
    "rejected": "reason",
}


def report(database: Database, *, limit: int | None = 50) -> list[Section]:
    """The sections `unmatched`, `weak`, `merged`, `rejected`; `limit` rows of each, None for all."""
    sections = []
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        for name, query in _SECTIONS.items():
            parts = {"kind": sql.SQL(_BY[name]), "query": sql.SQL(query)}
            counting = "SELECT {kind} AS kind, count(*) AS rows FROM ({query}) q GROUP BY 1 ORDER BY 2 DESC, 1"
            counted = cursor.execute(sql.SQL(counting).format(**parts)).fetchall()
            by = {str(each["kind"]): int(each["rows"]) for each in counted}
            showing = "SELECT * FROM ({query}) q LIMIT %s"
            rows = cursor.execute(sql.SQL(showing).format(**parts), [limit]).fetchall()
            sections.append(Section(name, sum(by.values()), by, rows))
    return sections
