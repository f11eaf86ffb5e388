"""How much is in work at one time, and what comes first."""

import json
from itertools import groupby

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.integration

BATCH = 10
REQUESTS = 4
# The downloader holds REQUESTS, the scraper takes the next while it has no more than 4 kB, 1 kB a batch.
MOST_BATCHES = REQUESTS + 5


@pytest.fixture(scope="module")
def probed(sandbox, module_workspace_for):
    stages = {"tests.crawl.probe.Entrance": 1, "tests.crawl.probe.Slow": 2, "tests.crawl.probe.Exit": 3}
    workspace = module_workspace_for(sandbox.env, BATCH_SIZE=str(BATCH), PYTHONPATH=str(ROOT))
    workspace.run(
        "scrapy", "crawl", "lastfm_top", "-a", "max=400", "-s", f"CONCURRENT_REQUESTS={REQUESTS}",
        "-s", f"ITEM_PIPELINES={json.dumps(stages)}",
    )  # fmt: skip
    return json.loads((workspace.folder / "probe.json").read_text())


def test_songs_in_work_are_bounded(probed):
    assert BATCH < probed["most"] <= MOST_BATCHES * BATCH


def test_the_most_played_artists_come_first(probed):
    from timbre_spider.matching.names.normalise import artist_key

    artists = [key for key, _ in groupby(artist_key(artist) for artist, _ in probed["order"])]
    plays = dict.fromkeys(artists, 0)
    for artist, count in probed["order"]:
        plays[artist_key(artist)] += count
    in_order = sorted(plays, key=lambda artist: -plays[artist])
    # Batches under way together may overtake each other by a few artists, never by the whole list.
    window = MOST_BATCHES * BATCH
    assert all(abs(in_order.index(artist) - artists.index(artist)) <= window for artist in artists)
    assert set(artists[:5]) & set(in_order[:5])
    assert artists.index(in_order[0]) < 5
