"""Songs whose items are still to come: ListenBrainz' lists tell of all of them before a scarce call is chosen."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.pipelines.making import fetch_of, song, stats
from tests.pipelines.open.services import OpenServices, asked_by, isrc, mbid
from tests.pipelines.spotify.web_api import WebApi, speaking
from tests.sources.server import Reply
from timbre_spider.extensions.beforehand import Beforehand
from timbre_spider.items import Answer, ChartRow, Outcome, fields_of
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.open import Open
from timbre_spider.pipelines.spotify import Spotify
from timbre_spider.pipelines.spotify.artists import learn_beforehand, wait_for
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.integration

LOOKUP, RECORDINGS = "/1/metadata/lookup/", "/1/metadata/recording/"


@pytest.fixture
def services(bench):
    with asked_by(bench, OpenServices()) as services:
        yield services


def rows_of(*numbers: int, **parts: Any) -> list[list[ChartRow]]:
    titles = {n: f"Song {n}" for n in numbers}
    return [[ChartRow("Ann", title, 5, n, name_id=name_id("Ann", title), **parts)] for n, title in titles.items()]


def outcome_of(bench, number: int) -> str:
    return bench.answers()["open", name_id("Ann", f"Song {number}")]["outcome"]


def learn(bench, *numbers: int, then: int | None = None, hint: str | None = None, **settings: Any):
    """Learns of songs that wait, and lets the item of one (`then`) come; what the pool knows, and the item."""

    async def work(context):
        stage = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(*numbers, mbid=hint))
        await learn_beforehand(context)
        known = {want.title: (want.album, want.isrcs) for want in context.pool.all() if want.isrcs}
        done = None if then is None else await stage.process_item(song(title=f"Song {then}"))
        return known, done

    return bench.use(work, **settings)


def test_all_songs_that_wait_are_looked_up_in_whole_lists_and_the_pool_is_told(bench, services):
    services.listenbrainz = set(range(115))
    known, done = learn(bench, *range(120), then=7)
    assert known == {f"Song {n}": ("Harbour", {isrc(n)}) for n in range(115)}
    assert services.asked == {LOOKUP: 3, RECORDINGS: 1}
    assert (done.outcomes["open"], done.isrc, done.open.duration_ms) == (Outcome.FOUND, isrc(7), 200_000)
    # A run after a kill asks for none of them again.
    services.asked.clear()
    known, _ = learn(bench, *range(120))
    assert (len(known), services.asked) == (115, {})


def test_what_is_not_all_is_kept_and_the_rest_asked_when_the_item_comes(bench, services):
    services.listenbrainz, services.bare, services.deezer = {1}, {1}, {1, 2}
    learn(bench, 1, 2)
    assert (outcome_of(bench, 1), outcome_of(bench, 2)) == ("deferred", "deferred")
    assert services.asked == {LOOKUP: 1, RECORDINGS: 1}
    for number in (1, 2):
        _, done = learn(bench, number, then=number)
        assert (done.outcomes["open"], done.isrc_source) == (Outcome.FOUND, "deezer")
    assert done.open.mbid is None
    assert (services.asked[LOOKUP], outcome_of(bench, 2)) == (1, "found")


def test_a_song_the_lists_lack_is_asked_for_by_names_nearly_so_in_the_same_run(bench, services):
    services.nearly = {1}
    _, done = learn(bench, 1, then=1)
    assert (done.isrc, services.asked[LOOKUP]) == (isrc(1), 2)


def test_an_item_that_comes_meanwhile_waits_for_the_list_its_song_is_in(bench, services):
    # One more would be another list.
    services.listenbrainz = set(range(50))

    async def work(context):
        stage = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(*range(50)))
        learning = asyncio.ensure_future(learn_beforehand(context))
        await asyncio.sleep(0)
        done = await stage.process_item(song(title="Song 7"))
        await learning
        return done

    done = bench.use(work)
    assert (done.isrc, services.asked) == (isrc(7), {LOOKUP: 1, RECORDINGS: 1})


# Who knew nothing is named where that was stored before the others had answered.
@pytest.mark.parametrize("told", [{}, {"listenbrainz, by lists": None}])
def test_what_was_known_nowhere_is_learned_of_when_it_is_due_and_an_item_recalled_before_asks_nothing_again(
    bench, services, told
):
    services.listenbrainz = set(range(50))
    asked, name = datetime.now(UTC) - timedelta(days=9), name_id("Ann", "Song 7")
    before = Answer("open", name, Outcome.ABSENT, asked, asked + timedelta(days=1), told)
    bench.record(before)

    async def work(context):
        stage = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(*range(50)))
        learning = asyncio.ensure_future(learn_beforehand(context))
        await asyncio.sleep(0)
        recalled = song(title="Song 7", known={("open", name): replace(before, due=True)})
        done = await stage.process_item(recalled)
        await learning
        return done

    done = bench.use(work)
    assert (done.isrc, services.asked) == (isrc(7), {LOOKUP: 1, RECORDINGS: 1})


def test_what_was_found_and_is_due_is_told_as_it_was_and_asked_for_with_the_item(bench, services):
    services.listenbrainz = {1}
    asked, name = datetime.now(UTC) - timedelta(days=40), name_id("Ann", "Song 1")
    told = {"deezer": fields_of(Recording("7", "Ann", "Song 1", album="Harbour"))}
    bench.record(Answer("open", name, Outcome.FOUND, asked, asked + timedelta(days=30), told, tier="high"))

    async def work(context):
        stage = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(1))
        await learn_beforehand(context)
        known = [want.album for want in context.pool.all()], dict(services.asked)
        return known, await stage.process_item(song(title="Song 1"))

    known, done = bench.use(work)
    assert known == (["Harbour"], {})
    assert (done.isrc, services.asked[LOOKUP]) == (isrc(1), 1)


def test_an_item_that_comes_after_its_song_was_learned_of_keeps_what_it_recalled(bench, services):
    services.listenbrainz = {1}

    async def work(context):
        stage = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(1))
        await learn_beforehand(context)
        recalled = Answer("open", name_id("Ann", "Song 1"), Outcome.FOUND, datetime.now(UTC), reason="recalled")
        done = await stage.process_item(song(title="Song 1", known={("open", recalled.key): recalled}))
        return done.known["open", recalled.key].reason

    assert bench.use(work) == "recalled"


def test_a_song_in_work_is_not_looked_up_again(bench, services):
    services.listenbrainz = {1, 2}

    async def work(context):
        stage = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(1, 2))
        await stage.process_item(song(title="Song 1"))
        context.beforehand.came(name_id("Ann", "Song 2"))
        await learn_beforehand(context)

    bench.use(work)
    assert services.asked == {LOOKUP: 1, RECORDINGS: 1}


def test_each_song_is_learned_of_once():
    beforehand, portions = Beforehand(), []

    async def learn(songs):
        portions.append([rows[0].title for rows in songs])
        for rows in songs:
            yield song(title=rows[0].title)

    async def work():
        beforehand.learn_by = learn
        for numbers in ((1, 2), (), (3,)):
            for rows in rows_of(*numbers):
                beforehand.add(rows)
            assert len([each async for each in beforehand.learned()]) == len(numbers)

    asyncio.run(work())
    assert portions == [["Song 1", "Song 2"], ["Song 3"]]


def test_without_a_token_lastfm_s_ids_alone_are_looked_up_and_nobody_is_taken_for_unknown(bench, services):
    known, _ = learn(bench, 1, hint=mbid(1), listenbrainz_token=None)
    assert known == {"Song 1": ("Harbour", {isrc(1)})}
    learn(bench, 2, listenbrainz_token=None)
    assert services.asked == {RECORDINGS: 1}
    services.listenbrainz = {2}
    known, _ = learn(bench, 2)
    assert known == {"Song 2": ("Harbour", {isrc(2)})}


def test_who_refuses_is_made_up_for_when_the_item_comes(bench, services):
    services.replies[LOOKUP] = Reply(500)
    services.deezer = {1}
    known, done = learn(bench, 1, then=1)
    assert (known, done.isrc_source) == ({}, "deezer")


@pytest.mark.parametrize(("budget", "asked"), [(1, 2), (0, 1)])
def test_the_open_sources_are_asked_first_where_calls_are_scarce_and_there_alone(bench, services, budget, asked):
    services.listenbrainz = set(range(3))
    api = WebApi()
    told_before: list[int] = []
    api_answer = api.__call__

    def answer(request):
        if "/search" in request.path:
            told_before.append(services.asked[LOOKUP])
        return api_answer(request)

    async def work(context):
        opened = Open(context, fetch_of(context), stats())
        await wait_for(context, rows_of(1, 2))
        first = await opened.process_item(song(title="Song 0", plays=1))
        await Spotify(context, None, stats()).process_item(first)

    with speaking(bench, answer):
        bench.use(work, spotify_mode="development", spotify_budget=budget)
    assert told_before[0] == asked
