"""What a job hands out: batches of whole artists, the most played first, and the rest kept for later."""

from collections import Counter
from types import SimpleNamespace

import pytest

from timbre_spider.items import ChartRow
from timbre_spider.matching.names.normalise import artist_key
from timbre_spider.spiders.folded_chart import FoldedChart
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop

pytestmark = pytest.mark.unit


def folded(songs, albums=()):
    job = Job("id", "mira", 5, "overall")
    return FoldedChart(job, songs, dict(albums), lambda artist, title: f"{artist}/{title}")


def test_batches_go_out_in_order_of_plays_and_the_rest_stays():
    songs = [[ChartRow(f"Artist {n}", "Song", 100 - n, n)] for n in range(1, 8)]
    stats = Counter()
    spider = SimpleNamespace(
        crawler=SimpleNamespace(stats=SimpleNamespace(inc_value=lambda name, count: stats.update({name: count}))),
        context=SimpleNamespace(config=SimpleNamespace(batch_size=2)),
        read_batch=None,
    )
    chart = folded(songs, {artist_key("Artist 1"): ["Harbour"]})
    batches = list(LastfmTop._batches(spider, chart, LastfmTop._take(spider, chart, 5)))
    assert [batch.priority for batch in batches] == [0, -1, -2]
    handed = [batch.cb_kwargs["songs"] for batch in batches]
    assert [[rows[0].artist for rows, *_ in songs] for songs in handed] == [
        ["Artist 1", "Artist 2"],
        ["Artist 3", "Artist 4"],
        ["Artist 5"],
    ]
    rows, told, albums = handed[0][0]
    assert (rows[0].name_id, told, albums) == ("Artist 1/Song", (1, "Artist 1", True), ["Harbour"])
    assert stats == {"timbre/rows/beyond": -5, "timbre/plays/beyond": -(100 * 5 - 15)}
    assert [rows for rows, *_ in chart.rest()] == songs[5:]
    assert {(batch.cb_kwargs["listener"], batch.dont_filter) for batch in batches} == {("mira", True)}
    assert chart.take(-1) == []
    assert [rows for rows, *_ in chart.rest()] == songs[5:]


def test_the_job_itself_comes_before_its_batches():
    job = Job("id", "mira", 5, "overall")
    request = LastfmTop._job_request(SimpleNamespace(read_chart=None), job)
    assert (request.priority, request.dont_filter) == (1, True)
    assert Job(**request.cb_kwargs["job"]) == job
