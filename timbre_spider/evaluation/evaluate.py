"""`timbre eval`: match labelled files and hold the outcome against their labels."""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from itertools import combinations, islice
from pathlib import Path

from timbre_spider.errors import UsageError
from timbre_spider.evaluation.labelled import Clusters, Pairs, read_labelled
from timbre_spider.items import ChartRow
from timbre_spider.matching.comparing.cluster import cluster
from timbre_spider.matching.comparing.compare import Comparison, compare
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.folding.fold import fold_chart

_WORST = 10
_LISTED = 10_000


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair judged wrongly: `same` is the truth."""

    same: bool
    left: Record
    right: Record
    comparison: Comparison

    @property
    def badness(self) -> float:
        """How sure the matcher was of the wrong thing, 0 to 1."""
        return 1 - self.comparison.score if self.same else self.comparison.score


@dataclass(slots=True)
class PairCounts:
    """Pairs found that are right, found that are wrong, and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add_groups(self, found: Sequence[object], truth: Sequence[str]) -> None:
        """Add the pairs of a grouping: two of one name are a pair."""
        right = _pairs_in(Counter(zip(found, truth, strict=True)).values())
        self.right += right
        self.wrong += _pairs_in(Counter(found).values()) - right
        self.missed += _pairs_in(Counter(truth).values()) - right

    @property
    def precision(self) -> float:
        """The share of the pairs found that are right; 1 when none was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of the true pairs that were found; 1 when there are none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(slots=True)
class EvalReport(PairCounts):
    """Counts of pairs over all files (a pair is two records of one cluster), records, seconds, the worst mistakes.

    `folded`: what a crawl makes of the same clusters, as rows of a chart that have names and durations alone.
    """

    records: int = 0
    seconds: float = 0.0
    mistakes: list[Mistake] = field(default_factory=list)
    folded: PairCounts = field(default_factory=PairCounts)


def evaluate(paths: Sequence[Path], truth: str = "cluster_id") -> EvalReport:
    """Match every file by itself and add up. Raises UsageError for a file that cannot be read as any known kind."""
    report = EvalReport()
    for path in paths:
        start = time.perf_counter()
        mistakes = list(islice(_judge(path, truth, report), _LISTED))
        report.seconds += time.perf_counter() - start
        report.mistakes += mistakes
    report.mistakes = nlargest(_WORST, _each_once(report.mistakes), key=lambda mistake: mistake.badness)
    return report


def _each_once(mistakes: Iterable[Mistake]) -> Iterable[Mistake]:
    """A pair that stands in several rows or files is one mistake to look at."""
    return {(each.same, frozenset((each.left, each.right))): each for each in mistakes}.values()


def _judge(path: Path, truth: str, report: EvalReport) -> Iterator[Mistake]:
    match read_labelled(path, truth):
        case Pairs(pairs):
            return _judge_pairs(pairs, report)
        case Clusters(records, names):
            return _judge_clusters(records, names, report)
        case _:
            raise UsageError(f"{path} has names and their corrections: that is for --calibrate.")


def _judge_pairs(pairs: Sequence[tuple[Record, Record, bool]], report: EvalReport) -> Iterator[Mistake]:
    report.records += 2 * len(pairs)
    mistakes: list[Mistake] = []
    for left, right, same in pairs:
        comparison = compare(left, right)
        found = comparison.tier >= Tier.MEDIUM
        report.right += found and same
        report.wrong += found and not same
        report.missed += same and not found
        if found != same:
            mistakes.append(Mistake(same, left, right, comparison))
    return iter(mistakes)


def _judge_clusters(records: Sequence[Record], truth: Sequence[str], report: EvalReport) -> Iterator[Mistake]:
    labels = cluster(records)
    report.records += len(records)
    report.add_groups(labels, truth)
    began = time.perf_counter()
    report.folded.add_groups(_folded(records), truth)
    # The time told is the matcher's.
    report.seconds -= time.perf_counter() - began
    for grouping, other, same in ((labels, truth, False), (truth, labels, True)):
        for one, another in _parted(grouping, other):
            yield Mistake(same, records[one], records[another], compare(records[one], records[another]))


def _folded(records: Sequence[Record]) -> list[int]:
    """The song of each record, were they the rows of a chart."""
    rows = [
        ChartRow(record.artist, record.title, 1, at, duration_ms=record.duration_ms)
        for at, record in enumerate(records)
    ]
    song_of = {row.rank: number for number, song in enumerate(fold_chart(rows)) for row in song}
    return [song_of[at] for at in range(len(records))]


def _pairs_in(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _parted(grouping: Sequence[object], other: Sequence[object]) -> Iterator[tuple[int, int]]:
    """The pairs of positions that `grouping` puts together and `other` does not."""
    groups: dict[object, list[int]] = defaultdict(list)
    for at, name in enumerate(grouping):
        groups[name].append(at)
    for members in groups.values():
        if len({other[at] for at in members}) > 1:
            yield from ((one, two) for one, two in combinations(members, 2) if other[one] != other[two])
