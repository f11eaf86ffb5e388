"""Artists, their albums and songs: what was heard, and the rest of their catalogues that was not."""

from random import Random

from . import model
from .ids import Isrcs, spotify_id
from .model import Album, Artist, Song, Track
from .names import Names
from .shape import SONGS_AN_ALBUM, plays_of_songs, songs_of_artists, taste
from .words import GENRE_OF_TONGUE, GENRES, LABELS, REMIXERS

ABSENT_ON_SPOTIFY = 0.04
FEATURING = 0.09
DERIVED = 0.05
NUMBERED = 0.015
# Songs whose name is almost that of another of their artist, and which are others all the same.
NEARLY_ALIKE = 0.012


class Builder:
    """Makes artists, albums, songs and tracks, and numbers them."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)
        self.names = Names(self.rng)
        self.isrcs = Isrcs(self.rng)
        self.artists: list[Artist] = []
        self.albums: list[Album] = []
        self.songs: list[Song] = []
        self.tracks: list[Track] = []

    def artist(self, name: str, tongue: str) -> Artist:
        """A new artist; the genre follows the tongue now and then."""
        rng = self.rng
        genre = GENRE_OF_TONGUE.get(tongue, "")
        if not genre or rng.random() < 0.3:
            genre = rng.choice(tuple(GENRES))
        words = [word for word in GENRES[genre][1] if rng.random() < 0.85]
        count = 100
        tags = []
        for word in words[: 0 if rng.random() < 0.05 else None]:
            tags.append((word, count))
            count = max(1, int(count * rng.uniform(0.35, 0.95)))
        artist = Artist(len(self.artists), name, tongue, genre, spotify_id(rng), tuple(tags))
        self.artists.append(artist)
        return artist

    def album(self, title: str, artists: tuple[Artist, ...], kind: str, group: str, date: str) -> Album:
        """A new, still empty release."""
        rng = self.rng
        upc = f"{rng.randrange(10**11, 10**12)}"
        album = Album(len(self.albums), title, artists, kind, group, date, spotify_id(rng), rng.choice(LABELS), upc)
        self.albums.append(album)
        for artist in artists:
            artist.albums.append(album)
        return album

    def song(self, title: str, artist: Artist, kind: str = model.SONG, guests: tuple[Artist, ...] = ()) -> Song:
        """A new song, not yet on any release."""
        rng = self.rng
        duration = int(min(900_000, max(45_000, rng.lognormvariate(12.3, 0.27))))
        song = Song(len(self.songs), title, artist, kind, guests, duration)
        song.on_deezer = rng.random() < 0.9
        song.on_musicbrainz = rng.random() < 0.85
        self.songs.append(song)
        return song

    def track(
        self,
        song: Song,
        album: Album,
        title: str,
        isrc: str | None,
        duration_ms: int,
        variant: str = "",
        popularity: int = 0,
        spotify: str | None = None,
    ) -> Track:
        """`song` on `album`, as its next track."""
        track = Track(
            len(self.tracks), song, album, len(album.tracks) + 1, title, variant, isrc, duration_ms,
            spotify or spotify_id(self.rng), max(0, min(100, popularity)), self.rng.random() < 0.08,
        )  # fmt: skip
        self.tracks.append(track)
        album.tracks.append(track)
        song.tracks.append(track)
        for artist in track.artists:
            artist.tracks.append(track)
        return track

    def date(self, year: int) -> str:
        """A release date as exact as the services know it."""
        dice = self.rng.random()
        if dice < 0.06:
            return str(year)
        month = self.rng.randrange(1, 13)
        return f"{year}-{month:02d}" if dice < 0.07 else f"{year}-{month:02d}-{self.rng.randrange(1, 29):02d}"


def listed_title(song: Song, rng: Random) -> str:
    """A song's title as the services list it: mostly with its guests."""
    if not song.guests or rng.random() < 0.15:
        return song.title
    guests = " & ".join(guest.name for guest in song.guests)
    return f"{song.title} ({rng.choice(('feat.', 'feat.', 'feat.', 'ft.', 'with'))} {guests})"


def build_artists(builder: Builder, songs: int) -> list[Artist]:
    """Every heard artist with albums and songs; `songs` of all the songs are marked as heard. Returns the artists."""
    counts = songs_of_artists(songs)
    rng = builder.rng
    artists = [builder.artist(*builder.names.artist()) for _ in counts]
    for artist, count in zip(artists, counts, strict=True):
        artist.fame = int(min(88, max(8, 18 + 9 * count**0.5 + rng.gauss(0, 9))))
        _catalogue(builder, artist, count, artists)
    return artists


