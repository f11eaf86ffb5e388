"""The readers and the sandbox know nothing of each other; here they meet."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from scrapy.http import HtmlResponse

from timbre_spider.config import Config
from timbre_spider.errors import KeyRejected, UserPrivate, UserUnknown
from timbre_spider.sources import aoty, deezer, lastfm, listenbrainz, musicbrainz
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.lastfm.check import check_user
from timbre_spider.sources.recording import Question
from timbre_spider.sources.spotify import artist_query, track_query
from timbre_spider.sources.spotify.client import SpotifyClient

sandbox_serve = pytest.importorskip("timbre_sandbox.serve")
from timbre_sandbox.options import SandboxOptions  # noqa: E402

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def world() -> Iterator[Any]:
    with sandbox_serve.Sandbox(SandboxOptions(port=0, weather="fair", listener="Ann", rows=600, seed=3)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def config(world: Any) -> Config:
    values = {name.lower(): value for name, value in world.environment.items()}
    return Config(_env_file=None, **values)


@pytest.fixture(scope="module")
def truth(world: Any) -> list[dict[str, Any]]:
    answer = json.loads(get(f"{world.url('control')}/truth"))
    return list(answer["rows"] if isinstance(answer, dict) else answer)


def needs(world: Any, service: str) -> None:
    """Skips where the sandbox listens at the service's port but has nothing behind it."""
    try:
        get(world.url(service), seconds=2)
    except HTTPError:
        return
    except OSError:
        pytest.skip(f"this sandbox has no {service}")


def get(question: Question | str, seconds: float = 20) -> bytes:
    if isinstance(question, str):
        question = Question(question)
    request = Request(question.url, question.body or None, dict(question.headers), method=question.method)
    with urlopen(request, timeout=seconds) as answer:
        return bytes(answer.read())


def test_a_chart_page_by_page(config: Config) -> None:
    assert config.lastfm_api_key is not None
    key = f"&api_key={config.lastfm_api_key.get_secret_value()}"
    pages = [
        lastfm.read_chart(
            get(lastfm.chart_url(config.lastfm_base_url, "ann", page=page, limit=250) + key), "ann", page, 250
        )
        for page in (1, 2, 3)
    ]
    assert [len(page.rows) for page in pages] == [250, 250, 100]
    assert {(page.total, page.total_pages) for page in pages} == {(600, 3)}
    rows = [row for page in pages for row in page.rows]
    assert [row.rank for row in rows] == list(range(1, 601))
    assert all(row.playcount > 0 for row in rows)


def test_a_user(config: Config) -> None:
    assert config.lastfm_api_key is not None
    key = config.lastfm_api_key.get_secret_value()
    assert check_user(config.lastfm_base_url, key, "Ann", "timbre/1").playcount > 0
    for wrong, user, error in (
        (key, "nobody-here", UserUnknown),
        (key, "private", UserPrivate),
        ("bad", "Ann", KeyRejected),
    ):
        with pytest.raises(error):
            check_user(config.lastfm_base_url, wrong, user, "timbre/1")


def test_searches_find_what_the_truth_holds(config: Config, truth: list[dict[str, Any]]) -> None:
    gate = Gate("spotify", max_in_flight=4)
    client = SpotifyClient.from_config(config, gate)
    known = [row for row in truth if row.get("spotify_id")][:40]

    async def ask() -> int:
        await client.find_mode()
        right = 0
        for row in known:
            page = await client.search_page(track_query(row["artist"], row["title"]))
            right += any(track.spotify_id == row["spotify_id"] for track in page.tracks)
        assert len((await client.search_page(artist_query(known[0]["artist"]))).tracks) <= 10
        (one,) = (await client.track(known[0]["spotify_id"])).tracks
        assert one.isrc == known[0]["isrc"]
        return right

    try:
        assert asyncio.run(ask()) >= 20
        assert client.mode == "development"
    finally:
        client.close()


def test_an_album_is_found_and_read(world: Any, config: Config, truth: list[dict[str, Any]]) -> None:
    needs(world, "aoty")
    site = config.aoty_base_url

    def page(url: str) -> HtmlResponse:
        return HtmlResponse(url, body=get(url))

    found = 0
    for row in truth[:60]:
        cards = aoty.read_search(page(aoty.search_url(site, row["artist"], row.get("album") or row["title"])))
        for card in cards[:1]:
            album = aoty.read_album(page(card.url))
            assert album.url == card.url
            found += 1
    assert found >= 10
    assert len(aoty.read_chart(page(aoty.chart_url(site, "all")))) >= 5


def test_open_sources_name_isrcs(world: Any, config: Config, truth: list[dict[str, Any]]) -> None:
    needs(world, "listenbrainz")
    token = config.listenbrainz_token
    assert token is not None
    rows = truth[:40]
    names = [(row["artist"], row["title"]) for row in rows]
    asked = listenbrainz.lookup_question(config.listenbrainz_base_url, names)
    headers = (*asked.headers, ("Authorization", f"Token {token.get_secret_value()}"))
    matches = listenbrainz.read_lookup(get(Question(asked.url, "POST", headers, asked.body)), names)
    known = [match for match in matches if match]
    question = listenbrainz.recordings_question(config.listenbrainz_base_url, [match.id for match in known])
    assert any(recording.isrc for recording in listenbrainz.read_recordings(get(question), known))
    deezer_isrcs = musicbrainz_isrcs = 0
    for artist, title in names:
        for track in deezer.read_search(get(deezer.search_question(config.deezer_base_url, artist, title)))[:1]:
            assert track.album_id
            album = deezer.album_tracks_question(config.deezer_base_url, track.album_id)
            tracks, _ = deezer.read_album_tracks(get(album), track.album, track.album_id)
            deezer_isrcs += any(each.id == track.id and bool(each.isrc) for each in tracks)
        search = musicbrainz.search_question(config.musicbrainz_base_url, artist, title)
        musicbrainz_isrcs += any(recording.isrc for recording in musicbrainz.read_search(get(search)))
    assert deezer_isrcs
    assert musicbrainz_isrcs
