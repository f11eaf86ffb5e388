"""The stage aoty against a server that answers as the site does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from tests.pipelines.aoty.site import KEY, earlier, heard, page, paths
from tests.pipelines.making import fetch_of, song, stats
from tests.sources.server import Reply
from timbre_spider.items import Outcome
from timbre_spider.pipelines.aoty import Aoty
from timbre_spider.storage.override_store import add_override

pytestmark = pytest.mark.integration

# Long ago by the clock on the wall.
THEN = datetime(2020, 6, 1, tzinfo=UTC)


def test_an_album_is_searched_read_and_remembered_for_all_its_songs(bench, site):
    songs = bench.run(Aoty, *(heard(str(n)) for n in range(5)))
    assert {each.aoty.user_score for each in songs} == {81.5}
    assert paths(site) == ["/search/albums/", "/album/1-ann.php"]
    assert parse_qs(urlsplit(site.asked[0].path).query) == {"q": ["Ann Harbour"]}
    told = bench.answers()[KEY]
    assert (told["outcome"], told["values"]["rating_count"]) == ("found", 120)
    assert (round(told["score"], 2), told["tier"]) == (0.99, "exact")


def test_an_album_of_nearly_that_name_is_told_by_how_it_matches(bench, site):
    site.cards, site.pages = [(1, "Harbor")], {"/album/1-ann.php": page(1, title="Harbor")}
    bench.run(Aoty, heard())
    told = bench.answers()[KEY]
    assert (round(told["score"], 2), told["tier"]) == (0.95, "high")


@pytest.mark.parametrize(("age", "days"), [(0, 1), (89, 1), (91, 7), (9000, 7), (-30, 1)])
def test_a_young_album_is_asked_for_again_sooner(bench, site, age, days):
    released = THEN - timedelta(days=age)
    site.pages["/album/1-ann.php"] = page(1, f"{released:%B} {released.day}, {released.year}")
    bench.run(Aoty, heard(), clock=lambda: THEN)
    told = bench.answers()[KEY]
    assert told["next_check"] - told["asked_at"] == timedelta(days=days)


def test_ratings_on_a_page_that_was_kept_are_as_old_as_that_page(bench, site):
    seen = format_datetime(THEN - timedelta(days=2), usegmt=True)

    async def work(context):
        fetch = fetch_of(context)

        async def kept(*asked, **how):
            answer = await fetch(*asked, **how)
            answer.headers["Date"] = seen
            return answer.replace(flags=["cached"])

        return await Aoty(context, kept, stats()).process_item(heard())

    bench.use(work, clock=lambda: THEN)
    told = bench.answers()[KEY]
    assert told["next_check"] - told["asked_at"] == timedelta(days=5)


def test_every_page_is_asked_for_as_robots_txt_allows(bench, site):
    obeyed = []

    async def work(context):
        fetch = fetch_of(context)

        async def watched(service, url, **how):
            obeyed.append((urlsplit(url).path, how["obey_robots"]))
            return await fetch(service, url, **how)

        await Aoty(context, watched, stats()).process_item(heard())

    bench.use(work)
    assert obeyed == [("/search/albums/", True), ("/album/1-ann.php", True)]


def test_editions_of_an_album_share_one_answer(bench, site):
    bench.run(Aoty, heard("1"), heard("2", album_name="Harbour (Deluxe Edition)"))
    assert len(site.asked) == 2


def test_no_card_that_fits_is_an_absence(bench, site):
    site.cards = [(9, "Elsewhere")]
    [done] = bench.run(Aoty, heard())
    assert (done.aoty, done.outcomes["aoty"]) == (None, Outcome.ABSENT)
    assert paths(site) == ["/search/albums/"]


def test_a_known_page_is_read_again_without_a_search(bench, site):
    site.pages["/album/7-ann.php"] = page(7)
    bench.record(earlier())
    [done] = bench.run(Aoty, heard())
    assert paths(site) == ["/album/7-ann.php"]
    assert done.aoty.user_score == 81.5


@pytest.mark.parametrize("status", [404, 410])
def test_a_known_page_that_is_gone_is_looked_for_by_its_names(bench, site, status):
    site.replies["/album/7-ann.php"] = Reply(status)
    bench.record(earlier())
    [done] = bench.run(Aoty, heard())
    assert paths(site) == ["/album/7-ann.php", "/search/albums/", "/album/1-ann.php"]
    assert done.aoty.user_score == 81.5
    assert bench.answers()[KEY]["values"]["url"].endswith("/album/1-ann.php")


def test_a_search_that_leads_to_the_page_that_is_gone_leads_nowhere(bench, site):
    site.replies["/album/1-ann.php"] = Reply(404)
    known = earlier(number=1)
    address = urljoin(bench.settings["aoty_base_url"], known.values["url"])
    bench.record(replace(known, values={**known.values, "url": address}))
    [done] = bench.run(Aoty, heard())
    assert (done.outcomes["aoty"], paths(site)) == (Outcome.ABSENT, ["/album/1-ann.php", "/search/albums/"])


def test_gone_and_not_found_elsewhere_is_an_absence_that_keeps_what_was_known(bench, site):
    site.cards = []
    bench.record(earlier())
    [done] = bench.run(Aoty, heard())
    assert (done.aoty.user_score, done.outcomes["aoty"]) == (70, Outcome.ABSENT)
    told = bench.answers()[KEY]
    assert (told["outcome"], told["misses"], told["values"]["user_score"]) == ("absent", 1, 70)
    bench.make_due()
    bench.run(Aoty, heard())
    assert paths(site) == ["/album/7-ann.php", "/search/albums/", "/search/albums/"]
    assert bench.answers()[KEY]["misses"] == 2


def test_one_question_at_a_time_until_the_first_good_page(bench, site):
    at_once = []
    note = lambda context: at_once.append(context.gates["aoty"].max_in_flight)  # noqa: E731
    bench.run(Aoty, heard(), after=lambda context, stage: note(context))
    site.replies["/search/albums/"] = Reply(403)
    bench.run(Aoty, heard(album_name="Other"), before=note, after=lambda context, stage: note(context))
    assert at_once == [8, 8, 1]


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_refusal_is_met_once_and_nothing_more_is_asked(bench, site, status):
    site.replies["/search/albums/"] = Reply(status)
    songs = bench.run(Aoty, *(heard(str(n), album_name=f"Album {n}") for n in range(5)))
    assert len(site.asked) == 1
    assert {each.outcomes["aoty"] for each in songs} == {Outcome.REFUSED}
    assert {told["outcome"] for told in bench.answers().values()} == {"refused"}


def test_too_much_asked_is_for_later(bench, site):
    site.replies["/search/albums/"] = Reply(429)
    songs = bench.run(Aoty, *(heard(str(n), album_name=f"Album {n}") for n in range(5)))
    assert len(site.asked) == 4
    assert bench.waits == [("aoty", 5), ("aoty", 10), ("aoty", 20)]
    assert {each.outcomes["aoty"] for each in songs} == {Outcome.DEFERRED}
    waits = [told["next_check"] - told["asked_at"] for told in bench.answers().values()]
    assert all(timedelta(minutes=59) < wait <= timedelta(hours=1) for wait in waits)


@pytest.mark.parametrize(
    ("spotify", "outcome"),
    [({}, None), ({"spotify": Outcome.ABSENT}, Outcome.ABSENT), ({"spotify": Outcome.DEFERRED}, Outcome.DEFERRED)],
)
def test_without_an_album_nobody_is_asked(bench, site, spotify, outcome):
    [done] = bench.run(Aoty, song(outcomes=spotify))
    assert done.outcomes.get("aoty") == outcome
    assert (site.asked, bench.answers(), done.asked) == ([], {}, {("aoty", 0): ""})


def test_a_person_s_word_names_the_page(bench, site):
    site.pages["/album/5-right.php"] = page(5)
    bench.use(store_of(song()))
    add_override(bench.database, "aoty", "Ann - Lantern", "https://www.albumoftheyear.org/album/5-right.php")
    [done] = bench.run(Aoty, heard())
    assert paths(site) == ["/album/5-right.php"]
    assert done.aoty.user_score == 81.5
    assert done.asked["aoty", 0] == "url:https://www.albumoftheyear.org/album/5-right.php"
    [told] = bench.answers().values()
    assert (told["score"], told["tier"]) == (None, None)
    del site.pages["/album/5-right.php"]
    bench.make_due()
    [done] = bench.run(Aoty, heard())
    assert done.outcomes["aoty"] is Outcome.ABSENT
    assert paths(site) == ["/album/5-right.php"] * 2
    [told] = bench.answers().values()
    assert (told["outcome"], told["reason"]) == ("absent", "the page is gone")


def store_of(one):
    from timbre_spider.pipelines.dedup import identify

    async def work(context):
        one.identity = await identify(one, context)
        return await context.writer.store(one)

    return work


def test_a_page_of_an_unknown_kind_fails_its_question_is_counted_and_kept(bench, site):
    site.pages["/album/1-ann.php"] = "<html><body><div class='newHeadline'>Harbour</div></body></html>"
    counts = []
    [done] = bench.run(Aoty, heard(), after=lambda context, stage: counts.append(context.unknown_pages.count))
    assert (done.aoty, done.outcomes["aoty"], counts) == (None, Outcome.FAILED, [1])
    [kept] = (bench.folder / "unknown_pages").iterdir()
    assert b"newHeadline" in kept.read_bytes()
