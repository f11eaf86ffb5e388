"""Who may ask: whoever knows API_TOKEN; where there is none, programs and pages of this machine alone.

A page somewhere on the web can make a browser of this machine send requests to it. So without a token the Host must be
this machine (a name of theirs may lead here), whoever changes something must not come from a page of another origin,
and must send JSON, which a page of another origin may not.
"""

import asyncio
import hashlib
import hmac
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timbre_spider.config import is_local
from timbre_spider.service.refusals import is_taken, refused

# The most bytes of a body, and the seconds it may take.
LARGEST_BODY = 65_536
BODY_SECONDS = 10.0
# A page that has shown the token once is known again by this cookie (`session_of`).
SESSION_COOKIE = "timbre_session"
# Forms of the service's own pages; they are no JSON, so these must name their origin.
FORMS = "/do/"

_SAFE = {"GET", "HEAD", "OPTIONS"}
_WITH_BODY = {"POST", "PUT", "PATCH"}


def session_of(token: str) -> str:
    """What a browser keeps in place of the token: it cannot be turned back, and ends with the token."""
    return hmac.new(token.encode(), b"timbre session", hashlib.sha256).hexdigest()


class Access:
    """ASGI middleware; `open_paths` are answered to everybody (a page to log in on, and its styles)."""

    def __init__(self, app: ASGIApp, token: str | None, open_paths: frozenset[str] = frozenset()) -> None:
        self._app = app
        self._token = token
        self._open_paths = open_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal is None:
            body = await _read(receive, headers)
            if isinstance(body, bytes):
                await self._app(scope, _again(body, receive), send)
                return
            refusal = body
        await refusal(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        changes = scope["method"] not in _SAFE
        if self._token is None:
            if not _is_this_machine(headers.get("host", "")):
                return refused(403, "Without API_TOKEN only this machine is answered, as localhost or 127.0.0.1.")
        elif not _bears(headers, self._token):
            if not _has_session(headers, self._token) and scope["path"] not in self._open_paths:
                if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                    return RedirectResponse("/login", 303)  # a person with a browser
                return refused(401, "Send API_TOKEN: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"})
        else:
            # Only a program can send the token, so nothing else need be looked at but what it sends.
            return _wrong_kind(scope, headers)
        if changes and not _same_origin(headers):
            return refused(403, "A page of another origin may not change anything here.")
        return _wrong_kind(scope, headers)


def _bears(headers: Headers, token: str) -> bool:
    scheme, _, given = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _has_session(headers: Headers, token: str) -> bool:
    try:
        given = SimpleCookie(headers.get("cookie", "")).get(SESSION_COOKIE)
    except CookieError:
        return False
    return given is not None and hmac.compare_digest(given.value.encode(), session_of(token).encode())


def _is_this_machine(host: str) -> bool:
    try:
        return is_local(f"//{host}")
    except ValueError:
        return False


def _same_origin(headers: Headers) -> bool:
    """Whether no page of another origin asks. Browsers name the origin of what changes something [Fetch standard]."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    try:
        return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False


def _wrong_kind(scope: Scope, headers: Headers) -> JSONResponse | None:
    if scope["method"] not in _WITH_BODY:
        return None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if scope["path"].startswith(FORMS):
        if headers.get("origin") is None:
            return refused(403, "A form names the page it stands on (Origin).")
        return None
    if kind == "application/json" or not is_taken(scope):
        return None
    return refused(415, "Send JSON: Content-Type: application/json")


async def _read(receive: Receive, headers: Headers) -> bytes | JSONResponse:
    """The whole body, or why it is not taken."""
    told = headers.get("content-length", "0")
    too_large = refused(413, f"A body holds at most {LARGEST_BODY:,} bytes.")
    if told.isdecimal() and int(told[:12]) > LARGEST_BODY:
        return too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    return too_large
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        return refused(408, "The body did not come in time.")


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that brings the body that was read, then what comes after it."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay
