import asyncio
from pathlib import Path

import pytest
from betamax import Betamax

from timbre_spider.errors import Parked
from timbre_spider.sources.gate import Gate
from timbre_spider.sources.spotify import artist_query
from timbre_spider.sources.spotify.calls import Calls
from timbre_spider.sources.spotify.client import SpotifyClient

pytestmark = pytest.mark.unit

CASSETTES = Path(__file__).parent / "cassettes"


def test_a_development_key_at_the_live_addresses_until_its_quota_is_used_up() -> None:
    """The cassette is written by hand after the documented answers; nothing is recorded, nothing leaves."""
    calls = Calls(
        "id",
        "secret",
        base_url="https://api.spotify.com/v1/",
        auth_url="https://accounts.spotify.com/api/token",
        connections=1,
        user_agent="timbre/1",
    )
    client = SpotifyClient(calls, Gate("spotify", max_in_flight=1), mode="development", threads=1)

    async def ask() -> None:
        (track,) = (await client.search_page(artist_query("The Paper Boats"))).tracks
        assert (track.title, track.isrc, track.popularity) == ("Lantern", "QZPB12100007", None)
        for _ in range(2):
            with pytest.raises(Parked, match="quota"):
                await client.search_page(artist_query("Nobody"))

    recorder = Betamax(
        calls._session, cassette_library_dir=str(CASSETTES), default_cassette_options={"record_mode": "none"}
    )
    with recorder.use_cassette("development", match_requests_on=["method", "uri"]):
        asyncio.run(ask())
    client.close()
