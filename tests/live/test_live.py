"""`make live` and `make record`, pointed at the sandbox and at a server that twists its answers."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from betamax import Betamax

from tests.live.__main__ import SONGS, config_of, main, songs_of
from tests.live.questions import Song, spotify_questions
from tests.live.record import CASSETTES, MARKET, NAME, record
from tests.live.shapes import differences, shape_of
from tests.sources.server import Asked, Reply, serving
from timbre_sandbox.options import SPOTIFY_CLIENT_SECRET, SandboxOptions
from timbre_sandbox.serve import Sandbox
from timbre_sandbox.spotify import _TOKEN
from timbre_spider.config import Config
from timbre_spider.sources.spotify.calls import Calls

MBID = "f5093c06-23e3-404f-aeaa-40f72885ee3a"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("believed", "seen", "told"),
    [
        ([{"a": 1}], [{"a": 2.5}], []),
        ([{"a": 1}], [{"a": 1, "new": True}], []),
        ([{"a": 1}], [{}], ["a is missing; believed: a number"]),
        ([{"a": 1}], [{}, {"a": 3}], []),
        ([{"a": 1}], [{"a": "1"}], ["a is a text; believed: a number"]),
        ([{"a": 1}, {"a": None}], [{"a": None}], []),
        ([{"a": True}], [{"a": None}], ["a is null; believed: true or false"]),
        ([{"next": "page 2"}], [{"next": None}], []),
        ([{"length": 1}, {"joinphrase": " & "}], [{"length": None}], []),
        ([{"length": 1}], [{"length": "1"}], ["length is a text; believed: a number"]),
        ([{"items": [{"id": "x"}]}], [{"items": [{"name": "y"}]}], ["items[].id is missing; believed: a text"]),
        # Of what was empty nothing can be said.
        ([{"items": [{"id": "x"}]}], [{"items": []}], []),
        ([{"items": [{"id": "x"}]}], [{"items": {}}], ["items is an object; believed: a list"]),
        ([{MBID: {"isrcs": ["x"]}}], [{MBID[::-1]: 1, MBID.replace("f", "a"): {"isrcs": "x"}}],
         ["{mbid}.isrcs is a text; believed: a list"]),
        ([[1]], [{"error": "no"}], ["the answer is an object; believed: a list"]),
    ],
)  # fmt: skip
def test_differences_of_shapes_are_named(believed: list[Any], seen: list[Any], told: list[str]) -> None:
    assert differences(shape_of(believed), shape_of(seen)) == told


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with Sandbox(SandboxOptions(port=0, weather="fair", rows=600, seed=4)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def config(world: Sandbox) -> Config:
    return config_of(world.environment)


@pytest.fixture(scope="module")
def songs(world: Sandbox) -> list[Song]:
    return songs_of(world.url("control"))


@pytest.mark.integration
def test_another_sandbox_answers_as_believed(config: Config, songs: list[Song], capsys: Any) -> None:
    assert main(config, songs, pause=0) == 0
    said = capsys.readouterr().out
    assert said.endswith("answers of deezer, lastfm, listenbrainz, musicbrainz, spotify: as believed.\n")


@pytest.mark.integration
def test_what_is_twisted_is_named_and_so_is_who_was_not_asked(config: Config, songs: list[Song], capsys: Any) -> None:
    def twisted(asked: Asked) -> Reply:
        with urlopen(config.deezer_base_url + asked.path) as answer:
            found = json.load(answer)
        for track in found["data"]:
            track["duration"] = str(track["duration"])
            track.pop("title")
        return Reply(body=json.dumps(found))

    def closed(asked: Asked) -> Reply:
        return Reply(403, json.dumps({"error": "we ask for a contact"}))

    with serving(twisted) as deezer, serving(closed) as listenbrainz:
        other = {"deezer_base_url": deezer.url, "listenbrainz_base_url": listenbrainz.url, "spotify_client_id": None}
        assert main(config.model_copy(update=other), songs, pause=0) == 1
    said = capsys.readouterr().out.splitlines()
    assert 'listenbrainz: no answer to go by: HTTP 403: {"error": "we ask for a contact"}' in said
    assert "deezer search: our reader finds nothing in 10 answers" in said
    assert "deezer search: data[].duration is a text; believed: a number" in said
    assert "deezer search: data[].title is missing; believed: a text" in said
    assert "spotify was not asked: SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET are not set." in said
    assert not any(line.startswith(("musicbrainz", "lastfm")) for line in said)


@pytest.mark.integration
def test_what_is_recorded_holds_no_secret_and_can_be_replayed(config: Config, songs: list[Song], tmp_path: Any) -> None:
    cassette = record(config, songs, tmp_path).read_text()
    assert all(secret not in cassette for secret in (_TOKEN, SPOTIFY_CLIENT_SECRET, "Basic "))
    assert replayed(config, songs, tmp_path) == dict.fromkeys(
        ("search", "track", "album", "album's tracks", "artist's albums"), True
    )


@pytest.mark.integration
@pytest.mark.skipif(not (CASSETTES / f"{NAME}.json").exists(), reason="nobody with a key has recorded one")
def test_what_spotify_answered_a_real_key_is_read(config: Config) -> None:
    live = config.model_copy(update={"spotify_base_url": Config(_env_file=None).spotify_base_url})
    assert all(replayed(live, SONGS, CASSETTES).values())


def replayed(config: Config, songs: Sequence[Song], folder: Path) -> dict[str, bool]:
    """Whether our reader finds anything in each recorded answer; nothing leaves this machine."""
    calls = Calls.from_config(config)
    calls._credentials.cache_handler.save_token_to_cache({"access_token": "any", "expires_at": 2**40})
    recorder = Betamax(
        calls._session, cassette_library_dir=str(folder), default_cassette_options={"record_mode": "none"}
    )
    with recorder.use_cassette(NAME, match_requests_on=["method", "uri"]):
        read = {what: bool(read(call())) for what, call, read in spotify_questions(calls, songs[:1], MARKET)}
    calls.close()
    return read
