"""The catalogue: what is held of an album that several pages told of, and what its songs and its history have of it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.storage.making import look, rows_as_written, song, store
from timbre_spider.items import Answer, AotyAlbum, AotyTrack, CataloguedAlbum, Outcome, SeenOn, Sighting
from timbre_spider.storage.database import Database
from timbre_spider.storage.link import PostgresLink
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.recall import Reader
from timbre_spider.storage.wanted_albums import LackingAlbum, addresses, lacking_albums
from timbre_spider.storage.writer import Writer

pytestmark = pytest.mark.integration

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://www.albumoftheyear.org/album/7-ann-harbour.php"
BARE = AotyAlbum(URL, "Ann", "Harbour")
FULL = BARE._replace(
    user_score=74.5,
    rating_count=20_489,
    critic_score=70.3794,
    critic_count=17,
    release_date="2004-03-08",
    genres=("Dream Pop", "Shoegaze", "Slowcore"),
    secondary_genres=("Slowcore",),
    tags=("hazy", "1990s"),
    spotify_album_id="4aB0000000000000000001",
    format="LP",
    labels=("Creation", "Sub Pop"),
    must_hear="both",
    artist_url="https://www.albumoftheyear.org/artist/501-ann/",
    tracks=(AotyTrack("Lantern", 1, 1, 171_000, 77.0, 4304), AotyTrack("Pier", 2, disc=2)),
)


def seen(
    album: AotyAlbum = BARE, on: SeenOn = SeenOn.ALBUM, day: int = 0, number: int = 7, place: str = "", **told: Any
) -> Sighting:
    album = album._replace(**told)
    key = f"{album.artist}|{album.title}".lower()
    return Sighting(number, key, album, on, place or album.url, DAY + timedelta(days=day))


def catalogue(database: Database, *loads: Sighting | Sequence[Sighting]) -> None:
    """Sightings into the catalogue, each argument in a transaction of its own."""

    async def run() -> None:
        writer = Writer(database, spool_dir=Path("/nonexistent"), retry_attempts=0)
        await writer.open()
        for load in loads:
            await writer.catalogue([load] if isinstance(load, Sighting) else load)
            await writer.flush()
        await writer.close()

    asyncio.run(run())


def record(database: Database, *answers: Answer) -> None:
    async def run() -> None:
        link = database.link()
        await link.load([PendingWrite.of_answers(answers)])
        await link.close()

    asyncio.run(run())


def found(database: Database, artist: str = "ann", key: str = "", spotify: str | None = None) -> list[CataloguedAlbum]:
    async def run() -> list[CataloguedAlbum]:
        reader = Reader(database)
        try:
            return await reader.albums([artist], key, spotify)
        finally:
            await reader.close()

    return asyncio.run(run())


def held(database: Database, *loads: Sighting | Sequence[Sighting]) -> CataloguedAlbum:
    catalogue(database, *loads)
    [one] = found(database)
    return one


def test_an_album_comes_back_as_its_page_told_it(database: Database) -> None:
    assert held(database, seen(FULL)) == CataloguedAlbum("ann|harbour", FULL._replace(tracks=()), DAY, is_told=True)
    assert look(database, "SELECT tracks FROM aoty_albums") == [
        [
            {"title": "Lantern", "number": 1, "disc": 1, "length_ms": 171_000, "score": 77.0, "rating_count": 4304},
            {"title": "Pier", "number": 2, "disc": 2},
        ]
    ]


def test_an_album_nobody_tells_anything_of(database: Database) -> None:
    assert held(database, seen(on=SeenOn.CARD)) == CataloguedAlbum("ann|harbour", BARE, None, is_told=False)


CARD, CHART, PAGE, DATA = SeenOn.CARD, SeenOn.CHART, SeenOn.ALBUM, SeenOn.DATA


FIELDS = [
    # The stronger, however old; of equals the newer.
    ("user_score", [(PAGE, 0, 74.5), (CARD, 9, 76.0)], 74.5),
    ("user_score", [(CHART, 0, 74.5), (DATA, 9, 76.0)], 74.5),
    ("user_score", [(CHART, 9, 74.6), (PAGE, 0, 74.5)], 74.6),
    ("user_score", [(CHART, 0, 74.6), (PAGE, 9, 74.5)], 74.5),
    ("user_score", [(CARD, 0, 75.0), (DATA, 9, 76.0)], 76.0),
    ("rating_count", [(CARD, 9, 12), (CHART, 0, 1131)], 1131),
    ("critic_score", [(CARD, 9, 80.0), (CHART, 0, 79.6)], 79.6),
    ("critic_count", [(DATA, 9, 5), (PAGE, 0, 6)], 6),
    ("genres", [(CHART, 9, ("Rock",)), (PAGE, 0, ("Dream Pop",))], ("Dream Pop",)),
    ("tags", [(DATA, 9, ("sad",)), (PAGE, 0, ("hazy",))], ("hazy",)),
    ("format", [(CARD, 9, "EP"), (PAGE, 0, "LP")], "LP"),
    ("must_hear", [(CARD, 9, "users"), (CHART, 0, "both")], "both"),
    ("spotify_album_id", [(DATA, 9, "1" * 22), (CHART, 0, "2" * 22)], "2" * 22),
    ("title", [(DATA, 9, "Harbor"), (PAGE, 0, "Harbour")], "Harbour"),
    # The longest date, whoever tells it.
    ("release_date", [(PAGE, 9, "2004"), (DATA, 0, "2004-03-08")], "2004-03-08"),
    ("release_date", [(PAGE, 0, "2004-03-09"), (DATA, 9, "2004-03-08")], "2004-03-09"),
    # What was not told replaces nothing.
    ("user_score", [(PAGE, 0, None), (CARD, 9, 76.0)], 76.0),
    ("user_score", [(PAGE, 0, 74.5), (PAGE, 9, None)], 74.5),
    ("labels", [(PAGE, 0, ("Creation",)), (PAGE, 9, ())], ("Creation",)),
    # One kind of page seen again: the newer, and an older one fills what the newer lacks.
    ("user_score", [(PAGE, 0, 74.5), (PAGE, 9, 75.1)], 75.1),
    ("format", [(PAGE, 0, "LP"), (PAGE, 9, None)], "LP"),
]


def test_each_field_is_held_as_the_strongest_tells_it(database: Database) -> None:
    """In whatever order it is told, each page by itself or all in one load."""
    loads, asked = [[], []], {}
    for field, told, expected in FIELDS:
        for order in permutations(told):
            for together in (False, True):
                number = len(asked) + 1
                pages = [seen(on=on, day=day, number=number, **{field: value}) for on, day, value in order]
                pages = [page._replace(key=f"{number}|x") for page in pages]
                asked[str(number)] = (field, order, together, expected)
                loads[0] += pages if together else pages[:1]
                loads[1] += [] if together else pages[1:]
    catalogue(database, *loads)
    wrong = [
        (*case, album)
        for artist, case in asked.items()
        if getattr((album := found(database, artist)[0].album), case[0]) != case[-1]
    ]
    assert wrong == []


RATED = [
    ([seen(day=3)], 3),  # its page tells that nobody rated it
    ([seen(day=3, user_score=70.0), seen(on=CHART, day=5, user_score=71.0)], 5),
    ([seen(day=3, user_score=70.0), seen(on=CARD, day=5, user_score=71.0)], 3),
    ([seen(on=CARD, day=5, user_score=71.0), seen(on=DATA, day=6)], 5),
    ([seen(on=CHART, day=5, critic_score=71.0)], 5),
    ([seen(on=CARD, day=5), seen(on=DATA, day=6)], None),
]


def test_when_the_scores_held_were_seen(database: Database) -> None:
    catalogue(
        database,
        [page._replace(number=n, key=f"{n}|x") for n, (told, _) in enumerate(RATED, 1) for page in told],
    )
    days = [found(database, str(n))[0].rated_at for n in range(1, len(RATED) + 1)]
    assert days == [None if day is None else DAY + timedelta(days=day) for _, day in RATED]


def test_ratings_are_remembered_each_time_they_change(database: Database) -> None:
    catalogue(
        database,
        seen(user_score=80.0, rating_count=100),
        seen(user_score=80.04, rating_count=100, day=1),
        seen(on=CARD, user_score=95.0, day=2),  # weaker: not held
        seen(user_score=80.0, rating_count=120, day=3),
        seen(user_score=80.0, rating_count=120, critic_score=61.25, critic_count=9, day=4),
        seen(user_score=80.0, rating_count=100, day=5, critic_count=9),
        seen(on=DATA, number=8, day=5),
    )
    history = (
        "SELECT seen_at, user_score, rating_count, critic_score::float, critic_count FROM ratings_history ORDER BY 1"
    )
    assert look(database, history) == [
        (DAY, 80, 100, None, None),
        (DAY + timedelta(days=3), 80, 120, None, None),
        (DAY + timedelta(days=4), 80, 120, 61.3, 9),
        (DAY + timedelta(days=5), 80, 100, 61.3, 9),
    ]


def test_seeing_the_same_again_writes_nothing(database: Database) -> None:
    pages = [seen(FULL), seen(FULL, CARD), seen(on=DATA, day=-1, user_score=3.0), seen(FULL, day=-2)]
    store(database, song("A", "T", aoty=BARE))
    catalogue(database, pages)
    before = rows_as_written(database)
    catalogue(database, pages, *pages)
    assert rows_as_written(database) == before


def test_what_differs_from_what_is_known_in_one_thing_is_taken(database: Database) -> None:
    """Told at the same moment, so that nothing but the thing itself tells the two apart."""
    other = seen(FULL, url="/album/7-x.php", artist="Bob", title="Pier", user_score=75.5, rating_count=20_490,
        critic_score=70.4, critic_count=18, release_date="2004-03-09", format="EP", must_hear="users", labels=("Fo",),
        spotify_album_id="4aB0000000000000000002", artist_url="/artist/502-bob/", genres=("Slowcore", "Folk"),
        secondary_genres=("Folk",), tags=("loud",), tracks=(AotyTrack("Quay"),))  # fmt: skip
    known = seen(FULL)
    fields = other.album._asdict().items()
    told = [known._replace(album=known.album._replace(**{name: value})) for name, value in fields]
    later = {"key": "bob|harbour", "place": "x", "seen_at": DAY + timedelta(1)}
    told += [known._replace(**{name: value}) for name, value in later.items()]
    catalogue(database, [known._replace(number=n) for n in range(1, len(told) + 1)])
    catalogue(database, [each._replace(number=n) for n, each in enumerate(told, 1)])
    catalogue(database, [each._replace(number=n) for n, each in enumerate(told, 101)])
    rows = "SELECT to_jsonb(s) - 'number' FROM aoty_sightings s WHERE number {} 100 ORDER BY number"
    assert look(database, rows.format("<")) == look(database, rows.format(">"))
    assert len({str(row) for row in look(database, rows.format("<"))}) == len(told)


def test_another_kind_of_page_that_says_the_same_is_kept_too(database: Database) -> None:
    catalogue(database, seen(FULL), seen(FULL, CARD))
    assert look(database, "SELECT kinds FROM aoty_albums") == [["album", "card"]]


def test_songs_have_their_album_s_values_from_the_catalogue(database: Database) -> None:
    columns = "user_score::float, rating_count, critic_score::float, critic_count, release_date, genres, tags"
    values = lambda: look(database, f"SELECT DISTINCT {columns} FROM aoty_attrs")  # noqa: E731, S608
    stored = [song("A", title, aoty=BARE._replace(user_score=50.0, tags=("own",))) for title in "TU"]
    store(database, *stored)
    assert values() == [(50.0, None, None, None, None, [], ["own"])]
    changed = "SELECT min(updated_at) FROM songs"
    [before] = look(database, changed)
    # What the catalogue learns, songs have at once, under whatever title the address goes; what it lacks stays.
    catalogue(database, seen(FULL, url="http://127.0.0.1:1/album/7", tags=()))
    full = (74.5, 20_489, 70.4, 17, "2004-03-08", ["Dream Pop", "Shoegaze", "Slowcore"])
    assert values() == [(*full, ["own"])]
    assert look(database, changed)[0] > before
    # A song that comes with what an old answer held does not undo it.
    store(database, *stored, song("A", "V", aoty=BARE._replace(user_score=50.0)))
    assert sorted(values(), key=str) == [(*full, ["own"]), (*full, [])]
    # Other albums' songs are left alone.
    catalogue(database, seen(number=70, user_score=1.0))
    assert len(values()) == 2


def test_songs_on_their_way_have_what_is_told_of_their_album_meanwhile(database: Database) -> None:
    """A page is told of while a batch of its songs is written and not committed: neither sees the other's rows."""

    async def run() -> None:
        ours, beside = await database.connect_async(), database.link()
        async with ours, ours.transaction():

            async def open_transaction() -> psycopg.AsyncConnection:
                return ours

            stored = song("A", "T", aoty=BARE._replace(release_date="2004"))
            await PostgresLink(open_transaction).load([PendingWrite.of_song(stored)])
            telling = asyncio.create_task(beside.load([PendingWrite.of_albums([seen(FULL)])]))
            while not telling.done() and not await asyncio.to_thread(look, database, waits):
                pass
        await telling
        await beside.close()

    waits = (
        "SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
        " WHERE NOT l.granted AND l.locktype = 'advisory' AND d.datname = current_database()"
    )
    asyncio.run(run())
    assert look(database, "SELECT release_date FROM aoty_attrs") == ["2004-03-08"]


