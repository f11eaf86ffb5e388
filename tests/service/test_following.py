"""Those who watch are told what changes; one looks for all of them, and nobody when nobody watches."""

import asyncio
from contextlib import aclosing

import pytest

from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.service.following import Following

pytestmark = pytest.mark.unit


def test_all_who_follow_are_told_each_change_once_and_one_looks_for_them() -> None:
    looks: list[str] = []

    def look() -> str:
        looks.append("")
        if len(looks) == 2:
            raise DatabaseUnreachable("for a moment")
        return str(len(looks) // 3)

    async def follow(following: Following, count: int) -> list[str]:
        told = []
        async with aclosing(following.follow()) as changes:
            async for change in changes:
                told.append(change)
                if len(told) == count:
                    break
        return told

    async def watch() -> tuple[list[list[str]], int]:
        following = Following(look, every=0.001)
        told = await asyncio.gather(*(follow(following, 4) for _ in range(20)))
        looked = len(looks)
        await asyncio.sleep(0.05)
        assert len(looks) <= looked + 1  # a look that was under way
        again = await follow(following, 1)
        return [*told, again], looked

    *told, again = asyncio.run(watch())[0]
    for each in told:  # one that is slow misses what is over by then
        assert each == sorted(set(each), key=int)
    assert len(again) == 1
