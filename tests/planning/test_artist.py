"""Which calls may be made for an artist's songs, and what is known of the artist's albums."""

import pytest

from tests.planning.making import album, want
from timbre_spider.items import Release, SpotifyAlbum
from timbre_spider.planning.artist import Artist
from timbre_spider.planning.calls import Candidate, Kind
from timbre_spider.planning.releases import Releases, shown
from timbre_spider.planning.want import Want

pytestmark = pytest.mark.unit


def artist_of(*wants: Want, **known: object) -> Artist:
    return Artist("ann", {each.key: each for each in wants}, **known)  # type: ignore[arg-type]


def calls(artist: Artist, kind: Kind, *, scarce: bool = False, by_id: bool = True) -> list[Candidate]:
    made = artist.candidates(lambda each: float(each.plays), 10, 10, scarce=scarce, by_id=by_id)
    return [each for each in made if each.kind is kind]


FOUR = [want(f"Song {number}", plays=number) for number in range(1, 5)]


@pytest.mark.parametrize(("told", "tracks"), [([10], 10), ([0, 10], 10), ([10, 0], 10), ([10, 12], 10), ([0, 0], 0)])
def test_of_what_is_told_of_an_album_the_first_that_counts_its_tracks_stays(told: list[int], tracks: int) -> None:
    artist = artist_of()
    for count in told:
        artist.tell_of([album("tide", count)])
    assert [each.album.tracks for each in artist.unread.values()] == [tracks]


def test_spotifys_own_words_of_an_album_take_the_place_of_others() -> None:
    artist = artist_of()
    linked, own = (SpotifyAlbum("id of tide", name, tracks=9, linked=name == "tide") for name in ("tide", "Tide"))
    for told in (linked, own, linked):
        artist.tell_of([("ann|tide", told)])
    assert [each.album for each in artist.unread.values()] == [own]


def test_an_album_that_was_read_is_known_by_id_and_key_and_told_of_in_vain() -> None:
    artist = artist_of()
    one = SpotifyAlbum("id of tide", "Tide", ("Ann",), tracks=9)
    artist.tell_of([("ann|tide", one), album("ebb")])
    artist.have_read(["id of tide", "nobody told of this one"])
    artist.tell_of([("ann|tide", one)])
    assert (artist.read, artist.searched, set(artist.unread)) == ({"id of tide"}, {"ann|tide"}, {"ebb"})


@pytest.mark.parametrize(
    ("albums", "looked_through", "told", "by_id", "searched_for"),
    [
        # A song alone is better asked for by its name.
        (["harbour"], "", "", True, []),
        (["harbour", "harbour"], "", "", True, [("harbour", 2.0, 3.0)]),
        (["harbour", "tide", "harbour", "tide", "tide"], "", "", True, [("harbour", 2.0, 4.0), ("tide", 3.0, 11.0)]),
        (["", ""], "", "", True, []),
        # What was looked through, and what can be asked for by its id, needs no search.
        (["harbour", "harbour"], "harbour", "", True, []),
        (["harbour", "harbour"], "harbour", "", False, []),
        (["harbour", "harbour"], "", "harbour", True, []),
        (["harbour", "harbour"], "", "harbour", False, [("harbour", 2.0, 3.0)]),
        (["harbour", "harbour"], "", "tide", True, [("harbour", 2.0, 3.0)]),
    ],
)
def test_albums_are_searched_for(
    albums: list[str], looked_through: str, told: str, by_id: bool, searched_for: object
) -> None:
    wants = [want(f"Song {at}", plays=at, album=name) for at, name in enumerate(albums, 1)]
    artist = artist_of(*wants, searched={looked_through})
    artist.tell_of([album(told)] if told else [])
    made = calls(artist, Kind.ALBUM_SEARCH, by_id=by_id)
    assert sorted((each.about, each.stake, each.worth) for each in made) == searched_for


