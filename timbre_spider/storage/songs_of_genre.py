"""How songs of a genre are found among many: gathered and put in order, or met in the order."""

from typing import Any, LiteralString

import psycopg

# A song has a genre by its album, or by Last.fm's tags; its keys are those of all spellings.
_TELLERS: tuple[LiteralString, LiteralString] = (
    "SELECT a.song_id FROM aoty_attrs a WHERE timbre_tag_keys(a.genres || a.tags) && %(genre_keys)s",
    "SELECT l.song_id FROM lastfm_stats l WHERE timbre_tag_keys(l.tags) && %(genre_keys)s",
)
# From so many songs on a genre is frequent: so few others stand between its songs that meeting them is cheaper.
_FREQUENT = 10_000

_GATHERED: LiteralString = "s.id = ANY (%(genre)s)"
_MET: LiteralString = """(timbre_tag_keys(a.genres || a.tags) && %(genre_keys)s
    OR timbre_tag_keys(l.tags) && %(genre_keys)s)"""


def of_genre(connection: psycopg.Connection, genre: str) -> tuple[LiteralString, dict[str, Any]]:
    """What must be so of a song (`s`, its `aoty_attrs` `a`, its `lastfm_stats` `l`) of that genre, however spelt; and
    what that condition is given. Over both tables the planner cannot tell which way is cheaper, so it is told."""
    [keys] = connection.execute("SELECT timbre_genre_keys(%s)", [genre]).fetchone() or [[]]
    given: dict[str, Any] = {"genre_keys": keys, "most": _FREQUENT}
    if any(_reckoned(connection, teller, given) >= _FREQUENT for teller in _TELLERS):
        return _MET, given
    found: set[Any] = set()
    for teller in _TELLERS:
        found.update(row[0] for row in connection.execute(teller + " LIMIT %(most)s", given))
        if len(found) >= _FREQUENT:  # statistics were old, or not there
            return _MET, given
    return _GATHERED, given | {"genre": list(found)}


def _reckoned(connection: psycopg.Connection, query: LiteralString, given: dict[str, Any]) -> int:
    """How many rows the planner expects, from statistics alone."""
    row = connection.execute("EXPLAIN (FORMAT JSON) " + query, given).fetchone()
    assert row is not None
    return int(row[0][0]["Plan"]["Plan Rows"])
