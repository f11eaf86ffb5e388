"""Batches shared by workers through scrapy-redis: its settings, its Redis, and a serializer that runs no code."""

import base64
import json
from typing import TYPE_CHECKING, Any

from timbre_spider.config import Config
from timbre_spider.errors import ConfigError, RunError

if TYPE_CHECKING:
    from redis import Redis

_BYTES = "__bytes__"


def worker_settings(config: Config, idle_seconds: float | None) -> dict[str, Any]:
    """Scrapy settings of a worker, beside the project's. Raises ConfigError without REDIS_URL."""
    if config.redis_url is None:
        raise ConfigError("Workers share their batches through Redis: set REDIS_URL in .env (redis://host:6379/0).")
    settings: dict[str, Any] = {
        "SCHEDULER": "scrapy_redis.scheduler.Scheduler",
        "DUPEFILTER_CLASS": "scrapy_redis.dupefilter.RFPDupeFilter",
        "SCHEDULER_SERIALIZER": "timbre_spider.sharing",
        "SCHEDULER_QUEUE_KEY": "timbre:%(spider)s:batches",
        # Stopping one worker must not empty what the others share.
        "SCHEDULER_PERSIST": True,
        "REDIS_URL": config.redis_url.get_secret_value(),
    }
    if idle_seconds is not None:
        settings["IDLE_BEFORE_END"] = idle_seconds
    return settings


def open_redis(url: str) -> "Redis":
    """A connection to the Redis at `url`, which has answered. Raises RunError where none does."""
    from redis import Redis
    from redis.exceptions import RedisError

    try:
        redis = Redis.from_url(url, socket_connect_timeout=5)
        redis.ping()
    except (RedisError, ValueError) as error:
        raise RunError(
            f"Redis cannot be reached ({type(error).__name__}): check REDIS_URL and that the server runs."
        ) from None
    return redis


def dumps(request: dict[str, Any]) -> str:
    """A request's dict as JSON; bytes as base64."""
    return json.dumps(_packed(request))


def loads(text: str | bytes) -> dict[str, Any]:
    """The dict `dumps` was given; tuples come back as lists."""
    unpacked: dict[str, Any] = _unpacked(json.loads(text))
    return unpacked


def _packed(value: Any) -> Any:
    match value:
        case bytes():
            return {_BYTES: base64.b64encode(value).decode()}
        case dict():
            # Header names are bytes, so a dict travels as pairs.
            return {"__pairs__": [[_packed(key), _packed(each)] for key, each in value.items()]}
        case list() | tuple():
            return [_packed(each) for each in value]
        case _:
            return value


def _unpacked(value: Any) -> Any:
    match value:
        case {"__bytes__": text}:
            return base64.b64decode(text)
        case {"__pairs__": pairs}:
            return {_unpacked(key): _unpacked(each) for key, each in pairs}
        case list():
            return [_unpacked(each) for each in value]
        case _:
            return value
