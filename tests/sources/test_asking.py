"""What is sent to a service that refuses: real HTTP to a server that counts, waits in fake time."""

import asyncio
import json
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from scrapy.http import HtmlResponse

from tests.sources.fake_time import Here, run
from tests.sources.server import Reply, serving
from timbre_spider.config import Config
from timbre_spider.errors import KeyRejected, NoAnswer, Parked, Refused, Stopped, Unusable
from timbre_spider.sources.asking import ask
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.spotify.client import SpotifyClient

pytestmark = pytest.mark.integration

FINE = Reply(body='{"tracks": {"items": [null]}}')
TOKEN = Reply(body='{"access_token": "t", "token_type": "Bearer", "expires_in": 3600}')
GONE = Reply(hang_up=True)


def saying(value, status=200, **headers):
    return Reply(status, json.dumps(value), {name.replace("_", "-"): text for name, text in headers.items()})


def lastfm(code, status=200):
    return saying({"error": code, "message": "no"}, status)


def spotify(status, reason="", **headers):
    return saying({"error": {"status": status, "message": "x", "reason": reason}}, status, **headers)


def refusing(status, **headers):
    return Reply(status, b"<html>no</html>", {name.replace("_", "-"): text for name, text in headers.items()})


class Told:
    """`outcomes`: a status or an error a question; `times`: when each request reached the server, s."""

    def __init__(self, gate):
        self.gate, self.outcomes, self.times = gate, [], []


def told(service, *replies, questions=1, one_by_one=False, then=FINE, before=lambda gate: None, in_flight=1):
    """So many questions, all at once or one after the other; the server answers with `replies`, then `then`."""
    left, gate = list(replies), Gate(service, max_in_flight=in_flight)
    result = Told(gate)

    async def work(url):
        loop = asyncio.get_running_loop()
        clock.append(loop.time)
        before(gate)

        async def send():
            return answer_of(url)

        async def one():
            if service == "spotify":
                return 200 if (await client.search_page("x")).results else 0
            async with gate.hold() if one_by_one else nullcontext():
                return (await ask(gate, send)).status

        client = spotify_client(url, gate)
        result.outcomes = await asyncio.gather(*(one() for _ in range(questions)), return_exceptions=True)
        client.close()

    clock = []

    def answer(asked):
        if asked.path == "/api/token":
            return TOKEN
        result.times.append(clock[0]())
        return left.pop(0) if left else then

    with serving(answer) as server:
        run(work(server.url))
    return result


def spotify_client(url, gate):
    addresses = {"spotify_base_url": f"{url}/v1/", "spotify_auth_url": f"{url}/api/token"}
    config = Config(_env_file=None, spotify_client_id="x", spotify_client_secret="y", **addresses)
    client = SpotifyClient.from_config(config, gate)
    client._threads = Here()
    return client


def answer_of(url):
    """Blocks: no time passes in the loop while an answer is on its way."""
    try:
        answer = requests.get(url, timeout=20)
    except requests.RequestException:
        raise NoAnswer("deezer gives no answer") from None
    return HtmlResponse(url, answer.status_code, headers=dict(answer.headers), body=answer.content)


def in_seconds(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("service", "refusal", "wait"),
    [
        # Last.fm: 29 with any status and never with a time; 11 and 16 are documented as temporary.
        ("lastfm", lastfm(29), 60),
        ("lastfm", lastfm(29, 403), 60),
        ("lastfm", lastfm(29, 429), 60),
        ("lastfm", lastfm(11), 60),
        ("lastfm", lastfm(16, 503), 30),
        ("lastfm", refusing(429), 60),
        ("listenbrainz", saying({"code": 429}, 429, X_RateLimit_Remaining="0", X_RateLimit_Reset_In="7"), 7),
        ("listenbrainz", refusing(429, Retry_After="3", X_RateLimit_Reset_In="7"), 3),
        ("listenbrainz", refusing(429, Retry_After="0"), 10),
        ("listenbrainz", refusing(429, Retry_After=in_seconds(-60)), 10),
        ("listenbrainz", refusing(429), 10),
        ("listenbrainz", refusing(503), 10),
        ("musicbrainz", refusing(503, X_RateLimit_Who="search-shed", Retry_After="0"), 1),
        ("musicbrainz", refusing(503, Retry_After="4"), 4),
        ("musicbrainz", refusing(429), 1),
        ("deezer", saying({"error": {"code": 4, "message": "Quota limit exceeded"}}), 5),
        ("deezer", saying({"error": {"code": 700}}), 5),
        ("deezer", refusing(429, Retry_After="9"), 9),
        ("aoty", refusing(429), 5),
        ("aoty", refusing(429, Retry_After="11"), 11),
        ("aoty", refusing(429, Retry_After="60"), 60),
        ("aoty", refusing(503, Retry_After="20"), 20),
        ("aoty", refusing(429, Retry_After="0"), 5),
        ("spotify", spotify(429, Retry_After="6"), 6),
        ("spotify", spotify(429, Retry_After="60"), 60),
        ("spotify", spotify(429), 30),
        ("spotify", spotify(429, Retry_After="soon"), 30),
        ("spotify", saying({"error": "text"}, 429, Retry_After="0"), 30),
        ("spotify", refusing(503, Retry_After="9"), 9),
    ],
)
def test_nothing_is_sent_while_a_service_is_to_be_left_alone(service, refusal, wait):
    asked = told(service, refusal, questions=40)
    assert asked.outcomes == [200] * 40
    first, *others = asked.times
    assert (first, len(others)) == (0, 40)
    assert min(others) == pytest.approx(wait)
    assert (asked.gate.traffic.while_shut, asked.gate.traffic.retries) == (0, 1)
    assert asked.gate.traffic.statuses.total() == 41 + (service == "spotify")


def test_a_wait_until_a_date_is_kept():
    asked = told("aoty", refusing(429, Retry_After=in_seconds(50)), questions=3)
    assert 40 < min(asked.times[1:]) <= 50


def test_the_window_s_end_is_waited_for_before_a_refusal():
    used_up = saying({}, X_RateLimit_Remaining="0", X_RateLimit_Reset_In="9")
    left = saying({}, X_RateLimit_Remaining="1", X_RateLimit_Reset_In="9")
    asked = told("listenbrainz", left, used_up, questions=5)
    assert asked.times == pytest.approx([0, 0, 9, 9, 9])
    assert asked.outcomes == [200] * 5


@pytest.mark.parametrize(
    ("service", "refusal", "times"),
    [
        ("listenbrainz", refusing(429), [0, 10, 30, 70]),
        ("musicbrainz", refusing(503, Retry_After="0"), [0, 1, 3, 7]),
        ("aoty", refusing(429), [0, 5, 15, 35]),
        ("deezer", refusing(429, Retry_After="3"), [0, 3, 6, 9]),
        ("lastfm", lastfm(29), [0, 60, 120, 180]),
        ("spotify", spotify(429), [0, 30, 90, 210]),
    ],
)
def test_an_unnamed_wait_doubles_and_a_service_that_refuses_on_is_parked_for_all(service, refusal, times):
    asked = told(service, questions=40, then=refusal)
    assert asked.times == pytest.approx(times)
    assert [type(outcome) for outcome in asked.outcomes] == [Parked] * 40
    lock = timedelta(hours=12 if service == "spotify" else 1)
    assert lock - timedelta(minutes=1) < asked.outcomes[-1].until - datetime.now(UTC) <= lock


def test_a_good_answer_brings_the_wait_back_to_its_start():
    no = refusing(429)
    asked = told("listenbrainz", no, no, FINE, no, questions=2, one_by_one=True)
    assert asked.times == pytest.approx([0, 10, 30, 30, 40])


