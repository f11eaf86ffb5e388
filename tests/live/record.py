"""Records what Spotify answers a real key, for the tests to replay: `python -m tests.live.record` writes the cassette.

No secret is kept: the token is fetched before the recording begins, and no request's header is written.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from betamax import Betamax
from betamax.cassette.cassette import Cassette
from betamax.cassette.interaction import Interaction

from tests.live.__main__ import SONGS
from tests.live.questions import Song, spotify_questions
from timbre_spider.config import Config, load_config
from timbre_spider.errors import TimbreError
from timbre_spider.sources.spotify.calls import Calls

CASSETTES = Path(__file__).parents[1] / "sources" / "spotify" / "cassettes"
NAME = "live"
# Whoever records: the replay asks the same.
MARKET = "US"
# What an answer is read for; others may name who asked, or when.
_HEADERS_KEPT = {"content-type", "retry-after"}


def record(config: Config, songs: Sequence[Song], folder: Path) -> Path:
    """Asks each kind of call once, and returns the cassette's path."""
    path = folder / f"{NAME}.json"
    path.unlink(missing_ok=True)
    calls = Calls.from_config(config)
    with Betamax.configure() as options:
        options.before_record(callback=_stripped)
    recorder = Betamax(
        calls._session, cassette_library_dir=str(folder), default_cassette_options={"record_mode": "once"}
    )
    try:
        calls.fetch_token(None)
        with recorder.use_cassette(NAME, match_requests_on=["method", "uri"]):
            for _, call, _ in spotify_questions(calls, songs[:1], MARKET):
                call()
    finally:
        calls.close()
    return path


def _stripped(interaction: Interaction, cassette: Cassette) -> None:
    request, response = interaction.data["request"], interaction.data["response"]
    request["headers"] = {}
    response["headers"] = {name: each for name, each in response["headers"].items() if name.lower() in _HEADERS_KEPT}


if __name__ == "__main__":
    try:
        config = load_config()
        if config.spotify_client_id is None or config.spotify_client_secret is None:
            sys.exit("Nothing recorded: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set.")
        print(f"{record(config, SONGS, CASSETTES)}: look at it before you commit it.")
    except TimbreError as error:
        sys.exit(str(error))
