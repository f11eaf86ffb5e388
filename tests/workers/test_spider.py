"""What a worker does with jobs and batches: hand out, work on, give back, settle."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from scrapy.exceptions import CloseSpider, DontCloseSpider
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from tests.sources.server import Reply, serving
from tests.spiders.making import NO_RESPONSE, all_of, use
from tests.storage.making import song as stored_song
from tests.storage.making import store
from tests.workers.making import batches, job, run_out
from timbre_spider.errors import KeyRejected, Unusable, UserUnknown
from timbre_spider.items import ChartRow, Identity
from timbre_spider.matching.identify import name_id
from timbre_spider.matching.writing import real_words
from timbre_spider.spiders.listener import Listening
from timbre_spider.stop_signal import stop_signal
from timbre_spider.storage.pages import Page, pages_of_listener
from timbre_spider.workers import spider as worker_spider
from timbre_spider.workers.overview import all_jobs
from timbre_spider.workers.shared_work import SharedWork
from timbre_spider.workers.spider import Worker

pytestmark = pytest.mark.integration

ROWS = [ChartRow("Ann", title, 9 - rank, rank) for rank, title in enumerate(("One", "Two", "Three", "Four"), 1)]


@pytest.fixture
def work(database, tmp_path, redis):
    """`work(do, rows)`: with a worker whose charts have these rows, or raise."""

    def run(do, rows=ROWS, **settings):
        class Charted(Worker):
            async def read(self, job):
                if isinstance(rows, Exception):
                    raise rows
                return Listening(rows, {})

        async def inside(spider, context):
            spider.work = SharedWork(redis)
            return await do(spider)

        given = {"batch_size": 2, "spotify_client_id": None, **settings}
        return use(database, tmp_path, Charted, inside, arguments={}, **given)

    return run


async def taken(spider):
    """The next piece of work, as the engine meets it; what its callback yields."""
    request = spider.request_of(spider.work.take())
    yielded = request.callback(NO_RESPONSE, **request.cb_kwargs)
    return request.cb_kwargs["entry"], await (all_of(yielded) if hasattr(yielded, "__aiter__") else yielded)


def ended(spider, song, song_id):
    song.identity = Identity(song_id, "hash:x", ())
    spider.count_stored(song)


def test_a_job_is_handed_out_worked_on_and_settled(work, redis, database):
    put = job(max_songs=3)
    kept = [stored_song(title=title) for title in ("a", "b")]
    store(database, *kept)
    one, other = (song.identity.song_id for song in kept)

    async def do(spider):
        spider.work.put([put])
        pages = pages_of_listener(spider.context.config.data_dir, put.listener)
        pages.put("0", Page("", datetime.now(UTC), "", b""), timedelta())
        await taken(spider)
        assert pages.get("0") is None
        assert [redis.zcard("timbre:batches"), redis.llen(f"timbre:job:{put.id}:beyond")] == [2, 1]
        batch, songs = await taken(spider)
        assert [(song.title, song.listener, song.batch_id) for song in songs] == [
            ("One", "ann", batch.id), ("Two", "ann", batch.id),
        ]  # fmt: skip
        assert {row.name_id for row in songs[0].rows} == {name_id("Ann", "One")}
        ended(spider, songs[0], one)
        assert batch.id in spider.work.in_hand
        ended(spider, songs[1], other)
        assert batch.id not in spider.work.in_hand
        # One that was merged away since leaves room for one more.
        _, [third] = await taken(spider)
        ended(spider, third, uuid4())
        await taken(spider)
        _, [fourth] = await taken(spider)
        assert fourth.title == "Four"
        spider.count_dropped(fourth)
        await taken(spider)
        assert spider.work.is_all_done()
        [state] = all_jobs(redis)
        assert (state.state, state.songs, state.done) == ("done", 2, 3)

    work(do)


@pytest.mark.parametrize("keeps", ["dead", "spooled"])
def test_a_job_some_of_which_may_yet_be_stored_leaves_no_room_for_more(work, redis, keeps):
    put = job(max_songs=3)

    async def do(spider):
        spider.work.put([put])
        await taken(spider)
        for _ in range(2):
            batch, songs = await taken(spider)
            if keeps == "dead" and songs[0].title == "One":
                spider.work.bury(batch.id, "broken")
                continue
            for song in songs:
                ended(spider, song, uuid4())
        if keeps == "spooled":
            spider.context.writer.spooled = 1
        await taken(spider)
        spider.context.writer.spooled = 0
        [state] = all_jobs(redis)
        assert (state.state, state.waiting, state.songs) == ("dead" if keeps == "dead" else "done", 0, 0)

    work(do)


def test_spotify_s_calls_are_planned_for_what_a_worker_has_in_hand_alone(work):
    async def do(spider):
        spider.work.put([job()])
        await taken(spider)
        assert spider.context.spotify is not None
        assert len(spider.context.pool) == 0

    with serving(
        lambda asked: Reply(body='{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
    ) as server:
        work(do, spotify_client_id="id", spotify_client_secret="secret", spotify_auth_url=f"{server.url}/api/token")


@pytest.mark.parametrize(
    ("error", "state"),
    [(UserUnknown("nobody"), "dead"), (Unusable("broken"), "waiting")],
)
def test_a_listener_that_cannot_be_read_keeps_nobody_back(work, redis, error, state):
    async def do(spider):
        spider.work.put([job()])
        await taken(spider)
        assert [each.state for each in all_jobs(redis)] == [state]
        assert spider.context.failures.first is error

    work(do, rows=error)


def test_a_worker_whose_key_is_rejected_ends_and_leaves_the_job_to_others(work, redis):
    async def do(spider):
        spider.work.put([job()])
        with pytest.raises(CloseSpider):
            await taken(spider)
        assert [each.state for each in all_jobs(redis)] == ["waiting"]
        assert redis.hlen("timbre:strikes") == 0

    work(do, rows=KeyRejected("wrong"))


async def batch_in_hand(spider):
    put = job()
    spider.work.put([put])
    spider.work.take()
    spider.work.publish(put.id, batches(1), [])
    return await taken(spider)


def test_a_batch_with_a_song_that_failed_is_tried_again(work, redis):
    async def do(spider):
        batch, [song] = await batch_in_hand(spider)
        spider.count_failed(song, Failure(KeyError("x")))
        assert redis.hgetall("timbre:strikes") == {batch.id.encode(): b"1"}
        assert redis.zcard("timbre:batches") == 1
        for _ in range(2):
            _, [song] = await taken(spider)
            spider.count_failed(song, Failure(KeyError("x")))
        assert redis.hgetall("timbre:dead") == {batch.id.encode(): b"Ann - Song 0: KeyError"}

    work(do)


def test_a_batch_that_met_an_error_of_ours_is_tried_again_whatever_becomes_of_its_songs(work, redis):
    async def do(spider):
        for _ in range(3):
            batch, [song] = await (taken(spider) if redis.zcard("timbre:batches") else batch_in_hand(spider))
            spider.give_back(Failure(KeyError("x")), Response("data:,", request=spider.request_of(batch)))
            assert spider.work.in_hand == {}
            ended(spider, song, uuid4())
        assert redis.hgetall("timbre:dead") == {batch.id.encode(): b"KeyError: 'x'"}
        assert [each.done for each in all_jobs(redis)] == [0]
        # What is no piece of work is nobody's.
        spider.give_back(Failure(KeyError("x")), Response("data:,", request=Request("data:,")))

    work(do)


async def until(is_so):
    async with asyncio.timeout(5):
        while not is_so():
            await asyncio.sleep(0.005)


def test_a_worker_with_nothing_in_hand_looks_for_work_and_says_that_it_lives(work, redis, monkeypatch):
    monkeypatch.setattr(worker_spider, "_LOOK", 0.01)
    monkeypatch.setattr(worker_spider, "LEASE_SECONDS", 0.1)

    async def do(spider):
        first, second = job(), job()
        spider.work.put([first, second])
        crawled = spider.crawler.engine.crawled
        await all_of(spider.start())
        await until(lambda: crawled)
        [request] = crawled
        assert (request.cb_kwargs["entry"].job, request.callback) == (first, spider.read_job)
        run_out(redis)
        await until(lambda: redis.zscore("timbre:leases", first.id) > 1)
        assert crawled == [request]
        spider.work.bury(first.id, "x")
        await until(lambda: len(crawled) == 2)
        assert crawled[1].cb_kwargs["entry"].job == second
        spider.end()

    work(do)


def test_a_worker_looks_twice_a_second_and_says_five_times_in_a_lease_that_it_lives():
    assert (worker_spider._LOOK, worker_spider.LEASE_SECONDS / worker_spider._BEATS) == (0.5, 3.0)


@pytest.mark.parametrize("ends", ["engine", "signal"])
def test_a_worker_that_ends_looks_for_no_work(work, redis, monkeypatch, ends):
    monkeypatch.setattr(worker_spider, "_LOOK", 0.001)

    async def do(spider):
        looked = []
        monkeypatch.setattr(spider.work, "renew", lambda: looked.append(1))
        monkeypatch.setattr(worker_spider, "LEASE_SECONDS", 0)
        if ends == "engine":
            spider.crawler.engine.running = False
        else:
            monkeypatch.setattr(stop_signal, "name", "SIGTERM")
        spider.work.put([job()])
        await all_of(spider.start())
        await until(lambda: len(looked) > 3)
        assert (spider.crawler.engine.crawled, redis.llen("timbre:jobs")) == ([], 1)
        spider.end()

    work(do)


@pytest.mark.parametrize("is_known", [True, False])
def test_a_dropped_song_that_is_the_same_as_another_is_stored(work, redis, is_known):
    async def do(spider):
        batch, [song] = await batch_in_hand(spider)
        song.identity = Identity(uuid4(), "hash:x", ()) if is_known else None
        spider.count_dropped(song)
        stored = {song.identity.song_id.hex.encode()} if is_known else set()
        assert redis.smembers(f"timbre:job:{batch.id.partition(':')[0]}:songs") == stored
        assert [each.done for each in all_jobs(redis)] == [1]

    work(do)


def test_a_stopped_worker_gives_back_what_it_cut_short(work, redis, monkeypatch):
    async def do(spider):
        _, [song] = await batch_in_hand(spider)
        monkeypatch.setattr(stop_signal, "name", "SIGTERM")
        ended(spider, song, uuid4())
        assert [redis.zcard("timbre:batches"), redis.hlen("timbre:strikes")] == [1, 0]

    work(do)


def test_a_worker_that_ends_gives_back_what_it_has_in_hand(work, redis):
    async def do(spider):
        await batch_in_hand(spider)
        spider._beating = spider.crawler.engine  # any with a `cancel`
        spider.crawler.engine.cancel = lambda: None
        spider.end()
        assert [redis.zcard("timbre:batches"), redis.zcard("timbre:leases")] == [1, 0]

    work(do)


def test_a_worker_reads_the_lists_of_words_before_it_has_work(work):
    async def do(spider):
        real_words._words.cache_clear()
        assert await all_of(spider.start()) == []
        await spider._reading
        assert real_words._words.cache_info().misses == len(real_words._LANGUAGES)
        real_words.languages_of.cache_clear()
        assert real_words.languages_of("morning")
        assert real_words._words.cache_info().misses == len(real_words._LANGUAGES)
        spider.end()

    work(do)


def test_only_where_nobody_has_work_in_hand_a_worker_is_idle(work, redis):
    async def do(spider):
        spider.crawler.settings.set("IDLE_BEFORE_END", 0)
        _, [song] = await batch_in_hand(spider)
        with pytest.raises(DontCloseSpider):
            spider.take_more()
        ended(spider, song, uuid4())
        with pytest.raises(DontCloseSpider):
            spider.take_more()
        await taken(spider)
        spider.take_more()

    work(do)
