"""Why a request is not answered: in words, and as the API's description says."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

pytestmark = pytest.mark.integration

ID = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "said"),
    [
        ("GET", "/songs?order=best", {}, 422, "order: write 'plays', 'score', 'changed', 'quality' or 'doubt'."),
        ("GET", "/songs?limit=0&q=%00", {}, 422, "q: it does not look like"),
        ("GET", "/songs?after=1", {}, 422, "after='1' is wrong: take `next` of the page before, in the same order."),
        ("GET", "/runs/x", {}, 422, "run_id: that is no id."),
        ("GET", f"/runs/{ID}/log?lines=0", {}, 422, "lines: it must be 1 or more."),
        ("GET", f"/runs/{ID}", {}, 404, f"There is no run {ID}."),
        ("POST", "/pipeline/start", {"json": {"max_tracks": 0}}, 422, "max_tracks: it must be 1 or more."),
        ("POST", "/pipeline/start", {"json": {"sources": ["x"]}}, 422, "sources: write 'open', 'spotify'"),
        ("POST", "/pipeline/start", {"json": []}, 422, "body: write an object with names in it."),
        ("POST", "/pipeline/start", {"content": b"{"}, 422, "body: that is no JSON"),
        ("POST", "/pipeline/start", {"content": b"\xff"}, 400, "There was an error parsing the body"),
        ("POST", "/pipeline/start", {"headers": {}}, 415, "Send JSON"),
        ("POST", "/songs", {"headers": {}}, 405, "Method Not Allowed"),
        ("POST", "/nothing", {"headers": {}}, 404, "Not Found"),
        ("DELETE", "/overrides/9", {}, 404, "There is no override 9."),
    ],
)  # fmt: skip
def test_a_request_that_cannot_be_is_told_why_as_documented(
    client: httpx2.Client, method: str, path: str, sent: dict[str, Any], status: int, said: str
) -> None:
    answer = client.request(method, path, **({"headers": {"content-type": "application/json"}} | sent))
    assert answer.status_code == status
    assert set(answer.json()) == {"detail"}
    assert answer.json()["detail"].startswith(said)
    paths = client.get("/openapi.json").json()["paths"]
    route = (
        path.partition("?")[0].replace(ID, "{run_id}").replace("/runs/x", "/runs/{run_id}").replace("/9", "/{number}")
    )
    if method.lower() in paths.get(route, {}):
        documented = paths[route][method.lower()]["responses"][str(status)]
        assert list(documented["content"]) == [answer.headers["content-type"]]


def test_who_asks_in_a_way_that_is_not_taken_is_told_which_are(client: httpx2.Client) -> None:
    told = {
        path: client.request("PUT", path).headers["allow"] for path in ("/overrides", "/overrides/1", "/songs", "/")
    }
    assert told == {"/overrides": "GET, POST", "/overrides/1": "DELETE", "/songs": "GET", "/": "GET"}


def test_the_description_has_bounds_that_programs_read_and_asks_for_a_token_where_there_is_one(
    client_of: Callable[..., httpx2.Client],
) -> None:
    free = client_of().get("/openapi.json").json()
    most = free["components"]["schemas"]["StartRun"]["properties"]["max_tracks"]["anyOf"][0]
    assert (most["minimum"], most["maximum"]) == (1, 1_000_000)
    assert "security" not in free["paths"]["/songs"]["get"]
    token = "tok-en" * 4
    kept = client_of(api_token=token).get("/openapi.json", headers={"authorization": f"Bearer {token}"}).json()
    assert kept["paths"]["/songs"]["get"]["security"] == [{"HTTPBearer": []}]
