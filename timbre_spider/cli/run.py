"""`timbre run` and `timbre test`."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from timbre_spider.cli.choices import OPTIONS
from timbre_spider.cli.sandbox import SANDBOX_ROWS, own_sandbox
from timbre_spider.cli.tables import facts, place_of, run_table
from timbre_spider.config import Config
from timbre_spider.crawling import (
    CrawlResult,
    check_arguments,
    log_to_file,
    opened_for_crawl,
    project_settings,
    run_spider,
)
from timbre_spider.errors import RunError, UsageError
from timbre_spider.extensions.run_account import SOURCES
from timbre_spider.how_many import how_many
from timbre_spider.spiders.arguments import AskedSpider
from timbre_spider.spiders.backfill import Backfill
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listenbrainz_top import ListenbrainzTop
from timbre_spider.storage.connect import open_database
from timbre_spider.storage.counts import counts
from timbre_spider.terminal import console


def run(
    max_songs: Annotated[int | None, typer.Option(help="Songs to store; default MAX_SONGS.", min=1)] = None,
    user: Annotated[
        list[str] | None, typer.Option(help="Last.fm user, default LASTFM_USERNAME; as often as there are listeners.")
    ] = None,
    users: Annotated[Path | None, typer.Option(help="A file that names a listener a line.")] = None,
    period: Annotated[str | None, typer.Option(help="overall, 7day, 1month, 3month, 6month or 12month.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Read every scrobble too: albums, first and last plays.")
    ] = False,
    listenbrainz: Annotated[
        list[str] | None, typer.Option(help="A user of ListenBrainz, instead of Last.fm's chart; also several.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the chart, say what would be asked, store nothing.")
    ] = False,
    skip_aoty: Annotated[bool, typer.Option("--skip-aoty", help="Do not ask Album of the Year.")] = False,
    sources: Annotated[
        str | None, typer.Option(help="Whom to ask, of open,spotify,lastfm,aoty; default all of them.")
    ] = None,
    sandbox: Annotated[bool, typer.Option("--sandbox", help="Run against invented services on this machine.")] = False,
    job_id: Annotated[str | None, typer.Option(help="What a scheduler calls the run.", hidden=True)] = None,
) -> None:
    """Read the chart, enrich the songs, store them. Without keys: against the sandbox."""
    if user and listenbrainz:
        raise UsageError("--user names a user of Last.fm and --listenbrainz one of ListenBrainz: give one of them.")
    if history and listenbrainz:
        raise UsageError("--history reads the scrobbles of Last.fm, which --listenbrainz takes the place of: give one.")
    if user and users:
        raise UsageError("--user names listeners and --users a file of them: give one of them.")
    if users and not users.is_file():
        raise UsageError(f"--users {users}: there is no such file.")
    spider = ListenbrainzTop if listenbrainz else LastfmTop
    # Before a sandbox is started for them.
    options = OPTIONS | {"user": "--listenbrainz"} if listenbrainz else OPTIONS
    spider.takes.read(_arguments(max_songs, period) | _listeners(None, users), options)
    for name in listenbrainz or user or ():
        spider.takes.read({"user": name}, options)
    more = {"dry_run": dry_run, "skip": _skipped(sources, skip_aoty), "job_id": job_id}
    scrobbles = {"history": "1"} if history else {}
    if sandbox or project_settings()[1].lastfm_api_key is None:
        if not sandbox:
            console.print(
                "No LASTFM_API_KEY in the environment or in .env: running against the sandbox, "
                "with an invented listener. Nothing leaves this machine."
            )
        with own_sandbox(_rows_for(max_songs or project_settings()[1].max_songs)):
            project_settings(reread=True)
            asked = _listeners(listenbrainz or (user if sandbox else None), users if sandbox else None)
            ended = _run(max_songs, asked | scrobbles, period, spider, **more)
    else:
        asked = _listeners(listenbrainz or user, users)
        ended = _run(max_songs, asked | scrobbles, period, spider, **more)
    if ended.error is not None:
        raise ended.error


def backfill(
    max_songs: Annotated[int | None, typer.Option(help="Songs to check; default MAX_SONGS.", min=1)] = None,
    user: Annotated[str | None, typer.Option(help="Whose songs; default LASTFM_USERNAME.")] = None,
) -> None:
    """Ask again what is due: stale ratings, songs that were not there, what was deferred or refused."""
    asked = _listeners([user] if user else None)
    Backfill.takes.read(asked, OPTIONS)
    ended = _run(max_songs, asked, spider=Backfill)
    if ended.error is not None:
        raise ended.error


def test(
    quick: Annotated[bool, typer.Option("--quick", help="50 songs instead of 1,000.")] = False,
) -> None:
    """Try the whole pipeline on this machine, in a folder of its own: sandbox, crawl, database, feed."""
    songs = 50 if quick else 1000
    with tempfile.TemporaryDirectory(prefix="timbre-test-") as folder:
        for name in ("DATA_DIR", "LOGS_DIR", "EXPORTS_DIR"):
            os.environ[name] = str(Path(folder) / name.lower())
        for name in ("DATABASE_URL", "SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY", "REDIS_URL"):
            os.environ[name] = ""
        with own_sandbox(_rows_for(songs)):
            _, config = project_settings()
            with open_database(config) as database:
                ended = _run(songs)
                if ended.error is not None:
                    raise ended.error
                stored = counts(database)["songs"]
            lines = _feed(config).read_text(encoding="utf-8").count("\n")
    if not stored == lines == songs:
        raise RunError(f"The test failed: {how_many(songs, 'song')} asked for, {stored} stored, {lines} in the feed.")
    console.print(f"Passed: {how_many(songs, 'song')} read, enriched, stored and fed.")


def _listeners(named: list[str] | None, file: Path | None = None) -> dict[str, str]:
    """The spider's arguments that name whose songs it is about."""
    if file is not None:
        return {"users": str(file)}
    if named and len(named) > 1:
        return {"users": ",".join(named)}
    return {"user": named[0]} if named else {}


