"""The stage spotify against a server that answers as the Web API does, in either mode."""

import asyncio
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.pipelines.making import song, stats, track
from tests.pipelines.spotify.web_api import WebApi, speaking
from tests.sources.server import Reply
from timbre_spider.items import Answer, Outcome
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.spotify import Spotify
from timbre_spider.pipelines.spotify.artists import SEARCHES, wait_for
from timbre_spider.pipelines.spotify.match import want_of
from timbre_spider.planning.artist import MOST_PAGES
from timbre_spider.storage.override_store import add_override

pytestmark = pytest.mark.integration

OWN = ("spotify", name_id("Ann", "Lantern"))
WEEK = timedelta(days=7)
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def api(bench):
    api = WebApi()
    with speaking(bench, api):
        yield api


def known(outcome=Outcome.FOUND, days_ago=30, good_for=None):
    asked = datetime.now(UTC) - timedelta(days=days_ago)
    values = {"spotify_id": "7" * 22, "title": "Lantern", "artists": ["Ann"], "isrc": "USABC7777777"}
    return Answer(*OWN, outcome, asked, asked + good_for if good_for else None, values)


def artist_songs(count):
    return [song(title=f"Song {n}", artist_songs=count, plays=count - n) for n in range(count)]


def found(done):
    return [each.outcomes["spotify"] for each in done].count(Outcome.FOUND)


def test_a_song_gets_its_track_and_the_track_s_isrc(bench, api):
    [done] = bench.run(Spotify, song())
    assert (done.spotify.spotify_id, done.spotify.album_name) == ("0" * 22, "Harbour")
    assert (done.isrc, done.isrc_source) == ("USABC0000000", "spotify")
    assert done.outcomes == {"spotify": Outcome.FOUND}
    assert done.asked == {("spotify", 0): OWN[1]}
    told = bench.answers()[OWN]
    assert told["values"]["title"] == "Lantern"
    assert told["reason"].endswith("found by a search for the song")


def test_what_a_song_s_own_search_told_of_its_album_is_kept_while_another_of_the_artist_s_waits(bench, api):
    def others_wait(context):
        context.pool.add(replace(want_of(song(title="Elsewhere")), in_work=False, tried=SEARCHES))
        artist = context.pool.artist("ann")
        artist.pages, artist.total = MOST_PAGES, 999

    bench.run(Spotify, song(), before=others_wait, spotify_mode="development")
    assert api.searches == ["track:Lantern artist:Ann"]
    [[_, album]] = bench.answers()["spotify", "artist:ann"]["values"]["albums"]
    assert album["album_id"] == "b" * 22


def test_who_is_not_there_is_absent(bench, api):
    [done] = bench.run(Spotify, song(title="Elsewhere"), spotify_mode="development")
    assert (done.spotify, done.isrc, done.outcomes["spotify"]) == (None, None, Outcome.ABSENT)
    assert "track:Elsewhere artist:Ann" in api.searches


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Lantern (feat. Bob)", "track:Lantern artist:Ann"),
        ("Lantern (Live at Wembley 1986)", "track:Lantern artist:Ann"),
        ("Lantern - 2009 Remaster", "track:Lantern artist:Ann"),
        ("Lantern (Bob Remix)", "track:Lantern Bob Remix artist:Ann"),
    ],
)
def test_a_song_is_asked_for_without_the_tails_the_service_may_not_know(bench, api, title, asked):
    bench.run(Spotify, song(title=title), spotify_mode="development")
    assert api.searches[0] == asked


@pytest.mark.parametrize(("extended", "good_for"), [(False, None), (True, WEEK)])
@pytest.mark.parametrize("mode", ["auto", "told"])
def test_what_is_found_goes_stale_after_a_week_in_extended_mode_and_never_in_development(
    bench, api, extended, good_for, mode
):
    api.extended = extended
    told_mode = {"extended" if extended else "development"} if mode == "told" else {"auto"}
    bench.run(Spotify, song(), spotify_mode=told_mode.pop())
    told = bench.answers()[OWN]
    assert (told["next_check"] and told["next_check"] - told["asked_at"]) == good_for


