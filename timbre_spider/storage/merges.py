"""Rows that became one song: which, why, and how they come apart again (sql/0006_merges.sql)."""

from collections.abc import Sequence
from uuid import UUID

import psycopg

from timbre_spider.errors import UsageError

# The last merge that brought both keys together; the song they are in may have gone into another since.
_OF_KEYS = """
    SELECT m.id FROM merges m
    LEFT JOIN song_redirects r ON r.old_id = m.song_id
    WHERE m.parted_by IS NULL AND coalesce(r.song_id, m.song_id) = %(song)s
        AND (m.gone -> 'keys' ? %(one)s) <> (m.gone -> 'keys' ? %(other)s)
        AND (m.became -> 'keys' ? %(one)s) AND (m.became -> 'keys' ? %(other)s)
    ORDER BY m.id DESC LIMIT 1
"""


def merge_of(connection: psycopg.Connection, song_id: UUID, one: str, other: str) -> int | None:
    """The merge that brought two keys of the song together, if one did."""
    row = connection.execute(_OF_KEYS, {"song": song_id, "one": one, "other": other}).fetchone()
    return row[0] if row else None


def absorb(connection: psycopg.Connection, gone_id: UUID, song_id: UUID, override_id: int) -> None:
    """A person says that both rows are one song."""
    connection.execute("SELECT timbre_absorb(%s, %s, 'override', NULL, %s)", [gone_id, song_id, override_id])


def part_merge(connection: psycopg.Connection, merge_id: int, *, word: int | None = None) -> None:
    """Take a merge apart, whatever was merged since: each row has its id, keys, plays and values again.

    `word` is the override that says so and whose undoing merges again; None: it was no merge at all.
    Raises UsageError when there is no such merge, or no key is left of one of the two.
    """
    try:
        connection.execute("SELECT timbre_part_merge(%s, %s)", [merge_id, word])
    except psycopg.errors.NoDataFound as error:
        raise UsageError(f"Merge {merge_id} cannot be taken apart: {error.diag.message_primary}.") from None


def part_aliases(
    connection: psycopg.Connection, song_id: UUID, aliases: Sequence[UUID], own_key: str, *, word: int
) -> UUID | None:
    """Chart rows leave their song for one of their own, known by the hash key `own_key`; also rows whose names are
    read as one with those that stay. The new song's id; None where that would leave one of the two without rows."""
    row = connection.execute(
        "SELECT timbre_part_aliases(%s, %s, %s, %s)", [song_id, list(aliases), own_key, word]
    ).fetchone()
    return row[0] if row else None


def merge_again(connection: psycopg.Connection, word: int) -> None:
    """Undo what the override `word` took apart."""
    connection.execute(
        """
        SELECT timbre_absorb(coalesce(g.song_id, m.gone_id), coalesce(s.song_id, m.song_id), m.rule, m.evidence,
            m.override_id)
        FROM (SELECT * FROM merges WHERE parted_by = %s ORDER BY id) m
        LEFT JOIN song_redirects g ON g.old_id = m.gone_id
        LEFT JOIN song_redirects s ON s.old_id = m.song_id
        """,
        [word],
    )
