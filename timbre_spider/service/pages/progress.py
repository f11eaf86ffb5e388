"""What goes on now: the runs with their pace, the last one that ended, what Spotify allows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from timbre_spider.planning.budget import NOTHING_MADE, left_of, used
from timbre_spider.redaction import redacted
from timbre_spider.service.pages.pace import Pace
from timbre_spider.service.processes import StartedRun
from timbre_spider.service.routes.runs import last_lines, log_path
from timbre_spider.service.state import Service
from timbre_spider.service.watching import RunningRun, going_on
from timbre_spider.storage.calls import calls_made
from timbre_spider.storage.past_runs import RunRow, last_run, run_of

_LOG_LINES = 12


@dataclass(frozen=True, slots=True)
class Watched:
    """A run that goes on. `songs_a_second` and `requests_a_minute` are those of the last minute, None while they
    cannot be told."""

    run: RunningRun
    songs_a_second: float | None
    seconds_left: float | None
    requests_a_minute: dict[str, float]
    log: list[str]


@dataclass(frozen=True, slots=True)
class Quota:
    """Spotify's calls of a kind. `left` and `budget` None: not bounded; `back_at`: when there is more."""

    kind: str
    used: int
    left: int | None
    budget: int | None
    back_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """`said_last`: the last run started here that has ended, and what it printed; a dry run leaves nothing else."""

    at: datetime
    running: list[Watched]
    last: RunRow | None
    said_last: tuple[StartedRun, list[str]] | None
    quotas: list[Quota]


def progress(service: Service, paces: dict[str, Pace]) -> Progress:
    """How things are; `paces` is kept from time to time. Raises DatabaseUnreachable."""
    now = datetime.now(UTC)
    running = [_watched(service, run, paces) for run in going_on(service)]
    for gone in paces.keys() - {str(each.run.id) for each in running}:
        del paces[gone]
    last = None if running else last_run(service.database)
    return Progress(now, running, last, _said_last(service), list(_quotas(service, now)))


def _watched(service: Service, run: RunningRun, paces: dict[str, Pace]) -> Watched:
    told = run.progress
    if told is None or run.id is None:
        return Watched(run, None, None, {}, [])
    pace = paces.setdefault(str(run.id), Pace())
    requests = {name: each["requests"] for name, each in told["requests"].items()}
    pace.tell(datetime.fromisoformat(told["at"]), {"songs stored": told["songs"]["stored"], **requests})
    rate = pace.a_second("songs stored")
    left = told["songs"]["wanted"] - told["songs"]["stored"]
    row = run_of(service.database, run.id)
    path = log_path(service, row) if row else None
    return Watched(
        run,
        songs_a_second=rate,
        seconds_left=left / rate if rate else None,
        requests_a_minute={name: 60 * each for name in requests if (each := pace.a_second(name)) is not None},
        log=redacted("\n".join(last_lines(path, _LOG_LINES))).splitlines() if path else run.said,
    )


def _said_last(service: Service) -> tuple[StartedRun, list[str]] | None:
    ended = [run for run in service.runs.known() if run.process is not None and run.process.is_gone]
    return (ended[-1], redacted(service.runs.said(ended[-1].id)).splitlines()) if ended else None


def _quotas(service: Service, now: datetime) -> Iterator[Quota]:
    if not service.config.has_spotify:
        return
    made: dict[str, Any] = calls_made(service.database, now)
    for kind, allowed in left_of(service.config.spotify_calls_a_day, made, now).items():
        left = None if allowed.budget is None and allowed.back_at is None else int(allowed.left)
        yield Quota(kind, used(made.get(kind, NOTHING_MADE), now), left, allowed.budget, allowed.back_at)
