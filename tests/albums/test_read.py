"""Saved pages and data sets of every kind: what is read, what is not and why."""

import gzip
import io
import os
import re
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from timbre_spider.albums.read import Read, Unread, read_files
from timbre_spider.errors import ConfigError, HistoryUnreadable, UsageError
from timbre_spider.items import SeenOn

pytestmark = pytest.mark.unit

PAGES = Path(__file__).parents[1] / "sources/aoty/pages"
ALBUM = (PAGES / "album.html").read_bytes()
LIVE = "https://www.albumoftheyear.org"
OWN = f"{LIVE}/album/77001-the-paper-boats-dont-look-down.php"
CARD = b"""<!doctype html><html><body><div class="albumBlock">
    <a href="/album/1-x.php"><div class="albumTitle">One</div></a>
    <div class="artistTitle">Ann</div></div></body></html>"""
AT = datetime(2026, 3, 1, tzinfo=UTC)


def read(*paths: Path, **options: Any) -> list[Read | Unread]:
    return list(read_files(paths, **{"seen_at": AT, **options}))


def only(*paths: Path, **options: Any) -> Read:
    [told] = read(*paths, **options)
    assert isinstance(told, Read), told
    return told


def reasons(told: list[Read | Unread]) -> list[str]:
    return [each.reason for each in told if isinstance(each, Unread)]


