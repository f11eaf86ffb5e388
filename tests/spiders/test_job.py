import pytest

from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError, UsageError
from timbre_spider.spiders.job import Job

pytestmark = pytest.mark.unit


@pytest.fixture
def config():
    return load_config(_env_file=None, lastfm_username="ann", max_songs=50)


def test_what_is_not_said_comes_from_the_configuration(config):
    job = Job.from_arguments(config)
    assert (job.listener, job.max_songs, job.period) == ("ann", 50, "overall")


@pytest.mark.parametrize("wrong", ["0", "abc", "-1", "1.5", "", "9" * 12, "٣x"])
def test_a_wrong_number_of_songs_is_named(config, wrong):
    with pytest.raises(UsageError, match="is not a number of songs"):
        Job.from_arguments(config, max=wrong)


def test_an_unknown_period_is_named(config):
    with pytest.raises(UsageError, match="period=year"):
        Job.from_arguments(config, period="year")


def test_without_a_listener_the_cure_is_told():
    with pytest.raises(ConfigError, match="LASTFM_USERNAME"):
        Job.from_arguments(load_config(_env_file=None, lastfm_username=""), max="5")


def test_a_job_survives_the_queue(config):
    from dataclasses import asdict

    job = Job.from_arguments(config, max="7", period="7day")
    assert Job.from_json(asdict(job)) == job
