"""How songs are found by words of their names."""

from dataclasses import dataclass
from typing import LiteralString

import psycopg

from timbre_spider.storage.reckoning import rows_reckoned

_NAMED: LiteralString = "timbre_words(s.artist || ' ' || s.title) @@ timbre_words_typed(%(words)s)"
# The index reads all that have a word, of each: so it is asked for the rarest, and `IS TRUE` keeps the others from it.
_RARE: LiteralString = (
    _NAMED
    + """
    AND (timbre_words(s.artist || ' ' || s.title) @@ timbre_words_typed(%(other_words)s)) IS TRUE"""
)
# Of so many songs all names are read sooner than a common word in the index.
_FEW = 5000
# More words are typed by nobody, and each costs a question.
_LOOKED_AT = 6


@dataclass(frozen=True, slots=True)
class ByWords:
    """Songs (`s`) that meet the `condition`, which takes `words` and `other_words`."""

    condition: LiteralString
    words: str
    other_words: str


def by_words(connection: psycopg.Connection, typed: str) -> ByWords:
    """How to find the songs that have, for each word typed, one that begins so."""
    row = connection.execute("SELECT timbre_plain_words(%s)", [typed]).fetchone()
    assert row is not None
    words = row[0].split(" ")
    if len(words) > 1:
        songs = {
            word: rows_reckoned(connection, "SELECT FROM songs s WHERE " + _NAMED, {"words": word})
            for word in words[:_LOOKED_AT]
        }
        rarest = min(songs, key=lambda word: songs[word])
        if songs[rarest] <= _FEW:
            return ByWords(_RARE, rarest, " ".join(word for word in words if word != rarest) or rarest)
    return ByWords(_NAMED, typed, "")
