"""What 10, 1,000 and 100,000 listeners cost, and what binds: prints the table of docs/scaling.md.

    python benchmarks/simulate_listeners.py [--songs 5000] [--overlap 0.2] [LISTENERS …]

Asks nobody and waits for nothing: services that answer as fast as their limits let us ask, and a clock that goes from
day to day. Limits, budget, planner and freshness are the product's; what a song costs was measured, what listeners have
in common is assumed.
"""

import argparse
import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from timbre_spider.config import OPEN_LIMITS, SPOTIFY_CALLS_A_DAY, Config
from timbre_spider.pipelines.spotify.stage import STALE_AFTER
from timbre_spider.pipelines.tags import Tags
from timbre_spider.planning.budget import left_of
from timbre_spider.planning.forecast import forecast
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want
from timbre_spider.sources.aoty.freshness import USUALLY_GOOD_FOR
from timbre_spider.sources.pace import JITTER, interval
from timbre_spider.spiders.batches import OFTEN_PLAYED

LISTENERS = (10, 1_000, 100_000)
# Assumed (docs/assumptions.md): songs of a listener's chart; all listeners together have so many a chart's songs as
# there are listeners, to the power of 1 less this.
SONGS, OVERLAP = 5_000, 0.2
# Measured, a song (bench_world: the first two 10,000 songs, the rest 500; bench_catalogue: AOTY 3,000, empty catalogue,
# search allowed): requests, songs of an artist, rows of a chart and its pages, rows and bytes in the database, and what
# of them is the listener's own.
LISTENBRAINZ, DEEZER, AOTY = 0.034, 0.4513, 917 / 3_000
SONGS_AN_ARTIST, CHART_ROWS, PAGES_A_ROW = 5.0, 2.73, 40 / 30_000
ROWS, BYTES, LISTENS_BYTES = 20.7, 9_814, 184
# Songs that a core's second is enough for (bench_crawl: 206.7 s of CPU, 10,000 songs).
A_CORE = 10_000 / 206.7
# As many songs as the planner is tried with, and albums or tracks that an extended key asks for at once.
_TRIED, _TOGETHER = 3_000, 50

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Service:
    """Requests that a song takes first, and `again` after `good_for` (None: never); and those that fit into a day."""

    name: str
    first: float
    a_day: float
    again: float = 0
    good_for: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """The requests for all songs' first answers, the days they take, and the share of answers fresh from then on."""

    requests: float
    days: float
    fresh: float


def songs_of(listeners: int, songs: int = SONGS, overlap: float = OVERLAP) -> float:
    """Different songs of so many listeners with `songs` each."""
    return float(songs * listeners ** (1 - overlap))


def services(played: float, different: float) -> Iterator[Service]:
    """Who is asked for charts of `played` songs, of which so many are different."""
    config = Config.model_construct()
    in_a_day = {name: DAY.total_seconds() / (interval(limit) * (1 + JITTER / 2)) for name, limit in _limits(config)}
    pages = PAGES_A_ROW * CHART_ROWS * played / different
    artists = 1 / SONGS_AN_ARTIST + OFTEN_PLAYED
    yield Service("Last.fm", artists + pages, in_a_day["lastfm"], artists,
                  Tags.stale_after)  # fmt: skip
    yield Service("ListenBrainz", LISTENBRAINZ, in_a_day["listenbrainz"])
    yield Service("Deezer", DEEZER, in_a_day["deezer"])
    yield Service("AOTY", AOTY, in_a_day["aoty"], AOTY, USUALLY_GOOD_FOR)
    yield Service("Spotify, an individual's key", *_planned(SPOTIFY_CALLS_A_DAY))
    calls, _ = _planned(None)
    yield Service("Spotify, an extended key", calls, in_a_day["spotify"], 1 / _TOGETHER, STALE_AFTER)


