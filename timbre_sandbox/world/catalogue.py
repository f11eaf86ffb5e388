"""A world on real names: a CSV with the columns artist, title, album, and if known spotify_id and duration_ms."""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from timbre_spider.errors import UsageError

from ..coarse import coarse
from .build import Builder, give_plays
from .chart import build_chart
from .model import Album, Artist, Row, Song

_NEEDED = ("artist", "title", "album")

_OTHER_SONG = re.compile(
    r"\b(?:re-?mix|rmx|(?<!radio )(?<!single )(?<!video )(?<!7\" )(?<!original )(?<!mono )mix|rework|bootleg|vip"
    r"|instrumental|demo|outtake|rehearsal|alternate|cover|karaoke|sped|slowed|nightcore|reprise|interlude|dub|medley)\b",
    re.I,
)
_STANDING = r"(?:\s-\s|\s[(\[])"
_PLACE = r"(?:\s(?:at|from|in|on|@)\b[^()\[\]]*|,\s[^()\[\]]*|\s(?:19|20)\d\d)?"
_GUESTS = re.compile(r"\s*[(\[]\b(?:feat\.?|ft\.?|featuring)\s[^()\[\]]*[)\]]", re.I)
_VARIANTS = (
    ("edition", re.compile(rf"{_STANDING}(?:music )?from the (?:original )?motion picture[^()\[\]]*[)\]]?$", re.I)),
    ("guests", re.compile(r"\s*[(\[]?\b(?:feat\.?|ft\.?|featuring)\s[^()\[\]]*[)\]]?", re.I)),
    ("guests", re.compile(r"\s[(\[]with [A-Z][^()\[\]]*[)\]]$")),
    ("translation", re.compile("(?<=[\x21-\u024f])\\s[(\\[][^\x00-\u024f()\\[\\]]+[)\\]]")),
    ("remaster", re.compile(rf"{_STANDING}[^()\[\]]*\bre-?master(?:ed)?\b[^()\[\]]*[)\]]?$", re.I)),
    ("acoustic", re.compile(rf"{_STANDING}(?:acoustic|stripped)(?:\sversion)?[)\]]?$", re.I)),
    (
        "live",
        re.compile(
            rf"{_STANDING}(?:recorded\s)?(?:live|(?:mtv\s)?unplugged|en vivo|ao vivo|spotify (?:singles|session)"
            rf"|[\w ]*\bsessions?|a colors show)(?:\s(?:version|session|lounge))?{_PLACE}[)\]]?$",
            re.I,
        ),
    ),
    ("mono", re.compile(rf"(?:{_STANDING}|\s/\s)(?:mono|stereo)(?:\s(?:version|mix))?[)\]]?$", re.I)),
    (
        "radio_edit",
        re.compile(
            rf"{_STANDING}(?:(?:us|uk|\d{{4}})\s)?(?:radio|single|video|7\")\s(?:edit|version|mix)[)\]]?$"
            rf"|{_STANDING}edit[)\]]?$",
            re.I,
        ),
    ),
    # Two cuts of one remix: "Song - Ann Radio Edit", "Song - Ann Video Edit".
    ("radio_edit", re.compile(r"(?<=\w)\s(?:radio|video)\sedit(?=[)\]]?$)", re.I)),
    (
        "edition",
        re.compile(
            rf"{_STANDING}(?:(?:original )?album version|bonus(?: track)?|deluxe(?:\s\w+)?|explicit(?:\s\w+)?"
            rf"|official [\w ]+|lyrics?|audio|hd|hq|original (?:version|mix)|from [\"“][^\"”]+[\"”].*)[)\]]?$",
            re.I,
        ),
    ),
)
_CHANNEL = re.compile(r"\s-\sTopic$", re.I)
# What parts the acts of a list; a name that has one may still be one act ("Earth, Wind & Fire").
_LIST = re.compile(r"\s*(?:,|;|/|\s&\s|\sx\s|\sand\s|\bfeat\.?\s|\bft\.?\s)\s*", re.I)


def variant_of(title: str) -> tuple[str, str]:
    """(the song's plain name, which variant the title names): how a catalogue's lines are known to be one song."""
    variant = ""
    if _OTHER_SONG.search(title):
        return _GUESTS.sub("", title).strip() or title, variant
    for name, pattern in _VARIANTS:
        plain = pattern.sub("", title).strip()
        if plain and plain != title:
            title, variant = plain, variant if name in ("guests", "translation") else name
    return title, variant


def act_of(artist: str, acts: Collection[str]) -> str:
    """The act a line's artist is, coarsely: the first of a list where `acts`, those named alone, hold it."""
    name = coarse(_CHANNEL.sub("", artist)).removeprefix("the ")
    first = coarse(_LIST.split(artist)[0]).removeprefix("the ")
    return first if first != name and first in acts else name


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

    Lines of one artist and title are one song on several releases, case, accents, signs, guests and variants such as
    "- 2011 Remaster" aside. Every spelling of the catalogue is a row; where more rows are asked for than there are
    spellings, the further ones are damaged.
    """
    artists: dict[str, Artist] = {}
    albums: dict[tuple[int, str], Album] = {}
    songs: dict[tuple[str, str], Song] = {}
    rng = builder.rng
    used: set[str] = set()
    names: dict[tuple[str, str], Song] = {}
    acts = {act_of(line.artist, ()) for line in listed if not _LIST.search(line.artist)}
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
        plain, variant = variant_of(line.title)
        key = (act_of(line.artist, acts), coarse(plain).removeprefix("the ").replace(" ", ""))
        song = songs.get(key)
        if song is None:
            song = songs[key] = builder.song(line.title, artist)
            song.duration_ms = line.duration_ms or song.duration_ms
            builder.names.claim_title(artist.index, line.title)
        names.setdefault((line.artist, line.title), song)
        same = [track for track in song.tracks if track.variant == variant]
        isrc = same[0].isrc if same else builder.isrcs.new(album.year)
        spotify = line.spotify_id if line.spotify_id not in used else None
        used.add(spotify or "")
        popularity = artist.fame + int(rng.gauss(0, 7))
        length = line.duration_ms or song.duration_ms
        builder.track(song, album, line.title, isrc, length, variant, popularity, spotify)
    shown = list(names.items())[:rows]
    heard = list(dict.fromkeys(song for _, song in shown))
    kept = {song.index for song in heard}
    for song in songs.values():
        song.heard = song.index in kept
    _unheard(builder, list(albums.values()))
    give_plays(heard, rng)
    clean = [Row(artist, title, 0, song, (song.duration_ms + 500) // 1000) for (artist, title), song in shown]
    return build_chart(heard, rows or len(clean), rng, clean)


def _unheard(builder: Builder, albums: list[Album]) -> None:
    """Further tracks on the albums, which the listener never played."""
    rng = builder.rng
    for album in albums:
        artist = album.artists[0]
        for _ in range(rng.randrange(2, 9)):
            song = builder.song(builder.names.title(artist.index, artist.tongue), artist)
            isrc = builder.isrcs.new(album.year)
            builder.track(song, album, song.title, isrc, song.duration_ms, "", artist.fame - rng.randrange(10, 25))
