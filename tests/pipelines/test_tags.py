"""The stage tags against a server that answers as Last.fm does."""

import json
from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.statscollectors import MemoryStatsCollector

from tests.pipelines.making import context_of, song
from tests.sources.server import Reply, serving
from timbre_spider.items import Outcome
from timbre_spider.pipelines.tags import MOST_TAGS, Tags, asks_for_own, heaviest, together

pytestmark = pytest.mark.integration


@pytest.fixture
def lastfm(bench):
    def answer(asked):
        query = parse_qs(urlsplit(asked.path).query)
        artist = query["artist"][0]
        if "track" in query:
            own = [{"name": "own", "count": 100}, {"name": "tag 19", "count": 4}] if query["track"] == ["Tide"] else []
            return Reply(body=json.dumps({"toptags": {"tag": own}}))
        if artist == "Nobody":
            return Reply(400, json.dumps({"error": 6, "message": "The artist you supplied could not be found"}))
        if artist == "Down":
            return Reply(500, json.dumps({"error": 8, "message": "Operation failed"}))
        tags = [{"name": f"tag {n}", "count": n} for n in range(20)] if artist == "Ann" else []
        return Reply(body=json.dumps({"toptags": {"tag": tags}}))

    with serving(answer) as server:
        bench.settings["lastfm_base_url"] = f"{server.url}/2.0/"
        yield server


def test_an_artist_s_songs_share_one_question_and_its_heaviest_tags(bench, lastfm):
    songs = bench.run(Tags, *(song(title=str(n)) for n in range(5)), song("The Ann", "x", artist_spelling="Ann"))
    assert len(lastfm.asked) == 1
    assert [each.tags for each in songs] == [{f"tag {n}": n for n in range(19, 9, -1)}] * 6
    assert songs[0].asked == {("lastfm", 0): "artist:ann"}


@pytest.mark.parametrize(
    ("mode", "often", "questions"), [("artist", False, 1), ("artist", True, 2), ("track", False, 2), ("track", True, 2)]
)
def test_a_song_s_own_tags_go_before_its_artist_s_where_it_is_asked_for_itself(bench, lastfm, mode, often, questions):
    [done] = bench.run(Tags, song("Ann", "Tide", is_often_played=often), lastfm_tags=mode)
    assert len(lastfm.asked) == questions
    if questions == 1:
        assert "own" not in done.tags
        return
    query = parse_qs(urlsplit(lastfm.asked[1].path).query)
    assert (query["artist"], query["track"]) == (["Ann"], ["Tide"])
    assert list(done.tags.items())[:3] == [("own", 100), ("tag 18", 9), ("tag 19", 9)]
    assert len(done.tags) == MOST_TAGS
    assert done.asked == {("lastfm", 0): "artist:ann", ("lastfm", 1): done.name_id}
    assert bench.answers()["lastfm", done.name_id]["outcome"] == "found"


def test_a_song_without_tags_of_its_own_has_its_artist_s(bench, lastfm):
    [done, of_nobody] = bench.run(Tags, song("Ann", "Ebb"), song("Nobody", "Tide"), lastfm_tags="track")
    assert done.tags == {f"tag {n}": n for n in range(19, 9, -1)}
    assert of_nobody.tags == {"own": 100, "tag 19": 4}
    assert [each.outcomes["lastfm"] for each in (done, of_nobody)] == [Outcome.FOUND] * 2


@pytest.mark.parametrize(("mode", "is_there"), [("artist", True), ("track", True), ("off", False)])
def test_off_leaves_the_stage_out(database, tmp_path, mode, is_there):
    crawler = Crawler(Spider)
    context_of(database, tmp_path, lastfm_tags=mode).give_to(crawler)
    crawler.stats = MemoryStatsCollector(crawler)
    with nullcontext() if is_there else pytest.raises(NotConfigured):
        assert isinstance(Tags.from_crawler(crawler), Tags)


