"""What an answer means for the asking of a service, before anybody reads what it says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from timbre_spider.errors import KeyRejected, Unusable
from timbre_spider.sources.lastfm.refusal import refusal
from timbre_spider.sources.retry_after import retry_after
from timbre_spider.sources.text import as_dict, plain, whole


class Meaning(StrEnum):
    """What to do next."""

    FINE = "fine"
    """Read it; "no such thing" is an answer too."""
    WAIT = "wait"
    """Leave the service alone for `Judgement.seconds`, then ask again."""
    KEY_REJECTED = "key rejected"
    """Ask nothing more in this run; the user mends the key."""
    REFUSED = "refused"
    """Ask nothing more in this run."""
    UNUSABLE = "unusable"
    """This one answer is of no use."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`seconds` of a wait: as the service names them, else as it is known for; `reason` is for the log."""

    meaning: Meaning
    seconds: float | None = None
    reason: str = ""


FINE = Judgement(Meaning.FINE)
# Seconds to wait where a service names none: for its status, or for the code of its error in the body.
_WAITS = {"musicbrainz": 2.0, "listenbrainz": 10.0, "lastfm": 60.0, "deezer": 5.0}
_DEEZER_WAITS = {4: 5.0, 700: 10.0}
_DEEZER_ABSENT = 800
_LASTFM_ABSENT = {6, 7, 17}
_OTHERS_WAIT = 60.0
# What a user mends where a service rejects it.
_KEYS = {"listenbrainz": "LISTENBRAINZ_TOKEN", "lastfm": "LASTFM_API_KEY", "spotify": "the keys of the Spotify app"}


def judge(service: str, status: int, headers: Mapping[str, str], body: bytes = b"") -> Judgement:
    """Judges an answer of `service`; `headers` by their lower-case names."""
    in_words = _WORDS.get(service, _no_words)(_object(body))
    if in_words is not None:
        return in_words
    said = f"{service} answers HTTP {status}"
    if status in (429, 503):
        named = retry_after(headers.get("retry-after", ""))
        if named is None and status == 429:
            named = retry_after(headers.get("x-ratelimit-reset-in", ""))
        # MusicBrainz sheds searches with "Retry-After: 0"; asked at once, it sheds again [observed].
        return Judgement(Meaning.WAIT, named or _WAITS.get(service, _OTHERS_WAIT), said)
    if status == 401 and service != "aoty":
        return Judgement(Meaning.KEY_REJECTED, reason=f"{said}: check {_KEYS.get(service, 'its key')}")
    if status in (401, 403, 451):
        return Judgement(Meaning.REFUSED, reason=said)
    if status >= 500:
        return Judgement(Meaning.UNUSABLE, reason=said)
    return FINE


def _object(body: bytes) -> dict[str, object]:
    try:
        return as_dict(json.loads(body))
    except ValueError:
        return {}


def _no_words(_: dict[str, object]) -> Judgement | None:
    return None


def _lastfm(answer: dict[str, object]) -> Judgement | None:
    """Its errors come with 200, 403, 429 or any other status [saved answers]."""
    if "error" not in answer:
        return None
    code = whole(answer["error"]) or 0
    if code in _LASTFM_ABSENT:
        return FINE
    error = refusal(code, plain(answer.get("message")), "")
    if isinstance(error, KeyRejected):
        return Judgement(Meaning.KEY_REJECTED, reason=str(error))
    if isinstance(error, Unusable) and error.retry_after is not None:
        return Judgement(Meaning.WAIT, error.retry_after, str(error))
    return Judgement(Meaning.UNUSABLE, reason=str(error))


def _deezer(answer: dict[str, object]) -> Judgement | None:
    """Its errors come with 200 [docs]; some without a code [observed]."""
    if "error" not in answer:
        return None
    code = whole(as_dict(answer["error"]).get("code"))
    if code == _DEEZER_ABSENT:
        return FINE
    if code in _DEEZER_WAITS:
        return Judgement(Meaning.WAIT, _DEEZER_WAITS[code], f"deezer answers with error {code}")
    return Judgement(Meaning.UNUSABLE, reason=f"deezer answers with error {code}")


_WORDS = {"lastfm": _lastfm, "deezer": _deezer}
