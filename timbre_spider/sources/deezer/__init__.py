"""Deezer's public API (https://developers.deezer.com/api): keyless, 50 requests in 5 s [docs].

A search names tracks, mostly without their ISRC; an album's tracks have theirs.
"""

from dataclasses import replace
from urllib.parse import urlencode

from timbre_spider.errors import Unusable
from timbre_spider.sources.recording import Question, Recording
from timbre_spider.sources.text import as_dict, as_list, date_of, isrcs, plain, read_json, whole

# Errors come with status 200 [docs]: over the limit of 50 in 5 s, service busy, no such thing.
_QUOTA, _BUSY, _NOT_FOUND = 4, 700, 800
_WAITS = {_QUOTA: 5.0, _BUSY: 10.0}


def search_question(base_url: str, artist: str, title: str, *, filtered: bool = False, limit: int = 25) -> Question:
    """GET /search for one song, by free words; `filtered` by artist and track, which misses more [observed].

    A quote cannot be escaped in a filter and is left out [assumed].
    """
    names = [plain(text.replace('"', " ")) for text in (artist, title)]
    query = f'artist:"{names[0]}" track:"{names[1]}"' if filtered else " ".join(names)
    return Question(f"{base_url.rstrip('/')}/search?{urlencode({'q': query, 'limit': limit})}")


def album_tracks_question(base_url: str, album_id: str, first: int = 0) -> Question:
    """GET /album/{id}/tracks: each with its ISRC [docs], from the `first` on (0 is the album's first)."""
    return Question(f"{base_url.rstrip('/')}/album/{album_id}/tracks?{urlencode({'limit': 100, 'index': first})}")


def read_search(body: bytes) -> list[Recording]:
    """Tracks in Deezer's order. Raises Unusable; with `retry_after` when over the limit."""
    answer = _answer(body)
    if answer is None:
        return []
    if not isinstance(answer.get("data"), list):
        raise Unusable("Deezer's answer holds no tracks: try again later.")
    return [track for entry in as_list(answer["data"]) if (track := _read(as_dict(entry)))]


def read_album_tracks(body: bytes, album: str | None, album_id: str) -> tuple[list[Recording], bool]:
    """Tracks of an album that is known already, and whether there are more. Raises as `read_search` does."""
    answer = _answer(body)
    if answer is None:
        return [], False
    if not isinstance(answer.get("data"), list):
        raise Unusable("Deezer's answer holds no tracks: try again later.")
    tracks = [track for entry in as_list(answer["data"]) if (track := _read(as_dict(entry)))]
    return [replace(track, album=album, album_id=album_id) for track in tracks], bool(answer.get("next"))


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
        album_id=whole_id(as_dict(track.get("album")).get("id")) or None,
        release_date=date_of(track.get("release_date")),
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
