import pytest

from timbre_spider.sources.traffic import Traffic

pytestmark = pytest.mark.unit


def test_the_most_in_any_minute():
    now = [0.0]
    traffic = Traffic(lambda: now[0])
    for now[0] in (0, 30, 59.9, 60, 200):
        traffic.sent()
    assert (traffic.requests, traffic.most_per_minute) == (5, 3)


def test_each_kind_is_counted():
    traffic = Traffic(lambda: 0.0)
    traffic.sent(while_shut=True)
    traffic.sent(is_retry=True)
    traffic.sent(against_robots=True)
    for status in (200, 429, 200):
        traffic.answered(status)
    assert (traffic.while_shut, traffic.retries, traffic.against_robots) == (1, 1, 1)
    assert traffic.statuses == {200: 2, 429: 1}
