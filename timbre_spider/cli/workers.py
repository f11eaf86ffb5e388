"""`timbre enqueue` and `timbre worker`."""

from typing import Annotated

import typer
from redis import Redis
from redis.exceptions import RedisError
from rich.console import Console
from scrapy.utils.project import get_project_settings

from timbre_spider.cli.tables import run_table
from timbre_spider.config import Config, load_config
from timbre_spider.crawling import check_services, run_spider
from timbre_spider.errors import RunError
from timbre_spider.sharing import worker_settings
from timbre_spider.spiders.arguments import ChartArguments
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.tally import RedisTally

console = Console(soft_wrap=True, highlight=False)


def enqueue(
    user: Annotated[str | None, typer.Option(help="Last.fm user; default LASTFM_USERNAME.")] = None,
    max_songs: Annotated[int | None, typer.Option(help="Songs to store; default MAX_SONGS.", min=1)] = None,
    period: Annotated[str | None, typer.Option(help="Period of the chart; default overall.")] = None,
) -> None:
    """Put a job where the workers look for it (REDIS_URL)."""
    config = load_config()
    job = Job.from_arguments(config, ChartArguments.read({"max": max_songs, "user": user, "period": period}))
    waiting = RedisTally(_redis(config)).put(job)
    console.print(f"Job {job.id}: {job.max_songs:,} songs of {job.listener}. Jobs waiting: {waiting}.")


def worker(
    until_idle: Annotated[
        float | None, typer.Option(help="End after so many idle seconds; default never.", min=0)
    ] = None,
) -> None:
    """Take jobs and batches from Redis and work on them; start as many as you like."""
    config = load_config()
    overrides = worker_settings(config, until_idle)
    check_services(config)
    _redis(config).close()
    settings = get_project_settings()
    for name, value in overrides.items():
        settings.set(name, value, "cmdline")
    ended = run_spider(LastfmTop, {}, settings)
    if ended.summary:
        console.print(run_table(ended.summary))
    if ended.error is not None:
        raise ended.error


def _redis(config: Config) -> Redis:
    url = worker_settings(config, None)["REDIS_URL"]
    try:
        redis = Redis.from_url(url, socket_connect_timeout=5)
        redis.ping()
    except (RedisError, ValueError) as error:
        raise RunError(
            f"Redis cannot be reached ({type(error).__name__}): check REDIS_URL and that the server runs."
        ) from None
    return redis
