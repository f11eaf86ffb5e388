"""A human's word, kept and applied to what is stored; and the report that asks for it."""

from typing import Any

import pytest

from tests.storage.making import album, answer, isrc, look, name_key, song, spotify_id, store
from tests.storage.test_recall import remember
from timbre_spider.errors import UsageError
from timbre_spider.items import Answer, ChartRow, Outcome, Reject, spelling_id
from timbre_spider.storage.database import Database
from timbre_spider.storage.override_store import add_override, check_album, list_overrides, spotify_id_of, undo_override
from timbre_spider.storage.references import find_song
from timbre_spider.storage.report import report

pytestmark = pytest.mark.integration


def titles(database: Database) -> list[Any]:
    return sorted(look(database, "SELECT title, playcount FROM song_features"))


def test_ways_to_name_a_song(database: Database) -> None:
    one, gone = song("The A", "T - Live", number=1), song("A", "gone")
    store(database, one, gone)
    store(database, song("The A", "T - Live", number=1, absorbs=[gone.identity.song_id]))
    ways = [str(one.identity.song_id), str(gone.identity.song_id), f"isrc:{isrc(1)}", f"spotify:{spotify_id(1)}",
            name_key("A", "gone"), "the a - t - live", " A - GONE "]  # fmt: skip
    with database.connect() as connection:
        assert [find_song(connection, each) for each in ways] == [one.identity.song_id] * len(ways)
        for wrong in ("nobody - nothing", "no dash", name_key("x", "y"), "00000000-0000-0000-0000-000000000000", ""):
            with pytest.raises(UsageError, match="There is no song"):
                find_song(connection, wrong)


def test_an_ambiguous_name_lists_the_songs(database: Database) -> None:
    both = [song("A", "T", keys=[name_key("A", "T")]), song("A", "T", 4, listener="you", number=2)]
    both[1].identity.song_id = __import__("uuid").UUID(int=2)
    both[1].identity.keys = (f"isrc:{isrc(2)}",)
    store(database, *both)
    with database.connect() as connection, pytest.raises(UsageError) as caught:
        find_song(connection, "A - T")
    assert all(str(each.identity.song_id) in str(caught.value) for each in both)


def test_same_merges_now_and_undo_parts_again(database: Database) -> None:
    one, two = song("A", "T", 10, number=1), song("A", "Tee", 5)
    store(database, one, two)
    made = add_override(database, "same", "A - T", "A - Tee")
    assert (made.subject, made.object) == (name_key("A", "T"), name_key("A", "Tee"))
    assert made.details == {"song": "A - T", "other": "A - Tee"}
    assert list_overrides(database) == [made]
    assert titles(database) == [("T", 15)]
    assert [each.id for each in list_overrides(database)] == [made.id]
    store(database, song("A", "Tee", 5, song_id=two.identity.song_id))  # an old id still leads there
    assert titles(database) == [("T", 15)]
    undo_override(database, made.id)
    assert titles(database) == [("T", 10), ("Tee", 5)]
    assert list_overrides(database) == []
    with pytest.raises(UsageError, match="no override"):
        undo_override(database, made.id)


def test_different_parts_what_was_merged(database: Database) -> None:
    kept = song("A", "T", 10, number=1)
    store(database, kept)
    store(
        database,
        song("A", "Other", 20, song_id=kept.identity.song_id, keys=[f"isrc:{isrc(1)}", name_key("A", "Other")]),
    )
    assert look(database, "SELECT playcount FROM lastfm_stats") == [30]
    add_override(database, "different", "A - T", "A - Other")
    assert titles(database) == [("Other", 20), ("T", 10)]
    owners = dict(look(database, "SELECT key, song_id FROM song_keys"))
    assert owners[name_key("A", "T")] == owners[f"isrc:{isrc(1)}"] == kept.identity.song_id
    assert owners[name_key("A", "Other")] != kept.identity.song_id


def test_different_parts_two_spellings_of_one_name(database: Database) -> None:
    rows = [ChartRow("A", "T", 10, 1), ChartRow("A", "T (Live)", 5, 2)]
    store(database, song("A", "T", number=1, rows=rows))
    word = add_override(database, "different", "A - T", "A - T (Live)")
    assert titles(database) == [("T", 10), ("T (Live)", 5)]
    own = spelling_id(name_key("A", "T"), "A", "T (Live)")
    assert (word.subject, word.object) == (name_key("A", "T"), own)
    assert dict(look(database, "SELECT title, name_key FROM aliases"))["T (Live)"] == own
    undo_override(database, word.id)
    assert look(database, "SELECT playcount FROM lastfm_stats") == [15]
    assert look(database, "SELECT name_key FROM aliases") == [name_key("A", "T")] * 2


