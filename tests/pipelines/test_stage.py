"""What every enriching stage does, with a stage that asks a service for a number."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured

from tests.pipelines.making import song
from tests.sources.server import Reply, serving
from timbre_spider.errors import Parked, Refused, Stopped, Unusable
from timbre_spider.items import Answer, Outcome
from timbre_spider.pipelines import stage as stages
from timbre_spider.pipelines.stage import Stage

pytestmark = pytest.mark.integration

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
TOMORROW = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
KNOWN = {"number": 7}


class Numbers(Stage):
    source = "aoty"
    stale_after = timedelta(days=7)
    error: Exception | None = None
    told: Answer

    async def enrich(self, song):
        if song.title == "nothing to ask":
            return None

        async def ask(known):
            if self.error:
                raise self.error
            page = await self._fetch("deezer", f"{self._context.config.deezer_base_url}/{song.artist}")
            if page.status == 404:
                return self.ended(f"artist:{song.artist}", Outcome.ABSENT)
            return self.ended(f"artist:{song.artist}", Outcome.FOUND, values={"number": int(page.text)}, score=0.5)

        answer = self.told = await self.answer(song, f"artist:{song.artist}", ask)
        song.tags = dict(answer.values)
        return answer.outcome


@pytest.fixture
def service(bench):
    with serving(lambda asked: Reply(404) if "nobody" in asked.path else Reply(body="42")) as server:
        bench.settings["deezer_base_url"] = server.url
        yield server


def known(check, asked_at=LONG_AGO):
    return Answer("aoty", "artist:Ann", Outcome.FOUND, asked_at, check, KNOWN, 0.75, "high")


def test_songs_that_share_a_question_ask_it_once(bench, service):
    songs = bench.run(Numbers, *(song("Ann", str(n)) for n in range(9)), song("Bob", "x"))
    assert [each.tags for each in songs] == [{"number": 42}] * 10
    assert [each.outcomes for each in songs] == [{"aoty": Outcome.FOUND}] * 10
    assert sorted(asked.path for asked in service.asked) == ["/Ann", "/Bob"]
    assert bench.stats.get_value("timbre/aoty/found") == 10
    assert bench.stats.get_value("timbre/seconds/aoty") > 0


def test_what_is_answered_is_remembered_with_the_time_to_ask_again(bench, service):
    bench.run(Numbers, song(), song("nobody", "x"))
    told = bench.answers()
    found, absent = told["aoty", "artist:Ann"], told["aoty", "artist:nobody"]
    assert (found["outcome"], found["values"], found["next_check"] - found["asked_at"]) == (
        "found", {"number": 42}, timedelta(days=7),
    )  # fmt: skip
    assert (absent["outcome"], absent["misses"], absent["next_check"] - absent["asked_at"]) == (
        "absent", 1, timedelta(days=1),
    )  # fmt: skip


@pytest.mark.parametrize("recalled", [False, True])
@pytest.mark.parametrize(("check", "asked"), [(None, 0), (TOMORROW, 0), (LONG_AGO, 1)])
def test_what_is_known_is_asked_for_again_only_when_it_is_due(bench, service, check, asked, recalled):
    bench.record(known(check))
    one = song()
    if recalled:
        due = bench.use(lambda context: context.reader.answer("aoty", "artist:Ann"))
        one.known["aoty", "artist:Ann"] = due
    [done] = bench.run(Numbers, one)
    assert len(service.asked) == asked
    assert done.tags == ({"number": 42} if asked else KNOWN)


def test_a_second_run_asks_nothing_again(bench, service):
    bench.run(Numbers, song())
    bench.run(Numbers, song())
    assert len(service.asked) == 1


def test_absent_day_after_day_is_counted(bench, service):
    for misses in (1, 2, 3):
        bench.run(Numbers, song("nobody", "x"))
        assert bench.answers()["aoty", "artist:nobody"]["misses"] == misses
        bench.make_due()


FAILURES = [
    (Parked(TOMORROW, "out of quota"), Outcome.DEFERRED, "out of quota", TOMORROW),
    (Refused("go away"), Outcome.REFUSED, "go away", None),
    (IgnoreRequest("robots"), Outcome.REFUSED, "robots", None),
    (Unusable("broken"), Outcome.FAILED, "broken", None),
]


@pytest.mark.parametrize(("error", "outcome", "reason", "until"), FAILURES)
def test_a_question_that_is_not_answered_ends_in_its_outcome_and_the_song_goes_on(
    bench, service, monkeypatch, error, outcome, reason, until
):
    monkeypatch.setattr(Numbers, "error", error)
    [done] = bench.run(Numbers, song())
    assert (done.outcomes, done.tags) == ({"aoty": outcome}, {})
    told = bench.answers()["aoty", "artist:Ann"]
    assert (told["outcome"], told["reason"], told["values"]) == (outcome, reason, {})
    assert told["next_check"] == (until or told["asked_at"])


@pytest.mark.parametrize(("error", "outcome", "reason", "until"), FAILURES)
def test_what_was_found_once_stays_usable_when_the_new_question_fails(
    bench, service, monkeypatch, error, outcome, reason, until
):
    bench.record(known(LONG_AGO))
    monkeypatch.setattr(Numbers, "error", error)
    last = []
    [done] = bench.run(Numbers, song(), after=lambda context, stage: last.append(stage.told))
    assert (done.outcomes, done.tags) == ({"aoty": outcome}, KNOWN)
    assert [(each.outcome, each.score, each.tier) for each in last] == [(outcome, 0.75, "high")]
    told = bench.answers()["aoty", "artist:Ann"]
    assert (told["outcome"], told["reason"], told["values"]) == (outcome, reason, KNOWN)


def test_after_a_stop_signal_what_waits_is_for_the_next_run(bench, service, monkeypatch):
    monkeypatch.setattr(Numbers, "error", Stopped("ending"))
    bench.run(Numbers, song())
    told = bench.answers()["aoty", "artist:Ann"]
    assert told["outcome"] == "deferred"
    assert abs(told["next_check"] - told["asked_at"]) < timedelta(minutes=1)


def test_an_error_of_our_own_loses_no_song_in_a_run_and_hides_in_no_test(bench, service, monkeypatch, caplog):
    monkeypatch.setattr(Numbers, "error", KeyError("ours"))
    with pytest.raises(KeyError, match="ours"):
        bench.run(Numbers, song())
    monkeypatch.setattr(Numbers, "catches_all", True)
    [done] = bench.run(Numbers, song())
    assert done.outcomes == {"aoty": Outcome.FAILED}
    assert "aoty failed for artist:Ann" in caplog.text


@pytest.mark.parametrize("error", [None, Unusable("broken"), ZeroDivisionError()])
def test_songs_are_counted_while_they_are_with_the_stage(bench, service, monkeypatch, error):
    counts = []
    monkeypatch.setattr(Numbers, "error", error)
    monkeypatch.setattr(Numbers, "tell", lambda self, reason: None)
    enrich = Numbers.enrich

    async def counted(self, song):
        counts.append(self._stats.get_value("timbre/songs_with/aoty"))
        return await enrich(self, song)

    monkeypatch.setattr(Numbers, "enrich", counted)
    with suppress(ZeroDivisionError):
        bench.run(Numbers, song("Ann", "1"), song("Bob", "2"))
    assert counts == [1, 2]
    assert bench.stats.get_value("timbre/songs_with/aoty") == 0


def test_the_seconds_of_all_songs_are_summed(bench, service, monkeypatch):
    monkeypatch.setattr(stages, "time", SimpleNamespace(perf_counter=count().__next__))
    bench.run(Numbers, *(song("Ann", "nothing to ask") for _ in range(3)))
    assert bench.stats.get_value("timbre/seconds/aoty") == 3


def test_who_waits_no_more_leaves_the_question_to_the_others(bench, service):
    async def work(context):
        stage = Numbers(context, None, None)
        told = asyncio.get_running_loop().create_future()

        async def ask(known):
            return await told

        one, other = (asyncio.create_task(stage.remembered("artist:Ann", ask)) for _ in range(2))
        while not stage._asked:
            await asyncio.sleep(0)
        one.cancel()
        await asyncio.wait([one])
        told.set_result(stage.ended("artist:Ann", Outcome.FOUND, values=KNOWN))
        return (await other).values

    assert bench.use(work) == KNOWN


def test_a_reason_is_said_once_a_run(bench, service, monkeypatch, caplog):
    monkeypatch.setattr(Numbers, "error", IgnoreRequest("go away"))
    bench.run(Numbers, song(), song("Bob", "x"), song("Cat", "x"))
    assert caplog.text.count("go away") == 1


def test_a_song_tells_what_is_asked_for_its_sake_and_when_there_is_nothing(bench, service):
    asked, not_asked = bench.run(Numbers, song(), song("Ann", "nothing to ask"))
    assert (asked.asked, not_asked.asked) == ({("aoty", 0): "artist:Ann"}, {("aoty", 0): ""})
    assert (not_asked.outcomes, bench.answers().keys()) == ({}, {("aoty", "artist:Ann")})


def test_of_a_whole_chart_s_questions_only_the_last_stay_at_hand(bench, service):
    songs = [song(f"{number}", "x") for number in range(1050)]
    for each in songs:
        each.known["aoty", f"artist:{each.artist}"] = known(TOMORROW)
    kept = []
    bench.run(Numbers, *songs, after=lambda context, stage: kept.extend(stage._asked))
    assert kept == [f"artist:{each.artist}" for each in songs[-1000:]]
    assert service.asked == []


def test_a_source_that_is_skipped_has_no_stage():
    crawler = Crawler(Spider, {"SKIP_SOURCES": ["aoty"]})
    with pytest.raises(NotConfigured):
        Numbers.from_crawler(crawler)