@pytest.mark.parametrize(
    ("mode", "outcome", "asked"),
    [
        ("extended", Outcome.FOUND, True),
        ("auto", Outcome.FOUND, True),
        ("development", Outcome.FOUND, False),
        ("development", Outcome.FAILED, True),
    ],
)
def test_in_development_mode_nothing_found_is_asked_for_again(bench, api, mode, outcome, asked):
    api.extended = mode == "extended"
    bench.record(known(outcome, good_for=WEEK))
    [done] = bench.run(Spotify, song(), spotify_mode=mode)
    assert [bucket for bucket, _ in api.calls if bucket == "tracks"] == ["tracks"] * asked
    # What was found once is only renewed, by its id.
    assert (done.spotify.spotify_id, api.searches) == ("7" * 22, [])
    assert (done.spotify.title == "Named") is asked


def test_a_track_that_is_gone_is_searched_anew(bench, api):
    api.replies[f"/v1/tracks/{'7' * 22}"] = Reply(404, '{"error": {"status": 404, "message": "no"}}')
    bench.record(known(Outcome.FAILED, good_for=WEEK))
    [done] = bench.run(Spotify, song(), spotify_mode="development")
    assert done.spotify.spotify_id == "0" * 22


def test_stale_tracks_are_renewed_fifty_a_call(bench, api):
    api.extended = True
    api.titles = [f"Song {n}" for n in range(60)]
    bench.run(Spotify, *artist_songs(60))
    api.calls.clear()
    bench.make_due()
    done = bench.run(Spotify, *artist_songs(60))
    assert found(done) == 60
    assert [(bucket, about.count(",")) for bucket, about in api.calls if about != "a"] == [
        ("tracks", 49), ("tracks", 9),
    ]  # fmt: skip


def test_a_track_that_is_still_to_be_proven_leaves_those_renewed_in_its_call_theirs(bench, api):
    api.extended, api.titles = True, ["Lantern", "Pier"]
    pier = name_id("Ann", "Pier")
    bench.record(replace(known(good_for=WEEK), key=pier, values={**known().values, "spotify_id": f"{1:022}"}))
    unproven = told_by_labs(f"{0:022}", plays=900)
    done = bench.run(Spotify, unproven, song(title="Pier"), spotify_mode="extended", spotify_budget=1)
    assert found(done) == 2
    assert [about for bucket, about in api.calls if bucket == "tracks"] == [f"{0:022},{1:022}"]


def test_an_artist_s_list_of_albums_without_albums_is_the_last(bench, api):
    api.titles = [f"Song {n}" for n in range(25)]
    api.replies[f"/v1/artists/{'a' * 22}/albums"] = Reply(body='{"items": [], "total": 30}')
    bench.run(Spotify, *artist_songs(25), spotify_mode="development", spotify_budget=1)
    assert [bucket for bucket, _ in api.calls].count("artists/albums") == 1
    learned = bench.answers()["spotify", "artist:ann"]["values"]
    assert (learned["lists"], learned["albums_total"]) == (1, 0)


def test_a_page_of_the_artist_s_tracks_finds_many_and_an_album_the_rest(bench, api):
    api.titles = [f"Song {n}" for n in range(25)]
    done = bench.run(Spotify, *artist_songs(25), spotify_mode="development", spotify_budget=1)
    assert found(done) == 25
    assert [bucket for bucket, _ in api.calls] == ["search", "artists/albums", "albums", "tracks"]
    assert api.searches == ['artist:"Ann"']
    told = [answer["reason"] for (_, key), answer in bench.answers().items() if key.startswith("hash:")]
    reasons = Counter(reason.partition("; found by ")[2] for reason in told)
    assert reasons == {"a page of the artist's tracks": 10, "an album of the artist": 15}


def test_an_artist_s_page_is_asked_for_by_the_spelling_of_the_most_played_song(bench, api):
    api.titles = [f"Song {n}" for n in range(5)]
    songs = [song("ANN" if n else "Ann", f"Song {n}", 9 - n) for n in (1, 2, 0, 3, 4)]
    assert found(bench.run(Spotify, *songs, spotify_mode="development")) == 5
    assert api.searches == ['artist:"Ann"']


