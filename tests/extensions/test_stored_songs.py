from uuid import UUID

import pytest

from timbre_spider.extensions.stored_songs import COVERED, StoredSongs
from timbre_spider.items import AotyAlbum, ChartRow, Identity, Song, SpotifyTrack

pytestmark = pytest.mark.unit


def song(number, *absorbed, listener="ann", **parts):
    made = Song(listener, "A", "T", "a|t", [ChartRow("A", "T", 1, 1)], **parts)
    identity = Identity(UUID(int=number), "hash:x", (), tuple(UUID(int=each) for each in absorbed))
    return made, identity


def test_each_song_counts_once():
    stored = StoredSongs()
    assert [stored.add(*song(1)), stored.add(*song(2)), stored.add(*song(1))] == [True, True, False]
    assert len(stored) == 2


def test_two_stored_songs_that_turn_out_to_be_one_count_once():
    stored = StoredSongs()
    stored.add(*song(1, isrc="X"))
    stored.add(*song(2))
    assert stored.add(*song(2, 1)) is False
    assert len(stored) == 1
    assert stored.coverage_percent()["isrc"] == 0


def test_what_another_listener_heard_too_is_one_song_and_each_one_s():
    stored = StoredSongs()
    assert [stored.add(*song(1)), stored.add(*song(1, listener="bob")), stored.add(*song(2))] == [True, True, True]
    assert (len(stored), stored.songs_of("ann"), stored.songs_of("bob"), stored.songs_of("cat")) == (2, 2, 1, 0)
    # What one listener's rows bring together is one song for all.
    stored.add(*song(3, 1, listener="bob"))
    stored.add(*song(2, 3, listener="cat"))
    assert (len(stored), stored.songs_of("ann"), stored.songs_of("bob"), stored.songs_of("cat")) == (1, 1, 1, 1)


def test_coverage_is_of_the_songs_that_are_left():
    stored = StoredSongs()
    stored.add(*song(1, tags={"rock": 100}, isrc="X"))
    stored.add(*song(2))
    stored.add(*song(2, isrc="Y"))
    assert {name: value for name, value in stored.coverage_percent().items() if value} == {
        "lastfm_tags": 50, "isrc": 100,
    }  # fmt: skip


def test_every_field_is_told_by_the_source_that_has_it():
    track = SpotifyTrack("1" * 22, "T", ("A",), "X", 1, 0, album_name="Al", release_date="1999")
    album = AotyAlbum("u", "A", "Al", user_score=0.0, genres=("Rock",))
    stored = StoredSongs()
    stored.add(*song(1, isrc="X", spotify=track, aoty=album, tags={"rock": 1}))
    assert stored.coverage_percent() == dict.fromkeys(COVERED, 100)


def test_of_no_songs_nothing_can_be_said():
    assert StoredSongs().coverage_percent() == dict.fromkeys(COVERED)
