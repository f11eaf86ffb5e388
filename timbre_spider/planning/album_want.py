"""An album that waits, and the pages that may tell of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class PageKind(StrEnum):
    """Kinds of pages, in the words that a stored reason has for them."""

    ALBUM = "on its own page"
    ARTIST = "on its artist's page"
    WAY = "by another album's page"
    SEARCH = "by search"
    MUST_HEAR = "among the must-hear albums of its year"
    CHART = "in the chart of its year"


# What a page of a kind finds of what is at stake on it, and how many requests that takes in the end: a search and
# another album's page lead to a page that tells the ratings.
_FINDS = {PageKind.ALBUM: 1.0, PageKind.ARTIST: 0.9, PageKind.WAY: 0.45, PageKind.SEARCH: 0.4}
# What ratings that are known already are worth when they are seen anew.
_RENEWED = 0.25
# What its own page is worth beside its ratings in a list: genres and tags too. More would cost a request an album.
_ALL_OF_IT = 1.6


@dataclass(slots=True, eq=False)
class AlbumWant:
    """An album that waits, under the key of its question; `artist` is whose by key, `year` when it came out.

    `url`: its page's address, where known. `is_rated`: its ratings were seen before; `is_told`: its own page was.
    """

    key: str
    artist: str
    year: str | None
    plays: int
    url: str = ""
    is_rated: bool = False
    is_told: bool = False
    searched: bool = False

    @property
    def is_owed_its_page(self) -> bool:
        """Lists have told its ratings: what they leave out, genres and tags, its own page alone tells."""
        return self.is_rated and not self.is_told and bool(self.url)

    @property
    def by_page(self) -> float:
        """What its own page is worth, in plays: that alone tells all."""
        return self.plays * (_RENEWED if self.is_told else _ALL_OF_IT)

    @property
    def by_list(self) -> float:
        """What a page that lists it is worth, in plays."""
        if self.is_owed_its_page:
            return 0.0
        return self.plays * (_RENEWED if self.is_rated else 1.0)


@dataclass(slots=True)
class ArtistAtSite:
    """`url`: the artist's page, where known; `way`: an album of the artist's, whose page leads there. `is_read`: that
    page was; `is_lost`: it cannot be had. `is_asked`: a page is under way."""

    url: str = ""
    way: str = ""
    is_read: bool = False
    is_lost: bool = False
    is_asked: bool = False
    wants: dict[str, AlbumWant] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A page to ask for. `about`: the key of the album, or of the artist, or the year of a list; `number`: of a list's
    pages; `artist`: whose, where it is of one."""

    kind: PageKind
    about: str
    url: str = ""
    number: int = 1
    artist: str = ""


def pages_of_artist(key: str, artist: ArtistAtSite, *, search: bool, guess: bool) -> Iterator[tuple[float, Page]]:
    """The pages that may tell of an artist's albums, each with the plays a request of it is expected to tell of.
    `guess`: those of albums that nobody has seen at the site yet, too."""
    wants = artist.wants.values()
    together = sum(want.by_list for want in wants)
    if artist.url and not artist.is_read and (guess or any(want.url for want in wants)):
        yield together * _FINDS[PageKind.ARTIST], Page(PageKind.ARTIST, key, artist.url, artist=key)
    for want in wants:
        if want.url:
            yield want.by_page, Page(PageKind.ALBUM, want.key, want.url, artist=key)
        elif search and guess and not (artist.url or artist.is_read or want.searched):
            value = max(want.plays, together) * _FINDS[PageKind.SEARCH]
            yield value, Page(PageKind.SEARCH, want.key, artist=key)
    if artist.way and not (artist.url or artist.is_read or search):
        yield together * _FINDS[PageKind.WAY], Page(PageKind.WAY, key, artist.way, artist=key)


def requests_of_artist(with_address: int, without: int) -> int:
    """How many requests the plan is expected to make for so many albums of an artist, where lists tell of none: a page
    for one whose address is known; else a search, and the page of all that it leads to."""
    return min(with_address + 2 * without, 2)
