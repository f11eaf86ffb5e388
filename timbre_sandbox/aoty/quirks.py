"""Where pages of one kind differ: traits of albums, always the same for an album. Their shares are assumed."""

from ..shares import share
from ..world.model import AotyEntry


def number_without_link(entry: AotyEntry) -> bool:
    """The score box holds the number alone."""
    return share("unlinked", entry.number) < 0.04


def has_no_box_unrated(entry: AotyEntry) -> bool:
    """An unrated album's box is missing; else it says "NR"."""
    return share("no box", entry.number) < 0.4


def has_vibes(entry: AotyEntry) -> bool:
    """Vibes instead of the details' row of tags, as some pages have since mid-2026."""
    return share("vibes", entry.number) < 0.1


def has_no_score_header(entry: AotyEntry) -> bool:
    """A list's row that does not say whose score it shows."""
    return share("no header", entry.number) < 0.02


def linked_artists(entry: AotyEntry, count: int) -> int:
    """How many of a joint release's `count` artists have a link on its page: all, the first, or none."""
    return (count, 1, 0)[int(share("joint", entry.number) * 3)] if count > 1 else 1
