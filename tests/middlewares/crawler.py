"""A crawler with gates and an address for AOTY, for middlewares without a whole crawl around them."""

from types import SimpleNamespace
from typing import Any

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from timbre_spider.config import load_config
from timbre_spider.extensions.context import Context
from timbre_spider.sources.gate import Gate

AOTY = "https://aoty.example"


def crawler_with(scrapy: dict[str, Any] | None = None, **settings: Any) -> tuple[Crawler, dict[str, Gate]]:
    """The crawler, and the gates its middlewares know; `settings` by their names in `Config`, `scrapy` by Scrapy's."""
    given = {"ROBOTSTXT_OBEY": True, "RETRY_TIMES": 3, "USER_AGENT": "timbre", **(scrapy or {})}
    crawler = get_crawler(Spider, given)
    crawler.spider = crawler._create_spider("tested")
    gates = {service: Gate(service) for service in ("aoty", "lastfm")}
    config = load_config(_env_file=None, **{"aoty_base_url": AOTY, "aoty_proxy_url": None, **settings})
    Context.give_to(SimpleNamespace(config=config, gates=gates), crawler)
    return crawler, gates
