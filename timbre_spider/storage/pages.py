"""Pages as they were answered, compressed, with their time: on the disk, or in Redis (`redis_pages`)."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from timbre_spider.config import Config


@dataclass(frozen=True, slots=True)
class Page:
    """`url` is where it was answered from, `content_type` as that was said, `seen_at` when (aware)."""

    url: str
    seen_at: datetime
    content_type: str
    body: bytes

    def packed(self) -> bytes:
        """A line of JSON, then the body; deflated."""
        told = {"url": self.url, "seen_at": self.seen_at.isoformat(), "content_type": self.content_type}
        return zlib.compress(json.dumps(told).encode() + b"\n" + self.body)

    @classmethod
    def unpacked(cls, packed: bytes) -> "Page | None":
        """None for what is damaged: it can be asked for again."""
        try:
            told, _, body = zlib.decompress(packed).partition(b"\n")
            fields = json.loads(told)
            return cls(fields["url"], datetime.fromisoformat(fields["seen_at"]), fields["content_type"], body)
        except (zlib.error, ValueError, KeyError, TypeError):
            return None


class PageStore(Protocol):
    """Pages by key, a short text of letters and digits; the newest under each."""

    def get(self, key: str) -> Page | None:
        """The page under `key`."""

    def put(self, key: str, page: Page, good_for: timedelta) -> None:
        """Keep a page; how long it is asked for from here says how long it is worth keeping."""

    def all(self) -> Iterator[Page]:
        """Every page that can be read, in no order."""


class DiskPages:
    """A file a page, under a folder; all are kept, for a better reader."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Page | None:
        try:
            return Page.unpacked(self._path(key).read_bytes())
        except OSError:
            return None

    def put(self, key: str, page: Page, good_for: timedelta) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Moved into place when it is whole; workers may share the folder.
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_bytes(page.packed())
        beside.replace(path)

    def all(self) -> Iterator[Page]:
        for path in self._folder.glob("??/*.page"):
            if page := Page.unpacked(path.read_bytes()):
                yield page

    def forget(self) -> None:
        """Delete them all."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.page"


def pages_of_listener(data_dir: Path, listener: str) -> DiskPages:
    """Where pages about a listener are while they are needed; services know names in any case."""
    return DiskPages(data_dir / "unfinished" / page_key(listener.casefold()))


def page_key(text: str) -> str:
    """A key that stands for a text, such as an address."""
    return hashlib.blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()


def page_store(config: Config) -> PageStore | None:
    """The store that PAGE_CACHE names; None where it is off."""
    match config.page_cache:
        case "disk":
            return DiskPages(config.data_dir / "pages")
        case "redis":
            from timbre_spider.storage.redis_cache import RedisCache
            from timbre_spider.storage.redis_pages import RedisPages

            assert config.redis_url is not None
            return RedisPages(RedisCache(config.redis_url.get_secret_value(), config.redis_cache_mb))
    return None
