"""What an answer means for the asking of a service, before anybody reads what it says: decided nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from timbre_spider.errors import KeyRejected
from timbre_spider.sources.aoty.challenge import challenge
from timbre_spider.sources.lastfm.refusal import ABSENT, AGAIN, WAITS, refusal
from timbre_spider.sources.retry_after import retry_after
from timbre_spider.sources.text import as_dict, parsed, plain, whole


class Meaning(StrEnum):
    """What to do next."""

    FINE = "fine"
    """Read it; "no such thing" is an answer too."""
    WAIT = "wait"
    """Leave the service alone, then ask again."""
    USED_UP = "used up"
    """Ask nothing more of what was asked until the service counts anew."""
    AGAIN = "again"
    """Ask this one question again in a while; the service takes others."""
    KEY_REJECTED = "key rejected"
    """Ask nothing more in this run; the user mends the key."""
    REFUSED = "refused"
    """Ask nothing more in this run."""
    UNUSABLE = "unusable"
    """This one answer is of no use, and would be none again."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """`seconds` to wait, also after a fine answer: as the service names them, or as is known of its error; None where
    nobody does. `reason` is for people.
    """

    meaning: Meaning
    seconds: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """An answer: `headers` by their lower-case names, `value` the JSON, None where it is none."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    value: object


FINE = Judgement(Meaning.FINE)
# [docs] Over the limit of 50 in 5 s; busy; no such thing.
_DEEZER_QUOTA, _DEEZER_BUSY, _DEEZER_ABSENT = 4, 700, 800
_DEEZER_WINDOW = 5.0
# What a user mends where a service rejects it, or refuses us.
_KEYS = {
    "listenbrainz": "LISTENBRAINZ_TOKEN",
    "lastfm": "LASTFM_API_KEY",
    "spotify": "SPOTIFY_CLIENT_ID and SPOTIFY_CLIENT_SECRET",
}
# [RFC 6749, 5.2] The token's endpoint does not know our id and secret.
_SPOTIFY_BAD_KEY = {"invalid_client", "unauthorized_client", "invalid_request"}
_SPOTIFY_DASHBOARD = "https://developer.spotify.com/dashboard"
_WANT_CONTACT = {"listenbrainz", "musicbrainz", "listenbrainz_labs"}
_WITHOUT_KEY = {"aoty", "listenbrainz_labs"}


def judge(service: str, status: int, headers: Mapping[str, str], body: bytes = b"") -> Judgement:
    """Judges an answer of `service`; `headers` by their lower-case names."""
    if service == "aoty" and challenge(status, headers, body):
        return Judgement(Meaning.REFUSED, reason=f"aoty answers automated clients with a challenge (HTTP {status})")
    answer = None if service == "aoty" else _json(body)
    in_words = _WORDS.get(service, _no_words)(_Said(status, headers, body, answer))
    if in_words is not None:
        return in_words
    said = f"{service} answers HTTP {status}"
    named = _named_wait(headers)
    # With Spotify a 503 by itself is one answer's trouble.
    if status == 429 or (status == 503 and (named or service != "spotify")):
        return Judgement(Meaning.WAIT, named, said)
    if status == 401 and service not in _WITHOUT_KEY:
        return Judgement(Meaning.KEY_REJECTED, reason=f"{said}: check {_KEYS.get(service, 'its key')}")
    if status in (401, 403, 451) or (status == 404 and service == "listenbrainz_labs"):
        hint = ": set USER_AGENT_CONTACT, if it is empty" if service in _WANT_CONTACT else ""
        return Judgement(Meaning.REFUSED, reason=said + hint)
    if status >= 500 or status == 408:
        return Judgement(Meaning.AGAIN, reason=said)
    if service != "aoty" and status == 200 and answer is None:
        return Judgement(Meaning.AGAIN, reason=f"{service} answers something that is no JSON")
    return _used_up(headers) or FINE


