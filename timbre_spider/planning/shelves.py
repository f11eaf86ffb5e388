"""Whether a further page of a year's chart is worth its request."""

from dataclasses import dataclass

# Albums that a page must be expected to bring: to look for one alone takes two requests, and not all are missed.
LEAST_YIELD = 1.0
# What pages are taken to have brought before any was read: so many pages, so many albums each.
_PAGES_BEFORE, _YIELD_BEFORE = 2.0, 4.0
# A shelf is like the others, as far as that many pages of it would tell.
_PAGES_OF_OTHERS = 2.0


@dataclass(slots=True)
class Shelf:
    """The chart of one year, as far as it is read: its pages, and the albums on them that were worth having."""

    pages: int = 0
    albums: int = 0
    ended: bool = False


class Shelves:
    """The charts of all years."""

    def __init__(self) -> None:
        self._shelves: dict[str, Shelf] = {}

    def of(self, year: str) -> Shelf:
        """The shelf of a year."""
        return self._shelves.setdefault(year, Shelf())

    def is_worth_a_page(self, year: str) -> bool:
        """Whether the shelf goes on, and its next page is expected to bring enough."""
        shelf = self.of(year)
        if shelf.ended:
            return False
        pages = sum(each.pages for each in self._shelves.values()) + _PAGES_BEFORE
        albums = sum(each.albums for each in self._shelves.values()) + _PAGES_BEFORE * _YIELD_BEFORE
        of_others = _PAGES_OF_OTHERS * albums / pages
        return (shelf.albums + of_others) / (shelf.pages + _PAGES_OF_OTHERS) >= LEAST_YIELD
