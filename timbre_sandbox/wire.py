"""A service over HTTP: its requests are counted, its answers come late, and some are lost on the way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from urllib.parse import unquote

from aiohttp import web

from .counting import Counters
from .exchange import Reply, Request, Service
from .weather import Weather

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

_SLOW_SECONDS = 5.0
_GATEWAY = Reply(
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n"
    b"<hr><center>openresty</center>\r\n</body>\r\n</html>\r\n",
    502,
    b"text/html",
)


def handler(
    service: Service, counters: Counters | None, weather: Weather | None, latency: float, stopping: asyncio.Event
) -> Handler:
    """What answers the requests of `service`.

    Counts them where there are `counters`, is under the `weather` where there is one, and waits `latency` seconds
    before each answer, or until `stopping`.
    """

    async def answer(asked: web.BaseRequest) -> web.StreamResponse:
        body = await asked.read()
        raw_path, _, query = asked.raw_path.partition("?")
        headers = {name.lower(): value for name, value in asked.raw_headers}
        request = Request(asked.method, unquote(raw_path), query.encode("utf-8", "surrogateescape"), headers, body)
        wait, cut = latency, False
        question = (request.method, request.path, request.query_string, body)
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
            return await _cut_short(asked, reply) if cut else _response(reply)

    return answer


def _response(reply: Reply) -> web.Response:
    return web.Response(body=reply.body, status=reply.status, headers=_headers(reply))


async def _cut_short(asked: web.BaseRequest, reply: Reply) -> web.StreamResponse:
    """Half of the answer, and the end of the connection."""
    response = web.StreamResponse(status=reply.status, headers=_headers(reply))
    response.content_length = len(reply.body)
    await response.prepare(asked)
    await response.write(reply.body[: len(reply.body) // 2])
    if asked.transport is not None:
        asked.transport.close()
    return response


def _headers(reply: Reply) -> list[tuple[str, str]]:
    named = [(b"content-type", reply.content_type), *reply.headers]
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in named]
