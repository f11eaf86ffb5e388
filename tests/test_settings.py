"""How Scrapy is set: polite before fast, in the order that each component relies on."""

import runpy
from pathlib import Path
from typing import Any

import pytest

from timbre_spider import config as configuration
from timbre_spider import settings as ours
from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError

pytestmark = pytest.mark.unit


@pytest.fixture
def settings_of(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings made from a configuration."""

    def made(**given: Any) -> dict[str, Any]:
        monkeypatch.setattr(configuration, "load_config", lambda: load_config(_env_file=None, **given))
        return runpy.run_path(str(Path(ours.__file__)))

    return made


def in_order(components: dict[str, int | None]) -> list[str]:
    """Names of the components that are on, the first one first."""
    on = {name: place for name, place in components.items() if place is not None}
    return [name.rpartition(".")[2] for name in sorted(on, key=lambda name: on[name])]


def test_each_component_has_its_place(settings_of: Any) -> None:
    made = settings_of()
    assert in_order(made["ITEM_PIPELINES"]) == [
        "Validate", "Recall", "Open", "Spotify", "Labs", "Tags", "Aoty", "Dedup", "Postgres",
    ]  # fmt: skip
    # An address of another before its rules are asked for; a page is drawn when all else let it through.
    assert in_order(made["DOWNLOADER_MIDDLEWARES"]) == ["OwnAddress", "RobotsMiddleware", "Render"]
    assert max(filter(None, made["DOWNLOADER_MIDDLEWARES"].values())) < 550  # Scrapy's own that repeat and unpack
    # Lines are open before anything works; feeds are written before the record tells of them.
    assert in_order(made["EXTENSIONS"]) == ["Connections", "Stopping", "Feeds", "RunRecord", "Progress"]


def test_what_scrapy_would_do_besides_is_off(settings_of: Any) -> None:
    made = settings_of()
    off = {**made["EXTENSIONS"], **made["DOWNLOADER_MIDDLEWARES"]}
    assert {name.rpartition(".")[2] for name, place in off.items() if place is None} == {
        "TelnetConsole", "RemoteControl", "LogStats", "FeedExporter", "RobotsTxtMiddleware",
    }  # fmt: skip
    names = ("COOKIES_ENABLED", "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED", "RETRY_ENABLED", "HTTPCACHE_ENABLED")
    assert {name: made[name] for name in names} == dict.fromkeys(names, False)
    assert (made["ROBOTSTXT_OBEY"], made["LOG_LEVEL"], made["DOWNLOAD_TIMEOUT"]) == (True, "INFO", 9)


def test_every_request_leaves_through_the_gate_of_its_service(settings_of: Any) -> None:
    handlers = settings_of()["DOWNLOAD_HANDLERS"]
    assert {scheme: name.rpartition(".")[2] for scheme, name in handlers.items()} == dict.fromkeys(
        ("http", "https"), "PoliteDownloadHandler"
    )


@pytest.mark.parametrize(
    ("given", "delay", "throttled", "start"),
    [
        ({}, 2.0, True, 2.0),
        ({"scrape_delay_sec": 0}, 0, True, 1.0),
        ({"scrape_delay_sec": 7.5}, 7.5, True, 7.5),
        # A stand-in on this machine has no patience to protect, unless it is said to have.
        ({"aoty_base_url": "http://127.0.0.1:8005"}, 0, False, 1.0),
        ({"aoty_base_url": "http://127.0.0.1:8005", "scrape_delay_sec": 3}, 3, True, 3),
    ],
)
def test_pages_of_aoty_are_apart_and_those_of_documented_apis_paced_by_their_gates(
    settings_of: Any, given: dict[str, Any], delay: float, throttled: bool, start: float
) -> None:
    made = settings_of(**given)
    slots = made["DOWNLOAD_SLOTS"]
    assert slots.pop("aoty") == {"concurrency": 4, "delay": delay}
    assert set(slots) == {"", "lastfm", "listenbrainz", "deezer", "musicbrainz"}
    assert all(each == {"concurrency": 16, "delay": 0, "jitter": 0} for each in slots.values())
    assert (made["DOWNLOAD_DELAY"], made["AUTOTHROTTLE_ENABLED"], made["AUTOTHROTTLE_START_DELAY"]) == (
        delay, throttled, start,
    )  # fmt: skip
    assert (made["AUTOTHROTTLE_MAX_DELAY"], made["AUTOTHROTTLE_TARGET_CONCURRENCY"]) == (10.0, 1.0)


@pytest.mark.parametrize(("concurrency", "requests", "a_domain"), [(4, 12, 8), (1, 9, 8), (30, 38, 30)])
def test_so_many_songs_are_in_work_at_a_time(settings_of: Any, concurrency: int, requests: int, a_domain: int) -> None:
    made = settings_of(scrape_concurrency=concurrency, batch_size=70)
    assert (made["CONCURRENT_REQUESTS"], made["CONCURRENT_REQUESTS_PER_DOMAIN"]) == (requests, a_domain)
    assert (made["SCRAPER_SLOT_MAX_ACTIVE_SIZE"], made["CONCURRENT_ITEMS"]) == (4096, 70)
    assert made["DOWNLOAD_SLOTS"]["aoty"]["concurrency"] == concurrency


def test_pages_are_kept_where_a_place_is_named_and_who_asks_is_said(settings_of: Any) -> None:
    made = settings_of(page_cache="disk", user_agent_contact="ann@ann.blog")
    assert made["HTTPCACHE_ENABLED"] is True
    assert "ann@ann.blog" in made["USER_AGENT"]


def test_a_wrong_setting_is_a_line_and_status_two(
    settings_of: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong() -> None:
        raise ConfigError("MAX_SONGS is wrong.")

    monkeypatch.setattr(configuration, "load_config", wrong)
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(Path(ours.__file__)))
    assert ended.value.code == 2
    assert "MAX_SONGS is wrong." in capsys.readouterr().err
