"""What is known of artists from run to run, and songs of several listeners that wait for the same answer."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from scrapy.http import HtmlResponse

from tests.pipelines.making import Bench, context_of, song
from timbre_spider.extensions.context import Context
from timbre_spider.items import AotyAlbum, ChartRow, OpenFacts, SeenOn, Song, SpotifyAlbum
from timbre_spider.matching.albums.sightings import sightings
from timbre_spider.pipelines.aoty.told import into_catalogue
from timbre_spider.pipelines.spotify.artists import (
    learn_beforehand,
    remembered,
    restore,
    wait_for,
    yields_remembered,
)
from timbre_spider.pipelines.spotify.match import key_of_album, want_of
from timbre_spider.planning.artist import Artist
from timbre_spider.planning.calls import Kind
from timbre_spider.planning.want import KnownAlbum, Want
from timbre_spider.storage.database import Database

pytestmark = pytest.mark.integration


def test_what_a_song_was_searched_by_in_vain_is_known_to_the_next_run_while_the_song_waits(bench: Bench) -> None:
    def waiting(context: Context) -> Want:
        want = want_of(song("Ann", "Lantern"))
        context.pool.add(want)
        return want

    async def search(context: Context) -> None:
        await restore(context, ["ann"])
        waiting(context).tried |= {Kind.SONG, Kind.TRACK}
        await context.writer.record([remembered(context.pool.artist("ann"), context)])

    async def another(context: Context) -> None:
        await restore(context, ["ann"])
        await context.writer.record([remembered(context.pool.artist("ann"), context)])

    async def recall(context: Context) -> frozenset[Kind]:
        await restore(context, ["ann"])
        return waiting(context).tried

    bench.use(search)
    bench.use(another)  # a run in which the song does not wait
    assert bench.use(recall) == {Kind.SONG}


@pytest.mark.parametrize(("minutes", "recalled"), [(59, 1.2 / 13), (61, 0.10)])
def test_what_calls_brought_is_known_to_a_run_that_goes_on_within_the_hour(
    bench: Bench, minutes: float, recalled: float
) -> None:
    in_vain = (Kind.SONG, 2)

    async def learn(context: Context) -> None:
        context.pool.yields.learn(in_vain, 1, 0)
        answer = yields_remembered(context)
        await context.writer.record([replace(answer, asked_at=answer.asked_at - timedelta(minutes=minutes))])

    async def recall(context: Context) -> float:
        await wait_for(context, [])
        return context.pool.yields.of(in_vain)

    bench.use(learn)
    assert bench.use(recall) == pytest.approx(recalled)


def test_a_song_that_waits_already_waits_for_both_listeners_and_stays_in_work(
    database: Database, tmp_path: Path
) -> None:
    async def wait() -> None:
        context = context_of(database, tmp_path)
        in_work = want_of(song("Ann", "Lantern"))
        context.pool.add(in_work)
        rows = [ChartRow("Ann", "Lantern", 30, 1, name_id=in_work.key)]
        others = [ChartRow("Ann", "Harbour", 4, 2, name_id="hash:other")]
        before = in_work.plays
        try:
            await wait_for(context, [rows, others])
            await wait_for(context, [others])
            waiting = context.pool.get(in_work.key)
            assert waiting is in_work
            assert (waiting.plays, waiting.in_work) == (before + 30, True)
            assert {want.title: want.plays for want in context.pool.all()} == {"Lantern": before + 30, "Harbour": 8}
        finally:
            await context.reader.close()

    asyncio.run(wait())


LEARNED = Artist(
    "ann", artist_id="7" * 22, pages=2, total=61, lists=1, albums_total=12, recalled=True,
    read={"8" * 22}, searched={"tide", "ebb"}, refuted={"hash:ebb": "6" * 22},
    unread={"9" * 22: KnownAlbum("harbour", SpotifyAlbum("9" * 22, "Harbour", ("Ann",), 9))},
)  # fmt: skip


@pytest.mark.parametrize(
    ("learned", "days", "recalled"),
    [
        pytest.param(LEARNED, 13.9, LEARNED, id="all of it"),
        pytest.param(LEARNED, 14, Artist("ann", recalled=True), id="too long ago"),
        pytest.param(Artist("ann"), 1, Artist("ann", recalled=True), id="nothing yet"),
        pytest.param(None, 1, Artist("ann", recalled=True), id="an answer that tells nothing"),
    ],
)
def test_what_was_learned_of_an_artist_is_known_to_the_next_run_for_two_weeks(
    bench: Bench, learned: Artist | None, days: float, recalled: Artist
) -> None:
    async def learn(context: Context) -> None:
        answer = remembered(learned or Artist("ann"), context)
        asked_at = context.clock() - timedelta(days=days)
        values = answer.values if learned else {}
        await context.writer.record([replace(answer, asked_at=asked_at, values=values)])

    async def recall(context: Context) -> Artist:
        await restore(context, ["ann"])
        return context.pool.artist("ann")

    bench.use(learn)
    assert bench.use(recall) == recalled


@pytest.mark.parametrize(
    ("told", "known"),
    [
        ({"format": "LP"}, ("album", "2004-03")),
        ({"format": "EP"}, ("single", "2004-03")),
        ({"format": "Compilation"}, ("compilation", "2004-03")),
        ({"format": "Mixtape", "release_date": None}, (None, None)),
    ],
)
def test_albums_of_the_catalogue_that_have_an_id_on_spotify_are_known_of_who_waits(
    bench: Bench, told: dict[str, str | None], known: tuple[str | None, str | None]
) -> None:
    spotify: dict[str, Any] = {"spotify_album_id": "b" * 22, "release_date": "2004-03", **told}
    harbour = AotyAlbum("https://www.albumoftheyear.org/album/3-ann-harbour.php", "Ann", "Harbour", **spotify)
    other = AotyAlbum("https://www.albumoftheyear.org/album/4-bob-ebb.php", "Bob", "Ebb", spotify_album_id="c" * 22)

    async def see(context: Context) -> None:
        await context.writer.catalogue(sightings([harbour, other], SeenOn.CARD, "a page", context.clock()))

    async def wait(context: Context) -> dict[str, KnownAlbum]:
        await wait_for(context, [song("Ann", "Lantern").rows])
        assert len(context.pool.artist("bob").unread) == 0
        return context.pool.artist("ann").unread

    bench.use(see)
    [(spotify_id, album)] = bench.use(wait).items()
    assert (spotify_id, album.key) == ("b" * 22, key_of_album("Ann", "Harbour"))
    assert (album.album.album_type, album.album.release_date) == known
    assert album.album.linked


def test_a_page_of_an_album_tells_its_id_on_spotify_while_songs_wait(bench: Bench) -> None:
    url = "https://www.albumoftheyear.org/album/3-ann-harbour.php"
    page = HtmlResponse(url, body=b"")

    async def see(context: Context) -> set[str]:
        await wait_for(context, [song("Ann", "Lantern").rows])
        album = AotyAlbum(url, "Ann", "Harbour", spotify_album_id="b" * 22)
        await into_catalogue(context, [album, album._replace(spotify_album_id=None)], SeenOn.ALBUM, page)
        return set(context.pool.artist("ann").unread)

    assert bench.use(see) == {"b" * 22}


@pytest.mark.parametrize("comes_meanwhile", [False, True])
def test_what_is_learned_of_a_song_waits_with_its_plays_unless_its_item_came_meanwhile(
    bench: Bench, comes_meanwhile: bool
) -> None:
    rows, told = song().rows, song(open=OpenFacts(isrcs=("USABC0000001",)))

    async def work(context: Context) -> Want | None:
        async def learn(songs: list[list[ChartRow]]) -> AsyncIterator[Song]:
            if comes_meanwhile:
                context.pool.add(want_of(song()))
            yield told

        await wait_for(context, [rows])
        await wait_for(context, [rows])  # another listener's
        context.beforehand.learn_by = learn
        await learn_beforehand(context)
        return context.pool.get(told.name_id)

    want = bench.use(work)
    assert want is not None
    known = frozenset() if comes_meanwhile else frozenset({"USABC0000001"})
    assert (want.in_work, want.isrcs, want.plays) == (comes_meanwhile, known, 5 if comes_meanwhile else 10)
