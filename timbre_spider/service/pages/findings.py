"""What a person should look at, in one place."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from timbre_spider.extensions.identity_rules import collapse_of
from timbre_spider.matching.folding.joined import why_joined
from timbre_spider.service.state import Service
from timbre_spider.storage.report import Section, most_played_joins, section_of
from timbre_spider.storage.wanted_albums import LackingAlbum, lacking_albums

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Findings:
    """The parts of `timbre report`, of what was joined the most played rows alone, and all albums without ratings, most
    played first."""

    sections: dict[str, Section]
    joined: list[dict[str, Any]]
    albums: list[LackingAlbum]


def find(service: Service) -> Findings:
    """Raises DatabaseUnreachable."""
    database = service.database
    why = partial(why_joined, collapse=collapse_of(service.config))
    return Findings(
        {name: section_of(database, name, _SHOWN) for name in ("weak", "unmatched", "rejected")},
        most_played_joins(database, why, _SHOWN),
        lacking_albums(database),
    )
