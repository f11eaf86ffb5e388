"""How alike the fields of two records are. The only place a similarity is computed."""

from collections.abc import Callable

from rapidfuzz import fuzz

from timbre_spider.matching.comparing.features import Features
from timbre_spider.matching.names.scripts import incomparable
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.writing.slips import (
    are_initials,
    are_two_titles,
    differ_by_article,
    is_misspelling,
    is_slip,
)
from timbre_spider.matching.writing.text import vocabulary


def similarities(a: Features, b: Features) -> dict[str, float]:
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
# Titles that differ and say why: by a slip, a bilingual half, a file's number.
EXPLAINED = 0.95
UNEXPLAINED = 0.94
# No slip leaves names less alike: one letter of three is the most it takes.
_BEYOND_SLIPS = 0.6
_SMALL_WORDS = vocabulary("the a an and")


def title_similarity(a: Features, b: Features) -> float | None:
    """How alike the titles are, 0 to 1; None where they cannot be compared."""
    if not a.title or not b.title:
        return None
    if a.title == b.title:
        return 0.9 if a.common else 1.0
    if a.wordless or b.wordless:
        return None if a.wordless != b.wordless else 0.0
    if alike := another_reading(a, b):
        return alike
    if incomparable(a.title, b.title):
        return None
    best = min(UNEXPLAINED, ratio(a.title, b.title))
    if best > _BEYOND_SLIPS and (is_misspelling(a.words, b.words) or differ_by_article(a.words, b.words)):
        return EXPLAINED
    if (a.cut and b.full.startswith(a.full)) or (b.cut and a.full.startswith(b.full)):
        return max(best, 0.9)
    if are_two_titles(a.words, b.words) and not _vouched(a, b):
        return min(best, _DOUBT)
    if best >= _DOUBT and _has_another_word(a, b):
        best = _DOUBT
    if _begins(a.text, b.text):
        # What follows a dash is said on purpose; what is merely cut off is not.
        best = max(best, 0.65 if a.dashed != b.dashed else 0.7)
    # A subtitle one side leaves out: "Sweet Dreams (Are Made of This)".
    if bool(a.short) != bool(b.short) and (a.short or a.title) == (b.short or b.title):
        best = max(best, 0.92)
    return _mixed_up(a.title_grams, b.title_grams, a, b, best) if best < 0.9 else best


def another_reading(a: Features, b: Features) -> float:
    """How alike titles are of which one is the other under another reading of it; 0 where none is."""
    company = any(
        one.company[1] and one.company[0] == other.title and one.company[1] <= other.artists
        for one, other in ((a, b), (b, a))
    )
    if company or a.title in b.also or b.title in a.also:
        return EXPLAINED
    return 0.0 if a.also.isdisjoint(b.also) else UNEXPLAINED


def _vouched(a: Features, b: Features) -> bool:
    """Whether durations tell that two names are one song's."""
    return (_duration(a, b) or 0.0) >= 0.9


def _artist(a: Features, b: Features) -> float | None:
    if not a.artist or not b.artist:
        return None
    if a.artist == b.artist or a.artist_in_order == b.artist_in_order:
        return 1.0
    if a.artist in b.artists or b.artist in a.artists:
        return 0.97
    if incomparable(a.artist, b.artist):
        return None
    if a.artists & b.artists:
        return 0.85
    best = min(UNEXPLAINED, ratio(a.artist, b.artist))
    if best > _BEYOND_SLIPS and is_slip(a.artist, b.artist, alone=True):
        return EXPLAINED
    if are_initials(a.artist_words.split(), b.artist_words.split()):
        best = max(best, 0.85)
    if _begins(a.artist_words, b.artist_words) or _ends(a.artist_words, b.artist_words):
        best = max(best, 0.7)
    return _mixed_up(a.artist_grams, b.artist_grams, a, b, best) if best < 0.9 else best


def _has_another_word(a: Features, b: Features) -> bool:
    """Whether a word of one title has no like in the other: "No More Embers" is no misspelled "No More Blades"."""
    one, other = set(a.words), set(b.words)
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


def _ends(one: str, other: str) -> bool:
    """Whether one name is the last word of the other: "Mozart"."""
    return one.endswith(f" {other}") or other.endswith(f" {one}")


