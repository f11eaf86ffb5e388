"""What became of a file, a page in it, or a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from timbre_spider.items import Sighting


@dataclass(frozen=True, slots=True)
class Read:
    """`kind` of page (album, artist, chart, search, cards), or `data` for rows of a data set, and what it told."""

    place: str
    kind: str
    sightings: Sequence[Sighting]


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, and why. `row`: it is one of a data set, the rest of which is read."""

    place: str
    reason: str
    row: bool = False
