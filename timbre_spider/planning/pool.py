"""All songs that wait for Spotify, and the choice of the next call."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from timbre_spider.items import Release, SpotifyAlbum
from timbre_spider.planning.artist import Artist
from timbre_spider.planning.calls import BUCKETS, Bucket, Call, Candidate, Group, Kind
from timbre_spider.planning.releases import Releases
from timbre_spider.planning.want import Want
from timbre_spider.planning.yields import Yields

# Songs a call must be expected to find, at least: an individual's calls are counted, and what a few more would find is
# less than one song of a hundred [measured against the sandbox].
LEAST_YIELD = 0.35
LEAST_YIELD_TOGETHER = 0.12
# Calls that are no longer what they were are thrown away from so many on.
_MOST_ENTRIES = 10_000
_MOST_TOGETHER = {Kind.ALBUM: 20, Kind.TRACK: 50}

Left = Mapping[Bucket, float]
"""Calls that may be made now, by the buckets that are open; infinity where nobody counts."""


class Pool:
    """`page_size`: results a search brings; `list_size`: albums a page of an artist's list; `together`: whether several
    albums or tracks go into a call. `unlinked`: artists by whose ids at MusicBrainz nobody was asked for albums yet."""

    def __init__(self, page_size: int = 10, list_size: int = 10, *, together: bool = False) -> None:
        self.yields = Yields()
        self.unlinked: set[str] = set()
        self._page_size, self._list_size, self._together = page_size, list_size, together
        self._artists: dict[str, Artist] = {}
        self._by_key: dict[str, Want] = {}
        self._heaps: dict[Group, list[tuple[float, int, int, Candidate]]] = defaultdict(list)
        self._entries = 0
        self._changed: set[str] = set()
        self._scarce, self._by_id = False, True

    def __len__(self) -> int:
        return len(self._by_key)

    def become(self, page_size: int, list_size: int, *, together: bool) -> None:
        """The key turned out to be in another mode."""
        if (page_size, list_size, together) != (self._page_size, self._list_size, self._together):
            self._page_size, self._list_size, self._together = page_size, list_size, together
            self._heaps.clear()
            self._changed.update(self._artists)

    @property
    def page_size(self) -> int:
        """Results a search brings."""
        return self._page_size

    @property
    def together(self) -> bool:
        """Whether several albums or tracks go into a call."""
        return self._together

    def get(self, key: str) -> Want | None:
        """Who waits under `key`."""
        return self._by_key.get(key)

    def all(self) -> list[Want]:
        """All songs that wait."""
        return list(self._by_key.values())

    def wants_of(self, artist: str) -> list[Want]:
        """The songs of an artist that wait."""
        known = self._artists.get(artist)
        return list(known.wants.values()) if known else []

    def artist(self, key: str) -> Artist:
        """What is known of an artist."""
        return self._artists.setdefault(key, Artist(key))

    def add(self, want: Want) -> None:
        """A song that waits; one known by its key already is replaced, what was tried for it remembered."""
        before = self._by_key.get(want.key)
        if before is not None:
            want.tried |= before.tried
            self.remove(want.key)
        artist = self.artist(want.artist_key)
        want.tried |= artist.tried.pop(want.key, frozenset())
        self._by_key[want.key] = artist.wants[want.key] = want
        if want.artist_mbid and not artist.mbid:
            artist.mbid = want.artist_mbid
            self.unlinked.add(artist.key)
        self._changed.add(want.artist_key)

    def remove(self, key: str) -> None:
        """A song that waits no more."""
        want = self._by_key.pop(key, None)
        if want is not None:
            del self._artists[want.artist_key].wants[key]
            self._changed.add(want.artist_key)

    def next_call(self, left: Left, *, scarce: bool) -> Call | None:
        """The call with the most expected plays; where calls are not `scarce`, with the most songs, and for songs in
        work alone. None: none that is allowed is worth it."""
        by_id = any(bucket in left for bucket in BUCKETS[Kind.ALBUM])
        if (scarce, by_id) != (self._scarce, self._by_id):
            self._scarce, self._by_id = scarce, by_id
            self._heaps.clear()
            self._changed.update(self._artists)
        self._refresh()
        best: tuple[float, float, Candidate] | None = None
        for group, heap in self._heaps.items():
            top = self._top(heap)
            if top is None or not any(bucket in left for bucket in BUCKETS[group[0]]):
                continue
            if not self._is_worth_it(top):
                continue
            value = self.yields.of(group) * top.worth
            # Part of a list goes when nothing else does.
            rank = 1.0 if self._waits_for_more(group[0]) else 0.0
            if best is None or (-rank, value) > (-best[0], best[1]):
                best = (rank, value, top)
        return self._call(best[2], left) if best else None

    def hopeless(self, artist: str) -> list[Want]:
        """The artist's songs no call is worth making for, were all allowed."""
        known = self._artists.get(artist)
        if known is None or any(self._is_worth_it(each) for each in self._candidates(known)):
            return []
        return list(known.wants.values())

    def made(self, call: Call, hits: int | None) -> None:
        """`call` was answered and found so many songs, which are removed already; None: it brought no usable answer."""
        expected = sum(self.yields.of(group) * stake for group, stake in call.stakes)
        if hits is not None:
            for group, stake in call.stakes:
                part = self.yields.of(group) * stake / expected if expected else 0
                self.yields.learn(group, stake, hits * part)
        for key in call.artists:
            artist = self.artist(key)
            match call.kind:
                case Kind.ARTIST_PAGE:
                    artist.pages = max(artist.pages, call.page + 1)
                case Kind.ALBUM_SEARCH:
                    artist.searched.update(call.about)
                case Kind.ALBUM:
                    artist.have_read(call.about)
                case Kind.ARTIST_ALBUMS:
                    artist.lists = max(artist.lists, call.page + 1)
                case Kind.SONG | Kind.SONG_IN_WORDS | Kind.TRACK:
                    for about in call.about:
                        if want := self._by_key.get(about):
                            want.tried |= {call.kind}
            self._changed.add(key)

    def tell_of(self, artist: str, albums: Iterable[tuple[str, SpotifyAlbum]]) -> None:
        """Albums of an artist's, with their keys."""
        self.artist(artist).tell_of(albums)
        self._changed.add(artist)

    def tell_of_releases(self, artist: str, releases: Iterable[tuple[str, Release]]) -> None:
        """All releases of an artist's, with the keys of their albums."""
        self.artist(artist).releases = Releases(releases)
        self._changed.add(artist)

    def _call(self, best: Candidate, left: Left) -> Call:
        bucket = max((each for each in BUCKETS[best.kind] if each in left), key=lambda each: left[each])
        chosen = [best]
        if self._together and best.kind in _MOST_TOGETHER:
            bucket = BUCKETS[best.kind][0]
            chosen = list(islice(self._best_of(best.kind), _MOST_TOGETHER[best.kind]))
        artists = tuple(dict.fromkeys(each.artist for each in chosen))
        about = tuple(dict.fromkeys(each.about for each in chosen))
        stakes = tuple((each.group, each.stake) for each in chosen)
        expected = sum(self.yields.of(each.group) * each.worth for each in chosen)
        return Call(best.kind, bucket, artists, about, best.page, stakes, expected)

    def _waits_for_more(self, kind: Kind) -> bool:
        most = _MOST_TOGETHER.get(kind, 1) if self._together else 1
        return most > 1 and sum(1 for _ in islice(self._all_of(kind), most)) < most

    def _best_of(self, kind: Kind) -> Iterator[Candidate]:
        for _, _, candidate in heapq.nsmallest(_MOST_TOGETHER[kind], self._all_of(kind)):
            yield candidate

    def _all_of(self, kind: Kind) -> Iterator[tuple[float, int, Candidate]]:
        """What is worth it, in no order; smaller is better."""
        for group, heap in self._heaps.items():
            if group[0] is kind:
                found = self.yields.of(group)
                for _, order, version, candidate in heap:
                    if version == self._artists[candidate.artist].version and self._is_worth_it(candidate):
                        yield -found * candidate.worth, order, candidate

    def _top(self, heap: list[tuple[float, int, int, Candidate]]) -> Candidate | None:
        while heap and heap[0][2] != self._artists[heap[0][3].artist].version:
            heapq.heappop(heap)
        return heap[0][3] if heap else None

    def _is_worth_it(self, candidate: Candidate) -> bool:
        least = LEAST_YIELD_TOGETHER if self._together else LEAST_YIELD
        return self.yields.of(candidate.group) * candidate.stake >= least

    def _candidates(self, artist: Artist) -> Iterator[Candidate]:
        return artist.candidates(
            self._weight(), self._page_size, self._list_size, scarce=self._scarce, by_id=self._by_id
        )

    def _weight(self) -> Callable[[Want], float]:
        return _plays if self._scarce else _one

    def _refresh(self) -> None:
        """The calls of artists of whom something changed take the place of what they were."""
        if self._entries > _MOST_ENTRIES:
            self._entries = 0
            self._heaps.clear()
            self._changed.update(self._artists)
        for key in sorted(self._changed):
            artist = self._artists[key]
            artist.version += 1
            if self._scarce or artist.in_work:
                for candidate in self._candidates(artist):
                    self._entries += 1
                    entry = (-candidate.worth, self._entries, artist.version, candidate)
                    heapq.heappush(self._heaps[candidate.group], entry)
        self._changed.clear()


def _plays(want: Want) -> float:
    return float(max(want.plays, 1))


def _one(want: Want) -> float:
    return 1.0
