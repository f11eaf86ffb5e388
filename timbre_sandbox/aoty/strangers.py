"""Albums nobody here plays: most of what the site lists in charts and months and beside an album. Those of a year are
made when it is asked for, always the same."""

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from itertools import chain
from random import Random

from ..coarse import slug
from ..world.model import Album, AotyEntry, Artist
from ..world.names import Names, run_together
from ..world.words import GENRES, LABELS
from .listed import Listed

# How many of the 5,000 best of all time are from a year, from the year named on [a data set of that chart, 2024].
_BEST = (
    (1950, 1), (1957, 8), (1967, 35), (1970, 45), (1985, 35), (1990, 50), (1994, 80), (2010, 115), (2013, 160),
    (2017, 190),
)  # fmt: skip
# Assumed: of a year's chart a third has their score (75 and more), and half of these their ratings (175 and more).
_OF_ALL = 6
_FIRST_NUMBER, _A_YEAR = 2_000_000, 2_000
_FIRST_YEAR = _BEST[0][0]
_LAST_YEAR = 2026


def _made_of(year: int) -> int:
    """How many there are of a year."""
    return _OF_ALL * _BEST[bisect_right(_BEST, (year, _A_YEAR)) - 1][1]


STRANGERS = sum(map(_made_of, range(_FIRST_YEAR, _LAST_YEAR + 1)))


class Strangers:
    """None has the name of one of `artists`."""

    def __init__(self, seed: int, artists: Iterable[Artist]) -> None:
        self._seed = seed
        self._taken = {run_together(artist.name) for artist in artists}
        self.of_year = cache(self._of_year)

    def of(self, when: str) -> list[Listed]:
        """Those of a year, a month's year ("2024-05"), a decade ("2020s") or of "all", oldest first."""
        if when in ("all", ""):
            years = range(_FIRST_YEAR, _LAST_YEAR + 1)
        else:
            first = int(when[:4])
            years = range(first, first + (10 if when.endswith("s") else 1))
        return list(chain.from_iterable(map(self.of_year, years)))

    def numbered(self, number: int) -> Listed | None:
        """The one with the site's number, which is its artist's too."""
        year, place = divmod(number - _FIRST_NUMBER, _A_YEAR)
        found = self.of_year(_FIRST_YEAR + year)
        return found[place] if place < len(found) else None

    def _of_year(self, year: int) -> list[Listed]:
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            return []
        rng = Random(f"strangers {self._seed} {year}")
        names = Names(rng)
        first = _FIRST_NUMBER + (year - _FIRST_YEAR) * _A_YEAR
        return [self._album(first + place, year, names, rng) for place in range(_made_of(year))]

    def _album(self, number: int, year: int, names: Names, rng: Random) -> Listed:
        name, tongue = names.artist()
        while run_together(name) in self._taken:
            name, tongue = names.artist()
        genre = rng.choice(tuple(GENRES))
        artist = Artist(number, name, tongue, genre, f"{number:022}")
        title = names.album(tongue)
        date = f"{year}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        label, upc = rng.choice(LABELS), f"{number:012}"
        album = Album(number, title, (artist,), "album", "studio", date, f"{number:022}", label, upc)
        critics = rng.randrange(1, 20) if rng.random() < 0.3 else 0
        album.aoty = AotyEntry(
            number=number,
            slug="-".join(filter(None, (slug(name), slug(title)))) or "untitled",
            title=title,
            user_score=round(min(97.0, max(12.0, rng.gauss(71, 9))), 1),
            rating_count=10 + int(rng.lognormvariate(5, 1.3)),
            critic_score=round(min(98.0, max(20.0, rng.gauss(73, 8))), 4) if critics else None,
            critic_count=critics,
            genres=(genre,),
            secondary=(),
            tags=(),
        )
        artist.albums.append(album)
        return Listed(album, album.aoty, "LP")
