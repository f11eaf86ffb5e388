import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.sources.fake_time import Here, run
from tests.sources.server import Asked, Reply, Server, serving
from tests.sources.spotify.test_spotify_read import full_track
from timbre_spider.config import Config
from timbre_spider.errors import KeyRejected, Parked, Refused, SourceError, Stopped, Unusable
from timbre_spider.items import SpotifyAlbum
from timbre_spider.planning.calls import Bucket
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.spotify.client import SpotifyClient
from timbre_spider.sources.spotify.failure import Denied, as_failure
from timbre_spider.sources.spotify.read import Page

pytestmark = pytest.mark.integration

SECRET = "s3cret-of-the-test"
NO_PREMIUM = "Active premium subscription required for the owner of the app"
TOKEN = "t0ken-of-the-test"
TRACK_ID = "3n3Ppam7vgaVa1iaRUc9Lp"

Answer = Callable[[Asked], Reply]


def error(status: int, message: str, reason: str | None = None, **headers: str) -> Reply:
    detail = {"status": status, "message": message} | ({"reason": reason} if reason else {})
    return Reply(
        status, json.dumps({"error": detail}), {name.replace("_", "-"): value for name, value in headers.items()}
    )


def found(asked: Asked) -> Reply:
    limit = int(parse_qs(urlsplit(asked.path).query).get("limit", ["1"])[0])
    return Reply(200, json.dumps({"tracks": {"items": [full_track()] * min(limit, 12)}}))


class Spotify:
    """Answers tokens, and searches with the next of `replies`, then with tracks."""

    def __init__(self, *replies: Reply | Answer, token: Reply | None = None) -> None:
        self.replies = list(replies)
        self.token = token
        self.tokens = 0

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/api/token":
            self.tokens += 1
            # Long enough for others to come asking for one too.
            time.sleep(0.03)
            fine = {"access_token": f"{TOKEN}-{self.tokens}", "token_type": "Bearer", "expires_in": 3600}
            return self.token or Reply(200, json.dumps(fine))
        reply = self.replies.pop(0) if self.replies else found
        return reply if isinstance(reply, Reply) else reply(asked)


@contextmanager
def client_of(
    answer: Answer, gate: Gate | None = None, *, in_fake_time: bool = False, **settings: object
) -> Iterator[tuple[SpotifyClient, Server, Gate]]:
    with serving(answer) as server:
        config = Config(
            _env_file=None,  # type: ignore[call-arg]
            spotify_client_id="id-of-the-test",
            spotify_client_secret=SECRET,
            spotify_base_url=f"{server.url}/v1/",
            spotify_auth_url=f"{server.url}/api/token",
            **({"spotify_mode": "development"} | settings),
        )
        gate = gate or Gate("spotify", max_in_flight=8)
        client = SpotifyClient.from_config(config, gate)
        if in_fake_time:
            client._threads = Here()  # type: ignore[assignment]
        try:
            yield client, server, gate
        finally:
            client.close()


def searched(asked: list[Asked]) -> list[Asked]:
    return [one for one in asked if one.path.startswith("/v1/search")]


def test_a_search() -> None:
    with client_of(Spotify(), user_agent_contact="ann@ann.blog") as (client, server, gate):
        tracks = asyncio.run(client.search_page('track:"x"', offset=10)).tracks
    assert [track.title for track in tracks] == ["Northern Lantern"] * 10
    token, search = server.asked
    assert [one.headers["User-Agent"].partition("/")[0] for one in server.asked] == ["timbre_spider"] * 2
    assert all("ann@ann.blog" in one.headers["User-Agent"] for one in server.asked)
    assert token.headers["Authorization"].startswith("Basic ")
    assert search.headers["Authorization"] == f"Bearer {TOKEN}-1"
    query = parse_qs(urlsplit(search.path).query)
    assert query == {"q": ['track:"x"'], "limit": ["10"], "offset": ["10"], "type": ["track"], "market": ["US"]}
    assert gate.traffic.requests == len(server.asked) == 2


