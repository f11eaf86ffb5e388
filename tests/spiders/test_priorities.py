"""What a job hands out: batches of whole artists, the most played first, and the rest kept for later."""

from collections import Counter
from functools import partial
from types import SimpleNamespace

import pytest

from timbre_spider.items import ChartRow
from timbre_spider.spiders.batches import Artists
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop

pytestmark = pytest.mark.unit


def test_batches_go_out_in_order_of_plays_and_the_rest_stays():
    songs = [[ChartRow(f"Artist {n}", "Song", 100 - n, n)] for n in range(1, 8)]
    stats = Counter()
    spider = SimpleNamespace(
        _albums={},
        _beyond={"id": (Job("id", "mira", 5, "overall"), songs, Artists(songs))},
        crawler=SimpleNamespace(stats=SimpleNamespace(inc_value=lambda name, count: stats.update({name: count}))),
        context=SimpleNamespace(
            config=SimpleNamespace(batch_size=2),
            rules=SimpleNamespace(name_id=lambda artist, title: f"{artist}/{title}"),
        ),
        read_batch=None,
    )
    spider._handed_out = partial(LastfmTop._handed_out, spider)
    batches = list(LastfmTop._batches(spider, "id", LastfmTop._take(spider, "id", 5)))
    assert [batch.priority for batch in batches] == [0, -1, -2]
    assert [[rows[0].artist for rows, *_ in batch.cb_kwargs["songs"]] for batch in batches] == [
        ["Artist 1", "Artist 2"],
        ["Artist 3", "Artist 4"],
        ["Artist 5"],
    ]
    assert stats == {"timbre/rows/beyond": -5, "timbre/plays/beyond": -(100 * 5 - 15)}
    assert spider._beyond["id"][1] == songs[5:]
    assert {(batch.cb_kwargs["listener"], batch.dont_filter) for batch in batches} == {("mira", True)}
    assert LastfmTop._take(spider, "id", -1) == []
    assert spider._beyond["id"][1] == songs[5:]


def test_the_job_itself_comes_before_its_batches():
    job = Job("id", "mira", 5, "overall")
    request = LastfmTop._job_request(SimpleNamespace(read_chart=None), job)
    assert (request.priority, request.dont_filter) == (1, True)
    assert Job(**request.cb_kwargs["job"]) == job
