"""From values to a page: every value escaped, nothing loaded from elsewhere."""

import json
import re
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import ChainableUndefined, Environment, PackageLoader, Undefined
from markupsafe import Markup, escape

from timbre_spider import __version__
from timbre_spider.errors import DatabaseUnreachable, TimbreError, UsageError
from timbre_spider.service.access import SESSION_COOKIE
from timbre_spider.service.pages import words
from timbre_spider.terminal import visible

# Scripts, styles and connections are the service's own; no page may frame these, no form may lead elsewhere.
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with less, browsers would not name the origin of a form
    "Cache-Control": "no-store",
}
PAGES = (("/", "Now"), ("/history", "Runs"), ("/library", "Library"), ("/who", "Who is who"), ("/sources", "Sources"))

_COMMAND = re.compile(r"`([^`]+)`")


def _shown(value: Any) -> Any:
    """A name as the terminal has it, too: nothing in it that turns the direction of writing or is no character."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value).translate({0xFFFE: None, 0xFFFF: None})
    return value


def _json(value: Any) -> str:
    """What a source gave, as it is read best; escaped like any other text."""
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)


def _typed(said: Any) -> Markup:
    """A message of ours: what stands between backticks in it is to be typed."""
    return Markup(_COMMAND.sub(r"<code>\1</code>", str(escape(_shown(said)))))


def _of_what_is_known(said: Callable[[float | None], str]) -> Callable[[Any], str]:
    """A filter that takes what is not there for None."""
    return lambda value: said(None if isinstance(value, Undefined) else value)


_pages = Environment(
    loader=PackageLoader("timbre_spider.service.pages"),
    autoescape=True,
    undefined=ChainableUndefined,  # summaries in the database are of any version
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.filters |= {"json": _json, "track_length": words.track_length, "typed": _typed}
_pages.filters |= {
    name: _of_what_is_known(said) for name, said in {"number": words.number, "lasting": words.lasting}.items()
}
_pages.globals |= {"pages": PAGES, "version": __version__, "since": words.since}

# Compiled with the first request, they would make it wait.
for _name in _pages.list_templates():
    _pages.get_template(_name)


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as an answer. Beside `values` it knows `path`, `now` and `logged_in`."""
    known = {"path": request.url.path, "now": datetime.now(UTC), "logged_in": SESSION_COOKIE in request.cookies}
    text = _pages.get_template(template).render(known | values)
    return HTMLResponse(text, status, _HEADERS)


def part(template: str, **values: Any) -> str:
    """A template that is no whole page."""
    return _pages.get_template(template).render(values)


_STATUSES: tuple[tuple[type[TimbreError], int], ...] = ((UsageError, 422), (DatabaseUnreachable, 503))


class _PageRoute(APIRoute):
    """A route whose errors are pages, too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_or_say(request: Request) -> Response:
            try:
                return await answer(request)
            except HTTPException as error:
                return page(request, "error.html", status=error.status_code, said=error.detail)
            except RequestValidationError:
                return page(request, "error.html", status=404, said="There is no such page.")
            except TimbreError as error:
                status = next((status for kind, status in _STATUSES if isinstance(error, kind)), 500)
                return page(request, "error.html", status=status, said=str(error))

        return answer_or_say


def page_router() -> APIRouter:
    """A router for pages: no part of the API, and what goes wrong is told on a page."""
    return APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=_PageRoute)
