import re
from base64 import b64encode
from io import StringIO

import pytest
from dotenv import dotenv_values

from timbre_spider import __version__
from timbre_spider.config import SERVICES, Config, is_local, load_config
from timbre_spider.crawling import project_settings
from timbre_spider.errors import ConfigError

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:8461/2.0/", True),
        ("http://localhost/", True),
        ("http://[::1]:80/", True),
        ("https://api.spotify.com/v1/", False),
        ("http://10.0.0.1/", False),
    ],
)
def test_only_this_machine_is_local(url, local):
    assert is_local(url) is local


LIVE_PACE = {
    "scrape_concurrency": 4,
    "scrape_delay_sec": 2.0,
    "batch_size": 50,
    "db_batch_size": 2000,
    "spotify_rate_limit": 100,
    "lastfm_rate_limit": 200,
    "aoty_rate_limit": 30,
}
LASTFM_HERE = {"lastfm_base_url": "http://127.0.0.1:1/"}
AOTY_HERE = {"aoty_base_url": "http://127.0.0.1:1"}


def test_live_services_are_asked_at_the_pace_agreed_on():
    config = load_config(_env_file=None)
    assert {name: getattr(config, name) for name in LIVE_PACE} == LIVE_PACE
    assert [config.limit(service) for service in SERVICES] == [200, 100, 30, 60, 300, 50, 12]
    assert config.page_delay == 2.0


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({"lastfm_rate_limit": 60}, 60),
        ({"lastfm_rate_limit": 301}, 300),
        (LASTFM_HERE, None),
        (LASTFM_HERE | {"lastfm_rate_limit": 200}, 200),
        (LASTFM_HERE | {"lastfm_rate_limit": 1000}, 300),
    ],
)
def test_limits_hold_for_live_services_and_where_they_are_set(settings, limit):
    assert load_config(_env_file=None, **settings).limit("lastfm") == limit


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        ({"scrape_delay_sec": 0.5}, 0.5),
        ({"scrape_delay_sec": 0}, 0),
        (AOTY_HERE, 0),
        (AOTY_HERE | {"scrape_delay_sec": 2}, 2),
        (AOTY_HERE | {"aoty_rate_limit": 30}, 0),
    ],
)
def test_the_delay_between_pages_holds_alike(settings, seconds):
    assert load_config(_env_file=None, **settings).page_delay == seconds


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        (None, ""),
        ("https://ann.blog/music", " ( https://ann.blog/music )"),
        ("http://ann.blog:8080", " ( http://ann.blog:8080 )"),
        ("ann@mail.ann.blog", " ( ann@mail.ann.blog )"),
        ("mailto:ann@ann.blog", " ( mailto:ann@ann.blog )"),
        ("bayou@marches.org", " ( bayou@marches.org )"),
    ],
)
def test_the_user_agent_names_the_operator_s_contact_and_nobody_else(contact, agent):
    assert load_config(_env_file=None, user_agent_contact=contact).user_agent == f"timbre_spider/{__version__}{agent}"


def test_scrapy_says_it_with_every_request():
    settings, config = project_settings()
    assert settings["USER_AGENT"] == config.user_agent


@pytest.mark.parametrize(
    "contact",
    [
        *("ann", "ann@home", "ann.blog", "https://localhost/", "ftp://ann.blog", "ann@ann.blog (me)"),
        *("me@example.com", "https://example.org/x", "https://www.example.net", "ann@mail.test", "https://a.invalid"),
        *("you@mail.org", "your-name@mail.org", "https://yourdomain.org", "https://my.site/", "changeme@mail.org"),
        *("ann@ann.blog\r\nX: y", "änn@ann.blog", "https://ann.blog/ä"),
    ],
)
def test_a_contact_that_reaches_nobody_is_refused_in_a_line(contact):
    with pytest.raises(
        ConfigError, match=r"^The configuration is wrong: USER_AGENT_CONTACT: (?!Value error).*reach you\.[^\n]*$"
    ):
        load_config(_env_file=None, user_agent_contact=contact)


@pytest.mark.parametrize(
    ("value", "proxies"),
    [
        (None, []),
        ("http://one:1", ["http://one:1"]),
        (
            " http://u:a,b@one:1,http://two:2\thttp://[::1]:3/ ",
            ["http://u:a,b@one:1", "http://two:2", "http://[::1]:3/"],
        ),
    ],
)
def test_proxies_are_one_or_several(value, proxies):
    assert load_config(_env_file=None, aoty_proxy_url=value).aoty_proxies == proxies


@pytest.mark.parametrize(
    "value",
    [
        "one:3128",
        "http://one",
        "https://one:1",
        "socks5://one:1",
        "http://:1",
        "http://one:x",
        "http://one:1 two:2",
        "http://[1",
    ],
)
def test_what_is_no_proxy_is_refused_without_being_repeated(value):
    with pytest.raises(ConfigError, match=r"AOTY_PROXY_URL: .*is no http://") as raised:
        load_config(_env_file=None, aoty_proxy_url=value)
    assert value not in str(raised.value).replace("http://[user", "")


def test_an_empty_setting_is_none(monkeypatch):
    monkeypatch.setenv("AOTY_RATE_LIMIT", "")
    monkeypatch.setenv("AOTY_BASE_URL", "http://127.0.0.1:1")
    assert load_config(_env_file=None).limit("aoty") is None


def test_a_file_that_cannot_be_read_is_one_line(tmp_path):
    path = tmp_path / ".env"
    path.write_bytes(b"LASTFM_USERNAME=caf\xe9\n")
    with pytest.raises(ConfigError, match=r"\.env cannot be read"):
        load_config(_env_file=path)