def _mixed_up(one: frozenset[str], other: frozenset[str], a: Features, b: Features, least: float) -> float:
    """How much of a field of each side stands anywhere in the other, where more than `least`: "Artist - Title" in a
    title, fields swapped."""
    there = _within(one, a, b)
    return max(least, min(there, _within(other, b, a))) if there > least else least


def _within(grams: frozenset[str], mine: Features, theirs: Features) -> float:
    # The album a song gave its name to would explain the song's name beside every other song of it.
    titled = theirs.album_grams and ratio(mine.title, theirs.album) > 0.8
    return len(grams & (theirs.grams if titled else theirs.all_grams)) / len(grams) if grams else 0.0


def _album(a: Features, b: Features) -> float | None:
    if not a.album or not b.album:
        return None
    return max(ratio(a.album, b.album), 0.8 if a.album in b.album or b.album in a.album else 0.0)


def _duration(a: Features, b: Features) -> float | None:
    one, other = a.record.duration_ms, b.record.duration_ms
    if not one or not other:
        return None
    # Services cut silence and round differently: a second or two says nothing.
    apart = max(0, abs(one - other) - 1000)
    return 1 / (1 + (apart / max(4000, 0.02 * max(one, other))) ** 2)


def _year(a: Features, b: Features) -> float | None:
    if not a.record.year or not b.record.year:
        return None
    return 1 / (1 + abs(a.record.year - b.record.year) / 2)


def _track_number(a: Features, b: Features) -> float | None:
    if a.record.track_number is None or b.record.track_number is None:
        return None
    return float(a.record.track_number == b.record.track_number)


def _variants(a: Features, b: Features) -> float | None:
    if not a.title or not b.title:
        return None
    if a.apart == b.apart:
        if a.soft == b.soft:
            return 1.0
        return 0.9 if a.soft ^ b.soft <= _HARMLESS else 0.5
    return 0.85 * min(_echo(a.apart - b.apart, a, b), _echo(b.apart - a.apart, b, a))


# The same recording all the same; live and acoustic ones are others, even where they are collapsed into one song.
_HARMLESS = frozenset({Variant.REMASTER, Variant.EDITION, Variant.MONO, Variant.RADIO_EDIT})


def _echo(marks: frozenset[tuple[Variant, str]], bearer: Features, other: Features) -> float:
    """How well variants that `bearer` has can be found in the other name, misspelled perhaps."""
    worst = 1.0
    for kind, detail in marks:
        texts = [theirs for their_kind, theirs in other.apart if their_kind == kind]
        found = max((_alike(detail, theirs) for theirs in texts), default=0.0)
        # Beyond the title itself: "Reminder" is no remix; and "(Remix)" does not say that it is Ann's.
        beyond = other.full.removeprefix(bearer.title)
        told = [text for text in texts if text and _kind_of(detail) == _kind_of(text)]
        if len(beyond) >= len(kind.value) and (told or not texts):
            found = max(found, fuzz.partial_ratio(detail + kind.value, beyond) / 100)
        worst = min(worst, max(0.0, (found - 0.7) / 0.3))
    return worst


def _alike(one: str, other: str) -> float:
    """How alike the details of two marks of a kind are: by whom, but never what kind of remix."""
    return ratio(one, other) if _kind_of(one) == _kind_of(other) else 0.0


def _kind_of(detail: str) -> str:
    return detail.partition(" ")[2]


def _numbers(a: Features, b: Features) -> float | None:
    if not a.numbers and not b.numbers:
        return None
    if a.numbers == b.numbers or a.title == b.title or another_reading(a, b):
        return 1.0
    # Titles that differ by more than their numbers say so already.
    return 0.0 if ratio(a.title, b.title) >= 0.75 or _without_numbers(a) == _without_numbers(b) else None


def _without_numbers(record: Features) -> list[str]:
    return [word for word in record.words if word not in record.numbers]


def _isrc(a: Features, b: Features) -> float | None:
    return float(a.record.isrc == b.record.isrc) if a.record.isrc and b.record.isrc else None


def _spotify_id(a: Features, b: Features) -> float | None:
    return float(a.record.spotify_id == b.record.spotify_id) if a.record.spotify_id and b.record.spotify_id else None


_MEASURES: dict[str, Callable[[Features, Features], float | None]] = {
    "title": title_similarity,
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
