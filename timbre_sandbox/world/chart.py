"""The listener's chart: every heard song under one or more spellings."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

from rapidfuzz.distance import OSA

from ..coarse import coarse
from . import as_credited, as_written, dirt
from .dirt import Spelling
from .model import Row, Song

# How many rows a song has, and how often.
_ROWS = ((1, 34), (2, 24), (3, 16), (4, 10), (5, 6), (6, 4), (7, 3), (9, 2), (12, 1))
_DAMAGES = (
    (dirt.guests, 18), (dirt.article, 8), (dirt.accents, 11), (dirt.width, 3), (dirt.case, 12), (dirt.signs, 16),
    (dirt.part, 14), (dirt.dash, 10), (dirt.typo, 7), (as_written.upload, 4), (as_written.session, 3),
    (as_written.track_number, 3), (as_written.cut, 4), (as_credited.names_turned, 4), (as_written.entities, 3),
    (as_written.numerals, 16), (as_written.sung, 4), (as_written.script, 4), (as_written.emoji, 1),
    (as_written.censored, 8), (as_written.traditional, 6), (as_written.misread, 4), (as_credited.site, 1),
    (as_credited.crossed, 4), (as_credited.latin, 6), (as_credited.company, 7), (as_credited.surname, 20),
)  # fmt: skip
_MOST_TRIES = 40
# Titles that begin alike for so long cannot be told apart once they are cut.
_BEGINNING = 20
# How many songs' first rows are as they should be.
UNDAMAGED = 0.88


def build_chart(songs: Sequence[Song], rows: int, rng: Random, clean: Sequence[Row] = ()) -> list[Row]:
    """`rows` rows over the heard `songs`, most played first; no two rows have the same artist and title.

    `clean` are rows to begin with; without them every song gets its own. The plays of a song are shared by its rows,
    most to the first. There are fewer rows than asked for only where the songs have no further spelling.
    """
    writer = _Writer(songs, clean, rng)
    chart = list(clean)
    if not clean:
        for song, count in _rows_of_songs(songs, rows, rng):
            chart += writer.rows(song, count)
    order = list(songs)
    rng.shuffle(order)
    while len(chart) < rows:
        more = [row for song in order[: rows - len(chart)] for row in writer.rows(song, 1)]
        if not more and len(order) <= rows - len(chart):
            break
        chart += more
        order = order[len(more) :] + order[: len(more)]
    _share_plays(chart, rng)
    chart.sort(key=lambda row: (-row.plays, row.artist, row.title))
    for rank, row in enumerate(chart, 1):
        row.rank = rank
    return chart


def _rows_of_songs(songs: Sequence[Song], rows: int, rng: Random) -> list[tuple[Song, int]]:
    """How many rows each song gets; the sum is `rows`, and none gets more rows than it was played."""
    numbers, weights = zip(*_ROWS, strict=True)
    wanted = [
        min(song.plays, count) for song, count in zip(songs, rng.choices(numbers, weights, k=len(songs)), strict=True)
    ]
    excess = sum(wanted) - rows
    places = list(range(len(songs)))
    rng.shuffle(places)
    while excess and places:
        before = excess
        for place in places:
            if excess > 0 and wanted[place] > 1:
                wanted[place] -= 1
                excess -= 1
            elif excess < 0 and wanted[place] < songs[place].plays:
                wanted[place] += 1
                excess += 1
            if not excess:
                break
        if excess == before:
            break
    return list(zip(songs, wanted, strict=True))


class _Writer:
    """Finds spellings: none used twice, none that reads like another song of the artist."""

    def __init__(self, songs: Sequence[Song], clean: Sequence[Row], rng: Random) -> None:
        self._rng = rng
        self._used: set[Spelling] = {(row.artist, row.title) for row in clean}
        self._begun = {row.song.index for row in clean if row.song is not None}
        self._owner: dict[tuple[int, str], Song] = {}
        self._titles: dict[int, list[str]] = defaultdict(list)
        self._artists = {coarse(song.artist.name) for song in songs}
        self._surnames = Counter(
            coarse(name).split()[-1] for name in {song.artist.name for song in songs} if coarse(name)
        )
        for song in songs:
            key = coarse(song.title)
            self._owner[song.artist.index, key] = song
            self._titles[song.artist.index].append(key)
            # Nobody else may be given the plain spelling of a song.
            self._used.add((song.artist.name, song.title))

    def rows(self, song: Song, count: int) -> list[Row]:
        """Up to `count` new rows of `song`; the first of a song is mostly as it should be."""
        made: list[Row] = []
        for _ in range(count):
            begun = song.index in self._begun
            self._begun.add(song.index)
            row = self._damaged(song) if begun or self._rng.random() > UNDAMAGED else None
            if row is None and not begun:
                row = Row(song.artist.name, song.title, 0, song, self._seconds(song))
            if row is not None:
                made.append(row)
        return made

    def _damaged(self, song: Song) -> Row | None:
        rng = self._rng
        for _ in range(_MOST_TRIES):
            spelling: Spelling = (song.artist.name, song.title)
            marks: list[str] = []
            for _ in range(1 if rng.random() < 0.85 else 2):
                changed = self._damage(song, spelling, marks)
                if changed is not None:
                    spelling = changed
            if marks and spelling not in self._used and self._safe(song, spelling, marks):
                self._used.add(spelling)
                return Row(*spelling, 0, song, self._seconds(song), tuple(marks))
        return None

    def _damage(self, song: Song, spelling: Spelling, marks: list[str]) -> Spelling | None:
        rng = self._rng
        if rng.random() < 0.5 and not any(mark.startswith("variant") for mark in marks):
            found = dirt.variant(song, spelling, rng)
            if found is not None:
                marks.append(f"variant:{found[1]}")
                return found[0]
        damages, weights = zip(*_DAMAGES, strict=True)
        for damage in rng.choices(damages, weights, k=4):
            changed: Spelling | None = damage(song, spelling, rng) if damage.__name__ not in marks else None
            if changed is not None:
                marks.append(damage.__name__)
                return changed
        return None

    def _safe(self, song: Song, spelling: Spelling, marks: list[str]) -> bool:
        """Whether a reader could know which song is meant."""
        artist, title = coarse(spelling[0]), coarse(spelling[1])
        owner = self._owner.get((song.artist.index, title))
        if owner is not None and owner is not song:
            return False
        if "cut" in marks and any(
            other != coarse(song.title) and other.startswith(coarse(song.title[:_BEGINNING]))
            for other in self._titles[song.artist.index]
        ):
            return False
        if {"company", "surname"} & set(marks) and artist in self._artists:
            return False
        if "surname" in marks and self._surnames[artist] > 1:
            return False
        if "typo" not in marks:
            return True
        if artist != coarse(song.artist.name) and artist in self._artists:
            return False
        return not any(
            other != coarse(song.title) and OSA.distance(other, title, score_cutoff=2) <= 2
            for other in self._titles[song.artist.index]
        )

    def _seconds(self, song: Song) -> int:
        """The length Last.fm shows: often unknown (0), sometimes wrong."""
        dice = self._rng.random()
        if dice < 0.25:
            return 0
        return max(1, round(song.duration_ms / 1000) + (self._rng.randrange(-40, 40) if dice < 0.28 else 0))


def _share_plays(chart: list[Row], rng: Random) -> None:
    """Give each song's plays to its rows; every row has at least one."""
    rows_of: dict[int, list[Row]] = defaultdict(list)
    for row in chart:
        if row.song is not None:
            rows_of[row.song.index].append(row)
    for rows in rows_of.values():
        song = rows[0].song
        assert song is not None
        left = max(song.plays, len(rows))
        for place, row in enumerate(rows):
            behind = len(rows) - place - 1
            row.plays = left if not behind else max(1, min(left - behind, int(left * rng.uniform(0.45, 0.9))))
            left -= row.plays
