"""What an artist has brought out, and how much of it a search shows that lists the most popular first."""

from collections import Counter
from collections.abc import Iterable
from math import exp

from timbre_spider.items import Release

# A song that was heard is better known than the artist's others and on several releases: its chance of a place is this
# many times a track's [measured against the sandbox].
_BETTER_KNOWN = 3.5


class Releases:
    """An artist's releases, by the keys of their albums; nothing where nobody told of any.

    `tracks`: how many all editions of an album have; `collections`: the names of those that collect songs of others.
    """

    def __init__(self, told: Iterable[tuple[str, Release]] = ()) -> None:
        # Pressings of one name are one release on Spotify.
        releases = {release.name: (key, release) for key, release in told}
        self.tracks: Counter[str] = Counter()
        self.collections: dict[str, str] = {}
        for key, release in releases.values():
            self.tracks[key] += release.tracks
            if release.is_collection:
                self.collections.setdefault(key, release.name)


def shown(page_size: int, tracks: float, songs: float) -> float:
    """The share of `songs` that wait which one page shows of the `tracks` a search finds, theirs among them."""
    if tracks <= page_size:
        return 1.0
    return min(1 - exp(-_BETTER_KNOWN * page_size / tracks), page_size / max(songs, 1.0))
