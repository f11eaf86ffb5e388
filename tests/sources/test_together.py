import asyncio

import pytest

from tests.sources.fake_time import run
from timbre_spider.errors import NotTaken, Stopped, Unusable
from timbre_spider.sources.together import Together

pytestmark = pytest.mark.unit


class Service:
    """Doubles what it is asked; takes no list with one of `poison` in it; each answer takes a second."""

    def __init__(self, poison=()):
        self.poison = set(poison)
        self.asked = []
        self.error = None

    async def __call__(self, questions):
        self.asked.append(list(questions))
        await asyncio.sleep(1)
        if self.error:
            raise self.error
        if self.poison.intersection(questions):
            raise NotTaken("not this")
        return [2 * question for question in questions]


async def ask_all(together, questions):
    return await asyncio.gather(*map(together, questions), return_exceptions=True)


def now():
    return asyncio.get_running_loop().time()


def test_many_askers_share_one_request_and_each_gets_its_own_part():
    async def work():
        service = Service()
        assert await ask_all(Together(service, most=50), range(30)) == [2 * n for n in range(30)]
        assert service.asked == [list(range(30))]

    run(work())


def test_a_request_holds_no_more_than_the_service_takes():
    async def work():
        service = Service()
        assert await ask_all(Together(service, most=50), range(120)) == [2 * n for n in range(120)]
        assert [len(each) for each in service.asked] == [50, 50, 20]

    run(work())


@pytest.mark.parametrize(("questions", "waited"), [(1, 0.2), (49, 0.2), (50, 0)])
def test_a_question_waits_for_others_only_so_long_and_a_full_list_not_at_all(questions, waited):
    async def work():
        await ask_all(Together(Service(), most=50, longest_wait=0.2), range(questions))
        assert now() == pytest.approx(waited + 1)

    run(work())


def test_what_is_asked_while_a_request_runs_goes_together_into_the_next():
    async def work():
        service = Service()
        together = Together(service, most=50)

        async def late(number):
            await asyncio.sleep(0.5 + number / 100)
            return await together(number)

        assert await asyncio.gather(together(0), *map(late, range(1, 5))) == [0, 2, 4, 6, 8]
        assert service.asked == [[0], [1, 2, 3, 4]]
        assert now() == pytest.approx(2.2)

    run(work())


def test_after_a_pause_it_serves_again():
    async def work():
        service = Service()
        together = Together(service, most=50)
        assert await together(1) == 2
        await asyncio.sleep(60)
        assert await together(2) == 4

    run(work())


@pytest.mark.parametrize("poison", [{0}, {29}, {3, 4}, {7, 22, 23}])
def test_what_the_service_does_not_take_fails_its_own_asker_alone(poison):
    async def work():
        told = await ask_all(Together(Service(poison), most=50), range(30))
        assert {n for n, each in enumerate(told) if isinstance(each, NotTaken)} == poison
        assert [each for n, each in enumerate(told) if n not in poison] == [2 * n for n in range(30) if n not in poison]

    run(work())


@pytest.mark.parametrize("error", [Unusable("down"), Stopped("ending"), KeyError("a bug")])
def test_any_other_error_is_everybody_s_and_is_not_asked_piece_by_piece(error):
    async def work():
        service = Service()
        service.error = error
        together = Together(service, most=50)
        assert await ask_all(together, range(5)) == [error] * 5
        assert len(service.asked) == 1
        service.error = None
        assert await together(1) == 2

    run(work())


def test_who_no_longer_waits_harms_nobody():
    async def work():
        together = Together(Service(), most=50)
        gone = asyncio.create_task(together(1))
        await asyncio.sleep(0)
        gone.cancel()
        assert await together(2) == 4

    run(work())


@pytest.mark.parametrize("told", [[], [1], [1, 2, 3]])
def test_nobody_waits_for_ever_where_other_than_each_question_is_answered(told):
    async def ask(questions):
        return told

    async def work():
        async with asyncio.timeout(5):
            replies = await ask_all(Together(ask, most=50), [1, 2])
        assert [type(reply) for reply in replies] == [ValueError, ValueError]

    run(work())