@pytest.mark.parametrize(
    ("wants", "known", "tracks", "scarce", "asked"),
    [
        (FOUR, {"artist_id": "1"}, None, False, True),
        (FOUR[:3], {"artist_id": "1"}, None, False, False),
        (FOUR, {}, None, False, False),
        # A large album is looked through first, unless calls are scarce.
        (FOUR, {"artist_id": "1"}, 7, False, True),
        (FOUR, {"artist_id": "1"}, 8, False, False),
        (FOUR, {"artist_id": "1"}, 8, True, True),
        (FOUR, {"artist_id": "1", "lists": 1, "albums_total": 11}, None, False, True),
        (FOUR, {"artist_id": "1", "lists": 1, "albums_total": 10}, None, False, False),
    ],
)
def test_the_list_of_albums_is_asked_for(
    wants: list[Want], known: dict[str, object], tracks: int | None, scarce: bool, asked: bool
) -> None:
    artist = artist_of(*wants, **known)
    artist.tell_of([album("tide", tracks)] if tracks else [])
    made = calls(artist, Kind.ARTIST_ALBUMS, scarce=scarce)
    told = [(each.about, each.page, each.group[1]) for each in made]
    assert told == [("1", known.get("lists", 0), int(scarce))] * asked


@pytest.mark.parametrize(
    ("count", "known", "group", "stake"),
    [
        (1, {}, 1, 1), (2, {}, 2, 2), (3, {}, 3, 3), (5, {}, 3, 5), (6, {}, 4, 6), (12, {}, 4, 10),
        (1, {"pages": 1}, 5, 1), (6, {"pages": 4}, 8, 6), (6, {"pages": 5}, None, 0),
        (6, {"pages": 1, "total": 11}, 8, 6), (6, {"pages": 1, "total": 10}, None, 0),
    ],
)  # fmt: skip
def test_a_page_of_tracks_is_worth_the_songs_that_wait(
    count: int, known: dict[str, object], group: int | None, stake: int
) -> None:
    made = calls(artist_of(*(want(f"Song {at}") for at in range(count)), **known), Kind.ARTIST_PAGE)
    assert [(each.group[1], each.stake, each.page) for each in made] == (
        [(group, stake, known.get("pages", 0))] if group else []
    )


@pytest.mark.parametrize(
    ("albums", "tracks", "kind", "known", "group", "stake"),
    [
        (["tide"], 10, "album", {}, 1, 1), (["tide"] * 2, 10, "album", {}, 2, 2), (["tide"] * 3, 10, "album", {}, 2, 3),
        # Of songs whose album nobody told it may have as many as of the artist's tracks; of another album's none, or
        # where all are of others as if nobody had told.
        (["", "", "", ""], 10, "album", {}, 0, 1), (["tide", ""], 10, "album", {"total": 100}, 1, 1.1),
        (["tide", "ebb", "ebb"], 40, "album", {}, 1, 1), (["ebb", "ebb"], 40, "album", {}, 0, 2),
        # A collection has songs of all albums, as many as it has tracks.
        (["tide", "ebb", ""], 10, "compilation", {}, 3, 3), (["ebb"] * 20, 10, "compilation", {}, 3, 10),
        (["tide", "ebb", ""], 10, "compilation", {"pages": 1}, 5, 3),
        (["tide"], 10, "album", {"searched": {"tide"}}, 4, 1),
        (["tide"], 10, "compilation", {"searched": {"tide"}, "pages": 1}, 4, 1),
    ],
)  # fmt: skip
def test_an_album_brings_by_the_songs_that_may_be_on_it(
    albums: list[str], tracks: int, kind: str, known: dict[str, object], group: int, stake: float
) -> None:
    wants = [want(f"Song {at}", plays=3, album=name) for at, name in enumerate(albums)]
    artist = artist_of(*wants, **known)
    artist.tell_of([album("tide", tracks, kind)])
    (made,) = calls(artist, Kind.ALBUM)
    assert (made.group[1], made.stake, made.worth) == (group, pytest.approx(stake), pytest.approx(3 * stake))


@pytest.mark.parametrize(
    ("tracks", "total", "wants", "share"),
    # Of an artist whose tracks nobody counted forty are reckoned with, and twice as many as wait are there at least.
    [(10, None, 4, 0.25), (10, 20, 4, 0.25), (10, 100, 4, 0.1), (10, None, 50, 0.1), (90, None, 4, 1.0)],
)
def test_an_album_has_its_share_of_the_songs_that_nobody_says_are_on_it(
    tracks: int, total: int | None, wants: int, share: float
) -> None:
    artist = artist_of(*(want(f"Song {at}", plays=2) for at in range(wants)), total=total)
    artist.tell_of([album("tide", tracks)])
    [made] = calls(artist, Kind.ALBUM)
    assert (made.stake, made.worth) == pytest.approx((share * wants, share * wants * 2))


