"""The planner let loose on made-up catalogues."""

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.planning.making import want
from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.calls import BUCKETS, Bucket, Call, Kind
from timbre_spider.planning.pool import Pool

pytestmark = pytest.mark.unit

PAGE = 10


@dataclass(frozen=True)
class Catalogue:
    """Tracks (artist, album, title) in Spotify's order. Everything is found under its exact name."""

    tracks: tuple[tuple[str, str, str], ...]

    def answer(self, pool: Pool, call: Call) -> list[str]:
        """The keys of the tracks a call brings; tells the pool of albums."""
        of_artists = [track for track in self.tracks if track[0] in call.artists]
        start = call.page * PAGE
        match call.kind:
            case Kind.ARTIST_PAGE:
                pool.artist(call.artists[0]).total = len(of_artists)
                pool.artist(call.artists[0]).artist_id = f"id of {call.artists[0]}"
                found = of_artists[start : start + PAGE]
            case Kind.ALBUM_SEARCH:
                found = [track for track in of_artists if track[1] in call.about][:PAGE]
            case Kind.ALBUM:
                found = [track for track in of_artists if f"{track[0]}:{track[1]}" in call.about]
            case Kind.ARTIST_ALBUMS:
                found = []
                albums = list(dict.fromkeys(track[1] for track in of_artists))
                pool.artist(call.artists[0]).albums_total = len(albums)
                self._tell(pool, call.artists[0], albums[start : start + PAGE])
            case _:
                found = [track for track in of_artists if f"{track[0]}/{track[2]}" in call.about]
        for artist in call.artists:
            self._tell(pool, artist, [track[1] for track in found if track[0] == artist])
        return [f"{artist}/{title}" for artist, _, title in found]

    def _tell(self, pool: Pool, artist: str, albums: list[str]) -> None:
        counted = Counter(track[1] for track in self.tracks if track[0] == artist)
        told = (SpotifyAlbum(f"{artist}:{each}", each, (artist,), "album", None, counted[each]) for each in albums)
        pool.tell_of(artist, [(album.name, album) for album in told])


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Catalogue, list[tuple[str, str, str, int, bool]]]:
    """A catalogue, and songs that wait: artist, album where it is known, title, plays, whether in work."""
    tracks, songs = [], []
    for artist in "abcd"[: draw(st.integers(1, 4))]:
        titles = draw(st.lists(st.integers(0, 60), max_size=40, unique=True))
        for title in titles:
            tracks.append((artist, f"album {title % draw(st.integers(1, 6))}", str(title)))
        for title in draw(st.lists(st.integers(0, 60), min_size=1, max_size=20, unique=True)):
            album = next((track[1] for track in tracks if track[0] == artist and track[2] == str(title)), "")
            told = album if draw(st.booleans()) else ""
            songs.append((artist, told, str(title), draw(st.integers(1, 500)), draw(st.booleans())))
    return Catalogue(tuple(tracks)), songs


@settings(max_examples=120)
@given(worlds(), st.dictionaries(st.sampled_from(Bucket), st.integers(0, 25)), st.booleans())
def test_within_what_is_left_no_call_is_made_twice_and_all_that_is_there_is_found_if_enough_is_left(
    world: tuple[Catalogue, list[tuple[str, str, str, int, bool]]], left: dict[Bucket, int], scarce: bool
) -> None:
    catalogue, songs = world
    pool = Pool(PAGE, PAGE)
    for artist, album, title, plays, in_work in songs:
        pool.add(want(title, artist, plays, album=album, in_work=in_work or scarce))
    made: list[Call] = []
    while call := pool.next_call({bucket: calls for bucket, calls in left.items() if calls > 0}, scarce=scarce):
        assert call.bucket in BUCKETS[call.kind]
        assert left[call.bucket] > 0
        assert call not in made
        left[call.bucket] -= 1
        made.append(call)
        keys = [key for key in catalogue.answer(pool, call) if pool.get(key)]
        for key in keys:
            pool.remove(key)
        pool.made(call, len(keys))
    assert len(made) <= 4 * len(songs) + 40
    if left.get(Bucket.SEARCH, 0) > 0:
        there = {f"{artist}/{title}" for artist, _, title in catalogue.tracks}
        waiting = [key for key in there if (each := pool.get(key)) and each.in_work]
        # A song left over is one of an artist all of whose tracks were looked through.
        assert waiting == []
