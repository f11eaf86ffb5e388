"""The operator's proxies for AOTY's pages, in turn; none until AOTY_PROXY_URL is set.

They spread the same pace over several ways and are no way around a refusal: a challenge, a 429 or robots.txt holds for
all of them.
"""

import logging
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from scrapy.http import Request

logger = logging.getLogger(__name__)

# Seconds that a proxy is left alone which brings no answer; twice as long with each more in a row.
_FIRST_REST, _LONGEST_REST = 30.0, 1800.0


@dataclass(slots=True, eq=False)
class Proxy:
    """`name` is fit for a log; `address` has no login in it."""

    name: str
    address: str
    login: bytes | None
    failures: int = 0
    rests_until: float = float("-inf")

    def carrying(self, request: Request) -> Request:
        """The request as it goes to the proxy, which keeps the login to itself; `request` never holds it."""
        leaving = request.replace(meta={**request.meta, "proxy": self.address})
        leaving.headers.pop("Proxy-Authorization", None)
        if self.login is not None:
            leaving.headers["Proxy-Authorization"] = b"Basic " + self.login
        return leaving


class Proxies:
    """Addresses such as "http://user:password@host:port"; one that fails is rested, and tried again after that."""

    def __init__(self, addresses: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        number = len(addresses)
        self._proxies = [_proxy(address, f"proxy {n} of {number}") for n, address in enumerate(addresses, 1)]
        self._clock = clock
        self._turn = 0

    def __bool__(self) -> bool:
        return bool(self._proxies)

    def next(self) -> Proxy:
        """The next one in turn that does not rest; where all do, the one whose rest ends first."""
        now, number = self._clock(), len(self._proxies)
        in_turn = [self._proxies[(self._turn + n) % number] for n in range(number)]
        chosen = next((each for each in in_turn if each.rests_until <= now), None)
        chosen = chosen or min(in_turn, key=lambda each: each.rests_until)
        self._turn = (self._proxies.index(chosen) + 1) % number
        return chosen

    def failed(self, proxy: Proxy, why: str) -> None:
        """It brought no answer of the site."""
        rest = min(_FIRST_REST * 2**proxy.failures, _LONGEST_REST)
        proxy.failures += 1
        proxy.rests_until = self._clock() + rest
        logger.warning("AOTY's %s brings no answer (%s); it is left alone for %.0f s.", proxy.name, why, rest)

    def worked(self, proxy: Proxy) -> None:
        """It brought an answer."""
        proxy.failures, proxy.rests_until = 0, float("-inf")


def _proxy(address: str, name: str) -> Proxy:
    parts = urlsplit(address)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    login = None
    if parts.username is not None:
        login = b64encode(f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode())
    return Proxy(f"{name} ({host}:{parts.port})", f"http://{host}:{parts.port}", login)
