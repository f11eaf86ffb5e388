"""Which call comes next, by tables of pools."""

from dataclasses import replace

import pytest

from tests.planning.making import ALL, album, want
from timbre_spider.items import Release
from timbre_spider.planning.calls import Bucket, Call, Kind
from timbre_spider.planning.pool import Pool
from timbre_spider.planning.releases import shown
from timbre_spider.planning.want import Want

pytestmark = pytest.mark.unit

A, B = Bucket.ALBUMS, Bucket.ALBUM_TRACKS


def pool_of(*wants: Want, **options: bool) -> Pool:
    pool = Pool(**options)
    for each in wants:
        pool.add(each)
    return pool


def songs(count: int, artist: str = "ann", **more: object) -> list[Want]:
    return [want(f"Song {number}", artist, **more) for number in range(count)]  # type: ignore[arg-type]


def next_of(pool: Pool, left: dict[Bucket, float] = ALL, scarce: bool = False) -> tuple[Kind, tuple[str, ...]] | None:
    call = pool.next_call(left, scarce=scarce)
    return (call.kind, call.about) if call else None


def test_what_an_earlier_run_searched_in_vain_is_not_searched_again_once() -> None:
    pool = Pool()
    pool.artist("ann").tried = {"ann/Lantern": frozenset({Kind.SONG, Kind.SONG_IN_WORDS})}
    pool.add(want())
    assert next_of(pool) is None
    # Absent by now and due again, it is.
    pool.remove("ann/Lantern")
    pool.add(want())
    assert next_of(pool) == (Kind.SONG, ("ann/Lantern",))


def test_where_nobody_played_the_songs_the_call_that_finds_most_of_them_goes_first() -> None:
    pool = pool_of(want(plays=0), *songs(5, "bob", plays=0))
    assert next_of(pool, scarce=True) == (Kind.ARTIST_PAGE, ("bob",))


def test_a_song_that_is_read_as_another_artist_s_waits_with_that_one_alone() -> None:
    pool = pool_of(want())
    before = pool.get("ann/Lantern")
    assert before is not None
    before.tried |= {Kind.SONG}
    pool.add(replace(before, artist_key="bob", tried=frozenset()))
    assert (pool.wants_of("ann"), len(pool)) == ([], 1)
    assert [(each.key, each.tried) for each in pool.wants_of("bob")] == [("ann/Lantern", {Kind.SONG})]


def test_who_an_artist_is_at_musicbrainz_is_said_by_the_first_song_that_knows() -> None:
    pool = pool_of(want("One"), want("Two", artist_mbid="a"), want("Three", artist_mbid="b"), want("One", "bob"))
    assert (pool.artist("ann").mbid, pool.artist("bob").mbid, pool.unlinked) == ("a", "", {"ann"})
    pool.unlinked.clear()
    pool.add(want("Four", artist_mbid="a"))
    assert pool.unlinked == set()


def test_what_an_artist_brought_out_changes_what_its_calls_show() -> None:
    pool = pool_of(*songs(12), *songs(12, "bob"))
    told = (("tide", Release("Tide", 11)),)
    pool.tell_of_releases("bob", told)
    assert (pool.artist("ann").releases.tracks, pool.artist("bob").releases.tracks) == ({}, {"tide": 11})
    # Ten of eleven tracks stand on bob's first page.
    assert next_of(pool, scarce=True) == (Kind.ARTIST_PAGE, ("bob",))
    pool.tell_of_releases("bob", ())
    pool.tell_of_releases("ann", told)
    assert next_of(pool, scarce=True) == (Kind.ARTIST_PAGE, ("ann",))


@pytest.mark.parametrize(
    ("wants", "scarce", "expected"),
    [
        ([], False, None),
        # A song alone is asked for by its name, several of an artist by a page of the artist's tracks.
        ([want()], False, (Kind.SONG, ("ann/Lantern",))),
        (songs(6), False, (Kind.ARTIST_PAGE, ("ann",))),
        # An album of which several wait.
        (songs(2, album="harbour"), False, (Kind.ALBUM_SEARCH, ("harbour",))),
        ([*songs(2, album="harbour"), *songs(1, "bob")], False, (Kind.ALBUM_SEARCH, ("harbour",))),
        # Known by its id.
        ([want(spotify_id="x")], False, (Kind.TRACK, ("ann/Lantern",))),
        # Most songs where there is plenty, most plays where calls are scarce.
        ([*songs(8), want("Hit", "bob", 500)], False, (Kind.ARTIST_PAGE, ("ann",))),
        ([*songs(8), want("Hit", "bob", 500)], True, (Kind.SONG, ("bob/Hit",))),
        # Where there is plenty nobody is asked for whose item is not in work; where calls are scarce everybody counts.
        ([want("Hit", "bob", 500, in_work=False)], False, None),
        ([want(), want("Hit", "bob", 500, in_work=False)], False, (Kind.SONG, ("ann/Lantern",))),
        ([want(), want("Hit", "bob", 500, in_work=False)], True, (Kind.SONG, ("bob/Hit",))),
        # An ISRC is worth less than a song.
        (
            [want("Found", spotify_id="x", only_isrc=True), want("Lantern", "bob")], False,
            (Kind.SONG, ("bob/Lantern",)),
        ),
    ],
)  # fmt: skip
def test_the_next_call(wants: list[Want], scarce: bool, expected: object) -> None:
    assert next_of(pool_of(*wants), scarce=scarce) == expected


