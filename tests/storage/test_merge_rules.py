"""The merge, column by column: which of two values stays, and why."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.storage.making import NOW, album, answer, dump, isrc, look, name_key, song, spotify_id, store, track
from timbre_spider.items import Answer, ChartRow, Reject, Song
from timbre_spider.storage.database import Database
from timbre_spider.storage.pending_write import PendingWrite

pytestmark = pytest.mark.integration

NAME = name_key("A", "T")


def only(database: Database, columns: str, table: str = "songs") -> Any:
    [row] = look(database, f"SELECT {columns} FROM {table}")  # noqa: S608
    return row


def with_track(number: int, plays: int = 10, title: str = "T", **values: Any) -> Song:
    """The song A - T in a version with that Spotify track, known by its name alone."""
    return song("A", title, plays, keys=[NAME], song_id=UUID(int=1), spotify=track(number, title, **values))


@pytest.mark.parametrize("weaker", [f"spotify:{spotify_id(1)}", NAME])
def test_a_canonical_id_changes_to_a_stronger_kind_only(database: Database, weaker: str) -> None:
    store(database, song("A", "T", keys=[weaker, NAME], song_id=UUID(int=1)))
    strong = [f"isrc:{isrc(1)}", NAME]
    store(database, song("A", "T", keys=strong, song_id=UUID(int=1)))
    assert only(database, "canonical_id") == strong[0]
    store(database, song("A", "T", keys=[f"isrc:{isrc(2)}", NAME], song_id=UUID(int=1)))
    assert only(database, "canonical_id") == strong[0]
    assert sorted(look(database, "SELECT key FROM song_keys")) == sorted({*strong, weaker, f"isrc:{isrc(2)}"})


def test_a_name_gives_way_to_a_spotify_id(database: Database) -> None:
    for keys in ([NAME], [f"spotify:{spotify_id(1)}", NAME], [NAME]):
        store(database, song("A", "T", keys=keys, song_id=UUID(int=1)))
    assert only(database, "canonical_id") == f"spotify:{spotify_id(1)}"


def test_the_holder_of_a_taken_key_goes_by_its_next_best(database: Database) -> None:
    held = [f"isrc:{isrc(1)}", f"spotify:{spotify_id(2)}", f"spotify:{spotify_id(1)}", NAME]
    store(database, song("A", "T", keys=held))
    taker = song("B", "U", keys=[f"isrc:{isrc(1)}", name_key("B", "U")])
    assert taker.identity is not None
    taker.identity.takes = (f"isrc:{isrc(1)}",)
    assert [each.status for each in store(database, taker)] == ["stored"]
    assert sorted(look(database, "SELECT title, canonical_id FROM songs")) == [
        ("T", f"spotify:{spotify_id(1)}"),
        ("U", f"isrc:{isrc(1)}"),
    ]
    owners = dict(look(database, "SELECT k.key, s.title FROM song_keys k JOIN songs s ON s.id = k.song_id"))
    assert owners == {**dict.fromkeys(held, "T"), f"isrc:{isrc(1)}": "U", name_key("B", "U"): "U"}
    changed = "SELECT id, updated_at FROM songs ORDER BY id"
    before = dump(database), look(database, changed)
    store(database, taker)  # it has the key by now
    assert (dump(database), look(database, changed)) == before


def test_a_key_taken_that_was_not_the_canonical_one_leaves_that(database: Database) -> None:
    # The stronger key came later and did not change the canonical id of its kind.
    store(database, song("A", "T", keys=[f"isrc:{isrc(2)}", NAME], song_id=UUID(int=1)))
    store(database, song("A", "T", keys=[f"isrc:{isrc(1)}", f"isrc:{isrc(3)}", NAME], song_id=UUID(int=1)))
    taker = song("B", "U", keys=[f"isrc:{isrc(3)}", name_key("B", "U")])
    assert taker.identity is not None
    taker.identity.takes = (f"isrc:{isrc(3)}",)
    store(database, taker)
    assert look(database, "SELECT canonical_id FROM songs WHERE title = 'T'") == [f"isrc:{isrc(2)}"]


def test_of_claims_within_a_batch_the_first_has_it_and_a_repeat_comes_again(database: Database) -> None:
    one, other = UUID(int=1), UUID(int=2)
    receipts = store(
        database,
        song("A", "T", song_id=one, keys=[NAME]),
        song("B", "U", song_id=other, keys=[name_key("B", "U")]),
        song("A", "T two", 3, song_id=one, keys=[name_key("A", "T two")]),  # the same row, no common key
        song("B", "U two", song_id=other, keys=[NAME]),  # the same row as the second, but a key of the first
    )
    assert [each.status for each in receipts] == ["stored", "stored", "stored", "contested"]
    assert sorted(look(database, "SELECT key FROM song_keys")) == sorted(
        [NAME, name_key("B", "U"), name_key("A", "T two")]
    )


def test_what_a_batch_says_of_its_songs(database: Database) -> None:
    one, other = UUID(int=1), UUID(int=2)

    async def run() -> dict[str, Any]:
        link = database.link()
        report = await link.load(
            [
                PendingWrite.of_song(song("A", "T", song_id=one, keys=[NAME])),
                PendingWrite.of_song(song("B", "U", song_id=other, keys=[name_key("B", "U")])),
                PendingWrite.of_song(song("A", "T two", song_id=one, keys=[name_key("A", "T two")])),
                PendingWrite.of_song(song("B", "U two", song_id=other, keys=[NAME])),
                PendingWrite.of_song(song("C", "V", song_id=UUID(int=3), keys=[NAME])),
            ]
        )
        await link.close()
        return report

    # The fourth is the second once more: who has its other key is judged when it comes again.
    assert asyncio.run(run()) == {"new": [0, 1], "moved": {}, "gone": {}, "again": [2, 3], "contested": [4]}


def test_two_songs_of_a_batch_that_absorb_one_row(database: Database) -> None:
    ids = [UUID(int=number) for number in (1, 2, 3)]
    titles = ("Ay", "Bee", "Sea")
    store(database, *(song("A", title, song_id=each) for title, each in zip(titles, ids, strict=True)))
    receipts = store(
        database,
        *(song("A", title, song_id=each, absorbs=ids[2:]) for title, each in zip(titles[:2], ids, strict=False)),
    )
    assert [each.status for each in receipts] == ["stored", "contested"]


def test_the_fuller_version_wins_over_the_more_played(database: Database) -> None:
    store(database, with_track(1, 5, "full"), with_track(2, 900, "poor", popularity=None))
    assert only(database, "title, spotify_id, version_plays") == ("full", spotify_id(1), 5)
    store(database, with_track(3, 6, "full too"))
    assert only(database, "title, spotify_id, version_plays") == ("full too", spotify_id(3), 6)
    assert only(database, "artist") == "A"


def test_the_better_version_brings_its_artist_too(database: Database) -> None:
    store(database, song("a", "T", 5, keys=[NAME], song_id=UUID(int=1)))
    better = with_track(1)
    store(database, better)
    assert only(database, "artist, title") == ("A", "T")


@pytest.mark.parametrize("titles", [("T", "U"), ("U", "T")])
def test_of_versions_that_are_equal_but_for_their_names_the_same_one_holds_whichever_came_first(
    database: Database, titles: tuple[str, str]
) -> None:
    for title in titles:
        store(database, song("A", title, 5, keys=[NAME], song_id=UUID(int=1)))
    assert only(database, "title") == "U"


def test_the_same_version_keeps_its_greatest_plays_and_completeness(database: Database) -> None:
    store(database, with_track(1, 9), with_track(1, 4, popularity=None, explicit=None))
    before = only(database, "completeness, version_plays")
    assert before[1] == 9
    store(database, with_track(1, 12, popularity=None))
    assert only(database, "completeness, version_plays") == (before[0], 12)
    store(database, with_track(2, 10, "U", popularity=None))  # fuller no longer than what is there
    assert only(database, "title") == "T"


def test_a_better_version_without_an_isrc_keeps_the_one_known(database: Database) -> None:
    bare = song("A", "T", 5, keys=[NAME], song_id=UUID(int=1))
    bare.isrc, bare.isrc_source = isrc(7), "listenbrainz"
    store(database, bare, with_track(1, 9, "U", isrc=None))
    assert only(database, "title, isrc, isrc_source") == ("U", isrc(7), "listenbrainz")
    better = song("A", "V", 90, keys=[NAME], song_id=UUID(int=1), spotify=track(2, "V"))
    better.isrc, better.isrc_source = isrc(2), "spotify"
    store(database, better)
    assert only(database, "title, isrc, isrc_source") == ("V", isrc(2), "spotify")


def test_a_lesser_version_gives_an_isrc_that_is_missing_and_no_other(database: Database) -> None:
    store(database, with_track(1, 9, "T", isrc=None))
    for number, source in ((7, "deezer"), (8, "musicbrainz")):
        lesser = song("A", "U", 1, keys=[NAME], song_id=UUID(int=1))
        lesser.isrc, lesser.isrc_source = isrc(number), source
        store(database, lesser)
    assert only(database, "title, isrc, isrc_source") == ("T", isrc(7), "deezer")


def test_a_version_without_a_track_takes_none_away(database: Database) -> None:
    store(database, song("A", "T", 5, keys=[NAME], song_id=UUID(int=1)))
    lesser = with_track(1, 1, "U")
    store(database, lesser)
    store(database, song("A", "Z", 500, keys=[NAME], song_id=UUID(int=1)))
    assert only(database, "title, spotify_id") == ("U", spotify_id(1))
    assert only(database, "count(*)", "spotify_attrs") == 1


def test_a_better_version_without_a_track_takes_none_away_either(database: Database) -> None:
    empty = dict.fromkeys(("duration_ms", "popularity", "album_id", "artist_id", "album_name", "album_type"))
    store(database, with_track(1, 5, isrc=None, release_date=None, explicit=None, track_number=None, **empty))
    better = song("A", "U", 90, keys=[NAME], song_id=UUID(int=1))
    better.isrc, better.isrc_source = isrc(7), "deezer"
    store(database, better)
    assert only(database, "title, isrc, spotify_id") == ("U", isrc(7), spotify_id(1))


def test_a_song_without_a_track_or_an_album_has_no_row_of_them(database: Database) -> None:
    store(database, song())
    assert [only(database, "count(*)", table) for table in ("spotify_attrs", "aoty_attrs")] == [0, 0]


def test_the_same_version_told_again_is_the_better_one(database: Database) -> None:
    for tag, number in (("once", 1), ("again", 2)):
        same = with_track(1, 10)
        same.tags, same.aoty = {tag: 1}, album(number)
        same.isrc = isrc(number)
        store(database, same)
    assert only(database, "lastfm_tags, aoty_url, isrc", "song_features") == ({"again": 1}, album(2).url, isrc(2))


def load(database: Database, make: Callable[[], list[PendingWrite]]) -> None:
    """Pending writes as one batch; made where a loop runs, as a write must be."""

    async def run() -> None:
        link = database.link()
        await link.load(make())
        await link.close()

    asyncio.run(run())


VALUES: dict[str, tuple[Any, Any]] = {
    "duration_ms": (200_000, 210_000),
    "popularity": (50, 60),
    "album_id": ("al", "al2"),
    "artist_id": ("ar", "ar2"),
    "album_name": ("Album", "Album 2"),
    "album_type": ("album", "single"),
    "release_date": ("1999-05-04", "2001"),
    "explicit": (False, True),
    "track_number": (3, 4),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_value_of_the_same_track_is_renewed_and_not_forgotten(database: Database, name: str) -> None:
    shown = "release_date::text, release_precision" if name == "release_date" else name
    was, new = VALUES[name]
    full = {"release_date": {"1999-05-04": ("1999-05-04", "day"), "2001": ("2001-01-01", "year")}}.get(name)
    was_shown, new_shown = (full[was], full[new]) if full else (was, new)
    store(database, with_track(1))
    assert only(database, shown, "spotify_attrs") == was_shown
    store(database, with_track(1, **{name: None}))
    assert only(database, shown, "spotify_attrs") == was_shown
    store(database, with_track(1, **{name: new}))
    assert only(database, shown, "spotify_attrs") == new_shown


def test_another_track_keeps_nothing_of_the_one_before(database: Database) -> None:
    store(database, with_track(1, 1))
    store(database, with_track(2, 9, "U", album_type="single"))
    assert only(database, "album_type", "spotify_attrs") == "single"
    fuller = with_track(1, 1)
    store(database, fuller)  # not the version that stands
    assert only(database, "album_type", "spotify_attrs") == "single"


def test_another_track_without_a_value_leaves_none(database: Database) -> None:
    store(database, with_track(1, 1, album_name=None, album_id=None))
    store(database, with_track(2, 9, "U", album_name=None))
    assert only(database, "album_name, album_id", "spotify_attrs") == (None, "al")
    store(database, with_track(3, 99, "V", album_id=None, track_number=9))
    assert only(database, "album_name, album_id", "spotify_attrs") == ("Album", None)


def test_the_track_that_stands_is_renewed_under_a_lesser_spelling_too(database: Database) -> None:
    store(database, with_track(1, 90))
    store(database, with_track(1, 5, "t", popularity=61))
    assert only(database, "popularity", "spotify_attrs") == 61
    assert only(database, "title") == "T"


def with_album(number: int, plays: int, title: str = "T", **scores: Any) -> Song:
    return song("A", title, plays, keys=[NAME], song_id=UUID(int=1), aoty=album(number, **scores))


def test_which_album_a_song_shows(database: Database) -> None:
    store(database, with_album(1, 10))
    store(database, with_album(2, 5, "U"))  # a lesser version's album does not replace it
    assert only(database, "url", "aoty_attrs") == album(1).url
    store(database, with_album(1, 5, "U", score=70.0))  # but the same album is renewed by it
    assert only(database, "url, user_score", "aoty_attrs") == (album(1).url, 70)
    store(database, with_album(2, 50, "V"))
    assert only(database, "url", "aoty_attrs") == album(2).url


SCORES: dict[str, tuple[Any, Any, Any]] = {  # known, told anew, unknown
    "user_score": (80.0, 81.0, None),
    "rating_count": (100, 120, None),
    "critic_score": (75.0, 76.0, None),
    "critic_count": (9, 10, None),
    "release_date": ("1999", "2001", None),
    "genres": (("Rock",), ("Pop",), ()),
    "tags": (("guitar",), ("piano",), ()),
}


@pytest.mark.parametrize("name", SCORES)
def test_a_value_of_the_same_album_is_renewed_and_not_forgotten(database: Database, name: str) -> None:
    known, anew, unknown = SCORES[name]

    def told(number: int, value: Any) -> Any:
        page = album(number)._replace(**{name: value})
        store(database, song("A", "T", 10, keys=[NAME], song_id=UUID(int=1), aoty=page))
        shown = only(database, name, "aoty_attrs")
        return tuple(shown) if isinstance(shown, list) else shown

    assert [told(1, value) for value in (known, unknown, anew)] == [known, known, anew]
    assert told(2, unknown) == unknown  # of another album, nothing stays


def test_tags_are_lost_to_nothing(database: Database) -> None:
    def tagged(plays: int, title: str, **tags: int) -> Song:
        return song("A", title, plays, keys=[NAME], song_id=UUID(int=1), tags=tags)

    def tags() -> Any:
        return only(database, "tags", "lastfm_stats")

    store(database, tagged(10, "T"))
    assert tags() == {}
    store(database, tagged(5, "U", lesser=1))  # none so far: those of a lesser version
    assert tags() == {"lesser": 1}
    store(database, tagged(20, "V", better=1))
    assert tags() == {"better": 1}
    store(database, tagged(30, "W"))  # a better version without
    assert tags() == {"better": 1}
    store(database, tagged(5, "U", lesser=2))
    assert tags() == {"better": 1}


def test_a_spelling_twice_in_a_batch_counts_with_its_most_plays(database: Database) -> None:
    rows = [ChartRow("A", "T", 3, 9), ChartRow("A", "T", 8, 2), ChartRow("A", "T", 5, 4)]
    store(database, song(rows=rows))
    assert only(database, "playcount, rank", "aliases") == (8, 2)
    assert only(database, "playcount", "lastfm_stats") == 8


def test_names_that_are_alike_only_together_are_rows_of_their_own(database: Database) -> None:
    for listener, artist, title in (("me", "A", "B C"), ("me", "A B", "C"), ("me A", "B", "C"), ("ME", "A", "B C")):
        store(database, song(artist, title, listener=listener, rows=[ChartRow(artist, title, 1, 1)]))
    assert look(database, "SELECT count(*) FROM aliases") == [3]
    assert look(database, "SELECT timbre_digest('a b', 'c') = timbre_digest('a', 'b c')") == [False]


def test_plays_and_rank_of_a_spelling(database: Database) -> None:
    steps = [((5, 7), (5, 7)), ((3, 1), (5, 7)), ((5, 6), (5, 6)), ((9, 8), (9, 8))]
    for (plays, rank), kept in steps:
        store(database, song(rows=[ChartRow("A", "T", plays, rank)]))
        assert only(database, "playcount, rank", "aliases") == kept
        assert only(database, "playcount", "lastfm_stats") == kept[0]


def test_a_spelling_is_read_anew(database: Database) -> None:
    made = song("A", "T")
    store(database, made)
    made.rows = [replace(row, name_id=name_key("A", "read anew")) for row in made.rows]
    store(database, made)
    assert only(database, "name_key", "aliases") == name_key("A", "read anew")


@pytest.mark.parametrize("plays", [2, 9])
def test_a_spelling_that_leaves_takes_its_most_plays_along(database: Database, plays: int) -> None:
    store(database, song("A", "T", rows=[ChartRow("A", "T", 10, 1), ChartRow("A", "U", 5, 2)]))
    store(database, song("A", "U", rows=[ChartRow("A", "U", plays, 2)]))
    assert look(database, "SELECT title, playcount FROM song_features ORDER BY title") == [
        ("T", 10), ("U", max(plays, 5)),
    ]  # fmt: skip
    assert look(database, "SELECT playcount FROM aliases WHERE title = 'U'") == [max(plays, 5)]


def test_a_song_whose_last_spelling_left_is_merged_as_it_was(database: Database) -> None:
    row = ChartRow("A", "T", 5, 1)
    store(database, song("A", "T", rows=[row], keys=[name_key("A", "as read before")], song_id=UUID(int=1)))
    store(database, song("A", "T", rows=[row], song_id=UUID(int=2)))
    [(rule, aliases, plays)] = look(
        database, "SELECT rule, jsonb_array_length(gone -> 'aliases'), gone #>> '{lastfm,playcount}' FROM merges"
    )
    assert (rule, aliases, plays) == ("name", 1, "5")
    assert look(database, "SELECT playcount FROM lastfm_stats") == [5]


def test_a_stored_row_is_no_reject_and_others_stay(database: Database) -> None:
    with database.connect() as connection:
        for title in ("T", "U"):
            connection.execute(
                "INSERT INTO rejects SELECT timbre_alias_id('me', 'A', %s), 'me', 'A', %s, 1, 'x'", [title, title]
            )
    store(database, song("A", "T"))
    assert look(database, "SELECT title FROM rejects") == ["U"]


def test_who_was_merged_in_an_earlier_batch_is_told_once(database: Database) -> None:
    one, two = song("A", "T"), song("A", "Tee")
    store(database, one, two)
    assert one.identity is not None
    assert two.identity is not None
    [first] = store(database, song("A", "T", absorbs=[two.identity.song_id]))
    [second] = store(database, song("A", "T", 12))
    assert (first.gone, second.gone) == ((two.identity.song_id,), ())


def test_plays_of_others(database: Database) -> None:
    for listener, plays in (("Ann", 3), ("bob", 4), ("cy", 5)):
        store(database, song("A", "T", plays, listener=listener))
    store(database, song("A", "hers alone", 50, listener="Ann"))
    [song_id, alone] = look(database, "SELECT id FROM songs ORDER BY title")
    assert look(database, "SELECT timbre_plays_of_others(%s, 'ann')", str(alone)) == [0]
    for listener, others in (("ann", 9), ("BOB", 8), ("nobody", 12)):
        with database.connect() as connection:
            row = connection.execute("SELECT timbre_plays_of_others(%s, %s)", [str(song_id), listener]).fetchone()
        assert row == (others,)


def test_of_several_answers_about_a_key_the_newest_stands(database: Database) -> None:
    def about(value: int, minutes: int) -> Answer:
        return answer(at=NOW + timedelta(minutes=minutes), v=value)

    steps = [([(1, 5), (2, 9), (3, 7)], 2), ([(4, 8)], 2), ([(5, 9), (6, 9)], 6), ([(7, 10)], 7)]
    for given, stands in steps:
        load(database, lambda given=given: [PendingWrite.of_answers([about(*each)]) for each in given])
        assert only(database, """"values" ->> 'v'""", "answers") == str(stands)


def test_a_reject_keeps_its_most_plays_and_its_last_reason(database: Database) -> None:
    def rejected(plays: int, reason: str) -> None:
        load(database, lambda: [PendingWrite.of_rejects([Reject("me", "", "T", plays, reason)])])

    for plays, reason, kept in ((5, "empty", 5), (3, "empty", 5), (3, "long", 5), (9, "long", 9)):
        rejected(plays, reason)
        assert only(database, "playcount, reason", "rejects") == (kept, reason)
    seen = only(database, "seen_at", "rejects")
    for plays in (4, kept):
        rejected(plays, "long")  # nothing new
    assert only(database, "seen_at", "rejects") == seen
