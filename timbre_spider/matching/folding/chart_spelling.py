"""The spellings of a chart, as the rules that join them look at them, and which pairs are worth a look."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from timbre_spider.items import ChartRow
from timbre_spider.matching.folding.rule import Rule
from timbre_spider.matching.names.peel import peel
from timbre_spider.matching.names.reading import without_artist
from timbre_spider.matching.writing.numbering import numbered

# A chart's durations are in seconds and not always right: this far apart they contradict, this near they agree.
_APART_MS = 10_000
_NEAR_MS = 1_500
# Names that begin or end with as many letters alike are a block.
EDGE = 3
# A block larger than this is not compared pair by pair, but each with those that follow it in order.
_LARGEST_BLOCK = 200
_FOLLOWERS = 10


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


Pair = tuple[Spelling, Spelling]
Join = tuple[Rule, Spelling, Spelling]


def may_be_one(one: Spelling, other: Spelling) -> bool:
    apart = one.apart_ms(other)
    return one is not other and (apart is None or apart <= _APART_MS)


def is_near(one: Spelling, other: Spelling) -> bool:
    apart = one.apart_ms(other)
    return apart is not None and apart <= _NEAR_MS


def near_pairs(spellings: Sequence[Spelling], name_of: Callable[[Spelling], str]) -> Iterator[Pair]:
    """The pairs whose names begin or end alike and are about as long, once or twice each, in the order of keys."""
    if len(spellings) < 2:
        return
    blocks: dict[str, list[Spelling]] = defaultdict(list)
    for spelling in sorted(spellings, key=lambda each: each.key):
        name = name_of(spelling)
        blocks[f"^{name[:EDGE]}"].append(spelling)
        blocks[f"{name[-EDGE:]}$"].append(spelling)
    for block in blocks.values():
        pairs = combinations(block, 2) if len(block) <= _LARGEST_BLOCK else _followers(block)
        yield from ((one, other) for one, other in pairs if abs(len(name_of(one)) - len(name_of(other))) <= EDGE)


def _followers(block: Sequence[Spelling]) -> Iterator[Pair]:
    for step in range(1, _FOLLOWERS + 1):
        yield from zip(block, block[step:], strict=False)
