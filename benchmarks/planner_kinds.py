"""What calls of each kind find, over the evening: a table of thirds."""

from collections import Counter
from collections.abc import Hashable

from timbre_spider.planning.calls import Call
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want

_THIRDS = 3


class Tally:
    """Calls in the order made: their kind, and the songs and plays each found."""

    def __init__(self) -> None:
        self._made: list[tuple[str, int, int]] = []
        self._expected: Counter[str] = Counter()

    def add(self, kind: Hashable, songs: int, plays: int, expected: float = 0) -> None:
        """A call was made, of which so many plays were expected."""
        self._expected[str(kind)] += round(expected)
        self._made.append((str(kind), songs, plays))

    def table(self, all_plays: int) -> str:
        """By kind and third: calls, those that found nothing, songs a call, plays a call in 1/1,000 of a percent,
        and what was expected of all."""
        lines = []
        for kind in sorted({kind for kind, _, _ in self._made}):
            cells = []
            for third in range(_THIRDS):
                begin, end = (len(self._made) * at // _THIRDS for at in (third, third + 1))
                calls = [(songs, plays) for each, songs, plays in self._made[begin:end] if each == kind]
                cells.append(_cell(calls, all_plays))
            cells.append(_cell([(songs, plays) for each, songs, plays in self._made if each == kind], all_plays))
            count = sum(each == kind for each, _, _ in self._made)
            expected = self._expected[kind] / count / all_plays * 100_000
            lines.append(f"    {kind:34}" + " |".join(cells) + (f" ({expected:.1f})" if expected else ""))
        head = "calls  vain songs  plays"
        return "\n".join([f"    {'':34}" + " |".join(f"{head:>25}" for _ in range(_THIRDS + 1)), *lines])


def _cell(calls: list[tuple[int, int]], all_plays: int) -> str:
    if not calls:
        return f"{'':25}"
    songs, plays = sum(songs for songs, _ in calls), sum(plays for _, plays in calls)
    vain = sum(not songs for songs, _ in calls)
    return f"{len(calls):6}{vain:6}{songs / len(calls):6.2f}{plays / len(calls) / all_plays * 100_000:7.1f}"


class Watched(Pool):
    """A pool that tells a tally what its calls found."""

    def __init__(self, page_size: int, list_size: int, *, together: bool, tally: Tally) -> None:
        super().__init__(page_size, list_size, together=together)
        self._tally = tally
        self._songs = self._found = 0

    def add(self, want: Want) -> None:
        songs, found = self._songs, self._found
        super().add(want)
        self._songs, self._found = songs, found

    def remove(self, key: str) -> None:
        if (want := self.get(key)) is not None and not want.is_found:
            self._songs, self._found = self._songs + 1, self._found + want.plays
        super().remove(key)

    def made(self, call: Call, hits: int | None) -> None:
        kind = call.kind.value
        if len(call.stakes) == 1:
            kind += f", {call.stakes[0][0][1]}"
        self._tally.add(kind, self._songs if hits else 0, self._found if hits else 0, call.expected)
        self._songs = self._found = 0
        super().made(call, hits)