def test_an_artist_s_page_without_tracks_is_the_last(bench, api):
    api.titles = []
    bench.run(Spotify, *artist_songs(25), spotify_mode="development", spotify_budget=3)
    assert api.searches.count('artist:"Ann"') == 1
    [learned] = [told["values"] for told in bench.answers().values() if "albums_total" in told["values"]]
    assert (learned["pages"], learned["total"]) == (1, 0)


def test_a_further_page_without_tracks_is_believed_before_the_total_it_names(bench, api):
    api.titles = [f"Song {n}" for n in range(25)]
    api.locked = dict.fromkeys(("albums", "albums/tracks", "artists/albums", "tracks"), "36000")

    def end():
        if len(api.searches) > 1:
            api.replies["/v1/search"] = Reply(body='{"tracks": {"items": [], "total": 999}}')

    api.on_call = end
    bench.run(Spotify, *artist_songs(25), spotify_mode="development", spotify_budget=6)
    assert api.searches.count('artist:"Ann"') == 2
    assert bench.answers()["spotify", "artist:ann"]["values"]["total"] == 10


@pytest.mark.parametrize("isrc", [None, "USABC0000024"])
def test_a_track_of_an_album_is_asked_for_its_isrc_where_nobody_knows_one(bench, api, isrc):
    api.titles = [f"Song {n}" for n in range(25)]
    songs = artist_songs(25)
    for each in songs:
        each.isrc = isrc
    done = bench.run(Spotify, *songs, spotify_mode="development", spotify_budget=2)
    assert found(done) == 25
    by_album = [told for told in bench.answers().values() if told["reason"].endswith("an album of the artist")]
    assert len(by_album) >= 5
    asked = [bucket for bucket, _ in api.calls].count("tracks")
    assert asked == (2 if isrc is None else 0)
    assert sum(each.isrc is not None for each in done) == (25 - len(by_album) + asked if isrc is None else 25)


def test_where_tracks_are_locked_a_song_whose_isrc_nobody_knows_does_not_wait_for_it(bench, api):
    api.isrcs = False

    async def work(context):
        await context.spotify_calls.lock("tracks", context.clock() + timedelta(hours=5))
        stage = Spotify(context, None, stats())

        async def calls_until_done(one):
            await stage.process_item(one)
            return len(api.calls)

        return await asyncio.gather(calls_until_done(song()), calls_until_done(song("Bob", "Nowhere")))

    here, nowhere = bench.use(work, spotify_mode="development")
    assert (here, nowhere) == (1, 3)


def test_a_track_that_has_another_id_in_the_market_keeps_the_one_it_was_asked_for_by(bench, api):
    moved = json.dumps(api.track("Lantern", "9" * 22))
    api.replies[f"/v1/tracks/{'7' * 22}"] = Reply(body=moved)
    bench.record(known(Outcome.FAILED, good_for=WEEK))
    [done] = bench.run(Spotify, song(), spotify_mode="development")
    assert (done.spotify.spotify_id, done.isrc) == ("7" * 22, "USABC0000000")


def test_a_song_found_on_an_album_waits_for_its_isrc_alone(bench, api):
    api.titles = [f"Song {n}" for n in range(25)]
    waiting = []

    async def work(context):
        add = context.pool.add
        context.pool.add = lambda want: (waiting.append(want), add(want))
        stage = Spotify(context, None, stats())
        return await asyncio.gather(*map(stage.process_item, artist_songs(25)))

    assert found(bench.use(work, spotify_mode="development", spotify_budget=2)) == 25
    by_id = [want for want in waiting if want.spotify_id]
    assert len(by_id) >= 5
    assert {(want.only_isrc, want.unproven) for want in by_id} == {(True, False)}


@pytest.mark.parametrize("look_alike", ["Lantern (Reprise)", "Lanterns", "Lantern (Dubstep)"])
def test_a_look_alike_never_ends_the_search_while_the_exact_name_may_follow(bench, api, look_alike):
    api.titles = [look_alike, *(f"Song {n}" for n in range(9)), "Lantern"]
    songs = [song(artist_songs=11), *(song(title=f"Song {n}", artist_songs=11) for n in range(9))]
    done = bench.run(Spotify, *songs, spotify_mode="development")
    assert (done[0].spotify.title, done[0].spotify.spotify_id) == ("Lantern", f"{10:022}")


