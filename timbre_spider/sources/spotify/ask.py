"""Search queries with field filters [docs]: `track: artist: album: isrc:`."""

from timbre_spider.sources.text import plain

# Longer queries are answered with 400 [observed].
LONGEST_QUERY = 250


def track_query(artist: str, title: str) -> str:
    """One song."""
    return _query(("track", title), ("artist", artist))


def album_query(artist: str, album: str) -> str:
    """The tracks of one album."""
    return _query(("album", album), ("artist", artist))


def artist_query(artist: str) -> str:
    """Tracks of one artist, in Spotify's order."""
    return _query(("artist", artist))


def isrc_query(isrc: str) -> str:
    """Tracks with this ISRC, plain form."""
    return f"isrc:{isrc}"


def _query(*filters: tuple[str, str]) -> str:
    # A quote ends the phrase and cannot be escaped [assumed: undocumented].
    phrases = [(field, plain(text.replace('"', " "))) for field, text in filters]
    room = LONGEST_QUERY - sum(len(f'{field}:""') for field, _ in phrases) - (len(phrases) - 1)
    shortest_first = sorted(range(len(phrases)), key=lambda place: len(phrases[place][1]))
    for done, place in enumerate(shortest_first):
        field, text = phrases[place]
        phrases[place] = field, _cut(text, room // (len(phrases) - done))
        room -= len(phrases[place][1])
    return " ".join(f'{field}:"{text}"' for field, text in phrases)


def _cut(text: str, length: int) -> str:
    """At most `length` characters, whole words where there are any."""
    if len(text) <= length:
        return text
    words = text[: length + 1].rsplit(" ", 1)[0]
    return words if len(words) <= length else text[:length]
