"""What could be reached by who knew all of Spotify's answers before asking: calls chosen by what they will find."""

import heapq
from collections import Counter

from planner_kinds import Tally

from timbre_sandbox.exact import Exact
from timbre_sandbox.spotify_search import SpotifySearch
from timbre_sandbox.world.model import World
from timbre_spider.items import ChartRow

_PAGE, _PAGES, _TRACKS = 10, 5, 50


class Oracle:
    """The songs heard that Spotify has, with their plays, and what each call would find of them."""

    def __init__(self, world: World, folded: list[list[ChartRow]]) -> None:
        song_of = {(row.artist, row.title): row.song for row in world.rows}
        heard = {}
        self._plays: Counter[str] = Counter()
        for rows in folded:
            song = song_of.get((rows[0].artist, rows[0].title))
            if song is not None and song.on_spotify:
                heard[song.key] = song
                self._plays[song.key] += sum(row.playcount for row in rows)
        self._all = sum(row.playcount for rows in folded for row in rows)
        search = SpotifySearch(world, Exact(world))
        calls: list[tuple[str, str, set[str]]] = [("search", "a search for the song", {key}) for key in heard]
        for artist in {song.artist.index: song.artist for song in heard.values()}.values():
            tracks = [track.song.key for track, _ in search.tracks(f'artist:"{artist.name}"', False)]
            pages = [set(tracks[page * _PAGE : (page + 1) * _PAGE]) for page in range(_PAGES)]
            calls += [("search", f"page {page + 1} of the artist's tracks", keys) for page, keys in enumerate(pages)]
        albums = {track.album.index: track.album for song in heard.values() for track in song.tracks}.values()
        # Of two calls that find the same the first goes: searches are scarcer.
        by_id: list[tuple[str, str, set[str]]] = []
        for album in albums:
            found = search.tracks(f"artist:{album.artists[0].name} album:{album.title}", False)
            by_id.append(("id", "an album of the artist", {track.song.key for track in album.tracks[:_TRACKS]}))
            calls.append(("search", "a search for the album", {track.song.key for track, _ in found[:_PAGE]}))
        self._calls = [(bucket, kind, keys & heard.keys()) for bucket, kind, keys in by_id + calls]

    def reach(self, searches: int, album_ids: int, tally: Tally) -> float:
        """The share of plays that so many calls find, the best next one each time, were the ids of all albums known."""
        left = {"search": searches, "id": album_ids}
        found: set[str] = set()
        waiting = [(-self._worth(keys), at) for at, (_, _, keys) in enumerate(self._calls)]
        heapq.heapify(waiting)
        while waiting and any(left.values()):
            worth, at = heapq.heappop(waiting)
            bucket, kind, keys = self._calls[at]
            now = -self._worth(keys - found)
            if not left[bucket] or not now:
                continue
            if now > worth:
                heapq.heappush(waiting, (now, at))
                continue
            tally.add(kind, len(keys - found), -now)
            found |= keys
            left[bucket] -= 1
        return self._worth(found) / self._all

    def _worth(self, keys: set[str]) -> int:
        return sum(self._plays[key] for key in keys)
