"""A whole crawl as a user runs it."""

import csv
import json
import re

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.integration

KEYS = ("LASTFM_API_KEY", "SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET", "LISTENBRAINZ_TOKEN")


@pytest.fixture(scope="module")
def crawled(sandbox, module_workspace_for):
    workspace = module_workspace_for(sandbox.env, embedded=True)
    asked = sandbox.requests("lastfm")
    said = workspace.run(
        "scrapy", "crawl", "lastfm_top", "-a", "max=200", "-L", "DEBUG",
        "-O", "exports/songs.jsonl", "-O", "exports/songs.csv", "-O", "exports/songs.json",
    )  # fmt: skip
    # Checks, crawl and summary share one start of the embedded server.
    assert (workspace.folder / "data/postgres/log").read_text().count("ready to accept connections") == 1
    return workspace, said, sandbox.requests("lastfm") - asked


def test_as_many_songs_are_stored_as_were_asked_for(crawled):
    workspace, *_ = crawled
    assert workspace.counts()["songs"] == 200
    assert workspace.summary()["songs"]["stored"] == 200


def test_every_chart_row_is_accounted_for(crawled):
    workspace, *_ = crawled
    rows = workspace.summary()["rows"]
    assert rows["chart"] == 1500
    assert rows["chart"] == rows["stored"] + rows["rejected"] + rows["beyond"]
    with workspace.database() as connection:
        assert connection.execute("SELECT count(*) FROM aliases").fetchone() == (rows["stored"],)


def test_the_mission_s_tables_hold_what_the_sources_know(crawled):
    workspace, *_ = crawled
    with workspace.database() as connection:
        found = connection.execute(
            """SELECT count(isrc), count(spotify_id), count(album_name), count(duration_ms), count(user_score),
                      count(nullif(s.tags, '{}')), min(playcount), count(DISTINCT canonical_id)
               FROM songs LEFT JOIN spotify_attrs ON spotify_attrs.song_id = songs.id
               LEFT JOIN lastfm_stats s ON s.song_id = songs.id LEFT JOIN aoty_attrs a ON a.song_id = songs.id"""
        ).fetchone()
    isrcs, spotify_ids, albums, durations, scores, tags, fewest, ids = found
    assert min(isrcs, spotify_ids, albums, durations) > 150
    assert min(scores, tags) > 100
    assert fewest > 0
    assert ids == 200


def test_the_feeds_hold_a_line_a_stored_song(crawled):
    workspace, *_ = crawled
    lines = [json.loads(line) for line in (workspace.folder / "exports/songs.jsonl").read_text().splitlines()]
    array = json.loads((workspace.folder / "exports/songs.json").read_text())
    with (workspace.folder / "exports/songs.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    with workspace.database() as connection:
        ids = {str(row[0]) for row in connection.execute("SELECT id FROM songs")}
    assert {line["id"] for line in lines} == {each["id"] for each in array} == {row["id"] for row in table} == ids
    assert len(lines) == 200
    assert sum(line["album_name"] is not None for line in lines) > 150


def test_feed_export_and_database_say_the_same(crawled):
    workspace, *_ = crawled
    for kind in ("jsonl", "csv"):
        workspace.run("timbre", "export", f"--to=exported.{kind}")
        fed = (workspace.folder / f"exports/songs.{kind}").read_text().splitlines()
        assert sorted((workspace.folder / f"exported.{kind}").read_text().splitlines()) == sorted(fed)
    with workspace.database() as connection:
        told = connection.execute("SELECT row_to_json(f) FROM song_features f WHERE user_score IS NOT NULL").fetchall()
    lines = [json.loads(line) for line in (workspace.folder / "exports/songs.jsonl").read_text().splitlines()]
    by_id = {line["id"]: line for line in lines}
    assert len(told) > 100
    assert all(by_id[song["id"]]["user_score"] == song["user_score"] for (song,) in told)
    assert max(len(line["aliases"]) for line in lines) > 1


def test_the_chart_s_most_played_songs_are_the_ones_taken(crawled, sandbox):
    workspace, *_ = crawled
    with workspace.database() as connection:
        stored = {tuple(row) for row in connection.execute("SELECT artist, title FROM aliases")}
    top = [(row["artist"], row["title"]) for row in sandbox.truth()["rows"][:50]]
    assert set(top) <= stored


def test_the_summary_says_what_was_asked_and_what_came(crawled):
    workspace, _, asked = crawled
    summary = workspace.summary()
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs/schema/run_summary.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(summary)
    for outcomes in summary["outcomes"].values():
        assert set(outcomes) == {"found", "absent", "refused", "deferred", "failed"}
    assert sum(summary["outcomes"]["spotify"].values()) >= 200
    assert summary["finish_reason"] == "finished"
    assert summary["coverage_percent"]["spotify_id"] > 75
    assert summary["requests"]["lastfm"]["requests"] == asked
    assert summary["requests"]["lastfm"]["limit_per_minute"] is None


def test_no_key_is_in_any_file_or_line(crawled):
    workspace, said, _ = crawled
    secrets = [workspace.env[name] for name in KEYS]
    assert "api_key" not in said
    files = [path for path in workspace.folder.rglob("*") if path.is_file() and "postgres" not in path.parts]
    for text in [said, *(path.read_text(errors="replace") for path in files)]:
        assert not [secret for secret in secrets if secret in text]
        assert not re.search(r"(Bearer|Basic) [A-Za-z0-9]{8}", text)


def test_a_second_run_asks_nothing_and_changes_nothing(crawled, sandbox):
    workspace, *_ = crawled
    tables = ("songs", "song_keys", "aliases", "spotify_attrs", "open_attrs", "aoty_attrs", "lastfm_stats", "answers")

    def versions():
        with workspace.database() as connection:
            return {
                table: sorted(connection.execute(f"SELECT ctid::text, xmin::text FROM {table}").fetchall())  # noqa: S608
                for table in tables
            }

    services = ("spotify", "aoty", "listenbrainz", "deezer", "musicbrainz")
    before, asked = versions(), {service: sandbox.requests(service) for service in services}
    workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=200")
    assert versions() == before
    assert {service: sandbox.requests(service) for service in asked} == asked
    assert workspace.summary()["songs"]["recalled"] >= 200


def test_a_run_that_fails_or_stores_fewer_songs_leaves_the_feed(crawled):
    workspace, *_ = crawled
    feed = workspace.folder / "exports/songs.jsonl"
    before = feed.read_text()
    crawl = ("scrapy", "crawl", "lastfm_top", "-O", "exports/songs.jsonl", "-a")
    workspace.run(*crawl, "max=300", status=1, LASTFM_BASE_URL="http://127.0.0.1:1/2.0/")
    assert feed.read_text() == before
    assert "exports/songs.smaller.jsonl" in workspace.run(*crawl, "max=20")
    assert feed.read_text() == before
    assert len((workspace.folder / "exports/songs.smaller.jsonl").read_text().splitlines()) == 20
