"""What a song brings from the database, and what a dry run says would be asked."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from tests.pipelines.making import dropped_or, song, stats
from timbre_spider.extensions.estimate import Estimate
from timbre_spider.items import Answer, Outcome
from timbre_spider.pipelines.aoty.wanted import key_of
from timbre_spider.pipelines.dedup import Dedup
from timbre_spider.pipelines.plan import Plan
from timbre_spider.pipelines.postgres import Postgres
from timbre_spider.pipelines.recall import Recall
from timbre_spider.pipelines.validate import Validate
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.integration

NOW = datetime.now(UTC)
TRACK = {"spotify_id": "1" * 22, "title": "Lantern", "artists": ["Ann"]}


def answer(source, key, check=None):
    return Answer(source, key, Outcome.FOUND, NOW - timedelta(days=9), check, TRACK)


def test_a_song_brings_what_is_known_of_it_and_of_its_artist(bench):
    one = song()
    told = [(source, one.name_id) for source in ("spotify", "open", "labs", "lastfm")] + [("lastfm", "artist:ann")]
    bench.record(*(answer(*question) for question in told))
    counts = stats()

    async def work(context):
        await Postgres(context, stats()).process_item(await Dedup(context).process_item(song()))
        return await Recall(context, counts).process_item(one), await Recall(context, counts).process_item(song("Bob"))

    known, unknown = bench.use(work)
    assert known.known_song.title == "Lantern"
    assert set(known.known) == set(told)
    assert (unknown.known_song, unknown.known) == (None, {})
    assert counts.get_value("timbre/recalled") == 1


def test_a_dry_run_counts_the_questions_no_fresh_answer_spares_and_stores_nothing(bench):
    fresh, stale, unknown, broken = song(title="fresh"), song(title="stale"), song("Bob"), song(title="")
    parked, absent = song(title="parked"), song(title="absent")
    tomorrow = NOW + timedelta(days=1)
    bench.record(
        answer("spotify", fresh.name_id),
        answer("spotify", stale.name_id, NOW - timedelta(days=1)),
        answer("lastfm", "artist:ann"),
        Answer("spotify", parked.name_id, Outcome.DEFERRED, NOW, tomorrow),
        Answer("spotify", absent.name_id, Outcome.ABSENT, NOW, tomorrow),
    )
    counts = stats()

    async def work(context):
        plan = Plan(context, counts)
        said = [await dropped_or(plan.process_item(each)) for each in (fresh, stale, unknown, parked, absent, broken)]
        return said, context.estimate, {want.title for want in context.pool.all()}

    said, estimate, waiting = bench.use(work)
    assert said == ["dry run"] * 6
    assert (estimate.songs_without_spotify, estimate.tags_of_artists) == (2, {"artist:bob"})
    # With a key of an individual's what was found once is not asked for again; what is parked has its turn later.
    assert waiting == {song("Bob").title, "parked"}
    assert counts.get_value("timbre/rows/rejected") == 1


@pytest.mark.parametrize(("mode", "to_spotify"), [("development", 1), ("extended", 2)])
def test_a_dry_run_counts_the_questions_of_every_source(bench, mode, to_spotify):
    titles = ("stale", "told", "known", "kept", "silent", "nowhere")
    stale, told, known, kept, silent, nowhere = (song(title=each) for each in titles)
    yesterday, tomorrow = NOW - timedelta(days=1), NOW + timedelta(days=1)
    recording = {"listenbrainz": asdict(Recording("", "Ann", "told", album="Harbour"))}
    on_album = {name: {**TRACK, "album_name": name, "album_type": "album"} for name in ("Tide", "Ebb")}
    seen = {"url": "/album/7-tide.php"}
    bench.record(
        answer("spotify", stale.name_id, yesterday),
        Answer("spotify", told.name_id, Outcome.ABSENT, NOW, tomorrow),
        Answer("open", told.name_id, Outcome.FOUND, NOW, tomorrow, recording),
        Answer("lastfm", told.name_id, Outcome.ABSENT, NOW, tomorrow),
        Answer("spotify", known.name_id, Outcome.FOUND, NOW, tomorrow, on_album["Tide"]),
        Answer("aoty", key_of("Ann", "Tide"), Outcome.DEFERRED, NOW, yesterday, seen),
        Answer("spotify", kept.name_id, Outcome.FOUND, NOW, tomorrow, on_album["Ebb"]),
        Answer("aoty", key_of("Ann", "Ebb"), Outcome.FOUND, NOW, tomorrow, seen),
        answer("spotify", silent.name_id),
        Answer("open", silent.name_id, Outcome.ABSENT, NOW, tomorrow),
        Answer("spotify", nowhere.name_id, Outcome.ABSENT, NOW - timedelta(days=9), yesterday),
        Answer("open", nowhere.name_id, Outcome.ABSENT, NOW, tomorrow),
    )

    async def work(context):
        plan = Plan(context, stats())
        for each in (stale, told, known, kept, silent, nowhere):
            await dropped_or(plan.process_item(each))
        return context.estimate

    assert bench.use(work, spotify_mode=mode, lastfm_tags="track") == Estimate(
        tags_of_artists={"artist:ann"},
        artists_without_spotify={"artist:ann"},
        tags_of_songs=5,
        songs_to_look_up=3,
        songs_without_spotify=to_spotify,
        albums_due={"ann": {key_of("Ann", "Harbour"): False, key_of("Ann", "Tide"): True}},
        songs_without_album=Counter(ann=2),
    )


def test_a_dry_run_plans_with_what_earlier_runs_learned_of_the_artist(bench):
    bench.record(Answer("spotify", "artist:ann", Outcome.FOUND, NOW, values={"pages": 2, "total": 60}))

    async def work(context):
        await dropped_or(Plan(context, stats()).process_item(song()))
        return context.pool.artist("ann")

    learned = bench.use(work)
    assert (learned.pages, learned.total) == (2, 60)


def test_a_song_of_no_good_row_is_dropped_and_its_rows_are_recorded(bench):
    counts = stats()
    half = song(title="Lantern", also=[("Ann", "")])

    async def work(context):
        validate = Validate(context, counts)
        return [await dropped_or(validate.process_item(each)) for each in (song(title=""), half)]

    assert bench.use(work) == ["empty title", ""]
    assert [row.title for row in half.rows] == ["Lantern"]
    assert counts.get_value("timbre/rows/rejected") == 2
    with bench.database.connect() as connection:
        assert connection.execute("SELECT artist, title, reason FROM rejects").fetchall() == [
            ("Ann", "", "empty title")
        ]


@pytest.mark.parametrize(("mode", "page_size"), [("auto", 10), ("development", 10), ("extended", 50)])
def test_calls_are_planned_for_the_mode_the_key_is_said_to_be_in(bench, mode, page_size):
    async def work(context):
        return context.pool.page_size, context.pool.together

    assert bench.use(work, spotify_mode=mode) == (page_size, page_size == 50)
    assert bench.use(work, spotify_mode=mode, spotify_client_id=None)[0] == 10
