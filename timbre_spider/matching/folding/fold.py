"""Folding a whole chart: rows that are one song, under all its spellings, before anything is paid for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from timbre_spider.items import ChartRow
from timbre_spider.matching.folding.chart_spelling import Join, Spelling
from timbre_spider.matching.folding.joins import joins
from timbre_spider.matching.folding.rule import Rule
from timbre_spider.matching.identify import hash_id
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE, name_key
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.overrides import NO_OVERRIDES, Overrides


def fold_chart(
    rows: Iterable[ChartRow],
    collapse: frozenset[Variant] = DEFAULT_COLLAPSE,
    overrides: Overrides = NO_OVERRIDES,
) -> list[list[ChartRow]]:
    """The rows that are one song together: the most played song first, its most played row first.

    One name key is one song. Beyond it: what a person said, and the rules of `joins`; each row tells its rule.
    Independent of the order of `rows`; about linear in their number.
    """
    spellings = spellings_of(rows, collapse, overrides)
    joined = [*_said(spellings, overrides), *joins(spellings)]
    home = _united(joined, spellings, overrides)
    songs: dict[str, list[Spelling]] = defaultdict(list)
    for spelling in spellings:
        songs[home[spelling.key]].append(spelling)
    joins_of: dict[str, list[Join]] = defaultdict(list)
    for join in joined:
        if home[join[1].key] == home[join[2].key]:
            joins_of[home[join[1].key]].append(join)
    folded = [_told(song, joins_of.get(key, [])) for key, song in songs.items()]
    return sorted(folded, key=lambda song: (-sum(row.playcount for row in song), _order(song[0])))


def reached(start: Spelling, joined: Sequence[Join]) -> dict[str, Rule]:
    """The spellings that joins lead to from `start`, over others too, by key; and the rule of the last step there."""
    rules = {start.key: Rule.NAME_KEY}
    found = 0
    while found < len(rules):
        found = len(rules)
        for rule, one, other in joined:
            for here, there in ((one, other), (other, one)):
                if here.key in rules:
                    rules.setdefault(there.key, rule)
    return rules


def _told(spellings: Sequence[Spelling], joined: Sequence[Join]) -> list[ChartRow]:
    """The rows of a song's spellings, its most played one first; those joined with it by a rule tell it."""
    if len(spellings) == 1:
        return sorted(spellings[0].rows, key=_order)
    first = min(spellings, key=lambda each: min(map(_order, each.rows)))
    rules = reached(first, joined)
    rows = [
        row if spelling is first else replace(row, rule=rules[spelling.key])
        for spelling in spellings
        for row in spelling.rows
    ]
    return sorted(rows, key=_order)


def _order(row: ChartRow) -> tuple[int, int, str, str]:
    return (-row.playcount, row.rank, row.artist, row.title)


def spellings_of(
    rows: Iterable[ChartRow], collapse: frozenset[Variant], overrides: Overrides = NO_OVERRIDES
) -> list[Spelling]:
    """The rows of each name key; a spelling that a person parted from its name has a key of its own."""
    spellings: dict[str, Spelling] = {}
    for row in rows:
        key = name_key(row.artist, row.title, collapse)
        if overrides.different:
            name_id = hash_id(key)
            if overrides.own_id(name_id, row.artist, row.title) != name_id:
                key = f"{name_id}|{row.artist}|{row.title}"
        spellings.setdefault(key, Spelling(key)).rows.append(row)
    return [spelling.read() for spelling in spellings.values()]


def _said(spellings: Sequence[Spelling], overrides: Overrides) -> list[Join]:
    """What a person said to be one song."""
    if not overrides.same:
        return []
    ids = {hash_id(spelling.key): spelling for spelling in spellings}
    return [
        (Rule.OVERRIDE, spelling, ids[other])
        for key, spelling in ids.items()
        for other in sorted(overrides.same.get(key, ()))
        if other in ids
    ]


def _united(joined: Iterable[Join], spellings: Sequence[Spelling], overrides: Overrides) -> dict[str, str]:
    """For each key the key that stands for its song. What a person parted never comes together, by no detour."""
    home = {spelling.key: spelling.key for spelling in spellings}
    members = {key: [key] for key in home}
    for _, one, other in joined:
        a, b = home[one.key], home[other.key]
        if a == b or (overrides.different and overrides.parted(map(hash_id, members[a]), map(hash_id, members[b]))):
            continue
        for key in members[b]:
            home[key] = a
        members[a] += members.pop(b)
    return home
