"""Measures how fast a recommender finds songs among many, and what the indexes for that weigh.

python benchmarks/bench_features.py [--songs 1000000] [--rounds 9] [--explain] [--keep FOLDER] [--json]
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from bench_storage import LARGEST_SONG, size_a_song
from large_database import large_database
from psycopg.rows import dict_row

FASTEST_MS = 20
# What a recommender shows of a song.
SHOWN = "id, artist, title, isrc, spotify_id, playcount, popularity, genres, lastfm_tags, user_score, updated_at"
# What is asked → (columns, view, condition).
QUERIES = {
    "by ISRC": (SHOWN, "song_features", "isrc = %(isrc)s"),
    "by ISRC, all columns": ("*", "song_features", "isrc = %(isrc)s"),
    "by Spotify id": (SHOWN, "song_features", "spotify_id = %(spotify_id)s"),
    "by a genre of one song in 5, 100 songs": (SHOWN, "song_features", "genres ? %(genre)s LIMIT 100"),
    "by a genre of 240 songs": (SHOWN, "song_features", "genres ? 'Zeuhl'"),
    "by a genre however spelt, frequent, 100 songs": (
        SHOWN,
        "song_features",
        "id = ANY (ARRAY(SELECT song FROM timbre_songs_of_genre(%(genre)s) song LIMIT 100))",
    ),
    "by a genre however spelt, of 240 songs": (
        SHOWN,
        "song_features",
        "id = ANY (ARRAY(SELECT song FROM timbre_songs_of_genre('zeuhl') song))",
    ),
    "by a genre however spelt, with styles, 50 songs": (
        SHOWN + ", styles",
        "song_features",
        "id = ANY (ARRAY(SELECT song FROM timbre_songs_of_genre('zeuhl') song LIMIT 50))",
    ),
    "by a tag of one song in 2, 100 songs": (SHOWN, "song_features", "lastfm_tags ? %(genre)s LIMIT 100"),
    "by a tag of 240 songs": (SHOWN, "song_features", "lastfm_tags ? 'zeuhl'"),
    "changed since, 100 songs": (SHOWN, "song_features", "updated_at >= %(since)s"),
    "changed since, none": (SHOWN, "song_features", "updated_at >= now()"),
    "answers of a song": ("source, outcome, score, asked_at", "song_answers", "song_id = %(id)s"),
}
INDEXES = (
    "songs_isrc",
    "songs_spotify",
    "songs_changed_at",
    "lastfm_stats_tags",
    "aoty_attrs_genres",
    "aliases_listener",
    "lastfm_stats_genre_keys",
    "aoty_attrs_genre_keys",
)


def measure(arguments: argparse.Namespace) -> Iterator[tuple[str, str, str, bool]]:
    """Rows of (what, asked, measured, reached)."""
    with large_database(arguments.songs, arguments.keep) as database, database.connect() as connection:
        size = size_a_song(database, arguments.songs)
        weights = {name: weight(connection, name) / arguments.songs for name in INDEXES}
        yield "size of a song, all in", f"≤ {LARGEST_SONG:,} B", f"{size:,.0f} B", size <= LARGEST_SONG
        told = ", ".join(f"{name} {bytes_a_song:.0f} B" for name, bytes_a_song in weights.items())
        yield "of that, these indexes", "-", f"{sum(weights.values()):.0f} B ({told})", True
        chosen = some(connection, arguments)
        since = make_rare(connection)
        for name, (columns, view, condition) in QUERIES.items():
            query = f"SELECT {columns} FROM {view} WHERE {condition}"  # noqa: S608
            times = []
            for someone in chosen:
                values = {**someone, "since": since}
                started = time.perf_counter()
                rows = connection.execute(query.encode(), values).fetchall()
                times.append((time.perf_counter() - started) * 1000)
            median = statistics.median(times)
            yield f"{name}, of {arguments.songs:,} songs, median of {arguments.rounds}", f"≤ {FASTEST_MS} ms", (
                f"{median:.1f} ms ({len(rows)} rows)"), median <= FASTEST_MS  # fmt: skip
            if arguments.explain:
                plan = connection.execute(
                    f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {query}".encode(), values
                ).fetchall()
                print("\n".join(f"      {line}" for (line,) in plan), file=sys.stderr)


def make_rare(connection: psycopg.Connection) -> Any:
    """A rare genre and tag for 240 songs, then a change of 100 others; when that was. As a database at rest."""
    spread = "SELECT id FROM songs ORDER BY id LIMIT"
    connection.execute(
        f"""UPDATE aoty_attrs SET genres = '["Zeuhl"]' WHERE song_id IN ({spread} 240)""".encode()  # noqa: S608
    )
    connection.execute(
        f"""UPDATE lastfm_stats SET tags = '{{"zeuhl": 100}}' WHERE song_id IN ({spread} 240)""".encode()  # noqa: S608
    )
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    changed = f"UPDATE lastfm_stats SET playcount = playcount + 1 WHERE song_id IN ({spread} 100 OFFSET 240)"  # noqa: S608
    connection.execute(changed.encode())
    connection.execute("VACUUM ANALYZE")
    return row[0] if row else None


def some(connection: psycopg.Connection, arguments: argparse.Namespace) -> list[dict[str, Any]]:
    """What songs are looked up by, another song each round."""
    step = arguments.songs // arguments.rounds
    return [
        connection.cursor(row_factory=dict_row)
        .execute(
            "SELECT id, isrc, spotify_id, (SELECT min(g) FROM jsonb_array_elements_text(genres) g) AS genre"
            " FROM songs JOIN aoty_attrs ON song_id = id ORDER BY id OFFSET %s LIMIT 1",
            [step * number],
        )
        .fetchone()
        or {}
        for number in range(arguments.rounds)
    ]


def weight(connection: psycopg.Connection, index: str) -> int:
    """Bytes of an index."""
    row = connection.execute("SELECT pg_relation_size(%s::regclass)", [index]).fetchone()
    return int(row[0]) if row else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--explain", action="store_true", help="print the plan of each query")
    parser.add_argument("--keep", type=Path, help="where the database is, or is made and kept")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = []
    for what, asked, measured, ok in measure(arguments):
        rows.append({"what": what, "asked": asked, "measured": measured, "reached": ok})
        if not arguments.json:
            print(f"{'ok  ' if ok else 'MISS'}  {what}: {measured} (asked: {asked})", flush=True)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    return 0 if all(row["reached"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
