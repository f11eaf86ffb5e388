"""All albums that wait for Album of the Year, and the choice of the next page: most expected plays a request first."""

from collections import Counter
from collections.abc import Iterable, Iterator

from timbre_spider.planning.album_want import AlbumWant, ArtistAtSite, Page, PageKind, pages_of_artist
from timbre_spider.planning.shelves import Shelves

# Albums a page of a list has [saved pages].
_ROWS = {PageKind.MUST_HEAR: 60, PageKind.CHART: 25}
# Albums a page of a list must be expected to bring where all can be searched for, about a request each.
LEAST_YIELD = 1.2
# What nobody has seen at the site is searched for as long as one page in so many told of an album, some being granted.
TRIES, GRANTED = 4, 2
# Where it cannot be searched, lists are read while a page may bring so much, and all together about an album each, from
# so many pages on.
LEAST_HOPE, PAGES_AN_ALBUM, ALLOWANCE = 0.15, 0.95, 20


class AlbumPool:
    """Albums wait here from the moment their songs come into work."""

    def __init__(self) -> None:
        self._shelves = {kind: Shelves(rows) for kind, rows in _ROWS.items()}
        self._by_key: dict[str, AlbumWant] = {}
        self._artists: dict[str, ArtistAtSite] = {}
        self._waiting: dict[str, ArtistAtSite] = {}
        self._years: Counter[str] = Counter()
        self._plays, self._entered = 0, 0
        self._requests, self._found, self._beside = 0, 0, 0

    def __len__(self) -> int:
        return len(self._by_key)

    def wants(self) -> list[AlbumWant]:
        """All that waits."""
        return list(self._by_key.values())

    def get(self, key: str) -> AlbumWant | None:
        """What waits under `key`."""
        return self._by_key.get(key)

    def artist(self, key: str) -> ArtistAtSite:
        """What is known of an artist."""
        return self._artists.setdefault(key, ArtistAtSite())

    def wants_of(self, artists: Iterable[str]) -> list[AlbumWant]:
        """What waits of these artists."""
        return [want for key in artists if key in self._waiting for want in self._waiting[key].wants.values()]

    def add(self, want: AlbumWant) -> None:
        """An album that waits."""
        self._by_key[want.key] = want
        artist = self._waiting[want.artist] = self.artist(want.artist)
        artist.wants[want.key] = want
        self._plays, self._entered = self._plays + want.plays, self._entered + 1
        if want.year is not None:
            self._years[want.year] += 1

    def remove(self, key: str, *, found: bool) -> None:
        """An album that waits no more."""
        want = self._by_key.pop(key, None)
        if want is not None:
            self._found += found
            artist = self._waiting[want.artist]
            del artist.wants[key]
            if not artist.wants:
                del self._waiting[want.artist]

    def told_beside(self) -> None:
        """An album was told of by a page that was read before it could wait."""
        self._beside += 1

    def way_to(self, artist: str, url: str, album_url: str) -> None:
        """Where a page of an artist is, or at least one that leads there."""
        known = self.artist(artist)
        if not known.is_lost:
            known.url, known.way = known.url or url, known.way or album_url

    def next_page(self, *, search: bool) -> Page | None:
        """The page with the most expected plays a request; `search`: whether the site may be searched. None: none that
        is not asked for already."""
        best, chosen = 0.0, None
        guess = not search or self._requests < TRIES * (self._found + GRANTED)
        for key, artist in self._waiting.items():
            if not artist.is_asked:
                for value, page in pages_of_artist(key, artist, search=search, guess=guess):
                    if value > best:
                        best, chosen = value, page
        usual = self._plays / max(self._entered, 1)
        for expected, page in self._lists({want.year for want in self._by_key.values() if not want.is_rated}):
            if expected * usual > best and self._is_worth_it(expected, search=search):
                best, chosen = expected * usual, page
        return chosen

    def asked(self, page: Page, *, ends: bool = False) -> None:
        """`page` is asked for; `ends`: no more."""
        self._requests += not ends
        self.under_way(page, ends=ends)

    def under_way(self, page: Page, *, ends: bool = False) -> None:
        """Somebody asks for `page`, and no other of its artist or year is asked for meanwhile; `ends`: no more."""
        if page.kind in self._shelves:
            self._shelves[page.kind].of(page.about).is_asked = not ends
        else:
            self.artist(page.artist).is_asked = not ends

    def artist_read(self, artist: str, *, is_listed: bool) -> None:
        """An artist's page was read, or is no page of an artist's."""
        known = self.artist(artist)
        known.is_read, known.is_lost = is_listed, not is_listed
        if not is_listed:
            known.url = known.way = ""

    def way_read(self, artist: str, url: str) -> None:
        """The page of an artist's album was read, and tells where the artist's is."""
        known = self.artist(artist)
        known.url, known.way, known.is_lost = known.url or url, "", not (known.url or url)

    def list_read(self, page: Page, albums: int, *, is_last: bool, failed: bool = False) -> None:
        """A page of a list brought so many albums worth having. `failed`: lists of its kind cannot be read."""
        shelves = self._shelves[page.kind]
        shelves.read(page.about, self._years[page.about], albums, ended=is_last)
        shelves.are_closed |= failed

    def hopeless(self, artist: str, *, search: bool) -> list[AlbumWant]:
        """What no page is left for of an artist's albums."""
        known = self._waiting.get(artist)
        if known is None:
            return []
        return [want for want in known.wants.values() if not self._is_left_for(known, want, search=search)]

    def _is_left_for(self, artist: ArtistAtSite, want: AlbumWant, *, search: bool) -> bool:
        if want.url or artist.is_asked:
            return True
        if artist.is_read:
            return False
        if artist.url or artist.way or search:
            return not want.searched or bool(artist.url)
        return any(self._is_worth_it(expected, search=False) for expected, _ in self._lists([want.year]))

    def _lists(self, years: Iterable[str | None]) -> Iterator[tuple[float, Page]]:
        for year in filter(None, years):
            for kind, shelves in self._shelves.items():
                expected = shelves.expected(year, self._years[year])
                yield expected, Page(kind, year, number=shelves.of(year).pages + 1)

    def _is_worth_it(self, expected: float, *, search: bool) -> bool:
        if search:
            return expected >= LEAST_YIELD
        borne = PAGES_AN_ALBUM * (self._found + self._beside + expected) + ALLOWANCE
        return expected >= LEAST_HOPE and self._requests + 1 <= borne
