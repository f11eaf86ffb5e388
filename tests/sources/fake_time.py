"""An event loop in which waiting takes no time: the clock jumps to the next timer."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class Here(Executor):
    """In place of worker threads: no time passes in the loop while one of them would be at work."""

    def submit(self, work: Callable[..., Result], /, *args: Any, **options: Any) -> Future[Result]:
        done: Future[Result] = Future()
        try:
            done.set_result(work(*args, **options))
        except Exception as error:
            done.set_exception(error)
        return done


class _JumpingSelector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        events = super().select(0)
        if not events and timeout is None:
            raise AssertionError("everybody waits for something that never comes")
        if not events:
            self.skipped += timeout or 0
        return events


class FakeTimeLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _JumpingSelector()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.skipped


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """The coroutine's result, in fake time."""
    with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
        return runner.run(coroutine)
