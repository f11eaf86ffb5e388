import logging
import socket
import threading
import traceback

import pytest

from tests.sources.server import Asked, Reply, serving
from timbre_spider.errors import KeyRejected, SourceError, Unusable, UserPrivate, UserUnknown
from timbre_spider.sources.lastfm import UserInfo
from timbre_spider.sources.lastfm.check import check_user

pytestmark = pytest.mark.integration

KEY = "k3y-of-the-test"
FINE = '<lfm status="ok"><user><name>Ann</name><playcount>138223</playcount></user></lfm>'


def failed(code: int, said: str) -> str:
    return f'<?xml version="1.0"?><lfm status="failed"><error code="{code}">{said}</error></lfm>'


def test_a_good_user_and_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(lambda _: Reply(200, FINE, {"Content-Type": "text/xml"})) as server:
        assert check_user(f"{server.url}/2.0/", KEY, "Ann", "timbre/1") == UserInfo("Ann", 138_223)
        assert check_user(server.url, KEY, "Ann", "timbre/1") == UserInfo("Ann", 138_223)
    asked, bare = server.asked
    assert (asked.method, asked.path, bare.path) == ("POST", "/2.0/", "/")
    assert asked.headers["User-Agent"] == "timbre/1"
    assert b"user=Ann" in asked.body
    assert not [record for record in caplog.records if record.name == "pylast"]
    assert logging.getLogger().level == logging.DEBUG
    assert b"method=user.getInfo" in asked.body
    assert KEY in asked.body.decode()
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (403, failed(10, "Invalid API key"), KeyRejected),
        (403, failed(26, "Suspended API key"), KeyRejected),
        (404, failed(6, "User not found"), UserUnknown),
        (403, failed(17, "Login: User required to be logged in"), UserPrivate),
        (429, failed(29, "Rate limit exceeded"), Unusable),
        (500, "<html>oops</html>", Unusable),
        (503, "", Unusable),
        (200, '<lfm status="failed"><error code="odd">Odd</error></lfm>', Unusable),
        (200, "<html>not closed", Unusable),
        (200, "{}", Unusable),
        (200, '<lfm status="ok"><user><playcount>many</playcount></user></lfm>', Unusable),
    ],
)
def test_what_can_be_wrong(status: int, body: str, error: type[SourceError]) -> None:
    with serving(lambda _: Reply(status, body, {"Content-Type": "text/xml"})) as server, pytest.raises(error) as raised:
        check_user(f"{server.url}/2.0/", KEY, "Ann", "timbre/1")
    assert type(raised.value) is error
    shown = "".join(traceback.format_exception(raised.value))
    assert KEY not in shown
    assert "\n" not in str(raised.value)
    assert ("“Ann”" in shown) == (error in (UserUnknown, UserPrivate))


def test_nobody_there() -> None:
    with pytest.raises(Unusable) as raised:
        check_user("http://127.0.0.1:1/2.0/", KEY, "Ann", "timbre/1")
    assert str(raised.value) == (
        "Last.fm does not answer at 127.0.0.1:1 (NetworkError): "
        "check the connection and LASTFM_BASE_URL, or try again later."
    )


def test_an_https_address_is_asked_by_https() -> None:
    greetings = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                greetings.append(connection.recv(3))

        greeted = threading.Thread(target=greet)
        greeted.start()
        with pytest.raises(Unusable):
            check_user(f"https://127.0.0.1:{listening.getsockname()[1]}/2.0/", KEY, "Ann", "timbre/1")
        greeted.join()
    # A TLS handshake.
    assert greetings[0][:2] == b"\x16\x03"


def test_no_key() -> None:
    with pytest.raises(KeyRejected) as raised:
        check_user("http://127.0.0.1:1/2.0/", "", "Ann", "timbre/1")
    assert str(raised.value) == "LASTFM_API_KEY is empty: get one at https://www.last.fm/api/account/create."


def test_a_hang_up() -> None:
    def answer(_: Asked) -> Reply:
        return Reply(hang_up=True)

    with serving(answer) as server, pytest.raises(Unusable):
        check_user(f"{server.url}/2.0/", KEY, "Ann", "timbre/1")
