"""The rules beyond the name key by which two spellings in a chart are one song.

Each rule looks at two spellings, and at what in the chart speaks for or against just these two; a row that has nothing
to do with them changes nothing. About linear in the number of rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from timbre_spider.items import ChartRow
from timbre_spider.matching.features import CUT_AT, acts_in_order, other_titles, without_small_word
from timbre_spider.matching.normalise import artist_key, title_key
from timbre_spider.matching.numbering import numbered
from timbre_spider.matching.peel import beside, company_of, joined_first, others, peel
from timbre_spider.matching.reading import without_artist
from timbre_spider.matching.real_words import are_words
from timbre_spider.matching.rule import Rule
from timbre_spider.matching.scripts import both_scripts, incomparable
from timbre_spider.matching.slips import differ_by_article, differ_in_initials, is_misspelling, is_slip
from timbre_spider.matching.text import canonical, fold
from timbre_spider.matching.words import COMMON_TITLES

# A chart's durations are in seconds and not always right: this far apart they contradict, this near they agree.
_APART_MS = 10_000
_NEAR_MS = 1_500
_EDGE = 3
_SHORTEST_ARTIST = 5
# So many titles shared make one artist of a name in two scripts, of a part of a name and the whole; or one so long.
_TITLES_IN_TWO_SCRIPTS = 3
_TITLES_OF_A_PART = 2
_TELLING_TITLE = 20
# Names in two scripts have nothing alike, so one duration that agrees is chance ("Monster", "Home"), two are none; nor
# is one beside so long a title, or one that is not in Latin letters either, where nobody else has it.
_DURATIONS_IN_TWO_SCRIPTS = 2
_TELLING_IN_TWO_SCRIPTS = 12
# A title so long vouches for one act alone and in company: of "A & B", of "A with B".
_TELLING_IN_COMPANY = 8
_TELLING_BESIDE = 12
# A block larger than this is not compared pair by pair, but each with those that follow it in order.
_LARGEST_BLOCK = 200
_FOLLOWERS = 10
# In titles of so many other artists a word no list knows is one all the same.
_OTHER_ARTISTS = 2


@dataclass(slots=True)
class Spelling:
    """The chart rows of one name key."""

    key: str
    rows: list[ChartRow] = field(default_factory=list)
    artist: str = ""
    title: str = ""
    plain: str = ""
    variants: str = ""
    words: frozenset[tuple[str, ...]] = frozenset()
    names: tuple[str, ...] = ()
    durations: tuple[int, ...] = ()

    def read(self) -> "Spelling":
        """Once all `rows` are there: what the rules look at."""
        self.artist, _, self.title = self.key.partition("|")
        self.plain, _, self.variants = self.title.partition(" (")
        self.names = tuple(dict.fromkeys(peel(without_artist(row.artist, row.title)).name for row in self.rows))
        self.words = frozenset(numbered(name).words for name in self.names)
        self.durations = tuple(row.duration_ms for row in self.rows if row.duration_ms)
        return self

    def apart_ms(self, other: "Spelling") -> int | None:
        """How far apart the nearest durations of both are; None where one has none."""
        return min((abs(mine - theirs) for mine in self.durations for theirs in other.durations), default=None)


Join = tuple[Rule, Spelling, Spelling]


def joins(spellings: Sequence[Spelling]) -> list[Join]:
    """The pairs of spellings that are one song, the surest rule first; independent of the order of `spellings`."""
    by_artist = list(_joined_by_artist(spellings))
    home = _homes(spellings, by_artist)
    found = [*by_artist, *_joined_by_other_title(spellings, home), *_joined_by_slip(spellings, home)]
    return sorted(found, key=lambda join: (list(Rule).index(join[0]), join[1].key, join[2].key))


def _joined_by_artist(spellings: Sequence[Spelling]) -> Iterator[Join]:
    """One title, and artist fields that name one artist."""
    acts = {spelling.artist for spelling in spellings}
    by_title: dict[str, list[Spelling]] = defaultdict(list)
    for spelling in sorted(spellings, key=lambda each: each.key):
        if spelling.title not in COMMON_TITLES:
            by_title[spelling.title].append(spelling)
    shared: dict[tuple[str, str], list[tuple[Spelling, Spelling]]] = defaultdict(list)
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
                if named is not None and _is_with_company(named, spelling, name[len(head) :], acts):
                    yield Rule.ARTIST_LIST, named, spelling
            for half in both_scripts(name) or ():
                named = by_artist.get(artist_key(half))
                if named is not None and _may_be_one(named, spelling):
                    yield Rule.SCRIPT, named, spelling


def _is_with_company(alone: Spelling, together: Spelling, company: str, acts: set[str]) -> bool:
    """Whether an act's song is the one it has in `company`: "A & B" may be an act of its own, "A with B" a record that
    both made. Durations, a title that hardly two acts share, or "B" in the chart vouch for it; "with", the first two.
    """
    if not _may_be_one(alone, together):
        return False
    is_beside = bool(beside(company))
    if _is_near(alone, together) or len(alone.plain) >= (_TELLING_BESIDE if is_beside else _TELLING_IN_COMPANY):
        return True
    return not is_beside and all(artist_key(act) in acts and artist_key(act) != alone.artist for act in others(company))


def _slips_in_artists(together: Sequence[Spelling]) -> Iterator[Join]:
    for one, other in _near(together, lambda spelling: spelling.artist):
        if min(len(one.artist), len(other.artist)) < _SHORTEST_ARTIST or not _may_be_one(one, other):
            continue
        # "Tge Beatles": a slip in the article, which keys leave out.
        pairs = ((one.artist, other.artist), (f"the{one.artist}", other.artist), (one.artist, f"the{other.artist}"))
        if not any(is_slip(*pair, alone=True) for pair in pairs) or are_words(one.artist, other.artist) == 2:
            continue
        names = [(fold(mine.artist).split(), fold(theirs.artist).split()) for mine in one.rows for theirs in other.rows]
        if not any(differ_in_initials(*pair) for pair in names):
            yield Rule.SLIP, one, other


def _artist_in_two_scripts(
    songs: Sequence[tuple[Spelling, Spelling]], by_title: Mapping[str, Sequence[Spelling]]
) -> Iterator[Join]:
    """`songs` are the titles both names share."""
    near = {mine.plain for mine, theirs in songs if _is_near(mine, theirs)}
    unlike = {mine.plain for mine, theirs in songs if not _may_be_one(mine, theirs)}
    shared = {mine.plain for mine, _ in songs} - unlike
    is_one = len(near) >= _DURATIONS_IN_TWO_SCRIPTS or len(shared) >= _TITLES_IN_TWO_SCRIPTS
    for mine, theirs in songs:
        telling = len(mine.plain) >= _TELLING_IN_TWO_SCRIPTS or not mine.plain.isascii()
        alone = telling and len(by_title[mine.title]) == 2
        if (is_one and _may_be_one(mine, theirs)) or (alone and _is_near(mine, theirs)):
            yield Rule.SCRIPT, mine, theirs


def _part_of_artist(songs: Sequence[tuple[Spelling, Spelling]]) -> Iterator[Join]:
    """An artist under a part of the name ("Mozart"): durations that agree, a title too long for chance, or more than
    one title vouch for it. `songs` are the titles both names share.
    """
    for mine, theirs in songs:
        told = len(mine.plain) >= _TELLING_TITLE or (len(songs) >= _TITLES_OF_A_PART and not _is_beside(mine, theirs))
        if _is_near(mine, theirs) or (told and _may_be_one(mine, theirs)):
            yield Rule.ARTIST_NAME, mine, theirs


def _is_part(one: Spelling, other: Spelling) -> bool:
    """Whether one artist is the first or last words of the other: "Elgar", "Poe" of "Poe - Haunted"."""
    names = [(fold(mine.artist), fold(theirs.artist)) for mine in one.rows for theirs in other.rows]
    return any(
        len(mine) >= _EDGE and (theirs.endswith(f" {mine}") or theirs.startswith(f"{mine} ")) for mine, theirs in names
    )


def _is_beside(one: Spelling, other: Spelling) -> bool:
    """Whether one artist is the other "with" somebody, who may have made a whole record of other takes together."""
    acts = {one.artist, other.artist}
    return any(
        artist_key(act) in acts for spelling in (one, other) for row in spelling.rows for act in beside(row.artist)
    )


def _homes(spellings: Iterable[Spelling], joined: Iterable[Join]) -> Mapping[str, str]:
    """For each artist key one that stands for all keys of that artist."""
    home = {spelling.artist: spelling.artist for spelling in spellings}
    for _, one, other in joined:
        first, second = sorted((home[one.artist], home[other.artist]))
        if first != second:
            home.update({artist: first for artist, root in home.items() if root == second})
    return home


def _joined_by_other_title(spellings: Sequence[Spelling], home: Mapping[str, str]) -> Iterator[Join]:
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
            yield from ((rule, other, spelling) for other in known[place] if _may_be_one(other, spelling))
        for row in spelling.rows:
            whole = (
                begun.get((artist, canonical(row.title)), set()) - {spelling.key} if _may_be_cut(row.title) else set()
            )
            other = by_key[next(iter(whole))] if len(whole) == 1 else spelling
            if other.variants == spelling.variants and _may_be_one(other, spelling):
                yield Rule.CUT, other, spelling


def _goes_on(title: str) -> bool:
    """Whether a title cut short may be the same one. What goes on with a bracket or a dash was whole before: "Song" is
    not "Song (Reprise)" cut. Where the number is cut off it may be any part: "Song (Pa" of "Song (Part 2)".
    """
    kept, rest = title[:CUT_AT], title[CUT_AT:]
    return rest.lstrip()[:1].isalnum() and numbered(kept).parts == numbered(title).parts


def _may_be_cut(title: str) -> bool:
    return CUT_AT - 1 <= len(title) <= CUT_AT


def _readings(spelling: Spelling, acts: set[str]) -> Iterator[tuple[Rule, str]]:
    for name in spelling.names:
        rule = Rule.TRANSLATION if both_scripts(name) else Rule.TRACK_NUMBER
        yield from ((rule, key) for other in other_titles(name) if (key := title_key(other)) and key != spelling.plain)
        if shorter := without_small_word(name):
            yield Rule.ARTICLE, title_key(shorter)
        title, company = company_of(name)
        if company and all(artist_key(act) in acts for act in company):
            yield Rule.COMPANY, title_key(title)


def _joined_by_slip(spellings: Sequence[Spelling], home: Mapping[str, str]) -> Iterator[Join]:
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

        for one, other in _near(together, lambda spelling: spelling.plain):
            if one.title == other.title or not _may_be_one(one, other):
                continue
            pairs = [(a, b) for a in one.words for b in other.words]
            if any(is_misspelling(a, b, exist, vouched=_is_near(one, other)) for a, b in pairs):
                yield Rule.SLIP, one, other
            elif any(differ_by_article(a, b) for a, b in pairs):
                yield Rule.ARTICLE, one, other


def _may_be_one(one: Spelling, other: Spelling) -> bool:
    apart = one.apart_ms(other)
    return one is not other and (apart is None or apart <= _APART_MS)


def _is_near(one: Spelling, other: Spelling) -> bool:
    apart = one.apart_ms(other)
    return apart is not None and apart <= _NEAR_MS


def _near(spellings: Sequence[Spelling], name_of: Callable[[Spelling], str]) -> Iterator[tuple[Spelling, Spelling]]:
    """The pairs whose names begin or end alike and are about as long, once or twice each, in the order of keys."""
    if len(spellings) < 2:
        return
    blocks: dict[str, list[Spelling]] = defaultdict(list)
    for spelling in sorted(spellings, key=lambda each: each.key):
        name = name_of(spelling)
        blocks[f"^{name[:_EDGE]}"].append(spelling)
        blocks[f"{name[-_EDGE:]}$"].append(spelling)
    for block in blocks.values():
        pairs = combinations(block, 2) if len(block) <= _LARGEST_BLOCK else _followers(block)
        yield from ((one, other) for one, other in pairs if abs(len(name_of(one)) - len(name_of(other))) <= _EDGE)


def _followers(block: Sequence[Spelling]) -> Iterator[tuple[Spelling, Spelling]]:
    for step in range(1, _FOLLOWERS + 1):
        yield from zip(block, block[step:], strict=False)