def test_of_two_that_became_part_of_a_third_the_one_parted_has_its_id_again(database: Database) -> None:
    songs = {title: song("A", title, plays, number=plays) for title, plays in (("T", 7), ("Tee", 5))}
    strongest = song("A", "Tea", 3)
    assert strongest.identity is not None
    strongest.identity.canonical_id = f"isrc:{isrc(1)}"
    store(database, *songs.values(), strongest)
    before = dict(look(database, "SELECT title, id FROM songs"))
    add_override(database, "same", "A - T", "A - Tee")
    add_override(database, "same", "A - T", "A - Tea")
    assert len(look(database, "SELECT id FROM songs")) == 1
    add_override(database, "different", "A - T", "A - Tee")
    assert look(database, "SELECT id, isrc FROM songs ORDER BY isrc") == [
        (before["Tee"], isrc(5)), (before["Tea"], isrc(7)),
    ]  # fmt: skip


def test_of_spellings_that_differ_by_case_the_one_written_is_parted(database: Database) -> None:
    rows = [ChartRow("A", title, plays, plays) for title, plays in (("T (Live)", 9), ("T", 5), ("t", 3))]
    store(database, song("A", "T", number=1, rows=rows))
    for named, plays in (("T", 5), ("t", 3)):
        word = add_override(database, "different", "A - T (Live)", f"A - {named}")
        assert dict(titles(database)) == {"T (Live)": 17 - plays, named: plays}
        undo_override(database, word.id)


def test_one_spelling_is_not_parted_from_itself(database: Database) -> None:
    store(database, song("A", "T", rows=[ChartRow("A", "T", 10, 1), ChartRow("A", "T (Live)", 5, 2)]))
    for kind, one, other in (("different", "A - T", "A - T"), ("same", "A - T", "A - T (Live)")):
        with pytest.raises(UsageError, match="read as one name"):
            add_override(database, kind, one, other)


def test_the_last_word_wins(database: Database) -> None:
    store(database, song("A", "T"), song("A", "Tee"))
    add_override(database, "same", "A - T", "A - Tee")
    add_override(database, "different", "A - Tee", "A - T")
    assert [each.kind for each in list_overrides(database)] == ["different"]
    assert len(titles(database)) == 2


def test_words_are_listed_as_they_were_said(database: Database) -> None:
    store(database, *(song("A", title) for title in "TUVW"))
    made = [add_override(database, "same", *pair).id for pair in (("A - V", "A - W"), ("A - T", "A - U"))]
    assert [each.id for each in list_overrides(database)] == made


def test_one_name_cannot_differ_from_itself(database: Database) -> None:
    store(database, song("A", "T"))
    with pytest.raises(UsageError, match="one name"):
        add_override(database, "different", "A - T", name_key("A", "T"))
    assert list_overrides(database) == []


def test_another_spotify_id_forgets_the_wrong_one(database: Database) -> None:
    store(database, song("A", "T", number=1))
    remember(database, *(answer(name_key("A", "T"), source) for source in ("spotify", "open", "lastfm")))
    made = add_override(database, "spotify", "A - T", spotify_id(2))
    assert (made.subject, made.object) == (name_key("A", "T"), spotify_id(2))
    assert look(database, "SELECT canonical_id, isrc, spotify_id FROM songs") == [(name_key("A", "T"), None, None)]
    assert look(database, "SELECT key FROM song_keys") == [name_key("A", "T")]
    assert look(database, "SELECT source FROM answers") == ["lastfm"]
    store(database, song("A", "T", number=2))
    assert look(database, "SELECT canonical_id FROM songs") == [f"isrc:{isrc(2)}"]
    add_override(database, "spotify", "A - T", spotify_id(2))  # said again: nothing to forget
    assert look(database, "SELECT canonical_id FROM songs") == [f"isrc:{isrc(2)}"]


TRACK = "4iV5W9uYEdYUVa79Axb7Rh"
TRACKS = [
    TRACK,
    f" {TRACK}\n",
    f"spotify:track:{TRACK}",
    f"https://open.spotify.com/track/{TRACK}",
    f"https://open.spotify.com/track/{TRACK}?si=0123abcd",
    f"https://open.spotify.com/intl-de/track/{TRACK}",
    f"http://open.spotify.com/intl-pt-br/track/{TRACK}/?si=1&nd=1#x",
    f"open.spotify.com/embed/track/{TRACK}",
]
NO_TRACKS = [
    "", "nonsense", TRACK[:-1], TRACK + "x", TRACK[:-1] + "-", f"spotify:album:{TRACK}",
    f"https://open.spotify.com/album/{TRACK}", f"https://elsewhere.example/track/{TRACK}",
    f"https://open.spotify.com.elsewhere.example/track/{TRACK}", "https://open.spotify.com/track/",
]  # fmt: skip