def test_who_is_found(database: Database) -> None:
    told = {
        1: {"title": "Harbour"},
        2: {"title": "Pier"},
        3: {"artist": "Cy", "title": "X", "spotify_album_id": "1" * 22},
        4: {"artist": "Various", "title": "Then"},
        5: {"artist": "Various", "title": "Now"},
    }
    albums = [BARE._replace(url=f"/album/{number}-x.php", **fields) for number, fields in told.items()]
    catalogue(database, [seen(album, number=int(album.url[7])) for album in albums])
    for artist, key, spotify, numbers in [
        ("ann", "ann|harbour", None, [1, 2]),
        ("bob", "bob|x", None, []),
        ("bob", "bob|x", "1" * 22, [3]),
        ("ann", "ann|x", "1" * 22, [1, 2, 3]),
        ("various", "various|now", None, [5]),
        ("various", "various|never", None, []),
    ]:
        assert [int(each.album.url[7]) for each in found(database, artist, key, spotify)] == numbers


def test_the_number_in_an_address(database: Database) -> None:
    numbers = {
        URL: 7,
        "/album/29250": 29250,
        "/album/123456789-x.php": 123456789,
        "/album/1234567890-x.php": None,
        "/artist/7-x/": None,
        "": None,
    }
    with database.connect() as connection:
        for url, number in numbers.items():
            assert connection.execute("SELECT timbre_album_number(%s)", [url]).fetchone() == (number,)


