"""A service as an ASGI application: its requests are counted, its answers come late, and some are lost on the way."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext, suppress
from typing import Any
from urllib.parse import unquote

from .asgi import Reply, Request, Service
from .counting import Counters
from .weather import Weather

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_SLOW_SECONDS = 5.0
_GATEWAY = Reply(
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n",
    502,
    b"text/html",
)


def application(
    service: Service, counters: Counters | None, weather: Weather | None, latency: float, stopping: asyncio.Event
) -> App:
    """`service` as an ASGI application.

    Counts its requests where there are `counters`, is under the `weather` where there is one, and waits `latency`
    seconds before each answer, or until `stopping`.
    """

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        if scope["method"] not in ("GET", "HEAD"):
            more = True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
        path = scope["path"] if scope["path"].isascii() else unquote(scope["raw_path"].decode("latin-1"))
        request = Request(scope["method"], path, scope["query_string"], dict(scope["headers"]), body)
        wait, cut = latency, False
        question = (request.method, path, request.query_string, body)
        with counters.counting(service.name, service.endpoint(request), question) if counters else nullcontext():
            if weather is not None:
                request.asked_before = weather.asked_before(service.name, request)
                wait += _SLOW_SECONDS if weather.strikes("any.slow", request) else 0.0
                cut = weather.strikes("any.cut", request)
            if wait:
                with suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), wait)
            lost = weather is not None and weather.strikes("any.502", request)
            reply = _GATEWAY if lost else service.answer(request)
            headers = [
                (b"content-type", reply.content_type),
                (b"content-length", b"%d" % len(reply.body)),
                *reply.headers,
            ]
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            sent = b"" if request.method == "HEAD" else reply.body
            # uvicorn closes a connection whose answer is not whole.
            more_body = {"body": sent[: len(sent) // 2], "more_body": True} if cut else {"body": sent}
            await send({"type": "http.response.body", **more_body})

    return app
