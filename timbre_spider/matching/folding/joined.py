"""Why the chart rows of a song are held to be that song, for a person to judge."""

import unicodedata
from collections.abc import Mapping, Sequence

from timbre_spider.items import ChartRow
from timbre_spider.matching.folding.chart_spelling import Spelling
from timbre_spider.matching.folding.fold import reached, spellings_of
from timbre_spider.matching.folding.joins import joins
from timbre_spider.matching.folding.rule import Rule
from timbre_spider.matching.names.normalise import DEFAULT_COLLAPSE
from timbre_spider.matching.names.reading import read_name
from timbre_spider.matching.names.scripts import incomparable
from timbre_spider.matching.names.variants import Variant
from timbre_spider.matching.writing.text import PLAIN_LETTERS


def why_joined(rows: Sequence[ChartRow], collapse: frozenset[Variant] = DEFAULT_COLLAPSE) -> list[Rule | None]:
    """For each of a song's rows, at least one, the rule that joined it with the first one.

    None for the first, and where names differ by no more than case, accents and punctuation.
    """
    spellings = spellings_of(rows, collapse)
    of_row = {id(row): spelling for spelling in spellings for row in spelling.rows}
    first = rows[0]
    rules = reached(of_row[id(first)], joins(spellings))
    return [_rule(first, row, of_row[id(row)], of_row[id(first)], rules) for row in rows]


def _rule(first: ChartRow, row: ChartRow, own: Spelling, main: Spelling, rules: Mapping[str, Rule]) -> Rule | None:
    if own is main:
        if _plain(first) == _plain(row):
            return None
        variants = [read_name(each.artist, each.title).variants for each in (first, row)]
        return Rule.VARIANT if variants[0] != variants[1] else Rule.NAME_KEY
    if own.key in rules:
        return rules[own.key]
    # What else in the chart vouched is not in these rows.
    if own.title == main.title:
        return Rule.SCRIPT if incomparable(own.artist, main.artist) else Rule.ARTIST_NAME
    return Rule.ISRC


def _plain(row: ChartRow) -> tuple[str, str]:
    return _letters(row.artist), _letters(row.title)


def _letters(name: str) -> str:
    """What is left of a name without case, accents and punctuation. A key reads more as one: "Livin'", "F**k", "Ã©"."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("&", "and").replace("+", "and").translate(_STROKES)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text)))


_STROKES = str.maketrans(PLAIN_LETTERS)
