"""Several workers on one Redis ask Album of the Year as one worker does."""

import asyncio
from collections import Counter

import pytest

from tests.pipelines.aoty.site import artist_page, heard, page, paths
from tests.pipelines.making import context_of, fetch_of, opened, stats
from tests.sources.server import Reply
from timbre_spider.items import Outcome
from timbre_spider.pipelines.aoty import Aoty, shared

pytestmark = pytest.mark.integration

TITLES = ["Harbour", "Anchor", "Beacon", "Compass"]


@pytest.fixture(autouse=True)
def soon_again(monkeypatch):
    monkeypatch.setattr(shared, "_MOMENT", 0.01)


@pytest.fixture
def workers(bench, redis, redis_server):
    """What each of several workers does with its songs, all at the same time."""

    def run(*shares):
        async def one(number, songs):
            context = context_of(
                bench.database, bench.folder / str(number), redis_url=redis_server, scrape_concurrency=1,
                aoty_base_url=bench.settings["aoty_base_url"],
            )  # fmt: skip
            async with opened(context):
                stage = Aoty(context, fetch_of(context), stats())
                stage.catches_all = False
                return await asyncio.gather(*map(stage.process_item, songs))

        async def all_of_them():
            return await asyncio.gather(*(one(number, songs) for number, songs in enumerate(shares)))

        return asyncio.run(all_of_them())

    return run


def test_an_album_of_several_workers_is_asked_for_once(workers, site):
    done = workers([heard("1"), heard("2")], [heard("3")], [heard("4")])
    assert {each.aoty.user_score for songs in done for each in songs} == {81.5}
    assert paths(site) == ["/search/albums/", "/album/1-ann.php"]


def test_an_artist_s_albums_are_on_one_page_for_all_workers(workers, site):
    site.pages |= {"/artist/1-ann/": artist_page(*enumerate(TITLES, 1))}
    site.pages |= {f"/album/{n}-ann.php": page(n, title=title) for n, title in enumerate(TITLES, 1)}
    site.cards = list(enumerate(TITLES, 1))
    done = workers(*([heard(title, album_name=title)] for title in TITLES))
    assert [songs[0].aoty.title for songs in done] == TITLES
    asked = Counter(paths(site))
    assert asked["/search/albums/"] == 1
    assert max(asked.values()) == 1


def test_what_one_worker_did_not_find_no_other_looks_for(workers, site):
    site.cards = []
    done = workers([heard("1")], [heard("2")])
    assert [songs[0].outcomes["aoty"] for songs in done] == [Outcome.ABSENT] * 2
    assert paths(site) == ["/search/albums/"]


def test_a_page_that_failed_holds_up_no_other_worker(workers, site):
    site.replies["/search/albums/"] = Reply(500)
    done = workers([heard("1")], [heard("2")])
    assert [songs[0].outcomes["aoty"] for songs in done] == [Outcome.FAILED] * 2