def listings(wants: list[Want], *releases: tuple[str, int, bool], **known: object) -> list[tuple[str, int, float]]:
    """What may be searched for where nothing else may be asked: about what, its group, the songs it shows."""
    told = Releases((key, Release(key.title(), tracks, best)) for key, tracks, best in releases)
    made = artist_of(*wants, releases=told, **known).candidates(
        lambda each: float(each.plays), 10, 10, scarce=True, by_id=False
    )
    return [
        (each.about, each.group[1], pytest.approx(each.stake))
        for each in made
        if each.kind in (Kind.ARTIST_PAGE, Kind.ALBUM_SEARCH)
    ]


TWELVE = [want(f"Song {at}") for at in range(12)]


@pytest.mark.parametrize(
    ("count", "releases", "known", "tracks"),
    [
        # Spotify's count goes before MusicBrainz'; without either it is forty tracks, or three a song.
        (12, [("tide", 30, False)], {"total": 80}, 80),
        (12, [("tide", 30, False), ("ebb", 25, False)], {}, 55),
        (12, [], {}, 40),
        (20, [], {}, 60),
    ],
)
def test_a_page_of_tracks_shows_ten_of_them(
    count: int, releases: list[tuple[str, int, bool]], known: dict[str, object], tracks: int
) -> None:
    wants = [want(f"Song {at}") for at in range(count)]
    assert listings(wants, *releases, **known)[0] == ("ann", 9, count * shown(10, tracks, count))


@pytest.mark.parametrize(
    ("pages", "total", "group"), [(0, None, 9), (1, 80, 10), (4, None, 10), (5, 80, None), (1, 10, None)]
)
def test_pages_of_tracks_end(pages: int, total: int | None, group: int | None) -> None:
    made = listings(TWELVE, pages=pages, total=total)
    assert [about_group[1] for about_group in made] == ([group] if group else [])


@pytest.mark.parametrize(
    ("wants", "tracks", "known", "expected"),
    [
        # It has the best known of all songs, as many as it has tracks.
        (TWELVE, 14, {}, [(2, 10.0)]), (TWELVE[:4], 9, {}, [(2, 4.0)]), (TWELVE, 9, {}, [(2, 9.0)]),
        (TWELVE, 0, {}, [(2, 12 * shown(10, 12, 12))]),
        (TWELVE, 14, {"pages": 1}, [(3, 10.0)]), (TWELVE, 14, {"searched": {"best"}}, []),
        # Whether somebody told of songs on it or not.
        ([want("A", album="best"), want("B", album="best"), want("C")], 9, {}, [(2, 3.0)]),
    ],
)  # fmt: skip
def test_a_collection_is_searched_for(
    wants: list[Want], tracks: int, known: dict[str, object], expected: list[tuple[int, float]]
) -> None:
    made = listings(wants, ("best", tracks, True), **known)
    assert [(group, stake) for about, group, stake in made if about == "best"] == expected


@pytest.mark.parametrize(
    ("albums", "tracks", "expected"),
    [
        (["tide"] * 3, 9, 3.0), (["tide"] * 3, 20, 3 * shown(10, 20, 3)), (["tide"] * 3, 0, 3 * shown(10, 12, 3)),
        # Of songs whose album nobody told as many as of the artist's tracks: here a fifth.
        (["tide", "", "", "", "", ""], 9, 1 + 5 * 0.2), (["tide", ""], 9, 1 + 1 * 0.2),
        # A song alone is better asked for by its name.
        (["tide"], 9, None), (["tide", "ebb"], 9, None),
    ],
)  # fmt: skip
def test_an_album_is_searched_for_by_the_songs_said_and_likely_to_be_on_it(
    albums: list[str], tracks: int, expected: float | None
) -> None:
    wants = [want(f"Song {at}", album=name) for at, name in enumerate(albums)]
    made = listings(wants, ("tide", tracks, False), ("flow", 36, False), total=45)
    assert [stake for about, group, stake in made if (about, group) == ("tide", 1)] == ([expected] if expected else [])
    assert not any(group == 1 for _, group, _ in listings(wants, ("tide", tracks, False), searched={"tide"}))
