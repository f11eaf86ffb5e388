"""What two records are compared by: a record read once, so that it can be compared many times."""

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, artist_key, name_key
from timbre_spider.matching.names.other_readings import CUT_AT, other_titles, without_small_word
from timbre_spider.matching.names.peel import beside, company_of, is_one_act
from timbre_spider.matching.names.reading import Reading, acts_in_order, artists_of, read_name, sure_artists_of
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.names.words import COMMON_TITLES
from timbre_spider.matching.writing.numbering import one_way
from timbre_spider.matching.writing.text import fold, squash

_NOBODY = frozenset(
    [
        "unknown",
        "unk",
        "unknownartist",
        "variousartists",
        "various",
        "va",
        "na",
        "none",
        "null",
        "noartist",
        "anonymous",
    ]
)
_KEPT_BRACKET = re.compile(r"\s*[(\[{（［][^()\[\]{}（）［］]*[)\]}）］]")


@dataclass(frozen=True)
class Features:
    """What `compare` needs of a record, each worked out when it is first asked for: most candidates are ruled out by
    their title. Texts are squashed folds."""

    record: Record

    @cached_property
    def reading(self) -> Reading:
        """The names taken apart."""
        return read_name(self.record.artist, self.record.title)

    @cached_property
    def key(self) -> str:
        """The name key."""
        return name_key(self.record.artist, self.record.title)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the plain title."""
        return self.reading.numbered.words

    @cached_property
    def text(self) -> str:
        """The plain title, its words apart."""
        return " ".join(self.words)

    @cached_property
    def title(self) -> str:
        """The plain title."""
        return squash(self.text)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """The title's numbers in their order."""
        return self.reading.numbered.numbers

    @cached_property
    def short(self) -> str:
        """The title without what it has in brackets; empty where it has none."""
        title = self.reading.title
        return squash(fold(_KEPT_BRACKET.sub("", title))) if "(" in title or "[" in title else ""

    @cached_property
    def company(self) -> tuple[str, frozenset[str]]:
        """The title without a bracket that begins with "with", and whom that names."""
        alone, company = company_of(self.reading.title)
        return (squash(one_way(alone)), frozenset(map(artist_key, company))) if company else ("", frozenset())

    @cached_property
    def also(self) -> frozenset[str]:
        """What the title would be under another reading: without a track number or a small word in brackets, half of a
        bilingual one."""
        title = self.reading.title
        return frozenset(squash(one_way(other)) for other in (*other_titles(title), without_small_word(title))) - {""}

    @cached_property
    def full(self) -> str:
        """The title as it stands, variants and guests with it."""
        return squash(fold(self.record.title))

    @cached_property
    def common(self) -> bool:
        """Whether many songs have this title."""
        return self.title in COMMON_TITLES

    @cached_property
    def wordless(self) -> bool:
        """Whether the title has neither letter nor digit."""
        return not any(character.isalnum() for character in self.text)

    @cached_property
    def dashed(self) -> bool:
        """Whether the title has a dash in it."""
        return " - " in self.reading.title

    @cached_property
    def cut(self) -> bool:
        """Whether the title may be cut off."""
        return len(self.record.title) in (CUT_AT - 1, CUT_AT)

    @cached_property
    def apart(self) -> frozenset[tuple[Variant, str]]:
        """The variants that make another song."""
        return frozenset(
            (mark.kind, mark.detail) for mark in self.reading.variants if mark.kind not in DEFAULT_COLLAPSE
        )

    @cached_property
    def soft(self) -> frozenset[Variant]:
        """The variants that are collapsed."""
        return frozenset(mark.kind for mark in self.reading.variants if mark.kind in DEFAULT_COLLAPSE)

    @cached_property
    def artist(self) -> str:
        """The first main artist; empty where nobody is named."""
        artist = artist_key(self.record.artist)
        return "" if artist in _NOBODY else artist

    @cached_property
    def artists(self) -> frozenset[str]:
        """Every act that may be named, guests of the title too."""
        named = (*artists_of(self.record.artist), *self.reading.featured)
        return frozenset({self.artist, *map(artist_key, named)} - {""}) if self.artist else frozenset()

    @cached_property
    def perhaps(self) -> frozenset[str]:
        """The acts that the artist field names only if it is a list: "Earth" and "Fire" of "Earth and Fire"."""
        sure = (*sure_artists_of(self.record.artist), *self.reading.featured)
        return self.artists - frozenset(map(artist_key, sure))

    @cached_property
    def beside(self) -> frozenset[str]:
        """The acts that the artist field parts by "with"."""
        return frozenset(map(artist_key, beside(self.record.artist)))

    @cached_property
    def is_one_act(self) -> bool:
        """Whether the artist field is a list, but rather the name of one act."""
        return is_one_act(self.record.artist)

    @cached_property
    def artist_in_order(self) -> str:
        """The artist field's words in alphabetical order."""
        return acts_in_order(self.record.artist) if self.artist else ""

    @cached_property
    def artist_words(self) -> str:
        """The artist field, its words apart."""
        return fold(self.record.artist) if self.artist else ""

    @cached_property
    def album(self) -> str:
        """The album's plain title."""
        return name_key("", self.record.album)[1:] if self.record.album else ""

    @cached_property
    def title_grams(self) -> frozenset[str]:
        """The pieces of the plain title."""
        return grams(fold(self.reading.title))

    @cached_property
    def artist_grams(self) -> frozenset[str]:
        """The pieces of the artist field."""
        return grams(self.artist_words)

    @cached_property
    def grams(self) -> frozenset[str]:
        """The pieces of title and artist as they stand."""
        return grams(fold(self.record.title)) | self.artist_grams

    @cached_property
    def album_grams(self) -> frozenset[str]:
        """The pieces of the album."""
        return grams(fold(self.record.album or ""))

    @cached_property
    def all_grams(self) -> frozenset[str]:
        """The pieces of all fields."""
        return self.grams | self.album_grams


# An artist's tracks are compared with each of the artist's songs in turn. One takes 7 kB; four times as many save a
# twentieth of a crawl's comparing.
@lru_cache(maxsize=256)
def features_of(record: Record) -> Features:
    """What was worked out of `record` is kept for the next comparison."""
    return Features(record)


def grams(folded: str) -> frozenset[str]:
    """The pieces of three letters of a folded text, each word padded at its ends."""
    padded = f" {folded} "
    return frozenset([padded[at : at + 3] for at in range(len(padded) - 2)]) if folded else frozenset()
