import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sources.fake_time import run
from timbre_spider.config import Config
from timbre_spider.errors import KeyRejected, Parked, Refused, SourceError, Stopped
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.gates import make_gates
from timbre_spider.sources.pace import JITTER, LocalPace

pytestmark = pytest.mark.unit

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def starts_of(gate: Gate, questions: int, answer_takes: float = 0.0) -> list[float]:
    """When each question started, all asked at once."""
    starts: list[float] = []

    async def ask() -> None:
        async with gate:
            starts.append(asyncio.get_running_loop().time())
            await asyncio.sleep(answer_takes)

    await asyncio.gather(*(ask() for _ in range(questions)))
    return starts


def most_in_a_minute(starts: list[float]) -> int:
    return max(sum(start <= other < start + 60 for other in starts) for start in starts)


@pytest.mark.parametrize("limit", [1, 7, 30, 220])
def test_no_minute_holds_more_than_the_limit(limit: int) -> None:
    starts = run(starts_of(Gate("aoty", limit), limit * 2 + 3))
    assert limit * 0.9 <= most_in_a_minute(starts) <= limit
    gaps = [later - earlier for earlier, later in itertools.pairwise(starts)]
    assert min(gaps) >= 60 / limit
    assert max(gaps) < 60 / limit * 1.02 * (1 + JITTER)


def test_gaps_differ_so_that_clients_do_not_knock_in_step() -> None:
    starts = run(starts_of(Gate("lastfm", 200), 50))
    gaps = {round(later - earlier, 6) for earlier, later in itertools.pairwise(starts)}
    assert len(gaps) > 40


def test_lastfm_is_asked_at_most_five_times_a_second_whatever_is_set() -> None:
    config = Config(_env_file=None, lastfm_rate_limit=10_000)  # type: ignore[call-arg]
    starts = run(starts_of(make_gates(config)["lastfm"], 60))
    assert max(sum(start <= other < start + 1 for other in starts) for start in starts) == 5


@settings(max_examples=30, deadline=None)
@given(limit=st.integers(1, 90), waits=st.lists(st.floats(0, 40), min_size=1, max_size=60))
def test_no_burst_after_a_quiet_time(limit: int, waits: list[float]) -> None:
    async def ask() -> list[float]:
        gate, starts = Gate("deezer", limit), []

        async def one(at: float) -> None:
            await asyncio.sleep(at)
            await gate.turn()
            starts.append(asyncio.get_running_loop().time())

        await asyncio.gather(*(one(sum(waits[: place + 1])) for place in range(len(waits))))
        return starts

    assert most_in_a_minute(run(ask())) <= limit


def test_without_a_limit_nobody_waits() -> None:
    assert run(starts_of(Gate("spotify"), 100)) == [0.0] * 100