def until_told(service: Service, songs: float) -> Told:
    """Day after day as much as fits: first what was never told, then what is stale, the oldest first."""
    requests, waiting = songs * service.first, songs
    stale: deque[tuple[timedelta, float]] = deque()
    clock, told_at = timedelta(), timedelta()
    good_for = service.good_for or timedelta()
    while waiting or clock < told_at + 4 * good_for:
        left = service.a_day
        new = min(waiting, left / service.first)
        waiting -= new
        left -= new * service.first
        told_at = told_at if told_at or waiting else clock + DAY * (1 - left / service.a_day)
        again = 0.0
        while service.again and stale and stale[0][0] <= clock and left > 0:
            due, count = stale.popleft()
            asked = min(count, left / service.again)
            again, left = again + asked, left - asked * service.again
            if asked < count:
                stale.appendleft((due, count - asked))
                break
        clock += DAY
        stale.append((clock + good_for, new + again))
    behind = sum(count for due, count in stale if due <= clock - DAY) if service.good_for else 0
    return Told(requests, told_at / DAY, 1 - behind / songs)


def table(listeners: Sequence[int], songs: int, overlap: float) -> str:
    """Markdown: a column for each number of listeners."""
    lines = [["", *(f"{each:,} listeners" for each in listeners)]]
    lines.append(["---"] * len(lines[0]))
    different = [songs_of(each, songs, overlap) for each in listeners]
    played = [each * songs for each in listeners]
    lines.append(["songs of their charts", *map(_short, played)])
    lines.append(
        ["different songs", *(f"{_short(all_)}, {all_ / of:.0%}" for all_, of in zip(different, played, strict=True))]
    )
    told = [
        {each.name: until_told(each, all_) for each in services(of, all_)}
        for of, all_ in zip(played, different, strict=True)
    ]
    for name in told[0]:
        lines.append([name, *(_in_words(each[name]) for each in told)])
    for key in ("an individual's", "an extended"):
        kept = [{name: each for name, each in by.items() if "key" not in name or key in name} for by in told]
        lines.append(
            [f"binds, with {key} key", *(max(by, key=lambda name: by[name].days).partition(",")[0] for by in kept)]
        )
    lines.append(["one core's days", *(f"{all_ / A_CORE / DAY.total_seconds():.2g}" for all_ in different)])
    lines.append(
        [
            "rows of the database",
            *(_short(all_ * ROWS + of * CHART_ROWS) for all_, of in zip(different, played, strict=True)),
        ]
    )
    lines.append(
        [
            "its bytes",
            *(
                _short(all_ * BYTES + of * CHART_ROWS * LISTENS_BYTES)
                for all_, of in zip(different, played, strict=True)
            ),
        ]
    )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _limits(config: Config) -> Iterator[tuple[str, int]]:
    for name in ("lastfm", "spotify", "aoty", *OPEN_LIMITS):
        limit = config.limit(name)
        assert limit is not None
        yield name, limit


@cache
def _planned(budget: int | None) -> tuple[float, float]:
    """Calls a song, and calls in a day, as the planner makes them for a chart."""
    dice = random.Random(1)
    pool = Pool(together=budget is None)
    artist = 0
    while len(pool) < _TRIED:
        artist += 1
        # Half of a chart's artists have one song in it, some have sixty; five on average.
        for number in range(min(int(dice.paretovariate(0.95)), 60)):
            plays = int(dice.paretovariate(1)) % 1000
            pool.add(Want(f"{artist}/{number}", str(artist), str(artist), str(number), plays, in_work=True))
    told = forecast(pool, left_of(budget, {}, datetime(2026, 1, 1, tzinfo=UTC)))
    return told.calls / told.songs, float(max(evening.calls for evening in told.evenings))


def _in_words(told: Told) -> str:
    fresh = f", {told.fresh:.0%} fresh" if told.fresh < 0.995 else ""
    days = f"{told.days * 24:.1f} h" if told.days < 1 else f"{told.days:,.{int(told.days < 10)}f} days"
    return f"{_short(told.requests)}: {days}{fresh}"


def _short(count: float) -> str:
    for size, name in ((1e12, " T"), (1e9, " G"), (1e6, " M"), (1e3, " k")):
        if count >= size:
            return f"{count / size:.3g}{name}"
    return f"{count:.3g}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("listeners", type=int, nargs="*", default=LISTENERS)
    parser.add_argument("--songs", type=int, default=SONGS)
    parser.add_argument("--overlap", type=float, default=OVERLAP)
    asked = parser.parse_args()
    print(table(asked.listeners, asked.songs, asked.overlap))


if __name__ == "__main__":
    main()
