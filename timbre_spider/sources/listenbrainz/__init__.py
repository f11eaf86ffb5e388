"""ListenBrainz (https://listenbrainz.readthedocs.io): names to MusicBrainz recordings, these to ISRCs, in batches.

Two questions: `lookup_question` for up to 50 songs, then `recordings_question` for up to 1,000 recordings.
The first needs a user token since December 2025 [docs]; it is added where the request leaves.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from timbre_spider.errors import KeyRejected, NotTaken, Unusable
from timbre_spider.sources.recording import Question, Recording
from timbre_spider.sources.text import as_dict, as_list, isrcs, plain, read_json, whole, year

# [docs]
MOST_LOOKUPS = 50
MOST_RECORDINGS = 1000
LONGEST_NAME = 250

_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))


def lookup_question(base_url: str, songs: Sequence[tuple[str, str, str | None]]) -> Question:
    """POST /1/metadata/lookup/ for (artist, title, album or None) each, at most 50."""
    recordings = [
        {
            "artist_name": plain(artist)[:LONGEST_NAME],
            "recording_name": plain(title)[:LONGEST_NAME],
            **({"release_name": plain(album)[:LONGEST_NAME]} if album else {}),
        }
        for artist, title, album in songs[:MOST_LOOKUPS]
    ]
    body = json.dumps({"recordings": recordings}, ensure_ascii=False).encode()
    return Question(f"{base_url.rstrip('/')}/1/metadata/lookup/", "POST", _HEADERS, body)


def read_lookup(body: bytes, asked: int) -> list[Recording | None]:
    """For each of the `asked` songs, in the order asked, its recording without ISRC, or None.

    An answer has the recordings in that order, an empty object where there is none, or says by `index` which it
    means [assumed: no batch answer was at hand]. Raises KeyRejected for a bad token, Unusable.
    """
    answer = _answer(body)
    entries = answer if isinstance(answer, list) else as_list(answer)
    found: list[Recording | None] = [None] * asked
    if len(entries) != asked and not all("index" in as_dict(entry) for entry in entries):
        raise Unusable(f"ListenBrainz answered {len(entries)} songs instead of {asked}: try again later.")
    for position, entry in enumerate(entries):
        fields = as_dict(entry)
        place = whole(fields["index"]) if "index" in fields else position
        mbid = plain(fields.get("recording_mbid"))
        if mbid and place is not None and place < asked:
            artist, title = plain(fields.get("artist_credit_name")), plain(fields.get("recording_name"))
            found[place] = Recording(mbid, artist, title, album=plain(fields.get("release_name")) or None)
    return found


def recordings_question(base_url: str, mbids: Iterable[str]) -> Question:
    """POST /1/metadata/recording/ for at most 1,000 recordings; needs no token [docs]."""
    body = json.dumps({"recording_mbids": list(mbids)[:MOST_RECORDINGS], "inc": "artist release"}).encode()
    return Question(f"{base_url.rstrip('/')}/1/metadata/recording/", "POST", _HEADERS, body)


def read_recordings(body: bytes, looked_up: Iterable[Recording]) -> list[Recording]:
    """What was looked up, completed: ISRCs (in the server's source since February 2025), length, release, year.

    Recordings ListenBrainz says nothing of come back as they were.
    """
    answer = as_dict(_answer(body))
    return [_completed(recording, as_dict(answer.get(recording.id))) for recording in looked_up]


def _completed(recording: Recording, fields: dict[str, object]) -> Recording:
    detail, release = as_dict(fields.get("recording")), as_dict(fields.get("release"))
    return replace(
        recording,
        artist=recording.artist or plain(as_dict(fields.get("artist")).get("name")),
        title=recording.title or plain(detail.get("name")),
        isrcs=isrcs(detail.get("isrcs")),
        duration_ms=whole(detail.get("length")) or None,
        album=recording.album or plain(release.get("name")) or None,
        year=year(detail.get("first_release_date")) or year(release.get("year")),
    )


def _answer(body: bytes) -> object:
    answer = read_json(body, "ListenBrainz")
    code = whole(as_dict(answer).get("code"))
    if code == 401:
        raise KeyRejected(
            "ListenBrainz rejects the token: check LISTENBRAINZ_TOKEN (https://listenbrainz.org/settings/)."
        )
    if code == 400:
        raise NotTaken(f"ListenBrainz does not take the question: {plain(as_dict(answer).get('error'))[:100]}.")
    if code is not None:
        raise Unusable(f"ListenBrainz answers with error {code}: try again later.", 10 if code == 429 else None)
    return answer
