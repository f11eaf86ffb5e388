"""What MetaBrainz wants of those who ask: a contact, and no more requests than it allows."""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from timbre_sandbox.clock import Clock
from timbre_sandbox.metabrainz_manners import Allowance, names_contact
from timbre_sandbox.options import CONTACT
from timbre_sandbox.world.ids import mbid

from .conftest import Answer, Client, running

NAMED = {"User_Agent": f"test/1.0 ( {CONTACT} )"}


@pytest.mark.unit
@pytest.mark.parametrize(
    ("user_agent", "names_one"),
    [
        ("timbre_spider/0.1 (https://github.com/someone/timbre_spider)", True),
        ("timbre_spider/0.1 ( me@mail.org )", True),
        ("timbre_spider/0.1 (+http://music.someone.net/bot)", True),
        ("timbre_spider/0.1", False),
        ("Mozilla/5.0 (X11; Linux x86_64)", False),
        ("", False),
        ("timbre_spider/0.1 (https://example.com/timbre)", False),
        ("timbre_spider/0.1 (https://www.example.org)", False),
        ("timbre_spider/0.1 (you@example.net)", False),
        ("timbre_spider/0.1 (http://localhost:8080)", False),
        ("timbre_spider/0.1 (me@localhost)", False),
        ("timbre_spider/0.1 (https://example.com; me@mail.org)", True),
    ],
)
def test_a_contact_is_an_address_that_may_be_somebody_s(user_agent: str, names_one: bool) -> None:
    """ "LB and MB block clients whose User-Agent names no reachable contact" [doc]."""
    assert names_contact(user_agent) is names_one


@pytest.mark.unit
def test_an_allowance_begins_anew_with_each_window() -> None:
    clock = Clock()
    allowance = Allowance(clock, 10)
    assert [allowance.take(2) for _ in range(3)] == [True, True, False]
    told = {name.decode(): int(value) for name, value in allowance.headers(2, 30)}
    assert (told["X-RateLimit-Limit"], told["X-RateLimit-Remaining"]) == (2, 0)
    assert 9 <= told["X-RateLimit-Reset-In"] <= 10
    clock.advance(10)
    assert allowance.take(2)
    assert all(allowance.take(None) for _ in range(9))
    assert dict(allowance.headers(None, 30))[b"X-RateLimit-Remaining"] == b"29"


@pytest.fixture(scope="module")
def real() -> Iterator[Client]:
    with running(rows=60, weather="real", faults={"any.502": 0}) as client:
        yield client


@pytest.fixture(autouse=True)
def a_minute_later(request: pytest.FixtureRequest) -> None:
    """Each test finds its limits untouched."""
    if "real" in request.fixturenames:
        request.getfixturevalue("real").sandbox.weather.clock.advance(60)


def recording(client: Client, number: int = 1, **headers: str) -> Answer:
    body = json.dumps({"recording_mbids": [mbid(1, number)]})
    return client.ask("listenbrainz", "/1/metadata/recording/", "POST", body, **headers)


def search(client: Client, words: str, **headers: str) -> Answer:
    return client.ask("musicbrainz", f"/ws/2/recording?{urlencode({'query': words, 'fmt': 'json'})}", **headers)


@pytest.mark.integration
def test_who_names_no_contact_is_turned_away(real: Client) -> None:
    assert recording(real).status == search(real, "a").status == 403
    assert recording(real, **NAMED).status == 200
    assert search(real, "a", User_Agent="bot (https://example.com)").status == 403


@pytest.mark.integration
def test_listenbrainz_answers_30_in_10_seconds_and_says_what_is_left(real: Client) -> None:
    """ "no Retry-After; X-RateLimit-Remaining, X-RateLimit-Reset-In: seconds on every answer" [obs PR #1577]."""
    answers = [recording(real, number, **NAMED) for number in range(32)]
    assert [answer.status for answer in answers] == [200] * 30 + [429] * 2
    assert [int(answer.headers["x-ratelimit-remaining"]) for answer in answers] == [*range(29, -1, -1), 0, 0]
    assert "retry-after" not in answers[-1].headers
    assert answers[-1].json["code"] == 429
    real.sandbox.weather.clock.advance(int(answers[-1].headers["x-ratelimit-reset-in"]) + 1)
    again = recording(real, **NAMED)
    assert (again.status, again.headers["x-ratelimit-remaining"]) == (200, "29")


@pytest.mark.integration
@pytest.mark.parametrize("path", ["/1/metadata/lookup/", "/1/nothing/"])
def test_refusals_tell_the_limit_too(real: Client, path: str) -> None:
    assert "x-ratelimit-remaining" in real.ask("listenbrainz", path, "POST", "{}", **NAMED).headers


@pytest.mark.integration
def test_musicbrainz_answers_one_a_second(real: Client) -> None:
    """ "1 req/s per IP, 503 when exceeded"."""
    path = "/ws/2/isrc/GBAAA0000000?fmt=json"
    first, second = (real.ask("musicbrainz", path, **NAMED) for _ in range(2))
    assert (first.status, second.status) == (404, 503)
    assert "rate limit" in second.json["error"]
    real.sandbox.weather.clock.advance(1.1)
    assert real.ask("musicbrainz", path, **NAMED).status == 404


@pytest.mark.integration
def test_musicbrainz_sheds_every_second_search_and_answers_after_a_pause(real: Client) -> None:
    """ "503 with X-RateLimit-Who: search-shed, Retry-After: 0 on every second search; spaced retries succeed" [obs]."""
    clock = real.sandbox.weather.clock

    def spaced(words: str, seconds: float) -> Answer:
        clock.advance(seconds)
        return search(real, words, **NAMED)

    answers = {f"word{number}": spaced(f"word{number}", 2) for number in range(40)}
    shed = [words for words, answer in answers.items() if answer.status == 503]
    assert 10 <= len(shed) <= 30
    told = answers[shed[0]].headers
    assert (told["x-ratelimit-who"], told["retry-after"]) == ("search-shed", "0")
    # 1.1 s are within the rate, and too soon after a shed search.
    spaced("warm up", 60)
    assert [spaced(words, 2).status for words in shed] == [200] * len(shed)
    again = next(f"more{number}" for number in range(40) if spaced(f"more{number}", 2).status == 503)
    assert spaced(again, 1.1).status == 503