def zipped(path: Path, **files: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def mhtml(body: bytes, date: str = "Mon, 02 Feb 2026 10:00:00 +0100") -> bytes:
    message = EmailMessage()
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = f"{LIVE}/album/77001.php"
    message["Date"] = date
    message.set_content(body.decode(), subtype="html", cte="quoted-printable")
    message.replace_header("Content-Type", "text/html")
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png")
    return message.as_bytes()


def warc(body: bytes, status: str = "200 OK", kind: str = "text/html; charset=UTF-8") -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {OWN}\r\nWARC-Date: 2026-02-03T10:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:1>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def test_a_page(tmp_path: Path) -> None:
    path = tmp_path / "any name"
    path.write_bytes(ALBUM)
    told = only(path)
    [sighting] = told.sightings
    assert (told.kind, told.place) == ("album", str(path))
    assert (sighting.number, sighting.key, sighting.seen_on) == (77001, "paperboats|dontlookdown", SeenOn.ALBUM)
    assert (sighting.seen_at, sighting.place, sighting.album.url) == (AT, str(path), OWN)
    os.utime(path, (0, 86_400))
    assert only(path, seen_at=None).sightings[0].seen_at == datetime(1970, 1, 2, tzinfo=UTC)
    os.utime(path, (0, 1e11))
    assert only(path, seen_at=None).sightings[0].seen_at <= datetime.now(UTC)


SAVED_FROM = b"<!-- saved from url=(0044)%s -->"


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.replace(b'href="/', b'href="' + LIVE.encode() + b"/"),
        lambda page: re.sub(rb'href="(/[^"]*)"', rb"href='http://albumoftheyear.org\1'", page),
        lambda page: b"\xef\xbb\xbf\n\n" + page,
        lambda page: page.decode().encode("utf-16"),
        lambda page: SAVED_FROM % b"http://127.0.0.1:8005/x" + page.replace(b'href="/', b'href="http://127.0.0.1:8005/'),
        lambda page: (b"<html><!-- \n Page saved with SingleFile \n url: http://127.0.0.1:8005/x \n -->"
                      + re.sub(rb'href="(/[^"]*)"', rb"href=http://127.0.0.1:8005\1", page)),
    ],
)  # fmt: skip
def test_a_page_however_a_browser_writes_it(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "saved.html"
    path.write_bytes(change(ALBUM))
    album = only(path).sightings[0].album
    assert (album.url, album.artist, album.user_score) == (OWN, "The Paper Boats", 83.6)
    assert album.artist_url == f"{LIVE}/artist/501-the-paper-boats/"
    assert album.genres[0] == "Dream Pop"


def test_a_page_without_a_canonical_address_is_where_it_was_saved_from(tmp_path: Path) -> None:
    path = tmp_path / "saved.html"
    bare = ALBUM.replace(b'rel="canonical"', b'rel="x"')
    path.write_bytes(SAVED_FROM % b"https://evil.example/album/5-y.php?x=1" + bare)
    assert only(path).sightings[0].album.url == f"{LIVE}/album/5-y.php"
    path.write_bytes(bare)
    assert only(path).sightings == []  # of which album nobody knows


@pytest.mark.parametrize(("before", "is_read"), [(16_200, True), (16_400, False)])
def test_where_a_page_was_saved_from_stands_in_its_head(tmp_path: Path, before: int, is_read: bool) -> None:
    note = SAVED_FROM % b"https://www.albumoftheyear.org/album/5-y.php"
    (path := tmp_path / "saved.html").write_bytes(
        b"<html>" + b" " * before + note + ALBUM.replace(b'rel="canonical"', b'rel="x"')
    )
    assert [each.album.url for each in only(path).sightings] == ([f"{LIVE}/album/5-y.php"] if is_read else [])


@pytest.mark.parametrize("noted", [b"about:internet", b"file:///home/ann/page.html"])
def test_a_note_that_is_no_address_of_a_site_tells_nothing(tmp_path: Path, noted: bytes) -> None:
    (tmp_path / "a.html").write_bytes(CARD.replace(b"<html>", b"<!-- saved from url=(0014)" + noted + b" --><html>"))
    assert only(tmp_path / "a.html").sightings[0].album.url == f"{LIVE}/album/1-x.php"


def test_a_folder_with_a_page_saved_whole(tmp_path: Path) -> None:
    (tmp_path / "Page.html").write_bytes(ALBUM)
    for beside in (
        "Page_files", "Page.files", "Page-Dateien", "Page_fichiers", "Page_archivos", "Page_ficheros", "Page_arquivos",
        "Page_bestanden", "Page_file", "Page_pliki", "Page_filer", "Page_soubory", "Page_tiedostot",
    ):  # fmt: skip
        (tmp_path / beside).mkdir()
        (tmp_path / beside / "saved_resource.html").write_bytes(CARD)
    assert only(tmp_path).kind == "album"


def test_mhtml(tmp_path: Path) -> None:
    path = tmp_path / "page.mhtml"
    path.write_bytes(mhtml(ALBUM))
    [sighting] = only(path).sightings
    assert (sighting.album.url, sighting.album.title) == (OWN, "Don't Look Down")
    assert sighting.seen_at == datetime(2026, 2, 2, 9, tzinfo=UTC)
    path.write_bytes(mhtml(ALBUM, "no date"))
    assert only(path).sightings[0].seen_at == AT
    path.write_bytes(b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n\ntext\n--x--")
    assert read(path) == [Unread(str(path), "an MHTML file without a page in it")]


@pytest.mark.parametrize(
    ("date", "hour"),
    [("Mon, 02 Feb 2026 10:00:00 -0500", 15), ("Mon, 02 Feb 2026 10:00:00 -0000", 10), ("2 Feb 2026 10:00", 10)],
)
def test_a_saved_page_s_date_without_a_zone_is_in_utc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, date: str, hour: int
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        (path := tmp_path / "page.mhtml").write_bytes(mhtml(ALBUM, date))
        assert only(path).sightings[0].seen_at == datetime(2026, 2, 2, hour, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_warc(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    pytest.importorskip("warcio")
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(pack(warc(ALBUM)) + pack(warc(CARD, "404 Not Found")) + pack(warc(b"x", kind="text/css")))
    told = only(path)
    assert (told.kind, told.place) == ("album", f"{path}: {OWN}")
    assert told.sightings[0].seen_at == datetime(2026, 2, 3, 10, tzinfo=UTC)
    path.write_bytes(pack(warc(CARD).replace(OWN.encode(), b"urn:x")))
    assert read(path) == []
    path.write_bytes(pack(warc(ALBUM))[:-300])
    assert all(isinstance(each, Unread) or each.sightings is not None for each in read(path))


@pytest.mark.parametrize("status", ["301 Moved Permanently", "403 Forbidden", "500 Oops", "206 Partial Content"])
def test_of_an_archive_only_what_was_found_is_read(tmp_path: Path, status: str) -> None:
    pytest.importorskip("warcio")
    (path := tmp_path / "crawl.warc").write_bytes(warc(CARD, status))
    assert read(path) == []


@pytest.mark.parametrize(
    ("date", "seen_at"),
    [
        ("2026-02-03T10:00:00Z", datetime(2026, 2, 3, 10, tzinfo=UTC)),
        ("2026-02-03T10:00:00+02:00", datetime(2026, 2, 3, 8, tzinfo=UTC)),
        # What says no time wins over nothing.
        ("some day", datetime(2000, 1, 1, tzinfo=UTC)),
        ("2999-01-01T00:00:00Z", None),
    ],
)
def test_a_page_of_an_archive_was_seen_when_that_says_but_not_later_than_now(
    tmp_path: Path, date: str, seen_at: datetime | None
) -> None:
    pytest.importorskip("warcio")
    path = tmp_path / "crawl.warc"
    path.write_bytes(warc(ALBUM).replace(b"2026-02-03T10:00:00Z", date.encode()))
    told = only(path).sightings[0].seen_at
    assert told == seen_at if seen_at else AT < told <= datetime.now(UTC)


def test_a_saved_page_was_not_seen_later_than_now(tmp_path: Path) -> None:
    (path := tmp_path / "page.mhtml").write_bytes(mhtml(ALBUM, "Mon, 02 Feb 2999 10:00:00 +0000"))
    assert AT < only(path).sightings[0].seen_at <= datetime.now(UTC)


def test_a_warc_without_what_reads_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "warcio.archiveiterator", None)
    (path := tmp_path / "crawl.warc").write_bytes(warc(CARD))
    with pytest.raises(ConfigError, match=r"crawl\.warc is a WARC file, which needs warcio: pip install"):
        read(path)


def test_an_archive_of_all_this(tmp_path: Path) -> None:
    files = {"a.html": ALBUM, "b/c.mhtml": mhtml(CARD), "d.csv": CSV.encode(), "e.png": b"\x89PNG"}
    told = read(zipped(tmp_path / "saved.zip", **files))
    assert [each.kind for each in told if isinstance(each, Read)] == ["album", "cards", "data"]
    assert reasons(told) == ["no page (HTML, MHTML, WARC) and no data set (CSV, Parquet)"]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"big.html": b"<html>" + b" " * 2**26}, "stays shut"),
        ({"../out.html": CARD}, "leads out"),
        ({"/out.html": CARD}, "leads out"),
    ],
)
def test_a_dangerous_archive_stays_shut(tmp_path: Path, files: dict[str, bytes], says: str) -> None:
    with pytest.raises(HistoryUnreadable, match=says):
        read(zipped(tmp_path / "bad.zip", **files))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b"<html><h1>About us</h1></html>",
            "it is no page of albums: album, artist, chart, search and card pages are read.",
        ),
        (
            b"<html><title>Just a moment...</title></html>",
            "it is a challenge that was answered instead of a page: save it again.",
        ),
        (b"<html>" + b" " * (32 * 2**20), "a page of more than 33,554,432 bytes is none of AOTY's"),
        (b"", "no page (HTML, MHTML, WARC) and no data set (CSV, Parquet)"),
        (b"\0\1\2", "no page (HTML, MHTML, WARC) and no data set (CSV, Parquet)"),
    ],
)
def test_what_is_not_read_says_why(tmp_path: Path, body: bytes, reason: str) -> None:
    (tmp_path / "a.html").write_bytes(body)
    (tmp_path / "b.html").write_bytes(CARD)
    told = read(tmp_path)
    assert [(each.place, each.reason) for each in told if isinstance(each, Unread)] == [
        (str(tmp_path / "a.html"), reason)
    ]
    assert len(told) == 2


