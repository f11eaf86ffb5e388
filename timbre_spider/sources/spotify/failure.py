"""What went wrong in a call of spotipy, in one shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from timbre_spider.sources.retry_after import retry_after
from timbre_spider.sources.text import as_dict, plain


@dataclass(frozen=True, slots=True)
class CallFailure:
    """`status` 0 means no answer; `code` is the token endpoint's error, `reason` the Web API's [docs]."""

    status: int = 0
    message: str = ""
    reason: str = ""
    code: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def bad_key(self) -> bool:
        """The token endpoint does not know our id and secret (RFC 6749, 5.2)."""
        return self.code in {"invalid_client", "unauthorized_client", "invalid_request"}

    @property
    def out_of_quota(self) -> bool:
        """Quota, not rate: waiting a little does not help [docs, July 2026]."""
        return self.reason == "QUOTA_EXCEEDED"

    @property
    def retry_after(self) -> float | None:
        """Seconds to wait; None without a valid header [observed]."""
        return retry_after(self.headers.get("Retry-After", ""))


def as_failure(error: BaseException) -> CallFailure:
    """The failure behind an exception of spotipy or requests.

    spotipy loses the status of some answers (`{"error": "text"}` ends in an AttributeError, the token
    endpoint's always [read in its source]), so it is read from the response it was about to report.
    """
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, requests.HTTPError):
        cause = cause.__cause__ or cause.__context__
    if cause is None or cause.response is None:
        return CallFailure(message=type(error).__name__)
    response = cause.response
    try:
        body = as_dict(response.json())
    except ValueError:
        body = {"error": response.text}
    detail = body.get("error")
    if isinstance(detail, dict):
        message, reason, code = plain(detail.get("message")), plain(detail.get("reason")), ""
    else:
        message, reason, code = plain(body.get("error_description") or detail), "", plain(detail)
    return CallFailure(response.status_code, message[:200], reason, code, response.headers)