def test_what_is_played_and_lacks_ratings_and_where_it_stands(database: Database) -> None:
    store(
        database,
        song("Ann", "One", 5, number=1),
        song("Ann", "Two", 7, number=2),
        song("Bob", "Three", 9, number=3),
        song("Cy", "Four", 99, number=4, aoty=BARE),
        song("Di", "Five", 99),
        *(song(name, "Six", 3, number=n, asked={("aoty", 0): name}) for n, name in enumerate(("Ed", "Fay"), 5)),
    )
    # Nobody can save a page that the site does not have.
    record(database, Answer("aoty", "Ed", Outcome.REFUSED, DAY), Answer("aoty", "Fay", Outcome.ABSENT, DAY))
    lacking = [("Ann", 12, 2), ("Bob", 9, 1), ("Ed", 3, 1)]
    assert lacking_albums(database) == [LackingAlbum(name, "Album", plays, songs) for name, plays, songs in lacking]
    page = "/artist/1-ann/"
    pier = seen(title="Pier", number=9, artist_url=page, url="/album/9.php")
    catalogue(database, [seen(title="Album", number=8), pier])
    assert addresses(database, "ann", "ann|pier") == (page, "/album/9.php")
    assert addresses(database, "ann", "ann|quay") == (page, None)
    assert addresses(database, "bob", "bob|pier") == (None, None)


