"""MusicBrainz's web service (https://musicbrainz.org/doc/MusicBrainz_API): one request a second, 503 beyond [docs].

It blocks clients whose User-Agent names nobody to be reached [docs]: USER_AGENT_CONTACT.
"""

import re
from urllib.parse import urlencode

from timbre_spider.errors import Unusable
from timbre_spider.sources.recording import Question, Recording
from timbre_spider.sources.text import as_dict, as_list, isrcs, plain, read_json, whole, year

# What Lucene's query syntax gives a meaning.
_SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')


def search_question(base_url: str, artist: str, title: str, limit: int = 10) -> Question:
    """GET /recording for one song; results carry their ISRCs [docs]."""
    query = f'recording:"{escaped(title)}" AND artist:"{escaped(artist)}"'
    parameters = urlencode({"query": query, "limit": limit, "fmt": "json"})
    return Question(f"{base_url.rstrip('/')}/recording?{parameters}")


def read_search(body: bytes) -> list[Recording]:
    """Recordings, best first by MusicBrainz's own score. Raises Unusable; over the limit with `retry_after`."""
    answer = as_dict(read_json(body, "MusicBrainz"))
    recordings = answer.get("recordings")
    if not isinstance(recordings, list):
        said = plain(answer.get("error"))[:100]
        limited = "rate limit" in said.lower()
        raise Unusable(f"MusicBrainz gives no recordings ({said}): try again later.", 5 if limited else None)
    return [found for entry in recordings if (found := _read(as_dict(entry)))]


def escaped(text: str) -> str:
    """Text that Lucene takes as it is."""
    return _SPECIAL.sub(r"\\\1", plain(text))


def _read(recording: dict[str, object]) -> Recording | None:
    mbid, title = plain(recording.get("id")), plain(recording.get("title"))
    credits = [as_dict(credit) for credit in as_list(recording.get("artist-credit"))]
    # Names as credited, with what joins them: " feat. ", " & ".
    artist = "".join(f"{_name(credit)}{_joinphrase(credit)}" for credit in credits if _name(credit))
    if not (mbid and title and artist):
        return None
    releases = as_list(recording.get("releases"))
    return Recording(
        id=mbid,
        artist=plain(artist),
        title=title,
        isrcs=isrcs(recording.get("isrcs")),
        duration_ms=whole(recording.get("length")) or None,
        album=(plain(as_dict(releases[0]).get("title")) or None) if releases else None,
        year=year(recording.get("first-release-date")),
    )


def _joinphrase(credit: dict[str, object]) -> str:
    phrase = credit.get("joinphrase")
    return phrase if isinstance(phrase, str) else ""


def _name(credit: dict[str, object]) -> str:
    return plain(credit.get("name")) or plain(as_dict(credit.get("artist")).get("name"))
