"""What was told of one song so far, service by service; and what that comes to."""

from dataclasses import dataclass, field
from typing import Any, Self

from timbre_spider.errors import SourceError
from timbre_spider.items import STRENGTH, Answer, Outcome, Song, fields_of
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.pipelines.open.facts import is_complete
from timbre_spider.pipelines.open.match import Match
from timbre_spider.sources.recording import Recording

_SURE = frozenset({Tier.EXACT.value, Tier.HIGH.value})


@dataclass(slots=True)
class Inquiry:
    """`told`: a recording by service, as an answer holds it, or None where it (or a way of asking it) knows none.
    `before`: likewise, of an earlier inquiry. `failures`: why others did not answer."""

    before: dict[str, Any] = field(default_factory=dict)
    told: dict[str, Any] = field(default_factory=dict)
    matches: list[Match] = field(default_factory=list)
    failures: list[SourceError] = field(default_factory=list)

    @classmethod
    def after(cls, known: Answer | None) -> Self:
        """The inquiry that follows on `known`: whoever answered is asked anew only when all had."""
        if known is None:
            return cls()
        had_all = known.outcome in (Outcome.FOUND, Outcome.ABSENT)
        return cls(known.values, {} if had_all else dict(known.values))

    def needs(self, *asked: str) -> bool:
        """Whether a service, asked in one way, is still worth asking: by the names of both."""
        return self.told.keys().isdisjoint(asked) and not self.complete

    def tell(self, service: str, match: Match | None) -> None:
        """Takes down what `service` told."""
        self.told[service] = fields_of(match.recording) if match else None
        if match:
            self.matches.append(match)

    @property
    def values(self) -> dict[str, Any]:
        """All that is known, of before too; empty where nobody knows anything and nobody is left to ask."""
        values = {**self.before, **{service: each for service, each in self.told.items() if each}}
        if self.failures:
            values = {**self.told, **values}
        return values

    @property
    def found(self) -> bool:
        """Whether anybody knows the song."""
        return any(self.told.values())

    @property
    def complete(self) -> bool:
        """Whether ISRC and album are known."""
        return is_complete(recordings_of(self.told))

    @property
    def best(self) -> Match | None:
        """The match that gave the ISRC, else the first."""
        return next((each for each in self.matches if each.recording.isrcs), next(iter(self.matches), None))


def recordings_of(values: dict[str, Any]) -> dict[str, Recording]:
    """The recordings an answer holds, by service."""
    return {service: Recording.from_values(each) for service, each in values.items() if each}


def surely_told(song: Song) -> list[Recording]:
    """The recordings the open sources told of a song, the strongest source's first; none where they are not sure."""
    answer = song.known.get(("open", song.name_id))
    if answer is None or answer.tier not in _SURE:
        return []
    recordings = recordings_of(answer.values)
    return [recordings[service] for service in STRENGTH if service in recordings]
