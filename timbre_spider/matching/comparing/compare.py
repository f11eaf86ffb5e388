"""Whether two records describe one song: a score, a tier, and the reason, field by field."""

from dataclasses import dataclass
from math import exp

from timbre_spider.matching.comparing.agreement import contradiction, contradicts_by_id, is_explained
from timbre_spider.matching.comparing.features import Features, features_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import similarities
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.comparing.weights import WEIGHTS, Weights


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome: `score` 0 to 1, its `tier`, the similarity of each field known on both sides, and the reason."""

    score: float
    tier: Tier
    fields: dict[str, float]
    reason: str


def compare(wanted: Record, candidate: Record, weights: Weights = WEIGHTS) -> Comparison:
    """How likely both describe one song. Symmetric; fields unknown on either side say nothing."""
    return compare_features(features_of(wanted), features_of(candidate), weights)


def compare_features(a: Features, b: Features, weights: Weights = WEIGHTS) -> Comparison:
    """`compare` of records read before."""
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

    Names that fall together under one key never contradict. Else title, artist, variants and numbers must be alike,
    and durations where both are known; names in different scripts are judged by the rest.
    """
    one, other = features_of(a), features_of(b)
    return bool(contradicts_by_id(one, other, similarities(one, other)))


def _tier(a: Features, b: Features, score: float, fields: dict[str, float], weights: Weights) -> Tier:
    if score < weights.low:
        return Tier.NONE
    same_id = fields.get("isrc") == 1.0 or fields.get("spotify_id") == 1.0
    # Names that contradict each other are not made good by numbers that agree.
    if score < weights.medium or contradiction(a, b, fields) or ("title" not in fields and not same_id):
        return Tier.LOW
    if score < weights.high or not is_explained(a, b, fields):
        return Tier.MEDIUM
    return Tier.EXACT if a.key == b.key or same_id else Tier.HIGH


def _reason(score: float, fields: dict[str, float]) -> str:
    told = ", ".join(f"{name.replace('_', ' ')} {similarity:.2f}" for name, similarity in fields.items())
    return f"{score:.2f}: {told}"