def test_deeper_than_spotify_goes_nobody_is_asked() -> None:
    with client_of(Spotify()) as (client, server, _):
        assert asyncio.run(client.search_page("x", offset=1001)) == Page([], 0)
        assert server.asked == []
        assert asyncio.run(client.search_page("x", offset=1000)).results == 10
        assert asyncio.run(client.search_page("x")).results == 10
    assert [parse_qs(urlsplit(one.path).query)["offset"] for one in searched(server.asked)] == [["1000"], ["0"]]


def by_limit(asked: Asked) -> Reply:
    limit = int(parse_qs(urlsplit(asked.path).query)["limit"][0])
    return error(400, "Invalid limit") if limit > 10 else found(asked)


@pytest.mark.parametrize(
    ("mode", "answers", "known", "becomes", "limits"),
    [
        ("auto", by_limit, False, "development", ["50", "10"]),
        ("auto", found, False, "extended", ["50", "50"]),
        ("development", found, True, "development", ["10"]),
        ("extended", found, False, "extended", ["50", "50"]),
        ("extended", by_limit, False, "development", ["50", "10"]),
    ],
)
def test_modes(
    mode: str, answers: Answer, known: bool, becomes: str, limits: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    async def ask(client: SpotifyClient) -> None:
        assert client.mode_is_known is known
        if not known:
            await client.find_mode()
        assert client.mode_is_known
        await client.search_page("x")

    with client_of(Spotify(*[answers] * 9), spotify_mode=mode) as (client, server, _):
        asyncio.run(ask(client))
        assert (client.mode, client.together) == (becomes, becomes == "extended")
        assert client.page_size == (50 if becomes == "extended" else 10)
    asked = [parse_qs(urlsplit(one.path).query)["limit"][0] for one in searched(server.asked)]
    assert asked == limits
    assert ("SPOTIFY_MODE says extended" in caplog.text) is (mode == "extended" and becomes == "development")


@pytest.mark.parametrize(("mode", "popularity"), [("extended", 0), ("development", None)])
def test_a_popularity_of_zero_is_known_in_extended_mode_alone(mode: str, popularity: int | None) -> None:
    track = full_track(popularity=0)
    replies = [
        Reply(200, json.dumps({"tracks": {"items": [track]}})),
        Reply(200, json.dumps(track)),
        Reply(200, json.dumps({"tracks": [track]})),
    ]
    with client_of(Spotify(*replies), spotify_mode=mode) as (client, _, _gate):
        (found_track,) = asyncio.run(client.search_page("x")).tracks
        (asked_track,) = asyncio.run(client.track(TRACK_ID)).tracks
        (listed_track,) = asyncio.run(client.tracks([TRACK_ID])).tracks
    assert (found_track.popularity, asked_track.popularity) == (popularity,) * 2
    # Only an extended key may ask for several.
    assert listed_track.popularity == 0


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(200, json.dumps(full_track())), ["Northern Lantern"]),
        (error(404, "Resource not found"), []),
        (error(400, "Invalid base62 id"), []),
        (Reply(200, json.dumps(full_track(id=None))), []),
    ],
)
def test_a_track(reply: Reply, expected: list[str]) -> None:
    with client_of(Spotify(reply)) as (client, server, _):
        page = asyncio.run(client.track(TRACK_ID))
    assert [track.title for track in page.tracks] == expected
    assert server.asked[-1].path == f"/v1/tracks/{TRACK_ID}?market=US"


def simple_tracks(*titles: str) -> dict[str, object]:
    tracks = [full_track(id=f"{number:022}", name=title) for number, title in enumerate(titles)]
    for track in tracks:
        del track["album"], track["external_ids"]
    return {"items": [*tracks, None], "total": 77}


ALBUM = SpotifyAlbum("album1", "Harbour", ("Ann",), "album", "2019-03-01", 11)
LINKED = replace(ALBUM, linked=True)
FULL_ALBUM = {**full_track()["album"], "tracks": simple_tracks("Lantern", "Gull")}


