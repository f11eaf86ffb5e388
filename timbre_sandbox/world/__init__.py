"""The world the sandbox's services show: artists, albums, songs, and a listener's chart of them. Made from a seed."""

import gc
from collections.abc import Sequence
from pathlib import Path
from random import Random

from .build import Builder, build_artists, give_plays
from .catalogue import build_catalogue, read_catalogue
from .chart import build_chart
from .covers import add_covers
from .hostile import hostile_rows
from .model import Row, World
from .pressings import press
from .ratings import rate_albums
from .releases import build_releases
from .shape import SONGS_A_ROW

DEFAULT_ROWS = 30_000


def build_world(rows: int | None, seed: int, catalogue: Path | None = None, hostile: bool = False) -> World:
    """The world of `seed` with `rows` chart rows; on the names of `catalogue` where one is given.

    `rows` None is 30,000, or every song of the catalogue once. Raises UsageError for a catalogue that cannot be read.
    """
    listed = read_catalogue(catalogue) if catalogue is not None else None
    # Hundreds of thousands of objects that all stay: the collector would only walk them again and again.
    gc.disable()
    try:
        builder = Builder(seed)
        chart = _generated(builder, rows or DEFAULT_ROWS) if listed is None else build_catalogue(builder, listed, rows)
        rate_albums(builder.albums, Random(f"ratings {seed}"))
        press(builder.albums, Random(f"pressings {seed}"))
    finally:
        gc.enable()
    if hostile:
        chart += hostile_rows(len(chart) + 1)
    return World(seed, builder.artists, builder.albums, builder.songs, builder.tracks, chart)


def _generated(builder: Builder, rows: int) -> list[Row]:
    artists = build_artists(builder, max(1, round(rows * SONGS_A_ROW)))
    heard = [song for song in builder.songs if song.heard]
    add_covers(builder, artists)
    build_releases(builder, artists)
    give_plays(heard, builder.rng)
    return build_chart(heard, rows, builder.rng)


__all__: Sequence[str] = ("DEFAULT_ROWS", "World", "build_world")
