"""Search queries with field filters [docs]: `track: artist: album:`."""

import re

from timbre_spider.sources.text import plain

# Longer queries are answered with 400 [observed].
LONGEST_QUERY = 250
# What is no word, but would be read as a sign of the query's language, or as a word that must occur.
_SIGNS = re.compile(r'[":()\[\]{}*]+|(?<!\S)[-–—]+(?!\S)')


def track_query(artist: str, title: str) -> str:
    """One song: all words of its title and artist, in any order."""
    return _query("{}:{}", ("track", title), ("artist", artist))


def words_query(artist: str, title: str) -> str:
    """One song, its words anywhere: in the artist's name, the title, the album's name."""
    return _query("{1}", ("artist", artist), ("track", title))


def album_query(artist: str, album: str) -> str:
    """The tracks of one album: all words of its name and artist, in any order."""
    return _query("{}:{}", ("album", album), ("artist", artist))


def artist_query(artist: str) -> str:
    """Tracks of one artist, in Spotify's order."""
    # Quoted, these words in exactly this order [docs]: no other act of some of the words.
    return _query('{}:"{}"', ("artist", artist))


def _query(form: str, *filters: tuple[str, str]) -> str:
    # A quote cannot be escaped, and a colon ends a filter's name [assumed: undocumented].
    phrases = [(field, plain(_SIGNS.sub(" ", text))) for field, text in filters]
    room = LONGEST_QUERY - sum(len(form.format(field, "")) for field, _ in phrases) - (len(phrases) - 1)
    shortest_first = sorted(range(len(phrases)), key=lambda place: len(phrases[place][1]))
    for done, place in enumerate(shortest_first):
        field, text = phrases[place]
        phrases[place] = field, _cut(text, room // (len(phrases) - done))
        room -= len(phrases[place][1])
    return " ".join(form.format(field, text) for field, text in phrases)


def _cut(text: str, length: int) -> str:
    """At most `length` characters, whole words where there are any."""
    if len(text) <= length:
        return text
    words = text[: length + 1].rsplit(" ", 1)[0]
    return words if len(words) <= length else text[:length]
