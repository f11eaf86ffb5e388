"""A person's word, said on the command line, and the runs after it."""

import json

import pytest

pytestmark = pytest.mark.slow

CRAWL = ("scrapy", "crawl", "lastfm_top", "-a", "max=40", "-s", "LOG_LEVEL=ERROR")


@pytest.fixture(scope="module")
def once(sandbox, module_workspace_for):
    """The name of a database that holds a crawl."""
    workspace = module_workspace_for(sandbox.env)
    workspace.run(*CRAWL)
    with workspace.database() as connection:
        return connection.info.dbname


@pytest.fixture
def crawled(sandbox, workspace_for, once):
    return workspace_for(sandbox.env, like=once)


def one(workspace, query, *values):
    with workspace.database() as connection:
        return connection.execute(query, values).fetchone()


def test_the_named_spotify_track_and_album_are_read_by_the_next_run_and_stay(crawled, sandbox):
    truth = sandbox.truth()
    unheard = [song for song in truth["songs"].values() if song["spotify_id"] and song["aoty"]]
    other = min(unheard, key=lambda song: song["plays"])
    artist, title = one(
        crawled,
        """SELECT a.artist, a.title FROM aliases a JOIN songs s ON s.id = a.song_id
           WHERE s.spotify_id IS NOT NULL ORDER BY a.playcount DESC LIMIT 1""",
    )
    name = f"{artist} - {title}"
    url = sandbox.env["AOTY_BASE_URL"] + other["aoty"]["path"]
    crawled.run("timbre", "override", "spotify", name, other["spotify_id"])
    crawled.run("timbre", "override", "aoty", name, url)
    for _ in range(2):
        crawled.run(*CRAWL)
        found = one(
            crawled,
            """SELECT s.spotify_id, a.url FROM songs s JOIN aoty_attrs a ON a.song_id = s.id
               JOIN aliases l ON l.song_id = s.id WHERE l.artist = %s AND l.title = %s""",
            artist,
            title,
        )
        assert found == (other["spotify_id"], url)


def test_songs_said_to_be_the_same_are_listed_counted_and_parted_again(crawled):
    with crawled.database() as connection:
        names = connection.execute("SELECT artist || ' - ' || title FROM songs ORDER BY id LIMIT 2").fetchall()
    (one_name,), (other_name,) = names
    crawled.run("timbre", "override", "same", one_name, other_name)
    assert crawled.counts()["songs"] == 39
    [word] = json.loads(crawled.run("timbre", "override", "list", "--json"))
    assert (word["kind"], word["details"]) == ("same", {"song": one_name, "other": other_name})
    assert "Taken back" in crawled.run("timbre", "override", "undo", str(word["id"]))
    crawled.run(*CRAWL)
    assert crawled.counts()["songs"] == 40


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("same", "No Such - Song", "Nor - This"), "No Such"),
        (("aoty", "No Such - Song", "https://elsewhere.example/album/1"), "no album page"),
        (("undo", "77"), "77"),
    ],
)
def test_a_word_that_means_nothing_is_refused_in_a_line(crawled, words, said):
    printed = crawled.run("timbre", "override", *words, status=2)
    assert said in printed
    assert "Traceback" not in printed


def test_the_report_counts_in_every_form(crawled):
    told = json.loads(crawled.run("timbre", "report", "--format", "json", "--rows", "0"))
    assert set(told) == {"unmatched", "weak", "merged", "rejected"}
    assert all(section["count"] == len(section["rows"]) for section in told.values())
    assert crawled.run("timbre", "report", "--format", "csv").startswith("section,")
    assert "unmatched:" in crawled.run("timbre", "report")
