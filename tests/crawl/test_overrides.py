"""A person's word, said on the command line, and the runs after it."""

import json
import unicodedata
from uuid import UUID

import pytest

from timbre_spider.storage.override_store import add_override, undo_override

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


def letters(name):
    """A name without case, accents and punctuation, as this test understands them."""
    plain = name.casefold().translate(STROKES)
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", plain)))


STROKES = str.maketrans({"ı": "i", "ð": "d", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "&": "and"})


SPELLINGS = """SELECT song_id, id, artist, title FROM aliases ORDER BY song_id, playcount DESC, artist, title"""


def test_every_join_of_differing_names_is_told_and_can_be_undone(crawled):
    with crawled.database() as connection:
        spellings = connection.execute(SPELLINGS).fetchall()
    main = {}
    for spelling in spellings:
        main.setdefault(spelling[0], spelling)
    differing = {
        (artist, title): alias
        for song, alias, artist, title in spellings
        if (letters(artist), letters(title)) != tuple(map(letters, main[song][2:]))
    }
    told = json.loads(crawled.run("timbre", "report", "--format", "json", "--rows", "0"))["merged"]["rows"]
    assert {(row["joined_artist"], row["joined_title"]) for row in told} == set(differing)
    assert len(told) == len(differing) > 20
    assert all(row["rule"] for row in told)

    songs_of = "SELECT DISTINCT song_id FROM aliases WHERE id = ANY (%s)"
    with crawled.opened() as database:
        for row in told:
            name = row["joined_artist"], row["joined_title"]
            both = [main[UUID(row["id"])][1], differing[name]]
            word = add_override(database, "different", row["id"], " - ".join(name))
            with database.connect() as connection:
                assert len(connection.execute(songs_of, [both]).fetchall()) == 2, row
            undo_override(database, word.id)
            with database.connect() as connection:
                assert len(connection.execute(songs_of, [both]).fetchall()) == 1, row


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