def _named_wait(headers: Mapping[str, str]) -> float | None:
    """None for "Retry-After: 0" as well: asked at once, a service that sheds would shed again [observed]."""
    return retry_after(headers.get("retry-after", "")) or retry_after(headers.get("x-ratelimit-reset-in", "")) or None


def _used_up(headers: Mapping[str, str]) -> Judgement | None:
    """A good answer that says there will be no other before its window ends [docs: ListenBrainz]."""
    if headers.get("x-ratelimit-remaining", "").strip() != "0":
        return None
    reset = retry_after(headers.get("x-ratelimit-reset-in", ""))
    return Judgement(Meaning.FINE, reset, "its window is used up") if reset else None


def _json(body: bytes) -> object:
    """None for what is no JSON."""
    try:
        return parsed(body)
    except (ValueError, RecursionError):
        return None


def _no_words(_: _Said) -> Judgement | None:
    return None


def _lastfm(said: _Said) -> Judgement | None:
    """Its errors come with 200, 403, 429 or any other status, and never name a time [observed]."""
    answer = as_dict(said.value)
    if "error" not in answer:
        return None
    code = whole(answer["error"]) or 0
    if code in ABSENT:
        return FINE
    error = refusal(code, plain(answer.get("message")), "")
    reason = str(error).removesuffix(": try again later.").rstrip(".")
    if isinstance(error, KeyRejected):
        return Judgement(Meaning.KEY_REJECTED, reason=reason)
    if code in WAITS:
        return Judgement(Meaning.WAIT, WAITS[code], reason)
    if code in AGAIN:
        return Judgement(Meaning.AGAIN, AGAIN[code], reason)
    return Judgement(Meaning.UNUSABLE, reason=reason)


def _deezer(said: _Said) -> Judgement | None:
    """Its errors come with 200 [docs]; without a code, as an empty list, and as text with 404 too [observed]."""
    answer = as_dict(said.value)
    if "error" not in answer:
        return None
    code = whole(as_dict(answer["error"]).get("code"))
    if code == _DEEZER_ABSENT:
        return FINE
    if code == _DEEZER_QUOTA:
        return Judgement(Meaning.WAIT, _DEEZER_WINDOW, "deezer answers that its quota is used up")
    if code == _DEEZER_BUSY:
        return Judgement(Meaning.WAIT, None, "deezer answers that it is busy")
    if code is None and not isinstance(answer["error"], str):
        return Judgement(Meaning.AGAIN, reason="deezer answers with an error that says nothing")
    return Judgement(Meaning.UNUSABLE, reason=f"deezer answers with error {code or plain(answer['error'])[:100]}")


def _spotify(said: _Said) -> Judgement | None:
    """Quota and rate are both 429; the Web API names a reason, the token's endpoint a code [docs]. What is wrong with
    the app comes as JSON and as plain text [observed].
    """
    error = as_dict(said.value).get("error")
    if isinstance(error, str) and error in _SPOTIFY_BAD_KEY:
        rejects = f"spotify rejects the client id and secret: check {_KEYS['spotify']} against {_SPOTIFY_DASHBOARD}"
        return Judgement(Meaning.KEY_REJECTED, reason=rejects)
    if said.status == 429 and as_dict(error).get("reason") == "QUOTA_EXCEEDED":
        return Judgement(Meaning.USED_UP, _named_wait(said.headers), "spotify's quota is used up")
    if said.status != 403:
        return None
    message = plain(as_dict(error).get("message") or error) or said.body.decode("utf-8", "replace").strip()[:200]
    if "premium" in message.lower():
        lapsed = "spotify refuses: the owner of the app has no active Premium subscription"
        return Judgement(Meaning.REFUSED, reason=f"{lapsed}: renew it, or use a key of another app")
    why = message.rstrip(".") or "no reason given"
    return Judgement(Meaning.REFUSED, reason=f"spotify refuses the app (HTTP 403: {why}): see {_SPOTIFY_DASHBOARD}")


_WORDS = {"lastfm": _lastfm, "deezer": _deezer, "spotify": _spotify}
