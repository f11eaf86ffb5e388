import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from timbre_spider.errors import KeyRejected, SourceError, Unusable
from timbre_spider.items import Discography, Release, SpotifyAlbum
from timbre_spider.sources import deezer, listenbrainz, musicbrainz
from timbre_spider.sources.recording import Recording

pytestmark = pytest.mark.unit

SAVED = Path(__file__).parents[3] / "shared/fixtures"
needs_saved = pytest.mark.skipif(not SAVED.exists(), reason="the saved answers are not beside the project")


def release(resource: str | None, *, ended: bool = False, **parts: Any) -> dict[str, Any]:
    """A release of MusicBrainz' as it is browsed, with its link."""
    url = {"type": "free streaming", "target-type": "url", "ended": ended, "url": {"id": R1, "resource": resource}}
    group = {"primary-type": "Album", "secondary-types": []}
    media = [{"position": 1, "track-count": 7}, {"position": 2, "track-count": 5}]
    told = {"id": L1, "title": "Harbour", "date": "2004-03", "release-group": group, "media": media, "relations": [url]}
    return told | parts


def sent(answer: object) -> bytes:
    return json.dumps(answer).encode()


R1, R2, L1, A1 = (f"00000000-0000-4000-8000-{number:012}" for number in (1, 2, 3, 4))
MATCH = {
    "artist_credit_name": "Ann",
    "artist_mbids": ["a", A1],
    "recording_mbid": R1,
    "recording_name": "Lantern",
    "release_mbid": L1,
    "release_name": "Harbour",
}
LOOKED_UP = Recording(R1, "Ann", "Lantern", album="Harbour", album_id=L1, artist_mbids=(A1,))
DETAILS = {
    "recording": {
        "name": "Lantern",
        "isrcs": ["gb-ffp-03-00052", "junk"],
        "length": 222_000,
        "first_release_date": "1994-08-22",
    },
    "release": {"name": "Dummy", "year": 1995, "mbid": R2},
    "artist": {"name": "Ann", "artists": [{"artist_mbid": A1, "name": "Ann"}, None, {"artist_mbid": None}]},
}
TOLD = Recording(R1, "Ann", "Lantern", ("GBFFP0300052",), 222_000, "Harbour", L1, "1994-08-22", (A1,))
ASKED = [("Ann", "Lantern"), ("Bob", "Gone")]


