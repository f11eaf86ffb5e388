"""Folding a whole chart: rows that are one song, under all its spellings, before anything is paid for."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from timbre_spider.items import ChartRow
from timbre_spider.matching.misspelling import is_misspelling, is_slip
from timbre_spider.matching.normalise import DEFAULT_COLLAPSE, artist_key, artists_of, name_key
from timbre_spider.matching.parts import number_parts
from timbre_spider.matching.peel import peel
from timbre_spider.matching.text import fold as fold_text
from timbre_spider.matching.variants import Variant

# Durations of a chart are rough; rows further apart than this are not one song misspelled.
_DURATIONS_APART = 10_000
_EDGE = 3
_SHORTEST_ARTIST = 5


@dataclass(slots=True)
class _Group:
    """Rows of one name key."""

    key: str
    rows: list[ChartRow] = field(default_factory=list)
    plays: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def artist(self) -> str:
        return self.key.partition("|")[0]

    @property
    def title(self) -> str:
        return self.key.partition("|")[2]

    @property
    def marks(self) -> str:
        return self.title.partition(" (")[2]


def fold(rows: Iterable[ChartRow], collapse: frozenset[Variant] = DEFAULT_COLLAPSE) -> list[list[ChartRow]]:
    """The rows that are one song together: the most played song first, its most played row first.

    One name key is one song; beyond it, artists spelled two ways who share a title, and titles of one artist that
    differ by a slip of the fingers. Independent of the order of `rows`; about linear in their number.
    """
    groups: dict[str, _Group] = {}
    for row in rows:
        key = name_key(row.artist, row.title, collapse)
        group = groups.get(key) or groups.setdefault(key, _Group(key))
        group.rows.append(row)
        group.plays += row.playcount
    ordered = sorted(groups.values(), key=lambda group: (-group.plays, group.key))
    home = _same_songs(ordered)
    songs: dict[str, list[ChartRow]] = defaultdict(list)
    for group in ordered:
        songs[home[group.key]] += group.rows
    folded = [sorted(song, key=_order) for song in songs.values()]
    return sorted(folded, key=lambda song: (-sum(row.playcount for row in song), _order(song[0])))


def _order(row: ChartRow) -> tuple[int, int, str, str]:
    return (-row.playcount, row.rank, row.artist, row.title)


def _same_songs(groups: list[_Group]) -> dict[str, str]:
    """For each key the key of the song it belongs to. A spelling joins a more played one, never a chain of them."""
    home = {group.key: group.key for group in groups}
    settled: set[str] = set()
    by_artist = _artists_as_one(groups)
    seen = _word_counts(groups)
    for block in _blocks(groups, by_artist):
        for at, group in enumerate(block):
            if home[group.key] != group.key or group.key in settled:
                continue
            for hub in block[:at]:
                if home[hub.key] == hub.key and _is_one_song(hub, group, by_artist, seen):
                    home[group.key] = hub.key
                    settled.add(hub.key)
                    break
    return home


def _artists_as_one(groups: list[_Group]) -> dict[str, str]:
    """For each artist key the one it is a spelling of: both hold a song of one title, and the names are alike."""
    plays: Counter[str] = Counter()
    by_title: dict[str, set[str]] = defaultdict(set)
    named: dict[str, str] = {}
    for group in groups:
        plays[group.artist] += group.plays
        by_title[group.title].add(group.artist)
        named.setdefault(group.artist, group.rows[0].artist)
    first = {key: artist_key(names[0]) for key, name in named.items() if len(names := artists_of(name)) > 1}
    hub = {artist: artist for artist in plays}
    for artists in by_title.values():
        if len(artists) < 2:
            continue
        ranked = sorted(artists, key=lambda artist: (-plays[artist], artist))
        for at, artist in enumerate(ranked):
            for other in ranked[:at]:
                if hub[other] == other and hub[artist] == artist and _is_one_artist(artist, other, first):
                    hub[artist] = other
                    break
    return hub


def _is_one_artist(one: str, other: str, first: dict[str, str]) -> bool:
    if first.get(one) == other or first.get(other) == one:
        return True
    return min(len(one), len(other)) >= _SHORTEST_ARTIST and is_slip(one, other, alone=True)


def _word_counts(groups: list[_Group]) -> Counter[str]:
    """In how many titles each word stands, spellings of one title counted once an artist; fills the groups' words."""
    counts: Counter[str] = Counter()
    for group in groups:
        group.words = number_parts(fold_text(peel(group.rows[0].title).name))[0].split()
        counts.update(set(group.words))
    return counts


def _blocks(groups: list[_Group], by_artist: dict[str, str]) -> Iterator[list[_Group]]:
    """Groups that may be one song: of one artist, with the same variants and the same beginning or end."""
    blocks: dict[tuple[str, str, str], list[_Group]] = defaultdict(list)
    for group in groups:
        artist = by_artist[group.artist]
        plain = "".join(group.words)
        blocks[(artist, group.marks, "^" + plain[:_EDGE])].append(group)
        blocks[(artist, group.marks, "$" + plain[-_EDGE:])].append(group)
    return (block for block in blocks.values() if len(block) > 1)


def _is_one_song(hub: _Group, group: _Group, by_artist: dict[str, str], seen: Counter[str]) -> bool:
    if hub.title != group.title and not is_misspelling(hub.words, group.words, seen.__getitem__):
        return False
    one, other = _duration(hub), _duration(group)
    return hub.title == group.title or not one or not other or abs(one - other) <= _DURATIONS_APART


def _duration(group: _Group) -> int | None:
    return next((row.duration_ms for row in group.rows if row.duration_ms), None)
