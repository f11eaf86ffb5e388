"""The releases beside the studio albums: deluxe editions, reissues, singles, best-ofs, live and acoustic recordings,
and the mistakes in their ISRCs."""

from random import Random

from . import model
from .build import Builder, listed_title
from .model import Album, Artist, Song, Track
from .words import PLACES

HYPHENATED, LOWER_CASE, NO_ISRC = 0.006, 0.006, 0.015
SHARED_ISRCS_A_SONG = 1 / 2000
_DELUXE = (
    "(Deluxe Edition)",
    "(Deluxe)",
    "(Expanded Edition)",
    "(Deluxe Version)",
    "- Deluxe Edition",
    "(Special Edition)",
)
_BEST = ("The Best of {a}", "Greatest Hits", "{a}: The Collection", "The Essential {a}", "Anthology {y}", "The Singles")
_REMASTERED = (
    " - {y} Remaster",
    " - Remastered {y}",
    " (Remastered {y})",
    " - Remastered",
    " (Remastered)",
    " [{y} Remaster]",
)
_EDITED = (" - Radio Edit", " (Radio Edit)", " - Radio Mix Edit")


def build_releases(builder: Builder, artists: list[Artist]) -> None:
    """Every further release of every artist."""
    rng = builder.rng
    for artist in artists:
        for album in list(artist.albums):
            if album.artists[0] is not artist:
                continue
            if album.group == "studio" and rng.random() < 0.12:
                _deluxe(builder, album)
            if album.group in ("studio", "ep") and album.year < 1996 and rng.random() < 0.35:
                _reissue(builder, album)
            for track in [track for track in album.tracks if track.song.heard]:
                if album.group == "studio" and rng.random() < 0.08:
                    _single(builder, track)
                if album.year < 1969 and rng.random() < 0.15:
                    _mono(builder, track)
        _collections(builder, artist)
    _samplers(builder, artists)
    _damage_isrcs(builder)


def _deluxe(builder: Builder, album: Album) -> None:
    rng = builder.rng
    edition = builder.album(f"{album.title} {rng.choice(_DELUXE)}", album.artists, "album", "deluxe", album.date)
    edition.original = album
    for track in list(album.tracks):
        _again(builder, track, edition, popularity=track.popularity + rng.randrange(-9, 4))


def _reissue(builder: Builder, album: Album) -> None:
    """A remastered edition; now and then it is the only one the services still have."""
    rng = builder.rng
    year = rng.randrange(2001, 2025)
    edition = builder.album(
        f"{album.title} {rng.choice((f'({year} Remaster)', '(Remastered)', '(Remastered Edition)'))}",
        album.artists, "album", "reissue", builder.date(year),
    )  # fmt: skip
    edition.original = album
    suffix, own = rng.choice(_REMASTERED).format(y=year), rng.random() < 0.6
    for track in list(album.tracks):
        isrc = builder.isrcs.new(year) if own else track.isrc
        moved = track.duration_ms + rng.randrange(-2500, 2500)
        popularity = track.popularity + rng.randrange(-6, 8)
        builder.track(track.song, edition, track.title + suffix, isrc, moved, "remaster", popularity)


def _single(builder: Builder, track: Track) -> None:
    """The song as a single before the album; with a radio edit at times."""
    rng = builder.rng
    single = builder.album(track.title, track.album.artists, "single", "single", track.album.date)
    single.original = track.album
    _again(builder, track, single, popularity=track.popularity - rng.randrange(2, 14))
    if rng.random() < 0.4:
        short = int(track.duration_ms * rng.uniform(0.72, 0.9))
        title = track.title + rng.choice(_EDITED[:2])
        builder.track(
            track.song, single, title, builder.isrcs.new(single.year), short, "radio_edit", track.popularity - 12
        )


def _mono(builder: Builder, track: Track) -> None:
    single = builder.album(f"{track.album.title} (Mono)", track.album.artists, "album", "reissue", track.album.date)
    single.original = track.album
    title = track.title + builder.rng.choice((" - Mono", " (Mono)", " - Mono Version"))
    builder.track(
        track.song, single, title, builder.isrcs.new(2009), track.duration_ms + 900, "mono", track.popularity - 15
    )