@pytest.mark.parametrize(
    ("service", "refusal", "seconds"),
    [
        ("aoty", refusing(429, Retry_After="61"), 61),
        ("aoty", refusing(429, Retry_After="80000"), 80_000),
        ("deezer", refusing(429, Retry_After="99999999999999"), 48 * 3600),
        ("spotify", spotify(429, Retry_After="61"), 61),
        ("spotify", spotify(429, "QUOTA_EXCEEDED", Retry_After="6"), 6),
        ("spotify", spotify(429, "QUOTA_EXCEEDED", Retry_After="72330"), 72_330),
        ("spotify", spotify(429, "QUOTA_EXCEEDED"), 12 * 3600),
    ],
)
def test_a_long_wait_or_a_quota_parks_the_service_at_once(service, refusal, seconds, caplog):
    asked = told(service, refusal, questions=40)
    assert len(asked.times) == 1
    assert [type(outcome) for outcome in asked.outcomes] == [Parked] * 40
    assert abs(asked.outcomes[0].until - datetime.now(UTC) - timedelta(seconds=seconds)) < timedelta(seconds=30)
    # Of Spotify one kind of endpoint is parked: whoever plans its calls says so.
    assert len([each for each in caplog.records if each.levelname == "WARNING"]) == (service != "spotify")


CHALLENGE = Reply(403, b"<title>Just a moment...</title>", {"cf-mitigated": "challenge"})
INTERSTITIAL = Reply(200, b"<html><head><title>Just a moment...</title></head></html>")


@pytest.mark.parametrize(
    ("service", "refusal", "error", "says"),
    [
        ("lastfm", lastfm(10, 403), KeyRejected, "LASTFM_API_KEY"),
        ("lastfm", lastfm(26), KeyRejected, "is suspended"),
        ("lastfm", lastfm(26, 429), KeyRejected, "is suspended"),
        ("listenbrainz", saying({"code": 401, "error": "no"}, 401), KeyRejected, "LISTENBRAINZ_TOKEN"),
        ("listenbrainz", refusing(403), Refused, "USER_AGENT_CONTACT"),
        ("musicbrainz", refusing(403), Refused, "USER_AGENT_CONTACT"),
        ("aoty", refusing(403), Refused, "HTTP 403"),
        ("aoty", CHALLENGE, Refused, "challenge"),
        ("aoty", INTERSTITIAL, Refused, "challenge"),
        ("spotify", spotify(403), Refused, "HTTP 403"),
        ("spotify", saying({"error": "invalid_client"}, 400), KeyRejected, "SPOTIFY_CLIENT_SECRET"),
    ],
)
def test_who_is_shut_out_asks_nothing_more(service, refusal, error, says, caplog):
    asked = told(service, refusal, questions=40)
    assert len(asked.times) == 1
    assert [type(outcome) for outcome in asked.outcomes] == [error] * 40
    assert [says in record.getMessage() for record in caplog.records] == [True]


@pytest.mark.parametrize(
    ("service", "broken", "times"),
    [
        ("lastfm", lastfm(8, 500), [0, 5, 15, 35]),
        ("lastfm", Reply(502, b"<html>openresty</html>"), [0, 1, 3, 7]),
        ("lastfm", Reply(200, b"<html>"), [0, 1, 3, 7]),
        ("deezer", saying({"error": []}), [0, 1, 3, 7]),
        ("aoty", refusing(500), [0, 1, 3, 7]),
        ("aoty", GONE, [0, 1, 3, 7]),
        ("spotify", refusing(503), [0, 1, 3, 7]),
        ("spotify", saying({"error": "text"}, 500), [0, 1, 3, 7]),
        ("spotify", Reply(200, b"<html>"), [0, 1, 3, 7]),
        ("spotify", GONE, [0, 1, 3, 7]),
    ],
)
def test_a_broken_answer_is_asked_for_again_and_nobody_else_waits(service, broken, times):
    asked = told(service, broken, broken, broken, FINE)
    assert asked.times == pytest.approx(times)
    assert asked.outcomes == [200]
    assert told(service, broken, questions=3, in_flight=3).times == pytest.approx([0, 0, 0, times[1]])


