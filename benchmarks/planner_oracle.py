"""What could be reached by who knows more than the planner: all of Spotify's answers, or all but their order.

Both make the best next call each time. The first knows what each call will find; the second knows every artist's
tracks, albums, years and popularity, and not how far the order of an answer strays from that: it is the bound of who
plans by what can be known. Of searches there are more kinds than the planner makes: an artist's tracks of some years.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from planner_kinds import Tally

from timbre_sandbox.exact import Exact
from timbre_sandbox.spotify_search import _STRAYS, SpotifySearch, _strayed
from timbre_sandbox.world.model import Track, World
from timbre_spider.items import ChartRow

_PAGE, _PAGES, _TRACKS, _DRAWS = 10, 5, 50, 24
# Years are tried for artists with so many songs heard.
_FEW = 4


@dataclass(eq=False)
class Listing:
    """What a search finds, before it is put in order; `text` is the query's."""

    text: str
    tracks: list[Track]

    @cached_property
    def pages(self) -> list[list[str]]:
        """The songs of each page, as Spotify answers."""
        return self._in_order([_strayed(self.text, track.index) for track in self.tracks])

    @cached_property
    def drawn(self) -> list[list[list[str]]]:
        """The pages as they might be."""
        dice = Random(len(self.tracks))
        return [self._in_order([dice.randrange(_STRAYS) for _ in self.tracks]) for _ in range(_DRAWS)]

    def _in_order(self, strays: list[int]) -> list[list[str]]:
        ranked = sorted(
            zip(strays, self.tracks, strict=True), key=lambda each: (-each[0] - each[1].popularity, each[1].index)
        )
        keys = [track.song.key for _, track in ranked]
        return [keys[first : first + _PAGE] for first in range(0, len(keys), _PAGE)]


@dataclass(eq=False)
class Call:
    """A page of a listing, or what is sure to be found."""

    kind: str
    listing: Listing | None = None
    page: int = 0
    surely: frozenset[str] = frozenset()

    def found(self) -> set[str]:
        """The songs it finds."""
        if self.listing is None:
            return set(self.surely)
        return set(self.listing.pages[self.page]) if self.page < len(self.listing.pages) else set()

    @cached_property
    def chances(self) -> dict[str, float]:
        """The songs it may find, each with its chance where no page before had it."""
        if self.listing is None:
            return dict.fromkeys(self.surely, 1.0)
        here: Counter[str] = Counter()
        before: Counter[str] = Counter()
        for pages in self.listing.drawn:
            seen = {key for page in pages[: self.page] for key in page}
            before.update(seen)
            here.update({key for page in pages[self.page : self.page + 1] for key in page} - seen)
        return {key: times / (_DRAWS - before[key]) for key, times in here.items()}


class Oracle:
    """The songs heard that Spotify has, with their plays, and the calls that could be made for them."""

    def __init__(self, world: World, folded: list[list[ChartRow]]) -> None:
        song_of = {(row.artist, row.title): row.song for row in world.rows}
        self._heard = {}
        self._plays: Counter[str] = Counter()
        for rows in folded:
            song = song_of.get((rows[0].artist, rows[0].title))
            if song is not None and song.on_spotify:
                self._heard[song.key] = song
                self._plays[song.key] += sum(row.playcount for row in rows)
        self._all = sum(row.playcount for rows in folded for row in rows)
        self._search = SpotifySearch(world, Exact(world))
        self._searches = list(self._calls())
        albums = {track.album.index: track.album for song in self._heard.values() for track in song.tracks}.values()
        self._by_id = [
            Call("an album of the artist", surely=self._of(track.song.key for track in album.tracks[:_TRACKS]))
            for album in albums
        ]

    def reach(self, searches: int, album_ids: int, tally: Tally, *, knows_order: bool = True) -> float:
        """The share of plays that so many calls find, were the ids of all albums known."""
        left = {"search": searches, "id": album_ids}
        found: set[str] = set()
        # Of two calls that find the same the first goes: searches are scarcer.
        calls = [("id", call) for call in self._by_id] + [("search", call) for call in self._searches]
        # What a further page finds shows when those before it are known.
        waiting = [(-self._most(call), at) for at, (_, call) in enumerate(calls) if knows_order or not call.page]
        heapq.heapify(waiting)
        while waiting and any(left.values()):
            worth, at = heapq.heappop(waiting)
            bucket, call = calls[at]
            if not left[bucket]:
                continue
            now = -self._worth(call, found, knows_order)
            if now > worth + 1e-6:
                heapq.heappush(waiting, (now, at))
            elif now:
                new = (call.found() & self._plays.keys()) - found
                tally.add(call.kind, len(new), sum(self._plays[key] for key in new))
                found |= new
                left[bucket] -= 1
                if not knows_order and at + 1 < len(calls) and calls[at + 1][1].page == call.page + 1:
                    heapq.heappush(waiting, (-self._most(calls[at + 1][1]), at + 1))
        return sum(self._plays[key] for key in found) / self._all

    def _worth(self, call: Call, found: set[str], knows_order: bool) -> float:
        if knows_order:
            return sum(self._plays[key] for key in call.found() - found)
        return sum(self._plays[key] * chance for key, chance in call.chances.items() if key not in found)

    def _most(self, call: Call) -> float:
        """What it finds at most."""
        tracks = call.listing.tracks if call.listing else ()
        keys = call.surely or {track.song.key for track in tracks}
        return sum(heapq.nlargest(_TRACKS if call.surely else _PAGE, (self._plays[key] for key in keys)))

    def _of(self, keys: Iterator[str]) -> frozenset[str]:
        return frozenset(keys) & self._heard.keys()

    def _calls(self) -> Iterator[Call]:
        yield from (Call("a search for the song", surely=frozenset({key})) for key in self._heard)
        by_artist = defaultdict(list)
        for song in self._heard.values():
            by_artist[song.artist.index].append(song)
        for songs in by_artist.values():
            query = f'artist:"{songs[0].artist.name}"'
            tracks = [track for track, _ in self._search.tracks(query, False)]
            for page in range(min(_PAGES, -(-len(tracks) // _PAGE))):
                yield Call(f"page {page + 1} of the artist's tracks", Listing(query, tracks), page)
            years = sorted({track.album.year for song in songs for track in song.tracks})
            for at, first in enumerate(years if len(songs) >= _FEW else ()):
                for last in years[at:]:
                    of_years = [track for track in tracks if first <= track.album.year <= last]
                    yield Call("the artist's tracks of some years", Listing(f"{query} year:{first}-{last}", of_years))
        albums = {track.album.index: track.album for song in self._heard.values() for track in song.tracks}.values()
        for album in albums:
            query = f"artist:{album.artists[0].name} album:{album.title}"
            yield Call(
                "a search for the album", Listing(query, [track for track, _ in self._search.tracks(query, False)])
            )
