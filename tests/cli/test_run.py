"""`timbre run` before the crawl starts."""

import sys
from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace

import pytest

from timbre_spider.cli.run import run
from timbre_spider.config import load_config
from timbre_spider.crawling import project_settings
from timbre_spider.errors import ConfigError, UsageError

pytestmark = pytest.mark.unit


@pytest.fixture
def loaded(monkeypatch, tmp_path):
    """Each configuration that is loaded, in a folder without any `.env`."""
    loaded = []

    def load(**given):
        loaded.append(load_config(**given))
        return loaded[-1]

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("timbre_spider.config.load_config", load)
    monkeypatch.delitem(sys.modules, "timbre_spider.settings", raising=False)
    return loaded


def test_the_configuration_is_loaded_once(monkeypatch, loaded):
    monkeypatch.setenv("LASTFM_API_KEY", "k" * 32)
    monkeypatch.delenv("LASTFM_USERNAME", raising=False)
    with pytest.raises(ConfigError, match="LASTFM_USERNAME"):
        run()
    assert len(loaded) == 1


def test_settings_follow_the_environment_where_they_are_read_again(monkeypatch, loaded):
    monkeypatch.setenv("BATCH_SIZE", "7")
    assert project_settings()[0].getint("CONCURRENT_ITEMS") == 7
    monkeypatch.setenv("BATCH_SIZE", "9")
    assert project_settings()[1].batch_size == 7
    settings, config = project_settings(reread=True)
    assert (settings.getint("CONCURRENT_ITEMS"), config.batch_size) == (9, 9)
    assert config is import_module("timbre_spider.settings").config


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"listenbrainz": ["ann"], "history": True}, "--history .*--listenbrainz.*give one"),
        ({"listenbrainz": ["a b"]}, "^--listenbrainz a b is wrong: use a listener's name.$"),
        ({"user": ["ann", "a b"]}, "^--user a b is wrong"),
        ({"max_songs": 5_000_000}, "^--max-songs 5000000 is wrong"),
        ({"period": "never"}, "^--period never is wrong"),
    ],
)
def test_wrong_arguments_are_told_before_a_sandbox_starts(monkeypatch, capsys, given, said):
    monkeypatch.delenv("LASTFM_API_KEY", raising=False)
    monkeypatch.setattr("timbre_spider.cli.run.own_sandbox", lambda rows: pytest.fail("a sandbox was started"))
    with pytest.raises(UsageError, match=said):
        run(**given)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("given", [{}, {"max_songs": 20}, {"sandbox": False}])
def test_a_run_against_the_sandbox_is_about_its_listener(monkeypatch, loaded, given):
    monkeypatch.delenv("LASTFM_API_KEY", raising=False)
    monkeypatch.delenv("LASTFM_USERNAME", raising=False)
    listeners = []

    @contextmanager
    def sandbox(rows):
        monkeypatch.setenv("LASTFM_API_KEY", "k" * 32)
        monkeypatch.setenv("LASTFM_USERNAME", "listener")
        yield

    def crawl(*arguments, **more):
        listeners.append(project_settings()[1].lastfm_username)
        return SimpleNamespace(error=None)

    monkeypatch.setattr("timbre_spider.cli.run.own_sandbox", sandbox)
    monkeypatch.setattr("timbre_spider.cli.run._run", crawl)
    run(**{"sandbox": True} | given)
    assert listeners == ["listener"]
