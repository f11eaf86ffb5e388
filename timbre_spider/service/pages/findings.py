"""What a person should look at, in one place."""

from dataclasses import dataclass
from functools import partial

from timbre_spider.extensions.identity_rules import collapse_of
from timbre_spider.matching.joined import why_joined
from timbre_spider.service.state import Service
from timbre_spider.storage.report import Section, report
from timbre_spider.storage.wanted_albums import LackingAlbum, lacking_albums

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Findings:
    """The parts of `timbre report`, and all albums without ratings, most played first."""

    sections: list[Section]
    albums: list[LackingAlbum]


def find(service: Service) -> Findings:
    """Reads all names. Raises DatabaseUnreachable."""
    why = partial(why_joined, collapse=collapse_of(service.config))
    return Findings(report(service.database, why, limit=_SHOWN), lacking_albums(service.database))
