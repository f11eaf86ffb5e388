"""The stage labs against a server that stands in for ListenBrainz labs."""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import pytest
from scrapy.exceptions import NotConfigured

from tests.pipelines.making import Bench, song, track
from tests.sources.server import Asked, Reply, serving
from timbre_spider.items import Answer, Outcome, Song
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.dedup import claim_of
from timbre_spider.pipelines.labs import Labs
from timbre_spider.sources.gate import utc_now
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.integration


def id_of(number: int) -> str:
    return f"{number:022}"


@dataclass
class LabsServer:
    """Knows "Song 7" of the album "Harbour" by Ann, for the numbers in `known`; `lists` are the titles of each list."""

    known: set[int] = field(default_factory=set)
    reply: Reply | None = None
    poison: str | None = None
    lists: list[list[str]] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        songs = json.loads(asked.body)
        self.lists.append([each["track_name"] for each in songs])
        if self.poison in self.lists[-1]:
            return Reply(400, json.dumps({"code": 400, "error": "no"}))
        return self.reply or Reply(body=json.dumps([{**each, "spotify_track_ids": self._ids(each)} for each in songs]))

    def _ids(self, asked: dict[str, str]) -> list[str]:
        number = asked["track_name"].removeprefix("Song ")
        there = (asked["artist_name"], asked["release_name"]) == ("Ann", "Harbour") and number.isdigit()
        return [id_of(int(number)), id_of(999)] if there and int(number) in self.known else []


@pytest.fixture
def labs(bench: Bench):
    labs = LabsServer()
    with serving(labs) as server:
        bench.settings |= {"listenbrainz_labs": "on", "listenbrainz_labs_base_url": server.url}
        yield labs


def openly(number: int, tier: str = "high", **parts: Any) -> Answer:
    """What the open sources told of a song."""
    told = replace(Recording("", "Ann", f"Song {number}", album="Harbour"), **parts)
    key, values = name_id("Ann", f"Song {number}"), {"listenbrainz": asdict(told)}
    return Answer("open", key, Outcome.FOUND, utc_now(), values=values, score=0.9, tier=tier)


def after_open(number: int, **told: Any) -> Song:
    """The song of that number as it leaves the stage open."""
    answer = openly(number, **told)
    return song(title=f"Song {number}", known={("open", answer.key): answer})


def test_sixty_songs_are_two_questions(bench, labs):
    labs.known = set(range(60))
    done = bench.run(Labs, *map(after_open, range(60)))
    assert [each.labs_id for each in done] == [id_of(number) for number in range(60)]
    assert [len(titles) for titles in labs.lists] == [50, 10]


def test_an_id_is_a_medium_match_kept_with_all_it_was_among_and_no_identity(bench, labs):
    labs.known = {1}
    [done] = bench.run(Labs, after_open(1))
    answer = bench.answers()["labs", done.name_id]
    assert (answer["outcome"], answer["values"]) == (
        "found",
        {"spotify_id": id_of(1), "spotify_ids": [id_of(1), id_of(999)]},
    )
    assert answer["reason"] == "ListenBrainz labs know it by the names Ann – Harbour – Song 1"
    assert (done.spotify, claim_of(done).spotify_id) == (None, None)
    with bench.database.connect() as connection:
        assert connection.execute("SELECT tier FROM answers WHERE source = 'labs'").fetchall() == [("medium",)]


@pytest.mark.parametrize("known", [{1}, set()])
def test_what_was_answered_is_not_asked_in_the_next_run(bench, labs, known):
    labs.known = known
    first = bench.run(Labs, after_open(1))
    asked = len(labs.lists)
    second = bench.run(Labs, after_open(1))
    assert [each.labs_id for each in first] == [each.labs_id for each in second] == [id_of(1) if known else None]
    assert len(labs.lists) == asked


def test_absent_is_what_labs_do_not_know_under_any_name(bench, labs):
    labs.known = {1}
    [done] = bench.run(Labs, after_open(1, artist="Ann feat. Bob", title="Song 1 (Remastered)"))
    assert (done.labs_id, labs.lists) == (id_of(1), [["Song 1 (Remastered)"], ["Song 1"]])
    [other] = bench.run(Labs, after_open(2))
    assert (other.labs_id, other.outcomes["labs"]) == (None, Outcome.ABSENT)


