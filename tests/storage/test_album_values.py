"""The catalogue, column by column: whose value is held of each, and what its songs and its history have of it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.storage.making import look, song, store
from tests.storage.test_albums import BARE, CARD, CHART, DATA, DAY, FULL, PAGE, catalogue, seen
from timbre_spider.items import AotyAlbum, AotyTrack, SeenOn, Sighting
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration

OTHER = AotyAlbum(
    "/album/7-x.php", "Bob", "Pier", user_score=75.5, rating_count=20_490, critic_score=70.4, critic_count=18,
    release_date="2004-03-09", format="EP", must_hear="users", labels=("Fo",), genres=("Folk",), tags=("loud",),
    spotify_album_id="4aB0000000000000000002", artist_url="/artist/502-bob/", secondary_genres=("Noise",),
    tracks=(AotyTrack("Quay"),),
)  # fmt: skip
SCORES = {"user_score", "rating_count", "critic_score", "critic_count"}
# Who told the one, and who the other a day later; whose scores are held, and whose all else.
TOLD = [
    (PAGE, DATA, "one", "one"),
    (PAGE, CHART, "other", "one"),
    (CHART, PAGE, "other", "other"),
    (CHART, CARD, "one", "one"),
    (CARD, DATA, "other", "other"),
    (DATA, CARD, "other", "other"),
    (DATA, CHART, "other", "other"),
]


def told(album: AotyAlbum, on: SeenOn, day: int, number: int) -> Sighting:
    return seen(album, on, day, number)._replace(key=f"{album.artist.lower()}|{number}")


def test_every_field_is_held_as_the_strongest_tells_it_then_as_the_newest(database: Database) -> None:
    catalogue(
        database,
        [told(FULL, one, 0, n) for n, (one, *_) in enumerate(TOLD, 1)]
        + [told(OTHER, other, 1, n) for n, (_, other, *_) in enumerate(TOLD, 1)],
    )
    rows = dict(look(database, "SELECT number, to_jsonb(a) - '{kinds,rated_at}'::text[] FROM aoty_albums a"))
    alone = {}
    for name, album in (("one", FULL), ("other", OTHER)):
        catalogue(database, [told(album, PAGE, 1, 99)])
        [alone[name]] = look(database, "SELECT to_jsonb(a) FROM aoty_albums a WHERE number = 99")
        look(database, "DELETE FROM aoty_sightings WHERE number = 99 RETURNING 1")
    wrong = [
        (number, name, value)
        for number, (*_, scores, others) in enumerate(TOLD, 1)
        for name, value in rows[number].items()
        if name not in ("number", "key", "seen_at") and value != alone[scores if name in SCORES else others][name]
    ]
    assert wrong == []
    assert [rows[n]["key"] for n in rows] == [
        f"{'ann' if case[3] == 'one' else 'bob'}|{n}" for n, case in enumerate(TOLD, 1)
    ]
    assert {row["seen_at"] for row in rows.values()} == {(DAY + timedelta(days=1)).isoformat()}


OWN: dict[str, Any] = {
    "user_score": 50.0, "rating_count": 7, "critic_score": 60.0, "critic_count": 3, "release_date": "2001",
    "genres": ("Own",), "tags": ("own",),
}  # fmt: skip
VALUES = "jsonb_build_object(" + ", ".join(f"'{name}', {name}" for name in OWN) + ")"


def page(number: int, **told: Any) -> AotyAlbum:
    return BARE._replace(url=f"https://www.albumoftheyear.org/album/{number}-x.php", **told)


def test_songs_have_what_the_catalogue_tells_and_keep_what_it_does_not(database: Database) -> None:
    full = {name: getattr(FULL, name) for name in OWN}
    tellings = [*({name: value} for name, value in full.items()), full]
    store(database, *(song("A", str(n), aoty=page(n, **OWN)) for n in range(1, len(tellings) + 2)))
    with database.connect() as connection:
        connection.execute("UPDATE aoty_attrs SET updated_at = '2020-01-01'")
    catalogue(database, [seen(page(n, **each), number=n) for n, each in enumerate(tellings, 1)])
    full |= {"critic_score": 70.4}  # as it is rounded
    shown = [OWN | {name: full[name] for name in each} for each in tellings]
    assert look(database, f"SELECT {VALUES} FROM aoty_attrs ORDER BY timbre_album_number(url)") == [  # noqa: S608
        {name: list(value) if isinstance(value, tuple) else value for name, value in each.items()}
        for each in (*shown, OWN)
    ]
    assert look(database, "SELECT count(*) FROM aoty_attrs WHERE updated_at < '2020-01-02'") == [1]


@pytest.mark.parametrize("again", [False, True])
def test_a_song_that_comes_later_has_what_the_catalogue_tells_and_its_own_where_that_is_silent(
    database: Database, again: bool
) -> None:
    full = {name: getattr(FULL, name) for name in OWN}
    tellings = [*({name: value} for name, value in full.items()), full]
    songs = [song("A", str(n), aoty=page(n, **OWN)) for n in range(1, len(tellings) + 2)]
    if again:
        store(database, *songs)
    catalogue(database, [seen(page(n, **each), number=n) for n, each in enumerate(tellings, 1)])
    store(database, *songs)
    full |= {"critic_score": 70.4}
    shown = [OWN | {name: full[name] for name in each} for each in tellings]
    assert look(database, f"SELECT {VALUES} FROM aoty_attrs ORDER BY timbre_album_number(url)") == [  # noqa: S608
        {name: list(value) if isinstance(value, tuple) else value for name, value in each.items()}
        for each in (*shown, OWN)
    ]


def test_one_rating_is_enough_to_be_remembered_and_none_is_not(database: Database) -> None:
    catalogue(database, seen(page(9), DATA, number=9))
    rated = [seen(page(n, **{name: 3}), CARD, number=n) for n, name in enumerate(sorted(SCORES), 1)]
    catalogue(database, *rated, seen(page(9), CARD, number=9, day=1), seen(page(1, format="LP"), CARD, number=1, day=1))
    told = "SELECT timbre_album_number(url), num_nonnulls(user_score, rating_count, critic_score, critic_count)"
    assert look(database, f"{told} FROM ratings_history ORDER BY 1") == [(n, 1) for n in range(1, 5)]


def test_ratings_are_compared_with_those_last_remembered(database: Database) -> None:
    told = [(80.0, "LP"), (70.0, "LP"), (70.0, "EP"), (80.0, "EP"), (80.0, "LP")]
    catalogue(database, *(seen(day=day, user_score=score, format=kind) for day, (score, kind) in enumerate(told)))
    history = "SELECT user_score::float, seen_at FROM ratings_history ORDER BY seen_at"
    assert look(database, history) == [(told[day][0], DAY + timedelta(days=day)) for day in (0, 1, 3)]


def test_of_two_that_tell_one_id_on_spotify_alike_the_newer_is_believed(database: Database) -> None:
    for number, days in enumerate(((0, 1), (1, 0)), 1):
        told = {"number": number, "spotify_album_id": str(number) * 22}
        catalogue(
            database,
            *(seen(on=on, day=day, title=str(day), **told) for on, day in zip((CARD, DATA), days, strict=True)),
        )
    catalogue(database, seen(number=5, title="none"))
    assert database.call("timbre_albums_on_spotify", {"artists": ["ann", "bob"]}) == [
        ["Ann", "1", str(number) * 22, None, None] for number in (1, 2)
    ]


def test_where_all_albums_have_their_scores_none_is_without(database: Database) -> None:
    catalogue(database, seen(user_score=70.0))
    assert database.call("timbre_unrated_albums", {"numbers": ["7"], "since": DAY.isoformat()}) == []
