"""A song's quality in words a person understands: its parts, and what would raise them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from timbre_spider.matching.calibration import KNOTS, probability

_PARTS = {
    "quality": "how far this row may be relied upon, all in all",
    "completeness": "how much of what counts is known",
    "certainty": "the chance that what is known is of this very song",
    "agreement": "whether sources that tell the same agree",
    "freshness": "whether answers are within their time",
}
_NAMES = {"spotify": "Spotify", "open": "the open sources", "lastfm": "Last.fm", "aoty": "Album of the Year"}
# Who may tell a fact that is lacking.
_TELLERS = {
    "ISRC": ("spotify", "open"),
    "Spotify id": ("spotify",),
    "album": ("spotify", "open"),
    "release date": ("spotify", "open"),
    "length": ("spotify", "open"),
    "tags": ("lastfm",),
    "genres of the album": ("aoty",),
    "user score of the album": ("aoty",),
    "MusicBrainz id": ("open",),
}
# A match of less is worth a look.
_SURE = 0.99


def parts_of(song: Mapping[str, Any]) -> list[tuple[str, float, str]]:
    """(name, share, what it means) of a row of song_features; empty where it was not judged yet."""
    return [(name, song[name], said) for name, said in _PARTS.items() if song[name] is not None]


def advice_for(song: Mapping[str, Any], told: Mapping[str, list[str] | None]) -> list[str]:
    """What would raise it, the most first: of a row of song_features, and what timbre_quality tells of it."""
    return [*_lacking(song, told["lacking"] or []), *_unsure(song), *_differing(told["differing"] or []),
            *_stale(told["stale"] or [])]  # fmt: skip


def _lacking(song: Mapping[str, Any], facts: list[str]) -> Iterator[str]:
    if facts:
        yield f"Not known: {_listed(facts)}."
    sources = dict.fromkeys(source for fact in facts for source in _TELLERS[fact])
    never = [_NAMES[source] for source in sources if song[f"{source}_checked_at"] is None]
    if never:
        yield f"Never asked about it: {_listed(never)}. A run asks; `timbre validate` tells whose key is missing."


def _unsure(song: Mapping[str, Any]) -> Iterator[str]:
    for source, name in _NAMES.items():
        chance = _chance(song.get(f"{source}_match_score"), song.get(f"{source}_match_tier"))
        if chance < _SURE:
            yield (f"What {name} answered is of this song in {1000 * chance:.0f} of 1,000 cases like it:"
                   " look at the answers, and settle it by your word.")  # fmt: skip


def _chance(score: float | None, tier: str | None) -> float:
    """What has no score was named by somebody, or, with a tier, told by ListenBrainz labs."""
    if score is None:
        return 1.0 if tier is None else KNOTS[0][1]
    return probability(score)


def _differing(facts: list[str]) -> Iterator[str]:
    if facts:
        yield f"The sources differ in: {_listed(facts)}. One of them may mean another version: your word settles it."


def _stale(sources: list[str]) -> Iterator[str]:
    if sources:
        yield f"Past their time: the answers of {_listed([_NAMES[each] for each in sources])}. The next run asks again."


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
