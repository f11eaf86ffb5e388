"""Values as the staging tables take them."""

import hashlib

import pytest

from tests.pipelines.making import song, track
from timbre_spider.items import OpenFacts, Reject
from timbre_spider.storage.staging import completeness, open_values, reject_row, release, short_key

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("key", ["artist:ann", "", "k" * 300])
def test_a_key_that_an_index_takes_stays(key: str) -> None:
    assert short_key(key) == key


def test_a_longer_key_is_its_beginning_and_a_digest_of_all_of_it() -> None:
    one, other = ("k" * 300 + end for end in "ab")
    assert short_key(one) == "k" * 258 + "…" + hashlib.sha1(one.encode()).hexdigest()
    assert short_key(one) != short_key(other)
    assert short_key("a\x00b") == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("told", "day", "precision"),
    [
        ("2004", "2004-01-01", "year"),
        ("2004-03", "2004-03-01", "month"),
        ("2004-03-08", "2004-03-08", "day"),
        ("2004-02-30", "2004-01-01", "year"),
        ("2004-13", "2004-01-01", "year"),
        ("0000", None, None),
        ("0000-01-01", None, None),
        ("04", None, None),
        ("2004-3-8", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_release_is_its_first_day_as_exactly_as_it_is_told(
    told: str | None, day: str | None, precision: str | None
) -> None:
    assert release(told) == (day, precision)


def test_what_nobody_told_is_not_stored_and_a_date_that_is_none_has_no_source() -> None:
    told = OpenFacts(album_name="Harbour", release_date="2004-03", release_date_source="deezer")
    assert open_values(told) == {
        "album_name": "Harbour", "release_date": "2004-03-01", "release_precision": "month",
        "release_date_source": "deezer",
    }  # fmt: skip
    assert open_values(OpenFacts(release_date="0000", release_date_source="deezer")) == {}
    assert open_values(OpenFacts(release_date_source="deezer")) == {}


def test_a_version_is_the_more_complete_the_more_is_known_of_it() -> None:
    bare, known = song(), song(spotify=track(popularity=0, explicit=False))
    assert (completeness(bare), completeness(known)) == (0, 5)
    bare.isrc = known.isrc = "USABC0000001"
    assert (completeness(bare), completeness(known)) == (1, 6)


def test_a_rejected_row_is_stored_with_no_fewer_plays_than_none() -> None:
    rows = [reject_row(Reject("ann", "Ann", "", plays, "no plays")) for plays in (-3, 0, 4)]
    assert [plays for _, _, _, plays, _ in rows] == [0, 0, 4]
