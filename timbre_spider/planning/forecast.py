"""How far the planner's calls would go, were each to bring what calls of its kind bring on average."""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket, Call, Kind
from timbre_spider.planning.pool import Left, Pool
from timbre_spider.planning.want import Want

# A quota so small that it takes longer is not reckoned to its end.
MOST_EVENINGS = 60
# Songs of one album in a listener's chart [measured on four public scrobble logs].
SONGS_AN_ALBUM = 2.4
# Searches for a song's words find next to nothing, and after some in vain a run makes none [measured against the
# sandbox]: so many count as made.
_WORDS_IN_VAIN = 36
# What a page of an artist's tracks tells of, where nobody knows: albums at most, tracks of an album, of the artist.
_ALBUMS, _TRACKS, _CATALOGUE = 10, 10, 40


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
    for seen in (0, 1):
        pool.yields.learn((Kind.SONG_IN_WORDS, seen), _WORDS_IN_VAIN, 0)
    left: dict[Bucket, float] = {bucket: each.left for bucket, each in allowed.items()}
    budgets = {bucket: math.inf if each.budget is None else float(each.budget) for bucket, each in allowed.items()}
    evenings: list[Evening] = []
    rest: dict[Kind, float] = defaultdict(float)
    while len(pool) and len(evenings) < MOST_EVENINGS:
        evenings.append(_evening(pool, left, rest))
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


def _evening(pool: Pool, left: dict[Bucket, float], rest: dict[Kind, float]) -> Evening:
    evening = Evening()
    while call := pool.next_call(_open(left), scarce=left[Bucket.SEARCH] < len(pool)):
        left[call.bucket] -= 1
        evening.calls += 1
        # An artist's list finds no song by itself.
        if call.kind is not Kind.ARTIST_ALBUMS:
            rest[call.kind] += sum(pool.yields.of(group) * stake for group, stake in call.stakes)
        found = _likely(pool, call, int(rest[call.kind]))
        rest[call.kind] -= int(rest[call.kind])
        for key, plays in found:
            evening.songs += 1
            evening.plays += plays
            pool.remove(key)
        pool.made(call, None)
        for artist in call.artists:
            _tell(pool, call.kind, artist)
            for want in pool.hopeless(artist):
                pool.remove(want.key)
    return evening


def _open(left: Left) -> Left:
    return {bucket: calls for bucket, calls in left.items() if calls > 0}


def _likely(pool: Pool, call: Call, most: int) -> list[tuple[str, int]]:
    """The songs a call finds: those it is made for, the most played first."""
    of_artists = [want for artist in call.artists for want in pool.wants_of(artist)]
    asked_for = [want for want in of_artists if want.key in call.about] or of_artists
    chosen = sorted(asked_for, key=lambda want: (-want.plays, want.key))[:most]
    return [(want.key, want.plays) for want in chosen]


def _tell(pool: Pool, kind: Kind, key: str) -> None:
    """What such an answer would have taught of the artist."""
    artist, wants = pool.artist(key), pool.wants_of(key)
    if kind is Kind.ARTIST_ALBUMS:
        artist.albums_total = 0
    elif kind is Kind.ARTIST_PAGE and artist.total is None:
        artist.total = max(_CATALOGUE, 2 * len(wants))
        artist.artist_id = artist.artist_id or key
        albums = list(dict.fromkeys(want.album_key for want in wants if want.album_key))[:_ALBUMS]
        pool.tell_of(key, ((name, SpotifyAlbum(name, name, (), "album", None, _TRACKS)) for name in albums))