def _catalogue(builder: Builder, artist: Artist, heard: int, others: list[Artist]) -> None:
    """The studio albums, EPs and singles of an artist with `heard` songs the listener knows."""
    rng = builder.rng
    albums = max(1, round(heard / SONGS_AN_ALBUM * rng.uniform(0.7, 1.0)))
    portions = [1] * albums
    for _ in range(heard - albums):
        portions[min(int(rng.expovariate(2.2 / albums)), albums - 1)] += 1
    if sum(portions) > heard:
        portions = [1] * heard
    year = rng.randrange(1962, 2026) if rng.random() < 0.4 else rng.randrange(1994, 2026)
    absent_artist = heard <= 3 and rng.random() < 0.03
    for portion in portions:
        year = min(2026, year + rng.choice((0, 1, 1, 2, 2, 3)))
        dice = rng.random()
        if portion > 4 or dice < 0.62:
            kind, group, size = "album", "studio", rng.randrange(8, 13)
        elif dice < 0.78:
            kind, group, size = "single", "ep", rng.randrange(4, 7)
        else:
            kind, group, size = "single", "single", rng.randrange(1, 3)
        size = max(size, portion + (rng.randrange(3) if group != "single" else 0))
        credited: tuple[Artist, ...] = (artist,)
        if rng.random() < 0.008:
            credited = (artist, rng.choice([other for other in others if other is not artist] or [artist]))
        album = builder.album("", credited, kind, group, builder.date(year))
        chosen = set(rng.sample(range(size), portion))
        for place in range(size):
            song = _new_song(builder, artist, album, others)
            song.heard = place in chosen
            song.on_spotify = not absent_artist and rng.random() >= ABSENT_ON_SPOTIFY - 0.008
            popularity = artist.fame + (4 if song.heard else -12) + int(rng.gauss(0, 7))
            isrc = builder.isrcs.new(album.year)
            builder.track(song, album, listed_title(song, rng), isrc, song.duration_ms, "", popularity)
        if group == "single" or rng.random() < 0.12:
            album.title = album.tracks[0].title
        elif rng.random() < 0.03 and artist.name not in {other.title for other in artist.albums}:
            album.title = artist.name
        else:
            album.title = builder.names.album(artist.tongue)
        if group == "ep":
            album.title += " EP" if rng.random() < 0.6 else ""


def _new_song(builder: Builder, artist: Artist, album: Album, others: list[Artist]) -> Song:
    """A song for `album`: new, or made from an earlier one of the artist (remix, demo, part two …)."""
    rng = builder.rng
    plain = [track.song for track in album.tracks if track.song.kind == model.SONG]
    dice = rng.random()
    if plain and dice < DERIVED:
        base = rng.choice(plain)
        kind, title = _derived(base.title, rng)
        # "(Sped Up)" and "- Sped Up Version" are one.
        if builder.names.claim_title(artist.index, title.removesuffix(" Version")):
            return builder.song(title, artist, kind)
    elif plain and dice < DERIVED + NUMBERED:
        base = rng.choice(plain)
        form = rng.choice((", Pt. 2", " (Part 2)", " Part II", " Pt. 2", " II", ", Vol. 2", " (Reprise)"))
        if not base.title.endswith(("2", "II", "Reprise)")) and builder.names.claim_title(
            artist.index, base.title + form
        ):
            return builder.song(base.title + form, artist)
    elif plain and dice < DERIVED + NUMBERED + NEARLY_ALIKE:
        near = _look_alike(rng.choice(plain).title, rng)
        if near and builder.names.claim_title(artist.index, near):
            return builder.song(near, artist)
    guests: tuple[Artist, ...] = ()
    if dice > 1 - FEATURING and len(others) > 2:
        guests = tuple(guest for guest in rng.sample(others, rng.choice((1, 1, 1, 2))) if guest is not artist)
    return builder.song(builder.names.title(artist.index, artist.tongue), artist, model.SONG, guests)


_NOT_THE_SAME = (
    "Reprise", "Interlude", "Outro", "Skit", "With Broken Wings", "The Long Way", "8D Audio", "Dubstep",
    "Spanish Version", "B",
)  # fmt: skip


def _look_alike(title: str, rng: Random) -> str:
    """The name of another song that looks like this one; empty where this one has none."""
    forms = [f"{title} ({ending})" for ending in _NOT_THE_SAME]
    forms += [f"{title} in A♭", f"{title} 1.1", f"{title} 11", f"{title}: I. Allegro", f"{title}: III. Allegro"]
    if title[-1].isalpha() and title[-1] != "s":
        forms += [f"{title}s"] * 3
    return rng.choice(forms) if "(" not in title else ""


def _derived(title: str, rng: Random) -> tuple[str, str]:
    """(kind, title) of something made from a song and not the same song."""
    remixer = rng.choice(REMIXERS)
    kinds = (
        (model.REMIX, f"{title} ({remixer} Remix)"),
        (model.REMIX, f"{title} - {remixer} Remix"),
        (model.REMIX, f"{title} ({remixer}'s Night Dub Mix)"),
        (model.REMIX, f"{title} ({remixer} Edit)"),
        (model.REMIX, f"{title} ({remixer} VIP)"),
        (model.REMIX, f"{title} (Club Mix)"),
        (model.REMIX, f"{title} ({remixer} Bootleg)"),
        (model.DEMO, f"{title} (Outtake)"),
        (model.DEMO, f"{title} (Alternate Take)"),
        (model.DEMO, f"{title} (Rehearsal)"),
        (model.INSTRUMENTAL, f"{title} (Instrumental)"),
        (model.INSTRUMENTAL, f"{title} - Instrumental"),
        (model.DEMO, f"{title} (Demo)"),
        (model.DEMO, f"{title} - Demo"),
        (model.SPED_UP, f"{title} (Sped Up)"),
        (model.SPED_UP, f"{title} - Sped Up Version"),
    )
    return rng.choice(kinds)


def give_plays(songs: list[Song], rng: Random) -> None:
    """Plays for the heard songs: a song of a well-liked artist stands higher."""
    count: dict[int, int] = {}
    for song in songs:
        count[song.artist.index] = count.get(song.artist.index, 0) + 1
    liking = {index: taste(number, rng) for index, number in count.items()}
    order = sorted(songs, key=lambda song: -(liking[song.artist.index] + rng.gauss(0, 1.0)))
    for song, plays in zip(order, plays_of_songs(len(songs)), strict=True):
        song.plays = plays
