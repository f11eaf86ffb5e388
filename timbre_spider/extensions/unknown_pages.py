"""Pages of AOTY of no kind that is read here, counted and kept for a look: mostly the site's markup has changed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from scrapy.http import Response

from timbre_spider.errors import UnknownPage

logger = logging.getLogger(__name__)

# The newest so many, and of each so much.
MOST = 20
_LARGEST = 4 * 2**20


class UnknownPages:
    """`count` is of this run; what is in `folder` may be older."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    @contextmanager
    def kept(self, page: Response) -> Iterator[None]:
        """While a page is read: keeps it, should the reader raise UnknownPage, and lets that pass."""
        try:
            yield
        except UnknownPage as error:
            self.count += 1
            self._keep(page)
            if self.count == 1:
                logger.warning("%s Kept in %s, where you can open it.", error, self.folder)
            raise

    def _keep(self, page: Response) -> None:
        """The file's name tells when, its first line from where."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}_{sha256(page.url.encode()).hexdigest()[:8]}.html"
            # As browsers note it, so that `timbre import aoty` knows the address.
            note = f"<!-- saved from url=({len(page.url):04}){page.url} -->\n"
            (self.folder / name).write_bytes(note.encode() + page.body[:_LARGEST])
            for old in sorted(self.folder.glob("*.html"))[:-MOST]:
                old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("An unknown page cannot be kept in %s (%s).", self.folder, type(error).__name__)
