"""How far the planner's calls would go, were each to bring what calls of its kind bring on average.

It chooses and learns as in a run.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket, Call, Group, Kind
from timbre_spider.planning.groups import AlbumSearch, AlbumTracks, ArtistPage, SongSearch, WordSearch
from timbre_spider.planning.pool import Left, Pool
from timbre_spider.planning.want import Want

# A quota so small that it takes longer is not reckoned to its end.
MOST_EVENINGS = 60
# Songs of one album in a listener's chart [measured on four public scrobble logs].
SONGS_AN_ALBUM = 2.4
# What follows is measured against the sandbox. What calls find of the songs at stake, over a whole run: False with an
# individual's key, True with one that asks for many together. A song that its own search missed is on no artist's page.
_FOUND: dict[bool, dict[Group, float]] = {
    False: {
        (Kind.ARTIST_PAGE, ArtistPage.FOR_ONE): 0.05,
        (Kind.ARTIST_PAGE, ArtistPage.NEXT_FOR_ONE): 0.0,
        (Kind.ALBUM_SEARCH, AlbumSearch.FOR_ITS_SONGS): 0.93,
        (Kind.SONG, SongSearch.NONE_SEEN): 0.81,
        (Kind.SONG, SongSearch.SOME_SEEN): 0.74,
        (Kind.SONG_IN_WORDS, WordSearch.NOT_ALL_SEEN): 0.1,
        (Kind.SONG_IN_WORDS, WordSearch.ALL_SEEN): 0.0,
        (Kind.ALBUM, AlbumTracks.FOR_ONE): 0.05,
        (Kind.ALBUM, AlbumTracks.FOR_SEVERAL): 0.91,
        (Kind.ALBUM, AlbumTracks.COLLECTION_AFTER_PAGE): 0.65,
    },
    True: {
        (Kind.ARTIST_PAGE, ArtistPage.FOR_ONE): 0.05,
        (Kind.ARTIST_PAGE, ArtistPage.NEXT_FOR_ONE): 0.0,
        (Kind.ALBUM_SEARCH, AlbumSearch.FOR_ITS_SONGS): 0.98,
        (Kind.SONG, SongSearch.NONE_SEEN): 0.85,
        (Kind.SONG, SongSearch.SOME_SEEN): 0.16,
        (Kind.SONG_IN_WORDS, WordSearch.NOT_ALL_SEEN): 0.02,
        (Kind.SONG_IN_WORDS, WordSearch.ALL_SEEN): 0.0,
        (Kind.ALBUM, AlbumTracks.FOR_ONE): 0.10,
        (Kind.ALBUM, AlbumTracks.FOR_SEVERAL): 0.18,
        (Kind.ALBUM, AlbumTracks.COLLECTION_AFTER_PAGE): 0.06,
    },
}
# An artist's catalogue, by the songs that are heard of it; and how much sooner than by chance its first pages, being
# the most popular, have those.
_CATALOGUE, _SOONER = 5, 3.5
# Songs found on an album whose ISRC nobody told: an individual's key asks for it by their ids.
_WITHOUT_ISRC = 0.075
# A page of an artist's tracks tells of so many albums at most, with so many tracks, and of a collection where as many
# songs still wait.
_ALBUMS, _TRACKS, _COLLECTED = 10, 10, 3


@dataclass(slots=True)
class Evening:
    """A run's calls in a day, the songs they find and these songs' plays."""

    calls: int = 0
    songs: int = 0
    plays: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """`songs` that wait, with their plays; the evenings until no call is worth making, the last of them with a call in
    it. `allowed` is what may be asked now."""

    songs: int
    plays: int
    evenings: tuple[Evening, ...]
    allowed: Mapping[Bucket, Allowance]

    @property
    def calls(self) -> int:
        """All calls."""
        return sum(each.calls for each in self.evenings)

    @property
    def is_scarce(self) -> bool:
        """Whether less may be asked now than songs wait."""
        return self.allowed[Bucket.SEARCH].left < self.songs

    @property
    def is_bounded(self) -> bool:
        """Whether a budget or a lock holds."""
        return any(each.left != math.inf for each in self.allowed.values())


def forecast(pool: Pool, allowed: Mapping[Bucket, Allowance]) -> Forecast:
    """Empties `pool`, whose songs must all be in work. The first evening has what is left now, each later one a whole
    budget."""
    wants = _with_albums(pool)
    heard = Counter(want.artist_key for want in wants)
    left: dict[Bucket, float] = {bucket: each.left for bucket, each in allowed.items()}
    budgets = {bucket: math.inf if each.budget is None else float(each.budget) for bucket, each in allowed.items()}
    evenings: list[Evening] = []
    rest: dict[Kind, float] = defaultdict(float)
    while len(pool) and len(evenings) < MOST_EVENINGS:
        evenings.append(_evening(pool, left, rest, heard))
        if not evenings[-1].calls and len(evenings) > 1:
            break
        left = dict(budgets)
    while evenings and not evenings[-1].calls:
        evenings.pop()
    return Forecast(len(wants), sum(want.plays for want in wants), tuple(evenings), allowed)


def _with_albums(pool: Pool) -> list[Want]:
    """All songs; each has an album, for the open sources name nearly all by the time their songs are asked for."""
    wants = sorted(pool.all(), key=lambda want: (want.artist_key, -want.plays, want.key))
    for artist, songs in groupby(wants, key=lambda want: want.artist_key):
        for number, want in enumerate(songs):
            if not want.album_key:
                pool.add(replace(want, album_key=f"{artist} {int(number / SONGS_AN_ALBUM)}"))
    return wants


def _evening(pool: Pool, left: dict[Bucket, float], rest: dict[Kind, float], heard: Mapping[str, int]) -> Evening:
    """`rest`: parts of songs that calls of a kind have found, `heard`: how many songs of an artist's the chart has."""
    evening = Evening()
    while call := pool.next_call(_open(left), scarce=left[Bucket.SEARCH] < len(pool)):
        left[call.bucket] -= 1
        evening.calls += 1
        rest[call.kind] += _expected(pool, call, heard)
        found = _likely(pool, call, int(rest[call.kind]))
        rest[call.kind] -= int(rest[call.kind])
        for key, plays in found:
            evening.songs += 1
            evening.plays += plays
            pool.remove(key)
        pool.made(call, len(found))
        if call.kind is Kind.ALBUM and not pool.together:
            evening.calls += _for_isrcs(len(found), left, rest)
        for artist in call.artists:
            _tell(pool, call.kind, artist, heard[artist])
            for want in pool.hopeless(artist):
                pool.remove(want.key)
    return evening


