"""The rows of a chart as they come in, held against what the chart says it has. Pure."""

from collections import Counter

from timbre_spider.items import ChartRow
from timbre_spider.sources.lastfm import ChartPage

# The share of a chart that may be missing: rows come, go and change places while it is read.
MAY_MISS = 0.01


class Collected:
    """Each row once, by artist and title as they are, with its most plays.

    `told`: rows the chart has, by its own word. `moved`: rows met on two pages of one reading.
    """

    def __init__(self) -> None:
        self.told = self.moved = 0
        self._rows: dict[tuple[str, str], ChartRow] = {}
        # How often a page holds it: a chart may list a name twice.
        self._times: Counter[tuple[str, str]] = Counter()
        self._met: set[tuple[str, str]] = set()

    def begin(self) -> None:
        """The chart is read from its start (again)."""
        self._met.clear()

    def take(self, page: ChartPage) -> int:
        """Adds the rows of a page; how many were new."""
        self.told = max(self.told, page.total)
        before = self.read
        on_page = Counter((row.artist, row.title) for row in page.rows)
        self._times |= on_page
        self.moved += sum(name in self._met for name in on_page)
        self._met.update(on_page)
        for row in page.rows:
            seen = self._rows.get((row.artist, row.title))
            if seen is None or seen.playcount < row.playcount:
                self._rows[row.artist, row.title] = row
        return self.read - before

    @property
    def rows(self) -> list[ChartRow]:
        """The rows, in the order they were first met."""
        return list(self._rows.values())

    @property
    def read(self) -> int:
        """How many of the chart's rows were read."""
        return self._times.total()

    @property
    def missing(self) -> int:
        """How many it says it has beyond those."""
        return max(self.told - self.read, 0)

    @property
    def is_short(self) -> bool:
        """Whether more is missing than a chart in motion explains."""
        return self.missing > self.told * MAY_MISS

    def due_on(self, page: int, size: int) -> int:
        """Rows that a page (from 1) of so many rows should have; 0 beyond the end."""
        return max(min(self.told - (page - 1) * size, size), 0)
