"""Recognising a refusal."""

from collections.abc import Mapping

# Of the page that stands in front of the site [observed]. With 200 only what an ordinary page has not: those load
# scripts of the site's guard too.
_MARKS = (b"Just a moment...", b"/cdn-cgi/challenge-platform", b"cf-chl-")
_MARKS_OF_THE_PAGE_ITSELF = (b"<title>Just a moment...", b"_cf_chl_opt")
_BEGINNING = 20_000


def challenge(status: int, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an answer is a challenge to prove oneself human: 403 or 503 that says so, in header or body, or a page
    of 200 that is nothing else; `headers` by their lower-case names.

    [observed, May to October 2026; with 200 where a cookie has expired] A plain 403 is something else.
    """
    beginning = body[:_BEGINNING]
    if status == 200:
        return any(mark in beginning for mark in _MARKS_OF_THE_PAGE_ITSELF)
    if status not in (403, 503):
        return False
    return headers.get("cf-mitigated", "").lower() == "challenge" or any(mark in beginning for mark in _MARKS)
