"""Pages within other files: MHTML, of one page with all it shows, and WARC, of many with what servers said."""

import email
import email.policy
import importlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import IO

from timbre_spider.albums.pages import LARGEST_PAGE, read_page
from timbre_spider.albums.told import Read, Unread
from timbre_spider.errors import ConfigError

_MHTML = re.compile(rb"^Content-Type:\s*multipart/related", re.I | re.M)


def is_mhtml(beginning: bytes) -> bool:
    """Whether a file that begins so is a page saved as MHTML."""
    return _MHTML.search(beginning) is not None and not beginning.startswith(b"WARC/")


def page_of_mhtml(body: bytes, place: str, seen_at: datetime) -> Read | Unread:
    """The page, which is the first part that is HTML; seen when the file says."""
    try:
        message = email.message_from_bytes(body, EmailMessage, policy=email.policy.default)
        page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
        content = page.get_payload(decode=True) if page is not None else None
        address = str((page or message).get("Content-Location") or message.get("Snapshot-Content-Location") or "")
        date = message.get("Date")
    except (ValueError, LookupError, AttributeError, TypeError, IndexError) as error:
        # The headers' parser raises what it likes for what is no header.
        return Unread(place, f"a damaged MHTML file ({type(error).__name__})")
    if not isinstance(content, bytes):
        return Unread(place, "an MHTML file without a page in it")
    return read_page(content, place, _date(str(date)) or seen_at, address if address.startswith("http") else "")


def pages_of_warc(stream: IO[bytes], place: str) -> Iterator[Read | Unread]:
    """The pages answered with 200; of what is none, nothing is said. Raises ConfigError where warcio is missing."""
    try:
        archive = importlib.import_module("warcio.archiveiterator")
        errors = importlib.import_module("warcio.exceptions")
    except ImportError:
        raise ConfigError(
            f"{place} is a WARC file, which needs warcio: pip install 'timbre-spider[warc]', or name single pages."
        ) from None
    try:
        for record in archive.ArchiveIterator(stream):
            if record.rec_type != "response" or record.http_headers is None:
                continue
            kind = record.http_headers.get_header("Content-Type") or ""
            if record.http_headers.get_statuscode() != "200" or "html" not in kind.lower():
                continue
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            within = f"{place}: {address}"
            body = record.content_stream().read(LARGEST_PAGE + 1)
            if len(body) > LARGEST_PAGE:
                yield Unread(within, f"a page of more than {LARGEST_PAGE:,} bytes is none of AOTY's")
                continue
            seen_at = _iso(record.rec_headers.get_header("WARC-Date") or "")
            yield read_page(body, within, seen_at, address)
    except (errors.ArchiveLoadFailed, OSError, EOFError, ValueError) as error:
        yield Unread(place, f"a damaged WARC file ({' '.join(str(error).split())[:100] or type(error).__name__})")


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    return min(date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC), datetime.now(UTC))


def _iso(text: str) -> datetime:
    """A WARC's date; an archive that names none is as old as can be, and wins over nothing."""
    try:
        return min(datetime.fromisoformat(text).astimezone(UTC), datetime.now(UTC))
    except ValueError:
        return datetime(2000, 1, 1, tzinfo=UTC)
