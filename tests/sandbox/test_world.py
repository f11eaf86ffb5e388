"""The world: its shape, its dirt, and that a seed makes it."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest

from timbre_sandbox.coarse import coarse
from timbre_sandbox.world import build_world
from timbre_sandbox.world.as_written import _TRADITIONAL
from timbre_sandbox.world.ids import index_of_mbid, mbid, plain_isrc
from timbre_sandbox.world.model import World
from timbre_sandbox.world.shape import spread

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def whole() -> World:
    """The default world: 30,000 rows."""
    return build_world(None, 1)


def shares(sizes: Sequence[int], tops: Sequence[float]) -> list[float]:
    """What part of the whole the top parts hold: `tops` are parts of the number of places."""
    ordered = sorted(sizes, reverse=True)
    return [sum(ordered[: max(1, round(top * len(ordered)))]) / sum(ordered) for top in tops]


def test_rows_and_songs(whole: World) -> None:
    assert len(whole.rows) == 30_000
    assert 10_800 <= len({row.song.key for row in whole.rows if row.song}) <= 11_300
    assert len({(row.artist, row.title) for row in whole.rows}) == 30_000, "a chart shows a name once"
    assert [row.rank for row in whole.rows] == list(range(1, 30_001))
    plays = [row.plays for row in whole.rows]
    assert plays == sorted(plays, reverse=True)
    assert plays[-1] >= 1


def test_songs_and_plays_are_spread_as_measured(whole: World) -> None:
    songs = Counter(song.artist.index for song in whole.heard)
    plays: Counter[int] = Counter()
    for song in whole.heard:
        plays[song.artist.index] += song.plays
    assert len(songs) / len(whole.heard) == pytest.approx(0.19, abs=0.01)
    assert sum(count == 1 for count in songs.values()) / len(songs) == pytest.approx(0.45, abs=0.02)
    assert shares(list(songs.values()), (0.01, 0.05, 0.2)) == pytest.approx([0.10, 0.33, 0.67], abs=0.03)
    assert shares(list(plays.values()), (0.01, 0.05, 0.2)) == pytest.approx([0.18, 0.45, 0.78], abs=0.03)
    of_songs = shares([song.plays for song in whole.heard], (0.01, 0.05, 0.2, 0.5))
    assert of_songs == pytest.approx([0.10, 0.27, 0.58, 0.82], abs=0.02)
    albums = {song.original.album.index for song in whole.heard}
    assert len(whole.heard) / len(albums) == pytest.approx(2.4, abs=0.15)


def test_the_plays_of_a_song_are_those_of_its_rows(whole: World) -> None:
    counted: Counter[int] = Counter()
    for row in whole.rows:
        assert row.song is not None
        counted[row.song.index] += row.plays
    assert all(counted[song.index] == song.plays for song in whole.heard)


def test_sources_lack_some(whole: World) -> None:
    absent = sum(not song.on_spotify for song in whole.heard) / len(whole.heard)
    assert absent == pytest.approx(0.04, abs=0.01)
    albums = {song.original.album.index: song.original.album for song in whole.heard}.values()
    assert sum(album.aoty is None for album in albums) / len(albums) == pytest.approx(0.15, abs=0.02)
    rated = [album.aoty for album in albums if album.aoty]
    assert 0.01 < sum(entry.user_score is None for entry in rated) / len(rated) < 0.12
    assert len(whole.tracks) > 3 * len(whole.heard), "catalogues are larger than what was heard"


def test_isrcs_are_damaged_as_in_the_wild(whole: World) -> None:
    isrcs = [track.isrc for track in whole.tracks]
    assert 0.005 < sum(isrc is None for isrc in isrcs) / len(isrcs) < 0.03
    assert any(isrc and "-" in isrc for isrc in isrcs)
    assert any(isrc and isrc != isrc.upper() for isrc in isrcs)
    plain = [plain_isrc(isrc) for isrc in isrcs if isrc]
    assert all(re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", isrc) for isrc in plain if isrc)
    owners: dict[str, set[int]] = {}
    for track in whole.tracks:
        if isrc := plain_isrc(track.isrc):
            owners.setdefault(isrc, set()).add(track.song.index)
    assert 2 <= sum(len(songs) > 1 for songs in owners.values()) <= 20, "a few ISRCs are shared by two songs"
    several = [song for song in whole.heard if len({track.spotify_id for track in song.tracks}) > 1]
    assert any(song.tracks[0].isrc == song.tracks[1].isrc for song in several), "one recording, several releases"


@pytest.mark.parametrize(
    ("mark", "least"),
    [
        ("variant:remaster", 1000), ("variant:live", 1000), ("variant:acoustic", 300), ("variant:mono", 20),
        ("variant:radio_edit", 300), ("variant:edition", 500), ("guests", 200), ("article", 100), ("accents", 200),
        ("width", 300), ("case", 500), ("signs", 500), ("typo", 300), ("part", 5), ("dash", 50),
            ("upload", 50), ("session", 50), ("track_number", 50), ("cut", 20), ("names_turned", 50), ("entities", 20),
            ("numerals", 2), ("sung", 20), ("script", 20), ("emoji", 10), ("site", 10),
            ("censored", 5), ("traditional", 20), ("crossed", 20), ("latin", 20),
            ("company", 20), ("surname", 5), ("misread", 50),
    ],
)  # fmt: skip
def test_dirt(whole: World, mark: str, least: int) -> None:
    assert sum(mark in row.dirt for row in whole.rows) >= least


def test_traditional_characters_are_those_of_the_simplified_ones() -> None:
    from opencc import OpenCC

    assert OpenCC("t2s").convert("".join(map(chr, _TRADITIONAL.values()))) == "".join(map(chr, _TRADITIONAL))


@pytest.mark.parametrize(
    "script", ["HIRAGANA", "CYRILLIC", "GREEK", "HANGUL", "ARABIC", "CJK UNIFIED", "FULLWIDTH", "LATIN"]
)
def test_scripts(whole: World, script: str) -> None:
    signs = {sign for row in whole.rows for sign in row.title}
    of_script = {sign for sign in signs if unicodedata.name(sign, "").startswith(script)}
    assert sum(not of_script.isdisjoint(row.title) for row in whole.rows) > 50


def test_songs_that_are_not_the_same(whole: World) -> None:
    kinds = Counter(song.kind for song in whole.heard)
    assert all(kinds[kind] > 20 for kind in ("remix", "instrumental", "demo", "sped_up"))
    artists: dict[str, set[int]] = {}
    for song in whole.heard:
        artists.setdefault(coarse(song.title), set()).add(song.artist.index)
    assert sum(len(of) > 1 for of in artists.values()) > 50, "songs of one name by different artists"
    assert any(song.title.endswith((", Pt. 2", "(Part 2)", " II")) for song in whole.heard)
    assert any(song.kind == "cover" for song in whole.songs)
    titles = {(song.artist.index, song.title) for song in whole.heard}
    near = sum((artist, title + "s") in titles for artist, title in titles)
    assert near > 2, "songs one letter apart"


@pytest.mark.parametrize(
    "kind",
    [
        r"[❤☀]️", r"\d\.\d", r" in A♭$", r" in A[- ][Ff]lat$", r": III\. Allegro$", r"\(With ", r"\(Reprise\)",
        r"\(Interlude\)", r"\(8D Audio\)", r"\(B\)", r"Spanish Version", r"Dub Mix\)",
        r"Club Mix\)", r"VIP\)", r"Bootleg\)", r"Edit\)",
        r"Outtake", r"Alternate Take", r"Rehearsal", r"&(?:amp;)*(?:#39|amp|quot);", r"\*\*OFFICIAL VIDEO\*\*",
        r"\(HD\)", r"\(Audio\)", r"\(Prod\. ",
        r" - Spotify Singles", r"A COLORS SHOW", r"MTV Unplugged", r"Re-Mastered Digital",
        r"US Single Version", r"24 Bit", r"\(Bonus\)", r"\(1998\)", r"Live, Paradiso", r"\[Live Wembley", r"^0\d[ .]",
        r"in' ", r" \+ ", r"[Pp]t\.II", r"Part Two", r"\((?:con|mit|avec|com) [A-Z]", r"F[u*]*\*+|S\*|B\*",
        r"En Vivo", r"Ao Vivo", r"ライブ", r"라이브", r"现场版", r"現場版", r"Концертная", r"לייב", r"مباشر",
    ],
)  # fmt: skip
def test_every_kind_of_title_occurs(whole: World, kind: str) -> None:
    assert any(re.search(kind, row.title) for row in whole.rows)


@pytest.mark.parametrize(
    "kind",
    [r" x ", r" X |×", r", ", r" / ", r" - Topic$", r"www\.", r" \+ ", r"No\. [A-Z][a-z]+$", r" w/ | with | mit ", "Ã"],
)
def test_every_kind_of_artist_occurs(whole: World, kind: str) -> None:
    assert any(re.search(kind, row.artist) for row in whole.rows)


def test_no_row_reads_like_another_song_of_its_artist(whole: World) -> None:
    owner = {(song.artist.index, coarse(song.title)): song for song in whole.heard}
    for row in whole.rows:
        assert row.song is not None
        assert owner.get((row.song.artist.index, coarse(row.title)), row.song) is row.song, (row.artist, row.title)


def test_a_seed_makes_the_world() -> None:
    one, two, other = build_world(600, 3), build_world(600, 3), build_world(600, 4)

    def rows(world: World) -> list[tuple[str, str, int, str]]:
        return [(row.artist, row.title, row.plays, row.song.original.spotify_id) for row in world.rows if row.song]

    assert rows(one) == rows(two)
    assert [album.aoty and album.aoty.user_score for album in one.albums] == [
        album.aoty and album.aoty.user_score for album in two.albums
    ]
    assert rows(one) != rows(other)


@pytest.mark.parametrize("rows", [1, 2, 7, 50, 600])
def test_any_size(rows: int) -> None:
    world = build_world(rows, 1)
    assert len(world.rows) == rows


def test_hostile_rows_are_only_there_when_asked_for() -> None:
    assert not any(row.song is None for row in build_world(100, 1).rows)
    hostile = [row for row in build_world(100, 1, hostile=True).rows if row.song is None]
    names = [name for row in hostile for name in (row.artist, row.title)]
    assert any("\0" in name for name in names)
    assert any(len(name) >= 10_000 for name in names)
    assert "" in names
    assert any("\ud83d" in name for name in names)


def test_spread_keeps_the_sum_and_falls() -> None:
    for total, places in ((10, 10), (100, 7), (11_040, 2098)):
        sizes = spread(total, places, ((0.0, 0.0), (0.2, 0.6), (1.0, 1.0)))
        assert sum(sizes) == total
        assert len(sizes) == places
        assert sizes == sorted(sizes, reverse=True)
        assert min(sizes) >= 1


def test_an_mbid_tells_what_it_names() -> None:
    assert index_of_mbid(mbid(1, 4321), 1) == 4321
    assert index_of_mbid(mbid(1, 4321), 2) is None
    assert index_of_mbid("8f3471b5-7e6a-48da-86a9-c1c07a0f47ae", 1) is None
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", mbid(3, 50_000))
