"""The weather: the same troubles every time, as many as the table says, switched while the services run."""

import json
from collections.abc import Callable
from http.client import IncompleteRead
from typing import Any

import pytest

from timbre_sandbox.clock import Clock, Window
from timbre_sandbox.exchange import Request
from timbre_sandbox.faults import FAULTS, LIMITS
from timbre_sandbox.weather import KINDS, Weather
from timbre_spider.errors import UsageError

from .conftest import Client


def request(path: str = "/", asked_before: int = 0, body: bytes = b"") -> Request:
    return Request("GET", path, b"", {}, body, asked_before)


@pytest.mark.unit
class TestTheTable:
    @pytest.mark.parametrize("name", FAULTS)
    def test_a_fault_is_a_share_and_never_rarer_in_worse_weather(self, name: str) -> None:
        fault = FAULTS[name]
        assert 0 <= fault.fair <= fault.real <= fault.storm <= 1
        assert fault.what

    @pytest.mark.parametrize("name", LIMITS)
    def test_a_limit_is_never_higher_in_worse_weather(self, name: str) -> None:
        fair, real, storm = (
            float("inf") if most is None else most
            for most in (LIMITS[name].fair, LIMITS[name].real, LIMITS[name].storm)
        )
        assert fair >= real >= storm

    def test_names_begin_with_the_service(self) -> None:
        from timbre_sandbox.options import SERVICES

        assert {name.partition(".")[0] for name in (*FAULTS, *LIMITS)} <= {*SERVICES, "any"}


@pytest.mark.unit
class TestWhatStrikes:
    def test_as_often_as_its_rate(self) -> None:
        weather = Weather("fair", faults={"any.502": 0.2})
        struck = sum(weather.strikes("any.502", request(f"/{number}")) for number in range(4000))
        assert 700 < struck < 900

    def test_the_same_every_time_and_otherwise_with_another_seed(self) -> None:
        def struck(seed: int) -> list[bool]:
            weather = Weather("fair", seed, {"any.502": 0.5})
            return [weather.strikes("any.502", request(f"/{number}")) for number in range(100)]

        assert struck(1) == struck(1) != struck(2)

    def test_faults_strike_independently(self) -> None:
        weather = Weather("fair", faults={"any.502": 0.5, "any.slow": 0.5})
        both = [
            weather.strikes("any.502", request(f"/{number}")) and weather.strikes("any.slow", request(f"/{number}"))
            for number in range(2000)
        ]
        assert 400 < sum(both) < 600

    def test_a_repeated_request_may_do_better(self) -> None:
        weather = Weather("fair", faults={"any.502": 0.5})
        unlucky = [number for number in range(400) if weather.strikes("any.502", request(f"/{number}"))]
        again = sum(weather.strikes("any.502", request(f"/{number}", asked_before=1)) for number in unlucky)
        assert 0.4 < again / len(unlucky) < 0.6

    def test_the_body_of_a_post_is_part_of_the_request(self) -> None:
        weather = Weather("fair", faults={"any.502": 0.5})
        assert len({weather.strikes("any.502", request(body=b"%d" % number)) for number in range(20)}) == 2

    def test_what_lasts_does_so_for_every_asker(self) -> None:
        weather = Weather("fair", faults={"any.502": 0.5})
        things = [weather.lasts("any.502", str(number)) for number in range(1000)]
        assert things == [weather.lasts("any.502", str(number)) for number in range(1000)]
        assert 400 < sum(things) < 600

    def test_nothing_strikes_at_0_and_everything_at_1(self) -> None:
        weather = Weather("fair", faults={"any.502": 1})
        assert all(weather.strikes("any.502", request(f"/{number}")) for number in range(100))
        assert not any(weather.strikes("any.cut", request(f"/{number}")) for number in range(100))

    def test_the_same_is_counted_service_by_service(self) -> None:
        weather = Weather()
        assert [weather.asked_before("lastfm", request("/a")) for _ in range(3)] == [0, 1, 2]
        assert weather.asked_before("aoty", request("/a")) == 0
        assert weather.asked_before("lastfm", request("/b")) == 0


