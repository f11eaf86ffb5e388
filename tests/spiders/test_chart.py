"""The whole chart: how it is asked for, again and again where it must be, and rows that move while it is read."""

import asyncio
import json
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sources.fake_time import run
from timbre_spider.errors import KeyRejected, RunError
from timbre_spider.sources.gate import Gate
from timbre_spider.spiders.chart import read_whole_chart
from timbre_spider.spiders.job import Job

pytestmark = pytest.mark.unit

JOB = Job("id", "mira", 100, "7day")


def page(number, pages, *rows):
    tracks = [{"name": title, "artist": {"name": artist}, "playcount": str(plays)} for artist, title, plays in rows]
    attributes = {"user": "mira", "page": str(number), "perPage": "1000", "total": "9", "totalPages": str(pages)}
    return json.dumps({"toptracks": {"track": tracks, "@attr": attributes}}).encode()


def failing(code):
    return json.dumps({"error": code, "message": "later"}).encode()


def read(*answers):
    """The rows as (artist, title, plays), the requests made, and the time each was made at."""
    asked, left = [], list(answers)
    context = SimpleNamespace(
        config=SimpleNamespace(lastfm_base_url="https://lastfm.example/2.0/"), gates={"lastfm": Gate("lastfm")}
    )

    async def work():
        async def fetch(service, url):
            asked.append((service, url, asyncio.get_running_loop().time()))
            return SimpleNamespace(body=left.pop(0))

        return [(row.artist, row.title, row.playcount) for row in await read_whole_chart(context, fetch, JOB)]

    try:
        return run(work()), asked
    except Exception as error:
        return error, asked


def test_every_page_is_asked_once_a_thousand_rows_at_a_time():
    rows, asked = read(page(1, 3, ("A", "1", 9)), page(2, 3, ("A", "2", 8)), page(3, 3, ("A", "3", 7)))
    assert rows == [("A", "1", 9), ("A", "2", 8), ("A", "3", 7)]
    queries = [parse_qs(urlsplit(url).query) for _, url, _ in asked]
    assert [(query["page"], query["limit"], query["user"], query["period"]) for query in queries] == [
        ([str(number)], ["1000"], ["mira"], ["7day"]) for number in (1, 2, 3)
    ]
    assert {service for service, _, _ in asked} == {"lastfm"}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        # Pushed onto the next page by a song that climbed, with a play more or none.
        (("A", "1", 5), ("A", "1", 6), [("A", "1", 6)]),
        (("A", "1", 6), ("A", "1", 5), [("A", "1", 6)]),
        (("A", "1", 5), ("A", "1", 5), [("A", "1", 5)]),
        (("A", "1", 5), ("B", "1", 5), [("A", "1", 5), ("B", "1", 5)]),
        (("A", "1", 5), ("A", "2", 5), [("A", "1", 5), ("A", "2", 5)]),
    ],
)
def test_a_row_that_moved_between_pages_counts_once_with_its_most_plays(first, second, expected):
    assert read(page(1, 2, first), page(2, 2, second))[0] == expected


def test_the_chart_is_as_long_as_the_last_page_says():
    rows, asked = read(page(1, 1, ("A", "1", 5)), page(2, 2))
    assert (rows, len(asked)) == ([("A", "1", 5)], 1)
    assert read(page(1, 0))[0] == []


@pytest.mark.parametrize(
    ("answers", "times"),
    [
        ([failing(3)] * 3, [0, 2, 6, 14]),
        # As long as Last.fm's code is known to take.
        ([failing(29)], [0, 60]),
        ([failing(8), failing(8)], [0, 5, 10]),
    ],
)
def test_a_page_that_cannot_be_used_is_asked_again_after_a_while(answers, times):
    rows, asked = read(*answers, page(1, 1, ("A", "1", 5)))
    assert rows == [("A", "1", 5)]
    assert [time for _, _, time in asked] == pytest.approx(times)


def test_after_four_tries_the_run_ends_and_says_why():
    error, asked = read(page(1, 2, ("A", "1", 5)), *[failing(3)] * 9)
    assert isinstance(error, RunError)
    assert len(asked) == 1 + 4
    assert "no usable page 2 of mira's chart" in str(error)
    assert "error 3" in str(error)


def test_a_rejected_key_ends_it_at_once():
    error, asked = read(failing(10), page(1, 1))
    assert isinstance(error, KeyRejected)
    assert len(asked) == 1
