"""`timbre enqueue`, `timbre worker` and `timbre jobs`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from timbre_spider.cli.choices import OPTIONS
from timbre_spider.cli.tables import run_table
from timbre_spider.config import load_config
from timbre_spider.crawling import log_to_file, opened_for_crawl, project_settings, run_spider
from timbre_spider.errors import RunError, UsageError
from timbre_spider.how_many import how_many
from timbre_spider.sharing import open_redis, redis_url, worker_settings
from timbre_spider.spiders.arguments import ChartArguments
from timbre_spider.spiders.job import Job
from timbre_spider.terminal import console, print_json

if TYPE_CHECKING:
    from redis import Redis

    from timbre_spider.workers.overview import JobState

jobs = typer.Typer(invoke_without_command=True)
JobId = Annotated[str, typer.Argument(help="Its id, or how that begins, as `timbre jobs` shows it.")]
# Of an id: enough to tell jobs apart, and little enough for all columns to stand in 80.
_SHOWN = 8


def enqueue(
    user: Annotated[str | None, typer.Option(help="Last.fm user; default LASTFM_USERNAME.")] = None,
    users: Annotated[Path | None, typer.Option(help="File with a Last.fm user a line: a job for each.")] = None,
    max_songs: Annotated[
        int | None, typer.Option(help="Songs to store of each; default MAX_SONGS.", min=1, max=1_000_000)
    ] = None,
    period: Annotated[str | None, typer.Option(help="Period of the chart; default overall.")] = None,
) -> None:
    """Put jobs where the workers look for them (REDIS_URL)."""
    config = load_config()
    if users and not users.is_file():
        raise UsageError(f"--users {users}: there is no such file.")
    asked = {"max": max_songs, "user": user, "users": str(users) if users else None, "period": period}
    added = Job.all_of(config, ChartArguments.read(asked, OPTIONS))
    url = redis_url(config)
    from timbre_spider.workers.shared_work import SharedWork

    with _telling(url) as redis:
        waiting = SharedWork(redis).put(added)
    songs = how_many(added[0].max_songs, "song")
    if len(added) == 1:
        console.print(f"Job {added[0].id}: {songs} of {added[0].listener}. Jobs waiting: {waiting}.")
    else:
        console.print(f"{len(added):,} jobs, {songs} each. Jobs waiting: {waiting}.")


def worker(
    until_idle: Annotated[
        float | None, typer.Option(help="End after so many idle seconds; default never.", min=0)
    ] = None,
) -> None:
    """Take jobs and batches from Redis and work on them; start as many as you like."""
    settings, config = project_settings()
    overrides = worker_settings(config, until_idle)
    open_redis(overrides["REDIS_URL"]).close()
    for name, value in overrides.items():
        settings.set(name, value, "cmdline")
    from timbre_spider.workers.spider import Worker

    with opened_for_crawl(config) as context:
        log = log_to_file(settings, config)
        ended = run_spider(Worker, {}, context, settings)
    if ended.summary:
        console.print(run_table(ended.summary, console))
    console.print(f"Log       {log}")
    if ended.error is not None:
        raise ended.error


@jobs.callback()
def show_jobs(
    called: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """The workers' jobs, and how many of their batches wait, are in hand, done or dead."""
    if called.invoked_subcommand:
        return
    url = redis_url(load_config())
    from timbre_spider.workers.overview import all_jobs

    with _telling(url) as redis:
        told = all_jobs(redis)
    if as_json:
        print_json([asdict(each) for each in told])
        return
    if not told:
        console.print("No jobs: `timbre enqueue` adds one.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("job", "listener", "state"):
        table.add_column(name, overflow="fold")
    for name in ("songs", "waiting", "in hand", "done", "dead"):
        table.add_column(name, justify="right")
    for each in told:
        counts = (each.waiting, each.in_hand, each.done, each.dead)
        table.add_row(each.id[:_SHOWN], *_of_job(each), *(f"{count:,}" for count in counts))
    console.print(table)
    for each in told:
        for reason in each.reasons:
            console.print(f"{each.id[:_SHOWN]}: {reason}")
    if any(each.dead for each in told):
        console.print("What is dead waits until you say `timbre jobs retry JOB` or `timbre jobs cancel JOB`.")


@jobs.command("retry")
def retry_job(job: JobId) -> None:
    """Have what of a job is dead worked on again."""
    url = redis_url(load_config())
    from timbre_spider.workers.overview import id_of, retry

    with _telling(url) as redis:
        again = retry(redis, id_of(redis, job))
    if not again:
        raise RunError(f"Nothing of job {job} is dead: `timbre jobs` shows what is.")
    console.print(f"Waiting again: {again}.")


@jobs.command("cancel")
def cancel_job(job: JobId) -> None:
    """Hand out nothing more of a job; batches in hand are worked on to their end."""
    url = redis_url(load_config())
    from timbre_spider.workers.overview import cancel, id_of

    with _telling(url) as redis:
        cancelled = cancel(redis, id_of(redis, job))
    if not cancelled:
        raise RunError(f"No job {job} waits or goes on: `timbre jobs` shows those that do.")
    console.print(f"Job {job} is cancelled.")


def _of_job(told: "JobState") -> tuple[str, str, str]:
    """Listener, state, and songs."""
    if told.job is None:
        return "—", told.state, "—"
    most = f"{told.job.max_songs:,}"
    return told.job.listener, told.state, most if told.songs is None else f"{told.songs:,} of {most}"


@contextmanager
def _telling(url: str) -> "Iterator[Redis]":
    """A Redis that answers. Raises RunError where it stops to, or holds what is not ours."""
    from redis.exceptions import RedisError

    with open_redis(url) as redis:
        try:
            yield redis
        except RedisError as error:
            raise RunError(
                f"Redis does not do as asked ({type(error).__name__}): check REDIS_URL and the server."
            ) from None