@pytest.mark.parametrize("bound", [1, 3, 8])
def test_the_bound_in_flight_holds_and_is_reached(bound: int) -> None:
    gate = Gate("aoty", max_in_flight=bound)
    starts = run(starts_of(gate, 20, answer_takes=10))
    assert gate.most_at_once == bound
    assert starts[bound - 1] == 0
    assert starts[-1] == 10 * ((20 - 1) // bound)


def test_waiting_for_a_turn_is_not_in_flight() -> None:
    gate = Gate("aoty", limit_per_minute=1, max_in_flight=8)
    run(starts_of(gate, 4, answer_takes=1))
    assert gate.most_at_once == 1


def test_a_wider_bound_lets_those_who_wait_in() -> None:
    async def ask() -> int:
        gate = Gate("aoty", max_in_flight=1)
        asking = asyncio.ensure_future(starts_of(gate, 6, answer_takes=10))
        await asyncio.sleep(1)
        gate.widen(4)
        await asking
        return gate.most_at_once

    assert run(ask()) == 4


def test_questions_start_in_the_order_asked() -> None:
    async def ask() -> list[int]:
        gate, order = Gate("aoty", limit_per_minute=60, max_in_flight=2), []

        async def one(number: int) -> None:
            async with gate:
                order.append(number)
                await asyncio.sleep(5)

        await asyncio.gather(*(one(number) for number in range(10)))
        return order

    assert run(ask()) == list(range(10))


def shut_parked(gate: Gate) -> None:
    gate.park(NOON + timedelta(hours=20), "quota used up")


def shut_refused(gate: Gate) -> None:
    gate.refuse("a challenge")


@pytest.mark.parametrize(("shut", "error"), [(shut_parked, Parked), (shut_refused, Refused), (Gate.close, Stopped)])
@pytest.mark.parametrize("waits_for", ["place", "turn", "pause", "rest"])
def test_shutting_wakes_all_who_wait_at_once(shut: object, error: type[SourceError], waits_for: str) -> None:
    async def ask() -> tuple[list[object], float]:
        limit, bound = (1 if waits_for == "turn" else None), (1 if waits_for == "place" else None)
        gate = Gate("aoty", limit, bound, clock=lambda: NOON)
        if waits_for == "pause":
            gate.pause(1000)
        if waits_for == "rest":
            waiting = [asyncio.ensure_future(gate.rest(1000)) for _ in range(5)]
        else:
            waiting = [asyncio.ensure_future(starts_of(gate, 1, answer_takes=500)) for _ in range(5)]
        await asyncio.sleep(3)
        shut(gate)  # type: ignore[operator]
        waiting = [task for task in waiting if not task.done()]
        outcomes = await asyncio.gather(*waiting[-4:], return_exceptions=True)
        return outcomes, asyncio.get_running_loop().time()

    outcomes, at = run(ask())
    assert [type(outcome) for outcome in outcomes] == [error] * 4
    assert at == pytest.approx(3)


def test_what_is_in_flight_ends_in_peace() -> None:
    async def ask() -> list[float]:
        gate = Gate("aoty")
        asking = asyncio.ensure_future(starts_of(gate, 2, answer_takes=10))
        await asyncio.sleep(1)
        gate.close()
        return await asking

    assert len(run(ask())) == 2


def test_a_parked_gate_says_until_when_and_opens_then() -> None:
    async def ask() -> None:
        now = NOON
        gate = Gate("spotify", clock=lambda: now)
        assert gate.park(NOON + timedelta(hours=1), "quota")
        assert not gate.park(NOON + timedelta(hours=3), "more quota")
        assert not gate.park(NOON + timedelta(hours=2), "less quota")
        with pytest.raises(Parked, match="more quota") as parked:
            async with gate:
                pass
        assert parked.value.until == NOON + timedelta(hours=3)
        now = NOON + timedelta(hours=3)
        async with gate:
            pass
        assert gate.park(now + timedelta(hours=1), "again")

    run(ask())


def test_a_refusal_is_news_once_and_stays() -> None:
    async def ask() -> None:
        gate = Gate("aoty")
        assert gate.refuse("a challenge")
        assert not gate.refuse("another")
        for enter in (gate.turn(), gate.rest(0), gate.__aenter__()):
            with pytest.raises(Refused, match="a challenge"):
                await enter

    run(ask())


def test_a_gate_tells_what_its_questions_wait_for() -> None:
    async def ask() -> None:
        paced, narrow = Gate("deezer", 300), Gate("spotify", max_in_flight=1)
        assert (paced.waits_for, narrow.waits_for) == ("", "")
        async with paced, narrow:
            assert (paced.waits_for, narrow.waits_for) == ("an answer", "an answer")
            others = [asyncio.ensure_future(gate.__aenter__()) for gate in (paced, narrow)]
            await asyncio.sleep(0)
            assert (paced.waits_for, narrow.waits_for) == ("a turn, of 300 a minute", "one of 1 answers")
            paced.pause(30)
            assert paced.waits_for == "the end of a pause in 30 s"
        await asyncio.gather(*others)

    run(ask())


def test_a_gate_tells_why_it_is_shut_but_not_that_the_run_ends() -> None:
    async def ask() -> None:
        now = NOON
        gate = Gate("spotify", clock=lambda: now)
        assert (gate.why_shut, gate.is_open) == (None, True)
        gate.park(NOON + timedelta(hours=1), "quota")
        assert (gate.why_shut, gate.is_open) == ("quota", False)
        now = NOON + timedelta(hours=1)
        assert (gate.why_shut, gate.is_open) == (None, True)
        gate.pause(5)
        assert (gate.why_shut, gate.is_open, gate.is_shut) == (None, False, False)
        gate.shut(KeyRejected("mend it"))
        assert (gate.why_shut, gate.is_shut) == ("mend it", True)
        ending = Gate("aoty")
        ending.close()
        assert (ending.why_shut, ending.is_shut) == (None, False)

    run(ask())


def test_a_pause_meanwhile_holds_back_who_had_a_turn_of_a_shared_pace() -> None:
    class Slow:
        async def take(self) -> float:
            await asyncio.sleep(2)
            return 0

        def hold(self, seconds: float) -> None:
            """Nobody shares it."""

        async def aclose(self) -> None:
            """Nothing is held."""

    async def ask() -> float:
        gate = Gate("deezer", pace=Slow())
        asking = asyncio.ensure_future(gate.turn())
        await asyncio.sleep(1)
        gate.pause(30)
        assert await asking == 1
        return asyncio.get_running_loop().time()

    assert run(ask()) >= 31


def test_a_pause_holds_starts_back() -> None:
    async def ask() -> list[float]:
        gate = Gate("spotify")
        gate.pause(30)
        gate.pause(10)
        return await starts_of(gate, 2)

    assert run(ask()) == [30, 30]


def test_one_who_gives_up_waiting_leaves_the_way_free() -> None:
    async def ask() -> float:
        gate = Gate("aoty", max_in_flight=1)
        first = asyncio.ensure_future(starts_of(gate, 1, answer_takes=10))
        await asyncio.sleep(1)
        second = asyncio.ensure_future(starts_of(gate, 1))
        await asyncio.sleep(1)
        second.cancel()
        await first
        return (await starts_of(gate, 1))[0]

    assert run(ask()) == 10


def test_hold_bounds_what_is_in_flight_and_takes_no_turn() -> None:
    gate = Gate("aoty", limit_per_minute=1, max_in_flight=2)

    async def one() -> None:
        async with gate.hold():
            await asyncio.sleep(1)

    async def ask() -> float:
        await asyncio.gather(*(one() for _ in range(6)))
        return asyncio.get_running_loop().time()

    assert run(ask()) == 3
    assert gate.most_at_once == 2


def test_an_error_inside_frees_the_place() -> None:
    async def ask() -> None:
        gate = Gate("aoty", max_in_flight=1)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                async with gate:
                    raise ZeroDivisionError

    run(ask())


def test_every_service_has_a_gate_with_its_limit() -> None:
    config = Config(_env_file=None, aoty_rate_limit=5, deezer_base_url="http://127.0.0.1:1")  # type: ignore[call-arg]
    gates = make_gates(config)
    assert gates["aoty"].limit_per_minute == 5
    assert gates["deezer"].limit_per_minute is None
    assert gates["spotify"].limit_per_minute == 100
    assert gates["musicbrainz"].max_in_flight == config.scrape_concurrency


def test_a_gate_that_was_parked_is_news_again_once_it_is_open() -> None:
    now = NOON
    gate = Gate("spotify", clock=lambda: now)
    assert gate.park(NOON + timedelta(hours=1), "quota")
    now = NOON + timedelta(hours=1)
    assert gate.park(NOON + timedelta(hours=2), "more quota")
    assert gate.why_shut == "more quota"


def test_whoever_shares_the_pace_is_told_of_a_pause() -> None:
    class Shared(LocalPace):
        async def aclose(self) -> None:
            told.append(-1)

        def hold(self, seconds: float) -> None:
            told.append(seconds)

    async def ask() -> None:
        gate = Gate("deezer", pace=Shared(60))
        for seconds in (0, 7, -3):
            gate.pause(seconds)
        assert gate.pauses == 1
        await gate.aclose()

    told: list[float] = []
    run(ask())
    assert told == [7, -1]


def test_a_run_that_ends_does_not_hide_why_a_service_was_shut() -> None:
    async def ask() -> None:
        gate = Gate("aoty")
        gate.refuse("a challenge")
        gate.close()
        assert (gate.why_shut, gate.is_shut) == ("a challenge", True)
        with pytest.raises(Refused):
            await gate.turn()

    run(ask())


def test_a_wider_bound_is_heard_of_at_once() -> None:
    async def ask() -> float:
        gate = Gate("spotify", max_in_flight=1)
        asking = asyncio.ensure_future(starts_of(gate, 2, answer_takes=10))
        await asyncio.sleep(1)
        gate.widen(None)
        return (await asking)[1]

    assert run(ask()) == 1
