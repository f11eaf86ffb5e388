"""What is broken, foreign or meant to harm is a clear line, and nothing of it is taken."""

import gzip
import io
import os
import random
import re
import stat
import struct
import sys
import zipfile
from collections.abc import Callable
from contextlib import nullcontext, suppress
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.histories.making import as_json, as_workbook, as_zip, extended
from tests.histories.test_formats import DEEZER, FORMATS
from timbre_spider.errors import HistoryUnreadable
from timbre_spider.histories import entries
from timbre_spider.histories.files import _check, files_of
from timbre_spider.histories.read import read_histories

pytestmark = pytest.mark.unit

GOOD = as_json([extended()])
SHEET = "xl/worksheets/sheet1.xml"


def rezipped(content: bytes, **changed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return as_zip(members | changed)


def zip_with(name: str, mode: int = 0) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr(info, GOOD)
    return packed.getvalue()


def encrypted() -> bytes:
    packed = bytearray(as_zip({"endsong_0.json": GOOD}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = packed.index(mark) + at
        packed[place : place + 2] = struct.pack("<H", 1)
    return bytes(packed)


def corrupted() -> bytes:
    packed = bytearray(as_zip({"endsong_0.json": as_json([extended(at=n * 100_000_000) for n in range(8, 16)])}))
    packed[200] ^= 0xFF
    return bytes(packed)


def overlapping() -> bytes:
    """A directory that tells of one member many times."""
    packed = as_zip({"endsong_00.json": random.Random(1).randbytes(30_000)})
    begin = packed.index(b"PK\x01\x02")
    end = packed.index(b"PK\x05\x06")
    entry, tail = packed[begin:end], bytearray(packed[end:])
    times = 900
    tail[8:12] = struct.pack("<HH", times, times)
    tail[12:16] = struct.pack("<I", len(entry) * times)
    return packed[:begin] + entry * times + bytes(tail)


def lying() -> bytes:
    """A member that is said to be smaller than it is."""
    packed = bytearray(as_zip({"endsong_0.json": as_json([extended()] * 5000)}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = packed.index(mark) + at
        packed[place : place + 4] = struct.pack("<I", 1000)
    return bytes(packed)


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>"""
DEEZER_BOOK = as_workbook(
    {"10_listeningHistory": [DEEZER, ["Lantern", "Ann", "USABC2400001", "Harbour", "", 200, "", "", ""]]}
)

# What takes a moment to make is made in its test.
DANGERS: list[tuple[str, str, bytes | Callable[[], bytes], str]] = [
    ("empty", "x.json", b"", "is empty"),
    ("only a mark", "x.json", b"\xef\xbb\xbf \n", "is empty"),
    ("binary", "x.json", os.urandom(64) + b"\0" + os.urandom(4000), "is no text"),
    ("a picture", "x.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "is no text"),
    ("UTF-16", "x.csv", "artist,title\nAnn,Lantern\n".encode("utf-16"), "UTF-16"),
    ("Latin-1", "x.csv", "artist,title\nBjörk,Army of Me\n".encode("latin-1"), "not in UTF-8"),
    (
        "Latin-1 in JSON",
        "x.json",
        lambda: as_json([extended("Ö" * 9)] * 3000).replace("Ö".encode(), b"\xd6"),
        "not in UTF-8",
    ),
    (
        "Latin-1 late in JSON",
        "x.json",
        lambda: as_json([extended()] * 3000 + [extended("Ö")]).replace("Ö".encode(), b"\xd6"),
        "after entry 3,000",
    ),
    ("Latin-1 at the end of a table", "x.csv", b"artist,title\nAnn,caf\xe9", "not in UTF-8"),
    ("cut off", "x.json", as_json([extended()] * 3)[:-200], "x.json is damaged or was cut off (after entry 2"),
    ("no entries", "x.json", b"[]", "holds no entries"),
    ("other JSON", "x.json", b'{"playlists": [{"name": "x"}]}', "no listening history"),
    ("other table", "x.csv", b"name,age\nAnn,7\n", "no listening history"),
    ("a web page", "x.html", b"<!DOCTYPE html>\n<html><body>Last.fm</body></html>", "is a web page: ask the service"),
    ("a web page without a doctype", "watch-history.html", b"\xef\xbb\xbf \n<HTML><body>Watched", "as JSON if it asks"),
    ("gzip", "x.json.gz", gzip.compress(GOOD), "is packed, and no zip: unpack it first"),
    ("7z", "x.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "is packed, and no zip"),
    ("XML", "x.xml", b'<?xml version="1.0"?>\n<plist version="1.0"><dict/></plist>\n', "no listening history"),
    ("UTF-16 without a mark", "x.csv", "artist,title\nAnn,Lantern\n".encode("utf-16-le"), "is no text"),
    ("a number", "x.json", b"7", "holds no entries"),
    ("null", "x.json", b"null\n", "holds no entries"),
    ("two documents", "x.json", as_json([extended()]) + as_json([extended()]), "is damaged or was cut off"),
    ("no play long enough", "x.json", as_json([extended(ms=5)]), "No play was found in"),
    ("only broken entries", "x.json", as_json([extended("")]), "entry 1: no title"),
    ("a huge line", "x.csv", b"artist,title\nAnn,Lantern\n" + b"x" * 3_000_000, "x.csv, line 3 has over"),
    ("a huge first line", "x.csv", b"x" * 3_000_000, "holds no entries"),
    (
        "a huge entry",
        "x.json",
        b"[" + as_json(extended()) + b',{"ts": "' + b"x" * 5_000_000 + b'"}]',
        "an entry of over",
    ),
    ("deep JSON", "x.json", b"[" + as_json(extended()) + b"," + b"[" * 400_000, "levels deep"),
    (
        "deep JSON that closes again",
        "x.json",
        b"[" + as_json(extended()) + b"," + b"[" * 9000 + b"]" * 9000 + b"]",
        "levels deep",
    ),
    ("deep JSON line", "x.jsonl", b"[" * 100_000, "levels deep"),
    ("truncated zip", "x.zip", as_zip({"endsong_0.json": GOOD})[:-30], "is damaged or was cut off"),
    ("half a zip", "x.zip", as_zip({"endsong_0.json": GOOD})[:100], "is damaged or was cut off"),
    ("corrupted zip", "x.zip", corrupted, "endsong_0.json is damaged or was cut off"),
    ("empty zip", "x.zip", as_zip({}), "No play was found"),
    ("zip of other things", "x.zip", as_zip({"a.txt": b"hello\n"}), "a.txt holds no entries"),
    ("encrypted zip", "x.zip", encrypted(), "endsong_0.json is encrypted"),
    (
        "zip bomb",
        "x.zip",
        lambda: as_zip({"endsong_0.json": bytes(40_000_000)}),
        "would unpack to 40,000,000 bytes in 1 file: nothing to be imported does, so it stays shut.",
    ),
    (
        "zip bomb within",
        "x.zip",
        lambda: as_zip({"a.zip": as_zip({"endsong_0.json": bytes(40_000_000)})}),
        "x.zip/a.zip would unpack",
    ),
    (
        "zips without end",
        "x.zip",
        as_zip({"a.zip": as_zip({"b.zip": as_zip({"c.zip": as_zip({"d.json": GOOD})})})}),
        "too many archives",
    ),
    ("members over each other", "x.zip", overlapping, "would unpack to"),
    ("a lying directory", "x.zip", lying, "endsong_0.json is damaged or was cut off"),
    ("a page in a zip", "x.zip", as_zip({"history.html": b"<html><body>Watched"}), "is a web page"),
    ("a way up", "x.zip", zip_with("../../endsong_0.json"), "leads out of it"),
    ("a way up on Windows", "x.zip", zip_with("..\\endsong_0.json"), "leads out of it"),
    ("from the root", "x.zip", zip_with("/etc/endsong_0.json"), "leads out of it"),
    ("from a drive", "x.zip", zip_with("C:\\endsong_0.json"), "leads out of it"),
    ("a link in a zip", "x.zip", zip_with("endsong_0.json", stat.S_IFLNK | 0o777), "holds a link"),
    ("XML bomb", "x.xlsx", rezipped(DEEZER_BOOK, **{SHEET: BILLION_LAUGHS}), "x.xlsx is damaged or was cut off"),
    (
        "workbook bomb",
        "x.xlsx",
        lambda: as_zip({"xl/workbook.xml": b"<workbook/>", SHEET: bytes(40_000_000)}),
        "would unpack",
    ),
    (
        "no workbook",
        "x.xlsx",
        as_zip({"xl/workbook.xml": b"<workbook/>"}),
        "no listening history|holds no entries|damaged",
    ),
]


@pytest.mark.parametrize(("name", "content", "said"), [case[1:] for case in DANGERS], ids=[case[0] for case in DANGERS])
def test_a_clear_line_says_which_file_and_what_is_wrong(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content() if callable(content) else content)
    with pytest.raises(HistoryUnreadable, match=r".") as raised:
        read_histories([tmp_path / name])
    line = str(raised.value)
    assert any(each in line for each in said.split("|")), line
    assert name in line
    assert "\n" not in line
    assert len(line) < 500 + len(str(tmp_path)) * 2
    assert raised.value.exit_status == 2


def test_links_and_what_is_no_plain_file_are_refused(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    (tmp_path / "secret.json").write_bytes(GOOD)
    (folder / "endsong_0.json").symlink_to(tmp_path / "secret.json")
    with pytest.raises(HistoryUnreadable, match=r"endsong_0\.json is a link"):
        read_histories([folder])
    (folder / "endsong_0.json").unlink()
    os.mkfifo(folder / "endsong_0.json")
    for path in (folder, folder / "endsong_0.json"):
        with pytest.raises(HistoryUnreadable, match=r"endsong_0\.json is no plain file"):
            read_histories([path])
    with pytest.raises(HistoryUnreadable, match="There is no file"):
        read_histories([tmp_path / "nowhere"])


def test_a_file_that_is_gone_when_it_is_opened_is_named_with_the_reason(tmp_path):
    path = tmp_path / "endsong_0.json"
    path.write_bytes(GOOD)
    (found,) = files_of([path])
    path.unlink()
    with pytest.raises(HistoryUnreadable) as raised:
        found.open()
    assert str(raised.value) == f"{path} cannot be read: No such file or directory."


def test_how_much_of_a_file_is_read_is_told(tmp_path):
    path = tmp_path / "endsong_0.json"
    path.write_bytes(GOOD)
    told = []
    read_histories([path], progress=lambda *progress: told.append(progress))
    assert told[-1] == (str(path), len(GOOD), len(GOOD))


def test_a_workbook_without_what_reads_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "deezer.xlsx").write_bytes(DEEZER_BOOK)
    needs = r"deezer\.xlsx is a workbook, which needs openpyxl: pip install 'timbre-spider\[xlsx\]'"
    with pytest.raises(HistoryUnreadable, match=needs):
        read_histories([tmp_path / "deezer.xlsx"])
    (tmp_path / "endsong_0.json").write_bytes(GOOD)
    assert re.search(needs, " ".join(read_histories([tmp_path]).passed_over))


def test_one_broken_file_stops_the_import_of_all(tmp_path):
    (tmp_path / "endsong_0.json").write_bytes(GOOD)
    (tmp_path / "endsong_1.json").write_bytes(as_json([extended()] * 9)[:-99])
    with pytest.raises(HistoryUnreadable, match=r"endsong_1\.json is damaged"):
        read_histories([tmp_path])


TWINS = [(name, content) for _, name, content, _ in FORMATS]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(TWINS), st.data())
def test_whatever_happens_to_a_file_it_is_read_or_refused(tmp_path, twin, data):
    name, content = twin
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(changed)))
        cut = data.draw(st.integers(0, 12))
        changed[at : at + cut] = data.draw(
            st.sampled_from([b"", b"\0", b'"', b"{", b"]", b",", b"null", b"\xff", b"1e999", b"\n"])
        )
    path = tmp_path / name
    path.write_bytes(changed[: data.draw(st.integers(0, len(changed)))] if data.draw(st.booleans()) else changed)
    with suppress(HistoryUnreadable):
        histories = read_histories([path])
        told = sum(file.plays for file in histories.files)
        assert told == sum(each.plays for row in histories.rows for each in row.listens) + histories.doubles


MEBIBYTE, GIBIBYTE = 2**20, 2**30


@pytest.mark.parametrize(
    ("members", "unpacked", "packed", "opens"),
    [
        (100_000, 0, 0, True),
        (100_001, 0, 0, False),
        # 16 MiB harm nobody; more is no history where it is packed 200 to 1.
        (1, 16 * MEBIBYTE, 1, True),
        (1, 16 * MEBIBYTE + 1, 1, False),
        (1, 200 * MEBIBYTE, MEBIBYTE, True),
        (1, 200 * MEBIBYTE + 1, MEBIBYTE, False),
        (1, 50 * GIBIBYTE, GIBIBYTE, True),
        (1, 50 * GIBIBYTE + 1, GIBIBYTE, False),
    ],
)
def test_how_much_an_archive_may_hold(members: int, unpacked: int, packed: int, opens: bool) -> None:
    info = zipfile.ZipInfo("x.json")
    info.file_size, info.compress_size = unpacked // members, packed // members
    if opens:
        _check([info] * members, "x.zip", packed)
    else:
        with pytest.raises(HistoryUnreadable, match=f"would unpack to {unpacked:,} bytes in {members:,} file"):
            _check([info] * members, "x.zip", packed)


@pytest.mark.parametrize(("unpacked", "opens"), [(GIBIBYTE, True), (GIBIBYTE + 1, False)])
def test_how_large_a_workbook_may_be(tmp_path, monkeypatch, unpacked: int, opens: bool) -> None:
    sheets = [zipfile.ZipInfo("one.xml"), zipfile.ZipInfo("two.xml")]
    sheets[0].file_size, sheets[1].file_size = GIBIBYTE // 2, unpacked - GIBIBYTE // 2
    told = SimpleNamespace(infolist=lambda: sheets)
    monkeypatch.setattr(entries, "archive", lambda opened, name: nullcontext(told))
    (path := tmp_path / "deezer.xlsx").write_bytes(DEEZER_BOOK)
    with nullcontext() if opens else pytest.raises(HistoryUnreadable, match="over 1,073,741,824 bytes: it stays shut"):
        assert read_histories([path]).rows