@pytest.mark.parametrize(
    "spotify", [Outcome.DEFERRED, Outcome.REFUSED, Outcome.FAILED, Outcome.ABSENT], ids=lambda outcome: str(outcome)
)
def test_labs_are_asked_where_spotify_did_not_tell(bench, labs, spotify):
    labs.known = {1}
    asked = after_open(1)
    asked.outcomes["spotify"] = spotify
    [done] = bench.run(Labs, asked)
    assert done.labs_id == (None if spotify is Outcome.ABSENT else id_of(1))


def test_an_id_that_spotify_showed_to_be_another_song_s_is_passed_over(bench, labs):
    labs.known = {1}
    refuted = {name_id("Ann", "Song 1"): id_of(1)}
    [done] = bench.run(Labs, after_open(1), before=lambda context: context.pool.artist("ann").refuted.update(refuted))
    assert done.labs_id == id_of(999)


def test_labs_are_not_asked_where_the_track_is_known(bench, labs):
    heard, recalled = after_open(1), after_open(2)
    heard.spotify = track(1)
    recalled.known["spotify", recalled.name_id] = Answer(
        "spotify", recalled.name_id, Outcome.DEFERRED, utc_now(), values=asdict(track(2))
    )
    named = after_open(3)
    given = {named.name_id: id_of(3)}
    done = bench.run(Labs, heard, recalled, named, before=lambda context: context.rules.overrides.spotify.update(given))
    assert [each.asked["labs", 0] for each in done] == ["", "", ""]
    assert [each.outcomes for each in done] == [{}, {}, {}]
    assert labs.lists == []


@pytest.mark.parametrize("told", [{"tier": "medium"}, {"album": None}, {"artist": ""}, {"title": ""}])
def test_labs_are_asked_only_with_names_that_are_the_song_s_beyond_doubt(bench, labs, told):
    labs.known = {1}
    [done] = bench.run(Labs, after_open(1, **told))
    assert (done.labs_id, done.outcomes, labs.lists) == (None, {}, [])


def test_a_song_the_open_sources_do_not_know_is_no_question(bench, labs):
    [done] = bench.run(Labs, song(title="Song 1"))
    assert (done.outcomes, labs.lists) == ({}, [])


TROUBLE = [
    Reply(429, "{}"),
    Reply(429, "{}", {"Retry-After": "1"}),
    Reply(500, "{}"),
    Reply(503, "{}"),
    Reply(403, "{}"),
    Reply(401, "{}"),
    Reply(404, json.dumps({"code": 404, "error": "Not Found"})),
    Reply(200, "<html>"),
    Reply(200, json.dumps({"payload": []})),
    Reply(hang_up=True),
]


@pytest.mark.parametrize("trouble", TROUBLE, ids=lambda reply: f"{reply.status} {reply.body!r:.20}")
def test_at_the_first_sign_of_trouble_labs_are_left_for_the_run(bench, labs, caplog, trouble):
    labs.reply = trouble
    shut = []
    note = lambda context, stage: shut.append(context.gates["listenbrainz_labs"].why_shut)  # noqa: E731
    done = bench.run(Labs, *map(after_open, range(60)), after=note)
    assert len(labs.lists) == 1
    assert {each.outcomes["labs"] for each in done} == {Outcome.REFUSED}
    assert {told["reason"] for (source, _), told in bench.answers().items() if source == "labs"} == {shut[0]}
    said = [each for each in caplog.records if each.levelname == "WARNING"]
    assert len(said) == 1
    assert said[0].getMessage().removeprefix("labs: ").startswith(f"{shut[0]}. ")
    assert "nothing more in this run" in said[0].getMessage()
    labs.reply, labs.known = None, {7}
    bench.make_due()
    [again] = bench.run(Labs, after_open(7))
    assert again.labs_id == id_of(7)


def test_a_song_labs_do_not_take_costs_only_itself(bench, labs):
    labs.known, labs.poison = {1, 2, 3}, "Song 2"
    done = bench.run(Labs, *map(after_open, (1, 2, 3)))
    assert [each.labs_id for each in done] == [id_of(1), None, id_of(3)]
    assert done[1].outcomes["labs"] is Outcome.FAILED


def test_labs_are_off_until_told_otherwise(bench):
    with pytest.raises(NotConfigured):
        bench.run(Labs, song())
