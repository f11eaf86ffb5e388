from uuid import uuid4

import pytest

from timbre_spider.spiders.tally import LocalTally

pytestmark = pytest.mark.unit


def test_distinct_songs_count_and_those_that_joined_another_do_not():
    tally, one, other = LocalTally(), uuid4(), uuid4()
    tally.add("job", 3)
    tally.count_stored("job", one, ())
    tally.count_stored("job", one, ())
    tally.count_stored("job", other, (one,))
    assert (tally.stored("job"), tally.waiting("job")) == (1, 0)


def test_a_job_with_nothing_to_do_ends_like_any_other():
    LocalTally().end("job")


def test_an_ended_job_is_forgotten():
    tally = LocalTally()
    tally.add("job", 1)
    tally.end("job")
    assert (tally.stored("job"), tally.waiting("job")) == (0, 0)