def _expected(pool: Pool, call: Call, heard: Mapping[str, int]) -> float:
    """The songs a call finds on average."""
    of_artist = len(pool.wants_of(call.artists[0]))
    if call.kind is Kind.ARTIST_ALBUMS:
        return 0
    if call.kind is Kind.ARTIST_PAGE and of_artist > 1:
        part = pool.page_size / (_CATALOGUE * heard[call.about[0]])
        return of_artist * (1 - math.exp(-_SOONER * part))
    return sum(_FOUND[pool.together].get(group, pool.yields.of(group)) * stake for group, stake in call.stakes)


def _for_isrcs(found: int, left: dict[Bucket, float], rest: dict[Kind, float]) -> int:
    """Calls for the ISRCs of songs that were found on an album."""
    rest[Kind.TRACK] += found * _WITHOUT_ISRC
    calls = min(int(rest[Kind.TRACK]), int(min(left[Bucket.TRACKS], found)))
    left[Bucket.TRACKS] -= calls
    rest[Kind.TRACK] -= calls
    return calls


def _open(left: Left) -> Left:
    return {bucket: calls for bucket, calls in left.items() if calls > 0}


def _likely(pool: Pool, call: Call, most: int) -> list[tuple[str, int]]:
    """The songs a call finds: those it is made for, the most played first."""
    of_artists = [want for artist in call.artists for want in pool.wants_of(artist)]
    asked_for = _asked_for(pool, call)
    chosen = sorted(of_artists, key=lambda want: (not asked_for & {want.key, want.album_key}, -want.plays, want.key))
    return [(want.key, want.plays) for want in chosen[:most]]


def _asked_for(pool: Pool, call: Call) -> set[str]:
    """Keys of the songs, or of their albums, that a call is made for."""
    if call.kind is not Kind.ALBUM:
        return set(call.about)
    unread = [album for artist in call.artists for album in pool.artist(artist).unread.items()]
    return {album.key for album_id, album in unread if album_id in call.about}


def _tell(pool: Pool, kind: Kind, key: str, heard: int) -> None:
    """What such an answer would have taught of the artist."""
    artist, wants = pool.artist(key), pool.wants_of(key)
    if kind is Kind.ARTIST_ALBUMS:
        artist.albums_total = 0
    elif kind is Kind.ARTIST_PAGE and artist.total is None:
        artist.total = _CATALOGUE * heard
        artist.artist_id = artist.artist_id or key
        albums = list(dict.fromkeys(want.album_key for want in wants if want.album_key))[:_ALBUMS]
        told = [(name, SpotifyAlbum(name, name, (), "album", None, _TRACKS)) for name in albums]
        if len(wants) >= _COLLECTED:
            told.append(("", SpotifyAlbum(f"{key} collected", key, (), "compilation")))
        pool.tell_of(key, told)