@pytest.mark.parametrize(("scarce", "left"), [(False, ALL), (True, ALL), (True, {Bucket.TRACKS: 1.0})])
def test_an_id_that_is_not_proven_is_asked_for_once_and_the_song_searched_besides(
    scarce: bool, left: dict[Bucket, float]
) -> None:
    pool = pool_of(want(spotify_id="x", unproven=True))
    assert next_of(pool, {Bucket.SEARCH: 1.0}, scarce=scarce) == (Kind.SONG, ("ann/Lantern",))
    call = pool.next_call(left, scarce=scarce)
    assert call is not None
    assert call.kind is Kind.TRACK
    before = pool.yields.of(call.stakes[0][0])
    pool.made(call, 0)
    assert pool.yields.of(call.stakes[0][0]) < before
    assert next_of(pool, {Bucket.SEARCH: 1.0, Bucket.TRACKS: 1.0}, scarce=scarce) == (Kind.SONG, ("ann/Lantern",))


@pytest.mark.parametrize(
    ("wants", "left", "bucket"),
    [
        ([want()], {Bucket.SEARCH: 1.0}, Bucket.SEARCH),
        ([want()], {Bucket.ALBUMS: 1.0}, None),
        (songs(9), {}, None),
        (songs(9, album="harbour"), {A: 3.0, B: 7.0}, B),
        (songs(9, album="harbour"), {A: 7.0, B: 3.0}, A),
        (songs(9, album="harbour"), {A: 1.0}, A),
    ],
)
def test_a_closed_kind_of_endpoint_is_never_asked(
    wants: list[Want], left: dict[Bucket, float], bucket: Bucket | None
) -> None:
    pool = pool_of(*wants)
    pool.tell_of("ann", [album("harbour")])
    call = pool.next_call(left, scarce=True)
    assert (call.bucket if call else None) == bucket


def test_an_album_whose_id_is_known_is_searched_for_only_where_ids_cannot_be_asked_for() -> None:
    pool = pool_of(*songs(3, album="harbour", plays=9))
    pool.artist("ann").pages = pool.artist("ann").total = 9
    pool.tell_of("ann", [album("harbour")])
    assert next_of(pool, {Bucket.SEARCH: 2.0, A: 1.0}, scarce=True) == (Kind.ALBUM, ("harbour",))
    assert next_of(pool, {Bucket.SEARCH: 2.0}, scarce=True) == (Kind.ALBUM_SEARCH, ("harbour",))


def test_pages_follow_each_other_until_all_is_read_or_five_were() -> None:
    pool = pool_of(*songs(60, plays=1))
    for page in range(5):
        call = pool.next_call({Bucket.SEARCH: 9.0}, scarce=True)
        assert call is not None
        assert (call.kind, call.page) == (Kind.ARTIST_PAGE, page)
        pool.made(call, 5)
    assert next_of(pool, {Bucket.SEARCH: 9.0}, scarce=True) == (Kind.SONG, ("ann/Song 0",))
    pool = pool_of(*songs(60))
    first = pool.next_call(ALL, scarce=False)
    assert first is not None
    pool.made(first, 5)
    pool.artist("ann").total = 10
    pool.yields.learn((Kind.SONG, 2), 0, 9)
    assert next_of(pool) == (Kind.SONG, ("ann/Song 0",))


def test_a_song_that_was_not_found_is_asked_for_in_words_then_hopeless() -> None:
    pool = pool_of(want())
    kinds = []
    while call := pool.next_call(ALL, scarce=False):
        kinds.append(call.kind)
        pool.made(call, 0)
    assert kinds[0] is Kind.SONG
    assert (kinds.count(Kind.SONG), kinds.count(Kind.SONG_IN_WORDS)) == (1, 1)
    assert [each.key for each in pool.hopeless("ann")] == ["ann/Lantern"]
    assert pool.hopeless("nobody") == []


