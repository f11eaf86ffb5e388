"""What a score means: the chance that an accepted match is right."""

from bisect import bisect_left

# (score, chance), between which the chance grows evenly; `timbre eval --calibrate` prints them, docs/calibration.md
# says of which matches they tell. timbre_probability in sql/0038_quality.sql has them too.
KNOTS: tuple[tuple[float, float], ...] = (
    (0.6777, 0.9561), (0.8149, 0.9679), (0.9582, 0.9968), (0.9871, 0.9991), (0.9997, 0.9994),
)  # fmt: skip


def probability(score: float, knots: tuple[tuple[float, float], ...] = KNOTS) -> float:
    """The chance (0 to 1) that the candidate a search offered, chosen at tier MEDIUM or better with this score, is the
    recording meant."""
    at = bisect_left(knots, (score, 0.0))
    if at == 0:
        return knots[0][1]
    if at == len(knots):
        return knots[-1][1]
    (below, low), (above, high) = knots[at - 1], knots[at]
    return low + (high - low) * (score - below) / (above - below)
