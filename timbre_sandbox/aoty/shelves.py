"""Which releases stand where: an artist's, a chart's, a month's, those found by a search."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import sqrt

from ..coarse import coarse, slug
from ..names_index import Words
from ..shares import share
from ..world.model import Artist, World
from .listed import MUSIC_VIDEO, Listed, listed_releases
from .strangers import STRANGERS, Strangers

_LEAST_RATINGS, _LEAST_REVIEWS = 10, 3
_BESIDE = 6


class Shelves:
    """All listed releases by number, and the orders the site shows them in.

    `listed` are those of the world. Strangers stand beside them in charts, in months and on albums' pages; they have
    pages of their own, but no search finds them.
    """

    def __init__(self, world: World) -> None:
        self.listed = listed_releases(world)
        self._strangers = Strangers(world.seed, world.artists)
        self._ours_among_similar = sqrt(len(self.listed) / (len(self.listed) + STRANGERS))
        self._titles = Words((number, listed.entry.title) for number, listed in self.listed.items())
        self._names = Words(
            (number, " ".join(artist.name for artist in listed.album.artists)) for number, listed in self.listed.items()
        )
        self._of_genre: dict[str, list[Listed]] = defaultdict(list)
        for listed in self.listed.values():
            for genre in listed.entry.genres:
                self._of_genre[genre].append(listed)
        self.users_chart = lru_cache(maxsize=256)(self._users_chart)
        self.critics_chart = lru_cache(maxsize=256)(self._critics_chart)
        self.released = lru_cache(maxsize=64)(self._released)
        self.must_hear = lru_cache(maxsize=64)(self._must_hear)

    def numbered(self, number: int) -> Listed | None:
        """The release with the site's number."""
        return self.listed.get(number) or self._strangers.numbered(number)

    def stranger(self, index: int) -> Artist | None:
        """The artist nobody here plays who has that index."""
        listed = self._strangers.numbered(index)
        return listed.album.artists[0] if listed else None

    def of_artist(self, artist: Artist) -> list[Listed]:
        """The artist's releases, newest first."""
        albums = sorted(artist.albums, key=lambda album: album.date, reverse=True)
        return [found for album in albums if album.aoty and (found := self.numbered(album.aoty.number))]

    def others(self, listed: Listed) -> list[Listed]:
        """At most six other releases of the artist."""
        return [other for other in self.of_artist(listed.album.artists[0]) if other.entry is not listed.entry][:_BESIDE]

    def similar(self, listed: Listed) -> list[Listed]:
        """Six releases of other artists with the same genre; strangers' are of the same year.

        Assumed: who likes one thing likes its like, so that of these cards more are the world's than of all the site
        lists, but no more than the root of that share: 4 % beside the albums of 300 songs, a third beside 10,000's.
        """
        genre, number = next(iter(listed.entry.genres), ""), listed.entry.number
        strangers = [each for each in self._strangers.of_year(listed.album.year) if genre in each.entry.genres]
        ours, theirs = (_from(number * 7, shelf, listed) for shelf in (self._of_genre.get(genre, []), strangers))
        is_ours = (share("similar", number, place) < self._ours_among_similar for place in range(_BESIDE))
        return [found for one in is_ours if (found := next(ours if one else theirs, None))]

    def _users_chart(self, when: str, genre: str) -> list[Listed]:
        """Best first; `when` is a year, "2020s" or "all", `genre` a slug or ""."""
        rated = self._chosen(
            when,
            lambda listed: (
                listed.entry.user_score is not None
                and listed.entry.rating_count >= _LEAST_RATINGS
                and _in_time(listed, when)
                and (not genre or genre in map(slug, (*listed.entry.genres, *listed.entry.secondary)))
            ),
        )
        return sorted(rated, key=lambda listed: (-(listed.entry.user_score or 0), listed.entry.number))

    def _critics_chart(self, when: str) -> list[Listed]:
        rated = self._chosen(
            when, lambda listed: listed.entry.critic_count >= _LEAST_REVIEWS and _in_time(listed, when)
        )
        return sorted(rated, key=lambda listed: (-(listed.entry.critic_score or 0), listed.entry.number))

    def _released(self, month: str, kind: str) -> list[Listed]:
        """Newest first; `month` is "2024-05", a year, or "" for all, `kind` a format in lower case or ""."""
        found = self._chosen(
            month, lambda listed: listed.album.date.startswith(month) and (not kind or listed.format.lower() == kind)
        )
        return sorted(found, key=lambda listed: (listed.album.date, listed.entry.number), reverse=True)

    def _must_hear(self, whose: str, when: str) -> list[Listed]:
        """`whose`: "users", "critics", "both", or "" for any."""
        wanted = {"": ("user", "critic", "both"), "users": ("user", "both"), "critics": ("critic", "both")}
        kinds = wanted.get(whose, (whose,))
        return self._chosen(when, lambda listed: listed.must_hear in kinds and _in_time(listed, when))

    def _chosen(self, when: str, wanted: Callable[[Listed], bool]) -> list[Listed]:
        return [listed for listed in (*self.listed.values(), *self._strangers.of(when)) if wanted(listed)]

    def find(self, query: str) -> list[Listed]:
        """Fuzzy, titles before artists: at least half of the words must be in either. Music videos are found too."""
        words = list(dict.fromkeys(coarse(query).split()))
        in_title: dict[int, int] = defaultdict(int)
        in_name: dict[int, int] = defaultdict(int)
        both: dict[int, int] = defaultdict(int)
        for word in words:
            titles, names = self._titles.near(word), self._names.near(word)
            for number in titles:
                in_title[number] += 1
            for number in names:
                in_name[number] += 1
            for number in titles | names:
                both[number] += 1
        plain = " ".join(words)
        least = (len(words) + 1) // 2

        def rank(number: int) -> tuple[object, ...]:
            title = self._titles.names[number]
            return (-both[number], title != plain, -in_title[number], len(title.split()), -in_name[number], number)

        order = sorted((number for number, count in both.items() if count >= least), key=rank)
        return [self.listed[number] for number in order]


def _from(at: int, shelf: Sequence[Listed], beside: Listed) -> Iterator[Listed]:
    """A shelf from a place on, all around; none of the artists of the one it stands beside."""
    order = (shelf[(at + place) % len(shelf)] for place in range(len(shelf)))
    return (each for each in order if each.album.artists != beside.album.artists)


def _in_time(listed: Listed, when: str) -> bool:
    if listed.format == MUSIC_VIDEO:
        return False
    return when == "all" or listed.album.date.startswith(when.removesuffix("s")[:3] if when.endswith("s") else when)
