"""Spellings of one artist whose titles are one: under another reading, by a slip, by an article."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from timbre_spider.matching.folding.chart_spelling import Join, Spelling, is_near, may_be_one, near_pairs
from timbre_spider.matching.folding.rule import Rule
from timbre_spider.matching.names.classify import classify
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, artist_key, title_key
from timbre_spider.matching.names.other_readings import CUT_AT, other_titles, without_small_word
from timbre_spider.matching.names.peel import company_of, peel
from timbre_spider.matching.names.scripts import both_scripts
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.names.words import PHRASES
from timbre_spider.matching.writing.numbering import numbered
from timbre_spider.matching.writing.real_words import are_words
from timbre_spider.matching.writing.slips import differ_by_article, is_misspelling
from timbre_spider.matching.writing.text import canonical, fold

# In titles of so many other artists a word no list knows is one all the same.
_OTHER_ARTISTS = 2
_LEAST_BEGUN = 4


def joined_by_other_title(spellings: Sequence[Spelling], home: Mapping[str, str]) -> Iterator[Join]:
    """One title under another reading of it: without a track number or company, half of a bilingual one, cut short."""
    known: dict[tuple[str, str, str], list[Spelling]] = defaultdict(list)
    halves: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    begun: dict[tuple[str, str], set[str]] = defaultdict(set)
    by_key = {spelling.key: spelling for spelling in spellings}
    acts = {spelling.artist for spelling in spellings}
    for spelling in spellings:
        artist = home[spelling.artist]
        known[artist, spelling.plain, spelling.variants].append(spelling)
        for name in spelling.names:
            for half in both_scripts(name) or ():
                halves[artist, title_key(half), spelling.variants].add(spelling.plain)
        for row in spelling.rows:
            if len(row.title) > CUT_AT and _goes_on(row.title):
                begun[artist, canonical(row.title)[:CUT_AT].rstrip()].add(spelling.key)
    for spelling in sorted(spellings, key=lambda each: each.key):
        artist = home[spelling.artist]
        for rule, title in _readings(spelling, acts):
            place = (artist, title, spelling.variants)
            # Two songs whose names are one in one script: neither is just that name.
            if rule is Rule.TRANSLATION and len(halves[place]) > 1:
                continue
            yield from ((rule, other, spelling) for other in known[place] if may_be_one(other, spelling))
        for row in spelling.rows:
            whole = (
                begun.get((artist, canonical(row.title)), set()) - {spelling.key} if _may_be_cut(row.title) else set()
            )
            other = by_key[next(iter(whole))] if len(whole) == 1 else spelling
            if other.variants == spelling.variants and may_be_one(other, spelling):
                yield Rule.CUT, other, spelling


def _goes_on(title: str) -> bool:
    """Whether a title cut short may be the same one. What goes on with a bracket or a dash was whole before: "Song" is
    not "Song (Reprise)" cut. Where the number is cut off it may be any part: "Song (Pa" of "Song (Part 2)".
    """
    kept, rest = title[:CUT_AT], title[CUT_AT:]
    return rest.lstrip()[:1].isalnum() and numbered(kept).parts == numbered(title).parts


def _may_be_cut(title: str) -> bool:
    return CUT_AT - 1 <= len(title) <= CUT_AT


def _without_cut_edition(title: str) -> str:
    """A title without what was cut off behind it, where that told an edition: "Behind Blue Eyes (Remastered 2"; empty
    where it did not.
    """
    if not _may_be_cut(title):
        return ""
    head, _, tail = title.replace("[", "(").replace(" - ", " (").rpartition(" (")
    whole = classify(tail.rpartition(" ")[0]) if head else None
    kinds = {mark.kind for mark in whole} if whole else _kinds_begun(fold(tail))
    before = peel(head)
    told = kinds | {mark.kind for mark in before.marks}
    return before.name if kinds and told <= DEFAULT_COLLAPSE else ""


def _kinds_begun(words: str) -> set[Variant]:
    """What the beginning of a variant's words may tell: "remast"; nothing where it is too short to tell."""
    begun = (kind for phrase, kind in PHRASES.items() if phrase.startswith(words))
    return set(begun) if len(words) >= _LEAST_BEGUN else set()


def _readings(spelling: Spelling, acts: set[str]) -> Iterator[tuple[Rule, str]]:
    for name in spelling.names:
        rule = Rule.TRANSLATION if both_scripts(name) else Rule.TRACK_NUMBER
        yield from ((rule, key) for other in other_titles(name) if (key := title_key(other)) and key != spelling.plain)
        if shorter := without_small_word(name):
            yield Rule.ARTICLE, title_key(shorter)
        if whole := _without_cut_edition(name):
            yield Rule.CUT, title_key(whole)
        title, company = company_of(name)
        if company and all(artist_key(act) in acts for act in company):
            yield Rule.COMPANY, title_key(title)


def joined_by_slip(spellings: Sequence[Spelling], home: Mapping[str, str]) -> Iterator[Join]:
    """Titles of one artist that differ by a slip of the fingers, or by an article."""
    artists_with: dict[str, set[str]] = defaultdict(set)
    by_artist: dict[tuple[str, str], list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        artist = home[spelling.artist]
        by_artist[artist, spelling.variants].append(spelling)
        for word in {word for words in spelling.words for word in words}:
            artists_with[word].add(artist)
    for (artist, _), together in by_artist.items():

        def exist(one: str, other: str, artist: str = artist) -> int:
            used = [len(artists_with[word] - {artist}) >= _OTHER_ARTISTS for word in (one, other)]
            return max(sum(used), are_words(one, other))

        for one, other in near_pairs(together, lambda spelling: spelling.plain):
            if one.title == other.title or not may_be_one(one, other):
                continue
            pairs = [(a, b) for a in one.words for b in other.words]
            if any(is_misspelling(a, b, exist, vouched=is_near(one, other)) for a, b in pairs):
                yield Rule.SLIP, one, other
            elif any(differ_by_article(a, b) for a, b in pairs):
                yield Rule.ARTICLE, one, other
