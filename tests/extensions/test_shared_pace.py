"""One pace for all who share a database, and what each may do without it."""

import asyncio
import time

import pytest

from tests.sources.fake_time import run
from tests.storage.making import look
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.extensions.shared_pace import SharedPace
from timbre_spider.sources import pace
from timbre_spider.sources.gate import Gate
from timbre_spider.storage.runs import Runs
from timbre_spider.storage.turns import Turns


@pytest.mark.integration
def test_processes_share_one_pace(database):
    """Three with a limit of 20 a second: their starts together are spaced as one's would be, by the server's clock."""

    async def work():
        gates = [Gate("lastfm", pace=SharedPace(Turns(database.link()), "lastfm", 1200)) for _ in range(3)]
        began = time.monotonic()

        async def ask(gate):
            for _ in range(10):
                async with gate:
                    pass

        await asyncio.gather(*map(ask, gates))
        took = time.monotonic() - began
        for gate in gates:
            await gate.aclose()
        return took

    assert asyncio.run(work()) >= 29 * 0.05


@pytest.mark.integration
def test_services_do_not_wait_for_each_other_and_who_waits_is_told_how_long(database):
    async def work():
        here, there = Turns(database.link()), Turns(database.link())
        waits = [await here.take("one", 60), await there.take("other", 120), await there.take("one", 60)]
        await here.take("short", 0.5)
        waits.append(await there.take("short", 0.5))
        await here.close()
        await there.close()
        return waits

    first, other, second, short = asyncio.run(work())
    assert first == other == (0, 1)
    assert 55 < second[0] <= 60
    assert 0 < short[0] <= 0.5


@pytest.mark.integration
@pytest.mark.parametrize(("pauses", "least"), [((20,), 15), ((20, 5), 15), ((5, 20), 15), ((10_000,), 200)])
def test_what_one_is_told_to_wait_holds_for_all_who_share(database, pauses, least):
    """The longer of two waits; never so long that it is taken for a wrong clock's."""

    async def work():
        gate = Gate("one", pace=SharedPace(Turns(database.link()), "one", 600))
        other = SharedPace(Turns(database.link()), "one", 600)
        async with gate:
            for seconds in pauses:
                gate.pause(seconds)
                # One after the other, as the service says them.
                await asyncio.gather(*gate._pace._telling)
        waits = [await other.take(), await SharedPace(other._turns, "another", 600).take()]
        await gate.aclose()
        await other.aclose()
        return waits

    held, free = asyncio.run(work())
    assert least < held <= 240
    assert free == 0


@pytest.mark.integration
@pytest.mark.parametrize("ahead", ["1 day", "330 seconds"])
def test_a_clock_that_was_wrong_stops_nobody(database, ahead):
    with database.connect() as connection:
        connection.execute("INSERT INTO turns (service, next_start) VALUES ('one', now() + %s::interval)", [ahead])

    async def work():
        turns = Turns(database.link())
        waits = await turns.take("one", 1)
        await turns.close()
        return waits

    assert asyncio.run(work()) == (0, 1)
    assert look(database, "SELECT next_start < now() + interval '1 minute' FROM turns") == [True]


@pytest.mark.integration
def test_a_turn_less_than_five_minutes_off_is_waited_for(database):
    with database.connect() as connection:
        connection.execute("INSERT INTO turns (service, next_start) VALUES ('one', now() + interval '270 seconds')")
    assert 250 < database.call("timbre_take_turn", {"service": "one", "seconds": "1"})["wait"] <= 270


@pytest.mark.integration
def test_who_shares_is_whose_run_goes_on(database):
    runs = Runs(database)
    *_, ended, silent = [runs.start("lastfm_top", sandbox=True) for _ in range(4)]
    runs.finish(ended, "finished", {})
    with database.connect() as connection:
        connection.execute("UPDATE runs SET alive_at = now() - interval '61 seconds' WHERE id = %s", [silent])

    async def work():
        turns = Turns(database.link())
        told = await turns.take("one", 1)
        await turns.close()
        return told

    assert asyncio.run(work()) == (0, 2)


class Database:
    """Turns of a database that is away at will; two more share it."""

    def __init__(self):
        self.is_away = False
        self.asked = 0

    async def take(self, service, seconds):
        self.asked += 1
        if self.is_away:
            raise DatabaseUnreachable("gone")
        return 0, 3

    async def close(self):
        pass


@pytest.mark.unit
def test_without_the_database_each_keeps_to_its_share_and_with_it_all_is_as_before(monkeypatch):
    monkeypatch.setattr(pace.random, "uniform", min)

    async def work():
        database = Database()
        shared = SharedPace(database, "one", 60)
        assert await shared.take() == 0
        database.is_away = True
        # Its own last turn was just now: a third of 60 is 20 a minute.
        await asyncio.sleep(1.01)
        alone = [await shared.take()]
        for _ in range(4):
            await asyncio.sleep(alone[-1] + 1e-6)
            assert await shared.take() == 0
            alone.append(await shared.take())
        asked = database.asked
        database.is_away = False
        await asyncio.sleep(6)
        assert await shared.take() == 0
        return alone, asked, await shared.take()

    alone, asked, back = run(work())
    assert alone == pytest.approx([2.015, *[3.025] * 4], abs=0.001)
    # It is not asked at every turn.
    assert asked == 4
    assert back == pytest.approx(60.5 / 60)
