"""Score against plays: where each album stands in a drawing. Pure."""

import math
from collections.abc import Sequence

WIDTH, HEIGHT = 640.0, 240.0
_EDGE = 30.0
# Scores below are rare, and drawn at the edge.
LEAST_SCORE = 30.0


def dots(albums: Sequence[tuple[float, int]]) -> list[tuple[float, float]]:
    """The place of each (score, plays): the score to the right, plays upwards by their logarithm."""
    heights = [math.log1p(plays) for _, plays in albums]
    least, most = min(heights, default=0.0), max(heights, default=0.0)
    return [
        (
            _EDGE + (WIDTH - 2 * _EDGE) * (max(score, LEAST_SCORE) - LEAST_SCORE) / (100 - LEAST_SCORE),
            HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * (height - least) / ((most - least) or 1.0),
        )
        for (score, _), height in zip(albums, heights, strict=True)
    ]