@pytest.mark.parametrize(
    ("on", "day", "told", "unrated"),
    [
        (SeenOn.CHART, 0, {"user_score": 70.0}, {8}),
        (SeenOn.CARD, 0, {"user_score": 70.0}, {8}),
        (SeenOn.CHART, -1, {"user_score": 70.0}, {7, 8}),
        # An album's page tells that nobody has rated it; a card without scores tells nothing of them.
        (SeenOn.ALBUM, 0, {}, {8}),
        (SeenOn.CARD, 0, {}, {7, 8}),
    ],
)
def test_which_albums_have_had_no_scores_since(
    database: Database, on: SeenOn, day: int, told: Any, unrated: set[int]
) -> None:
    catalogue(database, seen(on=on, day=day, **told))

    async def look_for() -> set[int]:
        reader = Reader(database)
        try:
            return await reader.unrated([7, 8], DAY)
        finally:
            await reader.close()

    assert asyncio.run(look_for()) == unrated


def test_a_database_that_is_away_knows_no_album(new_database: Database) -> None:
    with new_database.connect() as connection:
        connection.execute("DROP FUNCTION timbre_find_albums CASCADE")
    assert found(new_database) == []


def test_the_albums_of_artists_that_have_an_id_on_spotify(database: Database) -> None:
    async def look_for(*artists: str) -> list[tuple[str, str | None, str | None]]:
        reader = Reader(database)
        try:
            told = await reader.albums_on_spotify(artists)
        finally:
            await reader.close()
        return [(album.title, album.spotify_album_id, album.format) for album in told]

    on_spotify = {"spotify_album_id": "b" * 22}
    catalogue(
        database,
        seen(on=SeenOn.DATA, **on_spotify),
        seen(on=SeenOn.ALBUM, title="Harbour!", format="LP", **on_spotify),
        seen(on=SeenOn.CARD, title="Hafen", **on_spotify),
        seen(number=8, title="Tide"),
        seen(number=9, artist="Bob", title="Ebb", on=SeenOn.CARD, spotify_album_id="c" * 22),
    )
    assert asyncio.run(look_for("ann")) == [("Harbour!", "b" * 22, "LP")]
    assert asyncio.run(look_for("bob", "nobody")) == [("Ebb", "c" * 22, None)]
    assert asyncio.run(look_for()) == []
