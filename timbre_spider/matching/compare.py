"""Whether two records describe one song: a score, a tier, and the reason, field by field."""

from dataclasses import dataclass
from math import exp

from timbre_spider.matching.prepared import Prepared, prepare
from timbre_spider.matching.record import Record
from timbre_spider.matching.similarity import incomparable, similarities
from timbre_spider.matching.tier import Tier
from timbre_spider.matching.weights import WEIGHTS, Weights

__all__ = [
    "Comparison",
    "Prepared",
    "Tier",
    "agrees",
    "compare",
    "compare_prepared",
    "contradicts",
    "prepare",
]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: `score` 0 to 1, its `tier`, the similarity of each field known on both sides, and the reason."""

    score: float
    tier: Tier
    fields: dict[str, float]
    reason: str


def compare(wanted: Record, candidate: Record, weights: Weights = WEIGHTS) -> Comparison:
    """How likely both describe one song. Symmetric; fields unknown on either side say nothing."""
    return compare_prepared(prepare(wanted), prepare(candidate), weights)


def compare_prepared(a: Prepared, b: Prepared, weights: Weights = WEIGHTS) -> Comparison:
    """`compare` of records prepared before."""
    fields = similarities(a, b)
    score = weigh(fields, weights)
    return Comparison(score, _tier(a, b, score, fields, weights), fields, _reason(score, fields))


def weigh(fields: dict[str, float], weights: Weights = WEIGHTS) -> float:
    """The score (0 to 1) of field similarities: the evidence of all fields, as a probability."""
    return 1 / (1 + exp(-evidence_of(fields, weights)))


def evidence_of(fields: dict[str, float], weights: Weights = WEIGHTS) -> float:
    """The evidence of field similarities: the natural log of the odds that both are one song."""
    evidence = weights.start
    for name, similarity in fields.items():
        evidence += getattr(weights, name).evidence(similarity)
    return evidence


def contradicts(a: Record, b: Record) -> bool:
    """Whether two records that share an ISRC or Spotify id cannot be one song all the same.

    Names that fall together under one key never contradict. Else title, artist, variants and part numbers must be
    alike, and durations where both are known; names in different scripts are judged by duration alone.
    """
    one, other = prepare(a), prepare(b)
    if one.key == other.key:
        return False
    fields = similarities(one, other)
    durations = fields.get("duration")
    if incomparable(one.title, other.title):
        return durations is None or durations < 0.5
    if incomparable(one.artist, other.artist):
        fields.pop("artist", None)
    return _names_contradict(fields) or (durations is not None and durations < 0.05)


def agrees(a: Record, b: Record) -> bool:
    """The opposite of `contradicts`."""
    return not contradicts(a, b)


def _tier(a: Prepared, b: Prepared, score: float, fields: dict[str, float], weights: Weights) -> Tier:
    if score < weights.low:
        return Tier.NONE
    # Names that contradict each other are not made good by numbers that agree.
    if score < weights.medium or _names_contradict(fields):
        return Tier.LOW
    if score < weights.high:
        return Tier.MEDIUM
    same_id = fields.get("isrc") == 1.0 or fields.get("spotify_id") == 1.0
    return Tier.EXACT if a.key == b.key or same_id else Tier.HIGH


def _names_contradict(fields: dict[str, float]) -> bool:
    return (
        fields.get("title", 0.0) < 0.7
        or fields.get("artist", 1.0) < 0.5
        or fields.get("variants", 1.0) < 0.5
        or fields.get("numbers", 1.0) < 0.5
    )


def _reason(score: float, fields: dict[str, float]) -> str:
    told = ", ".join(f"{name.replace('_', ' ')} {similarity:.2f}" for name, similarity in fields.items())
    return f"{score:.2f}: {told}"
