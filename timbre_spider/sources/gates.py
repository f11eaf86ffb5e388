"""The gates of all services, as the configuration bounds them."""

from collections.abc import Callable
from datetime import datetime

from timbre_spider.config import SERVICES, Config
from timbre_spider.sources.gate import Gate, utc_now
from timbre_spider.sources.pace import LocalPace, Pace


def make_gates(
    config: Config, clock: Callable[[], datetime] = utc_now, pace: Callable[[str, int], Pace] | None = None
) -> dict[str, Gate]:
    """A gate for every service, by its name. `pace` makes that of a service with a limit; without: this process's."""
    gates = {}
    for service in SERVICES:
        limit = config.limit(service)
        paced = None if limit is None else pace(service, limit) if pace else LocalPace(limit)
        gates[service] = Gate(service, limit, config.scrape_concurrency, pace=paced, clock=clock)
    return gates
