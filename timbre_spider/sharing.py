"""What workers share through Redis: Scrapy settings for scrapy-redis, and the connection."""

from typing import TYPE_CHECKING, Any

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, RunError

if TYPE_CHECKING:
    from redis import Redis


def redis_url(config: Config) -> str:
    """Where the workers' Redis is. Raises ConfigError without REDIS_URL."""
    if config.redis_url is None:
        raise ConfigError("Workers share their batches through Redis: set REDIS_URL in .env (redis://host:6379/0).")
    return config.redis_url.get_secret_value()


def worker_settings(config: Config, idle_seconds: float | None) -> dict[str, Any]:
    """Scrapy settings of a worker, beside the project's. Raises ConfigError without REDIS_URL."""
    settings: dict[str, Any] = {
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "SCHEDULER_QUEUE_CLASS": "timbre_spider.workers.queue.LeasedQueue",
        # Nothing is filtered: work is never two requests. All keys have one prefix.
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "SCHEDULER_DUPEFILTER_KEY": "timbre:seen",
        # Unused, since the queue reads for itself; the default would be pickle, which runs what it reads.
        "SCHEDULER_SERIALIZER": "json",
        # Stopping one worker must not empty what the others share.
        "SCHEDULER_PERSIST": True,
        "REDIS_URL": redis_url(config),
    }
    if idle_seconds is not None:
        settings["IDLE_BEFORE_END"] = idle_seconds
    return settings


def connect_redis(url: str, patience: float = 5) -> "Redis":
    """A client of the Redis at `url` that connects when first used, and gives up after `patience` s: a crawl waits."""
    from redis import Redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    # Nothing is told twice by the client itself: what was taken, and not heard of, would be taken again.
    return Redis.from_url(
        url, socket_connect_timeout=min(patience, 2), socket_timeout=patience, retry=Retry(NoBackoff(), 0)
    )


def open_redis(url: str) -> "Redis":
    """A connection to the Redis at `url`, which has answered. Raises RunError where none does."""
    from redis.exceptions import RedisError

    try:
        redis = connect_redis(url)
        redis.ping()
    except (RedisError, ValueError) as error:
        raise RunError(
            f"Redis cannot be reached ({type(error).__name__}): check REDIS_URL and that the server runs."
        ) from None
    return redis
