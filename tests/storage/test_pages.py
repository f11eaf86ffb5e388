"""Pages that are kept: what went in comes out, what is damaged is none, and each has a place of its own."""

import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from timbre_spider.config import load_config
from timbre_spider.storage.pages import DiskPages, Page, page_key, page_store, pages_of_listener
from timbre_spider.storage.redis_pages import RedisPages

pytestmark = pytest.mark.unit

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PAGE = Page("https://example.test/album/1-a.php", NOW, "text/html; charset=UTF-8", b"<p>one</p>\n\n\x00\xff")
OTHER = Page("https://example.test/album/2-b.php", NOW + DAY, "text/html", b"")


@pytest.mark.parametrize("page", [PAGE, OTHER], ids=["with lines", "empty"])
def test_a_page_is_unpacked_as_it_was(page: Page) -> None:
    assert Page.unpacked(page.packed()) == page


def test_pages_are_compressed() -> None:
    long = Page(PAGE.url, NOW, PAGE.content_type, b"<p>one</p>" * 1000)
    assert len(long.packed()) < 500


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(PAGE.packed()[:-9], id="cut off"),
        pytest.param(b"", id="empty"),
        pytest.param(b"nonsense", id="not compressed"),
        pytest.param(zlib.compress(b"nonsense\nbody"), id="no JSON"),
        pytest.param(zlib.compress(b"\xff\nbody"), id="no text"),
        pytest.param(zlib.compress(b"7\nbody"), id="a number"),
        pytest.param(zlib.compress(b'{"url": "u", "content_type": "t"}\nbody'), id="without a time"),
        pytest.param(zlib.compress(b'{"url": "u", "seen_at": "soon", "content_type": "t"}\nbody'), id="no time"),
        pytest.param(zlib.compress(b'{"url": "u", "seen_at": 7, "content_type": "t"}\nbody'), id="a number for a time"),
    ],
)
def test_a_damaged_one_is_none(tmp_path: Path, damaged: bytes) -> None:
    assert Page.unpacked(damaged) is None
    pages = DiskPages(tmp_path)
    pages.put("abcd", PAGE, DAY)
    [path] = tmp_path.rglob("*.page")
    path.write_bytes(damaged)
    assert pages.get("abcd") is None
    assert list(pages.all()) == []


def test_on_the_disk_the_newest_is_under_its_key(tmp_path: Path) -> None:
    pages = DiskPages(tmp_path / "pages")
    assert pages.get("abcd") is None
    assert list(pages.all()) == []
    for key, page in (("abcd", OTHER), ("abcd", PAGE), ("abce", OTHER), ("ffff", OTHER)):
        pages.put(key, page, DAY)
    assert [pages.get(key) for key in ("abcd", "abce", "ffff", "eeee")] == [PAGE, OTHER, OTHER, None]
    files = sorted(each.relative_to(tmp_path).as_posix() for each in tmp_path.rglob("*") if each.is_file())
    assert files == ["pages/ab/abcd.page", "pages/ab/abce.page", "pages/ff/ffff.page"]
    assert sorted(each.url for each in pages.all()) == [PAGE.url, OTHER.url, OTHER.url]


def test_a_page_is_seen_when_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = DiskPages(tmp_path)
    pages.put("abcd", OTHER, DAY)
    seen, write = [], Path.write_bytes

    def written(path: Path, told: bytes) -> int:
        count = write(path, told[:-1])
        seen.append((path.parent, pages.get("abcd"), list(pages.all())))
        return count + write(path, told)

    monkeypatch.setattr(Path, "write_bytes", written)
    pages.put("abcd", PAGE, DAY)
    assert seen == [(tmp_path / "ab", OTHER, [OTHER])]
    assert pages.get("abcd") == PAGE


def test_pages_are_forgotten_together_and_none_is_no_harm(tmp_path: Path) -> None:
    pages, others = DiskPages(tmp_path / "one"), DiskPages(tmp_path / "other")
    for each in (pages, others):
        each.put("abcd", PAGE, DAY)
    for _ in range(2):
        pages.forget()
    assert (pages.get("abcd"), others.get("abcd")) == (None, PAGE)


def test_a_listener_s_pages_lie_under_a_name_in_any_case_that_is_no_path(tmp_path: Path) -> None:
    pages_of_listener(tmp_path, "Straße/..").put("abcd", PAGE, DAY)
    assert pages_of_listener(tmp_path, "STRASSE/..").get("abcd") == PAGE
    assert pages_of_listener(tmp_path, "strasse").get("abcd") is None
    [path] = tmp_path.rglob("*.page")
    assert path.relative_to(tmp_path / "unfinished").parts == (page_key("strasse/.."), "ab", "abcd.page")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "cae66941d9efbd404e4d88758ea67670"),
        ("https://example.test/ü", "cd4870f81cfa6c1925158efed82f39a1"),
        ("\ud800", "0c26add61199629921e19cb614a5f581"),
    ],
)
def test_a_key_stays_the_same_from_run_to_run(text: str, key: str) -> None:
    assert page_key(text) == key


def test_no_cache_is_no_store(tmp_path: Path) -> None:
    assert page_store(load_config(_env_file=None, data_dir=tmp_path, page_cache=None)) is None


def test_on_the_disk_they_lie_under_the_data(tmp_path: Path) -> None:
    store = page_store(load_config(_env_file=None, data_dir=tmp_path, page_cache="disk"))
    assert store is not None
    store.put("abcd", PAGE, DAY)
    assert (tmp_path / "pages" / "ab" / "abcd.page").is_file()


@pytest.fixture
def in_redis(redis_server: str, redis: object) -> RedisPages:
    store = page_store(load_config(_env_file=None, page_cache="redis", redis_url=redis_server, redis_cache_mb=1))
    assert isinstance(store, RedisPages)
    return store


@pytest.mark.integration
def test_in_redis_they_have_room_as_told(in_redis: RedisPages) -> None:
    noise = b"".join(page_key(str(n)).encode() for n in range(8000))  # 128 kB when it is packed
    for n in range(12):
        in_redis.put(f"key{n}", Page(PAGE.url, NOW, "text/html", b"%d" % n + noise), DAY * (n + 1))
    kept = [n for n in range(12) if in_redis.get(f"key{n}")]
    assert kept == list(range(12 - len(kept), 12))
    assert 4 <= len(kept) <= 8
