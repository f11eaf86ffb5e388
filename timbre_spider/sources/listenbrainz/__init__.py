"""ListenBrainz (https://listenbrainz.readthedocs.io): names to MusicBrainz recordings, these to ISRCs, in batches.

`lookup_question` for up to 50 songs, or `fuzzy_question` for one, then `recordings_question` for up to 1,000
recordings. Lookups need a user token since December 2025 [docs]; it is added where the request leaves.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from timbre_spider.errors import KeyRejected, NotTaken, Unusable
from timbre_spider.sources.recording import Question, Recording, mbid
from timbre_spider.sources.text import as_dict, as_list, date_of, isrcs, plain, read_json, whole

# [docs]
MOST_LOOKUPS = 50
MOST_RECORDINGS = 1000
LONGEST_NAMES = 250
_SECTIONS = "artist release"

_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))


def lookup_question(base_url: str, songs: Sequence[tuple[str, str]]) -> Question:
    """POST /1/metadata/lookup/ for (artist, title) each, at most 50: exact but for case, accents and signs [source]."""
    recordings = [
        {"artist_name": artist, "recording_name": title} for artist, title in map(fitting, songs[:MOST_LOOKUPS])
    ]
    body = json.dumps({"recordings": recordings}, ensure_ascii=False).encode()
    return Question(f"{base_url.rstrip('/')}/1/metadata/lookup/", "POST", _HEADERS, body)


def fuzzy_question(base_url: str, artist: str, title: str) -> Question:
    """GET /1/metadata/lookup/ for one song, which forgives slips and tails, with all there is to know [docs]."""
    names = dict(zip(("artist_name", "recording_name"), fitting((artist, title)), strict=True))
    parameters = urlencode({**names, "metadata": "true", "inc": _SECTIONS})
    return Question(f"{base_url.rstrip('/')}/1/metadata/lookup/?{parameters}")


def fitting(names: tuple[str, str]) -> tuple[str, str]:
    """Artist and title, cut so that they have 250 characters together; more, and the whole list is refused [source]."""
    artist, title = map(plain, names)
    artist = artist[: max(LONGEST_NAMES - len(title), LONGEST_NAMES // 2)]
    return artist, title[: LONGEST_NAMES - len(artist)]


def read_lookup(body: bytes, asked: Sequence[tuple[str, str]]) -> list[Recording | None]:
    """For each of the songs `asked`, in their order, its recording without ISRC, or None.

    An entry says by `index` which song it means, or stands at its place [assumed: no batch answer was at hand]; one
    that names another song than the one asked there is none. Raises KeyRejected for a bad token, NotTaken, Unusable.
    """
    answer = _answer(body)
    entries = answer if isinstance(answer, list) else as_list(answer)
    found: list[Recording | None] = [None] * len(asked)
    if len(entries) != len(asked) and not all("index" in as_dict(entry) for entry in entries):
        raise Unusable(f"ListenBrainz answered {len(entries)} songs instead of {len(asked)}: try again later.")
    for position, entry in enumerate(entries):
        fields = as_dict(entry)
        place = whole(fields["index"]) if "index" in fields else position
        if place is not None and place < len(asked) and _is_about(fields, fitting(asked[place])):
            found[place] = _looked_up(fields)
    return found


def read_fuzzy(body: bytes) -> Recording | None:
    """The recording of a question about one song; None where there is none. Raises as `read_lookup` does."""
    answer = as_dict(_answer(body))
    found = _looked_up(answer)
    return found and _completed(found, as_dict(answer.get("metadata")))


def recordings_question(base_url: str, mbids: Iterable[str]) -> Question:
    """POST /1/metadata/recording/ for at most 1,000 recordings; needs no token [docs]."""
    body = json.dumps({"recording_mbids": list(mbids)[:MOST_RECORDINGS], "inc": _SECTIONS}).encode()
    return Question(f"{base_url.rstrip('/')}/1/metadata/recording/", "POST", _HEADERS, body)


def read_recordings(body: bytes, looked_up: Iterable[Recording]) -> list[Recording]:
    """What was looked up, completed: ISRCs (in the server's source since February 2025), length, release, year.

    Recordings ListenBrainz says nothing of come back as they were.
    """
    answer = as_dict(_answer(body))
    return [_completed(recording, as_dict(answer.get(recording.id))) for recording in looked_up]


def _completed(recording: Recording, fields: dict[str, object]) -> Recording:
    detail, release = as_dict(fields.get("recording")), as_dict(fields.get("release"))
    artists = map(as_dict, as_list(as_dict(fields.get("artist")).get("artists")))
    return replace(
        recording,
        artist=recording.artist or plain(as_dict(fields.get("artist")).get("name")),
        title=recording.title or plain(detail.get("name")),
        isrcs=isrcs(detail.get("isrcs")),
        duration_ms=whole(detail.get("length")) or None,
        album=recording.album or plain(release.get("name")) or None,
        album_id=recording.album_id or mbid(release.get("mbid")),
        release_date=date_of(detail.get("first_release_date")) or date_of(release.get("year")),
        artist_mbids=recording.artist_mbids or _mbids([each.get("artist_mbid") for each in artists]),
    )


def _looked_up(fields: dict[str, object]) -> Recording | None:
    found = mbid(fields.get("recording_mbid"))
    if found is None:
        return None
    artist, title = plain(fields.get("artist_credit_name")), plain(fields.get("recording_name"))
    album = plain(fields.get("release_name")) or None
    album_id, by = mbid(fields.get("release_mbid")), _mbids(fields.get("artist_mbids"))
    return Recording(found, artist, title, album=album, album_id=album_id, artist_mbids=by)


def _mbids(values: object) -> tuple[str, ...]:
    return tuple(found for value in as_list(values) if (found := mbid(value)))


def _is_about(fields: dict[str, object], asked: tuple[str, str]) -> bool:
    """Whether an entry repeats the names it was asked about, where it repeats any."""
    said = (fields.get("artist_name_arg"), fields.get("recording_name_arg"))
    return all(one is None or plain(one) == other for one, other in zip(said, asked, strict=True))


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
