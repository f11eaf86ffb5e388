"""The gates of all services, as the configuration bounds them."""

from collections.abc import Callable
from datetime import datetime

from timbre_spider.config import SERVICES, Config
from timbre_spider.sources.gate import Gate, utc_now
from timbre_spider.sources.pace import Pace


def make_gates(config: Config, clock: Callable[[], datetime] = utc_now) -> dict[str, Gate]:
    """A gate for every service, by its name; its pace is shared through Redis where there is one."""
    gates = {}
    for service in SERVICES:
        limit = config.limit(service)
        pace = _shared_pace(config, service, limit)
        gates[service] = Gate(service, limit, config.scrape_concurrency, pace=pace, clock=clock)
    return gates


def _shared_pace(config: Config, service: str, limit: int | None) -> Pace | None:
    if config.redis_url is None or limit is None:
        return None
    from timbre_spider.sources.redis_pace import RedisPace

    return RedisPace(config.redis_url.get_secret_value(), service, limit)
