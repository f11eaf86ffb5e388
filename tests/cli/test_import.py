"""`timbre import history` as a user runs it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.histories.making import as_json, extended
from timbre_spider.storage.journal import Journal
from timbre_spider.storage.pages import Page, pages_of_listener

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def history_of():
    """Plays of songs of the sandbox's chart, as Spotify's extended history tells them: [(title, artist, plays)]."""

    def making(truth, plays_of):
        rows = truth["rows"][:40]
        return as_json(
            [
                extended(
                    row["title"], row["artist"], 1_600_000_000 + number * 100_000 + play * 400, album=None, track=None
                )
                for number, row in enumerate(rows)
                for play in range(plays_of(number))
            ]
        )

    return making


def test_a_history_is_stored_counted_and_not_doubled(workspace, sandbox, history_of):
    path = workspace.folder / "endsong_0.json"
    path.write_bytes(history_of(sandbox.truth(), lambda number: 3 + number % 2))
    said = workspace.run("timbre", "import", "history", str(path), "--user", "ann")
    assert "endsong_0.json: Spotify extended history, 140 plays" in said
    assert workspace.counts()["songs"] > 30
    query = "SELECT sum(plays), min(source), max(period), count(*) FROM listens"
    with workspace.database() as connection:
        [before] = connection.execute(query).fetchall()
        assert connection.execute("SELECT sum(playcount) FROM lastfm_stats").fetchone() == (140,)
    assert before[:3] == (140, "spotify", "history")
    workspace.run("scrapy", "crawl", "history", "-a", f"path={path}", "-a", "user=ann")
    with workspace.database() as connection:
        assert connection.execute(query).fetchall() == [before]
    pages = pages_of_listener(workspace.folder / "data", "ann")
    pages.put("0", Page("", datetime.now(UTC), "", b""), timedelta())
    left = workspace.folder / "data" / "spool" / "uncommitted"
    with workspace.opened() as database:
        (left / f"{Journal.of(database, left)._ledger}-1.jsonl").touch()
    said = workspace.run("timbre", "db", "forget", "Ann")
    assert "what waits in data/spool are files" in " ".join(said.split())
    assert list(left.iterdir()) == []
    assert pages.get("0") is None
    assert workspace.counts()["songs"] == 0
    assert "knows no listener" in workspace.run("timbre", "db", "forget", "ann", status=1)


def test_a_listener_of_listenbrainz_is_stored(workspace):
    workspace.run("timbre", "run", "--listenbrainz", "listener", "--max-songs", "20")
    assert workspace.counts()["songs"] == 20
    with workspace.database() as connection:
        told = connection.execute("SELECT DISTINCT source, period FROM listens").fetchall()
    assert told == [("listenbrainz", "all_time")]
    said = workspace.run("timbre", "run", "--listenbrainz", "nobody at all", status=2)
    assert "--listenbrainz nobody at all is wrong" in said
    said = workspace.run("timbre", "run", "--listenbrainz", "nobody", status=2)
    assert "ListenBrainz has no user “nobody”" in said


def test_what_is_no_history_is_one_line_and_status_2_and_nothing_is_written(workspace):
    path = workspace.folder / "cut.json"
    path.write_bytes(as_json([extended()])[:-9])
    said = workspace.run("timbre", "import", "history", str(path), status=2)
    assert "is damaged or was cut off" in said
    assert said.count("\n") == 1
    assert not (workspace.folder / "data").exists()
    # Before anything else is looked at.
    for command in (("timbre", "import", "history", "a.zip"), ("scrapy", "crawl", "history", "-a", "path=a.zip")):
        said = workspace.run(*command, status=2, LASTFM_USERNAME="")
        assert said == "There is no file a.zip.\n"
    said = workspace.run("timbre", "import", "history", status=2)
    assert "Missing argument" in said