@pytest.mark.parametrize(
    ("ask", "reply", "path", "titles", "albums"),
    [
        (
            lambda client: client.album("album1"), FULL_ALBUM, "/v1/albums/album1?market=US",
            ["Lantern", "Gull"], [ALBUM],
        ),
        (
            lambda client: client.albums(["album1", "album2"]), {"albums": [FULL_ALBUM, None]},
            "/v1/albums/?ids=album1,album2&market=US", ["Lantern", "Gull"], [ALBUM],
        ),
        (
            lambda client: client.album_tracks(ALBUM, 50), simple_tracks("Lantern"),
            "/v1/albums/album1/tracks/?limit=50&offset=50&market=US", ["Lantern"], [ALBUM],
        ),
        (
            lambda client: client.album_tracks(LINKED), simple_tracks("Lantern"),
            "/v1/albums/album1/tracks/?limit=50&offset=0&market=US", ["Lantern"], [LINKED],
        ),
        (
            lambda client: client.artist_albums("artist1", 20), {"items": [FULL_ALBUM, None], "total": 33},
            "/v1/artists/artist1/albums?include_groups=album%2Ccompilation&country=US&limit=10&offset=20", [], [ALBUM],
        ),
        (
            lambda client: client.tracks(["a", "b"]), {"tracks": [full_track(), None]}, "/v1/tracks/?ids=a,b&market=US",
            ["Northern Lantern"], [],
        ),
        (
            lambda client: client.search_page("x", albums=True),
            {"tracks": {"items": [None, full_track()], "total": 5}, "albums": {"items": [FULL_ALBUM, None]}},
            "/v1/search?q=x&limit=10&offset=0&type=track%2Calbum&market=US", ["Northern Lantern"], [ALBUM],
        ),
    ],
)  # fmt: skip
def test_what_is_asked_and_read(
    ask: Callable[[SpotifyClient], Awaitable[Page]],
    reply: object,
    path: str,
    titles: list[str],
    albums: list[SpotifyAlbum],
) -> None:
    async def asked(client: SpotifyClient) -> Page:
        return await ask(client)

    with client_of(Spotify(Reply(200, json.dumps(reply)))) as (client, server, _):
        page = asyncio.run(asked(client))
    assert server.asked[-1].path == path
    assert ([track.title for track in page.tracks], page.albums) == (titles, albums)
    for track in page.tracks if "albums" in path else ():
        own = (None, None, None) if albums == [LINKED] else ("Harbour", "album", "2019-03-01")
        assert (track.album_name, track.album_type, track.release_date) == own
        assert (track.album_id, track.isrc) == ("album1", None)


@pytest.mark.parametrize("status", [400, 404])
@pytest.mark.parametrize("ask", ["album", "artist_albums"])
def test_what_is_not_there_is_an_empty_page(ask: str, status: int) -> None:
    with client_of(Spotify(error(status, "Resource not found"))) as (client, _, _gate):
        page = asyncio.run(getattr(client, ask)("album1"))
    assert (page.tracks, page.albums) == ([], [])


@pytest.mark.parametrize("ask", ["albums", "tracks"])
@pytest.mark.parametrize("reply", [error(404, "Resource not found"), Reply(200, "{}"), Reply(200, "[]")])
def test_of_several_none_is_there(ask: str, reply: Reply) -> None:
    with client_of(Spotify(reply)) as (client, _, _gate):
        assert asyncio.run(getattr(client, ask)(["a", "b"])) == Page([])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"error": {"status": 400, "message": "No search query"}}', "No search query"),
        ('{"error": "invalid_request", "error_description": "Only one"}', "Only one"),
        ('{"error": "invalid_request"}', "invalid_request"),
        ("Bad Request", "Bad Request"),
        ("x" * 201, "x" * 200),
    ],
)
def test_why_a_question_is_refused_is_told_in_spotify_s_words(body: str, says: str) -> None:
    with serving(lambda asked: Reply(400, body)) as server:
        response = requests.get(server.url, timeout=10)
    failure = as_failure(requests.HTTPError(response=response))
    assert (failure.status, failure.message) == (400, says)
    assert str(Denied(failure)) == f"Spotify refuses the question (HTTP 400: {says})."


