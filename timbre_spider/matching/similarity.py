"""How alike the fields of two records are. The only place a similarity is computed."""

from collections.abc import Callable

from rapidfuzz import fuzz

from timbre_spider.matching.prepared import Prepared
from timbre_spider.matching.text import vocabulary
from timbre_spider.matching.variants import Variant


def similarities(a: Prepared, b: Prepared) -> dict[str, float]:
    """The similarity (0 to 1) of each field both sides know."""
    fields: dict[str, float] = {}
    for name, measure in _MEASURES.items():
        similarity = measure(a, b)
        if similarity is not None:
            fields[name] = similarity
    if "title" not in fields and "artist" not in fields:
        fields["names"] = 0.0
    return fields


def ratio(a: str, b: str) -> float:
    """The similarity of two folded texts, 0 to 1."""
    return fuzz.ratio(a, b) / 100


# A title like another by letters, but with a word of its own, is this much alike: not enough for one song.
_DOUBT = 0.69
_SMALL_WORDS = vocabulary("the a an and")


def _title(a: Prepared, b: Prepared) -> float | None:
    if not a.title or not b.title:
        return None
    if a.title == b.title:
        return 0.9 if a.common else 1.0
    if a.wordless or b.wordless:
        return None
    best = ratio(a.title, b.title)
    if best >= _DOUBT and _has_another_word(a, b):
        best = _DOUBT
    if _begins(a.words, b.words):
        # What follows a dash is said on purpose; what is merely cut off is not.
        best = max(best, 0.65 if a.dashed != b.dashed else 0.7)
    # A subtitle one side leaves out: "Sweet Dreams (Are Made of This)".
    if bool(a.short) != bool(b.short) and (a.short or a.title) == (b.short or b.title):
        best = max(best, 0.92)
    return max(best, _mixed_up(a.title_grams, b.title_grams, a, b)) if best < 0.9 else best


def _artist(a: Prepared, b: Prepared) -> float | None:
    if not a.artist or not b.artist:
        return None
    if a.artist == b.artist:
        return 1.0
    if a.artist in b.artists or b.artist in a.artists:
        return 0.97
    if a.artists & b.artists:
        return 0.85
    best = ratio(a.artist, b.artist)
    if _begins(a.artist_words, b.artist_words):
        best = max(best, 0.7)
    return max(best, _mixed_up(a.artist_grams, b.artist_grams, a, b)) if best < 0.9 else best


def _has_another_word(a: Prepared, b: Prepared) -> bool:
    """Whether a word of one title has no like in the other: "No More Embers" is no misspelled "No More Blades"."""
    one, other = set(a.words.split()), set(b.words.split())
    left, right = one - other - _SMALL_WORDS, other - one - _SMALL_WORDS
    # Beside two words shared, one or two letters more are no other word.
    least = 3 if len(one & other) > 1 else 1
    return any(
        len(word) >= least and word not in title and max((ratio(word, their) for their in theirs), default=0.0) < 0.6
        for words, theirs, title in ((left, right, b.title), (right, left, a.title))
        for word in words
    )


def _begins(one: str, other: str) -> bool:
    """Whether one name is the other cut short after a word."""
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")


def _mixed_up(one: frozenset[str], other: frozenset[str], a: Prepared, b: Prepared) -> float:
    """How much of a field of each side stands anywhere in the other: "Artist - Title" in a title, fields swapped."""
    return min(_within(one, a, b), _within(other, b, a))


def _within(grams: frozenset[str], mine: Prepared, theirs: Prepared) -> float:
    # The album a song gave its name to would explain the song's name beside every other song of it.
    titled = theirs.album_grams and ratio(mine.title, theirs.album) > 0.8
    return len(grams & (theirs.grams if titled else theirs.grams | theirs.album_grams)) / len(grams) if grams else 0.0


def _album(a: Prepared, b: Prepared) -> float | None:
    if not a.album or not b.album:
        return None
    return max(ratio(a.album, b.album), 0.8 if a.album in b.album or b.album in a.album else 0.0)


def _duration(a: Prepared, b: Prepared) -> float | None:
    one, other = a.record.duration_ms, b.record.duration_ms
    if not one or not other:
        return None
    # Services cut silence and round differently: a second or two says nothing.
    apart = max(0, abs(one - other) - 1000)
    return 1 / (1 + (apart / max(4000, 0.02 * max(one, other))) ** 2)


def _year(a: Prepared, b: Prepared) -> float | None:
    if not a.record.year or not b.record.year:
        return None
    return 1 / (1 + abs(a.record.year - b.record.year) / 2)


def _track_number(a: Prepared, b: Prepared) -> float | None:
    if a.record.track_number is None or b.record.track_number is None:
        return None
    return float(a.record.track_number == b.record.track_number)


def _variants(a: Prepared, b: Prepared) -> float | None:
    if not a.title or not b.title:
        return None
    if a.apart == b.apart:
        if a.soft == b.soft:
            return 1.0
        return 0.9 if a.soft ^ b.soft <= _HARMLESS else 0.5
    return 0.85 * min(_echo(a.apart - b.apart, b), _echo(b.apart - a.apart, a))


# The same recording all the same; live and acoustic ones are others, even where they are collapsed into one song.
_HARMLESS = frozenset({Variant.REMASTER, Variant.EDITION, Variant.MONO, Variant.RADIO_EDIT})


def _echo(marks: frozenset[tuple[Variant, str]], other: Prepared) -> float:
    """How well variants of one name can be found in the other, misspelled perhaps."""
    worst = 1.0
    for kind, detail in marks:
        texts = [theirs for their_kind, theirs in other.apart if their_kind == kind]
        found = max((ratio(detail, theirs) for theirs in texts), default=0.0)
        found = max(found, fuzz.partial_ratio(detail + kind.value, other.full) / 100 if other.full else 0.0)
        worst = min(worst, max(0.0, (found - 0.7) / 0.3))
    return worst


def _numbers(a: Prepared, b: Prepared) -> float | None:
    if not a.numbers and not b.numbers:
        return None
    if a.numbers == b.numbers or a.title == b.title:
        return 1.0
    # Titles that differ by more than their numbers say so already.
    return 0.0 if ratio(a.title, b.title) >= 0.75 else None


def _isrc(a: Prepared, b: Prepared) -> float | None:
    return float(a.record.isrc == b.record.isrc) if a.record.isrc and b.record.isrc else None


def _spotify_id(a: Prepared, b: Prepared) -> float | None:
    return float(a.record.spotify_id == b.record.spotify_id) if a.record.spotify_id and b.record.spotify_id else None


_MEASURES: dict[str, Callable[[Prepared, Prepared], float | None]] = {
    "title": _title,
    "artist": _artist,
    "album": _album,
    "duration": _duration,
    "year": _year,
    "track_number": _track_number,
    "variants": _variants,
    "numbers": _numbers,
    "isrc": _isrc,
    "spotify_id": _spotify_id,
}


def incomparable(a: str, b: str) -> bool:
    """Whether two folded texts are in different scripts, so that spelling cannot tell."""
    return bool(a and b) and a.isascii() != b.isascii() and not set(a) & set(b)
