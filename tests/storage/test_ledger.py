"""How answers stand beside each other, when a question is asked again, and which songs are due."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.storage.making import album, look, name_key, song, store
from timbre_spider.items import Answer, AotyAlbum, ChartRow, Outcome
from timbre_spider.storage.database import Database
from timbre_spider.storage.due import due_rows, stale_keys
from timbre_spider.storage.override_store import add_override
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
FOUND, ABSENT, REFUSED, DEFERRED, FAILED = Outcome
TOLD = {"isrc": "USABC2600001"}


def said(
    outcome: Outcome, at: datetime = T0, until: datetime | None = None, key: str = "hash:x", **values: Any
) -> Answer:
    found = {"values": values or TOLD, "score": 0.9, "tier": "high"} if outcome is FOUND else {}
    return Answer("open", key, outcome, at, until, reason=str(outcome), **found)  # type: ignore[arg-type]


def record(database: Database, *answers: Answer, together: bool = False) -> None:
    """Each in a transaction of its own, or all in one."""

    async def run() -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"), retry_attempts=0, max_wait=0)
        await writer.open()
        for each in [answers] if together else [[each] for each in answers]:
            await writer.record(each)
            await writer.flush()
        await writer.close()

    asyncio.run(run())


def known(
    database: Database,
    key: str = "hash:x",
    *,
    at: datetime = T0,
    started: datetime = T0 + 1000 * DAY,
    source: str = "open",
) -> Answer:
    async def run() -> Answer | None:
        reader = Reader(database, run_started=started, clock=lambda: at)
        try:
            return await reader.answer(source, key)
        finally:
            await reader.close()

    told = asyncio.run(run())
    assert told is not None
    return told


@pytest.mark.parametrize(
    ("outcome", "named", "again"),
    [
        (FOUND, None, None),
        (FOUND, T0 + 7 * DAY, T0 + 7 * DAY),
        (ABSENT, None, T0 + DAY),
        (REFUSED, None, T0),
        (FAILED, None, T0),
        (DEFERRED, None, T0 + DAY / 2),
        (DEFERRED, T0 + DAY / 24, T0 + DAY / 24),
    ],
)
def test_each_outcome_is_asked_again_in_its_own_time(
    database: Database, outcome: Outcome, named: datetime | None, again: datetime | None
) -> None:
    record(database, said(outcome, until=named))
    assert known(database).next_check == again


def test_who_is_not_there_is_looked_for_ever_less_often(database: Database) -> None:
    at, days = T0, []
    for _ in range(8):
        record(database, said(ABSENT, at))
        told = known(database)
        assert told.next_check is not None
        days.append((told.next_check - at).days)
        at = told.next_check
    assert days == [1, 2, 4, 8, 16, 32, 32, 32]
    assert known(database).misses == 8


def test_a_refusal_between_two_misses_says_nothing_and_a_find_ends_them(database: Database) -> None:
    record(database, said(ABSENT, T0), said(REFUSED, T0 + DAY), said(ABSENT, T0 + 2 * DAY))
    assert (known(database).misses, known(database).next_check) == (2, T0 + 4 * DAY)
    record(database, said(FOUND, T0 + 4 * DAY), said(ABSENT, T0 + 5 * DAY))
    assert known(database).misses == 0


def test_two_workers_that_miss_a_thing_at_once_have_missed_it_once(database: Database) -> None:
    record(database, said(ABSENT, T0), said(ABSENT, T0 + timedelta(seconds=2)))
    assert (known(database).misses, known(database).next_check) == (1, T0 + timedelta(seconds=2) + DAY)


@pytest.mark.parametrize("other", [DEFERRED, REFUSED, FAILED, ABSENT])
@pytest.mark.parametrize("later", [False, True])
@pytest.mark.parametrize("good_until", [None, T0 + 7 * DAY])
def test_what_one_worker_found_stands_whatever_another_met_and_whoever_comes_first(
    database: Database, other: Outcome, later: bool, good_until: datetime | None
) -> None:
    second = T0 + timedelta(seconds=1)
    found, met = said(FOUND, T0 if later else second, good_until), said(other, second if later else T0)
    for order, answers in enumerate(permutations([found, met])):
        answers = tuple(replace(each, key=f"hash:{order}") for each in answers)
        record(database, *answers)
        told = known(database, f"hash:{order}")
        assert (told.outcome, told.values, told.next_check, told.tier) == (FOUND, TOLD, good_until, "high")


def test_in_one_batch_too_what_was_found_stands(database: Database) -> None:
    record(database, said(FOUND), said(DEFERRED, T0 + timedelta(seconds=1)), together=True)
    assert known(database).outcome is FOUND


def test_of_several_finds_in_one_batch_the_newest_stands(database: Database) -> None:
    record(database, *(said(FOUND, T0 + n * DAY, v=n) for n in (1, 3, 2)), together=True)
    assert known(database).values == {"v": 3}


def test_two_workers_racing_on_one_answer_end_the_same_whoever_commits_first(database: Database) -> None:
    """Many keys at once, over two connections: each pair is one found and one deferred answer."""

    async def worker(answers: list[Answer]) -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"), retry_attempts=0, max_wait=0, batch_size=3)
        await writer.open()
        for each in answers:
            await writer.record([each])
        await writer.close()

    async def race() -> None:
        keys = [f"hash:{n}" for n in range(60)]
        later = T0 + timedelta(seconds=1)
        one = [said(FOUND if n % 2 else DEFERRED, later if n % 3 else T0, key=key) for n, key in enumerate(keys)]
        other = [said(DEFERRED if n % 2 else FOUND, T0 if n % 3 else later, key=key) for n, key in enumerate(keys)]
        await asyncio.gather(worker(one), worker(other[::-1]))

    asyncio.run(race())
    assert look(database, "SELECT outcome, count(*) FROM answers GROUP BY 1") == [("found", 60)]


@pytest.mark.parametrize("other", [DEFERRED, REFUSED, FAILED, ABSENT])
def test_past_its_time_the_newest_answer_counts_and_what_was_found_survives(database: Database, other: Outcome) -> None:
    record(database, said(FOUND, T0, T0 + DAY), said(other, T0 + 2 * DAY))
    told = known(database)
    assert (told.outcome, told.values, told.score, told.tier) == (other, TOLD, pytest.approx(0.9), "high")
    assert (told.reason, told.asked_at) == (str(other), T0 + 2 * DAY)
    assert told.next_check is not None
    assert told.next_check >= T0 + 2 * DAY


def test_an_older_answer_changes_nothing(database: Database) -> None:
    record(database, said(ABSENT, T0 + DAY), said(FAILED, T0))
    assert known(database).outcome is ABSENT


def test_of_two_answers_of_one_moment_the_later_told_stands(database: Database) -> None:
    record(database, said(FOUND, v=1), said(FOUND, v=2))
    assert known(database).values == {"v": 2}


def test_a_find_brings_its_own_score_and_is_no_miss(database: Database) -> None:
    record(database, said(FAILED))
    assert known(database).misses == 0
    record(database, said(FOUND, T0 + DAY), replace(said(FOUND, T0 + 2 * DAY), score=0.5, tier="low"))
    told = known(database)
    assert (told.misses, told.score, told.tier) == (0, pytest.approx(0.5), "low")


def test_the_same_answer_twice_writes_nothing(database: Database) -> None:
    answers = [said(FOUND), said(ABSENT, key="hash:y")]
    record(database, *answers)
    before = look(database, "SELECT key, xmin::text, ctid::text FROM answers ORDER BY key")
    record(database, *answers)
    assert look(database, "SELECT key, xmin::text, ctid::text FROM answers ORDER BY key") == before
    assert known(database, "hash:y").misses == 1


def test_a_thin_row_of_a_chart_takes_nothing_from_an_album_s_page(database: Database) -> None:
    full = album(1)
    thin = AotyAlbum(full.url, "A", "Album", user_score=81.0, rating_count=120)
    pages = [
        Answer("aoty", "album:a", FOUND, T0, T0 + 7 * DAY, full._asdict()),
        Answer("aoty", "album:a", FOUND, T0 + DAY, T0 + 8 * DAY, thin._asdict()),
    ]
    record(database, *pages)
    told = known(database, "album:a", source="aoty")
    wanted = full._replace(user_score=81.0, rating_count=120)._asdict()
    assert told.values == {name: list(value) if isinstance(value, tuple) else value for name, value in wanted.items()}
    assert told.next_check == T0 + 8 * DAY


def test_a_track_s_answer_keeps_what_a_thinner_one_of_it_lacks(database: Database) -> None:
    full: dict[str, Any] = {"spotify_id": "1" * 22, "popularity": 50, "album_name": "Album", "explicit": False}
    thin: dict[str, Any] = {"spotify_id": "1" * 22, "popularity": None, "album_name": "", "explicit": True}
    record(database, said(FOUND, **full), said(FOUND, T0 + DAY, **thin))
    assert known(database).values == {**full, "explicit": True}
    record(database, said(FOUND, T0 + 2 * DAY, spotify_id="2" * 22, popularity=None))
    assert known(database).values == {"spotify_id": "2" * 22, "popularity": None}


def test_what_an_answer_does_not_name_at_all_stays_too(database: Database) -> None:
    record(database, said(FOUND, spotify_id="1" * 22, popularity=50), said(FOUND, T0 + DAY, spotify_id="1" * 22))
    assert known(database).values == {"spotify_id": "1" * 22, "popularity": 50}


def test_at_the_very_end_of_its_time_what_was_found_gives_way(database: Database) -> None:
    record(database, said(FOUND, T0, T0 + DAY), said(ABSENT, T0 + DAY))
    assert known(database).outcome is ABSENT


def test_misses_are_counted_as_far_as_they_can_be(database: Database) -> None:
    record(database, said(ABSENT))
    for misses, counted in ((31_999, 32_000), (32_000, 32_000)):
        look(database, "UPDATE answers SET misses = %s, next_check = asked_at RETURNING 1", misses)
        at = known(database).asked_at + DAY
        record(database, said(ABSENT, at))
        assert known(database).misses == counted


def test_of_the_same_track_told_in_full_again_all_is_new(database: Database) -> None:
    for popularity in (50, 60):
        record(database, said(FOUND, T0 + popularity * DAY, spotify_id="1" * 22, popularity=popularity))
    assert known(database).values == {"spotify_id": "1" * 22, "popularity": 60}


def test_of_another_album_nothing_is_kept(database: Database) -> None:
    other = AotyAlbum(album(2).url, "A", "Other", user_score=50.0)
    record(
        database,
        Answer("aoty", "album:a", FOUND, T0, T0 + DAY, album(1)._asdict()),
        Answer("aoty", "album:a", FOUND, T0 + 2 * DAY, None, other._asdict()),
    )
    assert known(database, "album:a", source="aoty").values["critic_score"] is None


def test_nor_does_it_take_anything_from_a_song_s_album(database: Database) -> None:
    full = album(1)
    thin = AotyAlbum(full.url, "A", "Album", user_score=81.0, rating_count=120)
    store(database, song(aoty=full))
    store(database, song(aoty=thin))
    query = "SELECT user_score, critic_score, critic_count, genres, tags, release_date FROM aoty_attrs"
    assert look(database, query) == [(81, 75, 9, ["Rock"], ["guitar"], "1999")]


@pytest.mark.parametrize(
    ("check", "at", "asked", "started", "due"),
    [
        (T0 + DAY, T0 + 2 * DAY, T0, T0 + DAY, True),
        (T0 + DAY, T0 + DAY, T0, T0 + DAY, True),
        (T0 + DAY, T0 + DAY / 2, T0, T0 + DAY, False),
        (None, T0 + 9999 * DAY, T0, T0 + DAY, False),
        (T0, T0 + DAY, T0, T0 - DAY, False),  # asked in this run: not twice, although its time has come
        (T0, T0 + DAY, T0, T0, False),
    ],
)
def test_an_answer_is_due_when_its_time_has_come_and_this_run_has_not_asked(
    database: Database, check: datetime | None, at: datetime, asked: datetime, started: datetime, due: bool
) -> None:
    record(database, said(FOUND, asked, check))
    assert known(database, at=at, started=started).due is due


class TestDueSongs:
    def rows(self, database: Database, listener: str = "me", at: datetime = T0 + DAY) -> list[str]:
        return [row.title for row in due_rows(database, listener, at)]

    def test_a_song_is_due_by_any_source_it_asks(self, database: Database) -> None:
        for title, key in (
            ("own", name_key("A", "own")),
            ("tags", "artist:a"),
            ("album", "album:a|b"),
            ("page", "url:x"),
        ):
            source = {"own": "spotify", "tags": "lastfm"}.get(title, "aoty")
            store(database, song("A", title, asked={(source, 0): key, ("open", 0): f"fresh {title}"}))
            record(database, Answer(source, key, REFUSED, T0), said(FOUND, key=f"fresh {title}"))
        assert sorted(self.rows(database)) == ["album", "own", "page", "tags"]

    def test_an_answer_many_songs_share_makes_all_of_them_due(self, database: Database) -> None:
        store(database, *(song("A", str(n), asked={("aoty", 0): "album:a"}) for n in range(3)))
        record(database, Answer("aoty", "album:a", FOUND, T0, T0 + DAY, {"url": "u"}))
        assert self.rows(database, at=T0 + DAY - timedelta(seconds=1)) == []
        assert len(self.rows(database)) == 3

    def test_only_the_listener_s_own_rows_in_whatever_case_the_name_is_written(self, database: Database) -> None:
        asked = {("spotify", 0): name_key("A", "T")}
        store(
            database,
            song(listener="Me", asked=asked),
            song(listener="you", rows=[ChartRow("A", "t", 3, 9)], asked=asked),
        )
        record(database, Answer("spotify", name_key("A", "T"), FAILED, T0))
        assert due_rows(database, "me", T0) == [ChartRow("A", "T", 10, 1)]
        assert self.rows(database, "nobody") == []

    def test_what_was_never_answered_comes_before_what_is_stale_then_the_most_played(self, database: Database) -> None:
        for title, plays in (("stale", 90), ("stale more played", 95), ("refused", 3), ("never asked", 4)):
            store(database, song("A", title, plays, asked={("open", 0): title}))
        record(database, *(said(FOUND, T0, T0 + DAY, key=key) for key in ("stale", "stale more played")))
        record(database, said(REFUSED, key="refused"))
        assert self.rows(database) == ["never asked", "refused", "stale more played", "stale"]

    def test_a_question_no_longer_asked_makes_nothing_due(self, database: Database) -> None:
        store(database, song(asked={("aoty", 0): "album:old", ("open", 0): "hash:x"}))
        record(database, said(REFUSED), Answer("aoty", "album:old", REFUSED, T0))
        store(database, song(asked={("aoty", 0): "album:new", ("open", 0): ""}))
        record(database, Answer("aoty", "album:new", FOUND, T0, None, {"url": "u"}))
        assert self.rows(database) == []
        assert look(database, "SELECT source, key FROM questions") == [("aoty", "album:new")]

    def test_nothing_to_ask_takes_that_question_away_and_no_other(self, database: Database) -> None:
        store(database, song(asked={("spotify", 0): "hash:x", ("spotify", 1): "artist:a#0", ("aoty", 0): "album:a"}))
        store(database, song(asked={("spotify", 0): ""}))
        assert sorted(look(database, "SELECT key FROM questions")) == ["album:a", "artist:a#0"]

    def test_of_two_questions_of_one_batch_the_later_stands(self, database: Database) -> None:
        asked = [{("open", 0): key} for key in ("hash:a", "hash:b")]
        store(database, *(song(asked=each) for each in asked))
        assert look(database, "SELECT key FROM questions") == ["hash:b"]

    def test_a_song_with_a_stale_and_an_unanswered_question_comes_first(self, database: Database) -> None:
        store(database, song("A", "stale", 90, asked={("open", 0): "stale"}))
        store(database, song("A", "both", 5, asked={("open", 0): "stale", ("aoty", 0): "never"}))
        record(database, said(FOUND, T0, T0 + DAY, key="stale"))
        assert self.rows(database) == ["both", "stale"]

    def test_a_word_that_another_replaced_is_not_followed(self, database: Database) -> None:
        store(database, song())
        for track in ("1" * 22, "2" * 22):
            add_override(database, "spotify", "A - T", track)
        record(database, Answer("spotify", "track:" + "2" * 22, FOUND, T0, None, {"spotify_id": "2" * 22}))
        assert self.rows(database) == []

    def test_what_others_ask_or_the_song_asks_elsewhere_is_asked_all_the_same(self, database: Database) -> None:
        store(database, song("A", "T", asked={("lastfm", 0): "artist:a"}))
        store(database, song("A", "U", asked={("lastfm", 0): "artist:a"}))
        store(database, song("A", "T", asked={("open", 0): "artist:a", ("lastfm", 1): "artist:a"}))
        asked = look(database, "SELECT song_key, source, page, key FROM questions ORDER BY song_key, source, page")
        one, other = name_key("A", "T"), name_key("A", "U")
        assert asked == sorted(
            (key, source, page, "artist:a")
            for key, source, page in ((one, "lastfm", 0), (one, "lastfm", 1), (one, "open", 0), (other, "lastfm", 0))
        )

    def test_a_page_looked_through_on_the_way_is_kept_and_makes_nothing_due(self, database: Database) -> None:
        store(database, song(asked={("spotify", 0): "hash:x", ("spotify", 1): "artist:a#0"}))
        record(database, Answer("spotify", "artist:a#0", FAILED, T0), Answer("spotify", "hash:x", FOUND, T0))
        assert self.rows(database) == []
        assert len(look(database, "SELECT FROM questions WHERE key = 'artist:a#0'")) == 1

    def test_asking_the_same_again_writes_nothing(self, database: Database) -> None:
        asked = {("spotify", 0): "hash:x", ("open", 0): "", ("spotify", 1): "artist:a#0"}
        store(database, song(asked=asked))
        before = look(database, "SELECT key, xmin::text, ctid::text FROM questions ORDER BY key")
        store(database, song(asked=asked))
        assert look(database, "SELECT key, xmin::text, ctid::text FROM questions ORDER BY key") == before

    def test_after_a_merge_of_two_songs_their_questions_are_one_song_s(self, database: Database) -> None:
        gone, kept = song("A", "gone", asked={("open", 0): "hash:x"}), song("A", "kept", 20)
        store(database, gone, kept)
        assert gone.identity
        store(database, song("A", "kept", 20, absorbs=[gone.identity.song_id]))
        record(database, said(REFUSED))
        assert self.rows(database) == ["kept", "gone"]

    @pytest.mark.parametrize(
        ("kind", "word", "key"), [("spotify", "1" * 22, "track:"), ("aoty", "https://a/b", "url:")]
    )
    def test_a_person_s_word_is_due_until_it_was_followed(
        self, database: Database, kind: Any, word: str, key: str
    ) -> None:
        store(database, song())
        add_override(database, kind, "A - T", word)
        assert self.rows(database) == ["T"]
        record(database, Answer(kind, key + word, FOUND, T0))
        assert self.rows(database) == []
        record(database, Answer(kind, key + word, FOUND, T0 + DAY, T0 + 2 * DAY, {"url": word}))
        assert self.rows(database, at=T0 + 3 * DAY) == ["T"]

    def test_keys_to_renew_are_those_found_once_and_due_now(self, database: Database) -> None:
        record(
            database,
            said(FOUND, T0, T0 + DAY, key="stale"),
            said(FOUND, T0, T0 + 2 * DAY, key="fresh"),
            said(FOUND, T0, None, key="for ever"),
            said(REFUSED, T0, key="refused"),
        )
        keys = ["stale", "fresh", "for ever", "refused", "unknown"]
        assert stale_keys(database, "open", keys, T0 + DAY) == {"stale"}
        assert stale_keys(database, "spotify", keys, T0 + DAY) == set()
