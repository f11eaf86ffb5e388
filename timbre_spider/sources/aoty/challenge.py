"""Recognising a refusal."""

from scrapy.http import Response

# Words of the page that stands in front of the site [observed].
_MARKS = (b"Just a moment...", b"/cdn-cgi/challenge-platform", b"cf-chl-")


def challenge(response: Response) -> bool:
    """Whether an answer is a challenge to prove oneself human: 403 or 503 that says so, in header or body.

    [observed, May to October 2026] A plain 403 is something else.
    """
    if response.status not in (403, 503):
        return False
    if (response.headers.get("cf-mitigated") or b"").lower() == b"challenge":
        return True
    beginning = response.body[:20_000]
    return any(mark in beginning for mark in _MARKS)
