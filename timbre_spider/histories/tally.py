"""Plays summed into rows of a chart, each play once, however many files tell it.

What is kept of a play is four bytes, its second: with a song's seconds side by side, the same play is one that stands
there twice. That is exact, needs no disk, and takes some 5 MB for a million plays.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from timbre_spider.histories.play import Play
from timbre_spider.items import ChartRow, Listens

Value = TypeVar("Value")

# A history has no period: it is all that was heard.
PERIOD = "history"


class _Told(NamedTuple):
    """One way in which a source tells a song."""

    source: str
    artist: str
    title: str
    album: str | None
    spotify_id: str | None
    isrc: str | None
    mbid: str | None


@dataclass(slots=True)
class _Heard:
    """Its plays: seconds, plays beyond the first at a second, plays without a time; and how long the track is.

    `counted`: plays beyond the first at a second, those told again too.
    """

    seconds: "array[int]" = field(default_factory=lambda: array("I"))
    more: dict[int, int] = field(default_factory=dict)
    counted: int = 0
    undated: int = 0
    duration_ms: int | None = None

    @property
    def told(self) -> int:
        """Plays, the same one each time it is told."""
        return len(self.seconds) + self.counted + self.undated


class Tally:
    """Takes plays in, gives rows out."""

    def __init__(self) -> None:
        self._heard: dict[_Told, _Heard] = {}
        self.doubles = 0

    def add(self, source: str, play: Play) -> None:
        """One more play, or `play.plays` of them."""
        told = _Told(source, play.artist, play.title, play.album, play.spotify_id, play.isrc, play.mbid)
        heard = self._heard.get(told)
        if heard is None:
            heard = self._heard[told] = _Heard()
        if play.at is None:
            heard.undated += play.plays
        else:
            heard.seconds.append(play.at)
            if play.plays > 1:
                heard.counted += play.plays - 1
                heard.more[play.at] = max(heard.more.get(play.at, 0), play.plays - 1)
        heard.duration_ms = play.duration_ms or heard.duration_ms

    def rows(self) -> list[ChartRow]:
        """A row a spelling, the most played first. From then on `doubles` counts the plays that were told again."""
        self.doubles = 0
        listens: dict[tuple[str, str], list[Listens]] = defaultdict(list)
        lengths: dict[tuple[str, str], int | None] = {}
        for (source, artist, title), ways in self._by_spelling().items():
            ways.sort(key=lambda way: -way[1].told)
            summed = _summed(source, ways)
            self.doubles += sum(heard.told for _, heard in ways) - summed.plays
            listens[artist, title].append(summed)
            lengths[artist, title] = _first(heard.duration_ms for _, heard in ways) or lengths.get((artist, title))
        plays = {spelling: max(each.plays for each in told) for spelling, told in listens.items()}
        return [
            ChartRow(
                *spelling,
                playcount=plays[spelling],
                rank=rank,
                mbid=_first(each.mbid for each in listens[spelling]),
                duration_ms=lengths[spelling],
                listens=tuple(listens[spelling]),
            )
            for rank, spelling in enumerate(sorted(plays, key=lambda each: (-plays[each], each)), 1)
        ]

    def _by_spelling(self) -> dict[tuple[str, str, str], list[tuple[_Told, _Heard]]]:
        """The ways of telling a song by source and spelling. What has one id at Spotify has one spelling, the most
        played: a name that changed between two exports would make one play two."""
        spelling: dict[tuple[str, str], tuple[int, str, str]] = {}
        for told, heard in self._heard.items():
            if told.spotify_id:
                key = (told.source, told.spotify_id)
                spelling[key] = max(spelling.get(key, (0, "", "")), (heard.told, told.artist, told.title))
        ways: dict[tuple[str, str, str], list[tuple[_Told, _Heard]]] = defaultdict(list)
        for told, heard in self._heard.items():
            _, artist, title = spelling.get((told.source, told.spotify_id or ""), (0, told.artist, told.title))
            ways[told.source, artist, title].append((told, heard))
        return ways


def _summed(source: str, ways: Sequence[tuple[_Told, _Heard]]) -> Listens:
    """The plays of one spelling; of what is known, what most plays tell."""
    seconds: set[int] = set()
    more: dict[int, int] = {}
    for _, heard in ways:
        seconds.update(heard.seconds)
        for second, count in heard.more.items():
            more[second] = max(more.get(second, 0), count)
    return Listens(
        source,
        PERIOD,
        len(seconds) + sum(more.values()) + sum(heard.undated for _, heard in ways),
        min(seconds, default=None),
        max(seconds, default=None),
        _first(told.album for told, _ in ways),
        _first(told.spotify_id for told, _ in ways),
        _first(told.isrc for told, _ in ways),
        _first(told.mbid for told, _ in ways),
    )


def _first(values: Iterable[Value | None]) -> Value | None:
    return next((value for value in values if value is not None), None)