CSV = """id,title,artist,release_date,genres,user_score,rating_count,album_link
1,To Sea,Ann,"March 15, 2015","Dream Pop, Shoegaze",95,"28,594 ratings",https://www.albumoftheyear.org/album/29-ann-to-sea.php
"""


def table(tmp_path: Path, text: str | bytes, name: str = "albums.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_data_set(tmp_path: Path) -> None:
    told = only(table(tmp_path, CSV))
    [sighting] = told.sightings
    assert (told.kind, sighting.number, sighting.key, sighting.seen_on) == ("data", 29, "ann|tosea", SeenOn.DATA)
    assert sighting.seen_at == AT
    album = sighting.album
    assert (album.artist, album.title, album.user_score, album.rating_count) == ("Ann", "To Sea", 95.0, 28_594)
    assert (album.release_date, album.genres) == ("2015-03-15", ("Dream Pop", "Shoegaze"))
    assert album.url == f"{LIVE}/album/29-ann-to-sea.php"


@pytest.mark.parametrize(
    ("header", "row", "field", "expected"),
    [
        ("Album Title;Artist Name;AOTY URL", "A;Ann;/album/7-x.php", "url", f"{LIVE}/album/7-x.php"),
        ("album\tartist\taoty_id", "A\tAnn\t7", "url", f"{LIVE}/album/7.php"),
        ("album|artist|url", "A|Ann|https://www.albumoftheyear.org/album/7", "title", "A"),
        ("title,artist,url,User Score", "A,Ann,7,NR", "user_score", None),
        ("title,artist,url,User Score", "A,Ann,7,74.5/100", "user_score", 74.5),
        ("title,artist,url,critic score,critic reviews", "A,Ann,7,70.38,17.0", "critic_count", 17),
        ("title,artist,url,year", "A,Ann,7,1999.0", "release_date", "1999"),
        ("title,artist,url,release date", "A,Ann,7,2004-03-08 00:00:00", "release_date", "2004-03-08"),
        ("title,artist,url,release date", "A,Ann,7,someday", "release_date", None),
        ("title,artist,url,genres", "A,Ann,7,\"['Rock', 'Art Pop']\"", "genres", ("Rock", "Art Pop")),
        ("title,artist,url,genre,secondary genres", "A,Ann,7,Rock,Pop|Folk", "genres", ("Rock", "Pop", "Folk")),
        ("title,artist,url,genre,secondary genres", "A,Ann,7,Rock,Pop|Folk", "secondary_genres", ("Pop", "Folk")),
        ("title,artist,url,vibes", "A,Ann,7,sad;calm", "tags", ("sad", "calm")),
        ("title,artist,url,label", "A,Ann,7,nan", "labels", ()),
        ("title,artist,url,type", "A,Ann,7,lp", "format", "LP"),
        ("title,artist,url,must hear", "A,Ann,7,user", "must_hear", "users"),
        ("title,artist,url,spotify", "A,Ann,7,spotify:album:4aB0000000000000000001", "spotify_album_id",
         "4aB0000000000000000001"),
        ("title,artist,url,spotify", "A,Ann,7,https://open.spotify.com/album/4aB0000000000000000001?si=1",
         "spotify_album_id", "4aB0000000000000000001"),
        ("title,artist,url", "Sigur\u00a0R\u00f3s,Ann,7", "title", "Sigur R\u00f3s"),
    ],
)  # fmt: skip
def test_columns_by_their_names(tmp_path: Path, header: str, row: str, field: str, expected: object) -> None:
    [sighting] = only(table(tmp_path, f"{header}\n{row}\n")).sightings
    assert getattr(sighting.album, field) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("before", ["", "x" * 65_400])
def test_the_encodings_of_tables(tmp_path: Path, encoding: str, before: str) -> None:
    text = f"title,artist,url,größe\nÉté,Björk,7,{before}\nÉté,Björk,8,é\n"
    sightings = only(table(tmp_path, text.encode(encoding))).sightings
    assert {(each.album.title, each.album.artist) for each in sightings} == {("Été", "Björk")}


@pytest.mark.parametrize("last", ["é", "Été", "Été\n"])
def test_a_short_table_shows_its_encoding_to_its_last_byte(tmp_path: Path, last: str) -> None:
    [sighting] = only(table(tmp_path, f"artist,url,title\nBjork,7,{last}".encode("cp1252"))).sightings
    assert sighting.album.title == last.strip()


@pytest.mark.parametrize("before", range(65_500, 65_510))
def test_a_letter_that_the_looked_at_beginning_breaks_off_is_whole(tmp_path: Path, before: int) -> None:
    text = f"title,artist,url,x\nOne,Ann,7,{'x' * before}éé€€\nÉté,Björk,8,\n"
    titles = [each.album.title for each in only(table(tmp_path, text.encode())).sightings]
    assert titles == ["One", "Été"]


@pytest.mark.parametrize("rows", [2, 2000])
def test_an_encoding_shows_within_the_first_thousands_of_bytes(tmp_path: Path, rows: int) -> None:
    plain = "".join(f"Title,Ann,{number}\n" for number in range(1, rows))
    sightings = only(table(tmp_path, f"title,artist,url\n{plain}Été,Björk,9999\n".encode("cp1252"))).sightings
    assert [(each.album.title, each.album.artist) for each in sightings][-1] == ("Été", "Björk")


@pytest.mark.parametrize("name", ["albums.csv", "albums.tsv", "albums.TXT"])
def test_a_table_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    assert only(table(tmp_path, CSV, name)).kind == "data"


def test_so_many_rows_are_told_of_together(tmp_path: Path) -> None:
    rows = "".join(f"A {number},Ann,{number}\n" for number in range(1, 2002))
    told = read(table(tmp_path, f"title,artist,url\n{rows}"))
    assert [len(each.sightings) for each in told if isinstance(each, Read)] == [2000, 1]


def test_columns_by_word(tmp_path: Path) -> None:
    path = table(tmp_path, "title,artist,url,points,name\nwrong,Ann,7,80,Right\n")
    album = only(path, columns={"title": "name", "user_score": "points"}).sightings[0].album
    assert (album.title, album.user_score) == ("Right", 80.0)
    with pytest.raises(UsageError, match="no column 'nam', but title, artist, url, points, name"):
        read(path, columns={"title": "nam"})
    path = table(tmp_path, "title,who,url\nA,Ann,7\n")
    assert reasons(read(path)) == [
        "no column tells artist: of title, who, url, name the right one with --map artist=COLUMN."
    ]
    assert [each.place for each in read(path)] == [str(path)]
    assert only(path, columns={"artist": "who"}).sightings[0].album.artist == "Ann"


def test_bad_rows_are_told_with_their_place_and_the_rest_is_read(tmp_path: Path) -> None:
    long = "y" * (2**20 + 1)
    rows = [
        ",Ann,7,80",
        "A,Ann,,80",
        "A,Ann,x,80",
        "A,Ann,7,800",
        "A,Ann,7,many",
        "A",
        f"{long},Ann,7,80",
        '"B\nC",Ann,8,81',
    ]
    path = table(tmp_path, "title,artist,url,score\n" + "\n".join(rows) + "\n\n")
    told = read(path)
    assert [(each.place.removeprefix(f"{path}, "), each.reason) for each in told if isinstance(each, Unread)] == [
        ("line 2", "names no artist or no title"),
        ("line 3", "'' is no address of an album's page"),
        ("line 4", "'x' is no address of an album's page"),
        ("line 5", "a score is '800', no number from 0 to 100"),
        ("line 6", "a score is 'many', no number from 0 to 100"),
        ("line 7", "names no artist or no title"),
        ("line 8", "field larger than field limit (1048576)"),
    ]
    assert all(each.row for each in told if isinstance(each, Unread))
    assert [seen.album.title for each in told if isinstance(each, Read) for seen in each.sightings] == ["B C"]


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [
        {"title": "A", "artist": ["Ann", "Bob"], "url": 7, "score": 80.5, "ratings": 1131, "genres": ["Rock", "Pop"],
         "date": datetime(2004, 3, 8).date()},
        {"title": None, "artist": ["Ann"], "url": 8, "score": None, "ratings": None, "genres": None, "date": None},
    ]  # fmt: skip
    buffer = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows), buffer)
    path = table(tmp_path, buffer.getvalue(), "albums")
    bad, good = read(path)
    assert isinstance(bad, Unread)
    assert (bad.place, bad.reason) == (f"{path}, row 2", "names no artist or no title")
    assert isinstance(good, Read)
    album = good.sightings[0].album
    assert (album.artist, album.url, album.user_score, album.rating_count) == (
        "Ann & Bob",
        f"{LIVE}/album/7.php",
        80.5,
        1131,
    )
    assert (album.genres, album.release_date) == (("Rock", "Pop"), "2004-03-08")
    assert "damaged Parquet" in reasons(read(table(tmp_path, buffer.getvalue()[:-50], "cut.parquet")))[0]


SHARED = Path(__file__).parents[3] / "shared/catalog/aoty_albums.csv"


@pytest.mark.skipif(not SHARED.exists(), reason="the data set is not beside the project")
def test_a_real_data_set_works_as_it_is() -> None:
    told = read(SHARED)
    assert reasons(told) == []
    albums = [seen.album for each in told if isinstance(each, Read) for seen in each.sightings]
    assert len(albums) == 5000
    assert sum(album.user_score is not None and album.rating_count is not None for album in albums) == 5000
    assert sum(bool(album.genres) for album in albums) > 4900
    assert sum(album.release_date is not None for album in albums) > 4900