def _collections(builder: Builder, artist: Artist) -> None:
    """Best-of, live and acoustic albums of the better known artists."""
    rng = builder.rng
    songs = [track for album in artist.albums for track in album.tracks if _own_studio(track, artist)]
    heard = [track for track in songs if track.song.heard]
    if len(heard) >= 8 and rng.random() < 0.75:
        year = min(2026, max(track.album.year for track in heard) + 1)
        title = rng.choice(_BEST).format(a=artist.name, y=f"{year - 20}-{year}")
        best = builder.album(title, (artist,), "compilation", "compilation", builder.date(year))
        for track in sorted(heard, key=lambda track: -track.popularity)[:14]:
            _again(builder, track, best, popularity=track.popularity + rng.randrange(-12, 8))
    if len(songs) >= 6 and rng.random() < 0.3:
        _concert(builder, artist, rng.sample(songs, min(10, len(songs))))
    if len(songs) >= 6 and rng.random() < 0.12:
        unplugged = builder.album(
            f"{builder.names.album(artist.tongue)} (Acoustic)", (artist,), "album", "live", builder.date(2019)
        )
        for track in rng.sample(songs, 5):
            title = track.song.title + rng.choice((" (Acoustic)", " - Acoustic", " - Acoustic Version"))
            length = int(track.duration_ms * rng.uniform(0.92, 1.08))
            builder.track(
                track.song, unplugged, title, builder.isrcs.new(2019), length, "acoustic", track.popularity - 14
            )


def _concert(builder: Builder, artist: Artist, songs: list[Track]) -> None:
    rng = builder.rng
    place = rng.choice(PLACES)
    year = min(2026, max(track.album.year for track in songs) + 1)
    album = builder.album(f"Live at {place}", (artist,), "album", "live", builder.date(year))
    form = rng.choice(
        (" - Live", " (Live)", f" - Live at {place}", f" (Live at {place})", f" [Live at {place}, {year}]")
    )
    for track in songs:
        length = int(track.duration_ms * rng.uniform(1.03, 1.3))
        title = listed_title(track.song, rng) + form
        builder.track(track.song, album, title, builder.isrcs.new(year), length, "live", track.popularity - 13)


def _samplers(builder: Builder, artists: list[Artist]) -> None:
    """Compilations of various artists: the same recordings once more."""
    rng = builder.rng
    tracks = [
        track for artist in artists for album in artist.albums for track in album.tracks
        if _own_studio(track, artist) and track.song.heard
    ]  # fmt: skip
    various = builder.artist("Various Artists", "en")
    various.fame = 0
    for number in range(len(tracks) // 250):
        year = rng.randrange(1990, 2026)
        title = rng.choice(
            (
                f"Summer Hits {year}",
                f"Now Playing {number + 1}",
                f"Chart Attack {year}",
                f"Night Drive, Vol. {number + 1}",
            )
        )
        album = builder.album(title, (various,), "compilation", "sampler", builder.date(year))
        for track in rng.sample(tracks, 16):
            _again(builder, track, album, popularity=track.popularity - rng.randrange(5, 25))


def _again(builder: Builder, track: Track, album: Album, popularity: int) -> None:
    """The same recording on another release: another Spotify id, the same ISRC."""
    length = track.duration_ms + builder.rng.randrange(-1200, 1200)
    builder.track(track.song, album, track.title, track.isrc, length, track.variant, popularity)


def _own_studio(track: Track, artist: Artist) -> bool:
    own = track.album.original is None and track.album.group in ("studio", "ep", "single")
    return own and track.song.artist is artist and track.song.kind == model.SONG


def _damage_isrcs(builder: Builder) -> None:
    """What is wrong with ISRCs in the wild: missing, hyphenated, in lower case, given to two songs."""
    rng = builder.rng
    songs = [song for song in builder.songs if song.heard]
    for _ in range(max(min(2, len(songs) // 50), round(len(songs) * SHARED_ISRCS_A_SONG))):
        one, two = rng.sample(songs, 2)
        _share(one, two)
    for track in builder.tracks:
        track.isrc = _damaged(track.isrc, rng)


def _share(one: Song, two: Song) -> None:
    for track in two.tracks:
        if track.isrc == two.original.isrc:
            track.isrc = one.original.isrc


def _damaged(isrc: str | None, rng: Random) -> str | None:
    dice = rng.random()
    if isrc is None or dice < NO_ISRC:
        return None
    if dice < NO_ISRC + HYPHENATED:
        return f"{isrc[:2]}-{isrc[2:5]}-{isrc[5:7]}-{isrc[7:]}"
    return isrc.lower() if dice < NO_ISRC + HYPHENATED + LOWER_CASE else isrc
