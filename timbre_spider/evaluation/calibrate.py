"""Scores held against what came true: how far they are chances, and the table that makes them so."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

from timbre_spider.errors import UsageError
from timbre_spider.evaluation.searches import Accepted
from timbre_spider.matching.calibration import probability

Knots = tuple[tuple[float, float], ...]
T = TypeVar("T")

# Where scores are parted: finer where most of them are.
_EDGES = (0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)


@dataclass(frozen=True, slots=True)
class Bin:
    """Matches of about one score: how many, what was foretold of them on average, and the share that is right."""

    count: int
    score: float
    foretold: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """`brier`: the mean squared distance of what was foretold from what came true. `ece`: the mean distance of the two
    within a bin, weighted by its matches."""

    bins: tuple[Bin, ...]
    brier: float
    ece: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """`knots`: fit on all matches. `held_out`: each half judged by knots fit on the other; `raw`: by the scores as
    they are."""

    count: int
    knots: Knots
    held_out: Reliability
    raw: Reliability


def calibrate(matches: Sequence[Accepted]) -> Calibration:
    """Tracks are parted into halves, never the matches of one. Raises UsageError where there are none."""
    if not matches:
        raise UsageError("Nothing was accepted in these files, so there is nothing to calibrate by: name larger ones.")
    halves: tuple[list[Accepted], list[Accepted]] = ([], [])
    for each in matches:
        halves[crc32(f"half {each.track}".encode()) % 2].append(each)
    fitted = [fit(half or matches) for half in halves]
    foretold = [(each, probability(each.score, fitted[1 - side])) for side, half in enumerate(halves) for each in half]
    return Calibration(
        len(matches), fit(matches), reliability(foretold), reliability([(each, each.score) for each in matches])
    )


def fit(matches: Sequence[Accepted]) -> Knots:
    """The chance by score, never falling: neighbouring bins that fall are thrown together. Half a right match and half
    a wrong one are added to each bin, so that no chance is 0 or 1."""
    pooled: list[tuple[int, float, int]] = []  # matches, their scores added up, how many are right
    for each in _parted(matches, lambda match: match.score):
        pooled.append((len(each), sum(match.score for match in each), sum(match.right for match in each)))
        while len(pooled) > 1 and _chance(pooled[-2]) > _chance(pooled[-1]):
            one, other = pooled.pop(-2), pooled.pop()
            pooled.append((one[0] + other[0], one[1] + other[1], one[2] + other[2]))
    return tuple((round(each[1] / each[0], 4), round(_chance(each), 4)) for each in pooled)


def reliability(foretold: Sequence[tuple[Accepted, float]]) -> Reliability:
    """How far what was foretold came true."""
    count = len(foretold)
    bins = tuple(
        Bin(
            len(each),
            sum(match.score for match, _ in each) / len(each),
            sum(chance for _, chance in each) / len(each),
            sum(match.right for match, _ in each) / len(each),
        )
        for each in _parted(foretold, lambda pair: pair[0].score)
    )
    brier = sum((chance - match.right) ** 2 for match, chance in foretold) / count
    return Reliability(bins, brier, sum(each.count * abs(each.foretold - each.right) for each in bins) / count)


def _chance(bin: tuple[int, float, int]) -> float:
    return (bin[2] + 0.5) / (bin[0] + 1)


def _parted(items: Sequence[T], score: Callable[[T], float]) -> list[list[T]]:
    """The bins that hold any, from the lowest score."""
    bins: list[list[T]] = [[] for _ in range(len(_EDGES) + 1)]
    for each in items:
        bins[bisect_right(_EDGES, score(each))].append(each)
    return [each for each in bins if each]
