"""The rules beyond the name key by which two spellings in a chart are one song.

Each rule looks at two spellings, and at what in the chart speaks for or against just these two; a row that has nothing
to do with them changes nothing. About linear in the number of rows.
"""

from collections.abc import Iterable, Mapping, Sequence

from timbre_spider.matching.folding.chart_spelling import Join, Spelling
from timbre_spider.matching.folding.joins_by_artist import joined_by_artist
from timbre_spider.matching.folding.joins_by_title import joined_by_other_title, joined_by_slip
from timbre_spider.matching.folding.rule import Rule


def joins(spellings: Sequence[Spelling]) -> list[Join]:
    """The pairs of spellings that are one song, the surest rule first; independent of the order of `spellings`."""
    by_artist = list(joined_by_artist(spellings))
    home = _homes(spellings, by_artist)
    found = [*by_artist, *joined_by_other_title(spellings, home), *joined_by_slip(spellings, home)]
    return sorted(found, key=lambda join: (list(Rule).index(join[0]), join[1].key, join[2].key))


def _homes(spellings: Iterable[Spelling], joined: Iterable[Join]) -> Mapping[str, str]:
    """For each artist key one that stands for all keys of that artist."""
    home = {spelling.artist: spelling.artist for spelling in spellings}
    for _, one, other in joined:
        first, second = sorted((home[one.artist], home[other.artist]))
        if first != second:
            home.update({artist: first for artist, root in home.items() if root == second})
    return home
