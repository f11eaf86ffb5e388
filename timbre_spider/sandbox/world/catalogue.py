"""A world on real names: a CSV with the columns artist, title, album, and if known spotify_id and duration_ms."""

import csv
from dataclasses import dataclass
from pathlib import Path

from timbre_spider.errors import UsageError

from ..fold import fold
from .build import Builder, give_plays
from .chart import build_chart
from .model import Album, Artist, Row, Song

_NEEDED = ("artist", "title", "album")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the catalogue."""

    artist: str
    title: str
    album: str
    spotify_id: str | None
    duration_ms: int | None


def read_catalogue(path: Path) -> list[Listed]:
    """The lines of the file. Raises UsageError, in one line, when it is missing or not such a file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise UsageError(
                    f"The catalogue {path} has no column {', '.join(missing)}; it needs {', '.join(_NEEDED)}."
                )
            listed = [_line(path, reader.line_num, line) for line in reader]
    except FileNotFoundError:
        raise UsageError(f"There is no catalogue {path}; give --catalog a CSV file.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"The catalogue {path} cannot be read ({error}); give --catalog a CSV file in UTF-8."
        ) from None
    if not listed:
        raise UsageError(f"The catalogue {path} has no lines; give --catalog a CSV file with songs.")
    return listed


def _line(path: Path, number: int, line: dict[str, str | None]) -> Listed:
    artist, title, album = ((line.get(name) or "").strip() for name in _NEEDED)
    if not artist or not title:
        raise UsageError(
            f"The catalogue {path} has no artist or title in line {number}; fill it in or take the line out."
        )
    duration = (line.get("duration_ms") or "").strip()
    if duration and not duration.isdecimal():
        raise UsageError(
            f"The catalogue {path} has the duration_ms {duration[:20]!r} in line {number}; it must be a number."
        )
    return Listed(
        artist, title, album or title, (line.get("spotify_id") or "").strip() or None, int(duration or 0) or None
    )


def build_catalogue(builder: Builder, listed: list[Listed], rows: int | None) -> list[Row]:
    """The catalogue's artists, albums and songs in `builder`, and the chart of the first `rows` songs.

    Lines of one artist and title (case, accents and signs aside) are one song on several releases. Where more rows
    are asked for than there are songs, the further ones are damaged spellings.
    """
    artists: dict[str, Artist] = {}
    albums: dict[tuple[int, str], Album] = {}
    songs: dict[tuple[int, str], Song] = {}
    rng = builder.rng
    used: set[str] = set()
    for line in listed:
        artist = artists.get(line.artist)
        if artist is None:
            artist = artists[line.artist] = builder.artist(line.artist, "en")
            artist.fame = rng.randrange(20, 85)
            builder.names.claim_artist(line.artist)
        album = albums.get((artist.index, line.album))
        if album is None:
            year = rng.randrange(1965, 2026)
            album = albums[artist.index, line.album] = builder.album(
                line.album, (artist,), "album", "studio", builder.date(year)
            )
        key = (artist.index, fold(line.title))
        song = songs.get(key)
        if song is None:
            song = songs[key] = builder.song(line.title, artist)
            song.heard = True
            song.duration_ms = line.duration_ms or song.duration_ms
            builder.names.claim_title(artist.index, line.title)
        isrc = song.tracks[0].isrc if song.tracks else builder.isrcs.new(album.year)
        spotify = line.spotify_id if line.spotify_id not in used else None
        used.add(spotify or "")
        popularity = artist.fame + int(rng.gauss(0, 7))
        length = line.duration_ms or song.duration_ms
        builder.track(song, album, line.title, isrc, length, "", popularity, spotify)
    heard = list(songs.values())
    if rows is not None and rows < len(heard):
        for song in heard[rows:]:
            song.heard = False
        heard = heard[:rows]
    _unheard(builder, list(albums.values()))
    give_plays(heard, rng)
    return build_chart(heard, rows or len(heard), rng, first_clean=True)


def _unheard(builder: Builder, albums: list[Album]) -> None:
    """Further tracks on the albums, which the listener never played."""
    rng = builder.rng
    for album in albums:
        artist = album.artists[0]
        for _ in range(rng.randrange(2, 9)):
            song = builder.song(builder.names.title(artist.index, artist.tongue), artist)
            isrc = builder.isrcs.new(album.year)
            builder.track(song, album, song.title, isrc, song.duration_ms, "", artist.fame - rng.randrange(10, 25))
