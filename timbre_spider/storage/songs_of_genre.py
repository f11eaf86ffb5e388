"""How songs of a genre are found among many: gathered and put in order, or met in the order."""

from typing import Any, LiteralString

import psycopg

# Who tells genres: all songs of which somebody does, and which of them have one.
_TELLERS: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("SELECT song_id FROM aoty_attrs", " WHERE timbre_tag_keys(genres || tags) && %(genre_keys)s"),
    ("SELECT song_id FROM lastfm_stats", " WHERE timbre_tag_keys(tags) && %(genre_keys)s"),
)
# From so many songs on a genre is frequent: so few others stand between its songs that meeting them is cheaper.
_FREQUENT = 2000
# What share of all rows the planner expects at most to have a key that its statistics do not list.
_UNLISTED = 0.0051

_GATHERED: LiteralString = "s.id = ANY (%(genre)s)"
_MET: LiteralString = """(timbre_tag_keys(a.genres || a.tags) && %(genre_keys)s
    OR timbre_tag_keys(l.tags) && %(genre_keys)s)"""


def of_genre(connection: psycopg.Connection, genre: str) -> tuple[LiteralString, dict[str, Any]]:
    """What must be so of a song (`s`, its `aoty_attrs` `a`, its `lastfm_stats` `l`) of that genre, however spelt; and
    what that condition is given. Over both tables the planner cannot tell which way is cheaper, so it is told."""
    row = connection.execute("SELECT timbre_genre_keys(%s)", [genre]).fetchone()
    assert row is not None
    given: dict[str, Any] = {"genre_keys": sorted(set(row[0])), "most": _FREQUENT + 1}
    if any(_is_frequent(connection, songs, which, given) for songs, which in _TELLERS):
        return _MET, given
    found: set[Any] = set()
    for songs, which in _TELLERS:
        found.update(song for (song,) in connection.execute(songs + which + " LIMIT %(most)s", given))
        if len(found) > _FREQUENT:
            return _MET, given
    return _GATHERED, given | {"genre": list(found)}


def _is_frequent(
    connection: psycopg.Connection, songs: LiteralString, which: LiteralString, given: dict[str, Any]
) -> bool:
    """Whether statistics alone say so, of a genre that they list; to count its songs would read and fold many."""
    unlisted = _UNLISTED * len(given["genre_keys"]) * _reckoned(connection, songs, given)
    return _reckoned(connection, songs + which, given) > max(_FREQUENT, unlisted)


def _reckoned(connection: psycopg.Connection, query: LiteralString, given: dict[str, Any]) -> int:
    """How many rows the planner expects, without one being read."""
    row = connection.execute("EXPLAIN (FORMAT JSON) " + query, given).fetchone()
    assert row is not None
    return int(row[0][0]["Plan"]["Plan Rows"])
