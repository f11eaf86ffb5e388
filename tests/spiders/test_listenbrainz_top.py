"""A listener of ListenBrainz, asked of the sandbox."""

import json

import pytest

from tests.pipelines.making import fetch_of
from tests.sources.server import Reply, serving
from tests.spiders.making import use
from timbre_sandbox import Sandbox, SandboxOptions
from timbre_spider.errors import Unusable, UserUnknown
from timbre_spider.sources.listenbrainz.listener import read_listens, read_top
from timbre_spider.spiders import listenbrainz_top
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.listenbrainz_top import ListenbrainzTop

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def listenbrainz():
    options = SandboxOptions(port=0, rows=250, weather="fair")
    with Sandbox(options) as sandbox:
        yield sandbox


@pytest.fixture
def rows_of(database, tmp_path, monkeypatch):
    """The rows of a job at ListenBrainz's address `url`."""

    def run(url, max_songs, **arguments):
        async def work(spider, context):
            monkeypatch.setattr(listenbrainz_top, "fetch_through", lambda crawler: fetch_of(context))
            [job] = Job.all_of(context.config, spider.asked)
            return (await spider.read(job)).rows

        asked = {"user": "listener", "max": str(max_songs), **arguments}
        return use(database, tmp_path, ListenbrainzTop, work, arguments=asked, listenbrainz_base_url=url)

    return run


def plays(rows):
    return sum(row.playcount for row in rows)


def test_the_statistics_are_read_page_after_page(listenbrainz, rows_of):
    rows = rows_of(listenbrainz.url("listenbrainz"), 100)
    assert len(rows) > 100
    assert plays(rows) == sum(row.plays for row in listenbrainz.world.rows)
    assert {each.source for row in rows for each in row.listens} == {"listenbrainz"}
    assert {each.period for row in rows for each in row.listens} == {"all_time"}
    assert sum(row.mbid is not None for row in rows) > 50
    assert sum(row.listens[0].album is not None for row in rows) > 50


def test_where_the_statistics_end_every_listen_is_read(listenbrainz, rows_of, monkeypatch):
    monkeypatch.setattr(listenbrainz_top, "STATISTICS_KEEP", 10)
    rows = rows_of(listenbrainz.url("listenbrainz"), 1000)
    told = {(row.artist.strip(), row.title.strip()): row.playcount for row in rows}
    true = {(row.artist.strip(), row.title.strip()): row.plays for row in listenbrainz.world.rows}
    # One song twice in one second, which the sandbox tells now and then, is one play.
    assert told.keys() == true.keys()
    assert {true[name] - plays for name, plays in told.items()} <= {0, 1}
    assert sum(true.values()) - sum(told.values()) < 5
    assert {(each.source, each.period) for row in rows for each in row.listens} == {("listenbrainz", "history")}
    assert all(row.listens[0].first_play <= row.listens[0].last_play for row in rows)


def test_another_range_has_no_statistics_and_no_listens(listenbrainz, rows_of):
    assert rows_of(listenbrainz.url("listenbrainz"), 10, range="week") == []


def test_who_is_not_there_is_named(listenbrainz, rows_of):
    with pytest.raises(UserUnknown, match="nobody"):
        rows_of(listenbrainz.url("listenbrainz"), 10, user="nobody")


def test_listens_end_though_many_have_one_second(rows_of):
    listens = [
        {"listened_at": 1_600_000_000, "track_metadata": {"artist_name": "A", "track_name": "T"}},
        {"listened_at": "x"},
    ]

    def answer(asked):
        if "/stats/" in asked.path:
            return Reply(204, body="")
        before = int(asked.path.rpartition("max_ts=")[2]) if "max_ts" in asked.path else 2**33
        shown = listens if before > 1_600_000_000 else []
        return Reply(body=json.dumps({"payload": {"listens": shown, "user_id": "listener"}}))

    with serving(answer) as server:
        rows = rows_of(server.url, 10)
    assert [(row.artist, row.playcount) for row in rows] == [("A", 1)]


def test_listens_of_one_second_on_two_pages_are_all_heard(rows_of):
    heard = [("One", 30), ("Two", 20), ("Three", 20), ("Four", 10)]
    listens = [
        {"listened_at": at, "track_metadata": {"artist_name": "A", "track_name": title}}
        for title, at in ((title, 1_600_000_000 + at) for title, at in heard)
    ]

    def answer(asked):
        if "/stats/" in asked.path:
            return Reply(204, body="")
        before = int(asked.path.rpartition("max_ts=")[2]) if "max_ts" in asked.path else 2**33
        shown = [each for each in listens if each["listened_at"] < before][:2]
        return Reply(body=json.dumps({"payload": {"listens": shown, "user_id": "listener"}}))

    with serving(answer) as server:
        rows = rows_of(server.url, 10)
    assert {row.title: row.playcount for row in rows} == dict.fromkeys((title for title, _ in heard), 1)


def test_statistics_and_listens_are_kept_until_the_run_has_finished(database, tmp_path, monkeypatch):
    listen = {"listened_at": 1_600_000_000, "track_metadata": {"artist_name": "A", "track_name": "T"}}

    def answer(asked):
        if "/stats/" in asked.path:
            told = {"recordings": [{"artist_name": "A", "track_name": "T"}] * 10, "total_recording_count": 10}
        else:
            told = {"listens": [] if "max_ts" in asked.path else [listen], "user_id": "listener"}
        return Reply(body=json.dumps({"payload": told}))

    async def work(spider, context):
        monkeypatch.setattr(listenbrainz_top, "fetch_through", lambda crawler: fetch_of(context))
        [job] = Job.all_of(context.config, spider.asked)

        async def questions():
            server.asked.clear()
            assert [row.title for row in (await spider.read(job)).rows] == ["T"]
            return ["statistics" if "/stats/" in asked.path else "listens" for asked in server.asked]

        everything = ["statistics", "listens", "listens"]
        assert await questions() == everything
        assert await questions() == []
        spider.forget_pages("shutdown")
        assert await questions() == []
        spider.forget_pages("finished")
        assert await questions() == everything

    monkeypatch.setattr(listenbrainz_top, "STATISTICS_KEEP", 10)
    with serving(answer) as server:
        asked = {"user": "listener", "max": "100"}
        use(database, tmp_path, ListenbrainzTop, work, arguments=asked, listenbrainz_base_url=server.url)


@pytest.mark.parametrize(("total", "questions"), [(1, 1), (2, 1), (3, 2)])
def test_the_statistics_end_where_all_is_told_and_where_nothing_comes(rows_of, total, questions):
    def answer(asked):
        paths.append(asked.path)
        if len(paths) > 3:
            return Reply(204, body="")
        told = [{"artist_name": "A", "track_name": f"T{n}", "listen_count": 9} for n in range(2)]
        told = told if "offset=0" in asked.path else []
        return Reply(body=json.dumps({"payload": {"recordings": told, "total_recording_count": total}}))

    paths: list[str] = []
    with serving(answer) as server:
        assert len(rows_of(server.url, 2)) == 2
    assert len(paths) == questions


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"code": 404, "error": "Cannot find user: listener"}', UserUnknown),
        (b'{"code": 400, "error": "no"}', Unusable),
        (b"<html>", Unusable),
        (b'{"payload": {"user_id": "other", "recordings": [], "listens": []}}', Unusable),
    ],
)
def test_an_answer_about_something_else_is_no_answer(body, error):
    with pytest.raises(error):
        read_top(body, "listener", "all_time", 0)
    with pytest.raises(error):
        read_listens(body, "listener")
