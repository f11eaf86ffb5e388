"""What a source said of a song goes when a person names another answer, and is known again when that word is undone."""

from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

# All that is stored of the song, and the answers that `keys` or `url` name.
_TAKEN = """
    SELECT jsonb_build_object('song', timbre_snapshot(%(song)s), 'answers', coalesce((
        SELECT jsonb_agg(to_jsonb(a)) FROM answers a
        WHERE a.source = ANY (%(sources)s) AND (a.key = ANY (%(keys)s) OR a."values" ->> 'url' = %(url)s)), '[]'))
"""
_FORGET_ANSWERS = """
    DELETE FROM answers WHERE source = ANY (%(sources)s) AND (key = ANY (%(keys)s) OR "values" ->> 'url' = %(url)s)
"""
_NAMES = "SELECT key FROM song_keys WHERE song_id = %s AND key LIKE 'hash:%%' ORDER BY key"
_ANSWERS_AGAIN = """
    INSERT INTO answers SELECT r.* FROM jsonb_populate_recordset(NULL::answers, %(taken)s -> 'answers') r
    ON CONFLICT DO NOTHING
"""
_ALBUM_AGAIN = """
    INSERT INTO aoty_attrs SELECT r.* FROM jsonb_populate_record(NULL::aoty_attrs, %(taken)s #> '{song,aoty}') r
    WHERE r.song_id IS NOT NULL ON CONFLICT DO NOTHING
"""
# A key that another song has by now stays there.
_TRACK_AGAIN = (
    """
    INSERT INTO song_keys (key, song_id)
    SELECT k.key, %(song)s FROM jsonb_array_elements_text(%(taken)s #> '{song,keys}') k (key) ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO spotify_attrs
    SELECT r.* FROM jsonb_populate_record(NULL::spotify_attrs, nullif(%(taken)s #> '{song,spotify}', 'null')) r
    WHERE r.song_id IS NOT NULL ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO open_attrs
    SELECT r.* FROM jsonb_populate_record(NULL::open_attrs, nullif(%(taken)s #> '{song,open}', 'null')) r
    WHERE r.song_id IS NOT NULL ON CONFLICT DO NOTHING
    """,
    """
    UPDATE songs s SET spotify_id = was.spotify_id, isrc = was.isrc, isrc_source = was.isrc_source,
        completeness = was.completeness, version_plays = was.version_plays, updated_at = now(),
        canonical_id = timbre_best_key(s.id, was.canonical_id)
    FROM jsonb_populate_record(NULL::songs, %(taken)s #> '{song,song}') was
    WHERE s.id = %(song)s
    """,
)


def forget_spotify(connection: psycopg.Connection, song_id: UUID, right: str) -> Any:
    """Another Spotify id is right: what came with the wrong one goes, and is asked for again. What went, as JSON."""
    row = connection.execute("SELECT spotify_id FROM songs WHERE id = %s", [song_id]).fetchone()
    if row is None or row[0] == right:
        return None
    names = [each[0] for each in connection.execute(_NAMES, [song_id])]
    taken = _take(connection, song_id, sources=["spotify", "open"], keys=names)
    connection.execute("DELETE FROM spotify_attrs WHERE song_id = %s", [song_id])
    connection.execute("DELETE FROM open_attrs WHERE song_id = %s", [song_id])
    connection.execute(
        "UPDATE songs SET spotify_id = NULL, isrc = NULL, isrc_source = NULL, completeness = 0, version_plays = 0,"
        " canonical_id = coalesce(%s, canonical_id), updated_at = now() WHERE id = %s",
        [names[0] if names else None, song_id],
    )
    if names:
        connection.execute("DELETE FROM song_keys WHERE song_id = %s AND key <> ALL (%s)", [song_id, names])
    return taken


def forget_album(connection: psycopg.Connection, song_id: UUID, right: str) -> Any:
    """Another album is right: the wrong one goes; answers that led to it are asked for again. What went, as JSON."""
    row = connection.execute("SELECT url FROM aoty_attrs WHERE song_id = %s AND url <> %s", [song_id, right]).fetchone()
    if row is None:
        return None
    taken = _take(connection, song_id, sources=["aoty"], url=row[0])
    connection.execute("DELETE FROM aoty_attrs WHERE song_id = %s", [song_id])
    return taken


def remember_again(connection: psycopg.Connection, kind: str, song_id: UUID, taken: Any) -> None:
    """What `forget_spotify` or `forget_album` (by `kind`) took, given back to the song it was taken from; a song that
    has become part of another is asked about anew."""
    if taken is None or taken["song"]["song"]["id"] != str(song_id):
        return
    for statement in (*(_TRACK_AGAIN if kind == "spotify" else (_ALBUM_AGAIN,)), _ANSWERS_AGAIN):
        connection.execute(statement, {"song": song_id, "taken": Jsonb(taken)})


def _take(
    connection: psycopg.Connection, song_id: UUID, *, sources: list[str], keys: list[str] | None = None, url: str = ""
) -> Any:
    told = {"song": song_id, "sources": sources, "keys": keys or [], "url": url}
    row = connection.execute(_TAKEN, told).fetchone()
    connection.execute(_FORGET_ANSWERS, told)
    return row[0] if row else None