def test_after_four_tries_a_question_is_given_up():
    asked = told("aoty", *[refusing(500)] * 4)
    [error] = asked.outcomes
    assert (type(error), str(error)) == (Unusable, "aoty answers HTTP 500: it is asked again in the next run.")
    assert len(asked.times) == 4


@pytest.mark.parametrize("silence", [GONE, refusing(500)])
def test_a_service_that_gives_no_answer_three_times_over_is_left_for_this_run(silence, caplog):
    asked = told("deezer", then=silence, questions=40, one_by_one=True)
    assert len(asked.times) == 3 * 4
    assert [type(outcome) for outcome in asked.outcomes] == [Unusable] * 2 + [NoAnswer] * 38
    assert len([each for each in caplog.records if each.levelname == "WARNING"]) == 1
    assert asked.gate.is_shut


def test_an_answer_in_between_shows_that_it_is_there():
    asked = told("deezer", *([GONE] * 8), FINE, *([GONE] * 8), questions=7, one_by_one=True)
    assert not asked.gate.is_shut
    assert [outcome == 200 for outcome in asked.outcomes] == [False, False, True, False, False, True, True]


@pytest.mark.parametrize("answer", [saying({"error": {"code": 9}}), saying({"error": "Not Found"}, 404)])
def test_what_would_be_of_no_use_again_is_not_asked_again(answer):
    asked = told("deezer", answer)
    assert ([type(outcome) for outcome in asked.outcomes], len(asked.times)) == ([Unusable], 1)


def test_a_run_that_ends_does_not_wait():
    asked = told("lastfm", lastfm(29), before=lambda gate: asyncio.get_running_loop().call_later(7, gate.close))
    assert [type(outcome) for outcome in asked.outcomes] == [Stopped]
    assert len(asked.times) == 1


def test_what_was_under_way_when_the_service_refused_makes_no_wait_longer():
    async def work():
        gate, sent = Gate("listenbrainz"), []

        async def send():
            sent.append(asyncio.get_running_loop().time())
            number = len(sent)
            await asyncio.sleep(number)
            status = 429 if number <= 4 else 200
            return HtmlResponse("http://x", status, body=b"{}")

        await asyncio.gather(*(ask(gate, send) for _ in range(4)))
        return sent

    # Refused at 1 s, and until 11 s by that; what was on its way then says the same.
    assert run(work()) == pytest.approx([0] * 4 + [11] * 4)


@pytest.mark.parametrize(("seconds", "until"), [(5, 12), (58, 60), (59, 61), (60, 62), (61, 62), (4000, 62)])
def test_a_longer_time_named_by_what_was_under_way_holds_for_a_minute_at_most(seconds, until):
    async def work():
        gate, sent = Gate("aoty"), []

        async def send():
            sent.append(asyncio.get_running_loop().time())
            number = len(sent)
            await asyncio.sleep(number)
            if number > 2:
                return HtmlResponse("http://x", 200)
            named = 11 if number == 1 else seconds
            return HtmlResponse("http://x", 429, headers={"Retry-After": str(named)})

        await asyncio.gather(*(ask(gate, send) for _ in range(2)))
        return sent

    # Until 12 s by the first, which came after one; the other came after two.
    assert run(work()) == pytest.approx([0, 0, until, until])


def test_what_goes_out_against_the_rules_is_counted_as_such():
    class Hasty(Gate):
        async def turn(self):
            return self.pauses

    async def work(gate, **how):
        async def send():
            return HtmlResponse("http://x")

        gate.pause(9)
        await ask(gate, send, **how)
        return gate.traffic.while_shut, gate.traffic.against_robots

    assert run(work(Hasty("aoty"), against_robots=True)) == (1, 1)
    assert run(work(Gate("aoty"))) == (0, 0)
