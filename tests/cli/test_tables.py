import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from timbre_spider.cli.tables import called_as, facts, run_table
from timbre_spider.extensions.estimate import Estimate
from timbre_spider.items import Outcome
from timbre_spider.planning.budget import Allowance
from timbre_spider.planning.calls import Bucket
from timbre_spider.planning.forecast import Evening, Forecast
from timbre_spider.run_summary import (
    CallsOfAKind,
    ChartReading,
    Compliance,
    Flow,
    ListenerAccount,
    RunSummary,
    SanityCheck,
    ServiceTraffic,
    SongCounts,
)

pytestmark = pytest.mark.unit

SERVICES = ("lastfm", "spotify", "aoty", "listenbrainz", "deezer", "musicbrainz")


def summary(**changed):
    flow = Flow(chart=30_000, stored=27_286, rejected=0, beyond=2_714)
    polite = Compliance(
        verdict="kept", most_per_minute=200, limit_per_minute=None, requests_while_shut=0, requests_against_robots=None
    )
    traffic = ServiceTraffic(
        requests=12_345, retries=0, statuses={}, most_at_once=8, most_per_minute=200, limit_per_minute=None
    )
    values = {
        "spider": "lastfm_top",
        "run_id": None,
        "job_id": None,
        "version": "0",
        "sandbox": True,
        "listener": "ann",
        "parameters": {},
        "started_at": datetime(2026, 11, 25, tzinfo=UTC),
        "finished_at": datetime(2026, 11, 25, tzinfo=UTC),
        "seconds": 61.2,
        "finish_reason": "finished",
        "error": None,
        "feeds": {},
        "songs": SongCounts(stored=10_000, wanted=10_000, folded=11_000, merged=0, recalled=0),
        "rows": flow,
        "plays": flow,
        "chart": ChartReading(),
        "outcomes": {source: dict.fromkeys(Outcome, 10000) for source in ("spotify", "open", "lastfm", "aoty")},
        "mean_seconds": {},
        "coverage_percent": {},
        "requests": dict.fromkeys(SERVICES, traffic),
        "compliance": dict.fromkeys(SERVICES, polite),
        "sanity": [SanityCheck(check="rows_add_up", says="", expected=1, found=1, passed=True)],
        "peak_memory_mb": 1.0,
        "log_counts": {},
    }
    return RunSummary(**values | changed)


def printed(run, width):
    console = Console(width=width, soft_wrap=True, highlight=False, color_system=None)
    with console.capture() as said:
        console.print(run_table(run, console))
    return said.get()


EVENINGS = (Evening(900, 2000, 90_000), Evening(334, 400, 5_000))
LEFT = dict.fromkeys(Bucket, Allowance(400, 400))
PLAN = Estimate(songs_to_look_up=900, songs_without_album=Counter(ann=9999)).by_service(
    dict.fromkeys(SERVICES, 60), skipped=set(), listenbrainz=True, spotify=Forecast(2134, 99_999, EVENINGS, LEFT)
)


@pytest.mark.parametrize("width", [50, 66, 70, 80, 120])
@pytest.mark.parametrize("plan", [None, PLAN])
def test_the_table_fits_the_terminal_and_nothing_is_cut(width, plan):
    said = printed(summary(plan=plan), width)
    assert max(map(len, said.splitlines())) <= width
    assert "…" not in said
    for number in ("1,234", "2,134") if plan else ("10,000", "12,345", "37,035", "27,286", "2,714", "deferred"):
        assert number in said


ANN, BOB = (
    ListenerAccount(songs=1, plays_read=90, plays_stored=80, plays_told=100, drift=10),
    ListenerAccount(songs=2000, plays_read=9, plays_stored=5000, plays_told=7, drift=-2),
)


