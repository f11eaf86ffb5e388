"""Who is answered: with a token who knows it, without one this machine alone, and no page of the web."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.service.conftest import served
from timbre_spider.service.access import SESSION_COOKIE, Access, session_of

pytestmark = pytest.mark.integration

TOKEN = "tok-en" * 4
JSON = {"content-type": "application/json"}
BEARER = {"authorization": f"Bearer {TOKEN}"}
COOKIE = {"cookie": f"{SESSION_COOKIE}={session_of(TOKEN)}"}


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        body = await Request(scope, receive).body()
        await JSONResponse({"bytes": len(body)})(scope, receive, send)


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[..., httpx2.Response]]:
    """Asks a service with or without a token."""
    with (
        served(Access(echo, None)) as free,
        served(Access(echo, TOKEN, frozenset({"/login"}))) as kept,
        httpx2.Client() as client,
    ):

        def ask(token: bool, method: str, path: str = "/", **more: object) -> httpx2.Response:
            headers = {name: value.format(host=free[7:]) for name, value in dict(more.pop("headers", {})).items()}  # type: ignore[call-overload]
            return client.request(method, (kept if token else free) + path, headers=headers, **more)  # type: ignore[arg-type]

        yield ask


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("GET", {"host": "localhost:8470"}, 200),
        ("GET", {"host": "LOCALHOST"}, 200),
        ("GET", {"host": "[::1]:8470"}, 200),
        ("GET", {"host": "127.8.9.1"}, 200),
        ("GET", {"host": "evil.example"}, 403),
        ("GET", {"host": "127.0.0.1.evil.example"}, 403),
        ("GET", {"host": "localhost@evil.example"}, 403),
        ("GET", {"host": ""}, 403),
        ("GET", {"host": "[::1"}, 403),
        ("GET", {"origin": "http://evil.example"}, 200),  # the browser keeps the answer from the page
        ("POST", JSON, 200),
        ("POST", {"content-type": "application/json; charset=utf-8"}, 200),
        ("POST", {}, 415),
        ("POST", {"content-type": "text/plain"}, 415),
        ("POST", {"content-type": "application/x-www-form-urlencoded"}, 415),
        ("POST", JSON | {"origin": "http://{host}"}, 200),
        ("POST", JSON | {"origin": "http://evil.example"}, 403),
        ("POST", JSON | {"origin": "http://localhost:1"}, 403),
        ("POST", JSON | {"origin": "null"}, 403),
        ("POST", JSON | {"origin": "http://[x"}, 403),
        ("POST", JSON | {"sec-fetch-site": "cross-site"}, 403),
        ("POST", JSON | {"sec-fetch-site": "same-site"}, 403),
        ("POST", JSON | {"sec-fetch-site": "same-origin"}, 200),
        ("DELETE", {}, 200),
        ("DELETE", {"origin": "http://evil.example"}, 403),
        ("POST", JSON | {"host": "evil.example", "origin": "http://evil.example"}, 403),
    ],
)
def test_without_a_token_this_machine_alone_is_answered(
    ask: Callable[..., httpx2.Response], method: str, headers: dict[str, str], status: int
) -> None:
    assert ask(False, method, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 401),
        ("GET", {"authorization": TOKEN}, 401),
        ("GET", {"authorization": f"Basic {TOKEN}"}, 401),
        ("GET", {"authorization": "Bearer"}, 401),
        ("GET", {"authorization": f"Bearer {TOKEN[:-1]}"}, 401),
        ("GET", {"authorization": f"Bearer {TOKEN}x"}, 401),
        ("GET", {"cookie": f"{SESSION_COOKIE}={TOKEN}"}, 401),
        ("GET", {"cookie": f"{SESSION_COOKIE}={session_of('another')}"}, 401),
        ("GET", {"cookie": "a=b; {{"}, 401),
        ("GET", {"x-api-token": TOKEN}, 401),
        ("POST", JSON, 401),
        ("DELETE", {}, 401),
        ("GET", BEARER, 200),
        ("GET", {"authorization": f"bearer  {TOKEN}"}, 200),
        ("GET", BEARER | {"host": "music.example"}, 200),
        ("POST", BEARER | JSON | {"origin": "https://elsewhere.example"}, 200),  # no page can send the token
        ("POST", BEARER, 415),
        ("GET", COOKIE, 200),
        ("POST", COOKIE | JSON, 200),
        ("POST", COOKIE | JSON | {"origin": "http://evil.example"}, 403),
    ],
)
def test_with_a_token_who_knows_it_is_answered(
    ask: Callable[..., httpx2.Response], method: str, headers: dict[str, str], status: int
) -> None:
    assert ask(True, method, headers=headers).status_code == status


def test_a_token_in_an_address_opens_nothing(ask: Callable[..., httpx2.Response]) -> None:
    for name in ("token", "api_token", "access_token"):
        assert ask(True, "GET", f"/?{name}={TOKEN}").status_code == 401


def test_open_paths_are_those_and_no_others(ask: Callable[..., httpx2.Response]) -> None:
    statuses = [ask(True, "GET", path).status_code for path in ("/login", "/login/", "/LOGIN", "//login", "/login/x")]
    assert statuses == [200, 401, 401, 401, 401]


def test_a_form_of_a_page_names_where_it_stands(ask: Callable[..., httpx2.Response]) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    statuses = [
        ask(False, "POST", "/do/stop", headers=form | more).status_code
        for more in ({}, {"origin": "http://{host}"}, {"origin": "null"}, {"origin": "http://evil.example"})
    ]
    assert statuses == [403, 200, 403, 403]


@pytest.mark.parametrize(("size", "status"), [(65_536, 200), (65_536 + 1, 413)])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_is_bounded_whether_its_length_is_told_or_not(
    ask: Callable[..., httpx2.Response], size: int, status: int, told: bool
) -> None:
    body = b"x" * size
    answer = ask(False, "POST", headers=JSON, content=body if told else iter([body[:1000], body[1000:]]))
    assert answer.status_code == status
    if status == 200:
        assert answer.json() == {"bytes": size}


def test_no_path_of_the_service_is_answered_without_its_token(client_of: Callable[..., httpx2.Client]) -> None:
    client = client_of(api_token=TOKEN)
    paths = client.get("/openapi.json", headers=BEARER).json()["paths"]
    asked = [(method, path) for path, methods in paths.items() for method in methods]
    asked += [("get", path) for path in ("/", "/docs", "/redoc", "/openapi.json", "/do/start", "/nothing")]
    assert len(asked) > 20
    for method, path in asked:
        assert client.request(method, path, headers=JSON).status_code == 401, path
        wrong = client.request(method, f"{path}?token={TOKEN}", headers=JSON | {"authorization": "Bearer x"})
        assert wrong.status_code == 401, path


def test_the_description_loads_nothing_from_elsewhere(client_of: Callable[..., httpx2.Client]) -> None:
    client = client_of()
    page = client.get("/docs").text
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert len(loaded) >= 3
    for address in loaded:
        assert httpx2.URL(address).host in ("", client.base_url.host)
        assert client.get(address).status_code == 200
    assert client.get("/redoc").status_code == 404