class TestListenBrainz:
    def test_the_lookup_question(self) -> None:
        songs = [("Ann", "Lantern"), ("a" * 300, "nul\x00")]
        question = listenbrainz.lookup_question("http://x/", songs)
        assert (question.url, question.method) == ("http://x/1/metadata/lookup/", "POST")
        assert ("Content-Type", "application/json") in question.headers
        assert "Authorization" not in dict(question.headers)
        assert json.loads(question.body) == {
            "recordings": [
                {"artist_name": "Ann", "recording_name": "Lantern"},
                {"artist_name": "a" * 247, "recording_name": "nul"},
            ]
        }

    @pytest.mark.parametrize(
        ("names", "lengths"),
        [
            ((3, 4), (3, 4)),
            ((125, 125), (125, 125)),
            ((250, 1), (249, 1)),
            ((1, 300), (1, 249)),
            ((300, 300), (125, 125)),
        ],
    )
    def test_names_have_250_characters_together(self, names: tuple[int, int], lengths: tuple[int, int]) -> None:
        artist, title = listenbrainz.fitting(("a" * names[0], "t" * names[1]))
        assert (len(artist), len(title)) == lengths

    def test_the_question_about_one_song_alone(self) -> None:
        question = listenbrainz.fuzzy_question("http://x/", "Ann", "Lantern & Light")
        parts = urlsplit(question.url)
        assert (question.method, parts.path) == ("GET", "/1/metadata/lookup/")
        assert parse_qs(parts.query) == {
            "artist_name": ["Ann"],
            "recording_name": ["Lantern & Light"],
            "metadata": ["true"],
            "inc": ["artist release"],
        }

    def test_questions_are_bounded(self) -> None:
        assert len(json.loads(listenbrainz.lookup_question("x", [("a", "b")] * 99).body)["recordings"]) == 50
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
            ([MATCH | {"recording_mbid": "r1"}, {}], [None, None]),
            ([MATCH | {"release_mbid": "None"}, {}], [replace(LOOKED_UP, album_id=None), None]),
            ([MATCH | {"artist_name_arg": "Ann", "recording_name_arg": "Lantern"}, {}], [LOOKED_UP, None]),
            ([MATCH | {"artist_name_arg": "Bob", "recording_name_arg": "Lantern"}, {}], [None, None]),
            ([MATCH | {"artist_name_arg": "Ann", "recording_name_arg": "Gone"}, {}], [None, None]),
            ([{"index": 1}, MATCH | {"index": 0, "recording_name_arg": "Lantern"}], [LOOKED_UP, None]),
        ],
    )
    def test_a_lookup(self, answer: object, expected: object) -> None:
        assert listenbrainz.read_lookup(sent(answer), ASKED) == expected

    def test_a_lookup_of_one(self) -> None:
        assert listenbrainz.read_lookup(sent(MATCH), ASKED[:1]) == [LOOKED_UP]
        assert listenbrainz.read_lookup(sent({}), ASKED[:1]) == [None]

    def test_one_alone_comes_complete(self) -> None:
        assert listenbrainz.read_fuzzy(sent({**MATCH, "metadata": DETAILS})) == TOLD
        assert listenbrainz.read_fuzzy(sent(MATCH)) == LOOKED_UP
        assert listenbrainz.read_fuzzy(sent({})) is None

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
            listenbrainz.read_lookup(sent(answer), ASKED)
        assert getattr(raised.value, "retry_after", None) == wait
        assert ("LISTENBRAINZ_TOKEN" in str(raised.value)) is (error is KeyRejected)

    def test_recordings_are_completed(self) -> None:
        asked = [LOOKED_UP, Recording(R2, "Bob", "Gone"), Recording(R1, "", "")]
        (one, two, hinted) = listenbrainz.read_recordings(sent({R1: DETAILS}), asked)
        assert one == TOLD
        assert one.isrc == "GBFFP0300052"
        assert two == Recording(R2, "Bob", "Gone")
        assert hinted == replace(TOLD, album="Dummy", album_id=R2)
        assert two.isrc is None

    @needs_saved
    def test_saved_answers(self) -> None:
        folder = SAVED / "listenbrainz"
        (found,) = listenbrainz.read_lookup((folder / "lb.metadata_lookup.json").read_bytes(), ASKED[:1])
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
        for filtered, query in ((True, 'artist:"The Kid" track:"Lantern & Light"'), (False, "The Kid Lantern & Light")):
            question = deezer.search_question("http://x", 'The "Kid"', "Lantern & Light", filtered=filtered)
            parts = urlsplit(question.url)
            assert (question.method, parts.path) == ("GET", "/search")
            assert parse_qs(parts.query) == {"q": [query], "limit": ["25"]}
        assert deezer.album_tracks_question("http://x/", "7", 100).url == "http://x/album/7/tracks?limit=100&index=100"

    def test_a_search(self) -> None:
        answer = {"data": [deezer_track(), None, {"id": 1}, deezer_track(isrc="gbffp0300052", duration=0)], "total": 4}
        one, two = deezer.read_search(sent(answer))
        assert one == Recording("67238732000", "Ann", "Lantern", (), 337_000, "Harbour", "6")
        assert (two.isrc, two.duration_ms) == ("GBFFP0300052", None)

    @pytest.mark.parametrize("more", [False, True])
    def test_an_album_s_tracks(self, more: bool) -> None:
        listed = deezer_track(isrc="GBFFP0300052")
        del listed["album"]
        answer = {"data": [listed, None], "total": 2, **({"next": "https://x"} if more else {})}
        told = deezer.read_album_tracks(sent(answer), "Harbour", "6")
        assert told == ([Recording("67238732000", "Ann", "Lantern", ("GBFFP0300052",), 337_000, "Harbour", "6")], more)

    def test_nothing_there(self) -> None:
        gone = sent({"error": {"type": "DataException", "message": "no data", "code": 800}})
        assert deezer.read_album_tracks(gone, "Harbour", "6") == ([], False)
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
        with pytest.raises(Unusable):
            deezer.read_album_tracks(sent(answer), None, "6")

    @needs_saved
    def test_saved_answers(self) -> None:
        found = deezer.read_search((SAVED / "deezer/navidrome.deezer.artist.top.json").read_bytes())
        assert found[0].title == "Instant Crush (feat. Julian Casablancas)"
        assert all(track.artist == "Daft Punk" and track.duration_ms and track.album for track in found)


