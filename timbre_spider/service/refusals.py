"""Why a request is not answered: in one shape, in words, and in the API's own description."""

from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from timbre_spider.errors import RunError, TimbreError, UsageError
from timbre_spider.service.processes import RunGoesOn
from timbre_spider.wrong_value import why_wrong

# The first that fits: what a request caused is the asker's, the rest the service's.
_STATUSES: tuple[tuple[type[TimbreError], int], ...] = (
    (RunGoesOn, 409),
    (UsageError, 422),
    (RunError, 503),
    (TimbreError, 500),
)
_METHODS = ("DELETE", "GET", "POST")


class Refusal(BaseModel):
    """Why there is no other answer."""

    detail: str = Field(description="what is wrong, and what to do")


def documented(said: dict[int, str]) -> dict[int | str, dict[str, Any]]:
    """For `responses=` of a route: what else it may answer, and when. As content and not as model, which would take the
    type of the route's own answer."""
    content = {"application/json": {"schema": Refusal.model_json_schema()}}
    return {status: {"description": words, "content": content} for status, words in said.items()}


# What any request may be told.
REFUSALS = documented(
    {
        401: "API_TOKEN is set, and was not sent.",
        403: "Asked from elsewhere than this machine, or by a page of another origin.",
        422: "An argument is wrong.",
        503: "The database does not answer.",
    }
)
# What a request with a body may be told besides.
REFUSALS_OF_BODIES = documented(
    {
        400: "The body cannot be read as text.",
        408: "The body did not come in time.",
        413: "The body is too large.",
        415: "The body is not said to be JSON.",
    }
)


def refused(status: int, why: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """The answer that says so."""
    return JSONResponse({"detail": why}, status, headers)


def told(request: Request, error: Exception) -> JSONResponse:
    """An error of ours as an answer."""
    return refused(next(status for kind, status in _STATUSES if isinstance(error, kind)), str(error))


def not_taken(request: Request, error: Exception) -> Response:
    """What FastAPI says; where a path is there, but not for this method, with all that it is there for."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(method for method in _METHODS if is_taken({**request.scope, "method": method}))
    return refused(error.status_code, error.detail, headers)


def is_taken(scope: Scope) -> bool:
    """Whether anything at that path takes that method."""
    return "app" not in scope or any(route.matches(scope)[0] is Match.FULL for route in scope["app"].routes)


def asked_wrongly(request: Request, error: Exception) -> JSONResponse:
    """Arguments that cannot be, each by its name."""
    assert isinstance(error, RequestValidationError)
    return refused(422, " ".join(_said(detail) for detail in error.errors()))


def _said(detail: ErrorDetails) -> str:
    place, *names = detail["loc"]
    name = ".".join(part for part in names if isinstance(part, str))
    return f"{name or place}: {why_wrong(detail)}."
