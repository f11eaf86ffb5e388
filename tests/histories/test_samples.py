"""Real exports, where they lie beside the project."""

from pathlib import Path

import pytest

from timbre_spider.histories.play import NoPlay
from timbre_spider.histories.read import read_histories

pytestmark = pytest.mark.unit

SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
# (file, format, plays, too short, an artist and a title of it with plays, album, id)
TOLD = [
    (
        "Streaming_History_Audio_2025_0.json",
        "Spotify extended history",
        (17, 22),
        ("Bridgit Mendler", "Ready or Not", 1, "Hello My Name Is...", "5xvUgoVED1F4mBu8FL0HaW"),
    ),
    ("lastfmstats-TestUser.json", "lastfmstats (JSON)", (1891, 0), ("Clannad", "Drifting", 1, None, None)),
    ("listenbrainz_listener.zip", "ListenBrainz export", (5, 0), ("さユり", "花の塔", 1, "酸欠少女", None)),
    (
        "maloja_import_test.json",
        "Maloja export",
        (38, 0),
        ("Kanade Ishihara, Magnify Tokyo • Kanade Ishihara", "Tsunagu", 5, "Magnify Tokyo", None),
    ),
]


@pytest.mark.parametrize(("name", "format_name", "counted", "song"), TOLD)
def test_a_real_export_is_read(name, format_name, counted, song):
    if not (SAMPLES / name).exists():
        pytest.skip("no real exports here")
    histories = read_histories([SAMPLES / name])
    [file] = histories.files
    assert (file.format, file.broken) == (format_name, 0)
    assert (file.plays, file.no_plays[NoPlay.TOO_SHORT]) == counted
    artist, title, plays, album, spotify_id = song
    [row] = [row for row in histories.rows if (row.artist, row.title) == (artist, title)]
    [listens] = row.listens
    assert (row.playcount, listens.album, listens.spotify_id) == (plays, album, spotify_id)
