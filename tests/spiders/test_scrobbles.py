"""A listener's history at Last.fm: read in spans, settled, and read again only where it may have changed."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.pipelines.making import fetch_of
from tests.sources.server import Reply, serving
from tests.spiders.making import use
from timbre_sandbox import Sandbox, SandboxOptions
from timbre_spider.errors import KeyRejected, Unusable, UserPrivate
from timbre_spider.items import ChartRow, Listens, Scrobble, Scrobbled
from timbre_spider.sources import asking
from timbre_spider.sources.gate import Gate
from timbre_spider.spiders import scrobbles
from timbre_spider.spiders.job import Job
from timbre_spider.spiders.lastfm_top import LastfmTop
from timbre_spider.spiders.listener import read_listener
from timbre_spider.spiders.scrobbles import SPAN, counted, joined, read_scrobbles, rows_of, spans
from timbre_spider.storage.scrobbles import settle, settled

DAY = 86_400
REST = scrobbles._REST
NOW = 1_700_000_000
BEGAN = NOW - 3 * SPAN
JOB = Job("1", "Ann", 10)


class LastFm:
    """The scrobbles of a listener: [(artist, title, album, second)]; `fault` gives another reply to (from, page)."""

    def __init__(self, *plays, most=1000, fault=lambda begin, page: None):
        self.plays = list(plays)
        self.most = most
        self.fault = fault
        self.asked = []
        self.sizes = []

    def __call__(self, asked):
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        begin, end, page = int(query["from"]), int(query["to"]), int(query["page"])
        limit = min(int(query["limit"]), self.most)
        self.asked.append((begin, end, page))
        self.sizes.append(int(query["limit"]))
        if (reply := self.fault(begin, page)) is not None:
            return reply
        within = sorted((play for play in self.plays if begin <= play[3] <= end), key=lambda play: -play[3])
        items = [
            {
                "artist": {"mbid": "", "#text": artist}, "name": title, "album": {"mbid": "", "#text": album or ""},
                "date": {"uts": str(at), "#text": "then"},
            }
            for artist, title, album, at in within[(page - 1) * limit : page * limit]
        ]  # fmt: skip
        if page == 1:
            items.insert(0, {"artist": {"#text": "Now"}, "name": "Playing", "@attr": {"nowplaying": "true"}})
        numbers = {
            "user": "ANN", "page": str(page), "perPage": str(limit), "total": str(len(within)),
            "totalPages": str(-(-len(within) // limit)),
        }  # fmt: skip
        tracks = {"track": items[0] if len(items) == 1 else items, "@attr": numbers}
        return Reply(body=json.dumps({"recenttracks": tracks}))


@pytest.fixture
def read(database, tmp_path, monkeypatch):
    """The history as read at `now`: {(artist, title): its listens}."""
    monkeypatch.setattr(scrobbles, "_REST", 0)
    monkeypatch.setattr(asking, "_FIRST_REST", 0)  # tests/sources/test_asking.py

    def run(lastfm, now=NOW):
        async def work(spider, context):
            return await read_scrobbles(context, fetch_of(context), JOB, BEGAN)

        lastfm.asked.clear()
        with serving(lastfm) as server:
            clock = lambda: datetime.fromtimestamp(now, UTC)  # noqa: E731
            rows = use(
                database, tmp_path, LastfmTop, work, arguments={"user": "ann"},
                lastfm_base_url=f"{server.url}/2.0/", clock=clock,
            )  # fmt: skip
        return {(row.artist, row.title): row.listens[0] for row in rows}

    return run


def plays(read):
    return {title: each.plays for (_, title), each in read.items()}


OLD, LAST_YEAR, LATELY = BEGAN - 5 * DAY, NOW - SPAN, NOW - 3 * DAY


@pytest.mark.integration
class TestRead:
    def test_a_song_has_its_plays_its_album_and_its_first_and_last(self, read):
        lastfm = LastFm(
            ("A", "T", "Harbour", OLD),
            ("A", "T", "Pier", LAST_YEAR),
            ("A", "T", "Pier", LATELY),
            ("B", "U", None, LATELY),
        )
        assert read(lastfm) == {
            ("A", "T"): Listens("lastfm", "history", 3, OLD, LATELY, "Pier"),
            ("B", "U"): Listens("lastfm", "history", 1, LATELY, LATELY),
        }

    def test_only_what_may_have_changed_is_read_again(self, read):
        lastfm = LastFm(("A", "Old", None, LAST_YEAR), ("A", "Late", None, LATELY), ("A", "Edited", None, LATELY + 1))
        assert plays(read(lastfm)) == {"Old": 1, "Late": 1, "Edited": 1}
        # A play that came late, one that was edited, and a new one; what is settled is not asked about.
        lastfm.plays[2:] = [("A", "Mended", None, LATELY + 1), ("A", "Old", None, NOW - 13 * DAY)]
        lastfm.plays += [("A", "Late", None, NOW + DAY)]
        assert plays(read(lastfm, NOW + 2 * DAY)) == {"Old": 2, "Late": 2, "Mended": 1}
        assert min(begin for begin, _, _ in lastfm.asked) == NOW - 14 * DAY - 1
        assert len(lastfm.asked) == 2

    def test_a_play_on_the_border_of_two_spans_is_one_play(self, read):
        borders = [BEGAN, BEGAN + SPAN, BEGAN + SPAN - 1, NOW - 14 * DAY, NOW - 14 * DAY - 1, NOW]
        assert plays(read(LastFm(*(("A", "T", None, at) for at in borders)))) == {"T": len(borders)}

    def test_all_pages_of_a_span_are_read_also_where_a_page_holds_less_than_asked(self, read):
        lastfm = LastFm(*(("A", f"T{number % 7}", None, LATELY + number) for number in range(450)), most=200)
        assert sum(plays(read(lastfm)).values()) == 450

    def test_where_large_pages_fail_smaller_ones_are_asked_for(self, read):
        broken = iter([Reply(body="<html>")])
        lastfm = LastFm(
            *(("A", f"T{number}", None, LATELY + number) for number in range(300)),
            fault=lambda begin, page: next(broken, None) if begin > NOW - 20 * DAY else None,
        )
        assert len(read(lastfm)) == 300

    def test_entries_without_a_time_are_no_plays_and_none_is_missed(self, read):
        def timeless(begin, page):
            if not begin <= LATELY:
                return None
            told = [{"artist": {"#text": "A"}, "name": f"T{number}"} for number in range(20)]
            told[0]["date"] = {"uts": str(LATELY)}
            numbers = {"user": "ann", "page": "1", "perPage": "1000", "total": "20", "totalPages": "1"}
            return Reply(body=json.dumps({"recenttracks": {"track": told, "@attr": numbers}}))

        lastfm = LastFm(fault=lambda begin, page: timeless(begin, page) if begin > NOW - 20 * DAY else None)
        assert plays(read(lastfm)) == {"T0": 1}
        assert lastfm.sizes.count(200) == 0

    def test_a_span_that_stays_short_is_not_settled(self, read, database):
        lastfm = LastFm(*(("A", f"T{number}", None, LAST_YEAR + number) for number in range(300)))
        lastfm.fault = lambda begin, page: empty if begin <= LAST_YEAR <= begin + SPAN else None
        numbers = {"user": "ann", "page": "1", "perPage": "1000", "total": "300", "totalPages": "1"}
        empty = Reply(body=json.dumps({"recenttracks": {"track": [], "@attr": numbers}}))
        with pytest.raises(Unusable, match="history of Ann could not be read whole"):
            read(lastfm)
        assert lastfm.sizes[-3:] == [1000, 200, 200]
        assert [begin for begin, _, _ in lastfm.asked].count(lastfm.asked[-1][0]) == 3
        until, counts = settled(database, "ANN")
        assert (until <= LAST_YEAR, counts) == (True, [])
        lastfm.fault = lambda begin, page: None
        assert len(read(lastfm)) == 300

    def test_a_span_that_failed_is_asked_for_again_after_two_seconds_and_after_four(self, read, monkeypatch):
        async def rest(gate, seconds):
            rests.append(seconds)

        rests = []
        monkeypatch.setattr(scrobbles, "_REST", REST)
        monkeypatch.setattr(Gate, "rest", rest)
        with pytest.raises(Unusable):
            read(LastFm(fault=lambda begin, page: Reply(404, body='{"error": 99, "message": "x"}')))
        assert rests == [0, 2, 4]

    def test_what_was_read_before_a_failure_is_not_read_again(self, read):
        lastfm = LastFm(("A", "Old", None, OLD), ("A", "New", None, LATELY))
        lastfm.fault = lambda begin, page: Reply(body="<html>") if begin > NOW - 20 * DAY else None
        with pytest.raises(Unusable):
            read(lastfm)
        lastfm.fault = lambda begin, page: None
        assert plays(read(lastfm)) == {"Old": 1, "New": 1}
        assert len(lastfm.asked) == 1

    def test_two_runs_at_once_count_nothing_twice(self, read, database):
        def settles_first(begin, page):
            if begin == 1:
                settle(database, "ann", 0, BEGAN, [Scrobbled("A", "Old", None, 1, OLD, OLD)])

        lastfm = LastFm(("A", "Old", None, OLD), fault=settles_first)
        with pytest.raises(Unusable, match="Another run"):
            read(lastfm)
        assert plays(read(lastfm)) == {"Old": 1}

    def test_a_hidden_history_is_said_to_be_hidden(self, read):
        hidden = Reply(403, json.dumps({"error": 17, "message": "Login: User required to be logged in"}))
        with pytest.raises(UserPrivate):
            read(LastFm(fault=lambda begin, page: hidden))

    def test_names_no_database_keeps_are_cleaned_and_their_plays_counted(self, read):
        lastfm = LastFm(("A\x00", "T", None, OLD), ("A", "T", None, OLD + 1), ("\ud800", "T", None, OLD))
        read(lastfm)
        assert sum(each.plays for each in read(lastfm, NOW + 1).values()) == 3


@pytest.mark.unit
class TestCounted:
    def test_one_song_twice_in_one_second_is_one_play(self):
        told = [
            Scrobble("A", "T", 5, "H"),
            Scrobble("A", "T", 5, "H"),
            Scrobble("A", "T", 6, "H"),
            Scrobble("B", "T", 5),
        ]
        assert counted(told) == [Scrobbled("A", "T", "H", 2, 5, 6), Scrobbled("B", "T", None, 1, 5, 5)]

    def test_rows_have_the_album_of_most_plays_the_most_played_first(self):
        rows = rows_of(
            [
                Scrobbled("A", "T", None, 9, 3, 9),
                Scrobbled("A", "T", "Pier", 2, 1, 8),
                Scrobbled("A", "T", "Dock", 2, 2, 10),
                Scrobbled("B", "U", None, 20, 1, 1),
            ]
        )
        assert rows == [
            ChartRow("B", "U", 20, 1, listens=(Listens("lastfm", "history", 20, 1, 1),)),
            ChartRow("A", "T", 13, 2, listens=(Listens("lastfm", "history", 13, 1, 10, "Dock"),)),
        ]

    def test_chart_and_history_join_by_name_and_the_greater_count_holds(self):
        def row(title, plays, rank, *listens):
            return ChartRow("A", title, plays, rank, listens=listens)

        of_chart, of_history = Listens("lastfm", "overall", 7), Listens("lastfm", "history", 9, 1, 2, "H")
        chart = [row("T", 7, 1, of_chart), row("U", 7, 2, of_chart)]
        history = [row("T", 9, 1, of_history), row("V", 9, 2, of_history)]
        assert joined(chart, history) == [
            row("T", 9, 1, of_chart, of_history), row("U", 7, 2, of_chart), row("V", 9, 3, of_history),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("until", "edge", "registered", "expected"),
        [
            (0, BEGAN + 5, BEGAN, [(0, BEGAN), (BEGAN, BEGAN + 5)]),
            (0, BEGAN + SPAN + 5, BEGAN, [(0, BEGAN), (BEGAN, BEGAN + SPAN), (BEGAN + SPAN, BEGAN + SPAN + 5)]),
            (9, 366 * DAY, BEGAN, [(9, 365 * DAY + 9), (365 * DAY + 9, 366 * DAY)]),
            (BEGAN + 9, BEGAN + 20, BEGAN, [(BEGAN + 9, BEGAN + 20)]),
            (BEGAN + 9, BEGAN + 9, BEGAN, []),
            (BEGAN + 9, BEGAN + 2, BEGAN, []),
            (0, 100, BEGAN, [(0, 100)]),
        ],
    )
    def test_spans_follow_each_other_up_to_where_scrobbles_may_still_come(self, until, edge, registered, expected):
        assert list(spans(until, edge, registered)) == expected

    def test_without_a_date_of_registration_the_history_begins_with_last_fm(self):
        assert next(iter(spans(0, NOW, None))) == (0, int(datetime(2002, 1, 1, tzinfo=UTC).timestamp()))


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(SandboxOptions(port=0, rows=60, weather="fair")) as sandbox:
        yield sandbox


@pytest.mark.integration
class TestListener:
    """All that is read of a listener of the sandbox's."""

    @pytest.fixture
    def listening(self, sandbox, database, tmp_path):
        def run(history=True, period="overall", failing=None, error=None, times=9):
            left = iter(range(times))

            async def work(spider, context):
                through = fetch_of(context)

                async def fetch(service, url, **fields):
                    if failing and failing in url and next(left, None) is not None:
                        raise error
                    return await through(service, f"{url}&api_key={sandbox.environment['LASTFM_API_KEY']}", **fields)

                job = Job("1", "listener", 10, period)
                told = await read_listener(context, fetch, job, history=history)
                account = context.listeners["listener"]
                return SimpleNamespace(
                    rows=told.rows, albums=told.albums, account=account, failed=context.failures.first
                )

            base_url = sandbox.environment["LASTFM_BASE_URL"]
            return use(database, tmp_path, LastfmTop, work, arguments={"user": "listener"}, lastfm_base_url=base_url)

        return run

    def test_every_row_has_the_count_of_chart_and_history_and_mostly_an_album(self, sandbox, listening):
        told = listening()
        true = {(row.artist, row.title): row.plays for row in sandbox.world.rows}
        assert {(row.artist, row.title): row.playcount for row in told.rows} == true
        for row in told.rows:
            chart, history = row.listens
            assert (chart.source, chart.period, chart.plays) == ("lastfm", "overall", row.playcount)
            assert (history.source, history.period, history.plays) == ("lastfm", "history", row.playcount)
            assert history.first_play <= history.last_play
        assert sum(row.listens[1].album is not None for row in told.rows) > 50
        assert told.account.plays_told == sum(true.values())
        played = {title for titles in told.albums.values() for title in titles}
        assert {row.listens[1].album for row in told.rows} - {None} <= played
        assert told.failed is None

    def test_without_history_and_of_another_period_only_the_chart_and_albums_are_read(self, sandbox, listening):
        before = dict(sandbox.counters.as_dict().get("lastfm", {}))
        told = listening(history=False, period="12month")
        asked = sandbox.counters.as_dict()["lastfm"].keys() - before.keys()
        assert not asked & {"user.getInfo", "user.getRecentTracks"}
        assert {len(row.listens) for row in told.rows} == {1}
        assert told.account.plays_told is None
        assert told.albums

    @pytest.mark.parametrize("method", ["getTopAlbums", "user.getInfo"])
    def test_albums_and_the_count_of_plays_are_hints_whose_failure_fails_nothing(self, listening, method):
        told = listening(history=False, failing=method, error=Unusable("broken"))
        assert (len(told.rows), told.failed) == (60, None)
        assert (told.albums == {}) == (method == "getTopAlbums")
        assert (told.account.plays_told is None) == (method == "user.getInfo")

    def test_a_page_of_albums_that_is_another_is_asked_for_once_more(self, listening):
        assert listening(history=False, failing="getTopAlbums", error=Unusable("bob's"), times=1).albums

    @pytest.mark.parametrize("method", ["getTopAlbums", "user.getInfo"])
    def test_a_key_that_is_rejected_fails_all(self, listening, method):
        with pytest.raises(KeyRejected):
            listening(history=False, failing=method, error=KeyRejected("wrong"))

    def test_a_history_that_cannot_be_read_leaves_the_chart_and_the_run_fails(self, listening):
        hidden = UserPrivate("hidden")
        told = listening(failing="getRecentTracks", error=hidden)
        assert ({len(row.listens) for row in told.rows}, told.failed) == ({1}, hidden)
