"""Deezer's public API (https://developers.deezer.com/api): keyless, 50 requests in 5 s [docs].

A search names tracks, mostly without their ISRC; `track_question` brings it.
"""

from urllib.parse import urlencode

from timbre_spider.errors import Unusable
from timbre_spider.sources.recording import Question, Recording
from timbre_spider.sources.text import as_dict, as_list, isrcs, plain, read_json, whole, year

# Errors come with status 200 [docs]: over the limit of 50 in 5 s, service busy, no such thing.
_QUOTA, _BUSY, _NOT_FOUND = 4, 700, 800
_WAITS = {_QUOTA: 5.0, _BUSY: 10.0}


def search_question(base_url: str, artist: str, title: str, limit: int = 10) -> Question:
    """GET /search for one song; a quote cannot be escaped in a filter and is left out [assumed]."""
    query = " ".join(
        f'{field}:"{plain(text.replace(chr(34), " "))}"' for field, text in (("artist", artist), ("track", title))
    )
    return Question(f"{base_url.rstrip('/')}/search?{urlencode({'q': query, 'limit': limit})}")


def track_question(base_url: str, track_id: str) -> Question:
    """GET /track/{id}."""
    return Question(f"{base_url.rstrip('/')}/track/{track_id}")


def read_search(body: bytes) -> list[Recording]:
    """Tracks in Deezer's order. Raises Unusable; with `retry_after` when over the limit."""
    answer = _answer(body)
    if answer is None:
        return []
    if not isinstance(answer.get("data"), list):
        raise Unusable("Deezer's answer holds no tracks: try again later.")
    return [track for entry in as_list(answer["data"]) if (track := _read(as_dict(entry)))]


def read_track(body: bytes) -> Recording | None:
    """A track with its ISRC; None if there is none of this id. Raises as `read_search` does."""
    answer = _answer(body)
    return None if answer is None else _read(answer)


def _read(track: dict[str, object]) -> Recording | None:
    number, title = whole_id(track.get("id")), plain(track.get("title"))
    artist = plain(as_dict(track.get("artist")).get("name"))
    if not (number and title and artist):
        return None
    seconds = whole(track.get("duration")) or 0
    return Recording(
        id=number,
        artist=artist,
        title=title,
        isrcs=isrcs([track.get("isrc")]),
        duration_ms=seconds * 1000 if 0 < seconds <= 86_400 else None,
        album=plain(as_dict(track.get("album")).get("title")) or None,
        year=year(track.get("release_date")),
    )


def whole_id(value: object) -> str:
    """A number of any size as text; "" for anything else."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value > 0 else ""


def _answer(body: bytes) -> dict[str, object] | None:
    answer = as_dict(read_json(body, "Deezer"))
    if "error" not in answer:
        return answer
    code = whole(as_dict(answer["error"]).get("code"))
    if code == _NOT_FOUND:
        return None
    said = f"error {code}" if code is not None else plain(answer["error"])[:100] or "an error that says nothing"
    raise Unusable(f"Deezer answers with {said}: try again later.", _WAITS.get(code or 0))
