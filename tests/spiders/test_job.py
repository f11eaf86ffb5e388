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
    [job] = Job.all_of(config, ChartArguments())
    assert (job.listener, job.max_songs, job.period) == ("ann", 50, "overall")


def test_what_is_said_wins_over_the_configuration(config):
    [job] = Job.all_of(config, ChartArguments(max=7, user="bob", period="7day"))
    assert (job.listener, job.max_songs, job.period) == ("bob", 7, "7day")


def test_several_listeners_are_a_job_each_and_one_named_twice_is_one(config):
    jobs = Job.all_of(config, ChartArguments(users=["bob", "cat", "BOB"], period="7day"))
    assert [(job.listener, job.max_songs, job.period) for job in jobs] == [("bob", 50, "7day"), ("cat", 50, "7day")]
    assert jobs[0].id != jobs[1].id


def test_a_backfill_looks_at_songs_of_all_time(config):
    assert Job.all_of(config, BackfillArguments(max=7))[0].period == "overall"


def test_without_a_listener_the_cure_is_told():
    with pytest.raises(ConfigError, match=r"LASTFM_USERNAME in \.env, or say --user NAME \(scrapy"):
        Job.all_of(load_config(_env_file=None, lastfm_username=""), ChartArguments(max=5))
