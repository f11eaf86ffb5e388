from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timbre_spider.sources.spotify import album_query, artist_query, track_query, words_query

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("query", "asked", "expected"),
    [
        (track_query, ("The Paper Boats", "Northern Lantern"), "track:Northern Lantern artist:The Paper Boats"),
        (album_query, ("The Paper Boats", "Harbour"), "album:Harbour artist:The Paper Boats"),
        (artist_query, ("Sigur Rós",), 'artist:"Sigur Rós"'),
        (words_query, ("The Paper Boats", "Northern Lantern"), "The Paper Boats Northern Lantern"),
        (track_query, ('The "Kid"', 'Say "Hi"'), "track:Say Hi artist:The Kid"),
        (artist_query, ('The "Kid"',), 'artist:"The Kid"'),
        (track_query, ("Badmarsh", "Signs (Calibre Remix)"), "track:Signs Calibre Remix artist:Badmarsh"),
        (track_query, ("AC/DC", "Re: Jail-Break - year:1990"), "track:Re Jail-Break year 1990 artist:AC/DC"),
        (track_query, ("nul\x00", "lone\ud83d"), "track:lone artist:nul"),
    ],
)
def test_queries(query: Callable[..., str], asked: tuple[str, ...], expected: str) -> None:
    assert query(*asked) == expected


@pytest.mark.parametrize(
    ("artist", "title", "expected"),
    [
        # 250 in all: 14 for the filters' names and the space, the shorter name whole.
        ("a" * 10, "b" * 226, "track:{1} artist:{0}"),
        ("a" * 10, "b" * 227, "track:{1:.226} artist:{0}"),
        ("a" * 200, "b" * 200, "track:{1:.118} artist:{0:.118}"),
        ("Ann", "word " * 45 + "longerword", "track:{1:.224} artist:{0}"),
        ("Ann", "w" * 233 + " x" * 10, "track:{1:.233} artist:{0}"),
    ],
)
def test_what_is_too_long_is_cut_to_the_letter(artist: str, title: str, expected: str) -> None:
    assert track_query(artist, title) == expected.format(artist, title)


def test_a_long_title_is_cut_between_words_and_the_artist_kept() -> None:
    query = track_query("The Paper Boats", "word " * 100)
    assert query.endswith("word artist:The Paper Boats")
    assert 245 <= len(query) <= 250


def test_two_long_names_share_the_room() -> None:
    query = track_query("a" * 10_000, "b" * 10_000)
    assert len(query) == 250
    assert abs(query.count("a") - query.count("b")) <= 3


@given(*[st.text(st.characters(codec=None, exclude_categories=()), max_size=400)] * 2)
def test_any_query_is_short_and_has_no_filter_but_ours(artist: str, title: str) -> None:
    for query, filters in ((track_query, 2), (album_query, 2), (words_query, 0)):
        asked = query(artist, title)
        assert len(asked) <= 250
        assert (asked.count(":"), asked.count('"')) == (filters, 0)
        asked.encode()
    assert artist_query(artist).count('"') == 2
