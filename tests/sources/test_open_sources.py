import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from timbre_spider.errors import KeyRejected, SourceError, Unusable
from timbre_spider.sources import deezer, listenbrainz, musicbrainz
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.unit

SAVED = Path(__file__).parents[3] / "shared/fixtures"
needs_saved = pytest.mark.skipif(not SAVED.exists(), reason="the saved answers are not beside the project")


def sent(answer: object) -> bytes:
    return json.dumps(answer).encode()


MATCH = {
    "artist_credit_name": "Ann",
    "artist_mbids": ["a"],
    "recording_mbid": "r1",
    "recording_name": "Lantern",
    "release_mbid": "l1",
    "release_name": "Harbour",
}
LOOKED_UP = Recording("r1", "Ann", "Lantern", album="Harbour")


class TestListenBrainz:
    def test_the_lookup_question(self) -> None:
        songs = [("Ann", "Lantern", None), ("a" * 300, "nul\x00", "Harbour")]
        question = listenbrainz.lookup_question("http://x/", songs)
        assert (question.url, question.method) == ("http://x/1/metadata/lookup/", "POST")
        assert ("Content-Type", "application/json") in question.headers
        assert "Authorization" not in dict(question.headers)
        assert json.loads(question.body) == {
            "recordings": [
                {"artist_name": "Ann", "recording_name": "Lantern"},
                {"artist_name": "a" * 250, "recording_name": "nul", "release_name": "Harbour"},
            ]
        }

    def test_questions_are_bounded(self) -> None:
        assert len(json.loads(listenbrainz.lookup_question("x", [("a", "b", None)] * 99).body)["recordings"]) == 50
        body = json.loads(listenbrainz.recordings_question("x", map(str, range(2000))).body)
        assert len(body["recording_mbids"]) == 1000

    @pytest.mark.parametrize(
        ("answer", "expected"),
        [
            ([MATCH, {}], [LOOKED_UP, None]),
            ([None, MATCH], [None, LOOKED_UP]),
            ([MATCH | {"index": 1}], [None, LOOKED_UP]),
            ([MATCH | {"index": 9}], [None, None]),
            ([MATCH | {"recording_mbid": None}, {}], [None, None]),
        ],
    )
    def test_a_lookup(self, answer: object, expected: object) -> None:
        assert listenbrainz.read_lookup(sent(answer), 2) == expected

    def test_a_lookup_of_one(self) -> None:
        assert listenbrainz.read_lookup(sent(MATCH), 1) == [LOOKED_UP]
        assert listenbrainz.read_lookup(sent({}), 1) == [None]

    @pytest.mark.parametrize(
        ("answer", "error", "wait"),
        [
            ({"code": 401, "error": "You need to provide an Authorization token."}, KeyRejected, None),
            ({"code": 429, "error": "Too many"}, Unusable, 10),
            ({"code": 400, "error": "bad"}, Unusable, None),
            ([MATCH], Unusable, None),
        ],
    )
    def test_errors(self, answer: object, error: type[SourceError], wait: float | None) -> None:
        with pytest.raises(error) as raised:
            listenbrainz.read_lookup(sent(answer), 2)
        assert getattr(raised.value, "retry_after", None) == wait

    def test_recordings_are_completed(self) -> None:
        answer = {
            "r1": {
                "recording": {
                    "name": "Lantern",
                    "isrcs": ["gb-ffp-03-00052", "junk"],
                    "length": 222_000,
                    "first_release_date": "1994-08-22",
                },
                "release": {"name": "Dummy", "year": 1995},
                "artist": {"name": "Ann"},
            }
        }
        (one, two) = listenbrainz.read_recordings(sent(answer), [LOOKED_UP, Recording("r2", "Bob", "Gone")])
        assert one == Recording("r1", "Ann", "Lantern", ("GBFFP0300052",), 222_000, "Harbour", 1994)
        assert one.isrc == "GBFFP0300052"
        assert two == Recording("r2", "Bob", "Gone")
        assert two.isrc is None

    @needs_saved
    def test_saved_answers(self) -> None:
        folder = SAVED / "listenbrainz"
        (found,) = listenbrainz.read_lookup((folder / "lb.metadata_lookup.json").read_bytes(), 1)
        assert found is not None
        assert (found.artist, found.title) == ("Rick Astley", "Never Gonna Give You Up")
        asked = Recording("e97f805a-ab48-4c52-855e-07049142113d", "", "")
        (whole,) = listenbrainz.read_recordings((folder / "lb.metadata_recording.json").read_bytes(), [asked])
        assert (whole.artist, whole.album, whole.year) == ("Portishead", "Dummy", 1994)


def deezer_track(**changes: Any) -> dict[str, Any]:
    return {
        "id": 67_238_732_000,
        "title": "Lantern",
        "duration": 337,
        "rank": 9,
        "artist": {"id": 27, "name": "Ann"},
        "album": {"id": 6, "title": "Harbour"},
        "type": "track",
    } | changes


