import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.config import load_config
from timbre_spider.errors import ConfigError
from timbre_spider.sharing import dumps, loads, worker_settings

pytestmark = pytest.mark.unit

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()) | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.binary(), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), VALUES))
def test_a_request_survives_the_queue(request_dict):
    assert loads(dumps(request_dict)) == request_dict


def test_what_somebody_else_wrote_into_redis_runs_no_code(tmp_path):
    marker = tmp_path / "ran"

    class Evil:
        def __reduce__(self):
            return (open, (str(marker), "w"))

    with pytest.raises(ValueError):  # noqa: PT011 (the kind of ValueError is the codec's)
        loads(pickle.dumps(Evil()))
    assert not marker.exists()


def test_workers_need_redis():
    with pytest.raises(ConfigError, match="REDIS_URL"):
        worker_settings(load_config(_env_file=None, redis_url=None), None)
