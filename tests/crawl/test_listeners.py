"""Several listeners in one run: each one's plays, and no question twice."""

import pytest

from tests.conftest import running_sandbox

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def ran(tmp_path_factory, module_workspace_for):
    """A run of two listeners and one who is not there; (sandbox, workspace, what it said)."""
    with running_sandbox(tmp_path_factory.mktemp("two"), "--rows=60", "--listeners=2") as sandbox:
        workspace = module_workspace_for(sandbox.env)
        said = workspace.run(
            *("timbre", "run", "--max-songs", "1000"),
            *(part for name in ("listener", "listener2", "nobody") for part in ("--user", name)),
            status=2,
        )
        yield sandbox, workspace, said


def test_each_one_s_plays_are_stored_and_told(ran):
    _, workspace, said = ran
    assert "Last.fm has no user “nobody”" in said
    listeners = workspace.summary()["listeners"]
    assert listeners.keys() == {"listener", "listener2"}
    with workspace.database() as connection:
        stored = connection.execute(
            "SELECT listener, count(*), sum(plays)::int FROM listener_songs GROUP BY listener"
        ).fetchall()
        in_all = connection.execute("SELECT count(*), sum(playcount)::int FROM lastfm_stats").fetchone()
    assert {name: (each["songs"], each["plays_stored"]) for name, each in listeners.items()} == {
        name: (songs, plays) for name, songs, plays in stored
    }
    assert all(each["plays_read"] == each["plays_stored"] for each in listeners.values())
    songs, plays = in_all
    assert plays == sum(each["plays_read"] for each in listeners.values())
    assert songs < sum(each["songs"] for each in listeners.values()), "they have songs in common"
    for name, each in listeners.items():
        assert f"{name} " in said
        assert f"{each['songs']:,} songs, {each['plays_stored']:,} plays" in said
    # Spelled by one otherwise than by the other, a song is wanted twice and found to be one.
    assert workspace.summary()["songs"]["stored"] == songs <= workspace.summary()["songs"]["wanted"] <= songs + 2
    assert [check["check"] for check in workspace.summary()["sanity"] if check["passed"] is False] == []


def test_nobody_s_song_is_asked_for_again_for_another(ran):
    sandbox, workspace, _ = ran
    with workspace.database() as connection:
        told = dict(connection.execute("SELECT source, count(*) FROM answers GROUP BY source").fetchall())
    asked = sandbox.stats()
    tags = sum(asked["lastfm"][f"{what}.getTopTags"]["requests"] for what in ("artist", "track"))
    assert tags == told["lastfm"]
    lookups = asked["listenbrainz"]["1/metadata/lookup"]["requests"]
    assert lookups < told["open"] / 4


def test_a_listener_forgotten_leaves_the_other_s_part(ran):
    _, workspace, _ = ran
    workspace.run("timbre", "db", "forget", "listener")
    with workspace.database() as connection:
        assert connection.execute("SELECT DISTINCT listener FROM listener_songs").fetchall() == [("listener2",)]
        [(parameters,)] = connection.execute("SELECT parameters -> 'users' FROM runs").fetchall()
    assert parameters == ["listener2", "nobody"]
