"""Artists' pages: how far they are read, and how long what they said stays good."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tests.pipelines.making import stats
from timbre_spider.items import Answer, ChartRow, Song, SpotifyTrack
from timbre_spider.pipelines.spotify import Spotify
from timbre_spider.sources.spotify.read import SearchPage

pytestmark = pytest.mark.unit


def track(n: int) -> SpotifyTrack:
    return SpotifyTrack(f"{n:022}", f"Song number {n}", ("The Band",))


class Client:
    """Pages of two results."""

    page_size = 2

    def __init__(self, pages: list[SearchPage], mode: str) -> None:
        self.mode = "auto"
        self._mode = mode
        self._pages = pages
        self.offsets: list[int] = []

    async def search_page(self, query: str, offset: int = 0) -> SearchPage:
        self.mode = self._mode
        self.offsets.append(offset)
        return self._pages[offset // 2]

    async def search_tracks(self, query: str) -> list[SpotifyTrack]:
        self.mode = self._mode
        return []


def asked(
    pages: list[SearchPage], *, songs: int, wanted: int, mode: str = "development"
) -> tuple[list[int], list[Answer]]:
    """Offsets asked for a song of an artist with `songs` of them, and the answers recorded."""
    client, recorded = Client(pages, mode), []

    async def record(answers: list[Answer]) -> None:
        recorded.extend(answers)

    async def answer(source: str, key: str) -> None:
        return None

    context = SimpleNamespace(
        spotify=client,
        config=SimpleNamespace(spotify_mode="auto"),
        rules=SimpleNamespace(overrides=SimpleNamespace(spotify={})),
        reader=SimpleNamespace(answer=answer),
        writer=SimpleNamespace(record=record),
        started_at=datetime.now(UTC),
    )
    title = f"Song number {wanted}"
    row = ChartRow("The Band", title, 5, 1)
    song = Song("listener", "The Band", title, "hash:x", [row], artist_songs=songs, artist_spelling="The Band")

    async def fetch(*_: object, **__: object) -> None:
        raise AssertionError("Spotify is asked through its client")

    asyncio.run(Spotify(context, fetch, stats()).process_item(song))
    return client.offsets, recorded


FULL, HOLED, SHORT = SearchPage([track(1), track(2)], 2), SearchPage([track(1)], 2), SearchPage([track(1)], 1)
EMPTY = SearchPage([], 0)


@pytest.mark.parametrize(
    ("pages", "songs", "offsets"),
    [
        ([FULL, FULL, FULL], 5, [0, 2, 4]),
        # As many pages as the artist has songs.
        ([FULL, FULL, FULL], 4, [0, 2]),
        ([FULL] * 9, 90, [0, 2, 4, 6, 8]),
        # A page with a null among its results is full all the same.
        ([HOLED, SearchPage([], 2), SHORT], 9, [0, 2, 4]),
        ([SHORT], 9, [0]),
        ([EMPTY], 9, [0]),
        # Few songs are asked for one by one.
        ([FULL], 3, [0, 2]),
        ([FULL], 2, []),
    ],
)
def test_how_far_an_artists_pages_are_read(pages: list[SearchPage], songs: int, offsets: list[int]) -> None:
    assert asked([*pages, EMPTY], songs=songs, wanted=77)[0] == offsets


@pytest.mark.parametrize(("mode", "days"), [("extended", 7), ("development", None)])
def test_how_long_an_answer_is_good_depends_on_what_auto_turned_out_to_be(mode: str, days: int | None) -> None:
    _, answers = asked([FULL], songs=3, wanted=2, mode=mode)
    assert [answer.key.partition(":")[0] for answer in answers] == ["artist", "hash"]
    for answer in answers:
        assert answer.next_check == (None if days is None else answer.asked_at + timedelta(days=days))