class TestDeezer:
    def test_questions(self) -> None:
        question = deezer.search_question("http://x", 'The "Kid"', "Lantern & Light")
        parts = urlsplit(question.url)
        assert (question.method, parts.path) == ("GET", "/search")
        assert parse_qs(parts.query) == {"q": ['artist:"The Kid" track:"Lantern & Light"'], "limit": ["10"]}
        assert deezer.track_question("http://x/", "7").url == "http://x/track/7"

    def test_a_search(self) -> None:
        answer = {"data": [deezer_track(), None, {"id": 1}, deezer_track(isrc="gbffp0300052", duration=0)], "total": 4}
        one, two = deezer.read_search(sent(answer))
        assert one == Recording("67238732000", "Ann", "Lantern", (), 337_000, "Harbour")
        assert (two.isrc, two.duration_ms) == ("GBFFP0300052", None)

    def test_a_track(self) -> None:
        track = deezer.read_track(sent(deezer_track(isrc="GBFFP0300052", release_date="2013-05-17")))
        assert track == Recording("67238732000", "Ann", "Lantern", ("GBFFP0300052",), 337_000, "Harbour", 2013)

    def test_nothing_there(self) -> None:
        gone = sent({"error": {"type": "DataException", "message": "no data", "code": 800}})
        assert deezer.read_track(gone) is None
        assert deezer.read_search(gone) == []
        assert deezer.read_search(sent({"data": [], "total": 0})) == []

    @pytest.mark.parametrize(
        ("answer", "wait"),
        [
            ({"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}, 5),
            ({"error": {"code": 700}}, 10),
            ({"error": "text"}, None),
            ({}, None),
            ([], None),
        ],
    )
    def test_errors_with_status_200(self, answer: object, wait: float | None) -> None:
        with pytest.raises(Unusable) as raised:
            deezer.read_search(sent(answer))
        assert raised.value.retry_after == wait

    @needs_saved
    def test_saved_answers(self) -> None:
        found = deezer.read_search((SAVED / "deezer/navidrome.deezer.artist.top.json").read_bytes())
        assert found[0].title == "Instant Crush (feat. Julian Casablancas)"
        assert all(track.artist == "Daft Punk" and track.duration_ms and track.album for track in found)


def mb_recording(**changes: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "score": 100,
        "title": "Lantern",
        "length": 222_000,
        "artist-credit": [
            {"name": "Ann", "joinphrase": " feat. ", "artist": {"id": "a", "name": "Ann Smith"}},
            {"artist": {"id": "b", "name": "Bob"}},
        ],
        "first-release-date": "1994",
        "releases": [{"id": "l", "title": "Harbour"}],
        "isrcs": ["GBFFP0300052", "USAB12000001"],
    } | changes


class TestMusicBrainz:
    def test_the_question(self) -> None:
        question = musicbrainz.search_question("http://x/ws/2", "AC/DC", 'Who? "Me" (live)')
        parts = urlsplit(question.url)
        assert parts.path == "/ws/2/recording"
        assert parse_qs(parts.query) == {
            "query": [r'recording:"Who\? \"Me\" \(live\)" AND artist:"AC\/DC"'],
            "limit": ["10"],
            "fmt": ["json"],
        }

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("plain words", "plain words"),
            (
                '+ - && || ! ( ) { } [ ] ^ " ~ * ? : \\ /',
                r"\+ \- \&\& \|\| \! \( \) \{ \} \[ \] \^ \" \~ \* \? \: \\ \/",
            ),
            ("nul\x00 \ud83d", "nul"),
        ],
    )
    def test_escaping(self, text: str, expected: str) -> None:
        assert musicbrainz.escaped(text) == expected

    def test_a_search(self) -> None:
        answer = {"recordings": [mb_recording(), {"id": "m2"}, None, mb_recording(isrcs=[{"id": "GBFFP0300052"}])]}
        one, two = musicbrainz.read_search(sent(answer))
        assert one.artist == "Ann feat. Bob"
        assert one.isrcs == ("GBFFP0300052", "USAB12000001")
        assert (one.duration_ms, one.album, one.year) == (222_000, "Harbour", 1994)
        assert two.isrc == "GBFFP0300052"

    def test_holes(self) -> None:
        (one,) = musicbrainz.read_search(
            sent({"recordings": [mb_recording(isrcs=None, length=None, releases=None, **{"first-release-date": ""})]})
        )
        assert one == Recording("m1", "Ann feat. Bob", "Lantern")

    @pytest.mark.parametrize(
        ("answer", "wait"),
        [
            ({"error": "Your requests are exceeding the allowable rate limit. Please see ..."}, 5),
            ({"error": "no such thing"}, None),
            ({}, None),
        ],
    )
    def test_errors(self, answer: object, wait: float | None) -> None:
        with pytest.raises(Unusable) as raised:
            musicbrainz.read_search(sent(answer))
        assert raised.value.retry_after == wait