def test_who_is_in_none_of_all_the_artist_s_tracks_is_not_asked_for_alone() -> None:
    pool = pool_of(*songs(8))
    call = pool.next_call(ALL, scarce=False)
    assert call is not None
    pool.made(call, 0)
    assert pool.hopeless("ann") == []
    pool.artist("ann").total = 7
    pool.add(want("Another"))
    assert len(pool.hopeless("ann")) == 9


@pytest.mark.parametrize(
    ("albums", "expected"),
    [
        ([album("harbour"), album("tide")], "harbour"),
        ([album("tide"), album("best of", 30, "compilation")], "best of"),
        ([album("tide", 3), album("shore", 14)], "shore"),
    ],
)
def test_which_album_is_looked_through(albums: list[tuple[str, object]], expected: str) -> None:
    pool = pool_of(*songs(9, album="harbour"))
    pool.tell_of("ann", albums)  # type: ignore[arg-type]
    assert next_of(pool, {A: 9.0}) == (Kind.ALBUM, (expected,))


def test_an_album_is_looked_through_once_and_its_editions_hardly() -> None:
    pool = pool_of(*songs(4, album="harbour"))
    _, known = album("harbour")
    pool.tell_of("ann", [("harbour", known), ("harbour", album("deluxe")[1])])
    call = pool.next_call({A: 9.0}, scarce=False)
    assert call is not None
    before = pool.yields.of(call.stakes[0][0])
    pool.made(call, 0)
    pool.tell_of("ann", [("harbour", known)])
    again = pool.next_call({A: 9.0}, scarce=False)
    assert again is None or (again.about != call.about and again.stakes[0][0] == (Kind.ALBUM, 4))
    assert pool.yields.of(call.stakes[0][0]) < before


def test_twenty_albums_go_together() -> None:
    pool = pool_of(*(each for n in range(25) for each in songs(3, f"artist {n}", album=f"album {n}")), together=True)
    for n in range(25):
        pool.tell_of(f"artist {n}", [album(f"album {n}")])
    call = pool.next_call({A: 9.0}, scarce=False)
    assert call is not None
    assert (call.kind, len(call.about), len(call.artists)) == (Kind.ALBUM, 20, 20)


def test_where_several_go_together_they_fill_a_call_or_wait_until_nothing_else_is_to_be_asked() -> None:
    wants = [want(f"Song {n}", f"artist {n}", spotify_id=f"id {n}") for n in range(60)]
    pool = pool_of(*wants, want(), together=True)
    call = pool.next_call(ALL, scarce=False)
    assert call is not None
    assert (call.kind, len(call.about), len(call.artists)) == (Kind.TRACK, 50, 50)
    for key in call.about:
        pool.remove(key)
    assert next_of(pool) == (Kind.SONG, ("ann/Lantern",))
    pool.remove("ann/Lantern")
    last = pool.next_call(ALL, scarce=False)
    assert last is not None
    assert len(last.about) == 10


@pytest.mark.parametrize(
    ("chance", "together", "expected"),
    [
        (0.34, False, None),
        (0.36, False, (Kind.ALBUM, ("harbour",))),
        (0.13, True, (Kind.ALBUM, ("harbour",))),
        (0.11, True, None),
    ],
)
def test_a_call_that_would_find_little_is_not_made(chance: float, together: bool, expected: object) -> None:
    pool = pool_of(want(album="harbour"), together=together)
    pool.tell_of("ann", [album("harbour")])
    pool.yields.learn((Kind.ALBUM, 1), 1e6, 1e6 * chance)
    assert next_of(pool, {A: 9.0, Bucket.ALBUMS: 9.0}) == expected
    assert bool(pool.hopeless("ann")) is False, "a search for the song is worth it"


def test_a_song_s_words_are_searched_for_until_that_was_in_vain_a_few_times() -> None:
    pool = pool_of(*[want("Lantern", f"artist {number}") for number in range(9)])
    tried = []
    while call := pool.next_call({Bucket.SEARCH: 9.0}, scarce=False):
        tried.append(call.kind)
        pool.made(call, 0)
    assert 1 <= tried.count(Kind.SONG_IN_WORDS) < 9


