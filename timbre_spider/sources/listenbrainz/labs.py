"""ListenBrainz labs: Spotify's ids by names, without Spotify. Experimental, with a host of its own and no token."""

import json
import re
from collections.abc import Sequence

from timbre_spider.errors import NotTaken, Unusable
from timbre_spider.sources.recording import Question
from timbre_spider.sources.text import as_dict, as_list, plain, read_json, whole

# Nobody documents how many it takes; tens are usual [observed].
MOST_NAMES = 50

_HEADERS = (("Content-Type", "application/json"), ("Accept", "application/json"))
_FIELDS = ("artist_name", "release_name", "track_name")
_ID = re.compile(r"[0-9A-Za-z]{22}", re.ASCII)

Names = tuple[str, str, str]
"""Artist, album and title; all three are required [source]."""


def ids_question(base_url: str, songs: Sequence[Names]) -> Question:
    """POST /spotify-id-from-metadata/json for at most 50 songs: exact but for case, accents and signs [source]."""
    asked = [dict(zip(_FIELDS, map(plain, names), strict=True)) for names in songs[:MOST_NAMES]]
    body = json.dumps(asked, ensure_ascii=False).encode()
    return Question(f"{base_url.rstrip('/')}/spotify-id-from-metadata/json", "POST", _HEADERS, body)


def read_ids(body: bytes, asked: Sequence[Names]) -> list[tuple[str, ...]]:
    """For each of the songs `asked`, in their order, the ids of its tracks, the most popular first [source].

    An entry repeats the names it is about [source], and is that song's wherever it stands. Raises NotTaken, Unusable.
    """
    answer = read_json(body, "ListenBrainz labs")
    if not isinstance(answer, list):
        said = plain(as_dict(answer).get("error"))[:100] or "no list"
        if whole(as_dict(answer).get("code")) == 400:
            raise NotTaken(f"ListenBrainz labs do not take the question: {said}.")
        raise Unusable(f"ListenBrainz labs answer without what was asked ({said})")
    told: dict[Names, tuple[str, ...]] = {}
    for entry in map(as_dict, answer):
        artist, album, title = (plain(entry.get(name)) for name in _FIELDS)
        ids = map(plain, as_list(entry.get("spotify_track_ids")))
        told[artist, album, title] = tuple(dict.fromkeys(each for each in ids if _ID.fullmatch(each)))
    return [told.get((plain(artist), plain(album), plain(title)), ()) for artist, album, title in asked]
