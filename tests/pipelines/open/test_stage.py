"""The stage open against a server that stands in for the three open sources."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.pipelines.making import song
from tests.pipelines.open.services import OpenServices, asked_by, isrc, mbid
from tests.sources.server import Reply
from tests.waiting import wait_until
from timbre_spider.items import Answer, ChartRow, OpenFacts, Outcome
from timbre_spider.matching.identify import name_id
from timbre_spider.pipelines.open import Open

pytestmark = pytest.mark.integration

LOOKUP, RECORDINGS = "/1/metadata/lookup/", "/1/metadata/recording/"


@pytest.fixture
def services(bench):
    with asked_by(bench, OpenServices()) as services:
        yield services


def songs(*numbers: int, **parts: Any):
    return [song(title=f"Song {n}", **parts) for n in numbers]


def hinted(number: int, hint: str):
    name = f"Song {number}"
    return song(title=name) if not hint else _with_rows(name, hint)


def _with_rows(name: str, hint: str):
    made = song(title=name)
    made.rows = [ChartRow("Ann", name, 5, 1, mbid=hint, name_id=made.name_id)]
    return made


def key(number: int) -> tuple[str, str]:
    return ("open", name_id("Ann", f"Song {number}"))


def test_sixty_songs_are_two_lookups_and_their_recordings_one_or_two_questions(bench, services):
    services.listenbrainz = set(range(60))
    done = bench.run(Open, *songs(*range(60)))
    assert [(each.isrc, each.isrc_source) for each in done] == [(isrc(n), "listenbrainz") for n in range(60)]
    assert services.lists[:1] == [50]
    assert services.asked[LOOKUP] == 2
    assert services.asked[RECORDINGS] <= 2
    assert set(services.asked) == {LOOKUP, RECORDINGS}


def test_what_is_told_is_kept_with_who_told_it_and_not_asked_again(bench, services):
    services.listenbrainz = {1}
    for _ in range(2):
        [done] = bench.run(Open, *songs(1))
        assert done.open == OpenFacts(
            mbid(1), "listenbrainz", (isrc(1),), "listenbrainz", "Harbour", mbid(99), "listenbrainz",
            "1994-08", "listenbrainz", 200_000, "listenbrainz",
        )  # fmt: skip
        assert (done.outcomes["open"], services.asked.total()) == (Outcome.FOUND, 2)
    assert bench.answers()[key(1)]["next_check"] is None
    assert bench.answers()[key(1)]["reason"].startswith("peeled names: ")


def test_lastfm_s_id_is_believed_where_the_names_are_right(bench, services):
    right, wrong = hinted(1, mbid(1)), hinted(2, mbid(1))
    services.listenbrainz = {2}
    done = bench.run(Open, right, wrong)
    assert [each.open.mbid for each in done] == [mbid(1), mbid(2)]
    assert services.lists[-2:] == [1, 1]
    assert services.asked[LOOKUP] == 1
    assert bench.answers()[key(1)]["reason"].startswith("Last.fm's id: ")


def test_lastfm_s_id_needs_no_token(bench, services, caplog):
    [done] = bench.run(Open, hinted(1, mbid(1)), listenbrainz_token=None)
    assert (done.isrc, services.asked) == (isrc(1), {RECORDINGS: 1})


def test_without_a_token_nobody_is_looked_up_by_names(bench, services):
    services.listenbrainz = services.nearly = services.deezer = {1}
    [done] = bench.run(Open, *songs(1), listenbrainz_token=None)
    assert (done.isrc_source, services.asked[LOOKUP]) == ("deezer", 0)


def test_the_second_form_is_asked_where_the_first_brings_nothing_and_the_reason_says_so(bench, services):
    services.replies = {}
    services.listenbrainz = {7}
    asked: list[str] = []
    plain = services._lists

    def exact(recordings):
        asked.extend(f"{each['artist_name']} - {each['recording_name']}" for each in recordings)
        known = [each if each["artist_name"] == "Ann" else {"recording_name": "unknown"} for each in recordings]
        return plain(known)

    services._lists = exact
    [done] = bench.run(Open, song(artist="Ann & Bob", title="Song 7 - Live"))
    assert asked == ["Ann & Bob - Song 7", "Ann - Song 7"]
    assert done.isrc == isrc(7)
    [told] = bench.answers().values()
    assert told["reason"].startswith("first of the artists: ")


class Watched(OpenServices):
    """Looks into the ledger when Deezer or ListenBrainz alone is asked, until it has what was told before."""

    def __call__(self, asked):
        path = asked.path.partition("?")[0]
        services = {"/search": 1, LOOKUP: 2}.get(path)
        if services and not asked.body:
            self.kept[path] = wait_until(lambda: self.answer_of(services), patience=10)
        return super().__call__(asked)

    def answer_of(self, services):
        answer = self.bench.answers().get(key(1))
        return answer if answer and len(answer["values"]) == services else None


def test_what_one_service_told_is_kept_while_the_next_is_asked(bench):
    watched = Watched(nearly={1})
    watched.bench, watched.kept = bench, {}
    with asked_by(bench, watched):
        [done] = bench.run(Open, *songs(1))
    assert done.isrc == isrc(1)
    assert {path: list(answer["values"]) for path, answer in watched.kept.items()} == {
        "/search": ["listenbrainz, by lists"],
        LOOKUP: ["listenbrainz, by lists", "deezer"],
    }
    assert {answer["outcome"] for answer in watched.kept.values()} == {"deferred"}
    assert bench.answers()[key(1)]["outcome"] == "found"


def test_deezer_is_asked_for_the_rest_an_album_at_a_time(bench, services):
    services.listenbrainz, services.deezer = {1}, set(range(1, 9))
    done = bench.run(Open, *songs(*range(1, 9)))
    assert [each.isrc for each in done] == [isrc(n) for n in range(1, 9)]
    assert [each.isrc_source for each in done] == ["listenbrainz"] + ["deezer"] * 7
    assert (services.asked["/search"], services.asked["/album/1/tracks"]) == (1, 1)
    assert done[3].open.album_name == "Deezer's 1"
    reasons = {
        told["reason"].partition(":")[0] for (_, name), told in bench.answers().items() if name.startswith("hash:")
    }
    assert reasons == {"peeled names", "peeled names, free words", "an album of its artist"}


def test_an_album_read_by_a_run_that_was_killed_is_not_read_again(bench, services):
    services.deezer = {1, 2}
    [done] = bench.run(Open, *songs(1))
    assert done.asked["open", 1] == "deezer:album:1"
    bench.run(Open, *songs(2))
    assert services.asked["/album/1/tracks"] == 1


def test_deezer_is_searched_by_filters_where_free_words_find_nothing(bench, services):
    bench.run(Open, *songs(1))
    assert services.queries[:2] == ["Ann Song 1", 'artist:"Ann" track:"Song 1"']


def test_a_song_listenbrainz_has_without_isrc_goes_on_to_deezer_and_keeps_what_both_tell(bench, services):
    services.listenbrainz = services.bare = services.deezer = {1}
    [done] = bench.run(Open, *songs(1))
    assert (done.open.mbid, done.isrc, done.open.album_source) == (mbid(1), isrc(1), "deezer")
    assert set(bench.answers()[key(1)]["values"]) == {"listenbrainz", "deezer"}


def test_who_has_no_isrc_anywhere_is_found_and_looked_for_again_in_a_month(bench, services):
    services.listenbrainz = services.bare = {1}
    [done] = bench.run(Open, *songs(1))
    told = bench.answers()[key(1)]
    assert (done.outcomes["open"], done.isrc, done.open.mbid) == (Outcome.FOUND, None, mbid(1))
    assert told["next_check"] - told["asked_at"] == timedelta(days=30)
    # ListenBrainz has what MusicBrainz has.
    assert services.asked["/recording"] == 0


def test_what_was_found_before_stays_known_as_such_while_more_is_asked(bench, services):
    written = []

    def watch(context):
        async def record(answers):
            written.extend(answers)
            await write(answers)

        write, context.writer.record = context.writer.record, record

    services.listenbrainz = services.bare = {1}
    bench.run(Open, *songs(1))
    services.deezer = {1}
    [done] = bench.run(Open, *songs(1), before=watch, clock=lambda: datetime.now(UTC) + timedelta(days=40))
    assert done.isrc == isrc(1)
    assert [answer.outcome for answer in written if answer.key == done.name_id] == [Outcome.FOUND]


def test_musicbrainz_is_asked_last(bench, services):
    services.musicbrainz = {1}
    [done] = bench.run(Open, *songs(1), listenbrainz_token=None)
    assert (done.isrc, done.isrc_source) == (isrc(1), "musicbrainz")
    assert services.asked["/recording"] == 1


def test_musicbrainz_is_not_searched_for_what_listenbrainz_does_not_know_by_any_name(bench, services):
    services.musicbrainz = {1}
    [done] = bench.run(Open, *songs(1))
    assert (done.outcomes["open"], services.asked["/recording"]) == (Outcome.ABSENT, 0)
    services.replies[LOOKUP] = Reply(500)
    [done] = bench.run(Open, *songs(2))
    assert services.asked["/recording"] == 1


def test_names_that_are_nearly_right_are_asked_for_alone(bench, services):
    services.nearly = {1}
    [done] = bench.run(Open, *songs(1))
    assert (done.isrc, services.asked[LOOKUP], services.asked["/recording"]) == (isrc(1), 2, 0)
    assert bench.answers()[key(1)]["reason"].startswith("names nearly so: ")


def test_albums_known_from_spotify_are_releases_in_one_question(bench, services):
    services.musicbrainz = {1, 2}
    services.listenbrainz = services.bare = {1, 2}
    albums = {1: "a" * 22, 2: "b" * 22}
    services.releases = dict.fromkeys(albums.values(), mbid(99))
    known = {
        n: Answer("spotify", name_id("Ann", f"Song {n}"), Outcome.FOUND, datetime.now(UTC), values={"album_id": a})
        for n, a in albums.items()
    }
    # The first time they come to MusicBrainz as Deezer tells them; the second time nobody else is asked.
    for reply in ({"/url": Reply(403, "{}")}, {}):
        services.replies = reply
        services.asked.clear()
        made = [song(title=f"Song {n}", known={("spotify", each.key): each}) for n, each in known.items()]
        done = bench.run(Open, *made)
    assert [each.isrc_source for each in done] == ["musicbrainz"] * 2
    assert (services.asked["/url"], services.asked[f"/release/{mbid(99)}"], services.asked["/recording"]) == (1, 1, 0)


def test_who_is_known_nowhere_is_absent(bench, services):
    [done] = bench.run(Open, *songs(1))
    assert (done.outcomes["open"], done.open, done.isrc) == (Outcome.ABSENT, OpenFacts(), None)
    # Who knew nothing may be named, where that was stored before the others had answered.
    assert not any(bench.answers()[key(1)]["values"].values())


def test_a_song_the_service_does_not_take_fails_none_of_its_neighbours(bench, services):
    services.listenbrainz, services.poison = set(range(20)), "Song 13"
    done = bench.run(Open, *songs(*range(20)))
    assert [n for n, each in enumerate(done) if not each.isrc] == [13]
    assert done[13].outcomes["open"] is Outcome.FAILED


@pytest.mark.parametrize(
    "lie",
    [
        {"recording_mbid": mbid(2), "artist_credit_name": "Ann", "recording_name": "Song 2"},
        {
            "recording_mbid": mbid(1),
            "artist_credit_name": "Ann",
            "recording_name": "Song 1",
            "recording_name_arg": "Song 2",
        },
        {"recording_mbid": mbid(1), "artist_credit_name": "Ann", "recording_name": "Song 1", "index": 5},
    ],
)
def test_an_answer_about_another_song_is_none(bench, services, lie):
    services.replies[LOOKUP] = Reply(body=json.dumps([{"index": 0, **lie}]))
    [done] = bench.run(Open, *songs(1))
    assert (done.open.mbid, done.isrc) == (None, None)


def test_a_rejected_token_shuts_listenbrainz_and_no_other(bench, services, caplog):
    services.replies[LOOKUP] = Reply(401, json.dumps({"code": 401, "error": "no"}))
    services.deezer = {1}
    gates = []
    done = bench.run(Open, *songs(1, 2), after=lambda context, stage: gates.append(dict(context.gates)))
    assert [each.outcomes["open"] for each in done] == [Outcome.FOUND, Outcome.REFUSED]
    assert caplog.text.count("LISTENBRAINZ_TOKEN") == 1
    assert gates[0]["listenbrainz"].is_shut
    assert not gates[0]["deezer"].is_shut


@pytest.mark.parametrize(
    ("lost", "path"), [("listenbrainz", LOOKUP), ("deezer", "/search"), ("deezer", "/album/1/tracks")]
)
def test_a_service_that_is_lost_is_made_up_for_by_the_others_and_asked_alone_in_the_next_run(
    bench, services, lost, path
):
    services.replies[path] = Reply(500)
    services.deezer = {1}
    if lost == "deezer":
        services.listenbrainz = services.bare = {1}
    else:
        services.deezer = set()
    [done] = bench.run(Open, *songs(1))
    assert (done.outcomes["open"], done.isrc) == (Outcome.FAILED, None)
    assert done.open.mbid == (mbid(1) if lost == "deezer" else None)
    del services.replies[path]
    services.listenbrainz = {1}
    services.asked.clear()
    [done] = bench.run(Open, *songs(1))
    assert (done.outcomes["open"], done.isrc, done.isrc_source) == (Outcome.FOUND, isrc(1), lost)
    assert (services.asked[LOOKUP] > 0) == (lost == "listenbrainz")
    assert not services.asked["/recording"]


def test_what_was_made_up_for_is_asked_in_full_a_day_later(bench, services):
    services.replies[LOOKUP] = Reply(500)
    services.deezer = {1}
    [done] = bench.run(Open, *songs(1))
    told = bench.answers()[key(1)]
    assert (done.outcomes["open"], done.isrc_source) == (Outcome.FOUND, "deezer")
    assert told["next_check"] - told["asked_at"] == timedelta(days=1)
    del services.replies[LOOKUP]
    services.listenbrainz = {1}
    bench.make_due()
    [done] = bench.run(Open, *songs(1))
    assert (done.isrc_source, done.open.mbid) == ("listenbrainz", mbid(1))
    assert set(bench.answers()[key(1)]["values"]) == {"listenbrainz", "deezer"}


def test_what_was_found_once_survives_a_run_in_which_nobody_knows_it(bench, services):
    services.listenbrainz = services.bare = {1}
    bench.run(Open, *songs(1))
    bench.make_due()
    services.listenbrainz = set()
    [done] = bench.run(Open, *songs(1))
    assert (done.outcomes["open"], done.open.mbid) == (Outcome.ABSENT, mbid(1))
    assert bench.answers()[key(1)]["values"]["listenbrainz"]["id"] == mbid(1)


def test_a_refusal_is_told_once_and_is_for_the_next_run(bench, services, caplog):
    services.replies["/recording"] = Reply(403, json.dumps({"error": "who are you"}))

    def one_at_a_time(context):  # what is in flight when the refusal comes is left to end
        context.gates["musicbrainz"].widen(1)

    done = bench.run(Open, *songs(1, 2), before=one_at_a_time, listenbrainz_token=None)
    assert {each.outcomes["open"] for each in done} == {Outcome.REFUSED}
    assert services.asked["/recording"] == 1
    assert caplog.text.count("musicbrainz answers HTTP 403") == 1


def test_the_length_the_chart_tells_parts_two_recordings_of_one_name(bench, services):
    right = {"id": 5, "title": "Song 1", "artist": {"name": "Ann"}, "duration": 200, "album": {"id": 1, "title": "X"}}
    other = {**right, "id": 6, "duration": 500, "album": {"id": 2, "title": "Y"}}
    services.replies["/search"] = Reply(body=json.dumps({"data": [other, right]}))
    services.replies["/album/1/tracks"] = Reply(body=json.dumps({"data": [{**right, "isrc": isrc(5)}]}))
    one = song(title="Song 1")
    one.rows = [ChartRow("Ann", "Song 1", 5, 1, duration_ms=200_000, name_id=one.name_id)]
    [done] = bench.run(Open, one, listenbrainz_token=None)
    assert done.isrc == isrc(5)
