"""What several open sources tell of one song, put together."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from tests.pipelines.making import song
from timbre_spider.errors import Unusable
from timbre_spider.items import Answer, Listens, OpenFacts, Outcome, fields_of
from timbre_spider.matching.comparing.compare import Comparison
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.pipelines.open.conclude import begun, concluded, is_begun, tell
from timbre_spider.pipelines.open.facts import facts_of, is_complete
from timbre_spider.pipelines.open.inquiry import Inquiry, surely_told
from timbre_spider.pipelines.open.match import Match, wanted_of
from timbre_spider.pipelines.stage import Stage
from timbre_spider.sources.gate import utc_now
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.unit

NOW = utc_now()
MBIDS = [f"00000000-0000-4000-8000-{number:012}" for number in range(3)]
BARE = Recording("7", "Ann", "Lantern")
FULL = Recording(MBIDS[0], "Ann", "Lantern", ("USABC0000001",), 200_000, "Harbour", MBIDS[1], "1994-08")
KNOWN = fields_of(BARE)


def answer(outcome=Outcome.FOUND, values=None, tier="high", check=None):
    return Answer("open", song().name_id, outcome, NOW, check, values or {}, 0.9, tier)


def match(recording, form="by name"):
    return Match(recording, Comparison(0.9, Tier.HIGH, {}, "alike"), form)


@pytest.mark.parametrize(
    ("told", "facts"),
    [
        ({}, OpenFacts()),
        ({"deezer": BARE}, OpenFacts()),
        (
            {"deezer": replace(BARE, isrcs=("USABC0000009",)), "musicbrainz": replace(BARE, id=MBIDS[2])},
            OpenFacts(MBIDS[2], "musicbrainz", ("USABC0000009",), "deezer"),
        ),
        (
            {
                "deezer": replace(FULL, album="Deezer's", duration_ms=1, isrcs=("USABC0000009",)),
                "musicbrainz": replace(FULL, release_date=None, duration_ms=None),
                "listenbrainz": replace(BARE, release_date="1995", album="Pier", album_id="no id"),
            },
            OpenFacts(
                MBIDS[0], "musicbrainz", FULL.isrcs, "musicbrainz", "Pier", None, "listenbrainz", "1995",
                "listenbrainz", 1, "deezer",
            ),
        ),
        (
            {"musicbrainz": FULL},
            OpenFacts(
                MBIDS[0], "musicbrainz", FULL.isrcs, "musicbrainz", "Harbour", MBIDS[1], "musicbrainz", "1994-08",
                "musicbrainz", 200_000, "musicbrainz",
            ),
        ),
    ],
)  # fmt: skip
def test_each_fact_is_the_strongest_s_who_tells_it(told, facts):
    assert facts_of(told) == facts


@pytest.mark.parametrize(
    ("told", "complete"),
    [
        ({}, False),
        ({"deezer": BARE}, False),
        ({"deezer": replace(BARE, album="Harbour")}, False),
        ({"deezer": replace(BARE, isrcs=FULL.isrcs)}, False),
        ({"deezer": replace(BARE, album="Harbour"), "musicbrainz": replace(BARE, isrcs=FULL.isrcs)}, True),
        ({"deezer": FULL}, True),
    ],
)
def test_nobody_else_is_needed_once_isrc_and_album_are_known(told, complete):
    assert is_complete(told) is complete
    inquiry = Inquiry(told={service: fields_of(each) for service, each in told.items()})
    assert (inquiry.complete, inquiry.needs("listenbrainz", "by lists")) == (complete, not complete)


def test_who_was_asked_in_that_way_is_not_asked_again():
    inquiry = Inquiry(told={"by lists": None, "deezer": KNOWN})
    asked = [("listenbrainz", "by lists"), ("listenbrainz", "listenbrainz"), ("deezer", "deezer")]
    assert [inquiry.needs(*each) for each in asked] == [False, True, False]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.FOUND, {}),
        (Outcome.ABSENT, {}),
        (Outcome.DEFERRED, {"deezer": KNOWN, "by lists": None}),
        (Outcome.FAILED, {"deezer": KNOWN, "by lists": None}),
    ],
)
def test_after_an_inquiry_that_some_did_not_answer_only_those_are_asked(outcome, told):
    values = {"deezer": KNOWN, "by lists": None}
    inquiry = Inquiry.after(answer(outcome, values))
    assert (inquiry.before, inquiry.told) == (values, told)
    inquiry.told["musicbrainz"] = None
    assert "musicbrainz" not in values
    assert Inquiry.after(None) == Inquiry()


@pytest.mark.parametrize(
    ("before", "told", "fails", "values"),
    [
        ({}, {"deezer": None}, False, {}),
        ({}, {"deezer": None}, True, {"deezer": None}),
        ({"deezer": KNOWN}, {"deezer": None, "musicbrainz": None}, False, {"deezer": KNOWN}),
        ({"deezer": KNOWN}, {"deezer": None, "by lists": None}, True, {"deezer": KNOWN, "by lists": None}),
        ({"deezer": KNOWN}, {"deezer": fields_of(FULL)}, False, {"deezer": fields_of(FULL)}),
    ],
)
def test_what_was_known_stays_until_the_same_service_tells_more(before, told, fails, values):
    inquiry = Inquiry(before, told, failures=[Unusable("broken")] if fails else [])
    assert inquiry.values == values
    assert inquiry.found is any(told.values())


def test_the_match_that_gave_the_isrc_is_the_best():
    inquiry = Inquiry()
    assert inquiry.best is None
    inquiry.tell("listenbrainz", None)
    inquiry.tell("deezer", first := match(BARE))
    inquiry.tell("musicbrainz", match(replace(BARE, id="8"), "another"))
    assert (inquiry.told["listenbrainz"], inquiry.best) == (None, first)
    inquiry.tell("listenbrainz", with_isrc := match(FULL))
    assert inquiry.best is with_isrc
    assert inquiry.told["listenbrainz"] == fields_of(FULL)


class Sources(Stage):
    source = "open"

    async def enrich(self, song): ...


STAGE = Sources(SimpleNamespace(clock=lambda: NOW), None, None)
BROKEN = Unusable("broken")


@pytest.mark.parametrize(
    ("told", "failures", "outcome", "days"),
    [
        (None, [], Outcome.ABSENT, None),
        (BARE, [], Outcome.FOUND, 30),
        (FULL, [], Outcome.FOUND, None),
        (FULL, [BROKEN], Outcome.FOUND, 1),
        (BARE, [BROKEN], Outcome.FAILED, None),
        (None, [BROKEN], Outcome.FAILED, None),
    ],
)
def test_what_is_known_in_full_is_good_for_ever_the_rest_for_a_while(told, failures, outcome, days):
    inquiry = Inquiry(failures=failures)
    inquiry.tell("deezer", told and match(told))
    answer = concluded(STAGE, "hash:x", inquiry)
    until = None if days is None else NOW + timedelta(days=days)
    assert (answer.outcome, answer.next_check, answer.values) == (outcome, until, inquiry.values)
    assert (answer.score, answer.tier) == ((0.9, "high") if told else (None, None))
    if told and outcome is Outcome.FOUND:
        assert answer.reason == "by name: alike"


def test_what_was_told_before_keeps_its_score_where_nobody_tells_anew():
    before = replace(answer(values={"deezer": fields_of(FULL)}), reason="before")
    kept = concluded(STAGE, "hash:x", Inquiry.after(replace(before, outcome=Outcome.FAILED)), before)
    assert (kept.score, kept.tier, kept.reason, kept.values) == (0.9, "high", "before", before.values)


@pytest.mark.parametrize(
    ("told", "outcome", "reason"),
    [
        (None, Outcome.DEFERRED, "who was asked does not know it; others are not asked yet"),
        (BARE, Outcome.DEFERRED, "by name: alike"),
        (FULL, Outcome.FOUND, "by name: alike"),
    ],
)
def test_what_is_not_all_is_begun_and_due_at_once(told, outcome, reason):
    inquiry = Inquiry()
    inquiry.tell("deezer", told and match(told))
    so_far = begun(STAGE, "hash:x", inquiry)
    assert (so_far.outcome, so_far.reason, so_far.values) == (outcome, reason, inquiry.told)
    assert is_begun(so_far) is (outcome is Outcome.DEFERRED)


@pytest.mark.parametrize(
    ("isrc", "told", "kept"),
    [
        (None, FULL, ("USABC0000001", "deezer")),
        ("USABC0000009", FULL, ("USABC0000009", None)),
        (None, BARE, (None, None)),
    ],
)
def test_the_isrc_of_a_listener_s_history_stays(isrc, told, kept):
    one = song(isrc=isrc)
    tell(one, answer(values={"deezer": fields_of(told)}))
    assert (one.isrc, one.isrc_source) == kept
    assert one.open == facts_of({"deezer": told})
    assert one.known["open", one.name_id].values == {"deezer": fields_of(told)}


@pytest.mark.parametrize(
    ("outcome", "check", "due"),
    [(Outcome.DEFERRED, NOW, True), (Outcome.DEFERRED, None, False), (Outcome.FAILED, NOW, False)],
)
def test_what_is_deferred_until_at_once_is_begun(outcome, check, due):
    assert is_begun(answer(outcome, check=check)) is due


@pytest.mark.parametrize(
    ("tier", "told"), [("exact", 2), ("high", 2), ("medium", 0), ("low", 0), (None, 0)]
)  # fmt: skip
def test_only_a_sure_match_tells_names_the_strongest_s_first(tier, told):
    one = song()
    assert surely_told(one) == []
    one.known["open", one.name_id] = answer(
        values={"deezer": KNOWN, "listenbrainz": fields_of(FULL), "x": None}, tier=tier
    )
    assert surely_told(one) == [FULL, BARE][:told]


def test_a_song_is_sought_by_what_its_rows_and_an_earlier_answer_of_spotify_tell():
    one = song(also=[("The Ann", "Lantern")])
    one.rows = [replace(one.rows[0], mbid="no id", duration_ms=190_000), replace(one.rows[1], mbid=MBIDS[1])]
    wanted = wanted_of(one, frozenset())
    assert (wanted.mbid, wanted.spotify_album, wanted.record.duration_ms) == (MBIDS[1], None, 190_000)
    heard = Listens("lastfm", "overall", 5, mbid=MBIDS[2])
    one.rows = [replace(one.rows[0], listens=(heard,)), one.rows[1]]
    assert wanted_of(one, frozenset()).mbid == MBIDS[2]
    one.known["spotify", one.name_id] = Answer(
        "spotify", one.name_id, Outcome.FOUND, NOW, values={"album_id": "x" * 22}
    )
    assert wanted_of(one, frozenset()).spotify_album == "x" * 22