def mb_recording(**changes: Any) -> dict[str, Any]:
    return {
        "id": R1,
        "score": 100,
        "title": "Lantern",
        "length": 222_000,
        "artist-credit": [
            {"name": "Ann", "joinphrase": " feat. ", "artist": {"id": "a", "name": "Ann Smith"}},
            {"artist": {"id": "b", "name": "Bob"}},
        ],
        "first-release-date": "1994",
        "releases": [{"id": L1, "title": "Harbour"}],
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

    def test_the_question_about_albums_of_others(self) -> None:
        question = musicbrainz.urls_question(
            "http://x/ws/2", [f"https://open.spotify.com/album/{n}" for n in range(101)]
        )
        parts = urlsplit(question.url)
        asked = parse_qs(parts.query)
        assert (parts.path, asked["inc"], asked["fmt"]) == ("/ws/2/url", ["release-rels"], ["json"])
        assert asked["resource"] == [f"https://open.spotify.com/album/{n}" for n in range(100)]

    def test_the_question_about_a_release(self) -> None:
        assert musicbrainz.release_question("http://x/ws/2/", L1).url == (
            f"http://x/ws/2/release/{L1}?inc=recordings+isrcs+artist-credits&fmt=json"
        )

    def test_albums_of_others(self) -> None:
        def entry(url: str, *releases: str) -> dict[str, Any]:
            return {"resource": url, "relations": [{"release": {"id": release}} for release in releases]}

        urls = [entry("u1", L1, R1), entry("u2"), entry("u3", "junk"), None]
        assert musicbrainz.read_urls(sent({"urls": urls})) == {"u1": L1}
        assert musicbrainz.read_urls(sent(entry("u1", L1))) == {"u1": L1}
        assert musicbrainz.read_urls(sent({"error": "Not Found"})) == {}

    def test_a_release(self) -> None:
        tracks = [{"recording": mb_recording(releases=None)}, {"recording": None}]
        answer = {"id": L1, "title": "Harbour", "media": [{"tracks": tracks}, None, {"tracks": [{"recording": {}}]}]}
        (one,) = musicbrainz.read_release(sent(answer))
        assert (one.id, one.isrc, one.album, one.album_id) == (R1, "GBFFP0300052", "Harbour", L1)
        assert musicbrainz.read_release(sent({"error": "Not Found"})) == []

    def test_the_question_about_an_artist_s_releases(self) -> None:
        assert musicbrainz.releases_question("http://x/ws/2/", A1, 200).url == (
            f"http://x/ws/2/release?artist={A1}&inc=url-rels+release-groups+media&limit=100&offset=200&fmt=json"
        )

    @pytest.mark.parametrize(
        ("parts", "told"),
        [
            ({}, ("album", 12)),
            ({"release-group": {"primary-type": "Album", "secondary-types": ["Compilation"]}}, ("compilation", 12)),
            ({"release-group": {"primary-type": "EP", "secondary-types": []}}, ("single", 12)),
            ({"release-group": {"primary-type": "Single"}, "media": [{"track-count": 2}]}, ("single", 2)),
            ({"release-group": {"primary-type": "Broadcast"}, "media": None}, (None, 0)),
            ({"release-group": None, "media": [None, {"track-count": "x"}]}, (None, 0)),
        ],
    )
    def test_albums_that_releases_are_linked_to(self, parts: dict[str, Any], told: tuple[str | None, int]) -> None:
        answer = {"releases": [release(f"https://open.spotify.com/album/{'b' * 22}", **parts)], "release-count": 1}
        album = SpotifyAlbum("b" * 22, "Harbour", (), told[0], "2004-03", told[1], linked=True)
        assert musicbrainz.read_releases(sent(answer)) == (Discography([album], []), 1)

    @pytest.mark.parametrize(
        ("resource", "ended"),
        [
            (f"https://open.spotify.com/album/{'b' * 22}", True),
            (f"https://open.spotify.com/track/{'b' * 22}", False),
            (f"https://open.spotify.com/album/{'b' * 22}/x", False),
            ("https://open.spotify.com/album/short", False),
            (f"https://tidal.com/album/{'b' * 22}", False),
            (None, False),
        ],
    )
    def test_links_that_are_to_no_album_of_spotify_s(self, resource: str | None, ended: bool) -> None:
        answer = {"releases": [release(resource, ended=ended), None, {"title": "Bare"}]}
        assert musicbrainz.read_releases(sent(answer)) == (Discography([], []), 3)

    def test_an_album_linked_twice_is_one_and_an_artist_without_releases_has_none(self) -> None:
        link = f"https://open.spotify.com/album/{'b' * 22}"
        told, releases = musicbrainz.read_releases(sent({"releases": [release(link), release(link)]}))
        assert (len(told.linked), releases) == (1, 2)
        assert musicbrainz.read_releases(sent({"error": "Not Found"})) == (Discography([], []), 0)

    @pytest.mark.parametrize(
        ("parts", "told"),
        [
            ({}, [Release("Harbour", 12)]),
            ({"release-group": {"secondary-types": ["Compilation"]}}, [Release("Harbour", 12, is_collection=True)]),
            ({"media": [{"track-count": 7}, {"track-count": 8}, None]}, [Release("Harbour", 15)]),
            ({"media": None, "release-group": None}, [Release("Harbour")]),
            # Nobody sells a bootleg.
            ({"status": "Bootleg"}, []),
            ({"status": None}, []),
            ({"title": " "}, []),
        ],
    )
    def test_what_an_artist_brought_out_pressings_told_once(self, parts: dict[str, Any], told: list[Release]) -> None:
        entry = {"status": "Official", **release(None), **parts}
        assert musicbrainz.read_releases(sent({"releases": [entry, entry]}))[0].releases == told

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
        answer = {"recordings": [mb_recording(), {"id": R2}, None, mb_recording(isrcs=[{"id": "GBFFP0300052"}])]}
        one, two = musicbrainz.read_search(sent(answer))
        assert one.artist == "Ann feat. Bob"
        assert one.isrcs == ("GBFFP0300052", "USAB12000001")
        assert (one.duration_ms, one.album, one.album_id, one.release_date) == (222_000, "Harbour", L1, "1994")
        assert two.isrc == "GBFFP0300052"

    def test_holes(self) -> None:
        (one,) = musicbrainz.read_search(
            sent({"recordings": [mb_recording(isrcs=None, length=None, releases=None, **{"first-release-date": ""})]})
        )
        assert one == Recording(R1, "Ann feat. Bob", "Lantern")

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


@pytest.mark.parametrize("lists", [{"isrcs": ("GBAYE0601477", "GBAYE0601478"), "artist_mbids": (A1, R1)}, {}])
def test_a_recording_is_what_an_answer_holds_of_it(lists: dict[str, Any]) -> None:
    """Lists come back from the database as such, or not at all."""
    told = Recording(R1, "Ann", "Lantern", duration_ms=5, album="Harbour", album_id=L1, release_date="2004", **lists)
    values = {"id": R1, "artist": "Ann", "title": "Lantern", "duration_ms": 5, "album": "Harbour", "album_id": L1}
    stored = values | {"release_date": "2004"} | {name: list(each) for name, each in lists.items()}
    assert Recording.from_values(stored) == told
    assert (told.isrc, told.year) == (lists["isrcs"][0] if lists else None, 2004)
