import pytest

from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError
from timbre_spider.sharing import worker_settings

pytestmark = pytest.mark.unit


def test_workers_need_redis():
    with pytest.raises(ConfigError, match="REDIS_URL"):
        worker_settings(load_config(_env_file=None, redis_url=None), None)


def test_nothing_of_a_worker_s_reads_pickle_and_all_its_keys_have_one_prefix():
    settings = worker_settings(load_config(_env_file=None, redis_url="redis://localhost:1/0"), 5)
    assert settings["SCHEDULER_SERIALIZER"] == "json"
    assert settings["SCHEDULER_DUPEFILTER_KEY"].startswith("timbre:")
    assert settings["IDLE_BEFORE_END"] == 5
