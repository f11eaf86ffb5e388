"""The whole chart, asked for by real HTTP of a Last.fm that errs in every way a page can; waits in fake time."""

import asyncio
import json
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from scrapy.http import TextResponse

from tests.sources.fake_time import run
from tests.sources.server import Reply, serving
from timbre_spider.errors import KeyRejected, NoAnswer, Unusable, UserPrivate, UserUnknown
from timbre_spider.extensions.failures import Failures
from timbre_spider.run_summary import ChartReading
from timbre_spider.sources.asking import ask
from timbre_spider.sources.gate import Gate
from timbre_spider.spiders import chart
from timbre_spider.spiders.chart import read_whole_chart
from timbre_spider.spiders.job import Job

pytestmark = pytest.mark.integration

JOB = Job("id", "mira", 100, "7day")
ROWS = 37
SIZES = (10, 5, 2)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(chart, "PAGE_SIZES", SIZES)


class LastFm:
    """A chart of so many rows. `fault` gets the page and the rows a page that are asked for, how often they were
    before, and the true answer as JSON; what it returns goes out: a Reply, or JSON, or the true answer for None.
    """

    def __init__(self, rows=ROWS, fault=lambda page, limit, before, true: None):
        self.titles = [f"Song {number}" for number in range(rows)]
        self.fault = fault
        self.asked = []

    def __call__(self, asked):
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        page, limit = int(query["page"]), int(query["limit"])
        before = self.asked.count((page, limit))
        self.asked.append((page, limit))
        given = self.fault(page, limit, before, self.page(page, limit))
        if isinstance(given, Reply):
            return given
        return Reply(body=json.dumps(given or self.page(page, limit)))

    def page(self, page, limit):
        first = (page - 1) * limit
        tracks = [
            {"name": title, "artist": {"name": "Ann"}, "playcount": str(99 - place), "@attr": {"rank": str(place)}}
            for place, title in enumerate(self.titles[first : first + limit], first + 1)
        ]
        numbers = {
            "page": page,
            "perPage": limit,
            "total": len(self.titles),
            "totalPages": -(-len(self.titles) // limit),
        }
        return {"toptracks": {"track": tracks, "@attr": {"user": "mira", **{k: str(v) for k, v in numbers.items()}}}}


def answer_of(url):
    try:
        answer = requests.get(url, timeout=20)
    except requests.RequestException:
        raise NoAnswer("lastfm gives no answer") from None
    return TextResponse(url, answer.status_code, headers=dict(answer.headers), body=answer.content)


def read(lastfm):
    """The titles read or the error, the context afterwards, and the seconds it took."""

    async def work(url):
        async def send_to(address):
            return answer_of(address)

        async def fetch(service, address):
            return await ask(gate, lambda: send_to(address))

        gate = Gate("lastfm")
        context = SimpleNamespace(
            config=SimpleNamespace(lastfm_base_url=url),
            gates={"lastfm": gate},
            failures=Failures(),
            chart=ChartReading(),
        )
        try:
            rows = await read_whole_chart(context, fetch, JOB)
            context.rows = rows
            return [row.title for row in rows], context, asyncio.get_running_loop().time()
        except Exception as error:
            return error, context, asyncio.get_running_loop().time()

    with serving(lastfm) as server:
        return run(work(f"{server.url}/2.0/"))


def attributes(true, **changes):
    true["toptracks"]["@attr"] |= changes
    return true


def tracks(true, rows):
    true["toptracks"]["track"] = rows
    return true


def error(code, message="", status=200):
    return Reply(status, json.dumps({"error": code, "message": message}))


def at(where, times, change):
    """A fault of one page, for the first so many times it is asked for."""

    def fault(page, limit, before, true):
        return change(true) if (page, limit) == where and before < times else None

    return fault


def short(true):
    return tracks(true, true["toptracks"]["track"][:-3])


PASSING = {
    "a total of 0": lambda true: tracks(attributes(true, total="0", totalPages="0"), []),
    "an empty page": lambda true: tracks(true, []),
    "an empty page, as text": lambda true: tracks(true, ""),
    "a short page": short,
    "another user's page": lambda true: attributes(true, user="somebody"),
    "another page than asked": lambda true: attributes(true, page="9"),
    "rows a page other than asked": lambda true: attributes(true, perPage="50"),
    "no chart": lambda true: {"something": "else"},
    "no length": lambda true: attributes(true, total=""),
    "error 8": lambda true: error(8, "Operation failed", 500),
    "error 29": lambda true: error(29, "Rate limit exceeded", 429),
    "openresty": lambda true: Reply(502, b"<html>502 Bad Gateway openresty</html>"),
    "broken off": lambda true: Reply(200, json.dumps(true)[:200]),
}


@pytest.mark.parametrize("where", [(1, 10), (2, 10), (4, 10)])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_costs_no_row(fault, where):
    lastfm = LastFm(fault=at(where, 1, PASSING[fault]))
    titles, context, _ = read(lastfm)
    assert titles == lastfm.titles
    assert lastfm.asked == [(page, 10) for page in (1, 2, 3, 4) for _ in range(2 if (page, 10) == where else 1)]
    assert (context.chart, context.failures.first) == (ChartReading(told=ROWS, read=ROWS), None)


@pytest.mark.parametrize("where", [(1, 10), (3, 10)])
# A service that refuses on is parked.
@pytest.mark.parametrize("fault", [fault for fault in PASSING if fault != "error 29"])
def test_a_page_that_stays_bad_is_read_in_smaller_ones(fault, where):
    lastfm = LastFm(fault=at(where, 99, PASSING[fault]))
    titles, context, _ = read(lastfm)
    assert sorted(titles) == sorted(lastfm.titles)
    assert {limit for _, limit in lastfm.asked} == {10, 5}
    assert context.failures.first is None


def test_a_short_page_that_is_not_answered_again_is_read_as_far_as_it_goes():
    lost = {"Song 17", "Song 18", "Song 19"}

    def once_short(page, limit, before, true):
        names = [each["name"] for each in true["toptracks"]["track"]]
        if not lost.intersection(names):
            return None
        return {"something": "else"} if before or limit < 10 else short(true)

    titles, context, _ = read(lastfm := LastFm(fault=once_short))
    assert set(lastfm.titles) - set(titles) == lost
    assert context.chart == ChartReading(told=ROWS, read=ROWS - 3)


def test_a_healthy_chart_is_asked_for_once_a_thousand_rows_at_a_time(monkeypatch):
    monkeypatch.undo()
    lastfm = LastFm(2500)
    titles, context, seconds = read(lastfm)
    assert titles == lastfm.titles
    assert lastfm.asked == [(1, 1000), (2, 1000), (3, 1000)]
    assert (context.chart, seconds) == (ChartReading(told=2500, read=2500), 0)


def test_a_page_that_stays_bad_is_tried_three_times_then_read_by_500_and_by_200_rows(monkeypatch):
    monkeypatch.undo()
    lastfm = LastFm(
        1200, lambda page, limit, before, true: tracks(true, []) if limit > 200 and page * limit >= 1200 else None
    )
    titles, _, seconds = read(lastfm)
    assert sorted(titles) == sorted(lastfm.titles)
    assert list(dict.fromkeys(limit for _, limit in lastfm.asked)) == [1000, 500, 200]
    assert lastfm.asked.count((2, 1000)) == lastfm.asked.count((3, 500)) == 3
    assert seconds == 2 * (2 + 4)


def test_rows_that_move_while_it_is_read_are_all_found():
    def climbs(page, limit, before, true):
        # After the first page was read, a row of the second climbs over its last one, and pushes that onto the second.
        if (page, limit) == (2, 10) and before == 0:
            lastfm.titles.insert(9, lastfm.titles.pop(12))
            return lastfm.page(page, limit)
        return None

    lastfm = LastFm(fault=climbs)
    titles, context, _ = read(lastfm)
    assert sorted(titles) == sorted(lastfm.titles)
    assert context.chart == ChartReading(told=ROWS, read=ROWS, moved=1)
    # The second reading ends with what was missing.
    assert lastfm.asked[4:] == [(1, 5), (2, 5)]


def test_a_row_counts_once_with_its_most_plays():
    def played_once_more(page, limit, before, true):
        if (page, limit) == (2, 10):
            true["toptracks"]["track"][0] |= {"name": "Song 9", "playcount": "1000"}
            true["toptracks"]["track"][1] |= {"name": "Song 8", "playcount": "1"}
        return true

    titles, context, _ = read(LastFm(20, played_once_more))
    plays = {row.title: row.playcount for row in context.rows}
    assert len(titles) == len(plays) == 20
    assert (plays["Song 9"], plays["Song 8"]) == (1000, 90)


def test_a_name_that_one_page_lists_twice_is_not_missing():
    lastfm = LastFm()
    lastfm.titles[3] = lastfm.titles[4]
    titles, context, _ = read(lastfm)
    assert len(titles) == ROWS - 1
    assert context.chart == ChartReading(told=ROWS, read=ROWS)
    assert len(lastfm.asked) == 4


def test_beyond_the_last_page_is_the_end_and_no_error():
    def past(page, limit, before, true):
        if page > -(-20 // limit):
            return error(6, "no such page", 400)
        return attributes(true, total="24", totalPages=str(-(-24 // limit)))

    titles, context, _ = read(LastFm(20, past))
    assert len(titles) == 20
    assert context.chart == ChartReading(told=24, read=20)


def test_an_empty_chart_is_one():
    lastfm = LastFm(0)
    titles, context, _ = read(lastfm)
    assert (titles, lastfm.asked, context.failures.first) == ([], [(1, 10)] * 3 + [(1, 5)] * 3, None)


def test_a_chart_that_stays_short_fails_the_run_and_keeps_what_it_read():
    lastfm = LastFm(fault=lambda page, limit, before, true: attributes(true, total="60", totalPages="6"))
    titles, context, _ = read(lastfm)
    assert titles == lastfm.titles
    assert context.chart == ChartReading(told=60, read=ROWS)
    assert str(context.failures.first) == (
        "Only 37 of the 60 tracks of mira's chart could be read. They are stored; run again for the rest."
    )
    assert context.failures.first.exit_status == 1
    # A reading in each size; the last two brought nothing.
    assert list(dict.fromkeys(limit for _, limit in lastfm.asked)) == [10, 5, 2]


@pytest.mark.parametrize(("lacking", "read_in"), [(4, [10, 5, 2, 2]), (9, [10, 5, 2, 2, 2, 2])])
def test_as_long_as_each_reading_brings_more_it_is_read_again_in_the_smallest_pages_six_times_at_most(lacking, read_in):
    def shows_one_more(page, limit, before, true):
        readings = sum(number == 1 for number, _ in lastfm.asked)
        hidden = lastfm.titles[ROWS - lacking + readings :]
        return tracks(true, [each for each in true["toptracks"]["track"] if each["name"] not in hidden])

    lastfm = LastFm(fault=shows_one_more)
    titles, _, _ = read(lastfm)
    assert titles == lastfm.titles[: ROWS - lacking + len(read_in)]
    assert [limit for page, limit in lastfm.asked if page == 1] == read_in


def test_one_in_a_hundred_may_be_missing():
    lastfm = LastFm(200, lambda page, limit, before, true: attributes(true, total="202"))
    _, context, _ = read(lastfm)
    assert (context.chart.told, context.chart.read, context.failures.first) == (202, 200, None)
    lastfm = LastFm(200, lambda page, limit, before, true: attributes(true, total="203"))
    assert "Only 200 of the 203" in str(read(lastfm)[1].failures.first)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (error(26, "Suspended API key", 403), "is suspended"),
        (error(29, "Rate limit exceeded"), "again and again"),
        (Reply(hang_up=True), "gives no answer"),
    ],
)
def test_a_last_fm_that_is_lost_in_the_middle_leaves_what_it_gave(reply, says):
    lastfm = LastFm(fault=lambda page, limit, before, true: reply if (page, limit) != (1, 10) else None)
    titles, context, _ = read(lastfm)
    assert titles == lastfm.titles[:10]
    assert "Only 10 of the 37 tracks" in str(context.failures.first)
    assert says in str(context.failures.first)


@pytest.mark.parametrize(
    ("reply", "kind", "most"),
    [
        (error(10, "Invalid API key", 403), KeyRejected, 1),
        (error(17, "Login", 403), UserPrivate, 1),
        (error(6, "User not found", 404), UserUnknown, 1),
        (Reply(hang_up=True), Unusable, 8),
        (Reply(500, b"oops"), Unusable, 8),
        (Reply(200, b"{}"), Unusable, 6),
    ],
)
def test_where_nothing_can_be_read_the_run_ends_and_says_why(reply, kind, most):
    lastfm = LastFm(fault=lambda page, limit, before, true: reply)
    failed, context, _ = read(lastfm)
    assert type(failed) is kind
    assert len(lastfm.asked) <= most
    assert context.chart.read == 0
    assert "\n" not in str(failed)