@pytest.mark.parametrize(
    ("listeners", "there", "not_there"),
    [
        ({}, [], ["Last.fm counts"]),
        ({"ann": ANN}, ["Last.fm counts +10 plays more than were read"], ["ann ", "80 plays"]),
        ({"ann": ANN.model_copy(update={"drift": 0})}, [], ["Last.fm counts"]),
        (
            {"ann": ANN, "bob": BOB},
            [
                "ann +1 song, 80 plays",
                "bob +2,000 songs, 5,000 plays",
                "ann: 10 plays more than were read; bob: 2 plays fewer than",
            ],
            [],
        ),
    ],
)
def test_listeners_stand_in_the_table_where_there_are_several_or_counts_differ(listeners, there, not_there):
    said = printed(summary(listeners=listeners), 120)
    assert all(re.search(text, said) for text in there)
    assert not any(text in said for text in not_there)


def test_labs_have_a_line_where_they_are_asked():
    traffic = summary().requests["aoty"].model_copy(update={"requests": 77})
    run = summary()
    asked = run.model_copy(
        update={
            "outcomes": run.outcomes | {"labs": dict.fromkeys(Outcome, 3)},
            "requests": run.requests | {"listenbrainz_labs": traffic},
        }
    )
    [line] = [line for line in printed(asked, 120).splitlines() if "labs" in line]
    assert line.split() == ["labs", *["3"] * len(Outcome), "77"]
    assert "labs" not in printed(run, 120)


@pytest.mark.parametrize(
    ("services", "said"),
    [
        ((), ""),
        (("deezer",), "deezer refuses"),
        (("deezer", "aoty"), "aoty refuses; deezer refuses; timbre report albums: the pages worth saving yourself"),
    ],
)
def test_who_refused_stands_in_the_table_and_for_aoty_what_to_do(services, said, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["timbre"])
    run = summary()
    shut = {name: run.requests[name].model_copy(update={"shut": f"{name} refuses"}) for name in services}
    told = re.search("asked no more +(.+?) *$", printed(summary(requests=run.requests | shut), 120), re.M)
    assert (told[1] if told else "") == said


def test_what_is_not_right_stands_in_the_table():
    wrong = SanityCheck(check="plays_add_up", says="", expected=1, found=2, passed=False)
    rude = {"aoty": summary().compliance["aoty"].model_copy(update={"verdict": "broken"})}
    said = printed(summary(sanity=[wrong], compliance=rude), 80)
    assert "NOT right: plays add up" in said
    assert "BROKEN at aoty" in said


def test_what_is_used_up_of_spotifys_calls_and_when_it_is_back():
    early, late = datetime(2026, 11, 26, 19, 5, tzinfo=UTC), datetime(2026, 11, 26, 20, tzinfo=UTC)
    calls = {
        bucket: CallsOfAKind(asked=9, counted=400, budget=400, left=0 if back else 7, back_at=back)
        for bucket, back in (("search", late), ("tracks", None), ("albums", early), ("albums/tracks", late))
    }
    assert "Spotify" not in printed(summary(), 120)
    said = printed(summary(spotify_calls=calls), 120)
    assert "albums until 2026-11-26 19:05 UTC; search, albums/tracks until 2026-11-26 20:00 UTC" in said
    assert "Spotify used up" not in printed(summary(spotify_calls={"tracks": calls["tracks"]}), 120)


def test_a_plan_says_how_many_evenings_spotify_takes():
    assert "1,234 questions, 21 min at the limit, 2 evenings, a run each" in printed(summary(plan=PLAN), 120)


def test_a_fact_too_long_stands_below_its_label_unbroken():
    path = "logs/pipeline_summary_20261125T140500729903Z.json"
    said = facts({"Log": "short", "Summary": path, "Database": "embedded Postgres in data/postgres, database x"}, 50)
    assert said.plain.splitlines() == [
        "Log       short",
        "Summary",
        path,
        "Database",
        "embedded Postgres in data/postgres, database x",
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("timbre", "timbre"),
        ("/usr/bin/timbre", "timbre"),
        ("{here}/bin/timbre", "bin/timbre"),
        # As the service starts a run: what lies beside this Python.
        ("/lib/timbre_spider/__main__.py", "bin/timbre"),
    ],
)
def test_the_command_is_told_as_it_can_be_typed_here(
    typed: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [typed.format(here=tmp_path)])
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    assert called_as() == told
