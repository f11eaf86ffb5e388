"""The account of a run, reckoned from counts that are each another number."""

import asyncio
import resource
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.statscollectors import MemoryStatsCollector

from tests.pipelines.making import context_of
from timbre_spider import __version__
from timbre_spider.errors import RunError
from timbre_spider.extensions import run_account
from timbre_spider.extensions.run_account import RunAccount
from timbre_spider.planning.calls import Bucket

pytestmark = pytest.mark.integration

BEGAN = datetime(2026, 3, 1, 20, tzinfo=UTC)
COUNTS = {
    "timbre/songs_wanted": 9,
    "timbre/songs_folded": 12,
    "timbre/merged": 2,
    "timbre/recalled": 4,
    "timbre/rows/chart": 20,
    "timbre/rows/stored": 11,
    "timbre/rows/rejected": 3,
    "timbre/rows/beyond": 6,
    "timbre/plays/chart": 200,
    "timbre/plays/stored": 110,
    "timbre/plays/rejected": 30,
    "timbre/plays/beyond": 59,
    "timbre/spotify/found": 5,
    "timbre/spotify/absent": 1,
    "timbre/seconds/spotify": 7.0,
    "timbre/songs_with/open": 3,
    "timbre/labs/found": 8,
    "log_count/WARNING": 13,
    "httpcache/hit": 6,
    "httpcache/miss": 3,
    "httpcache/invalidate": 1,
    "httpcache/store": 2,
}


@pytest.fixture
def account_of(database, tmp_path):
    def make(scrapy=None, counts=COUNTS, **settings):
        context = context_of(database, tmp_path, clock=lambda: BEGAN, **settings)
        crawler = Crawler(Spider, {"JOB_ID": "job 7", **(scrapy or {})})
        crawler.stats = MemoryStatsCollector(crawler)
        for name, count in counts.items():
            crawler.stats.set_value(name, count)
        context.give_to(crawler)
        return context, RunAccount(crawler, context)

    return make


def progress_of(account):
    async def told():
        return account.progress()

    return asyncio.run(told())


def summary_of(account, reason="finished"):
    return account.summary("lastfm_top", reason, None, {"user": "ann", "max": 9}, {"songs.jsonl": "written"})


def test_each_count_is_told_where_it_belongs(account_of):
    context, account = account_of(spotify_budget=100)
    context.chart = context.chart.model_copy(update={"told": 21, "read": 20})
    context.unknown_pages.count = 5
    told = summary_of(account)
    assert (told.spider, told.run_id, told.job_id, told.version, told.sandbox) == (
        "lastfm_top", None, "job 7", __version__, False,
    )  # fmt: skip
    assert (told.listener, told.parameters) == ("ann", {"user": "ann", "max": 9})
    assert (told.finish_reason, told.error, told.log) == ("finished", None, None)
    assert told.seconds == round((told.finished_at - BEGAN).total_seconds(), 1)
    assert (told.feeds, told.unknown_pages) == ({"songs.jsonl": "written"}, 5)
    assert told.songs.model_dump() == {"stored": 0, "wanted": 9, "folded": 12, "merged": 2, "recalled": 4}
    assert told.rows.model_dump() == {"chart": 20, "stored": 11, "rejected": 3, "beyond": 6}
    assert told.plays.model_dump() == {"chart": 200, "stored": 110, "rejected": 30, "beyond": 59}
    assert (told.chart.told, told.chart.read) == (21, 20)
    assert list(told.outcomes) == ["open", "spotify", "lastfm", "aoty"]
    assert told.outcomes["spotify"] == {"found": 5, "absent": 1, "deferred": 0, "failed": 0, "refused": 0}
    assert told.mean_seconds == {"open": None, "spotify": 1.167, "lastfm": None, "aoty": None}
    assert told.log_counts == {"DEBUG": 0, "INFO": 0, "WARNING": 13, "ERROR": 0, "CRITICAL": 0}
    assert [(each.check, each.expected, each.found, each.passed) for each in told.sanity] == [
        ("rows_add_up", 20, 20, True), ("plays_add_up", 200, 199, False),
    ]  # fmt: skip
    assert (told.plan, told.page_cache, told.hot_answers) == (None, None, None)
    search = told.spotify_calls[Bucket.SEARCH]
    assert (search.asked, search.counted, search.budget, search.left, search.back_at) == (0, 0, 100, 100, None)


def test_what_nobody_counted_is_none(account_of):
    _, account = account_of(counts={}, spotify_client_id=None, spotify_client_secret=None)
    told = summary_of(account)
    assert told.songs.model_dump() == dict.fromkeys(("stored", "wanted", "folded", "merged", "recalled"), 0)
    assert {*told.rows.model_dump().values(), *told.plays.model_dump().values()} == {0}
    assert {count for outcomes in told.outcomes.values() for count in outcomes.values()} == {0}
    assert (told.spotify_calls, told.log_counts["ERROR"]) == (None, 0)


