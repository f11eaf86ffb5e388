"""`timbre import aoty` as a person runs it."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Workspace
from timbre_spider.storage.pages import DiskPages, Page

pytestmark = pytest.mark.integration

PAGES = Path(__file__).parents[1] / "sources/aoty/pages"
CSV = """title,artist,score,album_link
To Sea,Ann,95,https://www.albumoftheyear.org/album/29-ann-to-sea.php
,Ann,95,https://www.albumoftheyear.org/album/30-x.php
"""
COUNTED = """SELECT current_database();
SELECT jsonb_agg((number, kinds) ORDER BY number) FROM aoty_albums; SELECT count(*) FROM ratings_history"""


def test_pages_and_data_sets_fill_the_catalogue(workspace_for) -> None:
    place: Workspace = workspace_for()
    (place.folder / "albums.csv").write_text(CSV)
    (place.folder / "about.html").write_text("<html>About us</html>")
    pages = (str(PAGES / f"{kind}.html") for kind in ("album", "artist", "chart", "search"))
    asked = ("timbre", "import", "aoty", "albums.csv", "about.html", *pages, "--seen", "2026-03-01")
    for _ in range(2):
        said = place.run(*asked)
        assert "not read: albums.csv, line 3: names no artist or no title" in said
        assert "not read: about.html: it is no page of albums" in said
        assert "Not read in all: 1 row, 1 file or page" in said
        assert "11 albums told of by 1 row of data sets, 1 album page, 1 artist page" in said
        database, albums, history = place.run("timbre", "db", "shell", "-Atc", COUNTED).splitlines()
        assert database == "timbre", "real albums lie apart from the sandbox's, key or none"
        assert [each["f1"] for each in json.loads(albums)] == [11, 12, 13, 21, 22, 23, 24, 29, 77001, 77002]
        assert json.loads(albums)[-2]["f2"] == ["album", "chart"]
        assert history == "7"


def test_what_cannot_be_done_is_said_in_a_line(workspace_for) -> None:
    place: Workspace = workspace_for()
    (place.folder / "albums.csv").write_text(CSV)
    (place.folder / "empty.csv").write_text("title,artist,url\n")
    for arguments, status, says in [
        (("nowhere.csv",), 2, "There is no file nowhere.csv"),
        (("albums.csv", "--map", "titel=title"), 2, "names no field"),
        (("albums.csv", "--map", "title=name"), 2, "no column 'name'"),
        (("albums.csv", "--seen", "today"), 2, "is no date"),
        (("albums.csv", "--seen", "2999-01-01"), 2, "yet to come"),
        (("empty.csv",), 1, "Nothing of Album of the Year was found"),
    ]:
        said = place.run("timbre", "import", "aoty", *arguments, status=status)
        assert says in " ".join(said.split())
        assert "Traceback" not in said


def test_pages_that_a_crawl_kept_are_read_once_more(workspace_for) -> None:
    place: Workspace = workspace_for()
    store = DiskPages(place.folder / "data" / "pages")
    site = "https://www.albumoftheyear.org"
    for key, address, body in (
        ("aa", "/album/77001-the-paper-boats-dont-look-down.php", (PAGES / "album.html").read_bytes()),
        ("ab", "/about/", b"<html>About us</html>"),
    ):
        store.put(key, Page(site + address, datetime(2026, 3, 1, tzinfo=UTC), "text/html", body), timedelta(days=7))
    for _ in range(2):
        said = place.run("timbre", "reread", "aoty", PAGE_CACHE="disk")
        assert "not read: https://www.albumoftheyear.org/about/: it is no page of albums" in said
        assert "1 album told of by 1 album page" in said
    seen = "SELECT DISTINCT seen_at::date FROM aoty_sightings"
    assert place.run("timbre", "db", "shell", "-Atc", seen).splitlines() == ["2026-03-01"]
    assert "PAGE_CACHE is off" in place.run("timbre", "reread", "aoty", status=2)
    assert "No page was kept yet" in place.run(
        "timbre", "reread", "aoty", status=1, PAGE_CACHE="disk", DATA_DIR="other"
    )