def test_an_answer_about_other_songs_than_asked_for_finds_those_and_no_wrong_one(bench, api):
    other = api.track("Lantern", "8" * 22) | {"name": "Gull", "artists": [{"name": "Bob", "id": "c" * 22}]}
    api.replies["/v1/search"] = Reply(body=json.dumps({"tracks": {"items": [None, other], "total": 1}}))
    songs = [song(), song("Bob", "Gull", plays=1)]
    done = bench.run(Spotify, *songs, spotify_mode="development")
    assert [each.outcomes["spotify"] for each in done] == [Outcome.ABSENT, Outcome.FOUND]
    assert done[1].spotify.spotify_id == "8" * 22
    assert api.searches.count("track:Gull artist:Bob") == 0


def test_songs_that_wait_elsewhere_are_found_too_and_not_asked_for_again(bench, api):
    api.titles = [f"Song {n}" for n in range(8)]
    later = artist_songs(8)

    async def work(context):
        await wait_for(context, [each.rows for each in later])
        stage = Spotify(context, None, stats())
        done = [await stage.process_item(each) for each in later]
        return done, len(api.calls)

    done, calls = bench.use(work, spotify_mode="development")
    assert found(done) == 8
    assert calls == 1


@pytest.mark.parametrize(
    ("budget", "outcome", "asked"),
    [(1, Outcome.DEFERRED, ["track:Hit artist:Bob"]), (9, Outcome.FOUND, ["track:Lantern artist:Ann"])],
)
def test_where_calls_are_scarce_alone_the_most_played_are_asked_for_whoever_is_in_work(
    bench, api, budget, outcome, asked
):
    api.titles = ["Lantern", "Hit"]
    hit = song("Bob", "Hit", plays=900)
    api.track = lambda title, spotify_id=None: (
        WebApi.track(api, title, spotify_id)
        | {"artists": [{"name": "Bob" if title == "Hit" else "Ann", "id": "a" * 22}]}
    )

    async def work(context):
        await wait_for(context, [hit.rows])
        return await Spotify(context, None, stats()).process_item(song())

    done = bench.use(work, spotify_mode="development", spotify_budget=budget)
    assert (done.outcomes["spotify"], api.searches) == (outcome, asked)
    assert (("spotify", hit.name_id) in bench.answers()) is (budget == 1)


def test_what_was_learned_of_an_artist_is_known_in_the_next_run(bench, api):
    api.titles = [f"Song {n}" for n in range(10)]
    bench.run(Spotify, *artist_songs(10), spotify_mode="development")
    assert bench.answers()["spotify", "artist:ann"]["values"]["total"] == 10
    api.calls.clear()
    # All of the artist's tracks were looked through.
    [done] = bench.run(Spotify, song(title="Nowhere at all"), spotify_mode="development")
    assert (done.outcomes["spotify"], api.calls) == (Outcome.ABSENT, [])


def test_a_track_that_a_history_names_is_asked_for_by_its_id_and_never_searched(bench, api):
    heard = track(title="Lantern")
    [done] = bench.run(Spotify, song(spotify=heard, artist_songs=9))
    assert (done.spotify.spotify_id, done.spotify.album_id) == (heard.spotify_id, "b" * 22)
    assert api.searches == []
    assert bench.answers()[OWN]["reason"] == "the listener's history names it"


def test_where_that_track_is_gone_the_song_is_searched(bench, api):
    api.replies[f"/v1/tracks/{'5' * 22}"] = Reply(404, '{"error": {"status": 404, "message": "Not found."}}')
    [done] = bench.run(Spotify, song(spotify=replace(track(), spotify_id="5" * 22)))
    assert done.spotify.spotify_id == "0" * 22


def told_by_labs(spotify_id, **parts):
    told = Answer("labs", OWN[1], Outcome.FOUND, NOW, values={"spotify_id": spotify_id})
    return song(known={("labs", OWN[1]): told}, **parts)


