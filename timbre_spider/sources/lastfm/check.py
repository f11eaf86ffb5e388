"""Whether a key and a user are good, asked through pylast."""

import logging
from urllib.parse import urlsplit

import httpx2
import pylast

from timbre_spider.errors import KeyRejected, Unusable
from timbre_spider.sources.lastfm.read import UserInfo
from timbre_spider.sources.lastfm.refusal import refusal


class _PlainHTTP(httpx2.HTTPTransport):
    """pylast builds https URLs only; a stand-in on this machine speaks plain http."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(scheme="http")
        return super().handle_request(request)


def check_user(base_url: str, api_key: str, user: str, user_agent: str) -> UserInfo:
    """The user, if key and name are good; blocks for up to 25 s. The name comes back as it was given.

    Raises KeyRejected, UserUnknown, UserPrivate or Unusable. No error keeps an object of pylast: their `repr`
    holds the key [read in its source].
    """
    if not api_key:
        raise KeyRejected("LASTFM_API_KEY is empty: get one at https://www.last.fm/api/account/create.")
    parts = urlsplit(base_url)
    # pylast writes every answer to its log.
    logging.getLogger("pylast").setLevel(logging.WARNING)
    # It offers no other way to say who asks [read in its source].
    pylast.HEADERS["User-Agent"] = user_agent
    network = pylast.LastFMNetwork(
        api_key=api_key, proxy={"https://": _PlainHTTP()} if parts.scheme == "http" else None
    )
    network.ws_server = (parts.netloc, parts.path or "/")
    try:
        return UserInfo(user, int(network.get_user(user).get_playcount()))
    except pylast.WSError as error:
        status = str(error.status)
        code, said = int(status) if status.isdigit() else 0, str(error.details)
    except (pylast.PyLastError, ValueError, TypeError, IndexError) as error:
        raise Unusable(
            f"Last.fm does not answer at {parts.netloc} ({type(error).__name__}): "
            "check the connection and LASTFM_BASE_URL, or try again later."
        ) from None
    raise refusal(code, said, user)