def test_what_calls_bring_is_learned() -> None:
    pool = pool_of(*songs(9), want("Lantern", "bob"))
    assert next_of(pool) == (Kind.ARTIST_PAGE, ("ann",))
    for _ in range(12):
        pool.yields.learn((Kind.ARTIST_PAGE, 4), 10, 0)
    call = pool.next_call(ALL, scarce=False)
    assert call is not None
    assert call.kind is Kind.SONG


def test_what_a_call_for_several_found_is_shared_by_what_each_was_expected_to_bring() -> None:
    pool, stakes = Pool(), (((Kind.ALBUM, 0), 4.0), ((Kind.ALBUM, 2), 3.0))
    pool.made(Call(Kind.ALBUM, A, ("ann",), ("harbour", "tide"), stakes=stakes), 6)
    # Four songs at 0.3 and three at 0.8 are expected to be 1.2 and 2.4: of six that were found, two and four.
    assert pool.yields.of((Kind.ALBUM, 0)) == pytest.approx((0.3 * 12 + 2) / 16)
    assert pool.yields.of((Kind.ALBUM, 2)) == pytest.approx((0.8 * 12 + 4) / 15)
    pool.made(Call(Kind.ALBUM, A, ("ann",), ("ebb",)), 3)  # nothing was at stake


def test_the_list_of_an_artist_s_albums_is_asked_for_where_enough_songs_wait() -> None:
    pool = pool_of(*songs(4))
    only = {Bucket.ARTIST_ALBUMS: 9.0}
    assert next_of(pool, only, scarce=True) is None
    pool.artist("ann").artist_id = "id of ann"
    pool.add(want("Another"))
    assert next_of(pool, only, scarce=True) == (Kind.ARTIST_ALBUMS, ("id of ann",))
    pool.artist("ann").lists, pool.artist("ann").albums_total = 1, 10
    pool.add(want("Third"))
    assert next_of(pool, only, scarce=True) is None


def test_a_song_that_comes_into_work_brings_what_is_known_and_keeps_what_was_tried() -> None:
    pool = pool_of(want(in_work=False))
    call = pool.next_call(ALL, scarce=True)
    assert call == Call(Kind.SONG, Bucket.SEARCH, ("ann",), ("ann/Lantern",))
    pool.made(call, 0)
    pool.add(want(isrcs=frozenset(["USABC0000001"])))
    known = pool.get("ann/Lantern")
    assert known is not None
    assert (known.tried, known.isrcs, len(pool)) == ({Kind.SONG}, {"USABC0000001"}, 1)


@pytest.mark.parametrize("answered", [True, False])
def test_a_call_without_an_answer_teaches_nothing_and_is_not_repeated(answered: bool) -> None:
    pool = pool_of(want())
    call = pool.next_call(ALL, scarce=False)
    assert call is not None
    before = pool.yields.of((Kind.SONG, 0))
    pool.made(call, 0 if answered else None)
    assert (pool.yields.of((Kind.SONG, 0)) < before) is answered
    assert pool.next_call(ALL, scarce=False) != call


def test_a_key_of_another_mode_changes_what_a_page_may_bring() -> None:
    pool = pool_of(*songs(30))

    def worth(pool: Pool) -> float:
        call = pool.next_call(ALL, scarce=False)
        assert call is not None
        return call.stakes[0][1]

    assert worth(pool) == 10
    pool.become(50, 50, together=True)
    assert worth(pool) == 30


def test_old_entries_are_thrown_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("timbre_spider.planning.pool._MOST_ENTRIES", 40)
    pool = pool_of(*songs(3))
    for number in range(200):
        pool.add(want("Song 0", plays=number))
        assert next_of(pool) is not None
    assert sum(map(len, pool._heaps.values())) < 100


@pytest.mark.parametrize("pages", [0, 1])
def test_while_calls_are_scarce_a_page_is_worth_what_it_shows_of_all_songs(pages: int) -> None:
    def goes_first(plays: float) -> bool:
        pool = Pool(together=True)
        for each in songs(6, plays=100, tried=frozenset({Kind.SONG, Kind.SONG_IN_WORDS})):
            pool.add(each)
        pool.artist("ann").pages, pool.artist("ann").total = pages, 80
        pool.add(want("Hit", "bob", int(plays)))
        return next_of(pool, {Bucket.SEARCH: 9.0, A: 9.0}, scarce=True) == (Kind.ARTIST_PAGE, ("ann",))

    # A search for the song finds 85 of 100, a page 90 of 100 of what it should show.
    page = 600 * 0.9 * shown(10, 80, 6) / 0.85
    assert goes_first(0.98 * page)
    assert not goes_first(1.02 * page)