def test_an_id_that_labs_told_is_asked_for_and_a_full_match_where_the_track_is_the_song(bench, api):
    [done] = bench.run(Spotify, told_by_labs("0" * 22), spotify_mode="development")
    assert (done.spotify.spotify_id, done.isrc, api.calls) == ("0" * 22, "USABC0000000", [("tracks", "0" * 22)])
    with bench.database.connect() as connection:
        [(tier, reason)] = connection.execute("SELECT tier, reason FROM answers WHERE key LIKE 'hash:%'").fetchall()
    assert (tier, reason.rpartition("; ")[2]) == ("exact", "found by its id")


@pytest.mark.parametrize("wrong", [Reply(404, '{"error": {"status": 404, "message": "no"}}'), None])
def test_an_id_of_labs_whose_track_is_another_song_or_gone_is_dropped_and_the_song_searched(bench, api, wrong):
    if wrong:
        api.replies[f"/v1/tracks/{'5' * 22}"] = wrong
    [done] = bench.run(Spotify, told_by_labs("5" * 22), spotify_mode="development")
    assert (done.spotify.spotify_id, [bucket for bucket, _ in api.calls]) == ("0" * 22, ["tracks", "search"])


def test_an_id_of_labs_that_was_another_song_s_costs_no_second_call_where_the_song_is_put_off(bench, api):
    api.locked["search"] = "36000"
    for _ in range(2):
        [done] = bench.run(Spotify, told_by_labs("5" * 22), spotify_mode="development")
        assert done.outcomes["spotify"] is Outcome.DEFERRED
        bench.make_due()
        with bench.database.connect() as connection:  # what was learned of the artist is still good
            connection.execute("UPDATE answers SET asked_at = now() WHERE key = 'artist:ann'")
    assert [call for call in api.calls if call[0] == "tracks"] == [("tracks", "5" * 22)]


def test_a_song_searched_in_vain_and_put_off_is_not_searched_by_the_same_words_again(bench, api):
    for budget, outcome in ((1, Outcome.DEFERRED), (5, Outcome.ABSENT)):
        [done] = bench.run(Spotify, song(title="Nowhere"), spotify_mode="development", spotify_budget=budget)
        assert done.outcomes["spotify"] is outcome
        bench.make_due()
        with bench.database.connect() as connection:  # what was learned of the artist is still good
            connection.execute("UPDATE answers SET asked_at = now() WHERE key = 'artist:ann'")
    assert api.searches.count("track:Nowhere artist:Ann") == 1
    # What ended as absent is looked for anew when it is due.
    assert bench.answers()["spotify", "artist:ann"]["values"]["tried"] == {}


def test_while_tracks_cannot_be_asked_for_such_a_song_is_searched(bench, api):
    api.locked["tracks"] = "36000"
    [done] = bench.run(Spotify, told_by_labs("0" * 22), spotify_mode="development")
    assert (done.spotify.spotify_id, [bucket for bucket, _ in api.calls]) == ("0" * 22, ["tracks", "search"])


def test_a_person_s_track_is_asked_for_by_its_id(bench, api):
    async def store(context):
        from timbre_spider.pipelines.dedup import identify

        one = song()
        one.identity = await identify(one, context)
        await context.writer.store(one)

    bench.use(store)
    add_override(bench.database, "spotify", "Ann - Lantern", "5" * 22)
    [done] = bench.run(Spotify, song(), spotify_mode="development")
    assert (done.spotify.spotify_id, api.searches) == ("5" * 22, [])
    assert done.asked == {("spotify", 0): f"track:{'5' * 22}"}
    assert bench.answers()["spotify", f"track:{'5' * 22}"]["reason"] == "a person named it"
    api.replies[f"/v1/tracks/{'5' * 22}"] = Reply(404, '{"error": {"status": 404, "message": "no"}}')
    with bench.database.connect() as connection:
        connection.execute("DELETE FROM answers")
    [done] = bench.run(Spotify, song(), spotify_mode="development")
    assert (done.spotify, done.outcomes["spotify"], api.searches) == (None, Outcome.ABSENT, [])


