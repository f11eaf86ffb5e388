"""What could be reached by who knew all of Spotify's answers before asking: calls chosen by what they will find."""

import heapq
from collections import Counter

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
        searches: list[set[str]] = [{key} for key in heard]
        for artist in {song.artist.index: song.artist for song in heard.values()}.values():
            tracks = [track.song.key for track, _ in search.tracks(f'artist:"{artist.name}"', False)]
            searches += [set(tracks[page * _PAGE : (page + 1) * _PAGE]) for page in range(_PAGES)]
        albums = {track.album.index: track.album for song in heard.values() for track in song.tracks}.values()
        for album in albums:
            found = search.tracks(f"artist:{album.artists[0].name} album:{album.title}", False)
            searches.append({track.song.key for track, _ in found[:_PAGE]})
        by_id = [{track.song.key for track in album.tracks[:_TRACKS]} for album in albums]
        self._calls = {"search": [keys & heard.keys() for keys in searches], "id": [k & heard.keys() for k in by_id]}

    def reach(self, searches: int, album_ids: int) -> float:
        """The share of plays that so many calls find, the best next one each time, were the ids of all albums known."""
        left = {"search": searches, "id": album_ids}
        found: set[str] = set()
        waiting = [(-self._worth(keys), kind, at) for kind, all_ in self._calls.items() for at, keys in enumerate(all_)]
        heapq.heapify(waiting)
        while waiting and any(left.values()):
            worth, kind, at = heapq.heappop(waiting)
            now = -self._worth(self._calls[kind][at] - found)
            if not left[kind] or not now:
                continue
            if now > worth:
                heapq.heappush(waiting, (now, kind, at))
                continue
            found |= self._calls[kind][at]
            left[kind] -= 1
        return self._worth(found) / self._all

    def _worth(self, keys: set[str]) -> int:
        return sum(self._plays[key] for key in keys)
