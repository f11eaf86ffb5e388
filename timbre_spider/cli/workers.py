"""`timbre enqueue` and `timbre worker`."""

from typing import Annotated

import typer

from timbre_spider.cli.tables import run_table
from timbre_spider.config import load_config
from timbre_spider.crawling import log_to_file, opened_for_crawl, project_settings, run_spider
from timbre_spider.sharing import open_redis, worker_settings
from timbre_spider.spiders.arguments import ChartArguments
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.terminal import console


def enqueue(
    user: Annotated[str | None, typer.Option(help="Last.fm user; default LASTFM_USERNAME.")] = None,
    max_songs: Annotated[int | None, typer.Option(help="Songs to store; default MAX_SONGS.", min=1)] = None,
    period: Annotated[str | None, typer.Option(help="Period of the chart; default overall.")] = None,
) -> None:
    """Put a job where the workers look for it (REDIS_URL)."""
    config = load_config()
    [job] = Job.all_of(config, ChartArguments.read({"max": max_songs, "user": user, "period": period}))
    redis = open_redis(worker_settings(config, None)["REDIS_URL"])
    from timbre_spider.spiders.redis_jobs import RedisJobs

    waiting = RedisJobs(redis).put(job)
    console.print(f"Job {job.id}: {job.max_songs:,} songs of {job.listener}. Jobs waiting: {waiting}.")


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
    with opened_for_crawl(config) as context:
        log = log_to_file(settings, config)
        ended = run_spider(LastfmTop, {}, context, settings)
    if ended.summary:
        console.print(run_table(ended.summary, console))
    console.print(f"Log       {log}")
    if ended.error is not None:
        raise ended.error
