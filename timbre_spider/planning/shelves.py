"""What a further page of a list of one year's albums may be expected to bring."""

from dataclasses import dataclass

# What pages are taken to have brought before any was read, of each row and each album that was asked for of its year.
_PRIOR_YIELD, _PRIOR_WEIGHT = 0.003, 2000.0
# A shelf is like the others, as far as that many pages of it would tell.
_PAGES_OF_OTHERS = 2.0


@dataclass(slots=True)
class Shelf:
    """The list of one year, as far as it is read: its pages, and the albums on them that were worth having."""

    pages: int = 0
    albums: int = 0
    ended: bool = False
    is_asked: bool = False


class Shelves:
    """The lists of all years, of one kind; `rows`: albums a page; `are_closed`: they cannot be read."""

    def __init__(self, rows: int) -> None:
        self.are_closed = False
        self._rows = rows
        self._shelves: dict[str, Shelf] = {}
        self._albums = _PRIOR_YIELD * _PRIOR_WEIGHT
        self._exposed = _PRIOR_WEIGHT

    def of(self, year: str) -> Shelf:
        """The shelf of a year."""
        return self._shelves.setdefault(year, Shelf())

    def expected(self, year: str, wanted: int) -> float:
        """The albums that its next page is expected to bring, where so many were asked for; 0 where it ended."""
        shelf = self.of(year)
        if self.are_closed or shelf.ended or shelf.is_asked:
            return 0.0
        of_others = _PAGES_OF_OTHERS * self._rows * wanted * self._albums / self._exposed
        return (shelf.albums + of_others) / (shelf.pages + _PAGES_OF_OTHERS)

    def read(self, year: str, wanted: int, albums: int, *, ended: bool) -> None:
        """A page of the year brought so many albums worth having."""
        shelf = self.of(year)
        shelf.pages, shelf.albums, shelf.ended = shelf.pages + 1, shelf.albums + albums, ended
        self._albums += albums
        self._exposed += self._rows * max(wanted, 1)
