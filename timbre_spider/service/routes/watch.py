"""`/events` for pages that watch, `/metrics` for Prometheus."""

from collections.abc import AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

router = APIRouter(tags=["watch"])


@router.get("/events", response_class=EventSourceResponse)
async def events(request: Request) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: `status`, with what `/pipeline/status` answers, at first and whenever it has changed."""
    async with aclosing(request.app.state.following.follow()) as following:
        async for status in following:
            yield ServerSentEvent(raw_data=status, event="status")


@router.get("/live/now", response_class=EventSourceResponse, include_in_schema=False)
async def live(request: Request) -> AsyncIterator[ServerSentEvent]:
    """For the page `/`: the part of it that changes by itself, drawn once for all who watch."""
    async with aclosing(request.app.state.dashboard.live.follow()) as following:
        async for drawn in following:
            yield ServerSentEvent(raw_data=drawn, event="drawn")


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def metrics(request: Request) -> Response:
    """What is stored and how runs go, as Prometheus reads it."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)
