"""The page `/login`: a browser shows the token once and keeps what it gets for it."""

import hmac

from fastapi import Request, Response

from timbre_spider.service.access import SESSION_COOKIE, session_of
from timbre_spider.service.pages.dashboard import There
from timbre_spider.service.pages.forms import Filled, only, see
from timbre_spider.service.pages.render import page, page_router

router = page_router()

# Answered to who has no token yet.
OPEN_PATHS = frozenset({"/login", "/do/login", "/static/style.css", "/static/icon.svg"})
_DAYS = 30


@router.get("/login")
def login(request: Request) -> Response:
    """The form."""
    return page(request, "login.html", wrong=False)


@router.post("/do/login")
def do_login(request: Request, there: There, filled: Filled) -> Response:
    """A session, for the right token. It is a cookie no script reads and no other page sends."""
    token = there.service.config.api_token
    if token is None:
        return see("/")
    if not hmac.compare_digest(only(filled, "token").encode(), token.get_secret_value().encode()):
        return page(request, "login.html", status=401, wrong=True)
    answer = see("/")
    answer.set_cookie(
        SESSION_COOKIE,
        session_of(token.get_secret_value()),
        max_age=_DAYS * 86_400,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/do/logout")
def do_logout() -> Response:
    """The session ends in this browser."""
    answer = see("/login")
    answer.delete_cookie(SESSION_COOKIE)
    return answer
