"""Which album AOTY is asked for: a table of who names what."""

from dataclasses import replace
from typing import Any

import pytest

from tests.pipelines.making import song, track
from timbre_spider.items import AotyAlbum, Listens, OpenFacts, Outcome
from timbre_spider.matching.calibration import probability
from timbre_spider.matching.comparing.tier import Tier
from timbre_spider.pipelines.aoty.wanted import Wanted, album_of, released, without_album

pytestmark = pytest.mark.unit

OPEN = OpenFacts(album_name="Open", album_source="listenbrainz")


@pytest.mark.parametrize(
    ("heard", "spotify", "known_openly", "expected"),
    [
        (None, None, None, None),
        (None, None, OpenFacts(), None),
        (None, {"album_name": None}, None, None),
        (None, None, OPEN, "Open"),
        (None, {"album_type": "album"}, OPEN, "Harbour"),
        (None, {"album_type": None}, OPEN, "Harbour"),
        (None, {"album_type": "single"}, OPEN, "Open"),
        (None, {"album_type": "compilation"}, OPEN, "Open"),
        (None, {"album_type": "compilation"}, None, "Harbour"),
        (None, {"album_type": "single"}, OpenFacts(), "Harbour"),
        (None, {"album_name": None}, OPEN, "Open"),
        ("Heard", {"album_type": "album"}, OPEN, "Heard"),
        ("Heard (Deluxe Edition)", None, None, "Heard"),
    ],
)
def test_the_album_is_the_one_heard_then_an_original_one(
    heard: str | None, spotify: dict[str, Any] | None, known_openly: OpenFacts | None, expected: str | None
) -> None:
    made = song(open=known_openly, spotify=None if spotify is None else track(**spotify))
    made.rows = [
        replace(made.rows[0], listens=(Listens("lastfm", "overall", 5), Listens("x", "overall", 5, album=heard)))
    ]
    assert album_of(made) == (("Ann", expected) if expected else None)


@pytest.mark.parametrize(
    ("played", "album_type", "expected"),
    [
        ((), "album", "Harbour"),
        (("Elsewhere",), "album", "Harbour"),
        (("Elsewhere", "Open (Deluxe Edition)"), "album", "Open"),
        (("Open", "Harbour"), "album", "Harbour"),
        (("Harbour",), "compilation", "Harbour"),
        (("Open", "Harbour"), "compilation", "Open"),
    ],
)
def test_of_several_albums_one_that_the_listener_plays_is_believed(played: Any, album_type: str, expected: str) -> None:
    made = song(open=OPEN, spotify=track(album_type=album_type), artist_albums=played)
    assert album_of(made) == ("Ann", expected)


@pytest.mark.parametrize(
    ("played", "expected"),
    [
        (("Harbour (Deluxe Edition)", "Harbour"), ("Ann", "Harbour")),
        # As it is played most.
        (("HARBOUR", "Harbour"), ("Ann", "HARBOUR")),
        (("Harbour", "Open"), None),
        ((), None),
    ],
)
def test_where_nobody_names_an_album_it_is_the_only_one_the_listener_plays(played: Any, expected: Any) -> None:
    assert album_of(song(artist_albums=played)) == expected


def test_without_spotify_s_track_the_album_is_of_the_first_artist() -> None:
    assert album_of(song("Ann feat. Bob", open=OPEN)) == ("Ann", "Open")
    assert album_of(song("Ann feat. Bob", open=OPEN, spotify=track(artist="Cy"))) == ("Cy", "Harbour")


@pytest.mark.parametrize(
    ("outcomes", "ends"),
    [
        ({}, None),
        ({"open": Outcome.ABSENT}, Outcome.ABSENT),
        ({"open": Outcome.ABSENT, "spotify": Outcome.ABSENT}, Outcome.ABSENT),
        ({"open": Outcome.FOUND, "spotify": Outcome.ABSENT}, Outcome.ABSENT),
        ({"open": Outcome.ABSENT, "spotify": Outcome.DEFERRED}, Outcome.DEFERRED),
        ({"open": Outcome.FAILED, "spotify": Outcome.ABSENT}, Outcome.DEFERRED),
        ({"spotify": Outcome.REFUSED}, Outcome.DEFERRED),
    ],
)
def test_without_an_album_it_is_for_good_only_when_all_have_answered(outcomes: Any, ends: Outcome | None) -> None:
    assert without_album(song(outcomes=outcomes)) == ends


@pytest.mark.parametrize(
    ("spotify", "open_", "date"),
    [
        ("2011-03-04", "1975", "1975"),
        ("1975-03-04", "2011", "1975-03-04"),
        ("2011", None, "2011"),
        (None, "1975-01", "1975-01"),
        (None, None, None),
        ("0000", None, "0000"),
        ("n.d.", None, None),
    ],
)
def test_the_date_is_the_earliest_that_anybody_tells(spotify, open_, date):
    parts = {"spotify": track(release_date=spotify), "open": OpenFacts(release_date=open_) if open_ else None}
    assert released(song(**parts)) == date


@pytest.mark.parametrize(
    ("artist", "title", "of_spotify", "tier"),
    [
        ("Ann", "Harbour", None, Tier.EXACT),
        ("Ann", "Harbour (Remastered)", None, Tier.EXACT),
        ("Ann", "Harbour", "2", Tier.EXACT),
        ("Ann", "Harbor", None, Tier.HIGH),
        ("Ann", "Harbour (Reprise)", None, Tier.MEDIUM),
        ("Bob", "Pier", None, Tier.LOW),
        ("Bob", "Pier", "1", None),
    ],
)
def test_how_well_an_album_matches_the_one_asked_for(
    artist: str, title: str, of_spotify: str | None, tier: Tier | None
) -> None:
    wanted = Wanted("album:x", "Ann", "Harbour", spotify_album_id="1")
    score, told = wanted.match(AotyAlbum("/album/1-x.php", artist, title, spotify_album_id=of_spotify))
    assert told == tier
    if tier is None:
        assert score is None
    else:
        assert score is not None
        assert (score < 0.01) is (tier is Tier.LOW)
        assert (probability(score) > 0.998) is (tier is Tier.EXACT)


@pytest.mark.parametrize(
    ("title", "tier"), [("Pulp Fiction", Tier.EXACT), ("Pulp Fiction (Deluxe)", Tier.EXACT), ("Kill Bill", Tier.LOW)]
)
def test_various_artists_are_as_good_as_a_name_for_an_album(title: str, tier: Tier) -> None:
    wanted = Wanted("album:x", "VA", "Pulp Fiction")
    assert wanted.match(AotyAlbum("/album/1-x.php", "Various Artists", title))[1] == tier


@pytest.mark.parametrize(
    ("taken", "other", "elsewhere"),
    [
        ("2005", "2004-05", True),
        ("2005", "2003", False),
        ("2005", "1999", False),
        ("1990", "2005", True),
        ("2004-05-01", "2004-05", False),
    ],
)
def test_an_album_is_another_one_where_its_namesake_has_a_nearer_date(taken: str, other: str, elsewhere: bool) -> None:
    wanted = Wanted("album:x", "Ann", "Harbour", released="2004-05")
    one, namesake = (AotyAlbum(f"/album/{n}-x.php", "Ann", "Harbour", release_date=date) for n, date in
                     enumerate((taken, other)))  # fmt: skip
    assert wanted.is_elsewhere([one, namesake, one], one) is elsewhere


def test_without_spotify_s_album_none_is_named_by_it() -> None:
    score, _ = Wanted("album:x", "Ann", "Harbour").match(AotyAlbum("/album/1-x.php", "Ann", "Harbour"))
    assert score is not None
