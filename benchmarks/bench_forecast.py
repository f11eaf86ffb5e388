"""What a dry run says of Spotify's calls, held against those that a run makes, for several listeners.

python benchmarks/bench_forecast.py [--songs 500 1500] [--seeds 1 2 3]
"""

import argparse
import asyncio
import contextlib
import io
import logging
import math

from bench_planner import World, planned
from planner_kinds import Tally

from timbre_spider.pipelines.spotify.match import want_of
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket
from timbre_spider.planning.forecast import forecast
from timbre_spider.planning.pool import Pool

MODES = {"development": Pool, "extended": lambda: Pool(50, 50, together=True)}


def told_and_made(world: World, mode: str) -> tuple[int, int]:
    """Calls for all songs of the world's listener, without any quota."""
    pool = MODES[mode]()
    for batch in world.songs():
        for song in batch:
            pool.add(want_of(song))
    told = forecast(pool, dict.fromkeys(Bucket, Allowance(math.inf, None))).calls
    with contextlib.redirect_stdout(io.StringIO()):
        _, made = asyncio.run(planned(world, mode, dict.fromkeys(Bucket, math.inf), Tally()))
    return told, made.total()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--songs", type=int, nargs="+", default=[500, 1500])
    options.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    asked = options.parse_args()
    logging.disable(logging.WARNING)
    for songs in asked.songs:
        for seed in asked.seeds:
            world = World(rows=3 * songs, songs=songs, seed=seed, weather="real")
            for mode in MODES:
                told, made = told_and_made(world, mode)
                print(f"{songs:6} songs, seed {seed}, {mode:11}: told {told:5}, made {made:5}, {told / made - 1:+.1%}")


if __name__ == "__main__":
    main()
