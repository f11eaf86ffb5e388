"""Scrapy settings, in the order of Scrapy's template. A changed default says what it replaces and why."""

import sys

from timbre_spider.config import is_local, load_config
from timbre_spider.errors import ConfigError
from timbre_spider.terminal import print_error

try:
    # The crawl works with this one: what a run is asked and how Scrapy is set cannot differ.
    config = load_config()
except ConfigError as error:
    # Scrapy imports this module before any command of ours can catch.
    print_error(error)
    sys.exit(error.exit_status)

BOT_NAME = "timbre_spider"

SPIDER_MODULES = ["timbre_spider.spiders"]
NEWSPIDER_MODULE = "timbre_spider.spiders"
# `scrapy crawl` of our own: checks first, one line for an error, exit status by the finish reason.
COMMANDS_MODULE = "timbre_spider.commands"

# Default: Scrapy's name.
USER_AGENT = config.user_agent

ROBOTSTXT_OBEY = True

# Default 16. Pages under way (AOTY, Last.fm) and batches popped beside them; together with
# SCRAPER_SLOT_MAX_ACTIVE_SIZE it bounds the songs in work, see `spiders/lastfm_top.py`.
CONCURRENT_REQUESTS = config.scrape_concurrency + 8
# Default 8. Only the size of the pool of kept connections: each source bounds its own questions.
CONCURRENT_REQUESTS_PER_DOMAIN = max(8, config.scrape_concurrency)
# Default 5,000,000 bytes. A batch counts 1 kB: at most five of them behind the downloader.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 4 * 1024
# Default 100 a response. A whole batch goes together, so that its answers are recalled by one query.
CONCURRENT_ITEMS = config.batch_size

# Default 0. The least delay between two pages of AOTY, which AutoThrottle may not go below.
DOWNLOAD_DELAY = config.page_delay
# Documented APIs are paced by their gates, and batches are no requests at all.
DOWNLOAD_SLOTS = {
    slot: {"concurrency": 16, "delay": 0, "jitter": 0}
    for slot in ("", "lastfm", "listenbrainz", "deezer", "musicbrainz")
} | {"aoty": {"concurrency": config.scrape_concurrency, "delay": DOWNLOAD_DELAY}}

# Default 180 s. A page that takes longer keeps a stop signal waiting.
DOWNLOAD_TIMEOUT = 9

COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
# On by default in 2.19; executes Python sent to a local port.
REMOTE_CONTROL_ENABLED = False

# Default handlers put no key into a URL; ours adds Last.fm's at the last moment, so that nothing else ever holds it.
# Each request waits its turn there, is counted and repeated; what an answer says of asking holds at once for all.
DOWNLOAD_HANDLERS = {
    "http": "timbre_spider.middlewares.download.PoliteDownloadHandler",
    "https": "timbre_spider.middlewares.download.PoliteDownloadHandler",
}

DOWNLOADER_MIDDLEWARES = {
    # Before robots, who would ask for the rules of wherever a redirect leads.
    "timbre_spider.middlewares.own_address.OwnAddress": 50,
    # Robots before all else; ours refuses where robots.txt could not be read.
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "timbre_spider.middlewares.robots.RobotsMiddleware": 100,
    # What comes out of all others, redirects followed.
    "timbre_spider.middlewares.render.Render": 200,
}
# Default True, with retries at once: ours wait, at the wire.
RETRY_ENABLED = False

EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    # Switched off it would still load aiohttp: 8 MB.
    "scrapy.extensions.remote_control.RemoteControl": None,
    # Ours shows songs, not pages a minute.
    "scrapy.extensions.logstats.LogStats": None,
    "timbre_spider.extensions.connections.Connections": 0,
    "timbre_spider.extensions.stopping.Stopping": 10,
    # Ours is told the songs by the database.
    "scrapy.extensions.feedexport.FeedExporter": None,
    "timbre_spider.extensions.feeds.Feeds": 50,
    "timbre_spider.extensions.run_record.RunRecord": 100,
    "timbre_spider.extensions.progress.Progress": 200,
}

ITEM_PIPELINES = {
    "timbre_spider.pipelines.validate.Validate": 100,
    "timbre_spider.pipelines.recall.Recall": 200,
    "timbre_spider.pipelines.open.Open": 300,
    "timbre_spider.pipelines.spotify.Spotify": 400,
    "timbre_spider.pipelines.labs.Labs": 420,
    "timbre_spider.pipelines.tags.Tags": 450,
    "timbre_spider.pipelines.aoty.Aoty": 500,
    "timbre_spider.pipelines.dedup.Dedup": 600,
    "timbre_spider.pipelines.postgres.Postgres": 700,
}

# Default off. Steers AOTY alone: the other slots ask with `autothrottle_dont_adjust_delay`. A stand-in on this machine
# has no patience to protect.
AUTOTHROTTLE_ENABLED = DOWNLOAD_DELAY > 0 or not is_local(config.aoty_base_url)
AUTOTHROTTLE_START_DELAY = max(DOWNLOAD_DELAY, 1.0)
AUTOTHROTTLE_MAX_DELAY = 10.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

# Off by default, for the database remembers what pages told. The policy's and the storage's defaults are a development
# aid's: they keep all pages of all sites, for ever, as files.
HTTPCACHE_ENABLED = config.page_cache is not None
HTTPCACHE_POLICY = "timbre_spider.extensions.page_cache.PagePolicy"
HTTPCACHE_STORAGE = "timbre_spider.extensions.page_cache.PageStorage"

# Ours writes beside what is there, and moves it into place when the run has gone well.
FEED_STORAGES = {"": "timbre_spider.extensions.feeds.LocalFeed", "file": "timbre_spider.extensions.feeds.LocalFeed"}
# Default ones would write nested values as Python does. The others, told plain records, do as they are.
FEED_EXPORTERS = {"csv": "timbre_spider.exporters.SongCsvExporter", "xml": "timbre_spider.exporters.SongXmlExporter"}
FEED_EXPORT_ENCODING = "utf-8"

# Default DEBUG prints a line a page and a whole item a line.
LOG_LEVEL = "INFO"
LOG_FORMATTER = "timbre_spider.extensions.log.SongLogFormatter"
