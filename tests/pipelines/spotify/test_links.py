"""Albums on Spotify that MusicBrainz' links tell of, beside scarce calls."""

import asyncio
import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.pipelines.making import fetch_of, song, stats
from tests.pipelines.open.services import OpenServices, asked_by, mbid
from tests.pipelines.spotify.web_api import WebApi, speaking
from tests.planning.making import want
from tests.sources.server import Reply
from timbre_spider.extensions.beforehand import Beforehand
from timbre_spider.items import Discography, Outcome, Release, SpotifyAlbum
from timbre_spider.pipelines.open import Open
from timbre_spider.pipelines.spotify import Spotify
from timbre_spider.pipelines.spotify.artists import wait_for
from timbre_spider.pipelines.spotify.links import Links
from timbre_spider.pipelines.spotify.match import key_of_album
from timbre_spider.planning.calls import Bucket, Call, Kind
from timbre_spider.planning.pool import Pool

pytestmark = pytest.mark.integration

ARTIST, BROWSE = ("open", f"musicbrainz:artist:{mbid(900)}"), "/release"
NOTHING = Discography([], [])
LOCKED = Reply(429, json.dumps({"error": {"status": 429, "message": "x", "reason": "QUOTA_EXCEEDED"}}))


@pytest.fixture
def services(bench):
    with asked_by(bench, OpenServices(listenbrainz=set(range(3)), linked=["b" * 22])) as services:
        yield services


@pytest.fixture
def api(bench):
    """A Spotify whose searches are locked."""
    api = WebApi()
    api.titles = [f"Song {n}" for n in range(3)]
    api.replies["/v1/search"] = LOCKED
    with speaking(bench, api):
        bench.settings |= {"spotify_mode": "development", "spotify_budget": 2}
        yield api


def evening(bench, locked=(), **settings):
    """Three songs wait, of which one is in work; its outcome. `locked`: buckets."""
    songs = [song(title=f"Song {n}") for n in range(3)]

    async def work(context):
        opened = Open(context, fetch_of(context), stats())
        for bucket in locked:
            await context.spotify_calls.lock(bucket, context.clock() + timedelta(hours=5))
        await wait_for(context, [each.rows for each in songs])
        return await Spotify(context, None, stats()).process_item(await opened.process_item(songs[0]))

    return bench.use(work, **settings).outcomes["spotify"]


def test_an_album_that_is_linked_is_asked_for_without_a_search(bench, api, services):
    # Searches are open: no call is made for an artist before its links are known.
    del api.replies["/v1/search"]
    assert evening(bench) is Outcome.FOUND
    assert services.browsed == [mbid(900)]
    assert [bucket for bucket, _ in api.calls] == ["albums"]
    assert bench.answers()[ARTIST]["values"]["albums"][0]["album_id"] == "b" * 22


def test_an_artist_a_call_waits_for_goes_first_and_each_is_asked_for_once():
    context = SimpleNamespace(pool=Pool(), beforehand=Beforehand())
    for plays, name in enumerate("abcd", 1):
        context.pool.add(want("Lantern", name, plays, artist_mbid=f"id of {name}"))
    asked = []

    async def links_of(artist):
        asked.append(artist[-1])
        return NOTHING

    async def work():
        links = Links(context)
        assert not links.is_due("b"), "nobody knows links"
        context.beforehand.links_by = links_of
        for first in "bb":
            await links.ask_first(first)
        links.go_on()
        # Being asked for now, standing in line, and neither.
        assert list(map(links.is_due, "dacbx")) == [True, True, True, False, False]
        await links.ask_first("d")
        for first in "ac":
            await links.ask_first(first)
        links.go_on()
        await links.rest()
        assert not any(map(links.is_due, "abcd"))

    asyncio.run(work())
    assert asked == ["b", "d", "a", "c"]


def test_what_musicbrainz_told_of_an_artist_is_known_in_the_next_run_for_a_month(bench, api, services):
    evening(bench)
    told = bench.answers()[ARTIST]
    assert (told["next_check"] - told["asked_at"]).days == 30
    with bench.database.connect() as connection:
        connection.execute("DELETE FROM spotify_calls")
        connection.execute("DELETE FROM answers WHERE source = 'spotify'")
    assert evening(bench) is Outcome.FOUND
    assert len(services.browsed) == 1


def test_an_artist_of_many_releases_is_read_page_by_page(bench, api, services):
    services.linked = [""] * 150 + ["b" * 22] + [""] * 400
    assert evening(bench) is Outcome.FOUND
    assert services.asked[BROWSE] == 3


def test_who_has_no_links_is_remembered_too(bench, api, services):
    services.linked = []
    assert evening(bench) is Outcome.DEFERRED
    assert bench.answers()[ARTIST]["values"] == {"albums": [], "releases": []}


@pytest.mark.parametrize("reply", [Reply(403, "{}"), Reply(503, "{}"), Reply(500, "{}")])
def test_without_musicbrainz_the_run_goes_on(bench, api, services, reply):
    services.replies[BROWSE] = reply
    assert evening(bench) is Outcome.DEFERRED
    assert bench.answers()[ARTIST]["values"] == {}
    assert [bucket for bucket, _ in api.calls] == ["search"]