@pytest.mark.parametrize(
    ("own", "of_artist", "both"),
    [
        ({}, {"a": 100}, {"a": 100}),
        ({"a": 100}, {}, {"a": 100}),
        ({"a": 100, "b": 0}, {"b": 1, "c": 60, "a": 9}, {"a": 100, "c": 30, "b": 0}),
        ({"a": 20}, {"a": 100}, {"a": 50}),
        ({"a": 20}, {"b": 1}, {"a": 20}),
    ],
)
def test_an_artist_s_tags_weigh_half_beside_the_song_s(own, of_artist, both):
    assert together(own, of_artist) == both


def test_of_tags_that_weigh_the_same_the_first_by_name_go_on():
    tags = dict.fromkeys("kbcdefghija", 5) | {"z": 6}
    assert list(heaviest(tags)) == list("zabcdefghi")


@pytest.mark.parametrize(
    ("mode", "often", "is_asked"),
    [("off", True, False), ("artist", False, False), ("artist", True, True), ("track", False, True)],
)
def test_a_song_is_asked_for_by_itself_in_its_mode(mode, often, is_asked):
    assert asks_for_own(song(is_often_played=often), mode) is is_asked


def test_guests_are_not_asked_for(bench, lastfm):
    [done] = bench.run(Tags, song("Ann feat. Bob"))
    assert parse_qs(urlsplit(lastfm.asked[0].path).query)["artist"] == ["Ann"]
    assert done.tags


def test_tags_are_renewed_after_a_week(bench, lastfm):
    bench.run(Tags, song())
    told = bench.answers()["lastfm", "artist:ann"]
    assert (told["next_check"] - told["asked_at"]).days == 7


@pytest.mark.parametrize(
    ("artist", "outcome"), [("Nobody", Outcome.ABSENT), ("Untagged", Outcome.ABSENT), ("Down", Outcome.FAILED)]
)
def test_no_tags_are_no_harm(bench, lastfm, artist, outcome):
    [done] = bench.run(Tags, song(artist))
    assert (done.tags, done.outcomes) == ({}, {"lastfm": outcome})


def test_asked_to_wait_all_of_lastfm_waits_and_the_question_is_asked_again(bench):
    replies = [{"error": 29, "message": "Rate limit exceeded"}, {"toptags": {"tag": [{"name": "a", "count": 9}]}}]
    with serving(lambda asked: Reply(body=json.dumps(replies.pop(0)))) as server:
        [done] = bench.run(Tags, song(), lastfm_base_url=f"{server.url}/2.0/")
    assert (done.tags, bench.waits) == ({"a": 9}, [("lastfm", 60)])


def test_what_goes_on_asking_us_to_wait_is_put_off(bench):
    with serving(lambda asked: Reply(429, b"slow down")) as server:
        [done] = bench.run(Tags, song(), lastfm_base_url=f"{server.url}/2.0/")
    assert len(server.asked) == 4
    assert bench.waits == [("lastfm", 60), ("lastfm", 120), ("lastfm", 240)]
    assert done.outcomes == {"lastfm": Outcome.DEFERRED}
    told = bench.answers()["lastfm", "artist:ann"]
    assert told["reason"].startswith("lastfm answers HTTP 429, again and again: it is asked nothing until ")
    assert timedelta(minutes=59) < told["next_check"] - told["asked_at"] <= timedelta(hours=1)


def test_a_suspended_key_asks_nothing_more(bench):
    artists = ("Ann", "Bob", "Cat")
    suspended = json.dumps({"error": 26, "message": "Suspended API key"})
    with serving(lambda asked: Reply(body=suspended)) as server:
        songs = bench.run(
            Tags, *(song(each) for each in artists), lastfm_base_url=f"{server.url}/2.0/", scrape_concurrency=1
        )
    assert len(server.asked) == 1
    assert [each.outcomes["lastfm"] for each in songs] == [Outcome.REFUSED] * 3