def test_a_run_that_goes_on_tells_how_far_it_is_and_what_it_waits_for(account_of, tmp_path):
    context, account = account_of({"LOG_FILE": str(tmp_path / "run.log")}, page_cache="disk")
    context.started_at = datetime.now(UTC) - timedelta(hours=1)
    context.gates["deezer"].refuse("go away")
    context.gates["deezer"]._in_flight = 1
    told = progress_of(account)
    assert told.seconds == round((told.at - context.started_at).total_seconds(), 1) >= 3600
    assert (told.songs.wanted, told.rows.chart, told.outcomes["spotify"]["found"]) == (9, 20, 5)
    assert {source: (wait.songs, wait.waits_for) for source, wait in told.waits.items()} == {
        "open": (3, {"deezer": "an answer"})
    }
    assert (told.requests["deezer"].shut, told.requests["aoty"].shut) == ("go away", None)
    kept = told.page_cache
    assert (kept.hits, kept.misses, kept.stored, kept.hit_percent) == (6, 4, 2, 60.0)
    assert told.log == str(tmp_path / "run.log")


@pytest.mark.parametrize(
    ("source", "services"),
    [
        ("open", {"listenbrainz", "deezer", "musicbrainz"}), ("spotify", {"spotify"}), ("lastfm", {"lastfm"}),
        ("aoty", {"aoty"}), ("labs", {"listenbrainz_labs"}),
    ],
)  # fmt: skip
def test_a_source_waits_for_its_services(account_of, source, services):
    context, account = account_of(counts={f"timbre/songs_with/{source}": 2}, listenbrainz_labs="on")
    for gate in context.gates.values():
        gate._in_flight = 1
    waits = progress_of(account).waits
    assert {name: (wait.songs, set(wait.waits_for)) for name, wait in waits.items()} == {source: (2, services)}


def test_how_often_redis_had_an_answer_is_told_where_there_is_one(account_of):
    context, account = account_of()
    assert summary_of(account).hot_answers is None
    context.hot = SimpleNamespace(hits=3, misses=1, damaged=2)
    told = {"hits": 3, "misses": 1, "hit_percent": 75.0, "damaged": 2}
    assert summary_of(account).hot_answers.model_dump() == progress_of(account).hot_answers.model_dump() == told


@pytest.mark.parametrize(("labs", "sources"), [("off", 4), ("on", 5)])
def test_labs_are_a_source_where_they_are_asked(account_of, labs, sources):
    _, account = account_of(listenbrainz_labs=labs)
    assert len(progress_of(account).outcomes) == sources


@pytest.mark.parametrize(
    ("scrapy", "reason", "error", "why"),
    [
        ({}, "finished", None, None),
        ({}, "shutdown", None, "the run ended early"),
        ({}, "finished", RunError("no more"), "the run ended early"),
        ({"REDIS_URL": "redis://here"}, "finished", None, "workers share the chart"),
    ],
)
def test_a_run_that_had_not_all_of_the_chart_is_not_held_against_it(account_of, scrapy, reason, error, why):
    context, account = account_of(scrapy)
    if error:
        context.failures.add(error)
    told = summary_of(account, reason)
    assert told.error == (str(error) if error else None)
    rows = told.sanity[0]
    assert (rows.passed is None, rows.says.partition("; not to be told: ")[2]) == (why is not None, why or "")


def test_a_listener_s_songs_and_how_far_two_counts_are_apart(account_of):
    context, account = account_of()
    context.listeners["ann"].plays_read, context.listeners["ann"].plays_told = 70, 100
    context.listeners["bob"].plays_read = 5
    told = summary_of(account).listeners
    assert {name: (each.plays_read, each.drift) for name, each in told.items()} == {"ann": (70, 30), "bob": (5, None)}


def test_traffic_is_told_and_judged(account_of):
    context, account = account_of()
    for service, against_robots in (("deezer", False), ("aoty", True)):
        traffic = context.gates[service].traffic
        traffic.sent(while_shut=False)
        traffic.sent(is_retry=True, against_robots=against_robots)
        traffic.answered(503)
        traffic.answered(200)
    told = summary_of(account)
    deezer = told.requests["deezer"]
    assert (deezer.requests, deezer.retries, deezer.statuses) == (2, 1, {"200": 1, "503": 1})
    assert (deezer.most_at_once, deezer.most_per_minute, deezer.limit_per_minute) == (0, 2, 300)
    assert list(deezer.statuses) == ["200", "503"]
    verdicts = {service: (each.verdict, each.requests_against_robots) for service, each in told.compliance.items()}
    assert (verdicts["deezer"], verdicts["aoty"], verdicts["lastfm"]) == (
        ("kept", None), ("broken", 1), ("not asked", None),
    )  # fmt: skip


def test_a_dry_run_s_plan_leaves_out_what_is_skipped(account_of):
    context, account = account_of({"DRY_RUN": True, "SKIP_SOURCES": ["aoty"]})
    context.estimate.tags_of_artists.update(("a", "b"))
    context.estimate.songs_to_look_up = 4
    context.estimate.albums_due["ann"]["x"] = True
    told = summary_of(account)
    assert told.spotify_calls is None
    assert (told.plan["aoty"].most, told.plan["aoty"].reckoning) == (0, "left out of this run")
    assert (told.plan["lastfm"].most, told.plan["lastfm"].seconds) == (2, 0.6)


@pytest.mark.parametrize(("platform", "peak"), [("linux", 102.4), ("darwin", 0.1)])
def test_linux_tells_its_peak_in_thousands(monkeypatch, platform, peak):
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=100_000))
    monkeypatch.setattr(run_account, "sys", SimpleNamespace(platform=platform))
    assert run_account.peak_memory_mb() == peak
