import json

import pytest

from timbre_spider.sources.judge import FINE, Meaning, judge

pytestmark = pytest.mark.unit


def said(value: object) -> bytes:
    return json.dumps(value).encode()


def spotify(status: int, message: str = "x", reason: str = "") -> bytes:
    return said({"error": {"status": status, "message": message, "reason": reason}})


def lastfm(code: object, message: str = "") -> bytes:
    return said({"error": code, "message": message})


@pytest.mark.parametrize(
    ("service", "status", "headers", "body", "meaning", "seconds"),
    [
        ("lastfm", 200, {}, said({"toptags": {"tag": []}}), "fine", None),
        # Not found, a user hidden or unknown: the reader's to say.
        ("lastfm", 200, {}, lastfm(6, "The artist could not be found"), "fine", None),
        ("lastfm", 404, {}, lastfm(7), "fine", None),
        ("lastfm", 403, {}, lastfm(17), "fine", None),
        # 29 and 26 come with any status, never with Retry-After.
        ("lastfm", 200, {}, lastfm(29), "wait", 60),
        ("lastfm", 429, {}, lastfm(29), "wait", 60),
        ("lastfm", 403, {}, lastfm("29"), "wait", 60),
        ("lastfm", 200, {}, lastfm(8), "again", 5),
        ("lastfm", 200, {}, lastfm(26), "key rejected", None),
        ("lastfm", 429, {}, lastfm(26), "key rejected", None),
        ("lastfm", 403, {}, lastfm(10), "key rejected", None),
        ("lastfm", 200, {}, lastfm(3), "unusable", None),
        ("lastfm", 200, {}, lastfm(None), "unusable", None),
        ("lastfm", 429, {}, b"slow down", "wait", None),
        ("lastfm", 502, {}, b"<html>", "again", None),
        ("deezer", 200, {}, said({"data": []}), "fine", None),
        ("deezer", 200, {}, said({"error": {"code": 4}}), "wait", 5),
        ("deezer", 200, {}, said({"error": {"code": 700}}), "wait", None),
        ("deezer", 200, {}, said({"error": {"code": 800}}), "fine", None),
        ("deezer", 200, {}, said({"error": {"code": "4"}}), "wait", 5),
        ("deezer", 503, {}, b"", "wait", None),
        ("deezer", 401, {}, b"", "key rejected", None),
        ("deezer", 200, {}, said({"error": []}), "again", None),
        ("deezer", 404, {}, said({"error": "Not Found"}), "unusable", None),
        ("listenbrainz", 401, {}, said({"code": 401}), "key rejected", None),
        ("listenbrainz", 429, {"x-ratelimit-reset-in": "7"}, said({"code": 429}), "wait", 7),
        ("listenbrainz", 429, {"retry-after": "3", "x-ratelimit-reset-in": "7"}, b"", "wait", 3),
        ("listenbrainz", 429, {}, b"", "wait", None),
        ("listenbrainz", 403, {}, b"", "refused", None),
        ("listenbrainz", 402, {}, b"", "fine", None),
        ("listenbrainz_labs", 401, {}, b"", "refused", None),
        ("listenbrainz_labs", 404, {}, b"", "refused", None),
        ("listenbrainz", 400, {}, said({"code": 400, "error": "too long"}), "fine", None),
        ("musicbrainz", 503, {"retry-after": "0", "x-ratelimit-reset-in": "9"}, b"", "wait", 9),
        ("musicbrainz", 503, {"retry-after": "4"}, b"", "wait", 4),
        ("musicbrainz", 404, {}, b"", "fine", None),
        ("aoty", 200, {}, b"<html>", "fine", None),
        ("aoty", 404, {}, b"", "fine", None),
        ("aoty", 401, {}, b"", "refused", None),
        ("aoty", 403, {}, b"", "refused", None),
        ("aoty", 451, {}, b"", "refused", None),
        ("aoty", 429, {}, b"", "wait", None),
        ("aoty", 429, {"retry-after": "11"}, b"", "wait", 11),
        ("aoty", 503, {"retry-after": "99999999999999"}, b"", "wait", 172_800),
        ("aoty", 500, {}, b"", "again", None),
        ("aoty", 501, {}, b"", "again", None),
        ("musicbrainz", 503, {}, b"", "wait", None),
        ("aoty", 499, {}, b"", "fine", None),
        ("lastfm", 200, {}, lastfm(2), "again", 30),
        ("lastfm", 200, {}, lastfm(11), "wait", 60),
        ("lastfm", 200, {}, b"<html>", "again", None),
        ("lastfm", 200, {}, b"\xef\xbb\xbf{}", "fine", None),
        ("lastfm", 408, {}, b"", "again", None),
        ("musicbrainz", 503, {"retry-after": "0"}, b"", "wait", None),
        ("deezer", 200, {}, said({"error": {"type": "x"}}), "again", None),
        ("aoty", 200, {}, b"<html><title>Just a moment...</title>", "refused", None),
        ("aoty", 200, {}, b"<script>window._cf_chl_opt={}</script>", "refused", None),
        ("aoty", 200, {}, b"<h1>Just a moment...</h1> /cdn-cgi/challenge-platform", "fine", None),
        ("listenbrainz", 200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset-in": "9"}, b"[]", "fine", 9),
        ("listenbrainz", 200, {"x-ratelimit-remaining": "1", "x-ratelimit-reset-in": "9"}, b"[]", "fine", None),
        ("listenbrainz", 200, {"x-ratelimit-remaining": "0"}, b"[]", "fine", None),
        ("listenbrainz", 200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset-in": "0"}, b"[]", "fine", None),
        ("spotify", 429, {"retry-after": "6"}, spotify(429), "wait", 6),
        ("spotify", 429, {}, spotify(429), "wait", None),
        ("spotify", 429, {"retry-after": "0"}, b'{"error": "text"}', "wait", None),
        ("spotify", 429, {"retry-after": "72330"}, spotify(429, reason="QUOTA_EXCEEDED"), "used up", 72_330),
        ("spotify", 429, {"retry-after": "soon"}, spotify(429, reason="QUOTA_EXCEEDED"), "used up", None),
        ("spotify", 503, {"retry-after": "9"}, b"", "wait", 9),
        ("spotify", 503, {}, b"<html>", "again", None),
        ("spotify", 500, {}, b'{"error": "text"}', "again", None),
        ("spotify", 408, {}, b"", "again", None),
        ("spotify", 200, {}, b"", "again", None),
        ("spotify", 400, {}, spotify(400, "Invalid limit"), "fine", None),
        ("spotify", 404, {}, spotify(404), "fine", None),
        ("spotify", 401, {}, spotify(401), "key rejected", None),
        ("spotify", 400, {}, said({"error": "invalid_client"}), "key rejected", None),
        ("spotify", 400, {}, said({"error": "unauthorized_client"}), "key rejected", None),
        ("spotify", 400, {}, said({"error": "invalid_request"}), "key rejected", None),
        ("spotify", 403, {}, spotify(403), "refused", None),
        ("spotify", 403, {}, b"", "refused", None),
        # Another service's words say nothing.
        ("musicbrainz", 429, {"retry-after": "9"}, spotify(429, reason="QUOTA_EXCEEDED"), "wait", 9),
        ("aoty", 200, {}, lastfm(26), "fine", None),
        ("listenbrainz", 200, {}, said([1]), "fine", None),
    ],
)
def test_what_an_answer_means(
    service: str, status: int, headers: dict[str, str], body: bytes, meaning: str, seconds: float | None
) -> None:
    judged = judge(service, status, headers, body)
    assert (judged.meaning, judged.seconds) == (meaning, seconds)
    assert bool(judged.reason) == (judged is not FINE)


def test_reasons_say_what_happened_to_what() -> None:
    assert "LASTFM_API_KEY" in judge("lastfm", 200, {}, lastfm(26)).reason
    assert judge("deezer", 200, {}, said({"error": {"code": 4}})).reason == "deezer answers that its quota is used up"
    assert judge("listenbrainz", 401, {}).reason == "listenbrainz answers HTTP 401: check LISTENBRAINZ_TOKEN"
    for service in ("listenbrainz", "musicbrainz", "listenbrainz_labs"):
        assert judge(service, 403, {}).reason == f"{service} answers HTTP 403: set USER_AGENT_CONTACT, if it is empty"
    assert judge("aoty", 500, {}).reason == "aoty answers HTTP 500"
    assert judge("aoty", 451, {}).reason == "aoty answers HTTP 451"
    assert judge("aoty", 429, {}).reason == "aoty answers HTTP 429"
    assert judge("deezer", 200, {}, said({"error": {"code": 9}})).reason == "deezer answers with error 9"
    assert judge("lastfm", 200, {}, lastfm(29, "Too much")).reason == ("Last.fm answers with error 29 (Too much)")
    assert judge("lastfm", 200, {}, lastfm("?", "Odd")).reason == "Last.fm answers with error 0 (Odd)"
    assert judge("aoty", 403, {}).meaning is Meaning.REFUSED
    assert "SPOTIFY_CLIENT_SECRET" in judge("spotify", 401, {}, spotify(401)).reason
    assert "SPOTIFY_CLIENT_SECRET" in judge("spotify", 400, {}, said({"error": "invalid_client"})).reason
    for body in (spotify(403, NO_PREMIUM), said({"error": NO_PREMIUM}), f"{NO_PREMIUM}.".encode()):
        assert "Premium" in judge("spotify", 403, {}, body).reason
        assert "HTTP 403" not in judge("spotify", 403, {}, body).reason
    assert "HTTP 403: Forbidden)" in judge("spotify", 403, {}, spotify(403, "Forbidden.")).reason
    assert "no reason given" in judge("spotify", 403, {}).reason
    assert judge("spotify", 429, {}, spotify(429, reason="QUOTA_EXCEEDED")).reason == "spotify's quota is used up"


NO_PREMIUM = "Active premium subscription required for the owner of the app"
