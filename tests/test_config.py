import pytest

from timbre_spider.config import Config, is_local, load_config
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


@pytest.mark.parametrize(
    ("settings", "limit"),
    [
        ({}, 220),
        ({"lastfm_rate_limit": 60}, 60),
        ({"lastfm_base_url": "http://127.0.0.1:1/"}, None),
        ({"lastfm_base_url": "http://127.0.0.1:1/", "lastfm_rate_limit": 60}, 60),
    ],
)
def test_limits_hold_for_live_services_and_where_they_are_set(settings, limit):
    assert load_config(_env_file=None, **settings).limit("lastfm") == limit


def test_a_wrong_setting_is_named_without_its_value():
    with pytest.raises(ConfigError, match="MAX_SONGS") as caught:
        load_config(_env_file=None, max_songs="lots", lastfm_api_key="topsecret")
    assert "topsecret" not in str(caught.value)


def test_every_secret_is_known_for_redaction():
    kept = [name for name, field in Config.model_fields.items() if "Secret" in str(field.annotation)]
    secrets = {name: f"{name}-value" for name in kept}
    assert len(secrets) >= 8
    assert sorted(load_config(_env_file=None, **secrets).secrets()) == sorted(secrets.values())


def test_passwords_inside_addresses_are_secrets_too():
    config = load_config(_env_file=None, database_url="postgresql://u:p%40ss@h/d", redis_url="redis://:hunter2@h/0")
    assert {"p%40ss", "p@ss", "hunter2"} <= set(config.secrets())


def test_the_example_names_every_setting(pytestconfig):
    lines = (pytestconfig.rootpath / ".env.example").read_text().splitlines()
    names = {line.partition("=")[0] for line in lines if line and not line.startswith("#")}
    assert names == {name.upper() for name in Config.model_fields}
