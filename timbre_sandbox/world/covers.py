"""Acts nobody listened to that play what the listener knows: traps for a search by title, and for one by artist."""

from . import model
from .build import Builder
from .model import Artist, Song

_ACTS = ("Karaoke Lantern", "Piano Tribute Room", "The Cover Cabinet", "Workout Remix Crew", "Lullaby Versions Inc.")
_NAMESAKES = ("{a} Tribute Band", "Karaoke {a}", "The {a} Experience", "A Tribute to {a}", "{a} Cover Club")
_TITLES = ("{t}", "{t} (Karaoke Version)", "{t} (Originally Performed by {a})", "{t} (Cover)", "{t} (Tribute to {a})")
_SONGS_AN_ALBUM = 12
# How many of the better known artists have an act of their name.
IMITATED = 0.1


def add_covers(builder: Builder, artists: list[Artist]) -> None:
    """A few acts that play songs of everybody, and some that bear the name of the artist they play."""
    known = [song for song in builder.songs if song.heard and song.kind == model.SONG]
    for name in _ACTS[: max(1, len(artists) // 100)]:
        _play(builder, name, builder.rng.sample(known, min(60, len(known) // 4)), 12)
    of: dict[int, list[Song]] = {}
    for song in known:
        of.setdefault(song.artist.index, []).append(song)
    for artist in sorted(artists, key=lambda artist: -artist.fame)[: round(len(artists) * IMITATED)]:
        name = builder.rng.choice(_NAMESAKES).format(a=artist.name)
        _play(builder, name, of.get(artist.index, [])[:_SONGS_AN_ALBUM], artist.fame // 2)


def _play(builder: Builder, name: str, songs: list[Song], fame: int) -> None:
    rng = builder.rng
    if not songs or not builder.names.claim_artist(name):
        return
    artist = builder.artist(name, "en")
    artist.fame = fame
    album = None
    for place, song in enumerate(songs):
        if album is None or place % _SONGS_AN_ALBUM == 0:
            title = f"Tributes, Vol. {place // _SONGS_AN_ALBUM + 1}"
            album = builder.album(title, (artist,), "album", "tribute", builder.date(2015))
        title = rng.choice(_TITLES).format(t=song.title, a=song.artist.name)
        if builder.names.claim_title(artist.index, title):
            cover = builder.song(title, artist, model.COVER)
            builder.track(cover, album, title, builder.isrcs.new(2015), cover.duration_ms, "", rng.randrange(fame))
