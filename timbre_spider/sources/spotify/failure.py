"""What went wrong in a call of spotipy, in one shape."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from timbre_spider.errors import NoAnswer, NotTaken
from timbre_spider.sources.text import as_dict, plain


@dataclass(frozen=True, slots=True)
class CallFailure:
    """An answer that spotipy raised an error about; `headers` by their lower-case names."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    message: str = ""


class Denied(NotTaken):
    """Spotify answered 400, 404 or the like: asking the same again would bring the same."""

    def __init__(self, failure: CallFailure) -> None:
        super().__init__(f"Spotify refuses the question (HTTP {failure.status}: {failure.message}).")
        self.failure = failure


def as_failure(error: BaseException) -> CallFailure:
    """The answer behind an exception of spotipy or requests. Raises NoAnswer where there is none.

    spotipy loses the status of some answers (`{"error": "text"}` ends in an AttributeError, the token
    endpoint's always [read in its source]), so it is read from the response it was about to report.
    """
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, requests.HTTPError):
        cause = cause.__cause__ or cause.__context__
    if cause is None or cause.response is None:
        raise NoAnswer(f"spotify gives no answer ({type(error).__name__})") from None
    response = cause.response
    headers = {name.lower(): value for name, value in response.headers.items()}
    return CallFailure(response.status_code, response.content, headers, _message(response)[:200])


def _message(response: requests.Response) -> str:
    try:
        body = as_dict(response.json())
    except ValueError:
        return response.text
    detail = body.get("error")
    return plain(as_dict(detail).get("message") or body.get("error_description") or detail)
