"""Several listeners in one world: half of what each of them hears all hear, under spellings of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ..shares import share
from .model import Row, World

# Assumed: how many of a song's spellings a listener has, and how far one listener's plays are from another's.
_SPELLINGS = 0.6
_LEAST_PLAYS, _MOST_PLAYS = 0.25, 1.75


def names_of(first: str, listeners: int) -> list[str]:
    """The listeners' names: the first one's, then the same with a number."""
    return [first, *(f"{first}{number}" for number in range(2, listeners + 1))]


def rows_for_all(rows: int, listeners: int) -> int:
    """Rows of a world in which each listener's chart has about `rows` of them."""
    return round(rows * (listeners + 1) / 2)


def share_out(world: World, names: Sequence[str]) -> dict[str, World]:
    """The world as each listener hears it, with a chart of its own. A row of `world` then has the plays of all."""
    if len(names) == 1:
        return {names[0]: world}
    spellings: dict[int, list[Row]] = defaultdict(list)
    charts: dict[str, list[Row]] = {name: [] for name in names}
    for row in world.rows:
        if row.song is not None:
            spellings[row.song.index].append(row)
    charts[names[0]] += (replace(row) for row in world.rows if row.song is None)
    for song, rows in spellings.items():
        whose = int(share("listener", world.seed, song) * (len(names) + 1))
        for name in names if whose == len(names) else [names[whose]]:
            heard = rows if whose < len(names) else _spelt(rows, name)
            charts[name] += (replace(row, plays=_plays(row, name)) for row in heard)
    heard_by_all: dict[tuple[str, str], int] = defaultdict(int)
    for chart in charts.values():
        chart.sort(key=lambda row: (-row.plays, row.artist, row.title))
        for rank, row in enumerate(chart, 1):
            row.rank = rank
            heard_by_all[row.artist, row.title] += row.plays
    for row in world.rows:
        row.plays = heard_by_all[row.artist, row.title]
    world.rows.sort(key=lambda row: (-row.plays, row.artist, row.title))
    for rank, row in enumerate(world.rows, 1):
        row.rank = rank
    return {name: replace(world, rows=chart) for name, chart in charts.items()}


def _spelt(rows: Sequence[Row], name: str) -> list[Row]:
    """Those of a song's rows that a listener has; one at least."""
    own = [row for row in rows if share("spelt", name, row.artist, row.title) < _SPELLINGS]
    return own or [min(rows, key=lambda row: share("spelt", name, row.artist, row.title))]


def _plays(row: Row, name: str) -> int:
    drawn = share("plays", name, row.artist, row.title)
    return max(1, round(row.plays * (_LEAST_PLAYS + drawn * (_MOST_PLAYS - _LEAST_PLAYS))))
