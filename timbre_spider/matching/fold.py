"""Folding a whole chart: rows that are one song, under all its spellings, before anything is paid for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from timbre_spider.items import ChartRow
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.misspelling import is_misspelling, is_slip
from timbre_spider.matching.normalise import DEFAULT_COLLAPSE, artist_key, artists_of, name_key
from timbre_spider.matching.overrides import NO_OVERRIDES, Overrides
from timbre_spider.matching.parts import number_parts
from timbre_spider.matching.peel import peel
from timbre_spider.matching.text import fold as fold_text
from timbre_spider.matching.variants import Variant
from timbre_spider.matching.words import COMMON_TITLES

# A chart's durations are in seconds and not always right: this far apart they contradict, this near they agree.
_APART_MS = 10_000
_NEAR_MS = 1_500
_EDGE = 3
_SHORTEST_ARTIST = 5
_LARGEST_BLOCK = 200


@dataclass(slots=True)
class _Group:
    """The rows of one name key."""

    key: str
    artist: str
    title: str
    rows: list[ChartRow] = field(default_factory=list)
    plays: int = 0
    words: list[str] = field(default_factory=list)
    durations: list[int] = field(default_factory=list)

    @property
    def variants(self) -> str:
        """The variants that make it a song of its own."""
        return self.title.partition(" (")[2]


def fold(
    rows: Iterable[ChartRow],
    collapse: frozenset[Variant] = DEFAULT_COLLAPSE,
    overrides: Overrides = NO_OVERRIDES,
) -> list[list[ChartRow]]:
    """The rows that are one song together: the most played song first, its most played row first.

    One name key is one song. Beyond it: artists spelled two ways who share a title, titles of one artist that differ by
    a slip of the fingers, and what a person said. Independent of the order of `rows`; about linear in their number.
    """
    groups = _by_key(rows, collapse)
    home = _same_songs(groups, overrides)
    songs: dict[str, list[ChartRow]] = defaultdict(list)
    for group in groups:
        songs[home[group.key]] += group.rows
    folded = [sorted(song, key=_order) for song in songs.values()]
    return sorted(folded, key=lambda song: (-sum(row.playcount for row in song), _order(song[0])))


def _order(row: ChartRow) -> tuple[int, int, str, str]:
    return (-row.playcount, row.rank, row.artist, row.title)


def _by_key(rows: Iterable[ChartRow], collapse: frozenset[Variant]) -> list[_Group]:
    """The rows of each key, the most played key first."""
    groups: dict[str, _Group] = {}
    for row in rows:
        key = name_key(row.artist, row.title, collapse)
        group = groups.get(key)
        if group is None:
            artist, _, title = key.partition("|")
            group = groups[key] = _Group(key, artist, title)
        group.rows.append(row)
        group.plays += row.playcount
    for group in groups.values():
        group.rows.sort(key=_order)
        group.words = number_parts(fold_text(peel(group.rows[0].title).name))[0].split()
        group.durations = [row.duration_ms for row in group.rows if row.duration_ms]
    return sorted(groups.values(), key=lambda group: (-group.plays, group.key))


def _same_songs(groups: list[_Group], overrides: Overrides) -> dict[str, str]:
    """For each key the key of the song it belongs to. A spelling joins a more played one, never a chain of them."""
    home = {group.key: group.key for group in groups}
    by_artist = _artists_as_one(groups)
    seen = Counter(word for group in groups for word in set(group.words))
    hubs: set[str] = set()
    for block in _blocks(groups, by_artist):
        for at, group in enumerate(block):
            if home[group.key] != group.key or group.key in hubs:
                continue
            for hub in block[:at]:
                if home[hub.key] == hub.key and _is_one_song(hub, group, seen, overrides):
                    home[group.key] = hub.key
                    hubs.add(hub.key)
                    break
    return _with_overrides(groups, home, overrides) if overrides.same else home


def _with_overrides(groups: list[_Group], home: dict[str, str], overrides: Overrides) -> dict[str, str]:
    """What a person said to be one song, together under the most played of its keys."""
    ids = {hash_id(group.key): group.key for group in groups}
    first: dict[str, str] = {}
    for group in groups:
        said = [home[ids[other]] for other in sorted(overrides.same.get(hash_id(group.key), ())) if other in ids]
        for other in said:
            first.setdefault(other, first.get(home[group.key], home[group.key]))
    return {key: first.get(hub, hub) for key, hub in home.items()}


def _artists_as_one(groups: list[_Group]) -> dict[str, str]:
    """For each artist key the one it is a spelling of: both hold a song of one title, and the names are alike."""
    plays: Counter[str] = Counter()
    by_title: dict[str, set[str]] = defaultdict(set)
    named: dict[str, str] = {}
    for group in groups:
        plays[group.artist] += group.plays
        by_title[group.title].add(group.artist)
        named.setdefault(group.artist, group.rows[0].artist)
    first = {key: artist_key(names[0]) for key, name in named.items() if len(names := artists_of(name)[1:]) > 1}
    hub = {artist: artist for artist in plays}
    for _, artists in sorted(by_title.items()):
        ranked = sorted(artists, key=lambda artist: (-plays[artist], artist))[:_LARGEST_BLOCK]
        for at, artist in enumerate(ranked):
            for other in ranked[:at]:
                if hub[other] == other and hub[artist] == artist and _is_one_artist(artist, other, first):
                    hub[artist] = other
                    break
    return hub


def _is_one_artist(one: str, other: str, first: dict[str, str]) -> bool:
    """Whether two artist keys are one artist: one names the other first ("A & B"), or differs by a slip."""
    if first.get(one) == other or first.get(other) == one:
        return True
    if min(len(one), len(other)) < _SHORTEST_ARTIST:
        return False
    # "Tge Beatles": a slip in the article, which keys leave out.
    return any(is_slip(a, b, alone=True) for a, b in ((one, other), (f"the{one}", other), (one, f"the{other}")))


def _blocks(groups: list[_Group], by_artist: dict[str, str]) -> Iterator[list[_Group]]:
    """Groups that may be one song: of one artist, with the same variants and the same beginning or end."""
    blocks: dict[tuple[str, str, str], list[_Group]] = defaultdict(list)
    for group in groups:
        artist, plain = by_artist[group.artist], "".join(group.words)
        blocks[(artist, group.variants, f"^{plain[:_EDGE]}")].append(group)
        blocks[(artist, group.variants, f"{plain[-_EDGE:]}$")].append(group)
    return (block[:_LARGEST_BLOCK] for block in blocks.values() if len(block) > 1)


def _is_one_song(hub: _Group, group: _Group, seen: Counter[str], overrides: Overrides) -> bool:
    if overrides.different and overrides.parted((hash_id(hub.key),), (hash_id(group.key),)):
        return False
    if hub.title == group.title:
        return hub.artist == group.artist or group.title not in COMMON_TITLES
    apart = min((abs(one - other) for one in hub.durations for other in group.durations), default=None)
    if apart is not None and apart > _APART_MS:
        return False
    vouched = apart is not None and apart <= _NEAR_MS
    return is_misspelling(hub.words, group.words, seen.__getitem__, vouched=vouched)