@pytest.mark.parametrize("settings", [{"spotify_budget": 0}, {"listenbrainz_token": None}])
def test_nobody_is_asked_for_where_calls_are_not_scarce_or_the_artist_is_not_known(bench, api, services, settings):
    del api.replies["/v1/search"]
    evening(bench, **settings)
    assert services.browsed == []


def asked_for(wants, *, turns=9, links=lambda mbid: NOTHING):
    """The ids of artists asked for, in this order, where one is asked for at a time; the pool afterwards."""
    pool, asked = Pool(), []

    async def links_by(artist_mbid):
        asked.append(artist_mbid)
        await asyncio.sleep(0)
        return links(artist_mbid)

    async def work():
        context = SimpleNamespace(pool=pool, beforehand=Beforehand())
        found = Links(context)
        for each in wants:
            pool.add(each)
        found.go_on()
        assert not found.is_asking, "where nobody knows any"
        context.beforehand.links_by = links_by
        for turn in range(turns):
            found.go_on()
            found.go_on()
            await found.rest()
            assert (len(asked), found.is_asking) == (min(turn + 1, len(asked)), False)

    asyncio.run(work())
    return asked, pool


def waiting(artist, *plays):
    return [want(f"Song {n}", artist, count, artist_mbid=f"id of {artist}") for n, count in enumerate(plays)]


@pytest.mark.unit
def test_artists_are_asked_for_one_at_a_time_by_all_their_plays_at_stake():
    wants = [*waiting("ann", 5, 5), *waiting("bob", 8), *waiting("cy", 8), *waiting("dee", 1)]
    assert asked_for(wants)[0] == ["id of ann", "id of bob", "id of cy", "id of dee"]
    assert asked_for(wants, turns=2)[0] == ["id of ann", "id of bob"]


@pytest.mark.unit
def test_the_order_is_of_all_artists_however_many():
    wants = [each for n in range(70) for each in waiting(f"artist {n:02}", n + 1)]
    assert asked_for(wants, turns=99)[0] == [f"id of artist {n:02}" for n in reversed(range(70))]


@pytest.mark.unit
def test_six_hundred_artists_are_asked_for_in_a_run():
    wants = [each for n in range(602) for each in waiting(f"artist {n}", 1)]
    assert len(asked_for(wants, turns=602)[0]) == 600


@pytest.mark.unit
def test_once_nobody_can_be_asked_nobody_is_asked_any_more():
    wants = [*waiting("ann", 3), *waiting("bob", 2), *waiting("cy", 1)]
    asked, _ = asked_for(wants, links=lambda mbid: None if mbid == "id of bob" else NOTHING)
    assert asked == ["id of ann", "id of bob"]


@pytest.mark.unit
def test_what_is_told_goes_to_the_artist_who_was_asked_for():
    album, best = SpotifyAlbum("1" * 22, "Harbour", linked=True), Release("The Best", 14, is_collection=True)
    _, pool = asked_for(waiting("ann", 3), links=lambda mbid: Discography([album], [best, Release("Harbour", 9)]))
    [(album_id, known)] = pool.artist("ann").unread.items()
    assert (album_id, known.key, known.album) == ("1" * 22, key_of_album("Ann", "Harbour"), album)
    releases = pool.artist("ann").releases
    assert releases.collections == {key_of_album("Ann", "The Best"): "The Best"}
    assert releases.tracks.total() == 23


@pytest.mark.unit
@pytest.mark.parametrize(
    ("expected", "known", "due"),
    [
        # The artist of the call goes first, then whoever has more plays at stake than the call is expected to find.
        (9.0, "", "bob"), (2.9, "b", "ann"), (3.0, "b", None), (1.0, "ba", "cy"), (0.0, "abc", None),
    ],
)  # fmt: skip
def test_before_a_call_is_made_those_are_known_who_may_have_a_better_one(expected, known, due):
    context = SimpleNamespace(pool=Pool(), beforehand=Beforehand())
    for each in [*waiting("ann", 2, 1), *waiting("bob", 1), *waiting("cy", 2)]:
        context.pool.add(each)
    call = Call(Kind.SONG, Bucket.SEARCH, ("bob",), ("bob/Song 0",), expected=expected)

    async def links_by(artist_mbid):
        return NOTHING

    async def work():
        links = Links(context)
        assert links.due_before(call) is None, "nobody knows any"
        context.beforehand.links_by = links_by
        for artist in ("ann", "bob", "cy"):
            if artist[0] in known:
                await links.ask_first(artist)
        return links.due_before(call)

    assert asyncio.run(work()) == due


@pytest.mark.parametrize("locked", [(), (Bucket.ALBUMS, Bucket.ALBUM_TRACKS)])
def test_a_collection_that_no_link_leads_to_is_searched_for(bench, api, services, locked):
    del api.replies["/v1/search"]
    services.linked, services.collections, services.bare = [], ["Best"], {0, 1, 2}
    assert evening(bench, locked) is Outcome.FOUND
    assert api.calls == [("search", "album:Best artist:Ann")]
