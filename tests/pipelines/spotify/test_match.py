"""What a song that waits is asked for by."""

from dataclasses import asdict, replace

import pytest

from tests.pipelines.making import song, track
from timbre_spider.items import Answer, ChartRow, Listens, OpenFacts, Outcome, SpotifyAlbum
from timbre_spider.pipelines.spotify.match import (
    albums_by_artist,
    hits,
    question_of,
    record_of,
    want_of,
    want_of_rows,
)
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.want import Want
from timbre_spider.sources.gate import utc_now
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("names", "asked", "in_words"),
    [
        (("Ann", "Lantern (Live)"), ("Ann", "Lantern"), ("Ann", "Lantern")),
        (("Ann feat. Bob", "Lantern"), ("Ann", "Lantern"), ("Ann", "Lantern")),
        (("Ann", "Lantern (Calibre Remix)"), ("Ann", "Lantern (Calibre Remix)"), ("Ann", "Lantern")),
        (("Ａｎｎ", "Ｌａｎｔｅｒｎ　（Ｌｉｖｅ）"), ("Ann", "Lantern"), ("Ann", "Lantern")),
        (
            ("Ａｎｎ", "Ｌａｎｔｅｒｎ（Ｃａｌｉｂｒｅ　Ｒｅｍｉｘ）"),
            ("Ann", "Lantern(Calibre Remix)"),
            ("Ann", "Lantern"),
        ),
    ],
)
def test_question(names, asked, in_words):
    want = Want("hash:x", "ann", *names, plays=1)
    assert question_of(want) == asked
    assert question_of(want, in_words=True) == in_words


TOLD = Recording("", "Clara Langley", "O Beacon", isrcs=("USABC0000001",))


@pytest.mark.parametrize(
    ("told", "tier", "asked"),
    [
        ({"listenbrainz": TOLD}, "high", ("Clara Langley", "O Beacon")),
        ({"deezer": replace(TOLD, title="O, Beacon"), "listenbrainz": TOLD}, "exact", ("Clara Langley", "O Beacon")),
        ({"listenbrainz": TOLD}, "medium", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": None}, "high", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": replace(TOLD, artist="Клара Лангли")}, "high", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": replace(TOLD, title="О Маяк")}, "high", ("Clara Langly", "O Beacon")),
        ({"listenbrainz": replace(TOLD, title="О Маяк"), "deezer": TOLD}, "high", ("Clara Langley", "O Beacon")),
    ],
)
def test_a_song_is_asked_for_by_the_names_the_open_sources_are_sure_of(told, tier, asked):
    heard = song("Clara Langly", "O Beacon")
    values = {service: asdict(each) if each else None for service, each in told.items()}
    key = ("open", heard.name_id)
    heard.known[key] = Answer(*key, Outcome.FOUND, utc_now(), values=values, tier=tier)
    want = want_of(heard)
    assert (question_of(want), want.artist_key) == (asked, "claralangly")


def test_without_the_open_sources_it_is_asked_for_as_it_was_heard():
    assert question_of(want_of(song("Clara Langly", "O Beacon"))) == ("Clara Langly", "O Beacon")


@pytest.mark.parametrize(("released", "year"), [("2019-05-03", 2019), ("2019-05", 2019), ("2019", 2019), (None, None)])
def test_a_track_is_compared_by_the_year_it_came_out_in(released, year):
    assert record_of(track(release_date=released)).year == year


def test_a_folded_song_is_wanted_for_the_plays_of_all_its_rows():
    rows = [
        ChartRow("Ann", "Lantern", 30, 1, name_id="hash:a", duration_ms=180_000),
        ChartRow("The Ann", "LANTERN", 4, 2, name_id="hash:b", duration_ms=190_000),
    ]
    assert asdict(want_of_rows(rows)) == asdict(Want("hash:a", "ann", "Ann", "Lantern", 34, duration_ms=180_000))


