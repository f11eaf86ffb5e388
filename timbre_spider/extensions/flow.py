"""Where the chart's rows and plays go: counted at each place, so that the run's record can add them up."""

from typing import Literal

from scrapy.statscollectors import StatsCollector

Part = Literal["chart", "stored", "rejected", "beyond"]


def count_flow(stats: StatsCollector, part: Part, rows: int, plays: int) -> None:
    """So many rows, and plays in them, went there."""
    stats.inc_value(f"timbre/rows/{part}", rows)
    stats.inc_value(f"timbre/plays/{part}", plays)
