"""A history on its way: what its files know goes with its songs."""

import pytest
from scrapy.exceptions import CloseSpider

from tests.histories.making import HOUR, ISRC, NOON, OTHER_ID, TRACK_ID, as_json, as_workbook, extended, scrobble
from tests.histories.test_formats import DEEZER
from tests.sources.server import Reply, serving
from tests.spiders.making import NO_RESPONSE, all_of, use
from timbre_spider.errors import HistoryUnreadable, UsageError
from timbre_spider.histories.read import read_histories
from timbre_spider.spiders.history import History

pytestmark = pytest.mark.integration


@pytest.fixture
def crawl(database, tmp_path):
    """`crawl(work, path=…)` in a spider of these arguments."""

    def run(work, given=None, **arguments):
        class Given(History):
            def __init__(self, **arguments):
                super().__init__(histories=given, **arguments)

        with serving(
            lambda asked: Reply(body='{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
        ) as server:
            settings = {"spotify_auth_url": f"{server.url}/api/token", "lastfm_username": "ann"}
            return use(database, tmp_path / "data", Given, work, arguments=arguments, **settings)

    return run


async def songs_of(spider):
    [job] = await all_of(spider.start())
    batches = await all_of(spider.read_chart(NO_RESPONSE, **job.cb_kwargs))
    return [song for batch in batches for song in await all_of(spider.read_batch(NO_RESPONSE, **batch.cb_kwargs))]


def test_songs_come_with_what_the_files_know(crawl, tmp_path):
    (tmp_path / "endsong_0.json").write_bytes(
        as_json([
            extended("Lantern", at=NOON), extended("Lantern", at=NOON + HOUR),
            extended("Lantern - Remastered", at=NOON + 2 * HOUR, track=OTHER_ID, album="Best of"),
        ])
    )  # fmt: skip
    (tmp_path / "deezer.xlsx").write_bytes(
        as_workbook(
            {
                "10_listeningHistory": [
                    DEEZER,
                    ["Lantern", "Ann", ISRC, "Harbour", "", 200, "", "", "2021-03-04 12:00:00"],
                ]
            }
        )
    )

    async def work(spider, context):
        [song] = await songs_of(spider)
        assert (song.listener, song.artist, song.title, song.playcount) == ("bob", "Ann", "Lantern", 3)
        assert (song.isrc, song.isrc_source) == (ISRC, "deezer")
        assert (song.spotify.spotify_id, song.spotify.album_name) == (TRACK_ID, "Harbour")
        counted = {(each.source, each.plays, each.first_play) for row in song.rows for each in row.listens}
        assert counted == {("spotify", 2, NOON), ("spotify", 1, NOON + 2 * HOUR), ("deezer", 1, NOON)}
        assert spider.parameters(context.config) == {"user": "bob", "max": 5, "path": [str(tmp_path)]}

    crawl(work, path=str(tmp_path), user="bob", max="5")


def test_several_files_stand_together_as_in_path(crawl, tmp_path):
    (tmp_path / "a.json").write_bytes(as_json([extended()]))
    (tmp_path / "b:c.json").write_bytes(as_json([{"track": [scrobble()]}]))

    async def work(spider, context):
        [song] = await songs_of(spider)
        return sorted(each.source for each in song.rows[0].listens)

    assert crawl(work, path=f"{tmp_path}/a.json") == ["spotify"]
    assert crawl(work, path=f"{tmp_path}/b:c.json") == ["lastfm_export"]
    assert crawl(work, path=f"{tmp_path}/a.json:{tmp_path}/a.json") == ["spotify"]


def test_files_already_read_are_not_read_again(crawl, tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(as_json([extended()]))
    read = read_histories([path])
    path.write_text("no history any more")

    async def work(spider, context):
        return [song.title for song in await songs_of(spider)]

    assert crawl(work, given=read, path=str(path)) == ["Lantern"]


def test_a_file_that_cannot_be_read_ends_the_run(crawl, tmp_path):
    async def work(spider, context):
        with pytest.raises(CloseSpider):
            await songs_of(spider)
        assert isinstance(context.failures.first, HistoryUnreadable)

    path = tmp_path / "damaged.zip"
    path.write_bytes(b"PK\x03\x04 and no more")
    crawl(work, path=str(path))


def test_a_path_is_asked_for():
    with pytest.raises(UsageError, match="path"):
        History.takes.read({"max": "3"})
