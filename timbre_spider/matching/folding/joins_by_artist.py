"""Spellings of one title whose artist fields name one artist."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from timbre_spider.matching.folding.chart_spelling import EDGE, Join, Pair, Spelling, is_near, may_be_one, near_pairs
from timbre_spider.matching.folding.rule import Rule
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.matching.names.peel import beside, is_one_act, joined_first, others
from timbre_spider.matching.names.reading import acts_in_order, read_name
from timbre_spider.matching.names.scripts import both_scripts, incomparable
from timbre_spider.matching.names.words import COMMON_TITLES
from timbre_spider.matching.writing.real_words import are_words
from timbre_spider.matching.writing.slips import are_initials, differ_in_initials, is_slip
from timbre_spider.matching.writing.text import fold

_SHORTEST_ARTIST = 5
# So many titles shared make one artist of a name in two scripts, of a part of a name and the whole; or one so long.
_TITLES_IN_TWO_SCRIPTS = 3
_TITLES_OF_A_PART = 2
_TELLING_TITLE = 20
# Names in two scripts have nothing alike, so one duration that agrees is chance ("Monster", "Home"), two are none; nor
# is one beside so long a title, or one that is not in Latin letters either, where nobody else has it.
_DURATIONS_IN_TWO_SCRIPTS = 2
_TELLING_IN_TWO_SCRIPTS = 12
# A title so long vouches for one act alone and in company: of "Ann Lee & B", and of "Ann & B" or "A with B".
_TELLING_IN_COMPANY = 8
_TELLING_BESIDE = 12


def joined_by_artist(spellings: Sequence[Spelling]) -> Iterator[Join]:
    """One title, and artist fields that name one artist."""
    acts = {spelling.artist for spelling in spellings}
    by_title: dict[str, list[Spelling]] = defaultdict(list)
    for spelling in sorted(spellings, key=lambda each: each.key):
        if spelling.title not in COMMON_TITLES:
            by_title[spelling.title].append(spelling)
    shared: dict[tuple[str, str], list[Pair]] = defaultdict(list)
    for together in by_title.values():
        if len(together) > 1:
            yield from _lists_of_artists(together, acts)
            yield from _slips_in_artists(together)
            for one, other in combinations(together, 2):
                shared[one.artist, other.artist].append((one, other))
    for songs in shared.values():
        one, other = songs[0]
        if incomparable(one.artist, other.artist):
            yield from _artist_in_two_scripts(songs, by_title)
        elif any(_is_part(*pair) for pair in ((one, other), (other, one))):
            yield from _part_of_artist(songs)


def _lists_of_artists(together: Sequence[Spelling], acts: set[str]) -> Iterator[Join]:
    by_artist = {spelling.artist: spelling for spelling in together}
    in_order: dict[str, Spelling] = {}
    for spelling in sorted(together, key=lambda each: each.key):
        for name in sorted({row.artist for row in spelling.rows}):
            first = in_order.setdefault(acts_in_order(name), spelling)
            if first is not spelling:
                yield Rule.ARTIST_LIST, first, spelling
            for head in joined_first(name, lambda part: artist_key(part) in acts):
                named = by_artist.get(artist_key(head))
                if named is not None and _is_with_company(named, spelling, name, name[len(head) :], acts):
                    yield Rule.ARTIST_LIST, named, spelling
            for half in both_scripts(name) or ():
                named = by_artist.get(artist_key(half))
                if named is not None and may_be_one(named, spelling):
                    yield Rule.SCRIPT, named, spelling


def _is_with_company(alone: Spelling, together: Spelling, names: str, company: str, acts: set[str]) -> bool:
    """Whether an act's song is the one it has in `company`, both of them `names`: "A & B" may be an act of its own, "A
    with B" a record that both made. Durations, a title that hardly two acts share, or "B" in the chart vouch for it;
    "with", the first two.
    """
    if not may_be_one(alone, together):
        return False
    is_beside = bool(beside(company))
    letters = _TELLING_BESIDE if is_beside or is_one_act(names) else _TELLING_IN_COMPANY
    if is_near(alone, together) or len(alone.plain) >= letters or _names_guests(alone, company):
        return True
    return not is_beside and all(artist_key(act) in acts and artist_key(act) != alone.artist for act in others(company))


def _names_guests(alone: Spelling, company: str) -> bool:
    """Whether a row of an act alone names the `company` as its guests: "Empire Ants (feat. Little Dragon)"."""
    named = set(map(artist_key, others(company)))
    return any(named <= set(map(artist_key, read_name(row.artist, row.title).featured)) for row in alone.rows)


def _slips_in_artists(together: Sequence[Spelling]) -> Iterator[Join]:
    for one, other in near_pairs(together, lambda spelling: spelling.artist):
        if min(len(one.artist), len(other.artist)) < _SHORTEST_ARTIST or not may_be_one(one, other):
            continue
        # "Tge Beatles": a slip in the article, which keys leave out.
        pairs = ((one.artist, other.artist), (f"the{one.artist}", other.artist), (one.artist, f"the{other.artist}"))
        if not any(is_slip(*pair, alone=True) for pair in pairs) or are_words(one.artist, other.artist) == 2:
            continue
        names = [(fold(mine.artist).split(), fold(theirs.artist).split()) for mine in one.rows for theirs in other.rows]
        if not any(differ_in_initials(*pair) for pair in names):
            yield Rule.SLIP, one, other


def _artist_in_two_scripts(songs: Sequence[Pair], by_title: Mapping[str, Sequence[Spelling]]) -> Iterator[Join]:
    """`songs` are the titles both names share."""
    near = {mine.plain for mine, theirs in songs if is_near(mine, theirs)}
    unlike = {mine.plain for mine, theirs in songs if not may_be_one(mine, theirs)}
    shared = {mine.plain for mine, _ in songs} - unlike
    is_one = len(near) >= _DURATIONS_IN_TWO_SCRIPTS or len(shared) >= _TITLES_IN_TWO_SCRIPTS
    for mine, theirs in songs:
        telling = len(mine.plain) >= _TELLING_IN_TWO_SCRIPTS or not mine.plain.isascii()
        alone = telling and len(by_title[mine.title]) == 2
        if (is_one and may_be_one(mine, theirs)) or (alone and is_near(mine, theirs)):
            yield Rule.SCRIPT, mine, theirs


def _part_of_artist(songs: Sequence[Pair]) -> Iterator[Join]:
    """An artist under a part of the name ("Mozart"): durations that agree, a title too long for chance, or more than
    one title vouch for it. `songs` are the titles both names share.
    """
    for mine, theirs in songs:
        told = len(mine.plain) >= _TELLING_TITLE or (len(songs) >= _TITLES_OF_A_PART and not _is_beside(mine, theirs))
        if is_near(mine, theirs) or (told and may_be_one(mine, theirs)):
            yield Rule.ARTIST_NAME, mine, theirs


def _is_part(one: Spelling, other: Spelling) -> bool:
    """Whether one artist is the first or last words of the other or its initials: "Elgar", "Poe", "J.S. Bach"."""
    names = [(fold(mine.artist), fold(theirs.artist)) for mine in one.rows for theirs in other.rows]
    return any(
        (len(mine) >= EDGE and (theirs.endswith(f" {mine}") or theirs.startswith(f"{mine} ")))
        or are_initials(mine.split(), theirs.split())
        for mine, theirs in names
    )


def _is_beside(one: Spelling, other: Spelling) -> bool:
    """Whether one artist is the other "with" somebody, who may have made a whole record of other takes together."""
    acts = {one.artist, other.artist}
    return any(
        artist_key(act) in acts for spelling in (one, other) for row in spelling.rows for act in beside(row.artist)
    )
