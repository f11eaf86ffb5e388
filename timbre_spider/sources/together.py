"""Many askers, one request: for services that take a list of questions at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from timbre_spider.errors import NotTaken

Question = TypeVar("Question")
Reply = TypeVar("Reply")


class Together(Generic[Question, Reply]):
    """`await together(question)`: its part of what `ask` replies to a list of at most `most`, in their order.

    A question waits `longest_wait` s for others, or until the request before is back; a full list goes at once. A list
    that the service does not take is halved until the one it will not have stands alone: only that one's asker gets
    NotTaken. Any other error is everybody's.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[Question]], Awaitable[Sequence[Reply]]],
        *,
        most: int,
        longest_wait: float = 0.2,
    ) -> None:
        self._ask = ask
        self._most = most
        self._longest_wait = longest_wait
        self._waiting: list[tuple[Question, asyncio.Future[Reply]]] = []
        self._full = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def __call__(self, question: Question) -> Reply:
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, reply))
        if len(self._waiting) >= self._most:
            self._full.set()
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        return await reply

    async def _serve(self) -> None:
        try:
            async with asyncio.timeout(self._longest_wait):
                await self._full.wait()
        except TimeoutError:
            pass
        while self._waiting:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            self._full.clear()
            await self._settle(group)

    async def _settle(self, group: list[tuple[Question, asyncio.Future[Reply]]]) -> None:
        try:
            replies = list(zip(group, await self._ask([question for question, _ in group]), strict=True))
        except NotTaken as error:
            if len(group) > 1:
                middle = len(group) // 2
                await self._settle(group[:middle])
                await self._settle(group[middle:])
            else:
                _fail(group, error)
        except Exception as error:
            _fail(group, error)
        else:
            for (_, waiting), reply in replies:
                if not waiting.done():
                    waiting.set_result(reply)


def _fail(group: list[tuple[Question, asyncio.Future[Reply]]], error: Exception) -> None:
    for _, waiting in group:
        if not waiting.done():
            waiting.set_exception(error)
