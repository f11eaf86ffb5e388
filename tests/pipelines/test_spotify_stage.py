"""The stage spotify against a server that answers as the Web API does, in either mode."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pipelines.making import song, track
from tests.sources.server import Reply, serving
from timbre_spider.items import Answer, Outcome
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.spotify import Spotify
from timbre_spider.storage.override_store import add_override

pytestmark = pytest.mark.integration

OWN = ("spotify", name_id("Ann", "Lantern"))
WEEK = timedelta(days=7)


class WebApi:
    """Knows Ann's tracks `Song 0` … and whatever `titles` adds; a page holds 10 results, 50 in extended mode."""

    def __init__(self):
        self.extended = False
        self.titles = ["Lantern"]
        self.replies = {}
        self.searches = []

    def __call__(self, asked):
        address = urlsplit(asked.path)
        if address.path == "/api/token":
            return Reply(body='{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
        if address.path in self.replies:
            return self.replies[address.path]
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path.startswith("/v1/tracks/"):
            return Reply(body=json.dumps(self.track("Named", address.path.rsplit("/", 1)[1])))
        if int(query["limit"]) > (50 if self.extended else 10):
            return Reply(400, json.dumps({"error": {"status": 400, "message": "Invalid limit"}}))
        self.searches.append(query["q"])
        titles = [title for title in self.titles if "track:" not in query["q"] or title in query["q"]]
        offset = int(query["offset"])
        items = [self.track(title) for title in titles[offset : offset + int(query["limit"])]]
        return Reply(body=json.dumps({"tracks": {"items": items}}))

    def track(self, title, spotify_id=None):
        number = self.titles.index(title) if title in self.titles else 999
        return {
            "id": spotify_id or f"{number:022}", "name": title, "artists": [{"name": "Ann", "id": "a" * 22}],
            "duration_ms": 200_000, "external_ids": {"isrc": f"USABC{number:07}"}, "explicit": False, "track_number": 1,
            "album": {"id": "b" * 22, "name": "Harbour", "album_type": "album", "release_date": "2004"},
        }  # fmt: skip


@pytest.fixture
def api(bench):
    api = WebApi()
    with serving(api) as server:
        bench.settings |= {"spotify_base_url": f"{server.url}/v1/", "spotify_auth_url": f"{server.url}/api/token"}
        api.asked = server.asked
        yield api


def known(outcome=Outcome.FOUND, days_ago=30, good_for=None):
    asked = datetime.now(UTC) - timedelta(days=days_ago)
    values = {"spotify_id": "7" * 22, "title": "Lantern", "artists": ["Ann"], "isrc": "USABC7777777"}
    return Answer(*OWN, outcome, asked, asked + good_for if good_for else None, values)


def artist_songs(count):
    return [song(title=f"Song {n}", artist_songs=count) for n in range(count)]


def test_a_song_gets_its_track_and_the_track_s_isrc(bench, api):
    [done] = bench.run(Spotify, song())
    assert (done.spotify.spotify_id, done.spotify.album_name) == ("0" * 22, "Harbour")
    assert (done.isrc, done.isrc_source) == ("USABC0000000", "spotify")
    assert done.outcomes == {"spotify": Outcome.FOUND}
    assert done.asked == {("spotify", 0): OWN[1]}
    assert bench.answers()[OWN]["values"]["title"] == "Lantern"


def test_who_is_not_there_is_absent(bench, api):
    [done] = bench.run(Spotify, song(title="Elsewhere"))
    assert (done.spotify, done.isrc, done.outcomes["spotify"]) == (None, None, Outcome.ABSENT)


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
    assert bool(api.searches) is asked
    assert done.spotify.spotify_id == ("0" * 22 if asked else "7" * 22)


def test_an_artist_with_several_songs_is_looked_through_page_by_page(bench, api):
    api.titles = [f"Song {n}" for n in range(25)]
    done = bench.run(Spotify, *artist_songs(25), spotify_mode="development")
    assert {each.outcomes["spotify"] for each in done} == {Outcome.FOUND}
    assert api.searches == ['artist:"Ann"'] * 3
    assert done[24].asked == {
        ("spotify", 0): name_id("Ann", "Song 24"), **{("spotify", n + 1): f"artist:ann#{n}" for n in range(3)},
    }  # fmt: skip
    assert bench.answers()["spotify", "artist:ann#1"]["values"]["page_size"] == 10


@pytest.mark.parametrize(("songs", "pages"), [(2, 0), (3, 1), (10, 1), (11, 2), (80, 5)])
def test_pages_are_about_as_many_as_the_artist_s_songs_need(bench, api, songs, pages):
    api.titles = [f"Song {n}" for n in range(200)]
    bench.run(Spotify, song(title="Nowhere at all", artist_songs=songs), spotify_mode="development")
    assert api.searches.count('artist:"Ann"') == pages
    assert len(api.searches) == pages + 1


@pytest.mark.parametrize("look_alike", ["Lantern (Reprise)", "Lanterns", "Lantern (Dubstep)"])
def test_a_look_alike_never_ends_the_search_while_the_exact_name_may_follow(bench, api, look_alike):
    api.titles = [look_alike, *(f"Song {n}" for n in range(9)), "Lantern"]
    [done] = bench.run(Spotify, song(artist_songs=11), spotify_mode="development")
    assert (done.spotify.title, done.spotify.spotify_id) == ("Lantern", f"{10:022}")
    assert api.searches == ['artist:"Ann"'] * 2


def test_a_page_that_is_not_full_is_the_last(bench, api):
    bench.run(Spotify, song(title="Nowhere at all", artist_songs=50), spotify_mode="development")
    assert api.searches.count('artist:"Ann"') == 1


def test_pages_known_from_an_earlier_run_are_not_asked_for_again(bench, api):
    api.titles = [f"Song {n}" for n in range(25)]
    for _ in range(2):
        bench.run(Spotify, *artist_songs(25)[-1:], spotify_mode="development")
        with bench.database.connect() as connection:
            connection.execute("DELETE FROM answers WHERE key LIKE 'hash:%%'")
    assert len(api.searches) == 3


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


def test_a_person_s_track_is_asked_for_by_its_id(bench, api):
    async def store(context):
        from timbre_spider.pipelines.dedup import identify

        one = song()
        one.identity = await identify(one, context)
        await context.writer.store(one)

    bench.use(store)
    add_override(bench.database, "spotify", "Ann - Lantern", "5" * 22)
    [done] = bench.run(Spotify, song())
    assert (done.spotify.spotify_id, api.searches) == ("5" * 22, [])
    assert done.asked == {("spotify", 0): f"track:{'5' * 22}"}
    assert bench.answers()["spotify", f"track:{'5' * 22}"]["reason"] == "a person named it"
    api.replies[f"/v1/tracks/{'5' * 22}"] = Reply(404, '{"error": {"status": 404, "message": "no"}}')
    with bench.database.connect() as connection:
        connection.execute("DELETE FROM answers")
    [done] = bench.run(Spotify, song())
    assert (done.spotify, done.outcomes["spotify"], api.searches) == (None, Outcome.ABSENT, [])


def test_out_of_quota_the_time_the_service_names_is_kept(bench, api):
    api.replies["/v1/search"] = Reply(429, '{"error": {"status": 429, "message": "slow"}}', {"Retry-After": "36000"})
    songs = bench.run(Spotify, *(song(title=str(n)) for n in range(5)), spotify_mode="development")
    assert {each.outcomes["spotify"] for each in songs} == {Outcome.DEFERRED}
    waits = [told["next_check"] - told["asked_at"] for told in bench.answers().values()]
    assert all(timedelta(hours=9.9) < wait <= timedelta(hours=10) for wait in waits)
    assert len([asked for asked in api.asked if "/search" in asked.path]) <= 8


def test_the_track_of_the_right_length_is_chosen(bench, api):
    one = song()
    one.spotify = track(9)
    [done] = bench.run(Spotify, one)
    assert done.spotify.spotify_id == "0" * 22
