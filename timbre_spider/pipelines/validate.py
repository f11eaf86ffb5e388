"""Stage 100: names a song can stand on; what cannot is recorded with its reason."""

import re
import unicodedata
from dataclasses import replace
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.statscollectors import StatsCollector

from timbre_spider.extensions.context import Context
from timbre_spider.extensions.flow import count_flow
from timbre_spider.items import ChartRow, Reject, Song
from timbre_spider.matching.folding.spelling import best_spelling

LONGEST_NAME = 1000
_PLAYS_JOINED = "same names as another row once cleaned; plays added to it"
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]+")
_SPACE = re.compile(r"\s+")


class Validate:
    """Cleans the names of a song and of its rows; drops it when no row is left."""

    def __init__(self, context: Context, stats: StatsCollector) -> None:
        self._writer = context.writer
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Context.of(crawler), crawler.stats)

    async def process_item(self, song: Song) -> Song:
        rows, rejects = validated(song)
        if rejects:
            await self._writer.reject(rejects)
            count_rejects(self._stats, rejects)
        if not rows:
            raise DropItem(rejects[0].reason)
        song.rows = rows
        best = best_spelling(rows)
        song.artist, song.title = shown(best.artist), shown(best.title)
        return song


def validated(song: Song) -> tuple[list[ChartRow], list[Reject]]:
    """The song's rows that can be stored, names cleaned, and the others with a reason each."""
    rows: dict[tuple[str, str], ChartRow] = {}
    rejects = []
    for raw in song.rows:
        row = replace(raw, artist=clean(raw.artist), title=clean(raw.title))
        reason = wrong_with(row)
        if not reason and (row.artist, row.title) in rows:
            first = rows[row.artist, row.title]
            rows[row.artist, row.title] = joined(first, row)
            reason = _PLAYS_JOINED
        if reason:
            artist, title = (escaped(name)[:LONGEST_NAME] for name in (raw.artist, raw.title))
            rejects.append(Reject(song.listener, artist, title, max(row.playcount, 0), reason))
        else:
            rows[row.artist, row.title] = row
    return list(rows.values()), rejects


def count_rejects(stats: StatsCollector, rejects: list[Reject]) -> None:
    """Rejected rows, and the plays that are lost with them."""
    lost = sum(reject.playcount for reject in rejects if reject.reason != _PLAYS_JOINED)
    count_flow(stats, "rejected", len(rejects), lost)


def joined(first: ChartRow, other: ChartRow) -> ChartRow:
    """Two rows of one spelling as one: what each source counts is summed."""
    told = {(each.source, each.period): each for each in first.listens}
    for each in other.listens:
        same = told.get((each.source, each.period))
        told[each.source, each.period] = replace(same, plays=same.plays + each.plays) if same else each
    return replace(first, playcount=first.playcount + other.playcount, listens=tuple(told.values()))


def clean(name: str) -> str:
    """`name` as the chart shows it, a space for control characters and lone surrogates."""
    return _UNPRINTABLE.sub(" ", name)


def shown(name: str) -> str:
    """A cleaned name as a song bears it: composed, white space folded."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", name)).strip()


def escaped(name: str) -> str:
    """`name` with what cannot be shown as escapes, so that a person sees what was wrong with it."""
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), name)


def wrong_with(row: ChartRow) -> str:
    """Why a cleaned row cannot be a song; empty when it can."""
    for what, name in (("artist", row.artist), ("title", row.title)):
        if not name.strip():
            return f"empty {what}"
        if len(name) > LONGEST_NAME:
            return f"{what} longer than {LONGEST_NAME} characters"
    return "no plays" if row.playcount < 1 else ""
