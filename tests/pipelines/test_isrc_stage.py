"""The stage isrc against a server that stands in for the three open sources."""

import json

import pytest

from tests.pipelines.making import song, track
from tests.sources.server import Reply, serving
from timbre_spider.items import Outcome
from timbre_spider.pipelines.isrc import Isrc

pytestmark = pytest.mark.integration


class Open:
    """ListenBrainz knows the titles in `known` and takes no list with `poison`; Deezer and MusicBrainz know nothing."""

    def __init__(self):
        self.known = set()
        self.poison = None
        self.replies = {}
        self.lookups, self.completions, self.others = [], [], []

    def __call__(self, asked):
        if asked.path in self.replies:
            return self.replies[asked.path]
        if asked.path == "/1/metadata/lookup/":
            recordings = json.loads(asked.body)["recordings"]
            self.lookups.append(len(recordings))
            if any(each["recording_name"] == self.poison for each in recordings):
                return Reply(400, json.dumps({"code": 400, "error": "too long"}))
            return Reply(body=json.dumps([self.match(each) for each in recordings]))
        if asked.path == "/1/metadata/recording/":
            mbids = json.loads(asked.body)["recording_mbids"]
            self.completions.append(len(mbids))
            return Reply(body=json.dumps({mbid: {"recording": {"isrcs": [f"USABC{int(mbid):07}"]}} for mbid in mbids}))
        self.others.append(asked.path.partition("?")[0])
        return Reply(body='{"data": []}' if asked.path.startswith("/search") else '{"recordings": []}')

    def match(self, wanted):
        title = wanted["recording_name"]
        if title not in self.known:
            return {}
        return {"recording_mbid": title.split()[-1], "artist_credit_name": "Ann", "recording_name": title}


@pytest.fixture
def sources(bench):
    sources = Open()
    with serving(sources) as server:
        bench.settings |= {f"{name}_base_url": server.url for name in ("listenbrainz", "deezer", "musicbrainz")}
        bench.settings |= {"listenbrainz_token": "token"}
        yield sources


def songs(count):
    return [song(title=f"Song {n}") for n in range(count)]


def test_sixty_songs_are_two_lookups_and_their_recordings_one_or_two_questions(bench, sources):
    sources.known = {f"Song {n}" for n in range(60)}
    done = bench.run(Isrc, *songs(60))
    assert [(each.isrc, each.isrc_source) for each in done] == [(f"USABC{n:07}", "listenbrainz") for n in range(60)]
    assert sources.lookups == [50, 10]
    assert sum(sources.completions) == 60
    assert len(sources.completions) <= 2
    assert sources.others == []


def test_a_song_the_service_does_not_take_fails_none_of_its_neighbours(bench, sources):
    sources.known, sources.poison = {f"Song {n}" for n in range(20)}, "Song 13"
    done = bench.run(Isrc, *songs(20))
    assert [n for n, each in enumerate(done) if not each.isrc] == [13]
    assert sources.others == ["/search", "/recording"]
    assert done[13].outcomes["isrc"] is Outcome.FAILED


def test_who_is_known_nowhere_is_absent(bench, sources):
    [done] = bench.run(Isrc, song())
    assert (done.outcomes["isrc"], sources.others) == (Outcome.ABSENT, ["/search", "/recording"])


def test_a_song_that_has_its_isrc_asks_nobody(bench, sources):
    [done] = bench.run(Isrc, song(isrc="USABC1234567"))
    assert (sources.lookups, sources.others, done.asked) == ([], [], {("isrc", 0): ""})


def test_without_a_token_listenbrainz_is_not_asked(bench, sources):
    bench.run(Isrc, song(), listenbrainz_token=None)
    assert (sources.lookups, len(sources.others)) == ([], 2)


def test_a_rejected_token_shuts_listenbrainz_and_no_other(bench, sources, caplog):
    sources.replies["/1/metadata/lookup/"] = Reply(401, json.dumps({"code": 401, "error": "no"}))
    gates = []
    [done] = bench.run(Isrc, song(), after=lambda context, stage: gates.append(dict(context.gates)))
    assert done.outcomes["isrc"] is Outcome.REFUSED
    assert sources.others == ["/search", "/recording"]
    assert caplog.text.count("LISTENBRAINZ_TOKEN") == 1
    from timbre_spider.errors import KeyRejected

    with pytest.raises(KeyRejected):
        gates[0]["listenbrainz"].raise_if_shut()
    gates[0]["deezer"].raise_if_shut()


def test_the_length_spotify_tells_parts_two_recordings_of_one_name(bench, sources):
    track_of = {"id": 5, "title": "Lantern", "artist": {"name": "Ann"}, "duration": 200, "isrc": "USABC0000005"}
    other = {**track_of, "id": 6, "duration": 500}
    sources.replies["/search?q=artist%3A%22Ann%22+track%3A%22Lantern%22&limit=10"] = Reply(
        body=json.dumps({"data": [other, track_of]})
    )
    sources.replies["/track/5"] = Reply(body=json.dumps(track_of))
    one = song(spotify=track(isrc=None, duration_ms=200_000))
    [done] = bench.run(Isrc, one, listenbrainz_token=None)
    assert (done.isrc, done.isrc_source) == ("USABC0000005", "deezer")