def test_a_wrong_setting_is_named_without_its_value():
    with pytest.raises(ConfigError, match="MAX_SONGS") as caught:
        load_config(_env_file=None, max_songs="lots", lastfm_api_key="topsecret")
    assert "topsecret" not in str(caught.value)


def test_every_secret_is_known_for_redaction():
    kept = [name for name, field in Config.model_fields.items() if "Secret" in str(field.annotation)]
    secrets = {name: f"http://{name}:80" for name in kept}
    assert len(secrets) >= 8
    assert set(secrets.values()) <= set(load_config(_env_file=None, **secrets).secrets())


@pytest.mark.parametrize(
    ("setting", "address", "secret"),
    [
        ("database_url", "postgresql://u:p%40ssw0rd@h/d", "p%40ssw0rd"),
        ("database_url", "postgresql://u:p%40ssw0rd@h/d", "p@ssw0rd"),
        ("database_url", "postgresql://h/d?user=u&password=p%40ssw0rd", "p@ssw0rd"),
        ("database_url", "postgresql://h/d?sslmode=require&sslpassword=hunter2", "hunter2"),
        ("redis_url", "redis://:hunter2@h/0", "hunter2"),
        ("aoty_proxy_url", "http://me:p%40ssw0rd@proxy:3128", b64encode(b"me:p@ssw0rd").decode()),
        ("aoty_proxy_url", "http://a:1@one:1 http://me:hunter2@two:2", "hunter2"),
        ("aoty_proxy_url", "http://a:1@one:1 http://me:hunter2@two:2", "http://me:hunter2@two:2"),
    ],
)
def test_passwords_inside_addresses_are_secrets_too(setting, address, secret):
    assert secret in load_config(_env_file=None, **{setting: address}).secrets()


def test_the_login_spotify_is_sent_is_a_secret():
    config = load_config(_env_file=None, spotify_client_id="an-id", spotify_client_secret="a-secret")
    assert b64encode(b"an-id:a-secret").decode() in config.secrets()


def test_whatever_an_error_quotes_it_shows_no_secret():
    load_config(_env_file=None, lastfm_api_key="marked-key-4711")
    assert str(ConfigError("Invalid key - marked-key-4711")) == "Invalid key - ***"


def test_the_example_names_every_setting_with_its_default(pytestconfig):
    text = (pytestconfig.rootpath / ".env.example").read_text()
    written = dotenv_values(stream=StringIO(text))
    assert list(written) == [name.upper() for name in Config.model_fields]
    defaults = load_config(_env_file=None)
    for name, value in written.items():
        default = getattr(defaults, name.lower())
        if value:
            assert value == str(default), name
        elif name.endswith(("_RATE_LIMIT", "_DELAY_SEC")):
            # Written out they would slow a stand-in down too; the comment above tells them.
            comment = text.partition(f"\n{name}=")[0].rpartition("\n\n")[2]
            assert re.search(rf"\b{default}\b", comment), name
        else:
            assert default is None or name.endswith("_URL"), name


def test_the_documentation_names_the_same_limits(pytestconfig):
    assumed = (pytestconfig.rootpath / "docs" / "assumptions.md").read_text()
    row = next(line for line in assumed.splitlines() if "Requests a minute" in line)
    named = [int(number) for number in re.findall(r"(?:fm|Spotify|AOTY|Brainz|Deezer|labs of ListenBrainz) (\d+)", row)]
    config = load_config(_env_file=None)
    assert named == [config.limit(service) for service in SERVICES]
    readme = (pytestconfig.rootpath / "README.md").read_text()
    assert f"{named[0]} requests a minute to Last.fm, {named[1]} to Spotify, {named[2]} to AOTY" in readme


def test_a_run_obeys_and_offers_nobody_a_way_in():
    settings, config = project_settings()
    assert settings.getbool("ROBOTSTXT_OBEY")
    # Ours wait, at the wire; and no site is told who comes back.
    off = ("COOKIES_ENABLED", "RETRY_ENABLED", "TELNETCONSOLE_ENABLED", "REMOTE_CONTROL_ENABLED")
    assert [name for name in off if settings.getbool(name)] == []
    # A stop signal is obeyed within ten seconds.
    assert settings.getint("DOWNLOAD_TIMEOUT") == 9
    # Songs in work: at most so many batches, each of 1 kB, behind as many as are asked for.
    bounds = (settings.getint("SCRAPER_SLOT_MAX_ACTIVE_SIZE"), settings.getint("CONCURRENT_REQUESTS"))
    assert bounds == (4096, config.scrape_concurrency + 8)
    assert [settings.getfloat(f"AUTOTHROTTLE_{name}") for name in ("MAX_DELAY", "TARGET_CONCURRENCY")] == [10, 1]
    stages = sorted(settings["ITEM_PIPELINES"].items(), key=lambda stage: stage[1])
    assert [name.rpartition(".")[2] for name, _ in stages] == [
        "Validate", "Recall", "Open", "Spotify", "Labs", "Tags", "Aoty", "Dedup", "Postgres",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "budget"),
    [({}, 400), ({"spotify_mode": "extended"}, None), ({"spotify_budget": 7}, 7), ({"spotify_budget": 0}, None)],
)
def test_how_many_calls_of_a_kind_spotify_is_believed_to_bear_in_a_day(settings, budget):
    keys = {"spotify_client_id": "id", "spotify_client_secret": "secret"}
    assert load_config(_env_file=None, **keys, **settings).spotify_calls_a_day == budget
