"""What Last.fm tells of a listener beside the chart: albums as hints, the plays ever, the history."""

import asyncio
import json
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from scrapy.http import Response

from timbre_spider.config import load_config
from timbre_spider.errors import KeyRejected, NoAnswer, SourceError, Stopped, Unusable, UserPrivate
from timbre_spider.extensions.failures import Failures
from timbre_spider.items import ChartRow, Listens
from timbre_spider.run_summary import ListenerAccount
from timbre_spider.sources.lastfm import UserInfo
from timbre_spider.spiders import listener
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.listener import albums_heard, read_listener, who_it_is

pytestmark = pytest.mark.unit

ANN = Job("1", "ann", 9, "7day")


class LastFm:
    """Answers in turn, or raises; `asked`: method, page and period of each question."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, str]] = []

    async def __call__(self, service: str, url: str) -> Response:
        told = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.asked.append((told["method"], told.get("page", ""), told.get("period", "")))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Response(url, body=json.dumps(answer).encode())


def albums(page: int, *titles: str, of: str = "ann", pages: int = 2) -> dict[str, Any]:
    entries = [{"name": title, "artist": {"name": "Ann"}, "playcount": "9"} for title in titles]
    numbers = {"user": of, "page": str(page), "perPage": "1000", "total": "1500", "totalPages": str(pages)}
    return {"topalbums": {"album": entries, "@attr": numbers}}


def context() -> Any:
    config = load_config(_env_file=None)
    return SimpleNamespace(config=config, failures=Failures(), listeners={"ann": ListenerAccount()})


FIRST, SECOND = ("user.getTopAlbums", "1", "7day"), ("user.getTopAlbums", "2", "7day")


@pytest.mark.parametrize(
    ("answers", "titles", "asked"),
    [
        ([albums(1, "One", "Two"), albums(2, "Three")], ("One", "Two", "Three"), [FIRST, SECOND]),
        ([albums(1, "One", pages=1)], ("One",), [FIRST]),
        # Another's page is asked for once more, and then there is as much as came.
        ([albums(1, "One", of="bob"), albums(1, "One", pages=1)], ("One",), [FIRST, FIRST]),
        ([albums(1, "One"), albums(1, "One"), albums(2, "Two")], ("One", "Two"), [FIRST, SECOND, SECOND]),
        ([albums(1, "One"), albums(1, "One"), albums(1, "One")], ("One",), [FIRST, SECOND, SECOND]),
        # Where no answer comes another is not waited for.
        ([albums(1, "One"), NoAnswer("none")], ("One",), [FIRST, SECOND]),
    ],
)
def test_albums_are_hints_as_far_as_they_come(answers: Any, titles: tuple[str, ...], asked: Any) -> None:
    lastfm = LastFm(*answers)
    assert asyncio.run(albums_heard(context(), lastfm, ANN)) == {"ann": titles}
    assert lastfm.asked == asked


@pytest.mark.parametrize("error", [KeyRejected("wrong"), Stopped("ending")])
@pytest.mark.parametrize("reads", [albums_heard, who_it_is])
def test_a_key_that_is_rejected_and_the_run_s_end_are_everybody_s(reads: Any, error: SourceError) -> None:
    with pytest.raises(type(error)):
        asyncio.run(reads(context(), LastFm(error), ANN))


def test_the_plays_ever_go_into_the_account() -> None:
    info = {"user": {"name": "Ann", "playcount": "90", "registered": {"unixtime": "1200000000"}}}
    at = context()
    assert asyncio.run(who_it_is(at, LastFm(info), ANN)) == UserInfo("Ann", 90, 1_200_000_000)
    assert at.listeners["ann"].plays_told == 90


def test_plays_that_are_not_told_end_nothing(caplog: pytest.LogCaptureFixture) -> None:
    at = context()
    assert asyncio.run(who_it_is(at, LastFm(NoAnswer("none")), ANN)) is None
    assert at.listeners["ann"].plays_told is None
    assert "How many plays ann has is not told: none" in caplog.text


HEARD = [ChartRow("Ann", "Tide", 7, 1, listens=(Listens("lastfm", "history", 7),))]


@pytest.mark.parametrize(
    ("period", "history", "told", "plays", "failure"),
    [
        ("7day", False, None, 5, None),
        ("overall", False, 90, 5, None),
        ("7day", True, 90, 7, None),
        ("overall", UserPrivate("hidden"), 90, 5, "hidden"),
        ("overall", Unusable("broken"), 90, 5, "broken"),
    ],
)
def test_the_chart_goes_on_without_a_history_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, period: str, history: Any, told: int | None, plays: int, failure: str | None
) -> None:
    async def chart(*_: Any) -> list[ChartRow]:
        return [ChartRow("Ann", "Tide", 5, 1)]

    async def scrobbles(_: Any, __: Any, ___: Any, registered: int | None) -> list[ChartRow]:
        assert registered == 1_200_000_000
        if isinstance(history, Exception):
            raise history
        return HEARD

    monkeypatch.setattr(listener, "read_whole_chart", chart)
    monkeypatch.setattr(listener, "read_scrobbles", scrobbles)
    monkeypatch.setattr(listener, "Unfinished", lambda context, fetch, name: fetch)
    info = {"user": {"name": "ann", "playcount": "90", "registered": {"unixtime": "1200000000"}}}
    at, lastfm = context(), LastFm(albums(1, "One", pages=1), info)
    job = Job("1", "ann", 9, period)
    [row] = asyncio.run(read_listener(at, lastfm, job, history=bool(history))).rows
    of_chart = Listens("lastfm", period, 5)
    assert (row.playcount, row.listens) == (plays, (of_chart, *HEARD[0].listens) if plays == 7 else (of_chart,))
    assert at.listeners["ann"].plays_told == told
    assert (str(at.failures.first) if at.failures.first else None) == failure
