"""How Supabase's REST side is asked, and what its answers mean for a batch; test_supabase.py runs the functions."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from pydantic import SecretStr

from tests.conftest import free_port
from tests.sources.server import Reply, serving
from tests.storage.making import answer
from timbre_spider.errors import DatabaseUnreachable
from timbre_spider.storage.failure import FailureKind, RestFailure
from timbre_spider.storage.pending_write import PendingWrite
from timbre_spider.storage.supabase import SupabaseDatabase

pytestmark = pytest.mark.integration

GONE, SLOW, POISON = FailureKind
KEY = "the-service-key"


def over(url: str, work: Callable[[Any], Any]) -> Any:
    async def run() -> Any:
        link = SupabaseDatabase(url, SecretStr(KEY)).link()
        try:
            return await work(link)
        finally:
            await link.close()

    return asyncio.run(run())


def test_a_function_is_called_by_its_name_with_the_key_and_clean_arguments() -> None:
    with serving(lambda asked: Reply(body='{"a": 1}')) as server:
        told = over(server.url + "/", lambda link: link.call("timbre_x", {"a": ["b\x00"], "c": {"d": None}}))
    [asked] = server.asked
    assert (asked.method, asked.path) == ("POST", "/rest/v1/rpc/timbre_x")
    assert json.loads(asked.body) == {"a": ["b\ufffd"], "c": {"d": None}}
    assert (asked.headers["apikey"], asked.headers["Authorization"]) == (KEY, f"Bearer {KEY}")
    assert told == {"a": 1}


def test_a_batch_goes_by_tables_and_names_with_the_number_of_its_write() -> None:
    async def load(link: Any) -> Any:
        return await link.load(
            [PendingWrite.of_answers([answer("a"), answer("b")]), PendingWrite.of_answers([answer("c")])]
        )

    with serving(lambda asked: Reply(body='{"new": [1]}')) as server:
        assert over(server.url, load) == {"new": [1]}
    [asked] = server.asked
    assert asked.path == "/rest/v1/rpc/timbre_load"
    batch = json.loads(asked.body)["batch"]
    assert list(batch) == ["answers"]
    assert [(row["n"], row["key"], row["source"]) for row in batch["answers"]] == [
        (0, "a", "spotify"), (0, "b", "spotify"), (1, "c", "spotify"),
    ]  # fmt: skip


def test_an_answer_without_a_body_is_none_and_a_redirect_is_not_followed() -> None:
    with serving(lambda asked: Reply(204, b"")) as server:
        assert over(server.url, lambda link: link.call("f", {})) is None
    with serving(lambda asked: Reply(307, "{}", {"Location": "/elsewhere"})) as server:
        with pytest.raises(RestFailure, match="answers 307"):
            over(server.url, lambda link: link.call("f", {}))
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("reply", "kind", "said", "told"),
    [
        (Reply(500, '{"code": "57014", "message": "statement timeout"}'), SLOW, "500 57014 statement timeout", None),
        (Reply(500, '{"code": "55P03", "message": "lock timeout"}'), SLOW, "500 55P03 lock timeout", None),
        (Reply(400, '{"code": "22003", "message": "too large"}'), POISON, "400 22003 too large", None),
        (Reply(409, '{"code": "23514", "message": "a score"}'), POISON, "409 23514 a score", None),
        (Reply(500, '{"code": "54000", "message": "too long"}'), POISON, "500 54000 too long", None),
        (Reply(500, '{"code": "57P01", "message": "shut down"}'), GONE, "500 57P01 shut down", None),
        (Reply(401, '{"message": "no the-service-key here"}'), GONE, "401  no *** here", "no *** here"),
        (Reply(502, "<html>bad gateway"), GONE, "502", ""),
        (Reply(301, "<html>moved", {"Location": "/x"}), GONE, "301", ""),
        (Reply(307, "", {"Location": "/x"}), GONE, "307", ""),
        (Reply(200, "<html>the hotel's wireless"), GONE, "200", ""),
        (Reply(503, "[1]"), GONE, "503", ""),
    ],
)  # fmt: skip
def test_what_an_error_means_for_the_batch(reply: Reply, kind: FailureKind, said: str, told: str | None) -> None:
    with serving(lambda asked: reply) as server, pytest.raises(RestFailure) as caught:
        over(server.url, lambda link: link.call("f", {}))
    assert caught.value.failure is kind
    assert str(caught.value) == f"Supabase at {server.url} answers {said}."
    assert caught.value.told == (said.split(" ", 2)[-1] if told is None else told)


def test_one_that_does_not_answer_is_gone() -> None:
    with serving(lambda asked: Reply(hang_up=True)) as server:
        for url in (server.url, f"http://127.0.0.1:{free_port()}"):
            with pytest.raises(RestFailure) as caught:
                over(url, lambda link: link.call("f", {}))
            assert caught.value.failure is GONE
            assert str(caught.value) == f"Supabase at {url} cannot be reached (ConnectionError)."


def test_it_is_waited_for_ten_seconds_to_connect_and_thirty_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    told, post = [], requests.Session.post

    def noted(session: requests.Session, *where: Any, **options: Any) -> Any:
        told.append(options["timeout"])
        return post(session, *where, **options)

    monkeypatch.setattr(requests.Session, "post", noted)
    with serving(lambda asked: Reply()) as server:
        over(server.url, lambda link: link.call("f", {}))
    assert told == [(10, 30)]


def test_for_a_command_it_is_unreachable_with_what_to_check() -> None:
    database = SupabaseDatabase("http://127.0.0.1:1/", SecretStr(KEY))
    assert database.description == "http://127.0.0.1:1 (Supabase over REST)"
    with pytest.raises(DatabaseUnreachable) as caught:
        database.call("f", {})
    assert str(caught.value) == (
        "Supabase at http://127.0.0.1:1 cannot be reached (ConnectionError). Check SUPABASE_URL and "
        "SUPABASE_SERVICE_ROLE_KEY, and that sql/ was applied."
    )
    needs = "This needs Postgres itself, and only Supabase's REST side is configured. Set DATABASE_URL"
    for refused in (database.connect, lambda: asyncio.run(database.connect_async()), database.conninfo_for_psql):
        with pytest.raises(DatabaseUnreachable, match=needs):
            refused()