@pytest.mark.parametrize(
    ("heard", "told", "isrc", "album", "isrcs"),
    [
        (None, None, None, "", set()),
        (None, OpenFacts(), "USABC0000001", "", {"USABC0000001"}),
        (None, OpenFacts(isrcs=("USABC0000002",), album_name="Pier"), None, "Pier", {"USABC0000002"}),
        ("Tide", OpenFacts(isrcs=("A", "B"), album_name="Pier"), "A", "Tide", {"A", "B"}),
    ],
)
def test_a_song_waits_with_all_that_is_known_of_it(heard, told, isrc, album, isrcs):
    one = song(isrc=isrc, open=told)
    one.rows = [
        replace(one.rows[0], listens=(Listens("lastfm", "overall", 5), Listens("x", "overall", 5, album=heard)))
    ]
    want = want_of(one)
    assert (want.album, want.album_key) == (album, f"ann|{album.lower()}" if album else "")
    assert (want.isrcs, want.in_work, want.plays) == (isrcs, True, 5)


@pytest.mark.parametrize(("credited", "artist"), [((), ""), (("a",), "a"), (("a", "b"), "")])
def test_the_artist_s_id_is_that_of_the_only_one_credited(credited, artist):
    one = song()
    told = {"listenbrainz": asdict(replace(TOLD, artist_mbids=credited))}
    one.known["open", one.name_id] = Answer("open", one.name_id, Outcome.FOUND, utc_now(), values=told, tier="high")
    assert want_of(one).artist_mbid == artist


@pytest.mark.parametrize(
    ("title", "own", "known", "found"),
    [
        ("Lantern", False, {}, True),
        ("Lantern (Foo)", False, {}, False),
        ("Lantern (Foo)", True, {}, True),
        ("Lantern", False, {"spotify_id": "x"}, False),
        ("Lantern", False, {"spotify_id": "x", "unproven": True}, True),
    ],
)
def test_of_a_song_that_nobody_asked_for_only_a_match_without_doubt_counts(title, own, known, found):
    pool = Pool()
    want = replace(want_of(song()), **known)
    pool.add(want)
    told = list(hits(pool, [track(title="Else"), track(2, title)], [want.artist_key], [want.key] if own else []))
    assert [(hit.want.key, hit.track.title, hit.choice.index) for hit in told] == (
        [(want.key, title, 1)] if found else []
    )


def test_songs_of_whoever_is_credited_are_looked_for_among_that_one_s_tracks():
    pool = Pool()
    for one in (song("Bob"), song("Cat")):
        pool.add(want_of(one))
    told = list(hits(pool, [replace(track(artist="Ann"), artists=("Ann", "Bob"))], ["ann"], []))
    assert [(hit.want.artist, hit.track.artists) for hit in told] == [("Bob", ("Ann", "Bob"))]


def test_answers_tell_of_the_albums_of_those_whose_songs_wait():
    pool = Pool()
    for artist in ("Ann", "Cat"):
        pool.add(want_of(song(artist)))
    listed = [SpotifyAlbum("1", "Harbour", ("Ann", "Bob")), SpotifyAlbum("2", "Ebb", ("Bob",))]
    tracks = [
        track(1, artist="Ann", album_id="1", album_name="another name of it"),
        track(2, artist="Cat", album_id="3", album_name="Tide", album_type="single", release_date="2019"),
        track(3, artist="Cat", album_id="4", album_name="Hits", album_type="compilation"),
        track(4, artist="Cat", album_id=None, album_name="Nameless"),
        track(5, artist="Cat", album_id="5", album_name=None),
    ]
    told = albums_by_artist(pool, tracks, listed)
    assert {key: [album for _, album in albums.values()] for key, albums in told.items()} == {
        "ann": [listed[0]],
        "cat": [SpotifyAlbum("3", "Tide", ("Cat",), "single", "2019")],
    }
    assert {key for albums in told.values() for key, _ in albums.values()} == {"ann|harbour", "cat|tide"}