@pytest.mark.unit
@pytest.mark.parametrize("text", TRACKS)
def test_a_track_is_named_by_id_address_or_uri(text: str) -> None:
    assert spotify_id_of(text) == TRACK


@pytest.mark.unit
@pytest.mark.parametrize("text", NO_TRACKS)
def test_what_is_no_track_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no Spotify track"):
        spotify_id_of(text)


@pytest.mark.unit
@pytest.mark.parametrize("base_url", ["https://x.test", "https://x.test/"])
@pytest.mark.parametrize(
    ("url", "is_album"),
    [
        ("https://x.test/album/7-a.php", True),
        ("https://x.test/album/", True),
        ("https://x.test/artist/7-a/", False),
        ("https://x.test//album/7-a.php", False),
        ("http://x.test/album/7-a.php", False),
        ("https://elsewhere.test/album/7-a.php", False),
        ("see https://x.test/album/7-a.php", False),
    ],
)
def test_an_album_is_named_by_its_page_s_address(base_url: str, url: str, is_album: bool) -> None:
    if is_album:
        check_album(url, base_url)
    else:
        with pytest.raises(UsageError) as caught:
            check_album(url, base_url)
        assert str(caught.value) == f"{url} is no album page: it starts with https://x.test/album/"


def test_a_refused_track_leaves_no_word(database: Database) -> None:
    store(database, song("A", "T", number=1))
    with pytest.raises(UsageError, match="is no Spotify track"):
        add_override(database, "spotify", "A - T", "nonsense")
    assert list_overrides(database) == []
    made = add_override(database, "spotify", "A - T", f"spotify:track:{TRACK}")
    assert made.object == TRACK
    second = add_override(database, "spotify", "A - T", spotify_id(2))
    undo_override(database, second.id)
    assert [each.object for each in list_overrides(database)] == [TRACK]  # the word before holds again


def test_another_album_forgets_the_wrong_one(database: Database) -> None:
    store(database, song("A", "T", aoty=album(1)))
    remember(database, answer("album:x", "aoty", url=album(1).url), answer("album:y", "aoty", url=album(2).url))
    add_override(database, "aoty", "A - T", album(2).url)
    assert look(database, "SELECT count(*) FROM aoty_attrs") == [0]
    assert look(database, "SELECT key FROM answers") == ["album:y"]


def test_the_report(database: Database) -> None:
    rows = [ChartRow("A", "T", 5, 1)]
    store(database, song("A", "T", number=1, rows=rows), song("B", "U"), song("C", "V"))
    same = [f"isrc:{isrc(1)}", name_key("A", "T two")]
    store(database, song("A", "T two", 2, song_id=song("A", "T").identity.song_id, keys=same))
    weak = Answer(
        "spotify", name_key("A", "T"), Outcome.FOUND, answer().asked_at, score=0.6, tier="low", reason="title 0.6"
    )
    absent = Answer("spotify", name_key("B", "U"), Outcome.ABSENT, answer().asked_at, reason="no candidate", misses=1)
    remember(database, weak, absent, answer(name_key("C", "V"), "open"))
    import asyncio
    from pathlib import Path

    from timbre_spider.storage.writer import Writer

    async def reject() -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"))
        await writer.open()
        await writer.reject([Reject("me", "", str(n), n, "empty artist") for n in range(3)])
        await writer.close()

    asyncio.run(reject())
    told = {each.name: each for each in report(database, lambda rows: [None, *["slip"] * (len(rows) - 1)], limit=2)}
    assert {name: (each.count, each.by) for name, each in told.items()} == {
        "unmatched": (2, {"absent": 1, "not asked": 1}),
        "weak": (1, {"spotify low": 1}),
        "merged": (1, {"slip": 1}),
        "rejected": (3, {"empty artist": 3}),
    }
    assert len(told["rejected"].rows) == 2
    assert told["weak"].rows[0]["title"] == "T"
    joined = told["merged"].rows[0]
    assert (joined["title"], joined["joined_title"], joined["playcount"], joined["rule"]) == ("T", "T two", 2, "slip")
