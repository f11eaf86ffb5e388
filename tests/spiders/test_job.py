from dataclasses import asdict

import pytest

from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError
from timbre_spider.spiders.arguments import BackfillArguments, ChartArguments
from timbre_spider.spiders.job import Job

pytestmark = pytest.mark.unit


@pytest.fixture
def config():
    return load_config(_env_file=None, lastfm_username="ann", max_songs=50)


def test_what_is_not_said_comes_from_the_configuration(config):
    job = Job.from_arguments(config, ChartArguments())
    assert (job.listener, job.max_songs, job.period) == ("ann", 50, "overall")


def test_what_is_said_wins_over_the_configuration(config):
    job = Job.from_arguments(config, ChartArguments(max=7, user="bob", period="7day"))
    assert (job.listener, job.max_songs, job.period) == ("bob", 7, "7day")


def test_a_backfill_looks_at_songs_of_all_time(config):
    assert Job.from_arguments(config, BackfillArguments(max=7)).period == "overall"


def test_without_a_listener_the_cure_is_told():
    with pytest.raises(ConfigError, match="LASTFM_USERNAME"):
        Job.from_arguments(load_config(_env_file=None, lastfm_username=""), ChartArguments(max=5))


def test_a_job_survives_the_queue(config):
    job = Job.from_arguments(config, ChartArguments(max=7, period="7day"))
    assert Job.from_json(asdict(job)) == job