def _rows_for(songs: int) -> int:
    """The chart from which an invented listener's songs are taken: a small run need not wait for a large world."""
    return min(SANDBOX_ROWS, 4 * songs)


def _run(
    max_songs: int | None,
    asked: dict[str, str] | None = None,
    period: str | None = None,
    spider: type[AskedSpider] = LastfmTop,
    **more: Any,
) -> CrawlResult:
    return crawl_and_tell(spider, _arguments(max_songs, period) | (asked or {}), **more)


def _arguments(max_songs: int | None, period: str | None) -> dict[str, str]:
    given = {"max": max_songs, "period": period}
    return {name: str(value) for name, value in given.items() if value is not None}


def _skipped(sources: str | None, skip_aoty: bool) -> list[str]:
    """The sources that are not asked. Raises UsageError for one there is none of."""
    wanted = set(SOURCES if sources is None else filter(None, sources.replace(" ", "").split(",")))
    if not wanted or not wanted <= set(SOURCES):
        raise UsageError(f"--sources {sources} is wrong: use some of {','.join(SOURCES)}.")
    return [source for source in SOURCES if source not in wanted or (skip_aoty and source == "aoty")]


def crawl_and_tell(
    spider: type[AskedSpider],
    arguments: dict[str, Any],
    *,
    dry_run: bool = False,
    skip: Sequence[str] = (),
    job_id: str | None = None,
    **more: Any,
) -> CrawlResult:
    """A crawl with its checks before, and after it the table, places and files; `more` is for the spider alone."""
    settings, config = project_settings()
    check_arguments(config, spider, arguments)
    if skip:
        settings.set("SKIP_SOURCES", list(skip), "cmdline")
    if job_id:
        settings.set("JOB_ID", job_id, "cmdline")
    if dry_run:
        settings.set("ITEM_PIPELINES", {"timbre_spider.pipelines.plan.Plan": 100}, "cmdline")
        settings.set("DRY_RUN", True, "cmdline")
    elif spider is not Backfill:
        settings.set("FEEDS", {str(_feed(config)): {"format": "jsonl", "overwrite": True}}, "cmdline")
    for line in config.missing_keys():
        console.print(line)
    with opened_for_crawl(config) as context:
        log = log_to_file(settings, config)
        ended = run_spider(spider, arguments | more, context, settings)
        said = place_of(context.database)
    if ended.summary:
        console.print(run_table(ended.summary, console))
        if ended.summary.feeds:
            said["Feed"] = "; ".join(f"{feed}: {became}" for feed, became in ended.summary.feeds.items())
    if context.summary_path:
        said["Summary"] = str(context.summary_path)
    console.print(facts(said | {"Log": str(log)}, console.width))
    return ended


def _feed(config: Config) -> Path:
    return config.exports_dir / "songs.jsonl"
