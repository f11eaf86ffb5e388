"""What a person should look at: songs not matched, matched weakly, merged under differing names, rows rejected."""

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from heapq import nsmallest
from typing import Any, LiteralString

from psycopg import sql
from psycopg.rows import dict_row

from timbre_spider.items import ChartRow
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
# An answer is about a song (its hash key) or about an album or artist, which stands for itself. Of a track that a
# person has named nobody is unsure.
_WEAK: LiteralString = """
    SELECT a.source, a.key, s.id, s.artist, s.title, a.score, a.tier, a.reason, a."values"
    FROM answers a
    LEFT JOIN song_keys k ON k.key = a.key
    LEFT JOIN songs s ON s.id = k.song_id
    WHERE a.outcome = 'found' AND a.tier IN ('low', 'medium') AND NOT EXISTS (
        SELECT FROM overrides w
        WHERE w.kind = 'spotify' AND w.subject = a.key AND w.replaced_by IS NULL AND a.source IN ('spotify', 'labs'))
    ORDER BY a.score, a.source, a.key"""
# Songs of several chart rows, and the merges that made them one. Those first of which a joined row may have the most
# plays: whoever shows a few need not read on.
_SPELLED: LiteralString = """
    SELECT spelled.id, spelled.at_stake,
        (SELECT jsonb_agg(jsonb_build_object('artist', artist, 'title', title, 'playcount', playcount,
            'name_key', name_key, 'rule', rule) ORDER BY playcount DESC, artist, title)
            FROM aliases WHERE song_id = spelled.id) AS names,
        coalesce((SELECT jsonb_agg(jsonb_build_object('rule', m.rule, 'keys', m.gone -> 'keys') ORDER BY m.id)
            FROM merges m WHERE m.song_id = spelled.id AND m.parted_by IS NULL AND m.rule <> 'name'), '[]') AS merges
    FROM (
        SELECT song_id AS id, (array_agg(playcount ORDER BY playcount DESC))[2] AS at_stake
        FROM aliases GROUP BY song_id HAVING count(*) > 1 ORDER BY at_stake DESC, song_id
    ) spelled"""
_REJECTED: LiteralString = """
    SELECT listener, artist, title, playcount, reason, seen_at FROM rejects
    ORDER BY reason, playcount DESC, artist, title"""
_SECTIONS: dict[str, LiteralString] = {
    "unmatched": _UNMATCHED,
    "weak": _WEAK,
    "rejected": _REJECTED,
}


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the report: `rows` (at most the asked number) of `count`; `by` counts them by what tells them
    apart (outcome, source and tier, rule, reason)."""

    name: str
    count: int
    by: dict[str, int]
    rows: list[dict[str, Any]]


_BY: dict[str, LiteralString] = {
    "unmatched": "outcome",
    "weak": "source || ' ' || tier",
    "rejected": "reason",
}


# The rule that joined each of a song's rows, the most played first, with the first, as far as the names alone tell it;
# None where nothing needs saying.
Why = Callable[[Sequence[ChartRow]], Sequence[str | None]]
_STORED_RULES = {"spotify": "spotify id"}


def report(database: Database, why: Why, *, limit: int | None = 50, only: str | None = None) -> list[Section]:
    """The sections `unmatched`, `weak`, `merged`, `rejected`, or one `only`; `limit` rows of each, None for all."""
    sections = []
    for name in ("unmatched", "weak", "merged", "rejected"):
        if only in (None, name):
            sections.append(_merged(database, why, limit) if name == "merged" else section_of(database, name, limit))
    return sections


def section_of(database: Database, name: str, limit: int | None) -> Section:
    """The section `unmatched`, `weak` or `rejected`."""
    parts = {"kind": sql.SQL(_BY[name]), "query": sql.SQL(_SECTIONS[name])}
    counting = "SELECT {kind} AS kind, count(*) AS rows FROM ({query}) q GROUP BY 1 ORDER BY 2 DESC, 1"
    showing = "SELECT * FROM ({query}) q LIMIT %s"
    with database.connect() as connection, connection.cursor(row_factory=dict_row) as cursor:
        counted = cursor.execute(sql.SQL(counting).format(**parts)).fetchall()
        by = {str(each["kind"]): int(each["rows"]) for each in counted}
        rows = cursor.execute(sql.SQL(showing).format(**parts), [limit]).fetchall()
    return Section(name, sum(by.values()), by, rows)


def _merged(database: Database, why: Why, limit: int | None) -> Section:
    by: Counter[str] = Counter()

    def counted() -> Iterator[dict[str, Any]]:
        for song in _spelled(database):
            for row in _joined(song, why):
                by[str(row["rule"])] += 1
                yield row

    rows = (
        sorted(counted(), key=_most_played_first) if limit is None else nsmallest(limit, counted(), _most_played_first)
    )
    return Section("merged", by.total(), dict(by.most_common()), rows)


def most_played_joins(database: Database, why: Why, limit: int) -> list[dict[str, Any]]:
    """The rows of the section `merged` alone, without reading all names to count the others."""
    rows: list[dict[str, Any]] = []
    with closing(_spelled(database)) as songs:
        for song in songs:
            if len(rows) == limit and song["at_stake"] < rows[-1]["playcount"]:
                break
            rows = sorted([*rows, *_joined(song, why)], key=_most_played_first)[:limit]
    return rows


def _spelled(database: Database) -> Generator[dict[str, Any]]:
    # A cursor of the server's: of a million songs only those are held here that are shown.
    with (
        database.connect() as connection,
        connection.transaction(),
        connection.cursor("spelled", row_factory=dict_row) as cursor,
    ):
        yield from cursor.execute(_SPELLED)


def _most_played_first(row: dict[str, Any]) -> tuple[int, str, str]:
    return -row["playcount"], row["joined_artist"], row["joined_title"]


def _joined(song: dict[str, Any], why: Why) -> Iterator[dict[str, Any]]:
    """The rows of a song whose names differ from its most played one's, with which they were joined, the plays at
    stake, and why. The song itself may bear another of its names."""
    names = [ChartRow(name["artist"], name["title"], name["playcount"], at) for at, name in enumerate(song["names"])]
    merged = {key: merge for merge in song["merges"] for key in merge["keys"]}
    main = song["names"][0]["name_key"]
    for row, name, rule in zip(names, song["names"], why(names), strict=True):
        if rule is None:
            continue
        key = name["name_key"]
        # Either of the two may have come with a merge; of those that came together it says nothing.
        merge, of_main = merged.get(key), merged.get(main)
        apart = (merge or of_main) if merge is not of_main else None
        stored = apart["rule"] if apart else name["rule"] if key != main else None
        yield {
            "id": song["id"], "artist": names[0].artist, "title": names[0].title, "joined_artist": row.artist,
            "joined_title": row.title, "playcount": row.playcount,
            "rule": _STORED_RULES.get(stored, stored) if stored else str(rule),
        }  # fmt: skip
