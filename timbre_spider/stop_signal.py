"""A stop that a signal asked for, remembered from the first moment on: a run looks whether it was."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_CAUGHT = (signal.SIGINT, signal.SIGTERM)


class StopSignal:
    """Remembers the first SIGINT or SIGTERM of this process; the second has its usual effect, at once."""

    def __init__(self) -> None:
        self.name: str | None = None

    def catch(self) -> None:
        """From now on."""
        for number in _CAUGHT:
            signal.signal(number, self._remember)

    @contextmanager
    def caught(self) -> Iterator[None]:
        """Within the block; after it signals have the effect they had before."""
        before = {number: signal.getsignal(number) for number in _CAUGHT}
        self.catch()
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _remember(self, number: int, frame: FrameType | None) -> None:
        if self.name is None:
            self.name = signal.Signals(number).name
            return
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)


# Signals come to the process, so it has one of these.
stop_signal = StopSignal()
