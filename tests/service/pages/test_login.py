"""Logging in: a browser shows the token once."""

from collections.abc import Callable

import httpx2
import pytest

pytestmark = pytest.mark.integration

TOKEN = "tok-en" * 4
BROWSER = {"accept": "text/html,*/*"}


@pytest.fixture
def client(client_of: Callable[..., httpx2.Client]) -> httpx2.Client:
    client = client_of(api_token=TOKEN)
    client.headers["origin"] = str(client.base_url)
    return client


def test_a_browser_logs_in_with_the_token_and_out_again(client: httpx2.Client) -> None:
    led = client.get("/", headers=BROWSER)
    assert (led.status_code, led.headers["location"]) == (303, "/login")
    assert client.get("/login").status_code == client.get("/static/style.css").status_code == 200
    came = client.post("/do/login", data={"token": TOKEN})
    assert (came.status_code, came.headers["location"]) == (303, "/")
    cookie = came.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert client.get("/", headers=BROWSER).status_code == 200
    client.post("/do/logout")
    assert client.get("/", headers=BROWSER).status_code == 303


@pytest.mark.parametrize("token", ["", "wrong", TOKEN + "x", "ü"])
def test_another_token_does_not(client: httpx2.Client, token: str) -> None:
    said = client.post("/do/login", data={"token": token})
    assert said.status_code == 401
    assert "set-cookie" not in said.headers
    assert 'role="alert"' in said.text


def test_a_form_of_another_page_does_not_log_in(client: httpx2.Client) -> None:
    evil = {"origin": "http://evil.example"}
    assert client.post("/do/login", data={"token": TOKEN}, headers=evil).status_code == 403


def test_a_program_without_the_token_is_told_so(client: httpx2.Client) -> None:
    assert client.get("/").status_code == 401
    assert client.post("/do/start", data={"sources": "open"}, headers=BROWSER).status_code == 401