@pytest.mark.parametrize("spotify_id", ["", "../me", "spotify:track:x", "a b", "ä"])
def test_what_can_be_no_id_is_not_asked(spotify_id: str) -> None:
    with client_of(Spotify()) as (client, server, _):
        for ask in (client.track, client.album, client.artist_albums):
            assert asyncio.run(ask(spotify_id)) == Page([])
    assert server.asked == []


@pytest.mark.parametrize(
    ("replies", "attempts"),
    [
        ([error(500, "oops")], 2),
        ([error(502, "oops"), Reply(503, "<html>")], 3),
        ([Reply(200, "<html>not JSON</html>")], 2),
        ([Reply(500, '{"error": "text"}')], 2),
        ([Reply(502, "[]")], 2),
        ([Reply(hang_up=True)], 2),
        ([error(429, "slow down", Retry_After="1")], 2),
        ([Reply(429, '{"error": "text"}', {"Retry-After": "0"})], 2),
    ],
)
def test_what_is_asked_again(replies: list[Reply | Answer], attempts: int) -> None:
    with client_of(Spotify(*replies), in_fake_time=True) as (client, server, gate):
        assert len(run(client.search_page("x")).tracks) == 10
    assert len(searched(server.asked)) == attempts
    assert (gate.traffic.requests, gate.traffic.retries) == (attempts + 1, attempts - 1)


@pytest.mark.parametrize(
    ("reply", "raises", "says", "attempts"),
    [
        (error(500, "oops"), Unusable, "HTTP 500", 4),
        (Reply(200, "<html>"), Unusable, "no JSON", 4),
        (Reply(200, "null"), Unusable, "no JSON", 4),
        (Reply(200, "{}"), Unusable, "holds no tracks", 1),
        (Reply(200, "[]"), Unusable, "holds no tracks", 1),
        (Reply(200, '{"tracks": {"items": null}}'), Unusable, "holds no tracks", 1),
        (Reply(500, '{"error": "text"}'), Unusable, "HTTP 500", 4),
        (Reply(hang_up=True), Unusable, "ConnectionError", 4),
        (error(400, "Query exceeds maximum length"), Unusable, "maximum length", 1),
        (Reply(403, f"{NO_PREMIUM}.", {"Content-Type": "text/plain"}), Refused, "Premium", 1),
        (error(403, NO_PREMIUM), Refused, "Premium", 1),
        (error(403, "Forbidden"), Refused, "Forbidden", 1),
        (error(429, "x", "QUOTA_EXCEEDED", Retry_After="72330"), Parked, "until", 1),
        (error(429, "x", "QUOTA_EXCEEDED"), Parked, "until", 1),
        (error(429, "x"), Parked, "again and again", 4),
        (error(401, "The access token expired"), KeyRejected, "SPOTIFY_CLIENT_SECRET", 2),
    ],
)  # fmt: skip
def test_what_is_given_up(reply: Reply, raises: type[SourceError], says: str, attempts: int) -> None:
    with client_of(Spotify(*[reply] * 9), in_fake_time=True) as (client, server, gate):
        with pytest.raises(raises, match=says) as raised:
            run(client.search_page("x"))
        assert len(searched(server.asked)) == attempts
        assert SECRET not in str(raised.value)
        if raises in (Refused, KeyRejected):
            with pytest.raises(raises):
                gate.raise_if_shut()
        else:
            gate.raise_if_shut()


