"""Choosing among the candidates a source offers."""

from collections.abc import Sequence
from dataclasses import dataclass

from timbre_spider.matching.comparing.agreement import titles_contradict
from timbre_spider.matching.comparing.compare import Comparison, compare_features
from timbre_spider.matching.comparing.features import features_of
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.matching.names.other_readings import has_track_number


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidate at `index`, and how it compares."""

    index: int
    comparison: Comparison


def choose(wanted: Record, candidates: Sequence[Record]) -> Choice | None:
    """The best candidate of tier MEDIUM or better; None when there is none.

    The order of the candidates does not matter: equals go to one without a file's number, then to the earlier
    release (the original, not a compilation), then to the one with an ISRC, then to the smaller Spotify id.
    """
    target = features_of(wanted)
    compared = [
        (compare_features(target, features), index)
        for index, features in enumerate(map(features_of, candidates))
        # Most are other songs of the artist; what their titles rule out needs no further look.
        if not titles_contradict(target, features)
    ]
    fitting = [(comparison, index) for comparison, index in compared if comparison.tier >= Tier.MEDIUM]
    if not fitting:
        return None
    comparison, index = min(fitting, key=lambda pair: _rank(pair[0], candidates[pair[1]], pair[1]))
    return Choice(index, comparison)


def is_certain(choice: Choice | None) -> bool:
    """Whether a search may end with this choice: every difference of its names is understood.

    Where one is not ("Solaris", "Solaris (Reprise)"), the exact name may still be on another page.
    """
    return choice is not None and choice.comparison.tier >= Tier.HIGH


def _rank(comparison: Comparison, candidate: Record, index: int) -> tuple[object, ...]:
    return (
        -comparison.tier.rank,
        has_track_number(candidate.title),
        -round(comparison.score, 3),
        candidate.year or 9999,
        candidate.isrc is None,
        candidate.spotify_id or "~",
        candidate.title,
        candidate.artist,
        candidate.album or "",
        index,
    )
