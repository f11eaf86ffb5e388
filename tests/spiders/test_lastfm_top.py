"""What the spiders yield: a job's songs in batches, the songs of a batch, and more when songs merged away."""

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.exceptions import CloseSpider, DontCloseSpider

from tests.sources.server import Reply, serving
from tests.spiders.making import NO_RESPONSE, all_of, use
from tests.storage.making import song as stored_song
from tests.storage.making import store
from timbre_spider.errors import KeyRejected, Unusable, UserPrivate, UserUnknown
from timbre_spider.items import Answer, ChartRow, Identity, Outcome
from timbre_spider.matching.identify import name_id
from timbre_spider.spiders.backfill import Backfill
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listener import Listening

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)


def chart(*songs):
    return [ChartRow(artist, title, plays, rank) for rank, (artist, title, plays) in enumerate(songs, 1)]


# Ann has most plays in all, Cat the most played song.
ROWS = chart(("Cat", "One", 90), ("Ann", "Tide", 60), ("Ann", "Ebb", 50), ("Ann", "TIDE", 5), ("Bob", "Moth", 3))


@pytest.fixture
def spotify():
    with serving(
        lambda asked: Reply(body='{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
    ) as server:
        yield server


@pytest.fixture
def crawl(database, tmp_path, spotify):
    """`crawl(work, rows)` in a spider whose chart has these rows."""

    def run(work, rows=ROWS, kind=LastfmTop, arguments=None, **settings):
        class Charted(kind):
            async def read(self, job):
                self.job = job
                if isinstance(rows, Exception):
                    raise rows
                return Listening(rows, {}) if rows is not None else await super().read(job)

        given = {"spotify_auth_url": f"{spotify.url}/api/token", "lastfm_username": "ann", "batch_size": 2, **settings}
        return use(database, tmp_path, Charted, work, arguments=arguments or {"max": "10"}, **given)

    return run


async def batches_of(spider):
    [job] = await all_of(spider.start())
    return await all_of(spider.read_chart(NO_RESPONSE, **job.cb_kwargs))


async def songs_of(spider, batches):
    return [song for batch in batches for song in await all_of(spider.read_batch(NO_RESPONSE, **batch.cb_kwargs))]


def test_a_chart_becomes_batches_of_whole_artists_the_most_played_first(crawl):
    async def work(spider, context):
        batches = await batches_of(spider)
        titles = [[song.title for song in await songs_of(spider, [batch])] for batch in batches]
        assert titles == [["Tide", "Ebb"], ["One", "Moth"]]
        assert [batch.priority for batch in batches] == [0, -1]
        assert {batch.url for batch in batches} == {"data:,batch"}
        stats = spider.crawler.stats.get_stats()
        wanted = {"rows/chart": 5, "songs_folded": 4, "songs_wanted": 4, "rows/beyond": 0, "plays/chart": 208}
        assert {name: stats[f"timbre/{name}"] for name in wanted} == wanted

    crawl(work)


def test_a_song_knows_its_rows_its_keys_and_its_artist(crawl):
    async def work(spider, context):
        tide = (await songs_of(spider, await batches_of(spider)))[0]
        assert [(row.title, row.playcount, row.rank) for row in tide.rows] == [("Tide", 60, 2), ("TIDE", 5, 4)]
        assert {row.name_id for row in tide.rows} == {tide.name_id} == {name_id("Ann", "Tide")}
        assert tide.listener == "ann"
        assert (tide.artist_songs, tide.artist_spelling, tide.playcount) == (2, "Ann", 65)

    crawl(work)


def test_only_so_many_songs_are_taken_the_most_played_ones(crawl):
    async def work(spider, context):
        songs = await songs_of(spider, await batches_of(spider))
        assert {song.title for song in songs} == {"One", "Tide"}
        assert spider.crawler.stats.get_value("timbre/rows/beyond") == 2

    crawl(work, arguments={"max": "2"})


@pytest.mark.parametrize(
    ("mode", "order"),
    [
        ("extended", ["One", "Moth", "Tide", "Ebb"]),
        ("auto", ["One", "Moth", "Tide", "Ebb"]),
        ("development", ["Tide", "Ebb", "One", "Moth"]),
    ],
)
def test_what_was_never_asked_goes_before_what_is_only_to_be_renewed(crawl, mode, order):
    async def work(spider, context):
        ago = NOW - timedelta(days=30)
        for title in ("Tide", "Ebb"):
            answer = Answer("spotify", name_id("Ann", title), Outcome.FOUND, ago, ago + timedelta(days=7), {"x": 1})
            await context.writer.record([answer])
        await context.writer.flush()
        batches = await batches_of(spider)
        assert [song.title for song in await songs_of(spider, batches)] == order
        assert [batch.priority for batch in batches] == [0, -1]

    crawl(work, spotify_mode=mode)


class TestSeveral:
    """Several listeners in one run."""

    @staticmethod
    async def batches(spider):
        jobs = [request async for request in spider.start()]
        read = [await all_of(spider.read_chart(NO_RESPONSE, **job.cb_kwargs)) for job in jobs]
        return [batch for batches in read for batch in batches]

    def test_each_has_a_job_of_so_many_songs_and_what_both_heard_is_wanted_once(self, crawl):
        async def work(spider, context):
            songs = await songs_of(spider, await self.batches(spider))
            assert {(song.listener, song.title) for song in songs} == {
                (listener, title) for listener in ("ann", "bob") for title in ("One", "Tide")
            }
            stats = spider.crawler.stats
            wanted = {"songs_wanted": 2, "rows/chart": 10, "rows/beyond": 4, "plays/beyond": 106}
            assert {name: stats.get_value(f"timbre/{name}") for name in wanted} == wanted
            assert {name: read.plays_read for name, read in context.listeners.items()} == {"ann": 208, "bob": 208}
            assert spider.parameters(context.config) == {
                "max": 2, "user": None, "users": ["ann", "bob"], "period": "overall",
            }  # fmt: skip

        crawl(work, arguments={"max": "2", "users": "ann,bob"})

    def test_a_song_that_both_heard_leaves_neither_room_for_more(self, crawl):
        async def work(spider, context):
            finish(context, await songs_of(spider, await self.batches(spider)))
            spider.take_more()
            assert spider.crawler.engine.crawled == []

        crawl(work, arguments={"max": "2", "users": "ann,bob"})

    @pytest.mark.parametrize("error", [UserUnknown("nobody"), UserPrivate("hidden"), Unusable("broken")])
    def test_one_whose_chart_cannot_be_read_leaves_the_others(self, crawl, error):
        async def work(spider, context):
            read = spider.read

            async def of_all_but_ann(job):
                if job.listener == "ann":
                    raise error
                return await read(job)

            spider.read = of_all_but_ann
            songs = await songs_of(spider, await self.batches(spider))
            assert {song.listener for song in songs} == {"bob"}
            assert context.failures.first is error

        crawl(work, arguments={"max": "2", "users": "ann,bob"})

    def test_a_key_that_is_rejected_ends_all(self, crawl):
        async def work(spider, context):
            with pytest.raises(CloseSpider):
                await self.batches(spider)

        crawl(work, rows=KeyRejected("wrong"), arguments={"users": "ann,bob"})

    def test_one_listener_s_parameters_are_as_ever(self, crawl):
        async def work(spider, context):
            assert spider.parameters(context.config) == {"max": 10, "user": "ann", "period": "overall"}

        crawl(work)


@pytest.mark.parametrize("error", [UserUnknown("nobody"), KeyRejected("wrong")])
def test_what_ends_a_run_is_kept_for_its_last_line(crawl, error):
    async def work(spider, context):
        with pytest.raises(CloseSpider) as ended:
            await batches_of(spider)
        assert ended.value.reason == type(error).__name__
        assert context.failures.first is error

    crawl(work, rows=error)


def test_a_key_that_spotify_rejects_ends_the_run_before_the_chart_is_read(crawl, spotify):
    async def work(spider, context):
        context.spotify.check_key = refuse
        with pytest.raises(CloseSpider):
            await batches_of(spider)
        assert (context.failures.first.args, hasattr(spider, "job")) == (("no",), False)

    async def refuse():
        raise KeyRejected("no")

    crawl(work)


def finish(context, songs):
    """As if these songs were stored."""
    for number, song in enumerate(songs):
        song.identity = Identity(stored_song(title=str(number)).identity.song_id, "hash:x", ())
        context.stored.add(song, song.identity)


def test_where_songs_merged_away_as_many_more_are_taken(crawl):
    async def work(spider, context):
        songs = await songs_of(spider, await batches_of(spider))
        finish(context, songs[:1])
        with pytest.raises(DontCloseSpider):
            spider.take_more()
        more = await songs_of(spider, spider.crawler.engine.crawled)
        assert [song.title for song in more] == ["Ebb"]
        finish(context, [*songs[:1], *more])
        spider.take_more()
        assert len(spider.crawler.engine.crawled) == 1

    crawl(work, arguments={"max": "2"})


@pytest.mark.parametrize("keeps", ["dry run", "spool"])
def test_a_run_that_stores_nothing_now_takes_no_more(crawl, keeps):
    async def work(spider, context):
        await batches_of(spider)
        if keeps == "spool":
            context.writer.spooled = 1
        else:
            spider.crawler.settings.set("DRY_RUN", True)
        spider.take_more()
        assert spider.crawler.engine.crawled == []
        context.writer.spooled = 0
        spider.crawler.settings.set("DRY_RUN", False)
        with pytest.raises(DontCloseSpider):
            spider.take_more()

    crawl(work, arguments={"max": "2"})


def test_when_all_are_stored_the_spider_may_close(crawl):
    async def work(spider, context):
        finish(context, await songs_of(spider, await batches_of(spider)))
        spider.take_more()
        assert spider.crawler.engine.crawled == []

    crawl(work, arguments={"max": "3"})


class TestBackfill:
    def test_only_the_listener_s_songs_that_are_due_come_again(self, crawl, database):
        for listener in ("ann", "bob"):
            for title in ("fresh", "due"):
                rows = [ChartRow("A", title, 7, 1), ChartRow("A", title.upper(), 2, 9)]
                asked = {("aoty", 0): f"album:{title}"}
                store(database, stored_song("A", title, listener=listener, rows=rows, asked=asked))

        async def work(spider, context):
            ago = NOW - timedelta(days=1)
            await context.writer.record([Answer("aoty", "album:due", Outcome.REFUSED, ago)])
            await context.writer.record([Answer("aoty", "album:fresh", Outcome.FOUND, ago, None, {"url": "u"})])
            await context.writer.flush()
            songs = await songs_of(spider, await batches_of(spider))
            assert [(song.listener, [row.title for row in song.rows]) for song in songs] == [("ann", ["due", "DUE"])]

        crawl(work, rows=None, kind=Backfill)
