"""Values that are made once for all who ask."""

from collections.abc import Hashable
from threading import Thread

import pytest

from timbre_spider.service.state import Remembered

pytestmark = pytest.mark.unit


class Clock:
    """Time that goes on when something is made, and when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0
        self.takes = 2.0
        self.made = 0
        self.state: Hashable = "first"

    def make(self) -> int:
        self.now += self.takes
        self.made += 1
        return self.made

    def value(self, worth: float, *, told: bool = False) -> Remembered[int]:
        return Remembered(self.make, lambda: self.now, worth=worth, made_of=(lambda: self.state) if told else None)


@pytest.mark.parametrize(("later", "made"), [(0, 1), (19.9, 1), (20, 2)])
def test_it_is_made_again_when_it_is_older_than_its_making_is_worth(later: float, made: int) -> None:
    clock = Clock()
    value = clock.value(10)
    value.get()
    clock.now += later
    assert value.get() == made


@pytest.mark.parametrize(("later", "state", "made"), [(100, "first", 1), (100, "other", 2), (1, "other", 1)])
def test_what_it_is_made_of_tells_whether_it_still_holds(later: float, state: str, made: int) -> None:
    clock = Clock()
    value = clock.value(10, told=True)
    value.get()
    clock.now, clock.state = clock.now + later, state
    assert value.get() == made


def test_what_is_forgotten_is_made_again() -> None:
    value = Clock().value(1000, told=True)
    value.get()
    value.forget()
    assert value.get() == 2


@pytest.mark.parametrize(("takes", "made"), [(0.4, 2), (0.6, 1)])
def test_what_is_made_before_anybody_asks_is_kept_where_they_would_have_to_wait(takes: float, made: int) -> None:
    clock = Clock()
    clock.takes = takes
    value = clock.value(10)
    value.prepare()
    assert value.get() == made


def test_who_would_wait_for_another_is_given_the_one_of_before() -> None:
    asked: list[int | None] = []

    def make() -> int:  # somebody else asks meanwhile
        thread = Thread(target=lambda: asked.append(value.get_soon(0)))
        thread.start()
        thread.join()
        return len(asked)

    now = [0.0]
    value = Remembered(make, lambda: now[0])
    assert value.get_soon() == 1
    now[0] += 10
    assert value.get_soon() == 2
    assert asked == [None, 1]
