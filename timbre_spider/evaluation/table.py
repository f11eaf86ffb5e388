"""Reading rows of tracks as records, undoing how such files are damaged.

What is undone is what a benchmark's makers did to its columns: numbers glued to titles, albums and artists appended to
them, values slipped into a neighbouring column, durations in several notations. The matcher knows none of it.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from timbre_spider.evaluation.notation import read_duration, read_number, read_year
from timbre_spider.matching.comparing.record import Record
from timbre_spider.matching.comparing.similarity import ratio
from timbre_spider.matching.writing.text import fold, squash

COLUMNS = {
    "title": ("title", "song_name", "song", "track_name", "track", "name"),
    "artist": ("artist", "artist_name", "artists"),
    "album": ("album", "album_name", "release"),
    "duration": ("duration_ms", "duration", "length", "time"),
    "year": ("year", "date", "released", "release_date"),
    "number": ("track_number", "number", "position"),
    "isrc": ("isrc",),
    "spotify_id": ("spotify_id",),
}
_KNOWN_COLUMNS = frozenset(name for names in COLUMNS.values() for name in names)
_UNKNOWN = frozenset({"unknown", "unk.", "n.a.", "none", "null", "[unknown]"})
# "007-Title", "0A3-Title", and what damage makes of it: "0 04-Title", "014Title".
_GLUED_NUMBER = re.compile(r"\s*(?:0[\s\dA-Z]{0,2}\d\s*(?:-\s*|(?=[^\d\s,.:;)-]))|[\dA-Z]\d\d\s*-\s*)")
_ONLY_NUMBER = re.compile(r"\s*0[\dA-Z]{0,2}-?[\dA-Z]?-?\s*")
_NUMBER_LIKE = re.compile(r"\d{1,3}")
_ALBUM_YEAR = re.compile(r"\s*\(\s*((?:19|20)?\d\d|unknown|unk\.?)\s*\)\s*$")
_DASH = re.compile(r"\s+-\s+|\s*-{2,}\s*")
_CLOCK = re.compile(r"\s*\d{1,2}\s*:\s*\d\d\s*")
_WORD = re.compile(r"[^\W\d]{3}")
_HABIT = 0.1
_MILLISECONDS = 10_000


@dataclass(frozen=True, slots=True)
class _Habits:
    """What the rows of one source have in common; learned from the rows, never from their labels."""

    numbers_glued: bool
    milliseconds: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """The artists and albums named in columns of their own anywhere in the file, as keys."""

    artists: frozenset[str]
    albums: frozenset[str]


def read_table(rows: Sequence[Mapping[str, str]]) -> list[Record]:
    """The records of rows, found by the usual names of columns (`COLUMNS`); what cannot be read is unknown."""
    raw = [_unswap(_fields(row)) for row in rows]
    sources: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in raw:
        sources[row["source"]].append(row)
    habits = {source: _habits(members) for source, members in sources.items()}
    seen = _Seen(
        frozenset(_key(row["artist"]) for row in raw if row["artist"]),
        frozenset(_key(_ALBUM_YEAR.sub("", row["album"])) for row in raw if row["album"]),
    )
    return [_record(row, habits[row["source"]], seen) for row in raw]


def _fields(row: Mapping[str, str]) -> dict[str, str]:
    lower = {name.strip().lower(): (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    known = {field: next((lower[name] for name in names if name in lower), "") for field, names in COLUMNS.items()}
    fields = {field: "" if value.lower() in _UNKNOWN else value for field, value in known.items()}
    fields["source"] = lower.get("source", "")
    fields["rest"] = "\n".join(value for name, value in lower.items() if name not in _KNOWN_COLUMNS)
    return fields


def _habits(rows: Sequence[Mapping[str, str]]) -> _Habits:
    glued = sum(_GLUED_NUMBER.match(row["title"]) is not None for row in rows)
    whole = [int(row["duration"]) for row in rows if row["duration"].isascii() and row["duration"].isdigit()]
    return _Habits(
        numbers_glued=glued >= _HABIT * len(rows) and glued > 1,
        milliseconds=sum(value >= _MILLISECONDS for value in whole) > (1 - _HABIT) * len(whole),
    )


def _unswap(row: dict[str, str]) -> dict[str, str]:
    """Put back values that slipped into a neighbouring column."""
    if _NUMBER_LIKE.fullmatch(row["title"]) and _WORD.search(row["number"]):
        row = row | {"number": row["title"], "title": row["number"]}
    duration, title = row["duration"], row["title"]
    if _WORD.search(duration) and read_duration(duration) is None:
        if read_number(row["number"]) is None and read_number(title) is not None:
            album = row["year"] if read_year(row["year"]) is None else ""
            slipped = {"number": title, "title": duration, "duration": row["artist"], "artist": row["album"]}
            return row | slipped | {"album": album}
        if read_duration(title) is not None:
            return row | {"duration": title, "title": duration}
    if not duration:
        clock = next((value for value in row["rest"].split("\n") if _CLOCK.fullmatch(value)), "")
        return row | {"duration": clock}
    return row


def _record(row: dict[str, str], habits: _Habits, seen: _Seen) -> Record:
    title, artist, album, year = row["title"], row["artist"], row["album"], row["year"]
    if habits.numbers_glued:
        title = _without_number(title)
    if dated := _ALBUM_YEAR.search(album):
        album, year = album[: dated.start()], year or dated[1]
    if artist and album:
        title = _without_album(title, album)
    elif album:
        artist, title = _cut(title, seen.artists, head=True) or (artist, title)
    elif artist:
        title, album = _cut(title, seen.albums, head=False) or (title, album)
    return Record(
        artist=artist,
        title=title,
        album=album or None,
        duration_ms=read_duration(row["duration"], milliseconds=habits.milliseconds),
        year=read_year(year),
        isrc=row["isrc"] or None,
        spotify_id=row["spotify_id"] or None,
        track_number=read_number(row["number"]),
    )


def _key(text: str) -> str:
    return squash(fold(text))


def _without_number(title: str) -> str:
    if _ONLY_NUMBER.fullmatch(title):
        return ""
    while glued := _GLUED_NUMBER.match(title):
        title = title[glued.end() :]
    return title


def _without_album(title: str, album: str) -> str:
    """A title without the album in brackets or after a dash at its end."""
    wanted = _key(album)
    for cut in re.finditer(r"\s*\(|\s+-\s+", title):
        rest = _key(title[cut.end() :])
        if cut.start() and wanted and rest and ratio(rest, wanted) > 0.8:
            return title[: cut.start()]
    return title


def _cut(title: str, known: frozenset[str], *, head: bool) -> tuple[str, str] | None:
    """The two halves of "A - B", cut where one half (`head`: A, else B) is known, else at the first dash."""
    cuts = [(title[: cut.start()], title[cut.end() :]) for cut in _DASH.finditer(title) if cut.start()]
    best = next((cut for cut in cuts if _key(cut[0 if head else 1]) in known), None)
    return best or (cuts[0] if cuts else None)
