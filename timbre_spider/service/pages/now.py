"""The page `/`: what goes on, and the form that starts a run."""

from typing import Any

from fastapi import Request, Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from timbre_spider.errors import TimbreError
from timbre_spider.service.asked import StartRun
from timbre_spider.service.pages.dashboard import There
from timbre_spider.service.pages.forms import Filled, only, see
from timbre_spider.service.pages.render import page, page_router
from timbre_spider.service.watching import started_elsewhere, stop_runs
from timbre_spider.wrong_value import why_wrong

router = page_router()

_PERIODS = ("overall", "7day", "1month", "3month", "6month", "12month")
_SOURCES = ("open", "spotify", "lastfm", "aoty")


@router.get("/")
def now(request: Request, there: There) -> Response:
    """What goes on now."""
    return _now(request, there, {"sources": list(_SOURCES)})


@router.post("/do/start")
def start(request: Request, there: There, filled: Filled) -> Response:
    """Start what the form asks for."""
    if "sources" not in filled:
        return _now(request, there, filled, ["Choose at least one source to ask."])
    given: dict[str, Any] = {name: only(filled, name) for name in filled if name != "sources"}
    given["sources"] = filled["sources"]
    if given.get("period") == "overall":
        del given["period"]  # which a user of ListenBrainz has none of
    try:
        asked = StartRun.model_validate(given)
        there.service.runs.start(asked, started_elsewhere(there.service))
    except ValidationError as error:
        return _now(request, there, filled, [_said(each) for each in error.errors()])
    except TimbreError as error:
        return _now(request, there, filled, [str(error)])
    there.progress.forget()
    return see("/")


@router.post("/do/stop")
def stop(there: There, filled: Filled) -> Response:
    """Stop the run the form names."""
    stop_runs(there.service, only(filled, "job_id") or None, None)
    there.progress.forget()
    return see("/")


def _now(request: Request, there: There, filled: dict[str, list[str]], errors: list[str] | None = None) -> Response:
    config = there.service.config
    return page(
        request,
        "now.html",
        status=422 if errors else 200,
        progress=there.progress.get(),
        filled=filled,
        errors=errors or [],
        periods=_PERIODS,
        sources=_SOURCES,
        listener=config.lastfm_username,
        most=config.max_songs,
        has_key=config.lastfm_api_key is not None,
    )


def _said(detail: ErrorDetails) -> str:
    where, why = detail["loc"], why_wrong(detail)
    return f"{str(where[0]).replace('_', ' ')}: {why}." if where else f"{why}."
