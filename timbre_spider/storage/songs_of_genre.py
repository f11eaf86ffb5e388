"""How songs of a genre are found among many: gathered and put in order, sifted out of the order, or met in it."""

from dataclasses import dataclass
from math import sqrt
from typing import Literal, LiteralString

import psycopg

from timbre_spider.storage.reckoning import rows_reckoned

# Who tells genres: all songs of which somebody does, and which of them have one.
_TELLERS: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("SELECT song_id FROM aoty_attrs", " WHERE timbre_tag_keys(genres || tags) && %(genre_keys)s"),
    ("SELECT song_id FROM lastfm_stats", " WHERE timbre_tag_keys(tags) && %(genre_keys)s"),
)
# To look whether a song that is met has the genre costs as much as finding so many that have it: its tags are folded.
_DEARER = 5
# What share of all rows the planner expects at most to have a key that its statistics do not list.
_UNLISTED = 0.0051

_OF_AOTY: LiteralString = _TELLERS[0][0] + _TELLERS[0][1]
_OF_LASTFM: LiteralString = _TELLERS[1][0] + _TELLERS[1][1]
Telling = Literal["s", "l", "a", "q"]
# The songs as rows of the table that has the order, found by the indexes of both tellers. Without OFFSET the planner
# would go through the order.
_GATHERED: dict[Telling, LiteralString] = {
    "s": f"(SELECT * FROM songs WHERE id = ANY (ARRAY({_OF_AOTY} UNION ALL {_OF_LASTFM})) OFFSET 0) s",  # noqa: S608
    "l": f"(SELECT * FROM lastfm_stats{_TELLERS[1][1]} OR song_id = ANY (ARRAY({_OF_AOTY})) OFFSET 0) l",  # noqa: S608
    "a": f"(SELECT * FROM aoty_attrs{_TELLERS[0][1]} OR song_id = ANY (ARRAY({_OF_LASTFM})) OFFSET 0) a",  # noqa: S608
    "q": f"(SELECT * FROM song_quality WHERE song_id = ANY (ARRAY({_OF_AOTY} UNION ALL {_OF_LASTFM})) OFFSET 0) q",  # noqa: S608
}
# All that have it are known before the order is gone through, of which the index alone is read. `coalesce` keeps the
# planner from looking each of them up.
_SIFTED: dict[Telling, LiteralString] = {
    "s": f"(SELECT * FROM songs WHERE coalesce(id IN ({_OF_AOTY} UNION ALL {_OF_LASTFM}), false)) s",  # noqa: S608
    "l": f"(SELECT * FROM lastfm_stats WHERE coalesce(song_id IN ({_OF_AOTY} UNION ALL {_OF_LASTFM}), false)) l",  # noqa: S608
    "a": f"(SELECT * FROM aoty_attrs WHERE coalesce(song_id IN ({_OF_AOTY} UNION ALL {_OF_LASTFM}), false)) a",  # noqa: S608
    "q": f"(SELECT * FROM song_quality WHERE coalesce(song_id IN ({_OF_AOTY} UNION ALL {_OF_LASTFM}), false)) q",  # noqa: S608
}
_MET: LiteralString = """(timbre_tag_keys(a.genres || a.tags) && %(genre_keys)s
    OR timbre_tag_keys(l.tags) && %(genre_keys)s)"""


@dataclass(frozen=True, slots=True)
class OfGenre:
    """Songs of a genre by its `keys` (`genre_keys` in a query): those that meet the `condition`, or the rows of `table`
    in place of all."""

    keys: list[str]
    condition: LiteralString | None = None
    table: LiteralString | None = None


def of_genre(connection: psycopg.Connection, genre: str, limit: int, ordered_by: Telling) -> OfGenre:
    """How to find `limit` songs (`s`, with `aoty_attrs` `a`, `lastfm_stats` `l`) of that genre, however spelt, in the
    order of a table. Over both tellers the planner cannot tell which way is cheaper, so it is told: statistics alone
    say how many songs a genre has that they list; to count them would read them."""
    row = connection.execute("SELECT timbre_genre_keys(%s)", [genre]).fetchone()
    assert row is not None
    keys = sorted(set(row[0]))
    given = {"genre_keys": keys}
    listed = False
    for songs, which in _TELLERS:
        whole, of_it = (rows_reckoned(connection, query, given) for query in (songs, songs + which))
        if of_it > max(1, _UNLISTED * len(keys) * whole):  # 1 is the least it ever expects
            listed = True
            if of_it > sqrt(_DEARER * limit * whole):  # so few others stand between them
                return OfGenre(keys, condition=_MET)
    return OfGenre(keys, table=(_SIFTED if listed else _GATHERED)[ordered_by])
