"""What can go wrong, each by its name, and how often it does in fair, real and stormy weather.

Fair weather has no passing trouble; what a service never finds it does not find in any. What is 0 in all three is
there for drills: `--fault NAME=RATE`, or POST /weather.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """Rates from 0 to 1: of requests, or of the things `what` names."""

    fair: float
    real: float
    storm: float
    what: str


class Limit(NamedTuple):
    """Requests a service answers in a window of time; None is no limit."""

    fair: int | None
    real: int | None
    storm: int | None
    what: str


# fmt: off
FAULTS: dict[str, Fault] = {
    "any.cut":                          Fault(0, 0,     0.01, "the connection ends in the middle of an answer"),
    "any.slow":                         Fault(0, 0,     0.01, "an answer takes 5 s longer"),
    "any.502":                          Fault(0, 0.001, 0.02, "a gateway's HTML page instead of an answer"),

    "spotify.short_page":               Fault(0, 0.03,  0.1,  "a page of results holds half of what it should"),
    "spotify.null_item":                Fault(0, 0.03,  0.1,  "one result of a page is null"),
    "spotify.429":                      Fault(0, 0,     0.02, "the rate limit of 30 s, with a Retry-After"),
    "spotify.error_as_text":            Fault(0, 0,     0.01, "500 with a text as its error"),
    "spotify.200_without_json":         Fault(0, 0,     0.01, "200 with a body that is no JSON"),
    "spotify.lock_without_retry_after": Fault(0, 0,     0.2,  "of the answers of a quota lock"),
    "spotify.premium_lapsed":           Fault(0, 0,     0,    "403, since the app's owner has no Premium any more"),
    "spotify.premium_lapsed_as_text":   Fault(0.5, 0.5, 0.5,  "of the paths: that 403 as plain text"),

    "lastfm.6":          Fault(0, 0,     0.005, "error 6 with a message that is not about what is not found"),
    "lastfm.8":          Fault(0, 0.01,  0.05,  "error 8, the backend failed; with status 500 or 200"),
    "lastfm.10":         Fault(0, 0,     0,     "error 10, the key is not valid any more; 403 or 200"),
    "lastfm.11":         Fault(0, 0,     0.01,  "error 11, offline; 503 or 200"),
    "lastfm.16":         Fault(0, 0.002, 0.01,  "error 16, temporarily unavailable; 503 or 200"),
    "lastfm.26":         Fault(0, 0,     0,     "error 26, the key is suspended; 403, 429 or 200"),
    "lastfm.29":         Fault(0, 0.0005, 0.02, "error 29, the rate limit; 429, 403 or 200, never with Retry-After"),
    "lastfm.502":        Fault(0, 0.002, 0.01,  "an HTML page of its gateway"),
    "lastfm.rows_move":  Fault(0, 0.2,   0.5,   "of the pages after the first: a row has moved over the border"),
    "lastfm.total_0":    Fault(0, 0.002, 0.02,  "a page of a chart that is said to be empty"),
    "lastfm.empty_page": Fault(0, 0.002, 0.02,  "a page without its rows"),
    "lastfm.short_page": Fault(0, 0.01,  0.05,  "a page with half of its rows"),
    "lastfm.other_user": Fault(0, 0.002, 0.02,  "a page of another user's chart"),
    "lastfm.deep_page":  Fault(0, 0.1,   0.3,   "of the pages of scrobbles after the 350th: fails however often asked"),

    "listenbrainz.429":        Fault(0, 0, 0.05, "429 without a Retry-After, limit reached or not"),
    "listenbrainz.user_agent": Fault(0, 1, 1,    "403 for a User-Agent that names no contact"),
    "musicbrainz.user_agent":  Fault(0, 1, 1,    "the same"),
    "musicbrainz.shed":        Fault(0, 0.5, 0.5, "of the searches: 503, until asked again after a pause"),

    "aoty.challenge":          Fault(0, 0,    0,    "403, Cloudflare's challenge"),
    "aoty.interstitial":       Fault(0, 0,    0.001,"the challenge's page with status 200"),
    "aoty.429":                Fault(0, 0.002, 0.03, "429 with a Retry-After"),
    "aoty.retry_after_as_date": Fault(0.5, 0.5, 0.5, "of those: as a date"),
    "aoty.503":                Fault(0, 0.001, 0.02, "503"),
    "aoty.old_page":           Fault(0.05, 0.05, 0.05, "of the albums: the page has the markup of before March 2026"),

    "deezer.missed_by_filters":         Fault(0.4, 0.4,   0.4,  'of its songs: never found by artist:"…" track:"…"'),
    "deezer.missed_by_words":           Fault(0.2, 0.2,   0.2,  "of its songs: never found by free words"),
    "deezer.busy":                      Fault(0,   0.002, 0.02, "error 700 with status 200"),
    "deezer.error_without_code":        Fault(0,   0.002, 0.02, "an error that has no code"),
    "deezer.error_as_list":             Fault(0,   0.002, 0.02, '"error":[]'),
}

LIMITS: dict[str, Limit] = {
    "spotify.search":         Limit(None, 600, 200, "calls in 24 h, of a key in development mode"),
    "spotify.tracks":         Limit(None, 600, 200, "the same, /tracks/{id}"),
    "spotify.albums":         Limit(None, 600, 200, "the same, /albums/{id}"),
    "spotify.albums/tracks":  Limit(None, 600, 200, "the same, /albums/{id}/tracks"),
    "spotify.artists":        Limit(None, 500, 200, "the same, /artists/{id}"),
    "spotify.artists/albums": Limit(None, 100, 50,  "the same, /artists/{id}/albums"),
    "listenbrainz.10s":       Limit(None, 30,  30,  "requests in 10 s"),
    "musicbrainz.1s":         Limit(None, 1,   1,   "requests in a second"),
    "deezer.5s":              Limit(None, 50,  50,  "requests in 5 s"),
}
# fmt: on