def test_a_lock_shuts_its_kind_of_endpoint_until_then_and_no_other() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    locked = error(429, "x", "QUOTA_EXCEEDED", Retry_After="3600")

    async def ask(client: SpotifyClient) -> None:
        nonlocal now
        for _ in range(3):
            with pytest.raises(Parked) as parked:
                await client.search_page("x")
            assert parked.value.until == datetime(2026, 3, 1, 1, tzinfo=UTC)
            now += timedelta(minutes=29)
        assert len((await client.track(TRACK_ID)).tracks) == 1
        now = datetime(2026, 3, 1, 1, tzinfo=UTC)
        await client.search_page("x")

    replies = [locked, Reply(200, json.dumps(full_track()))]
    with client_of(Spotify(*replies), Gate("spotify", clock=lambda: now)) as (client, server, gate):
        asyncio.run(ask(client))
        gate.raise_if_shut()
    assert len(searched(server.asked)) == 2


@pytest.mark.parametrize(
    ("token", "raises", "says"),
    [
        (Reply(400, '{"error": "invalid_client", "error_description": "x"}'), KeyRejected, "SPOTIFY_CLIENT_ID"),
        (Reply(401, '{"error": "invalid_client"}'), KeyRejected, "SPOTIFY_CLIENT_ID"),
        (Reply(500, "<html>"), Unusable, "HTTP 500"),
        (Reply(200, "<html>"), Unusable, "JSONDecodeError"),
        (Reply(200, "{}"), Unusable, "KeyError"),
        (Reply(429, '{"error": "slow"}', {"Retry-After": "9000"}), Parked, "until"),
    ],
)  # fmt: skip
def test_no_token(token: Reply, raises: type[SourceError], says: str) -> None:
    with client_of(Spotify(token=token), in_fake_time=True) as (client, server, _):
        with pytest.raises(raises, match=says):
            run(client.check_key())
        assert searched(server.asked) == []