@pytest.mark.unit
class TestChanging:
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_kind_sets_what_the_table_says(self, kind: Any) -> None:
        told = Weather(kind).as_dict()
        assert told["weather"] == kind
        assert {name: each["rate"] for name, each in told["faults"].items()} == {
            name: getattr(fault, kind) for name, fault in FAULTS.items()
        }
        assert {name: each["requests"] for name, each in told["limits"].items()} == {
            name: getattr(limit, kind) for name, limit in LIMITS.items()
        }

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"any.500": 1}, r"no fault 'any\.500'.*any\.502"), ({"any.502": 1.1}, "from 0 to 1"),
            ({"any.502": "often"}, "from 0 to 1"), ({"any.502": True}, "from 0 to 1"), ({"any.502": None}, "from 0 to"),
            ({"deezer.5s": -1}, "whole number"), ({"deezer.5s": 0.5}, "whole number"), ({"weather": "fog"}, "fair, "),
        ],
    )  # fmt: skip
    def test_what_cannot_be_changes_nothing(self, wrong: dict[str, Any], said: str) -> None:
        weather = Weather("fair")
        with pytest.raises(UsageError, match=said):
            weather.change({"any.cut": 0.5, **wrong})
        assert weather.as_dict() == Weather("fair").as_dict()


@pytest.mark.unit
class TestTheClock:
    def test_a_window_rolls(self) -> None:
        clock = Clock()
        window = Window(clock, 10)
        assert [window.take(2) for _ in range(3)] == [True, True, False]
        assert 9 < window.seconds_left() <= 10
        clock.advance(11)
        assert window.count() == 0 == window.seconds_left()
        assert window.take(2)
        assert window.take(None)


@pytest.mark.integration
class TestWhileTheServicesRun:
    def test_a_fault_is_switched_on_and_off(self, running_with: Callable[..., Any]) -> None:
        with running_with(rows=30) as client:
            assert client.lastfm("user.getInfo").status == 200
            assert post(client, "/weather", {"any.502": 1})["faults"]["any.502"]["rate"] == 1
            answer = client.lastfm("user.getInfo")
            assert (answer.status, answer.headers["content-type"]) == (502, "text/html")
            assert client.ask("control", "/stats").status == 200
            post(client, "/weather", {"any.502": 0})
            assert client.lastfm("user.getInfo").status == 200
            post(client, "/weather", {"weather": "storm"})
            assert client.ask("control", "/weather").json["weather"] == "storm"

    def test_an_answer_is_cut(self, running_with: Callable[..., Any]) -> None:
        with running_with(rows=30, faults={"any.cut": 1}) as client, pytest.raises(IncompleteRead):
            client.lastfm("user.getInfo")

    def test_a_slow_answer_ends_with_the_sandbox(self, running_with: Callable[..., Any]) -> None:
        with running_with(rows=30, faults={"any.slow": 1}) as client:
            told = client.ask("control", "/weather").json
        assert told["faults"]["any.slow"]["rate"] == 1

    def test_the_clock_is_advanced(self, running_with: Callable[..., Any]) -> None:
        with running_with(rows=30) as client:
            before = client.ask("control", "/clock").json["now"]
            assert post(client, "/clock", {"advance_s": 86_400})["now"] >= before + 86_400

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/weather", '{"any.503": 1}'), ("/weather", "storm"), ("/weather", "[1]"), ("/clock", "{}"),
            ("/clock", '{"advance_s": "a day"}'), ("/clock", '{"advance_s": null}'),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said(self, client: Client, path: str, body: str) -> None:
        answer = client.ask("control", path, "POST", body)
        assert answer.status == 400
        assert answer.json["error"]


def post(client: Client, path: str, body: dict[str, Any]) -> Any:
    answer = client.ask("control", path, "POST", json.dumps(body))
    assert answer.status == 200, answer.text
    return answer.json
