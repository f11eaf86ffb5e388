"""ListenBrainz' pages about a listener, as its documentation has them."""

import pytest

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/1/stats/user/nobody/recordings", 404, "Cannot find user: nobody"),
        ("/1/user/nobody/listens", 404, "Cannot find user: nobody"),
        ("/1/stats/user/listener/recordings?range=ever", 400, "Invalid range"),
        ("/1/stats/user/listener/recordings?count=many", 400, "non-negative"),
        ("/1/user/listener/listens?max_ts=now", 400, "non-negative"),
        ("/1/stats/user/listener/artists", 404, "not found"),
    ],
)
def test_what_is_wrong_is_said(client, path, status, said):
    answer = client.ask("listenbrainz", path)
    assert (answer.status, answer.json["code"]) == (status, status)
    assert said in answer.json["error"]


def test_statistics_of_a_range_that_is_not_worked_out_are_empty(client):
    answer = client.ask("listenbrainz", "/1/stats/user/listener/recordings?range=week")
    assert (answer.status, answer.body) == (204, b"")


def test_recordings_come_by_25_or_at_most_100_the_most_played_first(client):
    usual, most, later = (
        client.ask("listenbrainz", f"/1/stats/user/LISTENER/recordings?range=all_time{asked}").json["payload"]
        for asked in ("", "&count=1000", "&count=1000&offset=50")
    )
    assert (usual["count"], most["count"]) == (25, 100)
    assert later["recordings"][:50] == most["recordings"][50:]
    counts = [each["listen_count"] for each in most["recordings"]]
    assert counts == sorted(counts, reverse=True)
    assert any(each["recording_mbid"] for each in most["recordings"])


def test_listens_go_back_from_max_ts_which_they_do_not_reach(client):
    first = client.ask("listenbrainz", "/1/user/listener/listens?count=60").json["payload"]
    times = [each["listened_at"] for each in first["listens"]]
    assert times == sorted(times, reverse=True)
    assert len(set(times)) < 60
    for before in (times[10], times[10] + 1, times[49], times[51] + 1):
        again = client.ask("listenbrainz", f"/1/user/listener/listens?count=9&max_ts={before}").json["payload"]
        expected = [each for each in first["listens"] if each["listened_at"] < before][:9]
        assert again["listens"][: len(expected)] == expected
