"""How columns of data sets are called, and what is in them; whole tables are in test_read.py."""

import pytest

from timbre_spider.albums.columns import ColumnError, album_of, columns_of

pytestmark = pytest.mark.unit

# As published data sets, scrapers and hand-made tables call them.
CALLED = {
    "title": "title, Album, Album Title, album_name, Name, Release",
    "artist": "artist, artist_name, Album Artist, Artists, artistNames, Band, performer",
    "url": "album_link, Album URL, aoty_url, AOTY link, url, Link, href, aoty_id, album_id",
    "artist_url": "artist_link, Artist URL",
    "user_score": "User Score, aoty_user_score, users_score, user_rating, Score, rating",
    "rating_count": "rating_count, User Rating Count, user_ratings, num_ratings, Number of Ratings, ratings_count, "
    "user_count, Ratings, num_user_ratings, Number of User Ratings",
    "critic_score": "Critic Score, aoty_critic_score, critics_score, critic_rating",
    "critic_count": "critic_count, Critic Reviews, num_critic_reviews, critic_review_count, Number of Critic Reviews, "
    "critic_ratings, num_critics",
    "release_date": "Release Date, date, Released, release_year, Year",
    "genres": "Genres, genre, primary_genres",
    "secondary_genres": "Secondary Genres, secondary_genre",
    "tags": "tags, Vibes, tag, descriptors",
    "labels": "Labels, label",
    "format": "Format, album_type, Type",
    "must_hear": "must_hear",
    "spotify_album_id": "spotify_album_id, Spotify ID, spotify_url, spotify_link, spotify_uri, spotify",
}
NEEDED = ("title", "artist", "url")


@pytest.mark.parametrize(("field", "name"), [(field, name) for field in CALLED for name in CALLED[field].split(", ")])
def test_a_column_is_found_by_each_of_its_names(field: str, name: str) -> None:
    header = ["x", *(each for each in NEEDED if each != field), name]
    assert columns_of(header, {})[field] == header.index(name)


def test_of_several_names_the_plainest_is_taken_and_of_one_name_the_first() -> None:
    header = ["rating", "title", "artist", "url", "user_score", "url"]
    assert columns_of(header, {}) == {"title": 1, "artist": 2, "url": 3, "user_score": 4}
    assert columns_of(header, {"user_score": "rating"})["user_score"] == 0


@pytest.mark.parametrize(
    ("header", "asked", "says"),
    [
        (["a", "b"], {}, "no column tells title, artist, url: of a, b, name the right one with --map title=COLUMN."),
        (["title", "url"], {}, "no column tells artist: of title, url, name the right one with --map artist=COLUMN."),
        ([], {"tags": "x"}, "it has no column 'x', but none."),
        (["title", "artist", "url"], {"tags": "x"}, "it has no column 'x', but title, artist, url."),
    ],
)
def test_what_is_lacking_is_named_and_what_is_there(header: list[str], asked: dict[str, str], says: str) -> None:
    with pytest.raises(ColumnError) as raised:
        columns_of(header, asked)
    assert str(raised.value) == says


WHOSE = {
    "both": "both", "Both": "both", "user": "users", "users": "users", "critic": "critics", "critics": "critics",
    "yes": None, "": None,
}  # fmt: skip


@pytest.mark.parametrize(("told", "held"), WHOSE.items())
def test_whose_must_hear_it_is(told: str, held: str | None) -> None:
    columns = {"title": 0, "artist": 1, "url": 2, "must_hear": 3}
    assert album_of(["Harbour", "Ann", "7", told], columns).must_hear == held


@pytest.mark.parametrize("nothing", ["", "NR", "n/a", "NA", "nan", "None", "null", "-", "Unknown", None])
def test_what_says_that_nothing_is_known_is_no_value(nothing: str | None) -> None:
    columns = {"title": 0, "artist": 1, "url": 2, "labels": 3, "user_score": 4}
    album = album_of(["A", "Ann", "7", nothing, nothing], columns)
    assert (album.labels, album.user_score) == ((), None)


@pytest.mark.parametrize(
    ("score", "held"), [("0", 0.0), ("100", 100.0), ("74.5/100", 74.5), ("81%", 81.0), ("100.1", None), ("-1", None)]
)
def test_a_score_is_a_number_from_none_to_a_hundred(score: str, held: float | None) -> None:
    columns = {"title": 0, "artist": 1, "url": 2, "user_score": 3}
    if held is None:
        with pytest.raises(ValueError, match="no number from 0 to 100"):
            album_of(["A", "Ann", "7", score], columns)
    else:
        assert album_of(["A", "Ann", "7", score], columns).user_score == held
