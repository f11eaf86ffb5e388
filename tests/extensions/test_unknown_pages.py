import pytest
from scrapy.http import HtmlResponse

from timbre_spider.albums.read import Read, read_files
from timbre_spider.errors import UnknownPage, Unusable
from timbre_spider.extensions.unknown_pages import UnknownPages

pytestmark = pytest.mark.unit


def page(number=1, body=b"<html>New!</html>"):
    return HtmlResponse(f"https://www.albumoftheyear.org/album/{number}-x.php", body=body)


def read(pages, page, error):
    with pytest.raises(type(error)), pages.kept(page):
        raise error


def test_the_newest_are_kept_all_are_counted_and_one_is_told(tmp_path, caplog):
    pages = UnknownPages(tmp_path / "unknown")
    for number in range(25):
        read(pages, page(number), UnknownPage(f"page {number} is new."))
    assert (pages.count, len(list(pages.folder.iterdir()))) == (25, 20)
    assert [record.getMessage() for record in caplog.records] == [
        f"page 0 is new. Kept in {pages.folder}, where you can open it."
    ]


def test_the_oldest_go_first_and_of_a_huge_page_its_beginning_is_kept(tmp_path):
    for number in range(20):
        (tmp_path / f"20200101T0000{number:02}_old.html").write_text("old")
    huge = b"x" * (4 * 2**20 + 9)
    read(UnknownPages(tmp_path), page(body=huge), UnknownPage("new."))
    *old, new = sorted(tmp_path.iterdir())
    assert (len(old), old[0].name) == (19, "20200101T000001_old.html")
    note, _, body = new.read_bytes().partition(b"\n")
    assert note == b"<!-- saved from url=(0044)https://www.albumoftheyear.org/album/1-x.php -->"
    assert body == huge[:-9]


def test_what_is_known_or_merely_broken_is_not_kept(tmp_path):
    pages = UnknownPages(tmp_path / "unknown")
    with pages.kept(page()):
        pass
    read(pages, page(), Unusable("cut off"))
    assert (pages.count, pages.folder.exists()) == (0, False)


def test_a_place_that_cannot_be_written_stops_nobody(tmp_path, caplog):
    (tmp_path / "unknown").write_text("a file")
    read(UnknownPages(tmp_path / "unknown"), page(), UnknownPage("new."))
    assert "cannot be kept" in caplog.text


def test_what_was_kept_can_be_imported_once_it_is_known(tmp_path):
    card = b"""<html><div class="albumBlock"><a href="/album/5-ann.php"><div class="albumTitle">Harbour</div></a>
        <div class="artistTitle">Ann</div></div></html>"""
    pages = UnknownPages(tmp_path)
    read(pages, page(body=card), UnknownPage("new."))
    [told] = read_files([tmp_path])
    assert isinstance(told, Read)
    assert told.sightings[0].album.title == "Harbour"
