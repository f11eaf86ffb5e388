"""Last.fm's errors: a code in a body, with the status of an error or with 200, and never a Retry-After."""

from collections.abc import Iterable

from ..exchange import Request
from ..shares import share
from ..weather import Weather

Answer = tuple[int, dict[str, object] | str]

# The statuses each has been seen with.
_MESSAGES: dict[int, tuple[str, tuple[int, ...]]] = {
    6: ("Invalid parameters - Your request is missing a required parameter", (400, 200)),
    8: ("Operation failed - Most likely the backend service failed. Please try again.", (500, 200)),
    10: ("Invalid API key - You must be granted a valid key by last.fm", (403, 200)),
    11: ("Service Offline - This service is temporarily offline. Try again later.", (503, 200)),
    16: ("The service is temporarily unavailable, please try again.", (503, 200)),
    26: ("Suspended API key - Access for your account has been suspended, please contact Last.fm", (403, 429, 200)),
    29: ("Rate Limit Exceeded - Your IP has made too many requests in a short period, exceeding our API guidelines",
         (429, 403, 200)),
}  # fmt: skip
_BY_CHANCE = (10, 26, 29, 8, 16, 11, 6)


def error(status: int, number: int, message: str) -> Answer:
    return status, {"error": number, "message": message, "links": []}


def by_chance(weather: Weather, request: Request) -> Answer | None:
    """The error the weather has for this request, under one of the statuses it comes with."""
    return next(iter(_struck(weather, request, _BY_CHANCE)), None)


def _struck(weather: Weather, request: Request, numbers: Iterable[int]) -> Iterable[Answer]:
    for number in numbers:
        if weather.strikes(f"lastfm.{number}", request):
            message, statuses = _MESSAGES[number]
            drawn = share(number, request.query_string, request.body, request.asked_before)
            yield error(statuses[int(drawn * len(statuses))], number, message)


def rejected_key() -> Answer:
    message, statuses = _MESSAGES[10]
    return error(statuses[0], 10, message)