def test_a_wrong_key_is_tried_once_for_all(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(client: SpotifyClient) -> list[object]:
        with pytest.raises(KeyRejected):
            await client.search_page("x")
        return await asyncio.gather(*(client.search_page("x") for _ in range(50)), return_exceptions=True)

    spotify = Spotify(token=Reply(400, '{"error": "invalid_client"}'))
    with client_of(spotify) as (client, _, _gate):
        assert all(isinstance(outcome, KeyRejected) for outcome in asyncio.run(ask(client)))
    assert spotify.tokens == 1
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


def test_one_token_serves_many_and_an_expired_one_is_replaced_once() -> None:
    def needs_second(asked: Asked) -> Reply:
        fresh = asked.headers["Authorization"].endswith("-2")
        time.sleep(0.02)
        return found(asked) if fresh else error(401, "The access token expired")

    async def ask(client: SpotifyClient) -> list[object]:
        return await asyncio.gather(*(client.search_page("x") for _ in range(8)))

    spotify = Spotify(*[needs_second] * 40)
    with client_of(spotify) as (client, server, _):
        assert all(asyncio.run(ask(client)))
    assert spotify.tokens == 2
    assert len(searched(server.asked)) <= 16


@pytest.mark.parametrize("settings", [{"spotify_client_id": None}, {"spotify_client_secret": "pässword"}])
def test_keys_that_cannot_be(settings: dict[str, object]) -> None:
    config = Config(_env_file=None, **({"spotify_client_id": "x", "spotify_client_secret": "y"} | settings))  # type: ignore[call-arg, arg-type]
    with pytest.raises(KeyRejected, match="SPOTIFY_CLIENT_SECRET"):
        SpotifyClient.from_config(config, Gate("spotify"))


def test_a_stop_signal_wakes_those_who_wait() -> None:
    async def ask(client: SpotifyClient, gate: Gate) -> tuple[list[object], float]:
        waiting = [asyncio.ensure_future(client.search_page("x")) for _ in range(20)]
        await asyncio.sleep(0.3)
        began = time.monotonic()
        gate.close()
        outcomes: list[object] = await asyncio.gather(*waiting, return_exceptions=True)
        return outcomes, time.monotonic() - began

    with client_of(Spotify(*[error(429, "x", Retry_After="2")] * 99)) as (client, _, gate):
        outcomes, took = asyncio.run(ask(client, gate))
    assert all(isinstance(outcome, Stopped) for outcome in outcomes)
    assert took < 0.5


def test_no_secret_reaches_any_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [error(401, "expired"), error(500, "oops"), error(403, "Forbidden")]
    with client_of(Spotify(*replies), in_fake_time=True) as (client, _, _gate), pytest.raises(Refused):
        run(client.search_page("x"))
    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text
    assert "Basic " not in caplog.text


def test_no_token_file_is_left(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # type: ignore[arg-type]
    with client_of(Spotify()) as (client, _, _gate):
        asyncio.run(client.search_page("x"))
    assert list(tmp_path.iterdir()) == []  # type: ignore[attr-defined]


def test_a_netrc_does_not_replace_the_token(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"  # type: ignore[operator]
    netrc.write_text("default login ann password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with client_of(Spotify()) as (client, server, _):
        asyncio.run(client.search_page("x"))
    assert server.asked[-1].headers["Authorization"] == f"Bearer {TOKEN}-1"


def test_a_thread_that_waits_for_spotify_ends_within_ten_seconds() -> None:
    with client_of(Spotify()) as (client, _, _):
        calls = client._calls
        assert calls._spotify.requests_timeout == calls._credentials.requests_timeout == (3.05, 6.0)


def test_calls_are_cheap_for_this_process() -> None:
    async def ask(client: SpotifyClient) -> float:
        await client.search_page("x")
        began = time.process_time()
        await asyncio.gather(*(client.search_page("x") for _ in range(200)))
        return (time.process_time() - began) / 200

    with client_of(Spotify()) as (client, _, _gate):
        # The server is in this process too.
        assert asyncio.run(ask(client)) < 0.008


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (lambda client: client.search_page("x"), "search"),
        (lambda client: client.tracks(["a"]), "tracks"),
        (lambda client: client.album("album1"), "albums"),
        (lambda client: client.albums(["album1"]), "albums"),
        (lambda client: client.album_tracks(ALBUM), "albums/tracks"),
        (lambda client: client.artist_albums("artist1"), "artists/albums"),
    ],
)
def test_a_lock_is_of_the_kind_that_was_asked(ask: Callable[[SpotifyClient], Awaitable[Page]], kind: str) -> None:
    async def asked(client: SpotifyClient) -> None:
        with pytest.raises(Parked):
            await ask(client)

    with client_of(Spotify(error(429, "x", "QUOTA_EXCEEDED", Retry_After="3600"))) as (client, _, _gate):
        asyncio.run(asked(client))
        assert [each.value for each in Bucket if client.is_locked(each.value)] == [kind]


def test_a_call_to_a_locked_kind_is_counted_where_it_leaves_whoever_let_it_through() -> None:
    locked = error(429, "x", "QUOTA_EXCEEDED", Retry_After="3600")
    with client_of(Spotify(locked)) as (client, _, gate):

        async def ask() -> None:
            with pytest.raises(Parked):
                await client.album("1" * 22)

        asyncio.run(ask())
        assert (client.is_locked("albums"), client.is_locked("albums/tracks")) == (True, False)
        assert gate.traffic.while_shut == 0
        client._calls.album_tracks("1" * 22, 50, 0, "US")
        client._calls.search("artist:albums", 10, 0, "US", albums=True)
        assert gate.traffic.while_shut == 0
        client._calls.album("1" * 22, "US")
        assert gate.traffic.while_shut == 1


@pytest.mark.parametrize("endpoint", ["search", "token"])
def test_where_spotify_redirects_to_nobody_is_asked(endpoint: str) -> None:
    with serving(found) as other:
        away = Reply(302, headers={"Location": f"{other.url}/v1/search?limit=1"})
        spotify = Spotify(*[away] * 9) if endpoint == "search" else Spotify(token=away)
        with client_of(spotify, in_fake_time=True) as (client, server, _), pytest.raises(SourceError):
            run(client.search_page("x"))
        assert other.asked == []
        assert len(searched(server.asked)) == (4 if endpoint == "search" else 0)
