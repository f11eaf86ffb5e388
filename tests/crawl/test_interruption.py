"""A run that is killed or stopped, and started again."""

import signal

import pytest

from tests.conftest import running_sandbox
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

CRAWL = ("scrapy", "crawl", "lastfm_top", "-a", "max=80", "-s", "LOG_LEVEL=INFO")


def tables(workspace):
    """What is stored, ids and times aside. Which of a song's tracks Spotify's calls found, and with it album and ISRC,
    depends on the calls that were made before: whether there is one does not."""
    queries = {
        "songs": "SELECT artist, title, spotify_id IS NOT NULL FROM songs",
        "spotify": "SELECT s.artist, s.title FROM songs s JOIN spotify_attrs a ON a.song_id = s.id",
        "lastfm": """SELECT s.artist, s.title, a.playcount, a.tags
                     FROM songs s JOIN lastfm_stats a ON a.song_id = s.id""",
        "aliases": """SELECT s.artist, s.title, a.listener, a.artist, a.title, a.playcount
                      FROM songs s JOIN aliases a ON a.song_id = s.id""",
        "keys": """SELECT s.artist, s.title, k.key FROM songs s JOIN song_keys k ON k.song_id = s.id
                   WHERE k.key LIKE 'hash:%'""",
    }
    with workspace.database() as connection:
        return {name: sorted(map(repr, connection.execute(query))) for name, query in queries.items()}


def kept_for_the_next_run(workspace):
    data = workspace.folder / "data"
    return [path for folder in ("unfinished", "spool") for path in (data / folder).rglob("*") if path.is_file()]


def wait_for_songs(workspace, process, least):
    with workspace.database() as connection:
        wait_until(lambda: connection.execute("SELECT count(*) FROM songs").fetchone()[0] >= least, process)


@pytest.fixture(scope="module")
def undisturbed(sandbox, module_workspace_for):
    workspace = module_workspace_for(sandbox.env)
    workspace.run(*CRAWL)
    return tables(workspace)


@pytest.mark.parametrize("songs_before_the_kill", [1, 40])
def test_a_killed_run_started_again_ends_with_the_same_tables(workspace, sandbox, undisturbed, songs_before_the_kill):
    def charts():
        return sandbox.stats()["lastfm"]["user.getTopTracks"]["requests"]

    process = workspace.start(*CRAWL)
    wait_for_songs(workspace, process, songs_before_the_kill)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    before = charts()
    workspace.run(*CRAWL)
    assert charts() == before, "the chart was read again"
    assert kept_for_the_next_run(workspace) == []
    ended = tables(workspace)
    differing = {name: set(ended[name]) ^ set(undisturbed[name]) for name in undisturbed}
    assert differing == {name: set() for name in undisturbed}


def test_two_processes_that_load_the_same_songs_at_once_end_with_the_same_tables(workspace, undisturbed):
    both = [workspace.start(*CRAWL) for _ in range(2)]
    said = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], "\n".join(said)[-3000:]
    ended = tables(workspace)
    differing = {name: set(ended[name]) ^ set(undisturbed[name]) for name in undisturbed}
    assert differing == {name: set() for name in undisturbed}


def test_a_stop_signal_ends_a_slow_run_soon_and_keeps_what_was_answered(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("slow"), "--rows=500", "--latency-ms=500") as slow:
        workspace = workspace_for(slow.env)
        process = workspace.start(*CRAWL)
        wait_for_songs(workspace, process, 5)
        process.send_signal(signal.SIGTERM)
        # Ten seconds where nothing else is to do; a stage that goes on asking takes minutes.
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "Stopped by a signal" in said
        assert "Traceback" not in said
        answered = slow.stats()["spotify"]["search"]["requests"]
    with workspace.database() as connection:
        kept = connection.execute(
            "SELECT count(*) FROM answers WHERE source = 'spotify' AND outcome IN ('found', 'absent')"
        ).fetchone()[0]
        unfinished = connection.execute("SELECT count(*) FROM answers WHERE outcome = 'deferred'").fetchone()[0]
    # A song found on its artist's page has an answer of its own beside the page's.
    assert kept >= answered - 8
    assert unfinished > 0