def test_a_locked_kind_is_asked_once_and_the_others_go_on(bench, api):
    api.locked["search"] = "36000"
    bench.record(known(Outcome.FAILED, good_for=WEEK))
    songs = bench.run(Spotify, song(), *(song(title=str(n)) for n in range(5)), spotify_mode="development")
    assert [each.outcomes["spotify"] for each in songs] == [Outcome.FOUND] + [Outcome.DEFERRED] * 5
    deferred = [told for told in bench.answers().values() if told["outcome"] == "deferred"]
    waits = [told["next_check"] - told["asked_at"] for told in deferred]
    assert all(timedelta(hours=9.9) < wait <= timedelta(hours=10) for wait in waits)
    until = f"{deferred[0]['next_check']:%Y-%m-%d %H:%M} UTC"
    assert {told["reason"] for told in deferred} == {
        f"what may be asked of Spotify in a day is asked; more from {until} on"
    }
    assert [bucket for bucket, _ in api.calls].count("search") == 1
    # Nor does the next run ask, not even to see.
    bench.run(Spotify, song(title="Another"), spotify_mode="development")
    assert [bucket for bucket, _ in api.calls].count("search") == 1


def test_a_service_that_is_lost_in_the_middle_is_left_alone_and_asked_in_the_next_run(bench, api):
    api.titles = [f"Tune {n:02}" for n in range(40)]

    def songs():
        return [song(f"Ann {n:02}", f"Tune {n:02}") for n in range(40)]

    def lose():
        if len(api.calls) > 10:
            api.replies["/v1/search"] = Reply(200, '{"tracks": null}')

    api.on_call = lose
    api.track = lambda title, spotify_id=None: (
        WebApi.track(api, title, spotify_id) | {"artists": [{"name": title.replace("Tune", "Ann"), "id": "a" * 22}]}
    )
    outcomes = [each.outcomes["spotify"] for each in bench.run(Spotify, *songs(), spotify_mode="development")]
    assert outcomes.count(Outcome.FOUND) == 10
    assert outcomes.count(Outcome.FAILED) == 5
    assert outcomes.count(Outcome.REFUSED) == 40 - 10 - 5
    assert len(api.calls) == 10 + 5
    api.on_call = lambda: None
    api.replies.clear()
    assert found(bench.run(Spotify, *songs(), spotify_mode="development")) == 40


def test_calls_in_vain_are_a_loss_in_a_row_alone(bench, api):
    def lose_four_of_five():
        api.replies["/v1/search"] = Reply(200, '{"tracks": null}')
        if len(api.calls) % 5 == 0:
            del api.replies["/v1/search"]

    api.on_call = lose_four_of_five
    outcomes = [song(f"Ann {n}") for n in range(20)]
    outcomes = [each.outcomes["spotify"] for each in bench.run(Spotify, *outcomes, spotify_mode="development")]
    assert outcomes.count(Outcome.REFUSED) == 0
    assert len(api.calls) >= 20


def test_questions_that_are_not_taken_are_no_sign_that_the_service_is_lost(bench, api):
    api.replies["/v1/search"] = Reply(400, '{"error": {"status": 400, "message": "Bad search"}}')
    learned = []
    done = bench.run(
        Spotify,
        *(song(f"Ann {n}") for n in range(9)),
        spotify_mode="development",
        after=lambda context, stage: learned.extend(context.pool.yields.learned()),
    )
    assert ([each.outcomes["spotify"] for each in done], len(api.calls)) == ([Outcome.FAILED] * 9, 9)
    assert learned == []


def test_while_spotify_is_left_alone_nothing_counts_against_its_quota(bench, api):
    [done] = bench.run(Spotify, song(), before=lambda context: context.gates["spotify"].refuse("enough"))
    assert (done.outcomes["spotify"], api.calls) == (Outcome.REFUSED, [])
    with bench.database.connect() as connection:
        assert connection.execute("SELECT * FROM spotify_calls").fetchall() == []


def test_a_refusal_ends_the_asking_and_not_the_songs(bench, api):
    api.replies["/v1/search"] = Reply(403, "Active premium subscription required for the owner of the app")
    done = bench.run(Spotify, *(song(title=str(n)) for n in range(9)), spotify_mode="development")
    assert {each.outcomes["spotify"] for each in done} == {Outcome.REFUSED}
    assert len(api.calls) == 1
